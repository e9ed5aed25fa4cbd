"""Lines and sections of a record's text, with offsets.

Input: text. Output: `Line`s that know where they stand, and headings in the forms that records use.
Does not belong here: what a section means (stated.py, references.py, prose.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

MAX_HEADING = 200

_MARKDOWN_HEADING = re.compile(r" {0,3}(?P<level>#{1,6})[ \t]+(?P<words>\S.*?)[ \t#]*$")
_BOLD_LINE = re.compile(r"(?:\*\*|__)(?P<words>[^*_\n]{1,200})(?:\*\*|__):?$")
_NUMBERING = re.compile(r"^(?:\d{1,2}(?:\.\d{1,2}){0,3}\.?|[IVX]{1,5}\.)[ \t]+")
_FENCE = re.compile(r" {0,3}(?:```|~~~)")


class Line(NamedTuple):
    """One line without its line end: `words == text[start:end]`. A tuple, since texts have many."""

    start: int
    end: int
    words: str


@dataclass(frozen=True)
class Heading:
    """A marked heading; `words` are without marks and section number."""

    level: int
    words: str
    line: Line


def lines_of(text: str, start: int = 0, end: int | None = None) -> Iterator[Line]:
    position, end = start, len(text) if end is None else end
    while position < end:
        stop = text.find("\n", position, end)
        stop = end if stop < 0 else stop
        yield Line(position, stop, text[position:stop])
        position = stop + 1


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space at its ends."""
    words = text[start:end]
    left = len(words) - len(words.lstrip())
    return (start + left, start + left + len(words.strip()))


def heading_of(line: Line) -> Heading | None:
    """A Markdown heading, or a line that is all bold."""
    if not line.words.lstrip().startswith(("#", "**", "__")) or len(line.words) > 2 * MAX_HEADING:
        return None
    stripped = line.words.rstrip()
    if match := _MARKDOWN_HEADING.match(stripped):
        return Heading(len(match["level"]), plain_heading(match["words"]), line)
    if match := _BOLD_LINE.match(stripped.strip()):
        return Heading(6, plain_heading(match["words"]), line)
    return None


def plain_heading(words: str) -> str:
    """Heading words without emphasis, numbering and closing colon."""
    words = words.strip().strip("*_# \t").strip()
    return _NUMBERING.sub("", words).rstrip(":").strip().strip("*_").strip()


def headings_of(text: str, start: int = 0) -> Iterator[Heading]:
    """Marked headings outside fenced code."""
    for line in lines_outside_code(text, start):
        heading = heading_of(line)
        if heading is not None and heading.words:
            yield heading


def lines_outside_code(text: str, start: int = 0) -> Iterator[Line]:
    fenced = False
    for line in lines_of(text, start):
        if _FENCE.match(line.words):
            fenced = not fenced
        elif not fenced:
            yield line

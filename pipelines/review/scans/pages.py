"""A scan file as a web page shows it, with its line numbers, turned back into JSON that can be proved whole.

Input: the text of the page. Output: the JSON text, or `PageFault` naming the line that is missing. The numbers are
the proof: of the lines 1 to N none may be absent. Does not belong here: what the JSON means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_FIRST_LINES = re.compile(r"(?<!\d)1[\s|]{0,40}\{[\s|]{0,40}2[\s|]{0,40}\"")
_WHERE_IT_BEGINS = 4_000  # characters of a page before its first numbered line
_PIECE = re.compile(
    r'(?P<string>"[^"\\]*+(?:\\.[^"\\]*+)*+")|(?P<whole>\d++)(?![.eE]\d|[eE][+-])'
    r"|(?P<other>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}\[\],:])|(?P<space>[\s|]+)",
    re.DOTALL,
)
_BREAK = re.compile(r"[\r\n]+[ \t]*")


class PageFault(Exception):
    """The page does not show the whole file; the message is one sentence."""


def is_numbered_page(text: str) -> bool:
    return _FIRST_LINES.search(text[:_WHERE_IT_BEGINS]) is not None


def json_of_page(text: str) -> str:
    """The JSON that the numbered lines spell. What stands before line 1 and after the last brace is the page's own."""
    first = _FIRST_LINES.search(text[:_WHERE_IT_BEGINS])
    if first is None:
        raise PageFault("no numbered line 1 with an opening brace was found")
    return "".join(_without_numbers(text, first.start()))


def _without_numbers(text: str, position: int) -> Iterator[str]:
    expected, depth, before = 1, 0, ""
    while piece := _PIECE.match(text, position):
        words, position = piece.group(), piece.end()
        if piece.lastgroup == "space":
            yield " "
            continue
        # After a colon a number is a value, be it the very one that the next line bears.
        if piece.lastgroup == "whole" and before != ":":
            if words != str(expected):
                raise PageFault(f"line {expected} is missing: after line {expected - 1} stands {words[:20]}")
            expected += 1
            continue
        before = words[-1]
        depth += (words in ("{", "[")) - (words in ("}", "]"))
        # A string cannot hold a line break in JSON: where one stands, the page wrapped the line.
        yield _BREAK.sub(" ", words) if piece.lastgroup == "string" else words
        if depth == 0:
            return
    raise PageFault(f"the page ends, or is no JSON any more, in line {expected - 1}")

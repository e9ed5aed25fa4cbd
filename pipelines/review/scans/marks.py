"""What a justification of a scan points at in its paper: quotes, addresses, numbered names, sections, numbers.

Input: the words of a justification. Output: marks that can be looked for in a text, in their order. Does not belong
here: looking for them (`scans.check`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from pipelines.review.scans.models import MarkKind

MOST_MARKS = 60
MOST_IN_A_RANGE = 20
LONGEST_QUOTE = 600
_SHORTEST_QUOTE = 2

NameKind = Literal["table", "figure", "section", "algorithm", "equation"]


@dataclass(frozen=True)
class Mark:
    """One thing to look for: the parts of a quote (with dots it has several), a kind and label, or a section's title.

    `denied`: the justification seems to say that the paper has it not; then its absence is no fault of the scan.
    """

    kind: MarkKind
    words: str
    parts: tuple[str, ...] = ()
    name: tuple[NameKind, str] | None = None
    title: str | None = None
    denied: bool = False


_QUOTES = re.compile(
    r"“([^“”]{1,600})”|\"([^\"]{1,600})\"|‘((?:[^‘’]|’(?=\w)){1,600})’(?!\w)|«([^«»]{1,600})»|`([^`]{1,600})`"
    r"|(?<![\w'])'((?:[^'\n]|'(?=\w)){1,600})'(?!\w)"
)
_ADDRESS = re.compile(r"\bhttps?://[^\s\"'<>()\[\]{}]{3,300}|\b(?:github|gitlab)\.(?:com|io)/[\w./-]{2,200}", re.I)
_DATE = re.compile(r"(?<![\w-])\d{4}-\d{2}(?:-\d{2})?(?![\w-])")
_OMITTED = re.compile(r"\[?(?:\.{3,}|…)\]?|\[[^\[\]]{0,60}\]")
_KINDS: dict[str, NameKind] = {
    "tab": "table",
    "fig": "figure",
    "sec": "section",
    "§": "section",
    "app": "section",
    "alg": "algorithm",
    "eq": "equation",
}
_LABEL = r"(?:[A-Z]{0,2}\d{1,3}(?:\.\d{1,3}){0,3}|[A-Z](?:\.\d{1,3}){1,3}|[IVXL]{1,6}|[A-Z])(?![A-Za-z\d])"
_PANEL = r"(?:\s?\([a-z](?:[-–,]\s?[a-z])?\)|[a-h](?![a-z]))?"
_JOINED = r"\s?(?:,\s?(?:and\s)?|[-–—]|\band\b|\bor\b|&|\bto\b)\s?"
_ONE = rf"\(?{_LABEL}{_PANEL}\)?"
_NAMED = re.compile(
    r"(?:(?<![A-Za-z])(?P<kind>(?i:tables?|tabs?\.|figures?|figs?\.|sections?|secs?\.|appendix|appendices|apps?\."
    rf"|algorithms?|algs?\.|equations?|eqs?\.))\s{{1,3}}|(?P<sign>§)§?\s?)(?P<labels>{_ONE}(?:{_JOINED}{_ONE}){{0,12}})"
)
_LABEL_OR_RANGE = re.compile(
    rf"(?P<first>{_LABEL.replace('(?![A-Za-z', '(?![A-Zi-z')}){_PANEL}\)?"
    rf"(?:\s?(?:[-–—]|\bto\b)\s?\(?(?P<last>\d{{1,3}})(?![\d.]))?"
)
_TITLED = re.compile(
    r"\b((?:[A-Z][\w-]{2,30}(?:\s(?:and|of|to|for|in|the|&|[A-Z][\w-]{2,30})){0,5}))\s(?:sub)?sections?\b"
)
_NO_TITLE = re.compile(r"^(?:(?:The|This|That|Each|Every|Any|No|An?|Its|Their|Both|Other|Such|Neither|Only)\s?)+")
_NOT_A_TITLE = frozenset({"appendix", "section", "supplementary", "related", ""})
NUMBER = re.compile(
    r"(?<![\w.,])(?P<digits>\d{1,3}(?:[,\u2009\u202f\u00a0]\d{3})+|\d{1,15})(?P<decimals>\.\d{1,10})?"
    r"(?:\s?(?P<percent>%)|(?P<scale>[kKMB])(?![\w]))?(?![\w]|[.,]\d)"
)
_DENIAL = re.compile(
    r"\b(?:no|not|never|without|lacks?|lacking|absent|neither|nor|nowhere|none|missing|absence|cannot|\w+n['’]t)\b"
    r"[^.;:]{0,90}$",
    re.IGNORECASE,
)


def marks_in(words: str) -> tuple[Mark, ...]:
    """The marks of a justification, each once; what is inside a quote or a name is no mark of its own."""
    found: list[tuple[int, Mark]] = []
    rest = words
    for reader in (_quotes, _verbatim):
        for place, mark, end in tuple(reader(rest)):
            found.append((place, mark))
            rest = _blanked(rest, place, end)
    for match in _NAMED.finditer(rest):
        found.extend((match.start(), mark) for mark in _named_marks(match))
        rest = _blanked(rest, match.start(), match.end())
    found.extend(_titled(rest))
    found.extend(_numbers(rest))
    ordered = [mark for _, mark in sorted(found, key=lambda one: one[0])]
    return tuple(dict.fromkeys(ordered))[:MOST_MARKS]


def names_in(text: str) -> Iterator[tuple[tuple[NameKind, str], int, int]]:
    """Every table, figure, section and so on that a text calls by its label, with the place of the words."""
    for match in _NAMED.finditer(text):
        for kind, label in _labels(match):
            yield (kind, label), match.start(), match.end()


def _blanked(text: str, start: int, end: int) -> str:
    return f"{text[:start]}{' ' * (end - start)}{text[end:]}"


def _quotes(words: str) -> Iterator[tuple[int, Mark, int]]:
    for match in _QUOTES.finditer(words):
        quote = next(group for group in match.groups() if group is not None)
        parts = tuple(part.strip(" \t\n,.;:") for part in _OMITTED.split(quote))
        parts = tuple(part for part in parts if sum(letter.isalnum() for letter in part) >= _SHORTEST_QUOTE)
        if parts:
            mark = Mark(MarkKind.QUOTE, quote, parts, denied=_denied(words, match.start()))
            yield match.start(), mark, match.end()


def _verbatim(words: str) -> Iterator[tuple[int, Mark, int]]:
    """Addresses and dates: without quotes around them, and nothing but the same letters will do."""
    for match in (*_ADDRESS.finditer(words), *_DATE.finditer(words)):
        written = match.group().rstrip(".,;:/")
        mark = Mark(MarkKind.QUOTE, written, (written,), denied=_denied(words, match.start()))
        yield match.start(), mark, match.end()


def _denied(words: str, place: int) -> bool:
    return _DENIAL.search(words[max(0, place - 120) : place]) is not None


def _named_marks(match: re.Match[str]) -> Iterator[Mark]:
    is_appendix = (match.group("kind") or "").lower().startswith("app")
    for kind, label in _labels(match):
        yield Mark(MarkKind.NAMED, f"{'appendix' if is_appendix else kind} {label}", name=(kind, label))


def _labels(match: re.Match[str]) -> Iterator[tuple[NameKind, str]]:
    written = (match.group("kind") or match.group("sign")).lower()
    kind = next(kind for start, kind in _KINDS.items() if written.startswith(start))
    for one in _LABEL_OR_RANGE.finditer(match.group("labels")):
        first, last = one.group("first"), one.group("last")
        yield kind, first
        if last is not None and first.isdigit() and int(first) < int(last) <= int(first) + MOST_IN_A_RANGE:
            for number in range(int(first) + 1, int(last) + 1):
                yield kind, str(number)


def _titled(words: str) -> Iterator[tuple[int, Mark]]:
    """Sections called by title, as in "the Related Work section"."""
    for match in _TITLED.finditer(words):
        title = _NO_TITLE.sub("", match.group(1))
        if title.lower() in _NOT_A_TITLE:
            continue
        mark = Mark(MarkKind.NAMED, f"{title} section", title=title)
        denied = _denied(words, match.start()) or match.group(1).startswith(("No ", "Neither "))
        yield match.start(), replace(mark, denied=denied)


def _numbers(words: str) -> Iterator[tuple[int, Mark]]:
    """Numbers that tell something: a digit alone stands in every text."""
    for match in NUMBER.finditer(words):
        if len(match.group("digits")) > 1 or match.group("decimals") or match.group("percent") or match.group("scale"):
            yield match.start(), Mark(MarkKind.NUMBER, match.group())

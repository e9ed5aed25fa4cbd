"""What a record says of itself: figures, tier, level, gate, each with every place it was read at.

Input: the text of a report or a record page. Output: `StatedFacts`; what is not said is None.
Where a record states a figure several times, the field takes the statement that ranks first in the
tables below, and all of them stay in `figures`. Does not belong here: whether any of it is true.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pipelines.ingestion.identifiers import doi_in
from pipelines.ingestion.layouts import SECTION_HEADINGS, sections_of
from pipelines.ingestion.text_lines import Line, lines_of, plain_heading, trimmed
from pipelines.models import Place, StatedFacts, StatedFigure

Value = int | float | str

_COUNT = r"(?P<value>\d{1,3}(?:,\d{3}){1,2}|\d{1,9})"
_SCORE = r"(?P<value>\d{1,2}(?:\.\d{1,3})?)\s?/\s?10(?!\d)"


@dataclass(frozen=True)
class _SentenceRule:
    name: str
    form: re.Pattern[str]
    reads: Callable[[str], Value | None]


@dataclass(frozen=True)
class _RowRule:
    """A labelled value. `section` is None for the header block."""

    section: str | None
    label: str
    name: str
    reads: Callable[[str], Value | None]


def _count(words: str) -> int | None:
    match = re.match(r"\d{1,3}(?:,\d{3}){1,2}(?!\d)|\d{1,9}(?!\d)", words)
    return int(match.group().replace(",", "")) if match else None


def _score(words: str) -> float | None:
    match = re.match(_SCORE + "|" + r"(?P<bare>\d{1,2}(?:\.\d{1,3})?)$", words)
    return float(match["value"] or match["bare"]) if match else None


def _level(words: str) -> int | None:
    match = re.match(r"L(\d)(?!\d)", words)
    return int(match.group(1)) if match else None


def _gate(words: str) -> str | None:
    match = re.match(r"Gate \d{1,2}(?!\d)", words)
    return match.group() if match else words or None


def _words(words: str) -> str | None:
    return words or None


# Rows rank before sentences: a page's header gives the score with two decimals, its abstract with one.
_ROWS = (
    _RowRule(None, "Review score", "review_score", _score),
    _RowRule(None, "Verification", "level", _level),
    _RowRule("verification level", "Paper level", "level", _level),
    _RowRule("verification level", "Source-grounded claims", "source_grounded_claims", _count),
    _RowRule(None, "Quality tier", "tier", _words),
    _RowRule("quality tier", "Tier", "tier", _words),
    _RowRule("truth-engine gate verdict", "Status", "gate_status", _words),
    _RowRule(None, "Gate status", "gate_status", _words),
    _RowRule("truth-engine gate verdict", "Gate", "gate", _gate),
    _RowRule("truth-engine gate verdict", "Reason", "gate_reason", _words),
    _RowRule("truth-engine gate verdict", "Evaluated", "gate_evaluated_at", _words),
    _RowRule(None, "DOI", "doi", doi_in),
    _RowRule("provenance", "External record", "doi", doi_in),
)
_SENTENCES = tuple(
    _SentenceRule(name, re.compile(form, re.IGNORECASE), reads)
    for name, form, reads in (
        ("papers", rf"{_COUNT}\s+papers?\s+retrieved", _count),
        (
            "papers",
            rf"synthesi[sz]es\s+(?:findings\s+from\s+)?{_COUNT}\s+(?:peer-reviewed\s+)?papers?",
            _count,
        ),
        ("papers", rf"literature\s+search\s[^.\n]{{0,80}}\byielded\s+{_COUNT}\s+papers?", _count),
        ("claims_extracted", rf"{_COUNT}\s+claims?\s+(?:were\s+|was\s+)?extracted", _count),
        ("claims_verified", rf"{_COUNT}\s+(?:were\s+|was\s+)?independently\s+verified", _count),
        ("review_score", rf"(?:review\s+score:|score\s+of)\s+{_SCORE}", _score),
    )
)
# "Verified claims" in a header repeats the number extracted, so the sentences rank before it.
_LAST_ROWS = (_RowRule(None, "Verified claims", "claims_verified", _count),)

_LABELS = (
    *dict.fromkeys(rule.label for rule in (*_ROWS, *_LAST_ROWS)),
    "Basis", "Claim record source", "Submitted", "Publisher", "Correction count", "Public provenance",
)  # fmt: skip
_AFTER_REASON = ("This record", "This verdict", "This status")
_MAX_REASON = 4_000
_MAX_SECTION = 20_000


def stated_facts(text: str, start: int = 0) -> StatedFacts:
    """Everything the record states in a form that is known."""
    figures = [
        *_row_figures(text, start, _ROWS),
        *_sentence_figures(text, start),
        *_row_figures(text, start, _LAST_ROWS),
    ]
    return facts_from(figures)


def facts_from(figures: Iterable[StatedFigure]) -> StatedFacts:
    """Facts whose fields take the first figure of their name."""
    figures = tuple(figures)
    first: dict[str, Value] = {}
    for figure in figures:
        first.setdefault(figure.name, figure.value)
    return StatedFacts.model_validate({**first, "figures": figures})


def header_value(text: str, label: str, start: int = 0) -> str | None:
    """The words after a label in the header block."""
    row = next(_rows(text, start, _header_end(text, start), (label,)), None)
    return row[2] if row else None


def section_value(text: str, section: str, label: str, start: int = 0) -> str | None:
    """The words after a label in a section."""
    found = sections_of(text, start).get(section)
    row = next(_rows(text, found[0].end, found[1], (label,)), None) if found else None
    return row[2] if row else None


def _header_end(text: str, start: int) -> int:
    """The header block ends where the first known section begins."""
    sections = sections_of(text, start)
    return min((line.start for line, _ in sections.values()), default=min(len(text), start + 4_000))


def _row_figures(text: str, start: int, rules: Iterable[_RowRule]) -> Iterator[StatedFigure]:
    sections = sections_of(text, start)
    header_end = _header_end(text, start)
    for rule in rules:
        if rule.section is None:
            begin, end = start, header_end
        elif rule.section in sections:
            begin, end = sections[rule.section][0].end, sections[rule.section][1]
        else:
            continue
        for row_start, row_end, words in _rows(text, begin, end, (rule.label,)):
            value = rule.reads(words)
            if value is not None:
                place = Place(start=row_start, end=row_end, words=text[row_start:row_end])
                yield StatedFigure(name=rule.name, value=value, place=place)
                break


def _sentence_figures(text: str, start: int) -> Iterator[StatedFigure]:
    for rule in _SENTENCES:
        for match in rule.form.finditer(text, start):
            value = rule.reads(text[match.start("value") : match.end()])
            if value is not None:
                place = Place(start=match.start(), end=match.end(), words=match.group())
                yield StatedFigure(name=rule.name, value=value, place=place)


def _rows(text: str, start: int, end: int, labels: tuple[str, ...]) -> Iterator[tuple[int, int, str]]:
    """Rows `label: value`, `labelvalue`, `| label | value |`, or the value on the next line.

    Yields the span of the whole row and the words of its value.
    """
    bounded = lines_of(text, start, min(end, start + _MAX_SECTION))
    lines = [line for line in bounded if line.words.strip()]
    for number, line in enumerate(lines):
        for label in labels:
            value = _value_span(line, label)
            if value is None:
                continue
            if value[0] == value[1] and number + 1 < len(lines) and not _is_bare(lines[number + 1]):
                value = trimmed(text, lines[number + 1].start, lines[number + 1].end)
            if label == "Reason":
                value = (value[0], _end_of_reason(text, value[1], lines[number + 1 :]))
            row_start = trimmed(text, line.start, line.end)[0]
            yield row_start, max(value[1], row_start), text[value[0] : value[1]]


def _value_span(line: Line, label: str) -> tuple[int, int] | None:
    words = line.words
    indent = len(words) - len(words.lstrip(" \t|-*"))
    if not words.startswith(label, indent):
        return None
    begin = indent + len(label)
    rest = words[begin:]
    if words.lstrip().startswith("|"):
        if not rest.lstrip().startswith("|"):
            return None
        return _within(line, begin, " \t|", " \t|")
    # "Gate" must not be read out of "Gate status", nor "Verification" out of "Verification Level".
    if any(words.startswith(longer, indent) for longer in _LABELS if longer != label and longer.startswith(label)):
        return None
    return _within(line, begin, " \t*:", " \t")


def _within(line: Line, begin: int, left: str, right: str) -> tuple[int, int]:
    """What is left of a line from `begin` on, without marks at its ends; an empty span if nothing is."""
    rest = line.words[begin:]
    kept = rest.lstrip(left)
    if not kept.rstrip(right):
        return line.end, line.end
    start = line.start + begin + len(rest) - len(kept)
    return start, start + len(kept.rstrip(right))


def _is_bare(line: Line) -> bool:
    """A label or heading by itself. "Gate 2" begins like the label "Gate" and is none."""
    words = line.words.strip(" \t|*:")
    return words in _LABELS or plain_heading(words).lower() in SECTION_HEADINGS


def _is_label(line: Line) -> bool:
    words = line.words.strip(" \t|*")
    return words.startswith(_LABELS) or plain_heading(words).lower() in SECTION_HEADINGS


def _end_of_reason(text: str, end: int, following: list[Line]) -> int:
    """A reason may run over several lines; it ends at a blank line, the next label or the boilerplate."""
    for line in following:
        gap = text[end : line.start]
        if gap.count("\n") > 1 or _is_label(line) or line.words.startswith(_AFTER_REASON):
            return end
        if line.end - end > _MAX_REASON:
            return end
        end = trimmed(text, line.start, line.end)[1]
    return end

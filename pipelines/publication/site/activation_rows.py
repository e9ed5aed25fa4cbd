"""What the page of an activation prints, arranged: a row a cohort with its bar, endings with their words.

Belongs here: choosing, ordering, bars as segments. Does not belong here: mark-up, reading, judging. Input: an
`ActivationPage`; output: frozen rows that the template walks over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.models import PublicGateStatus
from pipelines.publication.activation_views import ActivationPage, CohortCoverage, Ending
from pipelines.publication.site.words import GATE_STATUSES, Word, word_for

MISSING = Word("–", "Not evaluated", "missing")
LENGTH = 1000  # of a bar
PATTERNS = 6  # that the template draws besides the one of each style

# How far a result is good or bad for a record; endings beyond those a bar is read from left to right in this order.
_ORDER = ("good", "bad", "split", "open", "none")


@dataclass(frozen=True)
class Part:
    """A part of a bar; `pattern` is its own within the page, so that two parts differ without colour."""

    word: Word
    pattern: str
    count: int
    left: float
    width: float


@dataclass(frozen=True)
class CohortRow:
    cohort: str
    records: int
    evaluated: int
    missing: int
    counts: tuple[int, ...]  # one for each ending of the page
    statuses: tuple[int, ...]  # one for each public status
    bar: tuple[Part, ...]


@dataclass(frozen=True)
class Coverage:
    endings: tuple[tuple[Ending, Word], ...]  # that any record has, in the order of the columns
    statuses: tuple[Word, ...]
    rows: tuple[CohortRow, ...]
    total: CohortRow


def coverage(page: ActivationPage) -> Coverage:
    """The table: a row for each cohort, the newest first, and all together."""
    endings = sorted({ending for one in page.cohorts for ending in one.endings}, key=_place)
    words = [(ending, word_for(ending)) for ending in endings]
    patterns = _patterns([word for _, word in words])
    return Coverage(
        endings=tuple(words),
        statuses=tuple(GATE_STATUSES.values()),
        rows=tuple(_row(one, words, patterns) for one in reversed(page.cohorts)),
        total=_row(_together(page), words, patterns),
    )


def _place(ending: Ending) -> tuple[int, str]:
    return _ORDER.index(word.style) if (word := word_for(ending)).style in _ORDER else len(_ORDER), ending.value


def _patterns(words: list[Word]) -> dict[Word, str]:
    """A pattern for each word: that of its style for the first that has the style, else the next that is left."""
    found: dict[Word, str] = {}
    others = 0
    for word in words:
        if word.style in (one.style for one in found):
            others += 1
            found[word] = f"hatch-again-{(others - 1) % PATTERNS + 1}"
        else:
            found[word] = f"hatch-{word.style}"
    return found


def _together(page: ActivationPage) -> CohortCoverage:
    endings: dict[Ending, int] = {}
    statuses: dict[PublicGateStatus, int] = {}
    for one in page.cohorts:
        for ending, count in one.endings.items():
            endings[ending] = endings.get(ending, 0) + count
        for status, count in one.statuses.items():
            statuses[status] = statuses.get(status, 0) + count
    records = sum(one.records for one in page.cohorts)
    return CohortCoverage(cohort="All cohorts", records=records, endings=endings, statuses=statuses)


def _row(one: CohortCoverage, words: list[tuple[Ending, Word]], patterns: Mapping[Word, str]) -> CohortRow:
    counts = tuple(one.endings.get(ending, 0) for ending, _ in words)
    named = [(word, patterns[word], count) for (_, word), count in zip(words, counts, strict=True)]
    return CohortRow(
        cohort=one.cohort,
        records=one.records,
        evaluated=one.evaluated,
        missing=one.missing,
        counts=counts,
        statuses=tuple(one.statuses.get(status, 0) for status in GATE_STATUSES),
        bar=_bar([*named, (MISSING, "hatch-missing", one.missing)], one.records),
    )


def _bar(parts: list[tuple[Word, str, int]], records: int) -> tuple[Part, ...]:
    made, before = [], 0
    for word, pattern, count in parts:
        left, right = (LENGTH * held / records if records else 0.0 for held in (before, before + count))
        made.append(Part(word, pattern, count, round(left, 2), round(right - left, 2)))
        before += count
    return tuple(made)

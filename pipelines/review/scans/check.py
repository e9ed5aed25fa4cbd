"""Holding a scan against the text of its paper: does what its justifications point at stand there?

Input: a scan that others made, and a text. Output: a grade for each justification, claim and red flag, with the
places. Decided without a model. That a quote is there says nothing on whether the answer is right. Does not belong
here: finding the marks (`scans.marks`), looking them up (`scans.paper_text`).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence

from pipelines.review.scans.marks import Mark, marks_in
from pipelines.review.scans.models import (
    CheckedMark,
    CheckedWords,
    Grade,
    ImportedScan,
    MarkKind,
    ScanCheck,
    pointer_of,
)
from pipelines.review.scans.paper_text import PaperText, Span

CHECKER_VERSION = "scan-check-1"
LONGEST_WORDS = 800  # characters of the text that a mark quotes
_FROM_WORST = (Grade.NOT_FOUND, Grade.NEAR, Grade.FOUND)
_Found = tuple[Grade, Span | None, str | None]


def check_scan(scan: ImportedScan, text: str, *, text_name: str, source_version_id: str | None = None) -> ScanCheck:
    paper = PaperText(text)
    return ScanCheck(
        scan_id=scan.scan_id,
        source_version_id=source_version_id,
        text_name=text_name,
        text_sha256=hashlib.sha256(text.encode()).hexdigest(),
        text_length=len(text),
        checker_version=CHECKER_VERSION,
        checked=tuple(_graded(words, pointer, item, paper) for pointer, item, words in _justifications(scan)),
    )


def grade_counts(checked: Sequence[CheckedWords]) -> dict[str, int]:
    """How many of the words were graded how, every grade named."""
    counted = Counter(one.grade for one in checked)
    return {grade.value: counted[grade] for grade in Grade}


def _justifications(scan: ImportedScan) -> Iterator[tuple[str, str | None, str]]:
    for answer in scan.answers:
        pointer = pointer_of("checklist", answer.category, answer.item, "justification")
        yield pointer, answer.item, answer.justification
    for place, claim in enumerate(scan.claims):
        yield pointer_of("claims", place, "claim"), None, claim.claim
        yield pointer_of("claims", place, "evidence"), None, claim.evidence
    for place, flag in enumerate(scan.red_flags):
        yield pointer_of("red_flags", place, "detail"), None, flag.detail


def _graded(words: str, pointer: str, item: str | None, paper: PaperText) -> CheckedWords:
    marks = tuple(_checked(mark, paper) for mark in marks_in(words))
    grades = {mark.grade for mark in marks}
    grade = next((one for one in _FROM_WORST if one in grades), Grade.NOTHING_TO_CHECK)
    return CheckedWords(pointer=pointer, item=item, grade=grade, marks=marks)


def _checked(mark: Mark, paper: PaperText) -> CheckedMark:
    grade, span, why = _looked_up(mark, paper)
    if mark.denied and grade is not Grade.FOUND:
        grade, span, why = Grade.NOTHING_TO_CHECK, None, "the scan says that the paper does not have it"
    if span is None:
        return CheckedMark(kind=mark.kind, mark=mark.words, grade=grade, why=why)
    start, end = span[0], min(span[1], span[0] + LONGEST_WORDS)
    words = paper.text[start:end]
    return CheckedMark(kind=mark.kind, mark=mark.words, grade=grade, start=start, end=end, words=words, why=why)


def _looked_up(mark: Mark, paper: PaperText) -> _Found:
    if mark.kind is MarkKind.QUOTE:
        return _quote(mark.parts, paper)
    if mark.kind is MarkKind.NUMBER:
        return _number(mark.words, paper)
    return _titled(mark.title, paper) if mark.title is not None else _name(mark, paper)


def _quote(parts: Sequence[str], paper: PaperText) -> _Found:
    found: list[Span] = []
    for part in parts:
        span = paper.verbatim(part, after=found[-1][1] if found else 0)
        if span is None:
            break
        found.append(span)
    if len(found) == len(parts):
        return Grade.FOUND, found[0], None
    placed = [span for part in parts if (span := paper.verbatim(part) or paper.near(part)) is not None]
    if len(placed) == len(parts):
        return Grade.NEAR, placed[0], "the words there are not quite the same, or in another order"
    return Grade.NOT_FOUND, None, None


def _name(mark: Mark, paper: PaperText) -> _Found:
    if mark.name is None:
        return Grade.NOTHING_TO_CHECK, None, None
    kind, label = mark.name
    span = paper.named(kind, label)
    if span is not None:
        return Grade.FOUND, span, None
    if paper.names_any(kind):
        like = (paper.parts_of(label) or paper.perhaps(label)) if kind == "section" else None
        return (Grade.NEAR, like, "this may be a part of it, or its heading") if like else (Grade.NOT_FOUND, None, None)
    if kind == "section":
        return Grade.NOTHING_TO_CHECK, None, "the text calls no section by number or letter"
    return Grade.NOT_FOUND, None, f"the text names no {kind} at all"


def _titled(title: str, paper: PaperText) -> _Found:
    span = paper.headed(title)
    if span is not None:
        return Grade.FOUND, span, None
    near = paper.near(title)
    return (Grade.NEAR, near, "the words are there, and no heading has them") if near else (Grade.NOT_FOUND, None, None)


def _number(written: str, paper: PaperText) -> _Found:
    found = paper.number(written)
    if found is None:
        return Grade.NOT_FOUND, None, None
    span, same = found
    return (
        Grade.FOUND if same else Grade.NEAR,
        span,
        None if same else "the number there is written or rounded otherwise",
    )

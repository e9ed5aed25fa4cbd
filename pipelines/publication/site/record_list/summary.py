"""A record's line in the list: what is kept of a record once its page is made, so that a list of all needs no record.

Belongs here: the fields of a line, and their bounds. Does not belong here: where and how it is printed.
Input: a `PublicRecord`; output: a `RecordSummary`, whose texts from outside are safe to show as they are.
"""

from __future__ import annotations

from pipelines.models import ClaimCounts, ClaimVerdict, Model, ReferenceCounts, Severity, Tier
from pipelines.publication.gate_contract import gate_name, gates_in_force
from pipelines.publication.site import words
from pipelines.publication.site.gate_rows import gate_word
from pipelines.publication.site.text import LONGEST_TITLE, page_name, shown
from pipelines.publication.views import PublicRecord

# What a search can find of a record is bounded: the data of all records lie in the reader's memory.
LONGEST_CLAIM = 500  # characters of a claim
LONGEST_CLAIMS = 60_000  # characters of all claims of a record


class GateSummary(Model):
    """A gate under its rules in force."""

    title: str
    sign: str
    word: str
    style: str


class RecordSummary(Model):
    """A record's line in the list of all."""

    record_id: str
    page: str
    title: str
    title_stated: bool
    publisher: str | None
    published_on: str | None
    cohort: str
    kind: str
    synthetic: bool
    counts: ClaimCounts
    reference_counts: ReferenceCounts
    score: float | None
    low: float | None
    high: float | None
    tier: Tier | None
    gates: tuple[GateSummary, ...]
    errors: int  # findings of severity error on the record as published
    warnings: int
    corrections: int
    question: str | None = None
    identifier: str | None = None
    claims: tuple[tuple[int, ClaimVerdict, str], ...] = ()  # ordinal (the anchor on the page), verdict, text
    claims_left_out: int = 0  # claims of the record beyond `LONGEST_CLAIMS`


def summary_of(record: PublicRecord) -> RecordSummary:
    severities = [finding.severity for finding in record.findings]
    claims = _claims(record)
    return RecordSummary(
        record_id=record.record_id,
        page=page_name(record.record_id),
        title=shown(record.title, LONGEST_TITLE),
        title_stated=record.title_stated,
        publisher=_titled(record.publisher),
        published_on=record.published_on.isoformat() if record.published_on else None,
        cohort=record.cohort,
        kind=record.kind,
        synthetic=record.synthetic,
        counts=record.counts,
        reference_counts=record.reference_counts,
        score=record.review.score,
        low=record.review.low,
        high=record.review.high,
        tier=record.tier,
        gates=tuple(_gate(gate_name(view), gate_word(view)) for view in gates_in_force(record.gates)),
        errors=severities.count(Severity.ERROR),
        warnings=severities.count(Severity.WARNING),
        corrections=len(record.corrections),
        question=_titled(record.question),
        identifier=_titled(record.identifier),
        claims=claims,
        claims_left_out=len(record.claims) - len(claims),
    )


def _titled(text: str | None) -> str | None:
    return None if text is None else shown(text, LONGEST_TITLE)


def _gate(name: str, word: words.Word) -> GateSummary:
    return GateSummary(title=shown(name, LONGEST_TITLE), sign=word.sign, word=word.word, style=word.style)


def _claims(record: PublicRecord) -> tuple[tuple[int, ClaimVerdict, str], ...]:
    """The first claims, as many as the bounds let in."""
    kept: list[tuple[int, ClaimVerdict, str]] = []
    room = LONGEST_CLAIMS
    for view in record.claims:
        text = shown(view.claim.text, LONGEST_CLAIM)
        room -= len(text)
        if room < 0:
            break
        kept.append((view.claim.ordinal, view.verdict, text))
    return tuple(kept)

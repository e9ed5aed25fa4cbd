"""What a rule about a published record is: its identity, severity, the facts it needs, how it finds.

Belongs here: the shape of a rule and the facts rules share. Does not belong here: any single rule
(see `findings.counts`, `findings.claims`, `findings.gates`). A rule whose facts are absent is silent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from pipelines.models import (
    Claim,
    ClaimOrigin,
    ParsedRecord,
    Place,
    Severity,
    StatedFigure,
    Verdict,
)

MAX_PLACES = 50  # a finding names at most so many places; its message gives the full count
MAX_CLAIMS = 5_000  # claims looked at by rules that compare claims with each other


class Need(StrEnum):
    """A fact without which a rule has nothing to say."""

    TITLE = "title"
    QUESTION = "question"
    PUBLICATION_DATE = "publication date"
    REFERENCES = "reference list"
    LISTED_CLAIMS = "the record's own list of claims"
    CLAIMS = "claims"
    VERDICTS = "verdicts"
    STATED_FIGURES = "stated figures"
    STATED_TIER = "stated tier"
    STATED_SCORE = "stated review score"
    GATE_STATUS = "stated gate status"
    GATE_REASON = "stated gate reason"


@dataclass(frozen=True)
class RecordFacts:
    """A record as published, its claims, and what is held about them where that is known."""

    record: ParsedRecord
    claims: tuple[Claim, ...]
    verdicts: Mapping[str, Verdict] | None

    def figures(self, name: str) -> tuple[StatedFigure, ...]:
        return tuple(figure for figure in self.record.stated.figures if figure.name == name)

    def listed(self) -> tuple[Claim, ...]:
        """Claims that the record itself lists as claims."""
        return tuple(claim for claim in self.claims if claim.origin is ClaimOrigin.STATED)

    def at(self, start: int, end: int) -> Place:
        return Place(start=start, end=end, words=self.record.text[start:end])

    def places(self, claims: Iterable[Claim]) -> tuple[Place, ...]:
        return tuple(self.at(claim.start, claim.end) for claim in claims)[:MAX_PLACES]

    def words(self, phrase: str | None) -> tuple[Place, ...]:
        """The first place where `phrase` stands in the record, if it stands there as such."""
        if not phrase:
            return ()
        start = self.record.text.find(phrase)
        return () if start < 0 else (self.at(start, start + len(phrase)),)


@dataclass(frozen=True)
class Found:
    """What a rule found: the sentence for the reader, and the places it rests on."""

    message: str
    where: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Rule:
    id: str
    severity: Severity
    needs: tuple[Need, ...]
    find: Callable[[RecordFacts], Iterator[Found]]


_HELD: Mapping[Need, Callable[[RecordFacts], bool]] = {
    Need.TITLE: lambda facts: bool(facts.record.title),
    Need.QUESTION: lambda facts: bool(facts.record.question),
    Need.PUBLICATION_DATE: lambda facts: facts.record.published_on is not None,
    Need.REFERENCES: lambda facts: bool(facts.record.references),
    Need.LISTED_CLAIMS: lambda facts: bool(facts.record.claims),
    Need.CLAIMS: lambda facts: bool(facts.claims),
    Need.VERDICTS: lambda facts: facts.verdicts is not None,
    Need.STATED_FIGURES: lambda facts: bool(facts.record.stated.figures),
    Need.STATED_TIER: lambda facts: facts.record.stated.tier is not None,
    Need.STATED_SCORE: lambda facts: facts.record.stated.review_score is not None,
    Need.GATE_STATUS: lambda facts: facts.record.stated.gate_status is not None,
    Need.GATE_REASON: lambda facts: facts.record.stated.gate_reason is not None,
}


def applies(rule: Rule, facts: RecordFacts) -> bool:
    return all(_HELD[need](facts) for need in rule.needs)

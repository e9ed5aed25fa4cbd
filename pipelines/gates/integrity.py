"""Gate 0, integrity: do the record's own figures agree, and are its references what they are said to be.

Belongs here: the facts this gate may look at. Does not belong here: thresholds (the policy) or the
verdict (`evaluate`). Input: `GateFacts`; output: a number a fact, or None where it is absent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pipelines.gates.facts import GateFacts
from pipelines.gates.policy import Fact
from pipelines.models import ReferenceCounts, Severity


def error_findings(facts: GateFacts) -> float:
    return sum(finding.severity is Severity.ERROR for finding in facts.findings)


def _judged(references: ReferenceCounts) -> int:
    """Unfindable and unreachable references are no judgement either way."""
    return references.found + references.misdescribed + references.likely_fabricated


def _of_references(count: Callable[[ReferenceCounts], int]) -> Callable[[GateFacts], float | None]:
    """A count of references; absent where no reference could be judged."""
    return lambda facts: count(facts.references) if _judged(facts.references) else None


INTEGRITY_FACTS: Mapping[Fact, Callable[[GateFacts], float | None]] = {
    Fact.ERROR_FINDINGS: error_findings,
    Fact.REFERENCES_LIKELY_FABRICATED: _of_references(lambda references: references.likely_fabricated),
    Fact.REFERENCES_RETRACTED: _of_references(lambda references: references.retracted),
    Fact.REFERENCES_MISDESCRIBED: _of_references(lambda references: references.misdescribed),
}

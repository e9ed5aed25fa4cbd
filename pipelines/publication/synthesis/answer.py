"""The answer: which quotations stand in it, and in what order; it says nothing that they do not say.

Input: groups of findings. Output: `Answer`, with a number for each source. Nothing is
concluded: a question that asks for yes or no gets the sentences that bear on it, and where they conflict, both.
Does not belong here: mark-up (document.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.publication.synthesis.findings import Finding
from pipelines.publication.synthesis.grouping import Group, Standing

MOST_LEADS = 4  # groups without conflict of which findings stand in the answer
MOST_UNSETTLED = 2  # sources of a group that are heard there, where nobody knows whether they agree


@dataclass(frozen=True)
class Quotation:
    """A finding with the number of its source."""

    finding: Finding
    number: int


@dataclass(frozen=True)
class Answer:
    """Every finding stands in one of these once. Empty: no answer was found."""

    leads: tuple[Quotation, ...] = ()  # the best findings of each group that is not in conflict, best first
    conflicts: tuple[tuple[Quotation, ...], ...] = ()  # for each conflict, what its sources say
    others: tuple[Quotation, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.leads or self.conflicts)

    @property
    def numbers(self) -> dict[str, int]:
        """Source id to its number in the reference list, in the order in which the sources are first quoted."""
        return {one.finding.source_id: one.number for one in self.quotations}

    @property
    def quotations(self) -> tuple[Quotation, ...]:
        in_conflict = (quotation for conflict in self.conflicts for quotation in conflict)
        return (*self.leads, *in_conflict, *self.others)


def answer_of(groups: Sequence[Group]) -> Answer:
    """The answer that the groups give; sources are numbered in the order in which they are first quoted."""
    leads: list[Finding] = []
    conflicts: list[tuple[Finding, ...]] = []
    others: list[Finding] = []
    heard = 0
    for group in groups:
        if group.standing is Standing.CONFLICT:
            conflicts.append(group.findings)
            continue
        led = _leading(group) if heard < MOST_LEADS else ()
        heard += 1
        leads += led
        others += [finding for finding in group.findings if finding not in led]
    in_order = [*leads, *(finding for conflict in conflicts for finding in conflict), *others]
    sources = dict.fromkeys(finding.source_id for finding in in_order)
    number_of = {source: number for number, source in enumerate(sources, start=1)}

    def numbered(findings: Sequence[Finding]) -> tuple[Quotation, ...]:
        return tuple(Quotation(finding, number_of[finding.source_id]) for finding in findings)

    return Answer(numbered(leads), tuple(map(numbered, conflicts)), numbered(others))


def _leading(group: Group) -> tuple[Finding, ...]:
    """The best finding; where agreement is not established, the best of another source too: it may say otherwise."""
    by_source: dict[str, Finding] = {}
    for finding in group.findings:
        by_source.setdefault(finding.source_id, finding)
    most = MOST_UNSETTLED if group.standing is Standing.SAME_SUBJECT else 1
    return tuple(by_source.values())[:most]


def nothing_found(works_read: int) -> str:
    """What is said where no sentence of the works answers."""
    works = "1 work that was" if works_read == 1 else f"{works_read:,} works that were"
    return f"No answer was found in the {works} read."

"""PRISMA 2020 counts of a search, from its decisions, and the table that they are shown in.

Source: the flow diagram of Page et al., BMJ 2021;372:n71. Input: decisions. Output: `Prisma`, which refuses
numbers that do not add up. Does not belong here: deciding (deduplication.py, screening.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Self

from pydantic import Field, model_validator

from pipelines.ingestion.search.decisions import Decision, Outcome, Reason, Stage
from pipelines.models import Model


class IndexCount(Model):
    index: str
    works: int = Field(ge=0)


class ReasonCount(Model):
    reason: Reason
    works: int = Field(gt=0)


class Prisma(Model):
    """The numbers of the flow diagram, from top to bottom."""

    identified: tuple[IndexCount, ...]  # by index
    duplicates_removed: int = Field(ge=0)
    screened: int = Field(ge=0)
    excluded: tuple[ReasonCount, ...] = ()  # by title and abstract
    sought: int = Field(ge=0)
    not_retrieved: int = Field(ge=0)
    assessed: int = Field(ge=0)
    excluded_assessed: tuple[ReasonCount, ...] = ()  # by their text
    included: int = Field(ge=0)

    @property
    def identified_in_all(self) -> int:
        return sum(one.works for one in self.identified)

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        for what, left, right in (
            ("screened", self.screened, self.identified_in_all - self.duplicates_removed),
            ("sought", self.sought, self.screened - _total(self.excluded)),
            ("assessed", self.assessed, self.sought - self.not_retrieved),
            ("included", self.included, self.assessed - _total(self.excluded_assessed)),
        ):
            if left != right:
                raise ValueError(f"the counts do not add up: {left} {what}, but the numbers before it leave {right}")
        for counts in (self.excluded, self.excluded_assessed):
            if len({one.reason for one in counts}) != len(counts):
                raise ValueError("a reason is counted twice")
        return self


def _total(counts: Iterable[ReasonCount]) -> int:
    return sum(one.works for one in counts)


def prisma_of(decisions: Iterable[Decision], indexes: Iterable[str] = ()) -> Prisma:
    """The counts of a search. `indexes`: all that were asked, so that one without hits is shown with 0.

    Each number is counted from the rows of its own stage; rows that leave something out make it raise
    `ValidationError`, since a work without a decision was lost.
    """
    rows = tuple(decisions)
    of_stage = {stage: [row for row in rows if row.stage is stage] for stage in Stage}
    hits = Counter(row.index or "unnamed" for row in of_stage[Stage.IDENTIFICATION])
    names = tuple(dict.fromkeys((*indexes, *sorted(hits))))
    return Prisma(
        identified=tuple(IndexCount(index=name, works=hits[name]) for name in names),
        duplicates_removed=_count(of_stage[Stage.IDENTIFICATION], Outcome.DUPLICATE),
        screened=len(of_stage[Stage.SCREENING]),
        excluded=_reasons(of_stage[Stage.SCREENING]),
        sought=len(of_stage[Stage.RETRIEVAL]),
        not_retrieved=_count(of_stage[Stage.RETRIEVAL], Outcome.NOT_RETRIEVED),
        assessed=len(of_stage[Stage.ASSESSMENT]),
        excluded_assessed=_reasons(of_stage[Stage.ASSESSMENT]),
        included=_count(of_stage[Stage.ASSESSMENT], Outcome.KEPT),
    )


def _count(rows: list[Decision], outcome: Outcome) -> int:
    return sum(row.outcome is outcome for row in rows)


def _reasons(rows: list[Decision]) -> tuple[ReasonCount, ...]:
    found = Counter(row.reason for row in rows if row.outcome is Outcome.EXCLUDED and row.reason)
    return tuple(ReasonCount(reason=reason, works=found[reason]) for reason in Reason if found[reason])


def prisma_table(prisma: Prisma) -> str:
    """The counts as a Markdown table, one row a box of the diagram."""
    counted = ((what, f"{works:,}") for what, works in prisma_steps(prisma))
    rows = [("Step", "Works"), ("---", "---:"), *counted]
    return "\n".join(f"| {what} | {count} |" for what, count in rows) + "\n"


def prisma_steps(prisma: Prisma) -> tuple[tuple[str, int], ...]:
    """What happened, and to how many works, from the top of the diagram to its bottom."""
    return (
        *((f"Identified in {one.index.replace('|', ' ')[:60]}", one.works) for one in prisma.identified),
        ("Duplicates removed", prisma.duplicates_removed),
        ("Screened by title and abstract", prisma.screened),
        *((f"Excluded: {one.reason.value}", one.works) for one in prisma.excluded),
        ("Texts sought", prisma.sought),
        ("Texts that could not be had", prisma.not_retrieved),
        ("Texts assessed", prisma.assessed),
        *((f"Excluded after reading: {one.reason.value}", one.works) for one in prisma.excluded_assessed),
        ("Included", prisma.included),
    )

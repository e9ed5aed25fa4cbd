"""What is published of a gate's activation: its rules, how far each cohort was evaluated, and what came of it.

Belongs here: the shapes, and what follows from them. Does not belong here: how they are read from the warehouse
(`warehouse.activation_pages`), how they are printed (`site`), judging.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from pipelines.models import AttemptOutcome, GateResult, Model, PublicGateStatus

RECORDS_SHOWN = 100  # of an outcome; the counts are of all
REASONS_SHOWN = 8

Ending = GateResult | AttemptOutcome | PublicGateStatus


class Standing(StrEnum):
    """What an activation is on a day."""

    IN_FORCE = "in force"
    SUPERSEDED = "superseded"
    ANNOUNCED = "announced"


class EvaluatedRecord(Model):
    record_id: str
    title: str
    cohort: str
    has_page: bool


class EndingView(Model):
    """The records that came out one way; `records` are the first `RECORDS_SHOWN` of them."""

    ending: Ending
    count: int
    records: tuple[EvaluatedRecord, ...] = ()


class CohortCoverage(Model):
    """`endings` add up to what was evaluated; what is missing of `records` was not."""

    cohort: str
    records: int
    endings: dict[Ending, int]
    statuses: dict[PublicGateStatus, int]

    @property
    def evaluated(self) -> int:
        return sum(self.endings.values())

    @property
    def missing(self) -> int:
        return self.records - self.evaluated


class ReasonCount(Model):
    reason: str
    count: int


class ActivationPage(Model):
    """All that the page of an activation shows. `rules` and `question` are empty where this version cannot read the
    policy any more."""

    activation_id: str
    gate: str
    title: str
    question: str | None
    policy_version: str
    active_on: date
    standing: Standing
    superseded_by: str | None = None  # activation id of the one that took its place
    takes_the_place_of: str | None = None  # version that its policy names
    rules: tuple[str, ...] = ()
    policy: str  # as activated
    last_evaluated: datetime | None = None
    cohorts: tuple[CohortCoverage, ...] = ()
    endings: tuple[EndingView, ...] = ()
    reasons: tuple[ReasonCount, ...] = ()
    distinct_reasons: int = 0

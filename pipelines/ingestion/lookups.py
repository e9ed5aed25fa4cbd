"""What is known of the questions asked of indexes: the outcome of each, and whether it is due again.

Input: lookups with their answers, as the warehouse remembers them. Output: `Known`. Does not belong here:
which questions a reference calls for (lookup_plan.py), asking them (asking.py), parsing (indexes/).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pipelines.ingestion.indexes.contract import (
    IDENTIFYING,
    Answered,
    FaultKind,
    IndexFault,
    Lookup,
    Response,
    works_for,
)
from pipelines.models import IndexAnswer, Work


class Outcome(StrEnum):
    HELD = "held"
    ABSENT = "absent"  # it answered, and does not hold it
    FAILED = "failed"  # nothing can be concluded


@dataclass(frozen=True)
class Known:
    """One question and its latest answer; a failure only where there never was an answer."""

    lookup: Lookup
    outcome: Outcome
    works: tuple[Work, ...] = ()
    fault: FaultKind | None = None
    reason: str | None = None
    asked_at: datetime | None = None
    retry_at: datetime | None = None  # not before this moment
    http_status: int | None = None
    url: str | None = None
    sha256: str | None = None
    works_sha256: str | None = None
    reader_version: str | None = None

    @property
    def answered(self) -> bool:
        return self.outcome is not Outcome.FAILED

    def is_due(self, now: datetime, recheck: timedelta) -> bool:
        """Whether to ask again: a failure at once, unless told to wait; an answer when it is old enough."""
        if self.retry_at is not None and now < self.retry_at:
            return False
        return not self.answered or self.asked_at is None or now - self.asked_at >= recheck

    def as_answer(self) -> IndexAnswer:
        return IndexAnswer(
            index=self.lookup.index,
            by=self.lookup.by.value,
            value=self.lookup.value,
            outcome=self.outcome.value,
            reason=self.reason,
            http_status=self.http_status,
            url=self.url,
            sha256=self.sha256,
            asked_at=self.asked_at,
        )


@dataclass(frozen=True)
class Asked:
    """Questions that went out in one request, and what came back: raw, and as understood."""

    index: str
    known: tuple[Known, ...]
    response: Response | None  # None: nothing came back
    method: str = "GET"


def outcomes(
    lookups: Sequence[Lookup],
    found: Answered | IndexFault,
    response: Response | None,
    *,
    alone: bool,
    asked_at: datetime,
    reader: str,
) -> tuple[Known, ...]:
    """What one response says to each of the questions it answers. `alone`: one question was asked in it."""
    if isinstance(found, Answered) and found.total and not found.works:
        found = IndexFault(FaultKind.MALFORMED, f"it says that it has {found.total:,} works and gave none")
    came = (response.status, response.url, response.sha256) if response else (None, None, None)
    return tuple(_outcome(one, found, came, alone, asked_at, reader) for one in lookups)


def _outcome(
    lookup: Lookup,
    found: Answered | IndexFault,
    came: tuple[int, str, str] | tuple[None, None, None],
    alone: bool,
    asked_at: datetime,
    reader: str,
) -> Known:
    status, url, sha256 = came
    if isinstance(found, IndexFault):
        retry_at = asked_at + timedelta(seconds=found.retry_after) if found.retry_after else None
        return Known(
            lookup, Outcome.FAILED, (), found.kind, found.message, asked_at, retry_at, status, url, sha256, None, reader
        )
    works = _answering(lookup, found.works, alone)
    outcome = Outcome.HELD if works else Outcome.ABSENT
    said = hashlib.sha256("\n".join(work.model_dump_json() for work in works).encode()).hexdigest()
    return Known(lookup, outcome, works, None, None, asked_at, None, status, url, sha256, said, reader)


def _answering(lookup: Lookup, works: tuple[Work, ...], alone: bool) -> tuple[Work, ...]:
    """An index that was asked for one identifier may answer under another that it has merged it with."""
    fitting = works_for(lookup, works)
    if fitting or not alone or lookup.by not in IDENTIFYING or len(works) != 1:
        return fitting
    name = f"{lookup.by.value}:{lookup.value}"
    return (works[0].model_copy(update={"aliases": (*works[0].aliases, name)}),)

"""What the pages of the gates' activations show, read set-wise: a query a table for all of them.

There are few activations, and each page is about every record, so that all are read whenever the site is written.
Belongs here: reading, and which activation stands. Does not belong here: HTML, the rules themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from pipelines.gates.rules_in_words import rules_in_words
from pipelines.models import AttemptOutcome, GateResult, PublicGateStatus
from pipelines.publication.activation_views import (
    REASONS_SHOWN,
    RECORDS_SHOWN,
    ActivationPage,
    CohortCoverage,
    Ending,
    EndingView,
    EvaluatedRecord,
    ReasonCount,
    Standing,
)
from warehouse.connection import Warehouse
from warehouse.gates import Activation, activations
from warehouse.policies import superseded
from warehouse.public_gates import policy_of
from warehouse.statements import statement

LONGEST_REASON = 1_000  # characters that are read

Rows = dict[str, list[tuple[Any, ...]]]


def activation_pages(
    warehouse: Warehouse, *, today: date, published: Collection[str] = ()
) -> tuple[ActivationPage, ...]:
    """The page of every activation, in the order of their days. `published`: records that get a page in this run."""
    with warehouse.reading():
        held = activations(warehouse)
        coverage = _rows(warehouse, "activation_coverage")
        records = _rows(warehouse, "activation_records", {"most": RECORDS_SHOWN})
        reasons = _rows(warehouse, "activation_reasons", {"most": REASONS_SHOWN, "longest": LONGEST_REASON})
        paged = _paged(warehouse).union(published)
    successors = superseded(held, today)
    return tuple(
        _page(
            one,
            (standing_of(one, held, today), successor_of(one, held, successors, today)),
            coverage.get(one.activation_id, []),
            _endings(coverage.get(one.activation_id, []), records.get(one.activation_id, []), paged),
            reasons.get(one.activation_id, []),
        )
        for one in held
    )


def _rows(warehouse: Warehouse, name: str, values: Mapping[str, Any] | None = None) -> Rows:
    """Activation id to its rows."""
    found: Rows = {}
    with warehouse.read() as connection:
        rows = connection.execute(statement(f"publication/{name}"), values or {}).fetchall()
    for activation_id, *rest in rows:
        found.setdefault(activation_id, []).append(tuple(rest))
    return found


def _paged(warehouse: Warehouse) -> set[str]:
    with warehouse.read() as connection:
        rows = connection.execute("SELECT DISTINCT record_id FROM pages WHERE record_id IS NOT NULL").fetchall()
    return {record_id for (record_id,) in rows}


# --- which one stands ---------------------------------------------------------------------------


def standing_of(activation: Activation, held: Sequence[Activation], today: date) -> Standing:
    """In force is the newest activation of a gate whose day has come, as on the pages of records."""
    if activation.active_on > today:
        return Standing.ANNOUNCED
    return Standing.IN_FORCE if _newest(activation.gate, held, today) == activation else Standing.SUPERSEDED


def successor_of(
    activation: Activation, held: Sequence[Activation], successors: Mapping[str, Activation], today: date
) -> str | None:
    """Which one took its place: the first whose policy says so, else the one in force; None where it stands."""
    if standing_of(activation, held, today) is not Standing.SUPERSEDED:
        return None
    later = successors.get(activation.activation_id) or _newest(activation.gate, held, today)
    return later.activation_id if later else None


def _newest(gate: str, held: Sequence[Activation], today: date) -> Activation | None:
    active = [one for one in held if one.gate == gate and one.active_on <= today]
    return max(active, key=lambda one: (one.active_on, one.activation_id), default=None)


# --- putting together ---------------------------------------------------------------------------


def _page(
    activation: Activation,
    stands: tuple[Standing, str | None],
    coverage: Sequence[tuple[Any, ...]],
    endings: tuple[EndingView, ...],
    reasons: Sequence[tuple[Any, ...]],
) -> ActivationPage:
    policy = policy_of(activation.policy)
    return ActivationPage(
        activation_id=activation.activation_id,
        gate=activation.gate,
        title=activation.title,
        question=policy.question if policy else None,
        policy_version=activation.policy_version,
        active_on=activation.active_on,
        standing=stands[0],
        superseded_by=stands[1],
        takes_the_place_of=policy.supersedes if policy else None,
        rules=rules_in_words(policy) if policy else (),
        policy=activation.policy,
        last_evaluated=max((row[4] for row in coverage if row[4] is not None), default=None),
        cohorts=_cohorts(coverage),
        endings=endings,
        reasons=tuple(ReasonCount(reason=reason, count=count) for reason, count, _ in reasons),
        distinct_reasons=reasons[0][2] if reasons else 0,
    )


def _cohorts(coverage: Sequence[tuple[Any, ...]]) -> tuple[CohortCoverage, ...]:
    cohorts: dict[str, tuple[int, dict[Ending, int], dict[PublicGateStatus, int]]] = {}
    for cohort, ending, status, count, _ in coverage:
        records, endings, statuses = cohorts.get(cohort, (0, {}, {}))
        if ending is not None:
            endings[_ending(ending)] = endings.get(_ending(ending), 0) + count
            statuses[PublicGateStatus(status)] = statuses.get(PublicGateStatus(status), 0) + count
        cohorts[cohort] = (records + count, endings, statuses)
    return tuple(
        CohortCoverage(cohort=cohort, records=records, endings=endings, statuses=statuses)
        for cohort, (records, endings, statuses) in sorted(cohorts.items())
    )


def _endings(
    coverage: Sequence[tuple[Any, ...]], records: Sequence[tuple[Any, ...]], paged: set[str]
) -> tuple[EndingView, ...]:
    """Each ending that any record has, in the order of the words' own tables."""
    counts: dict[Ending, int] = {}
    for _, ending, _, count, _ in coverage:
        if ending is not None:
            counts[_ending(ending)] = counts.get(_ending(ending), 0) + count
    shown: dict[Ending, list[EvaluatedRecord]] = {}
    for ending, record_id, title, cohort in records:
        one = EvaluatedRecord(record_id=record_id, title=title, cohort=cohort, has_page=record_id in paged)
        shown.setdefault(_ending(ending), []).append(one)
    order: tuple[Ending, ...] = (*GateResult, *AttemptOutcome, *PublicGateStatus)
    return tuple(
        EndingView(ending=ending, count=counts[ending], records=tuple(shown.get(ending, ())))
        for ending in order
        if ending in counts
    )


def _ending(value: str) -> Ending:
    """The outcome, else the result; of an evaluation that has neither the public status is all that it says."""
    return next(kind(value) for kind in (GateResult, AttemptOutcome, PublicGateStatus) if value in kind.__members__)

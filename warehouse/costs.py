"""Queries of what work on records took. A stage saves its rows in the transaction that saves the work itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from pipelines.publication.costs import CostLine, CostsView, Spent
from warehouse.append import Row, Stamp, append, content_id
from warehouse.connection import Warehouse
from warehouse.statements import statement

NOTHING = Spent()


@dataclass(frozen=True)
class WorkCost:
    """What a stage took for the records named: one, or several that were worked on at once."""

    stage: str
    record_ids: tuple[str, ...]
    processor_seconds: float | None
    model: Spent = NOTHING


def append_costs(connection: duckdb.DuckDBPyConnection, costs: Sequence[WorkCost], stamp: Stamp) -> None:
    """Append the costs, in the transaction of the caller.

    The key of a cost counts how often the stage had worked on the record before: no time is in it, nor what it took.
    """
    if not costs:
        return
    ids = [record_id for one in costs for record_id in one.record_ids]
    before = connection.execute(
        "SELECT stage, record_id, count(DISTINCT cost_id) FROM record_costs "
        "WHERE record_id IS NULL OR record_id IN (SELECT unnest(?::VARCHAR[])) GROUP BY ALL",
        [ids],
    ).fetchall()
    times = {(stage, record_id): count for stage, record_id, count in before}
    append(connection, "record_costs", [_cost_row(one, times, stamp) for one in costs], key="cost_id")


def costs_for(costs: Sequence[WorkCost], record_ids: Collection[str]) -> list[WorkCost]:
    """Those that are for any of these records."""
    return [one for one in costs if not set(record_ids).isdisjoint(one.record_ids)]


def records_of_claims(connection: duckdb.DuckDBPyConnection, claim_ids: Sequence[str]) -> set[str]:
    rows = connection.execute(
        "SELECT DISTINCT record_id FROM claims WHERE claim_id IN (SELECT unnest(?::VARCHAR[]))", [list(claim_ids)]
    ).fetchall()
    return {record_id for (record_id,) in rows}


def _cost_row(cost: WorkCost, times: Mapping[tuple[str, str | None], int], stamp: Stamp) -> Row:
    record_id = cost.record_ids[0] if len(cost.record_ids) == 1 else None
    return {
        "cost_id": content_id("cost", cost.stage, times.get((cost.stage, record_id), 0), *cost.record_ids),
        "record_id": record_id,
        "stage": cost.stage,
        "records": len(cost.record_ids),
        "processor_seconds": cost.processor_seconds,
        "model_calls": cost.model.calls,
        "tokens_in": cost.model.tokens_in,
        "tokens_out": cost.model.tokens_out,
        "money": cost.model.money,
        "calls_without_tokens": cost.model.calls_without_tokens,
        "calls_without_money": cost.model.calls_without_money,
        "recorded_at": stamp.recorded_at,
        "run_id": stamp.run_id,
    }


def costs_of(warehouse: Warehouse, record_ids: Sequence[str]) -> dict[str, CostsView]:
    """Record id to what it took, for those of which it was kept."""
    with warehouse.read() as connection:
        rows = connection.execute(statement("publication/costs_of"), {"record_ids": list(record_ids)}).fetchall()
    found: dict[str, list[CostLine]] = {}
    for record_id, stage, recorded_at, seconds, *spent in rows:
        model = Spent(**dict(zip(Spent.model_fields, spent, strict=True)))
        line = CostLine(stage=stage, recorded_at=recorded_at, processor_seconds=seconds, model=model)
        found.setdefault(record_id, []).append(line)
    return {record_id: CostsView(lines=tuple(lines)) for record_id, lines in found.items()}


def spent_by_run(warehouse: Warehouse, run_id: str) -> Spent:
    """What a run has spent on models so far."""
    with warehouse.read() as connection:
        row = connection.execute(statement("verification/spent_by_run"), {"run_id": run_id}).fetchone()
    return Spent(**dict(zip(Spent.model_fields, row or (), strict=True)))

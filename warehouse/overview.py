"""Questions about the warehouse as a whole: what is held, pending, missing, stale."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from warehouse.append import Row
from warehouse.connection import Warehouse
from warehouse.policies import standing
from warehouse.statements import statement


def find_records(warehouse: Warehouse, wanted: str) -> tuple[tuple[str, str | None], ...]:
    """(record id, title) of the records whose id is, or begins with, `wanted`, or whose title it is."""
    with warehouse.read() as connection:
        rows = connection.execute(statement("overview/find_records"), {"wanted": wanted}).fetchall()
    exact = [row for row in rows if row[0] == wanted]
    return tuple((row[0], row[1]) for row in (exact or rows))


def cohort_overview(warehouse: Warehouse) -> tuple[Row, ...]:
    """One row a cohort: what each stage holds, and how many records it has still to do."""
    return _rows(warehouse, "overview/cohorts")


def warehouse_totals(warehouse: Warehouse) -> Row:
    return _rows(warehouse, "overview/totals")[0]


def missing_gate_verdicts(warehouse: Warehouse, today: date) -> dict[str, list[str]]:
    """Activation to the cohorts that hold records not evaluated under it; nothing is missing of a superseded one."""
    held = [one.activation_id for one in standing(warehouse, today)]
    found: dict[str, list[str]] = {}
    for row in _rows(warehouse, "overview/missing_gate_verdicts", {"activation_ids": held}):
        found.setdefault(row["activation_id"], []).append(row["cohort"])
    return found


def gate_outcomes(warehouse: Warehouse, today: date) -> dict[str, dict[str, int]]:
    """Activation that stands to its results, or the outcomes of artifacts, and how many records have each."""
    held = [one.activation_id for one in standing(warehouse, today)]
    found: dict[str, dict[str, int]] = {}
    for row in _rows(warehouse, "overview/gate_outcomes", {"activation_ids": held}):
        found.setdefault(row["activation_id"], {})[row["outcome"]] = row["records"]
    return found


def artifact_outcomes(warehouse: Warehouse) -> dict[str, int]:
    """What came of running the artifacts of claims that still stand, and of how many."""
    return {row["outcome"]: row["artifacts"] for row in _rows(warehouse, "overview/artifact_outcomes")}


def stale_verdicts(warehouse: Warehouse, verifier_version: str) -> int:
    """How many claims' verdicts in force were reached by another version of the verifier."""
    with warehouse.read() as connection:
        row = connection.execute(
            "SELECT count(*) FROM current_verdicts JOIN current_claims USING (claim_id) WHERE verifier_version <> ?",
            [verifier_version],
        ).fetchone()
    return int(row[0]) if row else 0


def checked_since(warehouse: Warehouse, since: datetime) -> int:
    """How many claims got a verdict recorded at or after `since`."""
    with warehouse.read() as connection:
        row = connection.execute(
            "SELECT count(DISTINCT claim_id) FROM verdicts WHERE recorded_at >= ?", [since]
        ).fetchone()
    return int(row[0]) if row else 0


def claims_held(warehouse: Warehouse, record_id: str | None) -> int:
    """How many current claims there are, of one record or of all."""
    with warehouse.read() as connection:
        row = connection.execute(
            "SELECT count(*) FROM current_claims WHERE $record_id IS NULL OR record_id = $record_id",
            {"record_id": record_id},
        ).fetchone()
    return int(row[0]) if row else 0


def _rows(warehouse: Warehouse, name: str, values: Mapping[str, Any] | None = None) -> tuple[Row, ...]:
    with warehouse.read() as connection:
        cursor = connection.execute(statement(name), values or {})
        names = [column[0] for column in cursor.description or ()]
        return tuple(dict(zip(names, row, strict=True)) for row in cursor.fetchall())

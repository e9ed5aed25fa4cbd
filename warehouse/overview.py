"""Questions about the warehouse as a whole: what is held, pending, missing, stale."""

from __future__ import annotations

from datetime import datetime

from warehouse.append import Row
from warehouse.connection import Warehouse
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


def missing_gate_verdicts(warehouse: Warehouse) -> dict[str, list[str]]:
    """Activation to the cohorts that hold records not evaluated under it."""
    found: dict[str, list[str]] = {}
    for row in _rows(warehouse, "overview/missing_gate_verdicts"):
        found.setdefault(row["activation_id"], []).append(row["cohort"])
    return found


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


def _rows(warehouse: Warehouse, name: str) -> tuple[Row, ...]:
    with warehouse.read() as connection:
        cursor = connection.execute(statement(name))
        names = [column[0] for column in cursor.description or ()]
        return tuple(dict(zip(names, row, strict=True)) for row in cursor.fetchall())

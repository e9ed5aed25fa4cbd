"""What is in force is told once, by macros over the keys asked for; the views of all are these macros with NULL."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from benchmarks import publication as made
from tests.warehouse.a_warehouse import copy_of
from warehouse.append import Stamp
from warehouse.connection import Warehouse
from warehouse.location import WarehouseLocation
from warehouse.migrate import ROOM
from warehouse.verification import save_verdicts
from warehouse.withdrawals import Subject, withdraw

SIZE = made.Size(records=3, claims=2, references=2)
# Macro, the view of all, and the key that both have.
KEYED = {
    "renditions_of": ("current_renditions", "record_id"),
    "records_of": ("current_records", "record_id"),
    "references_of": ("current_references", "record_id"),
    "sources_held": ("current_sources", "source_id"),
    "record_sources_of": ("current_record_sources", "record_id"),
    "claims_of": ("current_claims", "record_id"),
    "reference_audits_of": ("current_reference_audits", "reference_id"),
    "rigor_scans_of": ("current_rigor_scans", "source_version_id"),
    "gate_verdicts_of": ("current_gate_verdicts", "record_id"),
    "manifests_of": ("current_manifests", "record_id"),
}
TAKEN_DOWN = "made:000001"
OF_BATCHES = {"batches_of", "batches_of_records"}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Three records, what the stages hold of them twice, and a verdict that another took the place of."""
    house = Warehouse(WarehouseLocation(tmp_path_factory.mktemp("in_force") / "claimgate.duckdb"))
    made.fill(house, SIZE)
    save_verdicts(house, [made.verdict(0, 0, SIZE, "again")], Stamp(made.RECORDED, "again"))
    with house.write() as connection:
        connection.execute(
            "INSERT INTO manifests BY NAME "
            "SELECT 'm' || record_id AS manifest_id, record_id, recorded_at FROM current_records"
        )
        for table in ("records", "record_references", "record_sources", "claims", "rigor_scans", "sources", "batches"):
            connection.execute(f"INSERT INTO {table} SELECT * FROM {table}")  # as two writers at once would
    return house


@pytest.fixture
def house(filled: Warehouse, tmp_path: Path) -> Warehouse:
    house = copy_of(filled, tmp_path)
    withdraw(house, Subject("record", TAKEN_DOWN), reason="a test", by=None, stamp=Stamp(made.RECORDED, "taken down"))
    return house


def rows(connection: duckdb.DuckDBPyConnection, query: str, *values: object) -> list[tuple[object, ...]]:
    return sorted(connection.execute(query, list(values)).fetchall(), key=repr)


def test_every_macro_over_keys_is_looked_at_here() -> None:
    texts = "\n".join(file.read_text(encoding="utf-8") for file in (ROOM / "views").glob("*.sql"))
    assert set(re.findall(r"CREATE OR REPLACE MACRO (\w+)\([^)]*\) AS TABLE", texts)) == set(KEYED) | OF_BATCHES


@pytest.mark.parametrize("macro", KEYED)
def test_asked_for_some_a_macro_gives_what_the_view_of_all_gives_of_them(house: Warehouse, macro: str) -> None:
    view, key = KEYED[macro]
    with house.read() as connection:
        keys = [one for (one,) in connection.execute(f"SELECT DISTINCT {key} FROM {view} ORDER BY 1").fetchall()]
        assert len(keys) >= 2
        assert rows(connection, f"SELECT * FROM {macro}(?)", keys) == rows(connection, f"SELECT * FROM {view}")
        for some in (keys[:1], keys[1:], [*keys[:1], "nobody's"], [TAKEN_DOWN], []):
            held = rows(connection, f"SELECT * FROM {view} WHERE {key} IN (SELECT unnest(?::VARCHAR[]))", some)
            assert bool(held) == bool(set(some) & set(keys))
            assert rows(connection, f"SELECT * FROM {macro}(?)", some) == held

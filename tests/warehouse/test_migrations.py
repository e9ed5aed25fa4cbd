"""Migrations: from every earlier version to the newest, with nothing that another engine would refuse."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import duckdb
import pytest

from warehouse import migrate as room
from warehouse.connection import Warehouse
from warehouse.location import WarehouseLocation
from warehouse.migrate import SCHEMA_VERSION, is_up_to_date, migrate, schema_version

FILES = sorted((room.ROOM / "migrations").glob("*.sql"))
REFUSED_ELSEWHERE = re.compile(
    r"\b(?:PRIMARY\s+KEY|FOREIGN\s+KEY|UNIQUE|CHECK\s*\(|INDEX\b|CREATE\s+SEQUENCE|nextval|ON\s+CONFLICT)",
    re.IGNORECASE,
)


def views(connection: duckdb.DuckDBPyConnection) -> list[str]:
    return [
        row[0]
        for row in connection.execute(
            "SELECT view_name FROM duckdb_views() WHERE NOT internal ORDER BY view_name"
        ).fetchall()
    ]


def columns(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, ...]]:
    return connection.execute(
        "SELECT table_name, column_name, data_type FROM information_schema.columns ORDER BY ALL"
    ).fetchall()


@pytest.mark.parametrize("earlier", range(SCHEMA_VERSION))
def test_a_warehouse_of_any_earlier_version_becomes_one_of_the_newest(earlier: int) -> None:
    with duckdb.connect() as fresh, duckdb.connect() as old:
        migrate(fresh)
        migrate(old, up_to=earlier)
        assert schema_version(old) == earlier
        migrate(old)
        assert schema_version(old) == SCHEMA_VERSION
        assert is_up_to_date(old)
        assert columns(old) == columns(fresh)
        for view in views(fresh):
            assert old.execute(f"SELECT * FROM {view} LIMIT 0").fetchall() == []


def test_migrating_again_changes_nothing() -> None:
    with duckdb.connect() as connection:
        migrate(connection)
        before = connection.execute("SELECT * FROM schema_version UNION ALL SELECT 0, recorded_at FROM schema_views")
        held = before.fetchall()
        migrate(connection)
        again = connection.execute("SELECT * FROM schema_version UNION ALL SELECT 0, recorded_at FROM schema_views")
        assert again.fetchall() == held


def test_migrations_are_numbered_without_a_gap() -> None:
    assert [int(file.name[:4]) for file in FILES] == list(range(1, SCHEMA_VERSION + 1))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_migration_asks_for_nothing_that_another_engine_would_refuse(file: Path) -> None:
    statements = re.sub(r"--[^\n]*", "", file.read_text(encoding="utf-8"))
    assert REFUSED_ELSEWHERE.findall(statements) == []


def test_the_warehouse_declares_no_constraint_index_or_sequence() -> None:
    with duckdb.connect() as connection:
        migrate(connection)
        declared = connection.execute(
            "SELECT constraint_type FROM duckdb_constraints() UNION ALL SELECT index_name FROM duckdb_indexes() "
            "UNION ALL SELECT sequence_name FROM duckdb_sequences()"
        ).fetchall()
    assert declared == []


def test_the_list_of_append_only_tables_names_every_table_but_the_warehouses_own_books() -> None:
    with duckdb.connect() as connection:
        migrate(connection)
        held = {row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        listed = [row[0] for row in connection.execute("SELECT table_name FROM append_only_tables").fetchall()]
    assert len(listed) == len(set(listed))
    assert set(listed) == held - {"schema_version", "schema_views", "table_sizes"}


def test_a_reader_of_a_warehouse_of_an_earlier_version_has_it_migrated_first(tmp_path: Path) -> None:
    house = Warehouse(WarehouseLocation(tmp_path / "claimgate.duckdb"))
    with duckdb.connect(str(house.location.database)) as connection:
        migrate(connection, up_to=SCHEMA_VERSION - 1)
    with house.read() as connection:
        assert is_up_to_date(connection)


def test_a_reader_sees_the_views_as_they_are_written_now(tmp_path: Path) -> None:
    house = Warehouse(WarehouseLocation(tmp_path / "claimgate.duckdb"))
    with duckdb.connect(str(house.location.database)) as connection:
        migrate(connection)
        connection.execute("DROP VIEW current_claims")
        connection.execute("INSERT INTO schema_views VALUES ('of an earlier day', TIMESTAMPTZ '2099-01-01')")
    with house.read() as connection:
        assert connection.execute("SELECT count(*) FROM current_claims").fetchone() == (0,)


def test_a_migration_that_fails_leaves_the_version_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(room.ROOM / "migrations", tmp_path / "migrations")
    faulty = "CREATE TABLE half_made (x INTEGER); SELECT * FROM no_such_table;"
    (tmp_path / "migrations" / f"{SCHEMA_VERSION + 1:04}_faulty.sql").write_text(faulty, encoding="utf-8")
    monkeypatch.setattr(room, "ROOM", tmp_path)
    room._migrations.cache_clear()
    try:
        database = str(tmp_path / "claimgate.duckdb")
        with pytest.raises(duckdb.CatalogException), duckdb.connect(database) as connection:
            migrate(connection, up_to=SCHEMA_VERSION + 1)
    finally:
        room._migrations.cache_clear()
    with duckdb.connect(database) as connection:
        assert schema_version(connection) == SCHEMA_VERSION
        tables = connection.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'half_made'").fetchone()
        assert tables == (0,)

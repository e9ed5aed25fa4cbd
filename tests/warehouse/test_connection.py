"""Opening the warehouse: one lock, one transaction, and a plain sentence when it cannot be had."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest

from warehouse.connection import Warehouse, WarehouseBusy, WarehouseMissing, WarehouseTooNew
from warehouse.location import CHECKOUT, WarehouseLocation
from warehouse.migrate import SCHEMA_VERSION

# Opens the warehouse for reading or writing, says so, and holds it until its standard input is closed.
HOLDER = """
import sys
from warehouse.connection import Warehouse
from warehouse.location import WarehouseLocation
house = Warehouse(WarehouseLocation.of(sys.argv[1]), lock_timeout=float(sys.argv[3]))
with getattr(house, sys.argv[2])() as connection:
    if sys.argv[2] == "write":
        connection.execute("INSERT INTO warehouse_kinds VALUES ('unfinished', now())")
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def house(tmp_path: Path) -> Warehouse:
    """There, and empty; patient enough for a busy machine."""
    made = Warehouse(WarehouseLocation(tmp_path / "claimgate.duckdb"), lock_timeout=60)
    with made.write():
        pass
    return made


def kinds(house: Warehouse) -> list[str]:
    with house.read() as connection:
        return [row[0] for row in connection.execute("SELECT kind FROM warehouse_kinds ORDER BY kind").fetchall()]


def impatient(house: Warehouse) -> Warehouse:
    return Warehouse(house.location, lock_timeout=0.1)


@contextmanager
def held_elsewhere(house: Warehouse, how: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that has the warehouse open for the length of the block."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(house.location.database), how, "60"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=CHECKOUT,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(timeout=60)
        assert process.stdout is not None
        process.stdout.close()


# --- transactions -------------------------------------------------------------------------------


def test_what_was_written_is_there(house: Warehouse) -> None:
    with house.write() as connection:
        connection.execute("INSERT INTO warehouse_kinds VALUES ('own', now())")
    assert kinds(house) == ["own"]


@pytest.mark.parametrize("interruption", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_interruption_while_writing_leaves_nothing(house: Warehouse, interruption: type[BaseException]) -> None:
    def write_and_fail() -> None:
        with house.write() as connection:
            connection.execute("INSERT INTO warehouse_kinds VALUES ('own', now())")
            connection.execute("CREATE TABLE half_made (x INTEGER)")
            raise interruption

    with pytest.raises(interruption):
        write_and_fail()
    assert kinds(house) == []
    with house.read() as connection:
        tables = connection.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'half_made'").fetchone()
    assert tables == (0,)


def test_after_a_faulty_statement_the_warehouse_can_be_written_again(house: Warehouse) -> None:
    def write_faultily() -> None:
        with house.write() as connection:
            connection.execute("INSERT INTO warehouse_kinds VALUES ('own', now())")
            connection.execute("INSERT INTO no_such_table VALUES (1)")

    with pytest.raises(duckdb.CatalogException):
        write_faultily()
    with house.write() as connection:
        connection.execute("INSERT INTO warehouse_kinds VALUES ('demo', now())")
    assert kinds(house) == ["demo"]


def test_a_reader_cannot_write(house: Warehouse) -> None:
    with pytest.raises(duckdb.InvalidInputException, match="read-only"), house.read() as connection:
        connection.execute("INSERT INTO warehouse_kinds VALUES ('own', now())")


def test_a_query_cannot_reach_out_of_the_warehouse_over_the_network(house: Warehouse) -> None:
    with pytest.raises(duckdb.Error, match="httpfs"), house.read() as connection:
        connection.execute("SELECT * FROM read_parquet('https://example.invalid/x.parquet')")


# --- the lock -----------------------------------------------------------------------------------


def test_a_writer_waits_for_a_reader_and_gives_up_with_the_file_and_the_seconds(house: Warehouse) -> None:
    with held_elsewhere(house, "read"), pytest.raises(WarehouseBusy) as caught, impatient(house).write():
        pass
    assert str(house.location.database) in str(caught.value)
    assert "0.1 s" in str(caught.value)


def test_a_reader_waits_for_a_writer_and_gives_up(house: Warehouse) -> None:
    with held_elsewhere(house, "write"), pytest.raises(WarehouseBusy, match=r"0\.1 s"), impatient(house).read():
        pass


def test_a_writer_waits_until_the_reader_has_finished(house: Warehouse) -> None:
    with held_elsewhere(house, "read") as reader:
        writer = subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(house.location.database), "write", "60"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            cwd=CHECKOUT,
        )
        assert reader.stdin is not None
        reader.stdin.close()
        printed, _ = writer.communicate(timeout=60)
    assert printed == "held\n"
    assert writer.returncode == 0
    assert kinds(house) == ["unfinished"]


def test_two_processes_read_at_once(house: Warehouse) -> None:
    with held_elsewhere(house, "read"), held_elsewhere(house, "read"):
        assert kinds(impatient(house)) == []


@pytest.mark.parametrize("how", ["read", "write"])
def test_a_killed_process_releases_the_lock_and_leaves_nothing_half_written(house: Warehouse, how: str) -> None:
    with held_elsewhere(house, how) as process:
        os.kill(process.pid, signal.SIGKILL)
        assert process.wait(timeout=60) == -signal.SIGKILL
        assert kinds(impatient(house)) == []
        with impatient(house).write() as connection:
            connection.execute("INSERT INTO warehouse_kinds VALUES ('own', now())")
        assert kinds(house) == ["own"]


def test_what_a_process_committed_before_it_was_killed_is_there_for_a_reader(house: Warehouse) -> None:
    # Killed between its commit and the closing of the file: what it wrote lies in the write-ahead log alone.
    killed = subprocess.run(
        [
            sys.executable,
            "-c",
            "import os, signal, sys, duckdb\n"
            "connection = duckdb.connect(sys.argv[1])\n"
            "connection.execute(\"INSERT INTO warehouse_kinds VALUES ('own', now())\")\n"
            "os.kill(os.getpid(), signal.SIGKILL)\n",
            str(house.location.database),
        ],
        cwd=CHECKOUT,
        check=False,
        timeout=60,
    )
    assert killed.returncode == -signal.SIGKILL
    assert house.location.database.with_name("claimgate.duckdb.wal").exists()
    assert kinds(house) == ["own"]


@pytest.mark.parametrize("outer", ["read", "write"])
@pytest.mark.parametrize("inner", ["read", "write"])
def test_opening_inside_an_open_connection_is_refused_at_once(house: Warehouse, outer: str, inner: str) -> None:
    another = Warehouse(house.location, lock_timeout=60)
    with getattr(house, outer)():
        for one in (house, another):
            with pytest.raises(RuntimeError, match="inside another one"), getattr(one, inner)():
                pass
    assert kinds(house) == []


def test_two_warehouses_may_be_open_at_once(house: Warehouse, tmp_path: Path) -> None:
    other = Warehouse(WarehouseLocation(tmp_path / "other" / "claimgate.duckdb"))
    with house.read(), other.write() as connection:
        connection.execute("INSERT INTO warehouse_kinds VALUES ('demo', now())")
    assert (kinds(house), kinds(other)) == ([], ["demo"])


# --- reads that share a connection --------------------------------------------------------------


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which database files were opened, one entry each time."""
    found: list[str] = []
    connect = duckdb.connect

    def counting(database: str, **settings: Any) -> duckdb.DuckDBPyConnection:
        found.append(database)
        return connect(database, **settings)

    monkeypatch.setattr(duckdb, "connect", counting)
    return found


def test_reads_side_by_side_open_the_database_once(house: Warehouse, opened: list[str]) -> None:
    another = Warehouse(house.location)
    with house.reading(), another.reading():
        assert [kinds(house), kinds(another)] == [[], []]
    assert opened == [str(house.location.database)]
    assert [kinds(house), kinds(house)] == [[], []]
    assert len(opened) == 3


def test_two_shared_reads_may_be_open_at_once_and_both_tell_the_time_in_utc(house: Warehouse) -> None:
    with house.reading(), house.read() as one, house.read() as two:
        assert one.execute("SELECT 1").fetchone() == two.execute("SELECT 1").fetchone()
        for connection in (one, two):
            assert connection.execute("SELECT current_setting('TimeZone')").fetchone() == ("UTC",)


def test_a_shared_read_cannot_write(house: Warehouse) -> None:
    with (
        pytest.raises(duckdb.InvalidInputException, match="read-only"),
        house.reading(),
        house.read() as connection,
    ):
        connection.execute("INSERT INTO warehouse_kinds VALUES ('own', now())")


def test_writing_while_reads_share_a_connection_is_refused_at_once_and_so_is_sharing_while_writing(
    house: Warehouse,
) -> None:
    with house.reading(), pytest.raises(RuntimeError, match="inside another one"), house.write():
        pass
    for outer in (house.read, house.write):
        with outer(), pytest.raises(RuntimeError, match="inside another one"), house.reading():
            pass
    assert kinds(house) == []


def test_a_writer_waits_for_shared_reads_and_readers_do_not(house: Warehouse) -> None:
    with held_elsewhere(house, "reading"):
        assert kinds(impatient(house)) == []
        with pytest.raises(WarehouseBusy), impatient(house).write():
            pass
    with impatient(house).write():
        pass


def test_shared_reads_let_go_of_the_warehouse_when_something_goes_wrong(house: Warehouse) -> None:
    def read_and_fail() -> None:
        with house.reading(), house.reading():
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - nothing to say
        read_and_fail()
    with impatient(house).write() as connection:
        connection.execute("INSERT INTO warehouse_kinds VALUES ('own', now())")
    assert kinds(house) == ["own"]


def test_another_thread_does_not_use_what_reads_of_this_one_share(house: Warehouse, opened: list[str]) -> None:
    with house.reading(), ThreadPoolExecutor(1) as pool:
        assert pool.submit(kinds, house).result(timeout=60) == []
    assert len(opened) == 2


# --- what is there ------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["read", "reading"])
def test_reading_a_warehouse_that_is_not_there_says_what_makes_one(tmp_path: Path, how: str) -> None:
    missing = Warehouse(WarehouseLocation(tmp_path / "nowhere" / "claimgate.duckdb"))
    says = pytest.raises(WarehouseMissing, match=r"no warehouse at .*nowhere.*`claimgate run` makes it")
    with says, getattr(missing, how)():
        pass
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("how", ["read", "reading", "write"])
def test_a_warehouse_of_a_later_version_is_left_alone(house: Warehouse, how: str) -> None:
    with house.write() as connection:
        connection.execute("INSERT INTO schema_version VALUES (?, now())", [SCHEMA_VERSION + 1])
    before = house.location.database.read_bytes()
    later = Warehouse(house.location)
    with (
        pytest.raises(WarehouseTooNew, match=rf"schema {SCHEMA_VERSION + 1}; this version knows {SCHEMA_VERSION}"),
        getattr(later, how)(),
    ):
        pass
    assert house.location.database.read_bytes() == before

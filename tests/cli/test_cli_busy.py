"""A warehouse that another process holds: commands wait, and say so when the time is up."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import pond_records
from tests.processes import CHECKOUT, House

HOLDER = """
import sys
from warehouse.connection import Warehouse
from warehouse.location import WarehouseLocation
with Warehouse(WarehouseLocation.of(sys.argv[1])).write():
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def held(checked_copy: House) -> Iterator[House]:
    """A warehouse that another process is writing to until the test is over."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(checked_copy.database)],
        cwd=CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield checked_copy
    finally:
        holder.kill()
        holder.communicate()


@pytest.mark.parametrize("command", [("status", "--json"), ("show", "Shade over garden ponds", "--json")])
def test_a_reader_gives_up_with_a_sentence_when_the_time_is_up(held: House, command: tuple[str, ...]) -> None:
    ended = held.claimgate(*command, LOCK_TIMEOUT="0.3")
    assert (ended.code, ended.out) == (1, "")
    assert "in use by another process for 0.3 s" in ended.complaint


def test_a_run_gives_up_with_a_sentence_when_the_time_is_up(held: House, tmp_path: Path) -> None:
    inbox = pond_records.write_two(tmp_path / "inbox")
    ended = held.claimgate("run", inbox, "--json", LOCK_TIMEOUT="0.3")
    assert (ended.code, ended.out) == (1, "")
    assert "in use by another process" in ended.complaint

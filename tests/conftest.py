"""Fixtures of the whole suite: warehouses to run commands on, and the corpus of published records."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests import pond_records
from tests.processes import House

# A busy machine is no failure of a property.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@dataclass(frozen=True)
class Checked:
    """A warehouse after one run over four records and one empty file, and what that run printed."""

    house: House
    inbox: Path
    printed: Any
    progress: str

    def record(self, title: str) -> Any:
        return next(one for one in self.printed["records"] if one["title"] == title)


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of published records that CLAIMGATE_CORPUS names."""
    named = os.environ.get("CLAIMGATE_CORPUS")
    if not named:
        pytest.skip("CLAIMGATE_CORPUS names no folder of published records")
    return Path(named)


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A warehouse that is not there yet."""
    return House(tmp_path / "house")


@pytest.fixture(scope="session")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    """Shared and only read; a test that changes something takes `checked_copy`."""
    folder = tmp_path_factory.mktemp("checked")
    inbox = pond_records.write_four(folder / "inbox")
    (inbox / "e-empty.txt").write_bytes(b"")
    house = House(folder / "house")
    ended = house.claimgate("run", inbox, "--json")
    assert ended.code == 0, ended.err
    return Checked(house, inbox, ended.document, ended.err)


@pytest.fixture
def checked_copy(checked: Checked, tmp_path: Path) -> House:
    """A copy of the shared warehouse with all that lies beside it."""
    return checked.house.copy_to(tmp_path / "copy")

"""Which activations stand on a day, and which one took the place of each that does not."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from warehouse.connection import Warehouse
from warehouse.gates import Activation, activations
from warehouse.location import WarehouseLocation
from warehouse.policies import activate_shipped, standing, superseded

LATE = date(2026, 12, 31)


def an_activation(gate: str, version: str, month: int, supersedes: str | None = None) -> Activation:
    day = date(2026, month, 1)
    policy = (
        f"gate: {gate}\nversion: {version}\ntitle: Verification\nquestion: Is it so?\nkind: artifact\n"
        f"active_on: {day}\n{f'supersedes: {supersedes}' if supersedes else ''}\n"
    )
    return Activation(f"{gate}@{day}", gate, version, "Verification", day, policy)


FIRST = an_activation("gate-2", "v1", 1)
SECOND = an_activation("gate-2", "v2", 3, "v1")
THIRD = an_activation("gate-2", "v3", 6, "v2")
BESIDE = an_activation("gate-2", "v2", 3)  # supersedes nothing
OTHER_GATE = an_activation("gate-1", "v2", 3, "v1")
AGAIN = an_activation("gate-2", "v1", 9)
UNREADABLE = Activation("gate-2@2026-03-01", "gate-2", "v2", "Verification", date(2026, 3, 1), "gate: [")


@pytest.mark.parametrize(
    ("held", "on", "gone"),
    [
        ([], LATE, {}),
        ([FIRST], LATE, {}),
        ([FIRST, SECOND], date(2026, 2, 28), {}),
        ([FIRST, SECOND], date(2026, 3, 1), {FIRST: SECOND}),
        ([FIRST, SECOND, THIRD], date(2026, 5, 31), {FIRST: SECOND}),
        ([FIRST, SECOND, THIRD], LATE, {FIRST: SECOND, SECOND: THIRD}),
        ([FIRST, BESIDE], LATE, {}),
        ([FIRST, OTHER_GATE], LATE, {}),
        ([FIRST, SECOND, AGAIN], LATE, {FIRST: SECOND}),
        ([FIRST, UNREADABLE], LATE, {}),
    ],
    ids=[
        "none", "alone", "not yet", "from its day on", "one after the other, not yet", "one after the other",
        "beside each other", "another gate", "activated anew later", "a policy that is none",
    ],
)  # fmt: skip
def test_an_activation_is_superseded_from_the_day_of_a_later_version_that_says_so(
    held: list[Activation], on: date, gone: dict[Activation, Activation]
) -> None:
    assert superseded(held, on) == {one.activation_id: later for one, later in gone.items()}


def test_in_a_fresh_warehouse_everything_shipped_is_active_and_each_gate_stands_once(tmp_path: Path) -> None:
    house = Warehouse(WarehouseLocation(tmp_path / "claimgate.duckdb"))
    activate_shipped(house, recorded_at=datetime(2026, 12, 31, tzinfo=UTC))
    gates = [one.gate for one in standing(house, LATE)]
    assert sorted(gates) == sorted({one.gate for one in activations(house)})
    before = {one.activation_id for one in standing(house, date(2026, 10, 31))}
    assert before >= {"gate-2@2026-06-10", "gate-2@2026-11-01"}  # what is to come stands beside what still holds

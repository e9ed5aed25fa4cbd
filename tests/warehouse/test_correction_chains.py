"""The correction log in the warehouse: whatever SQL is run on a copy is found, and the place of it named."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.warehouse.a_warehouse import copy_of, spoil
from tests.warehouse.corrected_records import FERN, MOSS, REED, corrected_warehouse
from warehouse.connection import Warehouse
from warehouse.correction_chains import checked_logs, correction_heads


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Only read; a test that spoils takes a copy."""
    return corrected_warehouse(tmp_path_factory.mktemp("published"))


@pytest.fixture
def house(published: Warehouse, tmp_path: Path) -> Warehouse:
    return copy_of(published, tmp_path / "copy")


def breaks(house: Warehouse) -> list[tuple[str | None, int | None, str]]:
    with house.reading():
        found = [log.broken for log in checked_logs(house) if log.broken]
    return [(one.record_id, one.sequence, one.what) for one in found]


def test_what_was_published_holds(published: Warehouse) -> None:
    logs = list(checked_logs(published))
    assert [(log.record_id, len(log.events), log.broken) for log in logs] == [
        (FERN, 1, None),
        (MOSS, 3, None),
        (REED, 0, None),
    ]
    assert {(one.record_id, one.count, one.hash) for one in correction_heads(published)} == {
        (log.record_id, len(log.events), log.head) for log in logs if log.events
    }


def edit(field: str, value: str, sequence: int = 2) -> str:
    return (
        f"UPDATE corrections SET correction = json_merge_patch(correction, '{{\"{field}\": {value}}}') "
        f"WHERE record_id = '{MOSS}' AND sequence = {sequence}"
    )


STATES = f"FROM public_states WHERE record_id = '{MOSS}' AND state LIKE "
TAMPERED: dict[str, tuple[tuple[str, ...], int | None, str]] = {
    "why": ((edit("why", '"nothing happened"'),), 2, "hash does not agree"),
    "after": ((edit("after", '{"title": "Z"}'),), 2, "hash does not agree"),
    "time": ((edit("recorded_at", '"2020-01-01T00:00:00Z"'),), 2, "hash does not agree"),
    "hash": ((edit("hash", '"0"'),), 2, "columns"),
    "hash in both places": (
        (edit("hash", '"0"'), f"UPDATE corrections SET hash = '0' WHERE record_id = '{MOSS}' AND sequence = 2"),
        2,
        "hash does not agree",
    ),
    "kind of the column": ((f"UPDATE corrections SET kind = 'CLAIM' WHERE record_id = '{MOSS}'",), 1, "columns"),
    "no JSON": (("UPDATE corrections SET correction = 'x' WHERE sequence = 3",), 3, "not readable"),
    "null": (("UPDATE corrections SET correction = NULL WHERE sequence = 3",), 3, "not readable"),
    "the first is gone": (
        (f"DELETE FROM corrections WHERE record_id = '{MOSS}' AND sequence = 1",),
        1,
        "sequence is 2",
    ),
    "one is gone": ((f"DELETE FROM corrections WHERE record_id = '{MOSS}' AND sequence = 2",), 2, "sequence is 3"),
    "the last is gone": (("DELETE FROM corrections WHERE sequence = 3",), 3, "METADATA 'title'"),
    "all are gone": ((f"DELETE FROM corrections WHERE record_id = '{MOSS}'",), 1, "METADATA 'title'"),
    "one is there twice": (("INSERT INTO corrections FROM corrections WHERE sequence = 2",), 3, "sequence is 2"),
    "out of order": (
        (f"UPDATE corrections SET sequence = 5 - sequence WHERE record_id = '{MOSS}' AND sequence > 1",),
        2,
        "columns",
    ),
    "another state": (
        (f"UPDATE corrections SET state_id = 'x' WHERE record_id = '{MOSS}' AND sequence = 2",),
        2,
        "differs",
    ),
    "a state rewritten": (
        (f"UPDATE public_states SET state = replace(state, '\"D\"', '\"Z\"') WHERE record_id = '{MOSS}'",),
        None,
        "it was rewritten",
    ),
    "the last state is gone": ((f"DELETE {STATES} '%\"D\"%'",), 3, "not held"),
    "a state between is gone": ((f"DELETE {STATES} '%\"C\"%'",), None, "no chain"),
    "the first state is gone": ((f"DELETE {STATES} '%\"A\"%'",), None, "no chain"),
    "all states are gone": ((f"DELETE FROM public_states WHERE record_id = '{MOSS}'",), 1, "no public state"),
    "no state": ((f"UPDATE public_states SET state = 'x' WHERE record_id = '{MOSS}'",), None, "rewritten"),
}


@pytest.mark.parametrize("how", TAMPERED)
def test_tampering_with_one_record_is_found_at_its_place_and_in_no_other_record(house: Warehouse, how: str) -> None:
    statements, sequence, what = TAMPERED[how]
    spoil(house, *statements)
    ((record_id, place, said),) = breaks(house)
    assert (record_id, place) == (MOSS, sequence)
    assert what in said


def test_a_correction_that_was_moved_to_another_record_or_to_none_is_found(house: Warehouse) -> None:
    spoil(house, f"UPDATE corrections SET record_id = NULL WHERE record_id = '{MOSS}' AND sequence = 2")
    assert [(name, place) for name, place, _ in breaks(house)] == [("", 1), (MOSS, 2)]
    spoil(house, f"UPDATE corrections SET record_id = '{FERN}' WHERE record_id IS NULL")
    assert [(name, place) for name, place, _ in breaks(house)] == [(FERN, 2), (MOSS, 2)]


def test_a_whole_log_that_was_moved_to_another_record_is_found_in_both(house: Warehouse) -> None:
    spoil(house, f"UPDATE corrections SET record_id = '{REED}' WHERE record_id = '{MOSS}'")
    (moss, reed) = breaks(house)
    assert moss[:2] == (MOSS, 1)
    assert reed == (REED, 1, "filed under another record")

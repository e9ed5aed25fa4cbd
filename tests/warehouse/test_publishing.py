"""Public states, corrections, manifests and pages: what did not change is not written again."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipelines.models import Correction
from pipelines.publication.corrections import correction_events, public_state, verify_chain
from pipelines.publication.views import PublicRecord
from tests.publication.published_records import rich_record
from warehouse.append import Stamp
from warehouse.connection import Warehouse
from warehouse.location import WarehouseLocation
from warehouse.publication import (
    MadeManifest,
    NewState,
    PublishedMeanwhile,
    corrections_of,
    held_states,
    manifests_of,
    save_manifests,
    save_pages,
    save_states,
)

MONDAY = datetime(2026, 7, 6, 9, 0, tzinfo=UTC)
TUESDAY, WEDNESDAY = (MONDAY.replace(day=day) for day in (7, 8))


@pytest.fixture
def house(tmp_path: Path) -> Warehouse:
    made = Warehouse(WarehouseLocation(tmp_path / "claimgate.duckdb"))
    with made.write():
        pass
    return made


@pytest.fixture
def record() -> PublicRecord:
    return rich_record(corrections=())


def events(house: Warehouse, record: PublicRecord, state: dict[str, Any], moment: datetime) -> tuple[Correction, ...]:
    """What the change from the state held to `state` makes, as the asset asks for it."""
    before = held_states(house, [record.record_id]).get(record.record_id)
    earlier = corrections_of(house, [record.record_id]).get(record.record_id, ())
    return correction_events(
        before.state if before else None,
        state,
        record_id=record.record_id,
        previous=earlier[-1] if earlier else None,
        why="checked again",
        recorded_at=moment,
    )


def publish(house: Warehouse, record: PublicRecord, title: str, moment: datetime) -> int:
    state = public_state(record.model_copy(update={"title": title}))
    made = events(house, record, state, moment)
    return save_states(house, [NewState.of(record, f"under {title}", state, made)], Stamp(moment, "by hand"))


def test_the_first_publication_corrects_nothing_and_a_change_back_is_a_correction_of_its_own(
    house: Warehouse, record: PublicRecord
) -> None:
    assert publish(house, record, "A", MONDAY) == 0
    assert publish(house, record, "B", TUESDAY) == 1
    assert publish(house, record, "A", WEDNESDAY) == 1
    chain = corrections_of(house, [record.record_id])[record.record_id]
    assert [one.after for one in chain] == [{"title": "B"}, {"title": "A"}]
    assert verify_chain(chain) is None


def test_a_state_in_force_is_not_published_again_nor_corrected_by_a_second_run(
    house: Warehouse, record: PublicRecord
) -> None:
    publish(house, record, "A", MONDAY)
    state = public_state(record.model_copy(update={"title": "B"}))
    made = events(house, record, state, TUESDAY)
    changed = [NewState.of(record, "under B", state, made)]
    assert save_states(house, changed, Stamp(TUESDAY, "one run")) == 1
    assert save_states(house, changed, Stamp(WEDNESDAY, "another that began before it ended")) == 0
    assert len(corrections_of(house, [record.record_id])[record.record_id]) == 1


def test_a_correction_of_a_state_that_is_no_longer_the_last_is_refused_and_nothing_is_saved(
    house: Warehouse, record: PublicRecord
) -> None:
    publish(house, record, "A", MONDAY)
    late = public_state(record.model_copy(update={"title": "C"}))
    made = events(house, record, late, TUESDAY)
    publish(house, record, "B", TUESDAY)
    with pytest.raises(PublishedMeanwhile, match="run it again"):
        save_states(house, [NewState.of(record, "under C", late, made)], Stamp(WEDNESDAY, "late"))
    held = held_states(house, [record.record_id])[record.record_id]
    assert held.fingerprint == "under B"
    assert [one.after for one in corrections_of(house, [record.record_id])[record.record_id]] == [{"title": "B"}]


def test_a_correction_that_follows_the_newest_event_but_starts_from_an_older_state_is_refused(
    house: Warehouse, record: PublicRecord
) -> None:
    publish(house, record, "A", MONDAY)
    older = held_states(house, [record.record_id])[record.record_id].state
    publish(house, record, "B", TUESDAY)
    state = public_state(record.model_copy(update={"title": "C"}))
    made = correction_events(
        older,
        state,
        record_id=record.record_id,
        previous=corrections_of(house, [record.record_id])[record.record_id][-1],
        why="checked again",
        recorded_at=WEDNESDAY,
    )
    with pytest.raises(PublishedMeanwhile, match="run it again"):
        save_states(house, [NewState.of(record, "under C", state, made)], Stamp(WEDNESDAY, "late"))
    assert len(corrections_of(house, [record.record_id])[record.record_id]) == 1


def test_a_manifest_and_a_page_are_written_when_their_bytes_change(house: Warehouse) -> None:
    for moment, sha256, new in ((MONDAY, "a", 1), (TUESDAY, "a", 0), (WEDNESDAY, "b", 1), (WEDNESDAY, "b", 0)):
        stamp = Stamp(moment, "by hand")
        made = MadeManifest("record", sha256, "{}", zlib.compress(f'{{"of": "{sha256}"}}'.encode()))
        assert save_manifests(house, [made], stamp) == new
        assert save_pages(house, [("record", "record.html", sha256), (None, "index.html", "same")], stamp) == new + (
            moment == MONDAY
        )
    assert manifests_of(house, ["record", "another"]) == {"record": b'{"of": "b"}'}


def test_a_manifest_of_a_warehouse_of_before_its_bytes_were_compressed_is_read(house: Warehouse) -> None:
    with house.write() as connection:
        connection.execute(
            "INSERT INTO manifests BY NAME SELECT 'id' AS manifest_id, 'record' AS record_id, '{}' AS manifest"
        )
    assert manifests_of(house, ["record"]) == {"record": b"{}"}

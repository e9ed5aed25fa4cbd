"""Records that were published and corrected, as the corrections asset publishes them, without Dagster."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from pipelines.models import ClaimVerdict
from pipelines.publication.corrections import correction_events, public_state
from tests.publication.published_records import rich_record
from tests.warehouse.a_warehouse import saved_record
from warehouse.append import Stamp
from warehouse.connection import Warehouse
from warehouse.location import WarehouseLocation
from warehouse.public_states import state_fingerprint
from warehouse.publication import NewState, corrections_of, held_states, save_states

MOSS, FERN, REED = "test:moss", "test:fern", "test:reed"
FIRST = datetime(2026, 7, 6, 9, 0, tzinfo=UTC)


def publish(house: Warehouse, record_id: str, title: str, day: int, *, refuted: str | None = None) -> None:
    """Publish the record under this title, as the asset does; `refuted`: a claim whose verdict is now another."""
    record = rich_record(corrections=()).model_copy(update={"record_id": record_id, "title": title})
    claims = tuple(
        view.model_copy(update={"verdict": ClaimVerdict.REFUTED}) if view.claim.claim_id == refuted else view
        for view in record.claims
    )
    record = record.model_copy(update={"claims": claims})
    state, moment = public_state(record), FIRST.replace(day=day)
    with house.reading():
        before = held_states(house, [record_id]).get(record_id)
        earlier = corrections_of(house, [record_id]).get(record_id, ())
    made = correction_events(
        before.state if before else None,
        state,
        record_id=record_id,
        previous=earlier[-1] if earlier else None,
        why="checked again",
        recorded_at=moment,
    )
    save_states(house, [NewState.of(record, state_fingerprint(state), state, made)], Stamp(moment, "by hand"))


def corrected_warehouse(folder: Path) -> Warehouse:
    """Moss with three corrections, fern with one, reed with none."""
    house = Warehouse(WarehouseLocation(folder / "claimgate.duckdb"))
    saved_record(house, FIRST)
    for day, title in enumerate("ABCD", start=FIRST.day):
        publish(house, MOSS, title, day)
    for record_id, title, day in ((FERN, "X", 6), (FERN, "Y", 7), (REED, "R", 6)):
        publish(house, record_id, title, day)
    return house

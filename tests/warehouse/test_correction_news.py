"""What the feed and the sitemap are made of, read from a warehouse of corrected records."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.publication.feeds import CorrectionEntry
from tests.warehouse.a_warehouse import copy_of, sentences, spoil
from tests.warehouse.corrected_records import FERN, FIRST, MOSS, REED, corrected_warehouse, publish
from warehouse.append import Stamp
from warehouse.connection import Warehouse
from warehouse.correction_news import newest_corrections, origin_of, page_times
from warehouse.extraction import save_claims
from warehouse.ingestion import records_of
from warehouse.location import WarehouseLocation
from warehouse.publication import save_pages


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Moss with three corrections and fern with one, both with a page; only read."""
    house = corrected_warehouse(tmp_path_factory.mktemp("news"))
    save_pages(house, [(one, f"{one[5:]}.html", "0") for one in (MOSS, FERN)], Stamp(FIRST, "first"))
    later = Stamp(FIRST.replace(day=9), "second")
    save_pages(house, [(MOSS, "moss.html", "1"), (MOSS, "moss/manifest.json", "1"), (None, "index.html", "1")], later)
    return house


def sequence(entries: tuple[CorrectionEntry, ...]) -> list[tuple[str, int]]:
    return [(one.record_id, one.correction.sequence) for one in entries]


def test_the_newest_corrections_come_first_whatever_record_they_are_of(published: Warehouse) -> None:
    assert sequence(newest_corrections(published, 10)) == [(MOSS, 3), (MOSS, 2), (FERN, 1), (MOSS, 1)]
    assert sequence(newest_corrections(published, 2)) == [(MOSS, 3), (MOSS, 2)]


def test_a_record_without_a_page_is_not_linked(published: Warehouse, tmp_path: Path) -> None:
    house = copy_of(published, tmp_path)
    spoil(house, f"DELETE FROM pages WHERE record_id = '{FERN}'")
    assert {record_id for record_id, _ in sequence(newest_corrections(house, 10))} == {MOSS}
    assert REED not in {record_id for record_id, _ in sequence(newest_corrections(published, 10))}


def test_titles_and_numbers_of_claims_are_those_in_force(published: Warehouse, tmp_path: Path) -> None:
    house = copy_of(published, tmp_path)
    (record,) = records_of(house, record_ids=[MOSS])
    claims = tuple(claim.model_copy(update={"claim_id": f"claim-{claim.ordinal:02}"}) for claim in sentences(record))
    save_claims(house, [(record, claims)], "extractor-1", Stamp(FIRST, "first"))
    publish(house, MOSS, "E", day=12, refuted="claim-01")
    newest = newest_corrections(house, 2)
    by_kind = {one.correction.kind: one for one in newest}
    assert {one.title for one in newest} == {"Moss"}  # as the record states it, not as the correction was made
    assert by_kind["CLAIM"].ordinals == {"claim-01": 1}


def test_pages_have_the_time_at_which_their_bytes_last_changed(published: Warehouse) -> None:
    assert page_times(published) == {
        "fern.html": FIRST,
        "index.html": FIRST.replace(day=9),
        "moss.html": FIRST.replace(day=9),
    }


def test_the_origin_is_the_run_that_brought_the_first_record(published: Warehouse, tmp_path: Path) -> None:
    with published.read() as connection:
        runs = {run for (run,) in connection.execute("SELECT run_id FROM records").fetchall()}
    assert origin_of(published) in runs
    empty = Warehouse(WarehouseLocation(tmp_path / "empty.duckdb"))
    with empty.write():
        pass
    assert origin_of(empty) == ""

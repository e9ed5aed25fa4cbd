"""The site after a record was taken down: a page that says so, its hashes and its log, and nothing else of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from assets.site_folder import SiteFolder
from assets.tombstones import bring_down, put_tombstones
from pipelines.publication.site.build import index_pages, tombstone_page
from pipelines.publication.site.text import corrections_name, folder_name, manifest_name, page_name
from pipelines.publication.tombstones import RemovedText, Tombstone, tombstone_bytes
from tests.warehouse.a_warehouse import saved_record
from warehouse.append import Stamp
from warehouse.connection import Warehouse
from warehouse.location import WarehouseLocation
from warehouse.publication import save_pages
from warehouse.published import page_hashes
from warehouse.withdrawals import Subject, withdraw

AT = datetime(2026, 7, 1, 9, tzinfo=UTC)
MOMENT = Stamp(AT, "test")
MOSS = "test:moss"
STONE = Tombstone(
    withdrawal_id="w",
    kind="record",
    subject_id='srch:"><script>alert(1)</script>',
    withdrawn_at=AT,
    reason="</p><script>alert(2)</script> \u202egnol",
    by="<b>B.</b>",
    removed=(RemovedText(what="document", id="d" * 64, sha256="d" * 64, size=12_345),),
)


def test_all_files_of_a_withdrawn_record_go_but_the_page_the_hashes_and_the_log(tmp_path: Path) -> None:
    house = Warehouse(WarehouseLocation(tmp_path / "claimgate.duckdb"))
    saved_record(house, AT)
    folder, site = SiteFolder(house.location.site), house.location.site
    names = [page_name(MOSS), manifest_name(MOSS), corrections_name(MOSS), f"{folder_name(MOSS)}/deep/report.pdf"]
    save_pages(house, [folder.put(MOSS, name, b"Moss grows on the north side.") for name in names], MOMENT)
    folder.put(None, "other.html", b"Moss grows on the north side.")
    left_behind = site / folder_name(MOSS) / "of-an-earlier-run.txt"
    left_behind.write_text("Moss grows on the north side.")
    withdraw(house, Subject("record", MOSS), reason="asked for", by=None, stamp=MOMENT)
    bring_down(house, MOMENT)
    held = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    assert held == {page_name(MOSS), manifest_name(MOSS), corrections_name(MOSS), "other.html"}
    assert set(page_hashes(house)[MOSS]) == {page_name(MOSS), manifest_name(MOSS), corrections_name(MOSS)}
    page = (site / page_name(MOSS)).read_text()
    assert "Moss grows" not in page
    assert "asked for" in page
    stone = json.loads((site / manifest_name(MOSS)).read_text())
    assert (stone["schema"], stone["subject_id"], stone["reason"]) == ("claimgate-tombstone-v1", MOSS, "asked for")
    again = SiteFolder(site)
    put_tombstones(house, again, MOMENT)
    assert again.rewritten == 0


def test_where_nothing_was_taken_down_nothing_is_written(tmp_path: Path) -> None:
    house = Warehouse(WarehouseLocation(tmp_path / "claimgate.duckdb"))
    saved_record(house, AT)
    assert put_tombstones(house, SiteFolder(house.location.site), MOMENT) == ((), [])
    assert not house.location.site.exists()


def test_a_tombstone_s_page_escapes_what_people_wrote_and_is_named_in_the_index() -> None:
    page, index = tombstone_page(STONE), dict(index_pages([], [STONE]))["index.html"].decode()
    for text in (page, index):
        assert "<script" not in text
        assert "\u202e" not in text
        assert "&lt;script&gt;alert(2)" in text
    assert "12,345 bytes" in page
    assert "&lt;b&gt;B.&lt;/b&gt;" in page
    assert page_name(STONE.subject_id) in index
    assert "Taken down" not in dict(index_pages([]))["index.html"].decode()


def test_a_tombstone_s_file_is_json_in_a_fixed_form() -> None:
    data = tombstone_bytes(STONE)
    assert Tombstone.model_validate_json(data) == STONE
    assert data == tombstone_bytes(Tombstone.model_validate_json(data))

"""The files of sources and activations: written before what links them, and only where they are other than they lie."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from assets import source_and_gate_pages as room
from assets.site_folder import SiteFolder
from assets.source_and_gate_pages import activation_files, write_source_pages
from benchmarks import publication as made
from pipelines.models import Notice, NoticeKind
from pipelines.publication.site.text import activation_page_name, page_name, source_page_name
from tests.warehouse.a_warehouse import copy_of
from warehouse.append import Stamp
from warehouse.connection import Warehouse
from warehouse.gates import activations
from warehouse.location import WarehouseLocation
from warehouse.sources import append_works
from warehouse.verification import save_verdicts

SIZE = made.Size(records=3, claims=2, references=2)
RECORDS = tuple(f"made:{number:06d}" for number in range(3))
LATER = Stamp(made.RECORDED + timedelta(hours=1), "later")
ALL = {source_page_name(made.work(i, n).source_id) for i in range(3) for n in range(2)}


class Place:
    def __init__(self, house: Warehouse) -> None:
        self.house = house
        self.site = house.location.site

    def write(self, *record_ids: str, moment: Stamp = LATER) -> tuple[int, int, int]:
        """How many pages of sources were made anew, files considered, and files written."""
        folder = SiteFolder(self.site)
        anew = write_source_pages(self.house, folder, record_ids or RECORDS, moment)
        return anew, folder.considered, folder.rewritten

    def files(self) -> dict[str, bytes]:
        return {
            file.relative_to(self.site).as_posix(): file.read_bytes() for file in self.site.rglob("*") if file.is_file()
        }


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    house = Warehouse(WarehouseLocation(tmp_path_factory.mktemp("source pages") / "claimgate.duckdb"))
    made.fill(house, SIZE)
    return house


@pytest.fixture
def place(filled: Warehouse, tmp_path: Path) -> Place:
    return Place(copy_of(filled, tmp_path))


def test_every_source_gets_a_page_once(place: Place) -> None:
    assert place.write() == (6, 6, 6)
    assert set(place.files()) == ALL
    assert place.write() == (0, 6, 0)


def test_one_changed_verdict_rewrites_only_the_page_of_the_source_concerned(place: Place) -> None:
    place.write()
    before = place.files()
    later = Stamp(LATER.recorded_at + timedelta(hours=1), "a verdict changed")
    save_verdicts(place.house, [made.verdict(1, 1, SIZE, "changed")], later)
    assert place.write(moment=later) == (1, 6, 1)
    changed = {name for name, data in place.files().items() if before[name] != data}
    assert changed == {source_page_name(made.work(1, 1).source_id)}


def test_retraction_of_a_source_rewrites_its_page(place: Place) -> None:
    place.write()
    notice = Notice(kind=NoticeKind.RETRACTED, date="2026-06-20", origin="library:made.jsonl")
    with place.house.write() as connection:
        append_works(connection, [made.work(0, 0).model_copy(update={"notices": (notice,)})], [], LATER)
    assert place.write() == (1, 6, 1)
    page = place.files()[source_page_name(made.work(0, 0).source_id)].decode()
    assert page.index("RETRACTED") < page.index("<h1")


def test_page_that_was_spoiled_or_lost_comes_back(place: Place) -> None:
    place.write()
    before = place.files()
    lost, spoiled = sorted(ALL)[:2]
    (place.site / lost).unlink()
    (place.site / spoiled).write_text("spoiled", encoding="utf-8")
    assert place.write() == (2, 6, 2)
    assert place.files() == before


def test_run_that_is_killed_after_a_chunk_goes_on_where_it_stopped(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warehouse.source_pages.CHUNK", 4)
    monkeypatch.setattr(room, "SAVED_TOGETHER", 1)
    saved = []

    def killed(*args: object) -> int:
        if saved:
            raise KeyboardInterrupt
        saved.append(True)
        return saving(*args)  # type: ignore[arg-type]

    saving = room.save_source_pages
    monkeypatch.setattr(room, "save_source_pages", killed)
    with pytest.raises(KeyboardInterrupt):
        place.write()
    monkeypatch.setattr(room, "save_source_pages", saving)
    assert place.write() == (2, 6, 0), "the two whose chunk was not saved, and their bytes lie there"


def test_pages_of_several_pieces_are_saved_at_once_and_every_one_of_them(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warehouse.source_pages.CHUNK", 2)
    saves = []

    def counted(*args: object) -> int:
        saves.append(True)
        return saving(*args)  # type: ignore[arg-type]

    saving = room.save_source_pages
    monkeypatch.setattr(room, "save_source_pages", counted)
    monkeypatch.setattr(room, "SAVED_TOGETHER", 2)
    assert place.write() == (6, 6, 6)
    assert len(saves) == 2, "two pieces, then the third"
    assert place.write() == (0, 6, 0)


def test_run_of_one_record_looks_at_its_sources_only(place: Place) -> None:
    assert place.write(RECORDS[1]) == (2, 2, 2)
    assert set(place.files()) == {source_page_name(made.work(1, n).source_id) for n in range(2)}


def test_activations_all_have_a_file_and_link_only_records_that_get_a_page(place: Place) -> None:
    files = {name: data.decode() for _, name, data in activation_files(place.house, RECORDS[:1], made.RECORDED.date())}
    assert set(files) == {activation_page_name(one.activation_id) for one in activations(place.house)}
    page = files[activation_page_name("gate-0@2026-01-01")]
    assert page_name(RECORDS[0]) in page
    assert page_name(RECORDS[1]) not in page
    again = {name: data.decode() for _, name, data in activation_files(place.house, RECORDS[:1], made.RECORDED.date())}
    assert again == files

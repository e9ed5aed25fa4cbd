"""Publishing again: what did not change is neither read nor written, and what lies there wrongly is put right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from assets import publication as room
from assets import publication_work
from assets.partitions import COHORT
from assets.resources import Clock, SiteResource, WarehouseResource
from benchmarks import publication as made
from pipelines.publication.correction_log import HEADS
from pipelines.publication.site.build import manifest_name, page_name
from pipelines.publication.site.text import corrections_name, folder_name, source_page_name
from warehouse.append import Stamp
from warehouse.connection import Warehouse
from warehouse.ingestion import cohorts
from warehouse.location import WarehouseLocation
from warehouse.publication import save_pages
from warehouse.verification import save_verdicts

SIZE = made.Size(records=3, claims=2, references=2)
FIRST, SECOND, THIRD = (f"made:{number:06d}" for number in range(3))
NOW = made.RECORDED + timedelta(hours=2)
ASSETS = (room.corrections, room.manifests, room.exports, room.site)


class Place:
    """A warehouse of three records in three cohorts, and which of them each stage read."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.house = Warehouse(WarehouseLocation(folder / "claimgate.duckdb"))
        self.site = self.house.location.site
        self.now = NOW
        self.read: list[tuple[str, ...]] = []
        made.fill(self.house, SIZE)
        reading = publication_work.public_records

        def watched(house: Warehouse, record_ids: Sequence[str], **today: Any) -> Iterator[Any]:
            self.read.append(tuple(record_ids))
            return reading(house, record_ids, **today)

        monkeypatch.setattr(publication_work, "public_records", watched)
        monkeypatch.setattr(room, "public_records", watched)

    def publish(self, instance: dg.DagsterInstance, cohort: str) -> list[dict[str, int]]:
        """The counts of the three assets."""
        self.read.clear()
        self.now += timedelta(minutes=1)
        instance.add_dynamic_partitions(COHORT, [cohort])
        resources = {
            "warehouse": WarehouseResource(database=str(self.house.location.database)),
            "clock": Clock(fixed=self.now.isoformat()),
            "published_at": SiteResource(),
        }
        ran = dg.materialize(ASSETS, instance=instance, partition_key=cohort, resources=resources)
        return [
            {
                name: int(str(value.value))
                for name, value in ran.asset_materializations_for_node(node)[0].metadata.items()
            }
            for node in ("corrections", "manifests", "exports", "site")
        ]

    def files(self) -> dict[str, tuple[int, bytes]]:
        return {
            file.relative_to(self.site).as_posix(): (file.stat().st_mtime_ns, file.read_bytes())
            for file in self.site.rglob("*")
            if file.is_file()
        }


@pytest.mark.slow
def test_only_what_changed_is_read_and_written_and_what_was_spoiled_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Place(tmp_path, monkeypatch)
    with dg.DagsterInstance.ephemeral() as instance:
        months = cohorts(place.house)
        for cohort in months:
            place.publish(instance, cohort)
        first = place.files()
        assert [one["rewritten"] for one in place.publish(instance, months[0])[2:]] == [0, 0]
        assert {one for ids in place.read for one in ids} == set()
        assert place.files() == first

        left = f"{folder_name(FIRST)}/of-an-older-form.json"
        (place.site / left).write_text("{}")
        save_pages(place.house, [(FIRST, left, "0" * 64)], _later())
        save_verdicts(place.house, [made.verdict(0, 0, SIZE, "changed"), made.verdict(0, 1, SIZE, "changed")], _later())
        corrected, manifests, exports, site = place.publish(instance, months[0])
        assert (corrected["changed"], manifests["written"]) == (1, 1)
        assert {one for ids in place.read for one in ids} == {FIRST}
        changed = {name for name, held in place.files().items() if first.get(name) != held}
        source = source_page_name(made.work(0, 1).source_id)  # the claim on the other was refuted before, too
        own = {name for name in changed if name.startswith((f"{folder_name(FIRST)}/", page_name(FIRST)))}
        assert own > {page_name(FIRST), manifest_name(FIRST), corrections_name(FIRST)}
        lists = {name for name in changed if name.startswith(("records-", "search/"))}
        assert lists == {"records-2025-01.html", "search/claims-0.js", "search/records-0.js"}
        assert changed == {*own, *lists, source, "index.html", "system.html", "corrections.atom", HEADS}
        assert exports["rewritten"] + site["rewritten"] == len(changed)
        assert not (place.site / left).exists()
        assert left not in (place.site / page_name(FIRST)).read_text()
        assert place.publish(instance, months[0])[0]["changed"] == 0
        assert {one for ids in place.read for one in ids} == set()

        published = place.files()
        (place.site / page_name(FIRST)).unlink()
        (place.site / manifest_name(FIRST)).write_text("spoiled", encoding="utf-8")
        (place.site / "index.html").unlink()
        assert [one["rewritten"] for one in place.publish(instance, months[0])[2:]] == [1, 2]
        assert {name: held for name, (_, held) in place.files().items()} == {
            name: held for name, (_, held) in published.items()
        }

        monkeypatch.setattr("warehouse.published.code_version", lambda: "of another day")
        assert [one["rewritten"] for one in place.publish(instance, months[0])[2:]] == [0, 0]
        assert {one for ids in place.read for one in ids} == {FIRST, SECOND, THIRD}, "the others for their lines"


def _later() -> Stamp:
    return Stamp(made.RECORDED + timedelta(hours=1), "later")

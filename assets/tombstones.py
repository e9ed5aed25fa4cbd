"""What the site holds of a record that was taken down: a page that says so, its hashes, the log of its corrections."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from assets.site_folder import SiteFolder
from pipelines.publication.site.build import tombstone_page
from pipelines.publication.site.text import corrections_name, folder_name, manifest_name, page_name
from pipelines.publication.tombstones import Tombstone, tombstone_bytes
from warehouse.append import Stamp
from warehouse.connection import Warehouse
from warehouse.publication import corrections_of, save_pages
from warehouse.published import page_hashes, remove_pages
from warehouse.withdrawals import tombstones

EVENTS_SHOWN = 20


def put_tombstones(
    house: Warehouse, folder: SiteFolder, moment: Stamp
) -> tuple[tuple[Tombstone, ...], list[tuple[str | None, str, str]]]:
    """Replace what lies there of every withdrawn record; the tombstones, and the files as `save_pages` takes them."""
    with house.reading():
        gone = tombstones(house, "record")
        if not gone:
            return (), []
        events = corrections_of(house, [one.subject_id for one in gone])
        published = page_hashes(house)
    put: list[tuple[str | None, str, str]] = []
    removed: list[str] = []
    for one in gone:
        record_id = one.subject_id
        put.append(folder.put(record_id, manifest_name(record_id), tombstone_bytes(one)))
        page = tombstone_page(one, events.get(record_id, ())[-EVENTS_SHOWN:])
        put.append(folder.put(record_id, page_name(record_id), page.encode()))
        kept = {page_name(record_id), manifest_name(record_id), corrections_name(record_id)}
        removed += _remove(house.location.site, record_id, published.get(record_id, {}), kept)
    remove_pages(house, removed, moment)
    return gone, put


def _remove(site: Path, record_id: str, published: dict[str, str], kept: set[str]) -> Iterator[str]:
    """Remove every other file of a record, published or left behind; the paths within the site that were published."""
    lying = (path for path in (site / folder_name(record_id)).rglob("*") if path.is_file())
    for path in [*(site / name for name in published), *lying]:
        if path.relative_to(site).as_posix() not in kept:
            path.unlink(missing_ok=True)
    yield from (name for name in published if name not in kept)


def bring_down(house: Warehouse, moment: Stamp) -> None:
    """The same at once, outside a run; the index follows with the next one."""
    folder = SiteFolder(house.location.site)
    if house.location.site.exists():
        _, put = put_tombstones(house, folder, moment)
        save_pages(house, put, moment)

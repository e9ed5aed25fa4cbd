"""The pages of sources and of the gates' activations, for the site: written before the pages that link them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial

from assets.progress import say
from assets.publication_work import PutFiles
from assets.site_folder import SiteFolder
from assets.workers import shared, together
from pipelines.publication.site.folder_pages import activation_page, source_page
from pipelines.publication.site.text import activation_page_name, source_page_name
from warehouse.activation_pages import activation_pages
from warehouse.append import Stamp
from warehouse.connection import Warehouse
from warehouse.published import not_published, remove_pages
from warehouse.source_pages import (
    SOURCE_PAGES,
    SourceParts,
    pages_of_parts,
    save_source_pages,
    source_fingerprints,
    source_page_hashes,
    source_parts,
    sources_gone,
)
from warehouse.withdrawals import tombstones

MANY = 8_000  # pages from which on other processes are started
SAVED_TOGETHER = 8  # pieces: to commit one takes 0.3 s, and eight 0.6


def write_source_pages(house: Warehouse, folder: SiteFolder, record_ids: Sequence[str], moment: Stamp) -> int:
    """Write the pages of the sources that these records draw on, or drew on, where they are other than they lie there.

    `record_ids`: those that get a page in this run. How many were made anew. A chunk is written before it is saved, so
    that a run that is killed repeats it and forgets nothing.
    """
    with house.reading():
        # What a withdrawn record drew on tells of it no more.
        withdrawn = [one.subject_id for one in tombstones(house, "record")]
        shown = source_fingerprints(house, [*record_ids, *withdrawn])
        due = set(not_published(house, SOURCE_PAGES, shown))
        hashes, gone = source_page_hashes(house), {source_page_name(one) for one in sources_gone(house)}
    for path in gone.intersection(hashes):
        folder.remove(path)
    remove_pages(house, sorted(gone.intersection(hashes)), moment)
    made = 0
    wanted = [one for one in shown if one in due or not _stands(folder, one, hashes)]
    say("source pages", made, len(wanted))
    with source_parts(house, wanted, [*record_ids, *withdrawn]) as pieces:
        for some in together(shared(pieces, partial(_put, house), many=len(wanted) >= MANY), SAVED_TOGETHER):
            ids = [one for source_ids, _ in some for one in source_ids]
            put = PutFiles.of_all(files for _, files in some)
            save_source_pages(house, put.rows, {source_id: shown[source_id] for source_id in ids}, moment)
            folder.count(put.considered, put.rewritten)
            made += len(ids)
            say("source pages", made, len(wanted))
    return made


def _put(house: Warehouse, parts: SourceParts) -> tuple[list[str], PutFiles]:
    """Read and write the pages that these parts are of, and of which sources they are; any process can."""
    folder, pages = SiteFolder(house.location.site), pages_of_parts(house, parts)
    rows = [folder.put(None, source_page_name(one.source_id), source_page(one).encode()) for one in pages]
    return [one.source_id for one in pages], PutFiles(rows, {}, folder.considered, folder.rewritten)


def _stands(folder: SiteFolder, source_id: str, hashes: dict[str, str]) -> bool:
    """Whether a page that did not change lies there as published; it is then counted as considered."""
    path = source_page_name(source_id)
    stands = path in hashes and folder.stand(held := {path: hashes[path]})
    if stands:
        folder.leave(held)
    return stands


def activation_files(house: Warehouse, record_ids: Sequence[str], today: date) -> Iterator[tuple[None, str, bytes]]:
    """(None, name, bytes) of the page of every activation; `record_ids` as above."""
    for page in activation_pages(house, today=today, published=record_ids):
        yield None, activation_page_name(page.activation_id), activation_page(page).encode()

"""The files of the correction log, for the site."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from assets.building import in_chunks
from pipelines.publication.correction_log import HEADS, heads_bytes, log_bytes, read_heads
from pipelines.publication.site.text import corrections_name
from warehouse.connection import Warehouse
from warehouse.correction_chains import correction_heads
from warehouse.publication import corrections_of


def correction_files(
    house: Warehouse, wanted: Collection[str], *, published: Path
) -> Iterator[tuple[str | None, str, bytes]]:
    """Record id, name and bytes of each log that is `wanted` or has grown since `published`; the file of heads last.

    The heads are of all records: a log that grew must not wait for the run that makes its page anew.
    """
    read = read_heads(published.read_bytes()) if published.exists() else None
    known = frozenset(read.records) if read else frozenset()
    heads = correction_heads(house)
    due = {one.record_id: one.count for one in heads if one.record_id in wanted or one not in known}
    for chunk in in_chunks(list(due)):
        for record_id, events in corrections_of(house, chunk).items():
            # No more than the heads say: another run may have gone on meanwhile.
            yield record_id, corrections_name(record_id), log_bytes(events[: due[record_id]])
    yield None, HEADS, heads_bytes(heads)

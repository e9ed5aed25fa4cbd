"""What the feed of corrections and the sitemap are made of, for all records at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from pipelines.models import Correction
from pipelines.publication.feeds import CorrectionEntry
from warehouse.connection import Warehouse
from warehouse.statements import statement


def newest_corrections(warehouse: Warehouse, most: int) -> tuple[CorrectionEntry, ...]:
    """The `most` newest corrections of records that have a page, newest first."""
    with warehouse.read() as connection:
        rows = connection.execute(statement("publication/newest_corrections"), {"most": most}).fetchall()
        read = [(record_id, title, Correction.model_validate_json(event)) for record_id, title, event in rows]
        numbered = connection.execute(
            "SELECT record_id, claim_id, ordinal FROM current_claims "
            "WHERE claim_id IN (SELECT unnest(?::VARCHAR[])) AND record_id IN (SELECT unnest(?::VARCHAR[]))",
            [sorted(set(_claim_ids(event for _, _, event in read))), sorted({record_id for record_id, _, _ in read})],
        ).fetchall()
    ordinals: dict[str, dict[str, int]] = {}
    for record_id, claim_id, ordinal in numbered:
        ordinals.setdefault(record_id, {})[claim_id] = ordinal
    return tuple(
        CorrectionEntry(record_id=record_id, title=title, correction=event, ordinals=ordinals.get(record_id, {}))
        for record_id, title, event in read
    )


def _claim_ids(events: Iterable[Correction]) -> Iterable[str]:
    """Of the claims that the events are about: `claim.<id>.verdict`."""
    for event in events:
        for name in event.before.keys() | event.after.keys():
            if name.startswith("claim."):
                yield name.removeprefix("claim.").rpartition(".")[0]


def origin_of(warehouse: Warehouse) -> str:
    """A name that this warehouse keeps and no other has: the run that brought its first record; empty without one."""
    with warehouse.read() as connection:
        row = connection.execute("SELECT run_id FROM records ORDER BY recorded_at, row_id LIMIT 1").fetchone()
    return row[0] if row else ""


def page_times(warehouse: Warehouse) -> dict[str, datetime]:
    """Path of each page of the site to when its bytes last changed."""
    with warehouse.read() as connection:
        rows = connection.execute(
            "SELECT path, recorded_at FROM current_pages WHERE path LIKE '%.html' ORDER BY path"
        ).fetchall()
    return dict(rows)

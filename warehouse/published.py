"""The memo of the last stage: what of each record was published, and under which fingerprint.

Belongs here: knowing, in one statement for all records, which of them would be published other than they are. A batch
of a stage of publication marks a record as done under its fingerprint. Does not belong here: reading records
(`public_records`), saving what is published (`publication`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib.metadata import version
from pathlib import Path

import duckdb

from warehouse.append import Batch, Row, Stamp, append, append_batches, content_id, pending
from warehouse.connection import Warehouse
from warehouse.statements import batched, statement

CORRECTIONS, MANIFESTS, EXPORTS, SITE = "corrections", "manifests", "exports", "site"

RANKED_TOGETHER = 2_500  # records asked for in one statement: of 10,000 at once it holds 0.6 GB

_CHECKOUT = Path(__file__).resolve().parent.parent
_RENDERED_WITH = ("jinja2", "markupsafe", "orjson", "pydantic", "typst")


@cache
def code_version() -> str:
    """A hash of all code and rules that a page may be made by: no version that somebody forgets to raise."""
    digest = hashlib.sha256(" ".join(f"{name} {version(name)}" for name in _RENDERED_WITH).encode())
    files = [*(_CHECKOUT / "pipelines").rglob("*"), *(_CHECKOUT / "warehouse").glob("*.py")]
    files += [*(_CHECKOUT / "warehouse" / "sql").rglob("*.sql"), *(_CHECKOUT / "warehouse" / "views").glob("*.sql")]
    own = ("publication.py", "publication_work.py", "source_and_gate_pages.py")
    files += [_CHECKOUT / "assets" / name for name in own]
    for file in sorted(files):
        if file.is_file() and "__pycache__" not in file.parts:
            digest.update(f"\0{file.relative_to(_CHECKOUT).as_posix()}\0".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def published_fingerprints(
    warehouse: Warehouse, record_ids: Sequence[str], *, today: date, corrections: bool = True
) -> dict[str, str]:
    """Record id to a fingerprint of all that its page shows, on that day and by this code.

    To be asked for before the record is read: what changes in between is then published again, and never forgotten.
    """
    query, about = statement("publication/what_is_shown"), {"today": today, "corrections": corrections}
    with warehouse.read() as connection:
        rows = [
            row
            for some in batched(record_ids, RANKED_TOGETHER)
            for row in connection.execute(query, {"record_ids": some, **about}).fetchall()
        ]
    return {record_id: f"{code_version()}:{shown}" for record_id, shown in sorted(rows)}


def not_published(warehouse: Warehouse, stage: str, fingerprints: Mapping[str, str]) -> tuple[str, ...]:
    """The records that `stage` has not published as they are now, in the order given."""
    with warehouse.read() as connection:
        return pending(connection, stage, fingerprints)


def mark_published(
    connection: duckdb.DuckDBPyConnection,
    stage: str,
    fingerprints: Mapping[str, str],
    stamp: Stamp,
    lines: Mapping[str, str] | None = None,
) -> None:
    """Mark records as published, in the transaction of the caller; `lines` are theirs in the index."""
    batches = [
        Batch(record_id, fingerprint, [{"record_id": record_id, "line": lines[record_id]}] if lines else [])
        for record_id, fingerprint in fingerprints.items()
    ]
    append_batches(connection, stage, "index_lines", batches, stamp)


def record_ids_of(warehouse: Warehouse, cohorts: Sequence[str]) -> tuple[str, ...]:
    """The current records of some cohorts, in the order they came in; the records themselves are not read."""
    with warehouse.read() as connection:
        rows = connection.execute(
            "SELECT record_id FROM current_records WHERE cohort IN (SELECT unnest(?::VARCHAR[])) "
            "ORDER BY recorded_at, record_id",
            [list(cohorts)],
        ).fetchall()
    return tuple(record_id for (record_id,) in rows)


def index_lines(warehouse: Warehouse) -> dict[str, str | None]:
    """Every record that has a page to its line in the index; None where none is held that this code wrote."""
    with warehouse.read() as connection:
        rows = connection.execute(statement("publication/index_lines"), {"code": f"{code_version()}:"}).fetchall()
    return dict(rows)


def page_hashes(warehouse: Warehouse, record_ids: Sequence[str] | None = None) -> dict[str, dict[str, str]]:
    """Record id to the files it was last published with: path within the site to sha256. None: of all records."""
    with warehouse.read() as connection:
        rows = connection.execute(
            statement("publication/page_hashes"), {"record_ids": None if record_ids is None else list(record_ids)}
        ).fetchall()
    found: dict[str, dict[str, str]] = {}
    for record_id, path, sha256 in rows:
        found.setdefault(record_id, {})[path] = sha256
    return found


def manifest_hashes(warehouse: Warehouse) -> dict[str, str]:
    """Record id to the sha256 of its manifest in force."""
    with warehouse.read() as connection:
        return dict(connection.execute("SELECT record_id, sha256 FROM current_manifests").fetchall())


def list_paths(warehouse: Warehouse) -> tuple[str, ...]:
    """The lists of records and the files of the search that the site was last published with."""
    with warehouse.read() as connection:
        rows = connection.execute(
            "SELECT path FROM current_pages WHERE record_id IS NULL "
            "AND (path SIMILAR TO 'records-[^/]*[.]html' OR path LIKE 'search/%') ORDER BY path"
        ).fetchall()
    return tuple(path for (path,) in rows)


def remove_pages(warehouse: Warehouse, paths: Sequence[str], stamp: Stamp) -> None:
    """Remember that these files, as last published, lie in the site no more."""
    if not paths:
        return
    with warehouse.write() as connection:
        held = connection.execute(
            "SELECT path, record_id, page_id FROM current_pages WHERE path IN (SELECT unnest(?::VARCHAR[]))",
            [list(paths)],
        ).fetchall()
        rows: list[Row] = [
            {
                "page_id": content_id("page", path, None, page_id),
                "record_id": record_id,
                "path": path,
                "sha256": None,
                "previous_id": page_id,
                "recorded_at": stamp.recorded_at,
                "run_id": stamp.run_id,
            }
            for path, record_id, page_id in held
        ]
        append(connection, "pages", rows, key="page_id")

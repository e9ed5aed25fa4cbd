"""All that a warehouse holds, without what no two runs share: times, run ids, and hashes over times.

Left out, and why:
- recorded_at, as_of, run_id: when and by which run a fact was learned.
- manifests.sha256, manifest_id and previous_id, and pages.sha256, page_id and previous_id: a manifest
  and a page print when a gate was evaluated, and their ids are hashes of their bytes. `broken_hashes`
  recomputes the hashes instead.
- record_costs.processor_seconds: no two runs take the same.
- table_sizes: the checks' own memory, a set of rows for each time that they looked.
Times and seconds inside JSON and pages are replaced by one word.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pypdfium2

TIMES = {"recorded_at", "as_of", "run_id"}
OVER_TIMES = {
    "manifests": {"sha256", "manifest_id", "previous_id"},
    "pages": {"sha256", "page_id", "previous_id"},
    "record_costs": {"processor_seconds"},
}
SECONDS = re.compile(r'(?<="processor_seconds": )[\d.e-]+|(?<=seconds">)[\d.,]+')
NOT_COMPARED = {"table_sizes"}
HASH = re.compile(r"\b[0-9a-f]{64}\b")
SIZE = re.compile(r'(?<="contentSize": )"?\d+"?')
FEED_ID = re.compile(r"<id>urn:uuid:[0-9a-f-]+</id>")
ISO_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}| UTC)?")


def tables(database: Path) -> dict[str, list[str]]:
    """Table to its rows in a fixed order, each as text."""
    with duckdb.connect(str(database), read_only=True) as connection:
        names = [
            row[0]
            for row in connection.execute(
                "SELECT table_name FROM duckdb_tables() WHERE NOT internal ORDER BY table_name"
            ).fetchall()
        ]
        return {name: _rows(connection, name) for name in names if name not in NOT_COMPARED}


def _rows(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    cursor = connection.execute(f'SELECT * FROM "{table}"')
    columns = [column[0] for column in cursor.description or ()]
    left_out = TIMES | OVER_TIMES.get(table, set())
    return sorted(
        "\n".join(
            f"{name}: {_timeless(_unpacked(table, name, value))}"
            for name, value in zip(columns, row, strict=True)
            if name not in left_out
        )
        for row in cursor.fetchall()
    )


def _unpacked(table: str, name: str, value: Any) -> Any:
    return zlib.decompress(value).decode() if (table, name) == ("manifests", "body") and value else value


def _timeless(value: Any) -> Any:
    return SECONDS.sub("SECONDS", ISO_TIME.sub("TIME", value)) if isinstance(value, str) else value


def site_files(site: Path) -> dict[str, str]:
    """Path to content; times, and what is made of files with times in them, replaced by words."""
    files = {file.relative_to(site).as_posix(): file for file in sorted(site.rglob("*")) if file.is_file()}
    names = {hashlib.sha256(file.read_bytes()).hexdigest(): path for path, file in files.items()}
    return {path: _without_hashes(_timeless(_text(file)), names) for path, file in files.items()}


def _text(file: Path) -> str:
    if file.suffix == ".pdf":
        with closing(pypdfium2.PdfDocument(file)) as document:
            return "\n".join(page.get_textpage().get_text_bounded() for page in document)
    if file.suffix == ".parquet":
        return pl.read_parquet(file).write_json()
    if file.suffix == ".zip":
        return hashlib.sha256(file.read_bytes()).hexdigest()
    return file.read_text(encoding="utf-8")


def _without_hashes(text: str, names: Mapping[str, str]) -> str:
    """A hash of a file of the site says which file; sizes and the feed's ids are of times and runs."""
    said = HASH.sub(lambda found: f"hash of {names[found.group()]}" if found.group() in names else found.group(), text)
    return FEED_ID.sub("<id>ID</id>", SIZE.sub("SIZE", said))


def broken_hashes(database: Path, site: Path) -> list[str]:
    """Manifests and pages whose stored hash is not that of the text, or of the published file."""
    with duckdb.connect(str(database), read_only=True) as connection:
        manifests = connection.execute("SELECT record_id, sha256, body FROM manifests").fetchall()
        pages = connection.execute("SELECT path, sha256 FROM current_pages").fetchall()
    wrong = [one for one, sha256, body in manifests if hashlib.sha256(zlib.decompress(body)).hexdigest() != sha256]
    return wrong + [path for path, sha256 in pages if hashlib.sha256((site / path).read_bytes()).hexdigest() != sha256]

"""The content-addressed store of artifacts' files: bytes by their sha256, each stored once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

import duckdb

from warehouse.append import Row, append


class DamagedStore(RuntimeError):
    """Stored bytes do not hash to their name."""


def append_blobs(connection: duckdb.DuckDBPyConnection, blobs: Mapping[str, bytes], recorded_at: datetime) -> int:
    """Append (sha256 to bytes) what is not there yet. Raises ValueError for bytes under another name."""
    for sha256, data in blobs.items():
        if hashlib.sha256(data).hexdigest() != sha256:
            raise ValueError(f"The bytes under {sha256} hash to something else.")
    rows: list[Row] = [
        {"sha256": sha256, "size": len(data), "bytes": data, "recorded_at": recorded_at}
        for sha256, data in blobs.items()
    ]
    return append(connection, "artifact_blobs", rows, key="sha256")


def blobs(connection: duckdb.DuckDBPyConnection, wanted: list[str]) -> dict[str, bytes]:
    """sha256 to bytes, checked. Raises DamagedStore for one that is missing or altered."""
    rows = connection.execute(
        "SELECT sha256, bytes FROM artifact_blobs WHERE sha256 IN (SELECT unnest(?::VARCHAR[])) "
        "QUALIFY row_number() OVER (PARTITION BY sha256 ORDER BY recorded_at) = 1",
        [wanted],
    ).fetchall()
    found = {sha256: bytes(data) for sha256, data in rows}
    for sha256 in wanted:
        if sha256 not in found:
            raise DamagedStore(f"The store of artifacts holds no bytes of {sha256}.")
        if hashlib.sha256(found[sha256]).hexdigest() != sha256:
            raise DamagedStore(f"The store of artifacts holds other bytes under {sha256}.")
    return found

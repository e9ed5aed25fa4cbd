"""The digest of a library on disk: an I/O edge that tells, without parsing, whether anything changed."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pipelines.ingestion.files import find_files

BLOCK = 1 << 20


def library_digest(path: Path) -> str:
    """SHA-256 (hex) over the names and bytes of the library's files, in order of name."""
    digest = hashlib.sha256()
    for file in find_files([path]).files:
        digest.update(file.name.encode() + b"\0")
        with file.open("rb") as stream:
            while block := stream.read(BLOCK):
                digest.update(block)
    return digest.hexdigest()

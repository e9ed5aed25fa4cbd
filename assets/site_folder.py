"""The folder that the site lies in: files are written when their bytes changed, and what lies there can be told."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path


class SiteFolder:
    """`considered` and `rewritten` count files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.considered = 0
        self.rewritten = 0

    def put(self, record_id: str | None, path: str, data: bytes) -> tuple[str | None, str, str]:
        """Write a file unless it holds these bytes already; (record id, path, sha256), as the warehouse keeps it."""
        self.considered += 1
        self.rewritten += _write(self._folder / path, data)
        return record_id, path, hashlib.sha256(data).hexdigest()

    def stand(self, files: Mapping[str, str]) -> bool:
        """Whether all these files lie there as they were published; `files` are path to sha256."""
        return all(self._holds(path, sha256) for path, sha256 in files.items())

    def count(self, considered: int, rewritten: int) -> None:
        """Count files that another process put."""
        self.considered += considered
        self.rewritten += rewritten

    def leave(self, files: Mapping[str, str]) -> None:
        """Count files that stand as files that were considered."""
        self.considered += len(files)

    def remove(self, path: str) -> None:
        """Remove a file; one that is not there is gone already."""
        (self._folder / path).unlink(missing_ok=True)

    def _holds(self, path: str, sha256: str) -> bool:
        try:
            with (self._folder / path).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == sha256
        except FileNotFoundError:
            return False


def _write(path: Path, data: bytes) -> bool:
    """True when the file was written; one that holds these bytes already is left alone.

    One that is not there yet is written where it shall lie: a run that dies meanwhile has not saved it as published,
    and the next one puts it right. To rename each of many thousand new files takes as long as to make them.
    """
    try:
        if path.read_bytes() == data:
            return False
    except FileNotFoundError:
        _write_new(path, data)
        return True
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_bytes(data)
    unfinished.replace(path)
    return True


def _write_new(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except FileNotFoundError:  # the first of its folder
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

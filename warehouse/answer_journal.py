"""Answers that are on disk but not in the database yet: a file for each, in a folder beside it.

To open and close the database costs more than most answers took to come. An answer is therefore written here the
moment it has come, and the database takes in many at once; what a killed run leaves here, the next look takes in.
Input and output: answers as they were received and understood. Does not belong here: rows and SQL (answers.py).
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from pipelines.ingestion.lookups import Asked

MOST_FILES = 500  # taken in at once
MOST_BYTES = 64_000_000
_WHOLE, _PART = ".json", ".part"
_ABANDONED_S = 3_600.0  # a file is written in a thousandth of this; its writer is dead


class Entry(BaseModel):
    """What was saved in one go."""

    model_config = ConfigDict(frozen=True, ser_json_bytes="base64", val_json_bytes="base64")

    recorded_at: datetime
    run_id: str
    asked: tuple[Asked, ...]


@dataclass(frozen=True)
class AnswerJournal:
    """The folder of the answers under way. Several processes may write to it and take from it."""

    folder: Path

    def keep(self, entry: Entry) -> None:
        """Write the entry, so that neither a kill nor a power cut loses it or leaves half of it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(suffix=_PART, prefix=f"{time.time_ns():020d}-", dir=self.folder)
        with os.fdopen(handle, "wb") as file:
            file.write(entry.model_dump_json().encode())
            file.flush()
            os.fsync(file.fileno())
        Path(name).rename(Path(name).with_suffix(_WHOLE))

    def batches(self) -> Iterator[tuple[tuple[Path, ...], tuple[Entry, ...]]]:
        """The entries in the order of their writing, no more at once than fit into memory; and their files."""
        if not self.folder.is_dir():
            return
        self._sweep()
        paths: list[Path] = []
        size = 0
        for path in sorted(self.folder.glob(f"*{_WHOLE}")):
            paths.append(path)
            with suppress(FileNotFoundError):  # another process has taken it in
                size += path.stat().st_size
            if len(paths) >= MOST_FILES or size >= MOST_BYTES:
                yield tuple(paths), tuple(_read(paths))
                paths, size = [], 0
        if paths:
            yield tuple(paths), tuple(_read(paths))

    def forget(self, paths: Sequence[Path]) -> None:
        """Remove the files of entries that the database holds."""
        for path in paths:
            path.unlink(missing_ok=True)

    def _sweep(self) -> None:
        for path in self.folder.glob(f"*{_PART}"):
            with suppress(FileNotFoundError):
                if time.time() - path.stat().st_mtime > _ABANDONED_S:
                    path.unlink()


def _read(paths: Iterable[Path]) -> Iterator[Entry]:
    for path in paths:
        # A file that another process has taken in is gone; one that was damaged costs a question asked again.
        with suppress(FileNotFoundError, ValidationError):
            yield Entry.model_validate_json(path.read_bytes())

"""Finding and reading input files: the only room of this stage that touches the user's folders.

Input: paths a person named. Output: a sorted list of regular files, the rejections, and raw bytes.
Does not belong here: looking into the bytes (documents.py).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.ingestion.errors import UnreadableDocument
from pipelines.models import Rejection

MAX_FILE_BYTES = 50 * 1024 * 1024
MAX_FOLDER_DEPTH = 64
MAX_FILES = 100_000

_KINDS_OF_FILE = (
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISCHR, "a character device"),
    (stat.S_ISBLK, "a block device"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISDIR, "a folder"),
)


@dataclass(frozen=True)
class FoundFiles:
    """Regular files in a fixed order, and what was met on the way and not taken."""

    files: tuple[Path, ...]
    rejected: tuple[Rejection, ...]


@dataclass
class _Search:
    files: list[Path] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)
    taken: set[tuple[int, int]] = field(default_factory=set)

    def reject(self, path: Path, reason: str) -> None:
        self.rejected.append(Rejection(path=str(path), reason=reason))


def find_files(paths: Sequence[Path]) -> FoundFiles:
    """All files under the given files and folders, each file once, in the order of the arguments.

    Folders are read recursively and sorted by name; hidden entries inside a folder are skipped.
    What cannot be followed (a missing path, a loop of links, no permission, an empty folder)
    becomes a rejection with one sentence.
    """
    search = _Search()
    for path in paths:
        _visit(path, search, ancestors=())
    return FoundFiles(tuple(search.files), tuple(search.rejected))


def _visit(path: Path, search: _Search, ancestors: tuple[tuple[int, int], ...]) -> None:
    try:
        status = path.stat()
    except OSError as error:
        search.reject(path, _sentence(path, error))
        return
    identity = (status.st_dev, status.st_ino)
    if stat.S_ISDIR(status.st_mode):
        if identity in ancestors:
            search.reject(path, "the link leads back to a folder that contains it, so it was not followed")
        elif len(ancestors) >= MAX_FOLDER_DEPTH:
            search.reject(path, f"the folder lies more than {MAX_FOLDER_DEPTH} folders deep")
        else:
            _visit_folder(path, search, (*ancestors, identity))
    elif not stat.S_ISREG(status.st_mode):
        search.reject(path, _not_regular(status.st_mode))
    elif identity not in search.taken:
        _take(path, identity, search)


def _take(path: Path, identity: tuple[int, int], search: _Search) -> None:
    search.taken.add(identity)
    if len(search.files) < MAX_FILES:
        search.files.append(path)
    else:
        search.reject(path, f"more than {MAX_FILES} files were given at once")


def _visit_folder(folder: Path, search: _Search, ancestors: tuple[tuple[int, int], ...]) -> None:
    try:
        entries = sorted(_visible_entries(folder))
    except OSError as error:
        search.reject(folder, _sentence(folder, error))
        return
    if not entries:
        search.reject(folder, "the folder holds no files (hidden ones are not read)")
    for entry in entries:
        _visit(entry, search, ancestors)


def _visible_entries(folder: Path) -> Iterator[Path]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if not entry.name.startswith("."):
                yield folder / entry.name


def read_bytes(path: Path, limit: int = MAX_FILE_BYTES) -> bytes:
    """The bytes of a regular file of at most `limit` bytes; the size is looked at before reading."""
    try:
        # Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError as error:
        raise UnreadableDocument(_sentence(path, error)) from error
    try:
        _require_readable(os.fstat(descriptor), limit)
        with open(descriptor, "rb", closefd=False) as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise UnreadableDocument(_sentence(path, error)) from error
    finally:
        os.close(descriptor)
    if len(data) > limit:
        raise UnreadableDocument(_too_large(len(data), limit))
    return data


def _require_readable(status: os.stat_result, limit: int) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableDocument(_not_regular(status.st_mode))
    if status.st_size > limit:
        raise UnreadableDocument(_too_large(status.st_size, limit))


def _too_large(size: int, limit: int) -> str:
    return f"the file has {size:,} bytes; the most that is read is {limit:,}"


def _not_regular(mode: int) -> str:
    kind = next((name for matches, name in _KINDS_OF_FILE if matches(mode)), "not a regular file")
    return f"it is {kind}, and only regular files are read"


def _sentence(path: Path, error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        missing_target = path.is_symlink()
        return "the link points to nothing" if missing_target else "there is no such file or folder"
    if isinstance(error, PermissionError):
        return "there is no permission to read it"
    if "symbolic link" in (error.strerror or ""):
        return "the link leads back to itself, so it was not followed"
    return f"it cannot be read: {error.strerror or error.__class__.__name__}"

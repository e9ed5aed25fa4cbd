"""Reading an artifact from a folder, or from an archive of one: hostile, so bounded and never unpacked to disk.

Belongs here: which files and names are taken, and how much is read. Does not belong here: what stands in
`artifact.toml` (`artifact_manifest`), the claim (`stated_result`), storage. Nothing is trusted that was
looked up by name before it was opened, and no size that a header states.
"""

from __future__ import annotations

import errno
import gzip
import io
import os
import stat
import struct
import tarfile
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Protocol

from pipelines.gates.artifact import Artifact, InvalidArtifact
from pipelines.gates.artifact_manifest import MANIFEST, check_manifest, misleads, parse_manifest

MAX_FILES = 200
MAX_FILE = 16 << 20
MAX_TOTAL = 64 << 20
MAX_DEPTH = 8
MAX_PATH = 240
_MAX_ENTRIES = 2 * MAX_FILES  # files and folders
_MAX_ARCHIVE = MAX_TOTAL + (4 << 20)  # with its headers, packed or not
_FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC  # opening a pipe must not wait for its other end
_CONTENTS_ENTRY = b"PK\x01\x02"  # opens each entry of a zip archive's list of contents
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_PLAIN_TAR = (tarfile.REGTYPE, tarfile.AREGTYPE)
_BROKEN = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, struct.error, EOFError, OSError, RuntimeError, OverflowError,
    ValueError,
)  # fmt: skip


def read_artifact(path: Path) -> Artifact:
    """The artifact in a folder, a .zip, a .tar or a .tar.gz. Raises InvalidArtifact with one sentence."""
    gathered = _Gathered()
    try:
        descriptor = os.open(path, _FLAGS)
    except (OSError, ValueError) as problem:
        raise InvalidArtifact(f"{str(path)!r} cannot be opened: {_reason(problem)}.") from None
    try:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            _walk(descriptor, "", gathered)
            files = gathered.files
        else:
            files = _unpacked(path.name, descriptor, gathered)
    finally:
        os.close(descriptor)
    if MANIFEST not in files:
        raise InvalidArtifact(f"There is no {MANIFEST} in {path.name!r}.")
    manifest = parse_manifest(files[MANIFEST])
    check_manifest(manifest, files)
    return Artifact(manifest=manifest, files=files)


def _reason(problem: Exception) -> str:
    return (problem.strerror if isinstance(problem, OSError) and problem.strerror else str(problem)).rstrip(".")


class _Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


# --- what may be taken --------------------------------------------------------------------------


@dataclass
class _Gathered:
    """The files taken so far, within the bounds of an artifact."""

    files: dict[str, bytes] = field(default_factory=dict)
    _entries: int = 0
    _bytes: int = 0
    _spelled: dict[str, str] = field(default_factory=dict)  # as a system sees it that folds case -> as written

    def meet(self, path: str) -> None:
        """Count a file or folder and check its name, before anything of it is read."""
        self._entries += 1
        if self._entries > _MAX_ENTRIES:
            raise InvalidArtifact(f"The artifact has more than {_MAX_ENTRIES} files and folders.")
        _check_path(path)
        parts = path.split("/")
        for depth in range(1, len(parts) + 1):
            written = "/".join(parts[:depth])
            other = self._spelled.setdefault(_folded(written), written)
            if other != written:
                raise InvalidArtifact(f"The names {other!r} and {written!r} differ in spelling only.")

    def take(self, path: str, stream: _Stream) -> None:
        """Read a file whose name was met; a byte more than is allowed is never asked for."""
        if path in self.files:
            raise InvalidArtifact(f"{path!r} is there twice.")
        if len(self.files) >= MAX_FILES:
            raise InvalidArtifact(f"The artifact has more than {MAX_FILES} files.")
        data = stream.read(min(MAX_FILE, MAX_TOTAL - self._bytes) + 1)
        if len(data) > MAX_FILE:
            raise InvalidArtifact(f"{path!r} is larger than {MAX_FILE >> 20} MB.")
        self._bytes += len(data)
        if self._bytes > MAX_TOTAL:
            raise InvalidArtifact(f"The files are larger than {MAX_TOTAL >> 20} MB in all.")
        self.files[path] = data


def _folded(path: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", path).casefold())


def _check_path(path: str) -> None:
    if misleads(path):
        raise InvalidArtifact(f"The name {path[:MAX_PATH]!r} holds a control or unseen character.")
    if path.startswith("/") or "\\" in path:
        raise InvalidArtifact(f"The name {path[:MAX_PATH]!r} is absolute or has a backslash.")
    parts = path.split("/")
    if not all(part.strip() and part not in (".", "..") for part in parts):
        raise InvalidArtifact(f"The name {path[:MAX_PATH]!r} has a part that is empty, '.' or '..'.")
    if len(path.encode()) > MAX_PATH:
        raise InvalidArtifact(f"The name {path[:40]!r}... is longer than {MAX_PATH} bytes.")


def _check_depth(path: str) -> None:
    if path.count("/") >= MAX_DEPTH:
        raise InvalidArtifact(f"{path!r} lies more than {MAX_DEPTH} levels deep.")


# --- a folder -----------------------------------------------------------------------------------


def _walk(folder: int, prefix: str, gathered: _Gathered) -> None:
    """Take everything below an open folder; each entry is opened once and judged by what was opened."""
    with os.scandir(folder) as entries:
        names = sorted(entry.name for entry in islice(entries, _MAX_ENTRIES + 1))
    for name in names:
        path = prefix + name
        gathered.meet(path)
        _check_depth(path)
        descriptor = _opened(folder, name, path)
        try:
            looked = os.fstat(descriptor)
            if stat.S_ISDIR(looked.st_mode):
                _walk(descriptor, f"{path}/", gathered)
                continue
            _check_plain(path, looked)
            with open(descriptor, "rb", closefd=False) as stream:
                gathered.take(path, stream)
        finally:
            os.close(descriptor)


def _opened(folder: int, name: str, path: str) -> int:
    try:
        mode = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
        if not stat.S_ISDIR(mode) and not stat.S_ISREG(mode):
            raise InvalidArtifact(_not_plain(path, mode))  # opening a device may set it going
        return os.open(name, _FLAGS | os.O_NOFOLLOW, dir_fd=folder)
    except OSError as problem:
        if problem.errno == errno.ELOOP:
            raise InvalidArtifact(_not_plain(path, stat.S_IFLNK)) from None
        raise InvalidArtifact(f"{path!r} cannot be read: {_reason(problem)}.") from None


def _check_plain(path: str, looked: os.stat_result) -> None:
    if not stat.S_ISREG(looked.st_mode):
        raise InvalidArtifact(_not_plain(path, looked.st_mode))
    if looked.st_nlink > 1:
        raise InvalidArtifact(f"{path!r} is a hard link: the same file has another name.")


_KINDS = {stat.S_IFLNK: "a link", stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket"}


def _not_plain(path: str, mode: int) -> str:
    return f"{path!r} is {_KINDS.get(stat.S_IFMT(mode), 'a device')}; only plain files are taken."


# --- an archive ---------------------------------------------------------------------------------


def _unpacked(name: str, descriptor: int, gathered: _Gathered) -> dict[str, bytes]:
    """The files of an archive, without the one folder that may hold them all."""
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        raise InvalidArtifact(f"{name!r} is neither a folder nor an archive.")
    with open(descriptor, "rb", closefd=False) as stream:
        data = _bounded(name, stream)
    lowered = name.casefold()
    try:
        if lowered.endswith(".zip"):
            _from_zip(name, data, gathered)
        elif lowered.endswith((".tar.gz", ".tgz")):
            with gzip.GzipFile(fileobj=io.BytesIO(data)) as unzipped:
                _from_tar(_bounded(name, unzipped), gathered)
        elif lowered.endswith(".tar"):
            _from_tar(data, gathered)
        else:
            raise InvalidArtifact(f"{name!r} is neither a folder nor a .zip, .tar or .tar.gz.")
    except InvalidArtifact:
        raise
    except _BROKEN as problem:
        raise InvalidArtifact(f"{name!r} is damaged: {_reason(problem)[:200]!r}.") from None
    files = _without_top(gathered.files)
    for path in files:
        _check_depth(path)
        if any(parent.as_posix() in files for parent in PurePosixPath(path).parents):
            raise InvalidArtifact(f"A part of {path!r} is a file and a folder at once.")
    return files


def _bounded(name: str, stream: _Stream) -> bytes:
    data = stream.read(_MAX_ARCHIVE + 1)
    if len(data) > _MAX_ARCHIVE:
        raise InvalidArtifact(f"{name!r} is larger than {_MAX_ARCHIVE >> 20} MB, packed or unpacked.")
    return data


def _without_top(files: dict[str, bytes]) -> dict[str, bytes]:
    tops = {path.partition("/")[0] for path in files}
    if len(tops) != 1 or f"{(top := tops.pop())}/{MANIFEST}" not in files:
        return files
    return {path.removeprefix(f"{top}/"): data for path, data in files.items()}


def _from_zip(name: str, data: bytes, gathered: _Gathered) -> None:
    # Counted in the bytes, for the list of contents is read as a whole and states its own length.
    if data.count(_CONTENTS_ENTRY) > 2 * _MAX_ENTRIES:
        raise InvalidArtifact(f"{name!r} lists more than {_MAX_ENTRIES} files and folders.")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for member in archive.infolist():
            path = member.orig_filename
            gathered.meet(path.removesuffix("/"))
            kind = stat.S_IFMT(member.external_attr >> 16)
            if path.endswith("/") or kind == stat.S_IFDIR:
                continue
            if kind not in (0, stat.S_IFREG):
                raise InvalidArtifact(_not_plain(path, kind))
            if member.flag_bits & _ENCRYPTED:
                raise InvalidArtifact(f"{path!r} is encrypted.")
            if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise InvalidArtifact(f"{path!r} is packed by a method other than deflate.")
            with archive.open(member) as stream:
                gathered.take(path, stream)


def _from_tar(data: bytes, gathered: _Gathered) -> None:
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
        for member in archive:
            path = member.name.removeprefix("./")
            if path == "." and member.isdir():
                continue
            gathered.meet(path)
            if member.isdir():
                continue
            if member.type not in _PLAIN_TAR or member.issparse():
                raise InvalidArtifact(_not_plain_member(path, member))
            stream = archive.extractfile(member)
            assert stream is not None, "a plain member has content"
            with stream:
                gathered.take(path, stream)
            if len(gathered.files[path]) != member.size:
                raise InvalidArtifact(f"{path!r} is cut short.")


def _not_plain_member(path: str, member: tarfile.TarInfo) -> str:
    what = "a link" if member.issym() or member.islnk() else "a device, a pipe or a sparse file"
    return f"{path!r} is {what}; only plain files are taken."

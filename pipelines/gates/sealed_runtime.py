"""Sealed copies of Python: what a job sees of it, pinned by a hash over every file.

Belongs here: which files a copy holds, how it is made, named, found again and verified. Does not belong
here: the sandbox around it. A copy holds the interpreter that runs us, its standard library without
tests and graphical parts, the shared libraries that these need, and for "numpy" the numpy beside us.
"""

from __future__ import annotations

import hashlib
import json
import os
import py_compile
import re
import shutil
import stat
import struct
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

from pipelines.gates.seal import SandboxUnavailable

INSIDE = "/runtime"  # where a copy lies in the sandbox
LIBRARIES = "libraries"  # folder of the shared libraries in a copy
_FORM = "1"  # raise when the same sources make another copy
_LEFT_OUT = {
    "__pycache__",
    "ensurepip",
    "idlelib",
    "lib2to3",
    "pydoc_data",
    "site-packages",
    "dist-packages",
    "test",
    "tests",
    "tkinter",
    "turtledemo",
}
_LEFT_OUT_FILES = re.compile(r"config-.*|_tkinter\..*|_?(ctypes_)?test.*\.so|_xx.*\.so|xx.*\.so|.*\.(a|h|pyi|exe)")


@dataclass(frozen=True)
class SealedRuntime:
    """A verified copy. `python` is the interpreter's path in the sandbox."""

    id: str
    folder: Path
    python: str


def sealed_runtime(name: str, store: Path) -> SealedRuntime:
    """The copy called `name` in `store`, made if it is not there or was changed. Raises SandboxUnavailable."""
    return _verified(name, str(store))


@cache
def _verified(name: str, store: str) -> SealedRuntime:
    planned = dict(sorted(_planned(name)))
    origin = Path(store) / f"{name}-{_origin(planned)}.json"
    folder = _noted(origin)
    if folder is None or not _is_whole(folder):
        folder = _make(name, planned, Path(store))
        _note(origin, folder)
    return SealedRuntime(folder.name, folder, f"{INSIDE}/bin/{_interpreter().name}")


def _noted(origin: Path) -> Path | None:
    """The copy that was made of these very sources."""
    try:
        folder = json.loads(origin.read_text())["folder"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return origin.parent / folder if re.fullmatch(r"[a-z]+-[0-9a-z.]+-[0-9a-f]{64}", str(folder)) else None


def _note(origin: Path, folder: Path) -> None:
    aside = origin.with_suffix(f".{os.getpid()}")
    aside.write_text(json.dumps({"folder": folder.name}))
    aside.replace(origin)


def _make(name: str, planned: dict[str, Path], store: Path) -> Path:
    """Raises SandboxUnavailable."""
    try:
        aside = Path(tempfile.mkdtemp(prefix="building-", dir=store))
        try:
            for inside, source in planned.items():
                _copy(source, aside / inside)
            _compile(aside)
            _make_read_only(aside)
            return _put(aside, store / f"{name}-{_version(name)}-{content_hash(aside)}")
        finally:
            remove(aside)
    except (OSError, py_compile.PyCompileError) as problem:
        raise SandboxUnavailable(f"The sealed runtime {name} could not be made in {store}: {problem}.") from problem


def _put(aside: Path, folder: Path) -> Path:
    """Built aside and renamed, so that two who build at once do not meet."""
    if folder.exists() and not _is_whole(folder):
        changed = aside.with_name(f"changed-{aside.name}")
        folder.rename(changed)
        remove(changed)
    try:
        aside.rename(folder)
    except OSError:
        if not _is_whole(folder):  # else somebody was faster
            raise
    return folder


def _is_whole(folder: Path) -> bool:
    try:
        return folder.lstat().st_uid == os.geteuid() and folder.name.endswith(f"-{content_hash(folder)}")
    except OSError:
        return False


def content_hash(folder: Path) -> str:
    """sha256 over the sorted (path, sha256) of the files. Anything that is neither file nor folder is refused."""
    listed = []
    for here, folders, files in os.walk(folder, onerror=_raise):
        for entry in (Path(here) / one for one in (*folders, *files)):
            mode = entry.lstat().st_mode
            if stat.S_ISDIR(mode):
                continue
            if not stat.S_ISREG(mode):
                raise OSError(f"{entry} is no plain file")
            with entry.open("rb") as stream:
                listed.append((entry.relative_to(folder).as_posix(), hashlib.file_digest(stream, "sha256").hexdigest()))
    return hashlib.sha256(json.dumps(sorted(listed)).encode()).hexdigest()


def _raise(problem: OSError) -> None:
    raise problem


def remove(folder: Path) -> None:
    """Remove a copy, read-only as it is."""
    for here, _, _ in os.walk(folder):
        os.chmod(here, 0o700)
    shutil.rmtree(folder, ignore_errors=True)


# --- what goes into a copy ----------------------------------------------------------------------


def _planned(name: str) -> Iterator[tuple[str, Path]]:
    """Each file by its path in the copy."""
    interpreter = _interpreter()
    standard = Path(sysconfig.get_path("stdlib"))
    base = Path(sys.base_prefix)
    home = standard.relative_to(base) if standard.is_relative_to(base) else Path("lib", standard.name)
    files = {f"bin/{interpreter.name}": interpreter}
    files |= {(home / path).as_posix(): source for path, source in _tree(standard)}
    if name == "numpy":
        files |= {(home / "site-packages" / path).as_posix(): source for path, source in _distribution("numpy")}
    elif name != "python":
        raise SandboxUnavailable(f"There is no sealed runtime called {name[:60]!r}: there are python and numpy.")
    yield from files.items()
    yield from ((f"{LIBRARIES}/{library.name}", source) for library, source in _libraries(list(files.values())))


def _interpreter() -> Path:
    return Path(getattr(sys, "_base_executable", "") or sys.executable).resolve()


def _tree(root: Path) -> Iterator[tuple[Path, Path]]:
    for here, folders, files in os.walk(root):
        folders[:] = [one for one in folders if one not in _LEFT_OUT and not _LEFT_OUT_FILES.fullmatch(one)]
        for file in files:
            path = Path(here) / file
            if not _LEFT_OUT_FILES.fullmatch(file) and path.is_file() and path.resolve().is_relative_to(root):
                yield path.relative_to(root), path


def _distribution(name: str) -> Iterator[tuple[Path, Path]]:
    try:
        files = metadata.files(name) or []
    except metadata.PackageNotFoundError as problem:
        raise SandboxUnavailable(
            f"The sealed runtime {name} cannot be made: {name} is not installed here."
        ) from problem
    for file in files:
        kept = ".." not in file.parts and not _LEFT_OUT.intersection(file.parts)
        if kept and not _LEFT_OUT_FILES.fullmatch(file.name) and file.suffix != ".pyc":
            yield Path(file), Path(str(file.locate()))


def _libraries(files: list[Path]) -> Iterator[tuple[Path, Path]]:
    """The loader of the interpreter, and every shared library outside the copy that something in it needs."""
    loader = _loader(_interpreter())
    within = {file.resolve() for file in files}
    found = {loader: loader}
    for binary in (_interpreter(), *(file for file in files if ".so" in file.suffixes)):
        for library in _needed(loader, binary):
            if library.resolve() not in within:
                found.setdefault(library, library.resolve())
    yield from found.items()


def _needed(loader: Path, binary: Path) -> list[Path]:
    ended = subprocess.run(  # noqa: S603  the loader of our own interpreter
        [str(loader), "--list", str(binary)], capture_output=True, text=True, check=False, timeout=60
    )
    return [Path(found) for found in re.findall(r"=> (/\S+)", ended.stdout)]


def _loader(binary: Path) -> Path:
    """The program that loads `binary`, as its ELF header names it."""
    data = binary.read_bytes()
    try:
        if data[:5] != b"\x7fELF\x02":
            raise ValueError("no 64-bit ELF")
        at, size, count = (*struct.unpack_from("<Q", data, 32), *struct.unpack_from("<HH", data, 54))
        for entry in range(at, at + size * count, size):
            kind, _, offset, _, _, length = struct.unpack_from("<IIQQQQ", data, entry)
            if kind == 3:  # PT_INTERP
                return Path(data[offset : offset + length].rstrip(b"\0").decode())
        raise ValueError("it is linked statically")
    except (ValueError, struct.error) as problem:
        raise SandboxUnavailable(f"No sealed runtime can be made of {binary}: {problem}.") from problem


def _origin(planned: dict[str, Path]) -> str:
    """What tells whether the sources are the same as when a copy was made, without reading them."""
    seen = [
        (inside, str(source), status.st_size, status.st_mtime_ns)
        for inside, source in planned.items()
        for status in [source.stat()]
    ]
    return hashlib.sha256(json.dumps([_FORM, sys.version, seen]).encode()).hexdigest()[:32]


def _version(name: str) -> str:
    python = ".".join(str(part) for part in sys.version_info[:3])
    return python if name == "python" else f"{python}.{name}.{metadata.version(name)}".lower()


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    if os.access(source, os.X_OK):
        target.chmod(0o755)


def _compile(folder: Path) -> None:
    """Bytecode for all modules, bound to their content and not to times, so that a copy has one hash."""
    for source in sorted(folder.rglob("*.py")):
        py_compile.compile(
            str(source),
            dfile=f"{INSIDE}/{source.relative_to(folder).as_posix()}",
            doraise=True,
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )


def _make_read_only(folder: Path) -> None:
    for here, _, files in os.walk(folder):
        for file in files:
            path = Path(here) / file
            path.chmod(0o555 if path.stat().st_mode & stat.S_IXUSR else 0o444)
        os.chmod(here, 0o555)  # noqa: S103  every user may read it, none may write

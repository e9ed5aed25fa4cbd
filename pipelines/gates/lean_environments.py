"""The tools that an operator prepared for checking proofs: `lean-tools.toml`, read, and verified by hash.

Belongs here: what the folder must hold, and a sentence for whatever is wrong with it. Does not belong here:
running any of it. Nothing is fetched, ever; a folder that is not exactly as its list says is not used.
"""

from __future__ import annotations

import hashlib
import os
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath

from pydantic import Field, ValidationError, field_validator

from pipelines.gates.lean_versions import parse_lean_version
from pipelines.models import Model

LIST = "lean-tools.toml"
SETTING = "CLAIMGATE_LEAN_TOOLS"
MOST_LIST_BYTES = 200_000
INSIDE = "/tools"  # where a check sees the folder
_SHA256 = r"^[0-9a-f]{64}$"


class CheckerUnavailable(RuntimeError):
    """Proofs cannot be checked here, with a sentence that says why."""


class Implementation(StrEnum):
    """Kernels whose way of being called and of answering is known."""

    LEAN4 = "lean4"  # leanchecker: Lean's own kernel, C++
    LEAN4LEAN = "lean4lean"  # a port of it to Lean, bugs of the algorithm included
    NANODA = "nanoda"  # written anew, Rust
    CON_LECHE = "con-leche"  # written anew and proved sound, Lean
    CON_RON = "con-ron"  # a port of con-leche to Rust


# Two kernels of one family are likely to share a mistake: they count as one.
FAMILY: Mapping[Implementation, str] = {
    Implementation.LEAN4: "lean4",
    Implementation.LEAN4LEAN: "lean4",
    Implementation.NANODA: "nanoda",
    Implementation.CON_LECHE: "con-leche",
    Implementation.CON_RON: "con-leche",
}


class ReportForm(StrEnum):
    TEXT = "text"  # lines, as released
    JSON = "json"  # the report that `json_output_path` names, where the comparator was built with it


def _below(path: str) -> str:
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts or "\\" in path or PurePosixPath(path).as_posix() != path:
        raise ValueError("must be a plain path below the folder of the tools")
    return path


class Tree(Model):
    """A folder of which every byte is pinned; nothing outside such folders is ever used."""

    path: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,80}$")
    sha256: str = Field(pattern=_SHA256)  # of `tree_sha256`


class Program(Model):
    path: str = Field(max_length=300)
    version: str = Field(min_length=1, max_length=60)
    sha256: str = Field(pattern=_SHA256)

    _path = field_validator("path")(_below)


class Environment(Model):
    """What a proof may be written against: one release of Lean, with or without one revision of Mathlib."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$")
    commit: str = Field(pattern=r"^[0-9a-f]{40}$")
    mathlib: str | None = Field(default=None, pattern=r"^[0-9a-f]{40}$")
    lean: Program  # its version is the version of the environment
    exporter: Program
    libraries: tuple[str, ...] = Field(default=(), max_length=40)  # compiled modules, besides Lean's own

    @field_validator("libraries")
    @classmethod
    def _paths(cls, libraries: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_below(path) for path in libraries)


class Comparator(Program):
    """`lake` of a release that has `lake comparator --challenge-from-export`, or a program called the same way."""

    lean: str  # the release whose kernel it replays with
    report: ReportForm = ReportForm.TEXT
    arguments: tuple[str, ...] = Field(default=("comparator",), max_length=10)
    search: tuple[str, ...] = Field(default=(), max_length=10)  # folders that become its PATH
    exports: tuple[str, ...] | None = Field(default=None, max_length=200)  # constants it wants besides the theorems


class Kernel(Program):
    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$")
    implementation: Implementation
    lean: str  # the release of Lean it was released with


class ToolList(Model):
    """`lean-tools.toml`."""

    format: int = Field(ge=1, le=1)
    authority: bool = Field(strict=True)  # False: for trying things out; can never make VERIFIED
    tree: tuple[Tree, ...] = Field(min_length=1, max_length=40)
    shared: tuple[str, ...] = Field(default=(), max_length=10)  # folders of shared libraries that programs need
    environment: tuple[Environment, ...] = Field(min_length=1, max_length=40)
    comparator: Comparator
    kernel: tuple[Kernel, ...] = Field(min_length=2, max_length=10)


@dataclass(frozen=True)
class LeanTools:
    """The folder, verified; `sha256` is of the list, which pins everything else."""

    folder: Path
    listed: ToolList
    sha256: str

    def environment(self, name: str) -> Environment | None:
        return next((one for one in self.listed.environment if one.name == name), None)


def inside(path: str) -> str:
    """Where a path below the folder of the tools is seen by what runs sealed."""
    return f"{INSIDE}/{path}"


def open_tools(values: Mapping[str, str]) -> LeanTools:
    """The tools that the setting names, every pinned byte read. Raises CheckerUnavailable."""
    tools = read_tools(values)
    for tree in tools.listed.tree:
        found = tree_sha256(tools.folder / tree.path)
        if found != tree.sha256:
            raise CheckerUnavailable(f"{LIST}: the folder {tree.path} has the sha256 {found}, not the one listed")
    for what, program in _programs(tools.listed):
        file = tools.folder / program.path
        if not file.is_file():
            raise CheckerUnavailable(f"{LIST}: {what}: there is no file {program.path}")
        with file.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
        if found != program.sha256:
            raise CheckerUnavailable(f"{LIST}: {what}: {program.path} has the sha256 {found}, not the one listed")
    return tools


def read_tools(values: Mapping[str, str]) -> LeanTools:
    """The list alone, checked for sense and not against the folder. Raises CheckerUnavailable."""
    named = values.get(SETTING, "").strip()
    if not named:
        raise CheckerUnavailable(f"No proof checker is here: {SETTING} names no folder of Lean tools (docs/proofs.md).")
    folder = Path(named).expanduser()
    file = folder / LIST
    try:
        if file.stat().st_size > MOST_LIST_BYTES:
            raise CheckerUnavailable(f"{LIST} has more than {MOST_LIST_BYTES:,} bytes")
        data = file.read_bytes()
        listed = ToolList.model_validate(tomllib.loads(data.decode()))
    except OSError as problem:
        raise CheckerUnavailable(f"{file} cannot be read: {problem.strerror or problem}") from problem
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise CheckerUnavailable(f"{LIST} is not TOML: {problem}") from problem
    except ValidationError as problem:
        first = problem.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise CheckerUnavailable(f"{LIST}: {where}: {first['msg']}") from problem
    _check_sense(listed)
    return LeanTools(folder.resolve(), listed, hashlib.sha256(data).hexdigest())


def tree_sha256(folder: Path) -> str:
    """Over everything below: path, whether it may be run, and contents; of a link, where it points.

    Raises CheckerUnavailable for a folder that is not there, and for a link that leads out of it.
    """
    root = folder.resolve()
    if not root.is_dir() or folder.is_symlink():
        raise CheckerUnavailable(f"{LIST}: there is no folder {folder.name}")
    whole = hashlib.sha256()
    for path in sorted(root.rglob("*"), key=lambda one: one.relative_to(root).as_posix()):
        whole.update(_entry(root, path))
    return whole.hexdigest()


def _entry(root: Path, path: Path) -> bytes:
    name = path.relative_to(root).as_posix()
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        if not path.resolve().is_relative_to(root):
            raise CheckerUnavailable(f"{LIST}: {root.name}/{name} is a link that leads out of its folder")
        return f"link {name}\0{os.readlink(path)}\n".encode()
    if stat.S_ISDIR(mode):
        return f"folder {name}\n".encode()
    if not stat.S_ISREG(mode):
        raise CheckerUnavailable(f"{LIST}: {root.name}/{name} is neither a file nor a folder")
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return f"{'program' if mode & 0o100 else 'file'} {name}\0{digest}\n".encode()


def _programs(listed: ToolList) -> list[tuple[str, Program]]:
    named: list[tuple[str, Program]] = [("comparator", listed.comparator)]
    named += [(f"kernel {kernel.name}", kernel) for kernel in listed.kernel]
    for environment in listed.environment:
        named += [(f"Lean of {environment.name}", environment.lean)]
        named += [(f"exporter of {environment.name}", environment.exporter)]
    return named


def _check_sense(listed: ToolList) -> None:
    for what, names in (
        ("tree", [one.path for one in listed.tree]),
        ("environment", [one.name for one in listed.environment]),
        ("kernel", [one.name for one in listed.kernel]),
    ):
        if len(set(names)) != len(names):
            raise CheckerUnavailable(f"{LIST}: two entries [[{what}]] bear the same name")
    trees = {tree.path for tree in listed.tree}
    paths = [program.path for _, program in _programs(listed)] + [*listed.comparator.search, *listed.shared]
    paths += [path for environment in listed.environment for path in environment.libraries]
    for path in paths:
        if PurePosixPath(_checked(path)).parts[0] not in trees:
            raise CheckerUnavailable(f"{LIST}: {path} lies in no folder that is pinned by a [[tree]]")
    if len({FAMILY[kernel.implementation] for kernel in listed.kernel}) < 2:
        raise CheckerUnavailable(
            f"{LIST}: at least two kernels that were written apart are needed; those listed are of one family"
        )
    if len({kernel.sha256 for kernel in listed.kernel}) != len(listed.kernel):
        raise CheckerUnavailable(f"{LIST}: two kernels are the same program")
    releases = [environment.lean.version for environment in listed.environment]
    for version in [*releases, listed.comparator.lean, *(kernel.lean for kernel in listed.kernel)]:
        if parse_lean_version(version) is None:
            raise CheckerUnavailable(f"{LIST}: {version!r} is not a version of Lean such as 4.35.0")


def _checked(path: str) -> str:
    try:
        return _below(path)
    except ValueError as problem:
        raise CheckerUnavailable(f"{LIST}: {path!r} {problem}") from problem


def lean_words(values: Mapping[str, str]) -> tuple[bool, str]:
    """For `doctor`: whether proofs can be checked as far as the list says, and in words what is there or missing.

    The bytes are verified when a proof is checked, not here: Mathlib has gigabytes.
    """
    try:
        tools = read_tools(values)
    except CheckerUnavailable as problem:
        return False, str(problem)
    absent = [program.path for _, program in _programs(tools.listed) if not (tools.folder / program.path).is_file()]
    if absent:
        return False, f"{LIST} names files that are not there: {', '.join(absent[:3])}"
    environments = ", ".join(
        f"{one.name} (Lean {one.lean.version}{', Mathlib' if one.mathlib else ''})" for one in tools.listed.environment
    )
    kernels = ", ".join(f"{one.name} {one.version}" for one in tools.listed.kernel)
    trial = "" if tools.listed.authority else "; for trying out only, nothing can be VERIFIED with it"
    return True, f"{environments}; kernels: {kernels}; hashes are verified when a proof is checked{trial}"

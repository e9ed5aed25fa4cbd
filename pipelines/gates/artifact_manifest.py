"""`artifact.toml`: reading it, and holding it against the files that came with it.

Belongs here: which keys each kind has, and that every file is declared. Does not belong here: where the
files come from (`artifact_files`), what the claim says (`stated_result`), running anything.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from pydantic import ValidationError

from pipelines.gates.artifact import ArtifactKind, ArtifactManifest, InvalidArtifact

MANIFEST = "artifact.toml"
MAX_MANIFEST = 64 << 10
MAX_SOURCE = 1 << 20  # of the script or solution: it is taken apart here, outside the sandbox
MAX_STATEMENT = 64 << 10  # a person reads it before approving
RUNTIMES = ("python", "numpy")  # of a reproduction
_ENTRY = {ArtifactKind.REPRODUCTION: ".py", ArtifactKind.LEAN: ".lean"}
_NEEDS = {ArtifactKind.REPRODUCTION: ("result",), ArtifactKind.LEAN: ("statement", "theorems")}
_TAKES_NO = {
    ArtifactKind.REPRODUCTION: ("statement", "theorems"),
    ArtifactKind.LEAN: ("result", "inputs", "constants"),
}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_THEOREM = re.compile(r"[^\s\"'`,;()]{1,200}")
_MISLEADING = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})  # control, bidi and other unseen characters


def misleads(text: str) -> bool:
    """Whether a text holds control, bidi or unseen characters, which show as something else than they are."""
    return any(unicodedata.category(character) in _MISLEADING for character in text)


def parse_manifest(data: bytes) -> ArtifactManifest:
    """The manifest in these bytes. Raises InvalidArtifact with the key that is wrong."""
    if len(data) > MAX_MANIFEST:
        raise InvalidArtifact(f"{MANIFEST} is larger than {MAX_MANIFEST >> 10} KB.")
    try:
        values = tomllib.loads(data.decode("utf-8"))
    except RecursionError:
        raise InvalidArtifact(f"{MANIFEST} is nested too deeply.") from None
    except ValueError as problem:  # no UTF-8, no TOML, or a number of thousands of digits
        raise InvalidArtifact(f"{MANIFEST} is not readable as TOML: {_one_line(str(problem))}.") from None
    for key, text in _strings(values):
        if misleads(text):
            raise InvalidArtifact(f"{MANIFEST}: {key} holds a control or unseen character.")
        if not text.strip():
            raise InvalidArtifact(f"{MANIFEST}: {key} is empty.")
    try:
        # By way of JSON, for it knows arrays, yet takes no text for a number.
        return ArtifactManifest.model_validate_json(
            json.dumps(values, default=lambda date: {"date": str(date)}), strict=True
        )
    except ValidationError as problem:
        first = problem.errors()[0]
        raise InvalidArtifact(f"{MANIFEST}: {_key(first['loc'])}: {_fault(first['type'], first['msg'])}.") from None


def _strings(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text with its key; keys themselves are texts of their own."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield "a key", name
            yield from _strings(inner, f"{key}.{name}" if key else name)
    elif isinstance(value, list):
        for number, inner in enumerate(value, start=1):
            yield from _strings(inner, f"{key}[{number}]")
    elif isinstance(value, str):
        yield key, value


def _key(place: tuple[int | str, ...]) -> str:
    """ "inputs[1].sha256", as a person counts. What follows the key of a choice of types is left out."""
    named = [f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in place]
    return _one_line("".join(named).removeprefix("."))


def _fault(kind: str, message: str) -> str:
    if kind == "extra_forbidden":
        return "no such key is known"
    if kind == "missing":
        return "it is missing"
    return _one_line(message[:1].lower() + message[1:])


def _one_line(text: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in " ".join(text.split()))[:200].rstrip(".")


def check_manifest(manifest: ArtifactManifest, files: Mapping[str, bytes]) -> None:
    """Raises InvalidArtifact where the manifest and the files do not make an artifact of its kind."""
    _check_keys(manifest)
    _check_values(manifest)
    _check_source("entry", manifest.entry, _ENTRY[manifest.kind], MAX_SOURCE, files)
    if manifest.statement is not None:
        if manifest.statement == manifest.entry:
            raise InvalidArtifact(f"{MANIFEST}: statement and entry are the same file.")
        _check_source("statement", manifest.statement, ".lean", MAX_STATEMENT, files)
    _check_inputs(manifest, files)
    declared = {MANIFEST, manifest.entry, manifest.statement, *(one.path for one in manifest.inputs)}
    undeclared = sorted(set(files) - declared)
    if undeclared:
        raise InvalidArtifact(
            f"The file {undeclared[0]!r} stands nowhere in {MANIFEST}: list it under [[inputs]] or take it out."
        )


def _check_keys(manifest: ArtifactManifest) -> None:
    for name in _NEEDS[manifest.kind]:
        if not getattr(manifest, name):
            raise InvalidArtifact(f"{MANIFEST}: {name}: it is missing; the kind '{manifest.kind.value}' needs it.")
    for name in _TAKES_NO[manifest.kind]:
        if getattr(manifest, name):
            raise InvalidArtifact(f"{MANIFEST}: {name}: the kind '{manifest.kind.value}' takes none.")


def _check_values(manifest: ArtifactManifest) -> None:
    if not _NAME.fullmatch(manifest.runtime):
        raise InvalidArtifact(f"{MANIFEST}: runtime: '{manifest.runtime}' is no name.")
    if manifest.kind is ArtifactKind.REPRODUCTION and manifest.runtime not in RUNTIMES:
        raise InvalidArtifact(f"{MANIFEST}: runtime: '{manifest.runtime}' is none of {', '.join(RUNTIMES)}.")
    for constant in manifest.constants:
        if isinstance(constant.value, float) and not math.isfinite(constant.value):
            raise InvalidArtifact(f"{MANIFEST}: constants: {constant.value} is no number.")
    for theorem in manifest.theorems:
        if not _THEOREM.fullmatch(theorem):
            raise InvalidArtifact(f"{MANIFEST}: theorems: '{theorem[:80]}' is no name of a theorem.")


def _check_source(key: str, path: str, suffix: str, largest: int, files: Mapping[str, bytes]) -> None:
    """The script, solution or statement: there, of its kind, of a size to be read, and text."""
    if path not in files:
        raise InvalidArtifact(f"{MANIFEST}: {key}: there is no file {path[:200]!r}.")
    if PurePosixPath(path).suffix != suffix:
        raise InvalidArtifact(f"{MANIFEST}: {key}: {path!r} does not end in {suffix}.")
    if len(files[path]) > largest:
        raise InvalidArtifact(f"{MANIFEST}: {key}: {path!r} is larger than {largest >> 10} KB.")
    try:
        files[path].decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidArtifact(f"{MANIFEST}: {key}: {path!r} is not UTF-8.") from None


def _check_inputs(manifest: ArtifactManifest, files: Mapping[str, bytes]) -> None:
    seen = {MANIFEST, manifest.entry, manifest.statement}
    for number, one in enumerate(manifest.inputs, start=1):
        key = f"{MANIFEST}: inputs[{number}]"
        if one.path not in files:
            raise InvalidArtifact(f"{key}.path: there is no file {one.path[:200]!r}.")
        if one.path in seen:
            raise InvalidArtifact(f"{key}.path: {one.path!r} is the entry, the manifest, or listed before.")
        seen.add(one.path)
        if hashlib.sha256(files[one.path]).hexdigest() != one.sha256:
            raise InvalidArtifact(f"{key}.sha256: it is not the hash of {one.path!r}.")

"""An artifact: what somebody attaches to a claim so that it can be run: a reproduction or a proof.

Belongs here: the shape of `artifact.toml` and of the folder once read. Does not belong here: reading
folders and archives (`artifact_files`), running (`reproduction`, `proof`), storage. What an artifact
says of the claim is compared with the claim and never believed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from enum import StrEnum

from pydantic import Field

from pipelines.models import Model


class InvalidArtifact(ValueError):
    """The artifact cannot be taken, with one sentence that says why."""


class ArtifactKind(StrEnum):
    REPRODUCTION = "reproduction"
    LEAN = "lean"


class Relation(StrEnum):
    """How the result must stand to the value that the record states."""

    EQUALS = "=="
    AT_LEAST = ">="
    AT_MOST = "<="
    MORE_THAN = ">"
    LESS_THAN = "<"


_ASKS: Mapping[str, str] = {"==": "equal to", ">=": "at least", "<=": "at most", ">": "more than", "<": "less than"}


def asked_in_words(relation: str, value: float, tolerance: float | None) -> str:
    """What a result must be: "equal to 31, give or take 0.5". Ten digits, as two may differ in the third decimal."""
    words = f"{_ASKS.get(relation, relation)} {value:.10g}"
    return f"{words}, give or take {tolerance:.10g}" if tolerance else words


class StatedResult(Model):
    """What the record claims, as the artifact's author reads it; checked against the claim itself."""

    value: float = Field(allow_inf_nan=False)
    relation: Relation = Relation.EQUALS
    tolerance: float | None = Field(default=None, ge=0, allow_inf_nan=False)  # at most the claim's own rounding


class InputFile(Model):
    """A file that the script reads. Without `origin` its provenance is unknown and nothing can be VERIFIED."""

    path: str  # relative to the folder, with /
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    origin: str | None = Field(default=None, max_length=500)  # where it came from: address, DOI, table of a paper
    licence: str | None = Field(default=None, max_length=100)


class DeclaredConstant(Model):
    """A number or word in the script that moves its result and stands neither in the claim nor in the input."""

    value: float | str
    why: str = Field(min_length=1, max_length=300)  # where it comes from


class ArtifactManifest(Model):
    """`artifact.toml`. `entry` is the script of a reproduction, the solution of a proof."""

    kind: ArtifactKind
    claim: str = Field(min_length=1, max_length=100)  # claim id
    author: str = Field(min_length=1, max_length=200)
    licence: str = Field(min_length=1, max_length=100)
    entry: str
    runtime: str = Field(min_length=1, max_length=60)  # a sealed runtime, or a pinned environment of proofs
    result: StatedResult | None = None  # reproduction
    inputs: tuple[InputFile, ...] = Field(default=(), max_length=200)
    constants: tuple[DeclaredConstant, ...] = Field(default=(), max_length=50)
    statement: str | None = None  # proof: the file with the statement, trusted once a person approved it
    theorems: tuple[str, ...] = Field(default=(), max_length=50)  # proof: the names that must be proved


class Artifact(Model):
    """A folder as read: the manifest, and every file by its path, `artifact.toml` among them."""

    manifest: ArtifactManifest
    files: dict[str, bytes] = Field(repr=False)

    @property
    def sha256(self) -> str:
        """Over the sorted (path, sha256 of the bytes): the same folder has the same hash everywhere."""
        listed = sorted((path, hashlib.sha256(data).hexdigest()) for path, data in self.files.items())
        return hashlib.sha256(json.dumps(listed).encode()).hexdigest()

"""Small artifacts for the tests, as files, as zip and as tar; every text was written for them."""

from __future__ import annotations

import hashlib
import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from pipelines.gates.artifact import InvalidArtifact
from pipelines.gates.artifact_files import read_artifact

DATA = b"tree,kg\n1,8.5\n2,8.9\n"
SHA = hashlib.sha256(DATA).hexdigest()
MANIFEST = f"""
kind = "reproduction"
claim = "claim-1"
author = "R. Orchard"
licence = "CC0-1.0"
entry = "check.py"
runtime = "python"

[result]
value = 8.7
relation = "=="
tolerance = 0.05

[[inputs]]
path = "data/yields.csv"
sha256 = "{SHA}"
origin = "Table 2 of doi:10.5555/tests.orchard"
licence = "CC0-1.0"

[[constants]]
value = 2
why = "two trees"
"""
PROOF = """
kind = "lean"
claim = "claim-2"
author = "P. Rover"
licence = "CC0-1.0"
entry = "Solution.lean"
statement = "Challenge.lean"
theorems = ["sum_of_evens"]
runtime = "lean-core"
"""
GOOD = {"artifact.toml": MANIFEST.encode(), "check.py": b"print({})\n", "data/yields.csv": DATA}
GOOD_PROOF = {"artifact.toml": PROOF.encode(), "Solution.lean": b"-- proof\n", "Challenge.lean": b"-- statement\n"}


def written(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def refusal(path: Path) -> str:
    """The sentence with which it is refused: one line, ended, of readable length."""
    with pytest.raises(InvalidArtifact) as refused:
        read_artifact(path)
    sentence = str(refused.value)
    assert sentence.isprintable()
    assert sentence.endswith(".")
    assert len(sentence) < 700
    return sentence


def as_zip(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def as_tar(path: Path, files: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz" if path.name.endswith("gz") else "w") as archive:
        for name, data in files.items():
            archive.addfile(plain(name, data), io.BytesIO(data))
    return path


def plain(name: str, data: bytes) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size = len(data)
    return member


def wrapped(top: str) -> dict[str, bytes]:
    return {f"{top}/{name}": data for name, data in GOOD.items()}

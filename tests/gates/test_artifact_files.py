"""Reading artifacts: a good folder in every wrapping, and every manifest or folder that is refused, by its sentence."""

from __future__ import annotations

import os
import socket
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.gates import artifact_files
from pipelines.gates.artifact import Artifact, ArtifactKind
from pipelines.gates.artifact_files import read_artifact
from tests.gates.packed_artifacts import (
    GOOD,
    GOOD_PROOF,
    MANIFEST,
    PROOF,
    SHA,
    as_tar,
    as_zip,
    refusal,
    wrapped,
    written,
)


@pytest.mark.parametrize(
    "make",
    [
        lambda path: written(path / "folder", GOOD),
        lambda path: as_zip(path / "a.zip", GOOD),
        lambda path: as_zip(path / "A.ZIP", wrapped("check of the yields")),
        lambda path: as_tar(path / "a.tar", GOOD),
        lambda path: as_tar(path / "a.tar.gz", wrapped("top")),
        lambda path: as_tar(path / "a.tgz", {f"./{name}": data for name, data in GOOD.items()}),
    ],
    ids=["folder", "zip", "zip of a folder", "tar", "tar.gz of a folder", "tgz with ./"],
)
def test_the_same_folder_is_the_same_artifact_in_every_wrapping(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    artifact = read_artifact(make(tmp_path))
    assert artifact.files == GOOD
    assert artifact.sha256 == Artifact(manifest=artifact.manifest, files=GOOD).sha256
    manifest = artifact.manifest
    assert (manifest.kind, manifest.claim, manifest.entry) == (ArtifactKind.REPRODUCTION, "claim-1", "check.py")
    assert manifest.result is not None
    assert (manifest.result.value, manifest.result.relation, manifest.result.tolerance) == (8.7, "==", 0.05)
    assert (manifest.inputs[0].path, manifest.constants[0].value) == ("data/yields.csv", 2)


def test_a_proof_is_taken(tmp_path: Path) -> None:
    artifact = read_artifact(written(tmp_path, GOOD_PROOF))
    assert (artifact.manifest.kind, artifact.manifest.theorems) == (ArtifactKind.LEAN, ("sum_of_evens",))


def test_an_artifact_without_inputs_is_taken_for_running_it_shows_what_it_is(tmp_path: Path) -> None:
    bare = {"artifact.toml": MANIFEST.split("[[inputs]]")[0].encode(), "check.py": b"print(8.7)\n"}
    assert read_artifact(written(tmp_path, bare)).manifest.inputs == ()


def test_folders_packed_with_entries_of_their_own_are_taken(tmp_path: Path) -> None:
    folder = written(tmp_path / "folder", GOOD)
    (folder / "empty").mkdir()
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        archive.add(folder, ".")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive_of_zip:
        archive_of_zip.mkdir("data")
        for name in GOOD:
            archive_of_zip.write(folder / name, name)
    for path in (folder, tmp_path / "a.tar", tmp_path / "a.zip"):
        assert read_artifact(path).files == GOOD


# --- the manifest -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('author = "R. Orchard"\n', "", "author: it is missing"),
        ('licence = "CC0-1.0"\nentry', "entry", "licence: it is missing"),
        ('kind = "reproduction"', 'kind = "notebook"', "kind: input should be 'reproduction' or 'lean'"),
        ('claim = "claim-1"', "claim = 7", "claim: input should be a valid string"),
        ('claim = "claim-1"', 'claim = "claim-1"\nverified = true', "verified: no such key is known"),
        ("value = 8.7", 'value = "8.7"', "result.value: input should be a valid number"),
        ("value = 8.7", "value = true", "result.value: input should be a valid number"),
        ("value = 8.7", "value = nan", "result.value: input should be a finite number"),
        ("value = 8.7", "value = 2026-01-01", "result.value: input should be a valid number"),
        ("tolerance = 0.05", "tolerance = -1", "result.tolerance: input should be greater than or equal to 0"),
        ('relation = "=="', 'relation = "~"', "result.relation: input should be '=='"),
        ('relation = "=="', 'expected = "=="', "result.expected: no such key is known"),
        ("value = 2\n", "value = inf\n", "constants: inf is no number"),
        ('why = "two trees"', 'why = "  "', "constants[1].why is empty"),
        (f'sha256 = "{SHA}"', 'sha256 = "abc"', "inputs[1].sha256: string should match pattern"),
        (f'sha256 = "{SHA}"', f'sha256 = "{"0" * 64}"', "inputs[1].sha256: it is not the hash of 'data/yields.csv'"),
        ('path = "data/yields.csv"', 'path = "data/other.csv"', "inputs[1].path: there is no file 'data/other.csv'"),
        ('path = "data/yields.csv"', 'path = "check.py"', "inputs[1].path: 'check.py' is the entry"),
        ('path = "data/yields.csv"', 'path = "artifact.toml"', "inputs[1].path: 'artifact.toml' is the entry"),
        ("[[constants]]", f'[[inputs]]\npath = "data/yields.csv"\nsha256 = "{SHA}"\n[[constants]]', "listed before"),
        ('entry = "check.py"', 'entry = "other.py"', "entry: there is no file 'other.py'"),
        ('entry = "check.py"', 'entry = "data/yields.csv"', "entry: 'data/yields.csv' does not end in .py"),
        ('runtime = "python"', 'runtime = "node"', "runtime: 'node' is none of python, numpy"),
        ('runtime = "python"', 'runtime = "../python"', "runtime: '../python' is no name"),
        ('runtime = "python"', 'runtime = "python"\ntheorems = ["x"]', "theorems: the kind 'reproduction' takes none"),
        ('author = "R. Orchard"', 'author = "R. \\u202eOrchard"', "author holds a control or unseen character"),
        ('origin = "Table', 'origin = "\\u001b[2JTable', "inputs[1].origin holds a control or unseen character"),
        ('kind = "reproduction"', 'kind = "reproduction', "not readable as TOML"),
        ('kind = "reproduction"', "kind = " + "[" * 5000, "nested too deeply"),
        ('kind = "reproduction"', "# " + "x" * (64 << 10), "artifact.toml is larger than 64 KB"),
        ("value = 8.7", "value = 1" + "0" * 5000, "not readable as TOML"),
        ("value = 8.7", "value = 1" + "0" * 400, "result.value: input should be a finite number"),
    ],
)
def test_a_manifest_that_is_wrong_is_refused_by_the_key(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in MANIFEST
    assert words in refusal(written(tmp_path, {**GOOD, "artifact.toml": MANIFEST.replace(old, new, 1).encode()}))


def test_a_reproduction_states_its_result(tmp_path: Path) -> None:
    without = MANIFEST.split("[result]")[0] + "[[inputs]]" + MANIFEST.split("[[inputs]]")[1]
    assert "result: it is missing" in refusal(written(tmp_path, {**GOOD, "artifact.toml": without.encode()}))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('statement = "Challenge.lean"\n', "", "statement: it is missing; the kind 'lean' needs it"),
        ('theorems = ["sum_of_evens"]\n', "", "theorems: it is missing; the kind 'lean' needs it"),
        ('["sum_of_evens"]', '["sum of evens"]', "theorems: 'sum of evens' is no name of a theorem"),
        ('"Challenge.lean"', '"Solution.lean"', "statement and entry are the same file"),
        ('"Challenge.lean"', '"Other.lean"', "statement: there is no file 'Other.lean'"),
        ('"lean-core"\n', '"lean-core"\n[result]\nvalue = 1\n', "result: the kind 'lean' takes none"),
        ('"lean-core"\n', f'"lean-core"\n[[inputs]]\npath = "a"\nsha256 = "{SHA}"\n', "inputs: the kind 'lean' takes"),
    ],
)
def test_a_proof_that_is_wrong_is_refused_by_the_key(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in PROOF
    assert words in refusal(written(tmp_path, {**GOOD_PROOF, "artifact.toml": PROOF.replace(old, new, 1).encode()}))


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"check.py": GOOD["check.py"]}, "There is no artifact.toml"),
        ({**GOOD, "notes.txt": b"undeclared"}, "'notes.txt' stands nowhere in artifact.toml"),
        ({**GOOD, ".git/config": b"undeclared"}, "'.git/config' stands nowhere in artifact.toml"),
        ({**GOOD, "check.py": b"\xff"}, "entry: 'check.py' is not UTF-8"),
        ({**GOOD, "check.py": b"#" * ((1 << 20) + 1)}, "entry: 'check.py' is larger than 1024 KB"),
        ({**GOOD, "artifact.toml": b"\xff"}, "not readable as TOML"),
        ({**GOOD_PROOF, "Challenge.lean": b"-" * ((64 << 10) + 1)}, "'Challenge.lean' is larger than 64 KB"),
    ],
)
def test_a_folder_that_does_not_fit_its_manifest_is_refused(
    tmp_path: Path, files: dict[str, bytes], words: str
) -> None:
    assert words in refusal(written(tmp_path, files))


# --- a folder -----------------------------------------------------------------------------------


def bind_socket(path: Path) -> None:
    here = os.open(".", os.O_RDONLY)
    try:
        os.chdir(path.parent)  # the name of a socket may only be short
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind(path.name)
    finally:
        os.fchdir(here)
        os.close(here)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: path.symlink_to("check.py"), "'odd' is a link"),
        (lambda path: path.symlink_to("/etc"), "'odd' is a link"),
        (lambda path: path.symlink_to("nowhere"), "'odd' is a link"),
        (lambda path: os.link(path.parent / "check.py", path), "is a hard link"),
        (os.mkfifo, "'odd' is a pipe"),
        (bind_socket, "'odd' is a socket"),
        (lambda path: (path / "1/2/3/4/5/6/7/8").mkdir(parents=True), "more than 8 levels deep"),
        (lambda path: (path.parent / "CHECK.PY").write_bytes(b""), "'CHECK.PY' and 'check.py' differ in spelling"),
        (lambda path: written(path.parent, {"Data/x": b""}), "'Data' and 'data' differ in spelling only"),
        (lambda path: written(path.parent, {"e\u0301": b"", "\u00e9": b""}), "differ in spelling only"),
        (lambda path: (path.parent / "a\\b").write_bytes(b""), "absolute or has a backslash"),
        (lambda path: (path.parent / "a\nb").write_bytes(b""), "'a\\nb' holds a control or unseen character"),
        (lambda path: (path.parent / "a\u202eb").write_bytes(b""), "'a\\u202eb' holds a control or unseen"),
        (lambda path: (path.parent / "a\u200bb").write_bytes(b""), "holds a control or unseen character"),
        (lambda path: open(os.fsencode(path) + b"\xff", "w").close(), "holds a control or unseen character"),
        (lambda path: (path.parent / " ").write_bytes(b""), "has a part that is empty"),
        (lambda path: written(path, {f"{'x' * 99}/{'y' * 99}/{'z' * 99}": b""}), "longer than 240 bytes"),
        (lambda path: written(path, {str(n): b"" for n in range(198)}), "more than 200 files"),
        (lambda path: [(path / str(n)).mkdir(parents=True) for n in range(400)], "more than 400 files and folders"),
        (lambda path: path.write_bytes(bytes((16 << 20) + 1)), "'odd' is larger than 16 MB"),
    ],
)  # fmt: skip
def test_what_does_not_belong_in_a_folder_is_refused(
    tmp_path: Path, make: Callable[[Path], object], words: str
) -> None:
    make(written(tmp_path, GOOD) / "odd")
    assert words in refusal(tmp_path)


def test_the_files_are_bounded_in_all(tmp_path: Path) -> None:
    for number in range(5):
        with (written(tmp_path, GOOD) / str(number)).open("wb") as file:
            file.truncate(13 << 20)
    assert "larger than 64 MB in all" in refusal(tmp_path)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a device")
def test_a_device_is_refused_without_opening_it(tmp_path: Path) -> None:
    os.mknod(written(tmp_path, GOOD) / "odd", stat.S_IFCHR | 0o600, os.makedev(1, 5))
    assert "'odd' is a device" in refusal(tmp_path)


def test_a_file_that_becomes_a_link_between_look_and_read_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret").write_bytes(b"print('not yours')\n")
    folder = written(tmp_path / "folder", GOOD)
    script = folder / "check.py"
    look = os.stat

    def swap(path: object, **where: object) -> os.stat_result:
        found = look(path, **where)  # type: ignore[call-overload]
        if path == "check.py":
            script.unlink()
            script.symlink_to(tmp_path / "secret")
        return found  # type: ignore[no-any-return]

    monkeypatch.setattr(artifact_files.os, "stat", swap)
    assert "'check.py' is a link" in refusal(folder)


def test_a_file_that_becomes_a_pipe_between_look_and_read_is_refused_and_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = written(tmp_path, GOOD) / "check.py"
    look = os.stat

    def swap(path: object, **where: object) -> os.stat_result:
        found = look(path, **where)  # type: ignore[call-overload]
        if path == "check.py":
            script.unlink()
            os.mkfifo(script)
        return found  # type: ignore[no-any-return]

    monkeypatch.setattr(artifact_files.os, "stat", swap)
    assert "'check.py' is a pipe" in refusal(tmp_path)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: None, "cannot be opened: No such file or directory"),
        (os.mkfifo, "is neither a folder nor an archive"),
        (lambda path: path.write_bytes(b"not packed"), "is neither a folder nor a .zip, .tar or .tar.gz"),
        (lambda path: path.mkdir(), "There is no artifact.toml"),
    ],
)
def test_what_is_no_folder_and_no_archive_is_refused(
    tmp_path: Path, make: Callable[[Path], object], words: str
) -> None:
    make(tmp_path / "given")
    assert words in refusal(tmp_path / "given")


def test_a_name_with_a_nul_is_refused() -> None:
    assert "cannot be opened" in refusal(Path("a\0b"))

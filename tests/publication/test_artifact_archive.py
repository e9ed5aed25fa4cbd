"""The archive of an artifact's files beside the page: what may be given on, and that it is the artifact."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.gates.artifact_files import read_artifact
from pipelines.publication.artifact_archive import archive_bytes, archive_name, is_open, why_withheld
from tests.gates.packed_artifacts import DATA, MANIFEST
from tests.publication.published_artifacts import artifact
from warehouse.location import SAMPLE


@pytest.mark.parametrize("folder", sorted((SAMPLE / "artifacts").iterdir()), ids=lambda folder: folder.name)
def test_the_archive_is_read_as_the_same_artifact_and_has_the_same_bytes_again(folder: Path, tmp_path: Path) -> None:
    read = read_artifact(folder)
    packed = tmp_path / "packed.zip"
    packed.write_bytes(archive_bytes(read))
    assert read_artifact(packed) == read
    assert archive_bytes(read_artifact(packed)) == packed.read_bytes()


def test_files_in_folders_keep_their_paths(tmp_path: Path) -> None:
    folder = tmp_path / "made"
    (folder / "data").mkdir(parents=True)
    (folder / "artifact.toml").write_text(MANIFEST)
    (folder / "check.py").write_text("print({'value': 8.7})\n")
    (folder / "data" / "yields.csv").write_bytes(DATA)
    packed = tmp_path / "packed.zip"
    packed.write_bytes(archive_bytes(read_artifact(folder)))
    assert read_artifact(packed).files.keys() == {"artifact.toml", "check.py", "data/yields.csv"}


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        ("CC0-1.0", True),
        ("cc-by-4.0", True),
        ("CC-BY-SA-4.0", True),
        ("MIT", True),
        ("MIT-0", True),
        ("BSD-3-Clause", True),
        ("GPL-3.0-or-later", True),
        ("GPL-2.0-only", True),
        ("Apache-2.0 AND CC-BY-4.0", True),
        ("(MIT OR Proprietary)", True),
        ("CC-BY-NC-4.0", False),
        ("CC-BY-ND-4.0", False),
        ("MIT AND CC-BY-NC-4.0", False),
        ("Proprietary", False),
        ("all rights reserved", False),
        ("CC", False),
        ("GPL-2.0-only WITH an exception", False),
        ("", False),
    ],
)
def test_a_licence_lets_files_be_passed_on_or_not(licence: str, expected: bool) -> None:
    assert is_open(licence) is expected


def test_what_nobody_may_pass_on_is_withheld_and_said_to_be() -> None:
    view = artifact(1, 1, None)
    assert view.inputs
    assert why_withheld(view) is None

    def with_licence(licence: str | None) -> str | None:
        inputs = tuple(one.model_copy(update={"licence": licence}) for one in view.inputs)
        return why_withheld(view.model_copy(update={"inputs": inputs}))

    assert with_licence(None) == f"nobody states the licence of {view.inputs[0].path}"
    assert "(Proprietary) is not known to allow it" in (with_licence("Proprietary") or "")
    assert "the artifact (secret)" in (why_withheld(view.model_copy(update={"licence": "secret"})) or "")


def test_its_name_is_of_the_content() -> None:
    view = artifact(1, 1, None)
    assert archive_name(view) == f"artifact-{view.sha256}.zip"

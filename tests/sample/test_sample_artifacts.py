"""The demo's artifacts are of claims that its records make, and are marked as made up."""

from __future__ import annotations

from pathlib import Path

import pytest

from claimgate.sample import APPROVER
from pipelines.extraction.claims import extract_claims
from pipelines.gates.artifact_files import read_artifact
from pipelines.gates.stated_result import expectation_of
from pipelines.ingestion.documents import read_document
from pipelines.ingestion.records import parse_record, record_id_of
from warehouse.artifacts import artifact_id_of
from warehouse.location import CHECKOUT, SAMPLE

FOLDERS = sorted((SAMPLE / "artifacts").iterdir())
TREES = SAMPLE / "inbox" / "street-trees.txt"


@pytest.mark.parametrize(("name", "value"), [("leaf-miners-copied", 46), ("watering-bags", 91)])
def test_each_artifact_is_of_a_claim_that_states_what_it_is_to_show(name: str, value: int) -> None:
    artifact = read_artifact(SAMPLE / "artifacts" / name)
    record = parse_record(read_document(TREES.name, TREES.read_bytes()))
    (claim,) = (one for one in extract_claims(record, record_id_of(record)) if one.claim_id == artifact.manifest.claim)
    assert artifact.manifest.result
    expected = expectation_of(claim, artifact.manifest.result)
    assert (float(expected.value), float(expected.tolerance)) == (value, 0.5)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda one: one.name)
def test_each_artifact_is_marked_as_made_up_and_is_by_another_than_its_approver(folder: Path) -> None:
    manifest = read_artifact(folder).manifest
    assert manifest.inputs
    assert all(one.origin and "(synthetic)" in one.origin for one in manifest.inputs)
    assert "(synthetic)" in (folder / "artifact.toml").read_text(encoding="utf-8").splitlines()[0]
    assert manifest.author != APPROVER


def test_the_readme_names_the_claim_and_the_artifact_as_they_are() -> None:
    artifact = read_artifact(SAMPLE / "artifacts" / "watering-bags")
    record = parse_record(read_document(TREES.name, TREES.read_bytes()))
    artifact_id = artifact_id_of(record_id_of(record), artifact.manifest.claim, artifact)
    readme = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    asked = f'attach "{record.title}" {artifact.manifest.claim} warehouse/sample/artifacts/watering-bags'
    assert asked in readme
    assert f"approve {artifact_id[:8]} --by" in readme

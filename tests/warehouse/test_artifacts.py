"""Artifacts as stored: each file once, exactly as attached, and a person's word that is never erased."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from pipelines.gates.artifact import Artifact
from pipelines.gates.artifact_manifest import parse_manifest
from tests.warehouse.a_warehouse import FIRST, SECOND, copy_of, spoil
from warehouse import artifacts as room
from warehouse.artifact_blobs import DamagedStore
from warehouse.artifacts import (
    approve,
    artifact_id_of,
    artifacts_of,
    attach,
    find_artifacts,
    is_attached,
    load_artifact,
)
from warehouse.connection import Warehouse
from warehouse.location import WarehouseLocation

DATA = b"basin,weeks\n1,6\n" * 10


def an_artifact(claim: str = "claim-1", script: bytes = b"print({})\n") -> Artifact:
    manifest = f"""
    kind = "reproduction"
    claim = "{claim}"
    author = "R. Basin"
    licence = "CC0-1.0"
    entry = "check.py"
    runtime = "python"
    result = {{ value = 6, relation = "==", tolerance = 0.5 }}
    inputs = [{{ path = "weeks.csv", sha256 = "{hashlib.sha256(DATA).hexdigest()}", origin = "counted for the test" }}]
    """.encode()
    files = {"artifact.toml": manifest, "check.py": script, "weeks.csv": DATA}
    return Artifact(manifest=parse_manifest(manifest), files=files)


def count(house: Warehouse, table: str) -> int:
    with house.read() as connection:
        row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    assert row is not None
    return int(row[0])


def sizes(house: Warehouse) -> list[int]:
    return [count(house, table) for table in ("artifacts", "artifact_files", "artifact_blobs", "approvals")]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    house = Warehouse(WarehouseLocation(tmp_path_factory.mktemp("empty") / "claimgate.duckdb"))
    with house.write():
        pass  # opening for writing makes the tables
    return house


@pytest.fixture
def house(empty: Warehouse, tmp_path: Path) -> Warehouse:
    return copy_of(empty, tmp_path)


def attached(house: Warehouse, artifact: Artifact, record_id: str = "test:snails") -> str:
    return attach(house, artifact, record_id=record_id, claim_id=artifact.manifest.claim, recorded_at=FIRST)


def test_an_artifact_comes_back_exactly_as_it_was_attached(house: Warehouse) -> None:
    artifact = an_artifact()
    artifact_id = attached(house, artifact)
    assert load_artifact(house, artifact_id) == artifact
    (held,) = artifacts_of(house, ["test:snails"])["test:snails"]
    assert (held.artifact_id, held.record_id, held.claim_id) == (artifact_id, "test:snails", "claim-1")
    assert (held.sha256, held.manifest, held.attached_at) == (artifact.sha256, artifact.manifest, FIRST)
    assert held.approval is None
    assert held.files == tuple(
        (path, hashlib.sha256(data).hexdigest(), len(data)) for path, data in sorted(artifact.files.items())
    )


def test_attaching_twice_changes_nothing(house: Warehouse) -> None:
    artifact = an_artifact()
    artifact_id = attached(house, artifact)
    assert artifact_id == artifact_id_of("test:snails", "claim-1", artifact)
    before = sizes(house)
    again = attach(house, artifact, record_id="test:snails", claim_id="claim-1", recorded_at=SECOND)
    assert (again, sizes(house)) == (artifact_id, before)
    assert is_attached(house, artifact_id)
    assert not is_attached(house, "0" * 32)
    assert artifacts_of(house, ["test:snails"])["test:snails"][0].attached_at == FIRST


def test_a_file_is_stored_once_however_many_artifacts_have_it(house: Warehouse) -> None:
    first, second = an_artifact(), an_artifact(script=b"print(1)\n")
    attached(house, first)
    attached(house, second)
    attached(house, first, "test:other")
    # Both scripts, and one manifest and one table for all.
    assert sizes(house) == [3, 9, 4, 0]
    held = artifacts_of(house, ["test:snails", "test:other", "test:none"])
    assert {record_id: len(found) for record_id, found in held.items()} == {"test:snails": 2, "test:other": 1}


def test_what_cannot_be_stored_whole_is_not_stored_at_all(house: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    attached(house, an_artifact("claim-0"))
    before = sizes(house)
    real = room.append

    def fails(connection: duckdb.DuckDBPyConnection, table: str, rows: list[room.Row], *, key: str) -> int:
        if table == "artifacts":
            raise OSError("no space left")
        return real(connection, table, rows, key=key)

    monkeypatch.setattr(room, "append", fails)
    with pytest.raises(OSError, match="no space"):
        attached(house, an_artifact())
    assert sizes(house) == before


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE artifact_blobs SET bytes = 'print(6)'::BLOB WHERE size = 10", "other bytes"),
        ("DELETE FROM artifact_blobs WHERE size = 10", "no bytes"),
        ("DELETE FROM artifact_files WHERE path = 'check.py'", "not held as it was attached"),
        ("DELETE FROM artifact_files WHERE path = 'artifact.toml'", "without a readable artifact.toml"),
        ("UPDATE artifact_files SET path = 'other.py' WHERE path = 'check.py'", "not held as it was attached"),
        (
            "UPDATE artifact_files SET sha256 = (SELECT sha256 FROM artifact_files WHERE path = 'weeks.csv') "
            "WHERE path = 'check.py'",
            "not held as it was attached",
        ),
        ("UPDATE artifacts SET manifest = replace(manifest, 'R. Basin', 'Nobody')", "not held as it was attached"),
    ],
)
def test_a_store_that_was_altered_is_found_out(house: Warehouse, tmp_path: Path, statement: str, words: str) -> None:
    artifact_id = attached(house, an_artifact())
    spoiled = copy_of(house, tmp_path / "spoiled")
    spoil(spoiled, statement)
    with pytest.raises(DamagedStore, match=words):
        load_artifact(spoiled, artifact_id)


def test_an_artifact_that_is_not_there_cannot_be_loaded(house: Warehouse) -> None:
    attached(house, an_artifact())
    with pytest.raises(KeyError):
        load_artifact(house, "0" * 32)


def test_the_latest_word_of_a_person_holds_and_every_earlier_one_stays(house: Warehouse) -> None:
    artifact_id = attached(house, an_artifact())
    other = attached(house, an_artifact("claim-2"))
    words = [("An editor", "it counts the weeks", True), ("An editor", "the weeks are of another basin", False),
             ("A librarian", "the table was corrected", True)]  # fmt: skip
    in_force = []
    for day, (by, reason, approved) in enumerate(words, start=1):
        moment = FIRST + timedelta(days=day)
        approve(house, artifact_id, by=by, reason=reason, approved=approved, recorded_at=moment)
        held = {one.artifact_id: one.approval for one in artifacts_of(house, ["test:snails"])["test:snails"]}
        assert held[other] is None
        in_force.append(held[artifact_id] and held[artifact_id].by)
    assert in_force == ["An editor", None, "A librarian"]
    assert count(house, "approvals") == 3
    approval = held[artifact_id]
    assert approval is not None
    assert (approval.reason, approval.recorded_at) == ("the table was corrected", "2026-07-04T09:00:00+00:00")


def test_an_artifact_is_found_by_the_beginning_of_its_id_or_hash(house: Warehouse) -> None:
    artifact = an_artifact()
    artifact_id = attached(house, artifact)
    attached(house, an_artifact("claim-2"))
    for wanted in (artifact_id, artifact_id[:8], artifact.sha256, artifact.sha256[:8]):
        assert [one.artifact_id for one in find_artifacts(house, wanted)] == [artifact_id]
    assert len(find_artifacts(house, "")) == 2
    assert find_artifacts(house, "z") == ()
    assert find_artifacts(house, "%") == ()

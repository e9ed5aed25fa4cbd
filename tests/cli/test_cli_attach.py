"""`claimgate attach` and `claimgate approve`: a check of a claim, and a person's word on it."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from claimgate.commands.artifacts import approve_artifact, attach_artifact
from claimgate.errors import BadInput
from pipelines.gates.artifact_files import read_artifact
from pipelines.gates.sandbox import open_sandbox
from pipelines.gates.seal import SandboxUnavailable
from tests.conftest import Checked
from tests.processes import House
from warehouse.artifacts import artifacts_of, attach
from warehouse.connection import Warehouse
from warehouse.extraction import claims_of
from warehouse.location import WarehouseLocation

TITLE = "Shade over garden ponds"
DATA = b"pond,open,shaded\n1,22.0,18.1\n2,21.5,17.4\n"
SCRIPT = b"import json\nprint(json.dumps({'result': 4.0}))\n"
STATEMENT = b"theorem doubled (n : Nat) : n + n = 2 * n := sorry\n"


def claim_id(checked: Checked, number: int) -> str:
    record_id = checked.record(TITLE)["record_id"]
    house = Warehouse(WarehouseLocation(checked.house.database))
    return claims_of(house, [record_id])[record_id][number].claim_id


def reproduction(folder: Path, claim: str, *, value: float = 4, tolerance: float = 0.5, origin: str = "") -> Path:
    """A check of "lowered the water temperature of the ponds by 4 degrees Celsius"."""
    folder.mkdir(parents=True)
    (folder / "check.py").write_bytes(SCRIPT)
    (folder / "ponds.csv").write_bytes(DATA)
    (folder / "artifact.toml").write_text(
        f'kind = "reproduction"\nclaim = "{claim}"\nauthor = "Ada Weir and B. Pond"\nlicence = "CC0-1.0"\n'
        f'entry = "check.py"\nruntime = "python"\n[result]\nvalue = {value}\ntolerance = {tolerance}\n'
        f'[[inputs]]\npath = "ponds.csv"\nsha256 = "{hashlib.sha256(DATA).hexdigest()}"\n{origin}\n',
        encoding="utf-8",
    )
    return folder


def proof(folder: Path, claim: str) -> Path:
    folder.mkdir(parents=True)
    (folder / "Challenge.lean").write_bytes(STATEMENT)
    (folder / "Solution.lean").write_bytes(STATEMENT.replace(b"sorry", b"by omega"))
    (folder / "artifact.toml").write_text(
        f'kind = "lean"\nclaim = "{claim}"\nauthor = "Ada Weir and B. Pond"\nlicence = "CC0-1.0"\n'
        'entry = "Solution.lean"\nstatement = "Challenge.lean"\ntheorems = ["doubled"]\nruntime = "lean-core"\n',
        encoding="utf-8",
    )
    return folder


def can_run_sealed() -> bool:
    try:
        open_sandbox({})
    except SandboxUnavailable:
        return False
    return True


def test_a_reproduction_is_attached_once_and_what_gate_2_will_do_is_said(
    checked: Checked, checked_copy: House, tmp_path: Path
) -> None:
    claim = claim_id(checked, 0)
    folder = reproduction(tmp_path / "artifact", claim)
    ended = checked_copy.claimgate("attach", TITLE, claim, folder, "--json")
    assert ended.code == 0, ended.err
    told = ended.document
    assert (told["record_id"], told["claim_id"], told["kind"], told["new"]) == (
        checked.record(TITLE)["record_id"], claim, "reproduction", True,
    )  # fmt: skip
    assert told["files"] == ["artifact.toml", "check.py", "ponds.csv"]
    words = "... lowered the water temperature of the ponds by 4 degrees Celsius."
    assert told["expected"]["words"].endswith(words.removeprefix("... lowered"))
    assert {name: told["expected"][name] for name in ("value", "relation", "tolerance")} == {
        "value": 4.0, "relation": "==", "tolerance": 0.5,
    }  # fmt: skip
    run, origin, approval = told["will"]
    assert f"`claimgate reverify --record {told['record_id']}`" in run
    assert ("runs it sealed, twice" if can_run_sealed() else "NOT_RUN: ") in run
    assert "'ponds.csv' gives none" in origin
    assert f"until somebody other than Ada Weir and B. Pond approves it: `claimgate approve {told['artifact_id']}" in (
        approval
    )
    again = checked_copy.claimgate("attach", TITLE, claim, folder)
    assert again.code == 0, again.err
    assert again.out.startswith(f"Was attached before; nothing changed: {told['artifact_id']}\n")
    assert f"sha256 {told['sha256']}" in again.out
    assert "Expected of it: equal to 4, give or take 0.5" in again.out


def test_approving_shows_what_is_approved_and_is_recorded_beside_what_was_said_before(
    checked: Checked, checked_copy: House, tmp_path: Path
) -> None:
    claim = claim_id(checked, 2)
    attached = checked_copy.claimgate("attach", TITLE, claim, proof(tmp_path / "artifact", claim), "--json").document
    assert attached["expected"] is None
    assert "NOT_RUN: " in attached["will"][0]
    ended = checked_copy.claimgate("approve", attached["artifact_id"], "--by", "ada  WEIR", "--reason", "It is mine.")
    assert (ended.code, ended.out) == (2, "")
    assert "somebody else must say" in ended.complaint
    ended = checked_copy.claimgate(
        "approve", attached["sha256"][:12], "--by", "C. Lake", "--reason", "It is the claim."
    )
    assert ended.code == 0, ended.err
    for shown in (
        "Shading doubled the number of newts in the ponds",
        f"sha256 {hashlib.sha256(STATEMENT.replace(b'sorry', b'by omega')).hexdigest()}",
        "doubled, of the statement:\ntheorem doubled (n : Nat) : n + n = 2 * n := sorry",
        f"{attached['artifact_id']}: approved by C. Lake.",
    ):
        assert shown in ended.out
    taken_back = ("approve", attached["artifact_id"], "--withdraw", "--by", "C. Lake", "--reason", "It is another.")
    ended = checked_copy.claimgate(*taken_back, "--json")
    assert ended.code == 0, ended.err
    assert (ended.document["approved"], ended.document["by"]) == (False, "C. Lake")
    assert ended.document["reviewed"]["theorems"] == ["doubled"]


def test_what_cannot_be_attached_is_bad_input(
    checked: Checked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = claim_id(checked, 0), claim_id(checked, 1)
    good = reproduction(tmp_path / "good", first)
    wide = reproduction(tmp_path / "wide", first, tolerance=0.6)
    other = reproduction(tmp_path / "other", first, value=5)
    cases: list[tuple[str, str, Path, str]] = [
        ("Rain on roofs", first, good, "No record is called 'Rain on roofs'"),
        (TITLE, "0" * 32, good, "has no current claim '00000000000000000000000000000000'"),
        (TITLE, second, good, f"artifact.toml is for the claim '{first}', not for '{second}'"),
        (TITLE, first, wide, "allows at most 0.5"),
        (TITLE, first, other, "the result 5, which the claim does not write in digits; it writes 4."),
    ]
    monkeypatch.setenv("CLAIMGATE_WAREHOUSE", str(checked.house.database))
    for record, claim, folder, words in cases:
        with pytest.raises(BadInput, match=re.escape(words)):
            attach_artifact(record, claim, folder, demo=False, as_json=True)
    ended = checked.house.claimgate("attach", TITLE, first, tmp_path / "none", "--json")
    assert (ended.code, ended.out) == (2, "")
    assert "cannot be opened: No such file or directory" in ended.complaint


@pytest.mark.parametrize(
    ("artifact", "by", "reason", "words"),
    [
        ("0" * 32, "C. Lake", "So it is.", "No artifact is called"),
        ("", "C. Lake", "So it is.", "No artifact is called ''"),
        ("0" * 32, "C. Lake", " ", "--reason is empty"),
        ("0" * 32, " ", "So it is.", "--by is empty"),
    ],
)
def test_what_cannot_be_approved_is_bad_input(
    checked: Checked, monkeypatch: pytest.MonkeyPatch, artifact: str, by: str, reason: str, words: str
) -> None:
    monkeypatch.setenv("CLAIMGATE_WAREHOUSE", str(checked.house.database))
    with pytest.raises(BadInput, match=re.escape(words)):
        approve_artifact(artifact, by=by, reason=reason, withdraw=False, demo=False, as_json=True)


def test_an_approval_that_was_not_given_cannot_be_withdrawn(
    checked: Checked, checked_copy: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = Warehouse(WarehouseLocation(checked_copy.database))
    claim = claim_id(checked, 0)
    artifact = read_artifact(reproduction(tmp_path / "artifact", claim))
    record_id = checked.record(TITLE)["record_id"]
    artifact_id = attach(house, artifact, record_id=record_id, claim_id=claim, recorded_at=datetime.now(UTC))
    monkeypatch.setenv("CLAIMGATE_WAREHOUSE", str(checked_copy.database))
    with pytest.raises(BadInput, match="is not approved, so there is nothing to withdraw"):
        approve_artifact(artifact_id[:8], by="C. Lake", reason="No.", withdraw=True, demo=False, as_json=True)
    assert artifacts_of(house, [record_id])[record_id][0].approval is None

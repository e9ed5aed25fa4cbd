"""`claimgate run` without files: the demo, whose artifacts show a newcomer what gate 2 does."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from claimgate.commands.artifacts import attach_artifact
from claimgate.commands.show import the_record
from claimgate.gate_views import gate_lines
from claimgate.sample import APPROVER, attach_sample_artifacts
from claimgate.views import record_view
from pipelines.gates.sandbox import open_sandbox
from pipelines.gates.seal import SandboxUnavailable
from pipelines.publication.artifact_archive import archive_name
from pipelines.publication.contracts.table import CONTRACTS, contract_files
from pipelines.publication.manifest import manifest_bytes, manifest_of
from pipelines.publication.site.build import page_name
from pipelines.publication.views import PublicRecord
from tests.processes import Ended, House
from tests.publication.contract_schemas import breaks
from warehouse.artifacts import approve, artifacts_of
from warehouse.connection import Warehouse
from warehouse.ingestion import cohorts
from warehouse.location import SAMPLE, WarehouseLocation
from warehouse.overview import artifact_outcomes, gate_outcomes
from warehouse.public_records import public_records
from warehouse.published import record_ids_of

TITLE = "Street trees, heat and clean air"
RECORD = "text:11812bc2bb50c1c51671dd853e064086"
VERIFIED, COPIED = "cf3c468091e1c890406a8", "c113c8a2ba22b71fb7583"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Demo:
    """The demo run where there is no bubblewrap, and after it the record with the artifacts run as this machine is."""

    house: Warehouse
    first: Ended
    before: PublicRecord
    printed: tuple[dict[str, dict[str, int]], dict[str, int]]
    after: PublicRecord


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    lived_in = House(tmp_path_factory.mktemp("demo"))
    house = Warehouse(WarehouseLocation(lived_in.database))
    first = lived_in.claimgate("run", prefix=("env", f"PATH={lived_in.folder}"))
    assert first.code == 0, first.err
    before = the_record(house, TITLE)
    counted = gate_outcomes(house, datetime.now(UTC).date()), artifact_outcomes(house)
    ended = lived_in.claimgate("reverify", "--record", TITLE, "--json")
    assert ended.code == 0, ended.err
    return Demo(house, first, before, counted, the_record(house, TITLE))


def outcomes(record: PublicRecord) -> dict[str, str]:
    return {one["claim_id"]: one["outcome"] for one in record_view(record, page=None)["artifacts"]}


def test_without_bubblewrap_the_demo_succeeds_and_says_what_is_missing(demo: Demo) -> None:
    assert "10 records, 0 rejected" in demo.first.out
    assert "Gates: 0 integrity, 1 grounding, 2 verification, 3 red team." in demo.first.out
    told = demo.first.out.split("Artifacts:\n")[1].splitlines()[:2]
    for claim, line in zip((9, 7), told, strict=True):
        assert line.startswith(
            f"  NOT_RUN: reproduction for claim {claim} of {TITLE}: bubblewrap is not installed: apt-"
        )
    assert outcomes(demo.before) == {VERIFIED: "NOT_RUN", COPIED: "NOT_RUN"}
    gate = record_view(demo.before, page=None)["gates"]["gate-2"]
    assert (gate["outcome"], gate["status"]) == ("NOT_RUN", "UNVERIFIED")


def test_once_there_is_a_sandbox_one_artifact_verifies_and_the_copied_one_checks_nothing(demo: Demo) -> None:
    try:
        open_sandbox({})
    except SandboxUnavailable as problem:
        pytest.skip(f"nothing can be run sealed here: {problem}")
    assert outcomes(demo.after) == {VERIFIED: "VERIFIED", COPIED: "INVALID_CHECK"}
    gate = record_view(demo.after, page=None)["gates"]["gate-2"]
    assert (gate["outcome"], gate["status"]) == ("VERIFIED", "VERIFIED")
    page = (demo.house.location.site / page_name(RECORD)).read_text(encoding="utf-8")
    assert "The check is worth nothing, whatever it printed. That says nothing about the claim." in page
    assert "A valid check was run under seal, and its result confirms the claim." in page


def test_the_contracts_and_the_manifest_of_every_sample_record_hold_to_their_schemas(demo: Demo) -> None:
    ids = record_ids_of(demo.house, cohorts(demo.house))
    records = [*public_records(demo.house, ids, today=NOW.date()), demo.before]
    assert len(records) == 11
    told: Counter[str] = Counter()
    for record in records:
        assert breaks("claimgate-manifest-v1", json.loads(manifest_bytes(manifest_of(record)))) == []
        for path, data in contract_files(record, None):
            document = json.loads(data)
            assert breaks(document["contract_version"], document) == [], path
            told[document["contract_version"]] += 1
    # Two records have no score, and so no document of a tier.
    assert told == {name: 9 if name == "quality-tiers-v1" else 11 for name in CONTRACTS}


def test_the_approval_of_the_demo_is_marked_as_nobodys(demo: Demo) -> None:
    assert demo.before.synthetic
    for artifact in demo.before.artifacts:
        assert artifact.approval
        assert artifact.approval.by == APPROVER
        assert "synthetic" in APPROVER
        assert "no person looked at this check" in artifact.approval.reason
        assert all("(synthetic)" in one.origin for one in artifact.inputs if one.origin)
    assert sum(f"approved by {APPROVER}" in line for line in gate_lines(demo.before)) == 2


def test_status_counts_records_by_gate_and_artifacts_by_what_came_of_them(demo: Demo) -> None:
    gates, artifacts = demo.printed
    assert artifacts == {"NOT_RUN": 2}
    assert [one.split("@")[0] for one in gates] == ["gate-0", "gate-1", "gate-2", "gate-3"]
    assert all(sum(counts.values()) == 10 for counts in gates.values())
    (verification,) = (counts for activation, counts in gates.items() if activation.startswith("gate-2@"))
    assert verification == {"NOT_ATTEMPTED": 9, "NOT_RUN": 1}


def test_attaching_the_samples_artifacts_again_adds_nothing_and_no_word_is_overruled(tmp_path: Path) -> None:
    house = Warehouse(WarehouseLocation(tmp_path / "claimgate.duckdb"))
    attach_sample_artifacts(house, NOW)
    held = artifacts_of(house, [RECORD])[RECORD]
    assert {one.claim_id for one in held} == {VERIFIED, COPIED}
    assert all(one.approval and one.approval.by == APPROVER for one in held)
    approve(house, held[0].artifact_id, by="C. Lake", reason="No.", approved=False, recorded_at=NOW.replace(hour=13))
    attach_sample_artifacts(house, NOW.replace(hour=14))
    again = artifacts_of(house, [RECORD])[RECORD]
    assert [one.approval for one in again] == [None, held[1].approval]
    with house.read() as connection:
        counts = [
            connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0]
            for table in ("artifacts", "artifact_files", "approvals")
        ]
    assert counts == [2, 6, 3]


@pytest.mark.parametrize("given", ["the folder", "the archive beside the page"])
def test_attaching_by_hand_what_is_approved_says_by_whom(
    given: str, demo: Demo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CLAIMGATE_WAREHOUSE", str(demo.house.location.database))
    (artifact,) = (one for one in demo.before.artifacts if one.claim_id == VERIFIED)
    files = {
        "the folder": SAMPLE / "artifacts" / "watering-bags",
        "the archive beside the page": demo.house.location.site / archive_name(artifact),
    }
    attach_artifact(TITLE, VERIFIED, files[given], demo=False, as_json=False)
    told = capsys.readouterr().out
    assert told.startswith("Was attached before; nothing changed: ")
    assert told.endswith(f"\n{APPROVER} approved it.\n")
    assert "cannot be VERIFIED" not in told

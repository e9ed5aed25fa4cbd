"""Contract gate-verdict-v1, and our own sections on gates and artifacts beside it."""

from __future__ import annotations

import itertools
import json
from datetime import date, datetime
from typing import Any

import jsonschema
import pytest
from published_artifacts import artifacts, red_team, refuted, stale_proof, waiting
from published_records import empty_record, gated_record, gates, rich_record

from pipelines.models import AttemptOutcome, GateResult, PublicGateStatus
from pipelines.publication.contracts.table import contract_files
from pipelines.publication.gate_contract import (
    GATE_VERDICT_SCHEMA,
    artifact_outcome,
    gate_in_force,
    gate_name,
    gate_verdict,
    gates_in_force,
    published_status,
    record_gate_verdict,
)
from pipelines.publication.manifest import manifest_of
from pipelines.publication.site.text import gate_verdict_name, manifest_name
from pipelines.publication.views import GateView

# The contract, field by field, as its publisher documents it.
CONTRACT: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": [
        "schema",
        "schema_version",
        "contract_version",
        "status",
        "label",
        "definition",
        "reason",
        "evaluated_at",
        "gate",
        "enforcement",
    ],
    "properties": {
        "schema": {"const": "https://assignee.net/schemas/gate-verdict-v1"},
        "schema_version": {"type": "string", "minLength": 1},
        "contract_version": {"type": "string", "minLength": 1},
        "status": {"enum": ["UNVERIFIED", "VERIFIED", "FALSIFIED"]},
        "label": {"type": "string", "minLength": 1},
        "definition": {"type": "string", "minLength": 1},
        "reason": {"type": "string", "minLength": 1},
        "evaluated_at": {"type": ["string", "null"], "format": "date-time"},
        "gate": {"type": "string", "minLength": 1},
        "enforcement": {"type": "string", "minLength": 1},
    },
}


def held(
    outcome: AttemptOutcome | None, status: PublicGateStatus, result: GateResult | None = None, **changed: object
) -> GateView:
    return gates()[1].model_copy(update={"outcome": outcome, "public_status": status, "result": result} | changed)


def breaks(verdict: Any) -> list[str]:
    return [error.message for error in jsonschema.Draft202012Validator(CONTRACT).iter_errors(verdict)]


def test_every_evaluation_stands_in_the_manifest_as_the_contract_has_it() -> None:
    sections = manifest_of(gated_record())["gates"]
    assert len(sections) == 5
    for section in sections:
        verdict = section["gate_verdict"]
        assert breaks(verdict) == []
        assert datetime.fromisoformat(verdict["evaluated_at"]).tzinfo is not None


@pytest.mark.parametrize("field", CONTRACT["required"])
def test_the_contract_as_tested_here_misses_no_field(field: str) -> None:
    verdict = gate_verdict(gates()[1])
    assert breaks({name: value for name, value in verdict.items() if name != field})


@pytest.mark.parametrize(("outcome", "claimed"), list(itertools.product([None, *AttemptOutcome], PublicGateStatus)))
def test_falsified_is_published_from_refuted_only_and_verified_from_verified_only(
    outcome: AttemptOutcome | None, claimed: PublicGateStatus
) -> None:
    status = published_status(held(outcome, claimed))
    borne = {AttemptOutcome.VERIFIED: PublicGateStatus.VERIFIED, AttemptOutcome.REFUTED: PublicGateStatus.FALSIFIED}
    expected = claimed if borne.get(outcome) is claimed else PublicGateStatus.UNVERIFIED
    assert status is expected
    verdict = gate_verdict(held(outcome, claimed))
    assert (verdict["status"], breaks(verdict)) == (expected.value, [])


def test_each_status_has_a_label_and_a_definition_of_its_own() -> None:
    pairs = [
        (AttemptOutcome.VERIFIED, PublicGateStatus.VERIFIED),
        (AttemptOutcome.REFUTED, PublicGateStatus.FALSIFIED),
        (AttemptOutcome.INVALID_CHECK, PublicGateStatus.UNVERIFIED),
    ]
    verdicts = [gate_verdict(held(*pair)) for pair in pairs]
    assert len({one["definition"] for one in verdicts}) == 3
    assert [one["label"] for one in verdicts] == ["Verified", "Falsified", "Unverified"]


def test_a_claim_refuted_by_the_red_team_falsifies_under_its_own_gate() -> None:
    fallen = red_team().model_copy(
        update={"outcome": AttemptOutcome.REFUTED, "public_status": PublicGateStatus.FALSIFIED}
    )
    verdict = gate_verdict(fallen)
    assert (verdict["status"], verdict["gate"]) == ("FALSIFIED", "Gate 3: Red team")


def test_the_record_as_a_whole_has_the_verdict_of_gate_2_in_force() -> None:
    manifest = manifest_of(gated_record())
    assert manifest["gate_verdict"]["status"] == "FALSIFIED"
    assert manifest["gate_verdict"]["gate"] == "Gate 2: Verification"
    assert manifest["gate_verdict_absent"] is None
    assert breaks(manifest["gate_verdict"]) == []


@pytest.mark.parametrize(
    ("views", "why"),
    [((), "Gate 2 was never evaluated"), (gates()[2:], "announced and not in force"), (gates()[:1], "never evaluated")],
)
def test_a_record_whose_gate_2_was_never_evaluated_has_no_verdict_and_says_why(
    views: tuple[GateView, ...], why: str
) -> None:
    record = rich_record(gates=views)
    manifest = manifest_of(record)
    assert manifest["gate_verdict"] is None
    assert why in manifest["gate_verdict_absent"]
    assert gate_verdict_name(record.record_id) not in dict(contract_files(record, None))


def test_the_file_of_the_verdict_holds_the_contract_and_lies_beside_the_manifest() -> None:
    record = gated_record()
    data = dict(contract_files(record, None))[gate_verdict_name(record.record_id)]
    assert data.endswith(b"}\n")
    assert json.loads(data) == record_gate_verdict(record)
    assert json.loads(data)["schema"] == GATE_VERDICT_SCHEMA
    assert gate_verdict_name("srch:C10FE201") == "srch-c10fe201-bdb2efbb2b4bfa37/gate-verdict.json"
    assert gate_verdict_name("a") != manifest_name("a")


def test_the_newest_activation_in_force_speaks_for_a_gate_whatever_the_order() -> None:
    views = gated_record().gates
    for order in itertools.permutations(views):
        now = gate_in_force(order, "gate-2")
        assert now is not None
        assert now.activation_id == "gate-2@2026-06-10"
    assert [one.gate for one in gates_in_force(views)] == ["gate-1", "gate-2", "gate-3"]
    later = held(AttemptOutcome.STALE, PublicGateStatus.UNVERIFIED, active_on=date(2026, 7, 1), activation_id="later")
    now = gate_in_force((*views, later), "gate-2")
    assert now is not None
    assert now.activation_id == "later"


def test_a_gate_is_named_by_its_number_and_its_title() -> None:
    assert gate_name(gates()[1]) == "Gate 2: Verification"


def test_artifacts_stand_in_the_manifest_with_inputs_hashes_approval_and_every_run() -> None:
    sections = {one["artifact_id"]: one for one in manifest_of(gated_record())["artifacts"]}
    assert len(sections) == len(artifacts())
    first = sections["artifact-id-1"]
    assert (first["outcome"], first["approval"]["by"], first["sha256"]) == ("VERIFIED", "Reader Two", "01" * 32)
    assert first["inputs"][0]["origin"].startswith("https://")
    assert first["expected"] == {
        "value": 31.0,
        "relation": "==",
        "tolerance": 0.5,
        "words": "cut water loss by 31 %",
    }
    assert [step["value"] for step in first["attempt"]["steps"]] == [31.2, 31.2, None, 12.000012345]
    assert first["attempt"]["evidence"]["script"] == {"sha256": "c1" * 32}
    assert sections["artifact-id-6"]["attempt"] is None
    assert manifest_of(empty_record())["artifacts"] == []


def test_the_red_teams_reports_stand_with_its_gate_absent_attackers_among_them() -> None:
    (gate,) = [one for one in manifest_of(gated_record())["gates"] if one["gate"] == "gate-3"]
    assert [(one["attacker"], one["ran"]) for one in gate["attackers"]] == [
        ("counterexample", True),
        ("check-auditor", True),
        ("citation-auditor", True),
        ("model", False),
    ]
    assert gate["attackers"][0]["findings"][0]["quotes"][0]["text"] == "Yields of squash were the same in both."


def test_an_artifact_counts_for_what_the_gate_in_force_makes_of_it() -> None:
    assert artifact_outcome(refuted()) is AttemptOutcome.REFUTED
    assert artifact_outcome(stale_proof()) is AttemptOutcome.STALE
    assert artifact_outcome(stale_proof().model_copy(update={"standing": None})) is AttemptOutcome.VERIFIED
    assert artifact_outcome(waiting()) is AttemptOutcome.NOT_ATTEMPTED

"""What the red team looks at is read set-wise out of the warehouse; its reports are appended and never rewritten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines.gates.artifact import Artifact, ArtifactKind, ArtifactManifest, Relation, StatedResult
from pipelines.gates.attempt import Attempt, CheckFault, facts_of
from pipelines.gates.facts import AttackerReport
from pipelines.gates.redteam.attack import ATTACKERS, attack
from pipelines.gates.redteam.material import MOVED, RedTeamMaterial
from pipelines.gates.redteam.rules import RedTeamRule
from pipelines.models import AttemptOutcome, ClaimVerdict, Notice, NoticeKind, SourceVerdict, Stance, Work
from pipelines.verification.backend_choice import BackendUnusable
from pipelines.verification.corpus_search import FoundWork
from tests.ingestion.replay_server import Rule, serving
from tests.made_claims import quoted
from tests.verification.llm_server import asked_of, completion
from tests.warehouse.a_warehouse import a_verdict, copy_of, counted_readings, saved_record, sentences
from tests.warehouse.test_backends import around, model_at
from warehouse.append import Stamp
from warehouse.artifacts import approve, attach
from warehouse.attempts import MadeAttempt, save_attempts
from warehouse.connection import Warehouse
from warehouse.corpus import read_for
from warehouse.extraction import save_claims
from warehouse.location import WarehouseLocation
from warehouse.red_team import (
    opened_attackers,
    red_team_fingerprint,
    red_team_fingerprints,
    red_team_material,
    red_team_reports_of,
    save_red_team_reports,
)
from warehouse.verification import ReachedVerdict, adjudicate, save_verdicts

MONDAY = datetime(2026, 7, 6, 9, 0, tzinfo=UTC)
RECORD = "test:moss"
AGAINST = "Moss broke the tiles of every roof."
WORK = Work(
    source_id="doi:10.5555/moss",
    title="Moss on roofs",
    authors=("Ada Brook",),
    text=f"Moss was weighed on forty roofs. {AGAINST}",
    text_kind="abstract",
    origin="library:shelf.jsonl",
)
RETRACTED = Notice(kind=NoticeKind.RETRACTED, origin="library:shelf.jsonl", date="2026-05-01")


def on(days: int = 0) -> Stamp:
    return Stamp(MONDAY + timedelta(days=days), "by hand")


@pytest.fixture
def house(built: Warehouse, tmp_path: Path) -> Warehouse:
    return copy_of(built, tmp_path)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """A record with three claims, the second refuted by a found work."""
    made = Warehouse(WarehouseLocation(tmp_path_factory.mktemp("red-team") / "claimgate.duckdb"))
    record = saved_record(made, MONDAY)
    claims = sentences(record)
    save_claims(made, [(record, claims)], "extractor-1", on())
    found = FoundWork(WORK, 0, 7.25, 1.0)
    (source,) = read_for(claims[1], [found])
    (passage,) = source.passages
    said = quoted(AGAINST, passage.text, passage.passage_id, WORK.source_id, Stance.REFUTES)
    own = SourceVerdict(source_id=WORK.source_id, verdict=ClaimVerdict.REFUTED, confidence=0.9, reason="it says so")
    refuted = a_verdict("claim-2", ClaimVerdict.REFUTED).model_copy(update={"evidence": (said,), "per_source": (own,)})
    save_verdicts(made, [ReachedVerdict("A", refuted, (), (found,), "corpus-1:abc")], on())
    return made


def looked_at(house: Warehouse) -> RedTeamMaterial:
    (material,) = red_team_material(house, [RECORD])
    return material


def rules(reports: tuple[AttackerReport, ...]) -> list[str]:
    return [one.rule for report in reports for one in report.findings]


def person_says(house: Warehouse, verdict: ClaimVerdict) -> None:
    adjudicate(
        house, claim_id="claim-2", verdict=verdict, reason="read again", by="an editor", recorded_at=on(1).recorded_at
    )


def retract(house: Warehouse) -> None:
    told = FoundWork(WORK.model_copy(update={"notices": (RETRACTED,)}), 0, 7.25, 1.0)
    other = a_verdict("claim-3", ClaimVerdict.NOT_ENOUGH_INFO)
    save_verdicts(house, [ReachedVerdict("B", other, (), (told,), "corpus-1:abd")], on(1))


# --- artifacts ------------------------------------------------------------------------------------

SCRIPT = b"print('{\"value\": 25}')\n"


def attached(house: Warehouse, claim_id: str, *, value: float = 25.0, script: bytes = SCRIPT, days: int = 1) -> str:
    """The script attached to a claim and approved; its manifest names the claim, so the folders differ."""
    manifest = ArtifactManifest(
        kind=ArtifactKind.REPRODUCTION,
        claim=claim_id,
        author="Ada Brook",
        licence="CC0-1.0",
        entry="boil.py",
        runtime="python",
        result=StatedResult(value=value, relation=Relation.EQUALS),
    )
    artifact = Artifact(manifest=manifest, files={"artifact.toml": claim_id.encode(), "boil.py": script})
    when = on(days).recorded_at
    artifact_id = attach(house, artifact, record_id=RECORD, claim_id=claim_id, recorded_at=when)
    approve(house, artifact_id, by="an editor", reason="it computes it", approved=True, recorded_at=when)
    return artifact_id


def attempted(house: Warehouse, artifact_id: str, claim_id: str, outcome: AttemptOutcome, **more: Any) -> None:
    attempt = Attempt(
        outcome=outcome, reason="as it was run", backend="test-1", authority=True, approved_by="an editor", **more
    )
    facts = facts_of(artifact_id, claim_id, "reproduction", attempt)
    save_attempts(house, [MadeAttempt(RECORD, f"{outcome} {more}", attempt, facts, {})], on(2))


# --- material -------------------------------------------------------------------------------------


def test_the_red_team_finds_in_the_warehouse_what_the_verdicts_rest_on(house: Warehouse) -> None:
    counterexample, citations, checks = attack(looked_at(house))
    (one,) = counterexample.findings
    assert (one.rule, one.subject, one.confirmed) == (RedTeamRule.REFUTED_BY_SOURCE, "claim-2", False)
    assert [(quote.source_id, quote.text) for quote in one.quotes] == [(WORK.source_id, AGAINST)]
    assert "Moss on roofs says" in one.message
    assert not citations.ran
    assert checks.ran


def test_a_person_and_a_retraction_reach_the_red_team(house: Warehouse) -> None:
    retract(house)
    assert "retracted or withdrawn sources: 1" in attack(looked_at(house))[0].reason
    person_says(house, ClaimVerdict.REFUTED)
    (one,) = attack(looked_at(house))[0].findings
    assert (one.rule, one.confirmed) == (RedTeamRule.REFUTED_BY_PERSON, True)


def test_any_number_of_records_takes_the_same_number_of_readings(
    house: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = counted_readings(monkeypatch)
    red_team_material(house, [RECORD])
    of_one = len(counted)
    ids = [RECORD, *(f"test:{number}" for number in range(200))]
    materials = red_team_material(house, ids)
    assert len(counted) == 2 * of_one > 0
    assert [one.record_id for one in materials] == ids
    assert materials[0] == looked_at(house)


def test_an_artifact_comes_with_its_latest_attempt_and_the_approval_in_force(house: Warehouse) -> None:
    artifact_id = attached(house, "claim-1")
    assert looked_at(house).checks == ()  # not attempted yet
    attempted(house, artifact_id, "claim-1", AttemptOutcome.VERIFIED, evidence={MOVED: {"a.csv": False}})
    (check,) = looked_at(house).checks
    assert (check.facts.outcome, check.approver, check.unused_inputs) == (
        AttemptOutcome.VERIFIED,
        "an editor",
        ("a.csv",),
    )
    when = on(3).recorded_at
    approve(house, artifact_id, by="an editor", reason="a mistake", approved=False, recorded_at=when)
    assert rules(attack(looked_at(house))[2:]) == [RedTeamRule.UNAPPROVED, RedTeamRule.UNUSED_INPUT]


def test_an_artifact_on_a_claim_that_the_record_no_longer_makes_is_not_looked_at(house: Warehouse) -> None:
    artifact_id = attached(house, "claim-of-old")
    attempted(house, artifact_id, "claim-of-old", AttemptOutcome.INVALID_CHECK)
    assert looked_at(house).checks == ()


def test_faults_of_an_attempt_reach_the_check_auditor(house: Warehouse) -> None:
    artifact_id = attached(house, "claim-1")
    fault = CheckFault(rule="constant", message="prints 25 whatever it reads")
    attempted(house, artifact_id, "claim-1", AttemptOutcome.INVALID_CHECK, faults=(fault,))
    (one,) = attack(looked_at(house))[2].findings
    assert (one.rule, one.subject) == (RedTeamRule.INVALID_CHECK, artifact_id)
    assert "prints 25 whatever it reads" in one.message


@pytest.mark.parametrize(
    ("other", "found"),
    [
        ({}, [RedTeamRule.CONTRADICTS_ITSELF] * 2),
        ({"value": 26.0}, []),
        ({"script": b"print('{\"value\": 5 * 5}')\n"}, []),
    ],
    ids=["the same number", "another number", "another script"],
)
def test_the_same_files_verified_here_and_refuted_there_are_found_on_both_sides(
    house: Warehouse, other: dict[str, Any], found: list[RedTeamRule]
) -> None:
    first, second = attached(house, "claim-1"), attached(house, "claim-3", **other)
    attempted(house, first, "claim-1", AttemptOutcome.VERIFIED)
    attempted(house, second, "claim-3", AttemptOutcome.REFUTED)
    report = attack(looked_at(house))[2]
    assert [one.rule for one in report.findings] == found
    assert {one.subject for one in report.findings} == ({first, second} if found else set())


# --- fingerprints ---------------------------------------------------------------------------------


def test_the_fingerprint_stays_while_nothing_changes_and_moves_with_all_that_is_looked_at(house: Warehouse) -> None:
    seen = [red_team_fingerprint(looked_at(house))]
    assert red_team_fingerprint(looked_at(house)) == seen[0]
    artifact_id = attached(house, "claim-1")
    for change in (
        lambda: person_says(house, ClaimVerdict.DISPUTED),
        lambda: retract(house),
        lambda: attempted(house, artifact_id, "claim-1", AttemptOutcome.VERIFIED),
        lambda: approve(house, artifact_id, by="a", reason="b", approved=False, recorded_at=on(3).recorded_at),
    ):
        change()
        seen.append(red_team_fingerprint(looked_at(house)))
    seen.append(red_team_fingerprint(looked_at(house), ATTACKERS[:2]))
    assert len(set(seen)) == len(seen)


# --- reports --------------------------------------------------------------------------------------

BROKEN = AttackerReport(attacker="model", ran=False, reason="it broke: TimeoutError")
ABSENT = AttackerReport(attacker="citations", ran=False, reason="no reference of the record could be judged")


def count(house: Warehouse) -> int:
    with house.read() as connection:
        row = connection.execute("SELECT count(*) FROM red_team_reports").fetchone()
    assert row is not None
    return int(row[0])


def test_reports_come_back_as_they_were_saved_and_twice_gives_the_same_rows(house: Warehouse) -> None:
    reports = attack(looked_at(house))
    assert red_team_reports_of(house, [RECORD]) == {}
    assert save_red_team_reports(house, [(RECORD, "A", reports)], on(1)) == 1
    assert save_red_team_reports(house, [(RECORD, "A", reports)], on(2)) == 0
    assert red_team_reports_of(house, [RECORD, "test:other"]) == {RECORD: reports}
    assert red_team_fingerprints(house, [RECORD]) == {RECORD: "A"}
    assert save_red_team_reports(house, [(RECORD, "B", reports)], on(3)) == 1
    assert count(house) == 2


def test_a_report_of_one_that_broke_is_in_force_but_not_done_and_a_second_try_follows_it(house: Warehouse) -> None:
    sound = attack(looked_at(house))
    save_red_team_reports(house, [(RECORD, "A", (*sound, BROKEN))], on(1))
    assert red_team_reports_of(house, [RECORD])[RECORD][-1] == BROKEN
    assert red_team_fingerprints(house, [RECORD]) == {}
    assert save_red_team_reports(house, [(RECORD, "A", (*sound, BROKEN))], on(2)) == 0
    assert save_red_team_reports(house, [(RECORD, "A", sound)], on(3)) == 1
    assert red_team_fingerprints(house, [RECORD]) == {RECORD: "A"}
    with house.read() as connection:
        rows = connection.execute("SELECT report_id, previous_id FROM red_team_reports ORDER BY recorded_at").fetchall()
    assert [row[1] for row in rows] == [None, rows[0][0]]


def test_one_that_had_nothing_to_look_at_is_done(house: Warehouse) -> None:
    save_red_team_reports(house, [(RECORD, "A", (ABSENT,))], on(1))
    assert red_team_fingerprints(house, [RECORD]) == {RECORD: "A"}


def test_the_views_show_the_reports_in_force_a_row_an_attacker(house: Warehouse) -> None:
    save_red_team_reports(house, [(RECORD, "A", (BROKEN,))], on(1))
    save_red_team_reports(house, [(RECORD, "B", attack(looked_at(house)))], on(2))
    with house.read() as connection:
        (row,) = connection.execute("SELECT record_id, fingerprint FROM current_red_team_reports").fetchall()
        rows = connection.execute("SELECT attacker, ran, findings FROM current_attackers ORDER BY attacker").fetchall()
    assert row == (RECORD, "B")
    assert rows == [("checks", True, 0), ("citations", False, 0), ("counterexample", True, 1)]


# --- attackers ------------------------------------------------------------------------------------


@pytest.mark.parametrize("values", [{}, {"ONLINE": "false"}], ids=["no model", "network off"])
def test_without_a_model_or_a_network_there_is_no_model_among_the_attackers(
    house: Warehouse, tmp_path: Path, values: dict[str, str]
) -> None:
    chosen = model_at("http://127.0.0.1:9/v1", tmp_path, **values) if values else {}
    with opened_attackers(around(house, chosen)) as team:
        assert tuple(team) == ATTACKERS


def test_a_budget_that_cannot_be_kept_is_refused(house: Warehouse, tmp_path: Path) -> None:
    values = model_at("http://127.0.0.1:9/v1", tmp_path, MODEL_MOST_COST="1")
    with pytest.raises(BackendUnusable), opened_attackers(around(house, values)):
        pass


def test_a_configured_model_reads_the_sources_and_its_calls_are_kept(
    house: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The record has no source of its own here, so that one is lent to it."""
    passages = read_for(sentences(saved_record(house, MONDAY))[1], [FoundWork(WORK, 0, 7.25, 1.0)])[0].passages
    monkeypatch.setattr("warehouse.red_team.passages_of", lambda *_: {RECORD: passages})

    def answer(path: str, params: object, body: bytes) -> Any:
        asked = asked_of(body)
        against = [n for n, text in asked.sentences.items() if text == AGAINST and "does not harm" in asked.claim]
        found = "counterexample" if against else "none"
        return completion({"finding": found, "sentences": against, "why": "it says so"})

    with serving([Rule("/v1/chat/completions", method="POST", answer=answer)]) as server:
        with opened_attackers(around(house, model_at(f"{server.url}/v1", tmp_path))) as team:
            (material,) = red_team_material(house, [RECORD], team)
            *_, report = attack(material, team)
        asked = len(server.requests)
        with opened_attackers(around(house, model_at(f"{server.url}/v1", tmp_path))) as team:
            assert attack(material, team)[-1] == report
        assert len(server.requests) == asked
    assert looked_at(house).passages == ()
    assert (report.attacker, report.ran) == ("model", True)
    assert [(one.rule, one.subject) for one in report.findings] == [(RedTeamRule.REFUTED_BY_MODEL, "claim-2")]
    with house.read() as connection:
        kept = connection.execute("SELECT count(*) FROM model_calls").fetchone()
    assert kept == (asked,)

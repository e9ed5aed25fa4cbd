"""Appending and what is in force: nothing is repeated, nothing is touched, the latest holds, the past can be asked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.gates.facts import GateVerdict
from pipelines.models import (
    AttemptOutcome,
    ClaimCounts,
    ClaimVerdict,
    Evidence,
    PublicGateStatus,
    Reference,
    ReferenceAudit,
    ReferenceFinding,
    Rejection,
    ReviewSummary,
    Stance,
)
from tests.warehouse.a_warehouse import TEXT, a_verdict, saved_record, sentences
from warehouse.append import Batch, Stamp, append, append_batches, content_id, pending
from warehouse.connection import Warehouse
from warehouse.extraction import claims_of, save_claims
from warehouse.gates import (
    Activation,
    EvaluatedGate,
    activate,
    activations,
    gate_facts,
    gate_verdicts_of,
    save_gate_verdicts,
)
from warehouse.ingestion import (
    StoredReference,
    kind_of,
    pending_documents,
    pending_records,
    records_of,
    references_of,
    set_kind,
    take_in,
)
from warehouse.location import WarehouseLocation
from warehouse.overview import cohort_overview, warehouse_totals
from warehouse.review import reviews_of, save_reviews
from warehouse.verification import (
    ReachedVerdict,
    adjudicate,
    adjudications_of,
    audits_of,
    save_audits,
    save_verdicts,
    verdict_fingerprints,
    verdict_history,
    verdicts_of,
)

MONDAY = datetime(2026, 7, 6, 9, 0, tzinfo=UTC)
TUESDAY, WEDNESDAY, THURSDAY = (MONDAY + timedelta(days=days) for days in (1, 2, 3))
SUPPORTED, REFUTED, UNKNOWN = ClaimVerdict.SUPPORTED, ClaimVerdict.REFUTED, ClaimVerdict.NOT_ENOUGH_INFO


@pytest.fixture
def house(tmp_path: Path) -> Warehouse:
    made = Warehouse(WarehouseLocation(tmp_path / "claimgate.duckdb"))
    with made.write():
        pass
    return made


def on(moment: datetime) -> Stamp:
    return Stamp(moment, "by hand")


def count(house: Warehouse, table: str) -> int:
    with house.read() as connection:
        row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    assert row is not None
    return int(row[0])


def kinds_row(key: str, moment: datetime = MONDAY) -> dict[str, object]:
    return {"kind": key, "recorded_at": moment}


# --- rows by key --------------------------------------------------------------------------------


def test_appending_again_appends_nothing(house: Warehouse) -> None:
    rows = [kinds_row("a"), kinds_row("b")]
    with house.write() as connection:
        assert append(connection, "warehouse_kinds", rows, key="kind") == 2
        assert append(connection, "warehouse_kinds", rows, key="kind") == 0
        assert append(connection, "warehouse_kinds", [kinds_row("b", TUESDAY), kinds_row("c")], key="kind") == 1
        held = connection.execute("SELECT kind, recorded_at FROM warehouse_kinds ORDER BY kind").fetchall()
    assert held == [("a", MONDAY), ("b", MONDAY), ("c", MONDAY)]


def test_of_rows_with_the_same_key_the_first_is_taken(house: Warehouse) -> None:
    with house.write() as connection:
        rows = [kinds_row("a", TUESDAY), kinds_row("a", MONDAY)]
        assert append(connection, "warehouse_kinds", rows, key="kind") == 1
        assert connection.execute("SELECT recorded_at FROM warehouse_kinds").fetchall() == [(TUESDAY,)]


def test_appending_no_rows_is_no_error(house: Warehouse) -> None:
    with house.write() as connection:
        assert append(connection, "warehouse_kinds", [], key="kind") == 0


@settings(deadline=None)
@given(st.lists(st.one_of(st.text(), st.none()), max_size=5), st.lists(st.one_of(st.text(), st.none()), max_size=5))
def test_an_id_says_all_of_its_parts_and_their_order(first: list[str | None], second: list[str | None]) -> None:
    assert (content_id(*first) == content_id(*second)) == (first == second)


# --- batches ------------------------------------------------------------------------------------


def test_a_batch_replaces_the_one_before_and_the_old_rows_stay(house: Warehouse) -> None:
    record = saved_record(house, MONDAY)
    assert save_claims(house, [(record, sentences(record))], "extractor-1", on(MONDAY)) == 3
    assert save_claims(house, [(record, sentences(record, 2))], "extractor-2", on(TUESDAY)) == 1
    assert [one.claim_id for one in claims_of(house, ["test:moss"])["test:moss"]] == ["claim-2"]
    assert count(house, "claims") == 4


def test_an_empty_batch_replaces_the_one_before_as_well(house: Warehouse) -> None:
    record = saved_record(house, MONDAY)
    save_claims(house, [(record, sentences(record))], "extractor-1", on(MONDAY))
    save_claims(house, [(record, [])], "extractor-2", on(TUESDAY))
    assert claims_of(house, ["test:moss"]) == {}
    assert pending_records(house, "claims", [record], "extractor-2") == ()


def test_a_batch_that_is_in_force_is_not_appended_again(house: Warehouse) -> None:
    record = saved_record(house, MONDAY)
    save_claims(house, [(record, sentences(record))], "extractor-1", on(MONDAY))
    assert save_claims(house, [(record, sentences(record))], "extractor-1", on(TUESDAY)) == 0
    assert (count(house, "batches"), count(house, "claims")) == (2, 3)


def test_a_batch_that_was_replaced_can_come_back(house: Warehouse) -> None:
    record = saved_record(house, MONDAY)
    for moment, version, wanted in ((MONDAY, "a", (1,)), (TUESDAY, "b", (2,)), (WEDNESDAY, "a", (1,))):
        assert save_claims(house, [(record, sentences(record, *wanted))], version, on(moment)) == 1
    assert [one.claim_id for one in claims_of(house, ["test:moss"])["test:moss"]] == ["claim-1"]
    assert count(house, "claims") == 3


def test_pending_is_what_has_no_batch_in_force_under_its_fingerprint(house: Warehouse) -> None:
    with house.write() as connection:
        batches = [Batch("one", "v1", []), Batch("two", "v1", []), Batch("three", "v0", [])]
        append_batches(connection, "a stage", "claims", batches, on(MONDAY))
        append_batches(connection, "another stage", "claims", [Batch("four", "v1", [])], on(MONDAY))
        wanted = {"four": "v1", "three": "v1", "two": "v1", "one": "v1"}
        assert pending(connection, "a stage", wanted) == ("four", "three")
        append_batches(connection, "a stage", "claims", [Batch("two", "v2", [])], on(TUESDAY))
        assert pending(connection, "a stage", wanted) == ("four", "three", "two")
        assert pending(connection, "a stage", {}) == ()


# --- records ------------------------------------------------------------------------------------


def test_the_same_bytes_taken_in_again_are_one_document(house: Warehouse) -> None:
    saved_record(house, MONDAY)
    saved_record(house, TUESDAY)
    assert (count(house, "documents"), count(house, "arrivals"), count(house, "records")) == (1, 1, 1)
    assert pending_documents(house, "2026-05", "reader-1") == ()
    assert [one.name for one in pending_documents(house, "2026-05", "reader-2")] == ["moss.md"]


def test_new_text_under_the_same_id_is_a_new_version_of_one_record(house: Warehouse) -> None:
    first = saved_record(house, MONDAY)
    save_claims(house, [(first, sentences(first))], "extractor-1", on(MONDAY))
    second = saved_record(house, TUESDAY, text=TEXT + " Slate was not looked at.")
    assert first.record_version_id != second.record_version_id
    assert [one.record_version_id for one in records_of(house)] == [second.record_version_id]
    assert claims_of(house, ["test:moss"]) == {}, "the claims of the old text are not those of the new one"
    assert pending_records(house, "claims", [second], "extractor-1") == (second,)


def test_a_rejection_met_again_is_one_row(house: Warehouse) -> None:
    refused = [(Rejection(path="a.pdf", reason="it is empty"), None)]
    for moment in (MONDAY, TUESDAY):
        take_in(house, [], refused, on(moment))
    assert count(house, "rejections") == 1


def test_the_first_run_decides_the_kind_of_a_warehouse(house: Warehouse) -> None:
    set_kind(house, "own", on(MONDAY))
    set_kind(house, "demo", on(TUESDAY))
    assert kind_of(house) == "own"


def test_an_overview_counts_what_is_held_and_what_is_still_to_do(house: Warehouse) -> None:
    record = saved_record(house, MONDAY)
    assert cohort_overview(house)[0]["pending_claims"] == 1
    save_claims(house, [(record, sentences(record))], "extractor-1", on(MONDAY))
    (row,) = cohort_overview(house)
    shown = {name: row[name] for name in ("cohort", "documents", "records", "claims", "not_checked", "pending_claims")}
    assert shown == {
        "cohort": "2026-05",
        "documents": 1,
        "records": 1,
        "claims": 3,
        "not_checked": 0,
        "pending_claims": 0,
    }
    assert (warehouse_totals(house)["claims"], warehouse_totals(house)["verdicts_ever"]) == (3, 0)


# --- verdicts -----------------------------------------------------------------------------------


@pytest.fixture
def claimed(house: Warehouse) -> Warehouse:
    """A record with three claims since Monday."""
    record = saved_record(house, MONDAY)
    save_claims(house, [(record, sentences(record))], "extractor-1", on(MONDAY))
    return house


def held(house: Warehouse, as_of: datetime | None = None) -> dict[str, ClaimVerdict]:
    return {key: one.verdict.verdict for key, one in verdicts_of(house, ["test:moss"], as_of=as_of).items()}


def test_a_verdict_that_changes_and_changes_back_is_in_force_again(claimed: Warehouse) -> None:
    for moment, fingerprint, verdict in (
        (MONDAY, "A", SUPPORTED),
        (TUESDAY, "B", REFUTED),
        (WEDNESDAY, "A", SUPPORTED),
    ):
        assert save_verdicts(claimed, [ReachedVerdict(fingerprint, a_verdict("claim-1", verdict))], on(moment)) == 1
    assert held(claimed) == {"claim-1": SUPPORTED}
    assert verdict_fingerprints(claimed, ["test:moss"]) == {"claim-1": "A"}
    assert [row["verdict"] for row in verdict_history(claimed, ["claim-1"])] == ["SUPPORTED", "REFUTED", "SUPPORTED"]


def test_a_verdict_in_force_is_not_saved_again_nor_its_evidence(claimed: Warehouse) -> None:
    quoted = Evidence(
        passage_id="p", source_id="s", stance=Stance.SUPPORTS, score=0.9, start=0, end=4, text="Moss", why="the same"
    )
    reached = a_verdict("claim-1", SUPPORTED).model_copy(update={"evidence": (quoted,)})
    assert save_verdicts(claimed, [ReachedVerdict("A", reached)], on(MONDAY)) == 1
    assert save_verdicts(claimed, [ReachedVerdict("A", reached)], on(TUESDAY)) == 0
    assert (count(claimed, "verdicts"), count(claimed, "evidence")) == (1, 1)
    found = verdicts_of(claimed, ["test:moss"])["claim-1"]
    assert found.verdict == reached
    assert found.recorded_at == MONDAY


def test_the_verdicts_as_of_a_time_are_those_held_then(claimed: Warehouse) -> None:
    save_verdicts(claimed, [ReachedVerdict("A", a_verdict("claim-1", SUPPORTED))], on(TUESDAY))
    both = [
        ReachedVerdict("B", a_verdict("claim-1", REFUTED)),
        ReachedVerdict("A", a_verdict("claim-2", UNKNOWN)),
    ]
    save_verdicts(claimed, both, on(WEDNESDAY))
    assert held(claimed, MONDAY) == {}
    assert held(claimed, TUESDAY - timedelta(microseconds=1)) == {}
    assert held(claimed, TUESDAY) == {"claim-1": SUPPORTED}
    assert held(claimed, WEDNESDAY) == {"claim-1": REFUTED, "claim-2": UNKNOWN} == held(claimed)


def test_of_two_verdicts_by_racing_writers_one_is_in_force(claimed: Warehouse) -> None:
    save_verdicts(claimed, [ReachedVerdict("A", a_verdict("claim-1", SUPPORTED))], on(MONDAY))
    with claimed.write() as connection:
        connection.execute("INSERT INTO verdicts SELECT * REPLACE ('raced' AS verdict_id) FROM verdicts")
    assert held(claimed) == {"claim-1": SUPPORTED}
    assert cohort_overview(claimed)[0]["supported"] == 1


def test_a_persons_verdict_takes_precedence_and_erases_nothing(claimed: Warehouse) -> None:
    save_verdicts(claimed, [ReachedVerdict("A", a_verdict("claim-1", SUPPORTED))], on(MONDAY))
    for moment, verdict in ((TUESDAY, REFUTED), (WEDNESDAY, UNKNOWN)):
        adjudicate(claimed, claim_id="claim-1", verdict=verdict, reason="I read it", by="an editor", recorded_at=moment)
    assert adjudications_of(claimed, ["test:moss"])["claim-1"].verdict is UNKNOWN
    assert held(claimed) == {"claim-1": SUPPORTED}
    assert count(claimed, "adjudications") == 2
    with claimed.read() as connection:
        shown = connection.execute("SELECT verdict, machine_verdict FROM public_verdicts WHERE claim_id = 'claim-1'")
        assert shown.fetchall() == [("NOT_ENOUGH_INFO", "SUPPORTED")]


def test_an_audit_and_a_review_in_force_are_not_saved_again_and_come_back_when_they_change_back(
    claimed: Warehouse,
) -> None:
    (record,) = records_of(claimed)
    stored = StoredReference("ref-1", "test:moss", record.record_version_id, Reference(ordinal=1, raw="A book"))
    found = {
        "A": ReferenceAudit(finding=ReferenceFinding.FOUND, source_id="doi:10.1/x", reason="there"),
        "B": ReferenceAudit(finding=ReferenceFinding.UNFINDABLE, source_id=None, reason="gone"),
    }
    summaries = {
        "A": ReviewSummary(score=6.0, low=5.0, high=7.0, reason="a"),
        "B": ReviewSummary(score=None, reason="b"),
    }
    days = ((MONDAY, "A", 1), (TUESDAY, "A", 0), (WEDNESDAY, "B", 1), (THURSDAY, "A", 1))
    for moment, fingerprint, new in days:
        assert save_audits(claimed, [(stored, fingerprint, found[fingerprint])], on(moment)) == new
        reviewed = ("test:moss", fingerprint, (), summaries[fingerprint], ())
        assert save_reviews(claimed, [reviewed], on(moment)) == new
    assert (count(claimed, "reference_audits"), count(claimed, "reviews")) == (3, 3)
    assert reviews_of(claimed, ["test:moss"])["test:moss"].summary == summaries["A"]
    with claimed.read() as connection:
        assert connection.execute("SELECT finding FROM current_reference_audits").fetchall() == [("FOUND",)]
    assert audits_of(claimed, references_of(claimed, ["test:moss"])) == {}, "no current reference list holds it"


# --- gates --------------------------------------------------------------------------------------


def facts_then(house: Warehouse, moment: datetime) -> ClaimCounts | None:
    found = list(gate_facts(house, ["2026-05"], moment))
    return found[0].claims if found else None


def test_the_facts_of_a_gate_are_what_was_known_as_of_the_time(claimed: Warehouse) -> None:
    save_verdicts(claimed, [ReachedVerdict("A", a_verdict("claim-1", SUPPORTED))], on(TUESDAY))
    adjudicate(claimed, claim_id="claim-1", verdict=REFUTED, reason="no", by="an editor", recorded_at=WEDNESDAY)
    (record,) = records_of(claimed)
    save_claims(claimed, [(record, sentences(record, 1, 2))], "extractor-2", on(THURSDAY))
    assert facts_then(claimed, MONDAY - timedelta(seconds=1)) is None
    assert facts_then(claimed, MONDAY) == ClaimCounts(extracted=3, not_checked=3)
    assert facts_then(claimed, TUESDAY) == ClaimCounts(extracted=3, supported=1, not_checked=2)
    assert facts_then(claimed, WEDNESDAY) == ClaimCounts(extracted=3, refuted=1, not_checked=2)
    assert facts_then(claimed, THURSDAY) == ClaimCounts(extracted=2, refuted=1, not_checked=1)


def test_a_new_version_of_a_record_does_not_change_what_was_known_before_it(claimed: Warehouse) -> None:
    before = list(gate_facts(claimed, ["2026-05"], TUESDAY))
    saved_record(claimed, WEDNESDAY, text="Moss is green.")
    assert list(gate_facts(claimed, ["2026-05"], TUESDAY)) == before
    assert facts_then(claimed, WEDNESDAY) == ClaimCounts()


def test_the_facts_of_another_cohort_are_left_out(claimed: Warehouse) -> None:
    assert list(gate_facts(claimed, ["2026-06"], THURSDAY)) == []


def an_activation(policy: str = "kind: artifact") -> Activation:
    return Activation("gate-2@2026-06-10", "gate-2", "v1", "Verification", date(2026, 6, 10), policy)


def test_an_activated_policy_never_changes(house: Warehouse) -> None:
    assert activate(house, an_activation(), MONDAY)
    assert not activate(house, an_activation(), TUESDAY)
    with pytest.raises(ValueError, match="an activated policy never changes"):
        activate(house, an_activation("kind: facts"), TUESDAY)
    assert activations(house) == (an_activation(),)


def test_a_gate_verdict_in_force_is_not_saved_again_and_comes_back_when_it_changes_back(claimed: Warehouse) -> None:
    activate(claimed, an_activation(), MONDAY)
    for moment, fingerprint, outcome, new in (
        (MONDAY, "A", AttemptOutcome.NOT_ATTEMPTED, 1),
        (TUESDAY, "A", AttemptOutcome.NOT_ATTEMPTED, 0),
        (WEDNESDAY, "B", AttemptOutcome.NOT_RUN, 1),
        (THURSDAY, "A", AttemptOutcome.NOT_ATTEMPTED, 1),
    ):
        (facts,) = gate_facts(claimed, ["2026-05"], moment)
        verdict = GateVerdict(
            record_id="test:moss",
            gate="gate-2",
            policy_version="v1",
            activation_id="gate-2@2026-06-10",
            result=None,
            outcome=outcome,
            public_status=PublicGateStatus.UNVERIFIED,
            reason="as it is",
        )
        evaluated = EvaluatedGate(fingerprint, facts.model_dump_json(), moment, verdict)
        assert save_gate_verdicts(claimed, an_activation(), [evaluated], on(moment)) == new
    (held_now,) = gate_verdicts_of(claimed, ["test:moss"])["test:moss"]
    assert held_now.verdict.outcome is AttemptOutcome.NOT_ATTEMPTED
    assert held_now.evaluated_at == THURSDAY
    assert [(one.outcome, one.evaluated_at) for one in held_now.earlier] == [
        (AttemptOutcome.NOT_RUN, WEDNESDAY),
        (AttemptOutcome.NOT_ATTEMPTED, MONDAY),
    ]
    assert count(claimed, "gate_verdicts") == 3

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from published_records import CHECKED_AT, LOSS, empty_record, gated_record, rich_record

from pipelines.models import (
    AttemptOutcome,
    ClaimVerdict,
    Correction,
    GateResult,
    PublicGateStatus,
    RigorAnswer,
    RigorItem,
)
from pipelines.publication.corrections import (
    CorrectionKind,
    correction_events,
    correction_hash,
    gate_kind,
    gate_state,
    public_state,
    verify_chain,
)

RECORD = "srch:C10FE201"


def events(before: Any, after: Any, previous: Correction | None = None) -> tuple[Correction, ...]:
    return correction_events(
        before, after, record_id=RECORD, previous=previous, why="A source changed.", recorded_at=CHECKED_AT
    )


def test_first_publication_corrects_nothing():
    assert events(None, public_state(rich_record())) == ()


def test_state_without_change_corrects_nothing():
    assert events(public_state(rich_record()), public_state(rich_record())) == ()


def test_evaluating_again_with_the_same_result_corrects_nothing():
    record = rich_record()
    later = tuple(g.model_copy(update={"evaluated_at": CHECKED_AT + timedelta(days=1)}) for g in record.gates)
    assert public_state(record.model_copy(update={"gates": later})) == public_state(record)


def test_state_survives_being_stored_as_json():
    for record in (rich_record(), empty_record()):
        state = public_state(record)
        assert json.loads(json.dumps(state)) == state


def test_changed_verdict_is_one_claim_event_with_the_changed_fields_only():
    record = rich_record()
    changed = record.claims[3].model_copy(update={"verdict": ClaimVerdict.SUPPORTED, "confidence": 0.8})
    after = record.model_copy(update={"claims": (*record.claims[:3], changed, *record.claims[4:])})
    (event,) = events(public_state(record), public_state(after))
    assert event.kind == "CLAIM"
    assert event.before == {"claim.claim-04.verdict": "NOT_ENOUGH_INFO", "claim.claim-04.confidence": 0.72}
    assert event.after == {"claim.claim-04.verdict": "SUPPORTED", "claim.claim-04.confidence": 0.8}


def test_an_item_of_a_scan_that_nobody_has_judged_corrects_nothing():
    record = rich_record()
    scan = record.rigor[0]
    open_items = (
        RigorItem(item="prompts_provided", answer=RigorAnswer.NEEDS_JUDGEMENT, rule="none"),
        RigorItem(item="blinding_described", answer=RigorAnswer.NOT_DETECTED, rule="made-1", applies=False),
    )
    longer = scan.model_copy(update={"items": (*scan.items, *open_items)})
    after = record.model_copy(update={"rigor": (longer,)})
    assert events(public_state(record), public_state(after)) == ()
    answered = scan.model_copy(update={"items": (scan.items[0].model_copy(update={"answer": RigorAnswer.NO}),)})
    (event,) = events(public_state(record), public_state(record.model_copy(update={"rigor": (answered,)})))
    assert list(event.after.values()) == ["no"]


def test_changes_of_two_kinds_are_two_chained_events():
    record = rich_record()
    after = record.model_copy(
        update={"title": "Another title", "review": record.review.model_copy(update={"score": 6.0})}
    )
    first, second = events(public_state(record), public_state(after))
    assert (first.kind, second.kind) == ("METADATA", "QUALITY_ASSESSMENT")
    assert (first.sequence, second.sequence) == (1, 2)
    assert first.previous_hash is None
    assert second.previous_hash == first.hash
    assert verify_chain((first, second)) is None


def test_falsified_gate_is_an_artifact_event():
    record = rich_record()
    fallen = record.gates[1].model_copy(update={"public_status": PublicGateStatus.FALSIFIED})
    after = record.model_copy(update={"gates": (record.gates[0], fallen, *record.gates[2:])})
    (event,) = events(public_state(record), public_state(after))
    assert event.kind == "ARTIFACT"
    assert event.after == {"gate.gate-2@2026-06-10.status": "FALSIFIED"}


def test_an_artifact_that_went_stale_was_refuted_or_changed_hands_is_an_artifact_event():
    record = gated_record()
    proof = record.artifacts[1]
    assert proof.standing is not None
    fresh = proof.model_copy(
        update={"standing": proof.standing.model_copy(update={"outcome": AttemptOutcome.VERIFIED})}
    )
    before = record.model_copy(update={"artifacts": (record.artifacts[0], fresh, *record.artifacts[2:])})
    (event,) = events(public_state(before), public_state(record))
    assert event.kind == "ARTIFACT"
    assert event.before == {"artifact.artifact-id-5.outcome": "VERIFIED"}
    assert event.after == {"artifact.artifact-id-5.outcome": "STALE"}

    taken_back = record.model_copy(
        update={"artifacts": (*record.artifacts[:5], record.artifacts[5].model_copy(update={"approval": None}))}
    )
    (event,) = events(public_state(record), public_state(taken_back))
    assert (event.before, event.after) == (
        {"artifact.artifact-id-1.approved_by": "Reader Two"},
        {"artifact.artifact-id-1.approved_by": None},
    )


def test_an_artifact_that_was_attached_stands_in_after_only():
    record = gated_record()
    (event,) = events(public_state(record.model_copy(update={"artifacts": ()})), public_state(record))
    assert event.before == {}
    assert event.after["artifact.artifact-id-2.outcome"] == "REFUTED"
    assert event.after["artifact.artifact-id-6.outcome"] == "NOT_ATTEMPTED"
    assert event.after["artifact.artifact-id-2.sha256"] == "02" * 32


def test_running_an_artifact_again_with_the_same_outcome_corrects_nothing():
    record = gated_record()
    again = record.artifacts[5].attempt
    assert again is not None
    later = record.artifacts[5].model_copy(
        update={"attempt": again.model_copy(update={"attempted_at": CHECKED_AT + timedelta(days=1), "steps": ()})}
    )
    after = record.model_copy(update={"artifacts": (*record.artifacts[:5], later)})
    assert events(public_state(record), public_state(after)) == ()


def test_the_state_of_a_gate_is_the_same_from_its_fields_as_from_the_record():
    record = gated_record()
    state = public_state(record)
    for view in record.gates:
        fields = gate_state(
            activation_id=view.activation_id,
            public_status=view.public_status,
            result=view.result,
            outcome=view.outcome,
            in_force=view.in_force,
            policy_version=view.policy_version,
        )
        assert set(fields) == {
            f"gate.{view.activation_id}.{name}" for name in ("status", "result", "in_force", "policy_version")
        }
        kind = gate_kind(result=view.result, outcome=view.outcome)
        assert fields.items() <= state[kind.value].items()
        assert not fields.keys() & {name for other in state if other != kind.value for name in state[other]}


@pytest.mark.parametrize(
    ("result", "outcome", "kind"),
    [
        (None, AttemptOutcome.STALE, CorrectionKind.ARTIFACT),
        (GateResult.PASSED, None, CorrectionKind.QUALITY_ASSESSMENT),
        (GateResult.FAILED, AttemptOutcome.REFUTED, CorrectionKind.QUALITY_ASSESSMENT),
        (None, None, CorrectionKind.QUALITY_ASSESSMENT),
    ],
)
def test_a_gate_never_wanders_between_two_kinds(
    result: GateResult | None, outcome: AttemptOutcome | None, kind: CorrectionKind
):
    assert gate_kind(result=result, outcome=outcome) is kind


def test_new_notice_on_a_source_is_a_provenance_event():
    record = rich_record()
    source = record.sources[1].model_copy(update={"notices": ()})
    before = record.model_copy(update={"sources": (record.sources[0], source)})
    (event,) = events(public_state(before), public_state(record))
    assert event.kind == "PROVENANCE"
    assert event.before == {"source.doi:10.5555/rows.notices": []}
    assert event.after == {"source.doi:10.5555/rows.notices": ["RETRACTED 2026-06-20"]}


def test_claim_that_went_stands_in_before_only():
    record = rich_record()
    (event,) = events(public_state(record), public_state(record.model_copy(update={"claims": record.claims[:5]})))
    assert event.before["claim.claim-06.verdict"] == "SUPPORTED"
    assert event.after == {}


def test_another_evidence_sentence_is_a_correction_and_the_same_one_in_another_passage_is_not():
    record = rich_record()
    view = record.claims[0]
    held = view.evidence[0]

    def with_evidence(**changed: Any) -> dict[str, Any]:
        evidence = held.evidence.model_copy(update=changed)
        claim = view.model_copy(update={"evidence": (held.model_copy(update={"evidence": evidence}),)})
        return public_state(record.model_copy(update={"claims": (claim, *record.claims[1:])}))

    assert events(public_state(record), with_evidence(passage_id="cut anew", start=0, end=1)) == ()
    (event,) = events(public_state(record), with_evidence(text="Another sentence."))
    assert set(event.after) == {"claim.claim-01.evidence"}


def test_log_holds_no_words_that_may_have_to_be_taken_down():
    (event,) = events({"CLAIM": {}}, {"CLAIM": public_state(rich_record())["CLAIM"]})
    assert LOSS not in event.model_dump_json()
    assert rich_record().claims[0].claim.text not in event.model_dump_json()


def test_absent_is_not_the_same_as_null():
    (event,) = events({"METADATA": {}}, {"METADATA": {"publisher": None}})
    assert (event.before, event.after) == ({}, {"publisher": None})


def test_chain_goes_on_from_the_event_before():
    (first,) = events({"METADATA": {"title": "a"}}, {"METADATA": {"title": "b"}})
    (second,) = events({"METADATA": {"title": "b"}}, {"METADATA": {"title": "c"}}, previous=first)
    assert (second.sequence, second.previous_hash) == (2, first.hash)
    assert verify_chain((first, second), head=second.hash) is None


def test_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        correction_events(None, {}, record_id=RECORD, previous=None, why="w", recorded_at=datetime(2026, 7, 2))


def test_the_same_instant_in_another_zone_has_the_same_hash():
    (event,) = events({"METADATA": {"title": "a"}}, {"METADATA": {"title": "b"}})
    moved = event.recorded_at.astimezone(timezone(timedelta(hours=9)))
    assert correction_hash(event.model_copy(update={"recorded_at": moved})) == event.hash


# --- random histories ---------------------------------------------------------------------------

values = st.one_of(st.none(), st.booleans(), st.integers(-9, 9), st.floats(0, 10), st.text(max_size=8))
states = st.dictionaries(
    st.sampled_from([kind.value for kind in CorrectionKind]),
    st.dictionaries(st.sampled_from(["title", "score", "claim.1.verdict"]), values, max_size=3),
    max_size=3,
)


@st.composite
def histories(draw: st.DrawFn) -> tuple[Correction, ...]:
    chain: list[Correction] = []
    before: dict[str, Any] | None = None
    for step, after in enumerate(draw(st.lists(states, min_size=2, max_size=6))):
        chain += correction_events(
            before,
            after,
            record_id=RECORD,
            previous=chain[-1] if chain else None,
            why=draw(st.text(max_size=12)),
            recorded_at=CHECKED_AT + timedelta(hours=step),
        )
        before = after
    return tuple(chain)


def tampered(draw: st.DrawFn, event: Correction) -> Correction:
    changes: dict[str, Any] = {
        "correction_id": event.correction_id + "0",
        "sequence": event.sequence + draw(st.integers(1, 3)),
        "kind": "BENCHMARK" if event.kind != "BENCHMARK" else "CLAIM",
        "before": {**event.before, "planted": draw(values)},
        "after": {**event.after, "planted": draw(values)},
        "why": event.why + draw(st.text(min_size=1, max_size=3)),
        "recorded_at": event.recorded_at + timedelta(microseconds=draw(st.integers(1, 10**9))),
        "previous_hash": "0" * 64,
        "hash": event.hash[:-1] + ("0" if event.hash[-1] != "0" else "1"),
    }
    field = draw(st.sampled_from(sorted(changes)))
    return event.model_copy(update={field: changes[field]})


@given(histories())
def test_every_history_made_here_holds(chain: tuple[Correction, ...]):
    assert verify_chain(chain, head=chain[-1].hash if chain else None) is None


@given(histories())
def test_every_history_holds_after_being_stored_as_json(chain: tuple[Correction, ...]):
    stored = tuple(Correction.model_validate_json(event.model_dump_json()) for event in chain)
    assert verify_chain(stored) is None


@settings(max_examples=300)
@given(st.data())
def test_any_changed_field_is_found_and_its_place_named(data: st.DataObject):
    chain = data.draw(histories().filter(bool))
    at = data.draw(st.integers(0, len(chain) - 1))
    forged = (*chain[:at], tampered(data.draw, chain[at]), *chain[at + 1 :])
    found = verify_chain(forged)
    assert found is not None
    assert found.position == at
    assert found.correction_id == forged[at].correction_id


@given(st.data())
def test_an_event_taken_out_of_the_middle_is_found(data: st.DataObject):
    chain = data.draw(histories().filter(lambda chain: len(chain) > 1))
    at = data.draw(st.integers(0, len(chain) - 2))
    found = verify_chain(chain[:at] + chain[at + 1 :])
    assert found is not None
    assert found.position == at


@given(st.data())
def test_two_events_in_the_wrong_order_are_found(data: st.DataObject):
    chain = data.draw(histories().filter(lambda chain: len(chain) > 1))
    at = data.draw(st.integers(0, len(chain) - 2))
    found = verify_chain((*chain[:at], chain[at + 1], chain[at], *chain[at + 2 :]))
    assert found is not None
    assert found.position == at


@given(histories().filter(bool))
def test_cut_end_is_found_against_the_published_head(chain: tuple[Correction, ...]):
    found = verify_chain(chain[:-1], head=chain[-1].hash)
    assert found is not None
    assert (found.position, found.correction_id) == (len(chain) - 1, None)


def test_chain_written_anew_in_full_is_found_against_the_published_head():
    (true,) = events({"METADATA": {"title": "a"}}, {"METADATA": {"title": "b"}})
    (forged,) = events({"METADATA": {"title": "a"}}, {"METADATA": {"title": "z"}})
    assert verify_chain((forged,)) is None
    assert verify_chain((forged,), head=true.hash) is not None


def test_event_of_another_record_does_not_fit_in_a_chain():
    (first,) = events({"METADATA": {"title": "a"}}, {"METADATA": {"title": "b"}})
    (foreign,) = correction_events(
        {"CLAIM": {}},
        {"CLAIM": {"claim.1.verdict": "REFUTED"}},
        record_id="srch:OTHER",
        previous=first,
        why="w",
        recorded_at=datetime(2026, 7, 3, tzinfo=UTC),
    )
    found = verify_chain((first, foreign))
    assert found is not None
    assert "correction_id" in found.what

"""Contradictions between the verdicts of different records: pure, and through the real chain in either order."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from pathlib import Path

import dagster as dg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.runs import Conductor
from pipelines.ingestion.documents import read_document
from pipelines.ingestion.records import parse_record
from pipelines.models import GateResult, Place, Severity
from pipelines.publication.views import PublicRecord
from pipelines.review.findings.across import (
    SAME_NUMBER,
    SAME_QUESTION,
    StatedGate,
    across_findings,
    named_numbers,
)
from pipelines.review.findings.gate_reasons import gate_reason
from pipelines.review.findings.published import published_findings
from tests.ingestion.record_pages import Page, as_text
from tests.warehouse.a_warehouse import FIRST, SECOND, definitions_at
from warehouse.append import Stamp
from warehouse.connection import Warehouse
from warehouse.ingestion import records_of, set_kind
from warehouse.location import WarehouseLocation
from warehouse.policies import activate_shipped
from warehouse.public_records import public_records
from warehouse.review import reviews_of, stated_gates

REPRODUCED = "Sealed-sandbox formula repro: Computed {0} matches expected {0} (tolerance=5.0%)."
ATTACKED = (
    "[Gate 3 RED-TEAM FALSIFIED] avg_attack_score=8.2/10. FIRST_ATTACKER(9.0):{words};"
    " SECOND_ATTACKER(9.2):no cited source has a table; THIRD_ATTACKER(6.5):nothing was trained"
)
QUESTION = "Does a thick layer of straw keep the soil of potato fields moist in dry summers?"


def gate(record_id: str, status: str | None, reason: str | None = None, **given: str | None) -> StatedGate:
    words = reason or status or ""
    return StatedGate(
        record_id=record_id,
        title=given.get("title", f"Title of {record_id}"),
        question=given.get("question"),
        publisher=given.get("publisher"),
        status=status,
        reason=reason,
        places=(Place(start=0, end=len(words), words=words),),
    )


def verified(record_id: str, number: str, **given: str | None) -> StatedGate:
    return gate(record_id, "Verified", REPRODUCED.format(number), **given)


def falsified(record_id: str, words: str, **given: str | None) -> StatedGate:
    return gate(record_id, "Falsified", ATTACKED.format(words=words), **given)


def rules_of(*records: StatedGate) -> dict[str, list[str]]:
    return {key: [one.rule for one in findings] for key, findings in across_findings(records).items()}


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("8.7", "8.7 = 8.7 is a tautology"),
        ("8.7", "Computed 8.70 matches expected 8.70, which was copied"),
        ("393216.0", "the check multiplies 512 x 768 and touches no data"),
        ("393216", "512*768=393216 is arithmetic"),
        ("393216", "393,216 == 393,216 says nothing"),
        ("768.0", "compares the constant 768 with itself"),
    ],
)
def test_a_number_verified_in_one_and_falsified_in_another_is_named_on_both(number: str, words: str) -> None:
    found = across_findings([verified("a", number), falsified("b", words)])
    assert {key: [one.rule for one in each] for key, each in found.items()} == {"a": [SAME_NUMBER], "b": [SAME_NUMBER]}
    assert '"Title of b" (b)' in found["a"][0].message
    assert '"Title of a" (a)' in found["b"][0].message
    assert all(one.severity is Severity.ERROR for each in found.values() for one in each)
    assert found["a"][0].where == verified("a", number).places


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("8.7", "8.8 = 8.8 is a tautology"),
        ("12.5", "an accuracy of 12.5 % stands in none of the cited papers"),
        ("9.2", "the check is a constant"),  # an attacker's score is no checked number
        ("8.2", "the check is a constant"),  # nor is the mean
        ("15", "only 3 x 5 seeds were run"),
        ("39321", "w" * 66 + " 39321 = 39321"),  # cut at the end: perhaps 393216
        ("5", "Attacker error: expected 5 columns"),
        ("3", "version 1.2.3 = 3.4.5"),
    ],
)
def test_a_number_that_no_check_of_the_other_is_about_is_no_contradiction(number: str, words: str) -> None:
    assert rules_of(verified("a", number), falsified("b", words)) == {}


def test_a_falsified_formula_names_its_own_numbers_in_words_and_in_json() -> None:
    words = gate("b", "Falsified", "Computed 8.1 does not match expected 8.7 (tolerance=5.0%).")
    stated = gate("b", "FALSIFIED", '{"kind": "formula_repro", "computed": 8.10, "expected": 8.70}')
    for one in (words, stated):
        assert rules_of(verified("a", "8.7"), one) == {"a": [SAME_NUMBER], "b": [SAME_NUMBER]}


def test_scores_alone_name_no_number() -> None:
    reason = (
        '{"kind": "red_team_falsified", "avg_attack_score": 8.7,'
        ' "attackers": [{"name": "A_B", "score": 8.7, "errored": false}]}'
    )
    assert list(named_numbers(gate_reason(reason))) == []
    assert rules_of(verified("a", "8.7"), gate("b", "Falsified", reason)) == {}


def test_the_same_question_with_other_verdicts_is_named_on_each_of_them() -> None:
    reworded = QUESTION.replace("?", "").lower()
    found = across_findings(
        [
            gate("a", "Verified", question=QUESTION),
            gate("b", "Falsified", question=reworded),
            gate("c", "Unverified", question=QUESTION),
            gate("d", "Unverified", question=QUESTION.replace("potato", "barley")),
        ]
    )
    assert {key: [(one.rule, one.severity) for one in each] for key, each in found.items()} == {
        "a": [(SAME_QUESTION, Severity.ERROR)],
        "b": [(SAME_QUESTION, Severity.ERROR)],
        "c": [(SAME_QUESTION, Severity.WARNING)],
    }
    assert found["c"][0].message == (
        'The record is reported as unverified; the same question is reported as verified in "Title of a" (a);'
        ' falsified in "Title of b" (b).'
    )


def test_not_tested_beside_verified_is_a_warning_and_the_same_verdict_twice_is_nothing() -> None:
    unlike = across_findings([gate("a", "Verified", question=QUESTION), gate("b", "Unverified", question=QUESTION)])
    assert {one.severity for each in unlike.values() for one in each} == {Severity.WARNING}
    assert rules_of(gate("a", "Verified", question=QUESTION), gate("b", "verified ", question=QUESTION)) == {}


@pytest.mark.parametrize("status", [None, "", "Pending", "Falsified or not"])
def test_a_status_outside_the_contract_contradicts_nothing(status: str | None) -> None:
    assert rules_of(gate("a", "Verified", question=QUESTION), gate("b", status, question=QUESTION)) == {}


def test_verdicts_of_two_named_publishers_do_not_contradict_each_other() -> None:
    one = verified("a", "8.7", question=QUESTION, publisher="Press of A")
    other = falsified("b", "8.7 = 8.7", question=QUESTION, publisher="Press of B")
    unnamed = falsified("c", "8.7 = 8.7", question=QUESTION)
    assert rules_of(one, other) == {}
    assert rules_of(one, unnamed) == {"a": [SAME_NUMBER, SAME_QUESTION], "c": [SAME_NUMBER, SAME_QUESTION]}


def test_the_order_of_the_records_changes_nothing() -> None:
    records = [
        verified("a", "8.7", question=QUESTION),
        falsified("b", "8.7 = 8.7", question=QUESTION.upper()),
        falsified("c", "8.7 = 8.7", question=QUESTION),
        gate("d", "Unverified", question=QUESTION),
    ]
    first = across_findings(records)
    assert set(first) == {"a", "b", "c", "d"}
    assert all(across_findings(order) == first for order in itertools.permutations(records))


def test_many_records_of_one_kind_are_named_in_part_and_quickly() -> None:
    many = [verified(f"a{n:04d}", "8.7", question=QUESTION) for n in range(3_000)]
    found = across_findings([*many, falsified("b", "8.7 = 8.7", question=QUESTION)])
    assert len(found) == 3_001
    assert found["b"][0].message.endswith('"Title of a0004" (a0004) and more.')


@given(st.lists(st.tuples(st.sampled_from(["Verified", "Falsified", "x"]), st.text(max_size=120)), max_size=5))
def test_any_reason_is_taken(stated: Sequence[tuple[str, str]]) -> None:
    records = [gate(str(n), status, words, question=words) for n, (status, words) in enumerate(stated)]
    assert set(across_findings(records)) <= {record.record_id for record in records}


@pytest.mark.parametrize("unit", ["8.7 = ", "512 x ", "computed the ", "9,999", "A_B(9.0):", '{"a":', "expected 1."])
def test_long_repetitive_reasons_do_not_stall(unit: str) -> None:
    words = unit * (100_000 // len(unit))
    across_findings([gate("a", "Verified", words, question=words), gate("b", "Falsified", words, question=words)])


def test_an_attacker_that_failed_is_found_averaged_in_on_a_page_and_in_stated_json() -> None:
    on_page = ATTACKED.replace("9.0", "0.0").replace("8.2", "5.2").format(words="Attacker error: unterminated string")
    in_json = (
        '{"kind": "red_team_falsified", "avg_attack_score": 5.2, "attackers": ['
        '{"name": "FIRST_ATTACKER", "score": 0.0, "errored": true},'
        ' {"name": "SECOND_ATTACKER", "score": 9.2, "errored": false},'
        ' {"name": "THIRD_ATTACKER", "score": 6.5, "errored": false}]}'
    )
    said = [[(one.name, one.score, one.failed) for one in gate_reason(it).attackers] for it in (on_page, in_json)]
    assert said[0] == said[1]
    record = parse_record(read_document("page.txt", page("A", "Falsified", on_page).encode()))
    (finding,) = [one for one in published_findings(record, (), None) if one.rule == "attacker-error-averaged-as-zero"]
    assert "the stated mean is 5.2; without the failed attacker it is 7.85" in finding.message


# --- through the chain --------------------------------------------------------------------------


STATED = {
    "srch": "SRCH:0000000B",
    "title": "Straw on potato fields, part B",
    "submitted": "3 July 2026",
    "research_question": "How deep do the roots of potato plants reach under straw?",
    "review_score": 7.1,
    "verification_level": 1,
    "tier": "Watchlist",
    "gate_status": "Falsified",
    "gate_reason": {
        "kind": "red_team_falsified",
        "avg_attack_score": 9.0,
        "attackers": [{"name": "FIRST_ATTACKER", "score": 9.0, "errored": False, "text": "768 = 768 is a tautology"}],
    },
}


def stated_attack(average: float, *attackers: tuple[float | None, bool]) -> str:
    listed = [
        {"name": f"ATTACKER_{n}", "score": score, "errored": failed} for n, (score, failed) in enumerate(attackers)
    ]
    return json.dumps({"kind": "red_team_falsified", "avg_attack_score": average, "attackers": listed})


@pytest.mark.parametrize(
    ("reason", "averaged_in"),
    [
        (stated_attack(5.2, (0.0, True), (9.2, False), (6.5, False)), True),
        (stated_attack(5.2, (None, True), (9.2, False), (6.5, False)), True),
        (stated_attack(7.9, (None, True), (9.2, False), (6.5, False)), False),
        (stated_attack(5.2, (0.0, False), (9.2, False), (6.5, False)), False),
        (stated_attack(1, (0.0, True), (1.0, False), (1.0, False)), False),
        (stated_attack(0.0, (0.0, True), (None, True)), False),
    ],
    ids=["as 0", "without a score", "left out of the mean", "found nothing", "small scores", "all failed"],
)
def test_an_attacker_counts_as_averaged_in_only_where_the_mean_shows_it(reason: str, averaged_in: bool) -> None:
    record = parse_record(
        read_document("facts.json", json.dumps({**STATED, "gate_reason": json.loads(reason)}).encode())
    )
    found = [one.rule for one in published_findings(record, (), None)]
    assert ("attacker-error-averaged-as-zero" in found) is averaged_in


def page(number: str, status: str, reason: str, submitted: str = "15 June 2026") -> str:
    return as_text(
        Page(
            layout="N",
            title=f"Straw on potato fields, part {number}",
            number=f"SRCH:0000000{number}",
            submitted=submitted,
            doi=None,
            question=QUESTION if number == "A" else "How deep do the roots of potato plants reach under straw?",
            gate_status=status,
            gate_reason=reason,
        )
    )


def gate_0(record: PublicRecord) -> GateResult | None:
    return next(view.result for view in record.gates if view.gate == "gate-0" and view.in_force)


def across_of(house: Warehouse) -> dict[str, list[str]]:
    held = reviews_of(house, [record.record_id for record in records_of(house)])
    return {key: [one.message for one in review.findings if one.rule == SAME_NUMBER] for key, review in held.items()}


def test_a_record_is_reviewed_again_when_one_that_contradicts_it_arrives(tmp_path: Path) -> None:
    verified_page, stated = tmp_path / "verified.txt", tmp_path / "stated.json"
    verified_page.write_text(page("A", "Verified", REPRODUCED.format("768.0")), encoding="utf-8")
    stated.write_text(json.dumps([STATED, {**STATED, "tier": 7}]), encoding="utf-8")
    house = Warehouse(WarehouseLocation(tmp_path / "claimgate.duckdb"))
    set_kind(house, "own", Stamp(FIRST, "test"))
    with dg.DagsterInstance.ephemeral() as instance:
        early = Conductor(definitions_at(tmp_path, FIRST), instance, house)
        first = early.take_in([str(verified_page)])
        early.follow_up(first.document_ids, today=FIRST.date())
        assert across_of(house) == {"srch:0000000a": []}
        activate_shipped(house, recorded_at=SECOND)
        late = Conductor(definitions_at(tmp_path, SECOND), instance, house)
        second = late.take_in([str(stated)])
        late.follow_up([*first.document_ids, *second.document_ids], today=SECOND.date())
    assert [dict(one) for one in second.rejections] == [
        {"path": f"{stated} (row 2)", "reason": 'the row\'s "tier" is no text'}
    ]
    assert [one.record_id for one in stated_gates(house)] == ["srch:0000000a", "srch:0000000b"]
    found = across_of(house)
    assert {key: len(messages) for key, messages in found.items()} == {"srch:0000000a": 1, "srch:0000000b": 1}
    assert "(srch:0000000b) is about a check of the same number" in found["srch:0000000a"][0]
    records = {one.record_id: one for one in public_records(house, sorted(found), today=SECOND.date())}
    assert {gate_0(record) for record in records.values()} == {GateResult.FAILED}
    taken = records["srch:0000000b"]
    assert (taken.counts.extracted, taken.stated.gate_status) == (0, "Falsified")
    assert {"gate-0", "gate-1", "gate-2"} <= {view.gate for view in taken.gates}

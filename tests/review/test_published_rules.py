"""Each rule about a published record: one record on which it fires, one on which it is silent."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from written_records import claims_of, prose_claims, verdict, written_record

from pipelines.models import ClaimVerdict, Finding, Layout, ParsedRecord, Severity, Verdict
from pipelines.review.findings.claims import asserted_effect
from pipelines.review.findings.published import RULES, published_findings

Case = Callable[[], tuple[Finding, ...]]

PEER_REVIEWED = "This report synthesises findings from 2 peer-reviewed papers on tea."
RESULT = "Green tea lowered blood pressure by 3.1 mmHg in adults."
QUESTION = "Does green tea lower blood pressure in adults with hypertension?"
BEFORE = "Published before the Gate 2 verification pipeline was activated (2026-06-10). Nothing was run."
REPRODUCED = "Sealed-sandbox formula repro: Computed {} matches expected 768.0 (tolerance=5.0%)."
ATTACKED = (
    "[Gate 3 RED-TEAM FALSIFIED] avg_attack_score={mean}/10. FIRST_ATTACKER({first}):{words};"
    " SECOND_ATTACKER(8.0):the check proves nothing; THIRD_ATTACKER(7.0):copied constant"
)


def found(record: ParsedRecord, verdicts: Mapping[str, Verdict] | None = None, **claims: Any) -> tuple[Finding, ...]:
    findings = published_findings(record, claims_of(record, **claims), verdicts)
    for finding in findings:
        for place in finding.where:
            assert record.text[place.start : place.end] == place.words
    return findings


def figures(*stated: tuple[str, int | float | str, str], **rest: Any) -> tuple[Finding, ...]:
    return found(written_record(figures=stated, **rest))


def gate(status: str = "Falsified", **stated: str) -> list[tuple[str, str, str]]:
    return [("gate_status", status, status), *((name, words, words) for name, words in stated.items())]


def two_rows(first: str, second: str, **rest: Any) -> tuple[Finding, ...]:
    return found(written_record(rows=[(first, None, None), (second, None, None)], **rest))


def ticks(*rows: tuple[bool, float]) -> tuple[Finding, ...]:
    return found(written_record(rows=[(f"{RESULT} Row {n}.", *row) for n, row in enumerate(rows)]))


ROWS = [(RESULT, True, 0.9), ("Black tea had no effect on heart rate.", False, 0.1)]
PREPRINTS = [{"url": "http://arxiv.org/abs/2001.00001", "arxiv_id": "2001.00001"}, {"doi": "10.1/b"}]
JOURNALS = [{"doi": "10.1/a"}, {"doi": "10.1/b"}]
CUT_AT_50 = [("x" * 49 + str(n), None, None) for n in range(3)]

FIRES: dict[str, Case] = {
    "extracted-count-differs-from-rows": lambda: figures(("claims_extracted", 9, "9 claims"), rows=ROWS),
    "verified-count-differs-from-ticks": lambda: figures(("claims_verified", 2, "2 verified"), rows=ROWS),
    "verified-exceeds-extracted": lambda: figures(
        ("claims_extracted", 3, "3 claims"), ("claims_verified", 4, "4 verified")
    ),
    "extracted-shown-as-verified": lambda: figures(
        ("source_grounded_claims", 12, "Source-grounded claims 12"),
        ("claims_extracted", 12, "12 claims were extracted"),
        ("claims_verified", 0, "0 were independently verified"),
    ),
    "stated-figures-disagree": lambda: figures(("review_score", 7.8, "7.8/10"), ("review_score", 7.2, "7.2/10")),
    "papers-stated-differ-from-references": lambda: figures(("papers", 14, "14 papers"), references=JOURNALS),
    "preprints-called-peer-reviewed": lambda: figures(prose=PEER_REVIEWED, references=PREPRINTS),
    "confidence-out-of-range": lambda: ticks((True, 1.4), (False, 0.2)),
    "ticks-contradict-confidence": lambda: ticks((True, 0.6), (False, 0.7)),
    "ticked-at-low-confidence": lambda: ticks((True, 0.3), (False, 0.1)),
    "tier-not-given-by-figures": lambda: figures(("tier", "DOI grade", "DOI grade"), ("review_score", 6.1, "6.1/10")),
    "record-without-claims": lambda: found(written_record(prose="Nothing is said here.")),
    "claims-cut-short": lambda: found(written_record(rows=CUT_AT_50, truncated=[1, 2, 3])),
    "near-duplicate-claims": lambda: found(
        written_record(rows=[(RESULT, None, None), (RESULT + " Indeed.", None, None)]), duplicates={2: 1}
    ),
    "claims-state-no-finding": lambda: two_rows("The study uses two public cohorts from Norway.", RESULT),
    "same-figure-for-two-subjects": lambda: two_rows(
        "The recall of Alder-2 with pruning is 41.27, compared to 30.11 without.",
        "The recall of Birch-9 with pruning is 41.27, compared to 33.58 without.",
    ),
    "names-disagree": lambda: found(
        written_record(prose="We tested Alder2-8B-Chat. Later, Alder-2.1-8B-Chat scored best.")
    ),
    "title-asserts-unsupported-result": lambda: found(
        written_record(
            title="Green Tea Reduces Blood Pressure in Adults", rows=[("Tea is grown in Assam.", False, 0.1)]
        )
    ),
    "claims-off-question": lambda: two_rows(RESULT, "Emperor penguins breed on sea ice in winter.", question=QUESTION),
    "verdict-reason-contradicts-dates": lambda: figures(
        *gate("Unverified", gate_reason=BEFORE), published_on=date(2026, 6, 14)
    ),
    "verdict-dated-before-publication": lambda: figures(
        *gate("Unverified", gate_evaluated_at="2026-06-10T06:30:49+00:00"), published_on=date(2026, 6, 14)
    ),
    "falsified-with-top-tier": lambda: figures(*gate(tier="DOI grade")),
    "attacker-error-averaged-as-zero": lambda: figures(
        *gate(gate_reason=ATTACKED.format(mean="5.0", first="0.0", words="Attacker error: bad output"))
    ),
    "check-compares-a-number-with-itself": lambda: figures(*gate("Verified", gate_reason=REPRODUCED.format("768.0"))),
}

SILENT: dict[str, Case] = {
    "extracted-count-differs-from-rows": lambda: figures(("claims_extracted", 2, "2 claims"), rows=ROWS),
    "verified-count-differs-from-ticks": lambda: figures(("claims_verified", 1, "1 verified"), rows=ROWS),
    "verified-exceeds-extracted": lambda: figures(
        ("claims_extracted", 4, "4 claims"), ("claims_verified", 4, "4 verified")
    ),
    "extracted-shown-as-verified": lambda: figures(
        ("source_grounded_claims", 7, "Source-grounded claims 7"),
        ("claims_extracted", 7, "7 claims were extracted"),
        ("claims_verified", 7, "7 were independently verified"),
    ),
    "stated-figures-disagree": lambda: figures(("review_score", 7.83, "7.83/10"), ("review_score", 7.8, "7.8/10")),
    "papers-stated-differ-from-references": lambda: figures(("papers", 2, "2 papers"), references=JOURNALS),
    "preprints-called-peer-reviewed": lambda: figures(prose=PEER_REVIEWED, references=JOURNALS),
    "confidence-out-of-range": lambda: ticks((True, 1.0), (False, 0.0)),
    "ticks-contradict-confidence": lambda: ticks((True, 0.6), (False, 0.6)),
    "ticked-at-low-confidence": lambda: ticks((True, 0.5), (False, 0.1)),
    "tier-not-given-by-figures": lambda: figures(("tier", "Watchlist", "Watchlist"), ("review_score", 6.1, "6.1/10")),
    "record-without-claims": lambda: two_rows(RESULT, "Tea is grown in Assam."),
    "claims-cut-short": lambda: found(written_record(rows=CUT_AT_50)),
    "near-duplicate-claims": lambda: found(
        written_record(rows=[(RESULT, None, None), (RESULT.replace("3.1", "9.4"), None, None)]),
        duplicates={2: 1},
    ),
    "claims-state-no-finding": lambda: two_rows("The study shows that tea lowered blood pressure.", RESULT),
    "same-figure-for-two-subjects": lambda: two_rows(
        "The recall of Alder-2 with pruning is 41.27, compared to 30.11 without.",
        "The recall of Birch-9 with pruning is 44.90, compared to 33.58 without.",
    ),
    "names-disagree": lambda: found(
        written_record(prose="We compare Alder2-8B-Chat with Alder-2.1-8B-Chat on recall.")
    ),
    "title-asserts-unsupported-result": lambda: found(
        written_record(title="Green Tea Reduces Blood Pressure in Adults", rows=[(RESULT, True, 0.9)])
    ),
    "claims-off-question": lambda: two_rows(RESULT, "Blood pressure in adults rose without tea.", question=QUESTION),
    "verdict-reason-contradicts-dates": lambda: figures(
        *gate("Unverified", gate_reason=BEFORE), published_on=date(2026, 6, 9)
    ),
    "verdict-dated-before-publication": lambda: figures(
        *gate("Unverified", gate_evaluated_at="2026-06-14T06:30:49+00:00"), published_on=date(2026, 6, 14)
    ),
    "falsified-with-top-tier": lambda: figures(*gate(tier="Quarantine candidate")),
    "attacker-error-averaged-as-zero": lambda: figures(
        *gate(gate_reason=ATTACKED.format(mean="7.5", first="0.0", words="Attacker error: bad output"))
    ),
    "check-compares-a-number-with-itself": lambda: figures(*gate("Verified", gate_reason=REPRODUCED.format("741.5"))),
}


def rules_of(findings: tuple[Finding, ...]) -> set[str]:
    return {finding.rule for finding in findings}


def test_a_cut_that_falls_on_a_blank_does_not_hide_where_the_cut_is() -> None:
    rows = [("x" * 49, None, None), ("y" * 49, None, None), ("z" * 50, None, None)]
    (finding,) = [
        one for one in found(written_record(rows=rows, truncated=[1, 2, 3])) if one.rule == "claims-cut-short"
    ]
    assert "at 50 characters" in finding.message


def test_every_rule_has_an_example_of_both_kinds() -> None:
    ids = [rule.id for rule in RULES]
    assert len(set(ids)) == len(ids)
    assert set(ids) == set(FIRES) == set(SILENT)


@pytest.mark.parametrize("rule", FIRES)
def test_a_rule_fires_on_the_fault_it_is_about(rule: str) -> None:
    assert rule in rules_of(FIRES[rule]())


@pytest.mark.parametrize("rule", SILENT)
def test_a_rule_is_silent_where_its_fault_is_absent(rule: str) -> None:
    assert rule not in rules_of(SILENT[rule]())


def test_a_record_that_states_nothing_of_itself_has_only_its_missing_claims_as_a_finding() -> None:
    assert rules_of(found(written_record(prose="A plain paragraph."))) == {"record-without-claims"}


def test_papers_of_a_record_page_are_not_compared_with_a_list_it_does_not_print() -> None:
    findings = figures(("papers", 14, "14 papers"), layout=Layout.PAGE_OLD)
    assert "papers-stated-differ-from-references" not in rules_of(findings)


def test_a_title_is_measured_by_our_verdicts_where_there_are_any() -> None:
    record = written_record(title="Green Tea Reduces Blood Pressure in Adults", rows=[(RESULT, False, 0.1)])
    (claim,) = claims_of(record)
    for held, expected in ((ClaimVerdict.SUPPORTED, False), (ClaimVerdict.NOT_ENOUGH_INFO, True)):
        findings = found(record, {claim.claim_id: verdict(claim, held)})
        assert ("title-asserts-unsupported-result" in rules_of(findings)) is expected


def test_a_title_is_not_judged_where_neither_we_nor_the_record_checked_a_claim() -> None:
    record = written_record(title="Green Tea Reduces Blood Pressure in Adults", rows=[("Tea grows.", None, None)])
    assert "title-asserts-unsupported-result" not in rules_of(found(record, {}))


@pytest.mark.parametrize(
    ("title", "asserts"),
    [
        ("Pruned Networks Outperform Dense Ones on Small Data", True),
        ("Lime Mortars Double the Life of Old Walls", True),
        ("Deep Double Descent on Small Data", False),
        ("Tight Lower Bounds for Small Data", False),
        ("Effects of Pruning on Small Data", False),
        ("Does Pruning Improve Accuracy on Small Data?", False),
        ("How pruning improves accuracy on small data", False),
        ("Increases in Temperature and Crop Yield", False),
        ("Pruning to Reduce Memory in Small Networks", False),
    ],
)
def test_only_titles_with_a_verb_of_effect_assert_a_result(title: str, asserts: bool) -> None:
    assert (asserted_effect(title) is not None) is asserts


def test_prose_off_the_question_is_found_and_its_neighbours_are_not() -> None:
    on = [
        "Green tea lowered blood pressure by 3 mmHg in adults with hypertension.",
        "The trial in Osaka gave four cups of green tea a day to adults.",
        "Heart rate of the adults who drank green tea stayed the same.",
    ]
    off = "Basalt columns form when thick lava flows cool slowly and contract."
    record = written_record(prose=" ".join([*on, off]), question=QUESTION, layout=Layout.PROSE)
    findings = published_findings(record, prose_claims(record, [*on, off]), None)
    (finding,) = [entry for entry in findings if entry.rule == "claims-off-question"]
    assert [place.words for place in finding.where] == [QUESTION, off]


def test_a_question_in_another_script_is_not_compared_by_words() -> None:
    question = "绿茶能降低高血压患者的血压吗？随机对照试验的证据是什么？"
    assert "claims-off-question" not in rules_of(two_rows(RESULT, "Tea is grown.", question=question))


def test_a_failed_attacker_alone_is_no_average() -> None:
    reason = "avg_attack_score=0.0/10. ONLY_ATTACKER(0.0):Attacker error: bad output"
    assert "attacker-error-averaged-as-zero" not in rules_of(figures(*gate(gate_reason=reason)))


def test_only_contradictions_within_the_record_are_errors() -> None:
    errors = {rule.id for rule in RULES if rule.severity is Severity.ERROR}
    assert "claims-cut-short" not in errors
    assert {"stated-figures-disagree", "falsified-with-top-tier", "attacker-error-averaged-as-zero"} <= errors


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400), st.lists(st.text(min_size=1, max_size=80), max_size=6), st.text(max_size=60))
def test_any_text_gives_findings_whose_places_are_true(prose: str, rows: list[str], title: str) -> None:
    record = written_record(rows=[(row, True, 0.5) for row in rows], prose=prose, title=title, question=prose)
    found(record)


@pytest.mark.parametrize("unit", ["Alder-", "9-", "A_", "this report ", "7.1 ", "1.25 Alder-2 ", "(", "peer-reviewed "])
def test_long_repetitive_text_does_not_stall_a_rule(unit: str) -> None:
    words = unit * (100_000 // len(unit))
    record = written_record(
        rows=[(words[:20_000], True, 0.5), (words[:20_001], False, 0.4)],
        figures=[("gate_reason", words, words), ("gate_status", "Falsified", "Falsified")],
        prose=words,
        title=words[:5_000],
        question=words,
        references=PREPRINTS,
    )
    found(record)


def corpus() -> Path:
    root = os.environ.get("CLAIMGATE_CORPUS")
    if not root:
        pytest.skip("CLAIMGATE_CORPUS is not set")
    return Path(root)


EXPECTED = {
    "000": {"papers-stated-differ-from-references", "preprints-called-peer-reviewed", "claims-cut-short",
            "claims-state-no-finding", "claims-off-question"},
    "001": set(),
    "002": {"papers-stated-differ-from-references", "preprints-called-peer-reviewed", "claims-cut-short",
            "claims-state-no-finding", "claims-off-question", "ticked-at-low-confidence"},
    "003": {"papers-stated-differ-from-references", "preprints-called-peer-reviewed", "claims-cut-short",
            "claims-state-no-finding", "claims-off-question", "same-figure-for-two-subjects", "names-disagree",
            "title-asserts-unsupported-result"},
}  # fmt: skip


@pytest.mark.parametrize("number", EXPECTED)
def test_the_real_records_have_the_findings_that_apply_and_no_other(number: str) -> None:
    from pipelines.extraction.claims import extract_claims
    from pipelines.ingestion.documents import read_document
    from pipelines.ingestion.records import parse_record

    (path,) = (corpus() / "records").glob(f"{number}_*.txt")
    record = parse_record(read_document(path.name, path.read_bytes()))
    findings = published_findings(record, extract_claims(record, "r"), None)
    assert rules_of(findings) == EXPECTED[number]

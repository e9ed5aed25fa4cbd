"""The page of a gate's activation: rules, coverage of each cohort, what came of it."""

import re

import pytest

from pipelines.gates.policy import load_policy
from pipelines.gates.rules_in_words import rules_in_words
from pipelines.models import AttemptOutcome, GateResult, PublicGateStatus
from pipelines.publication.activation_views import CohortCoverage, Standing
from pipelines.publication.site.activation_rows import coverage
from pipelines.publication.site.build import record_page
from pipelines.publication.site.folder_pages import activation_page
from pipelines.publication.site.text import activation_page_name, page_name
from tests.publication.folder_pages import SCRIPT, empty_activation, hostile_activation, rich_activation
from tests.publication.pages import parsed, section, text_of
from tests.publication.published_records import gated_record
from warehouse.policies import shipped_policies


def test_page_names_gate_question_rules_and_day():
    document = parsed(activation_page(rich_activation()))
    assert text_of(document.xpath("//h1")[0]) == "Gate 2: Verification"
    said = text_of(document)
    for part in (
        "Does an attached proof or reproduction confirm or refute a claim?",
        "In force since 2026-06-10",
        "gate-2@2026-06-10",
        "A reproduction counts from seal level 1 on.",
        "2026-07-01 09:00 UTC",
    ):
        assert part in said


def test_superseded_activation_leads_to_the_one_that_took_its_place():
    page = activation_page(rich_activation(standing=Standing.SUPERSEDED, superseded_by="gate-2@2026-11-01"))
    assert "Superseded by gate-2@2026-11-01. It held from 2026-06-10 and decides nothing now" in text_of(parsed(page))
    assert f"../{activation_page_name('gate-2@2026-11-01')}" in parsed(page).xpath("//a/@href")


def test_announced_activation_says_from_when_it_holds():
    said = text_of(parsed(activation_page(empty_activation())))
    assert "Announced It holds from 2030-01-01 on and decides nothing before that day." in said
    assert "This version of claimgate cannot read the rules" in said
    assert "what is this" in said
    assert "No record is held yet." in said


def test_table_has_a_row_a_cohort_and_adds_up():
    table = section(activation_page(rich_activation()), "coverage").xpath(".//table")[0]
    heads = [text_of(one).lstrip("✓✗⇄?○! ") for one in table.xpath('.//th[@class="number"]')]
    assert heads[:3] == ["held", "evaluated", "not evaluated"]
    assert heads[3:] == [
        "verified",
        "inconclusive",
        "invalid check",
        "stale: the rules were raised since",
        "unverified",
        "verified",
        "falsified",
    ]
    rows = [[text_of(cell) for cell in row.xpath('./th | ./td[@class="number"]')] for row in table.xpath(".//tr")[2:]]
    assert rows == [
        ["2026-07", *"3030000000"],
        ["2026-06", "12", "10", "2", "2", "1", "3", "4", "8", "2", "0"],
        ["All cohorts", "15", "10", "5", "2", "1", "3", "4", "8", "2", "0"],
    ]


def test_bar_fills_its_length_and_says_in_words_what_it_shows():
    page = rich_activation()
    for row in (*coverage(page).rows, coverage(page).total):
        assert sum(part.width for part in row.bar) == pytest.approx(1000, abs=0.1)
        assert sum(part.count for part in row.bar) == row.records
    bars = parsed(activation_page(page)).xpath('//*[@class="coverage-bar"]/@aria-label')
    assert bars[0] == (
        "All records: Verified 2, Inconclusive 1, Invalid check 3, Stale: the rules were raised since 4, "
        "Not evaluated 5"
    )


def test_parts_of_a_bar_differ_without_colour_and_each_pattern_is_drawn():
    endings = {one: 1 for one in AttemptOutcome} | {GateResult.NOT_EVALUABLE: 1, PublicGateStatus.UNVERIFIED: 1}
    cohort = CohortCoverage(cohort="2026-06", records=20, endings=endings, statuses={})
    page = rich_activation(cohorts=(cohort,))
    shown = [part for part in coverage(page).total.bar if part.word.style != "missing"]
    by_pattern = [part.pattern for part in shown]
    assert len(set(by_pattern[:11])) == 11
    document = parsed(activation_page(page))
    assert {re.sub(r"url\(#(.*)\)", r"\1", fill) for fill in document.xpath("//*/@fill")} <= set(
        document.xpath("//@id")
    )


def test_records_are_listed_by_outcome_and_lead_to_the_gate_on_their_page():
    page = activation_page(rich_activation())
    said = text_of(section(page, "records"))
    assert "✓ Verified 2 records" in said
    assert "3 more records came out so" in said
    links = section(page, "records").xpath(".//a/@href")
    assert links == [f"../{page_name('srch:0001')}#gate-2", f"../{page_name('srch:0003')}#gate-2"]
    assert "its page is not published yet" in said


def test_reasons_given_most_often_are_counted():
    said = text_of(section(activation_page(rich_activation()), "reasons"))
    assert "2 records: It was run and confirms the claim." in said
    assert "3 more reasons were given" in said


def test_hostile_texts_are_shown_bounded_and_never_obeyed():
    page = activation_page(hostile_activation())
    assert SCRIPT not in page
    assert "[U+202E]" in page
    assert len(page) < 60_000
    page.encode()


def test_shipped_rules_are_said_in_words():
    words = {f"{one.gate} {one.version}": " ".join(rules_in_words(one)) for one, _ in shipped_policies()}
    for policy, part in (
        ("gate-0 v1", "References that are retracted: exactly 0, else the record fails."),
        ("gate-1 v1", "Share of checked claims that a source supports: at least 0.5, else the record fails."),
        ("gate-1 v1", "Claims checked against a source text: at least 3, else nothing can be said"),
        ("gate-2 v1", "No floor is named for the seal"),
        ("gate-2 v2", "A proof counts from Lean 4.34.1 on, accepted by 2 independent kernels"),
        ("gate-3 v1", "These attackers must have run, else the record is not evaluable: counterexample, citations"),
        ("gate-3 v1", "refuted by sources"),
    ):
        assert part in words[policy], policy


def test_every_requirement_of_a_policy_is_a_rule():
    for policy, text in shipped_policies():
        assert load_policy(text) == policy
        assert len(rules_in_words(policy)) >= max(1, len(policy.requirements))


def test_gate_headings_on_a_record_page_lead_to_the_activations():
    record = gated_record()
    links = set(parsed(record_page(record)).xpath('//article[contains(@class, "gate")]//a/@href'))
    assert {activation_page_name(one.activation_id) for one in record.gates} == {
        href for href in links if href.startswith("gates/")
    }

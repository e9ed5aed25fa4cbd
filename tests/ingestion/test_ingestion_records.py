"""Recognising records by their marks, and reading what they state at true places."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import minimal_pdf
import pytest
import record_pages
from hypothesis import given, settings
from hypothesis import strategies as st
from record_pages import Page

from pipelines.ingestion.documents import read_document
from pipelines.ingestion.errors import NotARecord
from pipelines.ingestion.records import cohort_of, parse_record, record_id_of
from pipelines.models import Layout, ParsedRecord

ACTIVATION = "Published before the Gate 2 verification pipeline was activated (2026-06-10). Nothing was attempted."
REPRODUCTION = "Sealed-sandbox formula repro: Computed 8.7 matches expected 8.7 (tolerance=5.0%)."
RED_TEAM = (
    "[Gate 3 RED-TEAM FALSIFIED] avg_attack_score=5.6/10. COUNTEREXAMPLE_HUNTER(0.0):Attacker error: Unterminated"
    " string; CITATION_AUDITOR(7.5):The check compares a constant with itself and says noth;"
    " REPLICATION_ATTACKER(9.2):No input data is read"
)

REPORT = """

Dense and sparse made-up models on a made-up benchmark

Example Press

May 30, 2026

Abstract

This report synthesises findings from 1,014 peer-reviewed papers addressing the following research question: Do
dense made-up models. 3 claims were extracted from source literature; 1 were independently verified.

1 Introduction

This paper examines: Something. Research question: Do dense made-up models (e.g. the first) beat sparse ones?.

3 Results

1,014 papers retrieved. 3 claims extracted; 1 independently verified. Quality review score: 6.5/10.

5 Extracted Claims

Claim\tVerified\tConfidence
Dense made-up models reach 71.5 points on the made-up benchmark.\t✓\t0.33
Sparse made-up models were trained on four made-up corpora that were cleaned, deduplicated, filtered, \
split and shuffled\t×\t0.05
A third statement, with a comma.\tÃ\x97\t0.00

References

- <https://doi.org/10.1234/Made.Up>
- <http://arxiv.org/abs/2401.00001v2>
"""


def parse(text: str, name: str = "record.txt") -> ParsedRecord:
    record = parse_record(read_document(name, text.encode()))
    assert_places_are_true(record)
    return record


def assert_places_are_true(record: ParsedRecord) -> None:
    assert all(record.text[f.place.start : f.place.end] == f.place.words for f in record.stated.figures)
    assert all(record.text[claim.start : claim.end] == claim.text for claim in record.claims)
    assert all(record.text[ref.start : ref.end] == ref.raw for ref in record.references)


# --- the printed report -------------------------------------------------------------------------


def test_a_report_is_read_with_every_figure_at_each_of_its_places() -> None:
    record = parse(REPORT)
    assert record.layout is Layout.REPORT
    assert record.title == "Dense and sparse made-up models on a made-up benchmark"
    assert (record.publisher, record.published_on) == ("Example Press", date(2026, 5, 30))
    assert record.question == "Do dense made-up models (e.g. the first) beat sparse ones?"
    stated = record.stated
    assert (stated.papers, stated.claims_extracted, stated.claims_verified) == (1014, 3, 1)
    assert stated.review_score == 6.5
    assert [figure.name for figure in stated.figures].count("papers") == 2
    assert (stated.level, stated.tier, stated.gate_status, stated.doi) == (None, None, None, None)
    assert cohort_of(record) == "2026-05"


def test_claim_rows_keep_ticks_confidence_and_the_cut() -> None:
    claims = parse(REPORT).claims
    assert [claim.ordinal for claim in claims] == [1, 2, 3]
    assert [claim.stated_verified for claim in claims] == [True, False, False]
    assert [claim.stated_confidence for claim in claims] == [0.33, 0.05, 0.0]
    assert [claim.truncated for claim in claims] == [False, True, False]


def test_claim_rows_in_a_markdown_table_are_read() -> None:
    table = "| Claim | Verified | Confidence |\n|---|---|---|\n| One holds. | ✓ | 0.5 |\n"
    text = "# T\n\n## 5 Extracted Claims\n\n" + table
    claims = parse(text, "r.md").claims
    assert [(claim.text, claim.stated_verified) for claim in claims] == [("One holds.", True)]


def test_a_report_printed_as_pdf_is_the_same_report() -> None:
    lines = REPORT.replace("✓", "yes").replace("×", "no").replace("Ã\x97", "no").replace("\t", " ").split("\n")
    document = read_document("r.pdf", minimal_pdf.pdf(lines))
    record = parse_record(document)
    assert_places_are_true(record)
    assert record.layout is Layout.REPORT
    assert [claim.stated_verified for claim in record.claims] == [True, False, False]
    assert record.stated.papers == 1014
    assert len(record.references) == 2


def test_a_report_that_states_nothing_has_no_figures_rather_than_zeros() -> None:
    record = parse("Claim\tVerified\tConfidence\nOne thing holds.\t✓\t0.5\n")
    assert record.layout is Layout.REPORT
    assert record.stated.model_dump(exclude={"figures"}) == dict.fromkeys(
        record.stated.model_dump(exclude={"figures"}), None
    )
    assert (record.title, record.published_on, cohort_of(record)) == (None, None, "undated")


# --- pages --------------------------------------------------------------------------------------

PAGES = [
    Page("O"),
    Page("O", level=1, header_claims=None, grounded=0, doi=None, tier="Quarantine candidate", score=2.5),
    Page("O", papers=15, extracted=12, verified=0, header_claims=12, grounded=12),
    Page("N", gate_status="Unverified", gate_reason=ACTIVATION),
    Page("N", gate_status="Unverified", gate_reason=ACTIVATION, evaluated="2026-06-10T06:30:49+00:00", doi=None),
    Page("N", gate_status="Verified", gate_reason=REPRODUCTION, evaluated="2026-06-15T08:00:00+00:00"),
    Page("N", gate_status="Falsified", gate_reason=RED_TEAM, evaluated="2026-06-15T12:05:31.127222+00:00"),
    Page("N", gate_status="Falsified", gate_reason=RED_TEAM, tier="Flagship candidate", score=9.0),
]
TABLE_PAGE = Page(
    "T", number=None, submitted=None, score=None, header_claims=None, doi=None, tier="Quarantine candidate",
    gate_status="Unverified", gate_reason=ACTIVATION, evaluated="2026-06-10T06:30:49+00:00",
)  # fmt: skip
LAYOUTS = {"O": Layout.PAGE_OLD, "N": Layout.PAGE_NEW, "T": Layout.PAGE_TABLES}


def assert_page_says(record: ParsedRecord, page: Page) -> None:
    stated = record.stated
    assert record.layout is LAYOUTS[page.layout]
    assert record.title == page.title
    assert record.question == page.question
    assert record.publisher == "Example Press"
    assert (stated.review_score, stated.level, stated.tier) == (page.score, page.level, page.tier)
    assert (stated.source_grounded_claims, stated.doi) == (page.grounded, page.doi)
    assert (stated.papers, stated.claims_extracted) == (page.papers, page.extracted)
    assert stated.claims_verified == (page.header_claims if page.verified is None else page.verified)
    assert (stated.gate_status, stated.gate_reason) == (page.gate_status, page.gate_reason)
    assert stated.gate_evaluated_at == page.evaluated
    assert stated.gate == ("Gate 2" if page.gate_status else None)


@pytest.mark.parametrize("page", [*PAGES, TABLE_PAGE])
def test_a_flattened_page_says_what_was_written_on_it(page: Page) -> None:
    record = parse(record_pages.as_text(page))
    assert_page_says(record, page)
    assert cohort_of(record) == ("2026-06" if page.submitted else "undated")


@pytest.mark.parametrize("rows", ["dl", "table", "spans"])
@pytest.mark.parametrize("page", PAGES[1:7:2])
def test_the_html_of_a_page_says_the_same_however_its_rows_are_marked_up(page: Page, rows: str) -> None:
    record = parse(record_pages.as_html(page, rows=rows), "page.html")
    assert_page_says(record, page)


def test_both_statements_of_a_count_that_disagree_are_kept() -> None:
    record = parse(record_pages.as_text(PAGES[2]))
    verified = [figure for figure in record.stated.figures if figure.name == "claims_verified"]
    assert [(figure.value, figure.place.words) for figure in verified] == [
        (0, "0 were independently verified"),
        (12, "Verified claims: 12"),
    ]


def test_a_page_is_known_by_its_doi_or_else_by_its_number() -> None:
    assert record_id_of(parse(record_pages.as_text(PAGES[0]))) == "doi:10.5281/zenodo.12345678"
    assert record_id_of(parse(record_pages.as_text(PAGES[1]))) == "srch:0a1b2c3d"


def test_the_status_of_corrections_is_not_the_status_of_the_gate() -> None:
    assert parse(record_pages.as_text(Page("O"))).stated.gate_status is None


def test_a_reason_over_several_lines_is_read_whole() -> None:
    page = Page("N", gate_status="Falsified", gate_reason="First line;\nsecond line", evaluated="2026-06-15T08:00:00Z")
    stated = parse(record_pages.as_text(page)).stated
    assert stated.gate_reason == "First line;\nsecond line"
    assert stated.gate_evaluated_at == "2026-06-15T08:00:00Z"


@given(
    page=st.builds(
        Page,
        layout=st.sampled_from(["O", "N"]),
        score=st.none() | st.integers(0, 1000).map(lambda score: score / 100),
        level=st.sampled_from([1, 2]),
        tier=st.none() | st.sampled_from(["Watchlist", "DOI grade", "Flagship candidate", "Public record"]),
        header_claims=st.none() | st.integers(0, 9999),
        grounded=st.none() | st.integers(0, 9999),
        doi=st.none() | st.integers(10**6, 10**8).map(lambda number: f"10.5281/zenodo.{number}"),
        submitted=st.none() | st.dates(date(2020, 1, 1)).map(lambda day: f"{day.day} {day:%B} {day.year}"),
    )
)
@settings(max_examples=100)
def test_any_page_gives_back_what_it_states_and_none_for_what_it_leaves_out(page: Page) -> None:
    if page.layout == "N":
        page = replace(page, gate_status="Unverified", gate_reason=ACTIVATION)
    assert_page_says(parse(record_pages.as_text(page)), page)


# --- prose --------------------------------------------------------------------------------------


def test_prose_takes_title_question_date_and_mark_from_its_front_matter() -> None:
    record = parse(
        "---\ntitle: A synthesis\nquestion: Does it work?\ndate: 2026-05-04\nsynthetic: true\n"
        "doi: 10.1234/ABC\n---\n"
        "# Another heading\n\nIt works [1].\n",
        "a.md",
    )
    assert record.layout is Layout.PROSE
    assert (record.title, record.question) == ("A synthesis", "Does it work?")
    assert (record.published_on, record.synthetic) == (date(2026, 5, 4), True)
    assert record_id_of(record) == "doi:10.1234/abc"


def test_prose_without_front_matter_takes_what_its_own_lines_say() -> None:
    record = parse(
        "<!-- prompt: Which method\nis better? -->\n\n# The better method\n\nPublished: 4 May 2026\n\nSo far none.\n",
        "a.md",
    )
    assert (record.title, record.question) == ("The better method", "Which method\nis better?")
    assert record.published_on == date(2026, 5, 4)
    assert record.synthetic is False


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("TITLE; A plain synthesis\nTLDR; Short.\n", "A plain synthesis"),
        ("Words first.\n\n# Heading later\n", "Heading later"),
        ("A title by itself\n\nThen a paragraph.\n", "A title by itself"),
        ("A sentence that is a paragraph of its own.\n\nAnother.\n", None),
        ("```\n# no heading\n```\n\nWords.", None),
        ("## **Only a lower heading**\n\nWords.", "Only a lower heading"),
    ],
)
def test_a_title_is_taken_where_one_stands_and_nowhere_else(text: str, title: str | None) -> None:
    assert parse(text, "a.md").title == title


def test_a_date_in_the_running_text_is_no_date_of_publication() -> None:
    assert parse("# T\n\nThe trial began on 4 May 2021 and ended on 5 May 2022.\n", "a.md").published_on is None


@pytest.mark.parametrize(
    "front", ["title: [unclosed", "date: 2026-13-45", "- a list", "[" * 5000, "a: &a [*a, *a]", ": :"]
)
def test_broken_front_matter_is_text_like_any_other(front: str) -> None:
    record = parse(f"---\n{front}\n---\n\n# Real title\n\nWords.\n", "a.md")
    assert record.title == "Real title"
    assert record.published_on is None


def test_front_matter_with_nothing_after_it_is_no_record() -> None:
    with pytest.raises(NotARecord, match="no text after the front matter"):
        parse("---\ntitle: T\n---\n\n", "a.md")


def test_the_same_words_with_other_spacing_are_the_same_record() -> None:
    one, two = parse("Some words here.\n\nAnd more.\n"), parse("Some  words here.\nAnd more.")
    assert record_id_of(one) == record_id_of(two)
    assert record_id_of(one).startswith("text:")
    assert len(record_id_of(one)) == len("text:") + 32
    assert record_id_of(parse("Other words.")) != record_id_of(one)


# --- JSON ---------------------------------------------------------------------------------------


def parse_json_record(value: object) -> ParsedRecord:
    return parse(json.dumps(value), "a.json")


def test_an_answer_with_ctxs_cites_them_from_zero() -> None:
    record = parse_json_record(
        {
            "input": "Does it?",
            "output": "It does [0], mostly [1].",
            "ctxs": [
                {
                    "title": "One",
                    "text": "It does.",
                    "url": "https://example.org/1",
                    "year": 2020,
                    "authors": [{"name": "A. B."}],
                },
                {"title": "Two", "text": "Mostly.", "year": None},
            ],
        }
    )
    assert (record.layout, record.question, record.text) == (
        Layout.ANSWER,
        "Does it?",
        "It does [0], mostly [1].",
    )
    assert [(p.mark, p.title, p.year, p.authors) for p in record.passages] == [
        ("0", "One", 2020, ("A. B.",)),
        ("1", "Two", None, ()),
    ]


@pytest.mark.parametrize("key", ["passages", "contexts", "sources"])
def test_an_answer_with_other_spellings_cites_from_one(key: str) -> None:
    record = parse_json_record({"question": "Q?", "answer": "Yes [1][2].", key: ["First words.", {"text": "Second."}]})
    assert record.layout is Layout.ANSWER
    assert [passage.mark for passage in record.passages] == ["1", "2"]


def test_passages_with_ids_of_their_own_are_cited_by_them() -> None:
    record = parse_json_record(
        {
            "question": "Q?",
            "answer": "Yes [a7].",
            "passages": [{"id": "a7", "text": "Yes."}, {"id": 9, "text": "No."}],
        }
    )
    assert [passage.mark for passage in record.passages] == ["a7", "9"]


def test_a_passage_without_text_leaves_the_marks_of_the_others_alone() -> None:
    record = parse_json_record(
        {"input": "Q", "output": "A [1].", "ctxs": [{"title": "T", "text": None}, {"text": "B"}]}
    )
    assert [passage.mark for passage in record.passages] == ["1"]


def test_an_answer_without_passages_is_prose() -> None:
    record = parse_json_record(
        {"case_id": "x", "answer_text": "# Title\n\nIt works [1].\n\nReferences:\n[1] Title: A work"}
    )
    assert (record.layout, record.title) == (Layout.PROSE, "Title")
    assert [reference.title for reference in record.references] == ["A work"]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"records": [{"a": {"report": "x" * 600}, "b": {"report": "y" * 600}}] * 3}, "holds 6 reports"),
        ([{"answer": "x" * 600}, {"answer": "y" * 600}], "holds 2 reports"),
        ([1, 2, 3], "a list of 3 items"),
        ({"weights": [1], "bias": 2}, "its keys: weights, bias"),
        (7, "a single value"),
    ],
)
def test_json_that_is_no_record_is_refused_with_what_it_is(value: object, words: str) -> None:
    with pytest.raises(NotARecord, match=words):
        parse_json_record(value)


def contract(name: str, **fields: object) -> dict[str, object]:
    return {
        "schema": f"https://example.org/schemas/{name}",
        "schema_version": "1.0",
        "contract_version": "1",
        **fields,
    }


def test_a_gate_verdict_contract_is_read_at_its_places() -> None:
    record = parse_json_record(
        contract(
            "gate-verdict-v1", status="FALSIFIED", label="Falsified", definition="d", reason=RED_TEAM,
            evaluated_at=None, gate="Gate 2", enforcement="public",
        )
    )  # fmt: skip
    assert record.layout is Layout.MANIFEST
    assert (record.stated.gate_status, record.stated.gate) == ("FALSIFIED", "Gate 2")
    assert record.stated.gate_reason == RED_TEAM
    assert record.stated.gate_evaluated_at is None


def test_a_manifest_that_holds_contracts_states_what_they_state() -> None:
    record = parse_json_record(
        contract(
            "paper-manifest-v1",
            work={"title": "T", "doi": "10.1234/Abc", "published_at": "2026-05-30T10:00:00Z"},
            publisher={"name": "Example Press"},
            levels=contract("verification-levels-v1", paper_level=2, claim_summary={"source_grounded_claims": 0}),
            tier=contract(
                "quality-tiers-v1", tier="WATCHLIST", inputs={"review_score": 7, "verified_claim_count": "9"}
            ),
        )
    )
    stated = record.stated
    assert (record.title, record.publisher, record.published_on) == ("T", "Example Press", date(2026, 5, 30))
    assert record_id_of(record) == "doi:10.1234/abc"
    assert (stated.level, stated.source_grounded_claims, stated.tier, stated.review_score) == (
        2,
        0,
        "WATCHLIST",
        7.0,
    )
    assert stated.claims_verified is None


# --- anything -----------------------------------------------------------------------------------

MARKS = st.sampled_from(
    ["Index | Benchmarks | Mathematics | Graph | About", "SRCH:00000000", "Verification Level",
     "| Paper level | L2 |", "Claim\tVerified\tConfidence", "a\t✓\t0.5", "References",
     "[1] https://example.org", "- x", "---", "Abstract", "Research Question", "Truth-Engine Gate Verdict",
     "Status", "Reason", "Gate", "Review score: 11/10", "", "```", "#"]
)  # fmt: skip


PRINTED = st.text(st.characters(codec="utf-8", exclude_categories=("Cc",)), max_size=30)


@given(st.lists(MARKS | PRINTED, max_size=25).map("\n".join))
@settings(max_examples=300)
def test_any_text_is_a_record_with_true_places_or_a_named_refusal(text: str) -> None:
    assert parse("words\n" + text).text == "words\n" + text


@pytest.mark.parametrize(
    "unit",
    ["#", "| ", "[", "[@", "1", "\n", "a\n\n", "Research question: ", "[123 | a ", " ✓ 0.1 x", "-", "*", "(",
     "<!--", "Aa Bb, A. B., ", "1 claims were extracted. ", "May 1 ", "https://a.b/", "](", "10.1234/",
     "Verification Level\n"],
)  # fmt: skip
def test_long_repetitions_are_read_in_bounded_time(unit: str) -> None:
    text = "Verification Level\nReferences\n[1] title:\nClaim\tVerified\tConfidence\n" + unit * (200_000 // len(unit))
    assert parse(text).layout in tuple(Layout)

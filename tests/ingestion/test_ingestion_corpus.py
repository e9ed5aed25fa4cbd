"""Real records, answers and reports, found through CLAIMGATE_CORPUS and never copied here."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
import record_pages
from record_pages import Page

from pipelines.ingestion.documents import read_document
from pipelines.ingestion.errors import IngestionError
from pipelines.ingestion.library import read_library
from pipelines.ingestion.passages import given_works
from pipelines.ingestion.records import cohort_of, parse_record, record_id_of
from pipelines.models import Layout, ParsedRecord

CORPUS = Path(os.environ.get("CLAIMGATE_CORPUS", "/nonexistent"))
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="CLAIMGATE_CORPUS does not name a folder of real records")


def parsed(path: Path) -> ParsedRecord:
    record = parse_record(read_document(path.name, path.read_bytes()))
    assert all(record.text[f.place.start : f.place.end] == f.place.words for f in record.stated.figures)
    assert all(record.text[claim.start : claim.end] == claim.text for claim in record.claims)
    assert all(record.text[ref.start : ref.end] == ref.raw for ref in record.references)
    return record


def real_record(number: str) -> ParsedRecord:
    (path,) = CORPUS.glob(f"records/{number}_*.txt")
    return parsed(path)


@pytest.mark.parametrize(
    ("number", "papers", "extracted", "verified", "score", "ticks", "cohort"),
    [
        ("000", 14, 8, 0, 3.7, 0, "2026-05"),
        ("002", 12, 10, 9, 8.5, 9, "2026-06"),
        ("003", 7, 11, 0, 3.5, 0, "2026-05"),
    ],
)
def test_real_reports_state_exactly_these_figures(
    number: str, papers: int, extracted: int, verified: int, score: float, ticks: int, cohort: str
) -> None:
    record = real_record(number)
    stated = record.stated
    assert record.layout is Layout.REPORT
    assert (stated.papers, stated.claims_extracted, stated.claims_verified) == (papers, extracted, verified)
    assert stated.review_score == score
    assert (len(record.claims), sum(claim.stated_verified is True for claim in record.claims)) == (extracted, ticks)
    assert len(record.references) == 3
    assert cohort_of(record) == cohort
    assert record.question
    assert record.question.endswith("?")
    assert (stated.tier, stated.level, stated.doi, stated.gate_status) == (None, None, None, None)


def test_the_real_page_with_tables_states_exactly_this() -> None:
    record = real_record("001")
    stated = record.stated
    assert record.layout is Layout.PAGE_TABLES
    assert (record.published_on, stated.review_score, stated.doi) == (None, None, None)
    assert (stated.source_grounded_claims, stated.level, stated.tier) == (10, 2, "Quarantine candidate")
    assert (stated.gate_status, stated.gate) == ("Unverified", "Gate 2")
    assert stated.gate_evaluated_at == "2026-06-10T06:30:49+00:00"
    assert cohort_of(record) == "undated"


def page_of(row: dict[str, Any]) -> Page:
    reason = row["gate_reason"]
    return Page(
        layout=row["layout"],
        title=row["title"],
        number=row["srch"],
        submitted=row["submitted"],
        score=row["review_score"],
        level=row["verification_level"],
        tier=row["tier"],
        header_claims=row["header_verified_claims"],
        grounded=row["source_grounded_claims"],
        doi=row["doi"],
        papers=row["papers"],
        extracted=row["claims_extracted"],
        verified=row["claims_verified"],
        question=row["research_question"],
        gate_status=row["gate_status"],
        gate_reason=f"Stated: {reason['kind']}; {json.dumps(reason)}" if reason else None,
        evaluated=row["gate_evaluated_at"],
    )


def test_the_published_facts_are_read_back_from_pages_that_state_them() -> None:
    rows = json.loads((CORPUS / "records/published-facts.json").read_text())
    layouts = {"O": Layout.PAGE_OLD, "N": Layout.PAGE_NEW, "T": Layout.PAGE_TABLES}
    for row in rows:
        page = page_of(row)
        record = parse_record(read_document("page.txt", record_pages.as_text(page).encode()))
        stated = record.stated
        assert record.layout is layouts[row["layout"]], row["url"]
        assert (record.title, record.question) == (row["title"], row["research_question"])
        assert (stated.review_score, stated.level, stated.tier) == (page.score, page.level, page.tier)
        assert (stated.papers, stated.claims_extracted) == (page.papers, page.extracted)
        headed = [f.value for f in stated.figures if f.name == "claims_verified" and "Verified claims" in f.place.words]
        assert headed == ([page.header_claims] if page.header_claims is not None and page.layout != "T" else [])
        assert stated.claims_verified == (headed[0] if page.verified is None and headed else page.verified)
        assert (stated.source_grounded_claims, stated.doi) == (page.grounded, page.doi)
        assert (stated.gate_status, stated.gate_reason) == (page.gate_status, page.gate_reason)
        assert stated.gate_evaluated_at == page.evaluated
        expected = f"doi:{page.doi}" if page.doi else str(page.number).lower()
        assert record_id_of(record) == expected or (page.number is None and page.doi is None)
        assert (record.published_on is None) == (page.submitted is None)


def test_every_real_answer_is_read_with_its_passages() -> None:
    paths = sorted(CORPUS.glob("texts/scholarqa_human/*.json"))
    assert len(paths) == 24
    for path in paths:
        record = parsed(path)
        assert record.layout is Layout.ANSWER, path.name
        assert record.question
        assert record.passages
        assert len(given_works(record)) == len(record.passages)


def test_real_reports_are_read_and_what_is_refused_is_refused_for_a_true_reason() -> None:
    refused = {}
    records = {}
    for path in sorted(CORPUS.glob("texts/reports/*")):
        try:
            records[path.name] = parsed(path)
        except IngestionError as error:
            refused[path.name] = error.reason
    assert refused == {"gpt_researcher_reports_n8.json": "the JSON holds 16 reports, not one: give each its own file"}
    assert len(records) == 37
    assert all(record.layout is Layout.PROSE for record in records.values())
    assert all(record.title and record.references for record in records.values())
    assert len({record_id_of(record) for record in records.values()}) == 37


def test_real_answers_without_passages_are_prose() -> None:
    records = [parsed(path) for path in sorted(CORPUS.glob("texts/scholarqa_answers/*.json"))]
    assert len(records) == 24
    assert all(record.layout is Layout.PROSE and not record.passages for record in records)


def test_the_real_scan_is_refused_by_its_name() -> None:
    path = CORPUS / "scans/mm-rlhf.scan.json"
    with pytest.raises(IngestionError, match=r"methodological-rigour scan \(scan.json version 3\)"):
        read_document(path.name, path.read_bytes())


def test_the_real_library_and_real_papers_are_read() -> None:
    library = read_library(CORPUS / "library")
    assert [work.source_id for work in library.works] == ["arxiv:2406.12845", "arxiv:2407.14477"]
    assert library.rejected == ()
    papers = read_library(CORPUS / "texts/pdf")
    assert papers.rejected == ()
    assert len(papers.works) == 8
    assert all(work.text for work in papers.works)

"""Semantic Scholar: what is asked, and what its answers are read as."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.ingestion.indexes.contract import Answered, By, FaultKind, IndexFault, Lookup, works_for
from pipelines.ingestion.indexes.semanticscholar import FIELDS, INDEX
from pipelines.models import FullTextLocation, NoticeKind, Work
from tests.ingestion.indexes.expected_semanticscholar import EXPECTED
from tests.ingestion.indexes.hostile_answers import (
    answer,
    any_json,
    assert_every_wrong_field_is_survived,
    assert_read_or_named,
    changed,
    cut_off,
    paths,
)
from tests.ingestion.indexes.recorded import Expected, assert_read_as, recordings, response_of, rows

needs_recordings = pytest.mark.skipif(recordings() is None, reason="CLAIMGATE_CORPUS is not set")
BASE = "https://api.semanticscholar.org/graph/v1"
SHA = "0123456789abcdef0123456789abcdef01234567"
BATCH = f"{BASE}/paper/batch"

HONEST: dict[str, Any] = {
    "paperId": SHA,
    "corpusId": 42,
    "externalIds": {
        "DOI": "10.5555/Boats",
        "ArXiv": "2401.00001",
        "PubMed": "777",
        "PubMedCentral": "888",
        "CorpusId": 42,
    },
    "title": "On small boats",
    "abstract": "Boats float if p < 0.05 and n > 30.",
    "authors": [{"authorId": "1", "name": "Ada Harbour"}, {"authorId": None, "name": "B. Quay"}],
    "year": 2019,
    "venue": "",
    "journal": {"name": "Journal of Boats", "volume": "1"},
    "publicationTypes": ["JournalArticle", "Review"],
    "openAccessPdf": {"url": "https://example.org/boats.pdf", "status": "GOLD", "license": "CCBY"},
}


def read_one(**changes: Any) -> Work:
    found = INDEX.parse(answer([{**HONEST, **changes}], url=BATCH))
    assert isinstance(found, Answered)
    return found.works[0]


# --- recordings ---------------------------------------------------------------------------------


@needs_recordings
@pytest.mark.parametrize(("file", "expected"), EXPECTED.items())
def test_a_recorded_answer_of_semantic_scholar_is_read_as_what_it_says(file: str, expected: Expected) -> None:
    assert_read_as(INDEX, file, expected)


@needs_recordings
def test_every_recorded_answer_of_semantic_scholar_is_in_the_table() -> None:
    assert set(EXPECTED) == {file for file in rows() if file.startswith("semanticscholar/")}


@needs_recordings
def test_a_recorded_paper_is_found_under_each_of_its_identifiers() -> None:
    found = INDEX.parse(response_of("semanticscholar/56968af4f455.json"))
    assert isinstance(found, Answered)
    asked = ((By.DOI, "10.1021/acs.jctc.2c01235"), (By.PMID, "36972469"), (By.PMCID, "PMC10134429"))
    assert all(works_for(Lookup("semantic-scholar", by, value), found.works) == found.works for by, value in asked)
    assert found.works[0].full_texts[0].media_type is None  # its "PDF" is a DOI's landing page


@needs_recordings
def test_recorded_searches_tell_what_to_ask_for_next() -> None:
    pages = [INDEX.parse(response_of(f"semanticscholar/{one}.json")) for one in ("e0fcd9b6b1d8", "4aa30e7b78c1")]
    assert [page.next_page for page in pages if isinstance(page, Answered)] == ["100", None]


# --- requests -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "value", "name"),
    [
        (By.DOI, "10.1002/a<b>;2-2#", "DOI:10.1002/a<b>;2-2#"),
        (By.ARXIV, "math/0309136", "ARXIV:math/0309136"),
        (By.PMID, "777", "PMID:777"),
        (By.PMCID, "PMC888", "PMCID:888"),
        (By.S2, SHA, SHA),
    ],
)
def test_identifiers_are_asked_for_in_one_body(by: By, value: str, name: str) -> None:
    request = INDEX.request([Lookup("semantic-scholar", by, value), Lookup("semantic-scholar", by, value)], BASE)
    assert (request.method, request.url) == ("POST", BATCH)
    assert request.params == (("fields", ",".join(FIELDS)),)
    assert json.loads(request.body or b"") == {"ids": [name, name]}
    assert dict(request.headers)["content-type"] == "application/json"
    assert INDEX.batch[by] == 100


def test_a_title_is_matched_and_a_question_searched() -> None:
    title = INDEX.request([Lookup("semantic-scholar", By.TITLE, "Boats: large & small")], BASE)
    assert title.url == f"{BASE}/paper/search/match"
    assert dict(title.params)["query"] == "Boats: large & small"
    search = INDEX.request([Lookup("semantic-scholar", By.SEARCH, "boat " * 500, limit=900)], BASE)
    assert search.url == f"{BASE}/paper/search"
    assert (len(dict(search.params)["query"]), dict(search.params)["limit"]) == (500, "100")


# --- works --------------------------------------------------------------------------------------


def test_a_paper_has_all_that_is_said_of_it() -> None:
    work = read_one()
    assert work.source_id == "doi:10.5555/boats"
    assert work.aliases == ("arxiv:2401.00001", "pmid:777", "pmcid:PMC888", f"s2:{SHA}")
    assert (work.title, work.year, work.venue, work.type) == ("On small boats", 2019, "Journal of Boats", "review")
    assert work.authors == ("Ada Harbour", "B. Quay")
    assert (work.text, work.text_kind) == ("Boats float if p < 0.05 and n > 30.", "abstract")
    assert work.licence == "CCBY"
    assert work.full_texts == (
        FullTextLocation(url="https://example.org/boats.pdf", media_type="application/pdf", licence="CCBY"),
    )


def test_null_stands_for_a_paper_that_is_not_known() -> None:
    found = INDEX.parse(answer([None, HONEST, None], url=BATCH))
    assert isinstance(found, Answered)
    assert len(found.works) == 1
    assert works_for(Lookup("semantic-scholar", By.DOI, "10.5555/boats"), found.works) == found.works
    assert works_for(Lookup("semantic-scholar", By.DOI, "10.5555/ships"), found.works) == ()
    assert INDEX.parse(answer([None, None], url=BATCH)) == Answered()


def test_an_arxiv_doi_is_an_arxiv_id() -> None:
    work = read_one(externalIds={"DOI": "10.48550/arXiv.2401.00001"})
    assert work.source_id == "arxiv:2401.00001"
    assert "doi:10.48550/arxiv.2401.00001" in work.aliases


@pytest.mark.parametrize("pdf", [{"url": ""}, {"url": "ftp://x/y.pdf"}, {"url": 5}, {}, None, "x"])
def test_an_empty_address_is_no_full_text(pdf: Any) -> None:
    assert read_one(openAccessPdf=pdf).full_texts == ()


@pytest.mark.parametrize("abstract", [None, "", "  ", 7, []])
def test_a_withheld_abstract_is_none(abstract: Any) -> None:
    assert (read_one(abstract=abstract).text, read_one(abstract=abstract).text_kind) == (None, None)


def test_a_marked_title_is_all_that_it_says_of_a_retraction() -> None:
    work = read_one(title="RETRACTED ARTICLE: On small boats")
    assert work.title == "On small boats"
    assert [(one.kind, one.origin) for one in work.notices] == [(NoticeKind.RETRACTED, "semantic-scholar:title")]


@pytest.mark.parametrize(
    "body",
    [
        {"total": 1, "offset": 0, "data": [HONEST]},
        {"data": [{**HONEST, "matchScore": 1.5}]},
        {"recommendedPapers": [HONEST]},
        {"offset": 0, "data": [{"citingPaper": HONEST}]},
        {"offset": 0, "data": [{"citedPaper": HONEST}]},
        HONEST,
        [HONEST],
    ],
)
def test_papers_are_read_wherever_they_stand(body: Any) -> None:
    found = INDEX.parse(answer(body))
    assert isinstance(found, Answered)
    assert [work.title for work in found.works] == ["On small boats"]


# --- absence and faults -------------------------------------------------------------------------


@pytest.mark.parametrize("body", [{"total": 0, "offset": 0}, {"total": 0, "offset": 0, "data": []}])
def test_a_search_without_hits_says_that_there_are_none(body: Any) -> None:
    assert INDEX.parse(answer(body)) == Answered(total=0)


def test_a_match_without_hits_is_an_absence() -> None:
    assert INDEX.parse(answer({"data": []})) == Answered()
    assert INDEX.parse(answer({"error": "Title match not found"}, status=404)) == Answered()


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, {"error": "Unrecognized or unsupported fields: [boats]"}, FaultKind.BAD_REQUEST),
        (403, {"message": "Forbidden"}, FaultKind.FORBIDDEN),
        (404, {"error": "Author with id 0 not found"}, FaultKind.NOT_WORKS),
        (404, {"message": "Not Found"}, FaultKind.BAD_REQUEST),
        (404, "<html>Not Found</html>", FaultKind.MALFORMED),
        (404, "Paper with id 0 not found", FaultKind.MALFORMED),
        (429, {"message": "Too Many Requests", "code": "429"}, FaultKind.TOO_FAST),
        (200, {"message": "Too Many Requests", "code": "429"}, FaultKind.TOO_FAST),
        (200, {"error": "No valid paper ids given"}, FaultKind.BAD_REQUEST),
        (200, {"data": {"paperId": SHA}}, FaultKind.MALFORMED),
        (200, "7", FaultKind.MALFORMED),
        (200, {"name": "papers", "README": "x"}, FaultKind.NOT_WORKS),
        (200, ["2022-05-10"], FaultKind.NOT_WORKS),
        (200, [{"authorId": "1", "name": "Ada"}], FaultKind.NOT_WORKS),
        (504, {"message": "Endpoint request timed out"}, FaultKind.UNAVAILABLE),
    ],
)
def test_a_fault_is_named_for_what_it_is(status: int, body: Any, kind: FaultKind) -> None:
    found = assert_read_or_named(INDEX, answer(body, status=status))
    assert isinstance(found, IndexFault)
    assert found.kind is kind


def test_a_refusal_says_why_in_few_words() -> None:
    found = INDEX.parse(answer({"error": "Unrecognized fields: " + "x" * 9_000}, status=400))
    assert isinstance(found, IndexFault)
    assert "Unrecognized fields" in found.message
    assert len(found.message) < 250


def test_an_answer_cut_off_anywhere_is_malformed() -> None:
    for body in cut_off(json.dumps([None, HONEST]).encode()):
        found = assert_read_or_named(INDEX, answer(body, url=BATCH))
        assert isinstance(found, IndexFault)
        assert found.kind is FaultKind.MALFORMED


@pytest.mark.parametrize("body", [b"", b"[" * 90_000, b'{"data": "\xe9"}', b"<!DOCTYPE html><html></html>"])
def test_what_is_no_answer_of_semantic_scholar_is_malformed(body: bytes) -> None:
    found = assert_read_or_named(INDEX, answer(body))
    assert isinstance(found, IndexFault)
    assert found.kind is FaultKind.MALFORMED


def test_a_field_of_a_wrong_type_is_an_absent_field_or_a_named_fault() -> None:
    counted = assert_every_wrong_field_is_survived(INDEX, {"total": 1, "data": [HONEST]}, url=BASE)
    assert counted["read"] > counted["refused"] > 0


def test_huge_fields_are_bounded() -> None:
    work = read_one(title="b" * 500_000, abstract="w " * 400_000)
    assert len(work.title) == 3_000
    assert work.text is not None
    assert len(work.text) <= 200_000


@given(st.binary(max_size=300), st.sampled_from([200, 204, 301, 400, 403, 404, 410, 429, 500, 503]))
@settings(max_examples=150, deadline=None)
def test_no_bytes_break_the_reading_of_semantic_scholar(body: bytes, status: int) -> None:
    assert_read_or_named(INDEX, answer(body, url=BATCH, status=status))


@given(st.data(), any_json)
@settings(max_examples=200, deadline=None)
def test_no_json_breaks_the_reading_of_semantic_scholar(data: st.DataObject, value: Any) -> None:
    path = data.draw(st.sampled_from(list(paths(HONEST))))
    assert_read_or_named(INDEX, answer(changed(HONEST, path, value)))
    assert_read_or_named(INDEX, answer([value, HONEST]))
    assert_read_or_named(INDEX, answer(value))

"""OpenAlex: what is asked, and what its answers are read as."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.ingestion.indexes.abstracts import inverted_abstract
from pipelines.ingestion.indexes.contract import Answered, By, FaultKind, IndexFault, Lookup, works_for
from pipelines.ingestion.indexes.openalex import INDEX, SELECT
from pipelines.models import FullTextLocation, Notice, NoticeKind, Work, WorkVersion
from tests.ingestion.indexes.expected_openalex import EXPECTED
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
BASE = "https://api.openalex.org"
ONE = f"{BASE}/works/doi:10.5555%2Fboats"

HONEST: dict[str, Any] = {
    "id": "https://openalex.org/W123456",
    "doi": "https://doi.org/10.5555/Boats",
    "title": "On <i>small</i> boats",
    "display_name": "On small boats",
    "publication_year": 2019,
    "type": "article",
    "is_retracted": False,
    "ids": {
        "openalex": "https://openalex.org/W123456",
        "pmid": "https://pubmed.ncbi.nlm.nih.gov/777",
        "pmcid": "https://www.ncbi.nlm.nih.gov/pmc/articles/888",
    },
    "authorships": [
        {"author": {"display_name": "Ada Harbour"}},
        {"author": {"display_name": None}, "raw_author_name": "B. Quay"},
    ],
    "primary_location": {"source": {"display_name": "Journal of Boats"}, "license": None},
    "best_oa_location": {
        "pdf_url": "https://example.org/boats.pdf",
        "license": "cc-by",
        "version": "publishedVersion",
        "landing_page_url": "https://doi.org/10.5555/boats",
    },
    "locations": [
        {"id": "doi:10.5555/boats", "version": "publishedVersion", "landing_page_url": "https://doi.org/10.5555/boats"},
        {"version": "submittedVersion", "landing_page_url": "https://arxiv.org/abs/2401.00001v2"},
        {"id": "doi:10.5555/pre", "version": "submittedVersion", "landing_page_url": "https://doi.org/10.5555/pre"},
        {"version": "submittedVersion", "landing_page_url": "https://doi.org/10.5555/elsewhere."},
        {"pdf_url": "https://example.org/boats.pdf", "version": "publishedVersion"},
    ],
    "abstract_inverted_index": {"Boats": [0, 3], "float;": [1], "small": [2], "sink.": [4]},
}


def read_one(**changes: Any) -> Work:
    found = INDEX.parse(answer({**HONEST, **changes}, url=ONE))
    assert isinstance(found, Answered)
    return found.works[0]


# --- recordings ---------------------------------------------------------------------------------


@needs_recordings
@pytest.mark.parametrize(("file", "expected"), EXPECTED.items())
def test_a_recorded_answer_of_openalex_is_read_as_what_it_says(file: str, expected: Expected) -> None:
    assert_read_as(INDEX, file, expected)


@needs_recordings
def test_every_recorded_answer_of_openalex_is_in_the_table() -> None:
    assert set(EXPECTED) == {file for file in rows() if file.startswith("openalex/")}


@needs_recordings
def test_a_recorded_arxiv_preprint_is_known_by_its_arxiv_id() -> None:
    found = INDEX.parse(response_of("openalex/dfc1c0b6c41e.json"))
    assert isinstance(found, Answered)
    assert found.works[0].versions == (WorkVersion(label="preprint", source_id="arxiv:2312.07559"),)
    assert works_for(Lookup("openalex", By.ARXIV, "2312.07559"), found.works) == found.works


@needs_recordings
def test_addresses_of_recorded_repositories_are_no_identifiers_of_the_work() -> None:
    found = INDEX.parse(response_of("openalex/ccdf3414554a.json"))
    assert isinstance(found, Answered)
    assert not any("journal." in name for work in found.works for name in work.aliases)
    assert [location.version for location in found.works[0].full_texts][:2] == ["accepted", "submitted"]


# --- requests -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "value", "path"),
    [
        (By.DOI, "10.1000/a#b;c<d>?e", "doi:10.1000%2Fa%23b%3Bc%3Cd%3E%3Fe"),
        (By.DOI, "10.1000/../../authors", "doi:10.1000%2F..%2F..%2Fauthors"),
        (By.PMID, "777", "pmid:777"),
        (By.PMCID, "PMC888", "pmcid:PMC888"),
        (By.OPENALEX, "W123456", "W123456"),
    ],
)
def test_an_identifier_is_asked_for_by_itself(by: By, value: str, path: str) -> None:
    request = INDEX.request([Lookup("openalex", by, value)], BASE)
    assert (request.url, request.params) == (f"{BASE}/works/{path}", ())


def test_a_title_is_asked_for_without_what_parts_filters_or_is_an_operator() -> None:
    title = 'Boats, ships: large|small & "odd" (OR not) !a*?'
    request = INDEX.request([Lookup("openalex", By.TITLE, title, limit=7)], BASE)
    assert request.url == f"{BASE}/works"
    assert request.params == (
        ("filter", "title.search:boats ships large small odd or not a"),
        ("per_page", "7"),
        ("select", ",".join(SELECT)),
    )


def test_a_question_is_searched_for_and_bounded() -> None:
    request = INDEX.request([Lookup("openalex", By.SEARCH, "boat " * 500, limit=5_000)], BASE)
    assert len(dict(request.params)["search"]) <= 500
    assert dict(request.params)["per_page"] == "100"


# --- works --------------------------------------------------------------------------------------


def test_a_work_has_all_that_openalex_says_of_it() -> None:
    work = read_one()
    assert work.source_id == "doi:10.5555/boats"
    assert set(work.aliases) == {
        "arxiv:2401.00001",
        "pmid:777",
        "pmcid:PMC888",
        "openalex:W123456",
        "doi:10.5555/pre",
    }
    assert work.title == "On small boats"
    assert work.authors == ("Ada Harbour", "B. Quay")
    assert (work.year, work.venue, work.type, work.licence) == (2019, "Journal of Boats", "article", "cc-by")
    assert (work.text, work.complete) == ("Boats float; small Boats sink.", None)
    assert work.notices == ()


def test_versions_stand_in_their_order_and_places_without_a_name_of_their_own_are_none() -> None:
    assert [(one.label, one.source_id) for one in read_one().versions] == [
        ("preprint", "arxiv:2401.00001"),
        ("preprint", "doi:10.5555/pre"),
        ("published", "doi:10.5555/boats"),
    ]


def test_a_full_text_is_named_once() -> None:
    assert read_one().full_texts == (
        FullTextLocation(
            url="https://example.org/boats.pdf", media_type="application/pdf", version="published", licence="cc-by"
        ),
    )


def test_of_two_arxiv_pages_neither_is_believed() -> None:
    pages = [{"landing_page_url": f"https://arxiv.org/abs/2401.0000{number}"} for number in (1, 2)]
    assert not any(name.startswith("arxiv:") for name in read_one(locations=pages).aliases)


def test_a_retracted_work_is_so_on_the_word_of_openalex() -> None:
    assert read_one(is_retracted=True).notices == (Notice(kind=NoticeKind.RETRACTED, origin="openalex"),)


@pytest.mark.parametrize("said", [None, "true", 1, "yes", [True]])
def test_only_true_is_true(said: Any) -> None:
    assert read_one(is_retracted=said).notices == ()


@pytest.mark.parametrize(
    "changes",
    [{"title": "Retraction: On boats"}, {"title": "Retraction Note to: On boats"}, {"type": "retraction"}],
)
def test_the_announcement_of_a_retraction_is_not_retracted(changes: dict[str, Any]) -> None:
    assert read_one(is_retracted=True, **changes).notices == ()


def test_a_marked_title_is_cleaned_and_counts_where_openalex_says_nothing() -> None:
    work = read_one(title="RETRACTED: On boats")
    assert work.title == "On boats"
    assert [(one.kind, one.origin) for one in work.notices] == [(NoticeKind.RETRACTED, "openalex:title")]
    assert [one.origin for one in read_one(title="RETRACTED: On boats", is_retracted=True).notices] == ["openalex"]


def test_an_untitled_retracted_work_is_kept_for_its_notice() -> None:
    work = read_one(title=None, display_name=None, is_retracted=True)
    assert (work.title, work.notices[0].kind) == ("", NoticeKind.RETRACTED)


def test_a_record_of_2023_is_read_by_its_host_venue() -> None:
    work = read_one(
        primary_location=None, best_oa_location=None, locations=None, host_venue={"display_name": "J", "license": "x"}
    )
    assert (work.venue, work.licence) == ("J", "x")


@pytest.mark.parametrize(
    ("index", "text", "complete"),
    [
        ({"b": [1], "a": [0]}, "a b", None),
        ({"a": [0], "c": [2]}, "a c", False),
        ({"Abstract": [0], "Boats": [1]}, "Boats", None),
        ({"Abstract": [0], "data": [1]}, "Abstract data", None),
        ({"<p>Boats": [0], "sink</p>": [1]}, "Boats sink", None),
        ({"p<0.05": [0], "and": [1], "n>3": [2]}, "p<0.05 and n>3", None),
        ({"a": [0, -1, True, "1", None, 10**9]}, "a", None),
        ({"a": 0}, None, None),
        ({}, None, None),
        ([], None, None),
        (None, None, None),
    ],
)
def test_an_abstract_is_put_together_by_position(index: Any, text: str | None, complete: bool | None) -> None:
    assert inverted_abstract(index) == (text, complete)


@given(st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), min_size=1, max_size=60))
def test_any_words_come_back_in_their_order(words: list[str]) -> None:
    index: dict[str, list[int]] = {}
    for position, word in enumerate(words):
        index.setdefault(word, []).append(position)
    assert inverted_abstract(index) == (" ".join(words), None)


def test_a_list_tells_how_many_there_are_and_what_comes_next() -> None:
    found = INDEX.parse(answer({"meta": {"count": 9, "next_cursor": "abc"}, "results": [HONEST]}))
    assert isinstance(found, Answered)
    assert (len(found.works), found.total, found.next_page) == (1, 9, "abc")
    assert INDEX.parse(answer({"meta": {"count": 0}, "results": []})) == Answered(total=0)


@pytest.mark.parametrize("kind", ["A1", "S1", "I1", "T1", "C1", "https://openalex.org/P1", "W", None])
def test_what_is_no_work_is_no_answer(kind: str) -> None:
    found = INDEX.parse(answer({"id": kind, "display_name": "Boats"}, url=f"{BASE}/authors/A1"))
    assert isinstance(found, IndexFault)
    assert found.kind is FaultKind.NOT_WORKS


# --- faults -------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", ["<!doctype html><html><title>404 Not Found</title></html>", '{"error": "x"}', ""])
def test_a_work_that_is_not_found_is_absent_whatever_the_body(body: str) -> None:
    assert INDEX.parse(answer(body, url=ONE, status=404)) == Answered()


def test_a_404_page_with_another_status_is_no_absence() -> None:
    found = INDEX.parse(answer("<!doctype html><html><title>404 Not Found</title></html>", url=ONE))
    assert isinstance(found, IndexFault)
    assert found.kind is FaultKind.MALFORMED


def test_a_list_that_is_not_found_is_a_bad_request() -> None:
    found = INDEX.parse(answer("no", url=f"{BASE}/works?search=x", status=404))
    assert isinstance(found, IndexFault)
    assert found.kind is FaultKind.BAD_REQUEST


def test_too_fast_waits_as_long_as_it_is_told() -> None:
    found = INDEX.parse(
        answer({"error": "slow down"}, status=429, retry_after="2", x_ratelimit_remaining="900", x_ratelimit_reset="30")
    )
    assert found == IndexFault(FaultKind.TOO_FAST, "it answered 429: asked too fast", 2.0)


@pytest.mark.parametrize(
    "headers",
    [
        {"x_ratelimit_remaining": "0", "x_ratelimit_reset": "41000"},
        {"x_ratelimit_remaining": "3", "x_ratelimit_credits_required": "10", "x_ratelimit_reset": "41000"},
        {"x_ratelimit_remaining": "0", "x_ratelimit_reset": "41000", "retry_after": "1"},
    ],
)
@pytest.mark.parametrize("status", [403, 429])
def test_a_spent_budget_waits_for_the_day_to_turn(headers: dict[str, str], status: int) -> None:
    found = INDEX.parse(answer("<html>no more</html>", status=status, **headers))
    assert isinstance(found, IndexFault)
    assert (found.kind, found.retry_after) == (FaultKind.BUDGET_SPENT, 41_000.0)


def test_a_body_that_speaks_of_credits_is_a_spent_budget() -> None:
    found = INDEX.parse(answer({"error": "Rate limit", "message": "Insufficient credits for today"}, status=429))
    assert isinstance(found, IndexFault)
    assert found.kind is FaultKind.BUDGET_SPENT
    assert "Insufficient credits" in found.message


@pytest.mark.parametrize(
    "headers",
    [
        {"x_ratelimit_remaining": "0", "x_ratelimit_reset": "1"},
        {"x_ratelimit_remaining": "many", "x_ratelimit_reset": "1e9"},
        {"x_ratelimit_remaining": "-0", "x_ratelimit_reset": "9" * 50},
        {},
    ],
)
def test_a_limit_of_pace_is_no_spent_budget(headers: dict[str, str]) -> None:
    found = INDEX.parse(answer("", status=429, **headers))
    assert isinstance(found, IndexFault)
    assert found.kind is FaultKind.TOO_FAST


def test_a_missing_key_is_forbidden() -> None:
    found = INDEX.parse(answer({"error": "Invalid key", "message": "no such key"}, status=403))
    assert isinstance(found, IndexFault)
    assert found.kind is FaultKind.FORBIDDEN
    assert "Invalid key" in found.message


def test_a_refusal_says_why_in_few_words() -> None:
    found = INDEX.parse(answer({"error": "Invalid query", "message": "a" * 5_000}, status=400))
    assert isinstance(found, IndexFault)
    assert found.kind is FaultKind.BAD_REQUEST
    assert "Invalid query" in found.message
    assert len(found.message) < 250


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"7", b'{"results": {}}', b'{"results": []}', b"[" * 90_000, b"\xff\xfe{\x00}\x00"]
)
def test_what_is_no_answer_of_openalex_is_malformed(body: bytes) -> None:
    found = assert_read_or_named(INDEX, answer(body, url=ONE))
    assert isinstance(found, IndexFault)
    assert found.kind is FaultKind.MALFORMED


def test_an_answer_cut_off_anywhere_is_malformed() -> None:
    for body in cut_off(json.dumps(HONEST).encode()):
        found = assert_read_or_named(INDEX, answer(body, url=ONE))
        assert isinstance(found, IndexFault)
        assert found.kind is FaultKind.MALFORMED


def test_a_field_of_a_wrong_type_is_an_absent_field_or_a_named_fault() -> None:
    counted = assert_every_wrong_field_is_survived(INDEX, HONEST, url=ONE)
    assert counted["read"] > counted["refused"] > 0


def test_huge_abstracts_and_titles_are_bounded() -> None:
    index = {f"w{number}" * 50: [number] for number in range(60_000)}
    work = read_one(title="b" * 500_000, abstract_inverted_index=index)
    assert len(work.title) == 3_000
    assert work.text is not None
    assert len(work.text) <= 200_000


@given(st.binary(max_size=300), st.sampled_from([200, 204, 301, 400, 403, 404, 410, 429, 500, 503]))
@settings(max_examples=150, deadline=None)
def test_no_bytes_break_the_reading_of_openalex(body: bytes, status: int) -> None:
    assert_read_or_named(INDEX, answer(body, url=ONE, status=status))


@given(st.data(), any_json)
@settings(max_examples=200, deadline=None)
def test_no_json_breaks_the_reading_of_openalex(data: st.DataObject, value: Any) -> None:
    path = data.draw(st.sampled_from(list(paths(HONEST))))
    assert_read_or_named(INDEX, answer(changed(HONEST, path, value), url=ONE))
    assert_read_or_named(INDEX, answer({"meta": value, "results": [value, HONEST]}))

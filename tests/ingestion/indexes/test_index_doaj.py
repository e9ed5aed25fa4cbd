"""DOAJ: what is asked, and what its articles are read as."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

import pytest

from pipelines.ingestion.indexes.contract import Answered, By, FaultKind, IndexFault, Lookup, Response
from pipelines.ingestion.indexes.doaj import INDEX
from pipelines.models import FullTextLocation, NoticeKind, Work
from tests.ingestion.indexes.expected_doaj import EXPECTED
from tests.ingestion.indexes.recorded import Expected, assert_read_as, recordings, response_of, rows

needs_recordings = pytest.mark.skipif(recordings() is None, reason="CLAIMGATE_CORPUS names no recorded answers")


def answer(body: Any, status: int = 200) -> Answered | IndexFault:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    url = "https://doaj.org/api/v4/search/articles/x"
    return INDEX.parse(Response(url, status, {}, data, datetime(2026, 1, 1, tzinfo=UTC)))


def only_work(**bibjson: Any) -> Work:
    found = answer({"total": 1, "page": 1, "pageSize": 5, "results": [{"bibjson": {"title": "Made up", **bibjson}}]})
    assert isinstance(found, Answered), found
    (work,) = found.works
    return work


@needs_recordings
@pytest.mark.parametrize(("file", "expected"), EXPECTED.items(), ids=EXPECTED)
def test_each_recorded_answer_is_read_as_what_it_says(file: str, expected: Expected) -> None:
    assert_read_as(INDEX, file, expected)


@needs_recordings
def test_every_recorded_answer_has_its_expectation() -> None:
    assert set(EXPECTED) == {file for file in rows() if file.startswith("doaj/")}


@needs_recordings
def test_a_recorded_article_without_doi_goes_by_its_title_and_names_are_turned() -> None:
    found = INDEX.parse(response_of("doaj/0eeda9bcc66f.json"))
    assert isinstance(found, Answered)
    first, second = found.works
    assert (first.venue, first.licence, found.next_page) == ("Nature Communications", "CC BY", "2")
    assert second.source_id.startswith("title:")
    assert second.authors == ("André Luis Mitidieri", "Letícia Batista Guimarães", "Luciana Helena Cajas Mazzutti")
    assert [place.media_type for place in (*first.full_texts, *second.full_texts)] == ["text/html", "application/pdf"]


@needs_recordings
def test_no_recorded_abstract_keeps_mark_up() -> None:
    found = INDEX.parse(response_of("doaj/be9320130e7e.json"))
    assert isinstance(found, Answered)
    texts = [work.text or "" for work in found.works]
    assert [text for text in texts if "<i>" in text or "&#" in text] == []
    assert sum("−" in text or "’" in text or "×" in text for text in texts) >= 4  # written as character references


def test_a_doi_stands_in_quotes_in_the_path_so_that_its_slash_is_no_operator() -> None:
    asked = INDEX.request([Lookup("doaj", By.DOI, "10.9999/a(b)/c d")], "https://doaj.org")
    assert asked.url == "https://doaj.org/api/v4/search/articles/doi%3A%2210.9999%2Fa%28b%29%2Fc%20d%22"
    assert asked.params == (("page", "1"), ("pageSize", "5"))
    hostile = INDEX.request([Lookup("doaj", By.DOI, '10.9999/x" OR "y\\')], INDEX.base)
    assert unquote(hostile.url.rpartition("/")[2]) == 'doi:"10.9999/x\\" OR \\"y\\\\"'


def test_titles_and_questions_are_asked_for_by_any_of_their_words() -> None:
    title = INDEX.request([Lookup("doaj", By.TITLE, "Sleep & [memory]: A/B", limit=500)], INDEX.base)
    assert unquote(title.url.rpartition("/")[2]) == "bibjson.title:(sleep OR memory OR a OR b)"
    assert dict(title.params)["pageSize"] == "100"
    question = INDEX.request([Lookup("doaj", By.SEARCH, "Does sleep help?", limit=20)], INDEX.base)
    assert question.url == "https://doaj.org/api/v4/search/articles/does%20OR%20sleep%20OR%20help"


@pytest.mark.parametrize("kind", ["doi", "DOI"])
def test_an_article_becomes_a_work(kind: str) -> None:
    work = only_work(
        identifier=[{"type": "eissn", "id": "1234-5678"}, {"type": kind, "id": "10.9999/ABC"}],
        author=[{"name": "Ada Example"}, {"name": "Example, Bo"}, {}],
        year="2024",
        journal={"title": "Journal of Examples", "license": [{"type": "CC BY-NC"}]},
        abstract="<p>What was <i>found</i>.</p>",
        link=[
            {"type": "homepage", "url": "https://example.org/"},
            {"type": "fulltext", "url": "javascript:alert(1)"},
            {"type": "fulltext", "content_type": "PDF", "url": "https://example.org/a.pdf"},
        ],
    )
    assert (work.source_id, work.title, work.year) == ("doi:10.9999/abc", "Made up", 2024)
    assert work.authors == ("Ada Example", "Bo Example")
    assert (work.venue, work.type, work.text) == ("Journal of Examples", "journal-article", "What was found.")
    assert work.full_texts == (
        FullTextLocation(
            url="https://example.org/a.pdf", media_type="application/pdf", version="published", licence="CC BY-NC"
        ),
    )


@pytest.mark.parametrize("year", ["n.d.", "20", None, 20240, True, ["2024"]])
def test_a_year_that_is_none_is_absent(year: Any) -> None:
    assert only_work(year=year).year is None


def test_nothing_found_is_an_answer_and_so_is_an_article_that_is_not_there() -> None:
    assert answer({"total": 0, "page": 1, "pageSize": 5, "results": []}) == Answered((), 0)
    assert answer({"status": "not_found", "error": "no such record"}, 404) == Answered()


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ({"status": "bad_request"}, 400, FaultKind.BAD_REQUEST),
        (b"<!doctype html><html><title>404</title></html>", 404, FaultKind.MALFORMED),
        ({"detail": "gone"}, 404, FaultKind.NOT_WORKS),
        (b"<html>forbidden</html>", 403, FaultKind.FORBIDDEN),
        ({"results": {"a": 1}}, 200, FaultKind.MALFORMED),
        ([1, 2], 200, FaultKind.MALFORMED),
        ({"hitCount": 0, "resultList": {"result": []}}, 200, FaultKind.NOT_WORKS),
        ({"results": [{"bibjson": {"title": "J", "pissn": "1234-5678"}}]}, 200, FaultKind.NOT_WORKS),
        ({"results": [{"id": "x"}]}, 200, FaultKind.NOT_WORKS),
    ],
)
def test_an_answer_without_articles_is_a_named_fault(body: Any, status: int, kind: FaultKind) -> None:
    found = answer(body, status)
    assert isinstance(found, IndexFault)
    assert found.kind is kind


def test_a_title_that_begins_with_the_mark_of_a_retraction_is_read_without_it_and_says_so() -> None:
    work = only_work(title="RETRACTED: A made-up effect")
    assert (work.title, [notice.kind for notice in work.notices]) == ("A made-up effect", [NoticeKind.RETRACTED])


def test_signs_of_comparison_in_an_abstract_are_no_mark_up() -> None:
    text = "We found p < 0.05 and n > 3; x<5, y>2."
    assert only_work(abstract=text).text == text

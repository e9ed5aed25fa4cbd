"""Unpaywall: what is asked, and where it says that a work may be read."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from pipelines.ingestion.indexes.contract import Answered, By, FaultKind, IndexFault, Lookup, Response
from pipelines.ingestion.indexes.unpaywall import INDEX
from pipelines.models import FullTextLocation, NoticeKind, Work, WorkVersion
from tests.ingestion.indexes.expected_unpaywall import EXPECTED
from tests.ingestion.indexes.recorded import Expected, assert_read_as, recordings, response_of, rows

needs_recordings = pytest.mark.skipif(recordings() is None, reason="CLAIMGATE_CORPUS names no recorded answers")


def answer(body: Any, status: int = 200) -> Answered | IndexFault:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    url = "https://api.unpaywall.org/v2/10.9999/x"
    return INDEX.parse(Response(url, status, {}, data, datetime(2026, 1, 1, tzinfo=UTC)))


def only_work(**fields: Any) -> Work:
    found = answer({"doi": "10.9999/X", "title": "A made-up title", **fields})
    assert isinstance(found, Answered), found
    (work,) = found.works
    return work


@needs_recordings
@pytest.mark.parametrize(("file", "expected"), EXPECTED.items(), ids=EXPECTED)
def test_each_recorded_answer_is_read_as_what_it_says(file: str, expected: Expected) -> None:
    assert_read_as(INDEX, file, expected)


@needs_recordings
def test_every_recorded_answer_has_its_expectation() -> None:
    assert set(EXPECTED) == {file for file in rows() if file.startswith("unpaywall/")}


@needs_recordings
def test_the_recorded_places_of_a_paper_are_kept_the_best_first() -> None:
    found = INDEX.parse(response_of("unpaywall/e05371d091a3.json"))
    assert isinstance(found, Answered)
    (work,) = found.works
    assert [(place.url, place.media_type, place.version, place.licence) for place in work.full_texts] == [
        ("https://www.nature.com/articles/nature12373.pdf", "application/pdf", "published", None),
        ("https://arxiv.org/pdf/1304.1068", "application/pdf", "submitted", None),
        ("http://nrs.harvard.edu/urn-3:HUL.InstRepos:12285462", "text/html", "submitted", "cc-by"),
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/4221854", "text/html", "submitted", None),
    ]
    assert work.versions == (
        WorkVersion(label="preprint", source_id="arxiv:1304.1068"),
        WorkVersion(label="published", source_id="doi:10.1038/nature12373", date="2013-07-30"),
    )
    assert work.aliases == ()


@needs_recordings
def test_a_recorded_paper_that_is_closed_has_no_place() -> None:
    found = INDEX.parse(response_of("unpaywall/0364dbc32d9c.json"))
    assert isinstance(found, Answered)
    assert (found.works[0].full_texts, found.works[0].licence) == ((), None)


def test_a_doi_is_asked_for_without_any_address_of_a_person() -> None:
    asked = INDEX.request([Lookup("unpaywall", By.DOI, "10.1023/a:1007154515475?x#y")], "https://api.unpaywall.org/v2")
    assert asked.url == "https://api.unpaywall.org/v2/10.1023%2Fa%3A1007154515475%3Fx%23y"
    assert asked.params == ()
    assert (INDEX.credentials.contact_param, INDEX.credentials.contact_needed) == ("email", True)


def test_a_doi_with_signs_of_mark_up_stays_whole() -> None:
    assert only_work(doi="10.1002/(SICI)1<2::AID-X>3.0.CO;2-2").source_id == "doi:10.1002/(sici)1<2::aid-x>3.0.co;2-2"


def test_a_record_becomes_a_work() -> None:
    work = only_work(
        year=2020,
        genre="posted-content",
        journal_name=None,
        publisher="Example House",
        z_authors=[{"given": "Ada", "family": "Example"}, {"raw_author_name": "Bo Example"}, {"given": "Cher"}, None],
        best_oa_location={"license": "cc-by"},
    )
    assert (work.source_id, work.year, work.type, work.venue) == (
        "doi:10.9999/x",
        2020,
        "posted-content",
        "Example House",
    )
    assert work.authors == ("Ada Example", "Bo Example", "Cher")
    assert (work.text, work.text_kind, work.licence) == (None, None, "cc-by")


def test_a_place_is_named_once_and_only_if_it_is_a_web_address() -> None:
    same = {"url_for_pdf": "https://example.org/a.pdf", "version": "acceptedVersion", "is_best": True}
    work = only_work(
        oa_locations=[
            {"url_for_landing_page": "https://example.org/page", "version": "someVersion"},
            same,
            same,
            {"url_for_pdf": "file:///etc/passwd"},
            {"url_for_pdf": "https://example.org/a b.pdf", "url": "ftp://example.org/x"},
            {"url": "https://example.org/" + "x" * 5_000},
            {},
        ]
    )
    assert work.full_texts == (
        FullTextLocation(url="https://example.org/a.pdf", media_type="application/pdf", version="accepted"),
        FullTextLocation(url="https://example.org/page", media_type="text/html"),
    )


def test_a_doi_that_is_not_there_is_an_answer_and_another_404_is_not() -> None:
    assert (
        answer({"HTTP_status_code": 404, "error": True, "message": "'10.9999/x' isn't in Unpaywall"}, 404) == Answered()
    )
    for body, kind in ((b"<html><body>nginx</body></html>", FaultKind.MALFORMED), ({}, FaultKind.NOT_WORKS)):
        found = answer(body, 404)
        assert isinstance(found, IndexFault)
        assert found.kind is kind


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ({"error": True, "message": "Please use your own email address"}, 422, FaultKind.FORBIDDEN),
        (b"slow down", 429, FaultKind.TOO_FAST),
        (b"<html>", 502, FaultKind.UNAVAILABLE),
        ({"results": "none"}, 200, FaultKind.MALFORMED),
        ({"results": [{"response": None}]}, 200, FaultKind.NOT_WORKS),
        ({"doi": "", "doi_url": ""}, 200, FaultKind.NOT_WORKS),
        ({"doi": "10.9999/x", "title": None}, 200, FaultKind.NOT_WORKS),
        ({"doi": "not a doi", "title": "T"}, 200, FaultKind.NOT_WORKS),
        ([], 200, FaultKind.MALFORMED),
    ],
)
def test_an_answer_without_a_work_is_a_named_fault(body: Any, status: int, kind: FaultKind) -> None:
    found = answer(body, status)
    assert isinstance(found, IndexFault)
    assert found.kind is kind


def test_a_title_that_begins_with_the_mark_of_a_retraction_is_read_without_it_and_says_so() -> None:
    work = only_work(title="RETRACTED: A made-up effect")
    assert (work.title, [notice.kind for notice in work.notices]) == ("A made-up effect", [NoticeKind.RETRACTED])

"""The DOI system: is a DOI registered, with whom, and how does its registry describe it?"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from pipelines.ingestion.indexes.contract import Answered, By, FaultKind, IndexFault, Lookup, Response
from pipelines.ingestion.indexes.doi_resolver import INDEX, agencies
from tests.ingestion.indexes.expected_doi_negotiation import EXPECTED
from tests.ingestion.indexes.recorded import Expected, assert_read_as, recordings, response_of, rows

needs_recordings = pytest.mark.skipif(recordings() is None, reason="CLAIMGATE_CORPUS names no recorded answers")

DOI_URL = "https://doi.org/10.9999%2Fx"
AGENCIES = {
    "doi-negotiation/047e1463af5e.json": {"10.14454": "DataCite"},
    "doi-negotiation/06bf403e8284.json": {"10.5061": "DataCite"},
    "doi-negotiation/3ab97c7046dc.json": {"10.14455": "Crossref"},
    "doi-negotiation/e563627bede6.json": {"10.11367": "JaLC"},
}


def response(body: Any, status: int = 200, url: str = DOI_URL, **headers: str) -> Response:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(url, status, named, data, datetime(2026, 1, 1, tzinfo=UTC))


def fault(body: Any, status: int = 200, url: str = DOI_URL, **headers: str) -> IndexFault:
    found = INDEX.parse(response(body, status, url, **headers))
    assert isinstance(found, IndexFault), found
    return found


@needs_recordings
@pytest.mark.parametrize(("file", "expected"), EXPECTED.items(), ids=EXPECTED)
def test_each_recorded_answer_is_read_as_what_it_says(file: str, expected: Expected) -> None:
    assert_read_as(INDEX, file, expected)


@needs_recordings
def test_every_recorded_answer_has_its_expectation() -> None:
    assert set(EXPECTED) == {file for file in rows() if file.startswith("doi-negotiation/")}


@needs_recordings
@pytest.mark.parametrize(("file", "expected"), AGENCIES.items(), ids=AGENCIES)
def test_a_recorded_agency_is_named(file: str, expected: dict[str, str]) -> None:
    assert agencies(response_of(file)) == expected
    found = INDEX.parse(response_of(file))
    assert isinstance(found, IndexFault)
    assert all(f"{prefix} with {agency}" in found.message for prefix, agency in expected.items())


@needs_recordings
def test_a_recorded_redirect_says_that_the_doi_is_registered_and_where_it_leads() -> None:
    leads = {
        "25141d47b0a9_302": "api.crossref.org",
        "91faf2f41429_302": "api.crossref.org",
        "6152f0c17b4f_303": "dx.plos.org",
    }
    for file, host in leads.items():
        found = INDEX.parse(response_of(f"doi-negotiation/{file}.html"))
        assert found == IndexFault(FaultKind.NOT_WORKS, f"the DOI is registered, but the resolver sends on to {host}")


def test_a_doi_is_asked_for_as_csl_json() -> None:
    asked = INDEX.request([Lookup("doi", By.DOI, "10.1002/(sici)1097<1661::aid>3.0.co;2-2")], "https://doi.org")
    assert asked.url == "https://doi.org/10.1002%2F%28sici%291097%3C1661%3A%3Aaid%3E3.0.co%3B2-2"
    assert asked.headers == (("accept", "application/vnd.citationstyles.csl+json"),)


def test_the_description_of_a_registry_becomes_a_work() -> None:
    item = {
        "DOI": "10.9999/X",
        "type": "article-journal",
        "title": ["A <i>made-up</i> title"],
        "author": [{"given": "Ada", "family": "Example"}, {"literal": "Example Group"}, {"family": "Solo"}],
        "issued": {"date-parts": [[2021, 3]]},
        "container-title": "Journal of Examples",
        "abstract": "<jats:p>What was found.</jats:p>",
        "license": [{"URL": "https://creativecommons.org/licenses/by/4.0/"}],
    }
    found = INDEX.parse(response(item, url="https://api.crossref.org/v1/works/10.9999%2Fx/transform"))
    assert isinstance(found, Answered)
    (work,) = found.works
    assert (work.source_id, work.title, work.year) == ("doi:10.9999/x", "A made-up title", 2021)
    assert work.authors == ("Ada Example", "Example Group", "Solo")
    assert (work.venue, work.type) == ("Journal of Examples", "article-journal")
    assert (work.text, work.text_kind) == ("What was found.", "abstract")
    assert work.licence == "https://creativecommons.org/licenses/by/4.0/"


@pytest.mark.parametrize(
    ("item", "year"),
    [
        ({"issued": {"date-parts": [[None]]}, "published": {"date-parts": [["2020", 1]]}}, 2020),
        ({"issued": {"date-parts": []}}, None),
        ({"issued": {"raw": "2020"}}, None),
        ({"issued": [2020]}, None),
    ],
)
def test_a_year_is_taken_from_the_first_date_that_has_one(item: dict[str, Any], year: int | None) -> None:
    found = INDEX.parse(response({"DOI": "10.9999/x", "title": "T", **item}))
    assert isinstance(found, Answered)
    assert found.works[0].year == year


def test_a_preprint_of_arxiv_bears_its_arxiv_id() -> None:
    found = INDEX.parse(response({"DOI": "10.48550/ARXIV.2101.00001", "title": "T"}))
    assert isinstance(found, Answered)
    assert found.works[0].source_id == "arxiv:2101.00001"
    assert found.works[0].aliases == ("doi:10.48550/arxiv.2101.00001",)


@pytest.mark.parametrize("url", [DOI_URL, "http://127.0.0.1:9/10.9999%2Fx", ""])
def test_a_doi_that_is_registered_nowhere_is_an_answer(url: str) -> None:
    body = b"<!DOCTYPE html><html><title>Error: DOI Not Found</title></html>"
    assert INDEX.parse(response(body, 404, url, content_type="text/html")) == Answered()


@pytest.mark.parametrize(
    ("status", "url"),
    [
        (404, "https://api.crossref.org/v1/works/10.9999%2Fx/transform"),
        (404, "https://data.crosscite.org/10.9999%2Fx"),
        (406, DOI_URL),
        (204, DOI_URL),
    ],
)
def test_a_registry_without_a_description_does_not_make_the_doi_unknown(status: int, url: str) -> None:
    found = fault(b"Resource not found.", status, url)
    assert (found.kind, "is registered" in found.message) == (FaultKind.NOT_WORKS, True)


def test_the_page_of_a_publisher_says_that_the_doi_exists_and_no_more() -> None:
    found = fault(b"<html><title>A paper</title></html>", url="https://journal.example.org/1", content_type="text/html")
    assert found == IndexFault(
        FaultKind.NOT_WORKS, "the DOI is registered, but journal.example.org shows a web page and no description"
    )


@pytest.mark.parametrize("target", ["", "https://doi.org/10.9999/x", "/login", "http://www.doi.org/x", "http://[bad"])
def test_a_redirect_that_leads_nowhere_says_nothing_of_the_doi(target: str) -> None:
    found = fault(b"", 302, location=target)
    assert (found.kind, "registered" in found.message) == (FaultKind.NOT_WORKS, False)


def test_a_prefix_that_nobody_registered_has_no_agency() -> None:
    unknown = [{"DOI": "10.99999", "status": "DOI does not exist"}]
    assert agencies(response(unknown)) == {"10.99999": None}
    assert "10.99999 with nobody" in fault(unknown).message
    for body in ({"a": 1}, [], [{"DOI": "x"}], "x"):
        found = agencies(response(body))
        assert isinstance(found, IndexFault)
        assert found.kind is FaultKind.NOT_WORKS


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        (b"<html></html>", 200, FaultKind.MALFORMED),
        (b"@article{x, title={T}}", 200, FaultKind.MALFORMED),
        ({"title": "no DOI"}, 200, FaultKind.NOT_WORKS),
        ({"DOI": "10.9999/x", "title": []}, 200, FaultKind.NOT_WORKS),
        ([], 200, FaultKind.MALFORMED),
        (b"Not a DOI", 400, FaultKind.BAD_REQUEST),
        (b"busy", 503, FaultKind.UNAVAILABLE),
        (b"slow", 429, FaultKind.TOO_FAST),
    ],
)
def test_an_answer_without_a_description_is_a_named_fault(body: Any, status: int, kind: FaultKind) -> None:
    assert fault(body, status).kind is kind

"""DataCite: what is asked, and what its DOI records are read as."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from pipelines.ingestion.indexes.contract import Answered, By, FaultKind, IndexFault, Lookup, Response, works_for
from pipelines.ingestion.indexes.datacite import INDEX
from pipelines.models import FullTextLocation, Notice, NoticeKind, Work, WorkVersion
from tests.ingestion.indexes.expected_datacite import DECODED, EXPECTED
from tests.ingestion.indexes.recorded import Expected, assert_read_as, recordings, response_of, rows

needs_recordings = pytest.mark.skipif(recordings() is None, reason="CLAIMGATE_CORPUS names no recorded answers")
URL = "https://api.datacite.org/dois/10.9999/x"


def answer(body: Any, status: int = 200, url: str = URL) -> Answered | IndexFault:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return INDEX.parse(Response(url, status, {}, data, datetime(2026, 1, 1, tzinfo=UTC)))


def only_work(**attributes: Any) -> Work:
    filled = {"doi": "10.9999/X", "titles": [{"title": "A made-up data set"}], **attributes}
    found = answer({"data": {"id": "10.9999/x", "type": "dois", "attributes": filled}})
    assert isinstance(found, Answered), found
    (work,) = found.works
    return work


def related(relation: str, other: str) -> dict[str, str]:
    return {"relationType": relation, "relatedIdentifier": other, "relatedIdentifierType": "DOI"}


@needs_recordings
@pytest.mark.parametrize(("file", "expected"), EXPECTED.items(), ids=EXPECTED)
def test_each_recorded_answer_is_read_as_what_it_says(file: str, expected: Expected) -> None:
    assert_read_as(INDEX, file, expected)


@needs_recordings
@pytest.mark.parametrize(("file", "expected"), DECODED.items(), ids=DECODED)
def test_an_answer_written_down_in_base64_is_read_once_that_is_undone(file: str, expected: Expected) -> None:
    undone = replace(INDEX, parse=lambda said: INDEX.parse(replace(said, body=base64.b64decode(said.body))))
    assert_read_as(undone, file, expected)


@needs_recordings
def test_every_recorded_answer_has_its_expectation() -> None:
    recorded = {file for file in rows() if file.startswith("datacite/")}
    assert set(EXPECTED) == recorded
    assert set(DECODED) == {file for file in recorded if file.endswith(".txt")}


@needs_recordings
def test_versions_and_licence_of_a_recorded_data_set_are_kept() -> None:
    found = INDEX.parse(response_of("datacite/8371bf7b7430.json"))
    assert isinstance(found, Answered)
    (work,) = found.works
    assert (work.type, work.version, work.licence, work.venue) == ("dataset", "2", "cc-by-4.0", "Lund University")
    assert work.versions == (
        WorkVersion(label="earlier version", source_id="doi:10.5878/h91g-ra16"),
        WorkVersion(label="all versions", source_id="doi:10.5878/s23t-dd16"),
        WorkVersion(label="2", source_id="doi:10.5878/xyad-9f70", date="2023-10-03"),
    )


def test_a_doi_is_asked_for_with_its_slashes_and_signs_encoded() -> None:
    asked = INDEX.request([Lookup("datacite", By.DOI, "10.9999/a/../b?c#d<e>;f")], "https://api.datacite.org")
    assert asked.url == "https://api.datacite.org/dois/10.9999%2Fa%2F..%2Fb%3Fc%23d%3Ce%3E%3Bf"
    assert (asked.method, asked.params, asked.body) == ("GET", (), None)


def test_a_title_is_asked_for_by_its_words_the_best_match_first() -> None:
    asked = INDEX.request([Lookup("datacite", By.TITLE, 'Data: NOT "from" (x) OR y*', limit=3)], INDEX.base)
    assert asked.url == "https://api.datacite.org/dois"
    assert asked.params == (
        ("query", "titles.title:(data OR not OR from OR x OR or OR y)"),
        ("page[size]", "3"),
        ("page[number]", "1"),
        ("sort", "relevance"),
    )


def test_a_record_becomes_a_work() -> None:
    work = only_work(
        creators=[
            {"name": "Example, Ada", "givenName": "Ada", "familyName": "Example"},
            {"name": "Example, Bo"},
            {"name": "Institute of Examples, Madeup", "nameType": "Organizational"},
            {"name": None},
        ],
        titles=[
            {"title": "Übersetzt", "titleType": "TranslatedTitle"},
            {"title": "A <i>made-up</i> data &amp; set"},
            {"title": "with a subtitle", "titleType": "Subtitle"},
        ],
        publicationYear="2019",
        container={"title": "Journal of Examples"},
        publisher={"name": "Example House"},
        types={"resourceTypeGeneral": "JournalArticle"},
        descriptions=[
            {"description": "how", "descriptionType": "Methods"},
            {"description": "<p>What was <b>found</b>.</p>", "descriptionType": "Abstract"},
        ],
        rightsList=[{"rights": "Open Access", "rightsUri": "info:eu-repo/semantics/openAccess"}],
        contentUrl="https://example.org/data.zip",
    )
    assert work.title == "A made-up data & set: with a subtitle"
    assert work.authors == ("Ada Example", "Bo Example", "Institute of Examples, Madeup")
    assert (work.source_id, work.year, work.venue) == ("doi:10.9999/x", 2019, "Journal of Examples")
    assert (work.type, work.text, work.licence) == ("journal-article", "What was found.", None)
    assert work.full_texts == (FullTextLocation(url="https://example.org/data.zip"),)


def test_a_doi_of_arxiv_gives_the_arxiv_id_and_stays_another_name() -> None:
    work = only_work(
        doi="10.48550/arXiv.2101.00001", relatedIdentifiers=[related("IsVersionOf", "10.9999/published")], version="2"
    )
    assert (work.source_id, work.aliases) == ("arxiv:2101.00001", ("doi:10.48550/arxiv.2101.00001",))
    assert work.versions == (
        WorkVersion(label="2", source_id="doi:10.48550/arxiv.2101.00001"),
        WorkVersion(label="published", source_id="doi:10.9999/published"),
    )
    assert works_for(Lookup("datacite", By.DOI, "10.48550/arxiv.2101.00001"), (work,)) == (work,)


def test_relations_that_are_no_versions_give_none() -> None:
    work = only_work(relatedIdentifiers=[related("IsCitedBy", "10.9999/y"), related("HasVersion", "10.9999/X"), "junk"])
    assert work.versions == ()


def test_a_later_version_stands_behind_and_supersedes() -> None:
    work = only_work(
        relatedIdentifiers=[related("IsPreviousVersionOf", "10.9999/later"), related("Obsoletes", "10.9999/older")],
        dates=[{"date": "2020-01-01/2020-02-01", "dateType": "Issued"}],
    )
    assert [(one.source_id, one.date) for one in work.versions] == [
        ("doi:10.9999/older", None),
        ("doi:10.9999/x", "2020-01-01"),
        ("doi:10.9999/later", None),
    ]
    assert work.notices == (
        Notice(
            kind=NoticeKind.SUPERSEDED,
            id="doi:10.9999/later",
            origin="datacite",
            detail="a later version is doi:10.9999/later",
        ),
    )


def test_a_record_that_its_publisher_took_down_is_withdrawn() -> None:
    (notice,) = only_work(state="registered", isActive=False, reason="removed at the request of the author").notices
    assert (notice.kind, notice.id) == (NoticeKind.WITHDRAWN, "doi:10.9999/x")
    assert notice.detail == "removed at the request of the author"
    (dated,) = only_work(state="findable", isActive=True, dates=[{"date": "2021", "dateType": "Withdrawn"}]).notices
    assert (dated.kind, dated.date) == (NoticeKind.WITHDRAWN, "2021")


@pytest.mark.parametrize(
    ("state", "active"), [("findable", True), ("draft", False), (None, None), ("findable", None), ("registered", None)]
)
def test_any_other_state_is_no_withdrawal(state: str | None, active: bool | None) -> None:
    assert only_work(state=state, isActive=active).notices == ()


def test_a_doi_that_is_not_there_is_an_answer_and_a_page_that_is_not_there_is_none() -> None:
    missing = {"errors": [{"status": "404", "title": "The resource you are looking for doesn't exist."}]}
    assert answer(missing, 404) == Answered()
    for body, kind in ((b"<html></html>", FaultKind.MALFORMED), ({"oops": 1}, FaultKind.NOT_WORKS)):
        found = answer(body, 404)
        assert isinstance(found, IndexFault)
        assert found.kind is kind


def test_an_empty_list_of_dois_is_an_answer() -> None:
    empty = {"data": [], "meta": {"total": 0, "totalPages": 0, "page": 1}}
    assert answer(empty, url="https://api.datacite.org/dois?query=x") == Answered((), 0)
    assert answer(empty, url="http://127.0.0.1:9/some/dois?query=x") == Answered((), 0)
    assert isinstance(answer(empty, url="https://api.datacite.org/clients?query=dois"), IndexFault)


def test_a_page_says_which_comes_next() -> None:
    row = {"type": "dois", "attributes": {"doi": "10.9999/x", "titles": [{"title": "T"}]}}
    found = answer({"data": [row], "meta": {"total": 40, "totalPages": 4, "page": 3}})
    assert isinstance(found, Answered)
    assert (found.total, found.next_page) == (40, "4")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ([], FaultKind.MALFORMED),
        ("dois", FaultKind.MALFORMED),
        ({}, FaultKind.NOT_WORKS),
        ({"data": None}, FaultKind.NOT_WORKS),
        ({"data": [{"type": "dois"}, {"type": "clients"}]}, FaultKind.NOT_WORKS),
        ({"data": {"type": "dois", "attributes": {"titles": [{"title": "No DOI"}]}}}, FaultKind.NOT_WORKS),
        ({"data": {"type": "dois", "attributes": {"doi": "10.9999/x", "titles": []}}}, FaultKind.NOT_WORKS),
        (b'{"data": {"type": "dois"', FaultKind.MALFORMED),
    ],
)
def test_an_answer_without_a_described_doi_is_a_named_fault(body: Any, kind: FaultKind) -> None:
    found = answer(body)
    assert isinstance(found, IndexFault)
    assert found.kind is kind


def test_more_may_be_asked_by_who_says_whom_to_write_to() -> None:
    assert INDEX.credentials.contact_param == "mailto"
    assert INDEX.pace_known is not None
    assert INDEX.pace_known.requests == 2 * INDEX.pace.requests


def test_a_title_that_begins_with_the_mark_of_a_retraction_is_read_without_it_and_says_so() -> None:
    work = only_work(titles=[{"title": "RETRACTED: A made-up effect"}])
    assert (work.title, [notice.kind for notice in work.notices]) == ("A made-up effect", [NoticeKind.RETRACTED])


def test_signs_of_comparison_in_an_abstract_are_no_mark_up() -> None:
    text = "We found p < 0.05 and n > 3; x<5, y>2."
    assert only_work(descriptions=[{"description": text, "descriptionType": "Abstract"}]).text == text

"""arXiv's OAI-PMH service: what is asked, and what its records are read as."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipelines.ingestion.indexes.arxiv import INDEX as ATOM
from pipelines.ingestion.indexes.arxiv_oai import INDEX
from pipelines.ingestion.indexes.contract import Answered, By, FaultKind, IndexFault, Lookup, Response
from pipelines.models import NoticeKind, Work, WorkVersion
from tests.ingestion.indexes.expected_arxiv_oai import EXPECTED
from tests.ingestion.indexes.recorded import Expected, assert_read_as, recordings, response_of, rows

needs_recordings = pytest.mark.skipif(recordings() is None, reason="CLAIMGATE_CORPUS names no recorded answers")

OAI = """<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">
<responseDate>2026-01-01T00:00:00Z</responseDate><request verb="GetRecord">https://oaipmh.arxiv.org/oai</request>
{content}</OAI-PMH>"""
RECORD = """<record><header{status}><identifier>oai:arXiv.org:2101.00001</identifier>
<datestamp>2022-01-01</datestamp></header>{metadata}</record>"""
RAW = """<metadata><arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>2101.00001</id>{versions}
<title>A made-up title</title><authors>{authors}</authors><comments>{comments}</comments>
<license>http://creativecommons.org/licenses/by/4.0/</license><abstract>We show nothing.</abstract>{more}</arXivRaw>
</metadata>"""
VERSION = '<version version="{0}"><date>{1}</date><size>{2}</size><source_type>{3}</source_type></version>'
FIRST = VERSION.format("v1", "Mon, 22 Oct 2018 22:41:50 GMT", "401kb", "D")
SECOND = VERSION.format("v2", "Sun, 13 Jan 2019 11:17:09 GMT", "669kb", "AD")


def raw(**fields: str) -> str:
    filled = {"versions": FIRST + SECOND, "authors": "Ada Example and Bo Example", "comments": "5 pages", "more": ""}
    return RECORD.format(status="", metadata=RAW.format(**{**filled, **fields}))


def answer(content: str, status: int = 200) -> Answered | IndexFault:
    body = OAI.format(content=content).encode()
    return INDEX.parse(Response("https://oaipmh.arxiv.org/oai", status, {}, body, datetime(2026, 1, 1, tzinfo=UTC)))


def works(content: str) -> tuple[Work, ...]:
    found = answer(content)
    assert isinstance(found, Answered), found
    return found.works


def only_work(**fields: str) -> Work:
    (work,) = works(f"<GetRecord>{raw(**fields)}</GetRecord>")
    return work


@needs_recordings
@pytest.mark.parametrize(("file", "expected"), EXPECTED.items(), ids=EXPECTED)
def test_each_recorded_answer_is_read_as_what_it_says(file: str, expected: Expected) -> None:
    assert_read_as(INDEX, file, expected)


@needs_recordings
def test_every_recorded_answer_has_its_expectation() -> None:
    assert set(EXPECTED) == {file for file in rows() if file.startswith("arxiv-oai/")}


@needs_recordings
def test_a_recorded_raw_record_lists_its_versions_with_their_dates() -> None:
    found = INDEX.parse(response_of("arxiv-oai/69f44a360b38.xml"))
    assert isinstance(found, Answered)
    (work,) = found.works
    assert work.authors == ("Raphael Chetrite", "Shamik Gupta", "Izaak Neri", "Édgar Roldán")
    assert (work.version, work.venue) == ("2", "EPL 124,60006 (2018)")
    assert work.licence == "http://arxiv.org/licenses/nonexclusive-distrib/1.0/"
    assert work.versions == (
        WorkVersion(label="v1", source_id="arxiv:1810.09584v1", date="2018-10-22"),
        WorkVersion(label="v2", source_id="arxiv:1810.09584v2", date="2019-01-13"),
        WorkVersion(label="published", source_id="doi:10.1209/0295-5075/124/60006", date="2018"),
    )
    assert [place.url for place in work.full_texts] == ["https://arxiv.org/pdf/1810.09584v2"]


@needs_recordings
def test_a_record_that_was_changed_does_not_say_how_many_versions_it_has() -> None:
    found = INDEX.parse(response_of("arxiv-oai/3598461c980f.xml"))
    assert isinstance(found, Answered)
    assert [(work.version, work.versions[0].date) for work in found.works] == [
        (None, "2014-12-29"),
        (None, "2015-07-28"),
        (None, "2016-07-06"),
    ]


@needs_recordings
def test_names_are_read_in_one_order_in_all_three_forms() -> None:
    dublin_core = INDEX.parse(response_of("arxiv-oai/d754b2786d70.xml"))
    parts = INDEX.parse(response_of("arxiv-oai/11716bd85b4b.xml"))
    assert isinstance(dublin_core, Answered)
    assert isinstance(parts, Answered)
    assert dublin_core.works[0].authors[:4] == ("B. Özel", "J. Enders", "H. Lenske", "P. von Neumann-Cosel")
    assert parts.works[0].authors[:2] == ("Junho Lee", "Nicolas Chanon")


def test_one_record_is_asked_for_in_the_form_that_lists_all_versions() -> None:
    asked = INDEX.request([Lookup("arxiv-oai", By.ARXIV, "math/0309136")], "http://127.0.0.1:9/x")
    assert asked.url == "http://127.0.0.1:9/x/oai"
    assert asked.params == (
        ("verb", "GetRecord"),
        ("identifier", "oai:arXiv.org:math/0309136"),
        ("metadataPrefix", "arXivRaw"),
    )


def test_both_services_of_arxiv_keep_the_same_pace() -> None:
    assert INDEX.pace == ATOM.pace
    assert (INDEX.pace.requests, INDEX.pace.seconds, INDEX.pace.at_once) == (1, 3.0, 1)


@pytest.mark.parametrize(
    ("authors", "expected"),
    [
        ("Ada Example, Bo Example and C. D. Example", ("Ada Example", "Bo Example", "C. D. Example")),
        ("Ada Example (1 and 2), Bo Example (2) ((1) Here, There, (2) Else, and Where)", ("Ada Example", "Bo Example")),
        ("A. Example, Jr., and B. Example, III", ("A. Example Jr.", "B. Example III")),
        (r"R\'emi Mu\~noz &amp; Z\"oe Example", ("Rémi Muñoz", "Zöe Example")),
        ("The Example Collaboration: A. Andersson", ("The Example Collaboration: A. Andersson",)),
        ("", ()),
    ],
)
def test_a_string_of_authors_is_split_into_names(authors: str, expected: tuple[str, ...]) -> None:
    assert only_work(authors=authors).authors == expected


@pytest.mark.parametrize(("size", "source"), [("0kb", "D"), ("3kb", "I"), ("1kb", "AI")])
def test_a_latest_version_without_a_paper_is_a_withdrawal(size: str, source: str) -> None:
    empty = VERSION.format("v3", "Tue, 15 Jan 2019 00:00:00 GMT", size, source)
    work = only_work(versions=FIRST + SECOND + empty)
    (notice,) = work.notices
    assert (notice.kind, notice.id, notice.date) == (NoticeKind.WITHDRAWN, "arxiv:2101.00001v3", "2019-01-15")
    assert notice.detail == "version 3 holds no paper"
    assert work.full_texts == ()


def test_an_earlier_version_without_a_paper_is_no_withdrawal() -> None:
    empty = VERSION.format("v1", "Mon, 22 Oct 2018 22:41:50 GMT", "0kb", "I")
    assert only_work(versions=empty + SECOND).notices == ()


def test_the_words_of_the_author_come_before_the_mark_of_an_empty_version() -> None:
    empty = VERSION.format("v3", "Tue, 15 Jan 2019 00:00:00 GMT", "0kb", "I")
    work = only_work(versions=FIRST + empty, comments="Withdrawn by the author because of an error")
    assert [notice.detail for notice in work.notices] == ["Withdrawn by the author because of an error"]


def test_of_several_dois_the_first_is_the_papers_and_a_semicolon_may_belong_to_one() -> None:
    several = only_work(more="<doi>10.9999/a.1, 10.9999/b.2;10.9999/c.3</doi>")
    assert (several.source_id, several.aliases) == ("doi:10.9999/a.1", ("arxiv:2101.00001",))
    assert only_work(more="<doi>10.9999/a.1;10.9999/b.2</doi>").source_id == "doi:10.9999/a.1"
    one = only_work(
        more="<doi>https://doi.org/10.1002/(SICI)1097-0258(19980815)17:15/16&lt;1661::AID&gt;3.0.CO;2-2.</doi>"
    )
    assert one.source_id == "doi:10.1002/(sici)1097-0258(19980815)17:15/16<1661::aid>3.0.co;2-2"
    assert only_work(more="<doi>soon</doi>").source_id == "arxiv:2101.00001"


@pytest.mark.parametrize(
    "date", ["yesterday", "Mon, 99 Oct 2018 22:41:50 GMT", "", "Mon, 22 Oct 99999999999 1:1:1 GMT"]
)
def test_a_version_with_an_unreadable_date_has_none(date: str) -> None:
    work = only_work(versions=VERSION.format("v1", date, "1kb", "D"))
    assert work.versions == (WorkVersion(label="v1", source_id="arxiv:2101.00001v1", date=None),)
    assert work.year is None


@pytest.mark.parametrize("code", ["idDoesNotExist", "noRecordsMatch"])
def test_an_error_that_says_that_there_is_no_such_record_is_an_answer(code: str) -> None:
    assert answer(f'<error code="{code}">no</error>') == Answered()


@pytest.mark.parametrize("code", ["badArgument", "badVerb", "badResumptionToken", "cannotDisseminateFormat", ""])
def test_any_other_error_is_a_fault_of_the_request(code: str) -> None:
    found = answer(f'<error code="{code}">{"because " * 100}</error>')
    assert isinstance(found, IndexFault)
    assert found.kind is FaultKind.BAD_REQUEST
    assert len(found.message) < 250


def test_a_deleted_record_is_not_the_same_as_none() -> None:
    deleted = RECORD.format(status=' status="deleted"', metadata="")
    found = answer(f"<GetRecord>{deleted}</GetRecord>")
    assert isinstance(found, IndexFault)
    assert (found.kind, "deleted" in found.message) == (FaultKind.NOT_WORKS, True)
    (work,) = works(f"<ListRecords>{deleted}{raw()}</ListRecords>")
    assert work.title == "A made-up title"


def test_a_list_says_how_to_go_on() -> None:
    token = '<resumptionToken cursor="0" completeListSize="2500">6511260|1001</resumptionToken>'
    found = answer(f"<ListRecords>{raw()}{token}</ListRecords>")
    assert isinstance(found, Answered)
    assert (found.total, found.next_page) == (2500, "6511260|1001")
    last = answer(f'<ListRecords>{raw()}<resumptionToken completeListSize="2500"/></ListRecords>')
    assert isinstance(last, Answered)
    assert last.next_page is None


@pytest.mark.parametrize(
    "content",
    ["", "<ListIdentifiers/>", "<GetRecord/>", "<GetRecord><record/></GetRecord>", "<Identify><x/></Identify>"],
)
def test_xml_without_a_record_is_no_answer_about_works(content: str) -> None:
    found = answer(content)
    assert isinstance(found, IndexFault)
    assert found.kind is FaultKind.NOT_WORKS

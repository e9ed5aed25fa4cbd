"""arXiv's query API: what is asked, and what its feed is read as."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from pipelines.ingestion.indexes.arxiv import INDEX
from pipelines.ingestion.indexes.contract import Answered, By, FaultKind, IndexFault, Lookup, Response, works_for
from pipelines.ingestion.indexes.lucene import MAX_WORDS
from pipelines.models import FullTextLocation, NoticeKind, Work, WorkVersion
from tests.ingestion.indexes.expected_arxiv import EXPECTED
from tests.ingestion.indexes.recorded import Expected, assert_read_as, recordings, response_of, rows

needs_recordings = pytest.mark.skipif(recordings() is None, reason="CLAIMGATE_CORPUS names no recorded answers")

FEED = """<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom"
 xmlns="http://www.w3.org/2005/Atom"><id>https://arxiv.org/api/x</id><title>arXiv Query</title>
<opensearch:totalResults>{total}</opensearch:totalResults><opensearch:startIndex>{start}</opensearch:startIndex>
{entries}</feed>"""
ENTRY = """<entry><id>http://arxiv.org/abs/{id}</id><title>{title}</title><updated>{updated}</updated>
<summary>{summary}</summary><published>{published}</published>{more}
<author><name>Ada Example</name></author><author><name>B. Sch\\"on</name></author></entry>"""
FIELDS = {
    "id": "2101.00001v3",
    "title": "A made-up title\n  on two lines",
    "published": "2021-01-02T03:04:05Z",
    "updated": "2022-06-07T08:09:10Z",
    "summary": "We show nothing &lt; something.",
    "more": "",
}


def feed(*entries: str, total: int | None = None, start: int = 0) -> str:
    return FEED.format(total=len(entries) if total is None else total, start=start, entries="".join(entries))


def entry(**fields: str) -> str:
    return ENTRY.format(**{**FIELDS, **fields})


def answer(body: str | bytes, status: int = 200, **headers: str) -> Answered | IndexFault:
    data = body if isinstance(body, bytes) else body.encode()
    url = "https://export.arxiv.org/api/query"
    return INDEX.parse(Response(url, status, headers, data, datetime(2026, 1, 1, tzinfo=UTC)))


def read(body: str) -> Answered:
    found = answer(body)
    assert isinstance(found, Answered), found
    return found


def only_work(**fields: str) -> Work:
    (work,) = read(feed(entry(**fields))).works
    return work


@needs_recordings
@pytest.mark.parametrize(("file", "expected"), EXPECTED.items(), ids=EXPECTED)
def test_each_recorded_feed_is_read_as_what_it_says(file: str, expected: Expected) -> None:
    assert_read_as(INDEX, file, expected)


@needs_recordings
def test_every_recorded_feed_has_its_expectation() -> None:
    assert set(EXPECTED) == {file for file in rows() if file.startswith("arxiv/")}


@needs_recordings
@pytest.mark.parametrize("file", [file for file, expected in EXPECTED.items() if expected.works > 1])
def test_every_entry_of_a_recorded_feed_becomes_a_work_in_its_order(file: str) -> None:
    found = INDEX.parse(response_of(file))
    stated = re.findall(rb"<id>http://arxiv.org/abs/([^<]+?)v\d+</id>", response_of(file).body)
    assert isinstance(found, Answered)
    named = [name for work in found.works for name in (work.source_id, *work.aliases) if name.startswith("arxiv:")]
    assert named == [f"arxiv:{id_.decode()}" for id_ in stated]
    assert not [work.title for work in found.works if work.notices]


@needs_recordings
def test_the_journal_and_the_versions_of_a_recorded_preprint_are_kept() -> None:
    found = INDEX.parse(response_of("arxiv/a6078f851564.xml"))
    assert isinstance(found, Answered)
    work = found.works[2]
    assert work.venue == "Mechanism and Machine Theory 57 (2012) 62-70"
    assert work.version == "2"
    assert work.versions == (
        WorkVersion(label="v1", source_id="arxiv:1112.2954v1", date="2011-12-13"),
        WorkVersion(label="v2", source_id="arxiv:1112.2954v2", date="2012-04-03"),
        WorkVersion(label="published", source_id="doi:10.1016/j.mechmachtheory.2012.07.003", date="2012"),
    )
    assert work.full_texts == (
        FullTextLocation(url="https://arxiv.org/pdf/1112.2954v2", media_type="application/pdf", version="submitted"),
    )
    assert found.next_page == "3"


def test_ids_are_asked_for_together_and_titles_one_by_one() -> None:
    ids = [Lookup("arxiv", By.ARXIV, value) for value in ("2406.12845", "math/0309136")]
    asked = INDEX.request(ids, "https://export.arxiv.org")
    assert (asked.method, asked.url) == ("GET", "https://export.arxiv.org/api/query")
    assert asked.params == (("id_list", "2406.12845,math/0309136"), ("start", "0"), ("max_results", "2"))
    assert INDEX.batch == {By.ARXIV: 50}


def test_a_title_is_asked_for_as_a_phrase_without_operators_or_signs() -> None:
    title = 'Déja\u0300 vu: AND "all" you_need? (ti:x OR $k$)'
    asked = INDEX.request([Lookup("arxiv", By.TITLE, title, limit=7)], "http://127.0.0.1:9/arxiv")
    assert asked.url == "http://127.0.0.1:9/arxiv/api/query"
    assert asked.params == (
        ("search_query", 'ti:"déjà vu and all you need ti x or k"'),
        ("start", "0"),
        ("max_results", "7"),
    )


def test_the_words_of_a_question_are_asked_for_each_for_itself() -> None:
    asked = INDEX.request([Lookup("arxiv", By.SEARCH, "Does sleep NOT help?", limit=20)], INDEX.base)
    assert dict(asked.params)["search_query"] == "all:does OR all:sleep OR all:not OR all:help"
    assert dict(asked.params)["max_results"] == "20"


def test_a_long_title_is_asked_for_by_its_first_words() -> None:
    asked = INDEX.request([Lookup("arxiv", By.TITLE, "word " * 100_000)], INDEX.base)
    assert dict(asked.params)["search_query"] == f'ti:"{" ".join(["word"] * MAX_WORDS)}"'


def test_an_entry_becomes_a_work_with_its_first_and_its_latest_version() -> None:
    work = only_work()
    assert work.source_id == "arxiv:2101.00001"
    assert work.aliases == ()
    assert work.title == "A made-up title on two lines"
    assert work.authors == ("Ada Example", "B. Schön")
    assert (work.year, work.version, work.type, work.venue, work.origin) == (2021, "3", "preprint", "arXiv", "arxiv")
    assert (work.text, work.text_kind) == ("We show nothing < something.", "abstract")
    assert [(one.label, one.date) for one in work.versions] == [("v1", "2021-01-02"), ("v3", "2022-06-07")]


def test_the_doi_of_the_published_paper_is_another_name_of_the_same_work() -> None:
    work = only_work(
        more="<arxiv:doi>10.9999/ABC.1</arxiv:doi><arxiv:journal_ref>J. Ex. 1 (2023) 2</arxiv:journal_ref>"
    )
    assert (work.source_id, work.aliases) == ("doi:10.9999/abc.1", ("arxiv:2101.00001",))
    assert work.versions[-1] == WorkVersion(label="published", source_id="doi:10.9999/abc.1", date="2023")
    for lookup in (Lookup("arxiv", By.ARXIV, "2101.00001"), Lookup("arxiv", By.DOI, "10.9999/abc.1")):
        assert works_for(lookup, (work,)) == (work,)


@pytest.mark.parametrize(
    ("journal", "year"),
    [
        ("J. Ex. 12 (2019) 2011-2020", "2019"),
        ("J.Ex.309:012012,2011", "2011"),
        ("Proc. of Examples 2020", "2020"),
        ("J. Ex. 2015, 3 (2016), erratum (2018)", None),
        ("J. Ex. 2015, 3", None),
        ("to appear", None),
    ],
)
def test_the_year_of_the_journal_is_taken_only_where_it_is_certain(journal: str, year: str | None) -> None:
    more = f"<arxiv:doi>10.9999/x</arxiv:doi><arxiv:journal_ref>{journal}</arxiv:journal_ref>"
    assert only_work(more=more).versions[-1].date == year


@pytest.mark.parametrize(
    ("stated", "name", "version"),
    [
        ("math.GT/0309136v1", "arxiv:math/0309136", "1"),
        ("astro-ph/0601001", "arxiv:astro-ph/0601001", None),
        ("2406.12845", "arxiv:2406.12845", None),
        ("0704.0001v12", "arxiv:0704.0001", "12"),
    ],
)
def test_old_and_new_ids_are_kept_apart_from_their_version(stated: str, name: str, version: str | None) -> None:
    work = only_work(id=stated)
    assert (work.source_id, work.version) == (name, version)


def test_accents_written_in_tex_are_read_and_formulas_stay() -> None:
    work = only_work(title=r"G\"odel's $\alpha$-{C}onjecture", summary=r"About 5% of $x_i$, ~3 times {more}")
    assert work.title == r"Gödel's $\alpha$-Conjecture"
    assert work.text == r"About 5% of $x_i$, ~3 times {more}"


def test_a_withdrawn_preprint_bears_a_notice_with_the_words_that_say_so() -> None:
    said = "10 pages. This paper has been withdrawn by the author due to an error in equation 3. See v1"
    (notice,) = only_work(more=f"<arxiv:comment>{said}</arxiv:comment>").notices
    assert notice.kind is NoticeKind.WITHDRAWN
    assert notice.detail == "This paper has been withdrawn by the author due to an error in equation 3."
    assert (notice.id, notice.date, notice.origin) == ("arxiv:2101.00001v3", "2022-06-07", "arxiv")


def test_an_unknown_id_among_known_ones_is_missing_and_an_empty_feed_is_an_answer() -> None:
    found = read(feed(entry(), total=1))
    assert works_for(Lookup("arxiv", By.ARXIV, "2101.99999"), found.works) == ()
    empty = read(feed())
    assert (empty.works, empty.total, empty.next_page) == ((), 0, None)


def test_an_empty_page_of_a_list_that_has_more_is_not_its_end() -> None:
    found = answer(feed(total=120, start=100))
    assert isinstance(found, IndexFault)
    assert found.kind is FaultKind.UNAVAILABLE
    assert read(feed(total=100, start=100)).works == ()


def test_the_next_page_begins_behind_this_one() -> None:
    assert read(feed(entry(), entry(id="2101.00002v1"), total=40, start=10)).next_page == "12"
    assert read(feed(entry(), total=11, start=10)).next_page is None


@pytest.mark.parametrize("status", [200, 400])
def test_an_error_entry_is_a_fault_whatever_the_status(status: int) -> None:
    error = "<entry><id>http://arxiv.org/api/errors#bad</id><title>Error</title><summary>bad id\n x</summary></entry>"
    found = answer(feed(error), status)
    assert found == IndexFault(FaultKind.BAD_REQUEST, "it did not take the question: bad id x")


@pytest.mark.parametrize("status", [200, 403, 429, 503])
def test_a_plain_word_of_too_many_requests_is_understood_with_any_status(status: int) -> None:
    found = answer(b"Rate exceeded.", status, **{"retry-after": "17"})
    assert isinstance(found, IndexFault)
    assert (found.kind, found.retry_after) == (FaultKind.TOO_FAST, 17.0)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (503, "<html><body>busy</body></html>", FaultKind.UNAVAILABLE),
        (500, feed("<entry><id>http://arxiv.org/api/errors#x</id></entry>"), FaultKind.UNAVAILABLE),
        (429, "", FaultKind.TOO_FAST),
        (403, "no", FaultKind.FORBIDDEN),
        (400, "<!DOCTYPE html><html></html>", FaultKind.BAD_REQUEST),
        (404, "<html></html>", FaultKind.MALFORMED),
        (200, "<!doctype HTML><html></html>", FaultKind.MALFORMED),
        (200, "", FaultKind.MALFORMED),
        (200, "<rss/>", FaultKind.NOT_WORKS),
        (200, feed("<entry><id>http://arxiv.org/abs/2101.00001v1</id></entry>"), FaultKind.NOT_WORKS),
        (200, feed("<entry><title>No id</title></entry>"), FaultKind.NOT_WORKS),
    ],
)
def test_an_answer_that_is_no_feed_of_works_is_a_named_fault(status: int, body: str, kind: FaultKind) -> None:
    found = answer(body, status)
    assert isinstance(found, IndexFault)
    assert found.kind is kind

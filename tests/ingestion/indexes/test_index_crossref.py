"""Crossref: what is asked, and what its answers are read as."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.ingestion.indexes.contract import Answered, By, FaultKind, IndexFault, Lookup, works_for
from pipelines.ingestion.indexes.crossref import INDEX, NOTICES_AT_ONCE, SELECT
from pipelines.models import FullTextLocation, Notice, NoticeKind, Work, WorkVersion
from tests.ingestion.indexes.expected_crossref import EXPECTED
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
BASE = "https://api.crossref.org"
ONE = f"{BASE}/works/10.5555%2Fabc"

HONEST: dict[str, Any] = {
    "status": "ok",
    "message-type": "work",
    "message": {
        "DOI": "10.5555/ABC.1",
        "type": "journal-article",
        "title": ["On <i>small</i> boats &amp; large seas"],
        "subtitle": ["A survey of harbours"],
        "author": [{"given": "Ada", "family": "Harbour"}, {"name": "The Boats Group"}, {"family": "Quay"}],
        "issued": {"date-parts": [[2019, 7]]},
        "container-title": ["Journal of Boats"],
        "abstract": "<jats:title>Abstract</jats:title><jats:sec><jats:title>Aim</jats:title>"
        "<jats:p>Boats float if <jats:italic>p</jats:italic> &lt; 0.05 &amp; n &gt; 30.</jats:p></jats:sec>",
        "license": [
            {"content-version": "tdm", "URL": "https://example.org/tdm"},
            {"content-version": "vor", "URL": "https://creativecommons.org/licenses/by/4.0/"},
        ],
        "link": [
            {
                "URL": "https://example.org/abc.pdf",
                "content-type": "application/pdf",
                "content-version": "vor",
                "intended-application": "text-mining",
            },
            {
                "URL": "https://example.org/abc",
                "content-type": "unspecified",
                "intended-application": "similarity-checking",
            },
        ],
        "relation": {
            "has-preprint": [{"id-type": "doi", "id": "10.5555/PRE", "asserted-by": "object"}],
            "has-version": [{"id-type": "doi", "id": "10.5555/abc.fr"}],
            "references": [{"id-type": "doi", "id": "10.5555/other"}],
        },
        "updated-by": [
            {
                "DOI": "10.5555/note",
                "type": "erratum",
                "source": "publisher",
                "updated": {"date-parts": [[2020, 1, 2]]},
            },
        ],
    },
}


def read_one(**changes: Any) -> Work:
    found = INDEX.parse(answer({**HONEST, "message": {**HONEST["message"], **changes}}, url=ONE))
    assert isinstance(found, Answered)
    return found.works[0]


def listed(*items: Any, total: int | None = None) -> dict[str, Any]:
    message = {"total-results": len(items) if total is None else total, "items": list(items)}
    return {"status": "ok", "message-type": "work-list", "message": message}


# --- recordings ---------------------------------------------------------------------------------


@needs_recordings
@pytest.mark.parametrize(("file", "expected"), EXPECTED.items())
def test_a_recorded_answer_of_crossref_is_read_as_what_it_says(file: str, expected: Expected) -> None:
    assert_read_as(INDEX, file, expected)


@needs_recordings
def test_every_recorded_answer_of_crossref_is_in_the_table() -> None:
    assert set(EXPECTED) == {file for file in rows() if file.startswith("crossref/")}


@needs_recordings
def test_recorded_correction_notices_tell_of_the_articles_that_they_correct() -> None:
    found = INDEX.parse(response_of("crossref/24ed4f5c9be0.json"))
    assert isinstance(found, Answered)
    told = {update.target: update.notice for work in found.works for update in work.updates}
    assert len(told) == 8
    assert {notice.kind for notice in told.values()} == {NoticeKind.CORRECTED}
    assert told["doi:10.1371/journal.pone.0120799"].id == "doi:10.1371/journal.pone.0129989"
    assert told["doi:10.1371/journal.pone.0120799"].date == "2015-06-03"
    assert all(not work.notices for work in found.works)


@needs_recordings
def test_a_recorded_retraction_is_kept_for_a_work_of_which_nothing_else_is_told() -> None:
    found = INDEX.parse(response_of("crossref/e76a1e6ea9ca.json"))
    assert isinstance(found, Answered)
    assert found.works[0].notices == (
        Notice(
            kind=NoticeKind.RETRACTED,
            id="doi:10.1021/acsami.9b11759",
            date="2019-07-26",
            origin="crossref:retraction-watch",
        ),
    )


@needs_recordings
def test_a_recorded_preprint_and_its_article_are_versions_of_one_publication() -> None:
    found = INDEX.parse(response_of("crossref/47eff160252f.json"))
    assert isinstance(found, Answered)
    assert [(one.label, one.source_id) for one in found.works[0].versions] == [
        ("preprint", "doi:10.1101/2024.04.01.587366"),
        ("published", "doi:10.1016/j.xgen.2025.100814"),
    ]
    assert found.works[0].type == "preprint"
    assert found.works[0].venue == "bioRxiv"


@needs_recordings
def test_recorded_pages_tell_what_to_ask_for_the_next_one() -> None:
    first, last = (INDEX.parse(response_of(f"crossref/{one}.json")) for one in ("613173050366", "260d612b48bd"))
    assert isinstance(first, Answered)
    assert isinstance(last, Answered)
    assert first.next_page is not None
    assert first.next_page.startswith("DnF1ZXJ5VGhlbkZldGNo")
    assert last.next_page is None


# --- requests -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("doi", "path"),
    [
        ("10.1000/xyz", "10.1000%2Fxyz"),
        (
            "10.1002/(sici)1097-0258(19980815/30)17:15/16<1661::aid-sim968>3.0.co;2-2",
            "10.1002%2F%28sici%291097-0258%2819980815%2F30%2917%3A15%2F16%3C1661%3A%3Aaid-sim968%3E3.0.co%3B2-2",
        ),
        ("10.1000/a#b?c&d,e", "10.1000%2Fa%23b%3Fc%26d%2Ce"),
        ("10.1000/../members/98", "10.1000%2F..%2Fmembers%2F98"),
        ("10.1000/50%é", "10.1000%2F50%25%C3%A9"),
    ],
)
def test_a_doi_is_asked_for_as_one_segment_of_the_path(doi: str, path: str) -> None:
    request = INDEX.request([Lookup("crossref", By.DOI, doi)], BASE)
    assert (request.url, request.params, request.method) == (f"{BASE}/works/{path}", (), "GET")


def test_a_title_is_asked_for_with_the_fields_that_are_read() -> None:
    request = INDEX.request([Lookup("crossref", By.TITLE, "boats: large & small", limit=3)], BASE)
    assert request.url == f"{BASE}/works"
    assert request.params == (
        ("query.bibliographic", "boats: large & small"),
        ("rows", "3"),
        ("select", ",".join(SELECT)),
    )


def test_notices_are_asked_for_many_works_at_once() -> None:
    lookups = [Lookup("crossref", By.NOTICES, doi) for doi in ("10.5555/a", "10.5555/b;c(1)")]
    request = INDEX.request(lookups, BASE)
    assert dict(request.params)["filter"] == "updates:10.5555/a,updates:10.5555/b;c(1)"
    assert dict(request.params)["rows"] == "100"
    assert INDEX.batch == {By.NOTICES: NOTICES_AT_ONCE} == {By.NOTICES: 20}


def test_what_is_asked_for_is_bounded() -> None:
    request = INDEX.request([Lookup("crossref", By.SEARCH, "boat " * 1_000, limit=10**9)], BASE)
    assert len(dict(request.params)["query.bibliographic"]) == 1_000
    assert dict(request.params)["rows"] == "1000"


def test_the_base_is_what_stands_before_the_path() -> None:
    assert INDEX.request([Lookup("crossref", By.DOI, "10.1/a")], "http://127.0.0.1:9/x").url.startswith(
        "http://127.0.0.1:9/x/works/"
    )


# --- works --------------------------------------------------------------------------------------


def test_a_work_has_its_title_people_venue_year_and_words() -> None:
    work = read_one()
    assert work.source_id == "doi:10.5555/abc.1"
    assert work.title == "On small boats & large seas: A survey of harbours"
    assert work.authors == ("Ada Harbour", "The Boats Group", "Quay")
    assert (work.year, work.venue, work.type) == (2019, "Journal of Boats", "journal-article")
    assert work.text == "Aim\n\nBoats float if p < 0.05 & n > 30."
    assert work.licence == "https://creativecommons.org/licenses/by/4.0/"


def test_only_what_is_offered_for_text_mining_is_a_full_text() -> None:
    assert read_one().full_texts == (
        FullTextLocation(
            url="https://example.org/abc.pdf",
            media_type="application/pdf",
            version="published",
            licence="https://example.org/tdm",
        ),
    )


def test_a_preprint_is_another_name_of_the_work_and_a_translation_is_not() -> None:
    work = read_one()
    assert work.aliases == ("doi:10.5555/pre",)
    assert work.versions == (
        WorkVersion(label="preprint", source_id="doi:10.5555/pre"),
        WorkVersion(label="published", source_id="doi:10.5555/abc.1", date="2019-07"),
        WorkVersion(label="another version", source_id="doi:10.5555/abc.fr"),
    )


def test_an_arxiv_preprint_is_known_by_its_arxiv_id() -> None:
    work = read_one(relation={"has-preprint": [{"id-type": "arxiv", "id": "arXiv:2401.00001v2"}]})
    assert work.aliases == ("arxiv:2401.00001",)


@pytest.mark.parametrize(
    ("title", "subtitle", "whole"),
    [
        ("Boats: A survey", "A survey", "Boats: A survey"),
        ("Do boats float?", "A survey", "Do boats float? A survey"),
        ("Boats", "", "Boats"),
    ],
)
def test_a_subtitle_is_added_once(title: str, subtitle: str, whole: str) -> None:
    assert read_one(title=[title], subtitle=[subtitle]).title == whole


@pytest.mark.parametrize("issued", [{"date-parts": [[None]]}, {"date-parts": []}, None, {"date-parts": [[20190]]}])
def test_a_work_without_a_year_has_none(issued: Any) -> None:
    assert read_one(issued=issued).year is None


def test_a_year_of_publication_stands_where_that_of_issue_was_not_asked_for() -> None:
    assert read_one(issued=None, published={"date-parts": [[2021, 3, 1]]}).year == 2021


def test_a_doi_is_kept_whole_with_all_its_characters() -> None:
    doi = "10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2"
    assert read_one(DOI=doi).source_id == f"doi:{doi.lower()}"


def test_the_isbn_of_a_book_names_it_and_that_of_a_chapter_does_not() -> None:
    isbn = {"ISBN": ["978-0-306-40615-7", "not one"]}
    assert "isbn:9780306406157" in read_one(type="book", **isbn).aliases
    assert "isbn:9780306406157" not in read_one(type="book-chapter", **isbn).aliases


@pytest.mark.parametrize(
    ("marked", "words"),
    [
        ("<jats:p>Cut off in the", "Cut off in the"),
        ("<jats:p>One.</jats:p><jats:p>Two", "One.\n\nTwo"),
        ("<jats:p>a&nbsp;b &alpha; &bogus; c</jats:p>", "a b α &bogus; c"),
        ("Plain words, 3 < 4 & 5 > 2.", "Plain words, 3 < 4 & 5 > 2."),
        ("<jats:p>H<jats:sub>2</jats:sub>O</jats:p>", "H2O"),
        ("&lt;p&gt;Escaped&lt;/p&gt; &amp;lt; 5", "Escaped < 5"),
        ('<!DOCTYPE a [<!ENTITY x "boom">]><jats:p>&x;</jats:p>', '<!DOCTYPE a [<!ENTITY x "boom">]>\n\n&x;'),
        ("<jats:p>x</jats:sec></jats:p> y", "x\n\ny"),
        ("<jats:p>x<!-- y --> z<?w w?></jats:p>", "x z"),
        ("<p>in MathML <mml:math><mml:mi>a</mml:mi></mml:math> only</p>", "in MathML a only"),
    ],
)
def test_an_abstract_is_read_as_far_as_it_can_be(marked: str, words: str) -> None:
    assert read_one(abstract=marked).text == words


@pytest.mark.parametrize("marked", ["<jats:title>Abstract</jats:title>", "", "  ", "<jats:p></jats:p>", 5, None])
def test_an_abstract_without_words_is_none(marked: Any) -> None:
    work = read_one(abstract=marked)
    assert (work.text, work.text_kind) == (None, None)


def test_untitled_parts_of_a_list_are_left_out_and_the_rest_is_kept() -> None:
    item = HONEST["message"]
    found = INDEX.parse(answer(listed({"DOI": "10.5555/figure"}, item, total=812)))
    assert isinstance(found, Answered)
    assert [work.source_id for work in found.works] == ["doi:10.5555/abc.1"]
    assert found.total == 812


# --- faults -------------------------------------------------------------------------------------


@pytest.mark.parametrize("media", ["text/plain", "application/json"])
def test_a_doi_that_crossref_does_not_know_is_absent(media: str) -> None:
    response = answer("Resource not found.", url=ONE, status=404, content_type=media)
    assert INDEX.parse(response) == Answered()


@pytest.mark.parametrize(
    ("url", "body"),
    [
        (ONE, "<html><body>404 Not Found</body></html>"),
        (ONE, ""),
        (ONE, '{"status": "failed", "message-type": "resource-failure", "message": []}'),
        (f"{BASE}/works?query=x&cursor=y", "Resource not found."),
        (f"{BASE}/members/1", "Resource not found."),
    ],
)
def test_any_other_404_says_nothing_about_a_work(url: str, body: str) -> None:
    found = INDEX.parse(answer(body, url=url, status=404))
    assert isinstance(found, IndexFault)
    assert found.kind in (FaultKind.BAD_REQUEST, FaultKind.NOT_WORKS)


def test_a_refusal_says_why_in_few_words() -> None:
    message = [{"type": "x", "value": "y", "message": "No such\n\x1b[31m filter <b>here</b> " + "z" * 900}]
    found = INDEX.parse(answer({"status": "failed", "message-type": "v", "message": message}, status=400))
    assert isinstance(found, IndexFault)
    assert found.kind is FaultKind.BAD_REQUEST
    assert "No such" in found.message
    assert "filter here" in found.message
    assert len(found.message) < 250
    assert found.message.isprintable()


def test_a_wait_that_crossref_asks_for_is_told() -> None:
    found = INDEX.parse(answer("<html>slow down</html>", status=429, retry_after="7"))
    assert found == IndexFault(FaultKind.TOO_FAST, "it answered 429: asked too fast", 7.0)


def test_a_list_of_notices_that_is_cut_off_is_no_answer_for_several_works() -> None:
    notice = {"DOI": "10.5555/n", "title": ["Erratum"], "update-to": [{"DOI": "10.5555/a", "type": "erratum"}]}
    asked = f"{BASE}/works?filter=updates%3A10.5555%2Fa%2Cupdates%3A10.5555%2Fb&rows=100"
    found = INDEX.parse(answer(listed(notice, total=101), url=asked))
    assert isinstance(found, IndexFault)
    assert found.kind is FaultKind.MALFORMED
    whole = INDEX.parse(answer(listed(notice, total=1), url=asked))
    assert isinstance(whole, Answered)
    assert works_for(Lookup("crossref", By.NOTICES, "10.5555/a"), whole.works) == whole.works
    assert works_for(Lookup("crossref", By.NOTICES, "10.5555/b"), whole.works) == ()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"{}",
        b'{"status": "ok"}',
        b'{"status": "ok", "message-type": "work-list", "message": {}}',
        b'{"status": "ok", "message-type": "work-list", "message": {"items": []}}',
        b"<!DOCTYPE html><html><body>maintenance</body></html>",
        '{"status": "ok"}'.encode("utf-16"),
        b'{"a": "\xff\xfe"}',
        b"[" * 100_000,
        b'{"message":' * 5_000 + b"1" + b"}" * 5_000,
    ],
)
def test_what_is_no_answer_of_crossref_is_malformed(body: bytes) -> None:
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


def test_huge_fields_are_bounded() -> None:
    deep = "<jats:p>" * 20_000 + "deep"
    work = read_one(abstract=deep, author=[{"family": "A" * 300_000}] * 3, title=["<" * 300_000 + "boats"])
    assert len(work.title) == 3_000
    assert all(len(name) <= 200_000 for name in work.authors)
    assert work.text is None or len(work.text) < 10


@given(st.binary(max_size=300), st.sampled_from([200, 204, 301, 400, 403, 404, 410, 429, 500, 503]))
@settings(max_examples=150, deadline=None)
def test_no_bytes_break_the_reading_of_crossref(body: bytes, status: int) -> None:
    assert_read_or_named(INDEX, answer(body, url=ONE, status=status))


@given(st.data(), any_json)
@settings(max_examples=200, deadline=None)
def test_no_json_breaks_the_reading_of_crossref(data: st.DataObject, value: Any) -> None:
    path = data.draw(st.sampled_from(list(paths(HONEST))))
    assert_read_or_named(INDEX, answer(changed(HONEST, path, value), url=ONE))
    assert_read_or_named(INDEX, answer(listed(value, HONEST["message"])))

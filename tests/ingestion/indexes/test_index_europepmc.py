"""Europe PMC: what is asked, and what its answers are read as."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.ingestion.indexes.contract import Answered, By, FaultKind, IndexFault, Lookup
from pipelines.ingestion.indexes.europepmc import BASE, INDEX
from pipelines.models import NoticeKind
from tests.ingestion.indexes.europepmc_answers import fault, links, page, read, record, response, work
from tests.ingestion.indexes.expected_europepmc import DECODED, EXPECTED
from tests.ingestion.indexes.recorded import Expected, assert_described, assert_read_as, recordings, response_of, rows

needs_recordings = pytest.mark.skipif(recordings() is None, reason="CLAIMGATE_CORPUS names no recorded answers")


# --- recorded answers ---------------------------------------------------------------------------


@needs_recordings
@pytest.mark.parametrize("file", sorted(EXPECTED))
def test_a_recorded_answer_is_read_as_what_it_holds(file: str) -> None:
    assert_read_as(INDEX, file, EXPECTED[file])


@needs_recordings
def test_every_recorded_answer_has_an_expectation() -> None:
    assert set(EXPECTED) == {file for file in rows() if file.startswith("europepmc/")}


@needs_recordings
@pytest.mark.parametrize("file", sorted(DECODED))
def test_an_answer_that_the_recorder_left_in_base64_is_read_once_it_is_decoded(file: str) -> None:
    found = INDEX.parse(response(base64.b64decode(response_of(file).body)))
    assert isinstance(found, Answered)
    assert (len(found.works), found.total) == (DECODED[file].works, DECODED[file].total)
    assert_described(found.works[0], DECODED[file])


@needs_recordings
def test_recorded_errata_are_about_other_works_and_no_recorded_work_is_retracted() -> None:
    found = INDEX.parse(response_of("europepmc/f77d4455199f.json"))
    assert isinstance(found, Answered)
    updates = {one.source_id: one.updates for one in found.works if one.updates}
    assert {name: update[0].target for name, update in updates.items()} == {
        "doi:10.1016/s0140-6736(24)02716-8": "pmid:39293462",
        "doi:10.1007/s10120-025-01625-7": "pmid:39971854",
    }
    assert {update[0].notice.kind for update in updates.values()} == {NoticeKind.CORRECTED}
    assert [one.source_id for one in found.works if one.notices] == []


@needs_recordings
def test_a_recorded_open_article_names_its_full_texts_with_their_licence() -> None:
    found = INDEX.parse(response_of("europepmc/f77d4455199f.json"))
    assert isinstance(found, Answered)
    (open_article,) = (one for one in found.works if "pmcid:PMC12120539" in one.aliases)
    texts = [(text.url, text.media_type, text.licence) for text in open_article.full_texts[:3]]
    assert texts == [
        (f"{BASE}/PMC12120539/fullTextXML", "application/xml", "cc by-nc-nd"),
        ("https://europepmc.org/articles/PMC12120539", "text/html", "cc by-nc-nd"),
        ("https://europepmc.org/articles/PMC12120539?pdf=render", "application/pdf", "cc by-nc-nd"),
    ]


@needs_recordings
def test_the_recorded_preprints_say_which_version_they_are() -> None:
    found = INDEX.parse(response_of("europepmc/b83f1fd9faa5.json"))
    assert isinstance(found, Answered)
    preprints = [one for one in found.works if one.type == "preprint"]
    assert len(preprints) == 17
    assert sum(one.version == "1" for one in preprints) == 12
    assert {one.type for one in found.works if one not in preprints} == {"correction"}


# --- asking -------------------------------------------------------------------------------------


def asked(by: By, *values: str, limit: int = 5) -> dict[str, str]:
    request = INDEX.request([Lookup("europe-pmc", by, value, limit) for value in values], "http://127.0.0.1:9/rest")
    assert (request.url, request.method) == ("http://127.0.0.1:9/rest/search", "GET")
    return dict(request.params)


def test_identifiers_are_joined_and_there_is_room_for_every_copy_of_a_work() -> None:
    params = asked(By.DOI, "10.1234/a", "10.1234/b(1)")
    assert params["query"] == 'DOI:"10.1234/a" OR DOI:"10.1234/b(1)"'
    assert (params["resultType"], params["format"], params["pageSize"]) == ("core", "json", "29")
    assert asked(By.PMID, "1", "2")["query"] == '(EXT_ID:"1" AND SRC:MED) OR (EXT_ID:"2" AND SRC:MED)'
    assert asked(By.PMCID, "PMC7")["query"] == 'PMCID:"PMC7"'


def test_a_title_is_asked_as_a_phrase_or_its_words_and_cannot_become_an_operator() -> None:
    query = asked(By.TITLE, 'The "effect": of AND) OR DOI:"10.1/x" on rats\\', limit=7)["query"]
    assert query == 'TITLE:"the effect of and or doi 10 1 x on rats" OR TITLE:(effect OR rats)'
    assert asked(By.TITLE, "On it", limit=7)["pageSize"] == "7"
    assert asked(By.TITLE, "On it")["query"] == 'TITLE:"on it" OR TITLE:(on OR it)'


def test_a_question_is_sent_as_plain_words_of_bounded_number() -> None:
    assert asked(By.SEARCH, "Does (NOT) x-ray: reduce* pain?", limit=40) == {
        "query": "does not x ray reduce pain",
        "resultType": "core",
        "format": "json",
        "pageSize": "40",
        "cursorMark": "*",
    }
    assert len(asked(By.SEARCH, "word " * 10_000)["query"].split()) == 30
    assert asked(By.SEARCH, "x", limit=10**9)["pageSize"] == "1000"


def test_a_query_too_long_for_an_address_is_posted() -> None:
    lookups = [Lookup("europe-pmc", By.DOI, f"10.1234/{'a' * 150}{number}") for number in range(25)]
    request = INDEX.request(lookups, BASE)
    assert (request.method, request.url, request.params) == ("POST", f"{BASE}/searchPOST", ())
    assert request.body is not None
    sent = parse_qs(request.body.decode())
    assert sent["query"][0].count("DOI:") == 25
    assert sent["resultType"] == ["core"]


def test_a_quotation_mark_in_an_identifier_cannot_leave_its_quotes() -> None:
    assert asked(By.DOI, '10.1234/a" OR SRC:MED OR "')["query"] == 'DOI:"10.1234/aORSRC:MEDOR"'


# --- works --------------------------------------------------------------------------------------


def test_headed_parts_of_an_abstract_are_labelled_and_signs_of_less_stay() -> None:
    found = work(
        abstractText="<h4>Background:</h4>We saw <i>x</i><sub>2</sub>, P <.05 and R > 1.\n"
        "<h4>Results</h4>It is &lt; 3 &amp; well.<h4>Empty</h4>"
    )
    assert found.text == "Background: We saw x2, P <.05 and R > 1.\nResults: It is < 3 & well.\nEmpty"
    assert (found.text_kind, work().text) == ("abstract", None)


def test_authors_are_family_and_given_name_in_the_long_and_the_short_form() -> None:
    listed = {
        "author": [{"lastName": "Nemo", "firstName": "Nils"}, {"collectiveName": "The Group"}, {"fullName": "Outis OO"}]
    }
    assert work(authorList=listed).authors == ("Nemo, Nils", "The Group", "Outis, OO")
    assert work(authorString="van der Nemo N, Outis O-P, Solo.").authors == ("van der Nemo, N", "Outis, O-P", "Solo")
    assert work().authors == ()


def test_the_mark_before_a_title_is_a_notice_where_the_record_says_nothing_better() -> None:
    marked = work(title="RETRACTED: A made-up effect.")
    assert marked.title == "A made-up effect"
    assert [(notice.kind, notice.origin) for notice in marked.notices] == [(NoticeKind.RETRACTED, "europe-pmc:title")]
    linked = work(title="RETRACTED: A made-up effect.", commentCorrectionList=links(("Retraction in", "MED", "456")))
    assert [notice.id for notice in linked.notices] == ["pmid:456"]
    assert work(title="Retraction: A made-up effect.").notices == ()


def test_a_record_is_named_by_its_source_where_it_has_no_other_number() -> None:
    bare = {"title": "T", "pmid": None, "pubTypeList": None}
    assert work(**bare).source_id == "pmid:123"
    assert work(**bare, source="PMC", id="PMC55").source_id == "pmcid:PMC55"
    assert work(**bare, source="AGR", id="IND5").source_id.startswith("title:")
    assert work(doi="10.1234/ABC").source_id == "doi:10.1234/abc"


def test_full_texts_that_want_a_subscription_are_not_offered() -> None:
    urls = [
        {"availabilityCode": "S", "documentStyle": "html", "url": "https://example.org/paid"},
        {"availabilityCode": "F", "documentStyle": "pdf", "url": "https://example.org/free.pdf"},
        {"availabilityCode": "OA", "documentStyle": "html", "url": "javascript:alert(1)"},
        "nonsense",
    ]
    found = work(fullTextUrlList={"fullTextUrl": urls}, pmcid="PMC9", isOpenAccess="N")
    assert [(text.url, text.media_type) for text in found.full_texts] == [
        ("https://example.org/free.pdf", "application/pdf")
    ]


def test_an_open_full_text_is_looked_for_at_the_address_that_answered() -> None:
    body = page(record(pmcid="PMC9", isOpenAccess="Y", authMan="Y", license="cc by"))
    found = INDEX.parse(response(body, url="http://127.0.0.1:9/rest/searchPOST"))
    assert isinstance(found, Answered)
    (text,) = found.works[0].full_texts
    assert (text.url, text.version, text.licence) == ("http://127.0.0.1:9/rest/PMC9/fullTextXML", "accepted", "cc by")


def test_pages_follow_until_the_cursor_stands_still() -> None:
    def following(**more: Any) -> str | None:
        found = INDEX.parse(response(page(record(), **more)))
        assert isinstance(found, Answered)
        return found.next_page

    assert following(nextCursorMark="abc", request={"cursorMark": "*"}) == "abc"
    assert following(nextCursorMark="abc", request={"cursorMark": "abc"}) is None
    assert following() is None


def test_the_xml_form_is_read_like_the_json_form() -> None:
    (found,) = read(
        "<responseWrapper><version>6.9</version><hitCount>1</hitCount><resultList><result><id>5</id>"
        "<source>MED</source><title>A &lt;i&gt;made-up&lt;/i&gt; effect.</title><pubYear>2019</pubYear>"
        "<commentCorrectionList><commentCorrection><id>6</id><source>MED</source><type>Retraction in</type>"
        "</commentCorrection></commentCorrectionList></result></resultList></responseWrapper>"
    )
    assert (found.title, found.year, found.source_id) == ("A made-up effect", 2019, "pmid:5")
    assert [(notice.kind, notice.id) for notice in found.notices] == [(NoticeKind.RETRACTED, "pmid:6")]


# --- faults and absence -------------------------------------------------------------------------


def test_no_hits_say_that_nothing_is_held() -> None:
    found = INDEX.parse(response('{"hitCount":0,"resultList":{"result":[]}}'))
    assert found == Answered((), 0, None)


@pytest.mark.parametrize(
    ("query", "is_fault"),
    [('DOI:"10.1234/a" OR DOI:"10.1234/b"', True), ('(EXT_ID:"1" AND SRC:MED)', True), ('TITLE:"on it"', False)],
)
def test_a_record_without_a_title_never_makes_an_identifier_seem_unknown(query: str, is_fault: bool) -> None:
    found = INDEX.parse(response(page(record(), {"id": "5", "source": "MED"}, request={"queryString": query})))
    assert isinstance(found, IndexFault) is is_fault


def test_an_answer_that_leaves_out_hits_never_makes_an_identifier_seem_unknown() -> None:
    cut = {"hitCount": 9, "request": {"queryString": 'DOI:"10.1234/a" OR DOI:"10.1234/b"'}}
    assert fault(page(record(), **cut)).kind is FaultKind.MALFORMED
    assert isinstance(INDEX.parse(response(page(record(), **{**cut, "hitCount": 1}))), Answered)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ('{"errCode":400,"errMsg":"Bad query"}', FaultKind.BAD_REQUEST),
        ('{"hitCount":3,"dbCrossReferenceList":{}}', FaultKind.NOT_WORKS),
        ('{"resultList":{"result":[{"id":"1","source":"MED"}]}}', FaultKind.NOT_WORKS),
        ('{"resultList":{"result":["x", 1, null]}}', FaultKind.NOT_WORKS),
        ("[]", FaultKind.NOT_WORKS),
        ("<anything/>", FaultKind.NOT_WORKS),
        ("<responseWrapper/>", FaultKind.NOT_WORKS),
        ("<responseWrapper><hitCount>1</hitCount></responseWrapper>", FaultKind.NOT_WORKS),
        ("<html><h1>Service unavailable</h1></html>", FaultKind.MALFORMED),
        ("<!DOCTYPE HTML PUBLIC><html>", FaultKind.MALFORMED),
        ('{"resultList":{"result":[{"id":"1","title":"cut', FaultKind.MALFORMED),
        ("<responseWrapper><resultList>", FaultKind.MALFORMED),
        ("", FaultKind.MALFORMED),
        ('{"title":"Größe"}'.encode("latin-1"), FaultKind.MALFORMED),
        ('{"a":1,"a":2}', FaultKind.MALFORMED),
        ('{"resultList":' + "[" * 5_000 + "]" * 5_000 + "}", FaultKind.MALFORMED),
        ("<responseWrapper>" + "<a>" * 5_000 + "</a>" * 5_000 + "</responseWrapper>", FaultKind.MALFORMED),
    ],
)
def test_what_is_no_answer_about_works_is_a_named_fault(body: str | bytes, kind: FaultKind) -> None:
    assert fault(body).kind is kind


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, FaultKind.BAD_REQUEST),
        (404, FaultKind.BAD_REQUEST),
        (301, FaultKind.BAD_REQUEST),
        (401, FaultKind.FORBIDDEN),
        (429, FaultKind.TOO_FAST),
        (503, FaultKind.UNAVAILABLE),
    ],
)
def test_a_status_that_is_no_answer_never_says_that_a_work_is_absent(status: int, kind: FaultKind) -> None:
    found = fault('{"hitCount":0,"resultList":{"result":[]}}', status, **{"retry-after": "9"})
    assert found.kind is kind


# --- hostile bodies -----------------------------------------------------------------------------


def test_an_entity_bomb_does_not_unfold_and_no_file_is_read() -> None:
    bomb = '<!DOCTYPE responseWrapper [<!ENTITY a "AAAAAAAAAA">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    )
    page_of = "<responseWrapper><resultList><result><id>1</id><source>MED</source><title>{}</title></result>"
    ends = "</resultList></responseWrapper>"
    assert fault(bomb + "]>" + page_of.format("A &j;") + ends).kind is FaultKind.MALFORMED
    outside = '<!DOCTYPE responseWrapper [<!ENTITY z SYSTEM "file:///etc/hostname">]>'
    (found,) = read(outside + page_of.format("A &z; title") + ends)
    assert found.title == "A &z; title"


def test_very_long_fields_are_cut_and_read_in_bounded_time() -> None:
    found = work(title="<a " * 100_000, abstractText="<h4>" * 100_000, authorString="A-" * 100_000, license="x" * 10**6)
    assert len(found.title) <= 4_000
    assert len(found.text or "") <= 400_000
    assert len(found.licence or "") <= 4_000


KEYS = st.sampled_from(
    [
        "resultList",
        "result",
        "citationList",
        "citation",
        "title",
        "id",
        "source",
        "pmid",
        "doi",
        "authorList",
        "author",
        "lastName",
        "commentCorrectionList",
        "commentCorrection",
        "type",
        "versionList",
        "version",
        "versionNumber",
        "pubTypeList",
        "pubType",
        "fullTextUrlList",
        "fullTextUrl",
        "url",
        "abstractText",
        "journalInfo",
        "journal",
        "hitCount",
        "nextCursorMark",
        "request",
        "errMsg",
        "isOpenAccess",
        "pmcid",
    ]
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=20)
    | st.sampled_from(["MED", "PPR", "PPR7", "Retraction in", "Y", "PMC1", "10.1234/x", "2020", "OA", "https://x/y"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=8),
    max_leaves=40,
)


@given(st.lists(st.dictionaries(KEYS, VALUES, max_size=10), max_size=4))
@settings(max_examples=200)
def test_no_records_of_wrong_types_raise(records: list[dict[str, Any]]) -> None:
    found = INDEX.parse(response(page(*({"title": "T", **one} for one in records))))
    assert isinstance(found, Answered | IndexFault)
    if isinstance(found, Answered):
        assert all(one.title.strip() and one.origin == "europe-pmc" for one in found.works)


@given(VALUES)
@settings(max_examples=150)
def test_no_json_of_wrong_types_raises(value: object) -> None:
    assert isinstance(INDEX.parse(response(json.dumps(value))), Answered | IndexFault)


@given(st.binary(max_size=300), st.integers(0, 180))
@settings(max_examples=150)
def test_no_bytes_raise(body: bytes, cut: int) -> None:
    whole = page(record()).encode()
    assert isinstance(INDEX.parse(response(body)), Answered | IndexFault)
    assert isinstance(INDEX.parse(response(whole[:cut])), Answered | IndexFault)
    assert isinstance(INDEX.parse(response(whole[:cut] + body + whole[cut:])), Answered | IndexFault)


@given(st.lists(st.text(max_size=60), min_size=1, max_size=25), st.sampled_from(sorted(INDEX.asks_by)))
@settings(max_examples=100)
def test_no_value_leaves_the_query_it_stands_in(values: list[str], by: By) -> None:
    lookups = [Lookup("europe-pmc", by, value) for value in values]
    request = INDEX.request(lookups, BASE)
    posted = parse_qs(request.body.decode()).get("query") if request.body else None
    query = posted[0] if posted else dict(request.params)["query"]
    assert query.count('"') in (0, 2, 2 * len(values))
    assert "\\" not in query


@needs_recordings
def test_an_expectation_that_is_wrong_fails() -> None:
    with pytest.raises(AssertionError):
        assert_read_as(INDEX, "europepmc/a5649394542d.json", Expected(works=1, title="Another title", year=2006))

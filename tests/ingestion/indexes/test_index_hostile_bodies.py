"""Hostile and broken bodies: arXiv, DataCite, DOAJ, Unpaywall and the DOI system give named faults, and never raise."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.ingestion.indexes import arxiv, arxiv_oai, datacite, doaj, doi_resolver, unpaywall
from pipelines.ingestion.indexes.contract import Answered, FaultKind, Index, IndexFault, Response
from pipelines.ingestion.indexes.decoding import MAX_BODY
from pipelines.ingestion.indexes.doi_resolver import agencies
from tests.ingestion.indexes.recorded import recordings, response_of

needs_recordings = pytest.mark.skipif(recordings() is None, reason="CLAIMGATE_CORPUS names no recorded answers")

OF_JSON = (datacite.INDEX, doaj.INDEX, unpaywall.INDEX, doi_resolver.INDEX)
OF_XML = (arxiv.INDEX, arxiv_oai.INDEX)
ALL = (*OF_JSON, *OF_XML)
STATUSES = st.sampled_from([200, 204, 301, 400, 404, 406, 410, 418, 422, 429, 500, 503])

GOOD = {
    "arxiv": b"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>http://arxiv.org/abs/2101.00001v2</id>
<title>Made up</title><published>2021-01-01T00:00:00Z</published><updated>2022-01-01T00:00:00Z</updated>
<summary>We show that.</summary><author><name>A. Example</name></author></entry></feed>""",
    "arxiv-oai": b"""<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><GetRecord><record><header>
<identifier>oai:arXiv.org:2101.00001</identifier></header><metadata><arXivRaw><id>2101.00001</id><version version="v1">
<date>Mon, 22 Oct 2018 22:41:50 GMT</date><size>1kb</size></version><title>Made up</title>
<authors>A, B (C) and D</authors><doi>10.9999/x</doi>
<abstract>We show that.</abstract></arXivRaw></metadata></record></GetRecord></OAI-PMH>""",
}
GOOD_JSON: dict[str, Any] = {
    "datacite": {
        "data": {
            "type": "dois",
            "attributes": {
                "doi": "10.9999/x",
                "titles": [{"title": "Made up", "titleType": None}],
                "creators": [{"name": "Example, Ada", "givenName": "Ada", "familyName": "Example"}],
                "publicationYear": 2020,
                "publisher": "House",
                "container": {"title": "J"},
                "types": {"resourceTypeGeneral": "Text"},
                "dates": [{"date": "2020", "dateType": "Issued"}],
                "descriptions": [{"description": "Text", "descriptionType": "Abstract"}],
                "rightsList": [{"rightsIdentifier": "cc0", "rightsUri": "https://example.org"}],
                "relatedIdentifiers": [{"relationType": "IsVersionOf", "relatedIdentifier": "10.9999/y"}],
                "contentUrl": ["https://example.org"],
                "version": "1",
            },
        },
        "meta": {"total": 1, "totalPages": 1, "page": 1},
        "links": {"self": "https://api.datacite.org/dois"},
    },
    "doaj": {
        "total": 1,
        "page": 1,
        "pageSize": 5,
        "results": [
            {
                "bibjson": {
                    "title": "Made up",
                    "identifier": [{"type": "doi", "id": "10.9999/x"}],
                    "author": [{"name": "Ada"}],
                    "journal": {"title": "J", "license": [{"type": "CC BY"}]},
                    "link": [{"type": "fulltext", "url": "https://example.org", "content_type": "PDF"}],
                    "year": "2020",
                    "abstract": "Text",
                }
            }
        ],
    },
    "unpaywall": {
        "doi": "10.9999/x",
        "doi_url": "https://doi.org/10.9999/x",
        "title": "Made up",
        "year": 2020,
        "z_authors": [{"given": "Ada", "family": "Example"}],
        "best_oa_location": {"license": "cc-by"},
        "oa_locations": [{"url_for_pdf": "https://example.org", "pmh_id": "oai:arXiv.org:2101.00001", "is_best": True}],
        "published_date": "2020-01-01",
    },
    "doi": {
        "DOI": "10.9999/x",
        "title": "Made up",
        "author": [{"given": "Ada", "family": "Example"}],
        "issued": {"date-parts": [[2020]]},
        "license": [{"URL": "https://example.org"}],
    },
}
NAMES = [index.name for index in ALL]


def response(body: bytes, status: int = 200, url: str = "", **headers: str) -> Response:
    return Response(url, status, headers, body, datetime(2026, 1, 1, tzinfo=UTC))


def well_formed(index: Index) -> bytes:
    return GOOD[index.name] if index.name in GOOD else json.dumps(GOOD_JSON[index.name]).encode()


def assert_named(found: Answered | IndexFault, *kinds: FaultKind) -> None:
    assert isinstance(found, IndexFault), found
    assert found.kind in kinds
    assert 0 < len(found.message) < 400


@pytest.mark.parametrize("index", ALL, ids=NAMES)
def test_the_bodies_that_are_broken_below_are_good_before(index: Index) -> None:
    found = index.parse(response(well_formed(index)))
    assert isinstance(found, Answered), found
    assert [work.title for work in found.works] == ["Made up"]


@pytest.mark.parametrize("tenth", range(10))
@pytest.mark.parametrize("index", ALL, ids=NAMES)
def test_a_body_that_is_cut_off_is_malformed(index: Index, tenth: int) -> None:
    body = well_formed(index)
    assert_named(index.parse(response(body[: len(body) * tenth // 10])), FaultKind.MALFORMED)


@needs_recordings
@pytest.mark.parametrize("tenth", range(10))
@pytest.mark.parametrize(
    ("index", "file"),
    [
        (arxiv.INDEX, "arxiv/a6078f851564.xml"),
        (arxiv_oai.INDEX, "arxiv-oai/69f44a360b38.xml"),
        (datacite.INDEX, "datacite/8371bf7b7430.json"),
        (doaj.INDEX, "doaj/3c789afc0e59.json"),
        (unpaywall.INDEX, "unpaywall/e05371d091a3.json"),
        (doi_resolver.INDEX, "doi-negotiation/047e1463af5e.json"),
    ],
    ids=NAMES[-2:] + NAMES[:4],
)
def test_a_recorded_body_that_is_cut_off_is_malformed(index: Index, file: str, tenth: int) -> None:
    whole = response_of(file)
    cut = response(whole.body[: len(whole.body) * tenth // 10], url=whole.url)
    assert_named(index.parse(cut), FaultKind.MALFORMED)


@pytest.mark.parametrize(
    "body", [b"", b" ", b"\x00", b"null", b"<", b"\xff\xfe<\x00", b"nonsense", b"\x1f\x8b\x08\x00"]
)
@pytest.mark.parametrize("index", ALL, ids=NAMES)
def test_a_body_of_nothing_in_particular_is_malformed(index: Index, body: bytes) -> None:
    assert_named(index.parse(response(body)), FaultKind.MALFORMED)


@pytest.mark.parametrize("page", [b"<!DOCTYPE html><html><body>Log in</body></html>", b"\n <HTML><head></head></HTML>"])
@pytest.mark.parametrize("index", ALL, ids=NAMES)
def test_a_web_page_is_malformed(index: Index, page: bytes) -> None:
    assert_named(index.parse(response(page)), FaultKind.MALFORMED)


@pytest.mark.parametrize("index", ALL, ids=NAMES)
def test_a_body_beyond_all_measure_is_refused_unread(index: Index) -> None:
    assert_named(index.parse(response(b" " * (MAX_BODY + 1))), FaultKind.TOO_LARGE)


@pytest.mark.parametrize("index", OF_JSON, ids=lambda index: index.name)
@pytest.mark.parametrize("opening", [b"[", b'{"data":', b'{"results":['])
def test_json_without_bottom_is_malformed(index: Index, opening: bytes) -> None:
    assert_named(index.parse(response(opening * 200_000)), FaultKind.MALFORMED)


@pytest.mark.parametrize("index", OF_XML, ids=lambda index: index.name)
def test_xml_without_bottom_is_malformed(index: Index) -> None:
    assert_named(index.parse(response(b"<a>" * 200_000)), FaultKind.MALFORMED)
    assert_named(index.parse(response(b"<a>" * 5_000 + b"</a>" * 5_000)), FaultKind.MALFORMED)


@pytest.mark.parametrize("index", OF_JSON, ids=lambda index: index.name)
def test_another_character_set_is_malformed(index: Index) -> None:
    wrong = json.dumps({**GOOD_JSON[index.name], "note": "Müller"}, ensure_ascii=False).encode("latin-1")
    assert_named(index.parse(response(wrong)), FaultKind.MALFORMED)
    assert_named(index.parse(response(well_formed(index).decode().encode("utf-16"))), FaultKind.MALFORMED)


@pytest.mark.parametrize("index", OF_XML, ids=lambda index: index.name)
def test_xml_in_a_character_set_that_is_not_the_stated_one_is_malformed(index: Index) -> None:
    wrong = b"<?xml version='1.0' encoding='UTF-8'?>" + GOOD[index.name].replace(b"Made up", b"M\xfcller")
    assert_named(index.parse(response(wrong)), FaultKind.MALFORMED)
    unknown = b"<?xml version='1.0' encoding='x-nobody-knows'?>" + GOOD[index.name]
    assert_named(index.parse(response(unknown)), FaultKind.MALFORMED)


@pytest.mark.parametrize("index", OF_XML, ids=lambda index: index.name)
def test_entities_are_neither_multiplied_nor_fetched(index: Index) -> None:
    nested = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 12))
    bomb = b'<!DOCTYPE x [<!ENTITY e0 "boom">' + nested + b"]>"
    body = bomb + GOOD[index.name].replace(b"Made up", b"Made &e11; up")
    found = index.parse(response(body))
    assert isinstance(found, IndexFault) or [work.title for work in found.works] == ["Made up"]
    stolen = b'<!DOCTYPE x [<!ENTITY file SYSTEM "file:///etc/passwd">]>'
    found = index.parse(response(stolen + GOOD[index.name].replace(b"Made up", b"Made &file; up")))
    assert isinstance(found, IndexFault) or [work.title for work in found.works] == ["Made up"]


@pytest.mark.parametrize("index", OF_XML, ids=lambda index: index.name)
def test_comments_and_instructions_in_xml_are_no_text(index: Index) -> None:
    body = GOOD[index.name].replace(b"Made up", b"Made<!-- never --><?do not?> up")
    found = index.parse(response(body))
    assert isinstance(found, Answered)
    assert [work.title for work in found.works] == ["Made up"]


@pytest.mark.parametrize("unit", ["a", "<", "((", "$\\frac{", "{\\'e", "and ", ", ", "withdrawn ", "&amp;", "10.1/"])
@pytest.mark.parametrize("index", ALL, ids=NAMES)
def test_a_huge_field_is_read_in_bounded_time_and_space(index: Index, unit: str) -> None:
    huge = unit * (1_000_000 // len(unit))
    if index.name in GOOD:
        safe = huge.replace("&amp;", "et").replace("<", "&lt;").encode()
        body = (
            GOOD[index.name].replace(b"Made up", safe).replace(b"A, B (C) and D", safe).replace(b"We show that.", safe)
        )
    else:
        body = json.dumps(_everywhere(GOOD_JSON[index.name], huge)).encode()
    found = index.parse(response(body))
    if isinstance(found, IndexFault):
        assert len(found.message) < 400
    else:
        assert all(len(work.title) <= 250_000 and len(work.text or "") <= 250_000 for work in found.works)


def _everywhere(value: Any, huge: str) -> Any:
    """The same JSON with every text that is no key to its meaning replaced."""
    if isinstance(value, dict):
        kept = ("type", "doi", "DOI", "relationType", "relatedIdentifier", "dateType", "descriptionType")
        return {key: item if key in kept else _everywhere(item, huge) for key, item in value.items()}
    if isinstance(value, list):
        return [_everywhere(item, huge) for item in value]
    return huge if isinstance(value, str) else value


@given(st.sampled_from(ALL), st.binary(max_size=300), STATUSES, st.text(max_size=40))
def test_any_bytes_with_any_status_never_raise(index: Index, body: bytes, status: int, location: str) -> None:
    found = index.parse(response(body, status, "https://doi.org/x", location=location))
    assert isinstance(found, Answered | IndexFault)
    if isinstance(found, Answered):
        assert found.works == ()


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def _paths(value: Any, before: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [before, *(path for key, item in inner for path in _paths(item, (*before, key)))]


def _changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    if isinstance(value, dict):
        return {key: _changed(item, path[1:], new) if key == path[0] else item for key, item in value.items()}
    return [_changed(item, path[1:], new) if n == path[0] else item for n, item in enumerate(value)]


@settings(max_examples=400)
@given(st.data(), st.sampled_from(OF_JSON), STATUSES)
def test_json_with_anything_in_any_place_never_raises(data: st.DataObject, index: Index, status: int) -> None:
    body = GOOD_JSON[index.name]
    for _ in range(data.draw(st.integers(1, 3))):
        body = _changed(body, data.draw(st.sampled_from(_paths(body))), data.draw(ANY_JSON))
    answer = response(json.dumps(body).encode(), status)
    assert isinstance(index.parse(answer), Answered | IndexFault)
    assert isinstance(agencies(answer), dict | IndexFault)


@settings(max_examples=300)
@given(st.data(), st.sampled_from(OF_XML), STATUSES)
def test_xml_with_any_piece_replaced_never_raises(data: st.DataObject, index: Index, status: int) -> None:
    body = GOOD[index.name].decode()
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, min(len(body), start + 60)))
    pieces = st.text(max_size=30) | st.sampled_from(["<x/>", "</x>", "&lt;", "<![CDATA[<]]>", "v99999", "10.9/", ""])
    changed = body[:start] + data.draw(pieces) + body[end:]
    found = index.parse(response(changed.encode("utf-8", "surrogatepass"), status))
    assert isinstance(found, Answered | IndexFault)

"""Who covers a work, and who can tell that an identifier does not exist. All references are invented."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.ingestion.indexes.registry import INDEXES
from pipelines.models import IndexAnswer, Reference
from pipelines.verification.coverage import (
    AUTHORITIES,
    COVERAGE,
    INDEX_TITLES,
    ReferenceKind,
    in_words,
    is_denied,
    is_preprint_doi,
    reference_kind,
    stated_identifiers,
    voices,
)

TITLE = "Salt Marsh Automata and the Grammar of Dunes"
KINDS: list[tuple[str, dict[str, Any], ReferenceKind]] = [
    ("DOI", {"doi": "10.1016/j.x.2020.1"}, ReferenceKind.ARTICLE),
    ("journal", {"venue": "Journal of Dunes"}, ReferenceKind.ARTICLE),
    ("volume, issue and pages", {"raw": f"Nowak P. {TITLE}. Dunes 12(3):1-10"}, ReferenceKind.ARTICLE),
    ("conference", {"raw": f"Nowak. {TITLE}. In Proceedings of the Dune Conference"}, ReferenceKind.ARTICLE),
    ("arXiv id", {"arxiv_id": "2401.00001"}, ReferenceKind.ARXIV),
    ("DOI of arXiv", {"doi": "10.48550/arXiv.2401.00001"}, ReferenceKind.ARXIV),
    ("arXiv id and journal DOI", {"arxiv_id": "2401.00001", "doi": "10.1016/j.x.2020.1"}, ReferenceKind.ARTICLE),
    ("bioRxiv", {"doi": "10.1101/2020.01.02.123456"}, ReferenceKind.PREPRINT),
    ("a journal of the press that runs bioRxiv", {"doi": "10.1101/gr.123.106"}, ReferenceKind.ARTICLE),
    ("DOI retrieved from the web", {"doi": "10.1016/j.x", "raw": "Retrieved from the web"}, ReferenceKind.ARTICLE),
    ("PMID", {"pmid": "123", "doi": "10.1016/j.x.2020.1"}, ReferenceKind.BIOMEDICAL),
    ("ISBN", {"isbn": "9780000000002", "doi": "10.1016/b.x"}, ReferenceKind.BOOK),
    ("publisher", {"raw": f"Nowak, P. {TITLE}. Dune University Press, 2001"}, ReferenceKind.BOOK),
    ("edition", {"raw": f"Nowak, P. {TITLE} (2nd ed.)."}, ReferenceKind.BOOK),
    ("thesis", {"raw": f"Nowak, P. {TITLE}. PhD thesis, 2001"}, ReferenceKind.THESIS),
    ("report", {"raw": f"Nowak, P. {TITLE}. Technical report 7"}, ReferenceKind.REPORT),
    ("standard", {"raw": f"{TITLE}. ISO/IEC 12345"}, ReferenceKind.REPORT),
    ("data set", {"doi": "10.5281/zenodo.123"}, ReferenceKind.DATA),
    ("code", {"url": "https://github.com/dunes/automata"}, ReferenceKind.DATA),
    ("page", {"url": "https://example.org/dunes"}, ReferenceKind.WEB_PAGE),
    ("newspaper", {"raw": f"{TITLE}. The Guardian, 3 May 2020"}, ReferenceKind.WEB_PAGE),
    ("address of a paper", {"url": "https://openreview.net/forum?id=x"}, ReferenceKind.UNKNOWN),
    ("title and year", {"year": 2020}, ReferenceKind.UNKNOWN),
    (
        "a word of the title says nothing",
        {"title": "A thesis on software", "raw": "A thesis on software, J. Dunes 1(2):3"},
        ReferenceKind.ARTICLE,
    ),
]


@pytest.mark.parametrize(("stated", "kind"), [case[1:] for case in KINDS], ids=[case[0] for case in KINDS])
def test_the_kind_is_read_off_what_is_stated(stated: dict[str, Any], kind: ReferenceKind) -> None:
    assert reference_kind(Reference(**{"ordinal": 1, "raw": TITLE, "title": TITLE, **stated})) is kind


def test_every_kind_has_a_row_and_every_name_is_an_index() -> None:
    assert set(COVERAGE) == set(ReferenceKind)
    named = {index for cover in COVERAGE.values() for index in cover.all}
    named |= {index for sets in AUTHORITIES.values() for one in sets for index in one}
    assert named <= set(INDEXES)
    assert set(INDEX_TITLES) == set(INDEXES)


@pytest.mark.parametrize(
    "kind",
    [ReferenceKind.BOOK, ReferenceKind.THESIS, ReferenceKind.REPORT, ReferenceKind.DATA, ReferenceKind.WEB_PAGE],
)
def test_what_indexes_hold_by_chance_is_covered_by_none(kind: ReferenceKind) -> None:
    assert not COVERAGE[kind].all


@pytest.mark.parametrize("kind", [ReferenceKind.ARTICLE, ReferenceKind.ARXIV, ReferenceKind.BIOMEDICAL])
def test_what_is_covered_is_covered_by_two_collections(kind: ReferenceKind) -> None:
    assert voices(COVERAGE[kind].all) >= 2


DENIALS: list[tuple[dict[str, str], bool]] = [
    ({}, False),
    ({"crossref": "absent"}, False),
    ({"crossref": "absent", "openalex": "absent"}, False),
    ({"crossref": "absent", "datacite": "absent"}, True),
    ({"doi": "absent"}, True),
    ({"doi": "absent", "openalex": "held"}, False),
    ({"doi": "failed", "crossref": "absent"}, False),
    ({"doi": "failed", "crossref": "absent", "datacite": "absent"}, False),
    ({"doi": "absent", "crossref": "failed", "datacite": "failed"}, True),
]


@pytest.mark.parametrize(("said", "denied"), DENIALS)
def test_a_doi_is_denied_by_the_resolver_or_by_two_agencies(said: dict[str, str], denied: bool) -> None:
    answers = [IndexAnswer(index=i, by="doi", value="10.5555/X", outcome=outcome) for i, outcome in said.items()]
    assert is_denied("doi", "10.5555/x", answers) is denied
    assert not is_denied("doi", "10.5555/y", answers)


def test_an_index_that_was_asked_twice_is_believed_when_it_held_it() -> None:
    answers = [
        IndexAnswer(index="doi", by="doi", value="10.5555/x", outcome=outcome)
        for outcome in ("held", "absent", "failed")
    ]
    assert not is_denied("doi", "10.5555/x", answers)


def test_two_doors_to_a_collection_are_one_voice() -> None:
    assert voices(frozenset({"pubmed", "europe-pmc"})) == voices(frozenset({"arxiv", "arxiv-oai"})) == 1
    assert voices(frozenset({"crossref", "openalex"})) == 2


def test_the_doi_of_an_arxiv_paper_is_its_arxiv_id() -> None:
    reference = Reference(ordinal=1, raw="x", doi="10.48550/arXiv.2401.00001v2")
    assert stated_identifiers(reference) == {"arxiv": "2401.00001"}
    assert is_preprint_doi("10.48550/ARXIV.2401.00001")


def test_indexes_are_named_in_words() -> None:
    names = [in_words(one) for one in ([], ["doi"], ["crossref", "library:mine", "arxiv"])]
    assert names == ["nobody", "the DOI resolver", "Crossref, arXiv and library:mine"]


@given(st.text(max_size=3_000), st.text(max_size=300))
@settings(max_examples=100, deadline=None)
def test_any_words_have_a_kind(raw: str, venue: str) -> None:
    assert reference_kind(Reference(ordinal=1, raw=raw, venue=venue)) in ReferenceKind

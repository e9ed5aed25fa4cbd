"""The form of an RO-Crate: what it holds, that all of it can be reached, and that no text from outside breaks it."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph, URIRef

from pipelines.models import Reference
from pipelines.publication.exports.crate_graph import CONTEXT
from pipelines.publication.exports.provenance import told, web_uri, work_uri
from pipelines.publication.exports.ro_crate import CrateFile, ro_crate, ro_crate_bytes
from pipelines.publication.views import PublicRecord, ReferenceView
from tests.publication.pages import hostile_record
from tests.publication.published_records import empty_record, gated_record, rich_record
from tests.publication.test_prov_document import corrected

TERMS = Path(__file__).parents[1] / "tools" / "ro-crate-1.2-terms.jsonld"
FILES = (
    CrateFile("manifest.json", "application/json", "Manifest", 120, "ab" * 32),
    CrateFile("report.pdf", "application/pdf", "Report"),
)
RECORDS = {
    "rich": rich_record(),
    "gated": gated_record(),
    "empty": empty_record(),
    "hostile": hostile_record(),
    "corrected": corrected(),
}
URI = re.compile(r"(?:https?://[A-Za-z0-9.-]+(?::\d+)?/?|urn:isbn:)(?:[A-Za-z0-9._~!$&'()*+,;=:@/?#-]|%[0-9A-F]{2})*")


def entities(record: PublicRecord, files: tuple[CrateFile, ...] = FILES) -> dict[str, Any]:
    listed = ro_crate(record, files)["@graph"]
    by_id = {entity["@id"]: entity for entity in listed}
    assert len(by_id) == len(listed), "two entities share an @id"
    return by_id


def referred(entity: dict[str, Any]) -> set[str]:
    values = [one for value in entity.values() for one in (value if isinstance(value, list) else [value])]
    return {one["@id"] for one in values if isinstance(one, dict)}


def expanded(record: PublicRecord) -> Graph:
    """The crate as RDF, the context by reference replaced by its terms, as nothing is fetched here."""
    document = json.loads(ro_crate_bytes(record, FILES))
    assert document["@context"][0] == CONTEXT
    document["@context"][0] = json.loads(TERMS.read_text())["@context"]
    return Graph().parse(data=json.dumps(document), format="json-ld", base="https://crate.example/")


@pytest.mark.parametrize("name", RECORDS)
def test_every_entity_can_be_reached_and_every_reference_leads_somewhere(name: str) -> None:
    held = entities(RECORDS[name])
    reached, waiting = set(), {"ro-crate-metadata.json"}
    while waiting:
        reached |= waiting
        waiting = {one for identifier in waiting for one in referred(held[identifier]) if one in held} - reached
    assert reached == set(held)
    outside = {one for entity in held.values() for one in referred(entity)} - set(held)
    assert outside == {"https://w3id.org/ro/crate/1.2"}


@pytest.mark.parametrize("name", RECORDS)
def test_the_form_is_flat_compacted_and_the_same_twice(name: str) -> None:
    written = ro_crate_bytes(RECORDS[name], FILES)
    assert written == ro_crate_bytes(RECORDS[name], FILES)
    for entity in json.loads(written)["@graph"]:
        for key, value in entity.items():
            assert value not in (None, "", [], {})
            if key != "@type":
                assert not (isinstance(value, list) and len(value) == 1)
            assert not isinstance(value, dict) or set(value) == {"@id"}
        assert entity["@id"].startswith(("#", "./", "http")) or entity["@id"] in ("ro-crate-metadata.json", *NAMES)


NAMES = [file.name for file in FILES]


def test_a_claim_leads_to_its_verdict_its_run_its_sentence_and_the_source() -> None:
    held = entities(rich_record())
    claim, verdict, quote = held["#claim-1"], held["#verdict-1"], held["#quote-1-1"]
    assert claim["review"] == {"@id": "#verdict-1"}
    assert claim["isSupportedBy"] == {"@id": "#quote-1-1"}
    assert (verdict["name"], verdict["wasGeneratedBy"]) == ("SUPPORTED", {"@id": "#check-1"})
    view = rich_record().claims[0].evidence[0]
    assert (quote["text"], quote["start"], quote["end"]) == (
        view.evidence.text,
        view.evidence.start,
        view.evidence.end,
    )
    assert view.passage_text[quote["start"] : quote["end"]] == quote["text"]
    assert held[quote["wasQuotedFrom"]["@id"]]["identifier"] == view.evidence.source_id
    check = held["#check-1"]
    assert held[check["instrument"]["@id"]]["version"] == "features-1"
    assert check["endTime"] == "2026-07-02T02:00:11+00:00"
    assert {"@id": "#verdict-1"} in check["result"]
    person = held["#adjudication-6"]["agent"]["@id"]
    assert held[person]["name"] == "Reader One"
    assert held["#verdict-6"]["author"] == {"@id": person}
    assert held["#claim-3"]["isDisputedBy"] == {"@id": "#quote-3-2"}


def test_as_rdf_it_answers_in_the_words_of_prov() -> None:
    rows = expanded(corrected()).query(
        "PREFIX prov: <http://www.w3.org/ns/prov#> PREFIX s: <http://schema.org/>"
        "SELECT ?claim ?source WHERE { ?verdict a s:ClaimReview ; s:itemReviewed ?claim ; prov:wasGeneratedBy ?run ;"
        " prov:wasDerivedFrom ?quote . ?run a s:CreateAction . ?quote prov:wasQuotedFrom ?source }"
    )
    assert (URIRef("https://crate.example/#claim-1"), URIRef("https://doi.org/10.5555/clover")) in set(rows)
    states = expanded(corrected()).query(
        "PREFIX prov: <http://www.w3.org/ns/prov#> SELECT ?a ?b WHERE { ?a prov:wasRevisionOf ?b ."
        " ?b prov:wasInvalidatedBy ?c }"
    )
    assert {(str(a), str(b)) for a, b in states} == {
        ("https://crate.example/", "https://crate.example/#state-2"),
        ("https://crate.example/#state-2", "https://crate.example/#state-1"),
    }


def test_every_term_stands_in_the_context() -> None:
    """Whatever the context lacks, JSON-LD drops without a word."""
    known = set(json.loads(TERMS.read_text())["@context"])
    for record in RECORDS.values():
        document = ro_crate(record, FILES)
        own = set(document["@context"][1])
        for entity in document["@graph"]:
            kinds = entity["@type"] if isinstance(entity["@type"], list) else [entity["@type"]]
            assert {key for key in entity if not key.startswith("@")} | set(kinds) <= known | own


def test_files_are_parts_and_without_them_the_crate_says_that_it_is_detached() -> None:
    attached, detached = entities(rich_record()), entities(rich_record(), ())
    assert attached["./"]["hasPart"] == [{"@id": name} for name in NAMES]
    assert (attached["manifest.json"]["contentSize"], attached["manifest.json"]["sha256"]) == ("120", "ab" * 32)
    assert "contentSize" not in attached["report.pdf"]
    assert "hasPart" not in detached["./"]
    assert "a detached crate" in detached["./"]["description"]


@pytest.mark.parametrize("name", ["../up.json", "/etc/x", "a b.json", "a/../b", "", "#x", "ro-crate-metadata.json"])
def test_a_part_with_a_name_that_leaves_the_folder_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no name for a part"):
        ro_crate(rich_record(), [CrateFile(name, "text/plain", "Something")])


def test_no_licence_and_no_date_are_invented() -> None:
    held = entities(empty_record())
    assert held["#licence"]["name"] == "No licence stated"
    assert "datePublished" not in held["./"]
    assert "none is known" in held["./"]["description"]
    dated = {one["@id"]: one for one in ro_crate(empty_record(), (), date(2026, 7, 3))["@graph"]}
    assert dated["./"]["datePublished"] == "2026-07-03"
    assert entities(rich_record())["./"]["datePublished"] == "2026-07-02"  # the latest time held
    source = entities(rich_record())["https://doi.org/10.5555/clover"]
    assert source["license"] == {"@id": "https://spdx.org/licenses/CC-BY-4.0"}


def test_an_address_that_is_none_is_left_out_and_the_entry_says_so() -> None:
    references = tuple(
        ReferenceView(reference=Reference(ordinal=n, raw="Moss. Beds.", url=url), audit=None)
        for n, url in enumerate(("javascript:alert(1)", "https://notes.example/a%zz[1]#b#c"), start=1)
    )
    held = entities(rich_record(references=references))
    assert "url" not in held["#reference-1"]
    assert held["#reference-1"]["description"].endswith("Its address is left out: it is no plain web address.")
    assert held["#reference-2"]["url"] == "https://notes.example/a%25zz%5B1%5D#b%23c"


@pytest.mark.parametrize(
    ("identifier", "uri"),
    [
        ('doi:10.5555/x<>#?%"y', "https://doi.org/10.5555/x%3C%3E%23%3F%25%22y"),
        ("doi:10.5555/../../etc", None),
        ("doi:" + "1" * 400, None),
        ("arxiv:2401.01234", "https://arxiv.org/abs/2401.01234"),
        ("pmid:7", "https://pubmed.ncbi.nlm.nih.gov/7"),
        ("isbn:9780000000002", "urn:isbn:9780000000002"),
        ("srch:C10FE201", None),
        ("title:abc", None),
        ("url:https://bank.example@evil.example/", None),
        ("", None),
    ],
)
def test_an_identifier_becomes_a_valid_uri_or_none(identifier: str, uri: str | None) -> None:
    assert work_uri(identifier) == uri


@given(st.text(max_size=80), st.sampled_from(["doi:10.5555/", "pmid:", "url:https://a.example/", "isbn:", "s2:"]))
def test_no_identifier_from_outside_makes_a_uri_that_is_none(text: str, kind: str) -> None:
    for uri in (work_uri(kind + text), web_uri(f"https://a.example/{text}")):
        assert uri is None or (URI.fullmatch(uri) and "/../" not in uri and uri.count("#") <= 1)


def test_text_is_bounded_and_says_what_was_left_out() -> None:
    assert told("é" * 5_000).endswith("é … [1,000 more characters not given]")
    assert told("a\ud800b") == "a\ufffdb"
    assert len(ro_crate_bytes(rich_record(title="A" * 1_000_000, question="é" * 1_000_000))) < 60_000

"""What machines read from a record's page: tags, Signposting, linked data, citations; read back by standards."""

from __future__ import annotations

import json
import re
from urllib.parse import urljoin, urlsplit

import bibtexparser
import pytest
import rdflib
import rispy
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from rdflib import Graph, Literal, URIRef

from pipelines.models import ClaimCounts, ClaimVerdict, StatedFacts
from pipelines.publication.exports.record_citation import (
    check_in_words,
    record_bibtex,
    record_doi,
    record_in_words,
    record_ris,
)
from pipelines.publication.site.address import SiteAddress
from pipelines.publication.site.build import record_page
from pipelines.publication.site.linked_data import CITATIONS_LISTED, CLAIMS_LISTED, data_block, record_graph
from pipelines.publication.site.record_files import media_type, record_files, size_in_words
from pipelines.publication.site.signposting import linkset_bytes
from pipelines.publication.site.text import folder_name, page_name
from pipelines.publication.views import PublicRecord
from tests.publication.pages import OVERRIDE, SCRIPT, hostile_record, parsed, section, text_of
from tests.publication.published_records import CHECKED_AT, claim_view, empty_record, rich_record

KNOWN, UNKNOWN = SiteAddress(url="https://checks.example/site"), SiteAddress()
FILES = (
    "report.pdf",
    "report.md",
    "manifest.json",
    "claims.csv",
    "references.bib",
    "ro-crate-metadata.json",
    "corrections.jsonl",
    "notes.unheard-of",
    "linkset.json",
)
STEM = folder_name("srch:C10FE201")
PAGE = f"https://checks.example/site/{STEM}.html"
WHERE = pytest.mark.parametrize("address", [KNOWN, UNKNOWN], ids=["address", "no address"])
RECORDS = pytest.mark.parametrize("make", [rich_record, empty_record, hostile_record])


def with_doi() -> PublicRecord:
    return rich_record(stated=StatedFacts(doi="https://doi.org/10.5555/Check.Me"), synthetic=False)


def page_of(record: PublicRecord, address: SiteAddress = KNOWN) -> html.HtmlElement:
    return parsed(record_page(record, address=address, files=FILES))


def tags(page: html.HtmlElement) -> dict[str, str]:
    found = [(tag.get("name"), tag.get("content")) for tag in page.xpath("//head/meta[@name]")]
    assert len(dict(found)) == len(found)
    return dict(found)


def links(page: html.HtmlElement, rel: str) -> list[tuple[str, str | None]]:
    return [(link.get("href"), link.get("type")) for link in page.xpath(f'//head/link[@rel="{rel}"]')]


# --- citation tags ------------------------------------------------------------------------------


def test_citation_tags_describe_the_record_as_published() -> None:
    held = tags(page_of(with_doi()))
    assert {name: value for name, value in held.items() if name.startswith(("citation_", "DC."))} == {
        "citation_title": "Does clover mulch save water in vegetable beds?",
        "citation_publisher": "Garden Syntheses",
        "citation_technical_report_institution": "Garden Syntheses",
        "citation_publication_date": "2026/06/14",
        "citation_doi": "10.5555/check.me",
        "citation_public_url": PAGE,
        "citation_pdf_url": f"https://checks.example/site/{STEM}/report.pdf",
        "DC.title": "Does clover mulch save water in vegetable beds?",
        "DC.publisher": "Garden Syntheses",
        "DC.date": "2026-06-14",
        "DC.identifier": "https://doi.org/10.5555/check.me",
        "DC.type": "Text",
    }


def test_what_is_not_known_has_no_tag() -> None:
    assert {name for name in tags(page_of(empty_record(), UNKNOWN)) if "." in name or "_" in name} == {"DC.type"}
    without_report = parsed(record_page(rich_record(synthetic=False), address=KNOWN, files=("manifest.json",)))
    assert "citation_pdf_url" not in tags(without_report)
    assert "citation_doi" not in tags(without_report)


def test_a_synthetic_record_is_not_offered_as_a_publication() -> None:
    page = page_of(rich_record(synthetic=True))
    assert not [name for name in tags(page) if name.startswith(("citation_", "DC."))]
    assert graph_on(page)["itemReviewed"]["creativeWorkStatus"].startswith("Synthetic: ")
    assert record_in_words(rich_record(synthetic=True)).endswith("[Synthetic: not a publication]")
    assert "Synthetic: written to show what claimgate finds." in record_bibtex(rich_record(synthetic=True))


@pytest.mark.parametrize(
    ("stated", "doi"),
    [
        ("10.5555/A_b", "10.5555/a_b"),
        ("doi:10.5555/a", "10.5555/a"),
        ("https://doi.org/10.5555/a", "10.5555/a"),
        ("pending", None),
        ("", None),
        (None, None),
        ("10.5555/" + "a" * 1_000_000, None),
    ],
)
def test_the_doi_of_a_record_is_the_one_it_states_if_that_is_one(stated: str | None, doi: str | None) -> None:
    assert record_doi(rich_record(stated=StatedFacts(doi=stated))) == doi
    assert record_doi(rich_record(identifier=stated)) == doi


# --- Signposting --------------------------------------------------------------------------------


def test_signposting_links_lead_to_the_files_given_and_name_their_types() -> None:
    page = page_of(with_doi())
    assert links(page, "cite-as") == [(PAGE, None)]
    assert links(page, "related") == [("https://doi.org/10.5555/check.me", None)]
    assert links(page, "type") == [("https://schema.org/AboutPage", None), ("https://schema.org/Review", None)]
    assert links(page, "describedby") == [
        (f"{STEM}/manifest.json", "application/json"),
        (f"{STEM}/ro-crate-metadata.json", "application/ld+json"),
    ]
    assert links(page, "item") == [
        (f"{STEM}/report.pdf", "application/pdf"),
        (f"{STEM}/report.md", "text/markdown"),
        (f"{STEM}/claims.csv", "text/csv"),
        (f"{STEM}/references.bib", "application/x-bibtex"),
        (f"{STEM}/corrections.jsonl", "application/x-ndjson"),
        (f"{STEM}/notes.unheard-of", None),
    ]
    assert links(page, "linkset") == [(f"{STEM}/linkset.json", "application/linkset+json")]


def test_without_files_and_address_nothing_is_linked_that_is_not_there() -> None:
    page = parsed(record_page(rich_record()))
    assert [links(page, rel) for rel in ("cite-as", "describedby", "item", "linkset", "related")] == [[]] * 5
    assert not page.xpath('//*[@id="downloads"]')


def check_linkset(data: bytes) -> list[dict[str, object]]:
    """What RFC 9264 (4.2) demands of the JSON form; a link's own `type` is one string."""
    document = json.loads(data)
    assert list(document) == ["linkset"]
    for context in document["linkset"]:
        assert isinstance(context["anchor"], str)
        relations = set(context) - {"anchor"}
        assert relations
        for relation in relations:
            assert re.fullmatch(r"[a-z][a-z0-9.-]*", relation)
            assert isinstance(context[relation], list)
            for target in context[relation]:
                assert isinstance(target["href"], str)
                assert set(target) <= {"href", "type"}
                assert isinstance(target.get("type", ""), str)
    anchors = [context["anchor"] for context in document["linkset"]]
    assert len(anchors) == len(set(anchors))
    return list(document["linkset"])


@WHERE
@RECORDS
def test_the_link_set_says_what_the_page_says_and_back(make, address: SiteAddress) -> None:
    record = make()
    folder = f"https://checks.example/site/{folder_name(record.record_id)}/"
    page, *back = check_linkset(linkset_bytes(record, FILES, address))
    assert urljoin(f"{folder}linkset.json", page["anchor"]) == urljoin(folder, f"../{page_name(record.record_id)}")
    in_the_head = page_of(record, address)
    for rel in ("cite-as", "type", "related", "describedby", "item"):
        here = [(urljoin(f"{folder}linkset.json", one["href"]), one.get("type")) for one in page.get(rel, [])]
        there = [(urljoin(urljoin(folder, "../x.html"), href), kind) for href, kind in links(in_the_head, rel)]
        assert here == there, rel
    files = {urljoin(folder, name) for name in FILES if name != "linkset.json"}
    assert {urljoin(f"{folder}linkset.json", one["anchor"]) for one in back} == files
    for one in back:
        (target,) = one.get("describes") or one["collection"]
        assert target == {"href": page["anchor"], "type": "text/html"}
    if address.url:
        assert all(urlsplit(str(one["anchor"])).scheme == "https" for one in (page, *back))


# --- linked data --------------------------------------------------------------------------------


def graph_on(page: html.HtmlElement) -> dict[str, object]:
    (block,) = page.xpath("//script")
    assert block.get("type") == "application/ld+json"
    return json.loads(block.text)


def expanded(graph: dict[str, object]) -> Graph:
    """The triples, by a context of our own in the place of schema.org's, which lies in the network."""
    assert graph["@context"] == "https://schema.org"
    urls = {name: {"@type": "@id"} for name in ("url", "contentUrl")}
    local = {**graph, "@context": {"@vocab": str(rdflib.SDO), **urls}}
    return Graph().parse(data=json.dumps(local), format="json-ld", publicID=PAGE)


def test_the_graph_is_a_review_of_the_record_by_nobody_else_s_name() -> None:
    found = expanded(graph_on(page_of(with_doi())))
    check, record = URIRef(f"{PAGE}#check"), URIRef(f"{PAGE}#record")
    assert (check, rdflib.RDF.type, rdflib.SDO.Review) in found
    assert (check, rdflib.SDO.itemReviewed, record) in found
    assert (record, rdflib.RDF.type, rdflib.SDO.ScholarlyArticle) in found
    assert (record, rdflib.SDO.url, URIRef("https://doi.org/10.5555/check.me")) in found
    (publisher,) = found.objects(record, rdflib.SDO.publisher)
    assert (publisher, rdflib.SDO.name, Literal("Garden Syntheses")) in found
    assert not list(found.objects(check, rdflib.SDO.publisher))
    assert not list(found.objects(check, rdflib.SDO.author))
    (rating,) = found.objects(check, rdflib.SDO.reviewRating)
    ends = (rdflib.SDO.ratingValue, rdflib.SDO.worstRating, rdflib.SDO.bestRating)
    assert [next(found.objects(rating, name)).toPython() for name in ends] == [5.25, 0, 10]
    addresses = {str(one) for one in found.objects(None, rdflib.SDO.contentUrl)}
    assert addresses == {f"https://checks.example/site/{STEM}/{name}" for name in FILES}


def test_each_claim_stands_there_with_its_verdict_in_words_and_no_number() -> None:
    record = rich_record()
    found = expanded(graph_on(page_of(record)))
    claims = set(found.subjects(rdflib.RDF.type, rdflib.SDO.Claim))
    assert claims == {URIRef(f"{PAGE}#claim-{number}") for number in range(1, 7)}
    verdicts = {}
    for review in found.subjects(rdflib.RDF.type, rdflib.SDO.ClaimReview):
        (claim,) = found.objects(review, rdflib.SDO.itemReviewed)
        (rating,) = found.objects(review, rdflib.SDO.reviewRating)
        assert not list(found.objects(rating, rdflib.SDO.ratingValue))
        assert next(found.objects(claim, rdflib.SDO.appearance)) == URIRef(f"{PAGE}#record")
        assert next(found.objects(claim, rdflib.SDO.text)) == next(found.objects(review, rdflib.SDO.claimReviewed))
        verdicts[str(claim).rpartition("-")[2]] = str(next(found.objects(rating, rdflib.SDO.alternateName)))
    assert verdicts == {
        "1": "Supported",
        "2": "Refuted",
        "3": "Disputed",
        "4": "Not enough information",
        "5": "Not checked",
        "6": "Supported",
    }
    assert {str(one) for one in found.objects(None, rdflib.SDO.author / rdflib.SDO.name)} == {"Reader One"}


def test_cited_works_have_their_identifiers_and_what_was_found() -> None:
    cited = graph_on(page_of(rich_record()))["itemReviewed"]["citation"]
    assert [one["url"] for one in cited] == [
        "https://doi.org/10.5555/clover",
        "https://doi.org/10.5555/rows",
        "https://notes.example/sedge?a=1&b=2",
    ]
    assert cited[1]["identifier"] == [{"@type": "PropertyValue", "propertyID": "doi", "value": "10.5555/rows"}]
    assert cited[1]["creativeWorkStatus"] == ["Retracted"]
    assert [one["disambiguatingDescription"].partition(":")[0] for one in cited] == [
        "Found",
        "Misdescribed",
        "Not audited",
    ]


@WHERE
@RECORDS
def test_every_type_and_property_is_one_of_schema_org(make, address: SiteAddress) -> None:
    found = expanded(graph_on(page_of(make(), address)))
    for predicate in set(found.predicates()) - {rdflib.RDF.type}:
        assert predicate in rdflib.SDO, predicate
    for kind in set(found.objects(None, rdflib.RDF.type)):
        assert kind in rdflib.SDO, kind
    assert "madeUpWord" not in rdflib.SDO  # the list that this is held against is closed


def test_a_long_record_lists_some_claims_and_citations_and_says_so() -> None:
    views = tuple(claim_view(number, f"Claim {number}.", ClaimVerdict.NOT_CHECKED) for number in range(1, 301))
    record = rich_record(
        claims=views, references=rich_record().references * 100, counts=ClaimCounts(extracted=300, not_checked=300)
    )
    graph = graph_on(page_of(record))
    assert len(graph["hasPart"]) == CLAIMS_LISTED
    assert len(graph["itemReviewed"]["citation"]) == CITATIONS_LISTED
    assert graph["abstract"].endswith(f"The first {CLAIMS_LISTED} claims are listed here; the manifest holds all.")


# --- hostile text -------------------------------------------------------------------------------

BREAKS_OUT = ["</script>", "<!--<script>", "]]>", '"}', "\u2028", "\u2029", "\ud800", "\x00", "&lt;", OVERRIDE, SCRIPT]


@pytest.mark.parametrize("nasty", [*BREAKS_OUT, "".join(BREAKS_OUT), "A</script>" * 100_000], ids=range(13))
def test_no_title_breaks_out_of_a_tag_or_the_data_block(nasty: str) -> None:
    plain = page_of(rich_record(title="plain", publisher="plain", synthetic=False))
    record = rich_record(synthetic=False, title=nasty, publisher=nasty, identifier=nasty, stated=StatedFacts(doi=nasty))
    text = record_page(record, address=KNOWN, files=FILES)
    page = parsed(text)
    assert [one.tag for one in page.xpath("//head/*[not(self::meta)]")] == [
        one.tag for one in plain.xpath("//head/*[not(self::meta)]")
    ]
    graph_on(page)  # one block, and JSON
    assert re.findall(r"<script[^>]*>", text) == ['<script type="application/ld+json">']
    assert text.count("</script") == 1
    held = tags(page)
    assert set(held) <= set(tags(plain)) | {"citation_doi"}
    assert all(len(content) < 400 for content in held.values())
    assert not re.search("[\u202a-\u202e\u2066-\u2069\ud800-\udfff\x00]", text)


@settings(max_examples=100)
@given(st.recursive(st.text(st.characters()), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_a_data_block_holds_any_text_whole_and_in_plain_ascii(value: object) -> None:
    block = str(data_block({"held": value}))
    assert json.loads(block) == {"held": value}
    assert block.isascii()
    assert not set(block) & set("<>&")


@RECORDS
def test_the_graph_is_bounded(make) -> None:
    record = make()
    size = len(data_block(record_graph(record, record_files(record.record_id, FILES), KNOWN)))
    assert size < 20_000


# --- how to cite, downloads ---------------------------------------------------------------------


def test_the_section_cites_the_record_and_the_check_apart() -> None:
    page = record_page(with_doi(), address=KNOWN, files=FILES, manifest_sha256="ab" * 32)
    record, check = (text_of(one) for one in section(page, "cite").xpath(".//dd"))
    assert record == (
        "Garden Syntheses (2026-06-14). Does clover mulch save water in vegetable beds? srch:C10FE201. "
        "https://doi.org/10.5555/check.me"
    )
    assert check == (
        "claimgate. Check of “Does clover mulch save water in vegetable beds?”, as of 2026-07-02. "
        f"2 of 6 claims supported, 1 refuted, 1 disputed, 1 not checked. Manifest sha256 {'ab' * 32}. {PAGE}"
    )
    bibtex, ris = (one.text_content() for one in section(page, "cite").xpath(".//pre"))
    assert bibtex == record_bibtex(with_doi(), PAGE).strip()
    assert ris == record_ris(with_doi(), PAGE).strip()
    assert "whether it is registered was not looked up" in text_of(section(page, "cite"))


def test_what_is_not_known_of_a_record_is_said_in_its_citation() -> None:
    assert record_in_words(empty_record()) == (
        "[no publisher stated] (no date stated). [no title stated] record text:0000. text:0000"
    )
    assert check_in_words(empty_record(), None) == (
        "claimgate. Check of “[no title stated] record text:0000”, nothing checked yet."
    )
    said = text_of(section(record_page(empty_record()), "cite"))
    assert "The address of this site is not known here" in said
    assert check_in_words(empty_record(), CHECKED_AT).endswith("as of 2026-07-02.")


def test_reference_managers_read_the_record_itself() -> None:
    (entry,) = bibtexparser.parse_string(record_bibtex(with_doi(), PAGE)).entries
    assert (entry.entry_type, entry.key) == ("techreport", STEM)
    assert {name: field.value for name, field in entry.fields_dict.items()} == {
        "title": "Does clover mulch save water in vegetable beds?",
        "year": "2026",
        "date": "2026-06-14",
        "institution": "Garden Syntheses",
        "doi": "10.5555/check.me",
        "note": f"Identifier: srch:C10FE201. Checked by claimgate: {PAGE}",
    }
    (row,) = rispy.loads(record_ris(with_doi(), PAGE))
    assert (row["type_of_reference"], row["id"], row["title"]) == ("RPRT", STEM, entry["title"])
    assert (row["year"], row["date"], row["publisher"]) == ("2026", "2026/06/14", "Garden Syntheses")
    assert row["doi"] == "10.5555/check.me"
    assert row["notes"] == [entry["note"]]


def test_a_record_without_a_title_is_given_none() -> None:
    (entry,) = bibtexparser.parse_string(record_bibtex(empty_record())).entries
    assert [field.key for field in entry.fields] == ["note"]
    assert set(rispy.loads(record_ris(empty_record()))[0]) == {"type_of_reference", "id", "notes"}
    assert "name" not in record_graph(empty_record(), (), KNOWN)["itemReviewed"]


@RECORDS
def test_a_record_is_one_entry_whatever_its_title(make) -> None:
    nasty = f"}}\n@article{{x, title={{y}}}}\nER  - \nTY  - JOUR {SCRIPT}"
    for record in (make(), make().model_copy(update={"title": nasty, "title_stated": True, "publisher": nasty})):
        library = bibtexparser.parse_string(record_bibtex(record))
        assert (len(library.entries), library.failed_blocks) == (1, [])
        assert len(rispy.loads(record_ris(record))) == 1


def test_downloads_name_what_each_file_holds_its_format_and_size() -> None:
    page = record_page(rich_record(), files=("report.pdf", "notes.unheard-of"), sizes={"report.pdf": 40_960})
    rows = section(page, "downloads").xpath(".//tbody/tr")
    assert [[text_of(cell) for cell in row] for row in rows] == [
        ["report.pdf", "Report, to read and print", "application/pdf", "41.0 kB"],
        ["notes.unheard-of", "notes.unheard-of", "not known", "not known"],
    ]
    assert rows[0].xpath(".//a/@href") == [f"{STEM}/report.pdf"]


@pytest.mark.parametrize(
    ("size", "words"), [(0, "0 bytes"), (999, "999 bytes"), (1_000, "1.0 kB"), (2_345_678, "2.3 MB")]
)
def test_sizes_are_said_in_words(size: int, words: str) -> None:
    assert size_in_words(size) == words


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.json", "application/json"), ("references.csl.json", "application/vnd.citationstyles.csl+json"), ("x", None)],
)
def test_media_types_follow_the_name(name: str, kind: str | None) -> None:
    assert media_type(name) == kind

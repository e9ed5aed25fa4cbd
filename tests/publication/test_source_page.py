"""The page of a source: what it is, who draws on it, and which claims rest on it."""

import re

import pytest

from pipelines.models import ClaimVerdict, Stance
from pipelines.publication.site.build import record_page
from pipelines.publication.site.folder_pages import source_page
from pipelines.publication.site.text import identifier_link, page_name, source_page_name
from pipelines.publication.source_views import SourceCounts
from tests.publication.folder_pages import (
    SCRIPT,
    citing_record,
    hostile_source,
    resting,
    rich_source,
    uncited_source,
)
from tests.publication.pages import hostile_record, parsed, section, text_of
from tests.publication.published_records import gated_record, rich_record


def test_page_says_what_the_work_is_and_where_its_identifiers_lead():
    document = parsed(source_page(rich_source()))
    said = text_of(document)
    for part in ("Rows, weekly", "A. Fern, B. Moss", "2019", "Garden Letters", "journal article", "CC-BY-4.0"):
        assert part in said
    assert "Abstract, known to be cut" in said
    links = dict(zip(document.xpath("//dl//a/text()"), document.xpath("//dl//a/@href"), strict=True))
    assert links == {
        "doi:10.5555/rows": "https://doi.org/10.5555/rows",
        "arxiv:1901.00001": "https://arxiv.org/abs/1901.00001",
        "pmid:7": "https://pubmed.ncbi.nlm.nih.gov/7",
        "arxiv:1901.00001v2": "https://arxiv.org/abs/1901.00001v2",
    }
    assert "title:0123" in said


def test_a_retracted_work_says_so_first_and_how_many_claims_rest_on_it_alone():
    document = parsed(source_page(rich_source()))
    (banner,) = document.xpath('//div[@class="banner alarm"]')
    assert text_of(banner).startswith("⊘ RETRACTED 2026-06-20 (10.5555/rows-r), says library:sources.jsonl")
    assert "1 claim is decided by this work alone" in text_of(banner)
    assert banner.getnext().tag == "header", "before the title"
    assert "Corrected" not in text_of(banner)
    assert "Corrected 2020-01-02, says crossref" in text_of(section(source_page(rich_source()), "notices"))


def test_a_work_without_notices_has_no_banner_and_no_acquittal():
    page = source_page(rich_source(notices=()))
    assert not parsed(page).xpath('//div[contains(@class, "banner")]')
    assert "That none is held does not say that there is none." in text_of(section(page, "notices"))


def test_each_record_is_named_with_its_entry_finding_and_the_claims_that_rest_on_the_source():
    document = parsed(source_page(rich_source()))
    first, second = document.xpath('//article[@class="citing"]')
    record = citing_record()
    assert first.xpath("./h3/a/@href") == [f"../{page_name(record.record_id)}"]
    assert "cited by the record" in text_of(first)
    assert "Entry 7 of its list: ≠ Misdescribed ⊘ RETRACTED" in text_of(first)
    claims = [text_of(one) for one in first.xpath('.//ul[@class="resting"]/li')]
    assert claims == [
        "✓ Supported Claim 1: Mulch number 1 kept the beds moist. Quoted: ✓ for · rests on this source alone",
        "✗ Refuted Claim 2: Mulch number 2 kept the beds moist. Quoted: ✗ against; · nearest sentence, decides nothing",
        "? Not enough information Claim 3: Mulch number 3 kept the beds moist. "
        "Quoted: · nearest sentence, decides nothing · a person's verdict",
    ]
    assert first.xpath('.//ul[@class="resting"]//a/@href') == [
        f"../{page_name(record.record_id)}#claim-{ordinal}" for ordinal in (1, 2, 3)
    ]
    assert "2 more of its claims rest on this source" in text_of(first)
    assert "found for its claims by searching the library" in text_of(second)


def test_a_record_without_a_page_is_named_and_not_linked():
    _, second = parsed(source_page(rich_source())).xpath('//article[@class="citing"]')
    assert not second.xpath(".//a")
    assert "its page is not published yet" in text_of(second)


def test_figures_are_of_all_records_and_those_left_out_are_counted():
    counts = SourceCounts(records=10_000, claims=30_000, supported=20_000, refuted=4_000, disputed=1_000, open=5_000)
    page = source_page(rich_source(counts=counts))
    figures = [text_of(one) for one in parsed(page).xpath('//dl[@class="tally"]//dd')]
    assert figures == ["10,000", "30,000", "20,000", "4,000", "1,000", "5,000", "0"]
    assert "9,998 more records draw on this source and are not listed here" in text_of(parsed(page))


def test_a_source_that_nobody_draws_on_any_more_says_so():
    said = text_of(parsed(source_page(uncited_source())))
    assert "No published record draws on this source any more." in said
    assert said.count("not stated") == 3
    assert "none Nothing can be checked against it." in said


def test_hostile_texts_are_shown_bounded_and_never_obeyed():
    page = source_page(hostile_source())
    assert SCRIPT not in page
    assert "&lt;script&gt;" in page
    assert "[U+202E]" in page
    assert "49" not in re.sub(r"[\w-]{17,}", "", page), "no text is a template"
    assert len(page) < 150_000
    page.encode()
    for href in parsed(page).xpath("//a/@href"):
        assert href.startswith(("#", "../", "https://doi.org/10.1/")), href


@pytest.mark.parametrize(
    ("name", "link"),
    [
        ("doi:10.1/a b", "https://doi.org/10.1/a%20b"),
        ("arxiv:2406.12845v3", "https://arxiv.org/abs/2406.12845v3"),
        ("openalex:W27", "https://openalex.org/W27"),
        ("url:https://a.example/x", "https://a.example/x"),
        ("isbn:9780000000000", None),
        ("title:0af3", None),
        ("url:javascript:alert(1)", None),
        ("javascript:alert(1)", None),
        ("doi:", None),
        ("doi", None),
        ("doi:" + "1" * 1_000, None),
    ],
)
def test_identifier_leads_to_its_resolver_or_nowhere(name: str, link: str | None):
    assert identifier_link(name) == link


@pytest.mark.parametrize("make", [rich_record, gated_record, hostile_record])
def test_record_page_links_the_page_of_each_of_its_sources(make):
    record = make()
    links = set(parsed(record_page(record)).xpath("//a/@href"))
    sources = {source_page_name(one.source_id) for one in (*record.sources, *record.found_sources)}
    assert sources
    assert {href for href in links if href.startswith("sources/")} == sources


def test_quotation_and_reference_keep_their_way_to_the_source_on_the_page():
    document = parsed(record_page(rich_record()))
    caption = document.xpath('//tr[@id="claim-1"]//figcaption')[0]
    assert caption.xpath(".//a/@href") == ["#source-1", source_page_name("doi:10.5555/clover")]
    reference = document.xpath('//table[contains(@class, "references")]/tbody/tr')[0]
    assert reference.xpath("./td//a/@href") == ["#source-1", source_page_name("doi:10.5555/clover")]


def test_claims_alone_are_marked_only_where_they_are():
    page = source_page(
        rich_source(records=(citing_record(claims=(resting(1, ClaimVerdict.DISPUTED, Stance.SUPPORTS),)),))
    )
    assert "rests on this source alone" not in page

"""What holds on every page of the site, its index, its calibration page and its file names."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.publication.site.address import SiteAddress
from pipelines.publication.site.build import (
    assets,
    calibration_page,
    manifest_name,
    page_name,
    record_page,
    system_page,
)
from pipelines.publication.site.folder_pages import activation_page, source_page
from pipelines.publication.site.system.view import SystemView
from tests.publication.folder_pages import (
    empty_activation,
    hostile_activation,
    hostile_source,
    rich_activation,
    rich_source,
    uncited_source,
)
from tests.publication.pages import OVERRIDE, SCRIPT, hostile_record, index_page, list_files, measured, parsed, text_of
from tests.publication.published_records import empty_record, gated_record, rich_record
from tests.publication.system_views import rich_view

# Links of these kinds are read by who asks for them; a browser loads none of them.
NEVER_FETCHED = ("alternate", "cite-as", "type", "related", "describedby", "item", "linkset", "schema.DC")

ADDRESS = SiteAddress(url="https://checks.example/site/")
FILES = ("report.pdf", "claims.csv", "manifest.json", "linkset.json")

ALL = pytest.mark.parametrize(
    "page",
    [
        record_page(rich_record()),
        record_page(
            rich_record(), address=ADDRESS, files=FILES, sizes={"report.pdf": 40_960}, manifest_sha256="ab" * 32
        ),
        record_page(gated_record()),
        record_page(empty_record()),
        record_page(hostile_record()),
        index_page(rich_record(), empty_record(), hostile_record()),
        index_page(),
        list_files(rich_record(), hostile_record())["records-2026-06.html"].decode(),
        calibration_page([measured()]),
        calibration_page([]),
        calibration_page([measured(f"{SCRIPT} {OVERRIDE}", f"{SCRIPT} {OVERRIDE} {'A' * 100_000}")]),
        system_page(rich_view(), {"0a1b2c3d": measured()}),
        system_page(SystemView(), {}),
        source_page(rich_source()),
        source_page(uncited_source()),
        source_page(hostile_source()),
        activation_page(rich_activation()),
        activation_page(empty_activation()),
        activation_page(hostile_activation()),
    ],
    ids=[
        "rich",
        "rich with files",
        "gated",
        "empty",
        "hostile",
        "index",
        "empty index",
        "month",
        "calibration",
        "empty calibration",
        "hostile calibration",
        "system",
        "empty system",
        "source",
        "uncited source",
        "hostile source",
        "activation",
        "empty activation",
        "hostile activation",
    ],
)


@ALL
def test_page_forbids_everything_but_its_own_style(page: str):
    (policy,) = parsed(page).xpath('//meta[@http-equiv="Content-Security-Policy"]/@content')
    assert "default-src 'none'" in policy
    assert "style-src 'self'" in policy
    assert "img-src 'self' data:" in policy
    assert "unsafe" not in policy
    assert ("script-src 'self'" in policy) == bool(parsed(page).xpath("//script[@src]"))


@ALL
def test_page_asks_for_nothing_from_outside_and_runs_nothing(page: str):
    document = parsed(page)
    assert [href.removeprefix("../") for href in document.xpath('//link[@rel="stylesheet"]/@href')] == ["style.css"]
    assert document.xpath('//link[@rel="icon"]/@href') == ["data:,"]  # no picture, so that none is asked for
    assert set(document.xpath("//link/@rel")) <= {"stylesheet", "icon", *NEVER_FETCHED}
    assert not document.xpath("//@srcset | //@style | //@action | //@ping")
    assert not document.xpath("//iframe | //object | //embed | //base | //style | //img")
    # The list of all records alone has a script, which is a file of the site, and a form that is sent nowhere.
    run = document.xpath("//*[@src] | //script[not(@type='application/ld+json')]")
    assert [dict(one.attrib) for one in run] in ([], [{"src": "site.js", "defer": "defer"}])
    assert bool(document.xpath("//form")) == bool(run)
    assert all(data.keys() == ["type"] for data in document.xpath("//script[@type='application/ld+json']"))
    assert not [name for name in document.xpath("//@*") if name.attrname.startswith("on")]


@ALL
def test_page_names_the_feed_of_corrections(page: str):
    (feed,) = parsed(page).xpath('//head/link[@rel="alternate"]')
    assert (feed.get("type"), feed.get("href").removeprefix("../")) == ("application/atom+xml", "corrections.atom")


@ALL
def test_links_lead_to_the_site_itself_or_by_http(page: str):
    for href in parsed(page).xpath("//a/@href"):
        assert re.fullmatch(
            r"#[\w-]+|(\.\./)?([a-z0-9-]+/)?[a-z0-9.-]+\.(html(#[\w-]+)?|json|zip|pdf|csv)|https?://[!-~]+", href
        ), href


@ALL
def test_links_within_the_page_arrive(page: str):
    document = parsed(page)
    ids = document.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {href[1:] for href in document.xpath("//a/@href") if href.startswith("#")} <= set(ids)


@ALL
def test_page_names_its_language_and_starts_with_a_way_to_the_content(page: str):
    document = parsed(page)
    assert document.get("lang") == "en"
    assert document.body[0].get("href") == "#main"


@ALL
def test_headings_descend_one_step_at_a_time(page: str):
    levels = [int(tag.tag[1]) for tag in parsed(page).xpath("//h1|//h2|//h3|//h4")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


@ALL
def test_tables_have_a_caption_and_headers_with_scope(page: str):
    for table in parsed(page).xpath("//table"):
        assert text_of(table.xpath("./caption")[0])
        assert table.xpath(".//th")
        assert all(head.get("scope") for head in table.xpath(".//th"))


@ALL
def test_no_absent_value_is_printed_by_its_program_name(page: str):
    assert not re.search(r"\b(None|Undefined|True|False|nan)\b", parsed(page).text_content())


@pytest.mark.parametrize("make", [rich_record, empty_record, hostile_record])
def test_page_of_the_same_record_has_the_same_bytes(make):
    assert record_page(make()).encode() == record_page(make()).encode()


def test_calibration_page_shows_curve_figures_data_licence_and_date():
    document = parsed(calibration_page([measured()]))
    said_there = text_of(document)
    for entry in (
        "Back end “features”, measured on 2026-11-21",
        "Sources given: the claim names its source, or its record does. 160 cases",
        "(ECE), is 0.05.",
        "pairs written for a test: 1,160 rows, coefficients and calibration. Licence: CC BY 4.0.",
        "Sources searched: found in a library by searching for the claim. No case was measured.",
    ):
        assert entry in said_there
    (svg,) = document.xpath('//*[local-name()="svg"]')
    assert "160 cases" in svg.get("aria-label")
    rows = [[text_of(cell) for cell in row] for row in document.xpath("//table/tbody/tr")]
    assert rows[0] == ["0 % to 50 %", "40", "40 %", "45 %", "31 % to 60 %"]
    assert len(rows) == 2


def test_calibration_page_without_a_measurement_says_so():
    assert "Nothing was measured yet" in text_of(parsed(calibration_page([])))


def test_every_page_leads_to_the_calibration_page():
    for page in (record_page(rich_record()), record_page(empty_record()), index_page(rich_record())):
        assert "calibration.html" in parsed(page).xpath("//a/@href")


@given(st.text(), st.text())
def test_file_names_are_safe_and_as_different_as_the_ids(one: str, other: str):
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]{0,80}\.html", page_name(one))
    assert (page_name(one) == page_name(other)) == (one == other)


def test_ids_that_differ_in_case_only_get_names_that_differ_without_case():
    assert page_name("doi:10.1/A").lower() != page_name("doi:10.1/a").lower()


def test_file_name_of_an_id_never_changes():
    assert page_name("srch:C10FE201") == "srch-c10fe201-bdb2efbb2b4bfa37.html"
    assert manifest_name("srch:C10FE201") == "srch-c10fe201-bdb2efbb2b4bfa37/manifest.json"


def test_index_lists_each_record_with_its_six_counts_and_adds_them_up():
    page = index_page(rich_record(), empty_record(), rich_record())
    rows = parsed(page).xpath("//tbody/tr")
    counts = [[cell.text_content() for cell in row.xpath('./td[contains(@class, "number")]')] for row in rows]
    assert counts == [list("621111"), list("621111"), list("000000")]
    total = parsed(page).xpath('//tfoot/tr/td[contains(@class, "number")]')
    assert [cell.text_content() for cell in total] == ["12", "4", "2", "2", "2", "2"]
    heads = [text_of(head) for head in parsed(page).xpath('//thead/tr/th[@class="number"]')]
    assert [head.lstrip("✓✗⇄?○ ") for head in heads] == [
        "extracted",
        "supported",
        "refuted",
        "disputed",
        "not enough information",
        "not checked",
    ]


def test_index_line_says_score_spread_tier_references_and_gates():
    (row,) = parsed(index_page(rich_record())).xpath("//tbody/tr")
    said = text_of(row)
    for part in ("5.25 (4.00 to 6.50)", "Watchlist", "1 found, 1 misdescribed", "1 retracted", "✗ Failed"):
        assert part in said
    assert "synthetic" in said
    assert row.xpath("./th/a/@href") == [page_name("srch:C10FE201")]


def test_index_of_nothing_says_that_nothing_is_there():
    page = index_page()
    assert "Nothing is here yet" in page
    assert not parsed(page).xpath("//table")


def test_style_sheet_loads_nothing_and_covers_dark_print_and_phone():
    style = assets()["style.css"].decode()
    assert "url(" not in style
    assert "@import" not in style
    for query in ("prefers-color-scheme: dark", "@media print", "max-width: 44rem"):
        assert query in style

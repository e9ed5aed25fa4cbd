"""The whole site in Chromium, as the demo makes it: what a reader finds, follows, hears and prints.

The demo is run once, so all its tests stand in this file; pages of kinds that it has none of are built beside it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pypdfium2
import pytest
from playwright.sync_api import Locator, expect

from pipelines.publication.activation_views import Standing
from pipelines.publication.site.build import assets, record_page, tombstone_page
from pipelines.publication.site.folder_pages import activation_page, source_page
from pipelines.publication.site.text import activation_page_name, page_name
from pipelines.publication.tombstones import RemovedText, Tombstone
from tests.browser.visits import Visit
from tests.browser.whole_site import dead_links, page_with
from tests.processes import House, read_until
from tests.publication.folder_pages import hostile_activation, hostile_source, rich_activation
from tests.publication.pages import hostile_record
from tests.publication.test_report import searched_record
from warehouse.connection import Warehouse
from warehouse.location import WarehouseLocation

pytestmark = pytest.mark.slow

Visits = Callable[..., Visit]
TREES = "text:11812bc2bb50c1c51671dd853e064086"
PHONE = {"width": 390, "height": 844}
STONE = Tombstone(
    withdrawal_id="w1",
    kind="record",
    subject_id="text:0123",
    withdrawn_at=datetime(2026, 7, 1, tzinfo=UTC),
    reason="Asked for by its author.",
    removed=(RemovedText(what="document", id="d1", sha256="ab" * 32, size=1_200),),
)
# Kind of page to where it stands, or to words of its source that no page before it holds.
KINDS = {
    "index": "index.html",
    "month": "records-2026-06.html",
    "record with artifacts": page_name(TREES),
    "record on retracted work": "*.html: Draws on retracted or withdrawn work",
    "record without verdicts": "*.html: <title>Paints against fouling on small hulls",
    "record with figures of its own": "*.html: <title>Bacterial Additives Double",
    "answer": "*.html: Answer with passages, as checked",
    "source": "sources/*.html: No retraction, correction or other notice",
    "retracted source": "sources/*.html: banner alarm",
    "gate in force": activation_page_name("gate-2@2026-11-01"),
    "gate superseded": activation_page_name("gate-2@2026-06-10"),
    "system": "system.html",
    "calibration": "calibration.html",
    "rules": "rules.html",
    "tombstone": "made/tombstone.html",
    "question": "made/question.html",
    "gate announced": "made/gates/announced.html",
}
HOSTILE = ("made/record.html", "made/sources/source.html", "made/gates/gate.html")
EVERY_KIND = pytest.mark.parametrize("kind", KINDS)
RECORDS = ("record with artifacts", "record on retracted work", "answer")


@dataclass(frozen=True)
class Demo:
    house: House

    @property
    def base(self) -> str:
        return f"{self.house.site.as_uri()}/"

    def path(self, kind: str) -> str:
        pattern, _, words = KINDS[kind].partition(": ")
        return page_with(self.house.site, pattern, words) if words else pattern

    def manifests(self) -> dict[str, dict[str, Any]]:
        """By the name of the record's page."""
        found = self.house.site.glob("*/manifest.json")
        return {f"{one.parent.name}.html": json.loads(one.read_bytes()) for one in found}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    house = House(tmp_path_factory.mktemp("demo"))
    ended = house.claimgate("run")
    assert ended.code == 0, ended.err
    dead = list(dead_links(house.site))
    assert dead == []
    pages = {
        "tombstone": tombstone_page(STONE),
        "question": record_page(searched_record()),
        "record": record_page(hostile_record()),
        "sources/source": source_page(hostile_source()),
        "gates/gate": activation_page(hostile_activation()),
        "gates/announced": activation_page(rich_activation(standing=Standing.ANNOUNCED)),
    }
    for name, data in (*assets().items(), *((f"{name}.html", page.encode()) for name, page in pages.items())):
        file = house.site / "made" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return Demo(house)


@pytest.fixture
def served(demo: Demo) -> Iterator[str]:
    with demo.house.started("serve", "--port", "0") as process:
        assert process.stderr is not None
        [*_, line] = read_until(process.stderr, "Pages: ")
        yield re.findall(r"http://127\.0\.0\.1:\d+/", line)[0]


# --- following ----------------------------------------------------------------------------------


def follow(link: Locator, address: str) -> None:
    link.click()
    expect(link.page).to_have_url(re.compile(address))


def find_and_follow(visitor: Visit) -> None:
    """From words to a claim, from its evidence to the source's own page, and back to the record."""
    page = visitor.open("index.html")
    page.get_by_role("searchbox", name="Search").fill("canopy cover cooler afternoon")
    expect(page.locator("#counted")).to_have_text("1 of 10 records, 1 claim with these words")
    follow(page.locator("#found .hits").get_by_role("link", name="Claim 1"), rf"/{page_name(TREES)}#claim-1$")
    claim = page.locator("tr:target")
    expect(claim).to_have_id("claim-1")
    expect(claim).to_be_in_viewport()
    expect(claim).to_contain_text("streets with at least 40 % canopy cover were 1.8 degrees Celsius cooler")
    source = claim.locator("figcaption a").first.inner_text()
    follow(claim.get_by_role("link", name="who else draws on it").first, r"/sources/[\w-]+\.html$")
    expect(page.get_by_role("heading", level=1)).to_have_text(source)
    follow(page.get_by_role("link", name="Claim 1", exact=True), rf"/{page_name(TREES)}#claim-1$")
    expect(page.locator("tr:target")).to_be_in_viewport()
    follow(page.get_by_role("navigation", name="Site").get_by_role("link", name="claimgate"), r"/index\.html$")
    visitor.assert_clean()


def test_reader_gets_from_words_to_claim_source_and_back_in_the_files(visit: Visits, demo: Demo) -> None:
    find_and_follow(visit(demo.base))


def test_reader_gets_from_words_to_claim_source_and_back_where_it_is_served(visit: Visits, served: str) -> None:
    find_and_follow(visit(served))


def test_every_gate_on_a_record_leads_to_its_activation(visit: Visits, demo: Demo) -> None:
    visitor = visit(demo.base)
    for number, standing in ((1, "In force"), (2, "In force")):
        page = visitor.open(f"{page_name(TREES)}#gate-{number}")
        expect(page.locator(":target")).to_be_in_viewport()
        follow(page.locator(f"h3#gate-{number} a"), rf"/gates/gate-{number}-[\w-]+\.html$")
        expect(page.locator("header.head")).to_contain_text(standing)


# --- highlights ---------------------------------------------------------------------------------

MARKS = """
() => [...document.querySelectorAll("mark")].map((mark) => {
  const back = (one) => { // what is painted behind an element
    while (one && getComputedStyle(one).backgroundColor === "rgba(0, 0, 0, 0)") one = one.parentElement;
    return getComputedStyle(one ?? document.documentElement).backgroundColor;
  };
  const figure = mark.closest("figure"), box = mark.getBoundingClientRect();
  return {
    claim: mark.closest("tr[id]").id, text: mark.textContent, paragraph: mark.closest("p").innerText,
    side: figure.querySelector(".side").innerText, place: figure.lastElementChild.innerText,
    seen: box.width > 0 && box.height > 0 && mark.checkVisibility({ opacityProperty: true }),
    back: back(mark), around: back(mark.parentElement),
  };
})
"""
SIDES = {"SUPPORTS": "✓ For", "REFUTES": "✗ Against", "NEUTRAL": "· Nearest sentence, decides nothing"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_highlight_is_the_sentence_at_its_place_and_is_seen(visit: Visits, demo: Demo, scheme: str) -> None:
    with Warehouse(WarehouseLocation(demo.house.database)).read() as connection:
        passages = dict(connection.execute("SELECT passage_id, text FROM passages").fetchall())
    visitor = visit(demo.base, color_scheme=scheme)
    seen = 0
    for name, manifest in demo.manifests().items():
        page = visitor.open(name)
        page.locator("details").evaluate_all("(all) => all.forEach((one) => { one.open = true; })")
        held = {
            (f"claim-{view['claim']['ordinal']}", one["text"], SIDES[one["stance"]]): one
            for view in manifest["claims"]
            for one in view["evidence"]
        }
        for mark in page.evaluate(MARKS):
            one = held[mark["claim"], mark["text"], mark["side"]]
            passage = passages[one["passage_id"]]
            assert passage[one["start"] : one["end"]] == mark["text"]
            assert f"characters {one['start']:,} to {one['end']:,} of the passage" in mark["place"]
            assert " ".join(mark["paragraph"].strip("[… ]").split()) in " ".join(passage.split())
            assert mark["seen"], mark
            assert mark["back"] != mark["around"], mark
            seen += 1
    assert seen >= 52  # claims supported, each by a sentence at least
    visitor.assert_clean()


# --- every kind of page -------------------------------------------------------------------------


@EVERY_KIND
def test_page_is_clean_keeps_nobody_out_and_fits_a_phone(visit: Visits, demo: Demo, kind: str) -> None:
    visitor = visit(demo.base, color_scheme="light")
    page = visitor.open(demo.path(kind))
    assert visitor.serious() == []
    page.emulate_media(color_scheme="dark")
    assert visitor.serious("color-contrast") == []
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    visitor.assert_clean()


@pytest.mark.parametrize("path", HOSTILE)
def test_hostile_text_runs_nothing_and_fits_a_phone(visit: Visits, demo: Demo, path: str) -> None:
    visitor = visit(demo.base, viewport=PHONE)
    page = visitor.open(path)
    expect(page.locator("body")).to_contain_text("<script>alert(1)</script>")
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    visitor.assert_clean()


# --- keyboard, paper, no script -----------------------------------------------------------------

REACHED = """
() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
  const all = [...document.querySelectorAll("a[href], summary, input, select, button:enabled, [tabindex='0']")];
  return {
    place: all.indexOf(one), text: one.innerText,
    outlined: style.outlineStyle !== "none" && style.outlineWidth !== "0px",
    inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    all: all.flatMap((each, n) => each.checkVisibility({ contentVisibilityAuto: true }) ? [n] : []),
  };
}
"""


@pytest.mark.parametrize("kind", ["index", "record on retracted work", "retracted source", "gate in force", "system"])
def test_keyboard_reaches_everything_in_order_and_shows_where_it_is(visit: Visits, demo: Demo, kind: str) -> None:
    page = visit(demo.base).open(demo.path(kind))
    reached: list[int] = []
    for _ in range(1_000):
        page.keyboard.press("Tab")
        at = page.evaluate(REACHED)
        if not reached:
            assert at["text"] == "Skip to the content"
        if at["place"] < 0 or reached[:1] == [at["place"]]:  # past the last, or round
            break
        assert at["outlined"], at
        assert at["inside"], at
        reached.append(at["place"])
        wanted = at["all"]
    assert reached == wanted
    page.reload()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"#main$"))


@pytest.mark.parametrize("kind", RECORDS)
def test_print_holds_claims_verdicts_and_all_evidence_and_no_navigation(visit: Visits, demo: Demo, kind: str) -> None:
    path = demo.path(kind)
    page = visit(demo.base).open(path)
    document = pypdfium2.PdfDocument(page.pdf())
    printed = plain(" ".join(sheet.get_textpage().get_text_bounded() for sheet in document))
    manifest = demo.manifests()[path]
    for view in manifest["claims"]:
        assert plain(view["claim"]["text"]) in printed
        for one in view["evidence"]:
            assert plain(one["text"]) in printed
    assert "Supported" in printed
    assert "Refuted" in printed
    for word in ("Skiptothecontent", "Manifest(JSON)"):
        assert word not in printed
    expect(page.locator("h1")).to_be_visible()
    page.emulate_media(media="print")
    for part in (".site-wide", ".toc", ".skip"):
        expect(page.locator(part)).to_be_hidden()


def plain(text: str) -> str:
    """Without spaces, breaks and hyphens, which paper puts where it likes."""
    return re.sub(r"[\s\u00ad\ufffe\u0002-]", "", text)


def test_without_a_script_every_record_and_every_claim_stands_there(visit: Visits, demo: Demo) -> None:
    visitor = visit(demo.base, java_script_enabled=False)
    manifests = demo.manifests()
    page = visitor.open("index.html")
    for name in manifests:
        expect(page.locator(f"main a[href='{name}']").first).to_be_visible()
    for name, manifest in manifests.items():
        page = visitor.open(name)
        expect(page.locator(".claims tr[id] .claim-text")).to_have_text(
            [view["claim"]["text"] for view in manifest["claims"]]
        )
        for section in ("verdicts", "references", "reviews", "gates", "corrections", "sources", "costs", "downloads"):
            expect(page.locator(f"h2#{section}")).to_be_visible()
    visitor.assert_clean()

"""The index in Chromium: a reader searches, filters, orders and follows, with a script and without."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from pipelines.models import Severity
from pipelines.publication.site.build import page_name
from pipelines.publication.views import PublicRecord
from tests.browser.built_site import site_records
from tests.browser.visits import Visit

Visits = Callable[..., Visit]
RECORDS = site_records()
ON_A_PAGE = 30
PHONE = {"width": 390, "height": 844}


def search(page: Page, words: str) -> None:
    page.get_by_role("searchbox", name="Search").fill(words)
    expect(page.locator("#counted")).to_contain_text("with these words")


def found(page: Page) -> list[str]:
    """The pages of the records found, as far as they are shown."""
    return page.locator("#found th a").evaluate_all("(all) => all.map((one) => one.getAttribute('href'))")


def counted(page: Page, number: int) -> None:
    told = f"{number} of {len(RECORDS)} records" if number else f"None of {len(RECORDS)} records"
    expect(page.locator("#counted")).to_have_text(re.compile(rf"^{told}\b"))


# --- search -------------------------------------------------------------------------------------


def test_words_of_a_claim_lead_to_the_claim(visit: Visits, base: str) -> None:
    visitor = visit(base)
    page = visitor.open("index.html")
    search(page, "mulch cut summer water LOSS 31 bare")
    (link,) = page.locator("#found .hits li").filter(has_text="against bare beds").all()[:1]
    assert link.locator("mark").all_text_contents() == ["mulch", "cut", "summer", "water", "loss", "31", "bare"]
    expect(link).to_contain_text("✓ supported")
    link.get_by_role("link", name="Claim 1").click()
    expect(page).to_have_url(re.compile(r"\.html#claim-1$"))
    row = page.locator("tr:target")
    expect(row).to_be_in_viewport()
    expect(row).to_contain_text("Clover mulch cut summer water loss by 31 % against bare beds.")
    visitor.assert_clean()


SEARCHES: list[tuple[str, list[str]]] = [
    ("sedge trial 007", ["made:7"]),
    ("SEDGE, Trial-007!", ["made:7"]),
    ("sédgé triàl ００７", ["made:7"]),
    ("10.5555/made.7", ["made:7", *(f"made:{n}" for n in range(70, 80))]),
    ('"made 77"', ["made:77"]),
    ("trial 77 plot 1", ["made:77"]),  # words of the title and, with them, of a claim
    ("grew 377", ["made:77"]),
    ('"plot 2 of sedge grew 277"', ["made:77"]),
    ('"sedge plot"', []),
    ("arden syntheses", []),  # words are found from their start
    ("nowhere", []),
    ("living clover reduce artifacts", ["srch:6A7ED"]),
]


def test_search_finds_by_words_from_their_start_and_phrases(visit: Visits, from_file: str) -> None:
    page = visit(from_file).open("index.html")
    for typed, records in SEARCHES:
        search(page, typed)
        counted(page, len(records))
        assert sorted(found(page)) == sorted(page_name(one) for one in records), typed


def test_best_match_stands_first(visit: Visits, from_file: str) -> None:
    page = visit(from_file).open("index.html")
    search(page, "clover mulch")
    assert found(page)[0] == page_name("srch:C10FE201")  # in its title; of others in claims
    assert len(found(page)) > 1


def test_reader_is_told_the_count_after_a_pause(visit: Visits, from_file: str) -> None:
    page = visit(from_file).open("index.html")
    search(page, "sedge trial 007")
    status = page.get_by_role("status")
    expect(status).to_have_text(f"1 of {len(RECORDS)} records, 0 claims with these words")
    page.get_by_role("button", name="Clear").click()
    expect(status).to_have_text("")
    expect(page.locator("#newest")).to_be_visible()


# --- filters and orders -------------------------------------------------------------------------

FILTERS: dict[tuple[str, str], Callable[[PublicRecord], bool]] = {
    ("claims", "refuted"): lambda one: one.counts.refuted > 0,
    ("claims", "disputed"): lambda one: one.counts.disputed > 0,
    ("claims", "open"): lambda one: one.counts.not_enough_info > 0,
    ("claims", "unchecked"): lambda one: one.counts.not_checked > 0,
    ("claims", "supported"): lambda one: 0 < one.counts.extracted == one.counts.supported,
    ("references", "retracted"): lambda one: one.reference_counts.retracted > 0,
    ("references", "misdescribed"): lambda one: one.reference_counts.misdescribed > 0,
    ("references", "fabricated"): lambda one: one.reference_counts.likely_fabricated > 0,
    ("gate", "Gate 3: Red team: Failed"): lambda one: any(view.gate == "gate-3" for view in one.gates),
    ("tier", "DOI_GRADE"): lambda one: one.tier is not None and one.tier.value == "DOI_GRADE",
    ("month", "2026-06"): lambda one: one.cohort == "2026-06",
    ("month", "undated"): lambda one: one.cohort == "undated",
    ("publisher", "Sedge Press 1"): lambda one: one.publisher == "Sedge Press 1",
    ("synthetic", "only"): lambda one: one.synthetic,
    ("synthetic", "without"): lambda one: not one.synthetic,
    ("corrected", "yes"): lambda one: bool(one.corrections),
    ("errors", "yes"): lambda one: any(finding.severity is Severity.ERROR for finding in one.findings),
}


def test_every_filter_leaves_those_that_it_names(visit: Visits, from_file: str) -> None:
    visitor = visit(from_file)
    page = visitor.open("index.html")
    page.locator("#filters summary").click()
    for (name, value), fits in FILTERS.items():
        field = page.locator(f"[name={name}]")
        if field.get_attribute("type") == "checkbox":
            field.check()
        else:
            field.select_option(value)
        wanted = {page_name(one.record_id) for one in RECORDS if fits(one)}
        counted(page, len(wanted))
        assert set(found(page)) <= wanted, (name, value)
        assert len(found(page)) == min(len(wanted), ON_A_PAGE), (name, value)
        expect(page.locator("#filters summary")).to_contain_text("·")
        page.get_by_role("button", name="Clear").click()
        expect(page.locator("#newest")).to_be_visible()
    visitor.assert_clean()


def test_filters_and_search_hold_together(visit: Visits, from_file: str) -> None:
    page = visit(from_file).open("index.html#q=sedge+trial&claims=supported&publisher=Sedge+Press+1&synthetic=only")
    wanted = [n for n in range(130) if n % 4 == 3 and n % 3 == 1 and n % 2 == 0]
    counted(page, len(wanted))
    page.get_by_label("Synthetic records").evaluate("(field) => field.closest('details').open = true")
    page.get_by_label("Synthetic records").select_option("without")
    counted(page, len([n for n in range(130) if n % 4 == 3 and n % 3 == 1 and n % 2]))


ORDERS: dict[str, tuple[Callable[[PublicRecord], object], bool]] = {
    "newest": (lambda one: one.published_on, True),
    "oldest": (lambda one: one.published_on, False),
    "title": (lambda one: one.title, False),
    "score-down": (lambda one: one.review.score, True),
    "score-up": (lambda one: one.review.score, False),
    "share-down": (lambda one: one.counts.supported / one.counts.extracted if one.counts.extracted else None, True),
    "share-up": (lambda one: one.counts.supported / one.counts.extracted if one.counts.extracted else None, False),
    "refuted": (lambda one: one.counts.refuted, True),
    "corrections": (lambda one: len(one.corrections), True),
}


def test_every_order_holds_over_all_pages_with_absent_values_last(visit: Visits, from_file: str) -> None:
    page = visit(from_file).open("index.html")
    further = page.get_by_role("button", name="Further in this list")
    for order, (value, falling) in ORDERS.items():
        page.evaluate("(state) => { location.hash = state }", f"sort={order}&month=2026-05")
        counted(page, 130)
        expect(page.get_by_label("Order")).to_have_value(order)
        pages = found(page)
        while further.is_enabled():
            further.click()
            pages += found(page)
        by_page = {page_name(one.record_id): value(one) for one in RECORDS}
        values = [by_page[one] for one in pages]
        known = [one for one in values if one is not None]
        assert len(set(pages)) == 130, order
        assert values == sorted(known, reverse=falling) + [None] * (len(values) - len(known)), order


def test_undated_and_unscored_come_last_whichever_way(visit: Visits, from_file: str) -> None:
    page = visit(from_file).open("index.html#sort=oldest&claims=&synthetic=without")
    counted(page, 66)
    page.get_by_role("button", name="Further in this list").click()
    page.get_by_role("button", name="Further in this list").click()
    assert found(page)[-1] == page_name("text:0000")


def test_search_can_be_linked(visit: Visits, base: str) -> None:
    visitor = visit(base)
    page = visitor.open("index.html")
    search(page, "sedge trial")
    page.get_by_label("Order").select_option("title")
    page.get_by_role("button", name="Further in this list").click()
    address = page.evaluate("location.href")
    assert address.endswith("#q=sedge+trial&sort=title&from=31")
    shown = found(page)
    other = visit(base)
    opened = other.open(address.removeprefix(base))
    counted(opened, 130)
    assert found(opened) == shown
    assert opened.get_by_role("searchbox").input_value() == "sedge trial"
    # The way to the content is a fragment too, and no search.
    opened.locator(".skip").focus()
    opened.keyboard.press("Enter")
    assert found(opened) == shown
    visitor.assert_clean()
    other.assert_clean()


def test_address_with_nonsense_is_met_with_all_records(visit: Visits, from_file: str) -> None:
    visitor = visit(from_file)
    page = visitor.open("index.html#sort=__proto__&tier=constructor&from=-7e9&x=1&claims=%00")
    expect(page.locator("#newest")).to_be_visible()
    page.evaluate("location.hash = '#q=sedge&from=99999999'")
    counted(page, 130)
    assert found(page)
    visitor.assert_clean()


def test_row_that_the_script_makes_is_the_row_of_the_page(visit: Visits, from_file: str) -> None:
    page = visit(from_file).open("index.html")
    rows = "(rows) => rows.map((row) => [row.innerText, row.querySelector('a').getAttribute('href')])"
    still = page.locator("#newest > tr").evaluate_all(rows)
    totals = page.locator("#totals").inner_text()
    page.get_by_label("Order").select_option("newest")
    counted(page, len(RECORDS))
    made = page.locator("#found > tr").evaluate_all(rows)
    assert sorted(made[:3]) == sorted(still[:3])  # of one day
    assert made[3:ON_A_PAGE] == still[3:ON_A_PAGE]
    assert page.locator("#totals").inner_text() == totals.replace("All records", "All that were found")


# --- without a script, with keys, for everybody -------------------------------------------------


def test_everything_is_there_without_a_script(visit: Visits, base: str) -> None:
    visitor = visit(base, java_script_enabled=False)
    page = visitor.open("index.html")
    assert page.locator("#find").is_hidden()
    expect(page.locator("noscript p")).to_contain_text("need a script")
    expect(page.locator("noscript p")).to_be_visible()
    seen = set(page.locator("#newest th a").all_text_contents())
    assert len(seen) == 100
    page.get_by_role("link", name="May 2026").click()
    seen.update(page.locator("tbody th a").all_text_contents())
    page.get_by_role("link", name="Next page").first.click()
    seen.update(page.locator("tbody th a").all_text_contents())
    page.get_by_role("link", name="Undated »").first.click()
    seen.update(page.locator("tbody th a").all_text_contents())
    assert len(seen) >= len(RECORDS)
    page.get_by_role("link", name="Untitled record").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Untitled record")
    visitor.assert_clean()


def test_claim_is_reached_with_the_keyboard_alone(visit: Visits, from_file: str) -> None:
    visitor = visit(from_file)
    page = visitor.open("index.html")

    def tab_to(wanted: str, limit: int) -> None:
        for _ in range(limit):
            page.keyboard.press("Tab")
            if page.evaluate("(wanted) => document.activeElement.matches(wanted)", wanted):
                return
        raise AssertionError(f"{wanted} was not reached")

    tab_to(".skip", 1)
    tab_to("#q", 10)
    page.keyboard.type("grew 377")
    expect(page.locator("#counted")).to_contain_text("1 claim with these words")
    tab_to("#filters > summary", 4)
    page.keyboard.press("Enter")
    tab_to("[name=errors]", 12)
    page.keyboard.press("Space")
    counted(page, 0)
    page.keyboard.press("Space")
    counted(page, 1)
    tab_to(".hits a", 6)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"#claim-3$"))
    visitor.assert_clean()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_kept_out(visit: Visits, from_file: str, scheme: str) -> None:
    visitor = visit(from_file, color_scheme=scheme)
    rules = ("color-contrast",) if scheme == "dark" else ()  # the themes differ in colours alone
    found_by_page = {}
    for path in ("index.html", "records-2026-05-page-2.html", "index.html#q=clover&claims=refuted"):
        page = visitor.open(path)
        if "#" in path:
            page.locator("#filters summary").click()
            expect(page.locator("#counted")).to_contain_text("with these words")
        found_by_page[path] = visitor.serious(*rules, leave_out="tbody > tr:nth-child(n+9)")
    visitor.open(page_name("srch:C10FE201"))
    found_by_page["record"] = visitor.serious(*rules)
    assert found_by_page == {path: [] for path in found_by_page}
    visitor.assert_clean()


def test_phone_shows_all_without_scrolling_aside(visit: Visits, from_file: str) -> None:
    visitor = visit(from_file, viewport=PHONE)
    for path in ("index.html", "records-2026-05-page-2.html", "index.html#q=clover&claims=refuted"):
        page = visitor.open(path)
        if "#" in path:
            page.locator("#filters summary").click()
            expect(page.locator("#counted")).to_contain_text("with these words")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
        assert page.locator("#list, .scroll").first.evaluate("(one) => one.scrollWidth - one.clientWidth") <= 0, path


def test_print_holds_the_list_that_is_shown(visit: Visits, from_file: str) -> None:
    page = visit(from_file, viewport={"width": 750, "height": 1000}).open("index.html#q=grew+377")
    counted(page, 1)
    page.emulate_media(media="print")
    assert page.get_by_role("button", name="Clear").is_hidden()
    expect(page.locator("#found")).to_contain_text("plot 3 of sedge grew 377 mm")
    assert page.evaluate("document.documentElement.scrollWidth") <= 750


# --- what may go wrong --------------------------------------------------------------------------


def test_hostile_record_is_shown_and_does_nothing(visit: Visits, from_file: str) -> None:
    visitor = visit(from_file)
    page = visitor.open("index.html#q=alert+1")
    expect(page.locator("#counted")).to_contain_text("with these words")
    assert found(page)
    expect(page.locator("#found")).to_contain_text("<script>alert(1)</script>")
    expect(page.locator("#found")).to_contain_text("abc[U+202E]gnp.exe")
    assert page.locator("#list script, #list img, #list iframe, #list [onclick]").count() == 0
    assert len(page.locator("#found").inner_text()) < 5_000
    hrefs = page.locator("#found a").evaluate_all("(all) => all.map((one) => one.getAttribute('href'))")
    assert all(re.fullmatch(r"[a-z0-9-]+\.html(#claims?(-\d+)?)?", href) for href in hrefs)
    visitor.assert_clean()


@pytest.mark.parametrize("body", [None, "", "claimgateData('claims',1,'[]')", "claimgateData('claims',0,'{')"])
def test_data_that_do_not_come_are_missed_aloud(visit: Visits, from_server: str, body: str | None) -> None:
    visitor = visit(from_server)
    visitor.page.route(
        "**/search/claims-0.js?*",
        lambda route: route.abort() if body is None else route.fulfill(body=body, content_type="text/javascript"),
    )
    page = visitor.open("index.html#q=sedge")
    expect(page.locator("#unloaded")).to_be_visible()
    counted(page, 130)  # by their titles

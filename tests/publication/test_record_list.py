"""The list of all records: which record stands on which page, and what the search loads."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.models import ClaimVerdict, ReferenceCounts
from pipelines.publication.site import build
from pipelines.publication.site.build import RecordSummary, index_pages, page_name, summary_of
from pipelines.publication.site.record_list.data_files import data_files
from pipelines.publication.site.record_list.pages import CHOICES, month_name
from pipelines.publication.site.record_list.summary import LONGEST_CLAIM, LONGEST_CLAIMS
from pipelines.publication.site.text import LONGEST_TITLE, shown
from tests.publication.pages import SCRIPT, hostile_record, list_files, parsed, text_of
from tests.publication.published_records import claim_view, empty_record, rich_record

RICH = summary_of(rich_record())
MADE = 1_050


def line(number: int, cohort: str = "2026-06", **changed: object) -> RecordSummary:
    """A line of a record of its own, the first of the month with the lowest number."""
    fields: dict[str, object] = {
        "record_id": f"made:{number}",
        "page": page_name(f"made:{number}"),
        "title": f"Record {number:05d}",
        "cohort": cohort,
        "published_on": None if cohort == "undated" else f"{cohort}-14",
    }
    return RICH.model_copy(update=fields | changed)


def many() -> list[RecordSummary]:
    cohorts = ("2026-06", "2026-05", "undated")
    return [line(number, cohorts[0 if number < 250 else number % 3]) for number in range(MADE)]


def titles(page: bytes) -> list[str]:
    return [text_of(one) for one in parsed(page.decode()).xpath("//tbody/tr/th/a")]


def links(page: bytes, *, within: str = "//a") -> dict[str, str]:
    return {text_of(one): one.get("href") for one in parsed(page.decode()).xpath(within)}


def data_of(file: bytes) -> object:
    """What the page gets: the script's one call undone as a browser does it."""
    found = re.fullmatch(rb"claimgateData\('(records|claims)',\d+,'(.*)'\)\n", file, re.DOTALL)
    assert found, file[:80]
    text = re.sub(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|(.))", unescaped, found[2].decode())
    return json.loads(text)


def unescaped(found: re.Match[str]) -> str:
    return chr(int(found[1] or found[2], 16)) if found[1] or found[2] else found[3]


def changed(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> set[str]:
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}


# --- pages --------------------------------------------------------------------------------------


def test_every_record_stands_on_one_page_of_its_month() -> None:
    files = dict(index_pages(many()))
    found = [title for path, page in files.items() if path.startswith("records-") for title in titles(page)]
    assert sorted(found) == [f"Record {number:05d}" for number in range(MADE)]
    assert len(titles(files["records-2026-06.html"])) == 100
    assert list(files)[-1] == "index.html"


def test_index_shows_the_newest_and_leads_on_to_where_the_next_one_stands() -> None:
    files = dict(index_pages(many()))
    assert titles(files["index.html"]) == titles(files["records-2026-06.html"])
    assert links(files["index.html"])["Older records"] == "records-2026-06-page-2.html"
    assert "1,050 records with 6,300 claims" in text_of(parsed(files["index.html"].decode()))
    few = dict(index_pages([line(1), line(2, "undated"), *(line(n, "2026-05") for n in range(3, 150))]))
    assert titles(few["index.html"])[:2] == ["Record 00001", "Record 00003"]
    assert links(few["index.html"])["Older records"] == "records-2026-05.html"
    assert "Older records" not in links(dict(index_pages([line(1)]))["index.html"])


def test_months_go_from_the_newest_to_the_undated() -> None:
    index = dict(index_pages(many()))["index.html"]
    assert list(links(index, within="//nav[@class='months']//a")) == ["June 2026", "May 2026", "Undated"]


def test_pages_lead_from_one_to_the_next_until_all_were_seen() -> None:
    files = dict(index_pages(many()))
    seen, path = [], "records-2026-06.html"
    while path:
        seen.append(path)
        found = links(files[path], within="//nav[@class='turn'][1]//a")
        path = found.get("Next page") or next((href for text, href in found.items() if text.endswith("»")), "")
    assert sorted(seen) == sorted(path for path in files if path.startswith("records-"))
    found = links(files["records-2026-06-page-2.html"], within="//nav[@class='turn'][1]//a")
    assert found["First page"] == found["Previous page"] == "records-2026-06.html"
    assert found["Last page"] == "records-2026-06-page-6.html"
    assert found["May 2026 »"] == "records-2026-05.html"


def test_every_link_of_the_lists_arrives() -> None:
    files = dict(index_pages(many()))
    known = set(files) | {one.page for one in many()} | {"calibration.html", "rules.html", "system.html"}
    for path in (path for path in files if path.endswith(".html")):
        asked = {href for href in parsed(files[path].decode()).xpath("//a/@href") if not href.startswith("#")}
        assert asked <= known, path


def test_files_are_the_same_in_whatever_order_the_records_come() -> None:
    assert dict(index_pages(many())) == dict(index_pages(many()[::-1]))


@pytest.mark.parametrize(
    ("change", "pages"),
    [
        ({"tier": None}, {"records-2026-06.html", "index.html"}),
        ({"score": None}, {"records-2026-06.html", "index.html"}),
        ({"claims": ()}, {"index.html"}),
    ],
)
def test_change_of_one_record_changes_its_files_and_the_pages_it_stands_on(
    change: dict[str, object], pages: set[str]
) -> None:
    records = many()
    before = dict(index_pages(records))
    records[3] = records[3].model_copy(update=change)
    found = changed(before, dict(index_pages(records)))
    data = {path for path in found if path.startswith("search/")}
    assert found - data == pages
    assert len(data) == 1


def test_new_record_changes_the_pages_of_its_month_only() -> None:
    records = many()
    found = changed(dict(index_pages(records)), dict(index_pages([*records, line(MADE, "undated")])))
    assert {path for path in found if "records-2026" in path} == set()
    assert len([path for path in found if path.startswith("search/")]) == 2


def test_filters_offer_what_there_is_and_very_many_publishers_only_in_part() -> None:
    records = [line(n, publisher=f"Publisher {n}", reference_counts=ReferenceCounts()) for n in range(CHOICES + 7)]
    page = parsed(dict(index_pages(records))["index.html"].decode())
    assert page.xpath("//select[@name='gate']/option/@value") == [
        "",
        "Gate 1: Grounding: Failed",
        "Gate 2: Verification: Not attempted",
    ]
    assert page.xpath("//select[@name='tier']/option/@value") == ["", "WATCHLIST"]
    assert len(page.xpath("//select[@name='publisher']/option[@value != '']")) == CHOICES
    assert "7 more: search for the name" in text_of(page)


def test_cohort_that_is_no_month_keeps_its_name() -> None:
    assert [month_name(cohort) for cohort in ("2026-06", "undated", "2026-13")] == ["June 2026", "Undated", "2026-13"]


# --- data ---------------------------------------------------------------------------------------


def test_data_hold_every_record_and_claim_once_and_say_their_version_in_the_index() -> None:
    files = dict(index_pages(many()))
    lines = [one for path in files if path.startswith("search/records-") for one in data_of(files[path])["lines"]]
    assert sorted(one[1] for one in lines) == [f"Record {number:05d}" for number in range(MADE)]
    claims = [one for path in files if path.startswith("search/claims-") for one in data_of(files[path])]
    assert {key for key, _ in claims} == {page_name(f"made:{n}")[-21:-5] for n in range(MADE)}
    assert all(said[0] == [1, 0, "Clover mulch cut summer water loss by 31 % against bare beds."] for _, said in claims)
    (form,) = parsed(files["index.html"].decode()).xpath("//form")
    assert [len(form.get(name).split()) for name in ("data-records", "data-claims")] == [8, 8]


def test_data_of_hostile_records_are_inert_and_bounded() -> None:
    nasty = rich_record(
        title="__proto__ \u2028'\\\"</script><!-- constructor", question=SCRIPT, publisher="\ud800'); x('"
    )
    files = list_files(nasty, hostile_record(), empty_record())
    for path, data in files.items():
        assert b"<script>" not in data or path.endswith(".html"), path
        assert b"</script" not in data or path.endswith(".html"), path
        assert len(data) < 100_000, path
    (line_of,) = [one for one in data_of(files["search/records-0.js"])["lines"] if one[1].startswith("__proto__")]
    assert line_of[1] == "__proto__ \n'\\\"</script><!-- constructor"
    assert line_of[2] == "\ufffd'); x('"
    assert "\u2028".encode() not in files["search/records-0.js"]


@given(st.text(max_size=60))
def test_any_title_comes_through_the_data_as_it_is_shown(title: str) -> None:
    record = rich_record(title=title, question=title)
    lines, _ = data_files([summary_of(record)])
    (found,) = data_of(lines.data)["lines"]
    assert found[1] == shown(title, LONGEST_TITLE)


def test_very_long_and_very_many_claims_are_searched_in_part_and_that_is_said() -> None:
    long = claim_view(1, "wide " * 200_000, ClaimVerdict.SUPPORTED)
    many_claims = tuple(claim_view(n, f"Claim {n} {'x' * 400}", ClaimVerdict.REFUTED) for n in range(2, 400))
    summary = summary_of(rich_record(claims=(long, *many_claims)))
    assert len(summary.claims[0][2]) < LONGEST_CLAIM + 60
    assert sum(len(text) for _, _, text in summary.claims) <= LONGEST_CLAIMS
    assert summary.claims_left_out == 399 - len(summary.claims) > 200
    (found,) = data_of(dict(index_pages([summary]))["search/records-0.js"])["lines"]
    assert found[-1] == summary.claims_left_out


def test_line_kept_of_a_record_comes_back_as_it_was() -> None:
    for record in (rich_record(), empty_record()):
        assert RecordSummary.model_validate_json(summary_of(record).model_dump_json()) == summary_of(record)


def test_script_makes_no_mark_up_of_text_and_asks_for_nothing_but_scripts() -> None:
    script = (Path(build.__file__).parent / "site.js").read_text(encoding="utf-8")
    assert not re.search(r"(inner|outer)HTML|insertAdjacentHTML|document\.write|\beval\b|new Function", script)
    assert not re.search(r"fetch\(|XMLHttpRequest|import\(|https?://", script)

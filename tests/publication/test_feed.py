"""The feed of corrections and the sitemap, read back by what users have for them; every text was written for these."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from pipelines.models import Correction
from pipelines.publication.corrections import CorrectionKind, correction_events
from pipelines.publication.feeds import MOST_ENTRIES, CorrectionEntry, corrections_atom
from pipelines.publication.site.address import SiteAddress
from pipelines.publication.site.changes import CHANGES_SHOWN, changes_in_words
from pipelines.publication.site.text import page_name
from pipelines.publication.sitemap import MOST_URLS, sitemap_xml
from tests.publication.pages import OVERRIDE, SCRIPT

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XML_ID = "{http://www.w3.org/XML/1998/namespace}"
FIRST = datetime(2026, 7, 6, 9, 0, tzinfo=UTC)
KNOWN, UNKNOWN = SiteAddress(url="https://checks.example/site"), SiteAddress()
HOSTILE = f"]]> & </title> {SCRIPT} {OVERRIDE} \x00\x1b\ud800\ufffe\uffff{'A' * 1_000_000}"


def correction(number: int = 1, record_id: str = "test:moss", **fields: tuple[object, object]) -> Correction:
    """One event; each field is what it was before and what it is now."""
    changed = fields or {"claim.c1.verdict": ("SUPPORTED", "REFUTED")}
    before = {CorrectionKind.CLAIM.value: {name.replace("__", "."): old for name, (old, _) in changed.items()}}
    after = {CorrectionKind.CLAIM.value: {name.replace("__", "."): new for name, (_, new) in changed.items()}}
    moment = FIRST + timedelta(hours=number)
    (event,) = correction_events(
        before, after, record_id=record_id, previous=None, why="checked again", recorded_at=moment
    )
    return event


def entry(number: int = 1, title: str | None = "Moss on tiles", **fields: tuple[object, object]) -> CorrectionEntry:
    event = correction(number, **fields)
    return CorrectionEntry(record_id="test:moss", title=title, correction=event, ordinals={"c1": 3})


def conforms(data: bytes) -> etree._Element:
    """The feed, after what RFC 4287 demands of it (4.1.1, 4.1.2, 4.2.6, 4.2.7, 3.3) was looked at."""
    feed = etree.fromstring(data)
    assert feed.tag == f"{ATOM}feed"
    for one in (feed, *feed.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            (found,) = one.findall(f"{ATOM}{name}")
            assert (found.text or "").strip(), name
        assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", one.findtext(f"{ATOM}id") or "")
        moment = one.findtext(f"{ATOM}updated") or ""
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", moment)
        links = [(link.get("rel"), link.get("type"), link.get("hreflang")) for link in one.findall(f"{ATOM}link")]
        assert len(links) == len(set(links))
        assert all(link.get("href") for link in one.findall(f"{ATOM}link"))
    assert feed.findtext(f"{ATOM}author/{ATOM}name")  # for all entries
    ids = [one.text for one in feed.iter(f"{ATOM}id")]
    assert len(ids) == len(set(ids))
    for one in feed.iter(f"{ATOM}entry"):
        assert "alternate" in [link.get("rel") for link in one.findall(f"{ATOM}link")]
        (content,) = one.findall(f"{ATOM}content")
        assert content.get("type") == "xhtml"
        assert [child.tag for child in content] == ["{http://www.w3.org/1999/xhtml}div"]
    return feed


def read(data: bytes) -> feedparser.FeedParserDict:
    found = feedparser.parse(data)
    assert not found.bozo, found.get("bozo_exception")
    assert found.version == "atom10"
    return found


def test_a_feed_reader_reads_title_change_reason_hash_and_the_way_to_the_record() -> None:
    data = corrections_atom([entry()], KNOWN, origin="first run")
    conforms(data)
    found = read(data)
    (one,) = found.entries
    assert one.title == "Moss on tiles: claim changed"
    assert one.link == f"https://checks.example/site/{page_name('test:moss')}#corrections"
    assert one.updated_parsed[:5] == (2026, 7, 6, 10, 0)
    assert [tag.term for tag in one.tags] == ["CLAIM"]
    (content,) = one.content
    assert "<li>Claim 3, verdict: Supported → Refuted</li>" in content.value
    assert "Why: checked again." in content.value
    assert correction().hash in content.value
    assert found.feed.updated == one.updated
    assert [link.href for link in found.feed.links if link.rel == "self"] == [
        "https://checks.example/site/corrections.atom"
    ]


def test_without_an_address_the_feed_is_whole_and_its_links_are_found_from_where_it_lies() -> None:
    data = corrections_atom([entry()], UNKNOWN)
    feed = conforms(data)
    read(data)
    links = [link.get("href") for link in feed.iter(f"{ATOM}link")]
    assert f"{page_name('test:moss')}#corrections" in links
    assert all(
        urljoin("https://x.example/a/corrections.atom", link).startswith("https://x.example/a/") for link in links
    )
    assert "self" not in [link.get("rel") for link in feed.findall(f"{ATOM}link")]


def test_ids_are_those_of_the_corrections_wherever_the_site_lies() -> None:
    events = [entry(number) for number in range(1, 4)]
    ids = [
        [one.text for one in conforms(corrections_atom(events, where, origin="first run")).iter(f"{ATOM}id")]
        for where in (KNOWN, UNKNOWN, SiteAddress(url="http://elsewhere.example"))
    ]
    assert ids[0] == ids[1] == ids[2]
    other = conforms(corrections_atom(events, KNOWN, origin="another warehouse"))
    assert other.findtext(f"{ATOM}id") not in ids[0]


def test_the_newest_come_first_and_no_more_than_the_feed_holds() -> None:
    events = [entry(number) for number in range(MOST_ENTRIES + 20)]
    feed = conforms(corrections_atom(events, KNOWN))
    times = [one.findtext(f"{ATOM}updated") for one in feed.iter(f"{ATOM}entry")]
    assert len(times) == MOST_ENTRIES
    assert times == sorted(times, reverse=True)
    assert times[0] == feed.findtext(f"{ATOM}updated")
    assert corrections_atom(events, KNOWN) == corrections_atom(events[::-1], KNOWN)


def test_a_feed_without_corrections_is_a_feed() -> None:
    feed = conforms(corrections_atom([], UNKNOWN))
    assert feed.findtext(f"{ATOM}updated") == "1970-01-01T00:00:00Z"
    assert read(corrections_atom([], UNKNOWN)).entries == []


@pytest.mark.parametrize("where", [KNOWN, UNKNOWN], ids=["address", "no address"])
def test_hostile_text_stays_text_and_is_bounded(where: SiteAddress) -> None:
    event = correction(**{f"claim.{HOSTILE}.verdict": (HOSTILE, HOSTILE + "B"), HOSTILE: ([HOSTILE], {"a": HOSTILE})})
    hostile = event.model_copy(update={"why": HOSTILE, "kind": HOSTILE[:100]})
    data = corrections_atom([CorrectionEntry(record_id=HOSTILE, title=HOSTILE, correction=hostile)], where)
    feed = conforms(data)
    read(data)
    assert len(data) < 6_000
    assert not [one for one in feed.iter() if etree.QName(one).localname == "script"]
    assert "\u202e" not in data.decode()
    assert SCRIPT in (feed.findtext(f"{ATOM}entry/{ATOM}title") or "")


@settings(max_examples=60)
@given(st.text(st.characters(), max_size=60), st.text(st.characters(), max_size=60))
def test_any_title_and_value_make_a_feed_that_can_be_read(title: str, value: str) -> None:
    event = correction(**{f"source.{value}.title": (title, value + title + "x")})
    conforms(corrections_atom([CorrectionEntry(record_id="r", title=title, correction=event)], KNOWN))


def test_a_record_without_a_title_is_named_by_its_id() -> None:
    (one,) = read(corrections_atom([entry(title=None)], KNOWN)).entries
    assert one.title == "Record test:moss: claim changed"


@pytest.mark.parametrize(
    ("name", "before", "after", "line"),
    [
        ("claim.c1.verdict", "NOT_ENOUGH_INFO", "SUPPORTED", "Claim 3, verdict: Not enough information → Supported"),
        ("claim.gone.verdict", "SUPPORTED", "REFUTED", "Claim gone, verdict: Supported → Refuted"),
        ("claim.c1.evidence", ["a"], ["a", "b"], "Claim 3, evidence: a → 2 entries"),
        ("claim.c1.adjudicated_by", None, "Reader One", "Claim 3, adjudicated by: nothing → Reader One"),
        ("counts.supported", 1, 2, "Counts, supported: 1 → 2"),
        ("reference.2.finding", "FOUND", "UNFINDABLE", "Reference 2, finding: Found → Unfindable"),
        ("source.doi:10.5555/a.b.title", "A", "B", "Source doi:10.5555/a.b, title: A → B"),
        (
            "gate.gate-2@2026-06-10.status",
            "UNVERIFIED",
            "VERIFIED",
            "Gate gate-2@2026-06-10, status: UNVERIFIED → VERIFIED",
        ),
        ("tier", "WATCHLIST", None, "Tier: WATCHLIST → nothing"),
    ],
)
def test_a_change_is_said_in_words(name: str, before: object, after: object, line: str) -> None:
    assert changes_in_words(correction(**{name: (before, after)}), {"c1": 3}) == (line,)


def test_of_many_changes_the_most_telling_come_first_and_the_rest_are_counted() -> None:
    fields: dict[str, tuple[object, object]] = {f"claim.x{n}.confidence": (0.1, 0.2) for n in range(20)}
    lines = changes_in_words(correction(**fields, **{"claim.x3.verdict": ("SUPPORTED", "REFUTED")}), {})
    assert lines[0] == "Claim x3, verdict: Supported → Refuted"
    assert len(lines) == CHANGES_SHOWN + 1
    assert lines[-1] == "and 9 more changed fields"


def test_what_is_new_and_what_is_gone_is_said() -> None:
    event = correction().model_copy(update={"before": {"tier": "FLAGSHIP"}, "after": {"level": 3}})
    assert changes_in_words(event, {}) == ("Tier: gone, was FLAGSHIP", "Level: new, 3")


# --- sitemap ------------------------------------------------------------------------------------


def test_the_sitemap_lists_absolute_addresses_with_their_last_change() -> None:
    pages = {"index.html": FIRST, "a-1.html": None, "gates/g-1.html": FIRST + timedelta(days=1)}
    (file,) = sitemap_xml(pages, KNOWN).items()
    root = etree.fromstring(file[1])
    assert (file[0], root.tag) == ("sitemap.xml", f"{MAP}urlset")
    assert [(one.findtext(f"{MAP}loc"), one.findtext(f"{MAP}lastmod")) for one in root] == [
        ("https://checks.example/site/a-1.html", None),
        ("https://checks.example/site/gates/g-1.html", "2026-07-07T09:00:00Z"),
        ("https://checks.example/site/index.html", "2026-07-06T09:00:00Z"),
    ]


def test_without_an_address_there_is_no_sitemap() -> None:
    assert sitemap_xml({"index.html": FIRST}, UNKNOWN) == {}


def test_more_pages_than_a_sitemap_may_hold_make_an_index_of_several() -> None:
    pages = {f"r-{number:06d}.html": FIRST for number in range(MOST_URLS + 1)}
    files = sitemap_xml(pages, KNOWN)
    assert list(files) == ["sitemap-1.xml", "sitemap-2.xml", "sitemap.xml"]
    index = etree.fromstring(files["sitemap.xml"])
    assert index.tag == f"{MAP}sitemapindex"
    assert [one.findtext(f"{MAP}loc") for one in index] == [
        f"https://checks.example/site/sitemap-{number}.xml" for number in (1, 2)
    ]
    assert [len(etree.fromstring(files[f"sitemap-{number}.xml"])) for number in (1, 2)] == [MOST_URLS, 1]

"""Fetched full texts: their text and sections, and pages that are less than they should be. All written here."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.ingestion.article_pages import article_facts
from pipelines.ingestion.errors import UnreadableDocument
from pipelines.ingestion.fulltexts import FullText, FullTextKind, read_full_text
from pipelines.ingestion.parser_bounds import Refused
from pipelines.ingestion.parser_process import ParserLimits
from tests.ingestion import minimal_pdf

CORPUS = os.environ.get("CLAIMGATE_CORPUS")
with_corpus = pytest.mark.skipif(CORPUS is None, reason="CLAIMGATE_CORPUS names no folder of real texts")


def paragraphs(count: int) -> str:
    return "".join(
        f"<p>Wall number {n} of the valley holds moss in the wet months, and nobody counted it before in this way.</p>"
        for n in range(count)
    )


def page(body: str, head: str = "") -> bytes:
    menu = "<nav><a href='/'>Home</a> <a href='/all'>All articles</a></nav>"
    foot = "<footer>We use cookies. Privacy. Terms.</footer>"
    return f"<!DOCTYPE html><html><head><title>Moss</title>{head}</head><body>{menu}{body}{foot}</body></html>".encode()


ABSTRACT = """<h1>Moss on walls</h1><h2>Abstract</h2><p>Moss covers 10<sup>6</sup> walls of 2 m<sup>2</sup> in the
valley<sup><a href="#ref-CR1">1</a>,<a href="#ref-CR2">2</a></sup>, and it grows slowly [<a href="#bib3">3</a>]
over decades.</p>"""
ARTICLE = f"""<article>{ABSTRACT}<h2>1. Introduction</h2>{paragraphs(9)}<h2>2. Methods</h2>{paragraphs(9)}
<h2>3. Results</h2>{paragraphs(9)}<h3>3.1. Counts</h3><p>Half of the walls were green.</p>
<ul><li>The first wall was dry.</li><li>The second wall was wet.</li></ul>
<h2>References</h2><ol><li>Fern A. A cited work that is no part of the text. 2018.</li></ol>
<h2>Rights</h2><p>Everybody may read about walls as often as they like.</p></article>"""


def article() -> FullText:
    return read_full_text(page(ARTICLE), "text/html; charset=utf-8", "https://moss.example/a")


def test_an_article_page_gives_its_text_with_sections_and_without_menu_and_references() -> None:
    found = article()
    assert (found.kind, found.complete, found.reason, found.title) == (FullTextKind.HTML, True, None, "Moss on walls")
    headings = [section.heading for section in found.sections]
    assert headings == ["Abstract", "1. Introduction", "2. Methods", "3. Results", "3.1. Counts", "Rights"]
    for section in found.sections:
        assert found.text[section.start : section.end].lstrip("# ").startswith(section.heading)
    assert "cited work" not in found.text
    assert "All articles" not in found.text
    assert "- The first wall was dry." in found.text


def test_powers_and_citation_links_of_a_page_keep_their_meaning() -> None:
    text = article().text
    assert "10^6 walls of 2 m²" in text
    assert "[1]" in text
    assert "[2]" in text
    assert "slowly [3] over" in text


CONSENT = "<div><h1>Before you continue</h1><p>We value your privacy. Accept all cookies or reject them.</p></div>"
ROBOT = "<h1>Just a moment...</h1><p>Enable JavaScript and cookies to continue</p>"
PAYWALL = (
    f"<article>{ABSTRACT}<h2>Access options</h2><p>Buy this article for 30 coins or log in to continue.</p></article>"
)
GONE = "<h1>404</h1><p>The page you requested was not found on this server, try the search of this site.</p>"
PREVIEW = f"<article>{ABSTRACT}<h2>Introduction</h2>{paragraphs(3)}</article>"
CLOSED = '<script type="application/ld+json">{"@type":"Article","isAccessibleForFree": false}</script>'


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (page(f"<article>{ABSTRACT}</article>"), "holds the abstract and not the article"),
        (page(PAYWALL), "for subscribers"),
        (page(PREVIEW, CLOSED), "for subscribers"),
        (page(CONSENT), "consent to cookies"),
        (page(ROBOT), "checks the visitor's browser"),
        (page(GONE), "not there"),
        (page(f"<article><h1>News</h1>{paragraphs(3)}</article>"), "too few words"),
    ],
)
def test_a_page_that_is_less_than_the_article_never_counts_as_one(data: bytes, reason: str) -> None:
    try:
        found = read_full_text(data, "text/html")
    except UnreadableDocument as error:
        assert reason in error.reason  # noqa: PT017 -- a page without any text of its own is refused outright
        return
    assert not found.complete
    assert found.reason is not None
    assert reason in found.reason


def test_a_page_in_the_place_of_a_pdf_is_read_as_the_page_it_is() -> None:
    found = read_full_text(page(PAYWALL), "application/pdf", "https://moss.example/a.pdf")
    assert (found.kind, found.complete) == (FullTextKind.HTML, False)


def test_a_cookie_banner_on_a_whole_article_takes_nothing_from_it() -> None:
    found = read_full_text(page(CONSENT + ARTICLE))
    assert found.complete


JATS = """<article><front><article-meta><title-group><article-title>Moss</article-title></title-group>
<abstract><p>Moss grows.</p></abstract></article-meta></front>{}</article>"""


def test_front_matter_alone_is_no_full_text() -> None:
    whole = read_full_text(JATS.format("<body><sec><title>Methods</title><p>We counted.</p></sec></body>").encode())
    assert (whole.kind, whole.complete, whole.title) == (FullTextKind.JATS, True, "Moss")
    assert [section.heading for section in whole.sections] == ["Abstract", "Methods"]
    front = read_full_text(JATS.format("").encode(), "application/xml")
    assert (front.complete, front.reason) == (False, "it is the front matter of an article without its text")


def test_a_pdf_of_a_few_words_is_no_full_text() -> None:
    found = read_full_text(minimal_pdf.pdf(["a cover page"], title="Moss"), "application/pdf")
    assert (found.kind, found.complete, found.title) == (FullTextKind.PDF, False, "Moss")
    assert found.reason == "it has 3 words, too few for an article"


def test_plain_text_is_read_as_it_stands() -> None:
    found = read_full_text(b"Moss grows on walls. " * 100, "text/plain")
    assert (found.kind, found.complete, found.sections) == (FullTextKind.TEXT, True, ())
    assert found.text.startswith("Moss grows")


@pytest.mark.parametrize(
    ("data", "content_type", "reason"),
    [
        (b"  ", "text/html", "empty"),
        (b"%PDF-1.7 cut", "application/pdf", "cut off"),
        (b"<html></html>", "text/html", "too few words"),
        (b"words", "application/pdf", "no PDF"),
        (b"\x89PNG\r\n\x1a\n", "image/png", "PNG image"),
        (b"<rss/>", "application/xml", "neither a JATS article nor a TEI document"),
    ],
)
def test_what_is_no_text_is_refused_with_a_sentence(data: bytes, content_type: str, reason: str) -> None:
    with pytest.raises(UnreadableDocument, match=reason):
        read_full_text(data, content_type)


def test_a_page_nested_without_end_ends_its_parser_and_nothing_else() -> None:
    deep = b"<html><body>" + b"<div>" * 200_000 + b"x" + b"</div>" * 200_000
    limits = ParserLimits(memory_bytes=800 * 2**20, cpu_seconds=10)
    try:
        assert not read_full_text(deep, "text/html", limits=limits).complete
    except UnreadableDocument as error:
        assert error.reason  # noqa: PT017 -- either outcome is right, as long as it is a sentence
    assert article().complete


@with_corpus
@pytest.mark.parametrize(
    ("path", "kind", "sections"),
    [
        ("pdf/arxiv_1503.07589v1.pdf", FullTextKind.PDF, 0),
        ("jats/pone.0046493.nxml", FullTextKind.JATS, 26),
        ("grobid_tei/0956797615588467.xml", FullTextKind.TEI, 15),
    ],
)
def test_real_full_texts_are_complete(path: str, kind: FullTextKind, sections: int) -> None:
    assert CORPUS is not None
    found = read_full_text((Path(CORPUS) / "texts" / path).read_bytes())
    assert (found.kind, len(found.sections), found.complete) == (kind, sections, True)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, len(ARTICLE)), st.text(alphabet="<>/apdivh2 &;\"'", max_size=20))
def test_a_damaged_page_is_read_or_refused(place: int, words: str) -> None:
    try:
        facts = article_facts(page(ARTICLE[:place] + words + ARTICLE[place:]))
    except Refused:
        return
    for heading, start, end in facts["sections"]:
        assert facts["text"][start:end].lstrip("# ").startswith(heading)

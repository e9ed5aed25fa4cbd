"""A fetched full text, whatever form it came in: its text and sections, and whether it is the whole.

Input: the bytes of an answer, its content type and address. Output: `FullText`, or `UnreadableDocument`. Every
form is parsed in the child process. Does not belong here: fetching (the HTTP edge), which places to try.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from pipelines.ingestion.documents import pdf_content, read_document
from pipelines.ingestion.errors import UnreadableDocument
from pipelines.ingestion.parser_process import ParserKind, ParserLimits, extract_text
from pipelines.ingestion.scholarly_xml import Section, scholarly_xml

MAX_BYTES = 50 * 1024 * 1024
WORDS_OF_ARTICLE = 1_500  # below it a page must show sections of its own to count as an article
WORDS_OF_SECTIONS = 400  # below it no page is an article, however many headings it has
WORDS_OF_BANNER = 50  # beside more than these, a word on cookies is the foot of the page
WORDS_OF_TEXT = 300  # a PDF or plain text of fewer words is a cover page or a notice

_BODY_SECTION = re.compile(
    r"(?:[\dIVX.]{1,6}\s)?(?:introduction|background|(?:materials? and )?methods?\b.*|results?\b.*|findings|data\b.*"
    r"|discussion\b.*|conclusions?\b.*|experiments?\b.*|related work|evaluation|case (?:report|presentation)|main text"
    r"|limitations)",
    re.IGNORECASE,
)
_PDF = re.compile(rb"\s{0,100}%PDF-")
_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s{0,1000}(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*){0,5}<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_XML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s{0,1000}<(?:\?xml|!DOCTYPE\s+article|article|TEI|pmc-articleset)\b", re.IGNORECASE
)


class FullTextKind(StrEnum):
    PDF = "pdf"
    JATS = "jats"
    TEI = "tei"
    HTML = "html"
    TEXT = "text"


@dataclass(frozen=True)
class FullText:
    """The text of a work. Not `complete`: it is less than the work, and `reason` says in a sentence why.

    `sections` is empty where the form does not tell them. `title` is what the file calls itself, for the caller
    to compare with the work that it asked for.
    """

    text: str
    kind: FullTextKind
    sections: tuple[Section, ...]
    complete: bool
    reason: str | None
    title: str | None = None


def read_full_text(
    data: bytes, content_type: str | None = None, url: str | None = None, limits: ParserLimits | None = None
) -> FullText:
    """The full text in an answer's body. What the bytes are counts for more than what the header says."""
    if not data.strip():
        raise UnreadableDocument("the answer is empty")
    if len(data) > MAX_BYTES:
        raise UnreadableDocument(f"the answer has {len(data):,} bytes; the most that is read is {MAX_BYTES:,}")
    return _READERS[_form_of(data, content_type, url)](data, limits)


def _form_of(data: bytes, content_type: str | None, url: str | None) -> str:
    """By the first bytes; where they do not tell, by the header, then by the address."""
    for form, mark in (("pdf", _PDF), ("html", _HTML), ("xml", _XML)):
        if mark.match(data[:8_192]):
            return form
    stated = (content_type or "").split(";")[0].strip().lower()
    if stated == "application/pdf" or (not stated and (url or "").lower().split("?")[0].endswith(".pdf")):
        return "pdf"
    if stated in ("text/html", "application/xhtml+xml"):
        return "html"
    return "xml" if stated.endswith(("/xml", "+xml")) else "text"


# --- forms --------------------------------------------------------------------------------------


def _pdf(data: bytes, limits: ParserLimits | None) -> FullText:
    content = pdf_content(data, limits)
    return _unsectioned(content.text, FullTextKind.PDF, content.title)


def _text(data: bytes, limits: ParserLimits | None) -> FullText:
    return _unsectioned(read_document("text.txt", data).text, FullTextKind.TEXT, None)


def _unsectioned(text: str, kind: FullTextKind, title: str | None) -> FullText:
    words = len(text.split())
    reason = None if words >= WORDS_OF_TEXT else f"it has {words} words, too few for an article"
    return FullText(text, kind, (), reason is None, reason, title)


def _xml(data: bytes, limits: ParserLimits | None) -> FullText:
    article = scholarly_xml(data, limits)
    reason = None if article.has_body else "it is the front matter of an article without its text"
    return FullText(
        article.text, FullTextKind(article.kind.value), article.sections, reason is None, reason, article.title
    )


def _html(data: bytes, limits: ParserLimits | None) -> FullText:
    facts = extract_text(ParserKind.ARTICLE, data, limits).facts
    text, seen = facts["text"], facts["seen"]
    sections = tuple(Section(*section) for section in facts["sections"])
    page = _Page(text, sections, seen, bool(facts["closed"]))
    reason = next((reason for falls_short, reason in _SHORTCOMINGS if falls_short(page)), None)
    if not text.strip():
        raise UnreadableDocument(reason or "the page holds no article")
    return FullText(text, FullTextKind.HTML, sections, reason is None, reason, facts["title"])


_READERS: dict[str, Callable[[bytes, ParserLimits | None], FullText]] = {
    "pdf": _pdf,
    "html": _html,
    "xml": _xml,
    "text": _text,
}


# --- what an HTML page is short of ------------------------------------------------------------------


@dataclass(frozen=True)
class _Page:
    """A page's article, and the first words that a visitor sees of the whole page."""

    text: str
    sections: tuple[Section, ...]
    seen: str
    closed: bool  # it declares that its text is not free to read

    @property
    def words(self) -> int:
        return len(self.text.split())

    @property
    def body_sections(self) -> int:
        """Sections of an article's body that hold more than their heading."""
        return sum(
            _BODY_SECTION.fullmatch(one.heading.strip()) is not None and one.end - one.start > len(one.heading) + 200
            for one in self.sections
        )

    @property
    def is_long(self) -> bool:
        return self.words >= WORDS_OF_ARTICLE or (self.words >= WORDS_OF_SECTIONS and self.body_sections >= 3)

    def shows(self, pattern: re.Pattern[str]) -> bool:
        return pattern.search(self.seen) is not None


_ROBOT_CHECK = re.compile(
    r"enable (?:javascript|cookies)|just a moment|checking (?:if the site|your browser)|are you a robot"
    r"|verify(?:ing)? (?:that )?you are (?:a )?human|unusual traffic|access denied|captcha|security check",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"we (?:value|respect) your privacy|accept (?:all|our)? ?cookies|cookie (?:settings|preferences|consent)"
    r"|before you continue|we(?: and our \d* ?partners)? use cookies|consent to the use",
    re.IGNORECASE,
)
_PAYWALL = re.compile(
    r"access through your (?:institution|organi[sz]ation)|preview of subscription content|unlock this article"
    r"|(?:buy|purchase|rent) (?:this )?(?:article|pdf|chapter|access|instant access)|check access"
    r"|subscribe to (?:continue|read|journal|this)|log ?in to (?:continue|read|access|view)"
    r"|get (?:full )?access to this|sign in to (?:read|continue|access)|get full text access"
    r"|institutional (?:access|login|sign)|full text is (?:not|only) available"
    r"|this article is (?:only )?available to subscribers",
    re.IGNORECASE,
)
_NOT_FOUND = re.compile(
    r"page (?:you requested )?(?:was |could )?not (?:be )?found|\b404\b|no longer available", re.IGNORECASE
)


def _is_only_an_abstract(page: _Page) -> bool:
    return not page.is_long and any(one.heading.strip().lower() in ("abstract", "summary") for one in page.sections)


# The first that holds is the reason given; an article that is long enough falls short of nothing but by declaration.
_SHORTCOMINGS: tuple[tuple[Callable[[_Page], bool], str], ...] = (
    (
        lambda page: not page.is_long and page.shows(_ROBOT_CHECK),
        "the page checks the visitor's browser and does not show the article",
    ),
    (
        lambda page: not page.is_long and page.shows(_NOT_FOUND),
        "the page says that the article is not there",
    ),
    (
        lambda page: (not page.is_long and page.shows(_PAYWALL)) or (page.closed and page.body_sections < 3),
        "the page shows no more than a preview: the text is for subscribers",
    ),
    (_is_only_an_abstract, "the page holds the abstract and not the article"),
    (
        lambda page: page.words < WORDS_OF_BANNER and page.shows(_CONSENT),
        "the page asks for consent to cookies and does not show the article",
    ),
    (lambda page: not page.is_long, "the page holds too few words and sections to be an article"),
)

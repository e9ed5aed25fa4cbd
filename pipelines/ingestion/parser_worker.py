"""Runs in a child process of its own: native parsers over bytes nobody vouches for.

Input: `python -m pipelines.ingestion.parser_worker KIND MEMORY CPU_SECONDS` with the file on
stdin. Output: one JSON object on stdout, `{"text", "title", "facts"}` or `{"reason"}`.
Does not belong here: anything that needs the models or the rest of the project; the process must start fast.
"""

from __future__ import annotations

import json
import re
import resource
import signal
import sys
from dataclasses import dataclass, field
from typing import Any

from pipelines.ingestion.parser_bounds import (
    MAX_ELEMENTS,
    MAX_OUTPUT_BYTES,
    MAX_PAGES,
    Extracted,
    Refused,
    refuse_above_limit,
)

# --- PDF ----------------------------------------------------------------------------------------


def pdf_text(data: bytes) -> Extracted:
    """The text of all pages in order, pages parted by a blank line."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise Refused(_pdf_reason(str(error))) from error
    pages = len(document)
    if pages == 0:
        raise Refused("the PDF has no pages")
    if pages > MAX_PAGES:
        raise Refused(f"the PDF has {pages:,} pages; the most that is read is {MAX_PAGES:,}")
    texts: list[str] = []
    length = 0
    for number in range(pages):
        texts.append(_page_text(document, number))
        length += len(texts[-1])
        refuse_above_limit(length)
    text = "\n\n".join(texts)
    if not text.strip():
        raise Refused("the PDF holds no text, only images or empty pages, and images are not read")
    title = document.get_metadata_dict().get("Title", "").strip()
    return Extracted(text, title or None)


def _page_text(document: Any, number: int) -> str:
    import pypdfium2

    try:
        page = document[number]
        raw = page.get_textpage().get_text_bounded()
    except pypdfium2.PdfiumError as error:
        raise Refused(f"page {number + 1} of the PDF is damaged: {error}") from error
    text = str(raw).replace("\r\n", "\n").replace("\r", "\n")
    # PDFium writes U+FFFE or U+0002 where a word is broken at a line's end.
    return re.sub(r"[\ufffe\x02]\n?", "", text).replace("\x00", "")


def _pdf_reason(message: str) -> str:
    lowered = message.lower()
    if "password" in lowered:
        return "the PDF is encrypted and needs a password"
    if "security" in lowered:
        return "the PDF is encrypted with a scheme that is not supported"
    return "the PDF is damaged: its parser finds no document in it"


# --- HTML ---------------------------------------------------------------------------------------

DROPPED = frozenset(
    [
        "script",
        "style",
        "template",
        "noscript",
        "svg",
        "math",
        "head",
        "iframe",
        "object",
        "canvas",
        "audio",
        "video",
        "select",
        "button",
    ]
)
BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "thead",
        "tfoot",
        "tr",
        "ul",
        "caption",
    ]
)
PARAGRAPHS = frozenset(
    [
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "pre",
        "table",
        "ul",
        "ol",
        "dl",
        "section",
        "article",
    ]
)
HEADINGS = {f"h{level}": "#" * level + " " for level in range(1, 7)}
_HIDDEN_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f\u00a0]+")
_SELF_NAMING_LINK = re.compile(r"(?:https?://|www\.|doi:|arxiv:|10\.\d)", re.IGNORECASE)


@dataclass
class _Page:
    """Text under construction: `lines` are done, `line` is open."""

    lines: list[str] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    length: int = 0
    cells: list[str] | None = None
    links: list[tuple[int, str]] = field(default_factory=list)
    counters: list[int | None] = field(default_factory=list)

    def write(self, words: str) -> None:
        self.length += len(words)
        refuse_above_limit(self.length)
        self.line.append(words)

    def take_line(self) -> str:
        words = _SPACE.sub(" ", "".join(self.line)).strip()
        self.line.clear()
        self.links.clear()
        return words

    def end_line(self, paragraph: bool = False) -> None:
        if self.cells is not None:
            self.line.append(" ")
            return
        words = self.take_line()
        if words.strip("#- "):
            self.lines.append(words)
        if paragraph and self.lines and self.lines[-1]:
            self.lines.append("")


def html_text(data: bytes) -> Extracted:
    """The visible text of a page: a line for each block, `| a | b |` for each table row."""
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Refused(f"the HTML cannot be parsed: {error.msg}") from error
    if root is None:
        raise Refused("the HTML page holds no text")
    page = _walk(root)
    text = "\n".join(page.lines).strip()
    if not text:
        raise Refused("the HTML page holds no text")
    title = _SPACE.sub(" ", root.findtext(".//title") or "").strip() or None
    if title and root.find(".//h1") is None and root.find(".//h2") is None:
        text = f"# {title}\n\n{text}"
    return Extracted(text + "\n", title)


def _walk(root: Any) -> _Page:
    """Depth first without recursion: a page may be nested as deep as it likes."""
    page = _Page()
    element, elements = root, 0
    while element is not None:
        elements += 1
        if elements > MAX_ELEMENTS:
            raise Refused(f"the HTML page has more than {MAX_ELEMENTS:,} elements")
        if _is_dropped(element):
            element = _next_element(element, root, page)
            continue
        _open(element, page)
        page.write(element.text or "")
        if len(element):
            element = element[0]
        else:
            _close(element, page)
            element = _next_element(element, root, page)
    page.end_line()
    return page


def _next_element(element: Any, root: Any, page: _Page) -> Any:
    while element is not root:
        page.write(element.tail or "")
        following = element.getnext()
        if following is not None:
            return following
        element = element.getparent()
        _close(element, page)
    return None


def _is_dropped(element: Any) -> bool:
    if not isinstance(element.tag, str) or element.tag in DROPPED:
        return True
    return element.get("hidden") is not None or bool(_HIDDEN_STYLE.search(element.get("style") or ""))


def _open(element: Any, page: _Page) -> None:
    tag = element.tag
    if tag == "br":
        page.end_line()
    elif tag == "tr":
        page.end_line()
        page.cells = []
    elif tag in ("td", "th") and page.cells is not None:
        page.take_line()
    elif tag == "a":
        page.links.append((len(page.line), element.get("href") or ""))
    elif tag in BLOCKS:
        page.end_line(paragraph=tag in PARAGRAPHS)
        if tag in ("ol", "ul"):
            page.counters.append(0 if tag == "ol" else None)
        elif page.cells is None:
            page.line.append(HEADINGS.get(tag, "") if tag != "li" else _bullet(page))


def _bullet(page: _Page) -> str:
    if page.counters and page.counters[-1] is not None:
        page.counters[-1] += 1
        return f"{page.counters[-1]}. "
    return "- "


def _close(element: Any, page: _Page) -> None:
    tag = element.tag
    if tag in ("td", "th") and page.cells is not None:
        page.cells.append(page.take_line())
    elif tag == "tr" and page.cells is not None:
        cells, page.cells = page.cells, None
        if any(cells):
            page.lines.append("| " + " | ".join(cells) + " |")
    elif tag == "a":
        _close_link(page)
    elif tag in BLOCKS:
        if tag in ("ol", "ul") and page.counters:
            page.counters.pop()
        page.end_line(paragraph=tag in PARAGRAPHS)


def _close_link(page: _Page) -> None:
    """`[words](address)` for an absolute link, so that a reference list keeps its addresses."""
    if not page.links:
        return
    start, address = page.links.pop()
    words = _SPACE.sub(" ", "".join(page.line[start:])).strip()
    absolute = address.startswith(("http://", "https://")) and len(address) < 2000
    says_address = bool(_SELF_NAMING_LINK.match(words)) and address.endswith(words)
    if words and absolute and not says_address:
        page.line[start:] = [f"[{words}]({address})"]


# --- JATS and TEI -------------------------------------------------------------------------------


def jats_text(data: bytes) -> Extracted:
    from pipelines.ingestion import jats_markup, scholarly_layout

    article = jats_markup.article_in(scholarly_layout.parsed_xml(data))
    if article is None:
        raise Refused("the XML is no JATS article")
    return _scholarly(jats_markup.jats_facts(article))


def tei_text(data: bytes) -> Extracted:
    from pipelines.ingestion import scholarly_layout, tei_markup

    root = scholarly_layout.parsed_xml(data)
    if root.tag != "TEI":
        raise Refused("the XML is no TEI document")
    return _scholarly(tei_markup.tei_facts(root))


def scholarly_text(data: bytes) -> Extracted:
    """JATS or TEI, told apart by the root element."""
    from pipelines.ingestion import jats_markup, scholarly_layout, tei_markup

    root = scholarly_layout.parsed_xml(data)
    if root.tag == "TEI":
        return _scholarly(tei_markup.tei_facts(root))
    article = jats_markup.article_in(root)
    if article is None:
        raise Refused(f"the XML is neither a JATS article nor a TEI document (its root is {root.tag[:60]!r})")
    return _scholarly(jats_markup.jats_facts(article))


def _scholarly(facts: dict[str, Any]) -> Extracted:
    return Extracted("", facts["title"], facts)


def article_text(data: bytes) -> Extracted:
    """The HTML page of an article, without what stands around it."""
    from pipelines.ingestion import article_pages

    facts = article_pages.article_facts(data)
    return Extracted("", facts["title"], facts)


# --- the process --------------------------------------------------------------------------------

PARSERS = {
    "pdf": pdf_text,
    "html": html_text,
    "article": article_text,
    "jats": jats_text,
    "tei": tei_text,
    "scholarly": scholarly_text,
}


def limit_this_process(memory_bytes: int, cpu_seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_OUTPUT_BYTES, MAX_OUTPUT_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)


def main(arguments: list[str]) -> int:
    kind, memory, cpu = arguments
    limit_this_process(int(memory), int(cpu))
    try:
        extracted = PARSERS[kind](sys.stdin.buffer.read())
        answer: dict[str, Any] = {"text": extracted.text, "title": extracted.title, "facts": extracted.facts}
    except Refused as refusal:
        answer = {"reason": str(refusal)}
    except MemoryError:
        answer = {"reason": f"reading it needs more than {int(memory) // 2**20:,} MB of memory"}
    sys.stdout.write(json.dumps(answer))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

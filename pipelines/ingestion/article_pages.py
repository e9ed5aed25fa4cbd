"""HTML pages of articles: the article's own text with its sections, and the page's signs of being less.

Runs in the parser's child process (trafilatura). Input: the bytes of a page. Output: JSON values as fulltexts.py
takes them. Does not belong here: pages of published records (parser_worker.py), whether a page is a full text.
"""

from __future__ import annotations

import re
from typing import Any

from pipelines.ingestion.parser_bounds import MAX_ELEMENTS, Refused
from pipelines.ingestion.scholarly_layout import Layout, folded, raised

MAX_SEEN = 20_000  # characters of the visible page that are handed on, for its signs

_REFERENCES = re.compile(
    r"(?:\d{1,2}\.?\s)?(?:references(?: and notes)?|reference list|bibliography|works cited|literature cited)\W*", re.I
)
_LINKED_MARK = re.compile(r"#(?:\w{0,40}[-_.:])?(?:ref|rf|cr|cite|bib|b|r|en|fn)[-_.]?\w{0,20}\d", re.IGNORECASE)
_NUMBER = re.compile(r"\[?(\d{1,4}(?:\s?[–,-]\s?\d{1,4})*)\]?")
_NOT_FREE = re.compile(r"\"isAccessibleForFree\"\s*:\s*\"?false", re.IGNORECASE)
_LEVEL = re.compile(r"h([1-6])")


def article_facts(data: bytes) -> dict[str, Any]:
    """The text and sections of the page's article, and what the page shows and declares."""
    # trafilatura takes long to import; pages of records do without it.
    import trafilatura

    tree = trafilatura.load_html(data)
    if tree is None:
        raise Refused("the page holds no text")
    if sum(1 for _ in tree.iter()) > MAX_ELEMENTS:
        raise Refused(f"the HTML page has more than {MAX_ELEMENTS:,} elements")
    seen = _visible(tree)
    declared = _declared(tree)
    _keep_numbers(tree)
    found: Any = trafilatura.bare_extraction(
        tree, with_metadata=True, include_comments=False, include_tables=True, favor_recall=True
    )
    layout = Layout()
    title = declared["title"] or (found.title if found is not None else None)
    if found is not None and found.body is not None:
        _lay_out(found.body, layout, title)
    text, sections = layout.finished()
    return {**declared, "text": text, "title": title, "sections": sections, "seen": seen}


def _visible(tree: Any) -> str:
    shown: list[str] = []
    length = 0
    for piece in tree.xpath("//text()[not(parent::script or parent::style or parent::template)]"):
        length += len(piece)
        shown.append(str(piece))
        if length > 4 * MAX_SEEN:
            break
    return folded(" ".join(shown))[:MAX_SEEN]


def _declared(tree: Any) -> dict[str, Any]:
    """What the head says of the article: title, and whether its text is free to read."""
    title = next((meta.get("content") for meta in tree.iter("meta") if meta.get("name") == "citation_title"), None)
    scripts = (script.text or "" for script in tree.iter("script") if script.get("type") == "application/ld+json")
    closed = any(_NOT_FREE.search(script[:200_000]) for script in scripts)
    return {"title": folded(title) if title else None, "closed": closed}


def _keep_numbers(tree: Any) -> None:
    """Powers stay powers, citation links become `[n]`, formulas their own words: extraction drops these forms."""
    for link in tree.iter("a"):
        number = _NUMBER.fullmatch(folded(link.text_content()))
        if number and _LINKED_MARK.search(link.get("href") or ""):
            _replace_words(link, f" [{number[1]}]" if _before(link)[-1:] not in ("[", "(") else number[1])
    for power in tree.iter("sup"):
        words = power.text_content()
        if (shown := raised(_before(power), words)) != words:
            _replace_words(power, shown)
    for formula in tree.iter("math"):
        _replace_words(formula, formula.get("alttext") or formula.text_content())
        formula.tag = "span"


def _replace_words(element: Any, words: str) -> None:
    for child in list(element):
        element.remove(child)
    element.text = words


def _before(element: Any) -> str:
    """The words right before an element, inside its parent."""
    previous = element.getprevious()
    if previous is not None:
        return str(previous.tail or "")
    parent = element.getparent()
    return "" if parent is None else str(parent.text or "")


def _lay_out(body: Any, layout: Layout, title: str | None) -> None:
    layout.title(title)
    in_references, their_level = False, 0
    for element in body.iter("head", "p", "item", "row", "quote", "code"):
        words = folded("".join(element.itertext()))
        if element.tag == "head":
            level = _level(element)
            if in_references and level > their_level:
                continue
            in_references, their_level = _REFERENCES.fullmatch(words) is not None, level
            if not in_references and words != title:
                layout.heading(words, max(2, level))
        elif not in_references and element.getparent().tag not in ("item", "cell", "quote"):
            layout.paragraph(_paragraph(element, words))


def _level(head: Any) -> int:
    level = _LEVEL.match(head.get("rend") or "")
    return int(level[1]) if level else 2


def _paragraph(element: Any, words: str) -> str:
    if element.tag == "item":
        return f"- {words}"
    if element.tag == "row":
        return "| " + " | ".join(folded("".join(cell.itertext())) for cell in element.iter("cell")) + " |"
    return words

"""JATS (and its NLM forebears): what an article states of itself, its running text, its references.

Runs in the parser's child process. Input: a root from scholarly_layout.py. Output: JSON values as
`ScholarlyText` takes them. Does not belong here: normalising identifiers (scholarly_xml.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pipelines.ingestion.jats_front import (
    article_ids,
    contributor,
    dates,
    licence_of,
    person_named,
    plain_words,
    title_of,
)
from pipelines.ingestion.parser_bounds import MAX_XML_REFERENCES, Refused
from pipelines.ingestion.scholarly_layout import Layout, attribute, character, folded, marked, plain, raised

WRAPPERS = frozenset({"pmc-articleset", "articles", "article-set", "OAI-PMH", "record", "GetRecord", "metadata"})
_NAMES = ("name", "string-name", "collab")
_CITATIONS = ("mixed-citation", "element-citation", "nlm-citation", "citation")
_ABSTRACTS_SKIPPED = frozenset({"graphical", "toc", "teaser", "precis", "key-points", "web-summary"})
# In running words these stand apart: what follows the paragraph.
_APART = frozenset(
    {
        "fig", "fig-group", "table-wrap", "table-wrap-group", "list", "def-list", "disp-quote", "boxed-text",
        "supplementary-material", "statement", "verse-group", "preformat", "code", "p", "sec",
    }
)  # fmt: skip
_UNREAD = frozenset(
    {
        "fn", "fn-group", "graphic", "inline-graphic", "inline-supplementary-material", "object-id", "ref-list",
        "media", "permissions", "attrib", "table", "alt-text", "long-desc", "glossary", "private-char", "index-term",
    }
)  # fmt: skip
_FOOTNOTE_REFS = frozenset({"fn", "table-fn", "aff", "corresp", "author-notes"})
_CAPTIONED = frozenset({"fig", "table-wrap", "supplementary-material", "boxed-text", "statement"})
# Kinds of notes and footnotes by which authors declare something, with a heading for those that bear none.
_DECLARED = {
    "ack": "Acknowledgements",
    "funding-information": "Funding",
    "supported-by": "Funding",
    "financial-disclosure": "Funding",
    "COI-statement": "Competing interests",
    "coi-statement": "Competing interests",
    "conflict": "Competing interests",
    "data-availability": "Data availability",
    "author-contribution": "Author contributions",
    "con": "Author contributions",
    "study-group-members": "Study group",
    "ethics-statement": "Ethics",
}
_TEX_BODY = re.compile(r"\$\$?(.{1,2000}?)\$\$?(?:\s*\\end\{document\})?\s*$", re.DOTALL)
_FORMATTING = frozenset({"italic", "bold", "sub", "sup", "sc", "underline", "monospace", "styled-content"})
_EDGE = "\ue002"
_GLUE = re.compile(_EDGE)
_GLUED = re.compile(rf"(?<=[\w.?!:;,)]){_EDGE}{{1,9}}(?=[\w(])")


def article_in(root: Any) -> Any:
    """The one article of a JATS file, or None if the root is none."""
    if root.tag == "article":
        return root
    if root.tag not in WRAPPERS:
        return None
    articles = root.findall(".//article")
    if len(articles) > 1:
        raise Refused(f"the XML holds {len(articles)} articles, not one: give each its own file")
    return articles[0] if articles else None


def jats_facts(article: Any) -> dict[str, Any]:
    """All that is read of an article."""
    meta = article.find("front/article-meta")
    if meta is None:
        raise Refused("the JATS file has no front matter (article-meta)")
    marks = Marks(article)
    title = title_of(meta)
    layout = Layout()
    layout.title(title)
    abstract = _abstracts(meta, layout, marks)
    _body(article, layout, marks)
    text, sections = layout.finished()
    journal = article.find("front/journal-meta")
    return {
        "kind": "jats",
        "title": title,
        "authors": [name for name in map(contributor, meta.findall("contrib-group/contrib")) if name],
        **dates(meta),
        **article_ids(meta),
        "journal": None if journal is None else plain(journal.find(".//journal-title")),
        "licence": licence_of(meta),
        "abstract": abstract,
        "text": text,
        "sections": sections,
        "has_body": article.find("body") is not None,
        "references": marks.references,
    }


# --- running text -------------------------------------------------------------------------------


def _abstracts(meta: Any, layout: Layout, marks: Marks) -> str | None:
    main: str | None = None
    for abstract in meta.findall("abstract"):
        kind = abstract.get("abstract-type") or ""
        if kind in _ABSTRACTS_SKIPPED:
            continue
        begun = len(layout.parts)
        layout.heading(
            plain(abstract.find("title")) or ("Abstract" if main is None else kind.capitalize() or "Summary")
        )
        _blocks(abstract, layout, marks, 3)
        if main is None:
            words = [part.lstrip("# ") if part.startswith("#") else part for part in layout.parts[begun + 1 :]]
            main = "\n\n".join(words) or None
    return main


def _body(article: Any, layout: Layout, marks: Marks) -> None:
    body = article.find("body")
    if body is not None:
        if layout.in_section and len(body) and body[0].tag != "sec":
            layout.heading("Main text")
        _blocks(body, layout, marks, 2)
    back = article.find("back")
    for tag in ("app-group", "app", "sec"):
        for part in back.findall(tag) if back is not None else ():
            _block(part, layout, marks, 2)
    _declarations(article, layout, marks)
    floats = article.find("floats-group")
    if floats is not None:
        layout.heading("Figures and tables")
        _blocks(floats, layout, marks, 3)


def _declarations(article: Any, layout: Layout, marks: Marks) -> None:
    """What authors declare outside the body: thanks, funding, ethics, availability, interests, contributions."""
    back, meta = article.find("back"), article.find("front/article-meta")
    for part in back if back is not None else ():
        if part.tag in ("ack", "notes"):
            kind = part.get("notes-type") or part.tag
            layout.heading(plain_words(part.find("title")) or _DECLARED.get(kind, "Notes"))
            _blocks(part, layout, marks, 3)
    for statement in meta.iterfind("funding-group/funding-statement"):
        layout.heading(_DECLARED["funding-information"])
        layout.paragraph(_inner(statement, marks))
    for note in (*meta.iterfind("author-notes/fn"), *article.iterfind("back/fn-group/fn")):
        if (heading := _DECLARED.get(note.get("fn-type") or "")) is not None:
            layout.heading(heading)
            _blocks(note, layout, marks, 3)


def _blocks(parent: Any, layout: Layout, marks: Marks, level: int) -> None:
    for child in parent:
        if isinstance(child.tag, str) and child.tag not in ("title", "label"):
            _block(child, layout, marks, level)


def _block(element: Any, layout: Layout, marks: Marks, level: int) -> None:
    tag = element.tag
    if tag in ("sec", "app"):
        layout.heading(plain_words(element.find("title")) or plain(element.find("label")), level)
        _blocks(element, layout, marks, level + 1)
    elif tag in _CAPTIONED and element.find("caption") is not None:
        label = " ".join(filter(None, (plain(element.find("label")), _inner(element.find("caption"), marks))))
        layout.paragraph(label)
    elif tag == "list-item":
        layout.paragraph("- " + _inner(element, marks))
    elif tag == "def-item":
        layout.paragraph(": ".join(filter(None, (plain(element.find("term")), plain(element.find("def"))))))
    elif tag in ("p", "disp-formula", "preformat", "code", "verse-group"):
        apart: list[Any] = []
        layout.paragraph(_running(element, marks, apart))
        for block in apart:
            _block(block, layout, marks, level)
    elif tag not in _UNREAD and not tag.endswith("-meta"):
        _blocks(element, layout, marks, level)


def _inner(element: Any, marks: Marks) -> str:
    """Words of an element and of the paragraphs inside it, in one line."""
    apart: list[Any] = []
    words = _running(element, marks, apart)
    return " ".join([words, *(_inner(block, marks) for block in apart if block.tag not in ("fig", "table-wrap"))])


def _running(element: Any, marks: Marks, apart: list[Any]) -> str:
    words = element.text or ""
    for child in element:
        words += _inline(child, words, marks, apart) + (child.tail or "")
    return words


def _inline(child: Any, before: str, marks: Marks, apart: list[Any]) -> str:
    tag = child.tag
    if not isinstance(tag, str):
        return character(child)
    if tag in _APART:
        apart.append(child)
        return " "
    if tag in _UNREAD:
        return ""
    if tag == "xref":
        return _cross_reference(child, marks, apart)
    if tag == "sup":
        return raised(before, _running(child, marks, apart))
    if tag in ("math", "tex-math", "alternatives", "disp-formula", "inline-formula"):
        return f" {_formula(child)} "
    return " " if tag == "break" else _running(child, marks, apart)


def _cross_reference(xref: Any, marks: Marks, apart: list[Any]) -> str:
    kind = xref.get("ref-type")
    if kind in _FOOTNOTE_REFS:
        return ""
    words = _running(xref, marks, apart)
    if kind != "bibr":
        return words
    targets = (xref.get("rid") or "").split()
    return marked(words, [marks.of_id[target] for target in targets if target in marks.of_id])


def _formula(element: Any) -> str:
    """MathML as its symbols in a row; TeX without the document around it."""
    mathematics = element if element.tag == "math" else element.find(".//math")
    if mathematics is not None:
        return plain(mathematics) or ""
    tex = element if element.tag == "tex-math" else element.find(".//tex-math")
    if tex is None:
        return plain(element) or ""
    words = plain(tex) or ""
    body = _TEX_BODY.search(words[-4_000:])
    return body[1] if body else words[:2_000]


# --- references ---------------------------------------------------------------------------------


class Marks:
    """The references of an article, and the mark that each `rid` is cited by."""

    def __init__(self, article: Any) -> None:
        self.of_id: dict[str, str] = {}
        self.references: list[dict[str, Any]] = []
        refs = [ref for ref in article.iterfind(".//back//ref-list/ref")]
        for place, ref in enumerate(refs[:MAX_XML_REFERENCES], start=1):
            mark = (plain(ref.find("label")) or "").strip("[](). ") or str(place)
            if ref.get("id"):
                self.of_id[ref.get("id")] = mark
            self.references += [_reference(citation, mark) for citation in _citations(ref)]


def _citations(ref: Any) -> list[Any]:
    """The citations of one entry; of several renderings of the same one, the first."""
    found = [child for child in ref if child.tag in _CITATIONS]
    for group in ref.findall("citation-alternatives"):
        found += [child for child in group if child.tag in _CITATIONS][:1]
    return found


def _reference(citation: Any, mark: str) -> dict[str, Any]:
    ids = {one.get("pub-id-type"): plain(one) for one in reversed(citation.findall("pub-id"))}
    links = [attribute(link, "href") or plain(link) for tag in ("ext-link", "uri") for link in citation.iter(tag)]
    source = plain(citation.find("source"))
    title = plain_words(citation.find("article-title")) or plain_words(citation.find("chapter-title"))
    return {
        "mark": mark,
        "raw": _raw(citation),
        "title": title or (source if citation.find("article-title") is None else None),
        "authors": _authors(citation),
        "year": _year(citation),
        "venue": source if title else None,
        "doi": ids.get("doi"),
        "pmid": ids.get("pmid"),
        "pmcid": ids.get("pmcid") or ids.get("pmc"),
        "arxiv_id": ids.get("arxiv"),
        "isbn": plain(citation.find("isbn")),
        "links": [link for link in links if link],
    }


def _year(citation: Any) -> int | None:
    year = citation.find("year")
    if year is None:
        year = citation.find("date/year")
    digits = re.match(r"(?:1[5-9]|20)\d\d", (plain(year) or "") if year is not None else "")
    return int(digits.group()) if digits else None


def _printed(element: Any) -> Iterator[str]:
    """Words of a citation with a mark where one part ends and the next begins without a blank."""
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str):
            edge = "" if child.tag in _FORMATTING else _EDGE
            yield from (edge, *_printed(child), edge)
        else:
            yield character(child)
        yield child.tail or ""


def _authors(citation: Any) -> list[str]:
    groups = citation.findall("person-group")
    group = next(
        (one for one in groups if one.get("person-group-type", "author") in ("author", "allauthors")), citation
    )
    return _names(group)


def _names(holder: Any) -> list[str]:
    stated = (plain(one) if one.tag == "collab" else person_named(one) for one in holder if one.tag in _NAMES)
    return [name for name in stated if name]


def _raw(citation: Any) -> str:
    """The entry as printed where the file keeps its punctuation, else its parts in their order."""
    if citation.tag == "mixed-citation" and (citation.text or any((child.tail or "").strip() for child in citation)):
        return _GLUE.sub("", _GLUED.sub(" ", folded("".join(_printed(citation)))))
    alone, parts = _names(citation), []
    for child in citation:
        if child.tag == "person-group":
            parts.append(", ".join(_names(child)))
        elif child.tag == "pub-id":
            parts.append(f"{child.get('pub-id-type') or ''} {plain(child) or ''}".strip())
        elif child.tag not in _NAMES and isinstance(child.tag, str):
            parts.append(plain(child) or "")
    return ". ".join(part.rstrip(".") for part in (", ".join(alone), *parts) if part)

"""TEI as GROBID writes it: what an article states of itself, its running text, its references.

Runs in the parser's child process. Input: a root from scholarly_layout.py. Output: JSON values as
`ScholarlyText` takes them. Does not belong here: normalising identifiers (scholarly_xml.py).
"""

from __future__ import annotations

import re
from typing import Any

from pipelines.ingestion.parser_bounds import MAX_XML_REFERENCES, Refused
from pipelines.ingestion.scholarly_layout import Layout, attribute, character, folded, marked, pieces, plain

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})$")
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
# Parts of the back matter that are read, with a heading for those that bear none.
_BACK_READ = {
    "annex": None,
    "appendix": None,
    "acknowledgement": "Acknowledgements",
    "funding": "Funding",
    "availability": "Data availability",
    "conflict": "Competing interests",
    "contribution": "Author contributions",
}
_UNREAD = frozenset({"note", "graphic", "listBibl", "figure", "table"})
_ID_KINDS = {"DOI": "doi", "PMID": "pmid", "PMCID": "pmcid", "PMC": "pmcid", "arXiv": "arxiv_id", "ARXIV": "arxiv_id"}


def tei_facts(root: Any) -> dict[str, Any]:
    """All that is read of a TEI document."""
    header = root.find("teiHeader")
    if header is None:
        raise Refused("the TEI file has no header (teiHeader)")
    marks = _Marks(root)
    described = header.find("fileDesc/sourceDesc/biblStruct")
    title = _main_title(header.findall("fileDesc/titleStmt/title"))
    layout = Layout()
    layout.title(title)
    abstract = _abstract(header, layout, marks)
    _body(root, layout, marks)
    text, sections = layout.finished()
    return {
        "kind": "tei",
        "title": title,
        "authors": _authors(described, "analytic") or _authors(described, "monogr"),
        **_date(header, described),
        **_identifiers(described),
        "journal": None if described is None else _title_of_level(described, "j"),
        "licence": _licence(header),
        "abstract": abstract,
        "text": text,
        "sections": sections,
        "has_body": root.find("text/body") is not None,
        "references": marks.references,
    }


# --- what it states -----------------------------------------------------------------------------


def _main_title(titles: list[Any]) -> str | None:
    main = [title for title in titles if title.get("type", "main") == "main"]
    return next(filter(None, map(plain, main or titles)), None)


def _title_of_level(described: Any, level: str) -> str | None:
    return next((plain(title) for title in described.iterfind("monogr/title") if title.get("level") == level), None)


def _authors(described: Any, part: str) -> list[str]:
    names = [] if described is None else [_person(author) for author in described.iterfind(f"{part}/author")]
    return [name for name in names if name]


def _person(author: Any) -> str | None:
    person = author.find("persName")
    if person is None:
        return plain(author.find("orgName"))
    parts = [plain(name) for tag in ("forename", "surname", "genName") for name in person.findall(tag)]
    return " ".join(filter(None, parts)) or plain(person)


def _date(header: Any, described: Any) -> dict[str, Any]:
    dates = [] if described is None else described.findall("monogr/imprint/date")
    stated = [
        date.get("when") or plain(date) or "" for date in [*dates, *header.findall("fileDesc/publicationStmt/date")]
    ]
    day = next((match for match in map(_DAY.match, stated) if match), None)
    year = next((match for match in map(_YEAR.search, stated) if match), None)
    return {
        "year": int(year.group()) if year else None,
        "published_on": [int(part) for part in day.groups()] if day else None,
    }


def _identifiers(described: Any) -> dict[str, str | None]:
    found: dict[str, str | None] = dict.fromkeys(("doi", "pmid", "pmcid", "arxiv_id"))
    for one in described.iter("idno") if described is not None else ():
        name = _ID_KINDS.get(one.get("type") or "")
        if name and found[name] is None:
            found[name] = plain(one)
    return found


def _licence(header: Any) -> str | None:
    availability = header.find("fileDesc/publicationStmt/availability")
    if availability is None:
        return None
    licence = availability.find("licence")
    stated = None if licence is None else licence.get("target") or plain(licence)
    return stated[:500] if stated else None


# --- running text -------------------------------------------------------------------------------


def _abstract(header: Any, layout: Layout, marks: _Marks) -> str | None:
    abstract = header.find("profileDesc/abstract")
    if abstract is None or not plain(abstract):
        return None
    layout.heading("Abstract")
    begun = len(layout.parts)
    _blocks(abstract, layout, marks, 3)
    return "\n\n".join(part.lstrip("# ") if part.startswith("#") else part for part in layout.parts[begun:]) or None


def _body(root: Any, layout: Layout, marks: _Marks) -> None:
    body = root.find("text/body")
    if body is not None:
        if layout.in_section and len(body) and body[0].find("head") is None:
            layout.heading("Main text")
        _blocks(body, layout, marks, 2)
    for part in root.iterfind("text/back/div"):
        kind = part.get("type")
        if kind in _BACK_READ:
            if next(part.iter("head"), None) is None:
                layout.heading(_BACK_READ[kind])
            _blocks(part, layout, marks, 2)
    captions = [caption for figure in root.iterfind("text//figure") if (caption := _caption(figure))]
    if captions:
        layout.heading("Figures and tables")
    for caption in captions:
        layout.paragraph(caption)


def _caption(figure: Any) -> str | None:
    """Head and description; a head that the description repeats is said once."""
    head, words = plain(figure.find("head")), plain(figure.find("figDesc"))
    if head and words and words.startswith(head.split(" ")[0]):
        return words
    return " ".join(filter(None, (head, words))) or None


def _blocks(parent: Any, layout: Layout, marks: _Marks, level: int) -> None:
    for child in parent:
        tag = child.tag
        if tag == "head":
            layout.heading(_numbered(child), level)
        elif tag in ("p", "formula"):
            layout.paragraph(_running(child, marks))
        elif tag == "item":
            layout.paragraph("- " + _running(child, marks))
        elif isinstance(tag, str) and tag not in _UNREAD:
            _blocks(child, layout, marks, level + 1 if parent.tag == "div" else level)


def _numbered(head: Any) -> str | None:
    """A heading with the number that the paper gives it."""
    return folded(f"{head.get('n') or ''} {plain(head) or ''}") or None


def _running(element: Any, marks: _Marks) -> str:
    words = element.text or ""
    for child in element:
        words += _inline(child, marks) + (child.tail or "")
    return words


def _inline(child: Any, marks: _Marks) -> str:
    if not isinstance(child.tag, str):
        return character(child)
    if child.tag in _UNREAD:
        return ""
    words = _running(child, marks)
    if child.tag != "ref" or child.get("type") != "bibr":
        return words
    target = (child.get("target") or "").lstrip("#")
    closed = marked(words, [marks.of_id[target]] if target in marks.of_id else [])
    # GROBID sets one citation right behind the other.
    return closed + " " if words.endswith((";", ",")) else closed


# --- references ---------------------------------------------------------------------------------


class _Marks:
    """The references of a document, and the mark that each target is cited by."""

    def __init__(self, root: Any) -> None:
        entries = list(root.iterfind("text/back//listBibl/biblStruct"))[:MAX_XML_REFERENCES]
        self.of_id = {attribute(entry, "id") or "": str(place) for place, entry in enumerate(entries, start=1)}
        self.references = [_reference(entry, str(place)) for place, entry in enumerate(entries, start=1)]


def _reference(entry: Any, mark: str) -> dict[str, Any]:
    title = _main_title(entry.findall("analytic/title"))
    venue = next(filter(None, (_title_of_level(entry, level) for level in ("j", "m", "s"))), None)
    dates = [date.get("when") or plain(date) or "" for date in entry.iterfind("monogr/imprint/date")]
    year = next((match for match in map(_YEAR.search, dates) if match), None)
    links = [attribute(link, "target") for link in entry.iter("ptr", "ref")]
    authors = _authors(entry, "analytic") or _authors(entry, "monogr")
    return {
        "mark": mark,
        "raw": _raw(entry, authors, title, venue, year.group() if year else None),
        "title": title or venue,
        "authors": authors,
        "year": int(year.group()) if year else None,
        "venue": venue if title else None,
        **_identifiers(entry),
        "isbn": next((plain(one) for one in entry.iter("idno") if one.get("type") == "ISBN"), None),
        "links": [link for link in links if link],
    }


def _raw(entry: Any, authors: list[str], title: str | None, venue: str | None, year: str | None) -> str:
    """The entry as printed where GROBID kept it, else its parts."""
    kept = next((plain(note) for note in entry.iterfind("note") if note.get("type") == "raw_reference"), None)
    scopes = [plain(one) or "-".join(filter(None, (one.get("from"), one.get("to")))) for one in entry.iter("biblScope")]
    ids = [f"{one.get('type') or ''} {plain(one) or ''}".strip() for one in entry.iter("idno")]
    parts = [", ".join(authors), year, title, venue, ", ".join(filter(None, scopes)), *ids]
    return kept or ". ".join(part for part in parts if part) or folded("".join(pieces(entry)))

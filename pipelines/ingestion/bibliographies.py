"""Bibliographies as reference managers write them: BibTeX, RIS and CSL-JSON.

Input: the text of a file. Output: a `Bibliography`: a `Reference` for each entry, `raw == text[start:end]`,
and a sentence for each entry that is malformed; such an entry stays, with what its words alone tell.
Does not belong here: libraries of works with their texts (library.py), whether a reference exists.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import rispy

from pipelines.ingestion.bibliography_fields import EntryFacts, facts_of_bibtex, facts_of_csl, facts_of_ris
from pipelines.ingestion.errors import UnreadableDocument
from pipelines.ingestion.reference_addresses import entry_identifiers
from pipelines.models import Reference, Rejection

MAX_ENTRIES = 20_000
MAX_ENTRY = 200_000  # characters of one entry, its abstract included
MAX_RAW = 20_000

_BIBTEX_START = re.compile(r"^[ \t]{0,40}@(?P<kind>[A-Za-z]{1,30})\s{0,5}[{(]", re.MULTILINE)
_BIBTEX_KEY = re.compile(r"\s{0,20}([^\s,{}()=\"]{1,200})\s{0,5}(?=,|\})")
_BRACES = re.compile(r"\\.|[{}]", re.DOTALL)
_NO_ENTRIES = frozenset({"comment", "preamble", "string"})
_RIS_START = re.compile(r"^\ufeff?TY {1,2}- ?", re.MULTILINE)
_RIS_END = re.compile(r"^ER {1,2}-.*$", re.MULTILINE)
_RIS_TAG = re.compile(r"^([A-Z][A-Z0-9]) {1,3}-(?: |$)", re.MULTILINE)
_CSL_TYPES = frozenset(
    {
        "article", "article-journal", "article-magazine", "article-newspaper", "bill", "book", "broadcast", "chapter",
        "classic", "collection", "dataset", "document", "entry", "entry-dictionary", "entry-encyclopedia", "event",
        "figure", "graphic", "hearing", "interview", "legal_case", "legislation", "manuscript", "map", "motion_picture",
        "musical_score", "pamphlet", "paper-conference", "patent", "performance", "periodical",
        "personal_communication", "post", "post-weblog", "regulation", "report", "review", "review-book", "software",
        "song", "speech", "standard", "thesis", "treaty", "webpage",
        # Crossref answers CSL-JSON with types of its own.
        "journal-article", "proceedings-article", "book-chapter", "posted-content", "monograph", "dissertation",
    }
)  # fmt: skip
_CSL_FIELDS = ("title", "DOI", "author", "URL", "container-title")


class BibliographyFormat(StrEnum):
    BIBTEX = "bibtex"
    RIS = "ris"
    CSL_JSON = "csl-json"


@dataclass(frozen=True)
class Bibliography:
    """The entries of a file in their order, and what was malformed; `path` of a fault is the entry's place."""

    format: BibliographyFormat
    references: tuple[Reference, ...]
    faults: tuple[Rejection, ...]


@dataclass(frozen=True)
class _Entry:
    """One entry of a file. A fault leaves `facts` with whatever could still be read."""

    start: int
    end: int
    mark: str | None
    facts: EntryFacts | None
    fault: str | None = None


def read_bibliography(text: str, form: BibliographyFormat) -> Bibliography:
    """All entries of a bibliography; `UnreadableDocument` where it holds none."""
    entries: list[_Entry] = []
    faults: list[Rejection] = []
    for entry in _READERS[form](text):
        if len(entries) == MAX_ENTRIES:
            faults.append(
                Rejection(path="file", reason=f"it has more than {MAX_ENTRIES:,} entries; the rest is not read")
            )
            break
        entries.append(entry)
        if entry.fault:
            line = text.count("\n", 0, entry.start) + 1
            faults.append(Rejection(path=f"entry {entry.mark or len(entries)} (line {line})", reason=entry.fault))
    if not entries:
        raise UnreadableDocument(f"it holds no {_WORDS[form]} entry")
    references = tuple(_reference(text, number, entry) for number, entry in enumerate(entries, start=1))
    return Bibliography(form, references, tuple(faults))


def is_csl_json(value: Any) -> bool:
    """The JSON value is a list of works in CSL-JSON: at least half of its items have the type and fields of one."""
    if not isinstance(value, list) or not value:
        return False
    return 2 * sum(map(_is_csl_item, value)) >= len(value)


def _is_csl_item(item: Any) -> bool:
    if not isinstance(item, dict) or not isinstance(item.get("type"), str):
        return False
    return item["type"] in _CSL_TYPES and any(item.get(field) for field in _CSL_FIELDS)


def _reference(text: str, ordinal: int, entry: _Entry) -> Reference:
    end = min(entry.end, entry.start + MAX_RAW)
    raw = text[entry.start : end]
    facts = entry.facts or EntryFacts()
    words = entry_identifiers(raw if entry.fault else facts.addresses)
    return Reference(
        ordinal=ordinal,
        mark=entry.mark,
        raw=raw,
        doi=facts.doi or words.doi,
        arxiv_id=facts.arxiv_id or words.arxiv_id,
        arxiv_version=facts.arxiv_version if facts.arxiv_id else words.arxiv_version,
        pmid=facts.pmid or words.pmid,
        pmcid=facts.pmcid or words.pmcid,
        isbn=facts.isbn or words.isbn,
        openalex=words.openalex,
        s2=words.s2,
        url=facts.url,
        title=facts.title,
        authors=facts.authors,
        year=facts.year,
        venue=facts.venue,
        start=entry.start,
        end=end,
    )


# --- BibTeX -------------------------------------------------------------------------------------


def _bibtex_entries(text: str) -> Iterator[_Entry]:
    """Each entry is parsed by itself, so that a broken one spoils no other."""
    # pybtex takes long to import, and most runs meet no BibTeX.
    from pybtex.database.input.bibtex import Parser

    macros: dict[str, str] | None = None
    starts = list(_BIBTEX_START.finditer(text))
    for place, start in enumerate(starts):
        limit = starts[place + 1].start() if place + 1 < len(starts) else len(text)
        end = _closing_brace(text, start.end(), limit)
        kind = start["kind"].lower()
        if kind == "string" and end is not None:
            parser = Parser(macros=macros) if macros is not None else Parser()
            _parsed_bibtex(parser, text[start.start() : end])
            macros = parser.macros
        elif kind not in _NO_ENTRIES:
            begin = start.start() + len(start.group()) - len(start.group().lstrip())
            parser = Parser(macros=macros) if macros is not None else Parser()
            yield _bibtex_entry(parser, text, begin, start.end(), end or limit, is_closed=end is not None)


def _closing_brace(text: str, start: int, limit: int) -> int | None:
    """Where the entry that opened before `start` closes; None if it does not, before the next one begins."""
    closes_by = ")" if text[start - 1] == "(" else None
    depth = 1
    for brace in _BRACES.finditer(text, start, limit):
        depth += (brace.group() == "{") - (brace.group() == "}")
        if depth == 0 and closes_by is None:
            return brace.end()
    if closes_by:
        last = text.rfind(")", start, limit)
        return last + 1 if last >= 0 else None
    return None


def _bibtex_entry(parser: Any, text: str, start: int, body: int, end: int, *, is_closed: bool) -> _Entry:
    end = start + len(text[start:end].rstrip())
    key = _BIBTEX_KEY.match(text, body, end)
    mark = key[1] if key else None
    if end - start > MAX_ENTRY:
        return _Entry(start, end, mark, None, f"the entry is longer than {MAX_ENTRY:,} characters")
    entries, complaint = _parsed_bibtex(parser, text[start:end] if is_closed else text[start:end] + "\n}")
    if not entries:
        return _Entry(start, end, mark, None, complaint or "the entry cannot be parsed")
    facts = facts_of_bibtex(entries[0])
    if not is_closed:
        return _Entry(start, end, mark, facts, "the entry is not closed: a brace is missing")
    return _Entry(start, end, mark, facts, complaint if facts.title is None else _only_grave(complaint))


def _only_grave(complaint: str | None) -> str | None:
    """An undefined month or journal name costs that field alone and is no fault of the reference."""
    return None if complaint and "undefined string" in complaint else complaint


def _parsed_bibtex(parser: Any, words: str) -> tuple[list[Any], str | None]:
    from pybtex.errors import capture
    from pybtex.exceptions import PybtexError

    with capture() as complaints:
        try:
            parsed = parser.parse_string(words)
        except (PybtexError, RecursionError, ValueError) as error:
            return [], _sentence(error)
    return list(parsed.entries.values()), _sentence(complaints[0]) if complaints else None


def _sentence(error: Exception) -> str:
    words = " ".join(str(error).split())[:160]
    return f"the entry is not valid BibTeX: {words}"


# --- RIS ----------------------------------------------------------------------------------------


def _ris_entries(text: str) -> Iterator[_Entry]:
    starts = [start.start() for start in _RIS_START.finditer(text)]
    for place, start in enumerate(starts):
        limit = starts[place + 1] if place + 1 < len(starts) else len(text)
        closing = _RIS_END.search(text, start, limit)
        end = closing.end() if closing else start + len(text[start:limit].rstrip())
        fault = None if closing else "the entry is not closed: its ER line is missing"
        yield _ris_entry(text, start, end, fault)


def _ris_entry(text: str, start: int, end: int, fault: str | None) -> _Entry:
    if end - start > MAX_ENTRY:
        return _Entry(start, end, None, None, f"the entry is longer than {MAX_ENTRY:,} characters")
    words = _RIS_TAG.sub(r"\1  - ", text[start:end].lstrip("\ufeff"))
    found = rispy.loads(f"{words}\nER  - \n", skip_unknown_tags=True)
    if not found or len(found[0]) < 2:
        return _Entry(start, end, None, None, fault or "the entry holds no RIS field")
    facts = facts_of_ris(found[0])
    mark = found[0].get("id") or found[0].get("label")
    fault = fault or (None if facts.title or facts.doi or facts.url else "the entry has neither a title nor an address")
    return _Entry(start, end, str(mark)[:200] if mark else None, facts, fault)


# --- CSL-JSON -----------------------------------------------------------------------------------


def _csl_entries(text: str) -> Iterator[_Entry]:
    """The items of a list that was parsed before (json_reading.py): here only their places are found."""
    decoder = json.JSONDecoder()
    position = text.index("[") + 1
    while (position := _behind_blanks(text, position)) < len(text) and text[position] != "]":
        item, end = decoder.raw_decode(text, position)
        yield _csl_entry(item, position, end)
        position = end


def _behind_blanks(text: str, position: int) -> int:
    while position < len(text) and text[position] in " \t\r\n,":
        position += 1
    return position


def _csl_entry(item: Any, start: int, end: int) -> _Entry:
    if not isinstance(item, dict):
        return _Entry(start, end, None, None, "the item is no object")
    mark = item.get("id") or item.get("citation-key")
    facts = facts_of_csl(item)
    fault = None if facts.title or facts.doi or facts.url else "the item has neither a title nor an address"
    return _Entry(start, end, str(mark)[:200] if isinstance(mark, str | int) else None, facts, fault)


_READERS: dict[BibliographyFormat, Callable[[str], Iterator[_Entry]]] = {
    BibliographyFormat.BIBTEX: _bibtex_entries,
    BibliographyFormat.RIS: _ris_entries,
    BibliographyFormat.CSL_JSON: _csl_entries,
}
_WORDS = {
    BibliographyFormat.BIBTEX: "BibTeX",
    BibliographyFormat.RIS: "RIS",
    BibliographyFormat.CSL_JSON: "CSL-JSON",
}

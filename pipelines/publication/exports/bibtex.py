"""BibTeX: works, UTF-8, one entry each; written by pybtex."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TextIO

from pybtex.database import BibliographyData, Entry, Person
from pybtex.database.output.bibtex import Writer

from pipelines.publication.exports.cited_works import CitedWork, Name, cited_works, warns
from pipelines.publication.views import PublicRecord

_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "journal-article": "article",
        "article": "article",
        "proceedings-article": "inproceedings",
        "book": "book",
        "monograph": "book",
        "book-chapter": "incollection",
        "dissertation": "phdthesis",
        "report": "techreport",
    }
)
_VENUES = {"article": "journal", "inproceedings": "booktitle", "incollection": "booktitle", "techreport": "institution"}
# Read as they are: an escaped underscore would be part of the identifier.
_VERBATIM = frozenset({"doi", "eprint", "isbn", "pmcid", "pmid", "url"})
_NO_MARK_UP = str.maketrans({"\\": "/", "{": "(", "}": ")", "$": r"\$"})


class _Writer(Writer):  # type: ignore[misc]  # pybtex has no types
    """Escapes what LaTeX would take for mark-up, but not in identifiers and addresses."""

    def _write_field(self, stream: TextIO, type: str, value: str) -> None:
        stream.write(f",\n    {type} = {self.quote(value if type in _VERBATIM else self._encode(value))}")


def bibtex(record: PublicRecord) -> str:
    """The record's references."""
    return bibtex_of(cited_works(record))


def bibtex_of(works: Sequence[CitedWork]) -> str:
    entries = {work.key: _entry(work) for work in works}
    return str(_Writer(encoding="utf-8").to_string(BibliographyData(entries=entries)))


def _entry(work: CitedWork) -> Entry:
    kind = _TYPES.get(work.type or "", "misc")
    fields = {
        "title": work.title,
        "year": str(work.year) if work.year is not None else None,
        "date": work.published_on.isoformat() if work.published_on else None,
        _VENUES.get(kind, "howpublished"): work.venue,
        "doi": work.identifiers.get("doi"),
        "eprint": work.identifiers.get("arxiv"),
        "archiveprefix": "arXiv" if "arxiv" in work.identifiers else None,
        "pmid": work.identifiers.get("pmid"),
        "pmcid": work.identifiers.get("pmcid"),
        "isbn": work.identifiers.get("isbn"),
        "url": work.url,
        "note": work.note,
        "keywords": "do-not-cite-unread" if warns(work) else None,
    }
    held = {name: _safe(value) for name, value in fields.items() if value}
    entry = Entry(kind, fields=held)
    entry.persons["author"] = [_person(name) for name in work.authors]
    return entry


def _safe(value: str) -> str:
    """No brace or backslash of a text from outside may open or close anything, or run as a command."""
    return " ".join(value.split()).translate(_NO_MARK_UP)


def _person(name: Name) -> Person:
    safe = [_safe(part or "") for part in (name.literal, name.family, name.given)]
    person = Person()
    person.last_names = [f"{{{safe[0]}}}"] if safe[0] else safe[1].split()
    person.first_names = safe[2].split()
    return person

"""The fields of one BibTeX, RIS or CSL-JSON entry, as a reference states them.

Input: an entry as pybtex, rispy or the JSON reader gives it. Output: `EntryFacts`, normalised; None and
empty where the entry does not say. Does not belong here: finding the entries (bibliographies.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pipelines.ingestion.identifiers import (
    normalised_arxiv,
    normalised_doi,
    normalised_isbn,
    normalised_pmcid,
    normalised_pmid,
)
from pipelines.ingestion.latex import without_latex

MAX_TITLE = 1_000
MAX_AUTHORS = 5_000

_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_BRACES = re.compile(r"[{}]")
_TAGS = re.compile(r"</?[a-zA-Z][^<>]{0,100}>")
_URL = re.compile(r"https?://[^\s{}\"<>\\]{1,2000}")
# In these a tilde, an underscore and a per cent sign are themselves.
_VERBATIM = frozenset({"doi", "url", "eprint", "pmid", "pmcid", "isbn", "howpublished", "note", "file", "arxivid"})
_BIBTEX_VENUES = ("journal", "journaltitle", "booktitle", "school", "institution", "publisher")
_RIS_TITLES = ("title", "primary_title", "short_title")
_RIS_VENUES = (
    "journal_name",
    "alternate_title3",
    "secondary_title",
    "alternate_title2",
    "alternate_title1",
    "publisher",
)
_RIS_PEOPLE = ("authors", "first_authors")
_RIS_YEARS = ("year", "publication_year", "date")
_CSL_DATES = ("issued", "published", "published-print", "published-online", "original-date")


@dataclass(frozen=True)
class EntryFacts:
    """What an entry says. `addresses` are its remaining words that may hold identifiers."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    year: int | None = None
    venue: str | None = None
    doi: str | None = None
    arxiv_id: str | None = None
    arxiv_version: int | None = None
    pmid: str | None = None
    pmcid: str | None = None
    isbn: str | None = None
    url: str | None = None
    addresses: str = ""


def facts_of_bibtex(entry: Any) -> EntryFacts:
    """A pybtex entry. Accents and escapes are read; braces that keep capitals go."""
    row = {key.lower(): _bibtex_field(key.lower(), value) for key, value in entry.fields.items()}
    eprint = row.get("eprint") or row.get("arxivid") or ""
    is_arxiv = (row.get("archiveprefix") or row.get("eprinttype") or "arxiv").lower() == "arxiv"
    arxiv_id, version = normalised_arxiv(eprint) if is_arxiv else (None, None)
    addresses = " ".join(row.get(key, "") for key in ("url", "howpublished", "note", "journal", "eprint", "series"))
    url = _URL.search(row.get("url") or row.get("howpublished") or row.get("note") or "")
    people = entry.persons.get("author") or entry.persons.get("editor") or ()
    return EntryFacts(
        title=_title(row.get("title"), row.get("subtitle")),
        authors=_names(without_latex(str(person)) for person in people),
        year=_year(row.get("year"), row.get("date")),
        venue=_first(row, _BIBTEX_VENUES),
        doi=normalised_doi(row.get("doi", "")),
        arxiv_id=arxiv_id,
        arxiv_version=version,
        pmid=normalised_pmid(row.get("pmid", "")),
        pmcid=_pmcid(row.get("pmcid") or row.get("pmc")),
        isbn=normalised_isbn(row.get("isbn", "")),
        url=url.group() if url else None,
        addresses=addresses,
    )


def _bibtex_field(key: str, value: str) -> str:
    words = _BRACES.sub("", value).replace("\\_", "_").replace("\\%", "%") if key in _VERBATIM else without_latex(value)
    return words.strip()


def facts_of_ris(row: dict[str, Any]) -> EntryFacts:
    """A rispy row."""
    urls = [str(url).strip() for url in row.get("urls") or ()]
    notes = [
        str(row[key]) for key in ("doi", "custom1", "custom2", "custom7", "note", "accession_number") if row.get(key)
    ]
    people = next((row[key] for key in _RIS_PEOPLE if row.get(key)), row.get("secondary_authors") or ())
    accession = str(row.get("accession_number") or "")
    is_book = row.get("type_of_reference") in ("BOOK", "CHAP", "EBOOK", "ECHAP", "EDBOOK")
    return EntryFacts(
        title=_title(_first(row, _RIS_TITLES) or (_first(row, ("secondary_title",)) if is_book else None)),
        authors=_names(map(str, people)),
        year=_year(*(row.get(key) for key in _RIS_YEARS)),
        venue=_first(row, _RIS_VENUES),
        doi=normalised_doi(str(row.get("doi") or "")),
        pmid=normalised_pmid(accession) if row.get("name_of_database") in ("PubMed", "MEDLINE", "Medline") else None,
        pmcid=_pmcid(row.get("custom2")),
        isbn=normalised_isbn(str(row.get("issn") or "")),
        url=next((url for url in urls if url.startswith(("http://", "https://"))), None),
        addresses=" ".join([*urls, *notes])[:4_000],
    )


def facts_of_csl(item: dict[str, Any]) -> EntryFacts:
    """An item of CSL-JSON, as Zotero, pandoc or Crossref write it."""
    number = _text(item.get("number")) or ""
    arxiv_id, version = normalised_arxiv(number) if number.lower().startswith("arxiv") else (None, None)
    url = _text(item.get("URL"))
    addresses = (_text(item.get(key)) or "" for key in ("URL", "note", "number", "publisher", "archive_location"))
    return EntryFacts(
        title=_title(_text(item.get("title"))),
        authors=_names(_csl_people(item.get("author") or item.get("editor"))),
        year=next((year for year in (_csl_year(item.get(key)) for key in _CSL_DATES) if year), None),
        venue=_clean(_text(item.get("container-title"))),
        doi=normalised_doi(_text(item.get("DOI")) or ""),
        arxiv_id=arxiv_id,
        arxiv_version=version,
        pmid=normalised_pmid(_text(item.get("PMID")) or ""),
        pmcid=_pmcid(_text(item.get("PMCID"))),
        isbn=normalised_isbn((_text(item.get("ISBN")) or "").split(" ")[0]),
        url=url if url and url.startswith(("http://", "https://")) else None,
        addresses=" ".join(addresses)[:4_000],
    )


def _csl_people(people: Any) -> Iterable[str]:
    for person in people if isinstance(people, list) else ():
        if not isinstance(person, dict):
            continue
        family = " ".join(filter(None, (_text(person.get("non-dropping-particle")), _text(person.get("family")))))
        given = _text(person.get("given"))
        stated = f"{family}, {given}" if family and given else family or given
        yield stated or _text(person.get("literal")) or _text(person.get("name")) or ""


def _csl_year(value: Any) -> int | None:
    if not isinstance(value, dict):
        return None
    parts = value.get("date-parts")
    while isinstance(parts, list) and parts:
        parts = parts[0]
    stated = (
        parts
        if isinstance(parts, int | str) and not isinstance(parts, bool)
        else value.get("raw") or value.get("literal")
    )
    return _year(stated)


def _text(value: Any) -> str | None:
    """A string; the first one of a list, as Crossref gives its titles."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return value.strip() or None if isinstance(value, str) else None


def _first(row: dict[str, Any], keys: tuple[str, ...]) -> str | None:
    return next((words for key in keys if (words := _clean(_text(row.get(key))))), None)


def _clean(words: str | None) -> str | None:
    return " ".join(_TAGS.sub("", words).split())[:MAX_TITLE] or None if words else None


def _title(title: str | None, subtitle: str | None = None) -> str | None:
    title, subtitle = _clean(title), _clean(subtitle)
    whole = f"{title.rstrip(':')}: {subtitle}" if title and subtitle else title
    return whole.rstrip(".") if whole and whole.endswith(".") and not whole.endswith("..") else whole


def _names(people: Iterable[str]) -> tuple[str, ...]:
    names = [" ".join(name.split()).rstrip(",") for name, _ in zip(people, range(MAX_AUTHORS), strict=False)]
    return tuple(name for name in names if name and name.lower() not in ("others", "et al", "et al."))


def _year(*stated: Any) -> int | None:
    found = (_YEAR.search(str(words)[:40]) for words in stated if words is not None)
    return next((int(year.group()) for year in found if year), None)


def _pmcid(words: Any) -> str | None:
    words = str(words).strip() if words else ""
    return normalised_pmcid(f"PMC{words}" if words.isdigit() else words)

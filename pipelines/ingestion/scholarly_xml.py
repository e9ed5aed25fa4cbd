"""JATS and GROBID TEI full texts: read in the parser's child process, checked and normalised here.

Input: the bytes of a file. Output: `ScholarlyText`, or `UnreadableDocument` with one sentence.
Does not belong here: the elements of a vocabulary (jats_markup.py, tei_markup.py), which run in the child.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from pipelines.ingestion.errors import UnreadableDocument
from pipelines.ingestion.identifiers import (
    normalised_arxiv,
    normalised_doi,
    normalised_isbn,
    normalised_pmcid,
    normalised_pmid,
)
from pipelines.ingestion.parser_process import ParserKind, ParserLimits, extract_text
from pipelines.ingestion.reference_addresses import entry_identifiers
from pipelines.ingestion.reference_entries import entry_fields
from pipelines.models import Reference

_MAX_RAW = 3_000


class ScholarlyKind(StrEnum):
    JATS = "jats"
    TEI = "tei"


class Section(NamedTuple):
    """A heading and what stands under it up to the next heading: `text[start:end]`, the heading's line first."""

    heading: str
    start: int
    end: int


@dataclass(frozen=True)
class ScholarlyText:
    """An article as its XML states it; None and empty where it does not say.

    `text` holds the title, the abstract and the sections, without the reference list; `abstract` is its
    abstract alone. Citations stand in the text as `[n]`, where n is the `mark` of a reference.
    """

    kind: ScholarlyKind
    title: str | None
    authors: tuple[str, ...]
    year: int | None
    published_on: date | None
    doi: str | None
    pmid: str | None
    pmcid: str | None
    arxiv_id: str | None
    journal: str | None
    licence: str | None
    abstract: str | None
    text: str
    sections: tuple[Section, ...]
    references: tuple[Reference, ...]
    has_body: bool  # False: front matter only, as an index gives it for a work whose text is closed


def scholarly_xml(data: bytes, limits: ParserLimits | None = None) -> ScholarlyText:
    """The article in JATS or TEI, told apart by the root element."""
    return _read(ParserKind.SCHOLARLY, data, limits)


def read_jats(data: bytes, limits: ParserLimits | None = None) -> ScholarlyText:
    """The article in a JATS (or NLM) file."""
    return _read(ParserKind.JATS, data, limits)


def read_tei(data: bytes, limits: ParserLimits | None = None) -> ScholarlyText:
    """The article in a TEI file as GROBID writes it."""
    return _read(ParserKind.TEI, data, limits)


def _read(kind: ParserKind, data: bytes, limits: ParserLimits | None) -> ScholarlyText:
    facts = extract_text(kind, data, limits).facts
    if not facts["text"].strip():
        raise UnreadableDocument("the article holds no text")
    doi, pmid, pmcid = facts["doi"], facts["pmid"], facts["pmcid"]
    return ScholarlyText(
        kind=ScholarlyKind(facts["kind"]),
        title=facts["title"],
        authors=tuple(facts["authors"]),
        year=facts["year"],
        published_on=_date(facts["published_on"]),
        doi=normalised_doi(doi) if doi else None,
        pmid=normalised_pmid(pmid) if pmid else None,
        pmcid=_pmcid(pmcid),
        arxiv_id=normalised_arxiv(facts["arxiv_id"])[0] if facts["arxiv_id"] else None,
        journal=facts["journal"],
        licence=facts["licence"],
        abstract=facts["abstract"],
        text=facts["text"],
        sections=tuple(Section(*section) for section in facts["sections"]),
        references=tuple(_reference(place, stated) for place, stated in enumerate(facts["references"], start=1)),
        has_body=facts["has_body"],
    )


def _date(parts: list[int] | None) -> date | None:
    try:
        return date(*parts) if parts else None
    except ValueError:
        return None


def _pmcid(stated: str | None) -> str | None:
    """`PMC8118396`; an article may give the digits alone."""
    return normalised_pmcid(f"PMC{stated}" if stated.isdigit() else stated) if stated else None


def _reference(ordinal: int, stated: dict[str, Any]) -> Reference:
    """What the mark-up says; what it leaves unmarked is read from the entry's words and addresses."""
    raw = stated["raw"][:_MAX_RAW]
    words = entry_fields(raw)
    found = entry_identifiers(" ".join([*stated["links"], raw]))
    arxiv_id, version = normalised_arxiv(stated["arxiv_id"]) if stated["arxiv_id"] else (None, None)
    return Reference(
        ordinal=ordinal,
        mark=stated["mark"],
        raw=raw,
        doi=normalised_doi(stated["doi"] or "") or found.doi,
        arxiv_id=arxiv_id or found.arxiv_id,
        arxiv_version=version if arxiv_id else found.arxiv_version,
        pmid=normalised_pmid(stated["pmid"] or "") or found.pmid,
        pmcid=_pmcid(stated["pmcid"]) or found.pmcid,
        isbn=normalised_isbn(stated["isbn"] or "") or found.isbn,
        openalex=found.openalex,
        s2=found.s2,
        url=next((link for link in stated["links"] if link.startswith(("http://", "https://"))), words.url),
        title=stated["title"] or words.title,
        authors=tuple(stated["authors"]) or words.authors,
        year=stated["year"] or words.year,
        venue=stated["venue"],
    )

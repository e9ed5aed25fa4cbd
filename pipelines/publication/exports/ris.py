"""RIS: works, as reference managers read them; written by rispy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import rispy

from pipelines.publication.exports.cited_works import CitedWork, cited_works, warns
from pipelines.publication.views import PublicRecord

_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "journal-article": "JOUR",
        "article": "JOUR",
        "preprint": "UNPB",
        "posted-content": "UNPB",
        "proceedings-article": "CPAPER",
        "book": "BOOK",
        "monograph": "BOOK",
        "book-chapter": "CHAP",
        "dissertation": "THES",
        "report": "RPRT",
        "dataset": "DATA",
    }
)


class _Plain(rispy.RisWriter):  # type: ignore[misc]  # rispy has no types
    """Without the number that rispy puts above each reference, which is no RIS."""

    def set_header(self, count: int) -> str:
        return ""


def ris(record: PublicRecord) -> str:
    """The record's references."""
    return ris_of(cited_works(record))


def ris_of(works: Sequence[CitedWork]) -> str:
    return str(rispy.dumps([_row(work) for work in works], implementation=_Plain)).lstrip("\n")


def _row(work: CitedWork) -> dict[str, Any]:
    others = [f"{kind}:{value}" for kind, value in work.identifiers.items() if kind not in ("doi", "isbn")]
    kind = _TYPES.get(work.type or "", "GEN")
    row = {
        "type_of_reference": kind,
        "id": work.key,
        "title": _line(work.title),
        "authors": [_line(name.in_order()) for name in work.authors],
        "year": str(work.year) if work.year is not None else None,
        "date": work.published_on.strftime("%Y/%m/%d") if work.published_on else None,
        "publisher" if kind == "RPRT" else "secondary_title": _line(work.venue),
        "doi": work.identifiers.get("doi"),
        "issn": work.identifiers.get("isbn"),
        "accession_number": "; ".join(others),
        "urls": [_line(work.url)] if work.url else [],
        "notes": [_line(work.note)],
        "keywords": ["do-not-cite-unread"] if warns(work) else [],
    }
    return {name: value for name, value in row.items() if value}


def _line(text: str | None) -> str:
    """On one line: a line of RIS that begins with two letters and a dash would be another field."""
    return " ".join((text or "").split())

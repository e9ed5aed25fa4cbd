"""CSL-JSON: the record's references, as citation processors and Zotero read them (CSL 1.0.2 input schema)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from pipelines.publication.exports.cited_works import CitedWork, Name, cited_works, warns
from pipelines.publication.views import PublicRecord

_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "journal-article": "article-journal",
        "article": "article-journal",
        "preprint": "article",
        "posted-content": "article",
        "proceedings-article": "paper-conference",
        "book": "book",
        "monograph": "book",
        "book-chapter": "chapter",
        "dissertation": "thesis",
        "report": "report",
        "dataset": "dataset",
    }
)
_IDENTIFIERS = {"doi": "DOI", "pmid": "PMID", "pmcid": "PMCID", "isbn": "ISBN", "arxiv": "number"}


def csl_json(record: PublicRecord) -> str:
    items = [_item(work) for work in cited_works(record)]
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def _item(work: CitedWork) -> dict[str, Any]:
    item: dict[str, Any] = {"id": work.key, "type": _TYPES.get(work.type or "", "document")}
    if work.title:
        item["title"] = work.title
    if work.authors:
        item["author"] = [_name(name) for name in work.authors]
    if work.year is not None:
        item["issued"] = {"date-parts": [[work.year]]}
    if work.venue:
        item["container-title"] = work.venue
    item |= {_IDENTIFIERS[kind]: value for kind, value in work.identifiers.items()}
    if work.url:
        item["URL"] = work.url
    item["note"] = work.note
    if warns(work):
        item["keyword"] = "do-not-cite-unread"
    return item


def _name(name: Name) -> dict[str, str]:
    parts = {"literal": name.literal, "family": name.family, "given": name.given}
    return {part: value for part, value in parts.items() if value}

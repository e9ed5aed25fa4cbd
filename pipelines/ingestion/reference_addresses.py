"""Identifiers that an entry's addresses carry without naming them, such as publishers' own.

Input: the words of an entry. Output: `Identifiers` (identifiers.py), completed by what the rules below add.
Does not belong here: identifiers stated as such (identifiers.py).
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, replace
from typing import Any

from pipelines.ingestion.identifiers import Identifiers, identifiers_in, normalised_arxiv

# What an address tells: publishers that make the DOI of their own name for the work, and mirrors.
_DOI_RULES = (
    (
        re.compile(r"//(?:www\.)?nature\.com/articles/(?P<id>[a-z][a-z0-9.-]{0,40}\d[a-z0-9-]{0,20})", re.I),
        "10.1038/{id}",
    ),
    (re.compile(r"//(?:www\.)?zenodo\.org/records?/(?P<id>\d{3,10})", re.I), "10.5281/zenodo.{id}"),
)
_ARXIV_MIRRORS = re.compile(
    r"//(?:ar5iv\.org/(?:abs|html)|(?:www\.)?alphaxiv\.org/(?:abs|pdf)|huggingface\.co/papers)/(?P<id>[\w./-]{9,20})",
    re.I,
)
_PMID_MIRROR = re.compile(r"//europepmc\.org/(?:article|abstract)/MED/(?P<id>\d{1,9})(?!\d)", re.IGNORECASE)
_OPENALEX = re.compile(r"\bopenalex(?:\.org/(?:works/)?|:)(?P<id>W\d{4,12})(?!\d)", re.IGNORECASE)
_S2 = re.compile(r"\bsemanticscholar\.org/paper/(?:[^/\s]{1,300}/)?(?P<id>[0-9a-f]{40})(?![0-9a-f])", re.IGNORECASE)
_LONGEST = 4_000


@dataclass(frozen=True)
class EntryIdentifiers(Identifiers):
    """Every identifier that a `Reference` has a field for, by the names of those fields."""

    openalex: str | None = None
    s2: str | None = None

    def fields(self) -> dict[str, Any]:
        return asdict(self)


def entry_identifiers(words: str) -> EntryIdentifiers:
    """The first identifier of each kind that the words state or that their addresses carry."""
    words = words[:_LONGEST]
    openalex, s2 = _OPENALEX.search(words), _S2.search(words)
    found = EntryIdentifiers(
        **asdict(identifiers_in(words)),
        openalex=openalex["id"].upper() if openalex else None,
        s2=s2["id"].lower() if s2 else None,
    )
    if found.doi is None:
        found = replace(found, doi=_doi_of_address(words))
    if found.arxiv_id is None and (mirror := _ARXIV_MIRRORS.search(words)):
        arxiv_id, version = normalised_arxiv(mirror["id"].removesuffix(".pdf").rstrip("./"))
        found = replace(found, arxiv_id=arxiv_id, arxiv_version=version)
    if found.pmid is None and (mirror := _PMID_MIRROR.search(words)):
        found = replace(found, pmid=mirror["id"])
    return found


def _doi_of_address(words: str) -> str | None:
    for rule, form in _DOI_RULES:
        if match := rule.search(words):
            return form.format(id=match["id"].lower().removesuffix(".pdf"))
    return None

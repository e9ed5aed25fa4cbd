"""What a person types to look something up, made a reference: an identifier of some kind, or a title."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pipelines.ingestion.errors import IngestionError
from pipelines.ingestion.identifiers import (
    normalised_arxiv,
    normalised_doi,
    normalised_isbn,
    normalised_openalex,
    normalised_pmcid,
    normalised_pmid,
    normalised_s2,
)
from pipelines.ingestion.reference_addresses import entry_identifiers
from pipelines.models import Reference

LONGEST = 1_000
SHORTEST_TITLE = 10

_KINDS: tuple[tuple[str, Callable[[str], str | None]], ...] = (
    ("pmcid", normalised_pmcid),
    ("openalex", normalised_openalex),
    ("s2", normalised_s2),
    ("isbn", normalised_isbn),
    ("pmid", normalised_pmid),
)


class NothingToLookUp(IngestionError):
    """What was typed is neither an identifier nor long enough for a title."""


def typed_reference(typed: str) -> Reference:
    """`10.1000/xyz`, `2406.12845v1`, `PMID:123`, `PMC123`, an ISBN, an OpenAlex or Semantic Scholar id, an
    address that holds one of these, or a title. Raises NothingToLookUp.
    """
    words = " ".join(typed.split())[:LONGEST]
    doi, (arxiv_id, version) = normalised_doi(words), normalised_arxiv(words)
    if doi or arxiv_id:
        return Reference(ordinal=1, raw=words, doi=doi, arxiv_id=arxiv_id, arxiv_version=version)
    if carried := _carried(words):
        return Reference.model_validate({"ordinal": 1, "raw": words, **carried})
    for field, normalise in _KINDS:
        if (value := normalise(words)) is not None:
            return Reference.model_validate({"ordinal": 1, "raw": words, field: value})
    if len(words) < SHORTEST_TITLE or not any(letter.isalpha() for letter in words):
        raise NothingToLookUp(f"{words!r} is no identifier that is known here, and too short for a title")
    return Reference(ordinal=1, raw=words, title=words)


def _carried(words: str) -> dict[str, Any]:
    """The identifiers that an address carries; empty for anything else."""
    if "/" not in words or " " in words:
        return {}
    return {name: value for name, value in entry_identifiers(words).fields().items() if value is not None}

"""A publisher's JSON manifests and contracts, read for what they state.

Input: a JSON document whose `schema` names a contract (or that holds objects that do). Output:
`Manifest`, with figures at their places in the file's own text, or None.
Does not belong here: emitting contracts (publication).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipelines.ingestion.identifiers import normalised_doi
from pipelines.ingestion.json_reading import Pointer, value_spans
from pipelines.ingestion.stated import facts_from
from pipelines.ingestion.stated_dates import date_in
from pipelines.models import Place, StatedFacts, StatedFigure

MAX_OBJECTS = 10_000

_CONTRACT = re.compile(
    r"(?:https?://[^\s/]{1,100}/schemas/)?(?P<name>[a-z]+(?:-[a-z]+){1,4}-v\d{1,2})(?:\.\d{1,2})?(?:\.json)?$"
)
_CONTRACTS = frozenset(
    {
        "gate-verdict-v1", "verification-levels-v1", "quality-tiers-v1", "quality-dimensions-v1",
        "correction-record-v1", "math-result-v1", "paper-manifest-v1", "benchmark-evidence-v1",
        "source-provenance-v1", "review-monitor-v1",
    }
)  # fmt: skip
_STATED: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "gate-verdict-v1": (
        ("gate_status", ("status",)),
        ("gate", ("gate",)),
        ("gate_reason", ("reason",)),
        ("gate_evaluated_at", ("evaluated_at",)),
    ),
    "verification-levels-v1": (
        ("level", ("paper_level",)),
        ("source_grounded_claims", ("claim_summary", "source_grounded_claims")),
    ),
    "quality-tiers-v1": (
        ("tier", ("tier",)),
        ("review_score", ("inputs", "review_score")),
        ("claims_verified", ("inputs", "verified_claim_count")),
    ),
    "math-result-v1": (("doi", ("result", "doi")),),
    "paper-manifest-v1": (("doi", ("work", "doi")), ("doi", ("doi",))),
    "correction-record-v1": (("doi", ("work", "doi")),),
}
_TITLES: tuple[Pointer, ...] = (("work", "title"), ("result", "problem_name"), ("title",))
_QUESTIONS: tuple[Pointer, ...] = (
    ("work", "research_question"),
    ("result", "statement"),
    ("research_question",),
)
_PUBLISHERS: tuple[Pointer, ...] = (("publisher", "name"), ("publisher",), ("work", "publisher"))
_DATES: tuple[Pointer, ...] = (
    ("work", "published_at"),
    ("work", "submitted_at"),
    ("work", "date"),
    ("published_at",),
)
_URLS: tuple[Pointer, ...] = (("work", "url"), ("result", "url"), ("html_url",))
_COUNTED = ("level", "source_grounded_claims", "claims_verified")
_NAMED = ("gate_status", "gate", "gate_reason", "gate_evaluated_at", "tier")


@dataclass(frozen=True)
class Manifest:
    contracts: tuple[str, ...]
    title: str | None
    publisher: str | None
    question: str | None
    published_on: date | None
    identifier: str | None
    stated: StatedFacts


def manifest_in(value: Any, text: str) -> Manifest | None:
    """The manifest in a JSON value, or None if it names no contract that is known."""
    objects = list(_contract_objects(value))
    if not objects:
        return None
    spans = value_spans(text)
    figures = [figure for at, name, item in objects for figure in _figures(at, name, item, text, spans)]
    stated = facts_from(figures)
    published = _first(value, _DATES)
    url = _first(value, _URLS)
    return Manifest(
        contracts=tuple(dict.fromkeys(name for _, name, _ in objects)),
        title=_first(value, _TITLES),
        publisher=_first(value, _PUBLISHERS),
        question=_first(value, _QUESTIONS),
        published_on=date_in(published) if published else None,
        identifier=f"doi:{stated.doi}" if stated.doi else f"url:{url}" if url else None,
        stated=stated,
    )


def _contract_objects(value: Any) -> Iterator[tuple[Pointer, str, dict[str, Any]]]:
    pending: list[tuple[Pointer, Any]] = [((), value)]
    seen = 0
    while pending and seen < MAX_OBJECTS:
        at, item = pending.pop(0)
        seen += 1
        if isinstance(item, dict):
            if name := _contract_name(item.get("schema")):
                yield at, name, item
            pending.extend(((*at, key), inner) for key, inner in item.items() if isinstance(inner, dict | list))
        elif isinstance(item, list):
            pending.extend(((*at, number), inner) for number, inner in enumerate(item[:MAX_OBJECTS]))


def _contract_name(schema: Any) -> str | None:
    match = _CONTRACT.match(schema) if isinstance(schema, str) and len(schema) < 300 else None
    return match["name"] if match and match["name"] in _CONTRACTS else None


def _figures(
    at: Pointer, name: str, item: dict[str, Any], text: str, spans: dict[Pointer, tuple[int, int]]
) -> Iterator[StatedFigure]:
    for figure, path in _STATED.get(name, ()):
        value = _read(figure, _inside(item, path))
        span = spans.get((*at, *path))
        if value is not None and span is not None:
            place = Place(start=span[0], end=span[1], words=text[span[0] : span[1]])
            yield StatedFigure(name=figure, value=value, place=place)


def _read(figure: str, value: Any) -> int | float | str | None:
    """The value if it has the type that the contract demands; a wrong type states nothing."""
    if isinstance(value, bool) or value is None:
        return None
    if figure == "doi":
        return normalised_doi(value) if isinstance(value, str) else None
    if figure in _COUNTED:
        return value if isinstance(value, int) else None
    if figure in _NAMED:
        return value if isinstance(value, str) and value.strip() else None
    return float(value) if isinstance(value, int | float) else None


def _inside(value: Any, path: Pointer) -> Any:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _first(value: Any, paths: tuple[Pointer, ...]) -> str | None:
    for path in paths:
        found = _inside(value, path)
        if isinstance(found, str) and found.strip():
            return found.strip()
    return None

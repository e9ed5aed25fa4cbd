"""Queries of searches: a question, its hits, and what was decided about each.

Rows in and out are small frozen classes; no DuckDB type leaves this module.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pipelines.ingestion.search.decisions import Decision, Hit
from pipelines.ingestion.search.prisma import Prisma
from warehouse.append import Row, Stamp, append, content_id
from warehouse.connection import Warehouse


@dataclass(frozen=True)
class Search:
    """A question as it was searched for. `rules` are the cut and the limits; `query` is what indexes were asked."""

    question: str
    asked_on: date
    query: str
    indexes: tuple[str, ...]
    rules: Mapping[str, float]
    version: str
    hits: tuple[Hit, ...]
    decisions: tuple[Decision, ...]
    prisma: Prisma


@dataclass(frozen=True)
class StoredSearch:
    search_id: str
    question: str
    asked_on: date
    query: str
    indexes: tuple[str, ...]
    prisma: Prisma


def save_search(warehouse: Warehouse, search: Search, *, record_id: str, document_id: str, stamp: Stamp) -> str:
    """Keep a search with every hit and decision, in one transaction; its id."""
    search_id = content_id("search", search.question, search.asked_on, search.version, document_id)
    fixed: Row = {"recorded_at": stamp.recorded_at, "run_id": stamp.run_id}
    row: Row = {
        "search_id": search_id,
        "question": search.question,
        "record_id": record_id,
        "document_id": document_id,
        "asked_on": search.asked_on,
        "query": search.query,
        "indexes": json.dumps(search.indexes),
        "rules": json.dumps(dict(search.rules)),
        "prisma": search.prisma.model_dump_json(),
        "search_version": search.version,
    }
    hits = [_hit_row(search_id, hit) | fixed for hit in search.hits]
    decisions = [_decision_row(search_id, place, one) | fixed for place, one in enumerate(search.decisions, start=1)]
    with warehouse.write() as connection:
        append(connection, "searches", [row | fixed], key="search_id")
        append(connection, "search_hits", hits, key="hit_id")
        append(connection, "search_decisions", decisions, key="decision_id")
    return search_id


def _hit_row(search_id: str, hit: Hit) -> Row:
    return {
        "hit_id": content_id("hit", search_id, hit.index, hit.rank, hit.work.source_id),
        "search_id": search_id,
        "index_name": hit.index,
        "rank": hit.rank,
        "source_id": hit.work.source_id,
        "title": hit.work.title,
    }


def _decision_row(search_id: str, place: int, decision: Decision) -> Row:
    return {
        "decision_id": content_id("decision", search_id, place),
        "search_id": search_id,
        "place": place,
        "stage": decision.stage.value,
        "index_name": decision.index,
        "source_id": decision.work.source_id,
        "outcome": decision.outcome.value,
        "reason": decision.reason.value if decision.reason else None,
        "score": decision.score,
        "duplicate_of": decision.duplicate_of,
    }


def searches_of(warehouse: Warehouse, record_ids: Sequence[str]) -> dict[str, StoredSearch]:
    """Record id to the latest search that it was written from."""
    with warehouse.read() as connection:
        rows = connection.execute(
            "SELECT record_id, search_id, question, asked_on, query, indexes, prisma FROM searches "
            "WHERE record_id IN (SELECT unnest(?::VARCHAR[])) "
            "QUALIFY row_number() OVER (PARTITION BY record_id ORDER BY recorded_at DESC, search_id DESC) = 1",
            [list(record_ids)],
        ).fetchall()
    return {
        record_id: StoredSearch(
            search_id, question, asked_on, query, tuple(json.loads(indexes)), Prisma.model_validate_json(prisma)
        )
        for record_id, search_id, question, asked_on, query, indexes, prisma in rows
    }

"""The library as the corpus of the third step: searched for claims that the record's own sources leave open.

Input: open claims. Output: works worth reading, in the form that the verifier is given; rows of `found_works`, with
the works' texts and passages stored as those of any source are, and no link to the record. Does not belong here:
BM25 (library.py), which works are worth reading (pipelines/verification/corpus_search.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from pipelines.ingestion.passages import split_passages
from pipelines.ingestion.versions import PASSAGES_VERSION
from pipelines.models import Claim, Work
from pipelines.verification.corpus_search import (
    SEARCH_VERSION,
    WORKS_ASKED_FOR,
    FoundSource,
    FoundWork,
    passages_near,
    search_terms,
    worth_reading,
)
from warehouse.append import Row, Stamp, append, content_id
from warehouse.connection import Warehouse
from warehouse.library import contents_searched, latest_library, search_library_for_each
from warehouse.shelf import Shelf
from warehouse.sources import (
    StoredSourceVersion,
    append_passages,
    append_works,
    passages_in,
    source_version_id_of,
    works_held,
)


@dataclass(frozen=True)
class OpenClaim:
    """A claim that is searched for, and the names of works that the search may not bring up for it."""

    claim: Claim
    known: frozenset[str]


@dataclass(frozen=True)
class Corpus:
    """The library that is searched. `contents` is None where there is none, or the search is switched off.

    `configured`: this run was told which library, or that there is to be none. Otherwise it is the one indexed last,
    and what was found in an earlier one still stands.
    """

    warehouse: Warehouse
    digest: str | None
    contents: str | None
    configured: bool

    @classmethod
    def of(cls, shelf: Shelf, *, searched: bool) -> Corpus:
        house = shelf.warehouse
        if not searched:
            return cls(house, None, None, configured=True)
        digest = shelf.digest or latest_library(house)
        held = contents_searched(house, digest) if digest else None
        contents = f"{SEARCH_VERSION}:{held}" if held else None
        return cls(house, digest, contents, configured=shelf.digest is not None)

    def find(self, claims: Sequence[OpenClaim]) -> tuple[tuple[FoundWork, ...], ...]:
        """For each claim the works that are worth reading, in the order of the claims."""
        if self.digest is None or self.contents is None or not claims:
            return tuple(() for _ in claims)
        questions = [search_terms(one.claim) for one in claims]
        hits = search_library_for_each(self.warehouse, self.digest, questions, WORKS_ASKED_FOR)
        return tuple(worth_reading(one.claim, found, one.known) for one, found in zip(claims, hits, strict=True))


def found_version_id(found: FoundWork) -> str:
    return source_version_id_of(found.work.source_id, found.work.text or "")


def found_hash(found: Sequence[FoundWork]) -> str:
    """What a search brought up: which texts, in which order. How near they came is left out, since each work more
    in the library would move it."""
    return content_id("found", *(found_version_id(one) for one in found))


def _version_of(work: Work) -> StoredSourceVersion:
    text = work.text or ""
    return StoredSourceVersion(source_version_id_of(work.source_id, text), work.source_id, text, work.text_kind)


def read_for(claim: Claim, found: Iterable[FoundWork]) -> tuple[FoundSource, ...]:
    """The found works as the verifier reads them for a claim; their passages bear the ids they are stored by."""
    return tuple(_as_source(claim, one) for one in found)


def _as_source(claim: Claim, found: FoundWork) -> FoundSource:
    version = _version_of(found.work)
    passages = passages_near(claim, passages_in(version, split_passages(version.text)))
    return FoundSource(found.work.source_id, found.work.title, passages, found.rank, found.closeness)


def append_found_works(
    connection: duckdb.DuckDBPyConnection,
    found: Sequence[tuple[str, str, str | None, Sequence[FoundWork]]],
    stamp: Stamp,
) -> None:
    """Append (verdict id, claim id, library, works) with the works' texts, in the transaction of the caller."""
    works = {found_version_id(one): one.work for _, _, _, some in found for one in some}
    if not works:
        return
    append_works(connection, _new_descriptions(connection, works), works.values(), stamp)
    versions = [_version_of(work) for work in works.values()]
    append_passages(connection, [(one, split_passages(one.text)) for one in versions], PASSAGES_VERSION, stamp)
    rows: list[Row] = [
        {
            "row_id": content_id("found-work", verdict_id, one.rank),
            "verdict_id": verdict_id,
            "claim_id": claim_id,
            "rank": one.rank,
            "score": one.score,
            "source_id": one.work.source_id,
            "source_version_id": found_version_id(one),
            "library": library,
            "recorded_at": stamp.recorded_at,
            "run_id": stamp.run_id,
        }
        for verdict_id, claim_id, library, some in found
        for one in some
    ]
    append(connection, "found_works", rows, key="row_id")


def _new_descriptions(connection: duckdb.DuckDBPyConnection, works: Mapping[str, Work]) -> list[Work]:
    """Works that nobody but this library has described: what an index said of a cited source is not replaced."""
    origins = dict(
        connection.execute(
            "SELECT source_id, origin FROM current_sources WHERE source_id IN (SELECT unnest(?::VARCHAR[]))",
            [sorted({work.source_id for work in works.values()})],
        ).fetchall()
    )
    return [work for work in works.values() if origins.get(work.source_id, work.origin) == work.origin]


def found_works_of(warehouse: Warehouse, verdict_ids: Sequence[str]) -> dict[str, tuple[Work, ...]]:
    """Verdict id to what is held about the works that were read for it, in the order of their rank."""
    with warehouse.read() as connection:
        rows = connection.execute(
            "SELECT verdict_id, source_id FROM found_works "
            "WHERE verdict_id IN (SELECT unnest(?::VARCHAR[])) ORDER BY verdict_id, rank",
            [list(verdict_ids)],
        ).fetchall()
        works = works_held(connection, sorted({source_id for _, source_id in rows}))
    found: dict[str, list[Work]] = {}
    for verdict_id, source_id in rows:
        if source_id in works:
            found.setdefault(verdict_id, []).append(works[source_id])
    return {verdict_id: tuple(works) for verdict_id, works in found.items()}

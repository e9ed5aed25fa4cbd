"""A corpus that came in a file, indexed to search claims in it for as long as one command lasts.

Input: sources with their sentences, in any order. Output: for each of many claims the sources nearest to it, by
BM25 in SQL and, where an encoder is given, by closeness of meaning as well. It lies in a database of its own that
is thrown away. Does not belong here: works that are kept (`library`, `corpus`), what a source says of a claim.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipelines.ingestion.search.terms import index_terms
from pipelines.verification.backend import SourceText
from warehouse.connection import CONFIG
from warehouse.library import K1, B
from warehouse.statements import statement

Tokens = Callable[[str], list[str]]
Encode = Callable[[list[str]], Any]  # an array of float32, a row of length 1 for each text

TITLE_COUNTS = 2  # a word of the title as often as this many of the text
WORDS_COUNT = 0.5  # the share of the best BM25 score, against 1 for the cosine
TEXTS_AT_ONCE = 2_000
TEXT_AT_ONCE = 20_000_000  # characters, where they are long
PAIRS_AT_ONCE = 2_000_000  # of claims and sources that one statement may score
CLAIMS_AT_ONCE = 500
MAX_TERMS = 200  # of one claim: its first ones
INTERRUPTED = "Query interrupted"
MEMORY = "1GB"  # of the database; beyond, it uses its folder


@dataclass(frozen=True)
class CorpusFile:
    """Sources that were indexed; open as long as the block that opened it."""

    connection: duckdb.DuckDBPyConnection
    sources: int
    tokens: Tokens
    encode: Encode | None

    def search(self, claims: Sequence[str], limit: int) -> Iterator[tuple[SourceText, ...]]:
        """For each claim, in order, its nearest sources, the best first, at most `limit`.

        Ties are in order of source id. Without an encoder, a source that shares no word with the claim is never found.
        """
        size = max(1, min(CLAIMS_AT_ONCE, PAIRS_AT_ONCE // max(1, self.sources)))
        for start in range(0, len(claims), size):
            yield from self._search_some(claims[start : start + size], limit)

    def _search_some(self, claims: Sequence[str], limit: int) -> Iterator[tuple[SourceText, ...]]:
        hits: dict[int, list[tuple[int, float]]] = {}
        for place, number, score in self._hits(claims, limit):
            hits.setdefault(place, []).append((number, score))
        texts = self._texts({number for found in hits.values() for number, _ in found})
        for place in range(len(claims)):
            found = hits.get(place, [])
            best = max((score for _, score in found), default=0.0)
            yield tuple(
                replace(texts[number], rank=rank, closeness=_share(score, best))
                for rank, (number, score) in enumerate(found)
            )

    def _hits(self, claims: Sequence[str], limit: int) -> list[tuple[int, int, float]]:
        if limit <= 0 or not claims:
            return []
        pairs = [(place, term) for place, claim in enumerate(claims) for term in self._terms(claim)]
        frames = {"asked_terms": pl.DataFrame(pairs, schema={"claim": pl.Int64, "term": pl.String}, orient="row")}
        if self.encode is None:
            return self._asked("corpus_file/search", frames, {"limit": limit})
        frames["asked_vectors"] = _vectors("claim", range(len(claims)), self.encode(list(claims)))
        return self._asked("corpus_file/search_by_both", frames, {"limit": limit, "words_count": WORDS_COUNT})

    def _terms(self, claim: str) -> list[str]:
        return list(dict.fromkeys(self.tokens(claim)))[:MAX_TERMS]

    def _asked(self, name: str, frames: dict[str, pl.DataFrame], values: dict[str, Any]) -> list[Any]:
        for view, frame in frames.items():
            self.connection.register(view, frame.to_arrow())
        try:
            return self.connection.execute(statement(name), values).fetchall()
        finally:
            for view in frames:
                self.connection.unregister(view)

    def _texts(self, numbers: set[int]) -> dict[int, SourceText]:
        rows = self.connection.execute(statement("corpus_file/texts"), {"numbers": sorted(numbers)}).fetchall()
        return {number: SourceText(source_id, title, tuple(held)) for number, source_id, title, held in rows}


def _share(score: float, best: float) -> float:
    return min(1.0, max(0.0, score / best)) if best > 0 else 0.0


@contextmanager
def open_corpus_file(
    sources: Iterable[SourceText], *, tokens: Tokens = index_terms, encode: Encode | None = None
) -> Iterator[CorpusFile]:
    """Index `sources`, whose ids differ, for the block; nothing of it is left behind."""
    with tempfile.TemporaryDirectory(prefix="claimgate-corpus-") as folder:
        connection = duckdb.connect(
            str(Path(folder) / "corpus.duckdb"), config={**CONFIG, "memory_limit": MEMORY, "temp_directory": folder}
        )
        try:
            connection.execute(statement("library/bm25"))
            connection.execute(statement("corpus_file/tables"))
            count = sum(_add(connection, some, tokens, encode) for some in _chunks(sources))
            connection.execute(statement("corpus_file/number"))
            connection.execute(statement("corpus_file/weigh"), {"k1": K1, "b": B})
            yield CorpusFile(connection, count, tokens, encode)
        except RuntimeError as problem:
            # This is how DuckDB tells of Ctrl-C during a query.
            if str(problem) == INTERRUPTED:
                raise KeyboardInterrupt from problem
            raise
        finally:
            connection.close()


def _chunks(sources: Iterable[SourceText]) -> Iterator[list[SourceText]]:
    chunk: list[SourceText] = []
    size = 0
    for source in sources:
        chunk.append(source)
        size += sum(map(len, source.sentences))
        if len(chunk) >= TEXTS_AT_ONCE or size >= TEXT_AT_ONCE:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _add(
    connection: duckdb.DuckDBPyConnection, sources: Sequence[SourceText], tokens: Tokens, encode: Encode | None
) -> int:
    ids = [source.source_id for source in sources]
    texts = pl.DataFrame(
        {
            "source_id": ids,
            "title": [source.title for source in sources],
            "sentences": [list(source.sentences) for source in sources],
        },
        schema={"source_id": pl.String, "title": pl.String, "sentences": pl.List(pl.String)},
    )
    frames = {"texts": texts, "postings": _postings(sources, tokens)}
    if encode is not None:
        whole = [" ".join((source.title, *source.sentences)).strip() for source in sources]
        frames["vectors"] = _vectors("source_id", ids, encode(whole))
    for name, frame in frames.items():
        connection.register(f"incoming_{name}", frame.to_arrow())
        try:
            connection.execute(statement(f"corpus_file/add_{name}"))
        finally:
            connection.unregister(f"incoming_{name}")
    return len(sources)


def _postings(sources: Sequence[SourceText], tokens: Tokens) -> pl.DataFrame:
    owners: list[str] = []
    terms: list[str] = []
    frequencies: list[int] = []
    for source in sources:
        counted = Counter(tokens(" ".join(source.sentences)))
        for term in tokens(source.title):
            counted[term] += TITLE_COUNTS
        owners.extend([source.source_id] * len(counted))
        terms.extend(counted)
        frequencies.extend(counted.values())
    return pl.DataFrame(
        {"source_id": owners, "term": terms, "frequency": frequencies},
        schema={"source_id": pl.String, "term": pl.String, "frequency": pl.Int32},
    )


def _vectors(name: str, keys: Iterable[Any], vectors: Any) -> pl.DataFrame:
    return pl.DataFrame({name: list(keys), "vector": vectors})

"""The local library, indexed once: its works, their identifiers, and what words they hold.

Input: works as the readers of pipelines/ingestion gave them, under the digest of the library they came
from. Output: works by identifier, by nearness of title, by the words of a question. A work is stored and
its terms counted once, however many digests hold it. Does not belong here: reading files, and whether a
candidate is the work that was meant.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb
import polars as pl

from pipelines.ingestion.library_rows import normalised_title
from pipelines.ingestion.search.terms import TERMS_VERSION, index_terms
from pipelines.models import Work
from warehouse.append import Batch, Row, Stamp, append, append_batches, content_id
from warehouse.connection import Warehouse
from warehouse.statements import statement
from warehouse.withdrawn import refusals_of, refuse, withdrawn_of

Tokens = Callable[[str], list[str]]

CHUNK = 5_000  # works made ready at once and saved in one transaction, or fewer
CHUNK_CHARACTERS = 20_000_000  # where their texts are long
TITLES_AT_ONCE = 500
QUESTIONS_AT_ONCE = 250
MAX_TERMS = 200  # of one question: those of the greatest weight
MAX_WEIGHT = 1e6
MAX_LIMIT = 10_000
K1, B = 1.2, 0.75  # BM25: how soon repetition stops counting, how much length does


@dataclass(frozen=True)
class LibraryFile:
    """A file of a library: `file_id` is the SHA-256 (hex) of its bytes."""

    name: str
    file_id: str
    size: int


@dataclass(frozen=True)
class Indexed:
    """What an indexing found: works that the library holds, and how many of them were not known before."""

    works: int
    new: int


class NotIndexed(LookupError):
    """The library was asked for works before it was indexed."""


# --- indexing -----------------------------------------------------------------------------------


def index_library(
    warehouse: Warehouse,
    digest: str,
    name: str,
    works: Iterable[Work],
    stamp: Stamp,
    tokens: Tokens = index_terms,
    *,
    files: Sequence[LibraryFile] = (),
    terms_version: str = TERMS_VERSION,
) -> Indexed:
    """Store what the library holds under `digest`; only works that are not known yet cost anything.

    `digest` names the bytes and how they were read. Chunks are committed one by one and the contents last: an
    indexing that was cut short is not in force, and the next one goes on behind its last chunk.
    """
    held: list[str] = []
    new = 0
    known = withdrawn_of(warehouse)
    for chunk in _chunks(works):
        refuse(warehouse, refusals_of(known, chunk) if known else (), stamp)
        keyed = {work_id_of(work): work for work in map(known.without_text, chunk)}
        held.extend(keyed)
        new += _save_works(warehouse, keyed, stamp, tokens, terms_version)
    held = sorted(set(held))
    fingerprint = f"{terms_version}|{content_id('library', name, *held)}"
    if not _says_already(warehouse, digest, fingerprint):
        _save_contents(warehouse, digest, name, held, files, fingerprint, stamp)
    return Indexed(len(held), new)


def _chunks(works: Iterable[Work]) -> Iterator[list[Work]]:
    chunk: list[Work] = []
    size = 0
    for work in works:
        chunk.append(work)
        size += len(work.text or "")
        if len(chunk) >= CHUNK or size >= CHUNK_CHARACTERS:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def work_id_of(work: Work) -> str:
    """The hash of all that is known of a work: a new text or a new notice is a new row, not a rewrite."""
    return content_id("library-work", work.model_dump_json())


def _save_works(
    warehouse: Warehouse, works: Mapping[str, Work], stamp: Stamp, tokens: Tokens, terms_version: str
) -> int:
    new = {work_id: works[work_id] for work_id in _without_terms(warehouse, list(works), terms_version)}
    if not new:
        return 0
    fixed: Row = {"recorded_at": stamp.recorded_at, "run_id": stamp.run_id}
    lengths, postings = _counted(new, tokens, terms_version)
    with warehouse.write() as connection:
        append(connection, "library_works", [_work_row(i, w) | fixed for i, w in new.items()], key="work_id")
        names = [_identifier_row(i, alias) | fixed for i, w in new.items() for alias in (w.source_id, *w.aliases)]
        append(connection, "library_identifiers", names, key="row_id")
        connection.register("incoming_postings", postings.to_arrow())
        try:
            connection.execute(statement("library/add_postings"), fixed)
        finally:
            connection.unregister("incoming_postings")
        append(connection, "library_lengths", [row | fixed for row in lengths], key="row_id")
    return len(new)


def _without_terms(warehouse: Warehouse, work_ids: list[str], terms_version: str) -> tuple[str, ...]:
    if not warehouse.exists():
        return tuple(work_ids)
    with warehouse.read() as connection:
        rows = connection.execute(
            statement("library/without_terms"), {"work_ids": work_ids, "terms_version": terms_version}
        ).fetchall()
    missing = {row[0] for row in rows}
    return tuple(work_id for work_id in work_ids if work_id in missing)


def _work_row(work_id: str, work: Work) -> Row:
    return {
        "work_id": work_id,
        "source_id": work.source_id,
        "title": work.title,
        "normalised_title": normalised_title(work.title),
        "year": work.year,
        "text": work.text,
        "work": work.model_copy(update={"text": None}).model_dump_json(),
    }


def _identifier_row(work_id: str, name: str) -> Row:
    return {"row_id": content_id("library-name", name, work_id), "name": name.casefold(), "work_id": work_id}


def _counted(works: Mapping[str, Work], tokens: Tokens, terms_version: str) -> tuple[list[Row], pl.DataFrame]:
    """Lengths (a row a work) and postings (a row a term and work) of these works."""
    lengths: list[Row] = []
    terms: list[str] = []
    owners: list[str] = []
    frequencies: list[int] = []
    in_titles: list[int] = []
    for work_id, work in works.items():
        in_title = Counter(tokens(work.title))
        both = in_title + Counter(tokens(work.text or ""))
        terms.extend(both)
        owners.extend([work_id] * len(both))
        frequencies.extend(both.values())
        in_titles.extend(in_title[term] for term in both)
        lengths.append(
            {
                "row_id": content_id("library-length", work_id, terms_version),
                "work_id": work_id,
                "terms_version": terms_version,
                "length": both.total(),
                "title_length": in_title.total(),
            }
        )
    columns = {"term": terms, "work_id": owners, "frequency": frequencies, "title_frequency": in_titles}
    kinds = {"term": pl.String, "work_id": pl.String, "frequency": pl.Int32, "title_frequency": pl.Int32}
    return lengths, pl.DataFrame(columns, schema=kinds).with_columns(terms_version=pl.lit(terms_version))


def _save_contents(
    warehouse: Warehouse,
    digest: str,
    name: str,
    work_ids: Sequence[str],
    files: Sequence[LibraryFile],
    fingerprint: str,
    stamp: Stamp,
) -> None:
    rows: list[Row] = [{"digest": digest, "library": name, "work_id": work_id} for work_id in work_ids]
    manifest: list[Row] = [
        {
            "row_id": content_id("library-file", digest, name, file.name, file.file_id),
            "digest": digest,
            "library": name,
            "name": file.name,
            "file_id": file.file_id,
            "size": file.size,
            "recorded_at": stamp.recorded_at,
            "run_id": stamp.run_id,
        }
        for file in files
    ]
    with warehouse.write() as connection:
        append(connection, "library_files", manifest, key="row_id")
        append_batches(connection, "library", "library_contents", [Batch(digest, fingerprint, rows)], stamp)


def is_indexed(warehouse: Warehouse, digest: str, terms_version: str = TERMS_VERSION) -> bool:
    """Whether the library can be searched as it is, with terms made by these rules."""
    if not warehouse.exists():
        return False
    with warehouse.read() as connection:
        return _batch_in_force(connection, digest, terms_version) is not None


def _says_already(warehouse: Warehouse, digest: str, fingerprint: str) -> bool:
    if not warehouse.exists():
        return False
    with warehouse.read() as connection:
        row = connection.execute(statement("library/batch_in_force"), {"digest": digest}).fetchone()
    return row is not None and row[1] == fingerprint


def _batch_in_force(connection: duckdb.DuckDBPyConnection, digest: str, terms_version: str) -> str | None:
    row = connection.execute(statement("library/batch_in_force"), {"digest": digest}).fetchone()
    return str(row[0]) if row is not None and str(row[1]).startswith(f"{terms_version}|") else None


def _searchable(connection: duckdb.DuckDBPyConnection, digest: str, terms_version: str) -> str:
    batch_id = _batch_in_force(connection, digest, terms_version)
    if batch_id is None:
        raise NotIndexed(f"The library {digest[:16]} has not been indexed with {terms_version} yet.")
    return batch_id


# --- finding ------------------------------------------------------------------------------------


def works_by_identifier(
    warehouse: Warehouse, digest: str, names: Iterable[str], terms_version: str = TERMS_VERSION
) -> dict[str, Work]:
    """Name as asked to the work that bears it, for those that the library holds; letter case makes no difference."""
    folded = {name: name.casefold() for name in names}
    with warehouse.read() as connection:
        asked = {
            "batch_id": _searchable(connection, digest, terms_version),
            "names": sorted(set(folded.values())),
        }
        found = dict(connection.execute(statement("library/by_identifier"), asked).fetchall())
        works = _works_of(connection, found.values())
    return {name: works[found[low]] for name, low in folded.items() if low in found}


def works_near_title(
    warehouse: Warehouse,
    digest: str,
    titles: Iterable[str],
    limit: int = 10,
    tokens: Tokens = index_terms,
    terms_version: str = TERMS_VERSION,
) -> dict[str, tuple[Work, ...]]:
    """Each title to the works that it could mean, the likeliest first: those of the same normalised title, then
    by the words that the titles share. Candidates only: a single rare word in common makes one.
    """
    wanted = tuple(dict.fromkeys(titles))
    found: dict[str, list[str]] = {}
    with warehouse.read() as connection:
        batch_id = _searchable(connection, digest, terms_version)
        for start in range(0, len(wanted), TITLES_AT_ONCE):
            some = wanted[start : start + TITLES_AT_ONCE]
            found |= _same_titles(connection, batch_id, some, _bounded(limit))
            for title, near in _near_titles(connection, batch_id, some, _bounded(limit), tokens, terms_version):
                found.setdefault(title, []).append(near)
        firsts = {title: list(dict.fromkeys(near))[:limit] for title, near in found.items()}
        works = _works_of(connection, (one for near in firsts.values() for one in near))
    return {title: tuple(works[one] for one in firsts.get(title, ())) for title in wanted}


def _same_titles(
    connection: duckdb.DuckDBPyConnection, batch_id: str, titles: Sequence[str], limit: int
) -> dict[str, list[str]]:
    normalised = {title: normalised_title(title) for title in titles}
    asked = {"batch_id": batch_id, "titles": sorted({one for one in normalised.values() if one}), "limit": limit}
    by_title: dict[str, list[str]] = {}
    for title, work_id in connection.execute(statement("library/same_title"), asked).fetchall():
        by_title.setdefault(title, []).append(work_id)
    return {title: list(by_title[low]) for title, low in normalised.items() if low in by_title}


def _near_titles(
    connection: duckdb.DuckDBPyConnection,
    batch_id: str,
    titles: Sequence[str],
    limit: int,
    tokens: Tokens,
    terms_version: str,
) -> Iterator[tuple[str, str]]:
    pairs = [(place, term) for place, title in enumerate(titles) for term in list(dict.fromkeys(tokens(title)))]
    frame = pl.DataFrame(pairs, schema={"place": pl.Int64, "term": pl.String}, orient="row")
    connection.execute(statement("library/bm25"))
    connection.register("asked_titles", frame.to_arrow())
    try:
        rows = connection.execute(
            statement("library/near_titles"),
            {"batch_id": batch_id, "terms_version": terms_version, "k1": K1, "b": B, "limit": limit},
        ).fetchall()
    finally:
        connection.unregister("asked_titles")
    yield from ((titles[place], work_id) for place, work_id in rows)


def search_library(
    warehouse: Warehouse,
    digest: str,
    terms: Mapping[str, float],
    limit: int = 100,
    terms_version: str = TERMS_VERSION,
) -> tuple[tuple[Work, float], ...]:
    """The works that hold the weighed `terms`, by BM25, the best first; equal scores in order of source id.

    `terms` are those of `index_terms`. How rare a term is, is counted in this library alone. Raises ValueError
    for a weight that is negative, no number, or above `MAX_WEIGHT`.
    """
    return search_library_for_each(warehouse, digest, [terms], limit, terms_version)[0]


def search_library_for_each(
    warehouse: Warehouse,
    digest: str,
    questions: Sequence[Mapping[str, float]],
    limit: int = 100,
    terms_version: str = TERMS_VERSION,
) -> tuple[tuple[tuple[Work, float], ...], ...]:
    """The same for many questions, in their order; a query for `QUESTIONS_AT_ONCE` of them."""
    heaviest = [_heaviest(terms) for terms in questions]
    found: list[list[tuple[str, float]]] = [[] for _ in questions]
    with warehouse.read() as connection:
        batch_id = _searchable(connection, digest, terms_version)
        for start in range(0, len(heaviest), QUESTIONS_AT_ONCE):
            some = heaviest[start : start + QUESTIONS_AT_ONCE]
            for place, work_id, score in _hits(connection, batch_id, some, _bounded(limit), terms_version):
                found[start + place].append((work_id, float(score)))
        works = _works_of(connection, (work_id for hits in found for work_id, _ in hits))
    return tuple(tuple((works[work_id], score) for work_id, score in hits) for hits in found)


def _hits(
    connection: duckdb.DuckDBPyConnection,
    batch_id: str,
    questions: Sequence[Sequence[tuple[str, float]]],
    limit: int,
    terms_version: str,
) -> list[tuple[int, str, float]]:
    """(place of the question, work id, score), the best first for each."""
    asked = [(place, term, weight) for place, terms in enumerate(questions) for term, weight in terms]
    if not asked:
        return []
    kinds = {"place": pl.Int64, "term": pl.String, "weight": pl.Float64}
    connection.execute(statement("library/bm25"))
    connection.register("asked_terms", pl.DataFrame(asked, schema=kinds, orient="row").to_arrow())
    try:
        return connection.execute(
            statement("library/search"),
            {"batch_id": batch_id, "terms_version": terms_version, "k1": K1, "b": B, "limit": limit},
        ).fetchall()
    finally:
        connection.unregister("asked_terms")


def contents_searched(warehouse: Warehouse, digest: str, terms_version: str = TERMS_VERSION) -> str | None:
    """The id of what this library holds now; None where it is not indexed with these rules."""
    if not warehouse.exists():
        return None
    with warehouse.read() as connection:
        return _batch_in_force(connection, digest, terms_version)


def latest_library(warehouse: Warehouse, terms_version: str = TERMS_VERSION) -> str | None:
    """The digest of the library that was indexed last with these rules; None where there never was one."""
    if not warehouse.exists():
        return None
    with warehouse.read() as connection:
        row = connection.execute(statement("library/latest"), {"terms_version": terms_version}).fetchone()
    return str(row[0]) if row else None


def _heaviest(terms: Mapping[str, float]) -> list[tuple[str, float]]:
    for term, weight in terms.items():
        if not (math.isfinite(weight) and 0 <= weight <= MAX_WEIGHT):
            raise ValueError(f"the weight of {term[:60]!r} is {weight}; it must lie between 0 and {MAX_WEIGHT:g}")
    asked = [(term, float(weight)) for term, weight in terms.items() if weight > 0]
    return sorted(asked, key=lambda one: (-one[1], one[0]))[:MAX_TERMS]


def _bounded(limit: int) -> int:
    return max(0, min(limit, MAX_LIMIT))


def _works_of(connection: duckdb.DuckDBPyConnection, work_ids: Iterable[str]) -> dict[str, Work]:
    wanted = sorted(set(work_ids))
    if not wanted:
        return {}
    rows = connection.execute(statement("library/works_of"), {"work_ids": wanted}).fetchall()
    return {work_id: Work.model_validate_json(work).model_copy(update={"text": text}) for work_id, work, text in rows}

"""Queries of the first stage about what records draw on: works, versions of their texts, passages.

Belongs here: saving and reading sources and passages. Does not belong here: documents, records and their references
(`ingestion`), the library that sources are looked for in (`library`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import duckdb

from pipelines.models import Notice, Passage, Work
from warehouse.append import Batch, Row, Stamp, append, append_batches, content_id, pending
from warehouse.connection import Warehouse
from warehouse.ingestion import StoredRecord
from warehouse.statements import statement
from warehouse.withdrawn import Withdrawn, append_refusals, refusals_of, withdrawn


@dataclass(frozen=True)
class RecordSource:
    """A source that a record draws on: cited in its list, or given with it."""

    source_id: str
    source_version_id: str | None
    reference_id: str | None
    mark: str | None
    relation: str  # "cited" or "given"
    text_withdrawn: bool = False  # it has a text, which was taken down


@dataclass(frozen=True)
class MatchedSource:
    work: Work
    link: RecordSource


@dataclass(frozen=True)
class StoredSourceVersion:
    source_version_id: str
    source_id: str
    text: str
    text_kind: str | None


@dataclass(frozen=True)
class SourcesFingerprint:
    """What the sources of a record were found with: matcher, library (digest and name), answers of indexes."""

    matcher: str
    library_digest: str | None
    library: tuple[str, ...]  # "library:<name>"
    answers: str | None  # digest over what the indexes said

    def __str__(self) -> str:
        answers = (f"answers:{self.answers}",) if self.answers else ()
        return "|".join((self.matcher, self.library_digest or "none", *self.library, *answers))

    @classmethod
    def parse(cls, fingerprint: str) -> SourcesFingerprint:
        matcher, digest, *rest = fingerprint.split("|")
        answers = next((part.removeprefix("answers:") for part in rest if part.startswith("answers:")), None)
        library = tuple(part for part in rest if part.startswith("library:"))
        return cls(matcher, None if digest == "none" else digest, library, answers)


def source_version_id_of(source_id: str, text: str) -> str:
    return content_id("source-version", source_id, hashlib.sha256(text.encode()).hexdigest())


# --- sources ------------------------------------------------------------------------------------


def held_works(warehouse: Warehouse) -> tuple[Work, ...]:
    """Every work that an index ever answered with: the warehouse remembers what a library no longer holds."""
    with warehouse.read() as connection:
        rows = connection.execute(statement("ingestion/held_works")).fetchall()
    return tuple(Work.model_validate_json(work).model_copy(update={"text": text}) for work, text in rows)


def save_sources(
    warehouse: Warehouse,
    matched: Mapping[str, Sequence[MatchedSource]],
    fingerprints: Mapping[str, SourcesFingerprint],
    stamp: Stamp,
) -> int:
    """Save, for each record version, the works found for it; how many links."""
    with warehouse.write() as connection:
        known = withdrawn(connection)
        gone = refusals_of(known, (m.work for found in matched.values() for m in found))
        append_refusals(connection, gone, stamp)
        if gone:
            matched = {version: [_without_text(m, known) for m in found] for version, found in matched.items()}
        works = {m.work.source_id: m.work for found in matched.values() for m in found}
        batches = [
            Batch(version, str(fingerprints[version]), [_link_row(version, m) for m in found])
            for version, found in matched.items()
        ]
        append_works(connection, works.values(), [m.work for found in matched.values() for m in found], stamp)
        return append_batches(connection, "sources", "record_sources", batches, stamp)


def _without_text(matched: MatchedSource, known: Withdrawn) -> MatchedSource:
    """The same; a text that was taken down is not kept, and nothing points at it."""
    if known.of_work(matched.work) is None:
        return matched
    return MatchedSource(known.without_text(matched.work), replace(matched.link, source_version_id=None))


def append_works(
    connection: duckdb.DuckDBPyConnection, described: Iterable[Work], texts: Iterable[Work], stamp: Stamp
) -> None:
    """Append what is said of works, and the texts of those that have one, in the transaction of the caller.

    A source may come with two texts and one description, so that both lists are given.
    """
    fixed: Row = {"recorded_at": stamp.recorded_at, "run_id": stamp.run_id}
    described = tuple(described)
    append(connection, "sources", [_source_row(w) | fixed for w in described], key="row_id")
    versions = [_version_row(w) | fixed for w in texts if w.text]
    append(connection, "source_versions", versions, key="source_version_id")
    aliases = [
        {"row_id": content_id("alias", alias, w.source_id), "alias": alias, "source_id": w.source_id, **fixed}
        for w in described
        for alias in w.aliases
    ]
    append(connection, "source_aliases", aliases, key="row_id")
    notices = [_notice_row(w.source_id, n) | fixed for w in described for n in w.notices]
    append(connection, "source_notices", notices, key="row_id")


def _link_row(version: str, matched: MatchedSource) -> Row:
    link = matched.link
    return {
        "record_version_id": version,
        "reference_id": link.reference_id,
        "mark": link.mark,
        "source_id": link.source_id,
        "source_version_id": link.source_version_id,
        "relation": link.relation,
        "answered_by": matched.work.origin,
    }


def _source_row(work: Work) -> Row:
    described = work.model_copy(update={"text": None}).model_dump_json()
    return {
        "row_id": content_id("source", described),
        "source_id": work.source_id,
        "title": work.title,
        "year": work.year,
        "origin": work.origin,
        "licence": work.licence,
        "work": described,
    }


def _version_row(work: Work) -> Row:
    text = work.text or ""
    return {
        "source_version_id": source_version_id_of(work.source_id, text),
        "source_id": work.source_id,
        "label": work.version,
        "text": text,
        "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "text_kind": work.text_kind,
        "complete": work.complete,
        "origin": work.origin,
    }


def _notice_row(source_id: str, notice: Notice) -> Row:
    return {
        "row_id": content_id("notice", source_id, notice.model_dump_json()),
        "source_id": source_id,
        "kind": notice.kind.value,
        "notice": notice.model_dump_json(),
        "valid_at": None,
    }


def sources_of(warehouse: Warehouse, record_ids: Sequence[str]) -> dict[str, tuple[tuple[RecordSource, Work], ...]]:
    """Record id to its sources as linked, with what is held about each."""
    with warehouse.read() as connection:
        rows = connection.execute(statement("ingestion/sources_of"), {"record_ids": list(record_ids)}).fetchall()
        works = works_held(connection, sorted({source_id for _, source_id, *_ in rows}))
    found: dict[str, list[tuple[RecordSource, Work]]] = {}
    for record_id, *link in rows:
        linked = RecordSource(*link)
        if linked.source_id in works:
            found.setdefault(record_id, []).append((linked, works[linked.source_id]))
    return {record_id: tuple(links) for record_id, links in found.items()}


def works_held(connection: duckdb.DuckDBPyConnection, source_ids: Sequence[str]) -> dict[str, Work]:
    """Source id to what is held about it; without those that came inside a withdrawn record."""
    rows = connection.execute("SELECT source_id, work FROM sources_held(?)", [list(source_ids)]).fetchall()
    return {source_id: Work.model_validate_json(work) for source_id, work in rows}


def sources_fingerprints(warehouse: Warehouse, records: Sequence[StoredRecord]) -> dict[str, SourcesFingerprint]:
    """Record version to what its sources in force were found with."""
    with warehouse.read() as connection:
        rows = connection.execute(
            "SELECT subject_id, fingerprint FROM current_batches "
            "WHERE stage = 'sources' AND subject_id IN (SELECT unnest(?::VARCHAR[]))",
            [[record.record_version_id for record in records]],
        ).fetchall()
    return {subject: SourcesFingerprint.parse(fingerprint) for subject, fingerprint in rows}


# --- passages -----------------------------------------------------------------------------------


def source_versions_of(
    warehouse: Warehouse, cohort: str, stage: str, fingerprint: str
) -> tuple[StoredSourceVersion, ...]:
    """The source versions that records of the cohort draw on and `stage` has not worked on yet."""
    with warehouse.read() as connection:
        rows = connection.execute(statement("ingestion/source_versions_of"), {"cohort": cohort}).fetchall()
        wanted = set(pending(connection, stage, {row[0]: fingerprint for row in rows}))
    return tuple(StoredSourceVersion(*row) for row in rows if row[0] in wanted)


def save_passages(
    warehouse: Warehouse,
    split: Sequence[tuple[StoredSourceVersion, Sequence[tuple[int, int]]]],
    fingerprint: str,
    stamp: Stamp,
) -> int:
    with warehouse.write() as connection:
        return append_passages(connection, split, fingerprint, stamp)


def append_passages(
    connection: duckdb.DuckDBPyConnection,
    split: Sequence[tuple[StoredSourceVersion, Sequence[tuple[int, int]]]],
    fingerprint: str,
    stamp: Stamp,
) -> int:
    """The same in the transaction of the caller."""
    batches = [
        Batch(version.source_version_id, fingerprint, [_passage_row(one) for one in passages_in(version, spans)])
        for version, spans in split
    ]
    return append_batches(connection, "passages", "passages", batches, stamp)


def passages_in(version: StoredSourceVersion, spans: Sequence[tuple[int, int]]) -> tuple[Passage, ...]:
    """The passages of a text, under the ids that they are stored by."""
    return tuple(
        Passage(
            passage_id=content_id("passage", version.source_version_id, start, end),
            source_id=version.source_id,
            source_version_id=version.source_version_id,
            ordinal=place,
            start=start,
            end=end,
            text=version.text[start:end],
        )
        for place, (start, end) in enumerate(spans, start=1)
    )


def _passage_row(passage: Passage) -> Row:
    return {
        "passage_id": passage.passage_id,
        "source_id": passage.source_id,
        "source_version_id": passage.source_version_id,
        "ordinal": passage.ordinal,
        "start_offset": passage.start,
        "end_offset": passage.end,
        "text": passage.text,
    }


def passages_of(warehouse: Warehouse, record_ids: Sequence[str]) -> dict[str, tuple[Passage, ...]]:
    """Record id to the passages of all its sources, in a stable order."""
    with warehouse.read() as connection:
        rows = connection.execute(statement("ingestion/passages_of"), {"record_ids": list(record_ids)}).fetchall()
    found: dict[str, list[Passage]] = {}
    for record_id, passage_id, source_id, version_id, ordinal, start, end, text in rows:
        found.setdefault(record_id, []).append(
            Passage(
                passage_id=passage_id,
                source_id=source_id,
                source_version_id=version_id,
                ordinal=ordinal,
                start=start,
                end=end,
                text=text,
            )
        )
    return {record_id: tuple(passages) for record_id, passages in found.items()}


def passage_texts(warehouse: Warehouse, passage_ids: Sequence[str]) -> dict[str, str]:
    """Passage id to its text, also of passages that no record draws on any more."""
    with warehouse.read() as connection:
        rows = connection.execute(
            "SELECT passage_id, min(text) FROM passages WHERE rowid IN "
            "(SELECT rowid FROM passages WHERE passage_id IN (SELECT unnest(?::VARCHAR[]))) GROUP BY passage_id",
            [list(passage_ids)],
        ).fetchall()
    return dict(rows)

"""Taking a text down: what belongs to it is overwritten, a tombstone and a correction are written, in one transaction.

Belongs here: whom a name means, the transaction, the tombstones held. Does not belong here: which columns hold words
(`erasure`), what comes again later (`withdrawn`), the database file on disk (`rewriting`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import duckdb

from pipelines.models import Correction
from pipelines.publication.corrections import CorrectionKind, correction_events
from pipelines.publication.tombstones import RemovedText, Tombstone
from warehouse.append import Row, Stamp, append, content_id
from warehouse.connection import Warehouse
from warehouse.erasure import (
    NAMING_RECORD,
    OF_RECORD,
    OF_SOURCE,
    QUOTING_RECORD,
    QUOTING_SOURCE,
    Quotations,
    overwrite,
    overwrite_looked_up,
    remember_ids,
    remove_quotations,
)
from warehouse.public_states import correction_row, last_corrections, latest_states, state_fingerprint, state_id_of
from warehouse.statements import statement


@dataclass(frozen=True)
class Subject:
    """What is to be taken down. `names`: of a source, all that it is called; `title` is for the person who asks."""

    kind: Literal["record", "source"]
    id: str
    title: str | None = None
    names: tuple[str, ...] = ()


# --- whom a name means --------------------------------------------------------------------------


def find_subjects(warehouse: Warehouse, wanted: str) -> tuple[Subject, ...]:
    """The records and sources that `wanted` is the id of; where there are none, those whose id begins with it."""
    with warehouse.read() as connection:
        rows = connection.execute(statement("withdrawals/subjects"), {"wanted": wanted}).fetchall()
        exact = [row for row in rows if row[3]]
        return tuple(
            Subject(kind, subject_id, title, _names(connection, subject_id) if kind == "source" else ())
            for kind, subject_id, title, _ in (exact or rows)
        )


def _names(connection: duckdb.DuckDBPyConnection, source_id: str) -> tuple[str, ...]:
    rows = connection.execute(statement("withdrawals/names_of_source"), {"names": [source_id]}).fetchall()
    return tuple(sorted({source_id, *(row[0] for row in rows)}))


# --- what was taken down ------------------------------------------------------------------------


def tombstones(warehouse: Warehouse, kind: Literal["record", "source"] | None = None) -> tuple[Tombstone, ...]:
    """All tombstones, the first first; of one kind, or of both."""
    with warehouse.read() as connection:
        rows = connection.execute(
            "SELECT tombstone FROM withdrawals WHERE $kind IS NULL OR kind = $kind "
            "QUALIFY row_number() OVER (PARTITION BY kind, subject_id ORDER BY recorded_at) = 1 "
            "ORDER BY recorded_at, subject_id",
            {"kind": kind},
        ).fetchall()
    return tuple(Tombstone.model_validate_json(row[0]) for row in rows)


def tombstone_of(warehouse: Warehouse, wanted: str) -> Tombstone | None:
    """The tombstone of the record or source that bears this very id or, of a source, this name."""
    found = (one for one in tombstones(warehouse) if wanted == one.subject_id or wanted in one.names)
    return next(found, None)


def withdrawn_sources(warehouse: Warehouse) -> dict[str, Tombstone]:
    """Every name of a source that was taken down, to its tombstone."""
    return {name: one for one in tombstones(warehouse, "source") for name in (one.subject_id, *one.names)}


# --- taking down --------------------------------------------------------------------------------


def withdraw(warehouse: Warehouse, subject: Subject, *, reason: str, by: str | None, stamp: Stamp) -> Tombstone:
    """Take a text down; its tombstone. One that was taken down before keeps its first.

    What a run that was under way then has written since is overwritten too.
    """
    with warehouse.write() as connection:
        held = connection.execute(
            "SELECT tombstone FROM withdrawals WHERE kind = ? AND subject_id = ? ORDER BY recorded_at LIMIT 1",
            [subject.kind, subject.id],
        ).fetchone()
        if held is not None:
            first = Tombstone.model_validate_json(held[0])
            _erase_latecomers(connection, first, stamp)
            return first
        tombstone = Tombstone(
            withdrawal_id=content_id("withdrawal", subject.kind, subject.id),
            kind=subject.kind,
            subject_id=subject.id,
            names=subject.names,
            withdrawn_at=stamp.recorded_at,
            reason=reason,
            by=by,
        )
        return _taken_down(connection, tombstone, stamp)


def _taken_down(connection: duckdb.DuckDBPyConnection, tombstone: Tombstone, stamp: Stamp) -> Tombstone:
    _remember_ids(connection, tombstone)
    tombstone = tombstone.model_copy(
        update={"removed": _removed(connection), "records": tuple(_ids(connection, "linked record"))}
    )
    marks = [*_marks(connection, tombstone)]
    texts = Quotations.of(_texts(connection))
    _correct(connection, tombstone, stamp)
    done, quoted = _erase(connection, tombstone, texts)
    tombstone = tombstone.model_copy(update={"overwritten": done, "quotations": quoted})
    append(connection, "withdrawals", [_row(tombstone)], key="withdrawal_id")
    append(connection, "withdrawn_marks", marks, key="row_id")
    return tombstone


def _erase_latecomers(connection: duckdb.DuckDBPyConnection, tombstone: Tombstone, stamp: Stamp) -> None:
    if not connection.execute(statement("invariants/withdrawn_texts_are_gone")).fetchall():
        return
    _remember_ids(connection, tombstone)
    if overwrite(connection, OF_RECORD if tombstone.kind == "record" else OF_SOURCE):
        # A row more, so that the file is written anew once more.
        again = {
            "withdrawal_id": content_id("withdrawal", tombstone.withdrawal_id, stamp.recorded_at.isoformat()),
            "recorded_at": stamp.recorded_at,
        }
        append(connection, "withdrawals", [_row(tombstone) | again], key="withdrawal_id")
        append(connection, "withdrawn_marks", [*_marks(connection, tombstone)], key="row_id")


def _remember_ids(connection: duckdb.DuckDBPyConnection, tombstone: Tombstone) -> None:
    if tombstone.kind == "record":
        remember_ids(connection, "withdrawals/ids_of_record", {"subject": tombstone.subject_id})
    else:
        remember_ids(connection, "withdrawals/ids_of_source", {"names": list(tombstone.names)})


def _erase(
    connection: duckdb.DuckDBPyConnection, tombstone: Tombstone, texts: Quotations
) -> tuple[dict[str, int], dict[str, int]]:
    if tombstone.kind == "record":
        done = overwrite(connection, OF_RECORD)
        naming = replace(texts, runs=frozenset(), name=tombstone.subject_id)
        quoted = remove_quotations(connection, texts, QUOTING_RECORD)
        for table, count in remove_quotations(connection, naming, NAMING_RECORD).items():
            quoted[table] = quoted.get(table, 0) + count
        return done, quoted
    looked_up = overwrite_looked_up(connection, tombstone.names)
    done = overwrite(connection, OF_SOURCE)
    return done | ({"index_lookups": looked_up} if looked_up else {}), remove_quotations(
        connection, texts, QUOTING_SOURCE
    )


def _row(tombstone: Tombstone) -> Row:
    return {
        "withdrawal_id": tombstone.withdrawal_id,
        "kind": tombstone.kind,
        "subject_id": tombstone.subject_id,
        "reason": tombstone.reason,
        "withdrawn_by": tombstone.by,
        "tombstone": tombstone.model_dump_json(by_alias=True),
        "recorded_at": tombstone.withdrawn_at,
    }


def _ids(connection: duckdb.DuckDBPyConnection, kind: str) -> list[str]:
    rows = connection.execute("SELECT id FROM erased_ids WHERE kind = ? ORDER BY id", [kind]).fetchall()
    return [row[0] for row in rows]


def _removed(connection: duckdb.DuckDBPyConnection) -> tuple[RemovedText, ...]:
    rows = connection.execute(statement("withdrawals/removed")).fetchall()
    return tuple(RemovedText(what=what, id=one, sha256=sha256, size=size) for what, one, sha256, size in rows)


def _texts(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Every text that is taken down, a whole after the other, as long as it still stands."""
    for (text,) in connection.execute(statement("withdrawals/texts")).fetchall():
        if text:
            yield text


def _marks(connection: duckdb.DuckDBPyConnection, tombstone: Tombstone) -> Iterator[Row]:
    """What the text is known by when it comes again."""
    known = connection.execute(statement("withdrawals/marks")).fetchall()
    for kind, mark in known:
        yield {
            "row_id": content_id("withdrawn", tombstone.withdrawal_id, kind, mark),
            "withdrawal_id": tombstone.withdrawal_id,
            "kind": kind,
            "mark": mark,
            "recorded_at": tombstone.withdrawn_at,
        }


# --- the correction -----------------------------------------------------------------------------


def _correct(connection: duckdb.DuckDBPyConnection, tombstone: Tombstone, stamp: Stamp) -> None:
    """A public state and an event for each record that was published; what was not published needs none."""
    concerned = [tombstone.subject_id] if tombstone.kind == "record" else _drawing_on(connection, tombstone.names)
    published = latest_states(connection, concerned)
    last = last_corrections(connection, list(published))
    states: list[Row] = []
    corrections: list[Row] = []
    for record_id, held in published.items():
        state, events = _corrected(held, tombstone, last.get(record_id), stamp)
        fingerprint = state_fingerprint(state)
        state_id = state_id_of(record_id, fingerprint, held["state_id"])
        changed = {"state_id": state_id, "fingerprint": fingerprint, "previous_id": held["state_id"]}
        text = json.dumps(state, sort_keys=True, ensure_ascii=False)
        states.append(held | changed | {"state": text, "recorded_at": stamp.recorded_at, "run_id": stamp.run_id})
        corrections.extend(correction_row(record_id, state_id, event, stamp) for event in events)
    append(connection, "public_states", states, key="state_id")
    append(connection, "corrections", corrections, key="correction_id")


def _drawing_on(connection: duckdb.DuckDBPyConnection, names: Sequence[str]) -> list[str]:
    rows = connection.execute(
        "SELECT DISTINCT record_id FROM current_record_sources WHERE source_id IN (SELECT unnest(?::VARCHAR[])) "
        "ORDER BY record_id",
        [list(names)],
    ).fetchall()
    return [row[0] for row in rows]


def _corrected(
    held: Row, tombstone: Tombstone, last: Correction | None, stamp: Stamp
) -> tuple[dict[str, Any], tuple[Correction, ...]]:
    before: dict[str, Any] = json.loads(held["state"])
    kind, fields = _public_fields(before, tombstone)
    events = correction_events(
        {kind: {}},
        {kind: fields},
        record_id=held["record_id"],
        previous=last,
        why=_why(tombstone),
        recorded_at=stamp.recorded_at,
    )
    return before | {kind: before.get(kind, {}) | fields}, events


def _public_fields(state: dict[str, Any], tombstone: Tombstone) -> tuple[str, dict[str, Any]]:
    """The kind and fields that the withdrawal adds to the public state of a record (contract correction-record-v1).

    The contract has no kind of its own for it: that a record is gone is said of its metadata, that a source is, of
    its provenance.
    """
    if tombstone.kind == "record":
        said = {"withdrawn.on": tombstone.withdrawn_at.date().isoformat(), "withdrawn.reason": tombstone.reason}
        return CorrectionKind.METADATA.value, said | ({"withdrawn.by": tombstone.by} if tombstone.by else {})
    provenance = state.get(CorrectionKind.PROVENANCE.value, {})
    held = [name for name in tombstone.names if f"source.{name}.title" in provenance]
    return CorrectionKind.PROVENANCE.value, {f"source.{name}.text_withdrawn": tombstone.sentence for name in held}


def _why(tombstone: Tombstone) -> str:
    # A work may also have been withdrawn by its publisher: that is a notice, and another matter.
    of_source = f"the text held of {tombstone.subject_id} was taken down: "
    return tombstone.sentence if tombstone.kind == "record" else of_source + tombstone.sentence

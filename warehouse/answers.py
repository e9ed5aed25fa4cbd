"""Queries of what indexes were asked: raw answers as received, and the outcome of each question.

It is the `AnswerStore` of pipelines.ingestion.asking. What is saved waits in a journal beside the database until
the next look takes it in. No DuckDB type leaves this module.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import TypeAdapter

from pipelines.ingestion.indexes.contract import By, FaultKind, Lookup, Response
from pipelines.ingestion.lookups import Asked, Known, Outcome
from pipelines.models import Work
from warehouse.answer_journal import AnswerJournal, Entry
from warehouse.append import Row, append, content_id
from warehouse.connection import Warehouse
from warehouse.statements import statement
from warehouse.withdrawn import Withdrawn, withdrawn

_WORKS: TypeAdapter[tuple[Work, ...]] = TypeAdapter(tuple[Work, ...])


@dataclass(frozen=True)
class Answers:
    """What the warehouse remembers of indexes. `now` stamps what is saved."""

    warehouse: Warehouse
    now: Callable[[], datetime]
    run_id: str

    def known(self, keys: Sequence[str]) -> Mapping[str, Known]:
        """Lookup key to what it was last answered with, for those of `keys` that were ever asked."""
        self._take_in()
        if not keys or not self.warehouse.exists():
            return {}
        with self.warehouse.read() as connection:
            rows = connection.execute(statement("ingestion/known_lookups"), {"keys": list(keys)}).fetchall()
        return {row[0]: _known(*row[1:]) for row in rows}

    def save(self, asked: Sequence[Asked]) -> None:
        """Keep the raw answers and the outcomes, whatever happens; the database has them from the next look on."""
        if asked:
            self._journal.keep(Entry(recorded_at=self.now(), run_id=self.run_id, asked=tuple(asked)))

    def raw_answers(self, keys: Sequence[str]) -> Mapping[str, Response]:
        """Lookup key to the answer as received that its outcome was read from."""
        self._take_in()
        with self.warehouse.read() as connection:
            rows = connection.execute(statement("ingestion/raw_answers"), {"keys": list(keys)}).fetchall()
        return {
            key: Response(url, status, json.loads(headers), zlib.decompress(body), fetched_at)
            for key, url, status, headers, body, fetched_at in rows
        }

    @property
    def _journal(self) -> AnswerJournal:
        database = self.warehouse.location.database
        return AnswerJournal(database.with_name(database.name + ".answers"))

    def _take_in(self) -> None:
        """Bring into the database what the journal holds. Done twice, or by two processes, it adds nothing."""
        for paths, entries in self._journal.batches():
            with self.warehouse.write() as connection:
                answers, lookups = _rows(entries, withdrawn(connection))
                append(connection, "index_answers", answers, key="answer_id")
                append(connection, "index_lookups", lookups, key="lookup_id")
            self._journal.forget(paths)


def _rows(entries: Sequence[Entry], known: Withdrawn) -> tuple[list[Row], list[Row]]:
    """The raw answers, and the outcomes of the questions; of works that were taken down, neither holds the text."""
    answers: list[Row] = []
    lookups: list[Row] = []
    for entry in entries:
        fixed: Row = {"recorded_at": entry.recorded_at, "run_id": entry.run_id}
        for one in entry.asked:
            answer_id = _answer_id(one.response) if one.response is not None else None
            is_withheld = bool(known) and _tells_of_withdrawn(one, known)
            if one.response is not None:
                row = _answer_row(one.response, one)
                answers.append((row | {"body": zlib.compress(b"")} if is_withheld else row) | fixed)
            lookups += [_lookup_row(_without_texts(its, known), answer_id) | fixed for its in one.known]
    return answers, lookups


def _tells_of_withdrawn(asked: Asked, gone: Withdrawn) -> bool:
    """Whether an answer tells of a work that was taken down: then its hash is kept, and nothing of it."""
    named = (name for one in asked.known for name in _names(one))
    return gone.of_names(named) is not None or any(gone.of_work(work) for one in asked.known for work in one.works)


def _without_texts(known: Known, gone: Withdrawn) -> Known:
    return replace(known, works=tuple(map(gone.without_text, known.works))) if gone else known


def _names(known: Known) -> Iterator[str]:
    yield f"{known.lookup.by.value}:{known.lookup.value}"
    for work in known.works:
        yield from (work.source_id, *work.aliases)


def _answer_id(response: Response) -> str:
    return content_id("answer", response.url, response.status, response.sha256, response.fetched_at.isoformat())


def _answer_row(response: Response, asked: Asked) -> Row:
    return {
        "answer_id": _answer_id(response),
        "index_name": asked.index,
        "method": asked.method,
        "url": response.url,
        "status": response.status,
        "headers": json.dumps(dict(response.headers), ensure_ascii=False),
        "size": len(response.body),
        "sha256": response.sha256,
        "body": zlib.compress(response.body),
        "fetched_at": response.fetched_at,
    }


def _lookup_row(known: Known, answer_id: str | None) -> Row:
    asked_at = known.asked_at.isoformat() if known.asked_at else None
    return {
        "lookup_id": content_id("lookup", known.lookup.key, asked_at, answer_id, known.fault, known.reader_version),
        "lookup_key": known.lookup.key,
        "index_name": known.lookup.index,
        "asked_by": known.lookup.by.value,
        "value": known.lookup.value,
        "answer_id": answer_id,
        "outcome": known.outcome.value,
        "fault": known.fault.value if known.fault else None,
        "reason": known.reason,
        "retry_at": known.retry_at,
        "works": _WORKS.dump_json(known.works).decode() if known.works else None,
        "works_sha256": known.works_sha256,
        "reader_version": known.reader_version,
        "asked_at": known.asked_at,
    }


def _known(
    index: str,
    by: str,
    value: str,
    outcome: str,
    fault: str | None,
    reason: str | None,
    retry_at: datetime | None,
    works: str | None,
    works_sha256: str | None,
    reader_version: str | None,
    asked_at: datetime | None,
    status: int | None,
    url: str | None,
    sha256: str | None,
) -> Known:
    return Known(
        Lookup(index, By(by), value),
        Outcome(outcome),
        _WORKS.validate_json(works) if works else (),
        FaultKind(fault) if fault else None,
        reason,
        asked_at,
        retry_at,
        status,
        url,
        sha256,
        works_sha256,
        reader_version,
    )

"""What was taken down and comes again: it is refused with a row and one sentence, and nothing of it is stored.

Belongs here: knowing a withdrawn text by its id, its names or its hash. Does not belong here: taking down
(`withdrawals`), what each stage does with what it may not store.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from pipelines.models import Rejection, Work
from pipelines.publication.tombstones import Tombstone
from warehouse.append import Row, Stamp, append, content_id
from warehouse.connection import Warehouse


@dataclass(frozen=True)
class Withdrawn:
    """What withdrawn texts are known by: (kind, mark) to the sentence that is said when one comes again."""

    marks: Mapping[tuple[str, str], str]

    def __bool__(self) -> bool:
        return bool(self.marks)

    def of_record(self, *, document_id: str, record_id: str, text_sha256: str | None) -> str | None:
        """Why a record may not come in; None where it may."""
        known = (("document", document_id), ("record", record_id), ("record text", text_sha256 or ""))
        return next((self.marks[one] for one in known if one in self.marks), None)

    def of_names(self, names: Iterable[str]) -> str | None:
        """Why no text of the source that bears one of these names may be kept."""
        return next(
            (self.marks["source", one] for one in map(str.casefold, names) if ("source", one) in self.marks), None
        )

    def of_work(self, work: Work) -> str | None:
        """Why the text of a work may not be kept; None where it may, or there is none."""
        if not self.marks or not work.text:
            return None
        return self.of_names((work.source_id, *work.aliases)) or self.marks.get(("text", text_hash(work.text)))

    def without_text(self, work: Work) -> Work:
        return work.model_copy(update={"text": None}) if self.of_work(work) else work


def text_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def withdrawn(connection: duckdb.DuckDBPyConnection) -> Withdrawn:
    rows = connection.execute(
        "SELECT m.kind, m.mark, w.tombstone FROM withdrawn_marks AS m JOIN withdrawals AS w USING (withdrawal_id) "
        "ORDER BY m.recorded_at DESC"
    ).fetchall()
    said: dict[str, str] = {}
    for _, _, tombstone in rows:
        if tombstone not in said:
            said[tombstone] = Tombstone.model_validate_json(tombstone).sentence
    return Withdrawn({(kind, mark.casefold() if kind == "source" else mark): said[tomb] for kind, mark, tomb in rows})


def withdrawn_of(warehouse: Warehouse) -> Withdrawn:
    """The same, read on its own; nothing where there is no warehouse yet."""
    if not warehouse.exists():
        return Withdrawn({})
    with warehouse.read() as connection:
        return withdrawn(connection)


def append_refusals(
    connection: duckdb.DuckDBPyConnection, refused: Sequence[tuple[Rejection, str | None]], stamp: Stamp
) -> None:
    """A row for each that was refused, with the id of the document where it is one."""
    rows: list[Row] = [
        {
            "rejection_id": content_id("rejection", one.path, one.reason, document_id),
            "name": one.path,
            "reason": one.reason,
            "document_id": document_id,
            "recorded_at": stamp.recorded_at,
            "run_id": stamp.run_id,
        }
        for one, document_id in refused
    ]
    append(connection, "rejections", rows, key="rejection_id")


def refuse(warehouse: Warehouse, refused: Sequence[tuple[Rejection, str | None]], stamp: Stamp) -> None:
    """The same on its own; nothing is opened where nothing was refused."""
    if refused:
        with warehouse.write() as connection:
            append_refusals(connection, refused, stamp)


def refusals_of(known: Withdrawn, works: Iterable[Work]) -> list[tuple[Rejection, str | None]]:
    """A refusal for each work whose text may not be kept."""
    found = {work.source_id: known.of_work(work) for work in works}
    return [(Rejection(path=source_id, reason=why), None) for source_id, why in found.items() if why]

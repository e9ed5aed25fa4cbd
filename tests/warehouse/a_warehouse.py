"""A small warehouse for tests: two records with their sources, run through the real chain or saved by hand.

Every text was written for these tests. Import it as `tests.warehouse.a_warehouse`.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from pipelines.models import Claim, ClaimVerdict, EvidenceScope, Layout, ParsedRecord, Verdict
from pipelines.verification.backend import Backend
from tests.made_claims import claim_saying
from tests.warehouse.words_backend import SameWords
from warehouse.append import Stamp
from warehouse.connection import Warehouse
from warehouse.ingestion import (
    Arrival,
    StoredDocument,
    StoredRecord,
    document_id_of,
    records_of,
    save_records,
    set_kind,
    take_in,
)
from warehouse.location import WarehouseLocation
from warehouse.policies import activate_shipped
from warehouse.verification import adjudicate

if TYPE_CHECKING:
    import dagster as dg

FIRST = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
ADJUDICATED = datetime(2026, 7, 2, 9, 0, tzinfo=UTC)
SECOND = datetime(2026, 7, 3, 9, 0, tzinfo=UTC)
NOW = datetime(2026, 7, 4, 9, 0, tzinfo=UTC)

ANSWER = {
    "title": "Lichen on roof tiles",
    "question": "Does lichen shorten the life of clay roof tiles?",
    "date": "2026-05-12",
    "publisher": "Tests of claimgate",
    "answer": (
        "Lichen cover lowered the frost resistance of clay tiles by 14 % in five winters [1]. "
        "Tiles with lichen held more water after rain than tiles that were cleaned [1]. "
        "Cleaning with a stiff brush increased the breakage of old tiles [2]. "
        "Lichen cover raised the noise of rain under the roof by 3 decibels [2]."
    ),
    "passages": [
        {
            "title": "Frost and lichen on clay tiles",
            "year": 2021,
            "text": (
                "We exposed clay tiles on two barns. Lichen cover lowered the frost resistance of clay tiles by 14 % "
                "in five winters. Tiles with lichen held more water after rain than tiles that were cleaned. "
                "Slate was not tried."
            ),
        },
        {
            "title": "Cleaning of old roofs",
            "year": 2019,
            "text": (
                "Roofers cleaned forty roofs. Cleaning with a stiff brush did not increase the breakage of old tiles. "
                "Moss came back within three years."
            ),
        },
    ],
}

REPORT = """---
title: Bicycle racks at stations
question: Do covered racks bring more cyclists to railway stations?
date: 2026-06-03
publisher: Tests of claimgate
---

# Bicycle racks at stations

Covered racks raised the number of bicycles parked at stations by 23 % within a year [1]. Theft of saddles
fell after cameras were mounted above the racks [1]. Uncovered racks emptied on days with heavy rain [2].

## References

[1] "Covered racks at nine stations." Journal of Tests, 2020. https://doi.org/10.5555/tests.racks.1
[2] "Rain and parked bicycles." Journal of Tests, 2018. https://doi.org/10.5555/tests.racks.2
"""

WORKS = [
    {
        "doi": "10.5555/tests.racks.1",
        "title": "Covered racks at nine stations",
        "year": 2020,
        "type": "journal-article",
        "abstract": (
            "We counted bicycles at nine stations. Covered racks raised the number of bicycles parked at stations "
            "by 23 % within a year. Thefts were not recorded."
        ),
    },
    # Nobody cites it: it is found by searching for the claim on saddles.
    {
        "doi": "10.5555/tests.racks.9",
        "title": "Cameras and saddles",
        "year": 2022,
        "type": "journal-article",
        "abstract": (
            "We watched six stations with cameras. Theft of saddles fell after cameras were mounted above the racks. "
            "Whole bicycles were stolen as often as before."
        ),
    },
]


def write_inbox(folder: Path) -> Path:
    """An answer with passages, a report with references, and a file that must be rejected."""
    inbox = folder / "inbox"
    inbox.mkdir(parents=True, exist_ok=True)
    (inbox / "lichen.json").write_text(json.dumps(ANSWER), encoding="utf-8")
    (inbox / "racks.md").write_text(REPORT, encoding="utf-8")
    (inbox / "empty.txt").write_bytes(b"")
    return inbox


def write_library(folder: Path) -> Path:
    library = folder / "library"
    library.mkdir(parents=True, exist_ok=True)
    rows = "".join(json.dumps(work) + "\n" for work in WORKS)
    (library / "sources.jsonl").write_text(rows, encoding="utf-8")
    return library


def definitions_at(folder: Path, moment: datetime) -> dg.Definitions:
    """The real definitions on a warehouse in `folder`, at a stopped clock; claims are judged by their words."""
    from assets.definitions import build_definitions
    from assets.resources import Clock, InboxResource, LibraryResource, VerifierResource, WarehouseResource

    class ByWords(VerifierResource):
        def backend(self, house: Warehouse, clock: Clock, run_id: str) -> AbstractContextManager[Backend]:
            return nullcontext(SameWords())

    return build_definitions(
        warehouse=WarehouseResource(database=str(folder / "claimgate.duckdb")),
        library=LibraryResource(path=str(folder / "library")),
        inbox_folder=InboxResource(path=str(folder / "inbox")),
        clock=Clock(fixed=moment.isoformat()),
        verifier=ByWords(),
    )


def run_chain(folder: Path) -> Warehouse:
    """The whole chain over both records, an adjudication, and the chain again, so that there is a correction."""
    import dagster as dg

    from assets.runs import Conductor

    house = Warehouse(WarehouseLocation(folder / "claimgate.duckdb"))
    inbox = write_inbox(folder)
    write_library(folder)
    set_kind(house, "own", Stamp(FIRST, "test"))
    activate_shipped(house, recorded_at=FIRST)
    with dg.DagsterInstance.ephemeral() as instance:
        intake = Conductor(definitions_at(folder, FIRST), instance, house)
        taken = intake.take_in([str(inbox)])
        intake.follow_up(taken.document_ids, today=FIRST.date())
        adjudicate(
            house,
            claim_id=refuted_claim(house),
            verdict=ClaimVerdict.NOT_ENOUGH_INFO,
            reason="the roofers' brush is not described",
            by="an editor",
            recorded_at=ADJUDICATED,
        )
        again = Conductor(definitions_at(folder, SECOND), instance, house)
        again.follow_up(taken.document_ids, today=SECOND.date())
    return house


def refuted_claim(house: Warehouse) -> str:
    with house.read() as connection:
        row = connection.execute("SELECT claim_id FROM current_verdicts WHERE verdict = 'REFUTED'").fetchone()
    assert row is not None, "the passages of the answer contradict one of its claims"
    return str(row[0])


# --- saved by hand, without Dagster ---------------------------------------------------------------

TEXT = "Moss grows on the north side. Moss does not harm the roof. Nobody measured it."


def saved_record(house: Warehouse, moment: datetime, *, text: str = TEXT, cohort: str = "2026-05") -> StoredRecord:
    """The record `test:moss` with this text, arrived and read at `moment`."""
    stamp = Stamp(moment, "by hand")
    data = text.encode()
    document_id = document_id_of(data)
    parsed = ParsedRecord(layout=Layout.PROSE, title="Moss", published_on=date(2026, 5, 1), text=text)
    take_in(house, [Arrival(document_id, "moss.md", data, "test:moss", cohort)], [], stamp)
    document = StoredDocument(document_id, "moss.md", data)
    save_records(house, [(document, "test:moss", cohort, parsed)], "reader-1", stamp)
    (record,) = records_of(house, record_ids=["test:moss"])
    return record


def sentences(record: StoredRecord, *wanted: int) -> tuple[Claim, ...]:
    """The sentences of the record's text as claims, those numbered (from 1 on); by default all."""
    claims, start = [], 0
    for number, text in enumerate(record.parsed.text.split(". "), start=1):
        if not wanted or number in wanted:
            claims.append(claim_saying(text, number, start))
        start += len(text) + 2
    return tuple(claims)


def a_verdict(claim_id: str, verdict: ClaimVerdict, reason: str = "as it was read") -> Verdict:
    return Verdict(
        claim_id=claim_id,
        verdict=verdict,
        confidence=None if verdict is ClaimVerdict.NOT_CHECKED else 0.5,
        reason=reason,
        scope=EvidenceScope.RECORD,
        verifier_version="verifier-1",
        backend="features",
    )


def copy_of(house: Warehouse, folder: Path) -> Warehouse:
    """The same warehouse in another folder, to be spoiled."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(house.location.database, folder / "claimgate.duckdb")
    return Warehouse(WarehouseLocation(folder / "claimgate.duckdb"))


def spoil(house: Warehouse, *statements: str) -> None:
    """What no code of ours does: change rows that are there."""
    connection = duckdb.connect(str(house.location.database))
    try:
        connection.execute("SET TimeZone = 'UTC'")
        for statement in statements:
            connection.execute(statement)
    finally:
        connection.close()


def counted_readings(monkeypatch: pytest.MonkeyPatch) -> list[Warehouse]:
    """A list that grows by one with each reading of a warehouse from now on."""
    read, found = Warehouse.read, list[Warehouse]()

    @contextmanager
    def reading(self: Warehouse) -> Iterator[duckdb.DuckDBPyConnection]:
        found.append(self)
        with read(self) as connection:
            yield connection

    monkeypatch.setattr(Warehouse, "read", reading)
    return found

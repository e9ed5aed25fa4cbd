"""Taking a text down: no column keeps a word of it, no byte on disk, and what stays still holds together."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from benchmarks import publication as made
from pipelines.ingestion.indexes.contract import By, Lookup, Response
from pipelines.ingestion.lookups import Asked, Known, Outcome
from pipelines.publication.corrections import public_state
from tests.warehouse.a_warehouse import NOW, copy_of
from tests.warehouse.planted_words import OF_DESCRIPTIONS, OF_OTHERS, WORDS, columns, found, plant, to_plant
from tests.warehouse.test_published import ONE, OTHER, SIZE, TODAY
from tests.warehouse.withdrawn_house import GIVEN, MOMENT, SOURCE, fill
from warehouse import rewriting
from warehouse.answers import Answers
from warehouse.append import Stamp
from warehouse.connection import Warehouse
from warehouse.correction_chains import checked_logs
from warehouse.erasure import Quotations
from warehouse.ingestion import Arrival, StoredDocument, pending_documents, records_of, save_records, take_in
from warehouse.invariants import INVARIANTS, violations
from warehouse.library import index_library
from warehouse.location import WarehouseLocation
from warehouse.public_records import public_records
from warehouse.publication import corrections_of, held_states
from warehouse.rewriting import NotRewritten, rewrite, rewrite_is_due
from warehouse.sources import (
    MatchedSource,
    RecordSource,
    SourcesFingerprint,
    held_works,
    passages_of,
    save_sources,
    sources_of,
)
from warehouse.verification import save_verdicts, verdict_fingerprints
from warehouse.withdrawals import Subject, find_subjects, tombstone_of, tombstones, withdraw, withdrawn_sources
from warehouse.withdrawn import text_hash

LATER = Stamp(MOMENT + timedelta(hours=1), "withdrawn")
REASON = "its publisher asked for it"
RECORD = Subject("record", ONE)
(GONE,) = (one for one in INVARIANTS if one.name == "withdrawn_texts_are_gone")

_GIVEN = "source_version_id = 'given-version'"
_OF_ONE = "record_version_id IN (SELECT record_version_id FROM records WHERE record_id = 'made:000000')"
_DOCUMENT = "document_id IN (SELECT document_id FROM arrivals WHERE record_id = 'made:000000')"
_CLAIM = "claim_id IN (SELECT claim_id FROM claims WHERE record_id = 'made:000000')"
_RECORD = "record_id = 'made:000000'"
_VERSION = (
    "source_version_id IN (SELECT source_version_id FROM source_versions WHERE source_id = 'doi:10.5555/made.0.0')"
)
_WORK = "work_id IN (SELECT work_id FROM library_works WHERE source_id = 'doi:10.5555/made.0.0')"
# Which rows of a table are the record's: by the first of these columns that it has.
BY_COLUMN = {"record_id": _RECORD, "record_version_id": _OF_ONE, "document_id": _DOCUMENT, "claim_id": _CLAIM}
OF_RECORD = {
    "source_versions": _GIVEN, "passages": _GIVEN, "rigor_scans": _GIVEN, "scan_checks": _GIVEN,
    "sources": "source_id = 'given:0'", "evidence": "passage_id = 'given-passage'", "artifact_blobs": "TRUE",
    "approvals": "TRUE", "model_calls": "TRUE", "quarantined_scans": "TRUE",
}  # fmt: skip
OF_SOURCE = {
    "source_versions": _VERSION, "passages": _VERSION, "rigor_scans": _VERSION, "scan_checks": _VERSION,
    "evidence": f"passage_id IN (SELECT passage_id FROM passages WHERE {_VERSION})", "imported_scans": "TRUE",
    "library_works": _WORK, "library_postings": _WORK, "index_answers": "TRUE", "index_lookups": "TRUE",
    "model_calls": "TRUE", "quarantined_scans": "TRUE", "rejections": "TRUE",
}  # fmt: skip


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    house = Warehouse(WarehouseLocation(tmp_path_factory.mktemp("filled") / "claimgate.duckdb"))
    fill(house)
    return house


@pytest.fixture
def house(filled: Warehouse, tmp_path: Path) -> Warehouse:
    return copy_of(filled, tmp_path / "house")


def source_of(house: Warehouse) -> Subject:
    (subject,) = find_subjects(house, SOURCE)
    return subject


def taken_down(house: Warehouse, subject: Subject) -> None:
    withdraw(house, subject, reason=REASON, by="an editor", stamp=LATER)


def planted(house: Warehouse, spared: dict[tuple[str, str], str], rows: dict[str, str]) -> set[tuple[str, str]]:
    """Put the words wherever words of the subject may stand; the places. Every table must have a row for it."""
    with house.write() as connection:
        names: dict[str, set[str]] = {}
        for table, name, _ in connection.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns"
        ).fetchall():
            names.setdefault(table, set()).add(name)
        places = set()
        for table, name, kind in to_plant(connection, spared):
            own = next((where for column, where in BY_COLUMN.items() if column in names[table]), "FALSE")
            assert plant(connection, table, name, kind, rows.get(table, own)), f"no row of {table} is about it"
            places.add((table, name))
        return places


# --- the words are gone -------------------------------------------------------------------------


def test_no_column_of_any_table_keeps_a_word_of_a_withdrawn_record(house: Warehouse) -> None:
    places = planted(house, OF_OTHERS, OF_RECORD)
    with house.read() as connection:
        assert found(connection) == places
    taken_down(house, RECORD)
    with house.read() as connection:
        assert found(connection) == set()


def test_no_column_of_any_table_keeps_a_word_of_a_withdrawn_source(house: Warehouse) -> None:
    places = planted(house, OF_DESCRIPTIONS, OF_SOURCE)
    with house.read() as connection:
        assert found(connection) == places
    taken_down(house, source_of(house))
    with house.read() as connection:
        assert found(connection) == set()


def test_what_is_spared_is_a_column_that_there_is(filled: Warehouse) -> None:
    with filled.read() as connection:
        held = {(table, name) for table, name, _ in columns(connection)}
    assert (set(OF_OTHERS) | set(OF_DESCRIPTIONS)) <= held


def test_the_other_record_keeps_every_word(house: Warehouse) -> None:
    before = next(public_records(house, [OTHER], today=TODAY))
    taken_down(house, RECORD)
    taken_down(house, Subject("source", "doi:10.5555/made.0.1", names=("doi:10.5555/made.0.1",)))
    assert next(public_records(house, [OTHER], today=TODAY)) == before


def test_rows_stay_and_every_invariant_holds_as_before(house: Warehouse) -> None:
    def broken() -> set[str]:
        return {one.invariant.name for one in violations(house, INVARIANTS, now=NOW, cohorts=None) if one.count}

    def sizes() -> dict[str, int]:
        with house.read() as connection:
            return dict(connection.execute("SELECT table_name, row_count FROM append_only_tables").fetchall())

    before, counted = broken(), sizes()
    taken_down(house, RECORD)
    taken_down(house, source_of(house))
    assert broken() <= before
    assert all(sizes()[table] >= count for table, count in counted.items())


def test_a_quotation_is_known_by_eight_words_or_by_being_nothing_else() -> None:
    known = Quotations.of(["Nine amber lanterns hung over the frozen harbour while the captain counted geese."])
    assert known.removed("He wrote: “nine AMBER lanterns hung; over the frozen harbour”.") == "[text withdrawn]"
    assert known.removed('{"a": ["amber lanterns hung over", "a frozen harbour"]}') == (
        '{"a": ["[text withdrawn]", "a frozen harbour"]}'
    )
    assert known.removed("Lanterns hung over the frozen harbour, as elsewhere.") is None
    assert known.removed('{"a": "the frozen"}') is None
    escaped = json.dumps(["Zwölf Möwen saßen über dem gefrorenen Hafen und schwiegen lange"])
    assert Quotations.of(["zwölf Möwen saßen über dem gefrorenen Hafen und schwiegen"]).removed(escaped) is not None


# --- no byte on disk ----------------------------------------------------------------------------


def in_files(house: Warehouse) -> set[str]:
    """The files of the warehouse's folder in which the words stand as they are."""
    files = (path for path in house.location.database.parent.rglob("*") if path.is_file())
    return {path.name for path in files if WORDS.encode() in path.read_bytes()}


@pytest.fixture
def on_disk(house: Warehouse) -> Warehouse:
    with house.write() as connection:
        plant(connection, "documents", "bytes", "BLOB", _DOCUMENT)
    assert in_files(house) == {"claimgate.duckdb"}
    return house


def test_freed_blocks_keep_the_words_until_the_file_is_written_anew(on_disk: Warehouse) -> None:
    taken_down(on_disk, RECORD)
    assert rewrite_is_due(on_disk)
    rewrite(on_disk, NOW)
    assert not rewrite_is_due(on_disk)
    assert in_files(on_disk) == set()
    with on_disk.read() as connection:
        assert connection.execute("SELECT count(*) FROM current_records").fetchone() == (1,)
    assert [path.name for path in on_disk.location.database.parent.iterdir() if "fresh" in path.name] == []


@pytest.mark.parametrize(
    ("module", "place", "still_due"),
    [
        (rewriting, "_remove", True),
        (rewriting, "_copy", True),
        (rewriting, "_log_of", True),
        (os, "replace", True),
        (rewriting, "_settle", False),
    ],
)
def test_a_rewrite_that_is_killed_leaves_one_whole_file_and_the_next_one_finishes(
    on_disk: Warehouse, monkeypatch: pytest.MonkeyPatch, module: object, place: str, still_due: bool
) -> None:
    taken_down(on_disk, RECORD)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(module, place, killed)
        with pytest.raises(KeyboardInterrupt):
            rewrite(on_disk, NOW)
    assert rewrite_is_due(on_disk) is still_due
    rewrite(on_disk, NOW)
    assert not rewrite_is_due(on_disk)
    assert in_files(on_disk) == set()


def test_where_no_file_can_be_written_the_old_one_stands_and_the_next_rewrite_finishes(on_disk: Warehouse) -> None:
    taken_down(on_disk, RECORD)
    taken = on_disk.location.database.with_name("claimgate.duckdb.fresh")
    taken.mkdir()  # nothing can be written there
    with pytest.raises(NotRewritten):
        rewrite(on_disk, NOW)
    assert rewrite_is_due(on_disk)
    taken.rmdir()
    rewrite(on_disk, NOW)
    assert in_files(on_disk) == set()


# --- what is said of it -------------------------------------------------------------------------


def test_a_published_record_gets_a_correction_and_its_log_still_holds(house: Warehouse) -> None:
    taken_down(house, RECORD)
    (event,) = corrections_of(house, [ONE])[ONE]
    assert (event.kind, event.before) == ("METADATA", {})
    assert event.after == {
        "withdrawn.by": "an editor",
        "withdrawn.on": LATER.recorded_at.date().isoformat(),
        "withdrawn.reason": REASON,
    }
    assert {log.record_id: (len(log.events), log.broken) for log in checked_logs(house)} == {
        ONE: (1, None),
        OTHER: (0, None),
    }


@pytest.mark.parametrize(
    ("spoiling", "words"),
    [
        ("UPDATE corrections SET correction = replace(correction, 'publisher', 'author')", "hash does not agree"),
        ("UPDATE public_states SET previous_id = 'another' WHERE previous_id IS NOT NULL", "no chain"),
        ("UPDATE public_states SET fingerprint = 'x' WHERE previous_id IS NOT NULL", "was rewritten"),
        ("UPDATE corrections SET state_id = 'another'", "not held"),
    ],
)
def test_the_log_of_a_withdrawn_record_cannot_be_rewritten_unseen(house: Warehouse, spoiling: str, words: str) -> None:
    taken_down(house, RECORD)
    with house.write() as connection:
        connection.execute(f"{spoiling}{' AND' if 'WHERE' in spoiling else ' WHERE'} record_id = '{ONE}'")
    assert [log.broken.what for log in checked_logs(house, [ONE]) if log.broken and words in log.broken.what]


def test_states_without_words_are_accepted_of_withdrawn_records_alone(house: Warehouse) -> None:
    with house.write() as connection:
        connection.execute(f"UPDATE public_states SET state = NULL WHERE record_id = '{OTHER}'")
    assert [log.record_id for log in checked_logs(house) if log.broken] == [OTHER]


def test_the_public_state_after_a_source_is_taken_down_is_the_one_that_its_event_says(house: Warehouse) -> None:
    taken_down(house, source_of(house))
    (event,) = corrections_of(house, [ONE])[ONE]
    assert event.kind == "PROVENANCE"
    said = f"withdrawn on {LATER.recorded_at.date().isoformat()}: {REASON}"
    assert event.after == {f"source.{SOURCE}.text_withdrawn": said}
    record = next(public_records(house, [ONE], today=TODAY))
    assert {view.source_id: view.text_withdrawn for view in record.sources}[SOURCE] == said
    assert public_state(record)["PROVENANCE"] == held_states(house, [ONE])[ONE].state["PROVENANCE"]
    assert withdrawn_sources(house)[SOURCE].sentence == said
    assert [log.broken for log in checked_logs(house) if log.broken] == []


def test_a_record_that_was_never_published_gets_a_tombstone_and_no_correction(house: Warehouse) -> None:
    with house.write() as connection:
        connection.execute(f"DELETE FROM public_states WHERE record_id = '{ONE}'")
    taken_down(house, RECORD)
    assert corrections_of(house, [ONE]) == {}
    assert tombstone_of(house, ONE) is not None


def test_a_tombstone_holds_hashes_and_no_words_and_withdrawing_twice_changes_nothing(house: Warehouse) -> None:
    first = withdraw(house, RECORD, reason=REASON, by=None, stamp=LATER)
    again = withdraw(house, RECORD, reason="another", by="B.", stamp=Stamp(NOW, "again"))
    assert again == first == tombstone_of(house, ONE)
    assert tombstones(house) == (first,)
    said = first.model_dump_json()
    assert "water" not in said
    assert [one.sha256 for one in first.removed if one.what == "document"] == [first.removed[0].id]
    with house.read() as connection:
        assert connection.execute("SELECT count(*) FROM withdrawals").fetchone() == (1,)


def test_names_are_found_and_a_name_of_several_is_several(house: Warehouse) -> None:
    assert [one.id for one in find_subjects(house, "made:000000")] == [ONE]
    assert [one.id for one in find_subjects(house, "What saves water in trial 1?")] == [OTHER]
    assert {one.id for one in find_subjects(house, "made:")} == {ONE, OTHER}
    assert [(one.kind, one.id) for one in find_subjects(house, "10.5555/MADE.0.0")] == [("source", SOURCE)]
    assert find_subjects(house, "nobody") == ()


# --- nothing goes on with it --------------------------------------------------------------------


def test_a_withdrawn_record_is_in_no_further_stage(house: Warehouse) -> None:
    cohort = records_of(house, record_ids=[ONE])[0].cohort
    taken_down(house, RECORD)
    assert records_of(house, record_ids=[ONE]) == ()
    assert pending_documents(house, cohort, "reader-2") == ()
    assert [one.source_id for one in held_works(house) if one.source_id == GIVEN] == []
    with house.read() as connection:
        held = connection.execute("SELECT count(*) FROM current_sources WHERE source_id = ?", [GIVEN]).fetchone()
    assert held == (0,)


def test_claims_that_rested_on_a_withdrawn_source_are_checked_again_without_it(house: Warehouse) -> None:
    before = verdict_fingerprints(house, [ONE, OTHER])
    taken_down(house, source_of(house))
    after = verdict_fingerprints(house, [ONE, OTHER])
    assert set(before) - set(after) == {"claim-0-0"}
    links = {link.source_id: link for link, _ in sources_of(house, [ONE])[ONE]}
    assert (links[SOURCE].source_version_id, links[SOURCE].text_withdrawn) == (None, True)
    assert SOURCE not in {passage.source_id for passage in passages_of(house, [ONE]).get(ONE, ())}


# --- it comes again -----------------------------------------------------------------------------


def rejections(house: Warehouse) -> list[tuple[str, str]]:
    with house.read() as connection:
        return connection.execute(
            "SELECT name, reason FROM rejections WHERE reason LIKE 'withdrawn on %' ORDER BY name"
        ).fetchall()


@pytest.mark.parametrize("known_by", ["document", "record", "text"])
def test_a_withdrawn_record_that_comes_again_is_refused_by_bytes_by_id_and_by_text(
    house: Warehouse, known_by: str
) -> None:
    (record,) = records_of(house, record_ids=[ONE])
    (document,) = pending_documents(house, record.cohort, "reader-2")
    taken_down(house, RECORD)
    again = Arrival(
        document.document_id if known_by == "document" else "d" * 64,
        "again.txt",
        document.data + (b"" if known_by == "document" else b" and more"),
        ONE if known_by == "record" else "made:another",
        record.cohort,
        text_hash(record.parsed.text) if known_by == "text" else None,
    )
    assert take_in(house, [again], [], LATER) == 0
    assert rejections(house) == [("again.txt", f"withdrawn on {LATER.recorded_at.date().isoformat()}: {REASON}")]
    with house.read() as connection:
        held = connection.execute("SELECT count(*) FROM documents WHERE name = 'again.txt'").fetchone()
    assert held == (0,)
    other = Arrival("e" * 64, "new.txt", b"new", "made:new", record.cohort, "f" * 64)
    assert take_in(house, [other], [], LATER) == 1


@pytest.mark.parametrize("change", [{}, {"text": "Other words of the same work."}, {"source_id": "pmid:1"}])
def test_the_text_of_a_withdrawn_source_is_not_kept_again_whoever_brings_it(
    house: Warehouse, change: dict[str, str]
) -> None:
    (record,) = records_of(house, record_ids=[OTHER])
    taken_down(house, source_of(house))
    work = made.work(0, 0).model_copy(update=change)
    link = RecordSource(work.source_id, "v", None, "1", "cited")
    fingerprint = SourcesFingerprint("again", None, (), None)
    version = record.record_version_id
    save_sources(house, {version: [MatchedSource(work, link)]}, {version: fingerprint}, LATER)
    index_library(house, "another digest", "made.jsonl", [work, made.work(1, 0)], LATER)
    ((linked, _),) = sources_of(house, [OTHER])[OTHER]
    assert linked.source_version_id is None
    said = f"withdrawn on {LATER.recorded_at.date().isoformat()}: {REASON}"
    assert rejections(house) == [(work.source_id, said)]
    with house.read() as connection:
        assert found(connection, work.text or "") == set()
    assert [one.count for one in violations(house, [GONE], now=NOW, cohorts=None)] == [0]


def test_what_an_index_answers_about_a_withdrawn_source_is_kept_as_a_hash(house: Warehouse) -> None:
    taken_down(house, source_of(house))
    work = made.work(0, 0)
    lookup = Lookup("crossref", By.TITLE, "water in trial")
    body = json.dumps({"abstract": work.text}).encode()
    response = Response("https://index.example/works", 200, {}, body, datetime(2026, 7, 1, tzinfo=UTC))
    answers = Answers(house, lambda: LATER.recorded_at, "again")
    answers.save([Asked("crossref", (Known(lookup, Outcome.HELD, (work,), asked_at=response.fetched_at),), response)])
    (held,) = answers.known([lookup.key]).values()
    assert [(one.source_id, one.text) for one in held.works] == [(SOURCE, None)]
    (raw,) = answers.raw_answers([lookup.key]).values()
    assert raw.body == b""
    with house.read() as connection:
        assert [table for table, _ in found(connection, work.text or "") if table.startswith("index")] == []
        held_hash = connection.execute("SELECT sha256 FROM index_answers WHERE url = ?", [response.url]).fetchone()
    assert held_hash == (response.sha256,)


def test_a_record_read_again_by_another_reader_stays_gone(house: Warehouse) -> None:
    (record,) = records_of(house, record_ids=[ONE])
    (document,) = pending_documents(house, record.cohort, "reader-2")
    taken_down(house, RECORD)
    read = (StoredDocument(document.document_id, document.name, document.data), ONE, record.cohort, record.parsed)
    save_records(house, [read], "reader-2", LATER)
    assert records_of(house, record_ids=[ONE]) == ()
    assert [one.count for one in violations(house, [GONE], now=NOW, cohorts=None)] == [1]


def test_what_a_run_under_way_wrote_after_the_withdrawal_goes_with_the_next_one(house: Warehouse) -> None:
    taken_down(house, source_of(house))
    rewrite(house, NOW)
    save_verdicts(house, [made.verdict(0, 0, SIZE, "late")], Stamp(NOW, "a run that was under way"))
    quoted = made.SENTENCE.format(n=0, i=0)
    assert [one.count for one in violations(house, [GONE], now=NOW, cohorts=None)] == [3]
    first = tombstone_of(house, SOURCE)
    assert withdraw(house, source_of(house), reason="again", by=None, stamp=Stamp(NOW, "again")) == first
    assert [one.count for one in violations(house, [GONE], now=NOW, cohorts=None)] == [0]
    assert rewrite_is_due(house)
    assert tombstones(house) == (first,)
    with house.read() as connection:
        marked = connection.execute("SELECT DISTINCT text FROM evidence WHERE starts_with(text, '[text')").fetchall()
    assert marked == [(f"[text withdrawn, sha256:{text_hash(quoted)}]",)]


def test_the_warehouse_is_still_one_that_duckdb_reads(on_disk: Warehouse) -> None:
    taken_down(on_disk, RECORD)
    rewrite(on_disk, NOW)
    with duckdb.connect(str(on_disk.location.database), read_only=True) as connection:
        views = connection.execute("SELECT count(*) FROM duckdb_views() WHERE NOT internal").fetchone()
    assert views is not None
    assert views[0] > 20

"""The memo of publication: whatever a page shows, a change of it is seen, and of nothing else."""

from __future__ import annotations

import gc
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from benchmarks import publication as made
from pipelines.gates.attempt import Attempt, facts_of
from pipelines.gates.facts import AttackerReport
from pipelines.ingestion.search.prisma import Prisma
from pipelines.models import (
    AttemptOutcome,
    ClaimVerdict,
    Correction,
    Notice,
    NoticeKind,
    ReferenceAudit,
    Review,
    RigorScan,
    SourceVerdict,
)
from pipelines.publication.corrections import public_state
from pipelines.publication.views import PublicRecord
from pipelines.review.scans.check import check_scan
from pipelines.review.scans.importing import import_scan
from pipelines.review.scans.models import ScanImport
from pipelines.verification.corpus_search import FoundWork
from tests.review.made_scans import PAPER, made_scan
from tests.warehouse.a_warehouse import copy_of
from tests.warehouse.test_artifacts import an_artifact
from warehouse import published
from warehouse.append import Stamp, append
from warehouse.artifacts import approve, artifacts_of, attach
from warehouse.attempts import MadeAttempt, save_attempts
from warehouse.connection import Warehouse
from warehouse.costs import WorkCost, append_costs
from warehouse.extraction import save_claims
from warehouse.gates import activations, save_gate_verdicts
from warehouse.ingestion import records_of, references_of, save_references
from warehouse.location import WarehouseLocation
from warehouse.migrate import migrate
from warehouse.public_records import public_records
from warehouse.public_states import correction_row
from warehouse.published import (
    CORRECTIONS,
    SITE,
    index_lines,
    mark_published,
    not_published,
    published_fingerprints,
    record_ids_of,
)
from warehouse.red_team import save_red_team_reports
from warehouse.review import save_reviews, save_rigor_scans
from warehouse.scans import save_checks, save_imports
from warehouse.searches import Search, save_search
from warehouse.sources import MatchedSource, RecordSource, SourcesFingerprint, append_works, save_sources
from warehouse.statements import statement
from warehouse.verification import adjudicate, save_audits, save_verdicts
from warehouse.withdrawals import Subject, withdraw

SIZE = made.Size(records=2, claims=2, references=2)
ONE, OTHER = "made:000000", "made:000001"
TODAY = made.RECORDED.date() + timedelta(days=1)
LATER = Stamp(made.RECORDED + timedelta(hours=3), "later")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Two records, the first with an artifact and a scan of a source of its that somebody else made."""
    house = Warehouse(WarehouseLocation(tmp_path_factory.mktemp("published") / "claimgate.duckdb"))
    made.fill(house, SIZE)
    attach(house, an_artifact("claim-0-0"), record_id=ONE, claim_id="claim-0-0", recorded_at=made.RECORDED)
    save_imports(house, [("scan.json", a_scan())], made.STAMP)
    found = replace(
        made.verdict(0, 0, SIZE, "searched"), found=(FoundWork(made.work(9, 0), 0, 7.25, 1.0),), library="l"
    )
    save_verdicts(house, [found], Stamp(made.RECORDED + timedelta(hours=1), "searched"))
    return house


@pytest.fixture
def house(filled: Warehouse, tmp_path: Path) -> Warehouse:
    return copy_of(filled, tmp_path)


def a_scan(**paper: object) -> ScanImport:
    """A scan of the first source of the first record, which somebody else made."""
    scan = made_scan()
    scan["paper"] |= {"doi": "10.5555/made.0.0", "arxiv_id": None} | paper
    return import_scan("scan.json", json.dumps(scan).encode())


def prints(house: Warehouse, today: date = TODAY, *, corrections: bool = True) -> dict[str, str]:
    return published_fingerprints(house, [ONE, OTHER], today=today, corrections=corrections)


def shown(house: Warehouse, today: date = TODAY) -> dict[str, PublicRecord]:
    return {record.record_id: record for record in public_records(house, [ONE, OTHER], today=today)}


# --- a change of each kind ----------------------------------------------------------------------


def the_record(house: Warehouse, record_id: str = ONE) -> made.StoredRecord:
    return records_of(house, record_ids=[record_id])[0]


def other_words(house: Warehouse) -> None:
    record = the_record(house)
    read = record.parsed.model_copy(update={"publisher": "Another publisher"})
    (document,) = _documents(house)
    made.save_records(house, [(document, ONE, record.cohort, read)], "reader-2", LATER)


def _documents(house: Warehouse) -> list[made.StoredDocument]:
    with house.read() as connection:
        row = connection.execute(
            "SELECT d.document_id, d.name, d.bytes FROM documents AS d JOIN arrivals AS a USING (document_id) "
            "WHERE a.record_id = ?",
            [ONE],
        ).fetchone()
    assert row is not None
    return [made.StoredDocument(*row)]


def other_claims(house: Warehouse) -> None:
    save_claims(house, [(the_record(house), made.claims_of(0, SIZE)[:1])], "extractor-2", LATER)


def another_verdict(house: Warehouse) -> None:
    save_verdicts(house, [made.verdict(0, 1, SIZE, "changed")], LATER)


def a_person_s_word(house: Warehouse) -> None:
    adjudicate(
        house,
        claim_id="claim-0-0",
        verdict=ClaimVerdict.DISPUTED,
        reason="both were read",
        by="an editor",
        recorded_at=LATER.recorded_at,
    )


def other_references(house: Warehouse) -> None:
    record = the_record(house)
    fewer = record.parsed.model_copy(update={"references": record.parsed.references[:1]})
    changed = made.StoredRecord(record.record_id, record.record_version_id, record.cohort, fewer)
    save_references(house, [changed], "reader-2", LATER)


def another_audit(house: Warehouse) -> None:
    stored = references_of(house, [ONE])[0]
    audit = made.audit(0, 0).model_copy(update={"reason": "Looked up again."})
    save_audits(house, [(stored, "changed", audit)], LATER)


def other_sources(house: Warehouse) -> None:
    record = the_record(house)
    link = RecordSource("doi:10.5555/made.0.1", None, None, "2", "cited")
    matched = {record.record_version_id: [MatchedSource(made.work(0, 1), link)]}
    fingerprint = SourcesFingerprint("matcher-2", None, (), None)
    save_sources(house, matched, {record.record_version_id: fingerprint}, LATER)


def a_source_retracted(house: Warehouse) -> None:
    notice = Notice(kind=NoticeKind.RETRACTED, origin="library:made.jsonl")
    with house.write() as connection:
        append_works(connection, [made.work(0, 0).model_copy(update={"notices": (notice,)})], [], LATER)


def another_scan(house: Warehouse) -> None:
    version = made.version_of(0, 0)
    save_rigor_scans(house, [(version, made.scan(version).model_copy(update={"reason": "scanned again"}))], "2", LATER)


def an_imported_scan(house: Warehouse) -> None:
    save_imports(house, [("another.json", a_scan(year=2023))], LATER)


def a_scan_checked(house: Warehouse) -> None:
    scan = a_scan().scan
    assert scan is not None
    save_checks(house, [check_scan(scan, PAPER, text_name="paper.txt", source_version_id=None)], LATER)


def another_review(house: Warehouse) -> None:
    record_id, _, reviews, summary, findings = made.review(the_record(house))
    save_reviews(house, [(record_id, "changed", reviews, summary.model_copy(update={"score": 3.0}), findings)], LATER)


def a_gate_evaluated_again(house: Warehouse) -> None:
    activation = activations(house)[0]
    again = made.gate(ONE, activation.activation_id)
    verdict = again.verdict.model_copy(update={"reason": "Evaluated again."})
    save_gate_verdicts(house, activation, [made.EvaluatedGate("changed", "{}", LATER.recorded_at, verdict)], LATER)


def another_artifact(house: Warehouse) -> None:
    artifact = an_artifact("claim-0-1", b"print([])\n")
    attach(house, artifact, record_id=ONE, claim_id="claim-0-1", recorded_at=LATER.recorded_at)


def an_artifact_approved(house: Warehouse) -> None:
    ((artifact,),) = artifacts_of(house, [ONE]).values()
    moment = LATER.recorded_at
    approve(house, artifact.artifact_id, by="R.", reason="it counts", approved=True, recorded_at=moment)


def an_artifact_run(house: Warehouse) -> None:
    ((artifact,),) = artifacts_of(house, [ONE]).values()
    attempt = Attempt(outcome=AttemptOutcome.INCONCLUSIVE, reason="It ran too long.", backend="made", authority=True)
    facts = facts_of(artifact.artifact_id, artifact.claim_id, "reproduction", attempt)
    save_attempts(house, [MadeAttempt(ONE, "changed", attempt, facts, {})], LATER)


def a_search(house: Warehouse) -> None:
    counts = Prisma(identified=(), duplicates_removed=0, screened=0, sought=0, not_retrieved=0, assessed=0, included=0)
    search = Search("What saves water?", TODAY, "water", ("library",), {}, "1", (), (), counts)
    save_search(house, search, record_id=ONE, document_id="document", stamp=LATER)


def a_found_work_retracted(house: Warehouse) -> None:
    """Of a work that is no source of the record, but was read for a verdict of it."""
    notice = Notice(kind=NoticeKind.RETRACTED, origin="library:made.jsonl")
    with house.write() as connection:
        append_works(connection, [made.work(9, 0).model_copy(update={"notices": (notice,)})], [], LATER)


def a_red_team_report(house: Warehouse) -> None:
    report = AttackerReport(attacker="citations", ran=True, reason="Looked at both.")
    save_red_team_reports(house, [(ONE, "changed", (report,))], LATER)


def a_cost(house: Warehouse) -> None:
    with house.write() as connection:
        append_costs(connection, [WorkCost("reviews", (ONE,), 0.5)], LATER)


def a_source_taken_down(house: Warehouse) -> None:
    subject = Subject("source", "doi:10.5555/made.0.0", names=("doi:10.5555/made.0.0",))
    withdraw(house, subject, reason="asked for", by=None, stamp=LATER)


def a_correction(house: Warehouse) -> None:
    event = Correction(
        correction_id="correction-1",
        sequence=1,
        kind="METADATA",
        before={},
        after={},
        why="by hand",
        recorded_at=LATER.recorded_at,
        previous_hash=None,
        hash="0",
    )
    with house.write() as connection:
        append(connection, "corrections", [correction_row(ONE, "state-1", event, LATER)], key="correction_id")


CHANGES: tuple[Callable[[Warehouse], None], ...] = (
    other_words, other_claims, another_verdict, a_person_s_word, other_references, another_audit, other_sources,
    a_source_retracted, another_scan, an_imported_scan, a_scan_checked, another_review, a_gate_evaluated_again,
    another_artifact, an_artifact_approved, an_artifact_run, a_search, a_found_work_retracted, a_red_team_report,
    a_cost, a_source_taken_down, a_correction,
)  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_change_of_what_a_page_shows_is_seen_and_no_other_record_is_touched(
    house: Warehouse, change: Callable[[Warehouse], None]
) -> None:
    before, pages = prints(house), shown(house)
    change(house)
    assert shown(house)[ONE] != pages[ONE], "the change is one that a page shows"
    after = prints(house)
    assert after[ONE] != before[ONE]
    assert after[OTHER] == before[OTHER]
    assert shown(house)[OTHER] == pages[OTHER]


def test_the_day_counts_only_where_a_gate_comes_into_force(filled: Warehouse) -> None:
    first, last = (sorted(one.active_on for one in activations(filled))[place] for place in (0, -1))
    assert prints(filled, first) != prints(filled, first - timedelta(days=1))
    assert prints(filled, last) == prints(filled, last + timedelta(days=400))


def test_a_cost_changes_no_public_state_so_that_it_is_never_a_correction(house: Warehouse) -> None:
    before = {record_id: public_state(record) for record_id, record in shown(house).items()}
    a_cost(house)
    assert {record_id: public_state(record) for record_id, record in shown(house).items()} == before


def test_a_correction_is_no_reason_to_look_for_corrections_again(house: Warehouse) -> None:
    before = prints(house, corrections=False)
    a_correction(house)
    assert prints(house, corrections=False) == before


# --- what is done is not pending ----------------------------------------------------------------


def test_what_was_published_as_it_is_now_is_not_pending_and_what_changed_since_is(house: Warehouse) -> None:
    now = prints(house)
    with house.write() as connection:
        mark_published(connection, SITE, now, LATER, {ONE: "{}", OTHER: "{}"})
    assert not_published(house, SITE, now) == ()
    assert not_published(house, CORRECTIONS, now) == (ONE, OTHER)
    another_verdict(house)
    assert not_published(house, SITE, prints(house)) == (ONE,)


def test_the_line_in_the_index_is_the_last_one_and_other_code_has_none(
    house: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = {"sha256": "s", "previous_id": None, "recorded_at": LATER.recorded_at, "run_id": "by hand"}
    pages = [row | {"page_id": one, "record_id": one, "path": f"{one}.html"} for one in (ONE, OTHER)]
    with house.write() as connection:
        append(connection, "pages", pages, key="page_id")
    now = prints(house)
    with house.write() as connection:
        mark_published(connection, SITE, {ONE: now[ONE]}, LATER, {ONE: '"first"'})
    assert index_lines(house) == {ONE: '"first"', OTHER: None}
    later = Stamp(LATER.recorded_at + timedelta(hours=1), "later still")
    with house.write() as connection:
        mark_published(connection, SITE, {ONE: f"{now[ONE]}b"}, later, {ONE: '"second"'})
    assert index_lines(house) == {ONE: '"second"', OTHER: None}
    monkeypatch.setattr("warehouse.published.code_version", lambda: "of another day")
    assert index_lines(house) == {ONE: None, OTHER: None}
    assert not_published(house, SITE, prints(house)) == (ONE, OTHER)


def test_the_records_of_cohorts_are_named_without_being_read(filled: Warehouse) -> None:
    cohorts = [the_record(filled, one).cohort for one in (ONE, OTHER)]
    assert record_ids_of(filled, cohorts[:1]) == (ONE,)
    assert set(record_ids_of(filled, cohorts)) == {ONE, OTHER}


# --- many records -------------------------------------------------------------------------------


def test_fingerprints_are_the_same_however_many_records_one_statement_is_asked_for(
    filled: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = prints(filled)
    monkeypatch.setattr(published, "RANKED_TOGETHER", 1)
    assert list(prints(filled).items()) == list(whole.items())
    assert list(whole) == [ONE, OTHER]


def test_what_is_held_of_records_stays_rows_until_the_turn_of_each_comes(filled: Warehouse) -> None:
    kinds = (Review, RigorScan, ReferenceAudit, SourceVerdict)

    def alive() -> dict[int, object]:
        gc.collect()
        return {id(one): one for one in gc.get_objects() if type(one) in kinds}

    before = alive()
    reading = public_records(filled, [ONE, OTHER], today=TODAY)
    record = next(reading)
    made_since = [one for key, one in alive().items() if key not in before]
    audits = [one.audit for one in record.references if one.audit]
    sides = [side for claim in record.claims for side in claim.per_source]
    assert {id(one) for one in made_since} == {id(one) for one in (*record.reviews, *record.rigor, *audits, *sides)}
    assert {type(one) for one in made_since} == set(kinds)
    assert next(reading).record_id == OTHER


# --- nothing is forgotten -----------------------------------------------------------------------

# Written in one transaction with a row that is looked at and never after it, or held under its id.
FIXED_BY_ANOTHER = {
    "evidence": "verdicts", "passages": "evidence", "artifact_files": "artifacts", "artifact_blobs": "artifact_files",
    "source_versions": "record_sources", "documents": "records",
    "withdrawals": "withdrawn_marks",
}  # fmt: skip
ON_NO_PAGE = {
    "warehouse_kinds", "arrivals", "rejections", "source_notices", "index_answers", "index_lookups", "model_calls",
    "library_files", "library_contents", "library_works", "library_identifiers", "library_lengths",
    "library_postings", "search_hits", "search_decisions", "sentence_features", "quarantined_scans", "public_states",
    "manifests", "pages", "index_lines", "file_rewrites",
}  # fmt: skip


def test_every_table_is_looked_at_or_it_is_said_why_not() -> None:
    with duckdb.connect() as connection:
        migrate(connection)
        views = _definitions(connection)
        tables = [row[0] for row in connection.execute("SELECT table_name FROM append_only_tables").fetchall()]
    looked_at = _names(statement("publication/what_is_shown"), views, set())
    assert set(tables) == (looked_at & set(tables)) | set(FIXED_BY_ANOTHER) | ON_NO_PAGE
    assert not looked_at & ON_NO_PAGE


def _definitions(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Every view and macro of ours to its text."""
    return dict(
        connection.execute(
            "SELECT view_name, sql FROM duckdb_views() WHERE NOT internal UNION ALL "
            "SELECT function_name, macro_definition FROM duckdb_functions() WHERE function_type = 'table_macro' "
            "AND NOT internal"
        ).fetchall()
    )


def _names(query: str, views: dict[str, str], found: set[str]) -> set[str]:
    """Every table and view that a query reads, through views and macros as well."""
    for name in set(re.findall(r"(?:FROM|JOIN)\s+\(*(\w+)", query)) - found:
        found.add(name)
        _names(views.get(name, ""), views, found)
    return found

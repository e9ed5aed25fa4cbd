"""What the pages of sources show, as the warehouse holds it, and the memo of which of them are published."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from benchmarks import publication as made
from pipelines.models import ClaimVerdict, Notice, NoticeKind, ReferenceFinding, Stance
from pipelines.publication.source_views import CLAIMS_SHOWN, RECORDS_SHOWN, CitingRecord, SourcePage
from tests.warehouse import test_published as changes
from tests.warehouse.a_warehouse import copy_of
from warehouse import source_pages as room
from warehouse.append import Stamp, append
from warehouse.connection import Warehouse
from warehouse.migrate import migrate
from warehouse.published import not_published
from warehouse.source_pages import (
    SOURCE_PAGES,
    save_source_pages,
    source_fingerprints,
    source_page_hashes,
    source_pages,
    source_parts,
)
from warehouse.sources import MatchedSource, RecordSource, SourcesFingerprint, append_works, save_sources
from warehouse.statements import statement
from warehouse.verification import save_verdicts

filled = changes.filled
ONE, OTHER, LATER = changes.ONE, changes.OTHER, changes.LATER
FIRST, SECOND = (made.work(0, n).source_id for n in (0, 1))
OTHERS = {made.work(1, n).source_id for n in (0, 1)}
FOUND = made.work(9, 0).source_id
ALL = {FIRST, SECOND, FOUND, *OTHERS}


@pytest.fixture
def house(filled: Warehouse, tmp_path: Path) -> Warehouse:
    return copy_of(filled, tmp_path)


def prints(house: Warehouse, *record_ids: str) -> dict[str, str]:
    return source_fingerprints(house, record_ids or (ONE, OTHER))


def pages(house: Warehouse, *record_ids: str) -> dict[str, SourcePage]:
    wanted = record_ids or (ONE, OTHER)
    return {one.source_id: one for some in source_pages(house, list(prints(house, *wanted)), wanted) for one in some}


def record_of(page: SourcePage, record_id: str = ONE) -> CitingRecord:
    return next(one for one in page.records if one.record_id == record_id)


def cite(house: Warehouse, record_id: str, *sources: tuple[int, int], moment: Stamp = LATER) -> None:
    """Let a record draw on these works, and on no others."""
    record = changes.the_record(house, record_id)
    found = [
        MatchedSource(work := made.work(*one), RecordSource(work.source_id, None, None, f"m{n}", "cited"))
        for n, one in enumerate(sources, 1)
    ]
    fingerprint = SourcesFingerprint(f"matcher {moment.run_id}", None, (), None)
    save_sources(house, {record.record_version_id: found}, {record.record_version_id: fingerprint}, moment)


# --- what a page says ---------------------------------------------------------------------------


def test_page_holds_the_work_its_records_and_the_claims_that_rest_on_it(filled: Warehouse) -> None:
    page = pages(filled)[SECOND]
    work = made.work(0, 1)
    assert (page.title, page.authors, page.year, page.licence) == (work.title, work.authors, work.year, work.licence)
    assert [(text.kind, text.complete) for text in page.texts] == [("abstract", True)]
    record = record_of(page)
    assert (record.title, record.cohort, record.cited, record.given, record.found) == (
        "What saves water in trial 0?",
        "2025-01",
        True,
        False,
        False,
    )
    assert [(one.mark, one.finding) for one in record.references] == [("2", ReferenceFinding.FOUND)]
    (claim,) = record.claims
    assert (claim.ordinal, claim.verdict, claim.alone, claim.by_person) == (2, ClaimVerdict.SUPPORTED, True, False)
    assert set(claim.stances) == {Stance.SUPPORTS, Stance.NEUTRAL}
    assert (page.counts.records, page.counts.claims, page.counts.supported, page.counts.alone) == (1, 1, 1, 1)


def test_work_that_was_found_by_searching_says_for_whom(filled: Warehouse) -> None:
    record = record_of(pages(filled)[FOUND])
    assert (record.found, record.cited, record.references) == (True, False, ())


def test_scan_that_others_made_is_counted_and_what_it_was_held_against_is_named(house: Warehouse) -> None:
    (scan,) = pages(house)[FIRST].scans
    assert scan.checked_against is None
    assert scan.yes + scan.no + scan.not_applicable > 0
    changes.a_scan_checked(house)
    (scan,) = pages(house)[FIRST].scans
    assert scan.checked_against == "paper.txt"
    assert pages(house)[SECOND].scans == ()


def test_retracted_source_says_so_and_which_claims_rest_on_it_alone(house: Warehouse) -> None:
    changes.a_source_retracted(house)
    page = pages(house)[FIRST]
    assert [one.kind for one in page.alarms] == [NoticeKind.RETRACTED]
    assert [one.ordinal for one in record_of(page).claims if one.alone] == [1]


def test_claim_that_two_sources_support_rests_on_neither_alone(house: Warehouse) -> None:
    one, two = made.verdict(0, 1, changes.SIZE), made.verdict(0, 0, changes.SIZE)
    also = tuple(item.model_copy(update={"stance": Stance.SUPPORTS}) for item in two.verdict.evidence[:1])
    both = one.verdict.model_copy(update={"evidence": (*one.verdict.evidence, *also)})
    save_verdicts(house, [replace(one, fingerprint="of two", verdict=both)], LATER)
    found = pages(house)
    assert [(claim.ordinal, claim.alone) for claim in record_of(found[FIRST]).claims] == [(1, True), (2, False)]
    assert [claim.alone for claim in record_of(found[SECOND]).claims] == [False]


def test_the_word_of_a_person_is_the_verdict_and_decides_what_rests_alone(house: Warehouse) -> None:
    assert record_of(pages(house)[FIRST]).claims[0].alone
    changes.a_person_s_word(house)
    (claim,) = record_of(pages(house)[FIRST]).claims
    assert (claim.verdict, claim.by_person, claim.alone) == (ClaimVerdict.DISPUTED, True, False)


def test_source_of_many_records_shows_the_first_and_counts_all(
    house: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    cite(house, OTHER, (0, 1))
    monkeypatch.setattr(room, "RECORDS_SHOWN", 1)
    page = pages(house)[SECOND]
    assert (len(page.records), page.counts.records) == (1, 2)
    assert page.records[0].record_id == ONE, "what rests on it alone comes first"
    assert (RECORDS_SHOWN, CLAIMS_SHOWN) == (200, 12)


def test_long_claim_is_cut_and_says_so(house: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "LONGEST_CLAIM", 5)
    assert record_of(pages(house)[FIRST]).claims[0].text == "Plots …"


def test_record_has_a_page_if_it_was_published_or_is_in_this_run(house: Warehouse) -> None:
    cite(house, OTHER, (0, 1))
    assert [one.has_page for one in pages(house, ONE)[SECOND].records] == [True, False]
    before = prints(house, ONE)[SECOND]
    row = {"page_id": "p", "record_id": OTHER, "path": "p.html", "sha256": "s", "recorded_at": LATER.recorded_at}
    with house.write() as connection:
        append(connection, "pages", [row], key="page_id")
    assert [one.has_page for one in pages(house, ONE)[SECOND].records] == [True, True]
    assert prints(house, ONE)[SECOND] != before


# --- which of them are due ----------------------------------------------------------------------


def test_only_the_sources_of_the_records_asked_for_are_looked_at(filled: Warehouse) -> None:
    assert set(prints(filled)) == ALL
    assert set(prints(filled, OTHER)) == OTHERS


@pytest.fixture(scope="module")
def published(filled: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> tuple[Warehouse, dict[str, SourcePage]]:
    """The same with every page published, and what these show."""
    house = copy_of(filled, tmp_path_factory.mktemp("published sources"))
    publish(house)
    assert not_published(house, SOURCE_PAGES, prints(house)) == ()
    return house, pages(house)


def publish(house: Warehouse) -> None:
    shown = prints(house)
    save_source_pages(house, [(None, f"sources/{one}", "0") for one in shown], shown, made.STAMP)


@pytest.mark.parametrize("change", changes.CHANGES, ids=lambda change: change.__name__)
def test_a_change_of_what_a_page_shows_is_seen_and_no_other_source_is_touched(
    published: tuple[Warehouse, dict[str, SourcePage]], tmp_path: Path, change: Callable[[Warehouse], None]
) -> None:
    house, shown = copy_of(published[0], tmp_path), published[1]
    change(house)
    other = {source_id for source_id, page in pages(house).items() if page != shown.get(source_id)}
    due = set(not_published(house, SOURCE_PAGES, prints(house)))
    assert other <= due
    assert not due & OTHERS


@pytest.mark.parametrize(
    ("change", "due"),
    [
        (changes.another_verdict, {SECOND}),
        (changes.a_person_s_word, {FIRST}),
        (changes.a_source_retracted, {FIRST}),
        (changes.another_audit, {FIRST}),
        (changes.a_found_work_retracted, {FOUND}),
        (changes.an_imported_scan, {FIRST}),
        (changes.another_review, set()),
        (changes.a_correction, set()),
        (changes.other_words, {FIRST, SECOND, FOUND}),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_a_change_makes_the_pages_due_that_show_it_and_no_others(
    published: tuple[Warehouse, dict[str, SourcePage]],
    tmp_path: Path,
    change: Callable[[Warehouse], None],
    due: set[str],
) -> None:
    house = copy_of(published[0], tmp_path)
    change(house)
    assert set(not_published(house, SOURCE_PAGES, prints(house))) == due


def test_source_that_no_record_was_published_with_gets_no_page_once_nobody_draws_on_it(house: Warehouse) -> None:
    """One that was published keeps its page: see below."""
    cite(house, OTHER, (8, 8))
    unquoted(house)
    assert made.work(8, 8).source_id in pages(house)
    assert not OTHERS & set(pages(house))


def unquoted(house: Warehouse) -> None:
    """What no code of ours does: the verdicts go, so that nothing is quoted any more."""
    with house.write() as connection:
        connection.execute("DELETE FROM verdicts")


def test_published_source_without_any_record_is_an_empty_page(house: Warehouse) -> None:
    publish(house)
    unquoted(house)
    for record_id in (ONE, OTHER):
        cite(house, record_id, (8, 8))
    page = pages(house)[FIRST]
    assert (page.records, page.counts.records, page.counts.claims) == ((), 0, 0)
    assert FIRST in not_published(house, SOURCE_PAGES, prints(house))


def test_other_code_makes_every_page_due(house: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(house)
    monkeypatch.setattr(room, "code_version", lambda: "of another day")
    assert set(not_published(house, SOURCE_PAGES, prints(house))) == ALL


def test_hashes_of_the_pages_are_those_saved_last(house: Warehouse) -> None:
    save_source_pages(house, [(None, "sources/a.html", "1"), (None, "index.html", "2")], {}, made.STAMP)
    assert save_source_pages(house, [(None, "sources/a.html", "1")], {}, LATER) == 0
    assert save_source_pages(house, [(None, "sources/a.html", "3")], {}, LATER) == 1
    assert source_page_hashes(house) == {"sources/a.html": "3"}


def test_chunks_hold_every_source_once(filled: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "CHUNK", 2)
    whole = list(source_pages(filled, sorted(ALL), (ONE, OTHER)))
    assert [len(some) for some in whole] == [2, 2, 1]
    assert [one.source_id for some in whole for one in some] == sorted(ALL)
    assert list(source_pages(filled, (), (ONE, OTHER))) == []


def test_pages_and_fingerprints_are_the_same_however_many_sources_one_statement_is_asked_for(
    filled: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown, whole = prints(filled), pages(filled)
    monkeypatch.setattr(room, "RANKED_TOGETHER", 2)
    assert set(shown) == ALL
    assert (prints(filled), pages(filled)) == (shown, whole)


def test_what_pages_are_made_of_lies_in_a_file_that_is_gone_afterwards(filled: Warehouse) -> None:
    with source_parts(filled, sorted(ALL), (ONE, OTHER)) as parts:
        (file,) = {some.file for some in parts}
        assert file.stat().st_size
    assert not file.parent.exists()


def test_notices_stand_with_the_worst_first(house: Warehouse) -> None:
    notices = tuple(Notice(kind=kind, origin="o") for kind in (NoticeKind.SUPERSEDED, NoticeKind.RETRACTED))
    with house.write() as connection:
        append_works(connection, [made.work(0, 0).model_copy(update={"notices": notices})], [], LATER)
    assert [one.kind for one in pages(house)[FIRST].notices] == [NoticeKind.RETRACTED, NoticeKind.SUPERSEDED]


# --- nothing is forgotten -----------------------------------------------------------------------

# Written in one transaction with a row that is looked at and never after it, or held under its id.
FIXED_BY_ANOTHER = {"documents": "records", "withdrawals": "withdrawn_marks"}
ON_NO_SOURCE_PAGE = changes.ON_NO_PAGE - {"pages"} | {
    "reviews", "gate_activations", "gate_verdicts", "artifacts", "artifact_files", "artifact_blobs", "approvals",
    "attempts", "red_team_reports", "record_costs", "searches", "corrections", "rigor_scans", "passages",
}  # fmt: skip


def test_every_table_is_looked_at_or_it_is_said_why_not() -> None:
    with duckdb.connect() as connection:
        migrate(connection)
        views = changes._definitions(connection)
        tables = {row[0] for row in connection.execute("SELECT table_name FROM append_only_tables").fetchall()}
    parts = changes._names(statement("publication/source_parts"), views, set())
    assert tables == (parts & tables) | set(FIXED_BY_ANOTHER) | ON_NO_SOURCE_PAGE
    assert not parts & ON_NO_SOURCE_PAGE
    read = [statement(f"source_pages/{name}") for name in ("links", "resting", "scans", "checked")]
    read += [
        room._WORKS,
        room._ALIASES,
        room._TEXTS,
        room._FOUND,
        room._DRAWING,
        room._RECORDS,
        room._CLAIMS,
        room._WITHDRAWN,
    ]
    names = {name for query in read for name in re.findall(r"(?:FROM|JOIN)\s+(\w+)", query)}
    assert names & tables <= parts | set(FIXED_BY_ANOTHER), "what is read of a source is part of its fingerprint"

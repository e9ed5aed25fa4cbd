"""Every invariant both ways: a clean warehouse passes all, each planted violation fails its own check alone."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from assets.checks import CheckFailed, _import_when_used, check_invariants
from assets.runs import Conductor, RunFailed
from pipelines.publication.correction_log import HEADS, check_heads
from pipelines.publication.site.text import corrections_name
from tests.assets.planted_rows import (
    EARLIER,
    ITS_CLAIMS,
    LICHEN_RECORD,
    UNPUBLISHED,
    WHOLE,
    approval,
    attempt,
    gate_verdict,
    looked_at,
    per_source,
    quoted,
    shares,
    verdict,
)
from tests.assets.planted_violations import PLANTED
from tests.warehouse.a_warehouse import (
    FIRST,
    NOW,
    SECOND,
    copy_of,
    definitions_at,
    run_chain,
    spoil,
    write_inbox,
    write_library,
)
from warehouse.append import Stamp
from warehouse.connection import Warehouse, WarehouseMissing
from warehouse.correction_chains import checked_logs
from warehouse.invariants import INVARIANTS, ROWS_SHOWN, Invariant, violations
from warehouse.location import WarehouseLocation
from warehouse.withdrawals import find_subjects, withdraw

OTHER_WAYS = [
    pytest.param(name, way, id=f"{name}-{number}")
    for name, ways in PLANTED.items()
    for number, way in enumerate(ways[1:], start=2)
]
LOOKED_AT = """documents records passages claims verdicts evidence sentence_features found_works adjudications
reference_audits reviews rejections rigor_scans gate_verdicts public_states corrections manifests pages table_sizes"""
BY_NAME = {one.name: one for one in INVARIANTS}


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Made by the whole chain, twice; only read."""
    return run_chain(tmp_path_factory.mktemp("clean"))


@pytest.fixture
def spoiled(clean: Warehouse, tmp_path: Path) -> Callable[..., Warehouse]:
    def spoiled_by(*statements: str) -> Warehouse:
        house = copy_of(clean, tmp_path / "spoiled")
        spoil(house, *statements)
        return house

    return spoiled_by


def results(
    house: Warehouse,
    wanted: Sequence[Invariant] = INVARIANTS,
    cohorts: Sequence[str] | None = None,
    now: datetime = NOW,
) -> dict[str, dg.AssetCheckResult]:
    found = check_invariants(house, wanted, now=now, cohorts=cohorts)
    return {str(one.check_name): one for one in found}


def failing(house: Warehouse, **asked: Any) -> set[str]:
    return {name for name, one in results(house, **asked).items() if not one.passed}


def rows_of(result: dg.AssetCheckResult) -> Any:
    return result.metadata["rows"].value


def count_of(result: dg.AssetCheckResult) -> Any:
    return result.metadata["violations"].value


def test_a_clean_warehouse_passes_every_check(clean: Warehouse) -> None:
    found = results(clean)
    assert set(found) == set(BY_NAME)
    assert {name for name, one in found.items() if not one.passed} == set()
    assert {count_of(one) for one in found.values()} == {0}


def test_a_warehouse_from_which_texts_were_taken_down_passes_every_check(spoiled: Callable[..., Warehouse]) -> None:
    house = spoiled()
    for named in ("Lichen on roof tiles", "doi:10.5555/tests.racks.1", "doi:10.5555/tests.racks.9"):
        (subject,) = find_subjects(house, named)
        withdraw(house, subject, reason="asked for", by=None, stamp=Stamp(SECOND, "test"))
    assert failing(house) == set()
    assert [log.broken for log in checked_logs(house) if log.broken] == []


def test_the_correction_log_of_the_chain_holds_in_the_warehouse_and_on_its_site(clean: Warehouse) -> None:
    held = {log.record_id: log for log in checked_logs(clean)}
    assert [log.broken for log in held.values() if log.broken] == []
    site = clean.location.site
    published, wrong = check_heads(
        (site / HEADS).read_bytes(), lambda record_id: (site / corrections_name(record_id)).read_bytes()
    )
    assert wrong is None
    assert published
    assert {log.record_id: log for log in published} == {name: log for name, log in held.items() if log.events}


def test_the_clean_warehouse_holds_what_the_checks_look_at(clean: Warehouse) -> None:
    looked_at = LOOKED_AT.split()
    with clean.read() as connection:
        empty = [name for name in looked_at if connection.execute(f"SELECT count(*) FROM {name}").fetchone() == (0,)]
    assert empty == []


def test_an_empty_warehouse_passes_every_check(tmp_path: Path) -> None:
    house = Warehouse(WarehouseLocation(tmp_path / "claimgate.duckdb"))
    with house.write():
        pass
    assert failing(house) == set()


def test_every_invariant_has_a_planted_violation() -> None:
    assert set(PLANTED) == set(BY_NAME)


def test_what_an_invariant_implies_is_an_invariant() -> None:
    assert {implied for one in INVARIANTS for implied in one.implies} <= set(BY_NAME)


@pytest.mark.parametrize("name", [one.name for one in INVARIANTS])
def test_a_planted_violation_fails_its_check_and_those_it_implies_and_no_other(
    spoiled: Callable[..., Warehouse], name: str
) -> None:
    found = results(spoiled(*PLANTED[name][0]))
    assert {check for check, one in found.items() if not one.passed} == {name} | BY_NAME[name].implies
    own = found[name]
    assert count_of(own) >= 1
    assert 1 <= len(rows_of(own)) <= ROWS_SHOWN
    assert f"{count_of(own)} violating rows" in str(own.description)
    assert BY_NAME[name].why in str(own.description)


@pytest.mark.parametrize(("name", "way"), OTHER_WAYS)
def test_every_other_way_of_breaking_an_invariant_is_found(
    spoiled: Callable[..., Warehouse], name: str, way: tuple[str, ...]
) -> None:
    """By the warehouse's statements alone where the invariant has one: GX would only count them again."""
    house = spoiled(*way)
    if BY_NAME[name].expectation is not None:
        assert failing(house) == {name} | BY_NAME[name].implies
        return
    found = {one.invariant.name for one in violations(house, INVARIANTS, now=NOW, cohorts=None) if one.count}
    stated = {one for one in BY_NAME[name].implies if BY_NAME[one].expectation is None}
    assert found == {name} | stated


@pytest.mark.parametrize(
    ("sha256", "authority", "outcome", "broken"),
    [
        ("a" * 64, "TRUE", "VERIFIED", set()),
        ("a" * 64, "FALSE", "VERIFIED", {"verified_needs_an_artifact", "attempts_are_of_artifacts"}),
        ("a" * 63, "TRUE", "VERIFIED", {"verified_needs_an_artifact"}),
        ("a" * 64, "TRUE", "INCONCLUSIVE", {"verified_needs_an_artifact"}),
    ],
)
def test_verified_rests_on_a_hashed_artifact_that_an_authority_verified(
    spoiled: Callable[..., Warehouse], sha256: str, authority: str, outcome: str, broken: set[str]
) -> None:
    house = spoiled(
        gate_verdict(public_status="'VERIFIED'", outcome="'VERIFIED'"),
        *WHOLE,
        approval("TRUE"),
        f"UPDATE artifacts SET sha256 = '{sha256}', "
        "record_id = (SELECT record_id FROM gate_verdicts WHERE gate_verdict_id = 'planted')",
        attempt(outcome=f"'{outcome}'", backend_is_authority=authority),
    )
    assert failing(house) == broken


def test_a_source_may_decide_by_a_sentence_that_was_looked_at_and_not_quoted(spoiled: Callable[..., Warehouse]) -> None:
    house = spoiled(
        verdict(verdict="'SUPPORTED'", per_source=per_source("SUPPORTED", "NOT_ENOUGH_INFO")),
        quoted("SUPPORTS", "another"),
        looked_at(stance="'SUPPORTS'"),
        "UPDATE verdicts SET per_source = replace(per_source, 'its source', (SELECT min(source_id) FROM "
        "sentence_features WHERE verdict_id = 'planted')) WHERE verdict_id = 'planted'",
    )
    assert failing(house) == set()


def test_a_thousandth_is_allowed_for_rounded_shares(spoiled: Callable[..., Warehouse]) -> None:
    held = f"'{json.dumps(shares(0.3333, 0.3333, 0.3333))}'"
    assert failing(spoiled(verdict(probabilities=held))) == set()


@pytest.mark.parametrize(
    "table",
    ["documents", "batches", "records", "claims", "verdicts", "evidence", "reviews", "corrections", "pages"],
)
def test_a_fact_of_any_table_from_the_future_is_found(spoiled: Callable[..., Warehouse], table: str) -> None:
    with_future = spoiled(f"UPDATE {table} SET recorded_at = TIMESTAMPTZ '2099-01-01 00:00:00+00'")
    found = results(with_future, [BY_NAME["nothing_from_the_future"]])["nothing_from_the_future"]
    assert [row["table_name"] for row in rows_of(found)] == [table]


def test_a_minute_is_allowed_for_clocks_that_differ(clean: Warehouse) -> None:
    wanted = [BY_NAME["nothing_from_the_future"]]
    assert failing(clean, wanted=wanted, now=datetime(2026, 7, 3, 8, 59, 30, tzinfo=UTC)) == set()
    assert failing(clean, wanted=wanted, now=datetime(2026, 7, 3, 8, 58, 59, tzinfo=UTC)) == {wanted[0].name}


def test_what_is_asked_of_a_cohort_is_not_asked_of_the_others(spoiled: Callable[..., Warehouse]) -> None:
    house = spoiled(f"UPDATE reviews SET record_id = 'another' WHERE record_id = {LICHEN_RECORD}", *UNPUBLISHED)
    assert failing(house, cohorts=["2026-06"]) == set()
    assert failing(house, cohorts=["2026-05"]) == {"records_have_reviews"}
    assert failing(house, cohorts=[]) == set()


def test_a_check_shows_how_many_rows_break_it_which_statement_found_them_and_the_first_twenty(
    spoiled: Callable[..., Warehouse],
) -> None:
    house = spoiled(
        "INSERT INTO verdicts SELECT * EXCLUDE (i) REPLACE ('planted-' || i AS verdict_id, 'gone' AS claim_id, "
        f"'NOT_ENOUGH_INFO' AS verdict, {EARLIER} AS recorded_at) "
        "FROM (SELECT * FROM verdicts LIMIT 1), range(57) AS r(i)"
    )
    result = results(house)["verdicts_have_claims"]
    assert count_of(result) == 57
    assert len(rows_of(result)) == ROWS_SHOWN == 20
    assert rows_of(result)[0] == {"verdict_id": "planted-0", "claim_id": "gone"}
    assert "ANTI JOIN claims" in str(result.metadata["query"].value)
    assert str(result.description).startswith("57 violating rows. ")


def test_a_check_about_records_shows_their_summaries(spoiled: Callable[..., Warehouse]) -> None:
    house = spoiled(f"UPDATE batches SET row_count = 1 WHERE {ITS_CLAIMS}", *UNPUBLISHED)
    result = results(house)["verified_at_most_extracted"]
    assert count_of(result) == 1
    (row,) = rows_of(result)
    assert (row["cohort"], row["extracted"], row["supported"], row["judged"]) == ("2026-05", 1, 2, 4)
    assert "ExpectColumnPairValuesAToBeGreaterThanB" in str(result.metadata["query"].value)


def test_what_is_absent_is_null_in_the_rows_that_a_check_shows(spoiled: Callable[..., Warehouse]) -> None:
    house = spoiled(
        f"UPDATE reviews SET score = NULL, low = NULL, high = NULL WHERE record_id = {LICHEN_RECORD}",
        f"UPDATE batches SET row_count = row_count + 1 WHERE {ITS_CLAIMS}",
    )
    (row,) = rows_of(results(house)["verdicts_add_up"])
    assert row["score"] is None
    json.dumps(row, allow_nan=False)


def test_what_a_record_states_of_itself_warns_and_does_not_block(spoiled: Callable[..., Warehouse]) -> None:
    (statement,) = PLANTED["stated_and_counted_agree"][0]
    result = results(spoiled(statement))["stated_and_counted_agree"]
    assert not result.passed
    assert result.severity is dg.AssetCheckSeverity.WARN
    shown = [(row["stated_extracted"], row["counted_extracted"], row["stated_verified"]) for row in rows_of(result)]
    assert shown == [(99, 3, None), (99, 4, None)]
    assert [one.name for one in INVARIANTS if not one.blocking] == ["stated_and_counted_agree"]
    assert {one.severity for one in results(spoiled()).values()} == {
        dg.AssetCheckSeverity.ERROR,
        dg.AssetCheckSeverity.WARN,
    }


def test_an_expectation_that_cannot_be_evaluated_raises(clean: Warehouse) -> None:
    broken = Invariant(
        "no_such_column",
        "verdicts",
        "it asks for a column that the frame has not",
        expectation="ExpectColumnValuesToBeBetween",
        arguments={"column": "no such column", "min_value": 0},
    )
    with pytest.raises(CheckFailed, match=r"could not evaluate no_such_column.*no such column"):
        results(clean, [broken])


def test_an_invariant_without_its_statement_raises(clean: Warehouse) -> None:
    with pytest.raises(FileNotFoundError, match="no_such_statement"):
        results(clean, [Invariant("no_such_statement", "verdicts", "it has no file")])


def test_checking_a_warehouse_that_is_not_there_says_so(tmp_path: Path) -> None:
    house = Warehouse(WarehouseLocation(tmp_path / "claimgate.duckdb"))
    with pytest.raises(WarehouseMissing, match="There is no warehouse at"):
        results(house)


def test_a_failing_check_stops_the_run_before_the_next_stage_and_says_which_it_was(tmp_path: Path) -> None:
    house = Warehouse(WarehouseLocation(tmp_path / "claimgate.duckdb"))
    inbox = write_inbox(tmp_path)
    write_library(tmp_path)
    with dg.DagsterInstance.ephemeral() as instance:
        conductor = Conductor(definitions_at(tmp_path, FIRST), instance, house)
        taken = conductor.take_in([str(inbox)])
        spoil(
            house,
            "INSERT INTO verdicts (verdict_id, claim_id, verdict, recorded_at) "
            f"VALUES ('planted', 'gone', 'NOT_ENOUGH_INFO', {EARLIER})",
        )
        with pytest.raises(RunFailed, match=r"stopped by a failing check: .*verdicts_have_claims \(1 rows\)"):
            conductor.follow_up(taken.document_ids, today=FIRST.date())
    with house.read() as connection:
        held = {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone() for name in ("verdicts", "reviews")}
    assert held["verdicts"] == (8,)
    assert held["reviews"] == (0,)


def test_a_module_that_is_imported_when_used_has_run_only_then(monkeypatch: pytest.MonkeyPatch) -> None:
    import wsgiref

    monkeypatch.delitem(sys.modules, "wsgiref.validate", raising=False)
    monkeypatch.delattr(wsgiref, "validate", raising=False)
    _import_when_used("wsgiref.validate")
    from wsgiref import validate

    assert "validator" not in object.__getattribute__(validate, "__dict__")
    assert callable(validate.validator)
    _import_when_used("wsgiref.validate")
    assert sys.modules["wsgiref.validate"] is validate
    _import_when_used("wsgiref.no_such_module")
    assert "wsgiref.no_such_module" not in sys.modules

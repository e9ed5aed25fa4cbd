"""What the system page is told is what the warehouse holds: the same counts as elsewhere, and history as it went."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from benchmarks import publication as made
from pipelines.models import ClaimCounts, ClaimVerdict, Correction
from pipelines.publication.costs import Spent
from pipelines.publication.site.build import system_page
from pipelines.publication.site.system.view import ScorePoint, SystemView
from pipelines.verification.llm_calls import ModelCall
from tests.warehouse.a_warehouse import copy_of, saved_record
from warehouse.append import Stamp, append
from warehouse.connection import Warehouse
from warehouse.costs import WorkCost, append_costs
from warehouse.extraction import save_claims
from warehouse.location import WarehouseLocation
from warehouse.model_calls import ModelCalls
from warehouse.overview import cohort_overview, warehouse_totals
from warehouse.public_states import correction_row
from warehouse.system_page import system_view
from warehouse.verification import adjudicate, save_verdicts

SIZE = made.Size(records=8, claims=4, references=3)
TODAY = date(2026, 12, 1)
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    house = Warehouse(WarehouseLocation(tmp_path_factory.mktemp("system") / "claimgate.duckdb"))
    made.fill(house, SIZE)
    return house


@pytest.fixture
def house(filled: Warehouse, tmp_path: Path) -> Warehouse:
    return copy_of(filled, tmp_path)


def judged(house: Warehouse, claim: int, verdict: ClaimVerdict, day: int, *, version: str = "made") -> None:
    """The claim numbered so of the first record is judged again, on that day after the filling."""
    reached = made.verdict(0, claim, SIZE, f"day-{day}")
    changed = {"verdict": verdict, "verifier_version": version}
    one = replace(reached, verdict=reached.verdict.model_copy(update=changed))
    save_verdicts(house, [one], Stamp(made.RECORDED + day * DAY, f"day-{day}"))


def before(claim: int) -> ClaimVerdict:
    return made.verdict(0, claim, SIZE).verdict.verdict


def test_the_counts_of_each_cohort_are_those_of_the_overview(house: Warehouse) -> None:
    saved_record(house, made.RECORDED, cohort="undated")  # arrived and read, nothing more
    view = system_view(house, TODAY)
    overview = cohort_overview(house)
    assert [one.cohort for one in view.cohorts] == [row["cohort"] for row in overview]
    for one, row in zip(view.cohorts, overview, strict=True):
        held = one.counts.model_dump() | one.model_dump(exclude={"counts"})
        assert held == {"extracted": row["claims"], **{name: row[name] for name in row if name != "claims"}}
    totals = warehouse_totals(house)
    said = {"sources": view.sources, "passages": view.passages, "verdicts_ever": view.verdicts_ever}
    assert said == {name: totals[name] for name in said}
    assert view.records == totals["records"] == SIZE.records + 1


def test_an_empty_warehouse_has_an_empty_view_and_a_page(tmp_path: Path) -> None:
    house = Warehouse(WarehouseLocation(tmp_path / "claimgate.duckdb"))
    with house.write():
        pass
    view = system_view(house, TODAY)
    assert view == SystemView()
    assert "holds no record yet" in system_page(view, {})


def test_a_warehouse_of_one_record_without_claims_is_counted_and_shown(tmp_path: Path) -> None:
    house = Warehouse(WarehouseLocation(tmp_path / "claimgate.duckdb"))
    record = saved_record(house, made.RECORDED)
    save_claims(house, [(record, [])], "made", made.STAMP)
    view = system_view(house, TODAY)
    assert (view.records, view.cohorts[0].counts) == (1, ClaimCounts())
    assert view.scores == (ScorePoint(score=None, supported=0, claims=0, records=1),)
    assert "1 record with 0 claims" in system_page(view, {})


def test_what_was_judged_again_is_counted_on_its_day_with_what_it_was_and_became(house: Warehouse) -> None:
    assert system_view(house, TODAY).rechecks == ()
    judged(house, 1, before(1), 1)
    judged(house, 2, ClaimVerdict.REFUTED, 1)
    judged(house, 2, ClaimVerdict.NOT_ENOUGH_INFO, 2, version="other")
    held = [(one.day, one.before, one.after, one.same_verifier) for one in system_view(house, TODAY).rechecks]
    day = made.RECORDED.date()
    assert held == [
        (day + DAY, before(2), ClaimVerdict.REFUTED, True),
        (day + DAY, before(1), before(1), True),
        (day + 2 * DAY, ClaimVerdict.REFUTED, ClaimVerdict.NOT_ENOUGH_INFO, False),
    ]


def test_a_verdict_judged_again_counts_once_as_it_is_in_force(house: Warehouse) -> None:
    first = system_view(house, TODAY)
    judged(house, 1, ClaimVerdict.NOT_ENOUGH_INFO, 1)
    then = system_view(house, TODAY)
    assert [sum(one.judged for one in view.cohorts) for view in (first, then)] == [32, 32]
    assert sum(one.counts.not_enough_info for one in then.cohorts) == 1
    assert then.verdicts_ever == first.verdicts_ever + 1
    assert then.latest == made.RECORDED + DAY
    assert [(one.version, one.verdicts) for one in then.backends] == [("made", 32)]


@pytest.mark.parametrize(("said", "agreed"), [(before(1), 1), (ClaimVerdict.DISPUTED, 0)])
def test_people_are_held_against_the_machine_by_its_confidence(
    house: Warehouse, said: ClaimVerdict, agreed: int
) -> None:
    assert system_view(house, TODAY).people.bands == ()
    adjudicate(house, claim_id="claim-0-1", verdict=said, reason="read", by="A", recorded_at=made.RECORDED + DAY)
    (band,) = system_view(house, TODAY).people.bands
    assert (band.from_confidence, band.to_confidence, band.cases, band.agreed) == (0.8, 0.9, 1, agreed)
    assert band.mean_confidence == pytest.approx(0.9)


def test_a_persons_verdict_is_the_one_that_is_counted(house: Warehouse) -> None:
    supported = sum(one.counts.supported for one in system_view(house, TODAY).cohorts)
    adjudicate(
        house,
        claim_id="claim-0-1",
        verdict=ClaimVerdict.DISPUTED,
        reason="read",
        by="A",
        recorded_at=made.RECORDED + DAY,
    )
    view = system_view(house, TODAY)
    assert sum(one.counts.supported for one in view.cohorts) == supported - 1
    assert sum(one.supported * one.records for one in view.scores) == supported - 1


def test_each_gate_that_stands_says_how_many_records_it_was_asked_about(house: Warehouse) -> None:
    saved_record(house, made.RECORDED)
    view = system_view(house, TODAY)
    assert [one.activation_id.split("@")[0] for one in view.gates] == ["gate-0", "gate-1", "gate-2", "gate-3"]
    assert {(one.evaluated, one.in_force) for one in view.gates} == {(SIZE.records, True)}
    assert not system_view(house, date(2025, 1, 1)).gates[0].in_force


def test_references_scores_and_agreement_add_up_over_all_records(house: Warehouse) -> None:
    view = system_view(house, TODAY)
    assert (view.references.found, view.unaudited) == (SIZE.records * SIZE.references, 0)
    assert sum(one.records for one in view.scores) == view.agreement.reviewed == SIZE.records
    assert sum(one.records * one.claims for one in view.scores) == SIZE.records * SIZE.claims


def test_model_calls_and_corrections_are_added_up(house: Warehouse) -> None:
    call = ModelCall("k" * 64, "scribe-1", "r" * 64, 200, b"{}", 700, None, 0.5, 1.5, made.RECORDED)
    calls = ModelCalls(house, "run")
    calls.put(call)
    calls.put(replace(call, key="l" * 64, cost=None))
    event = Correction(
        correction_id="c",
        sequence=1,
        kind="CLAIM",
        before={},
        after={},
        why="",
        recorded_at=made.RECORDED,
        previous_hash=None,
        hash="h",
    )
    with house.write() as connection:
        row = correction_row("made:000000", "state", event, made.STAMP)
        append(connection, "corrections", [row], key="correction_id")
    view = system_view(house, TODAY)
    (spent,) = view.models
    assert spent.model_dump(exclude={"model"}) == {
        "calls": 2,
        "tokens_in": 1_400,
        "tokens_out": None,
        "cost": 0.5,
        "calls_without_cost": 1,
        "seconds": 3.0,
    }
    assert [(one.month, one.kind, one.corrections) for one in view.corrections] == [
        (made.RECORDED.strftime("%Y-%m"), "CLAIM", 1)
    ]


def test_costs_are_added_up_by_stage_and_what_is_shared_apart(house: Warehouse) -> None:
    assert system_view(house, TODAY).stages == ()
    spent = Spent(calls=2, tokens_in=10, money=0.25, calls_without_tokens=1)
    costs = [
        WorkCost("reviews", ("made:000000",), None),
        WorkCost("verdicts", ("made:000000",), 0.5, spent),
        WorkCost("verdicts", ("made:000001",), 0.25),
        WorkCost("verdicts", ("made:000000", "made:000001"), 2.0),
    ]
    with house.write() as connection:
        append_costs(connection, costs, made.STAMP)
        append_costs(connection, costs[:2], Stamp(made.RECORDED + DAY, "again"))
    held = [tuple(one.model_dump().values()) for one in system_view(house, TODAY).stages]
    assert held == [
        ("verdicts", False, 2, 1.25, 0, 4, 20, None, 0.5),
        ("verdicts", True, 0, 2.0, 0, 0, None, None, None),
        ("reviews", False, 1, None, 2, 0, None, None, None),
    ]


def test_reading_the_page_changes_nothing_and_reads_the_same_again(house: Warehouse) -> None:
    assert system_view(house, TODAY) == system_view(house, TODAY)
    with house.read() as connection:
        tables = connection.execute("SELECT table_name FROM duckdb_tables() WHERE table_name LIKE 'held%'").fetchall()
    assert tables == []

"""What the pages of the gates' activations show, as the warehouse holds it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from benchmarks import publication as made
from pipelines.gates.facts import GateVerdict
from pipelines.gates.policy import load_policy
from pipelines.models import AttemptOutcome, GateResult, PublicGateStatus
from pipelines.publication.activation_views import ActivationPage, Standing
from tests.warehouse.a_warehouse import copy_of
from warehouse import activation_pages as room
from warehouse.activation_pages import activation_pages
from warehouse.append import Stamp, append
from warehouse.connection import Warehouse
from warehouse.gates import Activation, EvaluatedGate, activate, activations, save_gate_verdicts
from warehouse.location import WarehouseLocation
from warehouse.policies import activate_policy

SIZE = made.Size(records=7, claims=1, references=1)
TODAY = made.RECORDED.date() + timedelta(days=1)
LATER = Stamp(made.RECORDED + timedelta(hours=3), "later")
INTEGRITY, OLD, NEW = "gate-0@2026-01-01", "gate-2@2026-06-10", "gate-2@2026-11-01"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Seven records in six cohorts; two of them lie in the first."""
    house = Warehouse(WarehouseLocation(tmp_path_factory.mktemp("activations") / "claimgate.duckdb"))
    made.fill(house, SIZE)
    return house


@pytest.fixture
def house(filled: Warehouse, tmp_path: Path) -> Warehouse:
    return copy_of(filled, tmp_path)


def pages(house: Warehouse, today: date = TODAY, *published: str) -> dict[str, ActivationPage]:
    return {one.activation_id: one for one in activation_pages(house, today=today, published=published)}


def evaluate(house: Warehouse, activation_id: str, record_id: str, reason: str, **said: object) -> None:
    (activation,) = [one for one in activations(house) if one.activation_id == activation_id]
    fields: dict[str, object] = {
        "record_id": record_id,
        "gate": activation.gate,
        "policy_version": activation.policy_version,
        "activation_id": activation_id,
        "result": None,
        "outcome": None,
        "public_status": PublicGateStatus.UNVERIFIED,
        "reason": reason,
    }
    verdict = GateVerdict.model_validate(fields | said)
    save_gate_verdicts(house, activation, [EvaluatedGate(reason, "{}", LATER.recorded_at, verdict)], LATER)


def test_every_activation_has_a_page_with_its_question_and_rules(filled: Warehouse) -> None:
    found = pages(filled)
    assert set(found) == {one.activation_id for one in activations(filled)}
    assert found[INTEGRITY].question is not None
    assert "references real" in found[INTEGRITY].question
    assert len(found[INTEGRITY].rules) == 4
    assert found[NEW].takes_the_place_of == "v1"


def test_coverage_counts_each_cohort_and_what_came_of_it(house: Warehouse) -> None:
    evaluate(house, INTEGRITY, "made:000000", "It fails.", result=GateResult.FAILED)
    evaluate(house, NEW, "made:000001", "So.", outcome=AttemptOutcome.REFUTED, public_status="FALSIFIED")
    page = pages(house)[INTEGRITY]
    assert [(one.cohort, one.records, one.missing) for one in page.cohorts] == [
        ("2025-01", 2, 0),
        *((f"2025-{month:02d}", 1, 0) for month in range(2, 7)),
    ]
    assert page.cohorts[0].endings == {GateResult.FAILED: 1, GateResult.PASSED: 1}
    assert [(one.ending, one.count) for one in page.endings] == [(GateResult.PASSED, 6), (GateResult.FAILED, 1)]
    refuted = pages(house)[NEW].cohorts[1]
    assert refuted.endings == {AttemptOutcome.REFUTED: 1}
    assert refuted.statuses == {PublicGateStatus.FALSIFIED: 1}


def test_reasons_are_counted_the_most_frequent_first_and_a_long_one_says_that_it_is_cut(
    house: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    evaluate(house, INTEGRITY, "made:000000", "It fails." * 300, result=GateResult.FAILED)
    page = pages(house)[INTEGRITY]
    assert [one.count for one in page.reasons] == [6, 1]
    assert page.distinct_reasons == 2
    assert page.reasons[1].reason == f"{('It fails.' * 300)[: room.LONGEST_REASON]} …"
    monkeypatch.setattr(room, "REASONS_SHOWN", 1)
    assert (len(pages(house)[INTEGRITY].reasons), pages(house)[INTEGRITY].distinct_reasons) == (1, 2)


def test_record_that_was_not_evaluated_is_missing(house: Warehouse) -> None:
    with house.write() as connection:  # what no code of ours does
        connection.execute("DELETE FROM gate_verdicts WHERE record_id = 'made:000000' AND gate = 'gate-0'")
    page = pages(house)[INTEGRITY]
    assert [one.missing for one in page.cohorts] == [1, 0, 0, 0, 0, 0]
    assert sum(one.count for one in page.endings) == 6


def test_what_stands_depends_on_the_day(filled: Warehouse) -> None:
    def standing(today: date) -> tuple[Standing, str | None, Standing]:
        found = pages(filled, today)
        return found[OLD].standing, found[OLD].superseded_by, found[NEW].standing

    assert standing(date(2026, 6, 9)) == (Standing.ANNOUNCED, None, Standing.ANNOUNCED)
    assert standing(date(2026, 6, 10)) == (Standing.IN_FORCE, None, Standing.ANNOUNCED)
    assert standing(date(2026, 11, 1)) == (Standing.SUPERSEDED, NEW, Standing.IN_FORCE)


def test_activation_of_a_coming_day_is_announced_and_holds_the_place_of_none(house: Warehouse) -> None:
    old = next(one for one in activations(house) if one.activation_id == INTEGRITY)
    text = old.policy.replace("version: v1", "version: v2\nsupersedes: v1")
    coming = TODAY + timedelta(days=30)
    activate_policy(house, load_policy(text), text, active_on=coming, recorded_at=LATER.recorded_at)
    found = pages(house)
    announced = found[f"gate-0@{coming.isoformat()}"]
    assert (announced.standing, announced.last_evaluated, announced.endings) == (Standing.ANNOUNCED, None, ())
    assert sum(one.missing for one in announced.cohorts) == SIZE.records
    assert found[INTEGRITY].standing is Standing.IN_FORCE
    later = pages(house, coming)
    assert later[INTEGRITY].superseded_by == announced.activation_id


def test_policy_that_cannot_be_read_any_more_stands_as_it_was_activated(house: Warehouse) -> None:
    activation = Activation("gate-0@2026-03-01", "gate-0", "v1", "Of old", date(2026, 3, 1), "gate: [")
    activate(house, activation, LATER.recorded_at)
    page = pages(house)["gate-0@2026-03-01"]
    assert (page.rules, page.question, page.policy) == ((), None, "gate: [")
    assert page.standing is Standing.IN_FORCE
    assert pages(house)[INTEGRITY].superseded_by == "gate-0@2026-03-01", "though no policy says so"


def test_records_of_an_ending_are_bounded_and_linked_where_they_have_a_page(
    house: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "RECORDS_SHOWN", 3)
    row = {"page_id": "p", "record_id": "made:000005", "path": "p.html", "sha256": "s", "recorded_at": made.RECORDED}
    with house.write() as connection:
        append(connection, "pages", [row], key="page_id")
    (passed,) = pages(house, TODAY, "made:000004")[INTEGRITY].endings
    assert passed.count == SIZE.records
    assert [(one.record_id, one.has_page) for one in passed.records] == [
        ("made:000005", True),
        ("made:000004", True),
        ("made:000003", False),
    ]


def test_warehouse_without_records_has_pages_of_its_activations(tmp_path: Path) -> None:
    house = Warehouse(WarehouseLocation(tmp_path / "claimgate.duckdb"))
    activate(house, Activation("gate-9@2026-03-01", "gate-9", "v1", "Alone", date(2026, 3, 1), "?"), made.RECORDED)
    (page,) = activation_pages(house, today=TODAY)
    assert (page.cohorts, page.endings, page.reasons, page.distinct_reasons) == ((), (), (), 0)

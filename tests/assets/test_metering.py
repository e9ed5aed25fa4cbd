"""The meter: what is spent while a record is worked on is that record's, and of no other."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from assets.metering import Meter, spending_of
from assets.resources import Clock
from pipelines.models import ClaimVerdict
from pipelines.publication.costs import Spent
from pipelines.verification.llm_calls import ModelCall
from tests.warehouse.a_warehouse import FIRST, NOW, SECOND, a_verdict, saved_record, sentences
from warehouse.append import Stamp
from warehouse.connection import Warehouse
from warehouse.costs import WorkCost, costs_of
from warehouse.extraction import save_claims
from warehouse.location import WarehouseLocation
from warehouse.model_calls import ModelCalls
from warehouse.verification import ReachedVerdict, save_verdicts

MOSS = "test:moss"
STOPPED = Clock(fixed=FIRST.isoformat())


def house_in(folder: Path) -> Warehouse:
    return Warehouse(WarehouseLocation(folder / "claimgate.duckdb"))


def a_call(key: str, tokens: int | None, cost: float | None) -> ModelCall:
    return ModelCall(key, "scribe-1", key, 200, b"{}", tokens, tokens, cost, 1.0, datetime(2026, 7, 1, tzinfo=UTC))


def work() -> int:
    return sum(n * n for n in range(200_000))


def test_the_seconds_of_a_record_are_added_up_over_its_pieces_of_work() -> None:
    meter = Meter("verdicts", Clock())
    for _ in range(3):
        with meter.on("a"):
            work()
    with meter.on("b"):
        pass
    with meter.on():
        work()
    first, second = meter.costs()
    assert (first.record_ids, second.record_ids) == (("a",), ("b",))
    assert first.processor_seconds is not None
    assert second.processor_seconds is not None
    assert first.processor_seconds > 10 * second.processor_seconds >= 0


def test_with_a_stopped_clock_no_seconds_are_known() -> None:
    meter = Meter("claims", STOPPED)
    with meter.on("a"):
        work()
    assert meter.costs() == [WorkCost("claims", ("a",), None)]


def test_calls_to_models_belong_to_the_record_that_was_worked_on(tmp_path: Path) -> None:
    house = house_in(tmp_path)
    ModelCalls(house, "another run").put(a_call("z", 9, 9.0))
    calls = ModelCalls(house, "run")
    calls.put(a_call("before", 5, 0.5))
    meter = Meter("verdicts", STOPPED, spending_of(house, "run"))
    with meter.on("a"):
        calls.put(a_call("one", 100, 0.25))
        calls.put(a_call("two", None, None))
    with meter.on("b"):
        calls.put(a_call("three", None, 0.125))
    with meter.on("a"):
        calls.put(a_call("four", 1, None))
    with meter.on("c"):
        pass
    assert {cost.record_ids[0]: cost.model for cost in meter.costs()} == {
        "a": Spent(calls=3, tokens_in=101, tokens_out=101, money=0.25, calls_without_tokens=1, calls_without_money=2),
        "b": Spent(calls=1, money=0.125, calls_without_tokens=1),
        "c": Spent(),
    }


def reached(house: Warehouse, verdict: ClaimVerdict, fingerprint: str, moment: datetime) -> int:
    """The first claim of the record is judged; the stage took half a second of it, and more of all together."""
    (record,) = (saved_record(house, FIRST),)
    claims = sentences(record)
    save_claims(house, [(record, claims)], "extractor-1", Stamp(FIRST, "first"))
    costs = [WorkCost("verdicts", (MOSS,), 0.5), WorkCost("verdicts", (MOSS, "test:other"), 2.0)]
    one = ReachedVerdict(fingerprint, a_verdict(claims[0].claim_id, verdict))
    return save_verdicts(house, [one], Stamp(moment, f"run at {moment}"), costs)


def test_what_saved_nothing_new_leaves_no_cost(tmp_path: Path) -> None:
    house = house_in(tmp_path)
    assert reached(house, ClaimVerdict.NOT_CHECKED, "same", FIRST) == 1
    assert reached(house, ClaimVerdict.NOT_CHECKED, "same", SECOND) == 0
    assert [one.recorded_at for one in costs_of(house, [MOSS])[MOSS].lines] == [FIRST]
    assert reached(house, ClaimVerdict.NOT_CHECKED, "other", SECOND) == 1
    assert [one.recorded_at for one in costs_of(house, [MOSS])[MOSS].lines] == [FIRST, SECOND]


def test_the_same_work_has_the_same_keys_whenever_it_was_done_and_whatever_it_took(tmp_path: Path) -> None:
    keys = []
    for folder, moments in (("one", (FIRST, SECOND)), ("other", (SECOND, NOW))):
        house = house_in(tmp_path / folder)
        for fingerprint, moment in zip(("first", "again"), moments, strict=True):
            reached(house, ClaimVerdict.NOT_CHECKED, fingerprint, moment)
        with house.read() as connection:
            keys.append(connection.execute("SELECT cost_id FROM record_costs ORDER BY cost_id").fetchall())
    assert keys[0] == keys[1]
    assert len(set(keys[0])) == 4


def test_what_was_done_for_several_records_is_of_none_of_them_and_in_the_total(tmp_path: Path) -> None:
    house = house_in(tmp_path)
    reached(house, ClaimVerdict.NOT_CHECKED, "same", FIRST)
    assert [one.processor_seconds for one in costs_of(house, [MOSS, "test:other"])[MOSS].lines] == [0.5]
    assert "test:other" not in costs_of(house, [MOSS, "test:other"])
    with house.read() as connection:
        rows = connection.execute(
            "SELECT record_id, times, processor_seconds, model_calls FROM record_costs_in_total ORDER BY record_id"
        ).fetchall()
        (chunk,) = connection.execute("SELECT records FROM record_costs WHERE record_id IS NULL").fetchall()
    assert rows == [(MOSS, 1, 0.5, 0), (None, 1, 2.0, 0)]
    assert chunk == (2,)


def test_a_cost_is_kept_in_the_transaction_of_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    house = house_in(tmp_path)
    record = saved_record(house, FIRST)

    def broken(*_: object) -> int:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("warehouse.extraction.append_batches", broken)
    with pytest.raises(RuntimeError, match="full"):
        save_claims(house, [(record, ())], "e", Stamp(FIRST, "first"), [WorkCost("claims", (MOSS,), 0.5)])
    assert costs_of(house, [MOSS]) == {}

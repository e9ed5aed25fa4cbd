"""Calls to language models in the warehouse: kept as received, never displaced, and added up by day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from pipelines.verification.llm_calls import ModelCall
from warehouse.connection import Warehouse
from warehouse.location import WarehouseLocation
from warehouse.model_calls import ModelCalls, ModelSpend

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
CALL = ModelCall(
    key="k" * 64,
    model="scribe-1",
    request_sha256="r" * 64,
    status=200,
    body=b'{"choices": []}',
    tokens_in=700,
    tokens_out=30,
    cost=0.0042,
    seconds=1.5,
    recorded_at=NOON,
)
UNCOUNTED = replace(CALL, key="u" * 64, tokens_in=None, tokens_out=None, cost=None)


def calls_in(folder: Path, run_id: str = "run-1") -> ModelCalls:
    return ModelCalls(Warehouse(WarehouseLocation.of(folder)), run_id)


def test_a_call_comes_back_as_it_was_put_also_to_another_process(tmp_path: Path) -> None:
    calls_in(tmp_path).put(CALL)
    assert calls_in(tmp_path, "run-2").get(CALL.key) == CALL
    assert calls_in(tmp_path).get("another") is None


def test_what_is_not_known_of_a_call_stays_unknown(tmp_path: Path) -> None:
    calls_in(tmp_path).put(UNCOUNTED)
    assert calls_in(tmp_path).get(UNCOUNTED.key) == UNCOUNTED


def test_a_warehouse_that_is_not_there_yet_holds_no_call_and_is_not_made_by_looking(tmp_path: Path) -> None:
    calls = calls_in(tmp_path / "none")
    assert calls.get(CALL.key) is None
    assert calls.spend() == ()
    assert not calls.warehouse.exists()


def test_the_first_answer_stays_the_answer_and_a_later_one_is_kept_and_counted(tmp_path: Path) -> None:
    calls = calls_in(tmp_path)
    calls.put(CALL)
    calls.put(replace(CALL, body=b"another", recorded_at=NOON + timedelta(seconds=1)))
    assert calls.get(CALL.key) == CALL
    assert [one.calls for one in calls.spend()] == [2]


def test_the_same_call_put_twice_is_one_row(tmp_path: Path) -> None:
    calls = calls_in(tmp_path)
    calls.put(CALL)
    calls.put(CALL)
    assert [one.calls for one in calls.spend()] == [1]


def test_spend_is_added_up_by_day_and_model_and_says_what_it_does_not_know(tmp_path: Path) -> None:
    calls = calls_in(tmp_path)
    late = datetime(2026, 11, 21, 23, 59, tzinfo=UTC)
    for number, call in enumerate(
        (
            CALL,
            replace(CALL, recorded_at=late, cost=0.1),
            UNCOUNTED,
            replace(CALL, recorded_at=late + timedelta(minutes=2)),
            replace(UNCOUNTED, model="other"),
        )
    ):
        calls.put(replace(call, key=f"{number:064}"))
    assert calls.spend() == (
        ModelSpend(date(2026, 11, 21), "other", 1, None, None, 1, None, 1, 1.5),
        ModelSpend(date(2026, 11, 21), "scribe-1", 3, 1400, 60, 1, 0.0042 + 0.1, 1, 4.5),
        ModelSpend(date(2026, 11, 22), "scribe-1", 1, 700, 30, 0, 0.0042, 0, 1.5),
    )


def test_the_body_is_kept_with_its_size_and_hash(tmp_path: Path) -> None:
    calls = calls_in(tmp_path)
    calls.put(replace(CALL, body=b"words " * 1000))
    with calls.warehouse.read() as connection:
        row = connection.execute("SELECT size, length(sha256), octet_length(body) < size, run_id FROM model_calls")
        assert row.fetchall() == [(6000, 64, True, "run-1")]

"""The back end `llm`: an answer is paid for once, and no budget is passed."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.ingestion.network import ModelSettings
from pipelines.models import ClaimVerdict
from pipelines.verification.backend import Regime, SourceText
from pipelines.verification.llm import llm_backend
from pipelines.verification.llm_budget import Budget, Prices
from pipelines.verification.llm_calls import CallsInMemory, ModelCall
from tests.ingestion.replay_server import How, Reply, redirect
from tests.verification.llm_server import (
    BESIDE,
    CLAIM,
    DENYING,
    JSON,
    KEY,
    LAST,
    NAME,
    NOON,
    NOTHING,
    SAID,
    SILENT,
    SOURCE,
    Asked,
    completion,
    reader,
    serving_model,
)
from warehouse.connection import Warehouse
from warehouse.location import WarehouseLocation
from warehouse.model_calls import ModelCalls


def test_an_answer_is_paid_for_once_and_needs_no_network_after(tmp_path: Path) -> None:
    house = Warehouse(WarehouseLocation.of(tmp_path / "house"))
    with serving_model(tmp_path, cache=ModelCalls(house, "run-1")) as model:
        judged = model.judge(CLAIM, SOURCE, DENYING, SILENT)
        base = model.backend.asking._settings.url
    offline = llm_backend(ModelSettings(base, NAME), None, ModelCalls(house, "run-2"), Budget(calls=0), lambda: NOON)
    assert offline.judge(CLAIM, (SOURCE, DENYING, SILENT), Regime.SEARCHED) == judged
    (spent,) = ModelCalls(house, "run-2").spend()
    assert spent.calls == len(model.asked)


def test_answers_that_could_not_be_used_are_kept_too_since_they_cost(tmp_path: Path) -> None:
    cache = CallsInMemory()
    with serving_model(tmp_path, lambda asked: completion("no JSON"), cache=cache) as model:
        assert model.judged() == model.judged()
        assert len(model.asked) == 2
    assert len(cache.calls) == 2


@pytest.mark.parametrize("changed", ["model", "url", "claim", "sentence"])
def test_another_model_address_claim_or_sentence_is_another_call(tmp_path: Path, changed: str) -> None:
    cache = CallsInMemory()
    with serving_model(tmp_path, cache=cache) as model:
        model.judged()
        base = model.backend.asking._settings.url
        settings = ModelSettings(base + "/" if changed == "url" else base, "other" if changed == "model" else NAME)
        if changed == "url":
            settings = ModelSettings(base.replace("/v1", "/v2"), NAME)
        backend = llm_backend(settings, None, cache, Budget(), lambda: NOON)
        claim = CLAIM.lower() if changed == "claim" else CLAIM
        source = replace(SOURCE, sentences=(*SOURCE.sentences, "More.")) if changed == "sentence" else SOURCE
        (judged,) = backend.judge(claim, (source,), Regime.GIVEN)
    assert judged.verdict is ClaimVerdict.NOT_CHECKED
    assert "the network is off" in judged.reason


def test_a_call_is_kept_with_tokens_cost_and_seconds(tmp_path: Path) -> None:
    cache = CallsInMemory()
    with serving_model(tmp_path, cache=cache, budget=Budget(prices=Prices(2.0, 10.0)), doubts=False) as model:
        model.judged()
    (call,) = cache.calls
    assert (call.status, call.tokens_in, call.tokens_out) == (200, 700, 30)
    assert call.cost == pytest.approx(700 * 2e-6 + 30 * 10e-6)
    assert (call.model, call.seconds > 0, call.recorded_at > NOON) == (NAME, True, True)


def test_what_a_service_does_not_count_is_unknown_and_not_nothing(tmp_path: Path) -> None:
    cache = CallsInMemory()

    def answering(asked: Asked) -> Reply:
        return completion(reader(asked), usage=None)

    with serving_model(tmp_path, answering, cache=cache, budget=Budget(prices=Prices(1.0, 1.0)), doubts=False) as model:
        model.judged()
    (call,) = cache.calls
    assert (call.tokens_in, call.tokens_out, call.cost) == (None, None, None)


def test_without_prices_the_cost_is_unknown(tmp_path: Path) -> None:
    cache = CallsInMemory()
    with serving_model(tmp_path, cache=cache, doubts=False) as model:
        model.judged()
    assert [call.cost for call in cache.calls] == [None]


@pytest.mark.parametrize(
    "reply",
    [
        completion(f"You said Bearer {KEY}"),
        Reply(401, JSON, f'{{"error": "bad key {KEY}"}}'.encode()),
        Reply(500, body=KEY.encode()),
        redirect(f"gopher://{KEY}"),
        Reply(how=How.RESET),
    ],
    ids=["an echo", "a refusal", "a failure", "a redirect", "a reset"],
)
def test_the_key_is_in_no_row_log_or_reason(tmp_path: Path, reply: Reply, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    house = Warehouse(WarehouseLocation.of(tmp_path / "house"))
    with serving_model(tmp_path, lambda asked: reply, cache=ModelCalls(house, "run"), attempts=1) as model:
        judged = model.judged()
        assert model.server.requests[0].headers["authorization"].endswith(KEY)
        shown = [repr(judged), caplog.text, repr(model.backend), repr(vars(model.backend.asking))]
    with house.write() as connection:
        rows = connection.execute("SELECT * FROM model_calls").fetchall()
    calls = ModelCalls(house, "run")
    shown += [repr(rows), *(repr(calls.get(row[1])) for row in rows)]
    bodies = [call.body for call in (calls.get(row[1]) for row in rows) if isinstance(call, ModelCall)]
    assert all(KEY not in text and "k3y" not in text for text in shown)
    assert all(b"k3y" not in body for body in bodies)


@pytest.mark.parametrize(
    ("budget", "said"),
    [
        (Budget(calls=2), "the budget of 2 calls is spent"),
        (Budget(tokens=9_000), "the budget of 9,000 tokens is spent"),
        (Budget(money=0.009, prices=Prices(1.0, 1.0)), "the budget of 0.009 is spent"),
    ],
    ids=["calls", "tokens", "money"],
)
def test_a_spent_budget_leaves_the_remaining_sources_unchecked_in_whatever_order_they_come(
    tmp_path: Path, budget: Budget, said: str
) -> None:
    sources = [SourceText(f"doi:10.5555/{number}", f"Houses {number}", (BESIDE, LAST)) for number in range(12)]
    with serving_model(tmp_path, budget=budget) as model:
        one_way = model.judge(CLAIM, *sources)
        calls = len(model.asked)
    with serving_model(tmp_path, budget=budget) as model:
        other_way = model.judge(CLAIM, *reversed(sources))
    unchecked = [one for one in one_way if one.verdict is ClaimVerdict.NOT_CHECKED]
    assert 0 < calls == len(sources) - len(unchecked) < len(sources)
    assert all(said in one.reason for one in unchecked)
    assert [one.verdict for one in other_way[::-1]] == [one.verdict for one in one_way]


def test_no_cap_is_ever_passed(tmp_path: Path) -> None:
    budget = Budget(tokens=20_000, money=0.015, prices=Prices(1.0, 1.0))
    cache = CallsInMemory()
    sources = [SourceText(f"doi:10.5555/{number}", f"Houses {number}", (BESIDE, SAID)) for number in range(40)]
    with serving_model(tmp_path, budget=budget, cache=cache) as model:
        model.judge(CLAIM, *sources)
    assert sum((call.tokens_in or 0) + (call.tokens_out or 0) for call in cache.calls) <= 20_000
    assert 0.005 < sum(call.cost or 0 for call in cache.calls) <= 0.015


def test_a_verdict_that_the_budget_left_unconfirmed_is_not_given(tmp_path: Path) -> None:
    with serving_model(tmp_path, budget=Budget(calls=1)) as model:
        judged = model.judged()
    assert judged.verdict is ClaimVerdict.NOT_CHECKED
    assert "could not be confirmed" in judged.reason
    assert "the budget of 1 calls is spent" in judged.reason


def test_calls_whose_cost_is_not_known_count_as_the_most_that_they_can_take(tmp_path: Path) -> None:
    sources = [SourceText(f"doi:10.5555/{number}", f"Houses {number}", (BESIDE, LAST)) for number in range(12)]
    budget = Budget(tokens=9_000)
    uncounted = completion(NOTHING, usage=None)
    with serving_model(tmp_path, lambda asked: uncounted, budget=budget) as model:
        model.judge(CLAIM, *sources)
        unknown = len(model.asked)
    with serving_model(tmp_path, lambda asked: completion(NOTHING), budget=budget) as model:
        model.judge(CLAIM, *sources)
        assert 1 <= unknown < len(model.asked)

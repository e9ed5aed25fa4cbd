"""The back end `llm` against a server that speaks the protocol over real HTTP, well or badly."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipelines.ingestion.network import ModelSettings
from pipelines.models import ClaimVerdict, Stance
from pipelines.verification.backend import Regime, SourceText
from pipelines.verification.llm import llm_backend
from pipelines.verification.llm_budget import Budget, Prices
from pipelines.verification.llm_calls import CallsInMemory, ModelCall
from pipelines.verification.llm_prompt import MAX_CLAIM, MAX_SENTENCES, PROMPT_VERSION
from tests.ingestion.replay_server import How, Reply, Rule, redirect, too_fast
from tests.verification.llm_server import (
    BESIDE,
    CLAIM,
    DENIED,
    JSON,
    KEY,
    LAST,
    NAME,
    NOON,
    NOTHING,
    SAID,
    SOURCE,
    Asked,
    completion,
    judgement,
    reader,
    reading,
    serving_model,
)
from warehouse.connection import Warehouse
from warehouse.location import WarehouseLocation
from warehouse.model_calls import ModelCalls

DENYING = SourceText("doi:10.5555/none", "No effect", (BESIDE, DENIED))
SILENT = SourceText("doi:10.5555/silent", "Houses", (BESIDE, LAST))
GOOD = judgement("SUPPORTED", [(2, SAID)])


# --- a good answer ------------------------------------------------------------------------------


def test_a_verdict_names_the_sentences_that_it_rests_on(tmp_path: Path) -> None:
    with serving_model(tmp_path) as model:
        supported, refuted, open_ = model.judge(CLAIM, SOURCE, DENYING, SILENT)
    assert [one.source_id for one in (supported, refuted, open_)] == [
        one.source_id for one in (SOURCE, DENYING, SILENT)
    ]
    assert supported.verdict is ClaimVerdict.SUPPORTED
    assert [(one.sentence, one.stance) for one in supported.quotes] == [(1, Stance.SUPPORTS)]
    assert refuted.verdict is ClaimVerdict.REFUTED
    assert [(one.sentence, one.stance) for one in refuted.quotes] == [(1, Stance.REFUTES)]
    assert (open_.verdict, open_.quotes) == (ClaimVerdict.NOT_ENOUGH_INFO, ())
    assert "sentence 2" in supported.reason
    assert NAME in supported.reason


def test_what_a_model_may_think_of_its_certainty_is_not_given_as_confidence(tmp_path: Path) -> None:
    with serving_model(tmp_path) as model:
        for judged in model.judge(CLAIM, SOURCE, DENYING, SILENT):
            assert (judged.confidence, judged.probabilities) == (None, None)


def test_the_request_asks_for_the_one_answer_that_a_schema_allows_at_temperature_0(tmp_path: Path) -> None:
    with serving_model(tmp_path) as model:
        model.judged()
        sent = model.server.requests[0]
    assert (sent.method, sent.path) == ("POST", "/v1/chat/completions")
    assert sent.headers["authorization"] == f"Bearer {KEY}"
    body = json.loads(sent.body)
    assert (body["model"], body["temperature"], body["stream"]) == (NAME, 0, False)
    assert body["max_tokens"] > 0
    assert body["response_format"]["json_schema"]["strict"] is True
    assert [message["role"] for message in body["messages"]] == ["system", "user"]


def test_sentences_for_the_other_side_are_quoted_and_noted_as_a_conflict(tmp_path: Path) -> None:
    both = replace(SOURCE, sentences=(SAID, DENIED))

    def answering(asked: Asked) -> Reply:
        torn = judgement("SUPPORTED", [(1, SAID)], [(2, DENIED)])
        return completion(NOTHING if asked.is_a_doubt else torn)

    with serving_model(tmp_path, answering) as model:
        judged = model.judged(CLAIM, both)
    assert (judged.verdict, judged.conflict) == (ClaimVerdict.SUPPORTED, True)
    assert [(one.sentence, one.stance) for one in judged.quotes] == [(0, Stance.SUPPORTS), (1, Stance.REFUTES)]


def test_the_order_of_sources_changes_nothing(tmp_path: Path) -> None:
    with serving_model(tmp_path) as model:
        one_way = model.judge(CLAIM, SOURCE, DENYING, SILENT)
        asked = len(model.asked)
        other_way = model.judge(CLAIM, SILENT, DENYING, SOURCE)
        assert len(model.asked) == asked
    assert one_way == other_way[::-1]


def test_the_version_names_prompt_and_model_and_whether_verdicts_are_doubted(tmp_path: Path) -> None:
    with serving_model(tmp_path) as doubting, serving_model(tmp_path, doubts=False) as believing:
        assert doubting.backend.name == "llm"
        assert doubting.backend.version == f"llm-{PROMPT_VERSION}:{NAME}"
        assert believing.backend.version != doubting.backend.version


def test_an_answer_in_a_fence_or_after_thoughts_is_read(tmp_path: Path) -> None:
    fenced = f"<think>Is it said?\n{{}}</think>\n```json\n{json.dumps(GOOD)}\n```"
    with serving_model(tmp_path, lambda asked: completion(fenced), doubts=False) as model:
        assert model.judged().verdict is ClaimVerdict.SUPPORTED


# --- an answer that cannot be used ---------------------------------------------------------------

UNUSABLE: dict[str, Any] = {
    "no JSON": "SUPPORTED, by sentence 2",
    "JSON that breaks off": json.dumps(GOOD)[:-5],
    "the same key twice": '{"verdict": "REFUTED", ' + json.dumps(GOOD)[1:],
    "a list": [GOOD],
    "a verdict that is none": judgement("TRUE", [(2, SAID)]),
    "a field too many": {**GOOD, "confidence": 0.99},
    "a field too few": {"verdict": "SUPPORTED", "supporting": [{"number": 2, "quote": SAID}]},
    "a number as a text": judgement("SUPPORTED", [("2", SAID)]),  # type: ignore[list-item]
    "a number that was not shown": judgement("SUPPORTED", [(7, SAID)]),
    "number 0": judgement("SUPPORTED", [(0, SAID)]),
    "a negative number": judgement("SUPPORTED", [(-1, SAID)]),
    "the number of another sentence": judgement("SUPPORTED", [(1, SAID)]),
    "a quote that stands nowhere": judgement("SUPPORTED", [(2, "Green roofs lowered the temperature of all rooms")]),
    "one good quote and one that is none": judgement("SUPPORTED", [(2, SAID), (3, "We thank nobody at all.")]),
    "a quote put together from two places": judgement("SUPPORTED", [(2, "In eleven houses the rooms below")]),
    "an empty quote": judgement("SUPPORTED", [(2, "")]),
    "a quote of characters that nobody sees": judgement("SUPPORTED", [(2, "\u200b\u2060")]),
    "a quote of one word": judgement("SUPPORTED", [(2, "green")]),
    "a quote of punctuation": judgement("SUPPORTED", [(2, ",")]),
    "SUPPORTED without a quote": judgement("SUPPORTED"),
    "SUPPORTED with a quote against it alone": judgement("SUPPORTED", [], [(2, SAID)]),
    "REFUTED without a quote": judgement("REFUTED", [(2, SAID)]),
    "a sentence on both sides": judgement("SUPPORTED", [(2, SAID)], [(2, "In eleven houses, green roofs lowered")]),
    "too many quotes": judgement("SUPPORTED", [(2, SAID)] * 13),
    "nothing": None,
    "white space": " \n ",
    "a good answer lost in white space": json.dumps(GOOD) + "\n" * 30_000,
    "brackets without end": "[" * 15_000,
}


@pytest.mark.parametrize("said", UNUSABLE.values(), ids=UNUSABLE.keys())
def test_an_answer_that_cannot_be_used_is_asked_for_once_more_and_is_then_absent(tmp_path: Path, said: Any) -> None:
    with serving_model(tmp_path, lambda asked: completion(said)) as model:
        judged = model.judged()
        assert len(model.asked) == 2
    assert judged.verdict is ClaimVerdict.NOT_CHECKED
    assert (judged.confidence, judged.probabilities, judged.quotes) == (None, None, ())
    assert "no answer that can be used" in judged.reason


@pytest.mark.parametrize("said", UNUSABLE.values(), ids=UNUSABLE.keys())
def test_a_good_second_answer_counts(tmp_path: Path, said: Any) -> None:
    with serving_model(tmp_path, first=[completion(said)]) as model:
        judged = model.judged()
        first, second = model.asked[:2]
    assert judged.verdict is ClaimVerdict.SUPPORTED
    assert second.rules.startswith(first.rules)
    assert "could not be used" in second.rules
    assert first.sentences == second.sentences


def test_a_quote_counts_whatever_its_white_space_dashes_and_ligatures(tmp_path: Path) -> None:
    written = "The efﬁcient half\u00ad life was 3–5 days after\u00a0the “first” dose."
    quoted = 'The efficient half life was 3-5  days after the "first" dose.'
    source = replace(SOURCE, sentences=(written,))
    with serving_model(tmp_path, lambda a: completion(judgement("SUPPORTED", [(1, quoted)])), doubts=False) as model:
        assert model.judged(CLAIM, source).verdict is ClaimVerdict.SUPPORTED


@pytest.mark.parametrize(
    "reply",
    [completion(None, refusal="I cannot help with that."), completion(GOOD, finish="content_filter")],
    ids=["a refusal", "a filter"],
)
def test_a_refusal_is_no_answer_and_is_not_asked_for_again(tmp_path: Path, reply: Reply) -> None:
    with serving_model(tmp_path, lambda asked: reply) as model:
        judged = model.judged()
        assert len(model.asked) == 1
    assert judged.verdict is ClaimVerdict.NOT_CHECKED
    assert "declined" in judged.reason


def test_an_answer_that_reached_its_longest_is_not_read(tmp_path: Path) -> None:
    with serving_model(tmp_path, lambda asked: completion(GOOD, finish="length")) as model:
        judged = model.judged()
    assert judged.verdict is ClaimVerdict.NOT_CHECKED
    assert "cut off" in judged.reason


ENVELOPES = {
    "no JSON": b"<html>busy</html>",
    "no UTF-8": b'{"choices": "\xff\xfe"}',
    "no object": b"[1, 2]",
    "no choices": b'{"error": {"message": "overloaded"}}',
    "empty choices": b'{"choices": []}',
    "choices of another kind": b'{"choices": {"0": 1}}',
    "no message": b'{"choices": [{"text": "SUPPORTED"}]}',
    "nested without end": b"[" * 200_000,
    "a stream though none was asked for": b'data: {"choices": [{"delta": {"content": "{"}}]}\n\ndata: [DONE]\n\n',
    "a completion that is too long": completion(GOOD).body[:-1] + b', "more": "' + b"x" * 1_100_000 + b'"}',
}


@pytest.mark.parametrize("body", ENVELOPES.values(), ids=ENVELOPES.keys())
def test_a_body_that_is_no_completion_is_never_kept_as_an_answer(tmp_path: Path, body: bytes) -> None:
    cache = CallsInMemory()
    with serving_model(tmp_path, lambda asked: Reply(200, JSON, body), cache=cache) as model:
        judged = model.judged()
        assert len(model.asked) == 2
    assert judged.verdict is ClaimVerdict.NOT_CHECKED
    assert cache.calls == ()


# --- a network that fails ------------------------------------------------------------------------


def test_a_service_that_asks_to_wait_is_given_the_rest_and_asked_again(tmp_path: Path) -> None:
    with serving_model(tmp_path, first=[too_fast("7")]) as model:
        assert model.judged().verdict is ClaimVerdict.SUPPORTED
    assert model.rests == [7.0]


FAILING = {
    "always too fast": (too_fast("1"), "429", 3),
    "a rest of a day": (too_fast("86400"), "86400", 1),
    "500": (Reply(500, body=b"oops"), "500", 3),
    "503 with a page": (Reply(503, body=b"<html>"), "503", 3),
    "a bad key": (Reply(401, JSON, b'{"error": {"message": "bad key"}}'), "401", 1),
    "no such model": (Reply(404, JSON, b'{"error": {"message": "no such model"}}'), "404", 1),
    "a body that breaks off": (
        replace(completion(GOOD), how=How.CUT_OFF, amount=100),
        "connection failed",
        3,
    ),
    "a connection that breaks": (Reply(how=How.RESET), "connection failed", 3),
    "silence": (Reply(how=How.SILENT), "in time", 3),
    "a drip": (replace(completion(GOOD), how=How.DRIP, every_s=0.05), "in time", 3),
    "a huge body": (Reply(200, JSON, how=How.HUGE, amount=3_000_000), "more than 2,000,000 bytes", 1),
    "a bomb": (Reply(200, JSON, how=How.BOMB, amount=30_000_000), "more than 2,000,000 bytes", 1),
    "another success": (Reply(204), "204", 1),
}


@pytest.mark.parametrize(("reply", "said", "attempts"), FAILING.values(), ids=FAILING.keys())
def test_a_failure_is_a_reason_and_is_never_kept_as_an_answer(
    tmp_path: Path, reply: Reply, said: str, attempts: int
) -> None:
    cache = CallsInMemory()
    # Only who waits for an answer that never comes may be in a hurry: a busy machine is no failure.
    waits = {"timeout_s": 0.2, "total_s": 0.4} if reply.how in (How.SILENT, How.DRIP) else {"timeout_s": 60.0}
    with serving_model(tmp_path, lambda asked: reply, cache=cache, most_bytes=2_000_000, **waits) as model:
        judged = model.judged()
        assert len(model.server.requests) == attempts
    assert judged.verdict is ClaimVerdict.NOT_CHECKED
    assert said in judged.reason
    assert cache.calls == ()


def test_what_failed_is_asked_anew_and_then_judged(tmp_path: Path) -> None:
    cache = CallsInMemory()
    with serving_model(tmp_path, first=[Reply(500)], cache=cache, attempts=1) as model:
        assert model.judged().verdict is ClaimVerdict.NOT_CHECKED
        assert model.judged().verdict is ClaimVerdict.SUPPORTED


@pytest.mark.parametrize(("status", "reason"), [(302, "may not be connected to"), (307, "another address")])
def test_a_redirect_inward_is_not_followed(tmp_path: Path, status: int, reason: str) -> None:
    names = {"inner.example": ["127.0.0.1"]}
    with serving_model(tmp_path, lambda asked: redirect("http://inner.example:9/v1", status), names=names) as model:
        judged = model.judged()
        assert len(model.server.requests) == 1
    assert judged.verdict is ClaimVerdict.NOT_CHECKED
    assert reason in judged.reason


@pytest.mark.parametrize("status", [302, 307])
def test_an_answer_from_where_a_redirect_led_does_not_count(tmp_path: Path, status: int) -> None:
    cache = CallsInMemory()
    lead = redirect("http://papers.example/elsewhere", status)
    elsewhere = [Rule("/elsewhere", (completion(GOOD),), method) for method in ("GET", "POST")]
    with serving_model(
        tmp_path,
        lambda asked: lead,
        cache=cache,
        doubts=False,
        rules=elsewhere,
        names={"papers.example": ["93.184.216.34"]},
        ports={"93.184.216.34": "this server"},
    ) as model:
        judged = model.judged()
    assert judged.verdict is ClaimVerdict.NOT_CHECKED
    assert "another address" in judged.reason
    assert cache.calls == ()
    assert all("authorization" not in seen.headers for seen in model.server.requests if seen.path == "/elsewhere")


REFUSING = {
    "400 in its own words": Reply(400, JSON, b'{"error": "unknown field"}'),
    "422": Reply(422, JSON, b'{"detail": [{"loc": ["body", "response_format"]}]}'),
    "500 that names it": Reply(500, JSON, b'{"error": {"message": "response_format must be text"}}'),
}


@pytest.mark.parametrize("refusal", REFUSING.values(), ids=REFUSING.keys())
def test_a_service_that_takes_no_schema_is_asked_without_from_then_on(tmp_path: Path, refusal: Reply) -> None:
    def answering(asked: Asked) -> Reply:
        return refusal if "response_format" in asked.body else completion(reader(asked))

    cache = CallsInMemory()
    with serving_model(tmp_path, answering, cache=cache, attempts=1) as model:
        assert [one.verdict.value for one in model.judge(CLAIM, SOURCE, DENYING)] == ["SUPPORTED", "REFUTED"]
        assert ["response_format" in asked.body for asked in model.asked].count(True) == 1
        asked = len(model.asked)
    with serving_model(tmp_path, answering, cache=cache) as model:
        assert len(cache.calls) == asked - 1


def test_a_request_that_is_refused_in_either_form_is_sent_twice_and_says_nothing_of_schemas(tmp_path: Path) -> None:
    refused = Reply(400, JSON, b'{"error": "too long"}')
    with serving_model(tmp_path, first=[refused, refused]) as model:
        judged = model.judged()
        assert len(model.asked) == 2
        assert model.judged(CLAIM, DENYING).verdict is ClaimVerdict.REFUTED
        assert "response_format" in model.asked[2].body
    assert judged.verdict is ClaimVerdict.NOT_CHECKED
    assert "400" in judged.reason


# --- what is kept --------------------------------------------------------------------------------


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


# --- what is spent -------------------------------------------------------------------------------


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


# --- what is not asked ---------------------------------------------------------------------------


def test_without_a_network_what_is_not_kept_is_not_checked(tmp_path: Path) -> None:
    offline = llm_backend(ModelSettings("http://127.0.0.1:9/v1", NAME), None, CallsInMemory(), Budget(), lambda: NOON)
    (judged,) = offline.judge(CLAIM, (SOURCE,), Regime.GIVEN)
    assert (judged.verdict, judged.confidence) == (ClaimVerdict.NOT_CHECKED, None)
    assert "the network is off" in judged.reason


@pytest.mark.parametrize("claim", ["", " \n", "...", "x" * (MAX_CLAIM + 1)], ids=["empty", "blank", "dots", "long"])
def test_a_claim_that_cannot_be_put_to_a_model_is_not_checked(tmp_path: Path, claim: str) -> None:
    with serving_model(tmp_path) as model:
        judged = model.judged(claim)
        assert model.asked == []
    assert judged.verdict is ClaimVerdict.NOT_CHECKED
    assert "claim" in judged.reason


@pytest.mark.parametrize("sentences", [(), ("", " \t"), ("x" * 3_000,)], ids=["none", "blank", "too long"])
def test_a_source_without_a_sentence_to_show_is_not_checked(tmp_path: Path, sentences: tuple[str, ...]) -> None:
    with serving_model(tmp_path) as model:
        judged = model.judged(CLAIM, replace(SOURCE, sentences=sentences))
        assert model.asked == []
    assert judged.verdict is ClaimVerdict.NOT_CHECKED


def test_of_a_long_source_the_sentences_nearest_to_the_claim_are_shown_under_their_own_numbers(tmp_path: Path) -> None:
    filling = tuple(f"Window number {number} was painted on a dry day." for number in range(1_000))
    source = replace(SOURCE, sentences=(*filling, SAID, *filling))
    with serving_model(tmp_path) as model:
        judged = model.judged(CLAIM, source)
        first = model.asked[0]
    assert judged.verdict is ClaimVerdict.SUPPORTED
    assert [one.sentence for one in judged.quotes] == [1_000]
    assert len(first.sentences) <= MAX_SENTENCES
    assert first.number_of(SAID) == 1_001
    assert "of 2001 sentences were left out" in judged.reason


def test_half_characters_and_controls_in_a_text_break_nothing(tmp_path: Path) -> None:
    source = SourceText("doi:10.5555/odd", "T\ud800\x00", (f"\ud83d{SAID}\x1b[2J\x00", "\udfff"))
    with serving_model(tmp_path, reading) as model:
        judged = model.judged(f"{CLAIM}\ud800", source)
        assert model.asked[0].claim == CLAIM
    assert judged.verdict in ClaimVerdict

"""The back end `llm`: what an answer has to be, and what is never asked."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipelines.ingestion.network import ModelSettings
from pipelines.models import ClaimVerdict, Stance
from pipelines.verification.backend import Regime, SourceText
from pipelines.verification.llm import llm_backend
from pipelines.verification.llm_budget import Budget
from pipelines.verification.llm_calls import CallsInMemory
from pipelines.verification.llm_prompt import MAX_CLAIM, MAX_SENTENCES, PROMPT_VERSION
from tests.ingestion.replay_server import Reply
from tests.verification.llm_server import (
    CLAIM,
    DENIED,
    DENYING,
    GOOD,
    JSON,
    KEY,
    NAME,
    NOON,
    NOTHING,
    SAID,
    SILENT,
    SOURCE,
    Asked,
    completion,
    judgement,
    reading,
    serving_model,
)


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

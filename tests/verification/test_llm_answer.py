"""What is read out of a model's answer: nothing but a verdict, and numbers whose quotes stand where they say."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.models import ClaimVerdict
from pipelines.verification.llm_answer import Completion, Read, Void, _Answer, completion_of, read_answer
from pipelines.verification.llm_prompt import RULES, SCHEMA, View, request_body
from pipelines.verification.terms import fold

VIEW = View(
    "Moss cools roofs.",
    "Roofs",
    {2: "Moss cooled the roofs by two degrees.", 5: "Nobody counted the tiles.", 6: "It rained."},
    9,
)


def said(content: str) -> Read | Void:
    return read_answer(Completion(content, declined=False, cut_off=False, tokens_in=None, tokens_out=None), VIEW)


def body(**more: Any) -> bytes:
    message = {"role": "assistant", "content": "{}"}
    return json.dumps({"choices": [{"message": message, "finish_reason": "stop"}], **more}).encode()


def test_the_schema_that_is_sent_and_the_model_that_reads_have_the_same_fields() -> None:
    own = _Answer.model_json_schema()
    assert list(SCHEMA["properties"]) == list(own["properties"]) == SCHEMA["required"] == own["required"]
    assert SCHEMA["properties"]["verdict"]["enum"] == own["properties"]["verdict"]["enum"]
    quoted = own["$defs"]["_Quoted"]
    for name in ("supporting", "contradicting"):
        sent = SCHEMA["properties"][name]["items"]
        assert list(sent["properties"]) == sent["required"] == quoted["required"]
        assert sent["additionalProperties"] is False
    assert set(SCHEMA["properties"]["verdict"]["enum"]) <= {verdict.value for verdict in ClaimVerdict}
    assert all(verdict in RULES for verdict in SCHEMA["properties"]["verdict"]["enum"])


def test_a_good_answer_becomes_its_verdict_and_numbers_each_once() -> None:
    quotes = [{"number": 2, "quote": "Moss cooled the roofs"}, {"number": 2, "quote": "the roofs by two degrees"}]
    answer = {"verdict": "SUPPORTED", "supporting": quotes, "contradicting": []}
    assert said(json.dumps(answer)) == Read(ClaimVerdict.SUPPORTED, (2,), ())


def test_a_whole_sentence_of_two_words_may_be_quoted() -> None:
    answer = {"verdict": "REFUTED", "supporting": [], "contradicting": [{"number": 6, "quote": "It rained"}]}
    assert said(json.dumps(answer)) == Read(ClaimVerdict.REFUTED, (), (6,))


ANSWERS = st.fixed_dictionaries(
    {
        "verdict": st.sampled_from(["SUPPORTED", "REFUTED", "NOT_ENOUGH_INFO", "DISPUTED", "supported"]),
        **{
            side: st.lists(
                st.fixed_dictionaries(
                    {
                        "number": st.integers(-1, 10),
                        "quote": st.sampled_from([*VIEW.sentences.values(), "Moss cooled", "tiles", ""])
                        | st.text(max_size=20),
                    }
                ),
                max_size=3,
            )
            for side in ("supporting", "contradicting")
        },
    }
)


@given(ANSWERS)
def test_every_sentence_of_a_reading_was_shown_and_is_quoted_as_it_stands(answer: dict[str, Any]) -> None:
    read = said(json.dumps(answer))
    if isinstance(read, Void):
        assert read.reason
        return
    assert read.verdict.value == answer["verdict"]
    assert not set(read.supporting) & set(read.contradicting)
    for side, numbers in (("supporting", read.supporting), ("contradicting", read.contradicting)):
        assert set(numbers) == {row["number"] for row in answer[side]} <= set(VIEW.sentences)
        assert all(fold(row["quote"]) in fold(VIEW.sentences[row["number"]]) for row in answer[side])
    assert read.supporting or read.verdict is not ClaimVerdict.SUPPORTED
    assert read.contradicting or read.verdict is not ClaimVerdict.REFUTED


@given(st.text(max_size=300) | st.recursive(st.none() | st.integers() | st.text(max_size=9), st.lists).map(json.dumps))
def test_no_text_of_an_answer_is_an_error(content: str) -> None:
    assert isinstance(said(content), Read | Void)


@given(st.binary(max_size=300))
def test_no_bytes_of_a_body_are_an_error(received: bytes) -> None:
    assert isinstance(completion_of(received), Completion | Void)


@pytest.mark.parametrize(
    ("usage", "tokens"),
    [
        ({"prompt_tokens": 7, "completion_tokens": 0}, (7, 0)),
        ({"prompt_tokens": "7", "completion_tokens": -1}, (None, None)),
        ({"prompt_tokens": True, "completion_tokens": 1.5}, (None, None)),
        ({"prompt_tokens": 10**12}, (None, None)),
        ([7, 1], (None, None)),
        (None, (None, None)),
    ],
)
def test_tokens_are_counted_only_where_a_count_is_stated(usage: Any, tokens: tuple[int | None, int | None]) -> None:
    read = completion_of(body(usage=usage))
    assert isinstance(read, Completion)
    assert (read.tokens_in, read.tokens_out) == tokens


def test_what_else_a_service_puts_into_the_envelope_does_not_matter() -> None:
    assert isinstance(completion_of(body(id="x", service_tier=None, system_fingerprint="fp")), Completion)


def test_the_second_request_says_in_our_words_why_and_shows_the_same() -> None:
    first = json.loads(request_body("m", VIEW, structured=True))
    second = json.loads(request_body("m", VIEW, structured=True, again="its answer has no text"))
    assert first["messages"][1] == second["messages"][1]
    assert second["messages"][0]["content"].endswith("could not be used: its answer has no text. Keep to the rules.")
    assert "response_format" not in json.loads(request_body("m", VIEW, structured=False))

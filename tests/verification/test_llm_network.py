"""The back end `llm` where the network or the service fails."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.models import ClaimVerdict
from pipelines.verification.llm_calls import CallsInMemory
from tests.ingestion.replay_server import How, Reply, Rule, redirect, too_fast
from tests.verification.llm_server import CLAIM, DENYING, GOOD, JSON, SOURCE, Asked, completion, reader, serving_model


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
    waits = {"timeout_s": 0.4, "total_s": 0.8} if reply.how in (How.SILENT, How.DRIP) else {"timeout_s": 60.0}
    with serving_model(tmp_path, lambda asked: reply, cache=cache, most_bytes=2_000_000, **waits) as model:
        judged = model.judged()
        assert model.server.heard(attempts) == attempts
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

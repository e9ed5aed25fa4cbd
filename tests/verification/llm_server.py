"""A language model's service over loopback for tests: real HTTP, answers as a test wants them.

`serving_model` gives a back end that asks it. What a model says is a function of what it was shown. Import it as
`tests.verification.llm_server`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from pipelines.ingestion.http_edge import EdgeSettings, HttpEdge
from pipelines.ingestion.network import MODEL, ModelSettings
from pipelines.ingestion.paces import Paces
from pipelines.models import ClaimVerdict
from pipelines.verification.backend import Regime, SourceJudgement, SourceText
from pipelines.verification.llm import BLANK_CLAIM, BLANK_SENTENCES, LlmBackend, llm_backend
from pipelines.verification.llm_budget import Budget
from pipelines.verification.llm_calls import CallCache, CallsInMemory
from tests.ingestion.replay_server import ReplayServer, Reply, Routed, Rule, serving

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
KEY = "sk-k3y-That+must/not=show"
NAME = "scribe-1"
JSON = (("Content-Type", "application/json"),)

CLAIM = "Green roofs lower the temperature of the rooms below."
SAID = "In eleven houses, green roofs lowered the temperature of the rooms below by two degrees."
DENIED = "Green roofs did not lower the temperature of the rooms below in any of the houses."
BESIDE = "Rooms were furnished alike in all houses."
LAST = "We thank the owners of the houses for their patience."
SOURCE = SourceText("doi:10.5555/roofs", "Eleven houses", (BESIDE, SAID, LAST))
DENYING = SourceText("doi:10.5555/none", "No effect", (BESIDE, DENIED))
SILENT = SourceText("doi:10.5555/silent", "Houses", (BESIDE, LAST))


@dataclass(frozen=True)
class Asked:
    """A request as the model sees it."""

    claim: str
    title: str
    sentences: Mapping[int, str]
    rules: str
    body: Mapping[str, Any]

    @property
    def texts(self) -> list[str]:
        return [self.claim, self.title, *self.sentences.values()]

    @property
    def is_a_doubt(self) -> bool:
        """Whether it is one of the questions whose right answer is known beforehand."""
        return self.claim == BLANK_CLAIM or tuple(self.sentences.values()) == BLANK_SENTENCES

    def number_of(self, text: str) -> int:
        return next(number for number, shown in self.sentences.items() if shown == text)


def asked_of(body: bytes) -> Asked:
    sent = json.loads(body)
    rules, shown = (message["content"] for message in sent["messages"])
    document = json.loads(shown)
    sentences = {row["number"]: row["text"] for row in document["sentences"]}
    return Asked(document["claim"], document["title"], sentences, rules, sent)


def judgement(
    verdict: str,
    supporting: Sequence[tuple[int, str]] = (),
    contradicting: Sequence[tuple[int, str]] = (),
) -> dict[str, Any]:
    sides = {"supporting": supporting, "contradicting": contradicting}
    rows = {name: [{"number": number, "quote": quote} for number, quote in side] for name, side in sides.items()}
    return {"verdict": verdict, **rows}


NOTHING = judgement("NOT_ENOUGH_INFO")
GOOD = judgement("SUPPORTED", [(2, SAID)])


def completion(
    content: Any, *, usage: tuple[int, int] | None = (700, 30), finish: str = "stop", refusal: str | None = None
) -> Reply:
    """A chat completion; `content` is a text, or what is written as JSON."""
    text = content if isinstance(content, str) or content is None else json.dumps(content)
    message = {"role": "assistant", "content": text, "refusal": refusal}
    whole: dict[str, Any] = {"choices": [{"index": 0, "message": message, "finish_reason": finish}]}
    if usage is not None:
        whole["usage"] = {"prompt_tokens": usage[0], "completion_tokens": usage[1]}
    return Reply(200, JSON, json.dumps(whole).encode())


def reader(asked: Asked) -> dict[str, Any]:
    """A model that reads: the claim of these tests is said by one sentence, denied by another, and by no other."""
    if asked.claim == CLAIM:
        for verdict, text in (("SUPPORTED", SAID), ("REFUTED", DENIED)):
            if text in asked.sentences.values():
                side = [(asked.number_of(text), text)]
                return judgement(verdict, side) if verdict == "SUPPORTED" else judgement(verdict, (), side)
    return NOTHING


Answering = Callable[[Asked], Reply]


def reading(asked: Asked) -> Reply:
    return completion(reader(asked))


@dataclass
class Model:
    """A back end and the server behind it, with the rests that were taken in place of sleeping."""

    backend: LlmBackend
    server: ReplayServer
    cache: CallCache
    rests: list[float]
    door: HttpEdge

    def judge(self, claim: str = CLAIM, *sources: SourceText) -> tuple[SourceJudgement, ...]:
        return self.backend.judge(claim, sources or (SOURCE,), Regime.GIVEN)

    def judged(self, claim: str = CLAIM, source: SourceText = SOURCE) -> SourceJudgement:
        return self.judge(claim, source)[0]

    @property
    def asked(self) -> list[Asked]:
        return [asked_of(seen.body) for seen in self.server.requests if seen.body]


class Ticking:
    """A clock that goes on by two seconds each time it is looked at."""

    def __init__(self) -> None:
        self._now = NOON

    def __call__(self) -> datetime:
        self._now += timedelta(seconds=2)
        return self._now


@contextmanager
def serving_model(
    folder: Path,
    answering: Answering = reading,
    *,
    first: Sequence[Reply] = (),
    rules: Sequence[Rule] = (),
    cache: CallCache | None = None,
    budget: Budget | None = None,
    doubts: bool = True,
    names: Mapping[str, Sequence[str]] | None = None,
    ports: Mapping[str, str] | None = None,
    **edge: Any,
) -> Iterator[Model]:
    """A model that answers as `answering` says, after the replies of `first`.

    `names` are further hosts with their addresses; `ports` says which of those addresses this server answers for.
    """
    rule = Rule(
        "/v1/chat/completions", tuple(first), "POST", answer=lambda path, params, body: answering(asked_of(body))
    )
    kept = cache if cache is not None else CallsInMemory()
    rests: list[float] = []
    with serving([rule, *rules]) as server, Paces(folder / "paces", speed=10_000) as paces:
        base = f"{server.url}/v1"
        chosen = EdgeSettings(
            **{"version": "9.9", "bases": {MODEL: base}, "keys": {MODEL: SecretStr(KEY)}, "timeout_s": 60.0, **edge}
        )
        known = {"127.0.0.1": ["127.0.0.1"], **(names or {})}
        routed = Routed(known, {address: server.port for address in (ports or {})})
        clock = Ticking()
        with HttpEdge(chosen, paces, clock, rests.append, routed) as door:
            backend = llm_backend(ModelSettings(base, NAME), door, kept, budget or Budget(), clock, doubts=doubts)
            yield Model(backend, server, kept, rests, door)


UNDECIDED = {ClaimVerdict.NOT_CHECKED, ClaimVerdict.NOT_ENOUGH_INFO}

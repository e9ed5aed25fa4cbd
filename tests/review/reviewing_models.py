"""A language model's service over loopback for the tests of this stage: it is sent what is sent, and answers as told.

`asking_of` gives the asking that reviewers and scans are made of; `Document` is a request as the model sees it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from pipelines.ingestion.http_edge import EdgeSettings, HttpEdge
from pipelines.ingestion.network import MODEL, ModelSettings
from pipelines.ingestion.paces import Paces
from pipelines.models import Dimension
from pipelines.verification.llm_asking import ModelAsking
from pipelines.verification.llm_budget import Budget
from pipelines.verification.llm_calls import CallsInMemory
from tests.ingestion.replay_server import ReplayServer, Reply, Rule, serving
from tests.verification.llm_server import KEY, NAME, Ticking, completion


@dataclass(frozen=True)
class Document:
    """What a model is asked: its rules, the JSON document, and the bytes that were sent."""

    rules: str
    shown: Mapping[str, Any]
    name: str
    body: bytes = field(repr=False)

    @property
    def role(self) -> str:
        return self.name.removeprefix("review_by_")

    @property
    def claims(self) -> list[tuple[int, str, list[tuple[int, str]]]]:
        return [
            (one["number"], one["text"], [(line["number"], line["text"]) for line in one["evidence"]])
            for one in self.shown["claims"]
        ]

    @property
    def texts(self) -> list[str]:
        said = [text for _, claim, lines in self.claims for text in (claim, *(line for _, line in lines))]
        return [self.shown["question"], *said]


def document_in(body: bytes) -> Document:
    sent = json.loads(body)
    rules, shown = (message["content"] for message in sent["messages"])
    return Document(rules, json.loads(shown), sent["response_format"]["json_schema"]["name"], body)


Answering = Callable[[Document], Reply]


@dataclass
class Service:
    """The service and the way to it; every asking has a cache of its own, unless one is given."""

    server: ReplayServer
    door: HttpEdge
    settings: ModelSettings

    def asking(self, budget: Budget | None = None, cache: CallsInMemory | None = None) -> ModelAsking:
        kept = cache if cache is not None else CallsInMemory()
        return ModelAsking(self.settings, self.door, kept, budget or Budget(), Ticking())

    def offline(self, cache: CallsInMemory | None = None) -> ModelAsking:
        return ModelAsking(self.settings, None, cache or CallsInMemory(), Budget(), Ticking())

    @property
    def bodies(self) -> list[bytes]:
        return [seen.body for seen in self.server.requests if seen.body]

    @property
    def asked(self) -> list[Document]:
        return [document_in(body) for body in self.bodies]


@contextmanager
def serving_reviews(folder: Path, answering: Answering, **edge: Any) -> Iterator[Service]:
    rule = Rule("/v1/chat/completions", (), "POST", answer=lambda path, params, body: answering(document_in(body)))
    with serving([rule]) as server, Paces(folder / "paces", speed=10_000) as paces:
        base = f"{server.url}/v1"
        chosen = EdgeSettings(
            **{"version": "9.9", "bases": {MODEL: base}, "keys": {MODEL: SecretStr(KEY)}, "timeout_s": 60.0, **edge}
        )
        with HttpEdge(chosen, paces, Ticking(), lambda seconds: None) as door:
            yield Service(server, door, ModelSettings(base, NAME))


# --- answers --------------------------------------------------------------------------------------

Given = Mapping[Dimension, int | None]


def scores(given: Given, *quotes: tuple[int, str]) -> dict[str, Any]:
    """An answer: what is not given is null; every score rests on the same quotes."""
    rests = [{"number": number, "quote": quote} for number, quote in quotes]
    return {
        "scores": [
            {
                "dimension": dimension.value,
                "score": given.get(dimension),
                "rests_on": [] if given.get(dimension) is None else rests,
            }
            for dimension in Dimension
        ]
    }


_OF_ROLE = {"challenger": -1, "confirmer": 1, "integrator": 0}


def read(document: Document) -> Given:
    """A model that reads: a claim is evidenced where a line has most of its words, and its numbers too."""
    held = [max([_shared(claim, line) for _, line in lines], default=0.0) for _, claim, lines in document.claims]
    share = sum(one > 0.6 for one in held) / len(held)
    points = min(10, max(0, round(8 * share + 1) + _OF_ROLE[document.role])) if share else 0
    given: dict[Dimension, int | None] = {Dimension.EVIDENCE_STRENGTH: points, Dimension.CITATION_GROUNDING: points}
    numeric = [claim for _, claim, lines in document.claims if lines and any(map(str.isdigit, claim))]
    if numeric and share:
        given[Dimension.NUMERICAL_CONSISTENCY] = points
    return given


def _shared(claim: str, line: str) -> float:
    words = set(claim.casefold().split())
    return len(words & set(line.casefold().split())) / len(words)


def first_line(document: Document) -> tuple[int, str]:
    number, claim, _ = document.claims[0]
    return number, claim


def reading(document: Document) -> Reply:
    return completion(scores(read(document), first_line(document)))

"""Asking a language model: from what it is shown to the completion, out of the cache or the one door to the network.

An I/O edge. Each answer is kept with what it cost, each call is paid from the budget, and a failure is a sentence.
Input: what is shown. Output: a `Completion`, or why there is none. Does not belong here: HTTP, rates, retries and keys
(pipelines.ingestion.http_edge); what an answer means (llm_answer).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import urlsplit

from pipelines.ingestion.indexes.contract import FaultKind, IndexFault, Request, Response, Service
from pipelines.ingestion.indexes.decoding import fault_of_status
from pipelines.ingestion.model_service import ModelService, completion_request
from pipelines.ingestion.network import ModelSettings
from pipelines.verification.llm_answer import Completion, Void, completion_of
from pipelines.verification.llm_budget import Budget, Ledger, Most
from pipelines.verification.llm_calls import CallCache, ModelCall, call_key
from pipelines.verification.llm_prompt import JUDGEMENT, MAX_ANSWER_TOKENS, Shown, Task, request_body

# Faults before which nothing can have been charged; after any other the call counts as if it had taken its most.
_NEVER_SENT = frozenset({FaultKind.NOT_ASKED, FaultKind.BAD_REQUEST})
_REFUSES_PARAMETERS = frozenset({400, 404, 415, 422, 500, 501})
_PARAMETER = (b"response_format", b"json_schema")


class Door(Protocol):
    """The one door to the network, as `HttpEdge` is it."""

    def ask(self, index: Service, request: Request) -> Response | IndexFault: ...


@dataclass(frozen=True)
class NotAnswered:
    """Why there is no completion, in one sentence's end."""

    reason: str


class ModelAsking:
    """One model at one address, asked for one task; for all threads. Without a door only the cache answers."""

    def __init__(
        self,
        settings: ModelSettings,
        door: Door | None,
        cache: CallCache,
        budget: Budget,
        clock: Callable[[], datetime],
        task: Task = JUDGEMENT,
    ) -> None:
        self._settings = settings
        self._door = door
        self._cache = cache
        self._budget = budget
        self._clock = clock
        self._task = task
        self._ledger = Ledger(budget)
        self._service = ModelService(base=settings.url)
        self._structured = True  # until the service refuses a schema

    @property
    def model(self) -> str:
        return self._settings.model

    @property
    def is_offline(self) -> bool:
        """Whether only answers that are kept can be had."""
        return self._door is None

    def for_task(self, task: Task) -> ModelAsking:
        """The same model asked for another task, out of the same budget."""
        other = ModelAsking(self._settings, self._door, self._cache, self._budget, self._clock, task)
        other._ledger = self._ledger
        return other

    def ask(self, view: Shown, again: str | None = None) -> Completion | Void | NotAnswered:
        """The completion; `Void` where what came back is none. A schema is sent along until the service refuses it."""
        bodies = {
            structured: request_body(self.model, view, structured=structured, again=again, task=self._task)
            for structured in (True, False)
        }
        for body in bodies.values():
            held = self._cache.get(call_key(self._settings.url, self.model, body))
            if held is not None:
                return completion_of(held.body)
        if self._door is None:
            return NotAnswered("the network is off")
        if self._structured and (answer := self._called(self._door, bodies[True])) is not None:
            return answer
        answer = self._called(self._door, bodies[False])
        if isinstance(answer, Completion | Void):
            self._structured = False  # it was the schema that was refused, not this request
        return answer or NotAnswered("the service does not take the request")

    def _called(self, door: Door, body: bytes) -> Completion | Void | NotAnswered | None:
        """What one call comes to; None where the service refuses the schema that it was asked with."""
        most = Most(len(body), MAX_ANSWER_TOKENS)
        refusal = self._ledger.take(most)
        if refusal is not None:
            return NotAnswered(refusal)
        began = self._clock()
        sent = door.ask(self._service, completion_request(self._settings.url, body))
        if isinstance(sent, IndexFault):
            if sent.kind in _NEVER_SENT:
                self._ledger.give_back(most)
            return NotAnswered(sent.message)
        if sent.status != 200:
            self._ledger.settle(most, 0, 0)
            return None if _refuses_schema(sent, body) else NotAnswered(_status_in_words(sent))
        if not _at_home(sent.url, self._settings.url):
            return NotAnswered("it sent the request on to another address, whose answer does not count")
        completion = completion_of(sent.body)
        if isinstance(completion, Completion):
            self._ledger.settle(most, completion.tokens_in, completion.tokens_out)
            self._keep(sent, body, completion, began)
        return completion

    def _keep(self, sent: Response, body: bytes, completion: Completion, began: datetime) -> None:
        self._cache.put(
            ModelCall(
                key=call_key(self._settings.url, self.model, body),
                model=self.model,
                request_sha256=hashlib.sha256(body).hexdigest(),
                status=sent.status,
                body=sent.body,
                tokens_in=completion.tokens_in,
                tokens_out=completion.tokens_out,
                cost=self._budget.cost(completion.tokens_in, completion.tokens_out),
                seconds=max(0.0, (sent.fetched_at - began).total_seconds()),
                recorded_at=sent.fetched_at,
            )
        )


def _refuses_schema(sent: Response, body: bytes) -> bool:
    """Servers refuse it with 400 or 422 in words of their own, and some with 500, naming the parameter."""
    if b'"response_format"' not in body or sent.status not in _REFUSES_PARAMETERS:
        return False
    return sent.status in (400, 422) or any(name in sent.body[:20_000] for name in _PARAMETER)


def _status_in_words(sent: Response) -> str:
    fault = fault_of_status(sent)
    if fault is not None:
        return fault.message
    hint = ": is there no such address, or no such model?" if sent.status == 404 else ""
    return f"it answered {sent.status}{hint}"


def _at_home(url: str, base: str) -> bool:
    """Whether an answer came from where the model is, and not from where a redirect led."""
    came, home = urlsplit(url), urlsplit(base)
    return (came.scheme, came.hostname, _port(url)) == (home.scheme.lower(), home.hostname, _port(base))


def _port(url: str) -> int | None:
    place = urlsplit(url)
    return place.port or {"http": 80, "https": 443}.get(place.scheme.lower())

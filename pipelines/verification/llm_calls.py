"""Calls of a language model that were answered: what each was asked, what came back, and what it cost.

The same request to the same model at the same address has the same key, so that an answer is paid for once. Only
completions are kept; a failure never becomes an answer. Does not belong here: asking (llm_asking), rows and SQL.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class ModelCall:
    """One answered call. `body` is the answer as received, but for echoes of keys, which the network's door removes.

    Tokens are None where the service does not count them, `cost` where they or the prices are unknown. `seconds`
    run from the asking to the answer, rests and repeated attempts included.
    """

    key: str
    model: str
    request_sha256: str
    status: int
    body: bytes = field(repr=False)
    tokens_in: int | None
    tokens_out: int | None
    cost: float | None
    seconds: float
    recorded_at: datetime


class CallCache(Protocol):
    """Where answered calls are kept."""

    def get(self, key: str) -> ModelCall | None:
        """The first call that was kept under this key."""

    def put(self, call: ModelCall) -> None:
        """Keep the call; one that is kept already under its key goes on being the answer."""


class CallsInMemory:
    """For one process, and for tests."""

    def __init__(self) -> None:
        self._first: dict[str, ModelCall] = {}
        self._all: list[ModelCall] = []

    def get(self, key: str) -> ModelCall | None:
        return self._first.get(key)

    def put(self, call: ModelCall) -> None:
        self._first.setdefault(call.key, call)
        self._all.append(call)

    @property
    def calls(self) -> tuple[ModelCall, ...]:
        return tuple(self._all)


def call_key(base: str, model: str, body: bytes) -> str:
    """SHA-256 (hex) over address, model and the exact request; no part can run into the next."""
    whole = hashlib.sha256()
    for part in (base.rstrip("/").encode(errors="replace"), model.encode(errors="replace"), body):
        whole.update(len(part).to_bytes(8, "big"))
        whole.update(part)
    return whole.hexdigest()

"""A language model's service as the one door to the network knows services: an address, a pace, where a key goes.

Any OpenAI-compatible service is one. Input: the settings' address. Does not belong here: what is asked of a model
and what is kept of its answer; each stage that asks one has modules for that.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.ingestion.indexes.contract import Credentials, Pace, Request
from pipelines.ingestion.network import MODEL

_PACE = Pace(1, 1.0)
_BEARER = Credentials(key_header="Authorization", key_prefix="Bearer ")


@dataclass(frozen=True)
class ModelService:
    """`base` is what stands before `/chat/completions`."""

    base: str
    name: str = MODEL
    pace: Pace = _PACE
    pace_known: Pace | None = None
    credentials: Credentials = _BEARER


def completion_request(base: str, body: bytes) -> Request:
    """The request for a chat completion; `body` is its JSON."""
    return Request(
        f"{base}/chat/completions", method="POST", headers=(("Content-Type", "application/json"),), body=body
    )

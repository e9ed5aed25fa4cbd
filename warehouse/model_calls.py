"""Queries of calls to language models: each answer kept as received with its cost, and found again by its key.

It is the `CallCache` of pipelines.verification.llm_calls. A row is written the moment an answer has come, so that
a killed run pays for nothing twice. No DuckDB type leaves this module.
"""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from datetime import date

from pipelines.verification.llm_calls import ModelCall
from warehouse.append import append, content_id
from warehouse.connection import Warehouse
from warehouse.statements import statement


@dataclass(frozen=True)
class ModelSpend:
    """What a model took on a day (UTC). The sums are of calls where they are known, None where of none."""

    day: date
    model: str
    calls: int
    tokens_in: int | None
    tokens_out: int | None
    calls_without_tokens: int
    cost: float | None
    calls_without_cost: int
    seconds: float


@dataclass(frozen=True)
class ModelCalls:
    """The calls that the warehouse keeps. A connection is open only while a row is read or written."""

    warehouse: Warehouse
    run_id: str

    def get(self, key: str) -> ModelCall | None:
        """The first call that was kept under this key: an answer, once given, stays the same."""
        if not self.warehouse.exists():
            return None
        with self.warehouse.read() as connection:
            row = connection.execute(statement("verification/model_calls_by_key"), {"key": key}).fetchone()
        if row is None:
            return None
        call_key, model, request, status, body, tokens_in, tokens_out, cost, seconds, recorded_at = row
        return ModelCall(
            call_key, model, request, status, zlib.decompress(body), tokens_in, tokens_out, cost, seconds, recorded_at
        )

    def put(self, call: ModelCall) -> None:
        """Keep the call. The same call put twice is one row; another answer under its key is a row that cost too."""
        digest = hashlib.sha256(call.body).hexdigest()
        row = {
            "call_id": content_id("model-call", call.key, digest, call.recorded_at.isoformat()),
            "call_key": call.key,
            "model": call.model,
            "request_sha256": call.request_sha256,
            "status": call.status,
            "size": len(call.body),
            "sha256": digest,
            "body": zlib.compress(call.body),
            "tokens_in": call.tokens_in,
            "tokens_out": call.tokens_out,
            "cost": call.cost,
            "seconds": call.seconds,
            "recorded_at": call.recorded_at,
            "run_id": self.run_id,
        }
        with self.warehouse.write() as connection:
            append(connection, "model_calls", [row], key="call_id")

    def spend(self) -> tuple[ModelSpend, ...]:
        """What each model took on each day, in order."""
        if not self.warehouse.exists():
            return ()
        with self.warehouse.read() as connection:
            rows = connection.execute(statement("verification/model_calls_spend")).fetchall()
        return tuple(ModelSpend(*row) for row in rows)

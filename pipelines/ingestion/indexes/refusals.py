"""The reason that a service gives in words when it refuses a question, added to the fault that its status tells.

Input: a fault and the response. Output: the fault, with a bounded piece of the reason where the body is JSON that
holds one. Does not belong here: which fault a status is (decoding.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pipelines.ingestion.indexes.contract import FaultKind, IndexFault, Response
from pipelines.ingestion.indexes.decoding import QUOTED, json_of, plain_words

_MAX_REFUSAL = 100_000  # bytes: a longer body is no reason
_SPEAKS_OF_US = frozenset({FaultKind.BAD_REQUEST, FaultKind.FORBIDDEN, FaultKind.BUDGET_SPENT})


def reasoned(fault: IndexFault, response: Response, reason_of: Callable[[Any], str | None]) -> IndexFault:
    """The fault with the service's own words, where it blames our question and says why."""
    if fault.kind not in _SPEAKS_OF_US or len(response.body) > _MAX_REFUSAL:
        return fault
    data = json_of(response)
    reason = None if isinstance(data, IndexFault) else reason_of(data)
    words = "".join(letter for letter in plain_words(reason or "") if letter.isprintable())[:QUOTED]
    return replace(fault, message=f"{fault.message}: {words}") if words else fault

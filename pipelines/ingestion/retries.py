"""Whether an answer is worth asking again, and after what rest: a rule over status, headers and fault.

Pure: the time, the number of the attempt and the dice are passed in. Does not belong here: sleeping and
sending (http_edge.py), the allowed rate (paces.py), what an answer means (an index's own module).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from pipelines.ingestion.indexes.contract import FaultKind, IndexFault, Response

RETRIED_STATUS = frozenset({429, 500, 502, 503, 504})
RETRIED_FAULTS = frozenset({FaultKind.TIMED_OUT, FaultKind.UNCONNECTED})
# A failing index, as against one question that went wrong: what counts towards giving it up.
FAILING_STATUS = RETRIED_STATUS | {401, 403}
FAILING_FAULTS = RETRIED_FAULTS | {
    FaultKind.TOO_FAST,
    FaultKind.BUDGET_SPENT,
    FaultKind.UNAVAILABLE,
    FaultKind.REFUSED_ADDRESS,
}
# arXiv's "Rate exceeded." names no time and strikes clients that keep to the limit: asking on makes it worse.
ONE_LONG_REST = frozenset({"arxiv", "arxiv-oai"})

_EPOCH = 100_000_000  # above this, a reset is a point in time and not a number of seconds
_JITTER = 0.25


@dataclass(frozen=True)
class Patience:
    """How often and how long. `first_rest_s` doubles with each attempt; no rest exceeds `longest_wait_s`."""

    longest_wait_s: float
    first_rest_s: float = 1.0


def rest_before_next(
    answer: Response | IndexFault, attempt: int, index: str, patience: Patience, now: datetime, dice: float
) -> float | None:
    """Seconds to rest before attempt number `attempt + 1`; None: it is not worth another. `dice` is in [0, 1)."""
    backing_off = min(patience.first_rest_s * 2.0 ** min(attempt - 1, 30), patience.longest_wait_s) * (
        1 + _JITTER * dice
    )
    if isinstance(answer, IndexFault):
        return backing_off if answer.kind in RETRIED_FAULTS else None
    if answer.status not in RETRIED_STATUS or budget_is_spent(answer, patience, now):
        return None
    stated = stated_wait(answer, now)
    if stated is not None:
        return stated if stated <= patience.longest_wait_s else None
    if answer.status == 429 and index in ONE_LONG_REST:
        return patience.longest_wait_s if attempt == 1 else None
    return backing_off


def asked_to_leave(answer: Response | IndexFault, patience: Patience, now: datetime) -> IndexFault | None:
    """The fault of an answer that asks for a longer rest than we take, with that rest; None for any other."""
    if isinstance(answer, IndexFault) or answer.status not in RETRIED_STATUS:
        return None
    stated = stated_wait(answer, now)
    if stated is None or stated <= patience.longest_wait_s:
        return None
    kind = FaultKind.TOO_FAST if answer.status == 429 else FaultKind.UNAVAILABLE
    if budget_is_spent(answer, patience, now):
        kind = FaultKind.BUDGET_SPENT
    return IndexFault(kind, f"it answered {answer.status} and asks to be left alone for {stated:.0f} s", stated)


def stated_wait(response: Response, now: datetime) -> float | None:
    """Seconds that `Retry-After` asks for, whether it says seconds or a date; None where it says neither."""
    stated = response.headers.get("retry-after", "").strip()
    if stated.isascii() and stated.isdigit() and len(stated) <= 9:
        return float(stated)
    if not stated or len(stated) > 64:
        return None
    try:
        until = parsedate_to_datetime(stated)
        return max(0.0, ((until if until.tzinfo else until.replace(tzinfo=UTC)) - now).total_seconds())
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def budget_is_spent(response: Response, patience: Patience, now: datetime) -> bool:
    """A 429 that says nothing remains, and that this changes only after a longer rest than we take."""
    if response.status != 429:
        return False
    remaining = [_number(response.headers, name) for name in ("x-ratelimit-remaining", "x-ratelimit-remaining-usd")]
    reset = _number(response.headers, "x-ratelimit-reset")
    if reset is None or not any(left is not None and left <= 0 for left in remaining):
        return False
    return (reset - now.timestamp() if reset > _EPOCH else reset) > patience.longest_wait_s


def _number(headers: Mapping[str, str], name: str) -> float | None:
    stated = headers.get(name, "").strip()
    digits = stated.replace(".", "", 1)
    return float(stated) if digits.isascii() and digits.isdigit() and len(stated) <= 20 else None

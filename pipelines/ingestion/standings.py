"""Which indexes and hosts are not asked any more in this run, and why.

Input: what each answered. Output: a fault in place of the next question to one that failed too often, that
asked to be left alone, or whose budget is spent. Does not belong here: attempts at one question (retries.py).
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipelines.ingestion.indexes.contract import FaultKind, IndexFault, Response
from pipelines.ingestion.retries import FAILING_FAULTS, FAILING_STATUS, Patience, budget_is_spent

_LONGEST_LEFT_ALONE_S = 86_400.0


@dataclass
class _Standing:
    """`failures` in a row, what the last one was, and until when it asked to be left alone."""

    failures: int = 0
    last: str = ""
    left_alone_until: datetime | None = None


class Standings:
    """Of all indexes and hosts, for all threads. `most_failures` in a row, and one is given up for the run."""

    def __init__(self, most_failures: int, patience: Patience) -> None:
        self._most_failures = most_failures
        self._patience = patience
        self._of: dict[str, _Standing] = {}
        self._lock = threading.Lock()

    def refusal(self, name: str, now: datetime) -> IndexFault | None:
        """The fault to answer with in place of asking; None: it may be asked."""
        with self._lock:
            standing = self._of.get(name)
            return None if standing is None else self._refusal(name, standing, now)

    def given_up(self, now: datetime) -> Mapping[str, str]:
        """Name and reason of each that may not be asked now."""
        with self._lock:
            refused = {name: self._refusal(name, standing, now) for name, standing in self._of.items()}
        return {name: fault.message for name, fault in refused.items() if fault is not None}

    def note(self, name: str, answer: Response | IndexFault, now: datetime) -> None:
        """Count what a question came to, after all its attempts."""
        with self._lock:
            standing = self._of.setdefault(name, _Standing())
            if isinstance(answer, IndexFault):
                failed, last = answer.kind in FAILING_FAULTS, answer.message
                if answer.retry_after is not None:
                    left_alone = timedelta(seconds=min(answer.retry_after, _LONGEST_LEFT_ALONE_S))
                    standing.left_alone_until = now + left_alone
            else:
                failed, last = answer.status in FAILING_STATUS, f"it answered {answer.status}"
                if budget_is_spent(answer, self._patience, now):
                    standing.failures, last = self._most_failures, "its budget of today is spent"
            standing.failures = standing.failures + 1 if failed else 0
            standing.last = last

    def _refusal(self, name: str, standing: _Standing, now: datetime) -> IndexFault | None:
        until = standing.left_alone_until
        if until is not None and (left := (until - now).total_seconds()) > 0:
            return IndexFault(FaultKind.NOT_ASKED, f"{name} was not asked: {standing.last}", left)
        if standing.failures >= self._most_failures:
            why = f"given up for this run after {self._most_failures} failures in a row, the last: {standing.last}"
            return IndexFault(FaultKind.NOT_ASKED, f"{name} was not asked: {why}")
        return None

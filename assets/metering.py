"""What work on records takes: measured while it is done, a sum a record."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from assets.resources import Clock
from pipelines.publication.costs import Spent
from warehouse.connection import Warehouse
from warehouse.costs import NOTHING, WorkCost, spent_by_run

Spending = Callable[[], Spent]


def spending_of(house: Warehouse, run_id: str) -> Spending:
    """What a run has spent on models so far: for a stage whose work may ask one."""
    return lambda: spent_by_run(house, run_id)


class Meter:
    """Adds up what a stage takes for each record. One at a time is worked on.

    With a stopped clock no seconds are measured, so that tests of the same work have the same rows. `spending` None:
    the stage asks no model.
    """

    def __init__(self, stage: str, clock: Clock, spending: Spending | None = None) -> None:
        self._stage, self._measured, self._spending = stage, not clock.fixed, spending
        self._last = spending() if spending else NOTHING
        self._seconds: dict[tuple[str, ...], float] = {}
        self._models: dict[tuple[str, ...], Spent] = {}

    @contextmanager
    def on(self, *record_ids: str) -> Iterator[None]:
        """What is done inside is for these records: one, or several at once where it cannot be divided."""
        before = time.process_time()
        yield
        self._seconds[record_ids] = self._seconds.get(record_ids, 0.0) + time.process_time() - before
        if self._spending is not None:
            now = self._spending()
            self._models[record_ids] = _added(self._models.get(record_ids, NOTHING), now, self._last)
            self._last = now

    def costs(self) -> list[WorkCost]:
        """What was measured, in the order worked on; work on no record is none."""
        return [
            WorkCost(self._stage, ids, round(seconds, 6) if self._measured else None, self._models.get(ids, NOTHING))
            for ids, seconds in self._seconds.items()
            if ids
        ]


def _added(held: Spent, now: Spent, before: Spent) -> Spent:
    """`held` and what was spent between `before` and `now`; a sum stays unknown where nothing became known."""
    tokens = _known_calls(now, "calls_without_tokens") > _known_calls(before, "calls_without_tokens")
    money = _known_calls(now, "calls_without_money") > _known_calls(before, "calls_without_money")
    return Spent(
        calls=held.calls + now.calls - before.calls,
        tokens_in=_grown(held.tokens_in, now.tokens_in, before.tokens_in, tokens),
        tokens_out=_grown(held.tokens_out, now.tokens_out, before.tokens_out, tokens),
        money=_grown(held.money, now.money, before.money, money),
        calls_without_tokens=held.calls_without_tokens + now.calls_without_tokens - before.calls_without_tokens,
        calls_without_money=held.calls_without_money + now.calls_without_money - before.calls_without_money,
    )


def _known_calls(spent: Spent, without: str) -> int:
    return spent.calls - int(getattr(spent, without))


_Sum = TypeVar("_Sum", int, float)


def _grown(held: _Sum | None, now: _Sum | None, before: _Sum | None, known: bool) -> _Sum | None:
    more = (now or 0) - (before or 0)
    return (held or 0) + more if now is not None and (known or more) else held

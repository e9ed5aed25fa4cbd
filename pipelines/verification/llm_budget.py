"""What may be spent on a language model, and what has been: calls, tokens, money.

A call is made only if the most that it can take still fits, so that no cap is ever passed by what is known before
the call. Input: settings, and what each call took. Does not belong here: making calls (llm_asking).
"""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping
from dataclasses import dataclass

PREFIX = "CLAIMGATE_MODEL_"
DEFAULT_CALLS = 1_000  # where no cap at all is set: nobody wants to learn of a mistake from a bill
_MILLION = 1_000_000


class BudgetError(ValueError):
    """A budget that cannot be kept; the message says why and what to set."""


@dataclass(frozen=True)
class Prices:
    """Money for a million tokens, in the currency that the user counts in."""

    tokens_in: float
    tokens_out: float

    def __post_init__(self) -> None:
        for value in (self.tokens_in, self.tokens_out):
            if not (math.isfinite(value) and value >= 0):
                raise BudgetError(f"a price of {value} for a million tokens is none")

    def cost(self, tokens_in: int, tokens_out: int) -> float:
        return (tokens_in * self.tokens_in + tokens_out * self.tokens_out) / _MILLION


@dataclass(frozen=True)
class Budget:
    """Caps on one run of a back end; None is no cap. Answers from the cache count nothing."""

    calls: int | None = None
    tokens: int | None = None
    money: float | None = None
    prices: Prices | None = None

    def __post_init__(self) -> None:
        for name, cap in (("calls", self.calls), ("tokens", self.tokens), ("money", self.money)):
            if cap is not None and not (math.isfinite(cap) and cap >= 0):
                raise BudgetError(f"a budget of {cap} {name} is none")
        if self.money is not None and self.prices is None:
            raise BudgetError(
                "a budget of money needs the prices of the model: set model_price_in and model_price_out, "
                "per million tokens, or cap calls or tokens"
            )

    @classmethod
    def of(cls, values: Mapping[str, str]) -> Budget:
        """From the environment as the settings export it; without any cap set, `DEFAULT_CALLS` calls."""
        calls, tokens = (_whole(values, f"MOST_{name}") for name in ("CALLS", "TOKENS"))
        money = _amount(values, "MOST_COST")
        price_in, price_out = _amount(values, "PRICE_IN"), _amount(values, "PRICE_OUT")
        if (price_in is None) != (price_out is None):
            raise BudgetError("one of model_price_in and model_price_out is set; both are needed")
        prices = Prices(price_in, price_out) if price_in is not None and price_out is not None else None
        if calls is None and tokens is None and money is None:
            calls = DEFAULT_CALLS
        return cls(calls, tokens, money, prices)

    def cost(self, tokens_in: int | None, tokens_out: int | None) -> float | None:
        """What a call cost; None without prices or counts."""
        if self.prices is None or tokens_in is None or tokens_out is None:
            return None
        return self.prices.cost(tokens_in, tokens_out)


@dataclass(frozen=True)
class Most:
    """The most tokens that a call can take; no token of a request is shorter than a byte."""

    tokens_in: int
    tokens_out: int


class Ledger:
    """What one back end has spent, over all its threads."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._lock = threading.Lock()
        self._calls = 0
        self._in = 0
        self._out = 0

    @property
    def calls(self) -> int:
        return self._calls

    @property
    def tokens(self) -> int:
        return self._in + self._out

    def take(self, most: Most) -> str | None:
        """Set aside what a call can take; in words why not, where it does not fit."""
        with self._lock:
            refusal = self._refusal(most)
            if refusal is None:
                self._add(1, most.tokens_in, most.tokens_out)
            return refusal

    def settle(self, most: Most, tokens_in: int | None, tokens_out: int | None) -> None:
        """Put what a call took in the place of what was set aside; what is unknown stays set aside."""
        with self._lock:
            self._in += 0 if tokens_in is None else tokens_in - most.tokens_in
            self._out += 0 if tokens_out is None else tokens_out - most.tokens_out

    def give_back(self, most: Most) -> None:
        """The call was never made."""
        with self._lock:
            self._add(-1, -most.tokens_in, -most.tokens_out)

    def _add(self, calls: int, tokens_in: int, tokens_out: int) -> None:
        self._calls += calls
        self._in += tokens_in
        self._out += tokens_out

    def _refusal(self, most: Most) -> str | None:
        budget = self._budget
        if budget.calls is not None and self._calls + 1 > budget.calls:
            return f"the budget of {budget.calls:,} calls is spent"
        needed = most.tokens_in + most.tokens_out
        if budget.tokens is not None and self.tokens + needed > budget.tokens:
            return (
                f"the budget of {budget.tokens:,} tokens is spent: "
                f"{self.tokens:,} are gone, and the next call may take {needed:,}"
            )
        if budget.money is None or budget.prices is None:
            return None
        gone = budget.prices.cost(self._in, self._out)
        more = budget.prices.cost(most.tokens_in, most.tokens_out)
        if gone + more > budget.money:
            return f"the budget of {budget.money:g} is spent: {gone:.4g} is gone, and the next call may cost {more:.4g}"
        return None


def _amount(values: Mapping[str, str], name: str) -> float | None:
    stated = values.get(PREFIX + name, "").strip()
    if not stated:
        return None
    try:
        return float(stated)
    except ValueError as error:
        raise BudgetError(f"model_{name.casefold()} is {stated[:40]!r}, which is no number") from error


def _whole(values: Mapping[str, str], name: str) -> int | None:
    amount = _amount(values, name)
    if amount is None:
        return None
    if not amount.is_integer():
        raise BudgetError(f"model_{name.casefold()} is {amount}, which is no whole number")
    return int(amount)

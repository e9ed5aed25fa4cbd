"""What may be spent on a language model: caps that hold, prices that are known or not, settings that are refused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.verification.llm_budget import DEFAULT_CALLS, Budget, BudgetError, Ledger, Most, Prices
from pipelines.verification.llm_calls import call_key

PRICES = Prices(2.0, 8.0)


def test_a_cost_is_tokens_times_prices_for_a_million() -> None:
    assert Budget(prices=PRICES).cost(500_000, 250_000) == pytest.approx(3.0)


@pytest.mark.parametrize(("budget", "tokens"), [(Budget(), (1, 1)), (Budget(prices=PRICES), (None, 1))])
def test_a_cost_that_cannot_be_known_is_none(budget: Budget, tokens: tuple[int | None, int]) -> None:
    assert budget.cost(*tokens) is None


def test_a_cap_on_money_without_prices_is_refused_when_it_is_made() -> None:
    with pytest.raises(BudgetError, match="model_price_in"):
        Budget(money=5.0)
    with pytest.raises(BudgetError, match="model_price_in"):
        Budget.of({"CLAIMGATE_MODEL_MOST_COST": "5"})


@pytest.mark.parametrize("value", [-1, float("nan"), float("inf")])
def test_caps_and_prices_that_are_none_are_refused(value: float) -> None:
    with pytest.raises(BudgetError):
        Budget(money=value, prices=PRICES)
    with pytest.raises(BudgetError):
        Prices(value, 1.0)


def test_the_settings_of_the_environment_are_read() -> None:
    assert Budget.of(
        {
            "CLAIMGATE_MODEL_MOST_CALLS": "20",
            "CLAIMGATE_MODEL_MOST_TOKENS": "1e6",
            "CLAIMGATE_MODEL_MOST_COST": "2.5",
            "CLAIMGATE_MODEL_PRICE_IN": "2",
            "CLAIMGATE_MODEL_PRICE_OUT": "8",
        }
    ) == Budget(20, 1_000_000, 2.5, PRICES)


def test_where_no_cap_is_set_calls_are_capped() -> None:
    assert Budget.of({}) == Budget(calls=DEFAULT_CALLS)
    assert Budget.of({"CLAIMGATE_MODEL_MOST_TOKENS": "9"}) == Budget(tokens=9)


@pytest.mark.parametrize(
    "values",
    [
        {"MOST_CALLS": "many"},
        {"MOST_CALLS": "1.5"},
        {"MOST_CALLS": "-1"},
        {"MOST_TOKENS": "nan"},
        {"PRICE_IN": "2"},
        {"PRICE_OUT": "2"},
    ],
    ids=["words", "half a call", "below none", "no number", "one price", "the other price"],
)
def test_settings_that_cannot_be_kept_are_refused(values: dict[str, str]) -> None:
    with pytest.raises(BudgetError, match=r"model_|budget"):
        Budget.of({f"CLAIMGATE_MODEL_{name}": value for name, value in values.items()})


calls = st.lists(
    st.tuples(
        st.integers(0, 5_000),
        st.integers(0, 2_000),
        st.none() | st.floats(0, 1),
        st.booleans(),
    ),
    max_size=40,
)


@given(st.none() | st.integers(0, 20), st.none() | st.integers(0, 40_000), st.none() | st.floats(0, 0.1), calls)
def test_no_sequence_of_calls_passes_a_cap(
    most_calls: int | None,
    tokens: int | None,
    money: float | None,
    wanted: list[tuple[int, int, float | None, bool]],
) -> None:
    """Calls take a share of what was set aside, an unknown part of it (all is taken), or are never made."""
    budget = Budget(most_calls, tokens, money, PRICES)
    ledger = Ledger(budget)
    made = spent_in = spent_out = 0
    for most_in, most_out, share, was_made in wanted:
        most = Most(most_in, most_out)
        if ledger.take(most) is not None:
            continue
        if not was_made:
            ledger.give_back(most)
            continue
        took = (None, None) if share is None else (int(most_in * share), int(most_out * share))
        ledger.settle(most, *took)
        made += 1
        spent_in += most_in if took[0] is None else took[0]
        spent_out += most_out if took[1] is None else took[1]
    assert (ledger.calls, ledger.tokens) == (made, spent_in + spent_out)
    assert most_calls is None or made <= most_calls
    assert tokens is None or spent_in + spent_out <= tokens
    assert money is None or PRICES.cost(spent_in, spent_out) <= money


def test_threads_together_keep_to_one_budget() -> None:
    ledger = Ledger(Budget(calls=100))

    def calling(_: int) -> int:
        return sum(ledger.take(Most(1, 1)) is None for _ in range(50))

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(calling, range(8))) == 100


@given(st.text(max_size=8), st.text(max_size=8), st.binary(max_size=8), st.text(max_size=8), st.binary(max_size=8))
def test_two_calls_share_a_key_only_if_they_are_the_same(
    base: str, model: str, body: bytes, other: str, more: bytes
) -> None:
    key = call_key(base, model, body)
    assert key == call_key(base, model, body)
    assert key == call_key(base + "/", model, body)
    assert call_key(base, model + other, more) != key or (other, more) == ("", body)
    assert (call_key(base, model, body + more) == key) == (more == b"")

"""Krippendorff's alpha: the worked examples of Krippendorff (2011), and what must hold of any ratings."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.review.reviewers.alpha import Metric, alpha, alpha_interval

Ratings = list[list[float | None]]


def observers(*rows: str) -> Ratings:
    """A row for each observer, a character for each unit; a dot is a missing value, "a" is 0."""
    return [[None if x == "." else float(int(x) if x.isdigit() else ord(x) - ord("a")) for x in row] for row in rows]


BINARY = observers("0100000000", "1110010100")
FIVE_CATEGORIES = observers("aabbdcccedda", "babbbccceddd")
FOUR_OBSERVERS = observers("123321412...", "1233224125.3", ".3332342251.", "12332441251.")


@pytest.mark.parametrize(
    ("ratings", "metric", "published"),
    [
        (BINARY, Metric.NOMINAL, 0.095),
        (FIVE_CATEGORIES, Metric.NOMINAL, 0.692),
        (FOUR_OBSERVERS, Metric.NOMINAL, 0.743),
        (FOUR_OBSERVERS, Metric.ORDINAL, 0.815),
        (FOUR_OBSERVERS, Metric.INTERVAL, 0.849),
        (FOUR_OBSERVERS, Metric.RATIO, 0.797),
    ],
)
def test_the_published_worked_examples_come_out(ratings: Ratings, metric: Metric, published: float) -> None:
    assert alpha(ratings, metric) == pytest.approx(published, abs=0.0005)


METRICS = st.sampled_from(list(Metric))
VALUES = st.one_of(st.none(), st.integers(min_value=0, max_value=5).map(float))
RATINGS = st.integers(min_value=2, max_value=9).flatmap(
    lambda units: st.lists(st.lists(VALUES, min_size=units, max_size=units), min_size=2, max_size=5)
)


@given(RATINGS, METRICS, st.randoms(use_true_random=False))
def test_which_observer_is_named_first_changes_nothing(ratings: Ratings, metric: Metric, random: Random) -> None:
    shuffled = random.sample(ratings, len(ratings))
    assert alpha(shuffled, metric) == pytest.approx(alpha(ratings, metric))


@given(RATINGS, METRICS, st.integers(min_value=0, max_value=9).map(float))
def test_a_unit_that_only_one_observer_rated_changes_nothing(ratings: Ratings, metric: Metric, value: float) -> None:
    longer = [[*row, value if at == 0 else None] for at, row in enumerate(ratings)]
    assert alpha(longer, metric) == alpha(ratings, metric)


@given(RATINGS, METRICS)
def test_alpha_is_never_above_one_and_is_held_by_its_interval_s_bounds(ratings: Ratings, metric: Metric) -> None:
    found, spread = alpha(ratings, metric), alpha_interval(ratings, metric, seed=1, draws=50)
    assert (found is None) == (spread is None)
    if found is not None and spread is not None:
        assert found <= 1
        assert spread[0] <= spread[1] <= 1


@pytest.mark.parametrize("metric", Metric)
def test_perfect_agreement_is_one_and_its_interval_a_point(metric: Metric) -> None:
    same = observers("12345", "12345", "12.45")
    assert alpha(same, metric) == 1
    assert alpha_interval(same, metric, seed=7) == (1, 1)


@pytest.mark.parametrize("metric", Metric)
def test_systematic_disagreement_is_below_zero(metric: Metric) -> None:
    found = alpha(observers("0505050505", "5050505050"), metric)
    assert found is not None
    assert found < -0.5


def test_one_observer_who_says_otherwise_lowers_alpha() -> None:
    agreeing = observers("19284", "18293")
    before, after = alpha(agreeing, Metric.INTERVAL), alpha([*agreeing, *observers("91826")], Metric.INTERVAL)
    assert before is not None
    assert after is not None
    assert after < 0 < before


@pytest.mark.parametrize(
    "ratings",
    [[], observers("12345"), observers("1....", "1...."), observers("1.3.", ".2.4"), observers("333", "333")],
)
def test_without_two_pairable_units_or_two_values_there_is_none(ratings: Ratings) -> None:
    assert alpha(ratings, Metric.INTERVAL) is None
    assert alpha_interval(ratings, Metric.INTERVAL, seed=1) is None


def test_the_interval_holds_alpha_follows_the_seed_and_narrows_with_more_units() -> None:
    few, many = FOUR_OBSERVERS, [row * 8 for row in FOUR_OBSERVERS]
    found, spread = alpha(few, Metric.INTERVAL), alpha_interval(few, Metric.INTERVAL, seed=3)
    narrower = alpha_interval(many, Metric.INTERVAL, seed=3)
    assert found is not None
    assert spread is not None
    assert narrower is not None
    assert spread[0] < found < spread[1]
    assert narrower[1] - narrower[0] < spread[1] - spread[0]
    assert alpha_interval(few, Metric.INTERVAL, seed=3) == spread
    assert alpha_interval(few, Metric.INTERVAL, seed=4) != spread

"""Quantities against quantities, and their words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extraction.quantities import quantities_of
from pipelines.models import Quantity
from pipelines.verification.lexicon import load_lexicon
from pipelines.verification.measures import Kind, scale_of
from pipelines.verification.numbers import QuantityMatch, QuantityOutcome, compare_quantities
from pipelines.verification.terms import fold

AGREES, DIFFERS = QuantityOutcome.AGREES, QuantityOutcome.DIFFERS
ABSENT, CROSSED = QuantityOutcome.ABSENT, QuantityOutcome.CROSSED


def matches(claim: str, sentence: str) -> tuple[QuantityMatch, ...]:
    return compare_quantities(quantities_of(claim), sentence, claim_text=claim)


def outcomes(claim: str, sentence: str) -> list[QuantityOutcome]:
    return [match.outcome for match in matches(claim, sentence)]


ROUNDING = [
    ("accuracy of 68.4 %", "accuracy was 68.4 %", AGREES),
    ("accuracy of 68.4 %", "accuracy was 68.37 %", AGREES),
    ("accuracy of 68.4 %", "accuracy was 68.31 %", DIFFERS),
    ("accuracy of 68 %", "accuracy was 68.4 %", AGREES),
    ("accuracy of 12 %", "accuracy was 0.12", AGREES),
    ("about 1000 samples", "1007 samples", AGREES),
    ("about 1007 samples", "about 1000 samples", DIFFERS),
    ("1.2 million tokens", "1,200,000 tokens", AGREES),
    ("10k samples", "10,000 samples", AGREES),
    ("12 patients", "13 patients", DIFFERS),
    ("120 participants", "120 patients", AGREES),
    ("a gain of 12 %", "the gain took 12 days", ABSENT),
    ("a gain of 12 %", "there was a gain", ABSENT),
    ("an error of 0.5 %", "an error of 0.5", ABSENT),
]
BOUNDS = [
    ("more than 50 % of users", "68 % of users", AGREES),
    ("more than 50 % of users", "less than 50 % of users", DIFFERS),
    ("more than 50 % of users", "more than 60 % of users", AGREES),
    ("more than 2,000 users", "more than 2,340 users", AGREES),
    ("more than 37 % of users", "more than 95 % of users", CROSSED),
    ("a difference (p < 0.05)", "a difference (p < 0.001)", AGREES),
    ("a difference (p < 0.07)", "a difference (p < 0.05)", CROSSED),
    ("more than 50 % of users", "50 % of users", CROSSED),
    ("at least 12 studies", "15 studies", AGREES),
    ("at least 12 studies", "9 studies", DIFFERS),
    ("up to 30 % of users", "up to 45 % of users", DIFFERS),
    ("a difference (p < 0.05)", "a difference (p = 0.003)", AGREES),
    ("a difference (p < 0.05)", "a difference (p = 0.3)", DIFFERS),
]
UNITS = [
    ("500 ms per query", "0.5 s per query", AGREES),
    ("600 ms per query", "0.5 s per query", DIFFERS),
    ("1.5 GB of memory", "1500 MB of memory", AGREES),
    ("a load of 2 kg", "a load of 2000 g", AGREES),
    ("it lasted 24 months", "it lasted 2 years", AGREES),
    ("it lasted 1 day", "it lasted 20 h", DIFFERS),
    ("a load of 2 kg", "a load of 2 km", CROSSED),
    ("the trial lasted three months", "the trial lasted three weeks", CROSSED),
    ("it runs at 31 frames per minute", "it runs at 31 frames per second", CROSSED),
    ("a load of 2 kg", "a length of 3 km", ABSENT),
]
WORDS = [
    ("two thirds of patients", "66.7 % of patients", AGREES),
    ("one in five patients", "20 % of patients", AGREES),
    ("half of the patients", "40 % of patients", DIFFERS),
    ("latency doubled", "latency rose 2-fold", AGREES),
    ("latency doubled", "latency increased by 100 %", AGREES),
    ("latency doubled", "latency increased by 50 %", DIFFERS),
    ("latency doubled", "latency rose 3-fold", DIFFERS),
    ("latency was halved", "latency fell by 50 %", AGREES),
    ("latency was halved", "latency fell by 30 %", DIFFERS),
    ("the risk was twice as high", "the risk was 2-fold higher", AGREES),
    ("latency was an order of magnitude lower", "latency was 10-fold lower", AGREES),
    ("the risk more than tripled", "the risk rose 3.4-fold", AGREES),
    ("sales fell by 5 %", "sales changed by -5 %", AGREES),
    ("sales rose by 5 %", "sales changed by -5 %", CROSSED),
]
ARITHMETIC = [
    ("response in 68 % of patients", "response in 34 of 50 patients", AGREES),
    ("response in 68 % of patients", "response in 34/50 patients", AGREES),
    ("response in 72 % of patients", "response in 34 of 50 patients", DIFFERS),
    ("accuracy rose by 20 percentage points", "accuracy rose from 40 % to 60 %", AGREES),
    ("accuracy rose by 50 %", "accuracy rose from 40 % to 60 %", AGREES),
    ("accuracy rose by 50 %", "accuracy rose from 40 to 60 %", AGREES),
    ("accuracy rose by 40 %", "accuracy rose from 40 to 60 %", DIFFERS),
    ("mean latency fell by 25 ms", "mean latency fell from 100 ms to 75 ms", AGREES),
    ("mean latency fell by 35 ms", "mean latency fell from 100 ms to 75 ms", DIFFERS),
    ("it served 2.8 times as many calls", "it served 112 calls instead of 40", AGREES),
    ("it served five times as many calls", "it served 112 calls instead of 40", DIFFERS),
    ("the share rose by 23 percentage points", "a share of 71 % against 48 %", AGREES),
    ("throughput rose 1.5-fold", "throughput rose from 40 to 60 queries", AGREES),
    ("accuracy rose by 20 %", "accuracy rose from 40 % to 60 %", DIFFERS),
    ("accuracy rose by 30 percentage points", "accuracy rose from 40 % to 60 %", DIFFERS),
]


@pytest.mark.parametrize(("claim", "sentence", "outcome"), ROUNDING)
def test_a_quantity_is_compared_within_the_rounding_that_each_states(
    claim: str, sentence: str, outcome: QuantityOutcome
) -> None:
    assert outcomes(claim, sentence) == [outcome]


@pytest.mark.parametrize(("claim", "sentence", "outcome"), BOUNDS)
def test_a_bound_is_said_by_what_lies_within_it(claim: str, sentence: str, outcome: QuantityOutcome) -> None:
    assert outcomes(claim, sentence) == [outcome]


@pytest.mark.parametrize(("claim", "sentence", "outcome"), UNITS)
def test_units_of_one_thing_are_turned_into_each_other(claim: str, sentence: str, outcome: QuantityOutcome) -> None:
    assert outcomes(claim, sentence) == [outcome]


@pytest.mark.parametrize(("claim", "sentence", "outcome"), WORDS)
def test_shares_and_factors_in_words_are_numbers(claim: str, sentence: str, outcome: QuantityOutcome) -> None:
    assert outcomes(claim, sentence) == [outcome]


@pytest.mark.parametrize(("claim", "sentence", "outcome"), ARITHMETIC)
def test_a_value_that_follows_from_what_is_stated_agrees_only_if_the_arithmetic_does(
    claim: str, sentence: str, outcome: QuantityOutcome
) -> None:
    assert outcomes(claim, sentence) == [outcome]


def test_a_part_of_a_whole_in_the_claim_is_said_by_its_share() -> None:
    claim = "response in 34 of 50 patients"
    assert outcomes(claim, "response in 68 % of patients") == [AGREES, AGREES]
    assert AGREES not in outcomes(claim, "response in 72 % of patients")


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ("accuracy rose by 3 percentage points", "accuracy rose by 3 %"),
        ("accuracy rose by 3 %", "accuracy rose by 3 percentage points"),
    ],
)
def test_percent_and_percentage_points_never_agree(claim: str, sentence: str) -> None:
    (match,) = matches(claim, sentence)
    assert match.outcome is CROSSED
    assert "percentage points are not the same" in match.words


def ranged(value: float, high: float | None, text: str, **more: str) -> Quantity:
    return Quantity(value=value, high=high, unit="%", text=text, start=0, end=len(text), **more)


RANGES = [
    (ranged(10, 15, "10 to 15 %"), ranged(10, 15, "10-15 %"), AGREES),
    (ranged(10, 15, "10 to 15 %"), ranged(10, 18, "10-18 %"), DIFFERS),
    (ranged(10, 15, "10 to 15 %"), ranged(12, None, "12 %"), AGREES),
    (ranged(10, 15, "10 to 15 %"), ranged(17, None, "17 %"), DIFFERS),
    (ranged(12, None, "12 %"), ranged(10, 15, "10-15 %"), AGREES),
    (ranged(17, None, "17 %"), ranged(10, 15, "10-15 %"), DIFFERS),
]


@pytest.mark.parametrize(("claimed", "held", "outcome"), RANGES)
def test_a_value_inside_a_stated_range_agrees(claimed: Quantity, held: Quantity, outcome: QuantityOutcome) -> None:
    (match,) = compare_quantities([claimed], held.text, held=[held])
    assert match.outcome is outcome


def test_a_value_of_its_own_comes_before_the_interval_around_it() -> None:
    held = "the share of users was 12 % and lay within 10 % to 15 %"
    value, interval = (
        Quantity(value=12, unit="%", text="12 %", start=23, end=27),
        Quantity(value=10, high=15, unit="%", text="10 % to 15 %", start=43, end=55),
    )
    claim = "the share of users was 14 %"
    (match,) = compare_quantities(quantities_of(claim), held, claim_text=claim, held=[value, interval])
    assert match.outcome is DIFFERS
    assert match.held == value


def test_equal_values_of_different_metrics_are_crossed() -> None:
    claimed, held = ranged(80, None, "80 %", metric="accuracy"), ranged(80, None, "80 %", metric="recall")
    (match,) = compare_quantities([claimed], held.text, held=[held])
    assert match.outcome is CROSSED
    assert "recall" in match.words
    assert "accuracy" in match.words


def test_equal_values_on_different_data_sets_are_crossed_and_on_one_agree() -> None:
    claimed = ranged(80, None, "80 %", data_set="the Alder set")
    other, same = ranged(80, None, "80 %", data_set="Birch"), ranged(80, None, "80 %", data_set="Alder set")
    assert [m.outcome for m in compare_quantities([claimed], "80 %", held=[other])] == [CROSSED]
    assert [m.outcome for m in compare_quantities([claimed], "80 %", held=[same])] == [AGREES]


def test_a_mismatch_names_both_numbers() -> None:
    (match,) = matches("accuracy of 21 %", "accuracy was 12 %")
    assert "21 %" in match.words
    assert "12 %" in match.words


def test_a_derived_mismatch_names_what_it_follows_from() -> None:
    (match,) = matches("accuracy rose by 30 percentage points", "accuracy rose from 40 % to 60 %")
    assert "30 percentage points in the claim" in match.words
    assert "40 % to 60 % (20 percentage points)" in match.words


def test_a_number_of_the_sentence_answers_for_one_number_of_the_claim_only() -> None:
    claim = "10 patients of 10 patients recovered"
    found = [m.outcome for m in compare_quantities(quantities_of(claim), "5 patients of 10 patients recovered")]
    assert found == [AGREES, DIFFERS]


def test_a_number_that_the_claim_writes_twice_is_one() -> None:
    assert outcomes("ten percent (10 %) of the plots", "we saw it in 10 % of the plots")[-1] is AGREES


def test_a_number_that_belongs_to_something_else_is_crossed() -> None:
    claim = "latency of the small encoder fell by 30 %"
    sentence = "latency of the small encoder fell by 12 % and throughput doubled, while cost rose 30 %"
    (match,) = matches(claim, sentence)
    assert match.outcome is CROSSED


def test_each_of_two_values_goes_with_the_words_beside_it() -> None:
    sentence = "Recall on Alder was 80 % and on Birch 70 %."
    assert outcomes("Recall on Birch was 80 %.", sentence) == [CROSSED]
    assert outcomes("Recall on Birch was 70 %.", sentence) == [AGREES]
    assert outcomes("Recall on Alder was 80 %.", sentence) == [AGREES]


def test_labels_and_citations_and_frequencies_are_no_quantities() -> None:
    assert outcomes("The effect [3] is shown in Table 2 and was measured twice daily.", "Nothing is said of it.") == []


def test_years_are_compared_as_years() -> None:
    assert outcomes("The survey ran in 2019.", "The survey ran in 2020.") == [DIFFERS]
    assert outcomes("The survey ran in 2019.", "The survey ran in 2019.") == [AGREES]


def test_a_number_with_an_unknown_unit_is_no_other_value_of_a_number_with_another() -> None:
    assert outcomes("the dose was 80 ppm", "the dose was 4.4 katals") == [ABSENT]


def test_every_unit_of_the_table_is_a_unit_that_the_reader_gives() -> None:
    for unit in load_lexicon().units:
        (quantity,) = quantities_of(f"It took 7 {unit} here.")
        assert quantity.unit == unit


@pytest.mark.parametrize(
    "text", ["9" * 5_000, "1 of " * 2_000, "from 1 to " * 1_500, "twice " * 3_000, "7 %, " * 3_000]
)
def test_long_hostile_texts_are_compared_all_the_same(text: str) -> None:
    found = matches("the rate rose by 7 % and doubled", text)
    assert len(found) == 2


# --- properties ---------------------------------------------------------------------------------

_NOUNS = st.sampled_from(["accuracy", "recall", "latency", "response", "mortality", "throughput"])
_UNITS = st.sampled_from([" %", " ms", " GB", " kg", "-fold", " patients", " percentage points", ""])
_VALUES = st.decimals(min_value=2, max_value=9_999, places=2, allow_nan=False).map(str) | st.integers(2, 9_999).map(str)
_PART = st.tuples(_NOUNS, _VALUES, _UNITS).map(lambda p: f"{p[0]} was {p[1]}{p[2]}")
_TEXTS = st.lists(_PART, min_size=1, max_size=4).map(lambda parts: "; ".join(parts) + ".")


@given(_TEXTS)
def test_the_quantities_of_a_text_agree_with_themselves(text: str) -> None:
    assert set(outcomes(text, text)) <= {AGREES}


@given(_TEXTS, _TEXTS, st.randoms(use_true_random=False))
def test_the_order_in_which_quantities_are_given_changes_nothing(claim: str, sentence: str, random: object) -> None:
    claimed, held = list(quantities_of(claim)), list(quantities_of(fold(sentence)))
    straight = compare_quantities(claimed, fold(sentence), claim_text=claim, held=held)
    random.shuffle(held)  # type: ignore[attr-defined]  # hypothesis hands out a random.Random
    turned = compare_quantities(claimed[::-1], fold(sentence), claim_text=claim, held=held)
    assert {m.claimed.start: (m.outcome, m.held) for m in straight} == {
        m.claimed.start: (m.outcome, m.held) for m in turned
    }


@given(_NOUNS, st.integers(1, 98), st.integers(0, 999))
def test_a_value_agrees_with_itself_rounded_to_fewer_places(noun: str, whole: int, thousandths: int) -> None:
    exact = whole + thousandths / 1000
    claim = f"{noun} was {exact:.3f} %"
    for places in (2, 1):
        assert outcomes(claim, f"{noun} was {exact:.{places}f} %") == [AGREES]


@given(_NOUNS, st.integers(1, 98), st.integers(0, 99), st.integers(1, 50))
def test_coarser_rounding_never_turns_agreement_into_difference(noun: str, whole: int, cents: int, off: int) -> None:
    value, other = whole + cents / 100, whole + cents / 100 + off / 1000
    fine = outcomes(f"{noun} was {value:.2f} %", f"{noun} was {other:.3f} %")
    coarse = outcomes(f"{noun} was {value:.1f} %", f"{noun} was {other:.3f} %")
    if fine == [AGREES] and abs(round(value, 1) - value) < 1e-9:
        assert coarse == [AGREES]


@given(_NOUNS, st.integers(1, 998), st.integers(0, 9), st.integers(2, 400), st.sampled_from(["%", "ms", "GB", "kg"]))
def test_a_value_changed_beyond_its_rounding_never_agrees(
    noun: str, whole: int, tenth: int, by: int, unit: str
) -> None:
    value = whole + tenth / 10
    assert outcomes(f"{noun} was {value + by / 10:.1f} {unit}", f"{noun} was {value:.1f} {unit}") == [DIFFERS]


def test_a_kind_is_known_for_every_unit() -> None:
    assert scale_of("percentage points")[0] is Kind.POINTS
    assert scale_of("%")[0] is Kind.SHARE
    assert scale_of("ms") == (Kind.MEASURE, "duration", 1.0)
    assert scale_of("patients") == scale_of("participants")
    assert scale_of(None)[0] is Kind.PLAIN

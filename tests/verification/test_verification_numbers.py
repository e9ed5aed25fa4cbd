"""Quantities against quantities, and their words."""

from __future__ import annotations

import pytest

from pipelines.extraction.quantities import quantities_of
from pipelines.verification.numbers import QuantityOutcome, compare_quantities

CASES = [
    ("accuracy of 68.4 %", "accuracy was 68.4 %", QuantityOutcome.AGREES),
    ("accuracy of 68.4 %", "accuracy was 68.37 %", QuantityOutcome.AGREES),
    ("accuracy of 68.4 %", "accuracy was 68.31 %", QuantityOutcome.DIFFERS),
    ("accuracy of 12 %", "accuracy was 0.12", QuantityOutcome.AGREES),
    ("more than 50 % of users", "68 % of users", QuantityOutcome.AGREES),
    ("more than 50 % of users", "less than 50 % of users", QuantityOutcome.DIFFERS),
    ("about 1000 samples", "1007 samples", QuantityOutcome.AGREES),
    ("about 1007 samples", "about 1000 samples", QuantityOutcome.DIFFERS),
    ("1.2 million tokens", "1,200,000 tokens", QuantityOutcome.AGREES),
    ("12 patients", "13 patients", QuantityOutcome.DIFFERS),
    ("a gain of 12 %", "the gain took 12 days", QuantityOutcome.ABSENT),
    ("a gain of 12 %", "there was a gain", QuantityOutcome.ABSENT),
]


@pytest.mark.parametrize(("claim", "sentence", "outcome"), CASES)
def test_a_quantity_is_compared_within_the_rounding_that_each_states(
    claim: str, sentence: str, outcome: QuantityOutcome
) -> None:
    matches = compare_quantities(quantities_of(claim), sentence, claim_text=claim)
    assert [m.outcome for m in matches] == [outcome]


def test_a_mismatch_names_both_numbers() -> None:
    claim = "accuracy of 21 %"
    (match,) = compare_quantities(quantities_of(claim), "accuracy was 12 %", claim_text=claim)
    assert "21 %" in match.words
    assert "12 %" in match.words


def test_a_number_of_the_sentence_answers_for_one_number_of_the_claim_only() -> None:
    claim = "10 patients of 10 patients recovered"
    outcomes = [m.outcome for m in compare_quantities(quantities_of(claim), "5 patients of 10 patients recovered")]
    assert outcomes == [QuantityOutcome.AGREES, QuantityOutcome.DIFFERS]


def test_a_number_that_belongs_to_something_else_is_crossed() -> None:
    claim = "latency of the small encoder fell by 30 %"
    sentence = "latency of the small encoder fell by 12 % and throughput doubled, while cost rose 30 %"
    (match,) = compare_quantities(quantities_of(claim), sentence, claim_text=claim)
    assert match.outcome is QuantityOutcome.CROSSED

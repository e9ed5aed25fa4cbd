"""Near-duplicates: the same said twice, and what only looks the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extraction.duplicates import first_duplicates

BASE = "Zinc coating protects 40 % of the iron nails from rust in salt water."


@pytest.mark.parametrize(
    "again",
    [
        BASE,
        "Zinc coating protects 40 % of iron nails from rust in the salt water.",
        "zinc coating protects 40 % of all the iron nails from rust in salt water".replace("all the ", ""),
        "Zinc coating protects 40 % of the iron nails from rust in salty water.",
    ],
)
def test_nearly_the_same_words_are_a_duplicate(again: str) -> None:
    assert first_duplicates([BASE, "Tin melts early.", again]) == (None, None, 0)


@pytest.mark.parametrize(
    "other",
    [
        "Zinc coating protects 41 % of the iron nails from rust in salt water.",
        "Zinc coating never protects 40 % of the iron nails from rust in salt water.",
        "Zinc coating protects 40 % of the iron nails from rust in Baltic water.",
        "Zinc coating protects less than 40 % of the iron nails from rust in salt water.",
        "Zinc coating protects 40 % of the iron nails.",
        "Iron nails rust in salt water although a coating of zinc covers 40 % of them.",
    ],
)
def test_another_number_negation_direction_name_or_length_is_another_statement(other: str) -> None:
    assert first_duplicates([BASE, other]) == (None, None)


def test_one_month_is_a_month_and_two_months_are_not_three() -> None:
    one = "Zinc nails lost 40 % of their shine within a month in salt water."
    again = "Zinc nails lost 40 % of their shine within one month in salt water."
    two = "Zinc nails were kept for two months in salt water near the old kiln."
    three = "Zinc nails were kept for three months in salt water near the old kiln."
    assert first_duplicates([one, again]) == (None, 0)
    assert first_duplicates([two, three]) == (None, None)


def test_swapping_what_is_compared_is_another_statement() -> None:
    one = "In these tests copper conducted heat better than iron did in the old kiln."
    other = "In these tests iron conducted heat better than copper did in the old kiln."
    assert first_duplicates([one, other]) == (None, None)


@given(st.lists(st.sampled_from(["Iron rusts in air.", "Tin melts early on.", "Zinc coats iron well."]), max_size=12))
def test_every_duplicate_points_at_the_first_of_its_kind(sentences: list[str]) -> None:
    for index, original in enumerate(first_duplicates(sentences)):
        first = sentences.index(sentences[index])
        assert original == (None if first == index else first)


def test_a_long_record_of_like_sentences_is_compared_in_bounded_work() -> None:
    sentences = [f"The kiln of the {word}{n} bakes bricks in air." for n in range(2500) for word in "ab"]
    assert len(first_duplicates(sentences)) == 5000

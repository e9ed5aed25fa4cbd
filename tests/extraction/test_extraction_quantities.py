"""Quantities: which numbers measure something, in which unit, with which comparison."""

from __future__ import annotations

from math import isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extraction.quantities import quantities_of

NUMERIC = st.text(alphabet=st.sampled_from(list("0123456789 .,%-–±×^$<>≤~kMBmgx/[]()eE+pn=")), max_size=120)


def found(text: str) -> list[tuple[float, str | None, str | None]]:
    return [(quantity.value, quantity.unit, quantity.comparison) for quantity in quantities_of(text)]


@given(st.one_of(st.text(max_size=200), NUMERIC))
def test_offsets_are_true_and_values_finite_for_any_text(text: str) -> None:
    behind = 0
    for quantity in quantities_of(text):
        assert text[quantity.start : quantity.end] == quantity.text
        assert quantity.start >= behind
        assert isfinite(quantity.value)
        behind = quantity.start


@given(st.integers(min_value=1000, max_value=10**12))
def test_thousands_separators_do_not_change_the_value(number: int) -> None:
    assert found(f"They saw {number:,} cells.") == [(float(number), "cells", None)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It rose by 12.5%.", [(12.5, "%", None)]),
        ("It rose by 40 per cent.", [(40.0, "%", None)]),
        ("It rose by 3.5 percentage points.", [(3.5, "percentage points", None)]),
        ("It was 2.5x faster, a 3-fold gain.", [(2.5, "fold", None), (3.0, "fold", None)]),
        ("It took 55 ms and 4 GB.", [(55.0, "ms", None), (4.0, "GB", None)]),
        ("A dose of 5.2 ± 0.3 mg was given.", [(5.2, "mg", None), (0.3, "mg", None)]),
        ("From 10-15 years or 5–10% it went.",
         [(10.0, "years", None), (5.0, "%", None)]),
        ("Between 5 and 10 patients left.", [(5.0, "patients", None)]),
        ("The gap was real (p < 0.05, n = 120).", [(0.05, "p", "<"), (120.0, "n", None)]),
        ("With a 95% CI of 1.2–3.4.", [(95.0, "% confidence", None), (1.2, None, None)]),
        ("Sales of $1.1 billion.", [(1.1e9, "USD", None)]),
        ("About 1.2 million people.", [(1.2e6, "people", "~")]),
        ("A net of 70B parameters.", [(70e9, "parameters", None)]),
        ("Some 1.5 × 10^6 cells.", [(1.5e6, "cells", "~")]),
        ("From -18 to -10 mV.", [(-18.0, "mV", None), (-10.0, "mV", None)]),
        ("Two studies agree.", [(2.0, "studies", None)]),
        ("It began in 2020.", [(2020.0, "year", None)]),
        ("In the 1990s it began.", [(1990.0, "year", None)]),
    ],
)  # fmt: skip
def test_a_number_comes_with_its_unit(text: str, expected: list[tuple[float, str | None, str | None]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("words", "comparison"),
    [
        ("at least 30 mg", ">="), ("≥30 mg", ">="), ("30 mg or more", ">="), ("up to 30 mg", "<="),
        ("no more than 30 mg", "<="), ("more than 30 mg", ">"), (">30 mg", ">"), ("exceeding 30 mg", ">"),
        ("less than 30 mg", "<"), ("below 30 mg", "<"), ("roughly 30 mg", "~"), ("~30 mg", "~"),
        ("a dose of 30 mg", None),
    ],
)  # fmt: skip
def test_the_words_beside_a_number_compare(words: str, comparison: str | None) -> None:
    assert found(f"It takes {words}.") == [(30.0, "mg", comparison)]


@pytest.mark.parametrize(
    "text",
    [
        "GPT-4 and Llama-3.1-8B were compared.",
        "COVID-19 and H2O and SGLT2 are names.",
        "Zinc melts [3], as do others [1, 2] and [4-6].",
        "Table 2 and Section 3.1 show type 2 diabetes.",
        "They met on 5 June and on August 7 again.",
        "Support runs 24/7 over 4G in 3D.",
        "They tested Claude 3 there.",
        "It rose in version 2 of step 4.",
    ],
)
def test_a_number_inside_a_name_a_mark_or_a_date_is_no_quantity(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("hostile", ["1,", "1 ", "$", "two ", "1-", "9a", "1 aaa bbb ", "[", "e9", "1e", "±"])
def test_hostile_numbers_are_read_in_time_that_grows_with_length(hostile: str) -> None:
    text = hostile * (100_000 // len(hostile))
    assert all(text[q.start : q.end] == q.text for q in quantities_of(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Four in a hundred kilns cracked.", [(4.0, "%", None)]),
        ("One in five bricks broke.", [(20.0, "%", None)]),
        ("Nine out of ten potters agreed.", [(90.0, "%", None)]),
        ("Half of the bricks broke.", [(50.0, "%", None)]),
        ("It lost less than half the heat.", [(50.0, "%", "<")]),
        ("The third of the kilns broke.", []),
        ("It took half an hour.", []),
    ],
)
def test_a_share_in_words_is_a_per_cent(text: str, expected: list[tuple[float, str | None, str | None]]) -> None:
    assert found(text) == expected


def test_a_count_within_a_span_of_time_is_no_share() -> None:
    assert all(unit != "%" for _, unit, _ in found("It cracked two in three months."))


def ranges(text: str) -> list[tuple[float, float | None, str | None]]:
    return [(quantity.value, quantity.high, quantity.unit) for quantity in quantities_of(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It lost 12 to 15 % of its heat.", [(12.0, 15.0, "%")]),
        ("It lost 12–15% of its heat.", [(12.0, 15.0, "%")]),
        ("It lost 12%-15% of its heat.", [(12.0, 15.0, "%")]),
        ("Between 5 and 10 patients left.", [(5.0, 10.0, "patients")]),
        ("It took two to three weeks.", [(2.0, 3.0, "week")]),
        ("It cost $5–10 million.", [(5e6, 10e6, "USD")]),
        ("It held from 2010–2015.", [(2010.0, 2015.0, "year")]),
        ("A ratio of 1.7 (1.2 to 3.4) was seen.", [(1.7, None, None), (1.2, 3.4, None)]),
        ("It rose from 5 to 10 %.", [(5.0, None, "%"), (10.0, None, "%")]),
        ("A dose of 5.2 ± 0.3 mg.", [(5.2, None, "mg"), (0.3, None, "mg")]),
        ("It lost 15 to 12 %.", [(15.0, None, "%"), (12.0, None, "%")]),
    ],
)
def test_the_two_ends_of_a_range_are_one_quantity_and_those_of_a_change_are_two(
    text: str, expected: list[tuple[float, float | None, str | None]]
) -> None:
    assert ranges(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It rose by 3 percentage points.", (3.0, "percentage points", None)),
        ("It rose by 3 % points.", (3.0, "percentage points", None)),
        ("It rose by 3 pp.", (3.0, "percentage points", None)),
        ("It rose by 3 %.", (3.0, "%", None)),
        ("It rose by 45 basis points.", (45.0, "basis points", None)),
        ("It rose by 2.4 BLEU points.", (2.4, "points", None)),
        ("It was three times higher.", (3.0, "fold", None)),
        ("It was fired three times a day.", (3.0, "times", None)),
        ("A gain of x2 was seen.", (2.0, "fold", None)),
        ("A 2.3-fold rise was seen.", (2.3, "fold", None)),
        ("A threefold rise was seen.", (3.0, "fold", None)),
        ("The fold change of 2.3 was seen.", (2.3, "fold", None)),
        ("A BMI of 30 kg/m2 was seen.", (30.0, "kg/m2", None)),
        ("A set of 11K pairs was seen.", (11_000.0, "pairs", None)),
        ("No fewer than 30 mg were used.", (30.0, "mg", ">=")),
        ("As many as 30 mg were used.", (30.0, "mg", "<=")),
        ("A BMI > or = 30 kg/m2 was seen.", (30.0, "kg/m2", ">=")),
        ("It went to people 65 years or older.", (65.0, "years", ">=")),
        ("It had 34 578 patients.", (34_578.0, "patients", None)),
        ("It fell by 0·83 mm there.", (0.83, "mm", None)),
    ],
)
def test_points_factors_counts_and_compound_units_are_kept_apart(
    text: str, expected: tuple[float, str | None, str | None]
) -> None:
    assert found(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "It has (1) a pump and (2) a fan.",
        "They asked 1) whether it cracks.",
        "The group SU(3) acts on it.",
        "It lives in 2+1 dimensions of space.",
        "The contributions are threefold.",
        "The set $1^+$ is closed.",
    ],
)
def test_a_mark_of_a_list_or_a_formula_is_no_quantity(text: str) -> None:
    assert [quantity.text for quantity in quantities_of(text) if quantity.text != "2"] == []

"""What a claim expects of a computed result: every way to write a number, and no way to widen it."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.gates.artifact import InvalidArtifact, Relation, StatedResult
from pipelines.gates.stated_result import Expectation, expectation_of, holds
from tests.made_claims import claim_of_quantities


def stated(value: float, relation: str = "==", tolerance: float | None = None) -> StatedResult:
    return StatedResult(value=value, relation=Relation(relation), tolerance=tolerance)


@pytest.mark.parametrize(
    ("text", "value", "tolerance"),
    [
        ("The mean yield was 8.7 kg per tree.", 8.7, "0.05"),
        ("The mean yield was 8.70 kg per tree.", 8.7, "0.005"),
        ("The delay was 27.55 ms.", 27.55, "0.005"),
        ("Frogs were seen at 12 ponds.", 12, "0.5"),
        ("Frogs were seen at 1,200 ponds.", 1200, "0.5"),
        ("Frogs were seen in 12 000 records.", 12000, "0.5"),
        ("The site had 1.2 million users.", 1200000, "50000"),
        ("The site had 1.25 million users.", 1250000, "5000"),
        ("The site had 3 million users.", 3000000, "500000"),
        ("The lake cost $2.4bn in all.", 2400000000, "50000000"),
        ("Reeds covered 45 % of the shore.", 45, "0.5"),
        ("Reeds covered 45.0% of the shore.", 45, "0.05"),
        ("Reeds covered about 40 % of the shore.", 40, "0.5"),
        ("Reeds covered ~40 m of the shore.", 40, "0.5"),
        ("Roughly 1,500 newts came.", 1500, "0.5"),
        ("The rate was 3.2e-4 per hour.", 0.00032, "0.000005"),
        ("The rate was 3.2 × 10^-4 per hour.", 0.00032, "0.000005"),
        ("The rate was 3.2 × 10^{3} per hour.", 3200, "50"),
        ("The ratio was .5 in both ponds.", 0.5, "0.05"),
        ("The ratio was 8·7 kg in both ponds.", 8.7, "0.05"),
        ("Depth changed by −5 % in June.", -5, "0.5"),
        ("Depth changed by -0.25 m in June.", -0.25, "0.005"),
        ("We found two studies of newts.", 2, "0.5"),
        ("A threefold rise was seen.", 3, "0.5"),
        ("Three million people came.", 3000000, "500000"),
        ("Newts were found at 0 of 12 ponds.", 0, "0.5"),
        ("The model has 70B parameters.", 70000000000, "500000000"),
        ("The pond lies at 5.2 kg/m2 of silt.", 5.2, "0.05"),
        ("The value was 5.2 ± 0.3 mg.", 0.3, "0.05"),
        # Each end of a range is a number of its own.
        ("Yields of 12 to 15 kg were seen.", 12, "0.5"),
        ("Yields of 12 to 15 kg were seen.", 15, "0.5"),
        ("Between 1.2 and 1.45 million people came.", 1200000, "50000"),
        ("Between 1.2 and 1.45 million people came.", 1450000, "5000"),
        # Written twice: as exactly as it is written anywhere.
        ("A mean of 8.7 kg (8.70 kg with shade) was seen.", 8.7, "0.005"),
    ],
)
def test_the_claims_own_rounding_is_the_widest_tolerance_and_the_default(
    text: str, value: float, tolerance: str
) -> None:
    expected = expectation_of(claim_of_quantities(text), stated(value))
    assert (float(expected.value), expected.relation, expected.tolerance) == (value, "==", Decimal(tolerance))
    assert expectation_of(claim_of_quantities(text), stated(value, tolerance=float(tolerance))) == expected
    tighter = expectation_of(claim_of_quantities(text), stated(value, tolerance=float(tolerance) / 4))
    assert tighter.tolerance == Decimal(tolerance) / 4
    with pytest.raises(InvalidArtifact, match="half a unit of its last place"):
        expectation_of(claim_of_quantities(text), stated(value, tolerance=math.nextafter(float(tolerance), math.inf)))


@pytest.mark.parametrize(
    ("text", "value", "relation"),
    [
        ("More than 1,200 newts came.", 1200, ">"),
        ("Over 40 % of the newts came.", 40, ">"),
        ("At least 40 % of the newts came.", 40, ">="),
        ("40+ ponds were seen.", 40, ">="),
        ("Fewer than 12 newts came.", 12, "<"),
        ("The effect was clear (p < 0.05).", 0.05, "<"),
        ("At most 12 newts came.", 12, "<="),
        ("Up to 12 newts came.", 12, "<="),
        ("A depth of ≥ 3.5 m was seen.", 3.5, ">="),
        ("About 12 newts came.", 12, "=="),
        ("Exactly 12 newts came.", 12, "=="),
    ],
)
def test_the_relation_is_the_one_that_the_claims_words_make(text: str, value: float, relation: str) -> None:
    assert expectation_of(claim_of_quantities(text), stated(value, relation)).relation == relation
    for other in Relation:
        if other != relation:
            with pytest.raises(InvalidArtifact, match=f"which is '{relation}'"):
                expectation_of(claim_of_quantities(text), stated(value, other))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("The mean yield was 8.7 kg per tree.", 8.71),
        ("The mean yield was 8.7 kg per tree.", -8.7),
        ("Reeds covered 45 % of the shore.", 0.45),
        ("The site had 1.2 million users.", 1.2),
        ("Yields of 12 to 15 kg were seen.", 13.5),
        ("Table 3 lists the ponds.", 3),  # a label, not a quantity
        ("4 in 10 ponds had newts.", 40),  # odds and fractions write no digits of their share
        ("4 in 10 ponds had newts.", 4),
        ("A third of the ponds had newts.", 33.333333333333336),
        ("Newts like shade.", 1),
    ],
)
def test_a_value_that_the_claim_does_not_write_is_refused(text: str, value: float) -> None:
    with pytest.raises(InvalidArtifact, match="the claim does not write in digits"):
        expectation_of(claim_of_quantities(text), stated(value))


def test_a_refusal_lists_the_numbers_of_the_claim() -> None:
    with pytest.raises(InvalidArtifact, match=r"it writes 8\.7, 12, 15\.$"):
        expectation_of(claim_of_quantities("A mean of 8.7 kg from 12 to 15 trees."), stated(9.0))


def test_a_bound_has_no_tolerance() -> None:
    text = claim_of_quantities("More than 1,200 newts came.")
    assert expectation_of(text, stated(1200, ">", 0.0)).tolerance == 0
    with pytest.raises(InvalidArtifact, match="'>' has none"):
        expectation_of(text, stated(1200, ">", 0.5))


def test_a_bound_to_a_range_expects_nothing_definite() -> None:
    for relation in Relation:
        with pytest.raises(InvalidArtifact, match="nothing definite"):
            expectation_of(claim_of_quantities("Shade cost up to 12–15 % of the light."), stated(15, relation))


def test_a_number_that_the_record_may_have_cut_is_not_expected() -> None:
    text = "Of 40 ponds the mean depth was 1.2"
    assert expectation_of(claim_of_quantities(text), stated(1.2)).tolerance == Decimal("0.05")
    assert expectation_of(claim_of_quantities(text + "...", truncated=True), stated(40)).value == 40
    with pytest.raises(InvalidArtifact, match="does not write"):
        expectation_of(claim_of_quantities(text + "...", truncated=True), stated(1.2))


def test_the_words_are_the_place_in_the_claim_in_whole_words() -> None:
    text = "In the second summer of the survey the mean yield was 8.7 kg per tree in all of the orchards by the canal."
    expected = expectation_of(claim_of_quantities(text), stated(8.7))
    assert expected.words == "... of the survey the mean yield was 8.7 kg per tree in all of the orchards by the ..."
    assert expectation_of(claim_of_quantities("It was 8.7 kg."), stated(8.7)).words == "It was 8.7 kg."


# --- holding a result against it ----------------------------------------------------------------


def an_expectation(value: str, relation: str = "==", tolerance: str = "0") -> Expectation:
    return Expectation(value=Decimal(value), relation=Relation(relation), tolerance=Decimal(tolerance), words="")


@pytest.mark.parametrize(
    ("value", "relation", "tolerance", "result", "is_held"),
    [
        # In binary 8.7 - 8.65 is more than 0.05 and 8.75 - 8.7 as well: on the digits both are on the edge.
        ("8.7", "==", "0.05", 8.65, True),
        ("8.7", "==", "0.05", 8.75, True),
        ("8.7", "==", "0.05", 8.649999999999999, False),
        ("8.7", "==", "0.05", 8.750000000000002, False),
        ("0.3", "==", "0", 0.3, True),
        ("0.3", "==", "0", 0.1 + 0.2, False),
        ("1.2E+6", "==", "5E+4", 1150000.0, True),
        ("1.2E+6", "==", "5E+4", 1149999.0, False),
        ("0.00032", "==", "0.000005", 3.15e-4, True),
        ("8.7", ">", "0", 8.7, False),
        ("8.7", ">", "0", math.nextafter(8.7, 9), True),
        ("8.7", ">=", "0", 8.7, True),
        ("8.7", ">=", "0", math.nextafter(8.7, 8), False),
        ("8.7", "<", "0", 8.7, False),
        ("8.7", "<", "0", 8.6, True),
        ("8.7", "<=", "0", 8.7, True),
        ("8.7", "<=", "0", 8.8, False),
        ("0", "==", "0.5", -0.0, True),
        ("8.7", "==", "0.05", math.nan, False),
        ("8.7", ">", "0", math.inf, False),
        ("8.7", "<", "0", -math.inf, False),
        ("123456789012345678.123456789012345678", "==", "5E-19", 1.2345678901234568e17, False),
    ],
)
def test_a_result_is_compared_exactly_on_its_digits(
    value: str, relation: str, tolerance: str, result: float, is_held: bool
) -> None:
    assert holds(an_expectation(value, relation, tolerance), result) is is_held


decimals = st.decimals(-10_000, 10_000, places=3)
finite = st.floats(allow_nan=False, allow_infinity=False)


@given(decimals, st.integers(0, 400), finite)
def test_exactly_one_of_below_inside_and_above_holds(value: Decimal, thousandths: int, result: float) -> None:
    tolerance = Decimal(thousandths) / 1000
    inside = holds(Expectation(value=value, relation=Relation.EQUALS, tolerance=tolerance, words=""), result)
    below = holds(an_expectation(str(value - tolerance), "<"), result)
    above = holds(an_expectation(str(value + tolerance), ">"), result)
    assert [below, inside, above].count(True) == 1


@given(decimals, st.integers(-500, 500), st.integers(0, 400))
def test_a_result_so_many_thousandths_away_is_held_up_to_the_tolerance(value: Decimal, away: int, wide: int) -> None:
    expected = Expectation(value=value, relation=Relation.EQUALS, tolerance=Decimal(wide) / 1000, words="")
    assert holds(expected, float(value + Decimal(away) / 1000)) is (abs(away) <= wide)


@given(decimals, finite)
def test_a_relation_and_its_opposite_never_hold_together(value: Decimal, result: float) -> None:
    for one, opposite in ((">", "<="), ("<", ">=")):
        assert holds(an_expectation(str(value), one), result) is not holds(an_expectation(str(value), opposite), result)

"""The second look: how it is mixed with the first, and what it makes of cues and axes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.verification.closer_look import (
    CLOSER_FEATURES,
    FULLY_FROM,
    LOOKED_AT_FROM,
    CloserLook,
    look_closer,
    together,
)
from pipelines.verification.comparison import CueEffect
from pipelines.verification.cues import RULES
from pipelines.verification.profiles import profile, source_profile
from pipelines.verification.terms import load_terms
from pipelines.verification.word_vectors import load_vectors

SHARES = st.floats(0, 1, allow_nan=False)


def look(claim: str, *sentences: str, at: int = 0) -> CloserLook:
    terms, vectors = load_terms(), load_vectors()
    return look_closer(profile(claim, terms, vectors), source_profile("", sentences, terms, vectors), at)


def both(first: float, second: float) -> float:
    return float(together(np.array([first]), np.array([second]))[0])


@given(SHARES, SHARES)
def test_both_looks_together_lie_between_the_two(first: float, second: float) -> None:
    assert min(first, second) - 1e-12 <= both(first, second) <= max(first, second) + 1e-12


@given(SHARES)
def test_the_first_look_counts_alone_below_the_second_and_the_second_alone_well_above(second: float) -> None:
    assert both(LOOKED_AT_FROM, second) == pytest.approx(LOOKED_AT_FROM)
    assert both(LOOKED_AT_FROM / 2, second) == pytest.approx(LOOKED_AT_FROM / 2)
    assert both(FULLY_FROM, second) == pytest.approx(second)


@given(SHARES, SHARES)
def test_a_small_step_of_the_first_look_is_a_small_step_of_both(first: float, second: float) -> None:
    step = 1e-6
    steepest = 1.0 + 1.0 / (FULLY_FROM - LOOKED_AT_FROM)
    assert abs(both(min(1.0, first + step), second) - both(first, second)) <= steepest * step + 1e-12


def test_a_row_has_a_finite_value_for_each_name() -> None:
    row = look("Mulch lowers water loss by 30 %.", "Mulch raised water loss by 12 %.").row(0.5, -0.5)
    assert row.shape == (len(CLOSER_FEATURES),)
    assert np.isfinite(row).all()
    assert dict(zip(CLOSER_FEATURES, row.tolist(), strict=True))["refuted so far"] == -0.5


def test_every_rule_that_speaks_has_a_place_in_the_row() -> None:
    pairs = [
        ("Mulch lowers water loss.", "Mulch raised water loss."),
        ("Mulch lowers water loss by 30 %.", "Mulch lowered water loss by 12 %."),
        ("Beds with mulch are warmer than bare beds.", "Bare beds are warmer than beds with mulch."),
        ("Mulch never raises water loss in all beds.", "Mulch may not raise water loss."),
        ("Most beds were covered with mulch GX-4.", "We examine whether beds were covered with mulch GX-7."),
        ("Linear growth of beds.", "Nonlinear growth of beds without loss of mulch."),
    ]
    seen = {cue.rule for claim, sentence in pairs for cue in look(claim, sentence).cues}
    assert len(seen) >= 8
    known = {name.removesuffix(" refutes") for name in CLOSER_FEATURES if name.endswith(" refutes")}
    assert seen <= known
    assert len(RULES) <= len(known)


def test_an_opposite_of_the_whole_claim_objects_and_says_why() -> None:
    held = look("Mulch lowers water loss of beds.", "Mulch raised water loss of beds.")
    assert held.objects
    assert held.against is not None
    assert "raised" in held.against


@pytest.mark.parametrize(
    "sentence",
    [
        "Mulch lowered water loss of beds.",
        "We examine whether mulch raises water loss of beds.",
        "Penguins raised their young on bare rock.",
    ],
    ids=["says it", "only asks", "about something else"],
)
def test_what_agrees_asks_or_is_about_something_else_does_not_object(sentence: str) -> None:
    assert not look("Mulch lowers water loss of beds.", sentence).objects


def test_a_cue_says_in_words_what_it_has_the_effect_of() -> None:
    held = look("Mulch lowers water loss of beds.", "Mulch raised water loss of beds.")
    assert held.said(CueEffect.REFUTES) == held.against
    assert held.said(CueEffect.MUTES) is None


def test_the_sentence_that_was_asked_for_is_looked_at() -> None:
    sentences = ("Penguins moult once a year.", "Mulch raised water loss of beds.")
    first, second = (look("Mulch lowers water loss of beds.", *sentences, at=at) for at in (0, 1))
    assert (first.sentence, second.sentence) == (0, 1)
    assert first.coverage < second.coverage

"""The feature table: as wide as its names, finite whatever a text holds, and the same however sentences stand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.verification.examination import Pair, pair_of
from pipelines.verification.features import (
    ENCODER_SENTENCE_FEATURES,
    EVIDENCE_FEATURES,
    POLARITY_FEATURES,
    POSITION_FEATURES,
    SEARCH_FEATURES,
    SENTENCE_FEATURES,
    STANCE_FEATURES,
    encoder_features,
    has_cue,
    polarity_features,
    position_features,
    search_features,
)
from pipelines.verification.profiles import Floats, profile, source_profile
from pipelines.verification.terms import load_terms
from pipelines.verification.word_vectors import load_vectors

CLAIM = "Mulch lowers water loss of bare beds by 30 %."
SENTENCES = (
    "We covered twelve beds with mulch.",
    "Mulch lowered the water loss of bare beds by 31 %.",
    "Penguins moult once a year.",
    "Loss of water did not differ between beds with GX-4 and beds with GX-7.",
)
HOSTILE = {
    "one letter": "a",
    "only marks": "?!… — ;;",
    "only digits": "1234567890 3.14 42",
    "pictures": "🌱🌱 🐝 grows 🌍",
    "zero width": "\u200b\u200b",
    "control": "\x00\x07\x1b[31m",
    "right to left": "\u202eסימן של מים",
    "combining": "e" + "\u0301" * 300,
    "very long": "mulch lowers water loss " * 4_200,
    "one long word": "x" * 100_000,
    "brackets": "(" * 5_000 + ")" * 5_000,
    "only negators": "not no never nor neither " * 200,
    "odd numbers": "1e400 99999999999999999999999 % −∞ 0/0",
}


def pair(claim: str, *sentences: str, title: str = "") -> Pair:
    terms, vectors = load_terms(), load_vectors()
    return pair_of(profile(claim, terms, vectors), source_profile(title, sentences, terms, vectors))


def polarity(claim: str, sentence: str) -> dict[str, float]:
    held = pair(claim, sentence)
    row = polarity_features(held.claim, held.source.sentences[0])
    return dict(zip(POLARITY_FEATURES, row.tolist(), strict=True))


def scores(sentences: int) -> Floats:
    return np.linspace(0.9, 0.2, sentences)


@pytest.mark.parametrize(
    "names",
    [SENTENCE_FEATURES + ENCODER_SENTENCE_FEATURES + POSITION_FEATURES, POLARITY_FEATURES,
     EVIDENCE_FEATURES + SEARCH_FEATURES, STANCE_FEATURES],
    ids=["of a sentence", "of polarity", "of a source", "of its stance"],
)  # fmt: skip
def test_no_two_features_of_a_row_have_one_name(names: tuple[str, ...]) -> None:
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("title", ["", "Water in beds"])
def test_every_table_is_as_wide_as_its_names(title: str) -> None:
    held = pair(CLAIM, *SENTENCES, title=title)
    assert held.table.shape == (len(SENTENCES), len(SENTENCE_FEATURES))
    assert held.quoting_table.shape == (len(SENTENCES), len(SENTENCE_FEATURES + POSITION_FEATURES))
    evidence = held.evidence_row(scores(len(SENTENCES)))
    assert evidence.shape == (len(EVIDENCE_FEATURES),)
    stance, each = held.stance_row(scores(len(SENTENCES)))
    assert stance.shape == (len(STANCE_FEATURES),)
    assert {row.shape for _, row in each} == {(len(POLARITY_FEATURES),)}
    found = search_features(np.stack([evidence, evidence]), [0, 1], [1.0, 0.7])
    assert found.shape == (2, len(SEARCH_FEATURES))
    assert encoder_features(np.array([0.1, 0.9])).shape == (2, len(ENCODER_SENTENCE_FEATURES))
    assert position_features(3).shape == (3, len(POSITION_FEATURES))


@pytest.mark.parametrize("title", ["", "Water in beds", "🌱"])
@pytest.mark.parametrize("odd", HOSTILE.values(), ids=HOSTILE)
def test_whatever_a_text_holds_all_features_are_finite(odd: str, title: str) -> None:
    for claim, sentences in ((CLAIM, (odd, SENTENCES[1])), (CLAIM, (odd,)), (odd, SENTENCES), (odd, (odd,))):
        held = pair(claim, *sentences, title=title)
        evidence, (stance, _) = held.evidence_row(scores(len(sentences))), held.stance_row(scores(len(sentences)))
        for row in (held.quoting_table, evidence, stance, search_features(evidence[None, :], [0], [1.0])):
            assert np.isfinite(row).all()
        assert np.isfinite(held.closer_look(scores(len(sentences))).row(0.0, 0.0)).all()


@given(st.text(max_size=60), st.lists(st.text(max_size=60), min_size=1, max_size=3))
def test_any_text_gives_finite_features(claim: str, sentences: list[str]) -> None:
    held = pair(claim, *sentences)
    assert np.isfinite(held.table).all()
    assert np.isfinite(held.stance_row(scores(len(sentences)))[0]).all()


# What a sentence takes from its neighbours moves with its place.
_OF_NEIGHBOURS = SENTENCE_FEATURES.index("told nearby")


@given(st.permutations(range(len(SENTENCES))))
def test_sentences_in_another_order_are_rows_in_that_order(order: list[int]) -> None:
    plain, moved = pair(CLAIM, *SENTENCES).table, pair(CLAIM, *(SENTENCES[i] for i in order)).table
    expected, found = (np.delete(table, _OF_NEIGHBOURS, axis=1) for table in (plain[order], moved))
    assert found == pytest.approx(expected)


def test_case_white_space_and_unicode_forms_move_no_feature() -> None:
    plain = pair(CLAIM, *SENTENCES)
    altered = pair(CLAIM.upper(), *(f"  {one.upper().replace(' ', '  ')} " for one in SENTENCES))
    assert altered.table == pytest.approx(plain.table)
    assert altered.stance_row(scores(4))[0] == pytest.approx(plain.stance_row(scores(4))[0])


def test_the_sentence_that_says_it_covers_more_than_one_about_something_else() -> None:
    coverage = pair(CLAIM, *SENTENCES).table[:, SENTENCE_FEATURES.index("coverage")]
    assert int(np.argmax(coverage)) == 1
    assert coverage[2] == 0.0


def test_the_very_words_of_the_claim_cover_all_of_it() -> None:
    row = dict(zip(SENTENCE_FEATURES, pair(CLAIM, CLAIM).table[0].tolist(), strict=True))
    assert row["coverage"] == pytest.approx(1.0)
    assert row["jaccard"] == pytest.approx(1.0)
    assert row["rarest missing"] == 0.0


@pytest.mark.parametrize(
    ("claim", "sentence", "names"),
    [
        ("Mulch lowers water loss.", "Mulch raised water loss.", ["axes differ"]),
        ("Mulch lowers water loss.", "Mulch did not lower water loss.", ["one hand denies", "sentence denies"]),
        ("Mulch lowers loss by 30 %.", "Mulch lowered loss by 12 %.", ["quantities differ"]),
        ("Growth was linear.", "Growth was nonlinear.", ["opposite prefixes"]),
        ("Mulch changes growth.", "Mulch had no effect on growth.", ["finds nothing, claim asserts"]),
        ("Oats are taller than rye.", "Rye is taller than oats.", ["compared crosswise"]),
        pytest.param(
            "Oats are taller than rye in shade.",
            "Rye is taller than oats in shade.",
            ["compared crosswise"],
            marks=pytest.mark.xfail(strict=True, reason="“taller” and “shade” outvote the swap"),
        ),
    ],
)
def test_what_speaks_against_a_claim_is_counted_under_its_name(claim: str, sentence: str, names: list[str]) -> None:
    found = polarity(claim, sentence)
    assert all(found[name] > 0 for name in names), found
    assert has_cue(np.array(list(found.values())))


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ("Mulch lowers water loss.", "Mulch reduced water loss."),
        ("Mulch lowers loss by 30 %.", "Mulch lowered loss by 30 %."),
        ("Oats are taller than rye in shade.", "Oats were taller than rye in shade."),
        ("Mulch did not lower loss.", "Mulch does not lower loss."),
    ],
)
def test_what_says_the_same_has_no_cue_against_it(claim: str, sentence: str) -> None:
    assert not has_cue(np.array(list(polarity(claim, sentence).values())))


def test_a_found_source_stands_apart_by_what_it_is_ahead_of_the_others() -> None:
    near, far = (pair(CLAIM, SENTENCES[i]).evidence_row(np.array([score])) for i, score in ((1, 0.9), (2, 0.1)))
    found = search_features(np.stack([near, far]), [0, 1], [1.0, 0.5])
    ahead = SEARCH_FEATURES.index("best: coverage, before the others")
    assert found[0, ahead] > 0 > found[1, ahead]
    alone = search_features(near[None, :], [0], [1.0])
    assert alone[0, ahead] == 0.0

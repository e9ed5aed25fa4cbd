"""The file of coefficients: what it must say of itself, and which back end it does not fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import ValidationError

from pipelines.models import ClaimVerdict, Stance
from pipelines.verification.backend import Regime, SourceText
from pipelines.verification.closer_look import CLOSER_FEATURES
from pipelines.verification.feature_model import MODEL_FILE, FeatureModel, load_feature_model
from pipelines.verification.features import (
    EVIDENCE_FEATURES,
    POSITION_FEATURES,
    SEARCH_FEATURES,
    SENTENCE_FEATURES,
    STANCE_FEATURES,
)
from pipelines.verification.features_backend import FeaturesBackend, default_backend
from pipelines.verification.terms import load_terms
from pipelines.verification.word_vectors import load_vectors

MODEL = load_feature_model()
SOURCE = SourceText("a", "", ("Mulch lowered water loss of bare beds.", "Penguins moult once a year."))


class Letters:
    """An encoder that counts letters."""

    version = "letters-1"

    def encode(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        counts = np.array([[one.count(c) + 1e-3 for c in "aeiou"] for one in sentences], dtype=np.float32)
        return counts / np.linalg.norm(counts, axis=1, keepdims=True)


def backend(model: FeatureModel = MODEL) -> FeaturesBackend:
    return FeaturesBackend(model, load_terms(), load_vectors())


# --- the shipped file ---------------------------------------------------------------------------


def test_the_shipped_coefficients_are_for_the_features_that_are_computed() -> None:
    assert MODEL.nearest.features == SENTENCE_FEATURES
    assert MODEL.quoting.features == SENTENCE_FEATURES + POSITION_FEATURES
    assert MODEL.stance.features == STANCE_FEATURES
    assert MODEL.decisions[Regime.GIVEN].evidence.model.features == EVIDENCE_FEATURES
    assert MODEL.decisions[Regime.SEARCHED].evidence.model.features == EVIDENCE_FEATURES + SEARCH_FEATURES
    for decision in MODEL.decisions.values():
        assert decision.closer_evidence.model.features == CLOSER_FEATURES
        assert decision.closer_stance.model.features == CLOSER_FEATURES


def test_the_shipped_coefficients_name_their_data_and_its_licence() -> None:
    assert MODEL.origin
    assert all(one.data and one.licence and one.use for one in MODEL.origin)
    assert MODEL.made_by
    assert (Path(__file__).parents[2] / MODEL.made_by).is_file()
    assert MODEL_FILE.stat().st_size <= 1_000_000


def test_each_regime_has_a_curve_of_bins_that_follow_each_other() -> None:
    assert set(MODEL.decisions) == set(MODEL.reliability) == set(Regime)
    for bins in MODEL.reliability.values():
        assert sum(one.cases for one in bins) >= 500
        assert all(one.from_confidence <= one.mean_confidence <= one.to_confidence for one in bins)
        edges = [(one.from_confidence, one.to_confidence) for one in bins]
        assert all(before[1] <= after[0] + 1e-9 for before, after in pairwise(edges))


# --- a file of another form ---------------------------------------------------------------------


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    path.write_text(MODEL.model_dump_json(), encoding="utf-8")
    assert load_feature_model(path) == MODEL


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"least_quoted": 0.0}, "least_quoted"),
        ({"least_quoted": 1.5}, "least_quoted"),
        ({"origin": [{"data": "d", "licence": "l", "rows": 0, "use": "u"}]}, "rows"),
        ({"decisions": {"guessed": {}}}, "decisions"),
        ({"favourite": 1}, "favourite"),
    ],
)
def test_a_file_of_another_form_is_refused_by_name(changed: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        FeatureModel.model_validate(MODEL.model_dump(mode="json") | changed)


@pytest.mark.parametrize("text", ["", "{", "[]", "null"])
def test_a_file_that_holds_no_model_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValidationError):
        load_feature_model(path)


def test_a_tree_that_asks_for_a_feature_too_many_is_refused() -> None:
    held = MODEL.nearest.model_dump(mode="json")
    held["trees"]["trees"][0]["feature"] = [len(SENTENCE_FEATURES)] * len(held["trees"]["trees"][0]["feature"])
    with pytest.raises(ValidationError, match="does not have"):
        FeatureModel.model_validate(MODEL.model_dump(mode="json") | {"nearest": held})


# --- a back end that it does not fit ------------------------------------------------------------


@pytest.mark.parametrize("name", ["terms_id", "lexicon_id", "vectors_id"])
def test_coefficients_fitted_with_other_tables_are_refused_with_what_to_do(name: str) -> None:
    with pytest.raises(ValueError, match=r"other-1.*make train"):
        backend(MODEL.model_copy(update={name: "other-1"}))


def test_other_statistics_or_vectors_than_those_fitted_with_are_refused() -> None:
    with pytest.raises(ValueError, match="other-1"):
        FeaturesBackend(MODEL, replace(load_terms(), snapshot_id="other-1"), load_vectors())
    with pytest.raises(ValueError, match="other-1"):
        FeaturesBackend(MODEL, load_terms(), replace(load_vectors(), vectors_id="other-1"))


def test_an_encoder_without_coefficients_for_it_is_refused() -> None:
    with pytest.raises(ValueError, match="sentence encoder none"):
        FeaturesBackend(MODEL, load_terms(), load_vectors(), Letters())
    with pytest.raises(ValueError, match="sentence encoder letters-1"):
        backend(MODEL.model_copy(update={"encoder": "letters-1"}))


@pytest.mark.parametrize("name", ["nearest", "quoting", "stance"])
def test_coefficients_fitted_on_other_features_are_refused_by_the_name_of_their_model(name: str) -> None:
    held = getattr(MODEL, name)
    renamed = held.model_copy(update={"features": ("another feature", *held.features[1:])})
    with pytest.raises(ValueError, match=f"{name}.*other features.*make train"):
        backend(MODEL.model_copy(update={name: renamed}))


@pytest.mark.parametrize("regime", Regime)
@pytest.mark.parametrize("name", ["evidence", "closer_evidence", "closer_stance"])
def test_so_are_those_of_a_decision(name: str, regime: Regime) -> None:
    held = MODEL.decisions[regime]
    one = getattr(held, name)
    renamed = one.model_copy(update={"model": one.model.model_copy(update={"features": ("other",)})})
    changed = held.model_copy(update={name: renamed})
    with pytest.raises(ValueError, match=f"{name.replace('_', ' ')}, {regime}"):
        backend(MODEL.model_copy(update={"decisions": MODEL.decisions | {regime: changed}}))


def test_the_version_moves_with_the_coefficients() -> None:
    moved = MODEL.model_copy(update={"least_quoted": MODEL.least_quoted / 2})
    assert backend().version == default_backend().version
    assert backend(moved).version != backend().version


# --- what the back end promises -----------------------------------------------------------------


@pytest.mark.parametrize("regime", Regime)
@pytest.mark.parametrize(
    "claim", ["Mulch lowers water loss of bare beds.", "Mulch raises water loss of bare beds.", "Bees fly by day."]
)
def test_a_decided_source_quotes_a_sentence_of_that_stance_and_shares_add_up(claim: str, regime: Regime) -> None:
    (held,) = default_backend().judge(claim, [SOURCE], regime)
    assert held.probabilities is not None
    shares = held.probabilities
    assert shares.supported + shares.refuted + shares.not_enough_info == pytest.approx(1.0)
    stances = {ClaimVerdict.SUPPORTED: Stance.SUPPORTS, ClaimVerdict.REFUTED: Stance.REFUTES}
    assert held.quotes[0].stance is stances.get(held.verdict, Stance.NEUTRAL)
    assert all(0 <= quote.sentence < len(SOURCE.sentences) for quote in held.quotes)
    assert held.reason


@pytest.mark.parametrize(
    ("claim", "source", "words"),
    [
        ("of the and", SOURCE, "no word that could be looked for"),
        ("Mulch lowers loss.", SourceText("a", "A title", ()), "no text"),
        ("Mulch lowers loss.", SourceText("a", "A title", ("  ", "\n")), "no text"),
    ],
)
def test_what_cannot_be_judged_says_why(claim: str, source: SourceText, words: str) -> None:
    (held,) = default_backend().judge(claim, [source], Regime.GIVEN)
    assert (held.verdict, held.confidence, held.quotes) == (ClaimVerdict.NOT_CHECKED, None, ())
    assert words in held.reason


def test_a_source_that_cannot_be_judged_takes_no_other_ones_place() -> None:
    empty = SourceText("b", "", ())
    held = default_backend().judge("Mulch lowers water loss of bare beds.", [empty, SOURCE, empty], Regime.GIVEN)
    assert [one.source_id for one in held] == ["b", "a", "b"]
    assert [one.verdict is ClaimVerdict.NOT_CHECKED for one in held] == [True, False, True]


def test_of_a_very_long_source_the_nearest_sentences_are_found_wherever_they_stand() -> None:
    filler = tuple(f"Penguin {i} moulted on rock {i}." for i in range(300))
    source = SourceText("a", "", (*filler, "Mulch lowers water loss of bare beds.", *filler))
    (held,) = default_backend().judge("Mulch lowers water loss of bare beds.", [source], Regime.GIVEN)
    assert held.verdict is ClaimVerdict.SUPPORTED
    assert held.quotes[0].sentence == 300


def test_the_same_words_are_supported_whatever_the_coefficients() -> None:
    (held,) = default_backend().judge("Penguins moult once a year", [SOURCE], Regime.SEARCHED)
    assert (held.verdict, held.quotes[0].sentence) == (ClaimVerdict.SUPPORTED, 1)
    assert held.confidence is not None
    assert held.confidence >= 0.9

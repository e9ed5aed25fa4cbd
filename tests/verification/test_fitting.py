"""Fitting on a small world of beds and penguins: the same twice, and right where the case is plain."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from pipelines.models import ClaimVerdict
from pipelines.verification.backend import Regime, SourceText
from pipelines.verification.examination import pair_of
from pipelines.verification.feature_model import FeatureModel, Origin
from pipelines.verification.features_backend import FeaturesBackend
from pipelines.verification.lexicon import load_lexicon
from pipelines.verification.profiles import profile, source_profile
from pipelines.verification.terms import load_terms
from pipelines.verification.word_vectors import load_vectors

pytest.importorskip("lightgbm", reason="fitting needs the extra `train`")
pytest.importorskip("sklearn", reason="fitting needs the extra `train`")

from pipelines.verification.fit_measures import decided_f1, macro_f1, reliability_bins
from pipelines.verification.fitting import (  # behind the check for the extra
    Example,
    Texts,
    fit,
    fit_platt,
)

SUPPORTED, REFUTED, OPEN = ClaimVerdict.SUPPORTED, ClaimVerdict.REFUTED, ClaimVerdict.NOT_ENOUGH_INFO
THINGS = ("Mulch", "Compost", "Shading", "Watering", "Weeding", "Liming", "Pruning", "Digging", "Netting", "Mowing")
GAINS = ("yield of beans", "growth of oats", "loss of soil", "depth of roots")
ORIGIN = Origin(data="written for this test", licence="Apache-2.0", rows=1, use="fitting")


def sentences(thing: str, gain: str, label: ClaimVerdict) -> tuple[str, ...]:
    told = {
        SUPPORTED: f"In two summers, {thing.lower()} increased the {gain} in all beds.",
        REFUTED: f"In two summers, {thing.lower()} did not increase the {gain} in any bed.",
        OPEN: "The price of seed was noted by two clerks.",
    }
    return "Penguins moult once a year on bare rock.", told[label], "Boats were painted green in spring."


def examples() -> list[Example]:
    terms, vectors = load_terms(), load_vectors()
    made = []
    for thing, gain, label in product(THINGS, GAINS, (SUPPORTED, REFUTED, OPEN)):
        said = profile(f"{thing} increases the {gain}.", terms, vectors)
        # Labels of real sets err too: a few sources that say it are called open.
        told = SUPPORTED if gain == GAINS[0] and thing in THINGS[:3] and label is OPEN else label
        source = source_profile("", sentences(thing, gain, told), terms, vectors)
        settling = () if label is OPEN else (frozenset({1}),)
        made.append(
            Example(pair_of(said, source), label, settling, thing, f"{thing} {gain}", frozenset({Regime.GIVEN}))
        )
    return made


def fitted() -> FeatureModel:
    texts = Texts(load_terms().snapshot_id, load_lexicon().lexicon_id, load_vectors().vectors_id)
    return fit(examples(), texts, model_id="small", made_on="2026-11-21", made_by="this test", origin=(ORIGIN,))


@pytest.fixture(scope="module")
def model() -> FeatureModel:
    return fitted()


def test_the_same_examples_give_the_same_coefficients(model: FeatureModel) -> None:
    assert fitted() == model


def test_a_regime_without_examples_gets_no_decision(model: FeatureModel) -> None:
    assert set(model.decisions) == set(model.reliability) == {Regime.GIVEN}


def test_every_measured_example_is_in_one_bin_of_the_curve(model: FeatureModel) -> None:
    assert sum(one.cases for one in model.reliability[Regime.GIVEN]) == len(THINGS) * len(GAINS) * 3


@pytest.mark.parametrize("label", [SUPPORTED, REFUTED, OPEN])
def test_a_thing_that_was_never_seen_is_judged_rightly(model: FeatureModel, label: ClaimVerdict) -> None:
    backend = FeaturesBackend(model, load_terms(), load_vectors())
    source = SourceText("a", "", sentences("Raking", "yield of rye", label))
    (held,) = backend.judge("Raking increases the yield of rye.", [source], Regime.GIVEN)
    assert held.verdict is label
    if label is not OPEN:
        assert held.quotes[0].sentence == 1


# --- what thresholds and curves are made with ---------------------------------------------------


def test_f1_by_hand() -> None:
    labels = [SUPPORTED, SUPPORTED, REFUTED, OPEN]
    said = [SUPPORTED, OPEN, REFUTED, OPEN]
    # SUPPORTED 2*1/(2+1), REFUTED 2*1/(1+1), NOT_ENOUGH_INFO 2*1/(1+2)
    assert macro_f1(labels, said) == pytest.approx((2 / 3 + 1 + 2 / 3) / 3)
    # 2 of the 3 decided ones are said rightly, and nothing else is decided.
    assert decided_f1(labels, said) == pytest.approx(2 * 2 / (3 + 2))
    assert macro_f1(labels, labels) == decided_f1(labels, labels) == 1.0
    assert decided_f1(labels, [OPEN] * 4) == 0.0


def test_bins_hold_each_case_once_and_leave_out_the_empty() -> None:
    bins = reliability_bins(np.array([0.05, 0.91, 0.99, 1.0]), np.array([False, True, True, False]))
    assert [(one.from_confidence, one.cases) for one in bins] == [(0.0, 1), (0.9, 3)]
    assert bins[1].right == pytest.approx(2 / 3)
    assert bins[1].mean_confidence == pytest.approx((0.91 + 0.99 + 1.0) / 3)


def test_calibration_finds_the_share_that_is_right() -> None:
    # Of a hundred with logit -1, 20 are true; of a hundred with logit 1, 70.
    logits = np.repeat([-1.0, 1.0], 100)
    labels = np.concatenate([np.arange(100) < 20, np.arange(100) < 70])
    found = fit_platt(logits, labels).probabilities(np.array([-1.0, 1.0]))
    assert found == pytest.approx([0.2, 0.7], abs=0.005)

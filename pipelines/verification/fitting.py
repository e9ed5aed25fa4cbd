"""Fits the coefficients of the features back end from labelled examples.

Owns the order of fitting (nearness, evidence, stance, calibration, thresholds) and what each learns from. Every
score that a later model learns from is made by models that did not see that example's group. Does not belong
here: reading data sets (`benchmarks/train_features.py`), judging (`features_backend`). Needs the extra `train`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.models import ClaimVerdict
from pipelines.verification.backend import Regime
from pipelines.verification.closer_look import CLOSER_FEATURES, LOOKED_AT_FROM, together
from pipelines.verification.estimators import Blend, Floats, Logistic, Platt, Tree, Trees, sigmoid
from pipelines.verification.examination import ENCODER_EVIDENCE_FEATURES, Pair
from pipelines.verification.feature_model import Calibrated, Decision, FeatureModel, Origin, ReliabilityBin, decided
from pipelines.verification.features import (
    ENCODER_SENTENCE_FEATURES,
    EVIDENCE_FEATURES,
    POSITION_FEATURES,
    SEARCH_FEATURES,
    SENTENCE_FEATURES,
    STANCE_FEATURES,
    has_cue,
    search_features,
)
from pipelines.verification.fit_measures import decided_f1, macro_f1, reliability_bins

Bools = NDArray[np.bool_]
Worth = Callable[[Sequence[ClaimVerdict], Sequence[ClaimVerdict]], float]  # of labels and what was said

FOLDS = 5
_SEED = 13
_TREES: dict[str, Any] = {
    "learning_rate": 0.04,
    "min_child_samples": 25,
    "subsample": 0.8,
    "subsample_freq": 1,
    "colsample_bytree": 0.5,
    "verbose": -1,
    "n_jobs": 1,
    "random_state": _SEED,
    "deterministic": True,
    "force_row_wise": True,
}


@dataclass(frozen=True)
class Size:
    """How much a model may learn: C of the logistic regression (the smaller, the stronger the penalty), and trees."""

    penalty: float
    trees: int
    leaves: int


_NEAREST = Size(0.1, 80, 8)
_DECIDING = Size(0.01, 100, 6)
_AGAIN = Size(0.02, 40, 4)
_LEAST_SCALE = 1e-6
_EVIDENCE_STEPS = np.arange(0.25, 0.61, 0.025)
_REFUTED_STEPS = np.arange(0.35, 0.66, 0.025)
_QUOTED_STEPS = np.arange(0.1, 0.7, 0.025)


@dataclass(frozen=True, eq=False)
class Example:
    """A claim against one source, with its label and the sentences that settle it (empty where none does).

    Examples of one `group` share text and never stand on both sides of a fold. `regimes` are those whose models
    learn from it; one that is evidence without named sentences teaches nothing of which way it goes. `measured`:
    calibration and thresholds are found on it. `question` is common to the sources that one search found.
    """

    pair: Pair
    label: ClaimVerdict
    sentences: tuple[frozenset[int], ...]  # each a set that settles it together
    group: str
    question: str
    regimes: frozenset[Regime]
    rank: int = 0
    closeness: float = 1.0
    weight: float = 1.0
    measured: bool = True

    @property
    def settling(self) -> frozenset[int]:
        return frozenset().union(*self.sentences)

    @property
    def is_evidence(self) -> bool:
        return self.label is not ClaimVerdict.NOT_ENOUGH_INFO


@dataclass(frozen=True)
class Texts:
    """What the features were computed with."""

    terms_id: str
    lexicon_id: str
    vectors_id: str
    encoder: str | None = None
    encoder_probes: tuple[float, ...] = ()


def fit(
    examples: Sequence[Example],
    texts: Texts,
    *,
    model_id: str,
    made_on: str,
    made_by: str,
    origin: tuple[Origin, ...],
) -> FeatureModel:
    """Fit all models. The same examples in the same order give the same coefficients."""
    folds = _folds([one.group for one in examples])
    encoded = texts.encoder is not None
    sentence_names = SENTENCE_FEATURES + (ENCODER_SENTENCE_FEATURES if encoded else ())
    near = _Sentences.of(examples, folds, lambda pair: pair.table)
    nearest, scores = near.fitted(sentence_names)
    quoted = _Sentences.of(examples, folds, lambda pair: pair.quoting_table)
    quoting, quote_scores = quoted.fitted(sentence_names + POSITION_FEATURES)
    stances = [one.pair.stance_row(score) for one, score in zip(examples, scores, strict=True)]
    shown = np.array([has_cue(each[0][1]) for _, each in stances])
    stance, refuted = _fit_stance(examples, folds, np.stack([row for row, _ in stances]))
    decisions, reliability = {}, {}
    for regime in Regime:
        held = [i for i, one in enumerate(examples) if regime in one.regimes]
        if not any(examples[i].measured for i in held):
            continue
        decisions[regime], reliability[regime] = _fit_decision(
            [examples[i] for i in held],
            folds[held],
            [scores[i] for i in held],
            refuted[held],
            shown[held].copy(),
            regime,
            encoded=encoded,
        )
    return FeatureModel(
        model_id=model_id,
        made_on=made_on,
        made_by=made_by,
        origin=origin,
        terms_id=texts.terms_id,
        lexicon_id=texts.lexicon_id,
        vectors_id=texts.vectors_id,
        encoder=texts.encoder,
        encoder_probes=texts.encoder_probes,
        nearest=nearest,
        quoting=quoting,
        least_quoted=_least_quoted(examples, quote_scores),
        stance=stance,
        decisions=decisions,
        reliability=reliability,
    )


def _folds(groups: Sequence[str]) -> NDArray[np.intp]:
    """Fold of each example: groups dealt out by size, largest first, in an order of their own."""
    sizes: dict[str, int] = {}
    for group in groups:
        sizes[group] = sizes.get(group, 0) + 1
    order = np.random.default_rng(_SEED).permutation(len(sizes))
    named = sorted(sizes)
    dealt = sorted((named[i] for i in order), key=lambda group: -sizes[group])
    filled = [0] * FOLDS
    fold_of: dict[str, int] = {}
    for group in dealt:
        fold_of[group] = int(np.argmin(filled))
        filled[fold_of[group]] += sizes[group]
    return np.array([fold_of[group] for group in groups], dtype=np.intp)


# --- one model ----------------------------------------------------------------------------------


def fit_blend(names: Sequence[str], rows: Floats, labels: Bools, weights: Floats, size: Size) -> Blend:
    """Logistic regression and boosted trees on the same rows."""
    return Blend(
        features=tuple(names),
        logistic=_fit_logistic(rows, labels, weights, size.penalty),
        trees=_fit_trees(rows, labels, weights, size),
    )


def _fit_logistic(rows: Floats, labels: Bools, weights: Floats, penalty: float) -> Logistic:
    from sklearn.linear_model import LogisticRegression

    means = np.average(rows, axis=0, weights=weights)
    scales = np.sqrt(np.average((rows - means) ** 2, axis=0, weights=weights))
    scales = np.where(scales > _LEAST_SCALE, scales, 1.0)
    model = LogisticRegression(C=penalty, max_iter=3000)
    model.fit((rows - means) / scales, labels, sample_weight=weights)
    return Logistic(
        means=_short(means),
        scales=_short(scales),
        weights=_short(model.coef_[0]),
        intercept=float(model.intercept_[0]),
    )


def _short(values: Floats) -> tuple[float, ...]:
    return tuple(float(f"{value:.6g}") for value in values)


def _fit_trees(rows: Floats, labels: Bools, weights: Floats, size: Size) -> Trees:
    from lightgbm import LGBMClassifier

    model = LGBMClassifier(**_TREES, n_estimators=size.trees, num_leaves=size.leaves)
    model.fit(rows, labels, sample_weight=weights)
    dumped = model.booster_.dump_model()["tree_info"]
    return Trees(trees=tuple(_tree(one["tree_structure"]) for one in dumped))


def _tree(root: Mapping[str, Any]) -> Tree:
    """LightGBM's nested form, flattened; parents before children."""
    feature: list[int] = []
    threshold: list[float] = []
    left: list[int] = []
    right: list[int] = []
    value: list[float] = []

    def walk(node: Mapping[str, Any]) -> int:
        if "leaf_value" in node:
            value.append(float(f"{node['leaf_value']:.6g}"))
            return ~(len(value) - 1)
        at = len(feature)
        feature.append(int(node["split_feature"]))
        threshold.append(float(node["threshold"]))
        left.append(0)
        right.append(0)
        left[at] = walk(node["left_child"])
        right[at] = walk(node["right_child"])
        return at

    walk(root)
    return Tree(
        feature=tuple(feature),
        threshold=tuple(threshold),
        left=tuple(left),
        right=tuple(right),
        value=tuple(value),
    )


def _crossed(fitted: Callable[[Bools], Blend], rows: Floats, folds: NDArray[np.intp], learns: Bools) -> Floats:
    """Logits of each row by a model that learned from the other folds."""
    logits = np.zeros(len(rows))
    for fold in range(FOLDS):
        apart = folds == fold
        if apart.any():
            logits[apart] = fitted(learns & ~apart).logits(rows[apart])
    return logits


# --- sentences ----------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Sentences:
    """All sentences of all examples below each other."""

    rows: Floats
    settles: Bools
    learns: Bools  # sentences of sources that settle their claim: which of them does it?
    weights: Floats
    folds: NDArray[np.intp]
    ends: NDArray[np.intp]

    @classmethod
    def of(cls, examples: Sequence[Example], folds: NDArray[np.intp], table: Callable[[Pair], Floats]) -> _Sentences:
        tables = [table(one.pair) for one in examples]
        sizes = np.array([len(one) for one in tables])
        settles = [i in one.settling for one, size in zip(examples, sizes, strict=True) for i in range(size)]
        return cls(
            np.concatenate(tables),
            np.array(settles),
            np.repeat(np.array([bool(one.sentences) for one in examples]), sizes),
            np.repeat(np.array([one.weight for one in examples]), sizes),
            np.repeat(folds, sizes),
            np.cumsum(sizes),
        )

    def fitted(self, names: Sequence[str]) -> tuple[Blend, list[Floats]]:
        """The model, and for each example the probabilities of its sentences by models that did not see it."""

        def on(chosen: Bools) -> Blend:
            held = self.rows[chosen], self.settles[chosen], self.weights[chosen]
            return fit_blend(names, *held, _NEAREST)

        crossed = sigmoid(_crossed(on, self.rows, self.folds, self.learns))
        return on(self.learns), np.split(crossed, self.ends[:-1])


def _least_quoted(examples: Sequence[Example], scores: Sequence[Floats]) -> float:
    """The threshold for further quotes with the best F1 of quoted sentences on measured examples."""
    held = [(one, score) for one, score in zip(examples, scores, strict=True) if one.measured and one.sentences]

    def f1(least: float) -> float:
        right = said = there = 0
        for one, score in held:
            order = np.argsort(-score, kind="stable")[:3]
            quoted = {int(i) for n, i in enumerate(order) if n == 0 or score[i] >= least}
            right += sum(any(i in group and group <= quoted for group in one.sentences) for i in quoted)
            said, there = said + len(quoted), there + len(one.settling)
        return 2 * right / max(1, said + there)

    return round(float(max(_QUOTED_STEPS, key=f1)), 4)


# --- evidence and stance ------------------------------------------------------------------------


def _fit_stance(examples: Sequence[Example], folds: NDArray[np.intp], rows: Floats) -> tuple[Blend, Floats]:
    """The model of which way evidence goes, and its crossed logits for every example."""
    labels = np.array([one.label is ClaimVerdict.REFUTED for one in examples])
    weights = np.array([one.weight for one in examples])
    learns = np.array([bool(one.sentences) and Regime.GIVEN in one.regimes for one in examples])

    def on(chosen: Bools) -> Blend:
        held = rows[chosen], labels[chosen], weights[chosen]
        return fit_blend(STANCE_FEATURES, *held, _DECIDING)

    return on(learns), _crossed(on, rows, folds, learns)


def _fit_decision(
    examples: Sequence[Example],
    folds: NDArray[np.intp],
    scores: Sequence[Floats],
    refuted: Floats,
    shown: Bools,
    regime: Regime,
    *,
    encoded: bool,
) -> tuple[Decision, tuple[ReliabilityBin, ...]]:
    names = EVIDENCE_FEATURES + (ENCODER_EVIDENCE_FEATURES if encoded else ())
    rows = np.stack([one.pair.evidence_row(score) for one, score in zip(examples, scores, strict=True)])
    if regime is Regime.SEARCHED:
        rows = np.concatenate([rows, _search_rows(examples, rows)], axis=1)
        names += SEARCH_FEATURES
    labels = np.array([one.is_evidence for one in examples])
    weights = np.array([one.weight for one in examples])
    measured = np.array([one.measured for one in examples])
    everything = np.ones(len(rows), dtype=bool)

    def fitted(columns: Sequence[str], table: Floats, wanted: Bools, learns: Bools, size: Size) -> _Fitted:
        return _Fitted.of(columns, table, wanted, weights, folds, measured, learns, size)

    first = fitted(names, rows, labels, everything, _DECIDING)
    open_to_look = first.probabilities >= LOOKED_AT_FROM
    closer = np.zeros((len(rows), len(CLOSER_FEATURES)))
    objects = np.zeros(len(rows), dtype=bool)
    for i in np.flatnonzero(open_to_look).tolist():
        look = examples[i].pair.closer_look(scores[i])
        closer[i] = look.row(float(first.logits[i]), float(refuted[i]))
        shown[i] |= look.against is not None
        objects[i] = look.objects
    second = fitted(CLOSER_FEATURES, closer, labels, open_to_look, _AGAIN)
    refutes = np.array([one.label is ClaimVerdict.REFUTED for one in examples])
    told = open_to_look & np.array([bool(one.sentences) for one in examples])
    stance = fitted(CLOSER_FEATURES, closer, refutes, told, _AGAIN)
    seen = _Measured(
        np.where(open_to_look, together(first.probabilities, second.probabilities), first.probabilities)[measured],
        stance.probabilities[measured],
        shown[measured],
        objects[measured],
        [one.label for one in examples if one.measured],
    )
    least_evidence, least_refuted = seen.thresholds(macro_f1 if regime is Regime.GIVEN else _searched_worth)
    decision = Decision(
        evidence=first.model,
        closer_evidence=second.model,
        closer_stance=stance.model,
        least_evidence=least_evidence,
        least_refuted=least_refuted,
    )
    return decision, seen.reliability(least_evidence, least_refuted)


@dataclass(frozen=True, eq=False)
class _Fitted:
    """A calibrated model, and what models that did not see an example's group say of it."""

    model: Calibrated
    logits: Floats
    probabilities: Floats

    @classmethod
    def of(
        cls,
        names: Sequence[str],
        rows: Floats,
        labels: Bools,
        weights: Floats,
        folds: NDArray[np.intp],
        measured: Bools,
        learns: Bools,
        size: Size,
    ) -> _Fitted:
        """Fitted on all that `learns`; calibrated on those of them that are `measured`."""

        def on(chosen: Bools) -> Blend:
            return fit_blend(names, rows[chosen], labels[chosen], weights[chosen], size)

        crossed = _crossed(on, rows, folds, learns)
        calibration = fit_platt(crossed[measured & learns], labels[measured & learns])
        model = Calibrated(model=on(learns), calibration=calibration)
        return cls(model, crossed, calibration.probabilities(crossed))


def _search_rows(examples: Sequence[Example], rows: Floats) -> Floats:
    """`SEARCH_FEATURES` of each example among those of its question."""
    questions: dict[str, list[int]] = {}
    for i, one in enumerate(examples):
        questions.setdefault(one.question, []).append(i)
    found = np.zeros((len(rows), len(SEARCH_FEATURES)))
    for held in questions.values():
        ranks, closeness = [examples[i].rank for i in held], [examples[i].closeness for i in held]
        found[held] = search_features(rows[held], ranks, closeness)
    return found


def fit_platt(logits: Floats, labels: Bools) -> Platt:
    """Slope and intercept by maximum likelihood; a slope that is not positive means that the model is useless."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=1e6).fit(logits[:, None], labels)
    return Platt(slope=float(model.coef_[0, 0]), intercept=float(model.intercept_[0]))


@dataclass(frozen=True, eq=False)
class _Measured:
    """What the crossed models say of measured examples, in their order."""

    evidence: Floats
    refuted: Floats
    shown: Bools
    objects: Bools
    labels: Sequence[ClaimVerdict]

    def said(self, least_evidence: float, least_refuted: float) -> list[ClaimVerdict]:
        rows = zip(self.evidence, self.refuted, self.shown, self.objects, strict=True)
        return [
            decided(e, q, least_evidence, least_refuted, shown=shown, objects=objects)[0]
            for e, q, shown, objects in rows
        ]

    def thresholds(self, worth: Worth) -> tuple[float, float]:
        """The pair that is worth most together with the pairs around it: one lucky step decides nothing."""
        values = np.array(
            [[worth(self.labels, self.said(float(e), float(q))) for q in _REFUTED_STEPS] for e in _EVIDENCE_STEPS]
        )
        padded = np.pad(values, 1, mode="edge")
        around = sum(padded[i : i + values.shape[0], j : j + values.shape[1]] for i in range(3) for j in range(3))
        at = np.unravel_index(int(np.argmax(around)), values.shape)
        return round(float(_EVIDENCE_STEPS[at[0]]), 4), round(float(_REFUTED_STEPS[at[1]]), 4)

    def reliability(self, least_evidence: float, least_refuted: float) -> tuple[ReliabilityBin, ...]:
        said = self.said(least_evidence, least_refuted)
        shares = {
            ClaimVerdict.SUPPORTED: self.evidence * (1 - self.refuted),
            ClaimVerdict.REFUTED: self.evidence * self.refuted,
            ClaimVerdict.NOT_ENOUGH_INFO: 1 - self.evidence,
        }
        confidence = np.array([shares[verdict][i] for i, verdict in enumerate(said)])
        right = np.array([a is b for a, b in zip(said, self.labels, strict=True)])
        return reliability_bins(confidence, right)


def _searched_worth(labels: Sequence[ClaimVerdict], said: Sequence[ClaimVerdict]) -> float:
    """Most found sources say nothing, so what is decided counts as much as the three labels."""
    return macro_f1(labels, said) + decided_f1(labels, said)

"""The small models of the features back end, as numbers that anybody can read, and how they are evaluated.

Owns logistic regression, boosted trees and their blend: form in JSON, and evaluation with numpy. Does not belong
here: fitting them (`fitting`), what the features are (`features`). Every model names its features, so that a
changed feature table is noticed when it is loaded. Logits are natural; arrays are (rows, features).
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from pipelines.models import Model

Floats = NDArray[np.float64]


def sigmoid(logits: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logits, -60.0, 60.0))))


class Logistic(Model):
    """Logistic regression on standardised features: intercept + sum of weight * (value - mean) / scale."""

    means: tuple[float, ...]
    scales: tuple[float, ...]
    weights: tuple[float, ...]
    intercept: float

    @cached_property
    def _line(self) -> tuple[Floats, float]:
        slopes = np.array(self.weights) / np.array(self.scales)
        return slopes, self.intercept - float(slopes @ np.array(self.means))

    def logits(self, rows: Floats) -> Floats:
        slopes, offset = self._line
        return np.asarray(rows @ slopes + offset)


class Tree(Model):
    """One tree. Node i asks whether feature[i] <= threshold[i]: yes goes to left[i], no to right[i].

    A child >= 0 is a node, a child < 0 is the leaf ~child, whose value is added to the logit.
    """

    feature: tuple[int, ...]
    threshold: tuple[float, ...]
    left: tuple[int, ...]
    right: tuple[int, ...]
    value: tuple[float, ...]

    @model_validator(mode="after")
    def _leads_down(self) -> Tree:
        """Children lie behind their parent, so that every walk ends."""
        nodes = len(self.feature)
        if not nodes == len(self.threshold) == len(self.left) == len(self.right) == len(self.value) - 1:
            raise ValueError("a tree of n nodes has n features, thresholds and children, and n + 1 leaves")
        for at, (one, other) in enumerate(zip(self.left, self.right, strict=True)):
            for child in (one, other):
                if not (at < child < nodes or 0 <= ~child < len(self.value)):
                    raise ValueError("a node of a tree leads to no later node and no leaf")
        return self


class Trees(Model):
    """Boosted trees: the logit is the sum of one leaf of each tree."""

    trees: tuple[Tree, ...]

    @cached_property
    def _stacked(self) -> tuple[NDArray[np.intp], Floats, NDArray[np.intp], Floats, NDArray[np.intp], int]:
        """All trees one behind the other; a leaf is a node that leads to itself."""
        feature: list[int] = []
        threshold: list[float] = []
        children: list[tuple[int, int]] = []
        value: list[float] = []
        roots: list[int] = []
        deepest = 0
        for tree in self.trees:
            base, nodes = len(feature), len(tree.feature)
            roots.append(base)
            depth = [0] * (nodes or 1)
            for at in range(nodes):
                below = [base + (c if c >= 0 else nodes + ~c) for c in (tree.left[at], tree.right[at])]
                children.append((below[0], below[1]))
                for child in (tree.left[at], tree.right[at]):
                    if child >= 0:
                        depth[child] = depth[at] + 1
            deepest = max(deepest, max(depth) + 1)
            feature += [*tree.feature, *([0] * len(tree.value))]
            threshold += [*tree.threshold, *([np.inf] * len(tree.value))]
            children += [(base + nodes + leaf,) * 2 for leaf in range(len(tree.value))]
            value += [*([0.0] * nodes), *tree.value]
        return (
            np.array(feature, dtype=np.intp),
            np.array(threshold),
            np.array(children, dtype=np.intp),
            np.array(value),
            np.array(roots, dtype=np.intp),
            deepest,
        )

    def logits(self, rows: Floats) -> Floats:
        feature, threshold, children, value, roots, deepest = self._stacked
        at = np.broadcast_to(roots, (len(rows), len(roots)))
        each = np.arange(len(rows))[:, None]
        for _ in range(deepest):
            goes_right = rows[each, feature[at]] > threshold[at]
            at = children[at, goes_right.astype(np.intp)]
        return np.asarray(value[at].sum(axis=1))


class Platt(Model):
    """Calibration: the logit of the probability is slope * logit + intercept (Platt, 1999)."""

    slope: float = Field(gt=0)
    intercept: float

    def probabilities(self, logits: Floats) -> Floats:
        return sigmoid(self.slope * logits + self.intercept)


class Blend(Model):
    """The mean of the logits of a logistic regression and of boosted trees over the same features."""

    features: tuple[str, ...]
    logistic: Logistic
    trees: Trees

    @model_validator(mode="after")
    def _fits_its_features(self) -> Blend:
        width = len(self.features)
        if not width == len(self.logistic.weights) == len(self.logistic.means) == len(self.logistic.scales):
            raise ValueError(f"a model of {width} features has not as many weights")
        if any(not 0 <= at < width for tree in self.trees.trees for at in tree.feature):
            raise ValueError("a tree asks for a feature that the model does not have")
        return self

    def logits(self, rows: Floats) -> Floats:
        return np.asarray((self.logistic.logits(rows) + self.trees.logits(rows)) / 2.0)

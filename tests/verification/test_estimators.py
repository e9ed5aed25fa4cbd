"""The small models, against sums done by hand and against a naive walk down each tree."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from pipelines.verification.estimators import Blend, Logistic, Platt, Tree, Trees, sigmoid

LINE = Logistic(means=(1.0, 10.0), scales=(2.0, 5.0), weights=(4.0, -1.0), intercept=0.5)
# Is feature 0 at most 1? Yes: leaf 0 (0.25). No: is feature 1 at most 7? Yes: leaf 1 (-1), no: leaf 2 (3).
STEPPED = Tree(feature=(0, 1), threshold=(1.0, 7.0), left=(-1, -2), right=(1, -3), value=(0.25, -1.0, 3.0))
ALWAYS = Tree(feature=(), threshold=(), left=(), right=(), value=(0.125,))


def test_a_regression_is_the_weighted_sum_of_standardised_features() -> None:
    # 0.5 + 4 * (3 - 1) / 2 - (20 - 10) / 5
    assert LINE.logits(np.array([[3.0, 20.0]])) == pytest.approx([2.5])


def test_the_mean_of_all_features_gives_the_intercept() -> None:
    assert LINE.logits(np.array([[1.0, 10.0]])) == pytest.approx([0.5])


@pytest.mark.parametrize(
    ("row", "leaf"), [((1.0, 99.0), 0.25), ((1.01, 7.0), -1.0), ((1.01, 7.01), 3.0)], ids=["left", "equal", "right"]
)
def test_a_value_at_the_threshold_goes_left(row: tuple[float, float], leaf: float) -> None:
    assert Trees(trees=(STEPPED,)).logits(np.array([row])) == pytest.approx([leaf])


def test_trees_add_up_and_one_without_a_question_adds_its_leaf() -> None:
    rows = np.array([[0.0, 0.0], [2.0, 9.0]])
    assert Trees(trees=(STEPPED, ALWAYS, STEPPED)).logits(rows) == pytest.approx([0.625, 6.125])


def test_a_blend_is_the_mean_of_both_logits() -> None:
    both = Blend(features=("a", "b"), logistic=LINE, trees=Trees(trees=(STEPPED,)))
    assert both.logits(np.array([[3.0, 20.0]])) == pytest.approx([(2.5 + 3.0) / 2])


def test_a_calibrated_probability_is_the_sigmoid_of_slope_times_logit_plus_intercept() -> None:
    found = Platt(slope=2.0, intercept=-1.0).probabilities(np.array([0.5, 1.0]))
    assert found == pytest.approx([0.5, 1 / (1 + math.exp(-1.0))])


@pytest.mark.parametrize("slope", [0.0, -1.0])
def test_a_calibration_that_turns_the_order_round_is_refused(slope: float) -> None:
    with pytest.raises(ValidationError, match="slope"):
        Platt(slope=slope, intercept=0.0)


@given(st.floats(allow_nan=False))
def test_a_sigmoid_is_a_probability_without_a_warning(logit: float) -> None:
    with np.errstate(all="raise"):
        (found,) = sigmoid(np.array([logit]))
    assert 0.0 <= found <= 1.0


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"left": (0, -2)}, "no later node and no leaf"),
        ({"right": (1, 0)}, "no later node and no leaf"),
        ({"right": (2, -3)}, "no later node and no leaf"),
        ({"left": (-4, -2)}, "no later node and no leaf"),
        ({"threshold": (1.0,)}, "n features, thresholds and children"),
        ({"value": (0.25, -1.0)}, "n \\+ 1 leaves"),
    ],
    ids=["to itself", "back to the root", "to no node", "to no leaf", "a threshold is missing", "a leaf is missing"],
)
def test_a_tree_that_leads_nowhere_is_refused(changed: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Tree.model_validate(STEPPED.model_dump() | changed)


@pytest.mark.parametrize("names", [(), ("a",), ("a", "b", "c")])
def test_a_blend_has_a_weight_for_each_feature(names: tuple[str, ...]) -> None:
    with pytest.raises(ValidationError, match="not as many weights"):
        Blend(features=names, logistic=LINE, trees=Trees(trees=()))


@pytest.mark.parametrize("asked", [2, -1])
def test_a_tree_may_only_ask_for_features_of_its_blend(asked: int) -> None:
    odd = Tree(feature=(asked,), threshold=(0.0,), left=(-1,), right=(-2,), value=(0.0, 1.0))
    with pytest.raises(ValidationError, match="does not have"):
        Blend(features=("a", "b"), logistic=LINE, trees=Trees(trees=(odd,)))


WIDTH = 3
VALUES = st.floats(-10, 10, allow_nan=False)


@st.composite
def any_tree(draw: st.DrawFn) -> Tree:
    """A tree grown by splitting leaves, so that every node and leaf is reached from the root."""
    feature: list[int] = []
    threshold: list[float] = []
    left: list[int] = []
    right: list[int] = []
    value: list[float] = []

    def grow(depth: int) -> int:
        if depth == 0 or draw(st.booleans()):
            value.append(draw(VALUES))
            return ~(len(value) - 1)
        at = len(feature)
        feature.append(draw(st.integers(0, WIDTH - 1)))
        threshold.append(draw(VALUES))
        left.append(0)
        right.append(0)
        left[at], right[at] = grow(depth - 1), grow(depth - 1)
        return at

    grow(draw(st.integers(0, 4)))
    return Tree(
        feature=tuple(feature), threshold=tuple(threshold), left=tuple(left), right=tuple(right), value=tuple(value)
    )


def walked(tree: Tree, row: list[float]) -> float:
    at = 0 if tree.feature else -1
    while at >= 0:
        goes_left = row[tree.feature[at]] <= tree.threshold[at]
        at = tree.left[at] if goes_left else tree.right[at]
    return tree.value[~at]


@given(
    st.lists(any_tree(), min_size=1, max_size=4),
    st.lists(st.lists(VALUES, min_size=WIDTH, max_size=WIDTH), min_size=1, max_size=5),
)
def test_trees_give_what_a_walk_down_each_of_them_gives(trees: list[Tree], rows: list[list[float]]) -> None:
    expected = [sum(walked(tree, row) for tree in trees) for row in rows]
    assert Trees(trees=tuple(trees)).logits(np.array(rows)) == pytest.approx(expected)

"""Krippendorff's alpha: how far observers agree beyond chance, for any number of them and with values missing.

After Krippendorff (2011), "Computing Krippendorff's alpha-reliability". Belongs here: the statistic and its
bootstrap. Does not belong here: who the observers are and what the figure means for a record (`agreement`).
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
_SPREAD = (2.5, 97.5)


class Metric(StrEnum):
    """How far apart two values are."""

    NOMINAL = "nominal"  # another value is another value
    ORDINAL = "ordinal"  # by how many values lie between them
    INTERVAL = "interval"  # by their difference
    RATIO = "ratio"  # by their difference against their sum


def alpha(ratings: Sequence[Sequence[float | None]], metric: Metric) -> float | None:
    """Alpha of `ratings`, one row an observer, one column a unit; None stands for a value that is missing.

    A unit with fewer than two values pairs nothing and is left out. None where fewer than two units are left or
    all values are the same: then there is no disagreement by chance to measure against.
    """
    counts, values = _counts(ratings)
    if len(counts) < 2 or len(values) < 2:
        return None
    return float(_alphas(counts, values, metric, np.ones((1, len(counts))))[0])


def alpha_interval(
    ratings: Sequence[Sequence[float | None]], metric: Metric, seed: int, draws: int = 1000
) -> tuple[float, float] | None:
    """95 % interval of alpha when the units are drawn anew, with replacement.

    Draws in which all values are the same have no alpha and are left out; None where there is no alpha at all.
    """
    counts, values = _counts(ratings)
    if len(counts) < 2 or len(values) < 2:
        return None
    shares = np.full(len(counts), 1 / len(counts))
    times = np.random.default_rng(seed).multinomial(len(counts), shares, size=draws)
    found = _alphas(counts, values, metric, times.astype(np.float64))
    low, high = np.percentile(found[~np.isnan(found)], _SPREAD)
    return float(low), float(high)


def _counts(ratings: Sequence[Sequence[float | None]]) -> tuple[Numbers, Numbers]:
    """How often each value stands in each unit that has two or more; and the values, in order."""
    units = [[value for value in unit if value is not None] for unit in zip(*ratings, strict=True)]
    pairable = [unit for unit in units if len(unit) > 1]
    values = np.array(sorted({value for unit in pairable for value in unit}), dtype=np.float64)
    counts = np.array([[unit.count(value) for value in values] for unit in pairable], dtype=np.float64)
    return counts, values


def _alphas(counts: Numbers, values: Numbers, metric: Metric, times: Numbers) -> Numbers:
    """Alpha for each row of `times`, which says how often each unit is taken; nan where nothing varies.

    1 - (n - 1) x sum over units of (disagreement within / (values in it - 1)) / disagreement of all values.
    """
    totals = np.einsum("du,uv->dv", times, counts)  # how often each value occurs in the units taken
    if metric is Metric.ORDINAL:
        found = [_disagreements(counts, total, _ranks_apart(total)) for total in totals]
        within, expected = (np.array(column) for column in zip(*found, strict=True))
    else:
        within, _ = _disagreements(counts, totals[0], far := _distances(values, metric))
        expected = np.einsum("dv,dv->d", np.einsum("dv,vw->dw", totals, far), totals)
    observed = (times * within).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(1 - (totals.sum(axis=1) - 1) * observed / expected)


def _disagreements(counts: Numbers, total: Numbers, far: Numbers) -> tuple[Numbers, Numbers]:
    """Of the pairs within each unit, and of all pairs of values."""
    within = np.einsum("uv,uv->u", np.einsum("uv,vw->uw", counts, far), counts) / (counts.sum(axis=1) - 1)
    return within, np.asarray(total @ far @ total)


def _ranks_apart(total: Numbers) -> Numbers:
    up_to = np.cumsum(total) - total / 2
    return np.asarray((up_to[:, None] - up_to[None, :]) ** 2)


def _distances(values: Numbers, metric: Metric) -> Numbers:
    """Squared distance of every two values."""
    one, other = values[:, None], values[None, :]
    if metric is Metric.NOMINAL:
        return np.asarray(one != other, dtype=np.float64)
    if metric is Metric.INTERVAL:
        return np.asarray((one - other) ** 2)
    both = one + other
    return np.asarray(np.divide(one - other, both, out=np.zeros_like(both), where=both != 0) ** 2)

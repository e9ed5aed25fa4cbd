"""How much each score would move with other claims and references: one resample for all reviewers.

Belongs here: judgements to scores, as given and as redrawn. Does not belong here: which scores make up the
score of a record (`scoring`). Pure: the seed is passed in.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipelines.review.material import RECORD_UNIT, Judgement, Part

Numbers = NDArray[np.float64]
DRAWS = 1000
_TAIL = 25  # draws below a 95 % interval, and above it


def units_of(judgements: Sequence[Judgement]) -> tuple[str, ...]:
    """The claims and references that the judgements rest on, in order; the record as a whole is none."""
    named = {unit for judgement in judgements for part in judgement.parts for unit in part.worth}
    return tuple(sorted(named - {RECORD_UNIT}))


def drawn_scores(judgements: Sequence[Judgement], seed: int) -> Numbers:
    """A row for each judgement; the first column holds the scores as judged, each other column one draw.

    In a draw each unit counts as often as an exponential variable of mean 1 says (Bayesian bootstrap), the same for
    every judgement. Each part is given two unseen units besides, one worth nothing and one worth all, that count for
    half a unit each (as in the interval of Jeffreys), so that five claims of five are not certainty. What rests on
    the record as a whole does not move.
    """
    units = units_of(judgements)
    rng = np.random.default_rng(seed)
    times = np.ones((len(units) + 1, DRAWS + 1))  # the last row is the record
    times[:-1, 1:] = rng.standard_exponential((len(units), DRAWS))
    parts = [part for judgement in judgements for part in judgement.parts]
    means = _means(parts, units, times, rng)
    scores = np.empty((len(judgements), DRAWS + 1))
    at = 0
    for row, judgement in enumerate(judgements):
        weights = np.array([[part.weight] for part in judgement.parts])
        mean = (weights * means[at : at + len(weights)]).sum(axis=0) / weights.sum()
        scores[row] = np.clip(10 * mean - judgement.off, 0, 10)
        at += len(weights)
    return scores


def _means(parts: Sequence[Part], units: Sequence[str], times: Numbers, rng: np.random.Generator) -> Numbers:
    """The mean worth of each part in each draw."""
    place = {unit: index for index, unit in enumerate((*units, RECORD_UNIT))}
    holds, worth = np.zeros((len(parts), len(place))), np.zeros((len(parts), len(place)))
    for row, part in enumerate(parts):
        at = [place[unit] for unit in part.worth]
        holds[row, at] = [part.counts.get(unit, 1.0) for unit in part.worth]
        worth[row, at] = holds[row, at] * list(part.worth.values())
    unseen = np.zeros((2, len(parts), times.shape[1]))
    moving = holds[:, :-1].any(axis=1)
    unseen[:, moving, 1:] = rng.standard_normal((2, int(moving.sum()), DRAWS)) ** 2 / 2  # gamma of shape 1/2
    # einsum stays on one thread: for tables this small the threads behind `@` cost more than the sums
    earned, counted = np.einsum("pu,ud->pd", worth, times), np.einsum("pu,ud->pd", holds, times)
    return np.asarray((earned + unseen[0]) / (counted + unseen[0] + unseen[1]))


def interval(drawn: Numbers) -> tuple[float, float]:
    """95 % interval of a row of draws, the score as judged (its first) within it."""
    ordered = np.sort(drawn[1:])
    return min(float(ordered[_TAIL]), float(drawn[0])), max(float(ordered[-1 - _TAIL]), float(drawn[0]))

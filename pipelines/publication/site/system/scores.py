"""Review score against the share of supported claims, a record each; their rank correlation."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pipelines.counts import counted
from pipelines.publication.site.system.drawing import circle, line, square, svg, text
from pipelines.publication.site.system.view import ScorePoint

MOST_POINTS = 500  # records that are drawn one by one; beyond, they are counted by square
STEPS = 20  # squares a side
_Z = 1.959964  # of a 95 % interval
_FEWEST = 4  # records that a rank correlation is given for

_LEFT, _TOP, _WIDTH, _HEIGHT = 62.0, 12.0, 400.0, 300.0
_STRIP, _BOTTOM = 84.0, 50.0  # room on the right for records without a score
_LARGEST = 11.0


@dataclass(frozen=True)
class RankCorrelation:
    """Spearman's rho with its 95 % interval (Bonett and Wright 2000), over `records`."""

    rho: float
    low: float
    high: float
    records: int


@dataclass(frozen=True)
class Cell:
    """Records in one square of the grid: scores in [from_score, to_score), shares likewise; the last end included."""

    from_score: float
    to_score: float
    from_share: float
    to_share: float
    records: int


def compared(points: Sequence[ScorePoint]) -> list[ScorePoint]:
    """Those that have both a score and claims."""
    return [one for one in points if one.score is not None and one.claims]


def rank_correlation(points: Sequence[ScorePoint]) -> RankCorrelation | None:
    """None for fewer than four records, or where all have the same score or the same share."""
    held = compared(points)
    records = sum(one.records for one in held)
    if records < _FEWEST:
        return None
    weights = [one.records for one in held]
    left = _ranks([one.score or 0.0 for one in held], weights)
    right = _ranks([one.supported / one.claims for one in held], weights)
    rho = _correlation(left, right, weights)
    if rho is None:
        return None
    middle, half = math.atanh(max(-0.999999, min(0.999999, rho))), _Z * math.sqrt((1 + rho**2 / 2) / (records - 3))
    return RankCorrelation(rho, math.tanh(middle - half), math.tanh(middle + half), records)


def _ranks(values: Sequence[float], weights: Sequence[int]) -> list[float]:
    """The rank of each value, the mean of their ranks for ties; a value of weight n stands for n."""
    held: Counter[float] = Counter()
    for value, weight in zip(values, weights, strict=True):
        held[value] += weight
    rank, before = {}, 0
    for value in sorted(held):
        rank[value] = before + (held[value] + 1) / 2
        before += held[value]
    return [rank[value] for value in values]


def _correlation(left: Sequence[float], right: Sequence[float], weights: Sequence[int]) -> float | None:
    whole = sum(weights)
    middle = [sum(w * x for w, x in zip(weights, side, strict=True)) / whole for side in (left, right)]
    moved = [(w, x - middle[0], y - middle[1]) for w, x, y in zip(weights, left, right, strict=True)]
    spread = math.sqrt(sum(w * x * x for w, x, _ in moved) * sum(w * y * y for w, _, y in moved))
    return sum(w * x * y for w, x, y in moved) / spread if spread else None


def cells(points: Sequence[ScorePoint], steps: int = STEPS) -> list[Cell]:
    """How many records lie in each square of a grid, those that hold any, in order."""
    held: Counter[tuple[int, int]] = Counter()
    for one in compared(points):
        across = min(steps - 1, int((one.score or 0.0) / 10 * steps))
        held[across, min(steps - 1, one.supported * steps // one.claims)] += one.records
    return [
        Cell(10 * x / steps, 10 * (x + 1) / steps, y / steps, (y + 1) / steps, count)
        for (x, y), count in sorted(held.items())
    ]


def scores_finding(points: Sequence[ScorePoint]) -> str:
    held = sum(one.records for one in compared(points))
    if not held:
        return "No record has both a score and claims."
    found = rank_correlation(points)
    if found is None:
        return f"{counted(held, 'record')} with score and claims: too few, or too much alike, for a correlation."
    return (
        f"Over {found.records:,} records, score and share of supported claims have a rank correlation of "
        f"{found.rho:.2f} (95 % interval {found.low:.2f} to {found.high:.2f})."
    )


def left_out(points: Sequence[ScorePoint]) -> tuple[int, int]:
    """Records without a score that have claims, and records without claims."""
    unscored = sum(one.records for one in points if one.score is None and one.claims)
    return unscored, sum(one.records for one in points if not one.claims)


def scores_svg(points: Sequence[ScorePoint]) -> Markup:
    """A circle for records at one place, or a square for those in one square of the grid: the more, the larger."""
    bottom, right = _TOP + _HEIGHT, _LEFT + _WIDTH
    parts = [*_axes(), *_without_score(points)]
    if sum(one.records for one in compared(points)) > MOST_POINTS:
        held = cells(points)
        most, side = max(one.records for one in held), min(_WIDTH, _HEIGHT) / STEPS
        for one in held:
            x, y = (one.from_score + one.to_score) / 20, (one.from_share + one.to_share) / 2
            size = max(1.5, side * math.sqrt(one.records / most))
            parts.append(square(_x(x), _y(y), size, "mark"))
    else:
        places: Counter[tuple[float, float]] = Counter()
        for point in compared(points):
            places[(point.score or 0.0) / 10, point.supported / point.claims] += point.records
        parts += [circle(_x(x), _y(y), _radius(count), "mark") for (x, y), count in sorted(places.items())]
    said = f"Review score against share of supported claims. {scores_finding(points)}"
    return svg(right + _STRIP, bottom + _BOTTOM, said, parts)


def _without_score(points: Sequence[ScorePoint]) -> list[Markup]:
    """A strip beside the plot, by the share of supported claims alone."""
    places: Counter[int] = Counter()
    for one in points:
        if one.score is None and one.claims:
            places[min(STEPS - 1, one.supported * STEPS // one.claims)] += one.records
    x = _LEFT + _WIDTH + _STRIP / 2
    parts = [
        line(x, _TOP, x, _TOP + _HEIGHT, "grid"),
        text(x, _TOP + _HEIGHT + 18, "no score", "middle", "soft"),
        text(x, _TOP + _HEIGHT + 34, f"({sum(places.values()):,})", "middle", "soft"),
    ]
    return parts + [circle(x, _y((step + 0.5) / STEPS), _radius(n), "open-mark") for step, n in sorted(places.items())]


def _axes() -> list[Markup]:
    bottom, right = _TOP + _HEIGHT, _LEFT + _WIDTH
    parts = [line(_LEFT, bottom, right, bottom), line(_LEFT, _TOP, _LEFT, bottom)]
    for tick in range(0, 11, 2):
        parts += [line(_x(tick / 10), _TOP, _x(tick / 10), bottom, "grid")]
        parts += [text(_x(tick / 10), bottom + 18, str(tick), "middle", "soft")]
    for tick in range(0, 101, 20):
        parts += [line(_LEFT, _y(tick / 100), right, _y(tick / 100), "grid")]
        parts += [text(_LEFT - 8, _y(tick / 100) + 4, f"{tick} %", "end", "soft")]
    parts.append(text(_LEFT + _WIDTH / 2, bottom + 40, "score given by the reviewers (0 to 10)", "middle"))
    parts.append(text(14, _TOP + _HEIGHT / 2, "share of claims supported", "middle", turned=True))
    return parts


def _x(share: float) -> float:
    return _LEFT + _WIDTH * share


def _y(share: float) -> float:
    return _TOP + _HEIGHT * (1 - share)


def _radius(records: int) -> float:
    return min(_LARGEST, 3.2 * math.sqrt(records))

"""The score of a record and of its dimensions, from what its reviewers judged, each with its doubt.

Belongs here: what counts for how much, intervals, what happens without one reviewer. Does not belong here: judging
(`reviewers`), agreement (`agreement`). A failed reviewer is absent and named, never a zero.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.counts import counted
from pipelines.models import Dimension, DimensionScore, Review, ReviewSummary
from pipelines.review.material import Judgement
from pipelines.review.reviewers.agreement import agreement_of
from pipelines.review.reviewers.dimensions import unscored_reason
from pipelines.review.reviewers.intervals import Numbers, drawn_scores, interval, units_of

EVIDENCE_SHARE = 0.5  # what D-1 counts for in the score; the other dimensions share the rest
HOW = (
    "half evidence strength (D-1), half the mean of the other dimensions that could be assessed; a dimension is the"
    " mean of the reviewers that scored it"
)


@dataclass(frozen=True)
class Judged:
    """What one reviewer said, or why it could not."""

    reviewer: str
    version: str
    model: str | None = None
    judgements: tuple[Judgement, ...] = ()
    failed: str | None = None


@dataclass(frozen=True)
class _Cell:
    """One score of one reviewer."""

    reviewer: str
    judgement: Judgement


def scored(judged: Sequence[Judged]) -> tuple[tuple[Review, ...], ReviewSummary]:
    """The reviews and their summary. The same judgements give the same figures."""
    cells = [_Cell(one.reviewer, said) for one in judged for said in one.judgements if said.parts]
    judgements = [cell.judgement for cell in cells]
    units = units_of(judgements)
    seed = int.from_bytes(hashlib.sha256("\n".join(units).encode()).digest()[:8])
    drawn = drawn_scores(judgements, seed)
    scores = {id(cell.judgement): drawn[at] for at, cell in enumerate(cells)}
    reviews = tuple(
        Review(
            reviewer=one.reviewer,
            version=one.version,
            model=one.model,
            failed=one.failed,
            scores=tuple(_entry(said.dimension, [said], scores.get(id(said)), said.reason) for said in one.judgements),
        )
        for one in judged
    )
    dimensions = tuple(_dimension(dimension, cells, drawn, judged) for dimension in Dimension)
    return reviews, _summary(judged, cells, drawn, dimensions, seed)


def _entry(dimension: Dimension, judgements: Sequence[Judgement], drawn: Numbers | None, reason: str) -> DimensionScore:
    if drawn is None:
        return DimensionScore(dimension=dimension, score=None, reason=reason)
    low, high = _rounded_interval(drawn, judgements)
    return DimensionScore(dimension=dimension, score=round(float(drawn[0]), 2), low=low, high=high, reason=reason)


def _rounded_interval(drawn: Numbers, judgements: Sequence[Judgement]) -> tuple[float | None, float | None]:
    """None where the score rests on fewer than two claims or references: one says nothing of others."""
    if len(units_of(judgements)) < 2:
        return None, None
    low, high = interval(drawn)
    return round(low, 2), round(high, 2)


def _dimension(
    dimension: Dimension, cells: Sequence[_Cell], drawn: Numbers, judged: Sequence[Judged]
) -> DimensionScore:
    """The mean of the reviewers that scored it, else UNASSESSED with the reason."""
    at = [index for index, cell in enumerate(cells) if cell.judgement.dimension is dimension]
    if not at:
        said = [
            (one.reviewer, entry.reason) for one in judged for entry in one.judgements if entry.dimension is dimension
        ]
        failed = [one.reviewer for one in judged if one.failed is not None]
        return DimensionScore(dimension=dimension, score=None, reason=unscored_reason(dimension, said, failed))
    reason = "; ".join(f"{cells[index].reviewer}: {cells[index].judgement.reason}" for index in at)
    return _entry(dimension, [cells[index].judgement for index in at], drawn[at].mean(axis=0), reason)


def _shares(cells: Sequence[_Cell], without: str | None = None) -> Numbers | None:
    """What each cell counts for in the score; None without evidence, since form alone earns no number."""
    held: dict[Dimension, list[int]] = {}
    for index, cell in enumerate(cells):
        if cell.reviewer != without:
            held.setdefault(cell.judgement.dimension, []).append(index)
    if Dimension.EVIDENCE_STRENGTH not in held:
        return None
    shares = np.zeros(len(cells))
    others = len(held) - 1
    for dimension, at in held.items():
        if dimension is Dimension.EVIDENCE_STRENGTH:
            share = EVIDENCE_SHARE if others else 1.0
        else:
            share = (1 - EVIDENCE_SHARE) / others
        shares[at] = share / len(at)
    return shares


def _summary(
    judged: Sequence[Judged],
    cells: Sequence[_Cell],
    drawn: Numbers,
    dimensions: tuple[DimensionScore, ...],
    seed: int,
) -> ReviewSummary:
    reviewers, absent = tuple(dict.fromkeys(cell.reviewer for cell in cells)), _absent(judged)
    shares = _shares(cells)
    if shares is None:
        why = _why_no_evidence(judged)
        return ReviewSummary(
            score=None, reviewers=reviewers, absent=absent, dimensions=dimensions, reason=f"No score: {why}."
        )
    low, high = _rounded_interval(np.einsum("c,cd->d", shares, drawn), [cell.judgement for cell in cells])
    without = _without_one(cells, drawn, reviewers)
    agreement = agreement_of(reviewers, _grid(cells, drawn, reviewers), seed)
    return ReviewSummary(
        score=round(float((shares * drawn[:, 0]).sum()), 2),
        low=low,
        high=high,
        without_one_low=without[0] if without else None,
        without_one_high=without[1] if without else None,
        agreement=agreement.alpha,
        agreement_low=agreement.low,
        agreement_high=agreement.high,
        agreement_reason=agreement.reason,
        reviewers=reviewers,
        absent=absent,
        dimensions=dimensions,
        reason=_how(cells, low),
    )


def _why_no_evidence(judged: Sequence[Judged]) -> str:
    said = (one for held in judged for one in held.judgements if one.dimension is Dimension.EVIDENCE_STRENGTH)
    first = next(said, None)
    return "no reviewer judged evidence strength" if first is None else first.reason.removeprefix("UNASSESSED: ")


def _how(cells: Sequence[_Cell], low: float | None) -> str:
    units = units_of([cell.judgement for cell in cells])
    references, marks = (sum(unit.startswith(kind) for unit in units) for kind in ("reference:", "mark:"))
    said = f"{counted(len(units) - references - marks, 'claim')} and {counted(references, 'reference')}"
    said += f" and {counted(marks, 'mark')} that lead to none" if marks else ""
    if low is None:
        return f"Score: {HOW}. No interval: it rests on {said}, and one alone says nothing of others."
    return f"Score: {HOW}. 95 % interval: {said} drawn anew a thousand times, the same draw for every reviewer."


def _without_one(cells: Sequence[_Cell], drawn: Numbers, reviewers: Sequence[str]) -> tuple[float, float] | None:
    """Lowest and highest score when any one reviewer is left out, where there is a score without it."""
    if len(reviewers) < 2:
        return None
    left = [_shares(cells, without=reviewer) for reviewer in reviewers]
    scores = [round(float((shares * drawn[:, 0]).sum()), 2) for shares in left if shares is not None]
    return (min(scores), max(scores)) if scores else None


def _grid(cells: Sequence[_Cell], drawn: Numbers, reviewers: Sequence[str]) -> list[list[float | None]]:
    """A row for each reviewer, a column for each dimension."""
    held = {(cell.reviewer, cell.judgement.dimension): float(drawn[at, 0]) for at, cell in enumerate(cells)}
    return [[held.get((reviewer, dimension)) for dimension in Dimension] for reviewer in reviewers]


def _absent(judged: Sequence[Judged]) -> tuple[str, ...]:
    failed = [f"{one.reviewer} failed ({one.failed})" for one in judged if one.failed is not None]
    silent = [
        f"{one.reviewer} had nothing to score"
        for one in judged
        if one.failed is None and not any(said.parts for said in one.judgements)
    ]
    return (*failed, *silent)

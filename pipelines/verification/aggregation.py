"""The rule by which judgements of several sources become one verdict on the claim.

Input: `SourceJudgement` of one back end; output: one `Overall`. The rule is printed in docs/verdicts.md. Does
not belong here: judging a source (`backend`), which sources are looked at (`verdict`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.models import ClaimVerdict, Probabilities
from pipelines.verification.backend import SourceJudgement

DECIDED = (ClaimVerdict.SUPPORTED, ClaimVerdict.REFUTED)


@dataclass(frozen=True)
class Overall:
    """`confidence` is None where nothing was judged, and for DISPUTED, of which no labelled cases exist."""

    verdict: ClaimVerdict
    confidence: float | None
    probabilities: Probabilities | None
    conflict: bool
    reason: str
    source_id: str | None  # the source that decided, or came nearest


def overall(judgements: Sequence[SourceJudgement], *, dispute_ratio: float = 0.5) -> Overall:
    """One verdict over all sources; their order changes nothing.

    How sure a source is: its confidence; where the back end states none, the probability of its own verdict; else
    it is not known. Sources on one side only: the surest of them decides; not known counts as not sure at all.
    Sources on both sides: DISPUTED, unless it is known of both sides' surest, and the surer one is more than
    1 / `dispute_ratio` times as sure: then it decides, with a conflict noted. None decides: NOT_ENOUGH_INFO by the
    source that came nearest to deciding. Sources that could not be judged count only if all failed.
    """
    judged = sorted((j for j in judgements if j.verdict is not ClaimVerdict.NOT_CHECKED), key=_order)
    if not judged:
        reasons = sorted({j.reason for j in judgements})
        return Overall(ClaimVerdict.NOT_CHECKED, None, None, False, "; ".join(reasons[:3]) or "no source", None)
    conflict = any(j.conflict for j in judged)
    best = {side: next((j for j in judged if j.verdict is side), None) for side in DECIDED}
    held = [j for j in best.values() if j is not None]
    if not held:
        return _of(min(judged, key=_openness), conflict)
    if len(held) == 1:
        return _of(held[0], conflict)
    stronger, weaker = sorted(held, key=_order)
    sure, less = sureness(stronger), sureness(weaker)
    if sure is not None and less is not None and less < dispute_ratio * sure:
        return _of(stronger, True)
    reason = "one source says it and another says otherwise"
    return Overall(ClaimVerdict.DISPUTED, None, None, True, reason, stronger.source_id)


def _of(one: SourceJudgement, conflict: bool) -> Overall:
    return Overall(one.verdict, one.confidence, one.probabilities, conflict or one.conflict, one.reason, one.source_id)


def sureness(one: SourceJudgement) -> float | None:
    """How sure a source is of its verdict; None where the back end gives no figure."""
    if one.confidence is not None or one.probabilities is None:
        return one.confidence
    shares = {
        ClaimVerdict.SUPPORTED: one.probabilities.supported,
        ClaimVerdict.REFUTED: one.probabilities.refuted,
        ClaimVerdict.NOT_ENOUGH_INFO: one.probabilities.not_enough_info,
    }
    return shares.get(one.verdict)


def _order(one: SourceJudgement) -> tuple[float, str]:
    return -(sureness(one) or 0.0), one.source_id


def _openness(one: SourceJudgement) -> tuple[float, str]:
    """How far from deciding; the least open first."""
    return (one.probabilities.not_enough_info if one.probabilities else 1.0), one.source_id

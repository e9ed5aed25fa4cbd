"""The eight quality dimensions D-1..D-8: what each asks, and why one may have no score.

Belongs here: their meaning, and the words for a missing score. Does not belong here: how a reviewer scores
(`reviewers`), how scores are put together (`scoring`). Definitions follow contract quality-dimensions-v1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipelines.models import Dimension

ASKS: Mapping[Dimension, str] = {
    Dimension.EVIDENCE_STRENGTH: "how directly and sufficiently sources support the main claims",
    Dimension.CITATION_GROUNDING: "whether claims are tied to inspectable sources and citations",
    Dimension.NUMERICAL_CONSISTENCY: "whether numbers, units, ranges and comparisons agree",
    Dimension.BENCHMARK_VALIDITY: "whether task, dataset, metric and protocol context is preserved",
    Dimension.NOVELTY: "whether the record adds something beyond restating its sources",
    Dimension.UNCERTAINTY_DISCLOSURE: "whether limits and claims that do not stand are marked",
    Dimension.REPRODUCIBILITY_STATUS: "whether artifacts and sources permit independent inspection",
    Dimension.SAFETY_IMPACT: "whether misuse and impact on people are named where they matter",
}

NO_REVIEWER: Mapping[Dimension, str] = {
    Dimension.NOVELTY: "UNASSESSED: novelty is not assessable without a reader or a model",
    Dimension.SAFETY_IMPACT: "UNASSESSED: what a text may do to people takes a reader or a model",
}


def unscored_reason(dimension: Dimension, said: Sequence[tuple[str, str]], failed: Sequence[str]) -> str:
    """Why a dimension has no score: what its reviewers said, (name, reason), else that there was none."""
    if said:
        return "; ".join(f"{name}: {reason}" for name, reason in said)
    default = NO_REVIEWER.get(dimension, "UNASSESSED: no reviewer scored it")
    return f"{default} (failed: {', '.join(failed)})" if failed else default

"""What thresholds are chosen by and how a confidence is measured: F1 over verdicts, bins of a reliability curve.

Input: labels and what was said of the same cases. Does not belong here: fitting (`fitting`), the official scores
of a data set (`benchmarks/verification.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipelines.models import ClaimVerdict
from pipelines.verification.estimators import Floats
from pipelines.verification.feature_model import ReliabilityBin

_LABELS = (ClaimVerdict.SUPPORTED, ClaimVerdict.REFUTED, ClaimVerdict.NOT_ENOUGH_INFO)


def reliability_bins(confidence: Floats, right: NDArray[np.bool_]) -> tuple[ReliabilityBin, ...]:
    """Ten bins of equal width; those without a case are left out."""
    places = np.minimum((confidence * 10).astype(int), 9)
    return tuple(
        ReliabilityBin(
            from_confidence=k / 10,
            to_confidence=(k + 1) / 10,
            cases=int((places == k).sum()),
            mean_confidence=float(confidence[places == k].mean()),
            right=float(right[places == k].mean()),
        )
        for k in range(10)
        if (places == k).any()
    )


def macro_f1(labels: Sequence[ClaimVerdict], said: Sequence[ClaimVerdict]) -> float:
    """Mean F1 over the three labels, 0..1."""
    total = 0.0
    for label in _LABELS:
        right = sum(a is b is label for a, b in zip(labels, said, strict=True))
        total += 2 * right / max(1, sum(a is label for a in labels) + sum(b is label for b in said))
    return total / len(_LABELS)


def decided_f1(labels: Sequence[ClaimVerdict], said: Sequence[ClaimVerdict]) -> float:
    """F1 of the decided ones, 0..1: SciFact's abstract-level label F1 where all evidence was found."""
    undecided = ClaimVerdict.NOT_ENOUGH_INFO
    right = sum(a is b is not undecided for a, b in zip(labels, said, strict=True))
    return 2 * right / max(1, sum(a is not undecided for a in labels) + sum(b is not undecided for b in said))

"""What a verdict was computed from, sentence by sentence: the feature table of a claim.

Made by the verdict, stored by the warehouse (`sentence_features`) so that anybody can look at it. Does not
belong here: how a feature is computed (the back ends), which sentences are quoted (`Evidence`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.models import Stance, Verdict


@dataclass(frozen=True)
class SentenceFeatures:
    """A sentence that was looked at closely: its place in a stored passage, and its features by name.

    Offsets are of characters of the passage, as in `Evidence`. Features are finite numbers. Raises ValueError
    for a feature that is none: it could be neither compared nor stored as it is meant.
    """

    passage_id: str
    source_id: str
    start: int
    end: int
    stance: Stance
    score: float  # 0..1
    features: Mapping[str, float]

    def __post_init__(self) -> None:
        odd = sorted(name for name, value in self.features.items() if not math.isfinite(value))
        if odd:
            raise ValueError(f"the feature {odd[0]!r} of a sentence of {self.source_id} is not a finite number")


@dataclass(frozen=True)
class Reached:
    """A verdict with the feature table that it was computed from; a back end without features gives none."""

    verdict: Verdict
    features: tuple[SentenceFeatures, ...] = ()

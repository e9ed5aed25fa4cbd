"""A second look at a sentence that may decide: every cue, and the five axes, as words and as numbers.

The first models count words; this reads the one sentence that matters by rule. Owns the names of what the second
models learn from. Does not belong here: the rules (`cues`, `axes`), the decision (`features_backend`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.models import AxisJudgement, AxisOutcome
from pipelines.verification.axes import AXIS_FEATURES, axis_features, judge_axes
from pipelines.verification.comparison import Comparison, Cue, CueEffect
from pipelines.verification.cues import cues_of
from pipelines.verification.profiles import Floats, Profile, SourceProfile

LOOKED_AT_FROM = 0.1  # probability of evidence from which a source is looked at again ...
FULLY_FROM = 0.3  # ... and from which only the second look counts: between the two, it counts more and more
OBJECTING = 0.6  # share of the claim's concepts in a sentence that may object to it
SHOWN_CUES = 2
_EXCUSES = ("name", "hedge", "subject")
_RULES = (
    "predicate", "subject", "direction", "denial", "lone denial", "no effect", "plain denial", "plateau",
    "unchanged", "prefix", "number", "name", "unknown word", "comparison", "aim", "hedge", "absolute",
    "quantifier", "removal", "modifier", "roles",
)  # fmt: skip
CLOSER_FEATURES: tuple[str, ...] = (
    "evidence so far",
    "refuted so far",
    "coverage of its concepts",
    *(f"{rule} refutes" for rule in _RULES),
    *(f"{rule} is in the way" for rule in _RULES),
    *AXIS_FEATURES,
)


@dataclass(frozen=True)
class CloserLook:
    """What rules say of one sentence; `sentence` is its place among the described ones."""

    sentence: int
    coverage: float
    cues: tuple[Cue, ...]
    axes: tuple[AxisJudgement, ...]

    def row(self, evidence: float, refuted: float) -> Floats:
        """(`CLOSER_FEATURES`,) with the logits of the first models."""
        refutes = {cue.rule for cue in self.cues if cue.effect is CueEffect.REFUTES}
        blocks = {cue.rule for cue in self.cues if cue.effect is not CueEffect.REFUTES}
        axes = axis_features(self.axes)
        return np.array(
            [
                evidence,
                refuted,
                self.coverage,
                *(float(rule in refutes) for rule in _RULES),
                *(float(rule in blocks) for rule in _RULES),
                *(axes[name] for name in AXIS_FEATURES),
            ]
        )

    @property
    def objects(self) -> bool:
        """A plain cue says the opposite, and the sentence is about nearly the whole claim, and states a finding."""
        excused = any(cue.effect in (CueEffect.MUTES, CueEffect.MISNAMES) or cue.rule in _EXCUSES for cue in self.cues)
        return not excused and self.coverage >= OBJECTING and self.said(CueEffect.REFUTES) is not None

    @property
    def against(self) -> str | None:
        """What refutes, in words: the cues, or where an axis differs."""
        return self.said(CueEffect.REFUTES) or self.differing

    def said(self, effect: CueEffect | None = None) -> str | None:
        words = [cue.why for cue in self.cues if effect is None or cue.effect is effect]
        return "; ".join(words[:SHOWN_CUES]) or None

    @property
    def differing(self) -> str | None:
        words = [one.why for one in self.axes if one.outcome is AxisOutcome.DIFFERS and one.why]
        return "; ".join(words[:SHOWN_CUES]) or None


def together(first: Floats, second: Floats) -> Floats:
    """Probabilities by both looks, without a step where the second begins."""
    share = np.clip((first - LOOKED_AT_FROM) / (FULLY_FROM - LOOKED_AT_FROM), 0.0, 1.0)
    return np.asarray((1.0 - share) * first + share * second)


def look_closer(claim: Profile, source: SourceProfile, sentence: int) -> CloserLook:
    held, weighed = source.sentences[sentence], claim.weighed
    comparison = Comparison(
        claim=claim.reading,
        source=held.reading,
        concepts=held.reading.concept_set,
        passage_concepts=source.concepts,
        passage_codes=source.squashed,
        predicate_at=weighed.predicate_at,
        rare=weighed.rare,
    )
    return CloserLook(sentence, weighed.coverage(comparison.concepts), cues_of(comparison), judge_axes(comparison))

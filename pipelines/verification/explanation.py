"""Why a source was judged as it was, in words for the reader.

Owns the sentences that go with a verdict. Does not belong here: finding cues (`closer_look`), the decision
(`features_backend`). Input: a verdict and a closer look, where there was one; output: a reason and a cue.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from pipelines.models import ClaimVerdict
from pipelines.verification.closer_look import CloserLook
from pipelines.verification.features import cue_words, polarity_features
from pipelines.verification.profiles import Profile

_FIRST = {
    ClaimVerdict.REFUTED: "the source says otherwise",
    ClaimVerdict.SUPPORTED: "the source says it",
    ClaimVerdict.NOT_ENOUGH_INFO: "no sentence of the source says it or denies it",
}
_CONFLICT = "something speaks against the claim, but not clearly enough to refute it"


@dataclass(frozen=True)
class Explanation:
    reason: str
    why: str | None  # of the sentence: its cue


def explain(
    claim: Profile, sentence: Profile, verdict: ClaimVerdict, conflict: bool, look: CloserLook | None
) -> Explanation:
    first = _CONFLICT if conflict else _FIRST[verdict]
    why = _why(verdict, conflict, look)
    if why is None and verdict is ClaimVerdict.REFUTED:
        why = "; ".join(cue_words(polarity_features(claim, sentence))) or None
    why = why or _covered(claim, sentence)
    return Explanation(f"{first}: {why}", why)


def _why(verdict: ClaimVerdict, conflict: bool, look: CloserLook | None) -> str | None:
    if look is None or verdict is ClaimVerdict.SUPPORTED:
        return None
    if conflict or verdict is ClaimVerdict.REFUTED:
        return look.against
    return look.differing or look.said()


def _covered(claim: Profile, sentence: Profile) -> str:
    shared = math.fsum(claim.weight_of[stem] for stem in claim.weight_of.keys() & sentence.weight_of.keys())
    return f"its nearest sentence holds {shared / claim.total:.0%} of the claim's words by rarity"

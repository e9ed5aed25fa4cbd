"""A back end for tests: it compares words, so that no test of ours moves when coefficients are fitted again.

It supports a claim by a sentence with the same words, and refutes it where exactly one of the two says "not".
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.ingestion.search.terms import index_terms
from pipelines.models import Axis, AxisJudgement, AxisOutcome, ClaimVerdict, Probabilities, Stance
from pipelines.verification.backend import Quote, Regime, SourceJudgement, SourceText

STANCES = {ClaimVerdict.SUPPORTED: Stance.SUPPORTS, ClaimVerdict.REFUTED: Stance.REFUTES}


class SameWords:
    """`asked` holds each (source id, regime) that it was asked about."""

    name = "same words"

    def __init__(self, version: str = "1") -> None:
        self.version = version
        self.asked: list[tuple[str, Regime]] = []

    def judge(self, claim: str, sources: Sequence[SourceText], regime: Regime) -> tuple[SourceJudgement, ...]:
        self.asked += [(source.source_id, regime) for source in sources]
        return tuple(_judged(claim, source) for source in sources)


def _judged(claim: str, source: SourceText) -> SourceJudgement:
    wanted = set(index_terms(claim))
    for place, sentence in enumerate(source.sentences):
        if set(index_terms(sentence)) == wanted:
            same = _denies(sentence) == _denies(claim)
            return _said(source, place, ClaimVerdict.SUPPORTED if same else ClaimVerdict.REFUTED, len(wanted))
    shares = Probabilities(supported=0.1, refuted=0.1, not_enough_info=0.8)
    nearest = (Quote(0, Stance.NEUTRAL, 0.1, "it has other words", {"words": len(wanted)}),)
    return SourceJudgement(
        source.source_id, ClaimVerdict.NOT_ENOUGH_INFO, 0.8, shares, nearest, "the words are not there"
    )


def _said(source: SourceText, place: int, verdict: ClaimVerdict, words: int) -> SourceJudgement:
    supported = verdict is ClaimVerdict.SUPPORTED
    shares = Probabilities(supported=0.9 * supported, refuted=0.9 * (not supported), not_enough_info=0.1)
    outcome = AxisOutcome.AGREES if supported else AxisOutcome.DIFFERS
    return SourceJudgement(
        source.source_id,
        verdict,
        0.9,
        shares,
        (Quote(place, STANCES[verdict], 0.9, "it has the same words", {"words": words}),),
        "the words are there",
        axes=(AxisJudgement(axis=Axis.RELATION, outcome=outcome, why="by its words"),),
    )


def _denies(text: str) -> bool:
    return "not" in text.lower().split()

"""What every back end of the verifier is given and gives back, whichever model stands behind it.

A back end holds one claim against the sentences of each source and judges each source on its own. Does not
belong here: how several sources become one verdict (`aggregation`), where sentences stand in stored passages
(`verdict`). Text of a source is data: a back end compares it, and obeys nothing that it says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from pipelines.models import AxisJudgement, ClaimVerdict, Probabilities, Stance


class Regime(StrEnum):
    """How the sources were come by; each has a calibration of its own."""

    GIVEN = "given"  # the claim names its source, or the record does
    SEARCHED = "searched"  # the source was found by searching for the claim


@dataclass(frozen=True)
class SourceText:
    """A source as a back end sees it: a title (or "") and sentences in their order.

    `rank` (0 is the best) and `closeness` (search score over that of the best, 0..1) are of the search that
    found it; they mean nothing where the source was given.
    """

    source_id: str
    title: str
    sentences: tuple[str, ...]
    rank: int = field(default=0, compare=False)
    closeness: float = field(default=1.0, compare=False)


@dataclass(frozen=True)
class Quote:
    """A sentence that bears on the claim: its place in `SourceText.sentences` (0-based) and how much it counts."""

    sentence: int
    stance: Stance
    score: float  # 0..1
    why: str | None = None
    features: Mapping[str, float] = field(default_factory=dict)  # what the score was computed from, by name


@dataclass(frozen=True)
class SourceJudgement:
    """One source's verdict. Quotes are ordered by score; the best first.

    `verdict` is SUPPORTED, REFUTED, NOT_ENOUGH_INFO, or NOT_CHECKED with the reason where the back end
    failed on it (then confidence and probabilities are None). SUPPORTED and REFUTED have a quote of that
    stance. An undecided source may quote its nearest sentence as NEUTRAL. `axes` are of the first quote.
    """

    source_id: str
    verdict: ClaimVerdict
    confidence: float | None
    probabilities: Probabilities | None
    quotes: tuple[Quote, ...]
    reason: str
    conflict: bool = False
    axes: tuple[AxisJudgement, ...] = ()


class Backend(Protocol):
    """Judges sources one by one. The order of sources changes nothing."""

    @property
    def name(self) -> str:
        """ "features", "onnx" or "llm"."""

    @property
    def version(self) -> str:
        """Changes whenever the same input may get another judgement."""

    def judge(self, claim: str, sources: Sequence[SourceText], regime: Regime) -> tuple[SourceJudgement, ...]:
        """One judgement for each source, in the order given. Never raises for what a text or a service says."""

"""The `onnx` back end: a cross-encoder of the user, trained on natural-language inference.

The claim is the hypothesis; a source's sentences, pairs of neighbours and the best few together are premises. Owns
the rule from premises to a source's three shares, the verdict and the quotes. Does not belong here: the folder,
labels and parity (`nli_model`), confidence (`nli_calibration`). The axes of a claim are not judged by it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from pydantic import Field

from pipelines.models import ClaimVerdict, Model, Probabilities, Stance
from pipelines.verification.backend import Quote, Regime, SourceJudgement, SourceText
from pipelines.verification.nli_calibration import NliCalibration, load_nli_calibration
from pipelines.verification.nli_model import LABELS, NliLabel, NliModel, Parity, load_nli_model, parity_of
from pipelines.verification.onnx_model import ModelFolderError, ModelRunError, RunSettings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

METHOD = "onnx-1"  # of the rule below; another rule, another name
_WORD = re.compile(r"\w{3,40}")
_READ_FOR_WORDS = 4_000  # characters of a sentence
_ALONE = 0.5  # a sentence is quoted that alone reaches this share of the best premise's
_SIDES = (
    (ClaimVerdict.SUPPORTED, Stance.SUPPORTS, 0, "entails"),
    (ClaimVerdict.REFUTED, Stance.REFUTES, 2, "contradicts"),
)
_NEUTRAL = LABELS.index(NliLabel.NEUTRAL)


class OnnxSettings(Model):
    """How the back end works; each changes the version. Thresholds are of the shares after calibration."""

    max_tokens: int = Field(default=256, ge=16, le=8192)
    batch: int = Field(default=8, ge=1, le=256)
    threads: int = Field(default=1, ge=1, le=64)
    looked_at: int = Field(default=64, ge=1, le=5000)  # sentences of a source, those that share most words
    pairs_around: int = Field(default=3, ge=0, le=50)  # sentences whose neighbours are read with them
    together: int = Field(default=3, ge=0, le=10)  # best sentences that are read as one
    most_quotes: int = Field(default=3, ge=1, le=20)
    support_at: float = Field(default=0.5, ge=0, le=1)
    refute_at: float = Field(default=0.7, ge=0, le=1)  # such networks call the unrelated contradicting

    def run(self) -> RunSettings:
        """The part that the network needs."""
        return RunSettings(max_tokens=self.max_tokens, batch=self.batch, threads=self.threads)


@dataclass(frozen=True)
class Premise:
    """Sentences of a source read as one text, and the three shares in the order of `LABELS`."""

    sentences: tuple[int, ...]
    shares: tuple[float, float, float]


@dataclass(frozen=True)
class OnnxBackend:
    """Made by `load_onnx_backend`. `parity` is None where the folder does not say what the framework computed."""

    model: NliModel
    settings: OnnxSettings
    calibration: NliCalibration | None
    parity: Parity | None

    @property
    def name(self) -> str:
        """As the settings and verdicts name it."""
        return "onnx"

    @property
    def version(self) -> str:
        """The rule, the network's hash, and a hash of all else that a judgement depends on."""
        calibration = self.calibration.model_dump_json() if self.calibration else "none"
        network = self.model.network
        rest = f"{network.tokenizer_sha256}/{self.model.columns}/{self.settings.model_dump_json()}/{calibration}"
        rest += f"/{network.max_tokens}"
        return f"{METHOD}/{network.model_sha256[:12]}/{hashlib.sha256(rest.encode()).hexdigest()[:8]}"

    def scores(self, claim: str, sentences: Sequence[str]) -> NDArray[np.float32]:
        """Logits of each sentence alone, n x 3: entailment, neutral, contradiction; no verdict of its own.

        Raises ModelRunError where the claim is longer than the model reads, or the model fails.
        """
        return self.model.logits([(sentence, claim) for sentence in sentences])

    def judge(self, claim: str, sources: Sequence[SourceText], regime: Regime) -> tuple[SourceJudgement, ...]:
        """One judgement for each source; each depends on the claim and that source alone."""
        most = self.model.network.max_tokens // 2
        if not self.model.network.holds_whole(claim, most):
            reason = f"the claim is longer than the {most} tokens that this model can take, and is never cut"
            return tuple(_not_checked(source, reason) for source in sources)
        return tuple(self._judged(claim, source, regime) for source in sources)

    def _judged(self, claim: str, source: SourceText, regime: Regime) -> SourceJudgement:
        places = looked_at(claim, source.sentences, self.settings.looked_at)
        if not places:
            return _not_checked(source, "no text of this source is held")
        try:
            premises = self._premises(claim, source.sentences, places)
        except ModelRunError as error:
            return _not_checked(source, str(error))
        raw = source_shares(premises)
        calibration = self.calibration.of(regime) if self.calibration else None
        shares = calibration.apply(raw) if calibration else raw
        verdict = self._verdict(shares)
        conflict = self._conflicts(premises)
        quotes = quotes_of(verdict, premises, self.settings.most_quotes, both=conflict)
        return SourceJudgement(
            source_id=source.source_id,
            verdict=verdict,
            confidence=_share(shares, verdict) if calibration else None,
            probabilities=shares,
            quotes=quotes,
            reason="; ".join([_said(verdict, quotes), *self._limits(claim, source.sentences, places, regime)]),
            conflict=conflict,
        )

    def _premises(self, claim: str, sentences: Sequence[str], places: Sequence[int]) -> list[Premise]:
        """Each sentence alone, then pairs of neighbours around the best, then the best together."""
        alone = self._read(claim, sentences, [(place,) for place in places])
        ranked = [one.sentences[0] for one in sorted(alone, key=lambda p: (p.shares[_NEUTRAL], p.sentences))]
        near = set(ranked[: self.settings.pairs_around])
        wider: list[tuple[int, ...]] = [
            pair for pair in pairwise(places) if pair[1] == pair[0] + 1 and near & set(pair)
        ]
        best = tuple(sorted(ranked[: self.settings.together]))
        if len(best) > 1 and best not in wider:
            wider.append(best)
        return alone + self._read(claim, sentences, wider)

    def _read(self, claim: str, sentences: Sequence[str], windows: Sequence[tuple[int, ...]]) -> list[Premise]:
        texts = [(" ".join(sentences[place] for place in window), claim) for window in windows]
        rows = self.model.probabilities(texts).tolist()
        return [Premise(window, (row[0], row[1], row[2])) for window, row in zip(windows, rows, strict=True)]

    def _conflicts(self, premises: Sequence[Premise]) -> bool:
        supported, refuted = _most(premises)
        return supported >= self.settings.support_at and refuted >= self.settings.refute_at

    def _verdict(self, shares: Probabilities) -> ClaimVerdict:
        supported, refuted = shares.supported, shares.refuted
        if supported >= max(self.settings.support_at, refuted, shares.not_enough_info):
            return ClaimVerdict.SUPPORTED
        if refuted >= max(self.settings.refute_at, supported, shares.not_enough_info):
            return ClaimVerdict.REFUTED
        return ClaimVerdict.NOT_ENOUGH_INFO

    def _limits(self, claim: str, sentences: Sequence[str], places: Sequence[int], regime: Regime) -> list[str]:
        """What a reader must know of how far the judgement reaches."""
        filled = sum(1 for sentence in sentences if sentence.strip())
        tokens = self.model.network.tokens([(sentences[place], claim) for place in places])
        cut = sum(not one.whole for one in tokens)
        limits = []
        if len(places) < filled:
            limits.append(f"{len(places)} of {filled} sentences were read, those that share most words with the claim")
        if cut:
            limits.append(f"of {cut} long sentences only the beginning was read")
        if self.calibration is None:
            limits.append("no confidence is stated, because this model was not calibrated")
        elif self.calibration.of(regime) is None:
            limits.append(f"no confidence is stated, because this model was not calibrated for sources {regime.value}")
        if self.parity is None:
            limits.append("the export of this model was not proved against the framework that made it")
        return limits


_STANCE_OF = {verdict: stance for verdict, stance, _, _ in _SIDES}


def _said(verdict: ClaimVerdict, quotes: Sequence[Quote]) -> str:
    stance = _STANCE_OF.get(verdict, Stance.NEUTRAL)
    return next((quote.why for quote in quotes if quote.why and quote.stance is stance), "no side prevails")


def load_onnx_backend(folder: Path, settings: OnnxSettings | None = None) -> OnnxBackend:
    """The back end of a folder. Raises ModelFolderError, one sentence, where the folder cannot be used.

    Refused as well: an export that does not compute what its `parity.json` says the framework computed.
    """
    chosen = settings or OnnxSettings()
    model = load_nli_model(folder, chosen.run())
    parity = parity_of(model, folder)
    if parity is not None and not parity.holds:
        raise ModelFolderError(f"{folder}: the export is not faithful, and is not used: {parity.sentence()}")
    sha256 = model.network.model_sha256
    calibration = load_nli_calibration(folder, model_sha256=sha256, method=METHOD)
    return OnnxBackend(model, chosen, calibration, parity)


def looked_at(claim: str, sentences: Sequence[str], most: int) -> list[int]:
    """Places of the sentences that are read, rising: all that hold text, or those that share most words."""
    filled = [place for place, sentence in enumerate(sentences) if sentence.strip()]
    if len(filled) <= most:
        return filled
    wanted = _words(claim)
    return sorted(sorted(filled, key=lambda place: (-len(wanted & _words(sentences[place])), place))[:most])


def source_shares(premises: Sequence[Premise]) -> Probabilities:
    """What a source says: the most that is said for the claim, the most against it, the least that is left open.

    Counted are the premises that are not neutral first of all, and the three are divided by their sum; where all
    are neutral, the least neutral speaks. So one sentence suffices, and those that say nothing of the claim count
    for nothing, however many they are.
    """
    decided = [one for one in premises if one.shares[_NEUTRAL] < max(one.shares[0], one.shares[2])]
    counted = decided or [min(premises, key=lambda p: (p.shares[_NEUTRAL], p.sentences))]
    supported, refuted = _most(counted)
    rest = min(one.shares[_NEUTRAL] for one in counted)
    whole = supported + refuted + rest
    return Probabilities(supported=supported / whole, refuted=refuted / whole, not_enough_info=rest / whole)


def _most(premises: Sequence[Premise]) -> tuple[float, float]:
    return max(one.shares[0] for one in premises), max(one.shares[2] for one in premises)


def quotes_of(verdict: ClaimVerdict, premises: Sequence[Premise], most: int, *, both: bool) -> tuple[Quote, ...]:
    """Sentences that bear the verdict out; with `both`, the best of the other side as well; else the nearest."""
    quotes: list[Quote] = []
    for side, stance, column, word in _SIDES:
        if verdict is side:
            quotes += _of_side(premises, stance, column, word)[:most]
        elif both:
            quotes += _of_side(premises, stance, column, word)[:1]
    return tuple(sorted(quotes or [_nearest(premises)], key=lambda q: (-q.score, q.sentence)))


def _of_side(premises: Sequence[Premise], stance: Stance, column: int, word: str) -> list[Quote]:
    """Sentences that alone reach half of the best premise; where none does, those of the best premise."""
    best = min(premises, key=lambda p: (-p.shares[column], len(p.sentences), p.sentences))
    alone = {p.sentences[0]: p for p in premises if len(p.sentences) == 1}
    strong = [p for p in alone.values() if p.shares[column] >= _ALONE * best.shares[column]]
    if strong:
        found = [(p.sentences[0], p.shares[column], f"sentence {p.sentences[0] + 1} {word} it") for p in strong]
    else:
        named = " and ".join(str(place + 1) for place in best.sentences)
        why = f"sentences {named} together {word[:-1] if word.endswith('s') else word} it"
        found = [(place, best.shares[column], why) for place in best.sentences]
    quotes = [
        Quote(place, stance, score, f"{why} ({score:.2f})", _named(alone[place].shares)) for place, score, why in found
    ]
    return sorted(quotes, key=lambda q: (-q.score, q.sentence))


def _nearest(premises: Sequence[Premise]) -> Quote:
    alone = [p for p in premises if len(p.sentences) == 1]
    near = min(alone, key=lambda p: (p.shares[_NEUTRAL], p.sentences))
    score = max(near.shares[0], near.shares[2])
    why = f"sentence {near.sentences[0] + 1} comes nearest and is neutral by {near.shares[_NEUTRAL]:.2f}"
    return Quote(near.sentences[0], Stance.NEUTRAL, score, why, _named(near.shares))


def _named(shares: tuple[float, float, float]) -> MappingProxyType[str, float]:
    return MappingProxyType({label.value: share for label, share in zip(LABELS, shares, strict=True)})


def _share(shares: Probabilities, verdict: ClaimVerdict) -> float:
    return {
        ClaimVerdict.SUPPORTED: shares.supported,
        ClaimVerdict.REFUTED: shares.refuted,
    }.get(verdict, shares.not_enough_info)


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text[:_READ_FOR_WORDS].casefold()))


def _not_checked(source: SourceText, reason: str) -> SourceJudgement:
    return SourceJudgement(source.source_id, ClaimVerdict.NOT_CHECKED, None, None, (), reason)

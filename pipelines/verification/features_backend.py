"""The default back end: small models over features of claim and sentence. No network, no model download.

Owns the decision: which sentences bear on the claim, whether they are evidence, and which way. Does not belong
here: the features (`features`), the coefficients (`feature_model`), several sources (`aggregation`). It never
says REFUTED without a cue that can be shown, and says nothing where the two sides are too near each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from pipelines.models import AxisOutcome, ClaimVerdict, Probabilities, Stance
from pipelines.verification.backend import Quote, Regime, SourceJudgement, SourceText
from pipelines.verification.closer_look import (
    CLOSER_FEATURES,
    LOOKED_AT_FROM,
    CloserLook,
    look_closer,
    together,
)
from pipelines.verification.estimators import Floats, sigmoid
from pipelines.verification.examination import ENCODER_EVIDENCE_FEATURES, EncodedPair, Encoder, Pair, pair_of, probe
from pipelines.verification.explanation import explain
from pipelines.verification.feature_model import (
    ENCODED_MODEL_FILE,
    MODEL_FILE,
    Decision,
    FeatureModel,
    load_feature_model,
    model_digest,
)
from pipelines.verification.features import (
    ENCODER_SENTENCE_FEATURES,
    EVIDENCE_FEATURES,
    POLARITY_FEATURES,
    POSITION_FEATURES,
    SEARCH_FEATURES,
    SENTENCE_FEATURES,
    STANCE_FEATURES,
    has_cue,
    search_features,
)
from pipelines.verification.lexicon import load_lexicon
from pipelines.verification.profiles import Profile, SourceProfile, profile, source_profile
from pipelines.verification.terms import TermStatistics, load_terms
from pipelines.verification.word_vectors import WordVectors, load_vectors

RULES_VERSION = "features-2026.11.1"
MOST_QUOTED = 3
PLACES = 6  # of a feature as it is shown and stored
MOST_SENTENCES = 60  # of one source that are described; a longer one is narrowed to those that share most
PROFILES_KEPT = 1_500  # sources that are read once for many claims
PROBES_APART = 0.03  # by which two exports of one encoder may differ: eight bits do by 0.015
SAME_WORDS = 0.99  # confidence that a sentence says what it says in the same words

_STANCES = {ClaimVerdict.SUPPORTED: Stance.SUPPORTS, ClaimVerdict.REFUTED: Stance.REFUTES}


@dataclass(frozen=True)
class _Weighed:
    """A pair with the answers of all models."""

    source: SourceText
    pair: Pair
    kept: tuple[int, ...]  # places of the described sentences in the source
    nearest: Floats
    each: Sequence[tuple[int, Floats]]  # polarity features of the nearest sentences, by place in `kept`
    look: CloserLook | None  # None: the first models rule the source out
    evidence: float
    refuted: float

    @property
    def has_cue(self) -> bool:
        """Whether the nearest sentence itself holds something against the claim that can be shown."""
        _, row = self.each[0]
        return has_cue(row) or (self.look is not None and self.look.against is not None)


class FeaturesBackend:
    """Judges by the coefficients of one `FeatureModel`. Safe to share between calls, not between threads."""

    name = "features"

    def __init__(
        self, model: FeatureModel, terms: TermStatistics, vectors: WordVectors, encoder: Encoder | None = None
    ) -> None:
        fits = (terms.snapshot_id, load_lexicon().lexicon_id, vectors.vectors_id)
        wanted = (model.terms_id, model.lexicon_id, model.vectors_id)
        if fits != wanted:
            raise ValueError(f"the coefficients were fitted with {wanted}, here are {fits}: run `make train`")
        _refuse_other_encoder(model, encoder)
        _refuse_other_features(model)
        self._model, self._terms, self._vectors, self._encoder = model, terms, vectors, encoder
        self._profile_of = lru_cache(PROFILES_KEPT)(self._source_profile)
        self.version = f"{RULES_VERSION}+{model_digest(model)}"

    def judge(self, claim: str, sources: Sequence[SourceText], regime: Regime) -> tuple[SourceJudgement, ...]:
        said = profile(claim, self._terms, self._vectors)
        if not said.stems:
            return tuple(_not_judged(one, "the claim has no word that could be looked for") for one in sources)
        readable = [one for one in sources if any(sentence.strip() for sentence in one.sentences)]
        weighed = {id(one.source): one for one in self._weigh(claim, said, readable, regime)} if readable else {}
        decision = self._model.decisions[regime]
        return tuple(
            self._judged(weighed[id(one)], decision) if id(one) in weighed else _not_judged(one, "it has no text")
            for one in sources
        )

    def _weigh(self, claim: str, said: Profile, sources: Sequence[SourceText], regime: Regime) -> list[_Weighed]:
        model, decision = self._model, self._model.decisions[regime]
        kept = [self._kept(said, one) for one in sources]
        pairs = [self._pair(claim, said, one, places) for one, places in zip(sources, kept, strict=True)]
        scores = sigmoid(model.nearest.logits(np.concatenate([one.table for one in pairs])))
        nearest = np.split(scores, np.cumsum([len(one.table) for one in pairs])[:-1])
        evidence = np.stack([one.evidence_row(scores) for one, scores in zip(pairs, nearest, strict=True)])
        if regime is Regime.SEARCHED:
            found = search_features(evidence, [s.rank for s in sources], [s.closeness for s in sources])
            evidence = np.concatenate([evidence, found], axis=1)
        stances = [one.stance_row(scores) for one, scores in zip(pairs, nearest, strict=True)]
        logits = decision.evidence.model.logits(evidence)
        is_evidence = decision.evidence.calibration.probabilities(logits)
        refuted = model.stance.logits(np.stack([row for row, _ in stances]))
        is_refuted = decision.closer_stance.calibration.probabilities(refuted)
        again = np.flatnonzero(is_evidence >= LOOKED_AT_FROM)
        looks = {int(i): pairs[i].closer_look(nearest[i]) for i in again}
        if looks:
            rows = np.stack([look.row(float(logits[i]), float(refuted[i])) for i, look in looks.items()])
            is_evidence[again] = together(is_evidence[again], decision.closer_evidence.probabilities(rows))
            is_refuted[again] = decision.closer_stance.probabilities(rows)
        return [
            _Weighed(sources[i], pairs[i], kept[i], nearest[i], stances[i][1], looks.get(i), float(e), float(q))
            for i, (e, q) in enumerate(zip(is_evidence, is_refuted, strict=True))
        ]

    # --- reading --------------------------------------------------------------------------------

    def _source_profile(self, title: str, sentences: tuple[str, ...]) -> SourceProfile:
        return source_profile(title, sentences, self._terms, self._vectors)

    def _kept(self, said: Profile, source: SourceText) -> tuple[int, ...]:
        """Places of the sentences that are described: those with words, and of a long source the nearest."""
        filled = [i for i, sentence in enumerate(source.sentences) if sentence.strip()]
        if len(filled) <= MOST_SENTENCES:
            return tuple(filled)
        shares = {i: _share(said, source.sentences[i]) for i in filled}
        return tuple(sorted(sorted(filled, key=lambda i: (-shares[i], i))[:MOST_SENTENCES]))

    def _pair(self, claim: str, said: Profile, source: SourceText, kept: tuple[int, ...]) -> Pair:
        sentences = tuple(source.sentences[i] for i in kept)
        encoded = self._encoded(claim, source.title, sentences) if self._encoder else None
        return pair_of(said, self._profile_of(source.title, sentences), encoded)

    def _encoded(self, claim: str, title: str, sentences: tuple[str, ...]) -> EncodedPair:
        assert self._encoder is not None
        rows = self._encoder.encode([claim, title, *sentences])
        cosines = rows[1:] @ rows[0]
        return EncodedPair(cosines[1:].astype(np.float64), float(cosines[0]))

    # --- deciding -------------------------------------------------------------------------------

    def _judged(self, one: _Weighed, decision: Decision) -> SourceJudgement:
        same = _same_words(one.pair)
        if same is not None:
            return self._verbatim(one, same)
        objects = one.look is not None and one.look.objects
        verdict, conflict = decision.verdict(one.evidence, one.refuted, shown=one.has_cue, objects=objects)
        share = Probabilities(
            supported=one.evidence * (1 - one.refuted),
            refuted=one.evidence * one.refuted,
            not_enough_info=1 - one.evidence,
        )
        look = _telling(one, verdict)
        place = look.sentence if look else int(np.argmax(one.nearest))
        quotes = self._quotes(one, _STANCES.get(verdict, Stance.NEUTRAL), place)
        told = explain(one.pair.claim, one.pair.source.sentences[place], verdict, conflict, look)
        return SourceJudgement(
            one.source.source_id,
            verdict,
            _confidence(verdict, share),
            share,
            (replace(quotes[0], why=told.why), *quotes[1:]),
            told.reason,
            conflict,
            look.axes if look else (),
        )

    def _verbatim(self, one: _Weighed, at: int) -> SourceJudgement:
        quote = Quote(one.kept[at], Stance.SUPPORTS, 1.0, "says it in the same words", self._features(one, at))
        rest = 1 - SAME_WORDS
        return SourceJudgement(
            one.source.source_id,
            ClaimVerdict.SUPPORTED,
            SAME_WORDS,
            Probabilities(supported=SAME_WORDS, refuted=rest / 2, not_enough_info=rest / 2),
            (quote,),
            "the source says it in the same words",
            axes=look_closer(one.pair.claim, one.pair.source, at).axes,
        )

    def _quotes(self, one: _Weighed, stance: Stance, first: int) -> tuple[Quote, ...]:
        """The sentence that was looked at closely; where decided, others that are likely to be needed too."""
        if stance is Stance.NEUTRAL:
            return (Quote(one.kept[first], stance, float(one.nearest[first]), None, self._features(one, first)),)
        scores = sigmoid(self._model.quoting.logits(one.pair.quoting_table))
        order = [int(i) for i in np.argsort(-scores, kind="stable") if i != first]
        more = [i for i in order[: MOST_QUOTED - 1] if scores[i] >= self._model.least_quoted]
        scores[first] = max(scores[first], *scores[more]) if more else scores[first]
        return tuple(Quote(one.kept[i], stance, float(scores[i]), None, self._features(one, i)) for i in (first, *more))

    def _features(self, one: _Weighed, at: int) -> dict[str, float]:
        named = dict(zip(SENTENCE_FEATURES, one.pair.table[at].tolist(), strict=False))
        for place, row in one.each:
            if place == at:
                named |= dict(zip(POLARITY_FEATURES, row.tolist(), strict=True))
        return {name: round(value, PLACES) for name, value in named.items()}


def _refuse_other_encoder(model: FeatureModel, encoder: Encoder | None) -> None:
    if (model.encoder is None) != (encoder is None):
        raise ValueError(f"the coefficients were fitted with the sentence encoder {model.encoder or 'none'}")
    if encoder is None:
        return
    apart = max(abs(a - b) for a, b in zip(probe(encoder), model.encoder_probes, strict=True))
    if apart > PROBES_APART:
        raise ValueError(
            f"the sentence encoder {encoder.version} is not the one that the coefficients were fitted with "
            f"({model.encoder}): their cosines differ by up to {apart:.2f}"
        )


def _refuse_other_features(model: FeatureModel) -> None:
    encoded = model.encoder is not None
    sentence = SENTENCE_FEATURES + (ENCODER_SENTENCE_FEATURES if encoded else ())
    evidence = EVIDENCE_FEATURES + (ENCODER_EVIDENCE_FEATURES if encoded else ())
    wanted = {
        "nearest": (model.nearest, sentence),
        "quoting": (model.quoting, sentence + POSITION_FEATURES),
        "stance": (model.stance, STANCE_FEATURES),
    }
    for regime, one in model.decisions.items():
        extra = SEARCH_FEATURES if regime is Regime.SEARCHED else ()
        wanted[f"evidence, {regime.value}"] = (one.evidence.model, evidence + extra)
        wanted[f"closer evidence, {regime.value}"] = (one.closer_evidence.model, CLOSER_FEATURES)
        wanted[f"closer stance, {regime.value}"] = (one.closer_stance.model, CLOSER_FEATURES)
    for name, (blend, features) in wanted.items():
        if blend.features != features:
            raise ValueError(f"the coefficients of “{name}” were fitted on other features: run `make train`")


def _telling(one: _Weighed, verdict: ClaimVerdict) -> CloserLook | None:
    """A closer look at the nearest sentence, or at the next one whose axes go with the verdict where those do not."""
    if one.look is None or verdict not in _STANCES or _goes_with(one.look, verdict):
        return one.look
    others = (look_closer(one.pair.claim, one.pair.source, at) for at, _ in one.each if at != one.look.sentence)
    return next((look for look in others if _goes_with(look, verdict)), one.look)


def _goes_with(look: CloserLook, verdict: ClaimVerdict) -> bool:
    differs = any(axis.outcome is AxisOutcome.DIFFERS for axis in look.axes)
    return differs is (verdict is ClaimVerdict.REFUTED)


def _share(said: Profile, sentence: str) -> float:
    held = sentence.casefold()
    return sum(weight for stem, weight in said.weight_of.items() if stem in held)


def _same_words(pair: Pair) -> int | None:
    """The first sentence with the very words of the claim, in their order."""
    words = pair.claim.reading.words
    for at, sentence in enumerate(pair.source.sentences):
        if _plain(sentence.reading.words) == _plain(words):
            return at
    return None


def _plain(words: tuple[str, ...]) -> tuple[str, ...]:
    return words[:-1] if words and words[-1] in (".", "!", ";") else words


def _confidence(verdict: ClaimVerdict, share: Probabilities) -> float:
    shares = {ClaimVerdict.SUPPORTED: share.supported, ClaimVerdict.REFUTED: share.refuted}
    return shares.get(verdict, share.not_enough_info)


def _not_judged(source: SourceText, reason: str) -> SourceJudgement:
    return SourceJudgement(source.source_id, ClaimVerdict.NOT_CHECKED, None, None, (), reason)


@lru_cache(maxsize=2)
def default_backend(encoder: Encoder | None = None) -> FeaturesBackend:
    """The features back end with the shipped coefficients; with an encoder, those that were fitted with it.

    One for each encoder: it remembers the sources that it read.
    """
    model = load_feature_model(ENCODED_MODEL_FILE if encoder else MODEL_FILE)
    return FeaturesBackend(model, load_terms(), load_vectors(), encoder)

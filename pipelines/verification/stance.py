"""The stance of one sentence (or two neighbouring ones) towards one claim.

Owns coverage (how much of the claim the sentence speaks of, by rarity of the words) and how cues
turn it into SUPPORTS, REFUTES or NEUTRAL. Does not belong here: the verdict over all sentences.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.models import Model, Stance
from pipelines.verification.comparison import Comparison, Cue, CueEffect
from pipelines.verification.content import UNKNOWN_WORD
from pipelines.verification.cues import cues_of
from pipelines.verification.polarity import PLAIN_DENIALS
from pipelines.verification.predicate import predicate_index
from pipelines.verification.reading import Reading
from pipelines.verification.terms import TermStatistics
from pipelines.verification.windows import PreparedPassages, Window


class Settings(Model):
    """Thresholds of the verifier, found on SciFact train (see `benchmarks/first_verification.py`)."""

    support_coverage: float = 0.6  # least share of the claim that a supporting sentence covers
    refute_coverage: float = 0.72  # the same for a refuting sentence
    pair_coverage: float = 0.75  # the same for two neighbouring sentences together
    unknown_coverage: float = 0.76  # ... and where the source lacks a rare word of the claim
    wide_coverage: float = 0.85  # what a plain denial of the claim's subject covers with its passage
    short_claim: int = 4  # a claim of no more words of content than this needs more
    short_coverage: float = 0.8  # ... namely this much
    conflict_coverage: float = 0.45  # from here a refuting cue is worth mentioning
    nearest_coverage: float = 0.15  # below this a sentence is not worth showing
    rare_documents: int = 12  # a word in no more documents than this must be named by the source
    looked_at: int = 12  # sentences per claim and source that are judged in full
    decides_by: float = 0.12  # how far the better of two opposite sentences of a source must lead
    dispute_within: float = 0.25  # how near the best of two sources must lie to be a dispute


SETTINGS = Settings()


@dataclass(frozen=True)
class Judgement:
    """A window's stance; `score` is its coverage of the claim, `speaks_against` needs no certainty."""

    window: Window
    stance: Stance
    score: float
    why: str
    speaks_against: bool
    cues: tuple[Cue, ...]


@dataclass(frozen=True)
class WeighedClaim:
    """A claim read, with the weight of each of its concepts."""

    reading: Reading
    weights: dict[str, float]
    total: float
    rare: frozenset[str]
    names: frozenset[str]
    predicate_at: int | None

    def coverage(self, concepts: frozenset[str]) -> float:
        """Share of the claim's weight that the concepts cover; 1 is kept for the very same words."""
        if not self.total:
            return 0.0
        share = sum(w for c, w in self.weights.items() if c in concepts) / self.total
        return min(MOST_COVERAGE, share)


_MOST_WEIGHT = 7.0
MOST_COVERAGE = 0.99


def weigh(reading: Reading, terms: TermStatistics, settings: Settings) -> WeighedClaim:
    """Weights by rarity; a word that the statistics hardly know weighs no more than `_MOST_WEIGHT`."""
    weights: dict[str, float] = {}
    rare: set[str] = set()
    names: set[str] = set()
    for token, concept in zip(reading.tokens, reading.concepts, strict=True):
        if not concept:
            continue
        weights[concept] = max(weights.get(concept, 0.0), min(_MOST_WEIGHT, terms.idf(token.stem)))
        is_word = token.word.isalpha() and concept == token.stem
        if is_word and terms.is_rare(token.stem, settings.rare_documents):
            rare.add(concept)
            if token.is_name:
                names.add(concept)
    return WeighedClaim(
        reading, weights, sum(weights.values()), frozenset(rare), frozenset(names), predicate_index(reading)
    )


def _against(cues: tuple[Cue, ...], score: float, least: float, settings: Settings) -> tuple[bool, bool]:
    """(refutes, speaks against): muted or differently named sentences never refute."""
    refuting = any(cue.effect is CueEffect.REFUTES for cue in cues)
    muted = any(cue.effect is CueEffect.MUTES for cue in cues)
    misnamed = any(cue.rule in ("name", "hedge", "subject") for cue in cues)
    of_another_kind = any(cue.effect is CueEffect.MISNAMES for cue in cues)
    speaks = refuting and not muted and not misnamed and score >= min(least, settings.conflict_coverage)
    return speaks and not of_another_kind and score >= least, speaks


def _needed_coverage(claim: WeighedClaim, window: Window, cues: tuple[Cue, ...], settings: Settings) -> float:
    """The least share of the claim that a supporting window must cover."""
    alone = window.sentences == 1
    needed = [settings.support_coverage if alone else settings.pair_coverage]
    if any(cue.rule == UNKNOWN_WORD for cue in cues):
        needed.append(settings.unknown_coverage)
    if len(claim.weights) <= settings.short_claim:
        needed.append(settings.short_coverage)
    return max(needed)


def judge(claim: WeighedClaim, window: Window, prepared: PreparedPassages, settings: Settings) -> Judgement:
    """The stance of one window, and why in words."""
    score = claim.coverage(window.concepts)
    key = window.passage.passage_id
    comparison = Comparison(
        claim=claim.reading,
        source=window.reading,
        concepts=window.concepts,
        passage_concepts=prepared.passage_words[key],
        passage_codes=prepared.passage_codes[key],
        predicate_at=claim.predicate_at,
        rare=claim.rare,
        names=claim.names,
    )
    cues = cues_of(comparison)
    least = settings.refute_coverage
    if any(cue.rule in PLAIN_DENIALS for cue in cues):
        wide = claim.coverage(window.concepts | prepared.passage_words[key])
        least = settings.nearest_coverage if wide >= settings.wide_coverage else least
    refutes, speaks_against = _against(cues, score, least, settings)
    refuting = [cue.why for cue in cues if cue.effect is CueEffect.REFUTES]
    if refutes:
        return Judgement(window, Stance.REFUTES, score, "; ".join(refuting[:2]), True, cues)
    if any(cue.effect is not CueEffect.MISNAMES for cue in cues):
        return Judgement(window, Stance.NEUTRAL, score, "; ".join(c.why for c in cues[:2]), speaks_against, cues)
    covered = f"covers {score:.0%} of the claim's words by weight"
    if score >= _needed_coverage(claim, window, cues, settings):
        return Judgement(window, Stance.SUPPORTS, score, f"{covered}; nothing in it says otherwise", False, cues)
    return Judgement(window, Stance.NEUTRAL, score, f"{covered}, too little to decide", False, cues)

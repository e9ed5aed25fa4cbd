"""The stance of one sentence (or two neighbouring ones) towards one claim.

Owns coverage (how much of the claim the sentence speaks of, by rarity of the words) and how cues
turn it into SUPPORTS, REFUTES or NEUTRAL. Does not belong here: the verdict over all sentences.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.models import Model, Stance
from pipelines.verification.comparison import Comparison, Cue, CueEffect
from pipelines.verification.cues import cues_of
from pipelines.verification.predicate import predicate_index
from pipelines.verification.reading import Reading
from pipelines.verification.terms import TermStatistics
from pipelines.verification.windows import PreparedPassages, Window


class Settings(Model):
    """Thresholds of the verifier, found on SciFact train (see `benchmarks/first_verification.py`)."""

    support_coverage: float = 0.6  # least share of the claim that a supporting sentence covers
    refute_coverage: float = 0.68  # the same for a refuting sentence
    pair_coverage: float = 0.67  # the same for two neighbouring sentences together
    unsaid_coverage: float = 0.8  # ... for one sentence that lacks the claim's main predicate
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
    predicate: str | None

    def coverage(self, concepts: frozenset[str]) -> float:
        """Share of the claim's weight that the concepts cover; 1 is kept for the very same words."""
        if not self.total:
            return 0.0
        share = sum(w for c, w in self.weights.items() if c in concepts) / self.total
        return min(MOST_COVERAGE, share)


_MOST_WEIGHT = 7.0
MOST_COVERAGE = 0.99
UNREACHABLE = 2.0


def weigh(reading: Reading, terms: TermStatistics, settings: Settings) -> WeighedClaim:
    """Weights by rarity; a word that the statistics hardly know weighs no more than `_MOST_WEIGHT`."""
    weights: dict[str, float] = {}
    rare: set[str] = set()
    for token, concept in zip(reading.tokens, reading.concepts, strict=True):
        if not concept:
            continue
        weights[concept] = max(weights.get(concept, 0.0), min(_MOST_WEIGHT, terms.idf(token.stem)))
        is_word = token.word.isalpha() and concept == token.stem
        if is_word and terms.is_rare(token.stem, settings.rare_documents):
            rare.add(concept)
    place = predicate_index(reading)
    predicate = None if place is None else reading.concepts[place]
    return WeighedClaim(reading, weights, sum(weights.values()), frozenset(rare), predicate)


def _against(cues: tuple[Cue, ...], score: float, least: float, settings: Settings) -> tuple[bool, bool]:
    """(refutes, speaks against): muted or differently named sentences never refute."""
    refuting = any(cue.effect is CueEffect.REFUTES for cue in cues)
    muted = any(cue.effect is CueEffect.MUTES for cue in cues)
    misnamed = any(cue.rule in ("name", "hedge", "subject") for cue in cues)
    speaks = refuting and not muted and not misnamed and score >= settings.conflict_coverage
    return speaks and score >= least, speaks


def _needed_coverage(claim: WeighedClaim, window: Window, settings: Settings) -> float:
    """The least share of the claim that a supporting window must cover; above 1 where none will do."""
    alone = window.sentences == 1
    needed = [settings.support_coverage if alone else settings.pair_coverage]
    if claim.predicate is not None and claim.predicate not in window.concepts:
        needed.append(settings.unsaid_coverage if alone else UNREACHABLE)
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
        predicate=claim.predicate,
        rare=claim.rare,
    )
    cues = cues_of(comparison)
    alone = window.sentences == 1
    least = settings.refute_coverage if alone else max(settings.refute_coverage, settings.pair_coverage)
    refutes, speaks_against = _against(cues, score, least, settings)
    refuting = [cue.why for cue in cues if cue.effect is CueEffect.REFUTES]
    if refutes:
        return Judgement(window, Stance.REFUTES, score, "; ".join(refuting[:2]), True, cues)
    if cues:
        return Judgement(window, Stance.NEUTRAL, score, "; ".join(c.why for c in cues[:2]), speaks_against, cues)
    covered = f"covers {score:.0%} of the claim's words by weight"
    if score >= _needed_coverage(claim, window, settings):
        return Judgement(window, Stance.SUPPORTS, score, f"{covered}; nothing in it says otherwise", False, cues)
    return Judgement(window, Stance.NEUTRAL, score, f"{covered}, too little to decide", False, cues)

"""A claim as the rules weigh it: its concepts by rarity, the rare ones, and where its main predicate stands.

Owns those weights and the share of a claim that a sentence covers. Does not belong here: the rules (`cues`, `axes`),
what the models count (`features`). Input: a `Reading`; output: a `WeighedClaim`.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.verification.predicate import predicate_index
from pipelines.verification.reading import Reading
from pipelines.verification.terms import TermStatistics

RARE_DOCUMENTS = 12  # a word in no more documents than this must be named by the source
MOST_WEIGHT = 7.0  # a word that the statistics hardly know weighs no more
MOST_COVERAGE = 0.99  # a set of words is never the claim itself


@dataclass(frozen=True)
class WeighedClaim:
    weights: dict[str, float]  # by concept
    total: float
    rare: frozenset[str]
    predicate_at: int | None

    def coverage(self, concepts: frozenset[str]) -> float:
        """Share of the claim's weight that the concepts cover, at most `MOST_COVERAGE`."""
        if not self.total:
            return 0.0
        share = sum(w for c, w in self.weights.items() if c in concepts) / self.total
        return min(MOST_COVERAGE, share)


def weigh(reading: Reading, terms: TermStatistics) -> WeighedClaim:
    weights: dict[str, float] = {}
    rare: set[str] = set()
    for token, concept in zip(reading.tokens, reading.concepts, strict=True):
        if not concept:
            continue
        weights[concept] = max(weights.get(concept, 0.0), min(MOST_WEIGHT, terms.idf(token.stem)))
        if token.word.isalpha() and concept == token.stem and terms.is_rare(token.stem, RARE_DOCUMENTS):
            rare.add(concept)
    return WeighedClaim(weights, sum(weights.values()), frozenset(rare), predicate_index(reading))

"""Sentences that are near a claim in words and say nothing of it.

Owns a small index of rare words over the sentences of all abstracts. Does not belong here: search for
evidence, which is the library's (`pipelines.ingestion`, `warehouse`).
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

from pipelines.verification.terms import STOP_WORDS, stem, words

_MAX_COVERED = 0.6  # a sentence that holds more of a claim's words may well answer it
_MAX_POSTING = 400
_MAX_LOOKED_AT = 200
_MIN_WORDS, _MAX_CHARS = 6, 420
_BEST = 8


def stems_of(text: str) -> frozenset[str]:
    return frozenset(stem(w) for w in words(text) if w not in STOP_WORDS)


@dataclass(frozen=True)
class Neighbours:
    texts: tuple[tuple[str, str], ...]  # document, sentence
    stems: tuple[frozenset[str], ...]
    postings: Mapping[str, Sequence[int]]
    of_document: Mapping[str, Sequence[int]]
    counts: Mapping[str, int]  # in how many sentences a stem stands

    @classmethod
    def of(cls, documents: Mapping[str, Sequence[str]]) -> Neighbours:
        texts = tuple((d, s) for d, listed in documents.items() for s in listed if _is_usable(s))
        stems = tuple(stems_of(s) for _, s in texts)
        postings: dict[str, list[int]] = defaultdict(list)
        of_document: dict[str, list[int]] = defaultdict(list)
        for i, (document, _) in enumerate(texts):
            of_document[document].append(i)
            for word in stems[i]:
                postings[word].append(i)
        rare = {w: tuple(p) for w, p in postings.items() if 2 <= len(p) <= _MAX_POSTING}
        return cls(texts, stems, rare, dict(of_document), {w: len(p) for w, p in postings.items()})

    def covered(self, claim: frozenset[str], evidence: frozenset[str]) -> float:
        """The share of the claim's stems that the evidence holds, rare ones counting more."""
        weights = {w: log((1 + len(self.texts)) / (1 + self.counts.get(w, 0))) for w in sorted(claim)}
        total = sum(weights.values())
        return sum(v for w, v in weights.items() if w in evidence) / total if total else 0.0

    def elsewhere_in(self, document: str, text: str, rng: random.Random) -> str | None:
        """Another sentence of the document: the nearest of three drawn that do not hold the claim's words."""
        wanted = stems_of(text)
        free = [i for i in self.of_document.get(document, ()) if self._covered(wanted, i) < _MAX_COVERED]
        free = [i for i in free if self.texts[i][1] != text]
        drawn = rng.sample(free, min(3, len(free)))
        return self.texts[max(drawn, key=lambda i: (self._covered(wanted, i), -i))][1] if drawn else None

    def like(self, claim: str, document: str) -> str | None:
        """The nearest sentence of any other document that does not hold the claim's words."""
        wanted = stems_of(claim)
        scores: Counter[int] = Counter()
        for word in sorted(wanted):
            posting = self.postings.get(word, ())
            for i in posting[:_MAX_LOOKED_AT]:
                scores[i] += log(len(self.texts) / len(posting))  # type: ignore[assignment]  # a Counter of floats
        for i, _ in scores.most_common(_BEST):
            if self.texts[i][0] != document and self._covered(wanted, i) < _MAX_COVERED:
                return self.texts[i][1]
        return None

    def _covered(self, wanted: frozenset[str], i: int) -> float:
        return len(wanted & self.stems[i]) / max(1, len(wanted))


def _is_usable(text: str) -> bool:
    return len(text) <= _MAX_CHARS and len(text.split()) >= _MIN_WORDS and text.isprintable()

"""How much of a question's terms a text speaks of, weighed by how rare each is: 0 to 1.

Input: `SearchTerms`, and how rare a stem is (`idf`, in nats). Output: `WeighedTerms`, which any text can be
held against. Does not belong here: which works are kept (screening.py), what a sentence states (publication).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pipelines.ingestion.search.queries import SearchTerms
from pipelines.ingestion.search.terms import index_terms

Idf = Callable[[str], float]

MAX_TEXT = 40_000  # characters of one text that are held against a question: title, abstract, introduction
MOST_WEIGHT = 7.0  # nats: a word that no statistics know is not worth more than this
LEAST_WEIGHT = 0.5
RELATION_SHARE = 0.3  # what a word of relation weighs beside a word of the subject
PARTLY = 0.5  # what part of a compound is worth, where the whole is not there
COMPOUND_ALONE = 0.7  # "chain-of-thought reasoning" for "chain-of-thought prompting"
APART = 0.85  # the words of a phrase within a few words of each other: "entropy of a black hole"
FAR_APART = 0.5
GAP = 3
MAX_PLACES = 200  # of the words of a phrase in one text that are looked at
WINDOW = 30  # terms that stand near each other

_COMPOUND = re.compile(r"[^\W_]+(?:[-‐‑‒–][^\W_]+){1,6}")
_CAPITALS = re.compile(r"\b(?:[^\W\d_]{0,6}[A-Z]){2,6}s?\b")
_SHORTEST_ABBREVIATION = 3


@dataclass(frozen=True)
class TextTerms:
    """A text read for its terms. `joined` holds the stems in order, each between spaces."""

    stems: tuple[str, ...]
    joined: str
    held: frozenset[str]  # stems, and compounds written in one piece
    abbreviations: frozenset[str]

    @classmethod
    def of(cls, text: str) -> TextTerms:
        text = text[:MAX_TEXT]
        stems = tuple(index_terms(text))
        squashed = (_squashed(match.group()) for match in _COMPOUND.finditer(text))
        short = (match.group().casefold().removesuffix("s") for match in _CAPITALS.finditer(text))
        return cls(stems, f" {' '.join(stems)} ", frozenset((*stems, *squashed)), frozenset(short))


@dataclass(frozen=True)
class WeighedTerm:
    """One word of a question with its weight; a compound has several `parts`."""

    word: str
    parts: tuple[str, ...]
    squashed: str
    weight: float
    abbreviations: frozenset[str]  # of the phrases it stands in: "llm" for each of "large language models"
    is_subject: bool

    def credit(self, text: TextTerms) -> float:
        """1 where the text has the word, less where it has a part of it, 0 where it has none."""
        if self.squashed in text.held or self.abbreviations & text.abbreviations:
            return 1.0
        if not self.parts:
            return 0.0
        is_whole = len(self.parts) > 1 or self.parts[0] == self.squashed
        if is_whole and f" {' '.join(self.parts)} " in text.joined:
            return 1.0
        share = sum(part in text.held for part in self.parts) / len(self.parts)
        return PARTLY * share if is_whole or len(self.parts) == 1 else 0.0


@dataclass(frozen=True)
class Chunk:
    """Words of the subject that belong together: a phrase, or one word that stands alone."""

    terms: tuple[WeighedTerm, ...]
    joined: str  # the stems of the phrase, between spaces
    abbreviations: frozenset[str]

    @property
    def weight(self) -> float:
        """That of its rarest word: a phrase of three words is not worth three times as much as one word."""
        return max(term.weight for term in self.terms)

    @property
    def is_phrase(self) -> bool:
        return len(self.terms) > 1

    def stands_in(self, text: TextTerms) -> bool:
        """Whether the text has the phrase as it stands, or in short."""
        return self.joined in text.joined or bool(self.abbreviations & text.abbreviations)

    def credit(self, text: TextTerms) -> float:
        """1 where the phrase stands as it is; two words that stand apart mean something else as often as not."""
        covered = _share(self.terms, text)
        if not self.is_phrase:
            return covered
        if self.stands_in(text):
            return 1.0
        rarest = max(self.terms, key=lambda term: term.weight)
        whole = COMPOUND_ALONE if len(rarest.parts) > 1 and rarest.credit(text) == 1.0 else 0.0
        return max(whole, covered * (APART if self._stands_near(text) else FAR_APART))

    def _stands_near(self, text: TextTerms) -> bool:
        """Whether those of its stems that the text has stand somewhere within a few words of each other."""
        wanted = {part for term in self.terms for part in term.parts} & text.held
        places = [at for at, stem in enumerate(text.stems) if stem in wanted]
        width = len(wanted) + GAP
        return any(
            wanted <= {text.stems[other] for other in places[number : number + width] if other - at < width}
            for number, at in enumerate(places[:MAX_PLACES])
        )


@dataclass(frozen=True)
class WeighedTerms:
    """The terms of a question, weighed, and the chunks that its subject words form."""

    terms: tuple[WeighedTerm, ...]
    chunks: tuple[Chunk, ...]

    @property
    def subjects(self) -> tuple[WeighedTerm, ...]:
        return tuple(term for term in self.terms if term.is_subject)

    def coverage(self, text: TextTerms) -> float:
        """Share of the weight that the text speaks of."""
        return _share(self.terms, text)

    def phrase_share(self, text: TextTerms) -> float | None:
        """Share of the phrases that the text holds as they stand, or in short; None without phrases."""
        phrases = [chunk for chunk in self.chunks if chunk.is_phrase]
        return sum(phrase.stands_in(text) for phrase in phrases) / len(phrases) if phrases else None

    def nearness(self, text: TextTerms) -> float:
        """The most of the subject's weight that stands in `WINDOW` neighbouring terms of the text."""
        subjects = [term for term in self.subjects or self.terms if term.parts]
        total = sum(term.weight for term in subjects)
        wanted = {part: number for number, term in enumerate(subjects) for part in term.parts}
        places = [(at, wanted[stem]) for at, stem in enumerate(text.stems) if stem in wanted]
        best, first = 0.0, 0
        inside: Counter[int] = Counter()
        for at, number in places:
            inside[number] += 1
            while at - places[first][0] >= WINDOW:
                inside[places[first][1]] -= 1
                first += 1
            best = max(best, sum(subjects[n].weight for n, count in inside.items() if count))
        return best / total if total else 0.0


def _share(terms: Sequence[WeighedTerm], text: TextTerms) -> float:
    total = sum(term.weight for term in terms)
    return sum(term.weight * term.credit(text) for term in terms) / total if total else 0.0


def weighed_terms(terms: SearchTerms, idf: Idf) -> WeighedTerms:
    """The terms of a question with their weights; without any, all coverage is 0."""
    short_of = {word: _short_forms(terms, word) for word in terms.words}
    found = [
        _weighed(word, idf, short_of.get(word, frozenset()), is_subject=is_subject)
        for words, is_subject in ((terms.words, True), (terms.relations, False))
        for word in words
    ]
    found = [term for term in found if term.parts]
    return WeighedTerms(tuple(found), _chunks(terms, {term.word: term for term in found if term.is_subject}))


def _chunks(terms: SearchTerms, subjects: dict[str, WeighedTerm]) -> tuple[Chunk, ...]:
    """The phrases of the question, and each subject word that no phrase holds; in the order of the question."""
    chunks: list[Chunk] = []
    taken: set[str] = set()
    for phrase in terms.phrases:
        held = tuple(subjects[word] for word in phrase.split() if word in subjects)
        if held:
            short = frozenset(filter(None, (_initials(phrase),)))
            chunks.append(Chunk(held, f" {' '.join(index_terms(phrase))} ", short))
            taken.update(term.word for term in held)
    alone = (term for word, term in subjects.items() if word not in taken)
    chunks += [Chunk((term,), f" {' '.join(term.parts)} ", frozenset()) for term in alone]
    return tuple(chunks)


def _weighed(word: str, idf: Idf, short: frozenset[str], *, is_subject: bool) -> WeighedTerm:
    parts = tuple(index_terms(word))
    squashed = _squashed(word)
    # "Over-smoothing" is rarer than "smoothing", which is all that is left of it without function words.
    is_reduced = len(parts) == 1 and parts[0] != squashed
    weight = min(MOST_WEIGHT, max((idf(part) for part in ((squashed,) if is_reduced else parts)), default=0.0))
    weight = max(LEAST_WEIGHT, weight) * (1.0 if is_subject else RELATION_SHARE)
    return WeighedTerm(word, parts, squashed, weight, short, is_subject)


def _squashed(compound: str) -> str:
    """ "Over-smoothing" and "oversmoothing" are one word."""
    whole = "".join(letter for letter in compound.casefold() if letter.isalnum())
    return next(iter(index_terms(whole)), whole)


def _short_forms(terms: SearchTerms, word: str) -> frozenset[str]:
    """What the phrases that hold the word, and the word itself if it is a compound, may be called in short."""
    found = (_initials(phrase) for phrase in (word, *terms.phrases) if word in phrase.split())
    return frozenset(short for short in found if short)


def _initials(phrase: str) -> str | None:
    parts = re.findall(r"[^\W_]+", phrase)
    initials = "".join(part[0] for part in parts)
    return initials if len(initials) >= _SHORTEST_ABBREVIATION and initials.isalpha() else None


def pool_idf(texts: Iterable[str]) -> Idf:
    """How rare each stem is among the texts themselves: what is left where no statistics are at hand."""
    documents = [frozenset(index_terms(text[:MAX_TEXT])) for text in texts]
    frequency = Counter(stem for document in documents for stem in document)
    return lambda stem: max(LEAST_WEIGHT, math.log((len(documents) + 1) / (frequency[stem] + 0.5)))

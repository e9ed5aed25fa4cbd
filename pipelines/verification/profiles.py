"""A claim and the sentences of a source as the features need them: read once, held against each other often.

Owns what is counted of one text (content stems, their rarity, directions, denials, word vectors) and the
incidence of its terms over the sentences of a source. Does not belong here: what is computed from a claim and a
source together (`features`), the models (`estimators`). Input: texts; output: `Profile`, `SourceProfile`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from pipelines.verification.contrast.vocabulary import load_vocabulary
from pipelines.verification.lexicon import load_lexicon
from pipelines.verification.reading import Reading, read
from pipelines.verification.terms import STOP_WORDS, TermStatistics, fold
from pipelines.verification.weighing import MOST_WEIGHT, WeighedClaim, weigh
from pipelines.verification.word_vectors import WordVectors

Floats = NDArray[np.float64]
Term = TypeVar("Term", bound=Hashable)

_CONCEPT_WEIGHT = 2.5  # of a concept that is a group of words
_PREFIX = 5  # letters that two forms of one word share at least
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_CONCLUDES = re.compile(
    r"^(?:conclusions?|interpretation|results?|findings?)\b"
    r"|\b(?:we (?:found|find|show|showed|demonstrated?|report|conclude|identified|observed)|in conclusion|here we"
    r"|our (?:results?|data|findings|study|work)|these (?:results|data|findings|observations)|thus|therefore)\b"
)
_ASKS = re.compile(
    r"^(?:background|objectives?|aims?|methods?|design|setting|participants|purpose|introduction|context|importance)\b"
    r"|\b(?:aimed to|to (?:determine|assess|test|evaluate|investigate|examine) |whether|unclear|unknown|remains? "
    r"|we (?:aim|sought|investigated|examined|studied|tested|assessed|evaluated|compared|measured)|poorly understood)\b"
)
_FINDS_NOTHING = re.compile(
    r"\bno (?:\w{1,30} )?(?:differences?|effects?|associations?|evidence|changes?|impact|influence|benefits?"
    r"|improvements?|reductions?|increases?|correlations?|relationships?)\b"
    r"|\b(?:not|nor|neither) (?:\w{1,30} )?(?:associated|differ|different|affect(?:ed)?|changed?|alter(?:ed)?"
    r"|improved?|reduced?|increased?|correlated?|influenced?|related|linked)\b"
    r"|\bunaffected\b|\bunchanged\b|\bindependent of\b|\bunrelated\b|\bfail(?:ed|s)? to\b"
    r"|\bsimilar (?:in|between|to|among)\b|\bcomparable\b"
)
_CONTRASTS = re.compile(
    r"\b(?:however|but|although|whereas|despite|in contrast|contrary|unlike|conversely|paradoxically|surprisingly"
    r"|while)\b"
)
_SIGNED_AXES = frozenset(
    {"amount", "quality", "enabling", "activity", "harm", "survival", "success", "efficacy", "speed", "length"}
)
_DENYING_PREFIXES = ("un", "in", "im", "non", "dis", "anti", "hypo")
_OPPOSED_PREFIXES = (("hypo", "hyper"), ("pre", "post"))
_LEAST_WORD = 4  # letters of a word that may bear a prefix
_LEFT, _RIGHT = 12, 8  # words either side of a comparison that say what is compared


@dataclass(frozen=True)
class Profile:
    """One text, read and counted. Case, white space and Unicode forms change nothing in it."""

    reading: Reading
    terms: TermStatistics
    vectors: WordVectors

    @cached_property
    def content(self) -> tuple[str, ...]:
        """Stems of the words of content, in order."""
        negators = self.reading.lexicon.negators
        return tuple(
            t.stem
            for t in self.reading.tokens
            if t.stem and len(t.word) > 1 and t.word not in STOP_WORDS and t.word not in negators
        )

    @cached_property
    def stems(self) -> tuple[str, ...]:
        return tuple(sorted(set(self.content)))

    @cached_property
    def weights(self) -> Floats:
        """Rarity of each of `stems`."""
        return np.array([min(MOST_WEIGHT, self.terms.idf(stem)) for stem in self.stems])

    @cached_property
    def total(self) -> float:
        return float(self.weights.sum()) or 1.0

    @cached_property
    def weight_of(self) -> dict[str, float]:
        return dict(zip(self.stems, self.weights.tolist(), strict=True))

    @cached_property
    def bigrams(self) -> frozenset[tuple[str, str]]:
        return frozenset(zip(self.content, self.content[1:], strict=False))

    @cached_property
    def numbers(self) -> frozenset[str]:
        return frozenset(match.group() for word in self.reading.words if (match := _NUMBER.match(word)))

    @cached_property
    def codes(self) -> frozenset[str]:
        return frozenset(self.reading.codes)

    @cached_property
    def concepts(self) -> tuple[str, ...]:
        return tuple(sorted(self.reading.concept_set))

    @cached_property
    def concept_weights(self) -> Floats:
        return np.array([self.weight_of.get(concept, _CONCEPT_WEIGHT) for concept in self.concepts])

    @cached_property
    def hedges(self) -> int:
        lexicon = self.reading.lexicon
        strong = sum(word in lexicon.strong_hedges for word in self.reading.words)
        return strong + sum(t.stem in lexicon.weak_hedges for t in self.reading.tokens)

    @cached_property
    def marks(self) -> tuple[float, ...]:
        """What holds of the sentence whatever the claim: `SENTENCE_MARKS` names the values."""
        return (
            float(bool(_CONCLUDES.search(self.reading.text))),
            float(bool(_ASKS.search(self.reading.text))),
            math.log1p(len(self.stems)),
            float(min(self.hedges, 3)),
            float(self.finds_nothing > 0),
            float(min(len(self.reading.denials), 2)),
            float(self.contrasts),
        )

    @cached_property
    def finds_nothing(self) -> int:
        return len(_FINDS_NOTHING.findall(self.reading.text))

    @cached_property
    def contrasts(self) -> bool:
        return bool(_CONTRASTS.search(self.reading.text))

    @cached_property
    def prefixes(self) -> frozenset[str]:
        return frozenset(stem[:_PREFIX] for stem in self.stems if is_inflected(stem))

    # --- word vectors -----------------------------------------------------------------------------

    @cached_property
    def known(self) -> NDArray[np.intp]:
        """Places in `stems` of those that have a word vector."""
        return np.array([i for i, stem in enumerate(self.stems) if stem in self.vectors.place], dtype=np.intp)

    @cached_property
    def matrix(self) -> NDArray[np.float32]:
        """(known stems, dimensions), rows of length one."""
        return self.vectors.of([self.stems[i] for i in self.known])

    @cached_property
    def mean_vector(self) -> NDArray[np.float32]:
        """The weighted mean of the word vectors, of length one, or zero."""
        return unit(self.weights[self.known].astype(np.float32) @ self.matrix)

    @cached_property
    def weighed(self) -> WeighedClaim:
        """As the rules weigh a claim."""
        return weigh(self.reading, self.terms)

    # --- which way it goes ------------------------------------------------------------------------

    @cached_property
    def denied(self) -> frozenset[int]:
        return self.reading.denied

    @cached_property
    def axis_contexts(self) -> tuple[tuple[tuple[tuple[str, int], ...], frozenset[str], bool], ...]:
        """(axes and sides, concepts around it, whether it is denied) of each word on an axis."""
        places = self.reading.axis_places
        return tuple((axes, self.reading.near(at), at in self.denied) for at, axes in places)

    @cached_property
    def placed_directions(self) -> tuple[tuple[int, int], ...]:
        """(place, +1 or -1) of each word that goes up or down, turned round where it is denied."""
        found = []
        for at, axes in self.reading.axis_places:
            signs = [1 if side == 0 else -1 for axis, side in axes if axis in _SIGNED_AXES]
            if signs:
                found.append((at, -signs[0] if at in self.denied else signs[0]))
        return tuple(found)

    @cached_property
    def directions(self) -> tuple[int, ...]:
        return tuple(sign for _, sign in self.placed_directions)

    @cached_property
    def denied_stems(self) -> frozenset[str]:
        """Content stems that are denied wherever they stand."""
        tokens = self.reading.tokens
        free = {token.stem for at, token in enumerate(tokens) if at not in self.denied}
        return frozenset(tokens[at].stem for at in self.denied if tokens[at].stem not in free)

    @cached_property
    def kinds(self) -> dict[str, frozenset[str]]:
        """Words that exclude each other in one place (left, right), by their kind."""
        found: dict[str, frozenset[str]] = {}
        kind_of = _kinds()
        for word in self.word_set & kind_of.keys():
            found[kind_of[word]] = found.get(kind_of[word], frozenset()) | {word}
        return found

    @cached_property
    def word_set(self) -> frozenset[str]:
        return frozenset(self.reading.words)

    @cached_property
    def without_prefix(self) -> dict[str, frozenset[str]]:
        """A word without its denying prefix, and the words that it comes from: linear, of nonlinear."""
        found: dict[str, frozenset[str]] = {}
        for word in self.word_set:
            for prefix in _DENYING_PREFIXES:
                if word.startswith(prefix) and len(word) >= len(prefix) + _LEAST_WORD:
                    rest = word[len(prefix) :]
                    found[rest] = found.get(rest, frozenset()) | {word}
        return found

    @cached_property
    def with_opposite_prefix(self) -> dict[str, frozenset[str]]:
        """A word with the opposite prefix, and the word that it comes from: hypotension, of hypertension."""
        return {
            one + word[len(other) :]: frozenset({word})
            for word in self.word_set
            for one, other in _OPPOSED_PREFIXES
            if word.startswith(other) and len(one) + len(word) - len(other) >= _LEAST_WORD
        }

    @cached_property
    def compared(self) -> tuple[frozenset[str], frozenset[str], int] | None:
        """Concepts left and right of the first comparison, and whether the left is more (+1) or less (-1)."""
        words, concepts, lexicon = self.reading.words, self.reading.concepts, self.reading.lexicon
        for i, word in enumerate(words):
            if word in lexicon.comparisons or words[i : i + 2] in lexicon.comparison_phrases:
                left, right = concepts[max(0, i - _LEFT) : i], concepts[i + 1 : i + 1 + _RIGHT]
                near = [sign for at, sign in self.placed_directions if i - _LEFT <= at <= i]
                return _plain(left), _plain(right), near[-1] if near else 0
        return None


@cache
def _kinds() -> dict[str, str]:
    """Kind of each word that excludes others of its kind."""
    listed = load_vocabulary().cohyponyms.items()
    return {name.casefold(): kind for name, (kind, _) in listed if name.isalpha() and kind not in _NO_KIND}


_NO_KIND = frozenset({"trial_phase", "month", "control_arm", "placebo_arm"})  # words of many other senses


def _plain(concepts: Iterable[str]) -> frozenset[str]:
    return frozenset(x for x in concepts if x and x[0] != "~")


def is_inflected(stem: str) -> bool:
    """Whether another form of the word may have a stem of its own: "methyl" of methylation and methylated."""
    return len(stem) >= _PREFIX and stem.isalpha()


def unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    length = float(np.linalg.norm(vector))
    return vector / length if length else vector


@dataclass(frozen=True)
class SourceProfile:
    """The sentences and the title of one source, with where each of their terms occurs."""

    title: Profile
    sentences: tuple[Profile, ...]

    @cached_property
    def stem_places(self) -> dict[str, list[int]]:
        return _places(s.stems for s in self.sentences)

    @cached_property
    def concept_places(self) -> dict[str, list[int]]:
        return _places(s.concepts for s in self.sentences)

    @cached_property
    def bigram_places(self) -> dict[tuple[str, str], list[int]]:
        return _places(s.bigrams for s in self.sentences)

    @cached_property
    def prefix_places(self) -> dict[str, list[int]]:
        return _places(s.prefixes for s in self.sentences)

    @cached_property
    def concepts(self) -> frozenset[str]:
        return frozenset(self.concept_places)

    @cached_property
    def squashed(self) -> frozenset[str]:
        """Names in one piece that any of its sentences holds."""
        return frozenset().union(*(s.reading.squashed for s in self.sentences))

    @cached_property
    def totals(self) -> Floats:
        return np.array([s.total for s in self.sentences])

    @cached_property
    def sizes(self) -> Floats:
        return np.array([float(len(s.stems)) for s in self.sentences])

    @cached_property
    def marks(self) -> Floats:
        """(sentences, `SENTENCE_MARKS`)."""
        return np.array([s.marks for s in self.sentences])

    @cached_property
    def stacked(self) -> tuple[NDArray[np.float32], NDArray[np.intp], NDArray[np.intp]]:
        """Word vectors of all sentences one below the other; where each non-empty one begins; which those are."""
        sizes = np.array([len(s.known) for s in self.sentences], dtype=np.intp)
        filled = np.flatnonzero(sizes)
        starts = np.concatenate([[0], np.cumsum(sizes[filled])[:-1]]).astype(np.intp)
        return np.concatenate([s.matrix for s in self.sentences]), starts, filled

    @cached_property
    def mean_vectors(self) -> NDArray[np.float32]:
        return np.array([s.mean_vector for s in self.sentences])


def _places(terms_of: Iterable[Iterable[Term]]) -> dict[Term, list[int]]:
    places: dict[Term, list[int]] = {}
    for at, terms in enumerate(terms_of):
        for term in terms:
            places.setdefault(term, []).append(at)
    return places


def profile(text: str, terms: TermStatistics, vectors: WordVectors) -> Profile:
    """One text, read in lower case, so that case decides nothing."""
    return Profile(read(fold(text).casefold(), load_lexicon()), terms, vectors)


def source_profile(title: str, sentences: Sequence[str], terms: TermStatistics, vectors: WordVectors) -> SourceProfile:
    return SourceProfile(profile(title, terms, vectors), tuple(profile(s, terms, vectors) for s in sentences))

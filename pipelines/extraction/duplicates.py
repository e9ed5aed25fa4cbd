"""Near-duplicates among the claims of one record.

Owns when two claims say the same: nearly the same words, the same numbers, no negation, direction or
name in one that the other lacks. Does not merge or drop claims. In: normalised sentences in order.
Out: for each, the index of the first that it repeats. Work is bounded: only sentences that share a
rare word and all numbers are compared, and at most `_BUCKET` of them.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from pipelines.extraction.word_lists import words

_NEAR = 90.0
_RAREST = 4
_BUCKET = 20
_LONGEST = 400  # words; a longer row is a duplicate only of itself
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?")
_NEGATIONS = words(
    """
    no not never none neither nor without cannot hardly fail fails failed lack lacks lacking
    """
)
# Words that turn a statement round; two claims that differ in one of them are not the same.
_TURNING = words(
    """
    above after always before below best better decline declines decrease decreased decreases
    decreasing down fall falls fell fewer gain gains grew grow high higher highest improve improved
    improves increase increased increases increasing large larger largest less little long loss
    losses low lower lowest many maximum minimum more most negative negatively never only over
    positive positively reduce reduced reduces rise rises rose short slow slower fast faster small
    smaller strong stronger under up weak weaker worse worst all some few first last can may
    """
)
_COMPARES = words(
    """
    than versus vs over outperforms outperform outperformed exceeds surpasses causes caused to from
    """
)
_FILLER = words(
    """
    a an the of in on for and or is are was were be been by with as at it its this that these
    """
)


_COUNTS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
# "A month" and "one month" say the same; "two months" and "three months" do not.
_NUMERALS = {"one": "a"} | {word: str(value) for value, word in enumerate(_COUNTS, start=2)}


@dataclass(frozen=True)
class _Profile:
    words: tuple[str, ...]
    cased: frozenset[str]
    numbers: tuple[str, ...]
    negations: int
    folded: str


def _profile(sentence: str) -> _Profile:
    tokens = _TOKEN.findall(sentence)
    words = tuple(_NUMERALS.get(token.lower(), token.lower()) for token in tokens)
    return _Profile(
        words=words,
        cased=frozenset(token.lower() for token in tokens[1:] if token != token.lower()),
        numbers=tuple(sorted(word for word in words if word[0].isdigit())),
        negations=sum(word in _NEGATIONS or word.endswith(("n't", "n’t")) for word in words),
        folded=" ".join(words),
    )


def _say_the_same(one: _Profile, other: _Profile) -> bool:
    if one.folded == other.folded:
        return True
    if one.numbers != other.numbers or one.negations != other.negations:
        return False
    shorter, longer = sorted((len(one.words), len(other.words)))
    # A token set takes "A reduces B" for a copy of "A reduces B in mice": demand similar lengths.
    if shorter < 4 or shorter < 0.8 * longer or longer > _LONGEST:
        return False
    differing = (set(one.words) ^ set(other.words)) - _FILLER
    if differing & (_TURNING | _NEGATIONS | one.cased | other.cased):
        return False
    if not differing and _COMPARES & set(one.words):
        return [w for w in one.words if w not in _FILLER] == [w for w in other.words if w not in _FILLER]
    return fuzz.token_set_ratio(one.folded, other.folded) >= _NEAR and fuzz.ratio(one.folded, other.folded) >= 60


def first_duplicates(sentences: Sequence[str]) -> tuple[int | None, ...]:
    """For each sentence the index of the first earlier one that says the same, or None."""
    profiles = [_profile(sentence) for sentence in sentences]
    frequency = Counter(word for profile in profiles for word in set(profile.words))
    buckets: defaultdict[tuple[str, tuple[str, ...]], list[int]] = defaultdict(list)
    found: list[int | None] = []
    for index, profile in enumerate(profiles):
        rarest = sorted(set(profile.words), key=lambda word: (frequency[word] == 1, frequency[word], word))
        keys = [(word, profile.numbers) for word in rarest[:_RAREST]] + [(profile.folded, ())]
        candidates = sorted({candidate for key in keys for candidate in buckets.get(key, ())})
        original = next((c for c in candidates if _say_the_same(profiles[c], profile)), None)
        found.append(original)
        if original is None:
            for key in keys:
                if len(buckets[key]) < _BUCKET:
                    buckets[key].append(index)
    return tuple(found)

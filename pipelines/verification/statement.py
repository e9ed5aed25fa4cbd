"""What one text states, taken apart: its subject, whom it speaks of, how firmly and of how many.

Owns what the axes need to know of a claim or a sentence on its own. Does not belong here: holding the two
against each other (`axes`), denials and directions (`reading`). Input: a `Reading`; output: a `Statement`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import IntEnum
from functools import cached_property, lru_cache

from pipelines.verification.predicate import predicate_index
from pipelines.verification.reading import AUXILIARIES, Reading
from pipelines.verification.terms import load_terms

_KEPT = 8_192  # texts whose statements are kept
_OPENER_LIST = """
in among for with during under after before when if while on at by from following using based given despite
although though thus therefore furthermore moreover here finally conversely however overall together taken
consistent similarly interestingly notably importantly additionally hence indeed consequently compared to
"""
_OPENERS = frozenset(_OPENER_LIST.split())
_VERBAL = AUXILIARIES | {"may", "might", "must", "should", "shall", "be", "being"}
_NEAR_VERB = 4  # words that may stand between an auxiliary and what it helps
_PHRASE_OPENERS = frozenset({"in", "among", "amongst", "during", "under", "across"})
_PHRASE_END_LIST = """
, ; : . ! ? ( ) and or but by to with without of for from that which who when than is are was were can may
as at on in during among under through via after before
"""
_PHRASE_ENDS = frozenset(_PHRASE_END_LIST.split())
# "Across a broad range", "in the presence of": they name no place or group.
_TAKE_IN_LIST = "resulting results resulted result involved implicated changes change differences difference interest"
_TAKE_IN = frozenset(_TAKE_IN_LIST.split())  # "results in x": what follows is no place
_EMPTY_NOUN_LIST = """
combination absence comparison association conjunction parallel range broad wide variety number set series case
cases manner way presence context addition order part terms process course fact general light line response area
field level levels time times rate rates
"""
_EMPTY_NOUNS = frozenset(_EMPTY_NOUN_LIST.split())
_POINTING = frozenset({"this", "these", "it", "they", "its", "their", "both", "such", "the", "here", "we"})
_DEGREES = frozenset({"more", "less", "most", "least", "as", "no"})  # "more likely" compares, and guesses nothing
_COMMAS = frozenset(",;:()")
_LONGEST_PHRASE = 5
_LONGEST_SUBJECT = 14
_MOST_WEIGHT = 7.0


class Firmness(IntEnum):
    """How firmly something is said."""

    MAY = 1
    SUGGESTS = 2
    STATES = 3


class Extent(IntEnum):
    """Of how many something is said."""

    SOME = 1
    MANY = 2
    MOST = 3
    ALL = 4


_FIRMNESS = {"may": Firmness.MAY, "suggests": Firmness.SUGGESTS}
_EXTENT = {"some": Extent.SOME, "many": Extent.MANY, "most": Extent.MOST, "all": Extent.ALL}
_MAJORITY = 50.0
_MODEL_SIZE = re.compile(r"\d{1,4}(?:\.\d{1,3})?b")  # "7b": billions of parameters


class Statement:
    """One reading, taken apart. Every part is computed when first asked for."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    @cached_property
    def predicate_at(self) -> int | None:
        return predicate_index(self.reading)

    @cached_property
    def subject_span(self) -> tuple[int, int]:
        """(first, behind the last) token of what stands before the verb; (0, 0) where nothing does."""
        words, reading = self.reading.words, self.reading
        verb = self._verb_at()
        if verb is None:
            return 0, 0
        first = 0
        if words and words[0] in _OPENERS and "," in words[:verb]:
            first = verb - words[:verb][::-1].index(",")
        first = max(first, verb - _LONGEST_SUBJECT)
        return (first, verb) if any(reading.concepts[first:verb]) else (0, 0)

    def _verb_at(self) -> int | None:
        """Where the verb of the statement begins: its first auxiliary, or the main predicate itself."""
        words, lexicon = self.reading.words, self.reading.lexicon
        at = self.predicate_at
        if at is None:
            verbs = (i for i, w in enumerate(words) if i and (w in lexicon.light_verbs or w in _VERBAL))
            axes = (i for i, _ in self.reading.axis_places if i)
            return next(verbs, None) or next(axes, None)
        near = range(at - 1, max(0, at - 1 - _NEAR_VERB), -1)
        at = next((i for i in near if words[i] in _VERBAL and not _COMMAS & set(words[i:at])), at)
        while at > 1 and (words[at - 1] in _VERBAL | lexicon.negators or _is_adverb(words[at - 1])):
            at -= 1
        return at

    @cached_property
    def subject(self) -> tuple[str, ...]:
        """Concepts of the subject, in order; words of direction are no subject."""
        first, last = self.subject_span
        return tuple(c for c in self.reading.concepts[first:last] if c and not c.startswith("~"))

    @cached_property
    def subject_weights(self) -> Mapping[str, float]:
        """How rare each concept of the subject is: the name of a gene weighs more than "cells"."""
        first, last = self.subject_span
        terms, weights = load_terms(), dict.fromkeys(self.subject, 0.0)
        for token, concept in zip(self.reading.tokens[first:last], self.reading.concepts[first:last], strict=True):
            if concept in weights:
                weights[concept] = max(weights[concept], min(_MOST_WEIGHT, terms.idf(token.stem)))
        return weights

    @cached_property
    def relations(self) -> frozenset[str]:
        """Groups of predicates that any word of the text belongs to."""
        table = self.reading.lexicon.relations
        return frozenset(group for token in self.reading.tokens for group in table.get(token.stem, ()))

    @cached_property
    def undoes(self) -> bool:
        """Whether the subject is the loss of something: what follows says the opposite of the thing itself."""
        first, last = self.subject_span
        words = self.reading.words[first:last] or self.reading.words
        return bool(set(words) & (self.reading.lexicon.undoing | self.reading.lexicon.removals))

    @cached_property
    def points_back(self) -> bool:
        """Whether the subject is "this", "the treatment", "they": a thing that was named before."""
        return bool(self.reading.words) and self.reading.words[0] in _POINTING

    @cached_property
    def predicate_concepts(self) -> frozenset[str]:
        """Concepts from the verb on."""
        return frozenset(c for c in self.reading.concepts[self.subject_span[1] :] if c)

    @cached_property
    def populations(self) -> Mapping[str, Mapping[str, str]]:
        """Family: group: the words by which it is named."""
        found: dict[str, dict[str, str]] = {}
        for family, group, first, last in self._groups:
            found.setdefault(family, {}).setdefault(group, " ".join(self.reading.words[first:last]))
        return found

    @cached_property
    def _groups(self) -> tuple[tuple[str, str, int, int], ...]:
        """(family, group, first, behind the last token) of each population that is named."""
        found: list[tuple[str, str, int, int]] = []
        words, table = self.reading.words, self.reading.lexicon.populations
        for index, word in enumerate(words):
            for phrase, family, group in table.get(word, ()):
                last = index + len(phrase)
                is_inside = any(family == name and a <= index < b for name, _, a, b in found)
                if words[index:last] == phrase and not is_inside:
                    found.append((family, group, index, last))
            if word[0].isdigit() and _MODEL_SIZE.fullmatch(word):
                found.append(("model size", word.upper(), index, index + 1))
        return tuple(found)

    @cached_property
    def settings(self) -> tuple[tuple[str, frozenset[str]], ...]:
        """(words, concepts) of each "in x", "among y", "during z" that says where something holds."""
        return tuple(self._phrases())

    def _phrases(self) -> Iterator[tuple[str, frozenset[str]]]:
        words, concepts = self.reading.words, self.reading.concepts
        grouped = {i for _, _, a, b in self._groups for i in range(a, b)}
        for index, word in enumerate(words):
            is_opener = word in _PHRASE_OPENERS or (word == "on" and index == 0)
            if not is_opener or not self._is_free(index):
                continue
            last = index + 1
            while last < len(words) and last - index <= _LONGEST_PHRASE and not self._ends_phrase(last):
                last += 1
            inside = (i for i in range(index + 1, last) if i not in grouped and words[i] not in _EMPTY_NOUNS)
            held = frozenset(concepts[i] for i in inside if concepts[i])
            if held:
                yield " ".join(words[index:last]), held

    def _ends_phrase(self, index: int) -> bool:
        """At a function word, a word of direction, or the verb."""
        is_direction = self.reading.concepts[index].startswith("~")
        return is_direction or self.reading.words[index] in _PHRASE_ENDS or index == self.predicate_at

    def _is_free(self, index: int) -> bool:
        """Whether a preposition opens a setting, not the object of "increase in", "role in", "results in"."""
        if index == 0:
            return True
        before = self.reading.concepts[index - 1]
        if self.reading.words[index - 1] in _TAKE_IN:
            return False
        return not before.startswith(("~", "=effect", "=role", "=cause", "=association", "=express", "=contribute"))

    @cached_property
    def hedges(self) -> tuple[tuple[int, Firmness], ...]:
        """Where something is said less than firmly."""
        table = self.reading.lexicon.certainty
        words = self.reading.words
        return tuple(
            (i, _FIRMNESS[table[word]])
            for i, word in enumerate(words)
            if word in table and not (i and words[i - 1] in _DEGREES)
        )

    def hedged_only(self, level: Firmness) -> frozenset[str]:
        """Concepts that are said under a hedge of this level and nowhere else.

        "May" reaches its whole stretch of the sentence; "suggests" what follows it.
        """
        places = [i for i, found in self.hedges if found is level]
        if not places:
            return frozenset()
        reading = self.reading
        if level is Firmness.MAY:
            return reading.concept_set - reading.concepts_outside(places)
        free = set(reading.concepts_outside(places))
        for first, last in reading.segments:
            inside = [i for i in places if first <= i < last]
            free.update(c for c in reading.concepts[first : min(inside, default=first)] if c)
        return reading.concept_set - free

    @cached_property
    def firmness(self) -> Firmness:
        return min((level for _, level in self.hedges), default=Firmness.STATES)

    @cached_property
    def extents(self) -> Mapping[Extent, str]:
        """Of how many something is said, and the word for it; a share above one half is "most"."""
        found: dict[Extent, str] = {}
        lexicon, words = self.reading.lexicon, self.reading.words
        for index, word in enumerate(words):
            level = lexicon.amounts_of_things.get(word)
            is_superlative = word == "most" and index > 0 and words[index - 1] in lexicon.superlative_after
            is_denied = word == "any" and bool(self.reading.denials)
            if level and not is_superlative and not is_denied and not self._is_excepted(index):
                found.setdefault(_EXTENT[level], word)
        for quantity in self.reading.quantities:
            if quantity.unit == "%" and quantity.value > _MAJORITY:
                found.setdefault(Extent.MOST, quantity.text)
        return found

    def _is_excepted(self, index: int) -> bool:
        """ "Not all", "not only", "at all", "after all", "a few" say nothing of all."""
        words = self.reading.words
        before, after = (words[index - 1] if index else ""), words[index + 1 : index + 2]
        is_small = words[index] == "only" and bool(after) and after[0] in ("a", "an", "one")
        return before in ("not", "at", "after", "above") or (before == "a" and words[index] == "few") or is_small


def _is_adverb(word: str) -> bool:
    return len(word) > 4 and word.endswith("ly")


class _Key:
    """A reading as a key, by its text; the lexicon is part of it by identity."""

    __slots__ = ("hash", "reading")

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.hash = hash(reading.text)

    def __hash__(self) -> int:
        return self.hash

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Key)
            and self.reading.text == other.reading.text
            and self.reading.lexicon is other.reading.lexicon
        )


@lru_cache(maxsize=_KEPT)
def _statement(key: _Key) -> Statement:
    return Statement(key.reading)


def statement_of(reading: Reading) -> Statement:
    """The statement of a reading; kept, so that a text met again is not taken apart again."""
    return _statement(_Key(reading))

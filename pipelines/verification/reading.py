"""A claim or a sentence as it is read for comparison: tokens, concepts, denials, names, quantities.

Owns what one text says about itself. Does not belong here: cutting passages (`passage_sentences`),
finding the main predicate (`predicate`), judging (`cues`, `axes`). Input: a text; output: a `Reading`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from pipelines.extraction.quantities import quantities_of
from pipelines.models import Quantity
from pipelines.verification.lexicon import Lexicon, load_lexicon
from pipelines.verification.terms import STOP_WORDS, TOKEN, fold, stem

MAX_SENTENCE = 2_000  # characters of one sentence that are read
MAX_TOKENS = 400  # tokens of one reading
_PUNCTUATION = frozenset(",;:.!?()")
_AUXILIARY_LIST = "is are was were be been has have had can could will would does did do"
AUXILIARIES = frozenset(_AUXILIARY_LIST.split())
_STOPS = frozenset(".!?")
_SIDE_CLAUSE_LIST = "which who whose where whereas while although though but because since so and"
_SIDE_CLAUSE = frozenset(_SIDE_CLAUSE_LIST.split())
_PREPOSITION_LIST = "by on in at with under when if for from to of among between during after before than as"
_PREPOSITIONS = frozenset(_PREPOSITION_LIST.split())
_CLAUSE_END = _PUNCTUATION | {"and", "but"}
_CLAUSE_WORDS = frozenset({"but", "whereas", "while", "although", "though", "however", "because", "which", "despite"})
_SAME_DEGREE = frozenset({("no", "less"), ("no", "more"), ("no", "later"), ("no", "fewer")})
_CODE_PARTS = 4


@dataclass(frozen=True)
class Token:
    word: str  # lower case
    stem: str
    start: int
    end: int
    is_glued: bool  # joined to the token before it by a hyphen, a dot or a slash


@dataclass(frozen=True)
class Reading:
    """One folded text, read. Derived parts are computed when first asked for and kept."""

    text: str
    lexicon: Lexicon

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        found: list[Token] = []
        previous_end = -1
        for match in TOKEN.finditer(self.text):
            raw = match.group()
            word = raw.casefold()
            between = self.text[previous_end : match.start()] if previous_end >= 0 else " "
            glued = between in ("-", "/") and raw not in _PUNCTUATION
            found.append(Token(word, "" if raw in _PUNCTUATION else stem(word), match.start(), match.end(), glued))
            previous_end = match.end()
            if len(found) == MAX_TOKENS:
                break
        return tuple(found)

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tuple(t.word for t in self.tokens)

    @cached_property
    def concepts(self) -> tuple[str, ...]:
        """Per token the concept it stands for: an axis, a synonym group or its stem; "" for none."""
        return tuple(self._concept(index, token) for index, token in enumerate(self.tokens))

    def _concept(self, index: int, token: Token) -> str:
        if not token.stem or token.word in self.lexicon.negators:
            return ""
        axis = self._axes_of(index)
        if axis:
            return "~" + axis[0][0]
        if token.word in STOP_WORDS or token.stem in self.lexicon.reporting:
            return ""
        if len(token.word) == 1 and token.word.isascii() and token.word.isalpha():
            return ""
        synonym = self.lexicon.synonyms.get(token.stem)
        return "=" + synonym if synonym else token.stem

    def _axes_of(self, index: int) -> tuple[tuple[str, int], ...]:
        """Axes and sides of a word; none for a word that stands here as a noun of another meaning."""
        token = self.tokens[index]
        axes = self.lexicon.axes.get(token.stem, ()) if token.stem else ()
        return () if axes and token.word in self.lexicon.homonyms and self._is_other_noun(index) else axes

    def _is_other_noun(self, index: int) -> bool:
        """ "The block group", "the number of falls", "the present trial"; "a fall in x" is none of these."""
        before = self.words[index - 1] if index else ""
        after = self.words[index + 1] if index + 1 < len(self.words) else ""
        if after in self.lexicon.after_noun:
            return True
        is_direction = self.words[index] in self.lexicon.direction_nouns and after in ("in", "of", "by", "to", "from")
        return before in self.lexicon.before_noun and not (is_direction and before != "of")

    @cached_property
    def concept_set(self) -> frozenset[str]:
        return frozenset(c for c in self.concepts if c)

    @cached_property
    def stem_at(self) -> dict[str, list[int]]:
        """Where each concept stands."""
        places: dict[str, list[int]] = {}
        for index, concept in enumerate(self.concepts):
            if concept:
                places.setdefault(concept, []).append(index)
        return places

    @cached_property
    def axis_places(self) -> tuple[tuple[int, tuple[tuple[str, int], ...]], ...]:
        """(token index, its axes and sides) for every word that lies on an axis."""
        held = ((i, self._axes_of(i)) for i in range(len(self.tokens)))
        return tuple((i, axes) for i, axes in held if axes)

    @cached_property
    def denials(self) -> tuple[tuple[int, tuple[int, ...]], ...]:
        """(index of the negator, indexes of the words it reaches), clause marks end the reach."""
        backward = [(i, self._scope_before(i)) for i in range(len(self.words)) if self._denies_backward(i)]
        taken = {i for i, _ in backward}
        forward = [(i, self._scope(i, reach)) for i, reach in self._negators() if i not in taken]
        return (*forward, *backward)

    def _denies_backward(self, index: int) -> bool:
        is_last = index + 1 == len(self.words) or self.words[index + 1] in _CLAUSE_END
        after_verb = bool(set(self.words[max(0, index - 2) : index]) & AUXILIARIES)
        return self.words[index] in self.lexicon.backward and is_last and after_verb

    def _scope_before(self, index: int) -> tuple[int, ...]:
        first = max(0, index - self.lexicon.backward_reach)
        return tuple(i for i in range(first, index) if self.concepts[i])

    def _negators(self) -> Iterator[tuple[int, int]]:
        lexicon = self.lexicon
        for index, word in enumerate(self.words):
            pair = self.words[index : index + 2]
            if pair in lexicon.excused and not (
                pair in _SAME_DEGREE and self.words[index + 2 : index + 3] != ("than",)
            ):
                continue  # "no less than five" denies nothing, "no less affected" does
            if word in lexicon.negators or word.endswith("n't") or pair in lexicon.negator_phrases:
                yield index, lexicon.reach
            elif word in lexicon.short_negators:
                yield index, 1

    def _scope(self, index: int, reach: int) -> tuple[int, ...]:
        reached: list[int] = []
        thing_only = self.words[index] in self.lexicon.thing_only
        for at in range(index + 1, len(self.tokens)):
            word = self.words[at]
            if word in _PUNCTUATION or word in _CLAUSE_WORDS or word in self.lexicon.negators:
                break
            if thing_only and word in AUXILIARIES:
                break
            if self.concepts[at]:
                reached.append(at)
            if at - index >= reach and reached:
                break
        return tuple(reached)

    @cached_property
    def denied(self) -> frozenset[int]:
        """Indexes of the words that an odd number of negators reaches."""
        times: dict[int, int] = {}
        for _, reached in self.denials:
            for at in reached:
                times[at] = times.get(at, 0) + 1
        return frozenset(at for at, count in times.items() if count % 2)

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Names that mix letters and digits (GPT-4, p53, Llama-3-8B), as written in one piece."""
        return tuple(dict.fromkeys(code for code in map(_code, self._glued_groups()) if code))

    def _glued_groups(self) -> Iterator[list[str]]:
        group: list[str] = []
        for token in self.tokens:
            if not token.is_glued and group:
                yield group
                group = []
            if token.stem:
                group.append(token.word)
        if group:
            yield group

    @cached_property
    def squashed(self) -> frozenset[str]:
        """Every run of up to four neighbouring words written in one piece, to find codes in."""
        plain = [re.sub(r"\W", "", t.word) for t in self.tokens if t.stem]
        return frozenset("".join(plain[i : i + size]) for size in range(1, _CODE_PARTS + 1) for i in range(len(plain)))

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        return quantities_of(self.text)

    def near(self, index: int, width: int = 6) -> frozenset[str]:
        """Concepts of the words around a token, in its sentence."""
        first = last = index
        while first > max(0, index - width) and self.words[first - 1] not in _STOPS:
            first -= 1
        while last + 1 < min(len(self.tokens), index + width + 1) and self.words[last + 1] not in _STOPS:
            last += 1
        return frozenset(self.concepts[i] for i in range(first, last + 1) if i != index and self.concepts[i])

    def following(self, index: int, width: int = 5) -> frozenset[str]:
        """Concepts of the words that follow a token in its clause."""
        found: list[str] = []
        for at in range(index + 1, min(len(self.tokens), index + 1 + width)):
            if self._ends_clause(at):
                break
            found.append(self.concepts[at])
        return frozenset(x for x in found if x)

    def object_of(self, index: int) -> frozenset[str]:
        """Concepts of what a verb acts on: the words behind it, up to a preposition or the clause's end."""
        found: list[str] = []
        for at in range(index + 1, min(len(self.tokens), index + 8)):
            if self._ends_clause(at) or self.words[at] in _PREPOSITIONS:
                break
            found.append(self.concepts[at])
        return frozenset(x for x in found if x)

    @cached_property
    def segments(self) -> tuple[tuple[int, int], ...]:
        """(first, behind the last) token of each stretch that a hedge may be confined to.

        A stretch ends at the end of a sentence, at a semicolon, and where a comma opens a side clause.
        """
        cuts = [0]
        for i, word in enumerate(self.words):
            following = self.words[i + 1] if i + 1 < len(self.words) else ""
            if word in _STOPS or word == ";" or (word == "," and following in _SIDE_CLAUSE):
                cuts.append(i + 1)
        cuts.append(len(self.words))
        return tuple((a, b) for a, b in pairwise(cuts) if a < b)

    def concepts_outside(self, indexes: Iterable[int]) -> frozenset[str]:
        """Concepts of the stretches in which none of these tokens stands."""
        held = frozenset(indexes)
        free = (range(a, b) for a, b in self.segments if not any(a <= i < b for i in held))
        return frozenset(self.concepts[i] for span in free for i in span if self.concepts[i])

    def is_left_open(self, index: int) -> bool:
        """Whether a negator denies a pronoun only: "without it", "without them"."""
        following = self.words[index + 1 : index + 3]
        return (
            self.words[index] == "without"
            and following[:1] != ()
            and following[0] in self.lexicon.pronouns
            and (len(following) == 1 or not self.concepts[index + 2])
        )

    @cached_property
    def has_open_without(self) -> bool:
        return any(self.is_left_open(i) for i, _ in self.denials)

    def clause(self, index: int) -> frozenset[str]:
        """Concepts of the clause that a token stands in."""
        first = last = index
        while first and not self._ends_clause(first - 1):
            first -= 1
        while last + 1 < len(self.tokens) and not self._ends_clause(last + 1):
            last += 1
        return frozenset(c for c in self.concepts[first : last + 1] if c)

    def _ends_clause(self, index: int) -> bool:
        return self.words[index] in _PUNCTUATION or self.words[index] in _CLAUSE_WORDS

    def has_phrase(self, phrases: frozenset[tuple[str, ...]]) -> tuple[str, ...] | None:
        """The first of the phrases that the text holds."""
        for index in range(len(self.words)):
            for size in (2, 3, 4):
                if self.words[index : index + size] in phrases:
                    return self.words[index : index + size]
        return None


def _code(group: Sequence[str]) -> str | None:
    joined = re.sub(r"\W", "", "".join(group))
    has_both = any(c.isdigit() for c in joined) and any(c.isalpha() for c in joined)
    return joined if has_both and not group[0][0].isdigit() else None


def read(text: str, lexicon: Lexicon | None = None) -> Reading:
    """Read a claim or a sentence. Longer texts are cut to `MAX_SENTENCE` characters."""
    return Reading(fold(text[:MAX_SENTENCE]), lexicon or load_lexicon())

"""A claim or a sentence as it is read for comparison: tokens, concepts, denials, names, quantities.

Owns cutting a passage into sentences and reading each once (`prepare_passages`), so that thousands of
claims can be held against them. Does not belong here: judging (`cues`, `stance`). Sentences are cut
without looking at case, because a verdict must not depend on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from pipelines.extraction.quantities import quantities_of
from pipelines.models import Passage, Quantity
from pipelines.verification.lexicon import Lexicon, load_lexicon
from pipelines.verification.terms import MAX_TEXT, STOP_WORDS, TOKEN, TermStatistics, fold, stem

MAX_SENTENCE = 2_000  # characters of one sentence that are read
MAX_SENTENCES = 5_000  # sentences of one passage that are read
MAX_TOKENS = 400  # tokens of one reading
_PUNCTUATION = frozenset(",;:.!?()")
_AUXILIARY_LIST = "is are was were be been has have had can could will would does did do"
_AUXILIARIES = frozenset(_AUXILIARY_LIST.split())
_CLAUSE_END = _PUNCTUATION | {"and", "but"}
_CLAUSE_WORDS = frozenset({"but", "whereas", "while", "although", "though", "however", "because", "which", "despite"})
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]{0,3}(?=\s)|\n[ \t]*\n")
_WORD_BEFORE_STOP = re.compile(r"([^\s(\[]{1,12})[.]$")
_ABBREVIATION_LIST = """
e.g i.e eg ie cf vs fig figs eq eqs ref refs sec approx ca no nos dr prof al etc resp st vol pp
"""
_ABBREVIATIONS = frozenset(_ABBREVIATION_LIST.split())
_IN_BRACKETS = re.compile(r"(?<=[^\W\d_] )\(([^\W\d_]{2,8})\)")
_CODE_PARTS = 4


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """Offsets of the sentences of a passage, in order, without white space around them."""
    start = 0
    for match in _SENTENCE_END.finditer(text[:MAX_TEXT]):
        before = _WORD_BEFORE_STOP.search(text[max(start, match.start() - 12) : match.start() + 1])
        word = before.group(1).casefold() if before else ""
        if word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha()):
            continue
        yield from _trimmed(text, start, match.end())
        start = match.end()
    yield from _trimmed(text, start, min(len(text), MAX_TEXT))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    begin = start + len(piece) - len(piece.lstrip())
    stop = end - (len(piece) - len(piece.rstrip()))
    if begin < stop:
        yield begin, stop


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
        return tuple(self._concept(t) for t in self.tokens)

    def _concept(self, token: Token) -> str:
        if not token.stem or token.word in self.lexicon.negators:
            return ""
        axis = self.lexicon.axes.get(token.stem)
        if axis:
            return "~" + axis[0][0]
        if token.word in STOP_WORDS or token.stem in self.lexicon.reporting:
            return ""
        if len(token.word) == 1 and token.word.isascii() and token.word.isalpha():
            return ""
        synonym = self.lexicon.synonyms.get(token.stem)
        return "=" + synonym if synonym else token.stem

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
        held = ((i, self.lexicon.axes.get(t.stem)) for i, t in enumerate(self.tokens) if t.stem)
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
        after_verb = bool(set(self.words[max(0, index - 2) : index]) & _AUXILIARIES)
        return self.words[index] in self.lexicon.backward and is_last and after_verb

    def _scope_before(self, index: int) -> tuple[int, ...]:
        first = max(0, index - self.lexicon.backward_reach)
        return tuple(i for i in range(first, index) if self.concepts[i])

    def _negators(self) -> Iterator[tuple[int, int]]:
        lexicon = self.lexicon
        for index, word in enumerate(self.words):
            pair = self.words[index : index + 2]
            if pair in lexicon.excused:
                continue
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
            if thing_only and word in _AUXILIARIES:
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

    def context(self, start: int, end: int, width: int = 4) -> frozenset[str]:
        """Concepts of the words around a stretch of the text."""
        inside = [i for i, t in enumerate(self.tokens) if t.start < end and t.end > start]
        if not inside:
            return frozenset()
        near = range(max(0, inside[0] - width), min(len(self.tokens), inside[-1] + width + 1))
        return frozenset(self.concepts[i] for i in near if i not in inside and self.concepts[i])

    def near(self, index: int, width: int = 6) -> frozenset[str]:
        """Concepts of the words around a token."""
        around = range(max(0, index - width), min(len(self.tokens), index + width + 1))
        return frozenset(self.concepts[i] for i in around if i != index and self.concepts[i])

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


@dataclass(frozen=True)
class Window:
    """One sentence of a passage, or two neighbouring ones; offsets into `passage.text`."""

    passage: Passage
    start: int
    end: int
    sentences: int
    reading: Reading
    concepts: frozenset[str]  # of the reading, with what its abbreviations stand for

    @property
    def text(self) -> str:
        return self.passage.text[self.start : self.end]


@dataclass(frozen=True)
class PreparedPassages:
    """Passages cut into sentences and read once; in an order of their own."""

    windows: tuple[Window, ...]
    terms: TermStatistics
    passage_words: dict[str, frozenset[str]]  # passage id: concepts of the whole passage
    passage_codes: dict[str, frozenset[str]]  # passage id: `Reading.squashed` of its sentences
    version_ids: frozenset[str]

    def of_sources(self, source_ids: frozenset[str]) -> PreparedPassages:
        """Only the windows of the given sources."""
        kept = tuple(w for w in self.windows if w.passage.source_id in source_ids)
        return PreparedPassages(kept, self.terms, self.passage_words, self.passage_codes, self.version_ids)


def abbreviations(text: str, lexicon: Lexicon) -> dict[str, frozenset[str]]:
    """Concept of an abbreviation: concepts of the long form that the text gives it in brackets.

    "mild cognitive impairment (MCI)": the initials of the words before the bracket must spell it.
    """
    found: dict[str, frozenset[str]] = {}
    for match in _IN_BRACKETS.finditer(text[:MAX_TEXT]):
        letters = match.group(1).casefold().rstrip("s")
        before = read(text[max(0, match.start() - 120) : match.start()], lexicon)
        parts = [i for i, t in enumerate(before.tokens) if t.stem][-len(letters) :]
        if letters and "".join(before.words[i][0] for i in parts) == letters:
            found[stem(match.group(1).casefold())] = frozenset(before.concepts[i] for i in parts) - {""}
    return found


def _expanded(reading: Reading, short_forms: dict[str, frozenset[str]]) -> frozenset[str]:
    held = reading.concept_set
    longer = [long for short, long in short_forms.items() if short in held]
    shorter = {short for short, long in short_forms.items() if long and long <= held}
    return held.union(shorter, *longer)


def _windows(passage: Passage, lexicon: Lexicon) -> list[Window]:
    spans = list(sentence_spans(passage.text))[:MAX_SENTENCES]
    short_forms = abbreviations(passage.text, lexicon)

    def window(start: int, end: int, sentences: int) -> Window:
        reading = read(passage.text[start:end], lexicon)
        return Window(passage, start, end, sentences, reading, _expanded(reading, short_forms))

    singles = [window(start, end, 1) for start, end in spans]
    return [*singles, *(window(a.start, b.end, 2) for a, b in pairwise(singles))]


def prepare_passages(passages: Iterable[Passage], terms: TermStatistics) -> PreparedPassages:
    """Cut passages into sentences and read each once, for as many claims as are held against them."""
    lexicon = load_lexicon()
    distinct = {(p.source_id, p.source_version_id, p.start, p.passage_id): p for p in passages}
    windows: list[Window] = []
    concepts: dict[str, frozenset[str]] = {}
    codes: dict[str, frozenset[str]] = {}
    for key in sorted(distinct):
        passage = distinct[key]
        own = _windows(passage, lexicon)
        singles = [w.reading for w in own if w.sentences == 1]
        concepts[passage.passage_id] = frozenset().union(*(r.concept_set for r in singles))
        codes[passage.passage_id] = frozenset().union(*(r.squashed for r in singles))
        windows.extend(own)
    versions = frozenset(p.source_version_id for p in distinct.values())
    return PreparedPassages(tuple(windows), terms, concepts, codes, versions)

"""Passages cut into sentences and read once, so that thousands of claims can be held against them.

Owns the cut, the windows of one and of two sentences, and the abbreviations of a passage. Sentences are
cut without looking at case, because a verdict must not depend on it. Does not belong here: judging.
Input: passages; output: `PreparedPassages`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from pipelines.models import Passage
from pipelines.verification.lexicon import Lexicon, load_lexicon
from pipelines.verification.reading import Reading, read
from pipelines.verification.terms import MAX_TEXT, TermStatistics, stem

MAX_SENTENCES = 5_000  # sentences of one passage that are read
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]{0,3}(?=\s)|\n[ \t]*\n")
_WORD_BEFORE_STOP = re.compile(r"([^\s(\[]{1,12})[.]$")
_ABBREVIATION_LIST = """
e.g i.e eg ie cf vs fig figs eq eqs ref refs sec approx ca no nos dr prof al etc resp st vol pp
"""
_ABBREVIATIONS = frozenset(_ABBREVIATION_LIST.split())
_IN_BRACKETS = re.compile(r"(?<=[^\W\d_] )\(([^\W\d_]{2,8})\)")


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

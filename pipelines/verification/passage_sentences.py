"""A passage cut into sentences, by offsets.

Sentences are cut without looking at case, because a verdict must not depend on it. Does not belong here: splitting
what a record says (`pipelines.extraction.sentences`), reading a sentence (`reading`). Input: the text of a passage.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.verification.terms import MAX_TEXT

_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]{0,3}(?=\s)|\n[ \t]*\n")
_WORD_BEFORE_STOP = re.compile(r"([^\s(\[]{1,12})[.]$")
_ABBREVIATION_LIST = """
e.g i.e eg ie cf vs fig figs eq eqs ref refs sec approx ca no nos dr prof al etc resp st vol pp
"""
_ABBREVIATIONS = frozenset(_ABBREVIATION_LIST.split())


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

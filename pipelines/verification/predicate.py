"""The main predicate of a claim: the word that says what is so of its subject.

Owns finding it without a tagger, by the finite forms that `pipelines.extraction.lexicon` knows. Does not
belong here: whether a source says it (`content`). Input: a `Reading`; output: an index, or None.
"""

from __future__ import annotations

from pipelines.extraction.lexicon import is_finite
from pipelines.verification.reading import Reading

_AUXILIARIES = frozenset(
    "is are was were be been being has have had do does did can could may might will would shall should must "
    "cannot remains remain became becomes become".split()
)
# Behind one of these the next finite verb belongs to a side clause.
_OPENS_SIDE_CLAUSE = frozenset("which who whose where when if because since although while whereas after before".split())
_DEGREES = frozenset("already also still often now even only then thus once twice about almost nearly as".split())
_REACH = 6  # words that may stand between an auxiliary and what it helps


def predicate_index(reading: Reading) -> int | None:
    """Where the main predicate stands: "used" of "is already used in", "kept" of "cells kept 80 %".

    None where no finite form is known, or where the predicate carries no content ("showed").
    """
    skipped = 0
    for index, word in enumerate(reading.words):
        if word in _OPENS_SIDE_CLAUSE or (word == "that" and not _reports(reading, index - 1)):
            skipped += 1
            continue
        if not _is_finite_at(reading, index):
            continue
        if skipped:
            skipped -= 1
        elif word in _AUXILIARIES:
            return _helped(reading, index)
        elif reading.concepts[index]:
            return index
    return None


def _is_finite_at(reading: Reading, index: int) -> bool:
    words = reading.words
    before, after = (words[index - 1] if index else ""), (words[index + 1] if index + 1 < len(words) else "")
    return is_finite(before, words[index], after)


def _reports(reading: Reading, index: int) -> bool:
    """Whether what stands there reports: behind "found that" the finding itself begins."""
    return index >= 0 and not reading.concepts[index] and reading.tokens[index].stem in reading.lexicon.reporting


def _helped(reading: Reading, auxiliary: int) -> int | None:
    for index in range(auxiliary + 1, min(len(reading.tokens), auxiliary + 1 + _REACH)):
        word = reading.words[index]
        if word in ",;:.!?()":
            return None
        is_degree = word in _DEGREES or word.endswith("ly") or any(c.isdigit() for c in word)
        if reading.concepts[index] and not is_degree and word not in reading.lexicon.number_words:
            return index
    return None

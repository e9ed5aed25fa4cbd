"""The main predicate of a claim: the word that says what is so of its subject.

Owns finding it without a tagger, by the finite forms that `pipelines.extraction.lexicon` knows. Does not
belong here: whether a source says it (`content`). Input: a `Reading`; output: an index, or None.
"""

from __future__ import annotations

from pipelines.extraction.lexicon import is_finite
from pipelines.verification.reading import Reading

_AUXILIARY_LIST = """
is are was were be been being has have had do does did can could may might will would shall should must
cannot remains remain became becomes become
"""
_AUXILIARIES = frozenset(_AUXILIARY_LIST.split())
# Behind one of these the next finite verb belongs to a side clause.
_SIDE_CLAUSE_LIST = "which who whose where when if because since although while whereas after before"
_OPENS_SIDE_CLAUSE = frozenset(_SIDE_CLAUSE_LIST.split())
_DEGREE_LIST = "already also still often now even only then thus once twice about almost nearly as quite"
_DEGREES = frozenset(_DEGREE_LIST.split())
_REACH = 6  # words that may stand between an auxiliary and what it helps
_WHOLE_STATEMENT = 4  # words of content that can say something on their own


def predicate_index(reading: Reading) -> int | None:
    """Where the main predicate stands: "used" of "is already used in", "kept" of "cells kept 80 %".

    None where no finite form is known, or where the predicate carries no content ("showed", "plays").
    What stands behind a colon says in full what the words before it announce.
    """
    skipped = 0
    for index in range(_behind_colon(reading), len(reading.words)):
        word = reading.words[index]
        if word in _OPENS_SIDE_CLAUSE or (word == "that" and not _reports(reading, index - 1)):
            skipped += 1
        elif word == ",":
            skipped = 0  # "when the storm struck, ...": the side clause is over, whatever its verb
        elif not _is_finite_at(reading, index):
            continue
        elif skipped:
            skipped -= 1
        elif word in _AUXILIARIES:
            return _helped(reading, index)
        elif reading.concepts[index]:
            return None if word in reading.lexicon.light_verbs else index
    return None


def _behind_colon(reading: Reading) -> int:
    for index, word in enumerate(reading.words):
        if word == ":":
            following = sum(map(bool, reading.concepts[index + 1 :]))
            return index + 1 if following >= _WHOLE_STATEMENT else 0
    return 0


def _is_finite_at(reading: Reading, index: int) -> bool:
    words = reading.words
    before, after = (words[index - 1] if index else ""), (words[index + 1] if index + 1 < len(words) else "")
    return is_finite(before, words[index], after) or _changes(reading, index, before)


def _changes(reading: Reading, index: int, before: str) -> bool:
    """A past form of change behind a noun: "filters increased sleep"; not "with increased sleep"."""
    is_axis_word = reading.words[index].endswith("ed") and reading.concepts[index].startswith("~")
    behind_noun = index > 0 and bool(reading.concepts[index - 1]) and not before.endswith(("ly", "ed"))
    return is_axis_word and behind_noun and index + 1 < len(reading.words)


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
            return None if word in reading.lexicon.light_verbs else index
    return None

"""A rewriting of one sentence: what was changed where, of which kind.

Owns the edit and how edits are put into a text. Does not belong here: which edits there are (`negation`,
`antonyms`, `figures`, `exchanges`, `paraphrases`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipelines.verification.contrast.sentence import Sentence

_VOWEL_SOUND = ("a", "e", "i", "o", "un", "um", "ul", "up", "us")
_CONSONANT_SOUND = ("one", "uni", "use", "usu", "uti", "eu")


class RewriteKind(StrEnum):
    """Rewritings that turn a finding into its contrary, and those that keep what it says."""

    NEGATION = "negation"
    NEGATION_REMOVED = "negation_removed"
    VERB_ANTONYM = "verb_antonym"
    ADJECTIVE_ANTONYM = "adjective_antonym"
    NUMBER = "number"
    COMPARISON_SWAP = "comparison_swap"
    COHYPONYM_SWAP = "cohyponym_swap"
    VERBATIM = "verbatim"
    PARAPHRASE = "paraphrase"


CONTRARY_KINDS = tuple(list(RewriteKind)[:7])


@dataclass(frozen=True, order=True)
class Edit:
    """Characters `start` to `end` (exclusive) become `text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Rewriting:
    """`before` and `after` are the words exchanged, for people and for finding the same place elsewhere."""

    text: str
    kind: RewriteKind
    before: str
    after: str
    edits: tuple[Edit, ...]


def apply_edits(text: str, edits: Sequence[Edit]) -> str:
    """Edits must not overlap."""
    parts, at = [], 0
    for edit in sorted(edits):
        parts += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join([*parts, text[at:]])


def rewriting(sentence: Sentence, kind: RewriteKind, edits: Sequence[Edit]) -> Rewriting:
    before = " / ".join(sentence.text[e.start : e.end] for e in sorted(edits))
    after = " / ".join(e.text for e in sorted(edits))
    return Rewriting(apply_edits(sentence.text, edits), kind, before, after, tuple(sorted(edits)))


def cased_as(new: str, old: str) -> str:
    """The new word with a capital where the old one has one for standing first."""
    return new[:1].upper() + new[1:] if old[:1].isupper() and not old[1:].isupper() else new


def word_edit(sentence: Sentence, first: int, last: int, new: str) -> Edit:
    """Words `first` to `last` (exclusive) become `new`; an article before them is made to agree."""
    tokens = sentence.tokens
    start = tokens[first].start
    new = cased_as(new, tokens[first].text)
    if new and first > 0 and tokens[first - 1].low in ("a", "an"):
        article = "an" if starts_with_vowel_sound(new) else "a"
        start = tokens[first - 1].start
        new = f"{cased_as(article, tokens[first - 1].text)} {new}"
    return Edit(start, tokens[last - 1].end, new)


def starts_with_vowel_sound(word: str) -> bool:
    low = word.casefold()
    return low.startswith(_VOWEL_SOUND) and not low.startswith(_CONSONANT_SOUND)

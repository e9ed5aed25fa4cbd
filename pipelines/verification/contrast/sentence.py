"""One sentence as the rewriting rules see it: words with their places, the main statement, its main verb.

There is no tagger here: a sentence whose build is not plain (a relative clause before the verb, no verb that
we know) has no main verb, and most rules leave it alone. Input: text of any kind; output: a frozen
`Sentence`, or None for what is too short, too long or no finding.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from pipelines.extraction.word_lists import words
from pipelines.verification.contrast.vocabulary import Slot, Vocabulary

MAX_CHARS = 600
MIN_WORDS = 5
MAX_WORDS = 80
BE = words("is are was were")
HAVE = words("has have had")
MODALS = words("can could will would should must may might cannot")
DO = words("does do did")
AUXILIARIES = BE | HAVE | MODALS | DO
RELATIVES = words(
    """
    that which who whom whose where when if because although though while whereas unless
    """
)
PREPOSITIONS = words(
    """
    in on at of for from with without by to into onto upon during after before among between within under over
    through via across against toward towards as per than versus about above below using despite following given
    unlike compared until since since between behind beyond along around near off
    """
)
DETERMINERS = words(
    """
    the a an this that these those its their our his her each every both all any no some several many most one
    """
)
_OPENERS = PREPOSITIONS | {"when", "while", "although", "though", "if", "because", "whereas", "once"}
_ENDERS = words(
    """
    whereas while but although though which suggesting indicating because where with and thus thereby whose who as
    or consistent resulting leading demonstrating implying making providing including particularly especially even
    yet so for in by compared independent regardless suggests without
    """
)
_CLAUSES = words("whereas although because but")
_AUTHORS = words("we i authors")
_OWN_WORK = words("study paper article trial review work report letter survey chapter thesis")
_DOUBTS = words("not no unclear unknown doubt insufficient little limited hypothesis")
_DENIERS = words(
    """
    not no never neither nor without cannot none hardly fail fails failed unable lack lacked lacks absence rather
    """
)
_TOKEN = re.compile(
    r"[0-9]+(?:[.,·][0-9]+)*(?![A-Za-z0-9])"  # a number that is no part of a name
    r"|[^\W_]+(?:[-'’/.][^\W_]+)*"  # a word, with inner hyphens
    r"|\S"
)
_OBJECT_OPENERS = DETERMINERS | words(
    """
    more less fewer greater higher lower better that how significant significantly similar increased reduced
    """
)


@dataclass(frozen=True)
class Token:
    text: str
    low: str
    start: int
    end: int


@dataclass(frozen=True)
class Sentence:
    """`first` and `last` (exclusive) bound the main statement; `verb` is its main verb's first word."""

    text: str
    tokens: tuple[Token, ...]
    first: int
    last: int
    verb: int | None

    @cached_property
    def low(self) -> tuple[str, ...]:
        return tuple(t.low for t in self.tokens)

    @property
    def statement(self) -> str:
        """The text of the main statement alone."""
        return self.text[self.tokens[self.first].start : self.tokens[self.last - 1].end]

    def at(self, index: int) -> str:
        """The word in lower case, or "" outside the sentence."""
        return self.low[index] if 0 <= index < len(self.tokens) else ""

    def span(self, first: int, last: int) -> str:
        """The text from one word to another (exclusive)."""
        return self.text[self.tokens[first].start : self.tokens[last - 1].end] if first < last else ""


def is_denied(sentence: Sentence) -> bool:
    """A denial stands in the main statement."""
    held = sentence.low[sentence.first : sentence.last]
    return any(w in _DENIERS or w.endswith(("n't", "n’t")) for w in held)


def tokens_of(text: str) -> tuple[Token, ...]:
    return tuple(Token(m.group(), m.group().casefold(), m.start(), m.end()) for m in _TOKEN.finditer(text))


def read_sentence(text: str, vocabulary: Vocabulary) -> Sentence | None:
    """None for what is no single sentence of a readable length."""
    if len(text) > MAX_CHARS or "\n" in text:
        return None
    tokens = tokens_of(text)
    if not MIN_WORDS <= len(tokens) <= MAX_WORDS or not text.isprintable():
        return None
    low = [t.low for t in tokens]
    first = _statement_start(tokens, low, vocabulary)
    end = len(tokens) - (low[-1] in (".", "!", "?"))
    if end - first < MIN_WORDS - 1:
        return None
    verb = _main_verb(low, first, end, vocabulary)
    last = _statement_end(low, verb if verb is not None else first, end)
    return Sentence(text, tokens, first, last, verb)


def is_finding(sentence: Sentence, vocabulary: Vocabulary) -> bool:
    """Whether it states something found, rather than asks, plans or tells how it was done."""
    low = sentence.low
    if "?" in low or vocabulary.aims & set(low) or sentence.verb is None:
        return False
    verb = sentence.verb
    if low[verb] in BE | HAVE and set(low[verb + 1 : verb + 4]) & vocabulary.methods:
        return False
    subject = set(low[sentence.first : verb])
    if subject & _AUTHORS or (subject & _OWN_WORK and subject & {"this", "present", "our", "current"}):
        return low[verb] in vocabulary.reporting
    if verb > 0 and low[sentence.first] == "to":
        return False
    return not (low[verb] in vocabulary.methods and low[verb] not in vocabulary.reporting)


def _statement_start(tokens: Sequence[Token], low: Sequence[str], vocabulary: Vocabulary) -> int:
    """Behind section labels, connectives, "we show that" and a leading adverbial."""
    at = _behind_labels(tokens, low, vocabulary)
    at = behind_connectives(low, at, vocabulary)
    at = _behind_report(low, at, vocabulary)
    at = behind_connectives(low, at, vocabulary)
    if at < len(low) and low[at] in _OPENERS:
        comma = next((i for i in range(at + 1, min(at + 26, len(low))) if low[i] == ","), None)
        if comma is not None:
            at = comma + 1
            at = _behind_report(low, at, vocabulary)
    return at


def _behind_labels(tokens: Sequence[Token], low: Sequence[str], vocabulary: Vocabulary) -> int:
    at = 0
    while (
        at < min(len(low), 6)
        and low[at] in vocabulary.labels
        and (tokens[at].text.isupper() or low[at + 1 : at + 2] == [":"])
    ):
        at += 1
    return at + 1 if at < len(low) and at and low[at] == ":" else at


def behind_connectives(low: Sequence[str], at: int, vocabulary: Vocabulary) -> int:
    """The index behind "however," and "in addition,"; the same index where there are none."""
    for _ in range(3):
        width = next((len(p) for p in vocabulary.connective_phrases if tuple(low[at : at + len(p)]) == p), 0)
        width = width or int(at < len(low) and low[at] in vocabulary.connectives)
        if not width or at + width >= len(low):
            return at
        if low[at + width] != ",":
            return at + width if low[at] in ("here", "thus", "therefore", "hence") else at
        at += width + 1
    return at


def _behind_report(low: Sequence[str], at: int, vocabulary: Vocabulary) -> int:
    """Behind "our results show that"; not behind a report that denies or doubts."""
    for i in range(at + 1, min(at + 14, len(low) - 3)):
        if low[i] in (",", ";", ":"):
            return at
        if low[i] == "that":
            said = set(low[at:i])
            is_report = bool({low[i - 1], low[i - 2]} & vocabulary.reporting)
            return i + 1 if is_report and not said & _DOUBTS else at
    return at


def _statement_end(low: Sequence[str], verb: int, end: int) -> int:
    """Before the clause that follows the main verb's own; what stands in brackets is no clause."""
    depth = 0
    for i in range(verb + 1, end):
        depth += (low[i] in "([") - (low[i] in ")]" and depth > 0)
        if depth or i < verb + 2:
            continue
        if low[i] in (";", ":") or (low[i] in _CLAUSES and i > verb + 3):
            return i
        if low[i] == "," and low[i + 1 : i + 2] and low[i + 1] in _ENDERS and not _is_list_end(low, verb, i):
            return i
    return end


def _is_list_end(low: Sequence[str], verb: int, comma: int) -> bool:
    """ "a, b, and c": the comma belongs to a list."""
    return low[comma + 1] in ("and", "or") and "," in low[max(verb, comma - 9) : comma]


def _main_verb(low: Sequence[str], first: int, end: int, vocabulary: Vocabulary) -> int | None:
    """The first word that can only be the finite verb; None where a clause stands before it or none is found."""
    for i in range(first + 1, min(end, first + 30)):
        word = low[i]
        if word in RELATIVES or word in (";", ":"):
            return None
        if word in AUXILIARIES:
            return None if word in ("do", "did") and i == first else i
        if _is_finite(low, i, first, vocabulary):
            return i
    return None


def _is_finite(low: Sequence[str], i: int, first: int, vocabulary: Vocabulary) -> bool:
    before, after = low[i - 1], low[i + 1] if i + 1 < len(low) else ""
    phrasal = {f.slot for f in vocabulary.phrasal.get((low[i], after), ())}
    slots = phrasal | {form.slot for form in vocabulary.verbs.get(low[i], ())}
    if not slots:
        return False
    if before in DETERMINERS | PREPOSITIONS | {"and", "or", ","} and before not in {"this", "that", "both"}:
        return False
    if Slot.THIRD in phrasal:
        return True
    if Slot.THIRD in slots:
        return _is_third(low[i], before, after, vocabulary)
    if Slot.PAST in slots:
        return after in _OBJECT_OPENERS or after[:1].isdigit() or _is_intransitive_past(low[i], after, vocabulary)
    return (
        Slot.BASE in slots
        and before.endswith("s")
        and not before.endswith(("ss", "us", "is"))
        and (after in _OBJECT_OPENERS or low[i] not in vocabulary.nouns_too)
    )


def _is_third(word: str, before: str, after: str, vocabulary: Vocabulary) -> bool:
    if vocabulary.verbs.get(word) and vocabulary.verbs[word][0].base in vocabulary.nouns_too:
        return after in _OBJECT_OPENERS or (
            after not in PREPOSITIONS | AUXILIARIES | {"and", ",", "."}
            and not before.endswith("s")
            and after not in vocabulary.verbs
        )
    return after not in {"of"}


_TAKE_TO = words("failed tended appeared seemed continued led contributed")
_INTRANSITIVE = words("led resulted occurred depended remained appeared correlated contributed failed")


def _is_intransitive_past(word: str, after: str, vocabulary: Vocabulary) -> bool:
    if after == "to":
        return word in _TAKE_TO
    return word in _INTRANSITIVE and (after in PREPOSITIONS or after.endswith("ly"))

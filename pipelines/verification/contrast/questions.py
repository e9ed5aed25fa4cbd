"""Rows from questions that experts answered yes or no: the question as a statement against the answer's words.

Input: `AnsweredQuestion` (PubMedQA form); output: `ContrastRow`. Does not belong here: reading the file
(`corpora`).
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipelines.extraction.word_lists import words
from pipelines.verification.contrast.rows import ContrastRow, Pair, as_claim, quad
from pipelines.verification.contrast.sentence import PREPOSITIONS, Token, tokens_of
from pipelines.verification.contrast.vocabulary import Slot, Vocabulary, load_vocabulary

QUESTION = "question"
_MAX_WORDS = 30
_MAX_ANSWER = 600
_ASKING = words("does do did can is are was were")
_SLOTS = {"does": Slot.THIRD, "do": Slot.BASE, "did": Slot.PAST}
_ASKED_OF = words("better best worth more less still really only there it they also always")
_PREDICATES = words(
    """
    associated related correlated linked able effective safe useful feasible necessary predictive reliable
    accurate sufficient helpful beneficial superior inferior predictor predicted caused affected influenced
    required justified possible valid dependent independent different influenced increased decreased reduced
    """
)


@dataclass(frozen=True)
class AnsweredQuestion:
    """`answer` is the conclusion in the authors' words; `yes` is what it comes to."""

    question_id: str
    question: str
    answer: str
    yes: bool


def question_rows(questions: Iterable[AnsweredQuestion], rng: random.Random) -> Iterator[ContrastRow]:
    """Four rows for each pair of a question answered yes and one answered no, whose claims are so balanced."""
    vocabulary = load_vocabulary()
    sides: dict[bool, list[tuple[AnsweredQuestion, Pair]]] = {True: [], False: []}
    for one in questions:
        claims = statements_of(one.question, vocabulary)
        if claims is not None and len(one.answer) <= _MAX_ANSWER and one.answer.isprintable():
            sides[one.yes].append((one, claims))
    for listed in sides.values():
        rng.shuffle(listed)
    for pair in zip(sides[True], sides[False], strict=False):
        for one, claims in pair:
            said = claims if one.yes else Pair(claims.contrary, claims.said)
            rows = quad(said, Pair(one.answer, ""), QUESTION, f"{one.question_id}#{QUESTION}", "pubmedqa")
            yield from rows[:2]


def statements_of(question: str, vocabulary: Vocabulary) -> Pair | None:
    """ "Does a improve b?" -> "A improves b." and "A does not improve b."; None where its build is not plain."""
    tokens = tokens_of(question[:400])
    low = [t.low for t in tokens]
    if not 4 <= len(low) <= _MAX_WORDS or low[0] not in _ASKING or low[-1] != "?" or _is_involved(low):
        return None
    at = _verb_at(low, vocabulary)
    if at is None:
        return None
    subject, rest = _span(question, tokens[1:at]), _span(question, tokens[at:-1])
    if low[0] in _SLOTS:
        verb = vocabulary.inflected(low[at], _SLOTS[low[0]])
        tail = _span(question, tokens[at + 1 : -1])
        return Pair(as_claim(f"{subject} {verb} {tail}"), as_claim(f"{subject} {low[0]} not {rest}"))
    denied = "cannot" if low[0] == "can" else f"{low[0]} not"
    return Pair(as_claim(f"{subject} {low[0]} {rest}"), as_claim(f"{subject} {denied} {rest}"))


def _is_involved(low: list[str]) -> bool:
    return low[1] in _ASKED_OF or bool({":", ";", "or", "not", "which", "when", "if", "?"} & set(low[:-1]))


def _verb_at(low: list[str], vocabulary: Vocabulary) -> int | None:
    """Where the predicate begins."""
    for i in range(2, len(low) - 2):
        if low[0] in ("is", "are", "was", "were"):
            found = low[i] in _PREDICATES and low[i - 1] not in PREPOSITIONS | {"the", "a", "an", "and"}
        else:
            is_base = any(f.slot is Slot.BASE for f in vocabulary.verbs.get(low[i], ()))
            found = is_base and low[i - 1] not in PREPOSITIONS | {"the", "a", "an", "and"}
        if found:
            return i
    return None


def _span(text: str, tokens: tuple[Token, ...]) -> str:
    return text[tokens[0].start : tokens[-1].end] if tokens else ""

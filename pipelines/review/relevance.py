"""Which claims of a record do not bear on its question, judged by shared subject words.

A claim bears on the question when it shares two of its subject words or a name, or one word and a tie to
a claim that does; a shared name (acronym, model) is a tie on its own. Prose is tied more loosely than a
list of claims, since its sentences lean on each other. Silent where words cannot be compared.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.models import Claim, ClaimOrigin
from pipelines.review.terms import is_latin, names, specific_terms

MIN_QUESTION_TERMS = 3
MIN_PROSE_TERMS = 5  # a shorter sentence of prose may share no word with its own paragraph

_LEANS_BACK = re.compile(
    r"(?:this|that|these|those|it|they|such|another|also|other|both|here|to|however|moreover|in addition"
    r"|additionally|furthermore|similarly|likewise|he|she|its|their)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Subject:
    """What a text is about: stems of its subject words, and its names."""

    terms: frozenset[str]
    names: frozenset[str]


def _subject_of_claim(claim: Claim) -> Subject:
    loose = claim.origin is ClaimOrigin.EXTRACTED and claim.section
    words = f"{claim.section} {claim.normalised}" if loose else claim.normalised
    return Subject(specific_terms(words), names(claim.normalised))


def _directly_on(asked: Subject, own: Subject) -> bool:
    return len(asked.terms & own.terms) >= 2 or bool(asked.names & own.names)


def claims_on_question(question: str, title: str, claims: Sequence[Claim]) -> list[bool] | None:
    """For each of `claims` whether it bears on `question`; None where that cannot be told by words."""
    asked = Subject(specific_terms(question), names(question))
    compared = " ".join(claim.normalised for claim in claims[:50])
    if len(asked.terms) < MIN_QUESTION_TERMS or not is_latin(question) or not is_latin(compared):
        return None
    subjects = [_subject_of_claim(claim) for claim in claims]
    direct = [own for own in subjects if _directly_on(asked, own)]
    tied = Subject(
        frozenset().union(*(own.terms for own in direct)),
        frozenset().union(*(own.names for own in direct)),
    )
    loose = tied.terms | asked.terms | specific_terms(title)
    return [
        _bears_in_prose(claim, own, loose, _neighbours(subjects, position), tied)
        if claim.origin is ClaimOrigin.EXTRACTED
        else _bears(own, asked, tied)
        for position, (own, claim) in enumerate(zip(subjects, claims, strict=True))
    ]


def _neighbours(subjects: Sequence[Subject], position: int) -> frozenset[str]:
    """Subject words of the two claims before and after: sentences of prose continue each other."""
    around = (*subjects[max(0, position - 2) : position], *subjects[position + 1 : position + 3])
    return frozenset().union(*(own.terms for own in around))


def _bears(own: Subject, asked: Subject, tied: Subject) -> bool:
    """A claim without any subject word of its own is given the benefit of the doubt."""
    if not own.terms or _directly_on(asked, own) or own.names & tied.names:
        return True
    return bool(own.terms & asked.terms and own.terms & tied.terms)


def _bears_in_prose(claim: Claim, own: Subject, loose: frozenset[str], around: frozenset[str], tied: Subject) -> bool:
    if len(own.terms) < MIN_PROSE_TERMS or _LEANS_BACK.match(claim.normalised):
        return True
    return bool(own.terms & (loose | around) or own.names & tied.names)

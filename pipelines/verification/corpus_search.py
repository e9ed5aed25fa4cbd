"""The third step of a verdict: which works of the library are looked at for a claim that is still open.

Input: the claim, and what a search of the library for its words brought up. Output: the terms to search for, the
works worth reading, the passages of them that are handed to the verifier. Does not belong here: the search itself
(warehouse/library.py), judging (`verdict`). The record does not cite these works; nothing here links them to it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from pipelines.ingestion.library_rows import normalised_title
from pipelines.ingestion.search.terms import index_terms
from pipelines.models import Claim, ClaimKind, NoticeKind, ParsedRecord, Passage, Work

SEARCH_VERSION = "corpus-1"  # changes whenever the same library may bring up other works
WORKS_READ = 3  # for a claim
WORKS_ASKED_FOR = 20  # some of them may not be read: the record's own, retracted ones, those without a text
PASSAGES_READ = 12  # of a work: a full text has hundreds, and a verdict quotes three
LEAST_TERMS = 2  # that claim and work share ...
LEAST_SHARE = 1 / 3  # ... and their share of the claim's terms; below that the work is about another thing

_NOT_READ = frozenset({NoticeKind.RETRACTED, NoticeKind.WITHDRAWN})
# What a record says of itself, no other work can say.
_NOT_SEARCHED = frozenset({ClaimKind.SELF_DESCRIPTION})


@dataclass(frozen=True)
class FoundWork:
    """A work of the library that was found by searching for a claim; rank 0 is the best."""

    work: Work
    rank: int
    score: float  # BM25
    closeness: float  # that of the best hit is 1


@dataclass(frozen=True)
class FoundSource:
    """The same as the verifier is given it: passages as they are stored, in the order of the text."""

    source_id: str
    title: str
    passages: tuple[Passage, ...]
    rank: int
    closeness: float


def is_searchable(claim: Claim) -> bool:
    """Whether another work could bear on the claim at all."""
    return claim.kind not in _NOT_SEARCHED and len(set(_terms(claim))) >= LEAST_TERMS


def search_terms(claim: Claim) -> dict[str, float]:
    """The terms of the claim, each with weight 1: how rare a term is, the search counts."""
    return dict.fromkeys(_terms(claim), 1.0)


def _terms(claim: Claim) -> list[str]:
    return index_terms(claim.standalone or claim.normalised)


def names_of_record(parsed: ParsedRecord, held: Collection[Work]) -> frozenset[str]:
    """What the library may not bring up for a record: the record itself, and works whose text was read already."""
    names = {name for work in held for name in (work.source_id, *work.aliases)}
    if parsed.identifier:
        names.add(parsed.identifier)
    if parsed.title and normalised_title(parsed.title):
        names.add(_title_name(parsed.title))
    return frozenset(name.casefold() for name in names)


def _title_name(title: str) -> str:
    return f"title={normalised_title(title)}"


def worth_reading(claim: Claim, hits: Sequence[tuple[Work, float]], known: frozenset[str]) -> tuple[FoundWork, ...]:
    """The works that are read for a claim, the best first. `known` are the names that `names_of_record` gives."""
    wanted = frozenset(_terms(claim))
    fit = ((work, score) for work, score in hits if _is_readable(work, known) and _is_near(work, wanted))
    kept = tuple(islice(fit, WORKS_READ))
    return tuple(FoundWork(work, rank, score, score / kept[0][1]) for rank, (work, score) in enumerate(kept))


def _is_readable(work: Work, known: frozenset[str]) -> bool:
    names = (work.source_id, *work.aliases, _title_name(work.title))
    return (
        bool(work.text)
        and not any(notice.kind in _NOT_READ for notice in work.notices)
        and not any(name.casefold() in known for name in names)
    )


def _is_near(work: Work, wanted: frozenset[str]) -> bool:
    shared = len(wanted & (_terms_of(work.title) | _terms_of(work.text or "")))
    return shared >= LEAST_TERMS and shared >= LEAST_SHARE * len(wanted)


@lru_cache(maxsize=512)
def _terms_of(text: str) -> frozenset[str]:
    """Claims of one record bring up the same works again and again."""
    return frozenset(index_terms(text))


def passages_near(claim: Claim, passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """The passages of one work that share most terms with the claim, in the order of the text."""
    if len(passages) <= PASSAGES_READ:
        return tuple(passages)
    wanted = frozenset(_terms(claim))
    shared = {one.passage_id: len(wanted & _terms_of(one.text)) for one in passages}
    nearest = sorted(passages, key=lambda one: (-shared[one.passage_id], one.ordinal, one.passage_id))
    return tuple(sorted(nearest[:PASSAGES_READ], key=lambda one: one.ordinal))

"""Hits of several indexes made works: merged by identifier, then told apart or set aside by title and people.

Input: hits. Output: the works, best first, and a decision for each hit; every duplicate names what it is a
duplicate of, and by what. Does not belong here: whether a work is relevant (screening.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.ingestion.likeness import is_distinctive, plain_title, same_title, years_agree
from pipelines.ingestion.merging import merged_works
from pipelines.ingestion.people import authors_agree
from pipelines.ingestion.search.decisions import Decision, Hit, Outcome, Reason, Stage
from pipelines.models import Work

_TEXT_RANK = {"fulltext": 2, "abstract": 1}


@dataclass(frozen=True)
class Deduplicated:
    """`works` in the order of their best rank; `decisions` in the order of the hits."""

    works: tuple[Work, ...]
    decisions: tuple[Decision, ...]


def deduplicated(hits: Sequence[Hit]) -> Deduplicated:
    """One work for each set of hits that mean the same one.

    Hits that share an identifier become one work that knows what all of them know. Works that are alike in
    title, authors and year only are not made one: the copy that tells most is kept, the others stand aside.
    """
    ordered = sorted(hits, key=lambda hit: (hit.rank, hit.index, hit.work.source_id))
    merged = merged_works(hit.work for hit in ordered)
    named = {name: number for number, work in enumerate(merged) for name in (work.source_id, *work.aliases)}
    number_of = [named[hit.work.source_id] for hit in hits]
    best_rank: dict[int, tuple[int, str]] = {}
    for hit, number in zip(hits, number_of, strict=True):
        best_rank[number] = min(best_rank.get(number, (hit.rank, hit.index)), (hit.rank, hit.index))
    kept_of = _kept_copies(merged, best_rank)
    order = sorted(set(kept_of.values()), key=lambda number: (best_rank[number], merged[number].source_id))
    return Deduplicated(
        tuple(merged[number] for number in order), tuple(_decisions(hits, number_of, merged, kept_of, best_rank))
    )


def _decisions(
    hits: Sequence[Hit],
    number_of: Sequence[int],
    merged: Sequence[Work],
    kept_of: dict[int, int],
    best_rank: dict[int, tuple[int, str]],
) -> list[Decision]:
    taken: set[int] = set()
    decisions: dict[int, Decision] = {}
    # The hit with the best rank stands for its work, whatever the order in which the indexes answered.
    for place in sorted(range(len(hits)), key=lambda at: (hits[at].rank, hits[at].index, at)):
        hit, number = hits[place], number_of[place]
        kept = merged[kept_of[number]].source_id
        outcome, reason, duplicate_of = Outcome.DUPLICATE, None, kept
        if kept_of[number] != number:
            reason = Reason.SAME_TITLE
        elif number in taken:
            reason = Reason.SAME_IDENTIFIER
        else:
            outcome, duplicate_of = Outcome.KEPT, ""
        taken.add(number)
        decisions[place] = Decision(
            hit.work, Stage.IDENTIFICATION, outcome, reason, duplicate_of=duplicate_of or None, index=hit.index
        )
    return [decisions[place] for place in range(len(hits))]


def _kept_copies(works: Sequence[Work], best_rank: dict[int, tuple[int, str]]) -> dict[int, int]:
    """For each work the one that stands for it: itself, or the copy of the same title that tells most."""
    kept_of = {number: number for number in range(len(works))}
    order = sorted(kept_of, key=lambda number: (-_TEXT_RANK.get(works[number].text_kind or "", 0), best_rank[number]))
    by_word: dict[str, list[int]] = defaultdict(list)
    for number in order:
        keys = _keys(works[number].title)
        near = dict.fromkeys(other for key in keys for other in by_word[key])
        copy = next((other for other in near if _same_work(works[number], works[other])), None)
        if copy is not None:
            kept_of[number] = copy
            continue
        for key in keys:
            by_word[key].append(number)
    return kept_of


def _keys(title: str) -> tuple[str, ...]:
    """The longest words of a title: two spellings of one title share at least one of these."""
    words = sorted(set(plain_title(title).split()), key=lambda word: (-len(word), word))
    return tuple(words[:4])


def _same_work(one: Work, other: Work) -> bool:
    """Same title, people and year; a title that says little needs stated authors on both sides."""
    if not same_title(one.title, other.title):
        return False
    if one.year is not None and other.year is not None and not years_agree(one.year, (other.year,)):
        return False
    if one.authors and other.authors:
        return authors_agree(one.authors, other.authors)
    return is_distinctive(one.title) and is_distinctive(other.title)

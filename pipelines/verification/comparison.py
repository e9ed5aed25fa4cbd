"""A claim and a sentence of a source side by side: what a cue is, and which words of the two answer each other.

Owns the geometry that the rules share: counterparts on an axis, agreement, shared context. Does not
belong here: the rules themselves (`polarity`, `content`, `axes`), what they are worth (`closer_look`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pipelines.verification.reading import Reading


class CueEffect(StrEnum):
    REFUTES = "refutes"
    BLOCKS = "blocks"
    MUTES = "mutes"
    MISNAMES = "misnames"  # it speaks of another thing: no ground to refute, none to doubt the words


@dataclass(frozen=True)
class Cue:
    rule: str
    effect: CueEffect
    why: str


@dataclass(frozen=True)
class Comparison:
    """A claim and a sentence side by side, with what the sentence's whole source names."""

    claim: Reading
    source: Reading
    concepts: frozenset[str]  # of the sentence
    passage_concepts: frozenset[str]
    passage_codes: frozenset[str]
    predicate_at: int | None  # where the claim's main predicate stands
    rare: frozenset[str]  # concepts of the claim that few documents hold


def counterparts(c: Comparison, index: int, axis: str) -> list[tuple[int, int, int]]:
    """(index in the source, its side, shared context) of each word on an axis."""
    around = c.claim.near(index) - {"~" + axis}
    return [
        (at, side, len(around & c.source.near(at)))
        for at, axes in c.source.axis_places
        for name, side in axes
        if name == axis
    ]


def agrees(c: Comparison, index: int, side: int, at: int, held_side: int) -> bool:
    """Same side and both or neither denied, or opposite sides and one of them denied."""
    return (side == held_side) == ((index in c.claim.denied) == (at in c.source.denied))


def best_counterpart(c: Comparison, index: int, axis: str, side: int) -> tuple[int, int, int] | None:
    """The counterpart with most shared context; among equals one that agrees, then the same word."""
    found = counterparts(c, index, axis)

    def fit(one: tuple[int, int, int]) -> tuple[int, bool, bool, int]:
        at, held_side, shared = one
        same_word = c.source.words[at] == c.claim.words[index]
        return shared, agrees(c, index, side, at, held_side), same_word, -at

    return max(found, key=fit) if found else None


def has_both_sides(reading: Reading, axis: str) -> bool:
    sides = {side for _, axes in reading.axis_places for name, side in axes if name == axis}
    return len(sides) > 1


def speaks_of_object(c: Comparison, index: int, at: int) -> bool:
    """Whether what follows the claim's word stands near its counterpart (true where nothing follows)."""
    objects = c.claim.following(index)
    return not objects or bool(objects & c.source.near(at))


def is_also_agreed(c: Comparison, index: int, axis: str, side: int, shared: int) -> bool:
    """Whether another word of the source agrees, about nearly as much of the claim."""
    around = c.claim.near(index) - {"~" + axis}
    return any(
        agrees(c, index, side, at, held_side)
        and len(around & c.source.near(at) & c.source.clause(at)) >= max(1, shared - 1)
        for at, held_side, _ in counterparts(c, index, axis)
    )


def needed_context(c: Comparison, index: int, axis: str) -> int:
    """Two shared words nearby make it the same thing; one, where the claim itself has but one."""
    return max(1, min(2, len(c.claim.near(index) - {"~" + axis})))


def phrase_at(reading: Reading, index: int) -> str:
    words = reading.words[index]
    return f"not {words}" if index in reading.denied else words


def word_of(reading: Reading, concept: str) -> str:
    return reading.words[reading.stem_at[concept][0]]

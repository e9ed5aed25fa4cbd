"""Decision tables: rows over named conditions, of which exactly one holds for any facts, and how that is proved.

Belongs here: the table, choosing a row, and the proof that rows are disjoint and total. Does not belong here: any
rule (`publication.tiers`, `publication.levels`, `review.reference_rule`). A row that says nothing of a condition
holds either way. The proof goes over the conditions and not over facts, so that it covers every fact there can be,
impossible combinations included. Source: limited-entry decision tables (CSA Z243.1, 1970).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Generic, TypeVar

F = TypeVar("F")  # the facts
O = TypeVar("O")  # the outcome  # noqa: E741


@dataclass(frozen=True)
class Condition(Generic[F]):
    """A question about facts that is answered yes or no. `words` read as a statement: "the score is at least 5.0"."""

    name: str
    words: str
    holds: Callable[[F], bool]


@dataclass(frozen=True)
class Row(Generic[O]):
    """`requires`: condition name to the answer that it must have."""

    name: str
    outcome: O
    requires: Mapping[str, bool]
    basis: str


@dataclass(frozen=True)
class DecisionTable(Generic[F, O]):
    conditions: tuple[Condition[F], ...]
    rows: tuple[Row[O], ...]

    def row_for(self, facts: F) -> Row[O]:
        """The one row that holds. Raises ValueError where there is none or more than one: the table is wrong then."""
        answers = {condition.name: condition.holds(facts) for condition in self.conditions}
        held = [row for row in self.rows if all(answers[name] is wanted for name, wanted in row.requires.items())]
        if len(held) != 1:
            raise ValueError(f"{len(held)} rows hold for {facts}: {', '.join(row.name for row in held) or 'none'}")
        return held[0]

    def overlapping(self) -> tuple[tuple[str, str], ...]:
        """Rows that no condition keeps apart, in pairs."""
        return tuple(
            (one.name, other.name)
            for one, other in combinations(self.rows, 2)
            if not any(other.requires.get(name, wanted) is not wanted for name, wanted in one.requires.items())
        )

    def uncovered(self) -> tuple[Mapping[str, bool], ...]:
        """Answers for which no row holds; conditions that are not named there make no difference."""
        names = [condition.name for condition in self.conditions]
        return tuple(_uncovered(names, self.rows, {}))


def _uncovered(names: Sequence[str], rows: Sequence[Row[O]], given: Mapping[str, bool]) -> Iterator[Mapping[str, bool]]:
    """Split by one condition after the other, until no row is left or one holds whatever the rest is."""
    if not rows:
        yield given
        return
    if any(not set(row.requires) - set(given) for row in rows):
        return
    name, *rest = names
    for answer in (True, False):
        still = [row for row in rows if row.requires.get(name, answer) is answer]
        yield from _uncovered(rest, still, {**given, name: answer})

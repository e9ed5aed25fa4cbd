"""The printed rules: how tier and level follow from facts, for the page that record pages refer to.

Belongs here: decision tables as rows to show, ours and the reference system's. Does not belong here: the tables
(`publication.tiers`, `publication.levels`, `review.reference_rule`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pipelines.decision_table import DecisionTable
from pipelines.models import Level, Tier
from pipelines.publication.levels import LEVELS
from pipelines.publication.tiers import TIERS
from pipelines.review.reference_rule import REFERENCE_TIERS

ANSWERS = {True: "yes", False: "no", None: "·"}  # None: makes no difference


@dataclass(frozen=True)
class PrintedRule:
    number: int
    name: str
    outcome: str


@dataclass(frozen=True)
class PrintedCondition:
    words: str
    answers: tuple[str, ...]  # one for each rule, in order


@dataclass(frozen=True)
class PrintedTable:
    anchor: str
    title: str
    says: str
    rules: tuple[PrintedRule, ...]
    conditions: tuple[PrintedCondition, ...]


def printed_tables() -> tuple[PrintedTable, ...]:
    return (
        PrintedTable(
            "tier",
            "Quality tier",
            "A triage of records. Exactly one row holds for any facts. Counts are of claims that a source supports,"
            " never of claims extracted; a falsified record is never above quarantine, and a retracted main source (one"
            " that carries a third of the supported claims or more) caps the tier at the watchlist.",
            _rules(TIERS),
            _conditions(TIERS),
        ),
        PrintedTable(
            "level",
            "Verification level",
            "How far the checking of a record has gone, not how well it came out. Exactly one row holds.",
            _rules(LEVELS),
            _conditions(LEVELS),
        ),
        PrintedTable(
            "reference-tier",
            "The reference system's tier, as observed",
            "Kept so that tiers which that publisher printed can be recomputed from the figures it states. It rates no"
            " record here: it looks at no gate verdict, and what it counts as verified are claims that were extracted.",
            _rules(REFERENCE_TIERS),
            _conditions(REFERENCE_TIERS),
        ),
    )


def _rules(table: DecisionTable[Any, Any]) -> tuple[PrintedRule, ...]:
    return tuple(PrintedRule(number, row.name, _outcome(row.outcome)) for number, row in enumerate(table.rows, start=1))


def _conditions(table: DecisionTable[Any, Any]) -> tuple[PrintedCondition, ...]:
    return tuple(
        PrintedCondition(one.words, tuple(ANSWERS[row.requires.get(one.name)] for row in table.rows))
        for one in table.conditions
    )


def _outcome(outcome: Tier | Level) -> str:
    if isinstance(outcome, Tier):
        return outcome.words
    return f"L{int(outcome)}, {outcome.name.replace('_', ' ').lower()}"

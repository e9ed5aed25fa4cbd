"""The rules by which attackers find, each with what it is against; policies name them.

Belongs here: names of attackers and rules, what an attacker hands back, the one way to make a finding. Does not
belong here: the rules' work. A rule is against one kind of target for good, so that no finding on a check can turn
into one on a claim.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from pipelines.gates.facts import RedTeamFinding, RedTeamQuote, Target
from pipelines.verification.llm_prompt import visible

MOST_MESSAGE = 600  # characters
MOST_QUOTE = 1_000  # characters of a sentence; what is left of a longer one still stands in the source word for word
MOST_QUOTES = 6  # sentences under one finding


class AttackerName(StrEnum):
    COUNTEREXAMPLE = "counterexample"
    CITATIONS = "citations"
    CHECKS = "checks"
    MODEL = "model"


class RedTeamRule(StrEnum):
    # against a claim
    REFUTED_BY_PERSON = "refuted-by-person"
    REFUTED_BY_SOURCES = "refuted-by-sources"  # two or more, independent of each other
    REFUTED_BY_SOURCE = "refuted-by-source"  # a candidate
    REFUTED_BY_MODEL = "refuted-by-model"  # a candidate, whatever the model says
    # against a citation
    FABRICATED_REFERENCE = "fabricated-reference"
    MISDESCRIBED_REFERENCE = "misdescribed-reference"
    RETRACTED_SOURCE = "retracted-source"
    WITHDRAWN_SOURCE = "withdrawn-source"
    SOURCE_OF_CONCERN = "source-of-concern"
    SUPPORT_RETRACTED = "support-retracted"
    # against a check
    INVALID_CHECK = "invalid-check"
    UNUSED_INPUT = "unused-input"
    INPUT_WITHOUT_ORIGIN = "input-without-origin"
    UNAPPROVED = "unapproved"
    SELF_APPROVED = "self-approved"
    NO_AUTHORITY = "no-authority"
    CONTRADICTS_ITSELF = "contradicts-itself"


_CLAIM = ("REFUTED_BY_PERSON", "REFUTED_BY_SOURCES", "REFUTED_BY_SOURCE", "REFUTED_BY_MODEL")
_CITATION = (
    "FABRICATED_REFERENCE",
    "MISDESCRIBED_REFERENCE",
    "RETRACTED_SOURCE",
    "WITHDRAWN_SOURCE",
    "SOURCE_OF_CONCERN",
    "SUPPORT_RETRACTED",
)
TARGET_OF: Mapping[RedTeamRule, Target] = MappingProxyType(
    {
        rule: Target.CLAIM if rule.name in _CLAIM else Target.CITATION if rule.name in _CITATION else Target.CHECK
        for rule in RedTeamRule
    }
)
CONFIRMING = frozenset({RedTeamRule.REFUTED_BY_PERSON, RedTeamRule.REFUTED_BY_SOURCES})


@dataclass(frozen=True)
class Report:
    """What an attacker hands back: what it looked at, in words, and what it found."""

    looked_at: str
    findings: tuple[RedTeamFinding, ...]


def found(
    attacker: AttackerName,
    rule: RedTeamRule,
    subject: str,
    message: str,
    quotes: tuple[RedTeamQuote, ...] = (),
) -> RedTeamFinding:
    """A finding. Its target and whether it is confirmed follow from its rule alone."""
    return RedTeamFinding(
        attacker=attacker.value,
        target=TARGET_OF[rule],
        subject=subject,
        rule=rule.value,
        message=shortened(message, MOST_MESSAGE),
        quotes=quotes[:MOST_QUOTES],
        confirmed=rule in CONFIRMING,
    )


def shortened(text: str, most: int) -> str:
    """The text on one line, without characters that nobody sees, cut with dots."""
    seen = visible(text[: 4 * most])
    return seen if len(seen) <= most else f"{seen[: most - 1].rstrip()}…"

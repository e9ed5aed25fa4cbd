"""The reason of a published gate verdict, taken apart: in the wording of a page, or as stated JSON.

A page says it in one of three wordings; a list of stated facts gives the same figures as an object with
a `kind`. Input: the reason as stated. Output: `GateReason`, with what it holds and nothing else. Does not
belong here: what contradicts what (`findings.gates`, `findings.across`).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

MAX_REASON = 20_000
MAX_ATTACKERS = 50

_BEFORE_ACTIVATION = re.compile(r"published before [^\n]{0,120}?activated\s*\((\d{4}-\d{2}-\d{2})\)", re.IGNORECASE)
_ATTACKER = re.compile(r"\b([A-Z][A-Z_]{2,40})\((\d{1,2}(?:\.\d{1,3})?)\):([^;]{0,200})")
_AVERAGE = re.compile(r"avg_attack_score\s*=\s*(\d{1,2}(?:\.\d{1,3})?)")
_ATTACKER_FAILED = re.compile(r"\s*(?:attacker\s+)?(?:error|exception|failed|timeout)\b", re.IGNORECASE)
_NUMBER = r"(-?\d{1,15}(?:\.\d{1,15})?(?:[eE][-+]?\d{1,2})?)(?![\d.]*\d)"
_FORMULA = re.compile(rf"\bcomputed\s{{1,3}}{_NUMBER}\s[^\n\d]{{1,40}}?\bexpected\s{{1,3}}{_NUMBER}", re.IGNORECASE)


@dataclass(frozen=True)
class Attacker:
    name: str
    score: Decimal | None  # None: it failed, and none is stated
    text: str  # empty where only the score is stated
    failed: bool  # it did not run to its end


@dataclass(frozen=True)
class GateReason:
    """None and empty stand for: the reason does not say."""

    activated: date | None = None
    computed: Decimal | None = None
    expected: Decimal | None = None
    average: Decimal | None = None
    attackers: tuple[Attacker, ...] = ()


def gate_reason(stated: str | None) -> GateReason:
    """What the reason of a verdict says, in whichever form."""
    if not stated:
        return GateReason()
    if stated.lstrip()[:1] == "{" and (value := _json_object(stated[:MAX_REASON])) is not None:
        return _in_json(value)
    return _in_words(stated[:MAX_REASON])


def calendar_day(words: str) -> date | None:
    try:
        return datetime.fromisoformat(words).date()
    except ValueError:
        return None


def _in_words(words: str) -> GateReason:
    before, formula, average = _BEFORE_ACTIVATION.search(words), _FORMULA.search(words), _AVERAGE.search(words)
    return GateReason(
        activated=calendar_day(before.group(1)) if before else None,
        computed=Decimal(formula.group(1)) if formula else None,
        expected=Decimal(formula.group(2)) if formula else None,
        average=Decimal(average.group(1)) if average else None,
        attackers=tuple(
            Attacker(name, Decimal(score), text, _ATTACKER_FAILED.match(text) is not None)
            for name, score, text in _ATTACKER.findall(words)[:MAX_ATTACKERS]
        ),
    )


def _json_object(words: str) -> dict[str, Any] | None:
    try:
        value = json.loads(words, parse_float=Decimal, parse_int=Decimal, parse_constant=lambda _: None)
    except (ValueError, InvalidOperation, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _in_json(value: dict[str, Any]) -> GateReason:
    activation, listed = value.get("activation"), value.get("attackers")
    before = value.get("kind") == "published_before_activation" and isinstance(activation, str)
    attackers = [_attacker(one) for one in listed[:MAX_ATTACKERS]] if isinstance(listed, list) else []
    return GateReason(
        activated=calendar_day(str(activation)) if before else None,
        computed=_number(value.get("computed")),
        expected=_number(value.get("expected")),
        average=_number(value.get("avg_attack_score")),
        attackers=tuple(attacker for attacker in attackers if attacker is not None),
    )


def _attacker(value: Any) -> Attacker | None:
    if not isinstance(value, dict) or not isinstance(value.get("name"), str):
        return None
    score, text = _number(value.get("score")), value.get("text")
    words = text if isinstance(text, str) else ""
    failed = value.get("errored") is True or _ATTACKER_FAILED.match(words) is not None
    if score is None and not failed:
        return None
    return Attacker(value["name"][:40], score, words[:200], failed)


def _number(value: Any) -> Decimal | None:
    """A number that can be calculated with: `1e999999` is none."""
    return value if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) <= 30 else None

"""Rules about gate verdicts as a record reports them: reasons, dates, tiers beside them, attackers.

Belongs here: what the reported verdict says against what the record itself says. Does not belong here:
our own gates (`pipelines.gates`). Input: `RecordFacts`; reasons come in three known wordings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime

from pipelines.models import Place, Severity, Tier
from pipelines.review.reference_rule import tier_named
from pipelines.review.rules import Found, Need, RecordFacts, Rule

_BEFORE_ACTIVATION = re.compile(r"published before [^\n]{0,120}?activated\s*\((\d{4}-\d{2}-\d{2})\)", re.IGNORECASE)
_ATTACKER = re.compile(r"\b([A-Z][A-Z_]{2,40})\((\d{1,2}(?:\.\d{1,3})?)\):([^;]{0,200})")
_AVERAGE = re.compile(r"avg_attack_score\s*=\s*(\d{1,2}(?:\.(\d{1,3}))?)")
_ATTACKER_FAILED = re.compile(r"\s*(?:attacker\s+)?(?:error|exception|failed|timeout)\b", re.IGNORECASE)
_TOP_TIERS = (Tier.FLAGSHIP_CANDIDATE, Tier.DOI_GRADE, Tier.PUBLIC_RECORD)


def _stated_at(facts: RecordFacts, *names: str) -> tuple[Place, ...]:
    return tuple(figure.place for name in names for figure in facts.figures(name))


def _calendar_day(words: str) -> date | None:
    try:
        return datetime.fromisoformat(words).date()
    except ValueError:
        return None


def reason_against_dates(facts: RecordFacts) -> Iterator[Found]:
    said = _BEFORE_ACTIVATION.search(facts.record.stated.gate_reason or "")
    activated = _calendar_day(said.group(1)) if said else None
    published = facts.record.published_on
    if activated and published and published > activated:
        yield Found(
            f"The verdict's reason says the record was published before {activated.isoformat()};"
            f" the record is dated {published.isoformat()}.",
            _stated_at(facts, "gate_reason"),
        )


def evaluated_before_publication(facts: RecordFacts) -> Iterator[Found]:
    evaluated = _calendar_day(facts.record.stated.gate_evaluated_at or "")
    published = facts.record.published_on
    if evaluated and published and evaluated < published:
        yield Found(
            f"The verdict is dated {evaluated.isoformat()}, before the record itself ({published.isoformat()}).",
            _stated_at(facts, "gate_evaluated_at"),
        )


def falsified_with_top_tier(facts: RecordFacts) -> Iterator[Found]:
    stated = facts.record.stated
    falsified = (stated.gate_status or "").strip().casefold() == "falsified"
    if falsified and tier_named(stated.tier or "") in _TOP_TIERS:
        yield Found(
            f'The record is reported as falsified and keeps the tier "{stated.tier}".',
            _stated_at(facts, "gate_status", "tier"),
        )


def attacker_error_averaged(facts: RecordFacts) -> Iterator[Found]:
    reason = facts.record.stated.gate_reason or ""
    average = _AVERAGE.search(reason)
    attackers = [(name, float(score), text) for name, score, text in _ATTACKER.findall(reason)]
    failed = [name for name, score, text in attackers if score == 0 and _ATTACKER_FAILED.match(text)]
    if average is None or not failed or len(failed) == len(attackers):
        return
    stated, step = float(average.group(1)), 10.0 ** -len(average.group(2) or "")
    mean = sum(score for _, score, _ in attackers) / len(attackers)
    without = sum(score for _, score, _ in attackers) / (len(attackers) - len(failed))
    if abs(mean - stated) <= step:
        yield Found(
            f"{', '.join(failed)} failed to run and is averaged in as 0: the stated mean is {stated:g};"
            f" without the failed attacker it is {without:.2f}.",
            _stated_at(facts, "gate_reason"),
        )


GATE_RULES: tuple[Rule, ...] = (
    Rule(
        "verdict-reason-contradicts-dates",
        Severity.ERROR,
        (Need.GATE_REASON, Need.PUBLICATION_DATE),
        reason_against_dates,
    ),
    Rule(
        "verdict-dated-before-publication",
        Severity.WARNING,
        (Need.GATE_STATUS, Need.PUBLICATION_DATE),
        evaluated_before_publication,
    ),
    Rule(
        "falsified-with-top-tier",
        Severity.ERROR,
        (Need.GATE_STATUS, Need.STATED_TIER),
        falsified_with_top_tier,
    ),
    Rule("attacker-error-averaged-as-zero", Severity.ERROR, (Need.GATE_REASON,), attacker_error_averaged),
)

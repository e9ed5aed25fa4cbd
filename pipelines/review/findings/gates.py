"""Rules about gate verdicts as a record reports them: reasons, dates, tiers beside them, attackers.

Belongs here: what the reported verdict says against what the record itself says. Does not belong here:
our own gates (`pipelines.gates`), verdicts against those of other records (`findings.across`). Input: `RecordFacts`;
reasons are taken apart by `findings.gate_reasons`.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipelines.models import Place, Severity, Tier
from pipelines.review.findings.gate_reasons import calendar_day, gate_reason
from pipelines.review.findings.rules import Found, Need, RecordFacts, Rule
from pipelines.review.reference_rule import tier_named

_TOP_TIERS = (Tier.FLAGSHIP_CANDIDATE, Tier.DOI_GRADE, Tier.PUBLIC_RECORD)
_SMALL_PRIMES = (2, 3)
_LEAST_PRODUCT, _LARGEST_PRODUCT = 64, 10**12


def _stated_at(facts: RecordFacts, *names: str) -> tuple[Place, ...]:
    return tuple(figure.place for name in names for figure in facts.figures(name))


def reason_against_dates(facts: RecordFacts) -> Iterator[Found]:
    activated = gate_reason(facts.record.stated.gate_reason).activated
    published = facts.record.published_on
    if activated and published and published > activated:
        yield Found(
            f"The verdict's reason says the record was published before {activated.isoformat()};"
            f" the record is dated {published.isoformat()}.",
            _stated_at(facts, "gate_reason"),
        )


def evaluated_before_publication(facts: RecordFacts) -> Iterator[Found]:
    evaluated = calendar_day(facts.record.stated.gate_evaluated_at or "")
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
    reason = gate_reason(facts.record.stated.gate_reason)
    failed = [attacker.name for attacker in reason.attackers if not attacker.score and attacker.failed]
    if reason.average is None or not failed or len(failed) == len(reason.attackers):
        return
    total = sum((attacker.score or Decimal(0) for attacker in reason.attackers), Decimal(0))
    step = Decimal(1).scaleb(int(reason.average.as_tuple().exponent))
    averaged_in, without = total / len(reason.attackers), total / (len(reason.attackers) - len(failed))
    off = abs(averaged_in - reason.average)
    if off <= step and off < abs(without - reason.average):  # small scores lie near to either mean
        yield Found(
            f"{', '.join(failed)} failed to run and is averaged in as 0: the stated mean is {reason.average:f};"
            f" without the failed attacker it is {without:.2f}.",
            _stated_at(facts, "gate_reason"),
        )


def check_of_a_number_with_itself(facts: RecordFacts) -> Iterator[Found]:
    reason = gate_reason(facts.record.stated.gate_reason)
    if reason.computed is None or reason.computed != reason.expected:
        return
    factors = small_factors(reason.computed)
    product = f" It is {factors}, a product of small numbers as sizes and constants are." if factors else ""
    yield Found(
        f"The check compares {reason.computed:f} with {reason.expected:f}: computed and expected are the same number,"
        f" and nothing in the verdict shows that it was computed from data.{product}",
        _stated_at(facts, "gate_reason"),
    )


def small_factors(number: Decimal) -> str | None:
    """`2^8 x 3` for 768; None for a number with another prime factor, and for one that is no large whole number."""
    if number != number.to_integral_value() or not _LEAST_PRODUCT <= number <= _LARGEST_PRODUCT:
        return None
    rest, factors = int(number), []
    for prime in _SMALL_PRIMES:
        power = 0
        while rest % prime == 0:
            rest, power = rest // prime, power + 1
        if power:
            factors.append(f"{prime}^{power}" if power > 1 else f"{prime}")
    return " x ".join(factors) if rest == 1 else None


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
    Rule(
        "check-compares-a-number-with-itself",
        Severity.WARNING,
        (Need.GATE_REASON,),
        check_of_a_number_with_itself,
    ),
)

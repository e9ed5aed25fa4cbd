"""Gate 3, red team: what the reports of independent attackers amount to under a policy.

Belongs here: pass or fail, and the reason. Does not belong here: the attackers themselves (`redteam`).
No score is made of anything: an attacker that did not run is absent, a finding against a check fails
no record, and only confirmed evidence against a claim refutes it.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.gates.facts import AttackerReport, GateFacts, RedTeamFinding, Target
from pipelines.gates.policy import GatePolicy
from pipelines.models import AttemptOutcome, GateResult

SHOWN = 3


def judge_red_team(policy: GatePolicy, facts: GateFacts) -> tuple[GateResult, AttemptOutcome | None, str]:
    """Result, outcome (REFUTED, or none) and reason. What an attacker found counts whoever else is absent."""
    findings = [finding for report in facts.attackers if report.ran for finding in report.findings]
    refuting = [one for one in findings if one.target is Target.CLAIM and one.confirmed]
    failing = [one for one in findings if one.target is not Target.CHECK and one.rule in policy.failing]
    checks = [one for one in findings if one.target is Target.CHECK]
    aside = _aside(facts.attackers, checks)
    if refuting:
        return GateResult.FAILED, AttemptOutcome.REFUTED, _told("Failed, a claim is refuted", refuting) + aside
    if failing:
        return GateResult.FAILED, None, _told("Failed", failing) + aside
    absent = [name for name in policy.attackers if not any(one.ran and one.attacker == name for one in facts.attackers)]
    if absent:
        return GateResult.NOT_EVALUABLE, None, f"Not evaluable: {', '.join(absent)} did not run.{aside}"
    ran = sum(report.ran for report in facts.attackers)
    return (
        GateResult.PASSED,
        None,
        f"Passed under {policy.gate} {policy.version}: {ran} attackers found nothing.{aside}",
    )


def _told(verdict: str, findings: Sequence[RedTeamFinding]) -> str:
    shown = " ".join(f"{one.message.rstrip('.')}." for one in findings[:SHOWN])
    more = f" And {len(findings) - SHOWN} more." if len(findings) > SHOWN else ""
    return f"{verdict}: {shown}{more}"


def _aside(reports: Sequence[AttackerReport], checks: Sequence[RedTeamFinding]) -> str:
    absent = [f"{one.attacker} ({one.reason.rstrip('.')})" for one in reports if not one.ran]
    words = f" Did not run, and counts for nothing: {'; '.join(absent)}." if absent else ""
    if checks:
        words += f" Against checks, not against claims: {_told('found', checks)}"
    return words

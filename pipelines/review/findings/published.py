"""Findings on a record as it was published: every rule that applies, run over what it says of itself.

Belongs here: the list of all rules and the one function that runs them. Does not belong here: the rules
(`findings.counts`, `findings.claims`, `findings.gates`), what only other records show (`findings.across`). Input: a
parsed record, its claims, and verdicts where there are any; output: findings, each with the places and
words it rests on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipelines.models import Claim, Finding, ParsedRecord, Verdict
from pipelines.review.findings.claims import CLAIM_RULES
from pipelines.review.findings.counts import COUNT_RULES
from pipelines.review.findings.gates import GATE_RULES
from pipelines.review.findings.rules import RecordFacts, Rule, applies

RULES_VERSION = "published-rules-2"
RULES: tuple[Rule, ...] = (*COUNT_RULES, *CLAIM_RULES, *GATE_RULES)
MAX_FINDINGS_PER_RULE = 50


def published_findings(
    record: ParsedRecord, claims: Sequence[Claim], verdicts: Mapping[str, Verdict] | None
) -> tuple[Finding, ...]:
    """All findings on `record`, in the order of `RULES`.

    `verdicts` maps claim ids to verdicts; None means that nothing was verified yet, and rules that
    need verdicts say nothing then.
    """
    facts = RecordFacts(record, tuple(claims), verdicts)
    return tuple(finding for rule in RULES if applies(rule, facts) for finding in _findings(rule, facts))


def _findings(rule: Rule, facts: RecordFacts) -> list[Finding]:
    found: list[Finding] = []
    for each in rule.find(facts):
        if len(found) == MAX_FINDINGS_PER_RULE:
            break
        where = tuple(dict.fromkeys(each.where))
        found.append(Finding(rule=rule.id, severity=rule.severity, message=each.message, where=where))
    return found

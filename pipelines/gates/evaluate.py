"""The evaluation of a gate: a pure function of a policy and the facts as of a time.

Belongs here: which requirement fails, and the reason a reader is given. Does not belong here: storage,
activation dates beyond their name, running artifacts. A record published before the activation is
evaluated like any other. Gates on facts never publish VERIFIED or FALSIFIED; no gate derives VERIFIED from a
score or a count of claims.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pipelines.gates.facts import GateFacts, GateVerdict
from pipelines.gates.grounding import GROUNDING_FACTS
from pipelines.gates.integrity import INTEGRITY_FACTS
from pipelines.gates.policy import Comparison, Fact, GateKind, GatePolicy, Requirement, Unmet
from pipelines.gates.red_team_gate import judge_red_team
from pipelines.gates.verification import PUBLIC_STATUS, combined_outcome, counted, outcome_in_words
from pipelines.models import AttemptOutcome, Finding, GateResult, PublicGateStatus, Severity

Judged = tuple[GateResult | None, AttemptOutcome | None, str]

FACTS: Mapping[Fact, Callable[[GateFacts], float | None]] = {**INTEGRITY_FACTS, **GROUNDING_FACTS}

CALLED: Mapping[Fact, str] = {
    Fact.CLAIMS_EXTRACTED: "claims found in the record",
    Fact.CLAIMS_CHECKED: "claims checked against a source text",
    Fact.CLAIMS_REFUTED: "claims refuted by a source",
    Fact.CLAIMS_DISPUTED: "claims on which sources disagree",
    Fact.SUPPORTED_SHARE: "share of checked claims that a source supports",
    Fact.ERROR_FINDINGS: "errors in what the record says of itself",
    Fact.REFERENCES_LIKELY_FABRICATED: "references that are likely fabricated",
    Fact.REFERENCES_RETRACTED: "references that are retracted",
    Fact.REFERENCES_MISDESCRIBED: "references that are not what the record says they are",
}
ASKS: Mapping[Comparison, str] = {
    Comparison.AT_LEAST: "at least",
    Comparison.AT_MOST: "at most",
    Comparison.EQUAL: "exactly",
}


def evaluate(policy: GatePolicy, activation_id: str, facts: GateFacts) -> GateVerdict:
    """The verdict of `policy`, in force as `activation_id`, on one record."""
    result, outcome, reason = _JUDGES[policy.kind](policy, facts)
    return GateVerdict(
        record_id=facts.record_id,
        gate=policy.gate,
        policy_version=policy.version,
        activation_id=activation_id,
        result=result,
        outcome=outcome,
        public_status=PUBLIC_STATUS[outcome] if outcome else PublicGateStatus.UNVERIFIED,
        reason=reason,
    )


def _judge_artifacts(policy: GatePolicy, facts: GateFacts) -> Judged:
    attempts = counted(facts.attempts, policy.evidence, facts.attackers)
    return None, combined_outcome(attempts), outcome_in_words(attempts)


def _judge_by_facts(policy: GatePolicy, facts: GateFacts) -> Judged:
    """A requirement that fails decides, whatever else is missing; else what is missing; else passed."""
    figures = {requirement.fact: FACTS[requirement.fact](facts) for requirement in policy.requirements}
    unmet = [requirement for requirement in policy.requirements if not _met(requirement, figures)]
    known = [requirement for requirement in unmet if figures[requirement.fact] is not None]
    missing = [requirement for requirement in unmet if requirement not in known]
    preconditions = [requirement for requirement in known if requirement.unmet is Unmet.NOT_EVALUABLE]
    failing = [requirement for requirement in known if requirement.unmet is Unmet.FAILED]
    if failing and not (preconditions and all(_is_share(requirement) for requirement in failing)):
        return GateResult.FAILED, None, _sentence("Failed", failing, figures, facts)
    if preconditions or missing:
        return GateResult.NOT_EVALUABLE, None, _sentence("Not evaluable", [*preconditions, *missing], figures, facts)
    return GateResult.PASSED, None, _passed(policy, figures)


def _met(requirement: Requirement, figures: Mapping[Fact, float | None]) -> bool:
    figure = figures[requirement.fact]
    return figure is not None and requirement.op.holds(figure, requirement.value)


def _is_share(requirement: Requirement) -> bool:
    """A share of too few cases says nothing, unlike a count, of which one can be one too many."""
    return requirement.fact is Fact.SUPPORTED_SHARE


def _shown(figure: float | None) -> str:
    if figure is None:
        return "unknown"
    return f"{figure:.2f}" if figure != int(figure) else str(int(figure))


def _clause(requirement: Requirement, figures: Mapping[Fact, float | None]) -> str:
    asked = f"{ASKS[requirement.op]} {_shown(requirement.value)} asked"
    return f"{CALLED[requirement.fact]}: {_shown(figures[requirement.fact])}, {asked} ({requirement.why.rstrip('.')})"


def _sentence(
    verdict: str,
    requirements: list[Requirement],
    figures: Mapping[Fact, float | None],
    facts: GateFacts,
) -> str:
    clauses = "; ".join(_clause(requirement, figures) for requirement in requirements)
    sentence = f"{verdict}: {clauses}."
    if any(requirement.fact is Fact.ERROR_FINDINGS for requirement in requirements):
        errors = [finding for finding in facts.findings if finding.severity is Severity.ERROR]
        sentence += _first_errors(errors)
    if facts.claims.not_checked:
        sentence += f" {facts.claims.not_checked} of {facts.claims.extracted} claims could not be checked."
    return sentence


def _first_errors(errors: list[Finding]) -> str:
    shown = " ".join(error.message for error in errors[:3])
    more = f" And {len(errors) - 3} more." if len(errors) > 3 else ""
    return f" {shown}{more}"


def _passed(policy: GatePolicy, figures: Mapping[Fact, float | None]) -> str:
    shown = "; ".join(
        f"{CALLED[fact]}: {_shown(figures[fact])}"
        for fact in dict.fromkeys(requirement.fact for requirement in policy.requirements)
    )
    return f"Passed under {policy.gate} {policy.version}: {shown}."


_JUDGES: Mapping[GateKind, Callable[[GatePolicy, GateFacts], Judged]] = {
    GateKind.FACTS: _judge_by_facts,
    GateKind.ARTIFACT: _judge_artifacts,
    GateKind.RED_TEAM: judge_red_team,
}

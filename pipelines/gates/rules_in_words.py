"""A policy as a reader has it: one sentence for each thing that it asks for.

Belongs here: words. Does not belong here: evaluating (`evaluate`), HTML. Input: a `GatePolicy`; output: sentences.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pipelines.gates.evaluate import ASKS, CALLED
from pipelines.gates.policy import GateKind, GatePolicy, Requirement, Unmet

_ELSE: Mapping[Unmet, str] = {
    Unmet.FAILED: "else the record fails",
    Unmet.NOT_EVALUABLE: "else nothing can be said and the record is not evaluable",
}


def rules_in_words(policy: GatePolicy) -> tuple[str, ...]:
    """What the policy asks for, in its order, each as a sentence with why where the policy says why."""
    return _WORDS[policy.kind](policy)


def _asked(requirement: Requirement) -> str:
    why = requirement.why.rstrip(". ")
    return (
        f"{CALLED[requirement.fact].capitalize()}: {ASKS[requirement.op]} {requirement.value:.10g}, "
        f"{_ELSE[requirement.unmet]}. {why}."
    )


def _of_facts(policy: GatePolicy) -> tuple[str, ...]:
    return tuple(_asked(one) for one in policy.requirements)


def _of_artifacts(policy: GatePolicy) -> tuple[str, ...]:
    asked = [
        "A proof or a reproduction script is attached to a claim, a named person approved it as a check of that claim, "
        "and an authority ran it under seal. Its result decides: a match verifies, a contradiction falsifies, and "
        "whatever else comes of it leaves the record unverified.",
    ]
    if policy.evidence is None:
        asked.append("No floor is named for the seal, the version of Lean, the kernels or the axioms.")
    else:
        proof = policy.evidence.lean
        kernels = f"{proof.kernels} independent kernel{'' if proof.kernels == 1 else 's'}"
        axioms = ", ".join(proof.axioms) or "none"
        asked += [
            f"A reproduction counts from seal level {policy.evidence.reproduction.seal_level} on.",
            f"A proof counts from Lean {proof.lean_version} on, accepted by {kernels}, checked at seal level "
            f"{proof.seal_level} or above, and resting on no axioms but these: {axioms}.",
            "What passed under lower floors is stale until it is run again.",
        ]
    return tuple(asked)


def _of_a_red_team(policy: GatePolicy) -> tuple[str, ...]:
    attackers = ", ".join(one.value for one in policy.attackers)
    failing = ", ".join(one.value.replace("-", " ") for one in policy.failing)
    return (
        f"These attackers must have run, else the record is not evaluable: {attackers}.",
        f"A finding of one of these kinds fails the record: {failing}.",
        "Evidence against a claim refutes it only where it is confirmed: by a person, or by two independent sources.",
        "A finding against a check fails no record: it makes the check invalid at the gate on artifacts.",
    )


_WORDS: Mapping[GateKind, Callable[[GatePolicy], tuple[str, ...]]] = {
    GateKind.FACTS: _of_facts,
    GateKind.ARTIFACT: _of_artifacts,
    GateKind.RED_TEAM: _of_a_red_team,
}

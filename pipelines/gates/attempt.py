"""An attempt: what came of running an artifact, with the evidence by which it can be run again.

Belongs here: the result that both engines (`reproduction`, `proof`) give. Does not belong here: what a
gate makes of it (`evaluate`). An attempt that went wrong says nothing about the claim.
"""

from __future__ import annotations

from typing import Any

from pydantic import Field

from pipelines.gates.facts import AttemptFacts
from pipelines.models import AttemptOutcome, Model

MOST_TRIES = 3  # under the same conditions, of an attempt that fails: a busy machine can run into the wall clock


class AttemptStep(Model):
    """One sealed run, as evidence: what was varied and what came out."""

    name: str  # "first run", "second run", "input withheld", "literal at line 7 changed", ...
    ending: str  # `Ending` in words, with exit code
    value: float | None = None  # the result it printed
    stdout_sha256: str | None = None
    wall_s: float
    note: str = ""


class CheckFault(Model):
    """Something wrong with the check itself: what the check auditor of the red team reads."""

    rule: str  # "constant", "copied-input", "literal", "tied-to-the-file", "undeclared-constant", ...
    message: str


class Approval(Model):
    """A named person's word that the artifact checks the claim it is attached to."""

    by: str
    reason: str
    recorded_at: str


class Attempt(Model):
    """The outcome, a reason that a reader understands, and the evidence. `facts` is what gates look at."""

    outcome: AttemptOutcome
    reason: str
    backend: str  # program that decided, with version
    authority: bool  # only an authority can make VERIFIED or REFUTED
    steps: tuple[AttemptStep, ...] = ()
    faults: tuple[CheckFault, ...] = ()
    seal_level: int | None = None
    seal_profile: str | None = None
    runtime: str | None = None  # id of the sealed runtime, or of the pinned environment of a proof
    checker_version: str | None = None  # of Lean
    kernels: tuple[str, ...] = ()  # names and versions of the kernels that accepted
    axioms: tuple[str, ...] = ()
    approved_by: str | None = None
    evidence: dict[str, Any] = Field(default_factory=dict)  # JSON: hashes, versions, figures, capped logs


def facts_of(artifact_id: str, claim_id: str, kind: str, attempt: Attempt) -> AttemptFacts:
    """What a gate may look at of an attempt: no logs, no figures."""
    return AttemptFacts(
        artifact_id=artifact_id,
        claim_id=claim_id,
        kind=kind,
        outcome=attempt.outcome,
        authority=attempt.authority,
        reason=attempt.reason,
        seal_level=attempt.seal_level,
        checker_version=attempt.checker_version,
        kernels=len(attempt.kernels),
        axioms=attempt.axioms,
        approved_by=attempt.approved_by,
    )


def not_run(reason: str, *, backend: str) -> Attempt:
    """The attempt that could not be made here: no sandbox, no checker. It says nothing about the claim."""
    return Attempt(outcome=AttemptOutcome.NOT_RUN, reason=reason, backend=backend, authority=False)


def unreadable(problem: str, *, backend: str) -> Attempt:
    """The attempt at an artifact whose files cannot be had any more. It says nothing about the claim."""
    reason = f"What was attached could not be read from the store. {problem} This says nothing about the claim."
    return Attempt(outcome=AttemptOutcome.ATTEMPT_FAILED, reason=reason, backend=backend, authority=False)


def is_tried_again(outcome: AttemptOutcome, tries: int) -> bool:
    """Whether an attempt with this outcome, the `tries`-th under the same conditions, is made again under them."""
    return outcome is AttemptOutcome.ATTEMPT_FAILED and tries < MOST_TRIES


def of_try(attempt: Attempt, number: int) -> Attempt:
    """The attempt with a reason that says which try it was, where it failed or another failed before it."""
    if attempt.outcome is not AttemptOutcome.ATTEMPT_FAILED and number == 1:
        return attempt
    said = f"This was try {number} of at most {MOST_TRIES} under the same conditions"
    if is_tried_again(attempt.outcome, number):
        said += "; the next run tries again"
    elif attempt.outcome is AttemptOutcome.ATTEMPT_FAILED:
        said += "; it is not tried again until something changes"
    else:
        said += "; before it the attempt failed"
    return attempt.model_copy(update={"reason": f"{attempt.reason} {said}."})

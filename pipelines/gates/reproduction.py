"""A reproduction: a script that computes what a claim says, run sealed, examined, and held against the claim.

Belongs here: from an artifact to the outcome, in order: can it be run, does it give a result, twice the same;
is it a check at all; do the papers stand (origins, approval, authority); is the result what the claim says.
Does not belong here: the examination (`vacuity`, `copied_input`, `constant_trials`, `rounding_trials`,
`local_response`), the sandbox, storage. Pure but for `sandbox.run`. An attempt that went wrong says nothing
about the claim.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Callable
from typing import Any

from pipelines.gates.artifact import Artifact, InvalidArtifact, asked_in_words
from pipelines.gates.attempt import Approval, Attempt, CheckFault
from pipelines.gates.authorship import wrote
from pipelines.gates.constant_trials import fitted_constants
from pipelines.gates.copied_input import copied_cell, few_cells
from pipelines.gates.local_response import stands_still
from pipelines.gates.result_channel import cleaned, tail
from pipelines.gates.rounding_trials import snapped
from pipelines.gates.script_constants import tree_of
from pipelines.gates.script_refusals import refused
from pipelines.gates.seal import Sandbox, SandboxUnavailable
from pipelines.gates.stated_result import Expectation, expectation_of, holds
from pipelines.gates.trials import BudgetSpent, NotStarted, Trial, Trials
from pipelines.gates.vacuity import CHECKS, Examined, Objection, inconclusive, invalid
from pipelines.models import AttemptOutcome, Claim

REPRODUCTION_VERSION = "1"
BACKEND = f"reproduction-{REPRODUCTION_VERSION}"

_EXAMINATION: tuple[Callable[[Examined], Objection | None], ...] = (
    *CHECKS,
    few_cells,
    copied_cell,
    fitted_constants,
    snapped,
    stands_still,
)


def reproduce(artifact: Artifact, claim: Claim, approval: Approval | None, sandbox: Sandbox) -> Attempt:
    """Run and examine `artifact`, and hold its result against `claim`."""
    return _Reproduction(artifact, claim, approval, sandbox).attempt()


class _Reproduction:
    """One attempt under way: what is known so far is what its evidence will hold."""

    def __init__(self, artifact: Artifact, claim: Claim, approval: Approval | None, sandbox: Sandbox) -> None:
        self._artifact = artifact
        self._claim = claim
        self._approval = approval
        self._sandbox = sandbox
        self._trials: Trials | None = None
        self._runtime: str | None = None
        self._evidence: dict[str, Any] = {}
        self._faults: list[CheckFault] = []

    def attempt(self) -> Attempt:
        if objection := self._incomplete():
            return self._ended(objection.outcome, objection.message, objection)
        try:
            expectation = self._expectation()
            self._runtime = self._sandbox.runtime(self._artifact.manifest.runtime)
            return self._run(expectation)
        except InvalidArtifact as fault:
            return self._ended(AttemptOutcome.INCONCLUSIVE, str(fault))
        except SandboxUnavailable as absence:
            return self._ended(AttemptOutcome.NOT_RUN, f"It was not run: {absence}")
        except NotStarted as failure:
            return self._ended(AttemptOutcome.NOT_RUN, f"It was not run: the sandbox failed ({failure}).")
        except BudgetSpent as spent:
            return self._ended(AttemptOutcome.INCONCLUSIVE, f"The check could not be examined: {spent}.")

    def _incomplete(self) -> Objection | None:
        """What the folder lacks; the bytes were held against their hashes when it was read, and are again here."""
        manifest, files = self._artifact.manifest, self._artifact.files
        if manifest.entry not in files:
            return Objection(AttemptOutcome.ATTEMPT_FAILED, "incomplete", f"There is no script {manifest.entry[:80]}.")
        for one in manifest.inputs:
            if one.path not in files:
                return Objection(AttemptOutcome.ATTEMPT_FAILED, "incomplete", f"There is no input {one.path[:80]}.")
            if _sha256(files[one.path]) != one.sha256:
                message = f"The input {one.path[:80]} is not the file whose hash artifact.toml states."
                return Objection(AttemptOutcome.ATTEMPT_FAILED, "incomplete", message)
        if not [one for one in manifest.inputs if one.path != manifest.entry]:
            return invalid("no-input", "The artifact has no input: there is nothing its result could depend on.")
        return None

    def _expectation(self) -> Expectation:
        if self._artifact.manifest.result is None:
            raise InvalidArtifact("artifact.toml does not state which number of the claim the script computes.")
        expectation = expectation_of(self._claim, self._artifact.manifest.result)
        self._evidence["expectation"] = {
            "value": str(expectation.value),
            "relation": expectation.relation.value,
            "tolerance": str(expectation.tolerance),
            "claim": cleaned(expectation.words)[:500],
        }
        return expectation

    def _run(self, expectation: Expectation) -> Attempt:
        trials = self._trials = Trials(self._artifact, self._sandbox)
        first = trials.run("first run")
        self._evidence["stderr"] = tail(first.ran.stderr)
        trials.bound_by(first.ran.wall_s)
        if first.value is None:
            return self._no_result(first)
        second = trials.run("second run, other hash seed and working folder")
        if second.value != first.value:
            return self._differs(first, second, "twice")
        self._evidence["value"] = first.value
        examined = Examined(self._artifact, self._claim, expectation, trials, first.value)
        objections = self._examine(examined)
        self._evidence |= examined.found
        if objections:
            self._faults = [CheckFault(rule=one.rule, message=one.message) for one in objections]
            return self._ended(objections[0].outcome, objections[0].message)
        last = trials.run("last run, nothing changed")
        if last.value != first.value:
            return self._differs(first, last, "again at the end")
        return self._judged(expectation, first.value)

    def _no_result(self, first: Trial) -> Attempt:
        """A script without a readable result failed, unless it prints the same with nothing to read."""
        assert self._trials is not None
        reason = first.why_not or "It gave no result."
        if first.ran.succeeded and first.ran.stdout:
            withheld = self._trials.run("all inputs withheld", inputs=dict.fromkeys(self._trials.inputs))
            if withheld.ran.succeeded and withheld.ran.stdout == first.ran.stdout:
                message = "Without its inputs the script prints the same: what it prints is a constant. "
                objection = invalid("constant", message + reason)
                return self._ended(objection.outcome, objection.message, objection)
        return self._ended(AttemptOutcome.ATTEMPT_FAILED, reason)

    def _differs(self, first: Trial, other: Trial, when: str) -> Attempt:
        if other.value is None:
            said = f"Run {when} on the same inputs, it gave {first.value:.15g} and then no result. {other.why_not}"
        else:
            said = f"Run {when} on the same inputs, it gave {first.value:.15g} and then {other.value:.15g}."
        return self._ended(AttemptOutcome.NON_DETERMINISTIC, said)

    def _examine(self, examined: Examined) -> list[Objection]:
        """What speaks against the check; a script too deep or odd to be taken apart speaks against itself."""
        try:
            tree = tree_of(examined.trials.script)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as fault:
            return [_unreadable(fault)]
        try:
            return self._objections(examined, tree)
        except (RecursionError, MemoryError) as fault:
            return [_unreadable(fault)]

    def _objections(self, examined: Examined, tree: ast.Module) -> list[Objection]:
        """The first that makes the check invalid ends the examination."""
        if construct := refused(tree):
            line, why = construct
            return [
                invalid("blind", f"Line {line} of the script {why}: it cannot be examined what its result is made of.")
            ]
        objections: list[Objection] = []
        for check in _EXAMINATION:
            objection = check(examined)
            if objection and objection.outcome is AttemptOutcome.INVALID_CHECK:
                return [objection, *objections]
            if objection:
                objections.append(objection)
        return objections

    def _judged(self, expectation: Expectation, value: float) -> Attempt:
        """The check is one: does it count, and what does it say?"""
        if missing := self._missing():
            return self._ended(AttemptOutcome.INCONCLUSIVE, f"The script gives {value:.10g}, and is a check. {missing}")
        asked = asked_in_words(expectation.relation, float(expectation.value), float(expectation.tolerance))
        runs = len(self._trials.steps) if self._trials else 0
        said = f"The claim says '{self._evidence['expectation']['claim']}', which asks for a result {asked}. "
        said += f"Computed from its inputs, and examined in {runs} sealed runs: {value:.10g}."
        if holds(expectation, value):
            return self._ended(AttemptOutcome.VERIFIED, f"{said} It is so.")
        return self._ended(AttemptOutcome.REFUTED, f"{said} It is not so.")

    def _missing(self) -> str:
        """What it lacks to decide anything, in sentences: authority, origins, a person's approval."""
        manifest = self._artifact.manifest
        missing = []
        if not self._sandbox.authority:
            missing.append("What ran it is no authority.")
        unknown = [one.path for one in manifest.inputs if not (one.origin or "").strip()]
        if unknown:
            missing.append(f"Nobody says where {', '.join(unknown[:5])} came from.")
        if self._approval is None or not self._approval.by.strip():
            missing.append("No person has approved that the script computes the claim.")
        elif wrote(self._approval.by, manifest.author):
            missing.append("It was approved by its own author; another person must.")
        return " ".join(missing)

    def _ended(self, outcome: AttemptOutcome, reason: str, objection: Objection | None = None) -> Attempt:
        seal = self._sandbox.seal
        faults = [*self._faults, *([CheckFault(rule=objection.rule, message=objection.message)] if objection else [])]
        return Attempt(
            outcome=outcome,
            reason=reason,
            backend=BACKEND,
            authority=self._sandbox.authority,
            steps=tuple(self._trials.steps) if self._trials else (),
            faults=tuple(faults),
            seal_level=seal.level,
            seal_profile=seal.profile,
            runtime=self._runtime,
            approved_by=self._approval.by if self._approval else None,
            evidence={**self._of_the_artifact(), **self._evidence},
        )

    def _of_the_artifact(self) -> dict[str, Any]:
        manifest, files = self._artifact.manifest, self._artifact.files
        entry = files.get(manifest.entry)
        return {
            "artifact": self._artifact.sha256,
            "script": {"path": manifest.entry, "sha256": _sha256(entry) if entry is not None else None},
            "inputs": [{"path": one.path, "sha256": one.sha256, "origin": one.origin} for one in manifest.inputs],
            "declared constants": [{"value": one.value, "why": one.why} for one in manifest.constants],
            "author": manifest.author,
            "seal": self._sandbox.seal.model_dump(),
            "runs": len(self._trials.steps) if self._trials else 0,
        }


def _unreadable(fault: Exception) -> Objection:
    message = f"The script runs, but cannot be taken apart as Python here, so it cannot be examined: {fault}"
    return inconclusive("not-examinable", cleaned(message)[:300])


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()

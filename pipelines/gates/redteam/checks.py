"""The check auditor: artifacts that check nothing, or that nobody may rely on.

Belongs here: what makes a check invalid after it was run. Does not belong here: running it and finding its faults
(reproduction, proof). Every finding is against the check: it takes away what the check decided, for or against the
claim, and says nothing about the claim.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipelines.counts import counted
from pipelines.gates.attempt import CheckFault
from pipelines.gates.authorship import wrote
from pipelines.gates.facts import RedTeamFinding
from pipelines.gates.redteam.material import HeldCheck, RedTeamMaterial, TwinCheck
from pipelines.gates.redteam.rules import AttackerName, RedTeamRule, Report, found, shortened
from pipelines.models import AttemptOutcome

DECIDED = frozenset({AttemptOutcome.VERIFIED, AttemptOutcome.REFUTED})
MOST_FAULTS = 10  # told of one check

Told = Iterator[tuple[RedTeamRule, str]]


@dataclass(frozen=True)
class CheckAuditor:
    name = AttackerName.CHECKS
    version = "2"
    reads_passages = False

    def look(self, material: RedTeamMaterial) -> Report:
        if not material.checks:
            return Report("no artifact is attached, so there is no check to attack", ())
        findings = tuple(one for check in material.checks for one in _against(check))
        hints = sum(map(_is_hint, (fault for check in material.checks for fault in check.faults)))
        told = (
            f"; {counted(hints, 'place')} in proofs that a person should look at, which is no finding" if hints else ""
        )
        looked_at = f"{counted(len(material.checks), 'artifact')} with the latest attempt to run each{told}"
        return Report(looked_at, findings)


def _is_hint(fault: CheckFault) -> bool:
    """What catches the eye in the text of a proof proves nothing: the kernels looked at what the text came to."""
    return fault.rule.startswith("lean-")


def _against(check: HeldCheck) -> Iterator[RedTeamFinding]:
    rules = [_faults, *(_DECIDING if check.facts.outcome in DECIDED else ())]
    for rule in rules:
        for name, message in rule(check):
            told = f"The {check.facts.kind} {check.facts.artifact_id[:12]} {message}"
            yield found(AttackerName.CHECKS, name, check.facts.artifact_id, told)


def _faults(check: HeldCheck) -> Told:
    invalid = check.facts.outcome is AttemptOutcome.INVALID_CHECK
    faults = [fault for fault in check.faults if not _is_hint(fault)]
    if invalid and not faults:
        yield RedTeamRule.INVALID_CHECK, f"checks nothing: {check.facts.reason}"
    for fault in faults[:MOST_FAULTS]:
        words = f"{shortened(fault.rule, 60)}: {fault.message}"
        yield RedTeamRule.INVALID_CHECK, f"{'checks nothing' if invalid else 'is at fault'} ({words})"


# --- what may not have decided --------------------------------------------------------------------


def _authority(check: HeldCheck) -> Told:
    if not check.facts.authority:
        yield RedTeamRule.NO_AUTHORITY, "was decided by something that is no authority"


def _approval(check: HeldCheck) -> Told:
    if check.approver is None or check.facts.approved_by is None:
        yield RedTeamRule.UNAPPROVED, "was decided, but no approval by a named person is recorded for it"
    elif wrote(check.approver, check.manifest.author):
        yield RedTeamRule.SELF_APPROVED, f"was approved by its own author, {shortened(check.approver, 80)}"


def _inputs(check: HeldCheck) -> Told:
    unknown = [one.path for one in check.manifest.inputs if not (one.origin or "").strip()]
    if unknown:
        yield RedTeamRule.INPUT_WITHOUT_ORIGIN, f"reads what nobody knows the origin of: {_listed(unknown)}"
    if check.unused_inputs:
        listed = _listed(check.unused_inputs)
        yield RedTeamRule.UNUSED_INPUT, f"was decided, but no input was seen to move its result: {listed}"


def _listed(names: tuple[str, ...] | list[str]) -> str:
    shown = ", ".join(shortened(name, 60) for name in names[:5])
    return f"{shown} and {len(names) - 5} more" if len(names) > 5 else shown


def _twins(check: HeldCheck) -> Told:
    """The same script and inputs, held against the same stated value, cannot come out otherwise elsewhere."""
    for twin in check.twins:
        if _contradicts(check, twin):
            where = f"record {shortened(twin.record_id, 80)}, claim {shortened(twin.claim_id, 40)}"
            yield (
                RedTeamRule.CONTRADICTS_ITSELF,
                f"is {check.facts.outcome.value} here, and the same files are {twin.outcome.value} in {where}",
            )
            return


def _contradicts(check: HeldCheck, twin: TwinCheck) -> bool:
    if twin.outcome is AttemptOutcome.NON_DETERMINISTIC:
        return True
    otherwise = (DECIDED | {AttemptOutcome.INVALID_CHECK}) - {check.facts.outcome}
    return twin.outcome in otherwise and _same_value(check, twin)


def _same_value(check: HeldCheck, twin: TwinCheck) -> bool:
    mine = check.manifest.result
    if mine is None or twin.result is None:
        return mine is twin.result
    return (mine.value, mine.relation) == (twin.result.value, twin.result.relation)


_DECIDING: tuple[Callable[[HeldCheck], Told], ...] = (_authority, _approval, _inputs, _twins)

"""Checks that check nothing or that nobody may rely on: found against the check, never against the claim."""

from __future__ import annotations

import pytest

from pipelines.gates.artifact import InputFile, Relation
from pipelines.gates.attempt import CheckFault
from pipelines.gates.facts import AttackerReport, Target
from pipelines.gates.redteam.attack import attack
from pipelines.gates.redteam.checks import DECIDED, CheckAuditor
from pipelines.gates.redteam.material import MOVED, HeldCheck, unused_inputs
from pipelines.gates.redteam.rules import RedTeamRule
from pipelines.models import AttemptOutcome
from tests.gates.redteam_material import a_check, a_manifest, a_twin, material

CONSTANT = CheckFault(rule="constant", message="prints 768 whatever it reads")
NAMELESS = (InputFile(path="times.csv", sha256="0" * 64), InputFile(path="b.csv", sha256="1" * 64, origin=" "))


def audited(*checks: HeldCheck) -> AttackerReport:
    (report,) = attack(material(checks=checks), [CheckAuditor()])
    assert report.ran
    return report


def rules(*checks: HeldCheck) -> list[str]:
    return [one.rule for one in audited(*checks).findings]


@pytest.mark.parametrize("outcome", AttemptOutcome)
def test_a_sound_check_gives_no_finding_whatever_came_of_it(outcome: AttemptOutcome) -> None:
    expected = [RedTeamRule.INVALID_CHECK.value] if outcome is AttemptOutcome.INVALID_CHECK else []
    assert rules(a_check(outcome)) == expected


@pytest.mark.parametrize("outcome", sorted(DECIDED))
@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"faults": (CONSTANT,)}, RedTeamRule.INVALID_CHECK),
        ({"authority": False}, RedTeamRule.NO_AUTHORITY),
        ({"approver": None}, RedTeamRule.UNAPPROVED),
        ({"approved_by": None}, RedTeamRule.UNAPPROVED),
        ({"approver": "ada  BROOK"}, RedTeamRule.SELF_APPROVED),
        ({"approver": "Brook, Ada"}, RedTeamRule.SELF_APPROVED),
        ({"manifest": a_manifest(author="C. Lake; An Editor")}, RedTeamRule.SELF_APPROVED),
        ({"manifest": a_manifest(inputs=NAMELESS)}, RedTeamRule.INPUT_WITHOUT_ORIGIN),
        ({"unused_inputs": ("times.csv",)}, RedTeamRule.UNUSED_INPUT),
        ({"twins": (a_twin(AttemptOutcome.NON_DETERMINISTIC, 3.0),)}, RedTeamRule.CONTRADICTS_ITSELF),
        ({"twins": (a_twin(AttemptOutcome.INVALID_CHECK),)}, RedTeamRule.CONTRADICTS_ITSELF),
    ],
)
def test_what_decided_must_be_fit_to_decide_for_and_against(
    outcome: AttemptOutcome, changed: dict[str, object], rule: RedTeamRule
) -> None:
    assert rules(a_check(outcome, **changed)) == [rule.value]


@pytest.mark.parametrize(
    "changed",
    [{"authority": False}, {"approver": None}, {"manifest": a_manifest(inputs=NAMELESS)}, {"unused_inputs": ("a",)}],
)
def test_what_decided_nothing_is_not_held_to_what_may_decide(changed: dict[str, object]) -> None:
    assert rules(a_check(AttemptOutcome.INCONCLUSIVE, **changed)) == []


def test_an_attempt_at_fault_is_found_with_each_fault_named() -> None:
    second = CheckFault(rule="literal", message="768 stands in line 4")
    report = audited(a_check(AttemptOutcome.INVALID_CHECK, faults=(CONSTANT, second)))
    assert [one.subject for one in report.findings] == ["artifact-1", "artifact-1"]
    assert "constant: prints 768 whatever it reads" in report.findings[0].message
    assert "literal: 768 stands in line 4" in report.findings[1].message


def test_what_catches_the_eye_in_a_proof_is_told_and_invalidates_nothing() -> None:
    hint = CheckFault(rule="lean-option", message="solution, line 1: `set_option` changes how Lean reads the file")
    report = audited(a_check(faults=(hint,)))
    assert report.findings == ()
    assert "1 place in proofs that a person should look at" in report.reason
    (invalid,) = audited(a_check(AttemptOutcome.INVALID_CHECK, faults=(hint,))).findings
    assert invalid.message.endswith("checks nothing: as it was run")


@pytest.mark.parametrize(
    ("evidence", "unused"),
    [
        ({MOVED: {"a.csv": False}}, ("a.csv",)),
        ({"examination": {MOVED: {"a.csv": False, "b.csv": False}}}, ("a.csv", "b.csv")),
        ({MOVED: {"a.csv": False, "b.csv": True}}, ()),
        ({MOVED: {}}, ()),
        ({MOVED: "a.csv"}, ()),
        ({"else": [1, {MOVED: {"a.csv": False}}]}, ()),
        ({}, ()),
    ],
)
def test_inputs_are_unused_where_the_evidence_says_that_none_moves_the_result(
    evidence: dict[str, object], unused: tuple[str, ...]
) -> None:
    assert unused_inputs(evidence) == unused


OPPOSITE = [(AttemptOutcome.VERIFIED, AttemptOutcome.REFUTED), (AttemptOutcome.REFUTED, AttemptOutcome.VERIFIED)]


@pytest.mark.parametrize(("here", "there"), OPPOSITE)
def test_the_same_files_that_verify_a_number_here_and_refute_it_there_are_no_check(
    here: AttemptOutcome, there: AttemptOutcome
) -> None:
    report = audited(a_check(here, twins=(a_twin(there),)))
    (one,) = report.findings
    assert one.rule == RedTeamRule.CONTRADICTS_ITSELF
    assert (
        f"is {here.value} here, and the same files are {there.value} in record record-2, claim claim-9" in one.message
    )


@pytest.mark.parametrize(
    "twin",
    [
        a_twin(AttemptOutcome.VERIFIED),
        a_twin(AttemptOutcome.REFUTED, value=26.0),
        a_twin(AttemptOutcome.REFUTED, relation=Relation.MORE_THAN),
        a_twin(AttemptOutcome.INVALID_CHECK, value=26.0),
        a_twin(AttemptOutcome.INCONCLUSIVE),
        a_twin(AttemptOutcome.NOT_RUN),
    ],
)
def test_the_same_files_may_come_out_otherwise_against_another_number(twin: object) -> None:
    assert rules(a_check(twins=(twin,))) == []


def test_every_finding_is_against_the_check_and_confirms_nothing() -> None:
    worst = a_check(
        faults=(CONSTANT,),
        authority=False,
        approver=None,
        manifest=a_manifest(inputs=NAMELESS),
        unused_inputs=("times.csv",),
        twins=(a_twin(AttemptOutcome.REFUTED),),
    )
    findings = audited(worst).findings
    assert len(findings) == 6
    assert {(one.target, one.subject, one.confirmed) for one in findings} == {(Target.CHECK, "artifact-1", False)}


def test_without_an_artifact_there_is_nothing_to_find_and_the_auditor_has_run() -> None:
    report = audited()
    assert report.findings == ()
    assert report.reason == "no artifact is attached, so there is no check to attack"

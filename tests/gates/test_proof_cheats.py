"""Every known cheat, as the reports that it leaves behind: none is VERIFIED, and each for its own reason."""

from __future__ import annotations

import gzip
import hashlib
from typing import Any

import pytest

from pipelines.gates.lean_environments import Implementation
from pipelines.gates.proof_verdict import ProofFloor
from pipelines.gates.seal import Ending
from pipelines.models import AttemptOutcome
from tests.gates.lean_reports.scripted_checks import (
    HERE,
    SOLUTION,
    Answers,
    ScriptedSandbox,
    artifact,
    check,
    stage_name,
    tool_list,
)
from tests.gates.lean_reports.written_exports import export

VERIFIED, DISPUTED = AttemptOutcome.VERIFIED, AttemptOutcome.DISPUTED
FAILED, INVALID = AttemptOutcome.ATTEMPT_FAILED, AttemptOutcome.INVALID_CHECK
INCONCLUSIVE, NOT_RUN = AttemptOutcome.INCONCLUSIVE, AttemptOutcome.NOT_RUN


def fixture(name: str) -> str:
    return (HERE / name).read_text()


def rests_on(axiom: str) -> dict[str, Any]:
    """A solution that rests on an axiom, found by the comparator and by us."""
    report = fixture("comparator_finds_axiom.json").replace("AXIOM", axiom)
    return {"solution": export(("propext", axiom)), "report": report, "comparator": (1, "", "")}


OTHER_STATEMENT = {"report": fixture("comparator_finds_other_statement.json"), "comparator": (1, "", "")}
KERNEL_REJECTS = {
    "report": fixture("comparator_kernel_rejects.json"),
    "comparator": (1, "", ""),
    "leanchecker": (1, "Lean default kernel rejects the solution: (kernel) declaration type mismatch\n"),
    "nanoda": (101, ""),
}
# Cheat, the answers it leaves, the outcome, words of the reason.
ROWS: list[tuple[str, dict[str, Any], AttemptOutcome, str]] = [
    ("sorry in the file", {"build": (1, fixture("build_with_sorry.jsonl"))}, INVALID, "leaves a hole"),
    ("sorry in a dependency", rests_on("sorryAx"), INVALID, "sorryAx"),
    ("custom axiom", rests_on("Claim.trust_me"), INVALID, "Claim.trust_me"),
    ("native_decide", rests_on("Lean.ofReduceBool"), INVALID, "Lean.ofReduceBool"),
    ("native_decide with an axiom per use", rests_on("Claim.same._native.bv_decide.ax_1_5"), INVALID, "ax_1_5"),
    ("implemented_by and native evaluation", rests_on("Lean.trustCompiler"), INVALID, "Lean.trustCompiler"),
    ("skipKernelTC", KERNEL_REJECTS, FAILED, "No kernel accepts"),
    ("environment hacking that only one kernel sees", {"nanoda": (1, "")}, DISPUTED, "Kernels disagree"),
    ("an axiom that the comparator lets pass", {"solution": export(("Claim.trust_me",))}, DISPUTED, "let pass"),
    ("redefined notation or weaker theorem", OTHER_STATEMENT, INVALID, "not the statement"),
    ("changed definition that the comparator lets pass", {"solution": export(meaning="succ")}, DISPUTED, "otherwise"),
    ("weaker theorem that the comparator lets pass", {"solution": export(predicate="Claim.Easy")}, DISPUTED, "else"),
    ("autoImplicit", {"build": (1, fixture("build_with_type_error.jsonl"))}, FAILED, "does not type-check"),
    ("definition hole", rests_on("sorryAx"), INVALID, "sorryAx"),
    ("code at elaboration kills the checker", {"endings": {"solution": Ending.SIGNALLED}}, FAILED, "broke off"),
    ("endless elaboration", {"endings": {"solution": Ending.WALL_CLOCK}}, INCONCLUSIVE, "longer than it may"),
    ("huge number", {"endings": {"solution": Ending.MEMORY}}, INCONCLUSIVE, "more memory"),
    ("endless proof in the kernel", {"endings": {"kernel nanoda": Ending.CPU_TIME}}, INCONCLUSIVE, "processor"),
    ("output flood", {"endings": {"solution": Ending.OUTPUT}}, INCONCLUSIVE, "wrote more"),
    ("kernel bug found by the second kernel", {"nanoda": (101, "")}, DISPUTED, "neither counts"),
    ("kernel that does not know something", {"nanoda": (2, "")}, INCONCLUSIVE, "does not know"),
    ("an unsafe definition", {"solution": export().replace(b'"safe"', b'"unsafe"')}, FAILED, "unsafe"),
]


def test_an_honest_proof_is_verified_and_leaves_what_it_takes_to_check_it_again() -> None:
    answers = Answers()
    run = check(answers)
    attempt = run.attempt
    assert attempt.outcome is VERIFIED, attempt.reason
    assert attempt.kernels == ("leanchecker 4.35.0", "nanoda 0.4.1")
    assert attempt.axioms == ("Quot.sound", "propext")
    assert attempt.approved_by == "Ada Example"
    assert attempt.checker_version == "4.35.0"
    assert run.export_gz is not None
    assert gzip.decompress(run.export_gz) == answers.solution
    evidence = attempt.evidence
    assert evidence["export_sha256"] == hashlib.sha256(answers.solution).hexdigest()
    assert evidence["solution_sha256"] == hashlib.sha256(SOLUTION).hexdigest()
    assert {"statement_sha256", "manifest_sha256", "statement_export_sha256", "tools_sha256"} <= set(evidence)
    assert [kernel["verdict"] for kernel in evidence["kernels"]] == ["accepted", "accepted"]


@pytest.mark.parametrize(("changed", "outcome", "words"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_a_cheat_is_never_verified(changed: dict[str, Any], outcome: AttemptOutcome, words: str) -> None:
    attempt = check(Answers().having(**changed)).attempt
    assert attempt.outcome is outcome, attempt.reason
    assert words in attempt.reason


def test_a_true_theorem_that_nobody_approved_as_the_claim_decides_nothing() -> None:
    attempt = check(Answers(), approval=None).attempt
    assert attempt.outcome is INCONCLUSIVE
    assert "no named person has approved" in attempt.reason


@pytest.mark.parametrize("author", ["Ada Example", "Example, Ada", "A. Prover & ADA EXAMPLE"])
def test_a_theorem_approved_by_who_proved_it_decides_nothing(author: str) -> None:
    attempt = check(Answers(), sent_in=artifact(author=author)).attempt
    assert attempt.outcome is INCONCLUSIVE
    assert "approved by its own author" in attempt.reason


@pytest.mark.parametrize("version", ["4.34.0", "4.33.1", "4.35.0-rc1", "4.28.0-pre", "4.36.0-nightly-2026-10-02"])
def test_a_lean_below_the_floor_decides_nothing_and_the_floor_is_named(version: str) -> None:
    listed = tool_list()
    lean = listed.environment[0].lean.model_copy(update={"version": version})
    listed = listed.model_copy(update={"environment": (listed.environment[0].model_copy(update={"lean": lean}),)})
    answers = Answers(
        version=Answers().version.replace("4.35.0", version),
        statement=export(("sorryAx",), lean=version),
        solution=export(lean=version),
    )
    attempt = check(answers, listed=listed).attempt
    assert attempt.outcome is INCONCLUSIVE, attempt.reason
    assert "floor of 4.34.1" in attempt.reason


def test_a_floor_raised_above_the_kernels_of_the_tools_decides_nothing() -> None:
    assert check(Answers(), floor=ProofFloor(lean="4.36.0")).attempt.outcome is INCONCLUSIVE
    assert check(Answers(), floor=ProofFloor(kernels=3)).attempt.outcome is INCONCLUSIVE
    assert check(Answers(), floor=ProofFloor(seal_level=3)).attempt.outcome is INCONCLUSIVE


def test_two_kernels_of_one_family_count_as_one() -> None:
    listed = tool_list()
    ported = listed.kernel[1].model_copy(update={"implementation": Implementation.LEAN4LEAN})
    listed = listed.model_copy(update={"kernel": (listed.kernel[0], ported)})
    attempt = check(Answers(nanoda=(0, "checked 10 declarations\n")), listed=listed).attempt
    assert attempt.outcome is INCONCLUSIVE
    assert "written apart" in attempt.reason


def test_what_is_no_authority_never_verifies() -> None:
    tried = check(Answers(), listed=tool_list(authority=False)).attempt
    doubled = check(Answers(), sandbox=ScriptedSandbox(Answers(), authority=False)).attempt
    assert (tried.outcome, tried.authority) == (INCONCLUSIVE, False)
    assert (doubled.outcome, doubled.authority) == (INCONCLUSIVE, False)


def test_the_hostile_file_is_in_one_stage_only_and_the_judges_see_exports_alone() -> None:
    sandbox = ScriptedSandbox(Answers())
    check(Answers(), sandbox=sandbox)
    stages = [stage_name(job) for job in sandbox.jobs]
    assert stages == ["version", "statement", "solution", "comparator", "kernel leanchecker", "kernel nanoda"]
    for name, job in zip(stages, sandbox.jobs, strict=True):
        sources = {path for path in job.files if path.endswith(".lean")}
        assert sources == {"statement": {"Challenge.lean"}, "solution": {"Solution.lean"}}.get(name, set())
        assert (SOLUTION in job.files.values()) == (name == "solution")
        assert {tool.inside for tool in job.tools} == {"/tools/lean"}


def test_nothing_runs_after_a_stage_that_decided() -> None:
    sandbox = ScriptedSandbox(Answers(**OTHER_STATEMENT))
    check(sandbox.answers, sandbox=sandbox)
    assert [stage_name(job) for job in sandbox.jobs][-1] == "comparator"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"theorems": ()}, "names no theorem"),
        ({"theorems": ("--help",)}, "not the name of a theorem"),
        ({"theorems": ("Claim.same\n",)}, "not the name of a theorem"),
        ({"theorems": ("Claim.same", "Claim.same")}, "twice"),
        ({"statement": None}, "no statement of its own"),
        ({"statement": "Solution.lean"}, "no statement of its own"),
        ({"entry": "Other.lean"}, "no file"),
        ({"claim": "claim-2"}, "another claim"),
    ],
)
def test_an_artifact_that_asks_nothing_is_not_run(changed: dict[str, Any], words: str) -> None:
    sandbox = ScriptedSandbox(Answers())
    attempt = check(Answers(), sent_in=artifact(**changed), sandbox=sandbox).attempt
    assert attempt.outcome is INVALID
    assert words in attempt.reason
    assert not sandbox.jobs


def test_an_environment_that_is_not_here_is_not_run() -> None:
    assert check(Answers(), sent_in=artifact(runtime="mathlib-2027")).attempt.outcome is NOT_RUN


@pytest.mark.parametrize("said", ["Lean (version 4.36.0, x86_64, commit 3f1d5c2e9a7b, Release)", "lean 4.35.0", ""])
def test_a_lean_that_is_not_the_listed_one_is_not_run(said: str) -> None:
    assert check(Answers(version=said)).attempt.outcome is NOT_RUN


def test_what_catches_the_eye_in_the_text_is_a_hint_and_decides_nothing() -> None:
    text = SOLUTION + b'set_option debug.skipKernelTC true\n#eval IO.println "hello"\n-- axiom in a remark\n'
    attempt = check(Answers(), sent_in=artifact(text)).attempt
    assert attempt.outcome is VERIFIED
    assert {fault.rule for fault in attempt.faults} == {"lean-skips-kernel", "lean-option", "lean-runs-code"}
    assert "line 3" in attempt.faults[0].message

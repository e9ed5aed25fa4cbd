"""With real tools, where CLAIMGATE_LEAN_TOOLS names them (docs/proofs.md): honest files and others."""

from __future__ import annotations

import os

import pytest

from pipelines.gates.artifact import Artifact, ArtifactKind, ArtifactManifest
from pipelines.gates.attempt import Attempt
from pipelines.gates.lean_environments import SETTING, CheckerUnavailable
from pipelines.gates.proof import ProofChecker, check_proof, open_checker
from pipelines.gates.seal import SandboxUnavailable
from pipelines.models import AttemptOutcome
from tests.gates.lean_reports.scripted_checks import APPROVAL, ROOM, claim

pytestmark = pytest.mark.lean

STATEMENT = "theorem same_sum (a b : Nat) : a + b = b + a := sorry\n"
FALSE_STATEMENT = "theorem same_sum : (1 : Nat) = 2 := sorry\n"
NATIVE_STATEMENT = "theorem same_sum : (10000 * 10000 : Nat) = 100000000 := sorry\n"


@pytest.fixture(scope="module")
def checker() -> ProofChecker:
    if not os.environ.get(SETTING):
        pytest.skip(f"{SETTING} names no folder of real Lean tools")
    try:
        return open_checker(os.environ)
    except (CheckerUnavailable, SandboxUnavailable) as problem:
        pytest.fail(str(problem))


def checked(checker: ProofChecker, solution: str, statement: str = STATEMENT) -> Attempt:
    manifest = ArtifactManifest(
        kind=ArtifactKind.LEAN,
        claim=ROOM,
        author="A. Prover",
        licence="CC0-1.0",
        entry="Solution.lean",
        runtime=checker.tools.listed.environment[0].name,
        statement="Challenge.lean",
        theorems=("same_sum",),
    )
    files = {"Solution.lean": solution.encode(), "Challenge.lean": statement.encode(), "artifact.toml": b"#\n"}
    return check_proof(Artifact(manifest=manifest, files=files), claim(), APPROVAL, checker).attempt


def test_a_true_theorem_is_accepted_by_every_kernel(checker: ProofChecker) -> None:
    attempt = checked(checker, "theorem same_sum (a b : Nat) : a + b = b + a := Nat.add_comm a b\n")
    assert len(attempt.kernels) == len(checker.tools.listed.kernel), attempt.reason
    expected = AttemptOutcome.VERIFIED if checker.authority else AttemptOutcome.INCONCLUSIVE
    assert attempt.outcome is expected, attempt.reason


def test_sorry_is_no_proof(checker: ProofChecker) -> None:
    assert checked(checker, STATEMENT).outcome is AttemptOutcome.INVALID_CHECK


def test_false_by_an_axiom_is_no_proof(checker: ProofChecker) -> None:
    solution = "axiom cheat : False\ntheorem same_sum : (1 : Nat) = 2 := cheat.elim\n"
    attempt = checked(checker, solution, FALSE_STATEMENT)
    assert attempt.outcome is AttemptOutcome.INVALID_CHECK, attempt.reason
    assert "cheat" in attempt.reason


def test_native_decide_is_no_proof(checker: ProofChecker) -> None:
    solution = NATIVE_STATEMENT.replace("sorry", "by native_decide")
    assert checked(checker, solution, NATIVE_STATEMENT).outcome is AttemptOutcome.INVALID_CHECK


def test_a_weaker_theorem_of_the_same_name_is_no_proof(checker: ProofChecker) -> None:
    attempt = checked(checker, "theorem same_sum (a b : Nat) : a + b = a + b := rfl\n")
    assert attempt.outcome is AttemptOutcome.INVALID_CHECK, attempt.reason


def test_a_kernel_that_was_told_to_look_away_is_found_out(checker: ProofChecker) -> None:
    solution = (
        "import Lean\nopen Lean Elab Command\nset_option debug.skipKernelTC true\nrun_cmd liftCoreM do\n"
        "  let env := (← getEnv)\n"
        "  let one := mkNatLit 1\n  let two := mkNatLit 2\n"
        "  let type := mkApp3 (mkConst ``Eq [1]) (mkConst ``Nat) one two\n"
        "  let value := mkApp2 (mkConst ``Eq.refl [1]) (mkConst ``Nat) one\n"
        "  addDecl (.thmDecl { name := `same_sum, levelParams := [], type, value })\n"
    )
    attempt = checked(checker, solution, FALSE_STATEMENT)
    assert attempt.outcome not in (AttemptOutcome.VERIFIED, AttemptOutcome.NOT_RUN), attempt.reason


def test_a_proof_that_does_not_type_check_says_nothing_about_the_claim(checker: ProofChecker) -> None:
    attempt = checked(checker, "theorem same_sum (a b : Nat) : a + b = b + a := rfl\n")
    assert attempt.outcome is AttemptOutcome.ATTEMPT_FAILED
    assert "says nothing about the claim" in attempt.reason

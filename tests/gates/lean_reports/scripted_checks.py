"""A sandbox that runs nothing and answers from a script, and a whole honest set of answers, for tests of proofs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pipelines.gates.artifact import Artifact, ArtifactKind, ArtifactManifest
from pipelines.gates.attempt import Approval
from pipelines.gates.lean_environments import LeanTools, ToolList
from pipelines.gates.proof import ProofChecker, ProofRun, check_proof
from pipelines.gates.proof_verdict import ProofFloor
from pipelines.gates.seal import Ending, Job, Ran, Seal
from pipelines.models import Claim, ClaimKind, ClaimOrigin
from tests.gates.lean_reports.written_exports import COMMIT, LEAN, THEOREM, export
from tests.made_claims import claim_saying

HERE = Path(__file__).parent
CONSTANTS, RECORDS = 10, 7  # of the export: Nat with zero, succ and rec is one record
STATEMENT = b"def Claim.Same (n : Nat) : Prop := n = n\ntheorem Claim.same : forall n, Claim.Same n := sorry\n"
SOLUTION = b"def Claim.Same (n : Nat) : Prop := n = n\ntheorem Claim.same : forall n, Claim.Same n := fun _ => rfl\n"
APPROVAL = Approval(by="Ada Example", reason="Read against the claim.", recorded_at="2026-11-20T10:00:00Z")
ROOM = "claim-1"


def claim() -> Claim:
    return claim_saying(
        "Every number is the same as itself.", claim_id=ROOM, origin=ClaimOrigin.STATED, kind=ClaimKind.MATHEMATICAL
    )


def artifact(solution: bytes = SOLUTION, **changed: Any) -> Artifact:
    manifest = {
        "kind": ArtifactKind.LEAN,
        "claim": ROOM,
        "author": "A. Prover",
        "licence": "CC0-1.0",
        "entry": "Solution.lean",
        "runtime": "lean",
        "statement": "Challenge.lean",
        "theorems": (THEOREM,),
    }
    files = {"Solution.lean": solution, "Challenge.lean": STATEMENT, "artifact.toml": b"# as sent in\n"}
    return Artifact(manifest=ArtifactManifest(**{**manifest, **changed}), files=files)


def tool_list(**changed: Any) -> ToolList:
    def program(path: str, version: str = LEAN) -> dict[str, Any]:
        return {"path": f"lean/{path}", "version": version, "sha256": hashlib.sha256(path.encode()).hexdigest()}

    listed = {
        "format": 1,
        "authority": True,
        "tree": [{"path": "lean", "sha256": "0" * 64}],
        "environment": [
            {"name": "lean", "commit": COMMIT, "lean": program("bin/lean"), "exporter": program("bin/leanexport")}
        ],
        "comparator": {**program("bin/lake"), "lean": LEAN, "report": "json"},
        "kernel": [
            {**program("bin/leanchecker"), "name": "leanchecker", "implementation": "lean4", "lean": LEAN},
            {**program("bin/nanoda_bin", "0.4.1"), "name": "nanoda", "implementation": "nanoda", "lean": LEAN},
        ],
    }
    return ToolList.model_validate({**listed, **changed})


def stage(job: Job, steps: list[dict[str, Any]], report: str | None = None, made: bytes | None = None) -> Ran:
    """What the driver prints for a job, honestly: the files it read are those of the job."""
    plan = json.loads(job.files["plan.json"])
    head = {
        "steps": steps,
        "inputs": {name: hashlib.sha256(job.files[name]).hexdigest() for name in plan["inputs"]},
        "report": report,
        "export_bytes": None if made is None else len(made),
        "export_sha256": None if made is None else hashlib.sha256(made).hexdigest(),
    }
    printed = json.dumps(head).encode() + b"\n" + (made or b"")
    return Ran(ending=Ending.EXITED, exit_code=0, stdout=printed, wall_s=0.5, peak_memory_bytes=1 << 20)


def step(name: str, stdout: str = "", exit_code: int = 0, stderr: str = "") -> dict[str, Any]:
    said = {"stdout": stdout, "stderr": stderr, "cut": False}
    return {"name": name, "exit_code": exit_code, "seconds": 0.5, **said}


@dataclass(frozen=True)
class Answers:
    """What each program says; everything honest unless changed."""

    version: str = f"Lean (version {LEAN}, x86_64-unknown-linux-gnu, commit {COMMIT}, Release)\n"
    statement: bytes = field(default_factory=lambda: export(("sorryAx",)))
    solution: bytes = field(default_factory=export)
    build: tuple[int, str] = (0, "")  # of the solution: exit code and messages
    report: str | None = field(default_factory=lambda: (HERE / "comparator_accepts.json").read_text())
    comparator: tuple[int, str, str] = (0, "", "")
    leanchecker: tuple[int, str] = (0, "Lean default kernel accepts the solution\n")
    nanoda: tuple[int, str] = (0, f"Checked {CONSTANTS} declarations with no errors\n")
    endings: dict[str, Ending] = field(default_factory=dict)  # stages that the sandbox ends
    changed: dict[str, Callable[[bytes], bytes]] = field(default_factory=dict)  # what a stage printed, changed

    def having(self, **changed: Any) -> Answers:
        return replace(self, **changed)


def stage_name(job: Job) -> str:
    names = [one["name"] for one in json.loads(job.files["plan.json"])["steps"]]
    if names[0] != "build":
        return str(names[0])
    return "statement" if "Challenge.lean" in job.files else "solution"


class ScriptedSandbox:
    """Runs nothing. `authority` is True where a test wants to see VERIFIED reached or not reached."""

    def __init__(self, answers: Answers, *, authority: bool = True, level: int = 2) -> None:
        self.answers = answers
        self.authority = authority
        self.seal = Seal(profile="f" * 64, level=level, sandbox="scripted 1", cgroup=None, uid=65534)
        self.jobs: list[Job] = []

    def runtime(self, name: str) -> str:
        return name

    def run(self, job: Job) -> Ran:
        self.jobs.append(job)
        name = stage_name(job)
        if name in self.answers.endings:
            return Ran(ending=self.answers.endings[name], wall_s=1.0)
        ran = self._ran(name, job)
        change = self.answers.changed.get(name)
        return ran.model_copy(update={"stdout": change(ran.stdout)}) if change else ran

    def _ran(self, name: str, job: Job) -> Ran:
        answers = self.answers
        if name == "version":
            return stage(job, [step("version", answers.version)])
        if name == "statement":
            return stage(job, [step("build"), step("export")], made=answers.statement)
        if name == "solution" and answers.build[0]:
            return stage(job, [step("build", answers.build[1], answers.build[0])])
        if name == "solution":
            return stage(job, [step("build", answers.build[1]), step("export")], made=answers.solution)
        if name == "comparator":
            code, out, err = answers.comparator
            return stage(job, [step(name, out, code, err)], report=answers.report)
        code, out = answers.leanchecker if name == "kernel leanchecker" else answers.nanoda
        return stage(job, [step(name, out, code)])


def check(
    answers: Answers,
    *,
    sent_in: Artifact | None = None,
    approval: Approval | None = APPROVAL,
    listed: ToolList | None = None,
    sandbox: ScriptedSandbox | None = None,
    floor: ProofFloor | None = None,
) -> ProofRun:
    tools = LeanTools(Path("/prepared"), listed or tool_list(), "a" * 64)
    checker = ProofChecker(tools, sandbox or ScriptedSandbox(answers))
    return check_proof(sent_in or artifact(), claim(), approval, checker, floor)

"""A Lean proof, checked: the stages in their order, each sealed by itself, and what came of them.

Belongs here: which stage runs when, and the evidence. Does not belong here: what a stage sees (`lean_jobs`), what
its answer means (`proof_verdict`). First the approved statement and the hostile solution are built and exported,
each alone; then the comparator and every kernel look at the exports, with no file of the artifact and nothing
compiled from one in sight.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pipelines.gates import lean_jobs
from pipelines.gates.artifact import Artifact
from pipelines.gates.attempt import Approval, Attempt, AttemptStep
from pipelines.gates.comparator_report import read_comparator
from pipelines.gates.kernel_report import KernelVerdict, read_kernel
from pipelines.gates.lean_environments import (
    CheckerUnavailable,
    Environment,
    LeanTools,
    Program,
    lean_words,
    open_tools,
)
from pipelines.gates.lean_export import Export
from pipelines.gates.lean_export_records import read_export
from pipelines.gates.lean_jobs import CHALLENGE, SOLUTION, ProofLimits
from pipelines.gates.lean_output import Stage, Unreadable, ending_in_words, read_stage
from pipelines.gates.proof_source import NoQuestion, Question, question_of, source_hints
from pipelines.gates.proof_verdict import (
    Case,
    Comparison,
    Finding,
    KernelSaid,
    ProofFloor,
    Stopped,
    axioms_found,
    check_build,
    check_ending,
    check_origin,
    check_version,
    conclude,
    judge_comparison,
)
from pipelines.gates.sandbox import open_sandbox
from pipelines.gates.seal import Job, Sandbox, SandboxUnavailable
from pipelines.models import AttemptOutcome, Claim

__all__ = [
    "PROOF_VERSION",
    "CheckerUnavailable",
    "ProofChecker",
    "ProofFloor",
    "ProofRun",
    "check_proof",
    "lean_words",
    "open_checker",
]

PROOF_VERSION = "1"
MOST_LOG = 4_000  # characters of a log in the evidence


@dataclass(frozen=True)
class ProofChecker:
    """Verified tools, and what seals them."""

    tools: LeanTools
    sandbox: Sandbox
    limits: ProofLimits = field(default_factory=ProofLimits)

    @property
    def authority(self) -> bool:
        return self.tools.listed.authority and self.sandbox.authority

    @property
    def version(self) -> str:
        """What decides besides artifact and claim: tools, limits, sealing."""
        limits = hashlib.sha256(self.limits.model_dump_json().encode()).hexdigest()[:12]
        return f"tools {self.tools.sha256} limits {limits} seal {self.sandbox.seal.profile}"


@dataclass(frozen=True)
class ProofRun:
    """The attempt, and the export of the solution, compressed: what to keep so that it can be checked again."""

    attempt: Attempt
    export_gz: bytes | None = field(default=None, repr=False)


def open_checker(values: Mapping[str, str]) -> ProofChecker:
    """The checker that the settings name. Raises CheckerUnavailable or SandboxUnavailable, with a sentence."""
    tools = open_tools(values)
    return ProofChecker(tools, open_sandbox(values))


def check_proof(
    artifact: Artifact,
    claim: Claim,
    approval: Approval | None,
    checker: ProofChecker,
    floor: ProofFloor | None = None,
) -> ProofRun:
    """Check the proof. `approval` is a person's, for this very artifact; without one nothing is VERIFIED."""
    run = _Run(artifact, approval, checker, floor or ProofFloor())
    try:
        question = question_of(artifact, claim)
    except NoQuestion as problem:
        return run.done(Finding(AttemptOutcome.INVALID_CHECK, f"Nothing was run: {problem}."))
    environment = checker.tools.environment(question.environment)
    if environment is None:
        known = ", ".join(one.name for one in checker.tools.listed.environment)
        reason = f"The environment {question.environment} is not among those prepared here ({known})."
        return run.done(Finding(AttemptOutcome.NOT_RUN, reason))
    try:
        return run.done(run.checked(question, environment))
    except Stopped as stopped:
        return run.done(stopped.finding)
    except SandboxUnavailable as problem:
        return run.done(Finding(AttemptOutcome.NOT_RUN, str(problem)))
    except Unreadable as problem:
        reason = f"A report of the check cannot be relied on: {problem}. This says nothing about the claim."
        return run.done(Finding(AttemptOutcome.ATTEMPT_FAILED, reason))


@dataclass
class _Run:
    """One check while it runs: what has been done so far is evidence, however it ends."""

    artifact: Artifact
    approval: Approval | None
    checker: ProofChecker
    floor: ProofFloor
    question: Question | None = None
    environment: Environment | None = None
    export: bytes | None = None
    comparison: Comparison | None = None
    kernels: tuple[KernelSaid, ...] = ()
    steps: tuple[AttemptStep, ...] = ()
    figures: dict[str, Any] = field(default_factory=dict)

    def checked(self, question: Question, environment: Environment) -> Finding:
        """Raises Stopped or Unreadable."""
        self.question, self.environment = question, environment
        tools, limits = self.checker.tools, self.checker.limits
        check_version(self._stage("version", lean_jobs.version_job(tools, environment, limits)), environment)
        statement = self._export(
            "statement", lean_jobs.statement_job(tools, environment, question.statement, question.theorems, limits)
        )
        self.figures["statement_export_sha256"] = hashlib.sha256(statement).hexdigest()
        solution = self._export(
            "solution", lean_jobs.solution_job(tools, environment, question.solution, question.theorems, limits)
        )
        self.export = solution
        read = self._read("statement", statement), self._read("solution", solution)
        self.figures |= {"records": read[1].records, "constants": read[1].constants, "exporter": read[1].exporter}
        self.comparison = self._compared(question, environment, {CHALLENGE: statement, SOLUTION: solution}, read)
        finding = judge_comparison(self.comparison)
        if finding is not None:
            return finding
        for kernel in tools.listed.kernel:
            job = lean_jobs.kernel_job(tools, environment, kernel, solution, limits)
            stage = self._stage(f"kernel {kernel.name}", job)
            verdict = read_kernel(kernel.implementation, stage.last, read[1])
            self.kernels = (*self.kernels, KernelSaid(kernel, verdict))
        return conclude(self._case(environment), self.floor)

    def _stage(self, name: str, job: Job) -> Stage:
        ran = self.checker.sandbox.run(job)
        step = AttemptStep(
            name=name,
            ending=ending_in_words(ran),
            stdout_sha256=hashlib.sha256(ran.stdout).hexdigest(),
            wall_s=ran.wall_s,
            note=f"peak memory {ran.peak_memory_bytes:,} bytes" if ran.peak_memory_bytes is not None else "",
        )
        self.steps = (*self.steps, step)
        check_ending(name, ran)
        stage = read_stage(ran, lean_jobs.steps_of(job), lean_jobs.inputs_of(job), **lean_jobs.writes(job))
        self.figures.setdefault("logs", {})[name] = [
            {
                "step": one.name,
                "exit_code": one.exit_code,
                "seconds": one.seconds,
                "stdout": (one.stdout or "")[:MOST_LOG],
                "stderr": (one.stderr or "")[:MOST_LOG],
            }
            for one in stage.head.steps
        ]
        return stage

    def _export(self, what: str, job: Job) -> bytes:
        stage = self._stage(what, job)
        check_build(what, stage)
        return stage.export

    def _read(self, what: str, data: bytes) -> Export:
        assert self.environment is not None
        export = read_export(data)
        check_origin(what, export, self.environment)
        return export

    def _compared(
        self, question: Question, environment: Environment, exports: dict[str, bytes], read: tuple[Export, Export]
    ) -> Comparison:
        tools = self.checker.tools
        job = lean_jobs.comparator_job(tools, environment, exports, question.theorems, self.checker.limits)
        stage = self._stage("comparator", job)
        compared = read_comparator(tools.listed.comparator.report, stage.last, stage.head.report, question.theorems)
        return Comparison(question.theorems, read[0], read[1], compared)

    def _case(self, environment: Environment) -> Case:
        assert self.comparison is not None
        return Case(
            comparison=self.comparison,
            kernels=self.kernels,
            environment=environment,
            comparator=self.checker.tools.listed.comparator,
            author=self.artifact.manifest.author,
            approval=self.approval,
            authority=self.checker.authority,
            seal_level=self.checker.sandbox.seal.level,
        )

    def done(self, finding: Finding) -> ProofRun:
        seal, environment = self.checker.sandbox.seal, self.environment
        accepted = [said.kernel for said in self.kernels if said.verdict is KernelVerdict.ACCEPTED]
        attempt = Attempt(
            outcome=finding.outcome,
            reason=finding.reason,
            backend=f"proof-{PROOF_VERSION}",
            authority=self.checker.authority,
            steps=self.steps,
            faults=source_hints(self.question) if self.question else (),
            seal_level=seal.level,
            seal_profile=seal.profile,
            runtime=self._runtime(),
            checker_version=environment.lean.version if environment else None,
            kernels=tuple(f"{kernel.name} {kernel.version}" for kernel in accepted),
            axioms=self._axioms(),
            approved_by=self.approval.by if self.approval else None,
            evidence=self._evidence(),
        )
        return ProofRun(attempt, gzip.compress(self.export, mtime=0) if self.export is not None else None)

    def _axioms(self) -> tuple[str, ...]:
        """Empty, too, where the export cannot be followed to its end: then nothing is known of its axioms."""
        try:
            return axioms_found(self.comparison) if self.comparison else ()
        except Unreadable:
            return ()

    def _runtime(self) -> str | None:
        if self.environment is None:
            return None
        mathlib = f" Mathlib {self.environment.mathlib}" if self.environment.mathlib else ""
        return (
            f"{self.environment.name}: Lean {self.environment.lean.version} {self.environment.commit}{mathlib}"
            f" tools {self.checker.tools.sha256}"
        )

    def _evidence(self) -> dict[str, Any]:
        tools = self.checker.tools
        files = {"manifest": self.artifact.files.get("artifact.toml")}
        if self.question:
            files |= {"statement": self.question.statement, "solution": self.question.solution}
        files["export"] = self.export
        hashes = {
            f"{name}_sha256": hashlib.sha256(data).hexdigest() for name, data in files.items() if data is not None
        }
        evidence: dict[str, Any] = {
            "proof_version": PROOF_VERSION,
            **hashes,
            **self.figures,
            "theorems": list(self.artifact.manifest.theorems),
            "floor": self.floor.model_dump(),
            "tools_sha256": tools.sha256,
            "comparator": _program(tools.listed.comparator) | {"lean": tools.listed.comparator.lean},
            "kernels": [
                _program(kernel)
                | {"name": kernel.name, "implementation": kernel.implementation.value, "lean": kernel.lean}
                | {"verdict": next((one.verdict.value for one in self.kernels if one.kernel is kernel), None)}
                for kernel in tools.listed.kernel
            ],
            "seal": self.checker.sandbox.seal.model_dump(),
            "approval": self.approval.model_dump() if self.approval else None,
        }
        if self.environment:
            evidence["lean"] = _program(self.environment.lean) | {"commit": self.environment.commit}
            evidence["exporter_program"] = _program(self.environment.exporter)
        if self.comparison:
            evidence["compared"] = {"said": self.comparison.compared.said.value, "by": self.comparison.compared.detail}
        return evidence


def _program(program: Program) -> dict[str, Any]:
    return {"version": program.version, "sha256": program.sha256}

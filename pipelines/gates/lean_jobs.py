"""The sealed jobs of a proof check: which programs run, with which flags, on which files.

Belongs here: what a stage sees. The hostile file is in one job only (`solution_job`); the jobs that judge see
exports, never a source file and never anything compiled from one. Does not belong here: running, reading answers.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from pydantic import Field

from pipelines.gates.lean_environments import Environment, Implementation, Kernel, LeanTools, ReportForm, inside
from pipelines.gates.lean_export import ALLOWED_AXIOMS, shown
from pipelines.gates.seal import Job, Limits, Tool
from pipelines.models import Model

DRIVER = Path(__file__).with_name("lean_driver.py").read_bytes()
CHALLENGE, SOLUTION = "challenge.ndjson", "solution.ndjson"
AXIOMS = sorted(shown(name) for name in ALLOWED_AXIOMS)
# What a comparator asks an exporter for besides the theorems: constants that have a meaning of their own to a kernel.
EXPORTED = (
    *("Quot", "Quot.mk", "Quot.lift", "Quot.ind"),
    *("Nat.add", "Nat.sub", "Nat.mul", "Nat.pow", "Nat.gcd", "Nat.div", "Nat.mod", "Nat.beq", "Nat.ble"),
    *("Nat.land", "Nat.lor", "Nat.xor", "Nat.shiftLeft", "Nat.shiftRight"),
    *("String.ofList", "Char.ofNat", "List", "eagerReduce", "Nat", "String", "String.mk", "Char"),
    *("optParam", "autoParam", "semiOutParam", "outParam"),
)


class ProofLimits(Model):
    """Bounds of one stage."""

    wall_s: float = Field(default=1800.0, gt=0)
    cpu_s: int = Field(default=1800, gt=0)
    memory_bytes: int = Field(default=8 << 30, gt=0)
    export_bytes: int = Field(default=256 << 20, gt=0)

    def limits(self, *, output: int) -> Limits:
        return Limits(
            wall_s=self.wall_s,
            cpu_s=self.cpu_s,
            memory_bytes=self.memory_bytes,
            processes=64,
            output_bytes=output,
            file_bytes=2 * self.export_bytes,
            scratch_bytes=4 * self.export_bytes,
        )


def version_job(tools: LeanTools, environment: Environment, limits: ProofLimits) -> Job:
    """`lean --version`: that the pinned program is the one that the list says."""
    step = _step("version", [inside(environment.lean.path), "--version"], tools, environment)
    return _job(tools, [step], {}, limits)


def statement_job(
    tools: LeanTools, environment: Environment, statement: bytes, theorems: Sequence[str], limits: ProofLimits
) -> Job:
    """The approved statement, alone: it says `sorry` where the proof goes, so warnings are no errors."""
    return _source_job(tools, environment, ("Challenge", statement), theorems, limits, strict=False)


def solution_job(
    tools: LeanTools, environment: Environment, solution: bytes, theorems: Sequence[str], limits: ProofLimits
) -> Job:
    """The hostile file, alone."""
    return _source_job(tools, environment, ("Solution", solution), theorems, limits, strict=True)


def comparator_job(
    tools: LeanTools,
    environment: Environment,
    exports: dict[str, bytes],
    theorems: Sequence[str],
    limits: ProofLimits,
) -> Job:
    comparator = tools.listed.comparator
    config: dict[str, Any] = {
        "challenge_module": "Challenge",
        "solution_module": "Solution",
        "theorem_names": list(theorems),
        "permitted_axioms": AXIOMS,
    }
    report = "report.json" if comparator.report is ReportForm.JSON else None
    if report:
        config["json_output_path"] = report
        config["enable_nanoda"] = False
    argv = [inside(comparator.path), *comparator.arguments, "--config", "/job/comparator.json"]
    argv += ["--challenge-from-export", f"/job/{CHALLENGE}", "--solution-from-export", f"/job/{SOLUTION}"]
    argv += ["--inadvisably-no-sandbox"]  # its own sandbox cannot be opened inside ours, which is the stricter one
    step = _step("comparator", argv, tools, environment)
    files = {**exports, "comparator.json": json.dumps(config).encode()}
    return _job(tools, [step], files, limits, inputs=[CHALLENGE, SOLUTION], report=report)


def kernel_job(tools: LeanTools, environment: Environment, kernel: Kernel, solution: bytes, limits: ProofLimits) -> Job:
    config = {
        "export_file_path": f"/job/{SOLUTION}",
        "permitted_axioms": AXIOMS,
        "unpermitted_axiom_hard_error": True,
        "nat_extension": True,
        "string_extension": True,
        "num_threads": 1,
        "print_success_message": True,
    }
    options = {
        Implementation.LEAN4: ["--from-export", f"/job/{SOLUTION}"],
        Implementation.LEAN4LEAN: ["--import", f"/job/{SOLUTION}"],
        Implementation.NANODA: ["/job/nanoda.json"],
        Implementation.CON_LECHE: ["--verified", f"/job/{SOLUTION}"],
        Implementation.CON_RON: ["--verified", f"/job/{SOLUTION}"],
    }[kernel.implementation]
    step = _step(f"kernel {kernel.name}", [inside(kernel.path), *options], tools, environment)
    files = {SOLUTION: solution, "nanoda.json": json.dumps(config).encode()}
    return _job(tools, [step], files, limits, inputs=[SOLUTION])


def steps_of(job: Job) -> tuple[str, ...]:
    return tuple(step["name"] for step in json.loads(job.files["plan.json"])["steps"])


def writes(job: Job) -> dict[str, bool]:
    """Whether the job makes an export, and whether it makes a report."""
    plan = json.loads(job.files["plan.json"])
    return {"exports": plan["export"] is not None, "reports": plan["report"] is not None}


def inputs_of(job: Job) -> dict[str, str]:
    """The files that the driver must say it read, by sha256."""
    plan = json.loads(job.files["plan.json"])
    return {name: hashlib.sha256(job.files[name]).hexdigest() for name in plan["inputs"]}


def _source_job(
    tools: LeanTools,
    environment: Environment,
    module: tuple[str, bytes],
    theorems: Sequence[str],
    limits: ProofLimits,
    *,
    strict: bool,
) -> Job:
    name, source = module
    flags = ["--json", "-DautoImplicit=false", "-DmaxErrors=0", "--trust=0", "-Ddebug.skipKernelTC=false", "-j1"]
    if strict:  # a remark on style is no fault of a proof, so the linters rest
        flags += ["-DwarningAsError=true", "-Dlinter.all=false"]
    flags.append(f"-M{limits.memory_bytes >> 20}")
    build = [inside(environment.lean.path), *flags, "-o", f"{name}.olean", f"{name}.lean"]
    wanted = tools.listed.comparator.exports or EXPORTED
    export = [inside(environment.exporter.path), name, "--", *theorems, *AXIOMS, *wanted]
    steps = [
        {**_step("build", build, tools, environment), "copy": {f"{name}.lean": f"/job/{name}.lean"}},
        {**_step("export", export, tools, environment), "stdout": "export.ndjson"},
    ]
    return _job(tools, steps, {f"{name}.lean": source}, limits, inputs=[f"{name}.lean"], export="export.ndjson")


def _step(name: str, argv: list[str], tools: LeanTools, environment: Environment) -> dict[str, Any]:
    lean = inside(PurePosixPath(environment.lean.path).parent.as_posix())
    search = [*(inside(path) for path in tools.listed.comparator.search), lean]
    env = {
        "PATH": ":".join(search),
        "HOME": "/scratch",
        "TMPDIR": "/scratch",
        "LC_ALL": "C.UTF-8",
        "LEAN_PATH": ":".join([".", *(inside(path) for path in environment.libraries)]),
        "LEAN_ABORT_ON_PANIC": "1",
        "LEAN_NUM_THREADS": "1",
    }
    if tools.listed.shared:
        env["LD_LIBRARY_PATH"] = ":".join(inside(path) for path in tools.listed.shared)
    return {"name": name, "argv": argv, "env": env, "copy": {}, "stdout": None}


def _job(
    tools: LeanTools,
    steps: list[dict[str, Any]],
    files: dict[str, bytes],
    limits: ProofLimits,
    *,
    inputs: Sequence[str] = (),
    report: str | None = None,
    export: str | None = None,
) -> Job:
    plan = {"steps": steps, "inputs": list(inputs), "report": report, "export": export}
    room = (limits.export_bytes if export else 0) + (4 << 20)
    return Job(
        script="driver.py",
        files={**files, "driver.py": DRIVER, "plan.json": json.dumps(plan).encode()},
        tools=tuple(Tool(folder=str(tools.folder / tree.path), inside=inside(tree.path)) for tree in tools.listed.tree),
        limits=limits.limits(output=room),
    )

"""What follows from the reports of a proof check: a pure state machine, and the only place that says VERIFIED.

Belongs here: each stage's answer made into an outcome, and every condition of VERIFIED by name. Does not belong
here: running stages, reading bytes. A proof that fails says nothing about the claim; no proof ever makes REFUTED:
a proof of the negation is a proof of another statement, to be approved and checked as one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import Field

from pipelines.gates.attempt import Approval
from pipelines.gates.authorship import wrote
from pipelines.gates.comparator_report import Compared, Said
from pipelines.gates.kernel_report import KernelVerdict
from pipelines.gates.lean_environments import FAMILY, Comparator, Environment, Kernel
from pipelines.gates.lean_export import ALLOWED_AXIOMS, Export, Name, shown
from pipelines.gates.lean_output import Errors, Stage, Unreadable, ending_in_words
from pipelines.gates.lean_versions import LEAN_FLOOR, parse_lean_version, read_version_line, same_commit
from pipelines.gates.seal import Ending, Ran
from pipelines.models import AttemptOutcome, Model

_NOTHING_ABOUT = "This says nothing about the claim."


class ProofFloor(Model):
    """What a proof needs besides being accepted."""

    lean: str = Field(default=str(LEAN_FLOOR))
    kernels: int = Field(default=2, ge=2)  # families of kernels that accept
    seal_level: int = Field(default=1, ge=1)

    def reached_by(self, version: str) -> bool:
        asked, given = parse_lean_version(self.lean), parse_lean_version(version)
        return asked is not None and given is not None and not asked.before and given.reaches(asked)


@dataclass(frozen=True)
class Finding:
    outcome: AttemptOutcome
    reason: str


class Stopped(Exception):
    """A stage after which there is nothing left to do."""

    def __init__(self, outcome: AttemptOutcome, reason: str) -> None:
        super().__init__(reason)
        self.finding = Finding(outcome, reason)


@dataclass(frozen=True)
class KernelSaid:
    kernel: Kernel
    verdict: KernelVerdict


@dataclass(frozen=True)
class Comparison:
    """The two exports, and what the comparator said of them."""

    theorems: tuple[str, ...]
    statement: Export
    solution: Export
    compared: Compared


@dataclass(frozen=True)
class Case:
    """All that the verdict may look at."""

    comparison: Comparison
    kernels: tuple[KernelSaid, ...]
    environment: Environment
    comparator: Comparator
    author: str  # of the artifact
    approval: Approval | None
    authority: bool
    seal_level: int


# --- one stage ----------------------------------------------------------------------------------

_RESOURCES = {
    Ending.WALL_CLOCK: "took longer than it may",
    Ending.CPU_TIME: "took more processor time than it may",
    Ending.MEMORY: "took more memory than it may",
    Ending.OUTPUT: "wrote more than it may",
}
_KILLED = {-9: "was killed, most likely for its memory", -24: "took more processor time than it may"}


def check_ending(stage: str, ran: Ran) -> None:
    """Raises Stopped for a stage that the sandbox ended, or that did not begin."""
    if ran.ending is Ending.NOT_STARTED:
        raise Stopped(AttemptOutcome.NOT_RUN, f"The sandbox could not start the {stage}.")
    if ran.ending in _RESOURCES:
        raise Stopped(AttemptOutcome.INCONCLUSIVE, f"The {stage} {_RESOURCES[ran.ending]}. {_NOTHING_ABOUT}")
    if not ran.succeeded:
        how = ending_in_words(ran)
        raise Stopped(AttemptOutcome.ATTEMPT_FAILED, f"The {stage} broke off: {how}. {_NOTHING_ABOUT}")


def check_version(stage: Stage, environment: Environment) -> None:
    """Raises Stopped where the program is not the one that the list says."""
    step = stage.last
    if step.exit_code != 0:
        raise Stopped(AttemptOutcome.NOT_RUN, f"The pinned Lean does not run here: {(step.stderr or '')[:300].strip()}")
    found = None if step.cut else read_version_line(step.stdout or "")
    if found is None:
        raise Stopped(AttemptOutcome.NOT_RUN, "The pinned Lean does not say its version and commit.")
    if found[0] != environment.lean.version or not same_commit(found[1], environment.commit):
        raise Stopped(
            AttemptOutcome.NOT_RUN,
            f"The pinned Lean says that it is {found[0]} at {found[1]}, and not what lean-tools.toml says.",
        )


def check_build(what: str, stage: Stage) -> None:
    """Raises Stopped for a file that was not built or not exported."""
    step = stage.last
    if step.exit_code == 0:
        return
    if step.exit_code in _KILLED:
        raise Stopped(AttemptOutcome.INCONCLUSIVE, f"Lean {_KILLED[step.exit_code]} on the {what}. {_NOTHING_ABOUT}")
    if step.name == "export":
        said = (step.stderr or "").strip()[:300] or f"exit code {step.exit_code}"
        raise Stopped(
            AttemptOutcome.ATTEMPT_FAILED,
            f"The {what} was built, but not exported ({said}): it may lack a theorem that was asked for. "
            f"{_NOTHING_ABOUT}",
        )
    errors = Errors(step.stdout or "")
    if errors.holes and not errors.others:
        raise Stopped(
            AttemptOutcome.INVALID_CHECK,
            f"The {what} leaves a hole where a proof should be (`sorry`), so it proves nothing.",
        )
    first = errors.others[0] if errors.others else f"exit code {step.exit_code}"
    raise Stopped(AttemptOutcome.ATTEMPT_FAILED, f"The {what} does not type-check: {first}. {_NOTHING_ABOUT}")


def check_origin(what: str, export: Export, environment: Environment) -> None:
    """Raises Unreadable for an export that says another Lean made it."""
    if export.lean != environment.lean.version or not same_commit(export.commit, environment.commit):
        raise Unreadable(f"the export of the {what} says that Lean {export.lean[:40]} at {export.commit[:40]} made it")


# --- statement and axioms -----------------------------------------------------------------------


def judge_comparison(comparison: Comparison) -> Finding | None:
    """What the comparison alone decides; None: it is left to the kernels. Raises Unreadable."""
    compared = comparison.compared
    if compared.said is Said.CANNOT_RUN:
        return Finding(AttemptOutcome.NOT_RUN, f"The comparator does not run here: {compared.detail}")
    if compared.said is Said.OTHER_STATEMENT:
        return Finding(
            AttemptOutcome.INVALID_CHECK,
            f"What is proved is not the statement that was to be proved: {compared.detail}",
        )
    outside = _outside(comparison)
    if compared.said is Said.AXIOMS:
        if not outside:
            return _disagree(f"the comparator found an axiom that is not permitted ({compared.detail}), and we did not")
        named = ", ".join(sorted(shown(name) for name in outside)[:5])
        return Finding(AttemptOutcome.INVALID_CHECK, f"The proof rests on more than Lean's three axioms: {named}.")
    if outside:
        return _disagree(f"it rests on {shown(min(outside, key=shown))}, which the comparator let pass")
    for theorem in comparison.theorems:
        different = comparison.statement.differs_in(comparison.solution, theorem)
        if different:
            return _disagree(f"{different}, which the comparator let pass")
    return _other_axioms(comparison)


def axioms_found(comparison: Comparison) -> tuple[str, ...]:
    """Our own list, over all theorems asked for."""
    found = {name for theorem in comparison.theorems for name in comparison.solution.axioms_of(theorem)}
    return tuple(sorted(shown(name) for name in found))


def _outside(comparison: Comparison) -> set[Name]:
    found = {name for theorem in comparison.theorems for name in comparison.solution.axioms_of(theorem)}
    return found - ALLOWED_AXIOMS


def _other_axioms(comparison: Comparison) -> Finding | None:
    if comparison.compared.axioms is None:
        return None
    for theorem in comparison.theorems:
        ours = frozenset(shown(name) for name in comparison.solution.axioms_of(theorem))
        if comparison.compared.axioms.get(theorem) != ours:
            return _disagree(f"the comparator lists other axioms of {theorem} than we find in the export")
    return None


def _disagree(how: str) -> Finding:
    return Finding(AttemptOutcome.DISPUTED, f"Two readings of the same proof disagree: {how}. The export is kept.")


# --- kernels, and everything else ----------------------------------------------------------------


def conclude(case: Case, floor: ProofFloor) -> Finding:
    """The outcome. VERIFIED only when nothing is missing, each condition being asked for by name."""
    finding = judge_comparison(case.comparison) or _judge_kernels(case)
    if finding is not None:
        return finding
    missing = next(_missing(case, floor), None)
    if missing:
        return Finding(
            AttemptOutcome.INCONCLUSIVE, f"The proof was accepted, but {missing}. Until then it decides nothing."
        )
    kernels = " and ".join(said.kernel.name for said in case.kernels)
    by = case.approval.by if case.approval else ""
    return Finding(
        AttemptOutcome.VERIFIED,
        f"{', '.join(case.comparison.theorems)} is proved as stated; {kernels} accept the proof, which rests on "
        f"{', '.join(axioms_found(case.comparison)) or 'no axiom'}; {by} approved the statement.",
    )


def _judge_kernels(case: Case) -> Finding | None:
    said = {one.kernel.name: one.verdict for one in case.kernels}
    verdicts = set(said.values())
    if case.comparison.compared.said is Said.KERNEL:
        verdicts.add(KernelVerdict.REJECTED)
    elif case.comparison.compared.said is Said.ACCEPTED:
        verdicts.add(KernelVerdict.ACCEPTED)
    in_words = ", ".join(f"{name} {verdict}" for name, verdict in said.items())
    if {KernelVerdict.ACCEPTED, KernelVerdict.REJECTED} <= verdicts:
        by = f"comparator {case.comparison.compared.said}"
        return Finding(
            AttemptOutcome.DISPUTED,
            f"Kernels disagree about the same export ({by}; {in_words}), so neither counts. The export is kept.",
        )
    if KernelVerdict.REJECTED in verdicts:
        return Finding(AttemptOutcome.ATTEMPT_FAILED, f"No kernel accepts the proof ({in_words}). {_NOTHING_ABOUT}")
    if KernelVerdict.DECLINED in verdicts:
        return Finding(
            AttemptOutcome.INCONCLUSIVE, f"A kernel met something that it does not know ({in_words}). {_NOTHING_ABOUT}"
        )
    return None


def _missing(case: Case, floor: ProofFloor) -> Iterator[str]:
    """What is missing for VERIFIED, in words, the first first."""
    if case.comparison.compared.said is not Said.ACCEPTED:
        yield "the comparator did not accept it"
    accepted = [said.kernel for said in case.kernels if said.verdict is KernelVerdict.ACCEPTED]
    families = {FAMILY[kernel.implementation] for kernel in accepted}
    if len(families) < floor.kernels or len({kernel.sha256 for kernel in accepted}) < floor.kernels:
        yield f"{floor.kernels} kernels that were written apart must accept it"
    if not case.comparison.theorems or set(axioms_found(case.comparison)) - {shown(name) for name in ALLOWED_AXIOMS}:
        yield "it must prove something, from Lean's three axioms alone"
    versions = {"Lean": case.environment.lean.version, "the comparator's Lean": case.comparator.lean}
    versions |= {f"the Lean of kernel {kernel.name}": kernel.lean for kernel in accepted}
    for what, version in versions.items():
        if not floor.reached_by(version):
            yield f"{what} is {version}, below the floor of {floor.lean} (kernels before it accept false proofs)"
    if case.seal_level < floor.seal_level:
        yield f"it was sealed at level {case.seal_level}, and level {floor.seal_level} is asked for"
    if not case.authority:
        yield "what checked it is for trying things out and decides nothing"
    if case.approval is None or not case.approval.by.strip():
        yield "no named person has approved that its statement says what the claim says"
    elif wrote(case.approval.by, case.author):
        yield "it was approved by its own author, and another person must"

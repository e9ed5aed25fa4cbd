"""What a kernel printed about an export, as a verdict.

Belongs here: the form of answer of each kernel. Does not belong here: which kernels must agree (`proof_verdict`).
An exit code alone is no verdict: a kernel has accepted only if it says so in its own words, and says nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum

from pipelines.gates.lean_environments import Implementation
from pipelines.gates.lean_export import Export
from pipelines.gates.lean_output import Step, Unreadable


class KernelVerdict(StrEnum):
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DECLINED = "declined"  # it met something that it does not know


_DENIES = re.compile(r"reject|declin|fail|error|panic|uncaught|skip|unpermitted", re.IGNORECASE)
_NO_ERRORS = re.compile(r"Checked (\d{1,12}) declarations with no errors")
_COUNTED = re.compile(r"checked (\d{1,12}) declarations")


def read_kernel(implementation: Implementation, step: Step, export: Export) -> KernelVerdict:
    """Raises Unreadable for a crash, and for words and exit code that do not go together."""
    if step.cut or step.stdout is None or step.stderr is None:
        raise Unreadable("the kernel wrote more than it may, so its verdict is not known")
    accepts = _ACCEPTS[implementation]
    if step.exit_code == 0:
        if not accepts(step.stdout, export):
            raise Unreadable("the kernel ended well without saying that it accepts this export")
        return KernelVerdict.ACCEPTED
    if accepts(step.stdout, export):
        raise Unreadable(f"the kernel says that it accepts, and ended with exit code {step.exit_code}")
    verdict = _FAILED[implementation].get(step.exit_code)
    if verdict is None or (implementation is Implementation.LEAN4 and " rejects the solution" not in step.stdout):
        raise Unreadable(f"the kernel ended with exit code {step.exit_code}, which is no verdict")
    return verdict


def _lines(said: str) -> list[str]:
    return [line for line in said.splitlines() if line.strip()]


def _leanchecker(said: str, export: Export) -> bool:
    return _lines(said) == ["Lean default kernel accepts the solution"]


def _nanoda(said: str, export: Export) -> bool:
    """It counts constants; whether it does so for each of a group is not promised, so a span is asked for."""
    lines = _lines(said)
    match = _NO_ERRORS.fullmatch(lines[0]) if len(lines) == 1 else None
    return match is not None and export.records <= int(match[1]) <= export.constants


def _lean4lean(said: str, export: Export) -> bool:
    lines = _lines(said)
    match = _COUNTED.fullmatch(lines[-1]) if lines and not any(_DENIES.search(line) for line in lines) else None
    return match is not None and int(match[1]) > 0


def _con(name: str) -> Callable[[str, Export], bool]:
    """Both count the records of the export: fewer, and something was not checked."""
    accepted = re.compile(rf"{name}: accepted (\d{{1,12}}) declarations \(--verified\)")

    def accepts(said: str, export: Export) -> bool:
        lines = _lines(said)
        match = accepted.fullmatch(lines[-1]) if lines and not any(_DENIES.search(line) for line in lines) else None
        return match is not None and int(match[1]) == export.records

    return accepts


_ACCEPTS: Mapping[Implementation, Callable[[str, Export], bool]] = {
    Implementation.LEAN4: _leanchecker,
    Implementation.LEAN4LEAN: _lean4lean,
    Implementation.NANODA: _nanoda,
    Implementation.CON_LECHE: _con("con-leche"),
    Implementation.CON_RON: _con("con-ron"),
}
# What an exit code means. nanoda has one code for a rejection and for every other failure but the last.
_FAILED: Mapping[Implementation, Mapping[int, KernelVerdict]] = {
    Implementation.LEAN4: {1: KernelVerdict.REJECTED},
    Implementation.LEAN4LEAN: {1: KernelVerdict.REJECTED},
    Implementation.NANODA: {1: KernelVerdict.REJECTED, 101: KernelVerdict.REJECTED, 2: KernelVerdict.DECLINED},
    Implementation.CON_LECHE: {1: KernelVerdict.REJECTED, 2: KernelVerdict.DECLINED},
    Implementation.CON_RON: {1: KernelVerdict.REJECTED, 2: KernelVerdict.DECLINED},
}

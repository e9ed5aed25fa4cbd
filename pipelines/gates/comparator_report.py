"""What the comparator said of a solution: same statement, permitted axioms, accepted by Lean's own kernel.

Belongs here: its two forms of answer (lines as released, and the report of `json_output_path`) made into one.
Does not belong here: what follows from it (`proof_verdict`). An answer that does not hang together is Unreadable.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipelines.gates.lean_environments import ReportForm
from pipelines.gates.lean_export import ALLOWED_AXIOMS, shown
from pipelines.gates.lean_output import Step, Unreadable
from pipelines.ingestion.json_reading import JsonFault, parse_json

MOST_REPORT = 200_000  # characters
ALLOWED = frozenset(shown(name) for name in ALLOWED_AXIOMS)


class Said(StrEnum):
    ACCEPTED = "accepted"
    OTHER_STATEMENT = "other statement"
    AXIOMS = "axioms"
    KERNEL = "kernel"  # Lean's own kernel rejects the proof
    CANNOT_RUN = "cannot run"  # the comparator itself did not start


@dataclass(frozen=True)
class Compared:
    """`axioms`: of each theorem as the comparator found them; None where its answer does not list them."""

    said: Said
    detail: str
    axioms: dict[str, frozenset[str]] | None = None


class _Closed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class _Target(_Closed):
    target: str = Field(max_length=500)
    targetKind: str
    failureCategory: str | None
    failureMessage: str | None
    unpermittedAxioms: list[str] = Field(max_length=1000)
    transitiveAxioms: list[str] = Field(max_length=1000)


class _Report(_Closed):
    reports: list[_Target] = Field(max_length=100)
    kernelAccepted: bool | None
    kernelFailureMessage: str | None
    nanodaAccepted: bool | None
    nanodaFailureMessage: str | None


_CATEGORIES = {
    "comparison": Said.OTHER_STATEMENT,
    "signature": Said.OTHER_STATEMENT,
    "kind": Said.OTHER_STATEMENT,
    "dependency": Said.OTHER_STATEMENT,
    "notFound": Said.OTHER_STATEMENT,
    "not found": Said.OTHER_STATEMENT,
    "axioms": Said.AXIOMS,
}
# The sentences of a released comparator, each with what it means; the first that stands in the answer decides.
_SENTENCES: tuple[tuple[re.Pattern[str], Said], ...] = (
    (re.compile(r"Challenge and solution theorem statement do not match"), Said.OTHER_STATEMENT),
    (re.compile(r"Const does not match between challenge and target"), Said.OTHER_STATEMENT),
    (re.compile(r"Challenge and solution constant kind don't match"), Said.OTHER_STATEMENT),
    (re.compile(r"Solution constant is not a theorem"), Said.OTHER_STATEMENT),
    (re.compile(r"Const not found in (challenge|solution)"), Said.OTHER_STATEMENT),
    (re.compile(r"Illegal axiom detected"), Said.AXIOMS),
    (re.compile(r"kernel reject(s|ed) the solution|Quotient post-check rejects"), Said.KERNEL),
)
_OKAY = "Your solution is okay!"
_KERNEL_ACCEPTS = "Lean default kernel accepts the solution"


def read_comparator(form: ReportForm, step: Step, report: str | None, theorems: tuple[str, ...]) -> Compared:
    """Raises Unreadable. An exit code of 0 beside a rejection, or the other way round, is a lie and no answer."""
    if step.cut or step.stdout is None or step.stderr is None:
        raise Unreadable("the comparator wrote more than it may, so its answer is not known")
    if form is ReportForm.JSON:
        return _of_report(step, report, theorems)
    if report is not None:
        raise Unreadable("the comparator wrote a report that was not asked for")
    return _of_lines(step)


def _of_lines(step: Step) -> Compared:
    lines = [line.strip() for line in (step.stdout or "").splitlines() if line.strip()]
    both = f"{step.stdout}\n{step.stderr}"
    complaint = next(((said, match[0]) for how, said in _SENTENCES if (match := how.search(both))), None)
    okay = lines.count(_OKAY) == 1 and lines[-1] == _OKAY and _KERNEL_ACCEPTS in lines
    if step.exit_code == 0:
        if not okay or complaint:
            raise Unreadable("the comparator ended well without saying that the solution is in order")
        return Compared(Said.ACCEPTED, _OKAY)
    if okay:
        raise Unreadable(f"the comparator says that all is in order, and ended with exit code {step.exit_code}")
    if step.exit_code == 2 or step.exit_code == 127:
        return Compared(Said.CANNOT_RUN, _first_line(step.stderr or ""))
    if step.exit_code != 1 or complaint is None:
        raise Unreadable(f"the comparator ended with exit code {step.exit_code} and no reason that is known")
    return Compared(complaint[0], _first_line(both[both.index(complaint[1]) :]))


def _first_line(text: str) -> str:
    return next((line.strip()[:300] for line in text.splitlines() if line.strip()), "no reason given")


def _of_report(step: Step, report: str | None, theorems: tuple[str, ...]) -> Compared:
    if step.exit_code in (2, 127):
        return Compared(Said.CANNOT_RUN, _first_line(step.stderr or ""))
    read = _parsed(report)
    if [one.target for one in read.reports] != list(theorems) or {one.targetKind for one in read.reports} != {
        "theorem"
    }:
        raise Unreadable("the comparator's report is about other theorems than the ones that were asked for")
    for one in read.reports:
        _check_target(one)
    if read.nanodaAccepted is not None or read.nanodaFailureMessage is not None:
        raise Unreadable("the comparator's report has a verdict of a kernel that was not asked for")
    found = _found(read)
    if (found.said is Said.ACCEPTED) != (step.exit_code == 0) or step.exit_code not in (0, 1):
        raise Unreadable(f"the comparator's report says {found.said}, and its exit code is {step.exit_code}")
    return found


def _parsed(report: str | None) -> _Report:
    if report is None:
        raise Unreadable("the comparator wrote no report")
    if len(report) > MOST_REPORT:
        raise Unreadable(f"the comparator's report has more than {MOST_REPORT:,} characters")
    try:
        parse_json(report)  # pydantic would take the last of two equal keys
        return _Report.model_validate_json(report)
    except JsonFault as problem:
        raise Unreadable(f"the comparator's report is not JSON: {problem.reason}") from problem
    except ValidationError as problem:
        first = problem.errors()[0]
        raise Unreadable(f"the comparator's report: {first['loc']}: {first['msg']}") from problem


def _check_target(one: _Target) -> None:
    listed, outside = set(one.transitiveAxioms), set(one.unpermittedAxioms)
    if len(listed) != len(one.transitiveAxioms) or outside != listed - ALLOWED:
        raise Unreadable("the comparator's lists of axioms contradict each other")
    if (one.failureCategory is None) != (one.failureMessage is None):
        raise Unreadable("the comparator's report has a failure without a reason, or a reason without a failure")
    if one.failureCategory is None and outside:
        raise Unreadable("the comparator's report passes axioms that are not permitted")
    if one.failureCategory is not None and one.failureCategory not in _CATEGORIES:
        raise Unreadable(f"the comparator's report has a failure of an unknown kind: {one.failureCategory[:60]}")


def _found(read: _Report) -> Compared:
    axioms = {one.target: frozenset(one.transitiveAxioms) for one in read.reports}
    failed = [one for one in read.reports if one.failureCategory is not None]
    if failed and read.kernelAccepted:
        raise Unreadable("the comparator's report has an accepting kernel beside a failure that comes before it")
    if failed:
        one = failed[0]
        said = _CATEGORIES[one.failureCategory or ""]
        return Compared(said, f"{one.target}: {one.failureMessage}"[:300])
    if (read.kernelAccepted is True) != (read.kernelFailureMessage is None) or read.kernelAccepted is None:
        raise Unreadable("the comparator's report does not say whether the kernel accepts")
    if read.kernelAccepted:
        return Compared(Said.ACCEPTED, "statement, axioms and kernel", axioms)
    return Compared(Said.KERNEL, (read.kernelFailureMessage or "")[:300], axioms)

"""What a sealed stage of a proof check printed: the line of JSON of the driver, and Lean's messages.

Belongs here: reading it strictly; whatever is not as it must be is `Unreadable`. Does not belong here: what a
check makes of it (`proof_verdict`). Bytes of a stage that ran a hostile file are hostile, whole.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipelines.gates.seal import Ending, Ran
from pipelines.ingestion.json_reading import JsonFault, parse_json

MOST_HEAD = 4_000_000  # bytes of the line of JSON
MOST_MESSAGES = 2_000


class Unreadable(Exception):
    """A report that cannot be read, contradicts itself, or is not of what was asked; with a sentence."""


class _Closed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Step(_Closed):
    """One program that the driver ran."""

    name: str = Field(max_length=60)
    exit_code: int  # below 0: a signal
    seconds: float = Field(ge=0, allow_inf_nan=False)
    stdout: str | None
    stderr: str | None
    cut: bool


class Head(_Closed):
    """The line of JSON that the driver prints; every field must be there."""

    steps: tuple[Step, ...] = Field(max_length=10)
    inputs: dict[str, str]
    report: str | None
    export_bytes: int | None
    export_sha256: str | None


@dataclass(frozen=True)
class Stage:
    """A stage, read: `export` is what it exported, nothing else follows."""

    head: Head
    export: bytes

    @property
    def last(self) -> Step:
        return self.head.steps[-1]


class Errors:
    """What Lean's messages say went wrong with a build."""

    def __init__(self, said: str) -> None:
        self.holes = 0  # errors that say `sorry` and nothing else
        self.others: list[str] = []
        for line in said.splitlines()[:MOST_MESSAGES]:
            self._read(line)

    def _read(self, line: str) -> None:
        try:
            message = parse_json(line)
        except JsonFault:
            return  # a file may print what it likes while it is built
        if not isinstance(message, dict) or message.get("severity") != "error":
            return
        if message.get("kind") == "hasSorry":
            self.holes += 1
        else:
            self.others.append(str(message.get("data", ""))[:300])


def read_stage(
    ran: Ran, steps: tuple[str, ...], inputs: dict[str, str], *, exports: bool = False, reports: bool = False
) -> Stage:
    """The stage, if it is one with those steps on those inputs. Raises Unreadable.

    A stage stops at the first step that fails; only one whose steps all ended well has an export.
    """
    if ran.ending is not Ending.EXITED or ran.exit_code != 0:
        raise Unreadable(f"the stage itself did not end well: {ending_in_words(ran)}")
    line, newline, rest = ran.stdout.partition(b"\n")
    if not newline or len(line) > MOST_HEAD:
        raise Unreadable("the stage printed no complete first line")
    head = _head(line)
    names = tuple(step.name for step in head.steps)
    if not names or names != steps[: len(names)]:
        raise Unreadable("the stage reports steps that were not asked for")
    if any(step.exit_code != 0 for step in head.steps[:-1]):
        raise Unreadable("the stage went on after a step that failed")
    complete = names == steps and head.steps[-1].exit_code == 0
    if not complete and head.steps[-1].exit_code == 0:
        raise Unreadable("the stage stopped although nothing failed")
    if head.inputs != inputs:
        raise Unreadable("the stage read other files than the ones it was given")
    if head.report is not None and not reports:
        raise Unreadable("the stage has a report that was not asked for")
    _check_export(head, rest, expected=exports and complete)
    return Stage(head, rest)


def _head(line: bytes) -> Head:
    try:
        text = line.decode()
        parse_json(text)  # pydantic would take the last of two equal keys
        return Head.model_validate_json(text)
    except UnicodeDecodeError as problem:
        raise Unreadable("the first line is not UTF-8") from problem
    except JsonFault as problem:
        raise Unreadable(f"the first line is not JSON: {problem.reason}") from problem
    except ValidationError as problem:
        first: Any = problem.errors()[0]
        raise Unreadable(f"the first line is not what was asked for: {first['loc']}: {first['msg']}") from problem


def _check_export(head: Head, rest: bytes, *, expected: bool) -> None:
    if not expected:
        if rest or head.export_bytes is not None or head.export_sha256 is not None:
            raise Unreadable("the stage has an export that it cannot have")
        return
    if head.export_bytes != len(rest):
        raise Unreadable(
            f"the export has {len(rest):,} bytes, not the {head.export_bytes} it says: cut off or added to"
        )
    if head.export_sha256 != hashlib.sha256(rest).hexdigest():
        raise Unreadable("the export does not have the sha256 it says")


def ending_in_words(ran: Ran) -> str:
    if ran.ending is Ending.EXITED:
        return f"exit code {ran.exit_code}"
    if ran.ending is Ending.SIGNALLED:
        return f"signal {ran.signal}"
    return ran.ending.value

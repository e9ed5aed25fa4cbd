"""What it means to run something sealed: the job, its limits, how it ended, and what sealed it.

Belongs here: the contract between those who want something run (`reproduction`, `proof`) and the
sandbox that runs it (`sandbox`). Does not belong here: how the sealing is done.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from pydantic import Field

from pipelines.models import Model


class SandboxUnavailable(RuntimeError):
    """Nothing can be run sealed here, with a sentence that says why. Never a reason to run it unsealed."""


class Limits(Model):
    """Bounds of one run: seconds and bytes."""

    wall_s: float = Field(default=60.0, gt=0)
    cpu_s: int = Field(default=30, gt=0)
    memory_bytes: int = Field(default=1 << 30, gt=0)
    processes: int = Field(default=32, gt=0)
    output_bytes: int = Field(default=1 << 20, gt=0)  # of stdout and of stderr, each
    file_bytes: int = Field(default=64 << 20, gt=0)  # of one file
    scratch_bytes: int = Field(default=64 << 20, gt=0)  # of the only writable folder, and of shared memory


class Tool(Model):
    """A folder of this machine that a job sees read-only at `inside`, for instance a proof checker."""

    folder: str
    inside: str


class Job(Model):
    """One run. `files` lie read-only under /job; the working folder is /scratch, the only writable place.

    `command` is the argument list inside the sandbox; empty: the runtime's Python runs `script`.
    """

    runtime: str = "python"
    script: str = ""  # path within files
    command: tuple[str, ...] = ()
    files: dict[str, bytes] = Field(default_factory=dict, repr=False)
    tools: tuple[Tool, ...] = ()
    hash_seed: int = Field(default=0, ge=0, le=4294967295)
    scratch: str = Field(default="scratch", pattern=r"^[a-z0-9-]{1,32}$")  # name of the working folder: /NAME
    limits: Limits = Limits()


class Ending(StrEnum):
    EXITED = "exited"  # by itself, with an exit code
    SIGNALLED = "signalled"  # by a signal nobody here sent
    WALL_CLOCK = "wall clock"
    CPU_TIME = "cpu time"
    MEMORY = "memory"
    OUTPUT = "output"  # wrote more than it may
    NOT_STARTED = "not started"  # the sandbox itself failed: says nothing of the job


class Ran(Model):
    """What came of a job. `stdout` and `stderr` are hostile bytes, at most `output_bytes` each."""

    ending: Ending
    exit_code: int | None = None
    signal: int | None = None
    stdout: bytes = Field(default=b"", repr=False)
    stderr: bytes = Field(default=b"", repr=False)
    wall_s: float
    peak_memory_bytes: int | None = None

    @property
    def succeeded(self) -> bool:
        return self.ending is Ending.EXITED and self.exit_code == 0


class Seal(Model):
    """What seals the runs: part of the evidence, so that a run can be repeated or found wanting later."""

    profile: str  # sha256 over the arguments, limits and system-call filter
    level: int  # 1: namespaces, system-call filter, rlimits; 2: a cgroup bounds memory and processes besides
    sandbox: str  # program and version
    cgroup: str | None  # "v1", "v2"
    uid: int  # the user of this machine that runs the job, never 0


class Sandbox(Protocol):
    """Runs jobs sealed. `authority` is False for a double that tests use: it can never make VERIFIED."""

    seal: Seal
    authority: bool

    def runtime(self, name: str) -> str:
        """The id of a runtime: its name, version and the sha256 over its files. Raises SandboxUnavailable."""
        ...

    def run(self, job: Job) -> Ran: ...

"""Hostile scripts run in the real sandbox, under small limits, and what of this machine must stay as it was."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from pipelines.gates import control_groups
from pipelines.gates.sandbox import SealedSandbox
from pipelines.gates.sandbox_user import is_dead
from pipelines.gates.seal import Job, Limits, Ran

_OWN_GROUP = f"claimgate-{os.getpid()}-"
SMALL = Limits(
    wall_s=5,
    cpu_s=2,
    memory_bytes=192 << 20,
    processes=16,
    output_bytes=64 << 10,
    file_bytes=8 << 20,
    scratch_bytes=16 << 20,
)
# Every hostile script begins with this: what was tried, and the name of the error that stopped it.
PRELUDE = """
import ctypes, errno, os, socket, sys
libc = ctypes.CDLL(None, use_errno=True)
def tried(name, action):
    try:
        print(name, "DONE", action(), flush=True)
    except OSError as problem:
        print(name, errno.errorcode.get(problem.errno, str(problem)), flush=True)
def call(*arguments):
    if (answer := libc.syscall(*arguments)) < 0:
        raise OSError(ctypes.get_errno(), "")
    return answer
def write(path):
    with open(path, "w") as file:
        file.write("x")
"""


def attack(sandbox: SealedSandbox, script: str, limits: Limits = SMALL, files: dict[str, bytes] | None = None) -> Ran:
    return sandbox.run(
        Job(script="attack.py", files={"attack.py": (PRELUDE + script).encode(), **(files or {})}, limits=limits)
    )


def lines(ran: Ran) -> list[str]:
    return ran.stdout.decode(errors="replace").splitlines()


@dataclass(frozen=True)
class Outside:
    """What an escape would change on this machine."""

    core_pattern: str
    hostname: str
    passwords: tuple[int, int]
    root: tuple[str, ...]

    @classmethod
    def now(cls) -> Outside:
        status = os.stat("/etc/passwd")
        return cls(
            core_pattern=Path("/proc/sys/kernel/core_pattern").read_text(),
            hostname=os.uname().nodename,
            passwords=(status.st_size, status.st_mtime_ns),
            root=tuple(sorted(os.listdir("/"))),
        )


def left_over(sandbox: SealedSandbox) -> list[str]:
    """Processes, groups and folders of ours that a run left behind."""
    return [*_processes(sandbox), *_groups(), *_folders(sandbox)]


def _processes(sandbox: SealedSandbox) -> list[str]:
    """Of the user that only this test process runs jobs as; where we are not root, those of another pid namespace."""
    if os.geteuid() == 0:
        return [str(process) for process in _running() if _user(process) == sandbox.seal.uid]
    ours = os.readlink("/proc/self/ns/pid")
    return [str(process) for process in _running() if _parent_is_us(process) and _namespace(process) != ours]


def _running() -> list[Path]:
    return [one for one in Path("/proc").iterdir() if one.name.isdigit()]


def _user(process: Path) -> int | None:
    """None for one that is gone, or waits for the machine's first process to notice that it ended."""
    try:
        return None if is_dead(process) else process.stat().st_uid
    except OSError:
        return None


def _parent_is_us(process: Path) -> bool:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[1]) == os.getpid()
    except OSError:
        return False


def _namespace(process: Path) -> str:
    try:
        return os.readlink(process / "ns" / "pid")
    except OSError:
        return ""


def _groups() -> list[str]:
    groups = control_groups.find()
    parents = set(groups.parents.values()) if groups else set()
    return [f"{parent}/{one}" for parent in parents for one in os.listdir(parent) if one.startswith(_OWN_GROUP)]


def _folders(sandbox: SealedSandbox) -> list[str]:
    return [str(one) for one in sandbox.folders.jobs.glob(f"{os.getpid()}-*")]


def users_of_own_jobs() -> set[int]:
    """The users, as this machine sees them, of the processes that wait in the folders of our jobs."""
    found = set()
    for process in _running():
        try:
            inside = f"/jobs/{os.getpid()}-" in (process / "mountinfo").read_text()
            user = _user(process)
        except OSError:
            continue
        if inside and user is not None:
            found.add(user)
    return found

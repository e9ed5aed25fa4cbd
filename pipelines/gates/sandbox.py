"""The sealed sandbox: what a job sees, and the proof at opening that it sees no more.

Belongs here: opening, the self-test, the layout inside. Does not belong here: running the process
(`bubblewrap`), bounding its tree (`control_groups`), the copy of Python (`sealed_runtime`), the words for
people whose machine lacks something (`sandbox_doctor`). There is no way to run anything unsealed.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path, PurePosixPath

from pipelines.gates import control_groups
from pipelines.gates.bubblewrap import Sealing, rlimits, run_sealed
from pipelines.gates.sandbox_doctor import facts_of_this_machine, hint, unavailable
from pipelines.gates.sandbox_folders import Folders, checked_path, first_closed, folders_for
from pipelines.gates.sandbox_self_test import SELF_TEST, failed_probes
from pipelines.gates.sandbox_user import user_for_jobs
from pipelines.gates.seal import Job, Limits, Ran, SandboxUnavailable, Seal, Tool
from pipelines.gates.sealed_runtime import INSIDE, LIBRARIES, sealed_runtime
from pipelines.gates.seccomp_filter import ARCHITECTURES, program

_NOBODY = "65534"  # the user and group that a job sees itself as
_KEPT = frozenset({"dev", "job", "lib", "lib64", "proc", "runtime"})  # at the root, and not a job's to name
_EPOCH = "315532800"  # 1980, the first year that zip files know
_SELF_TEST_LIMITS = Limits(wall_s=30, cpu_s=10, memory_bytes=256 << 20, scratch_bytes=1 << 20)


def open_sandbox(values: Mapping[str, str]) -> SealedSandbox:
    """The sandbox of this machine, tested. Raises SandboxUnavailable with one sentence."""
    return _opened(values.get("CLAIMGATE_SANDBOX_UID", ""), values.get("CLAIMGATE_SANDBOX_RUNTIMES", ""))


@lru_cache
def _opened(uid: str, runtimes: str) -> SealedSandbox:
    facts = facts_of_this_machine()
    if lacking := unavailable(facts):
        raise SandboxUnavailable(lacking)
    user = user_for_jobs(uid)
    groups = control_groups.find()
    if groups:
        groups.sweep()
    sealing = Sealing(facts.bubblewrap, program(ARCHITECTURES[facts.machine]), user, groups)
    sandbox = SealedSandbox(sealing, folders_for(runtimes, user), facts.version)
    failure = sandbox.failure()
    if failure:
        raise SandboxUnavailable(f"The sandbox failed its own test: {failure}. {hint(facts)}".rstrip())
    return sandbox


class SealedSandbox:
    """Runs jobs sealed; see `Sandbox`. Use `open_sandbox`, which tests it first."""

    authority = True

    def __init__(self, sealing: Sealing, folders: Folders, version: str) -> None:
        self.sealing = sealing
        self.folders = folders
        self.seal = Seal(
            profile=_profile(sealing),
            level=2 if sealing.groups else 1,
            sandbox=f"bubblewrap {version}",
            cgroup=sealing.groups.version if sealing.groups else None,
            uid=os.geteuid() if sealing.uid is None else sealing.uid,
        )

    def runtime(self, name: str) -> str:
        return sealed_runtime(name, self.folders.runtimes).id

    def run(self, job: Job) -> Ran:
        """Raises ValueError for a job that is none, SandboxUnavailable for what this machine cannot give it."""
        _check(job)
        runtime = sealed_runtime(job.runtime, self.folders.runtimes)
        for tool in job.tools:
            self._check_reachable(tool)
        command = job.command or (runtime.python, "-P", "-s", "-B", f"/job/{job.script}")
        with self.folders.job(job.files) as folder:
            return run_sealed(self.sealing, _arguments(job, runtime.folder, folder), command, job.limits)

    def failure(self) -> str:
        """What is wrong with the sandbox as seen from within, in words; empty: nothing."""
        job = Job(script="test.py", files={"test.py": SELF_TEST.encode()}, limits=_SELF_TEST_LIMITS)
        ran = self.run(job)
        if not ran.succeeded:
            said = ran.stderr[-300:].decode(errors="replace").strip()
            return f"{ran.ending}, exit code {ran.exit_code}, signal {ran.signal}: {said or 'no word'}"
        size = _SELF_TEST_LIMITS.scratch_bytes
        dropped = self.sealing.uid is not None
        wrong = failed_probes(ran.stdout, scratch=job.scratch, shared_memory=size, dropped=dropped)
        return f"not as it must be inside: {', '.join(wrong)}" if wrong else ""

    def _check_reachable(self, tool: Tool) -> None:
        folder = Path(tool.folder)
        if not folder.is_absolute() or not folder.is_dir():
            raise SandboxUnavailable(f"The folder {tool.folder} that a job needs is not there.")
        closed = first_closed(folder, self.sealing.uid)
        if closed:
            raise SandboxUnavailable(
                f"User {self.seal.uid}, who runs artifacts, cannot enter {closed}, "
                f"so the folder {tool.folder} that a job needs cannot be used."
            )


def _check(job: Job) -> None:
    """Raises ValueError."""
    if bool(job.script) == bool(job.command):
        raise ValueError("a job has either a script or a command")
    if job.script and checked_path(job.script).as_posix() not in job.files:
        raise ValueError(f"the script {job.script[:80]!r} is not among the files of the job")
    if job.scratch in _KEPT:
        raise ValueError(f"the working folder cannot be called {job.scratch}")
    if any("\0" in word for word in job.command):
        raise ValueError("a command holds no NUL")
    for tool in job.tools:
        inside = PurePosixPath(tool.inside)
        top = inside.parts[1:2]
        if not inside.is_absolute() or ".." in inside.parts or "\0" in tool.inside + tool.folder or not top:
            raise ValueError(f"{tool.inside[:80]!r} is no place for a tool")
        if top[0] in _KEPT | {job.scratch}:
            raise ValueError(f"a tool cannot lie at {tool.inside[:80]}")


def _arguments(job: Job, runtime: Path, files: Path) -> list[str]:
    scratch, size = f"/{job.scratch}", str(job.limits.scratch_bytes)
    layout = [
        *("--ro-bind", str(runtime), INSIDE),
        *("--symlink", f"runtime/{LIBRARIES}", "/lib"),
        *("--symlink", f"runtime/{LIBRARIES}", "/lib64"),
        *("--proc", "/proc", "--ro-bind", "/proc/sys", "/proc/sys"),
        *("--dev", "/dev", "--size", size, "--tmpfs", "/dev/shm", "--remount-ro", "/dev"),  # noqa: S108  inside
        *("--size", size, "--tmpfs", scratch),
        *("--ro-bind", str(files), "/job"),
        *(word for tool in job.tools for word in ("--ro-bind", str(Path(tool.folder).resolve()), tool.inside)),
        *("--remount-ro", "/", "--chdir", scratch),
    ]
    environment = [
        word for name, value in _environment(scratch, job.hash_seed).items() for word in ("--setenv", name, value)
    ]
    return [
        *("--unshare-all", "--unshare-user", "--disable-userns", "--uid", _NOBODY, "--gid", _NOBODY),
        *("--cap-drop", "ALL", "--die-with-parent", "--new-session", "--clearenv", "--hostname", "sandbox"),
        *layout,
        *environment,
    ]


def _environment(scratch: str, hash_seed: int) -> dict[str, str]:
    """All that a job finds. Python reads PYTHONHASHSEED, which `-I` would make it ignore: hence `-P -s`."""
    return {
        "PATH": f"{INSIDE}/bin",
        "HOME": scratch,
        "TMPDIR": scratch,
        "TZ": "UTC",
        "LC_ALL": "C.UTF-8",
        "PYTHONHASHSEED": str(hash_seed),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "SOURCE_DATE_EPOCH": _EPOCH,
    }


def _profile(sealing: Sealing) -> str:
    """What seals every run, as one hash; paths, and the numbers that a job chooses, are not part of it."""
    limits = Limits()
    described = {
        "arguments": _arguments(Job(limits=limits), Path("/runtime"), Path("/job")),
        "rlimits": sorted(rlimits(limits, grouped=sealing.groups is not None).items()),
        "cgroup": sorted(sealing.groups.parents) if sealing.groups else None,
        "processor share": control_groups.PROCESSOR_SHARE,
        "filter": hashlib.sha256(sealing.filter).hexdigest(),
        "dropped": sealing.uid is not None,
    }
    return hashlib.sha256(json.dumps(described, sort_keys=True).encode()).hexdigest()

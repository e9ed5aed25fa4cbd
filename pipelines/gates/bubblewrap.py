"""One run under bubblewrap: start it, read what it writes, end it, say how it ended.

Belongs here: the process, its pipes, limits and signals. Does not belong here: what the job sees
(`sandbox`), the groups themselves (`control_groups`). `seal_launcher` sets the bounds before bubblewrap
begins, so that whatever is killed, and when, nothing runs without them.
"""

from __future__ import annotations

import json
import os
import resource
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path

from pipelines.gates.control_groups import OWN_PROCESSES, ControlGroup, ControlGroups
from pipelines.gates.seal import Ending, Limits, Ran

OPEN_FILES = 256
LAUNCHER = Path(__file__).with_name("seal_launcher.py")
_START_S = 20.0
_LOOK_S = 0.1  # how often processor time of the whole tree is looked at
_READ = 1 << 16


class _NotStarted(Exception):
    """The sandbox failed before the job began."""


@dataclass(frozen=True)
class Sealing:
    """What is the same for every run: the program, its filter, the user it drops to, where groups are made."""

    program: str
    filter: bytes
    uid: int | None  # None: the user we are
    groups: ControlGroups | None


@dataclass
class _Watched:
    """A started job: the first process of its namespace, whose death is the death of all in it."""

    pidfd: int
    group: ControlGroup | None
    limits: Limits
    stopped: Ending | None = None
    written: dict[str, bytearray] = field(default_factory=lambda: {"stdout": bytearray(), "stderr": bytearray()})

    def stop(self, why: Ending) -> None:
        if self.stopped is None:
            self.stopped = why
        self.kill()

    def kill(self) -> None:
        try:
            signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)
        except ProcessLookupError:
            return

    def cpu_seconds(self) -> float:
        return (self.group.cpu_seconds() if self.group else None) or 0.0


def rlimits(limits: Limits, *, grouped: bool, running: int = 0) -> dict[int, tuple[int, int]]:
    """Bounds of each single process; memory and processes only where no cgroup bounds all together.

    `running`: how many threads the user has already; the kernel counts them all.
    """
    bounds = {
        resource.RLIMIT_CPU: (limits.cpu_s, limits.cpu_s + 1),
        resource.RLIMIT_FSIZE: (limits.file_bytes, limits.file_bytes),
        resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_NOFILE: (OPEN_FILES, OPEN_FILES),
        resource.RLIMIT_MSGQUEUE: (0, 0),
        resource.RLIMIT_MEMLOCK: (0, 0),
    }
    if grouped:
        return bounds
    most = limits.processes + OWN_PROCESSES + running
    return {
        **bounds,
        resource.RLIMIT_AS: (limits.memory_bytes, limits.memory_bytes),
        resource.RLIMIT_NPROC: (most, most),
    }


def run_sealed(sealing: Sealing, arguments: Sequence[str], command: Sequence[str], limits: Limits) -> Ran:
    """Run `command` in the sandbox that `arguments` describe. Raises OSError if something of it stays behind."""
    began = time.monotonic()
    try:
        with ExitStack() as ends:
            group = sealing.groups.make(limits) if sealing.groups else None
            if group:
                ends.callback(_end_group, group)
            return _run(sealing, arguments, command, limits, group, ends)
    except (_NotStarted, subprocess.SubprocessError) as problem:
        words = str(problem).encode()[: limits.output_bytes]
        return Ran(ending=Ending.NOT_STARTED, stderr=words, wall_s=time.monotonic() - began)


def _run(
    sealing: Sealing,
    arguments: Sequence[str],
    command: Sequence[str],
    limits: Limits,
    group: ControlGroup | None,
    ends: ExitStack,
) -> Ran:
    status, status_inside = _pipe(ends)
    waits_inside, may_begin = _pipe(ends)
    given = (
        _in_memory(b"\0".join(one.encode() for one in arguments) + b"\0", ends),
        _in_memory(sealing.filter, ends),
        status_inside.fileno(),
        waits_inside.fileno(),
    )
    options = zip(("--args", "--seccomp", "--json-status-fd", "--block-fd"), map(str, given), strict=True)
    process = _start(
        [*_launch(sealing, limits, group), *(word for option in options for word in option), "--", *command], given
    )
    ends.callback(_end_process, process)
    status_inside.close()
    watched = _watched(process, status, group, limits, ends)
    may_begin.write(b"1")  # not before it is watched: on a busy machine a short job would be over by then
    began = time.monotonic()
    _watch(process, watched, began + limits.wall_s)
    wall_s = time.monotonic() - began
    return _ran(watched, _exit_code(status), wall_s)


def _launch(sealing: Sealing, limits: Limits, group: ControlGroup | None) -> list[str]:
    user = os.geteuid() if sealing.uid is None else sealing.uid
    bounds = rlimits(limits, grouped=group is not None, running=0 if group else _threads_of(user))
    return [
        *(sys.executable, "-I", "-S", str(LAUNCHER)),
        "" if sealing.uid is None else str(sealing.uid),
        ":".join(str(folder / "cgroup.procs") for folder in group.unique()) if group else "",
        ",".join(f"{kind}:{soft}:{hard}" for kind, (soft, hard) in bounds.items()),
        sealing.program,
    ]


def _threads_of(user: int) -> int:
    """How many threads run as `user` on this machine."""
    count = 0
    for process in Path("/proc").iterdir():
        try:
            if process.name.isdigit() and process.stat().st_uid == user:
                count += len(os.listdir(process / "task"))
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
    return count


def _watched(
    process: subprocess.Popen[bytes], status: FileIO, group: ControlGroup | None, limits: Limits, ends: ExitStack
) -> _Watched:
    """The first process of the namespace. Its number is only believed while it is bubblewrap's child."""
    child = _first_line(status).get("child-pid")
    try:
        if not isinstance(child, int):
            raise _NotStarted(_complaint(process) or "bubblewrap ended before it said what it started")
        pidfd = os.pidfd_open(child)
        ends.callback(os.close, pidfd)
        if _parent(child) != process.pid:
            raise ProcessLookupError
    except (FileNotFoundError, ProcessLookupError) as problem:
        raise _NotStarted(_complaint(process) or "bubblewrap's child ended before it began") from problem
    watched = _Watched(pidfd, group, limits)
    ends.callback(watched.kill)
    return watched


def _start(command: list[str], descriptors: tuple[int, ...]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(  # noqa: S603  our own launcher
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=descriptors,
            env={},
            cwd="/",
            start_new_session=True,
        )
    except OSError as problem:
        raise _NotStarted(f"bubblewrap could not be started: {problem}") from problem


def _watch(process: subprocess.Popen[bytes], watched: _Watched, deadline: float) -> None:
    """Read until the whole namespace is dead and both pipes are empty."""
    with selectors.DefaultSelector() as selector:
        for name, pipe in (("stdout", process.stdout), ("stderr", process.stderr)):
            assert pipe is not None, "both were asked for"
            selector.register(pipe, selectors.EVENT_READ, name)
        selector.register(watched.pidfd, selectors.EVENT_READ, "ended")
        while selector.get_map():
            for key, _ in selector.select(max(0.0, min(_LOOK_S, deadline - time.monotonic()))):
                if key.data == "ended" or not _read(key.fd, key.data, watched):
                    selector.unregister(key.fileobj)
            _look(watched, deadline)


def _read(descriptor: int, name: str, watched: _Watched) -> bool:
    data = os.read(descriptor, _READ)
    written = watched.written[name]
    room = watched.limits.output_bytes - len(written)
    written += data[:room]
    if len(data) > room:
        watched.stop(Ending.OUTPUT)
    return bool(data)


def _look(watched: _Watched, deadline: float) -> None:
    if time.monotonic() >= deadline:
        watched.stop(Ending.WALL_CLOCK)
    elif watched.cpu_seconds() > watched.limits.cpu_s:
        watched.stop(Ending.CPU_TIME)


def _ran(watched: _Watched, code: int | None, wall_s: float) -> Ran:
    ending, exit_code, signalled = _ending(watched, code)
    return Ran(
        ending=ending,
        exit_code=exit_code,
        signal=signalled,
        stdout=bytes(watched.written["stdout"]),
        stderr=bytes(watched.written["stderr"]),
        wall_s=wall_s,
        peak_memory_bytes=watched.group.peak_memory() if watched.group else None,
    )


def _ending(watched: _Watched, code: int | None) -> tuple[Ending, int | None, int | None]:
    if watched.stopped:
        return watched.stopped, None, signal.SIGKILL
    if watched.group and watched.group.memory_kills():
        return Ending.MEMORY, None, signal.SIGKILL
    if code is None:  # bubblewrap says no code unless the command began
        return Ending.NOT_STARTED, None, None
    if not 128 < code <= 128 + signal.SIGRTMAX:  # as shells do, bubblewrap says 128 + n of signal n
        return Ending.EXITED, code, None
    out_of_time = code == 128 + signal.SIGXCPU or (
        code == 128 + signal.SIGKILL and watched.cpu_seconds() >= watched.limits.cpu_s
    )
    return (Ending.CPU_TIME if out_of_time else Ending.SIGNALLED), None, code - 128


# --- small parts --------------------------------------------------------------------------------


def _pipe(ends: ExitStack) -> tuple[FileIO, FileIO]:
    reading, writing = os.pipe()
    return ends.enter_context(FileIO(reading, "r")), ends.enter_context(FileIO(writing, "w"))


def _in_memory(data: bytes, ends: ExitStack) -> int:
    descriptor = os.memfd_create("claimgate")
    ends.callback(os.close, descriptor)
    os.write(descriptor, data)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def _first_line(status: FileIO) -> dict[str, object]:
    deadline, line = time.monotonic() + _START_S, b""
    with selectors.DefaultSelector() as selector:
        selector.register(status, selectors.EVENT_READ)
        while not line.endswith(b"\n") and selector.select(max(0.0, deadline - time.monotonic())):
            data = status.read(1)
            if not data:
                break
            line += data
    return _document(line)


def _exit_code(status: FileIO) -> int | None:
    """From bubblewrap's last line; the process is gone, so this ends."""
    lines = status.readall().splitlines()
    code = _document(lines[-1]).get("exit-code") if lines else None
    return code if isinstance(code, int) else None


def _document(line: bytes) -> dict[str, object]:
    try:
        document = json.loads(line)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _parent(process: int) -> int:
    # The second field after the name, which stands in brackets and may hold anything.
    return int(Path(f"/proc/{process}/stat").read_text(errors="replace").rpartition(")")[2].split()[1])


def _complaint(process: subprocess.Popen[bytes]) -> str:
    """What the launcher or bubblewrap said when it gave up."""
    _kill_all(process)
    _, said = process.communicate()
    return said[-2000:].decode(errors="replace").strip()


def _end_process(process: subprocess.Popen[bytes]) -> None:
    _kill_all(process)
    process.wait()
    for pipe in (process.stdout, process.stderr):
        if pipe:
            pipe.close()


def _kill_all(process: subprocess.Popen[bytes]) -> None:
    """bubblewrap, and its child while that has not yet begun a session of its own."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)


def _end_group(group: ControlGroup) -> None:
    if not group.end():
        raise OSError(f"processes of a sealed run could not be ended: {sorted(group.processes())}")

"""The cgroup of one sealed run: memory, processes and processor time of the whole tree, v1 and v2.

Belongs here: where a group can be made, its limits, its counters, its end. Does not belong here: limits of
one process (`bubblewrap`). A group is made below our own, so that bounds set on us still hold; where none
can be made, `find` says None and the run has fewer bounds, never wrong ones.
"""

from __future__ import annotations

import itertools
import os
import re
import signal
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.gates.seal import Limits

PROCESSOR_SHARE = 1.0  # of one core
OWN_PROCESSES = 2  # bubblewrap, and the first process of its namespace
_PERIOD_US = 100_000
_PREFIX = "claimgate-"
_COUNT = itertools.count()
_V1 = ("memory", "pids", "cpu", "cpuacct")


@dataclass(frozen=True)
class ControlGroups:
    """Where groups can be made. `parents`: folder by controller; v2 has one, by the name ""."""

    version: str  # "v1", "v2"
    parents: Mapping[str, Path]

    def make(self, limits: Limits) -> ControlGroup:
        """Raises OSError when the group cannot be made or bounded; nothing stays behind then."""
        name = f"{_PREFIX}{os.getpid()}-{next(_COUNT)}"
        group = ControlGroup({controller: parent / name for controller, parent in self.parents.items()})
        try:
            for folder in group.unique():
                folder.mkdir()
            _bound_v2(group.folders[""], limits) if self.version == "v2" else _bound_v1(group.folders, limits)
        except OSError:
            group.end()
            raise
        return group

    def sweep(self) -> None:
        """End the groups of processes that were killed before they could."""
        for parent in set(self.parents.values()):
            for folder in parent.glob(f"{_PREFIX}*-*"):
                owner = re.fullmatch(rf"{_PREFIX}(\d+)-\d+", folder.name)
                if owner and not Path(f"/proc/{owner[1]}").exists():
                    _end(folder)


@dataclass(frozen=True)
class ControlGroup:
    """One group: a folder for each controller, of which some may be the same."""

    folders: Mapping[str, Path]

    def unique(self) -> list[Path]:
        return sorted(set(self.folders.values()))

    def memory_kills(self) -> int:
        """How often the kernel killed for memory."""
        return _counter(self._of("memory"), ("memory.oom_control", "memory.events"), "oom_kill") or 0

    def peak_memory(self) -> int | None:
        return _number(self._of("memory"), ("memory.max_usage_in_bytes", "memory.peak"))

    def cpu_seconds(self) -> float | None:
        """Of the whole tree; the limit of a single process does not bound it."""
        if (spent := _counter(self._of("cpuacct"), ("cpu.stat",), "usage_usec")) is not None:
            return spent / 1e6
        counted = _number(self._of("cpuacct"), ("cpuacct.usage",))
        return None if counted is None else counted / 1e9

    def processes(self) -> set[int]:
        return {process for folder in self.unique() for process in _processes(folder)}

    def end(self) -> bool:
        """Kill what is in it and remove it. False if something stays."""
        return all([_end(folder) for folder in self.unique()])

    def _of(self, controller: str) -> Path | None:
        return self.folders.get(controller) or self.folders.get("")


def find(
    mounts: str | None = None,
    own: str | None = None,
) -> ControlGroups | None:
    """Where we can make groups that bound memory and processes, from the kernel's two lists; None: nowhere."""
    try:
        mounts = mounts if mounts is not None else Path("/proc/self/mountinfo").read_text()
        own = own if own is not None else Path("/proc/self/cgroup").read_text()
    except OSError:
        return None
    places = dict(_own_places(mounts, own))
    v1 = {controller: places[controller] for controller in _V1 if controller in places}
    usable = {controller: place for controller, place in v1.items() if _writable(place)}
    if {"memory", "pids"} <= set(usable):
        return ControlGroups("v1", usable)
    unified = _delegated(places[""], _root_of(mounts)) if "" in places else None
    return ControlGroups("v2", {"": unified}) if unified else None


def _own_places(mounts: str, own: str) -> Iterator[tuple[str, Path]]:
    """The folder of our own group for each controller; "" for v2."""
    paths = {}
    for line in own.splitlines():
        number, controllers, path = line.split(":", 2)
        for controller in [""] if number == "0" else controllers.split(","):
            paths[controller] = path
    for root, point, kind, options in _mounted(mounts):
        names = [""] if kind == "cgroup2" else [name for name in options.split(",") if name in _V1]
        for name in names:
            if name in paths:
                inside = paths[name].removeprefix(root.rstrip("/"))
                yield name, Path(point + inside.rstrip("/"))


def _mounted(mounts: str) -> Iterator[tuple[str, str, str, str]]:
    """Root, mount point, kind and options of each mounted cgroup hierarchy."""
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        fields, behind = before.split(), after.split()
        if len(fields) >= 5 and len(behind) >= 3 and behind[0] in {"cgroup", "cgroup2"}:
            yield fields[3], fields[4], behind[0], behind[2]


def _root_of(mounts: str) -> Path:
    return Path(next(point for _, point, kind, _ in _mounted(mounts) if kind == "cgroup2"))


def _delegated(own: Path, root: Path) -> Path | None:
    """The nearest group at or above ours that gives memory and processes to its children and is ours to change."""
    for folder in (own, *own.parents):
        try:
            given = (folder / "cgroup.subtree_control").read_text().split()
        except OSError:
            given = []
        if {"memory", "pids"} <= set(given) and _writable(folder):
            return folder
        if folder == root:
            break
    return None


def _writable(folder: Path) -> bool:
    return os.access(folder, os.W_OK) and os.access(folder / "cgroup.procs", os.W_OK)


def _bound_v1(folders: Mapping[str, Path], limits: Limits) -> None:
    memory = folders["memory"]
    (memory / "memory.limit_in_bytes").write_text(str(limits.memory_bytes))
    if (memory / "memory.memsw.limit_in_bytes").exists():
        (memory / "memory.memsw.limit_in_bytes").write_text(str(limits.memory_bytes))
    else:
        (memory / "memory.swappiness").write_text("0")
    (folders["pids"] / "pids.max").write_text(str(_tasks(limits)))
    if "cpu" in folders:
        (folders["cpu"] / "cpu.cfs_period_us").write_text(str(_PERIOD_US))
        (folders["cpu"] / "cpu.cfs_quota_us").write_text(str(int(_PERIOD_US * PROCESSOR_SHARE)))


def _bound_v2(folder: Path, limits: Limits) -> None:
    (folder / "memory.max").write_text(str(limits.memory_bytes))
    if (folder / "memory.swap.max").exists():
        (folder / "memory.swap.max").write_text("0")
    (folder / "pids.max").write_text(str(_tasks(limits)))
    if (folder / "cpu.max").exists():
        (folder / "cpu.max").write_text(f"{int(_PERIOD_US * PROCESSOR_SHARE)} {_PERIOD_US}")


def _tasks(limits: Limits) -> int:
    return limits.processes + OWN_PROCESSES


def _number(folder: Path | None, names: tuple[str, ...]) -> int | None:
    for file in _files(folder, names):
        try:
            return int(file.read_text())
        except (OSError, ValueError):
            continue
    return None


def _counter(folder: Path | None, names: tuple[str, ...], key: str) -> int | None:
    for file in _files(folder, names):
        try:
            lines = file.read_text().splitlines()
        except OSError:
            continue
        for line in lines:
            if line.split()[:1] == [key]:
                return int(line.split()[1])
    return None


def _files(folder: Path | None, names: tuple[str, ...]) -> list[Path]:
    return [folder / name for name in names] if folder else []


def _processes(folder: Path) -> list[int]:
    try:
        return [int(one) for one in (folder / "cgroup.procs").read_text().split()]
    except OSError:
        return []


def _end(folder: Path) -> bool:
    deadline = time.monotonic() + 5
    while not _remove(folder):
        for process in _processes(folder):
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                continue
        if time.monotonic() > deadline:
            return False
        time.sleep(0.002)
    return True


def _remove(folder: Path) -> bool:
    try:
        folder.rmdir()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True

"""The user that runs jobs when we are root.

Belongs here: which number, and why not another. A sandbox started by root would, for the files of the
machine, still be root: user 0 outside, whatever it looks like inside.
"""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterable, Iterator
from pathlib import Path

from pipelines.gates.seal import SandboxUnavailable

# Numbers that systemd's table of users leaves to nobody: first beyond every container's, then, where a
# container maps only 65,536 users, the few below `nobody`.
CANDIDATES = (range(1_879_100_000, 1_879_100_256), range(65_520, 65_534))


def user_for_jobs(setting: str) -> int | None:
    """The user to drop to; None when we are not root and run as who we are. Raises SandboxUnavailable."""
    if os.geteuid() != 0:
        return None
    mapped = _mapped(Path("/proc/self/uid_map").read_text(), Path("/proc/self/gid_map").read_text())
    if setting:
        return _chosen(setting, mapped)
    return _free(mapped, _taken())


def _chosen(setting: str, mapped: list[range]) -> int:
    if not setting.isascii() or not setting.isdigit() or len(setting) > 10:
        raise SandboxUnavailable(f"CLAIMGATE_SANDBOX_UID is {setting[:40]!r}, which is no number of a user.")
    if int(setting) == 0:
        raise SandboxUnavailable("CLAIMGATE_SANDBOX_UID is 0: artifacts are never run as root.")
    if not any(int(setting) in numbers for numbers in mapped):
        raise SandboxUnavailable(f"CLAIMGATE_SANDBOX_UID is {setting}, a user that does not exist in this container.")
    return int(setting)


def _free(mapped: list[range], taken: set[int]) -> int:
    for number in (one for numbers in CANDIDATES for one in numbers):
        if number not in taken and any(number in numbers for numbers in mapped):
            return number
    raise SandboxUnavailable(
        "We are root, and there is no other user here to run artifacts as: set CLAIMGATE_SANDBOX_UID to one."
    )


def _mapped(users: str, groups: str) -> list[range]:
    """The numbers that are both a user and a group here; in a container they are few."""
    return [
        range(max(one.start, other.start), min(one.stop, other.stop))
        for one in _ranges(users)
        for other in _ranges(groups)
    ]


def _ranges(table: str) -> Iterator[range]:
    for line in table.splitlines():
        first, _, count = (int(field) for field in line.split())
        yield range(first, first + count)


def _taken() -> set[int]:
    """Users with an account or a running process."""
    return {account.pw_uid for account in pwd.getpwall()} | set(_running(Path("/proc").iterdir()))


def _running(processes: Iterable[Path]) -> Iterator[int]:
    for process in processes:
        try:
            if process.name.isdigit() and not is_dead(process):
                yield process.stat().st_uid
        except (FileNotFoundError, ProcessLookupError):
            continue


def is_dead(process: Path) -> bool:
    """Whether a process only waits for its parent to notice that it ended."""
    return (process / "stat").read_text(errors="replace").rpartition(")")[2].split()[0] in {"Z", "X"}

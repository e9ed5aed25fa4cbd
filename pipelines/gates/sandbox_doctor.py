"""What this machine has for sealing, and in words what it lacks and how to get it.

Belongs here: looking at the machine, and the words, which are a pure function over what was seen. Does not
belong here: sealing. Nothing here makes a runtime or runs a job.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.gates import control_groups
from pipelines.gates.sandbox_folders import root_for
from pipelines.gates.sandbox_user import user_for_jobs
from pipelines.gates.seal import SandboxUnavailable
from pipelines.gates.seccomp_filter import ARCHITECTURES

OLDEST_BUBBLEWRAP = (0, 8)  # the first with --disable-userns
OLDEST_KERNEL = (5, 14)  # what the rules on processes and groups were read against
_CONTAINER = "run claimgate in a Linux container or a virtual machine; here artifacts are NOT_RUN"
_APPARMOR = (
    "AppArmor lets only programs with a profile make user namespaces (Ubuntu 23.10 and later). Give bubblewrap one: "
    "apt-get install apparmor-profiles; cp /usr/share/apparmor/extra-profiles/bwrap-userns-restrict /etc/apparmor.d/; "
    "apparmor_parser -r /etc/apparmor.d/bwrap-userns-restrict"
)


@dataclass(frozen=True)
class SandboxFacts:
    """What was seen of the machine."""

    system: str = "Linux"
    kernel: tuple[int, int] = (6, 1)
    machine: str = "x86_64"
    bubblewrap: str = ""  # path; empty: none
    version: str = ""
    namespaces: int | None = None  # user.max_user_namespaces; None: the kernel has no such setting
    unprivileged: bool = True  # kernel.unprivileged_userns_clone, where there is one
    apparmor: bool = False  # kernel.apparmor_restrict_unprivileged_userns
    probe: str | None = None  # what an empty sandbox complained of; "" nothing; None: not tried


@dataclass(frozen=True)
class SandboxCheck:
    """One thing that sealing needs, for a person who reads."""

    name: str
    present: bool
    detail: str


def facts_of_this_machine(*, probe: bool = False) -> SandboxFacts:
    path = shutil.which("bwrap") or ""
    return SandboxFacts(
        system=platform.system(),
        kernel=_numbers(platform.release()),
        machine=platform.machine(),
        bubblewrap=path,
        version=_said([path, "--version"])[0].removeprefix("bubblewrap ") if path else "",
        namespaces=_setting("user/max_user_namespaces"),
        unprivileged=_setting("kernel/unprivileged_userns_clone") != 0,
        apparmor=_setting("kernel/apparmor_restrict_unprivileged_userns") == 1,
        probe=_probe(path) if probe and path else None,
    )


def unavailable(facts: SandboxFacts) -> str:
    """Why nothing can be sealed here for certain; empty: nothing that was seen speaks against it."""
    if facts.system != "Linux":
        return f"{facts.system} has no namespaces to seal with: {_CONTAINER}."
    if facts.machine not in ARCHITECTURES:
        known = " and ".join(ARCHITECTURES)
        return f"The system-call filter knows the numbers of {known}, not of {facts.machine}."
    if facts.kernel < OLDEST_KERNEL:
        return f"The sandbox needs Linux {_dotted(OLDEST_KERNEL)} or later; this is {_dotted(facts.kernel)}."
    if not facts.bubblewrap:
        return "bubblewrap is not installed: apt-get install bubblewrap (Debian, Ubuntu), dnf install bubblewrap."
    if _numbers(facts.version) < OLDEST_BUBBLEWRAP:
        return (
            f"bubblewrap {facts.version or 'of an unknown version'} is too old: "
            f"{_dotted(OLDEST_BUBBLEWRAP)} is the first that can forbid further user namespaces."
        )
    return ""


def hint(facts: SandboxFacts) -> str:
    """What keeps user namespaces from being made, as far as the kernel's settings say; empty: they do not."""
    if facts.namespaces == 0:
        return "User namespaces are switched off: user.max_user_namespaces is 0"
    if not facts.unprivileged:
        return "User namespaces are kept to root: kernel.unprivileged_userns_clone is 0"
    return _APPARMOR if facts.apparmor else ""


def sandbox_checks(facts: SandboxFacts, values: Mapping[str, str]) -> list[SandboxCheck]:
    """What is there and what is not; only the last three look at more than `facts`."""
    return [*machine_checks(facts), *_own_checks(facts, values)]


def machine_checks(facts: SandboxFacts) -> list[SandboxCheck]:
    if facts.system != "Linux":
        return [SandboxCheck("sandbox", False, unavailable(facts))]
    known = facts.machine in ARCHITECTURES
    lacking = unavailable(facts)
    words = f"{facts.bubblewrap}, {facts.version}: seals reproductions and proofs of gate 2"
    if known and lacking:
        words = f"{lacking} Without it artifacts are NOT_RUN."
    return [
        SandboxCheck("bubblewrap", bool(facts.bubblewrap) and not (known and lacking), words),
        _namespaces(facts),
        SandboxCheck(
            "system-call filter",
            known,
            f"for {facts.machine}" if known else f"{unavailable(facts)} Without it artifacts are NOT_RUN.",
        ),
    ]


def _namespaces(facts: SandboxFacts) -> SandboxCheck:
    name = "user namespaces"
    if facts.probe == "":
        return SandboxCheck(name, True, "an empty sandbox could be made")
    if facts.probe is None:
        return SandboxCheck(name, False, f"not tried: bubblewrap is not here. {hint(facts)}".strip())
    why = hint(facts) or (
        "In a container, they must be allowed from outside (Docker: --security-opt seccomp=unconfined "
        "--security-opt apparmor=unconfined --security-opt systempaths=unconfined)"
    )
    return SandboxCheck(name, False, f"an empty sandbox could not be made: {facts.probe}. {why}.")


def _own_checks(facts: SandboxFacts, values: Mapping[str, str]) -> list[SandboxCheck]:
    """The cgroup, the user that jobs get, and where the sealed runtimes lie."""
    if facts.system != "Linux":
        return []
    groups = control_groups.find()
    root = root_for(values.get("CLAIMGATE_SANDBOX_RUNTIMES", ""))
    made = sorted(one.name for one in (root / "runtimes").glob("*-*") if one.is_dir()) if root.exists() else []
    return [
        SandboxCheck(
            "cgroup",
            groups is not None,
            f"{groups.version}: bounds memory and processes of all of a job together (level 2)"
            if groups
            else "none that we may change: memory is bounded for each process only (level 1). "
            "With systemd: systemd-run --user --scope claimgate ...",
        ),
        _user_check(values.get("CLAIMGATE_SANDBOX_UID", "")),
        SandboxCheck(
            "sealed runtimes",
            bool(made),
            f"{root}: {', '.join(name[:40] for name in made)}"
            if made
            else f"none yet in {root}: the first run makes one",
        ),
    ]


def _user_check(setting: str) -> SandboxCheck:
    try:
        user = user_for_jobs(setting)
    except SandboxUnavailable as problem:
        return SandboxCheck("user of jobs", False, f"{problem} Until then artifacts are NOT_RUN.")
    words = f"jobs run as you, user {os.geteuid()}" if user is None else f"jobs run as user {user}, never as root"
    return SandboxCheck("user of jobs", True, words)


def _probe(path: str) -> str:
    """What bubblewrap says when it makes a sandbox with nothing in it; its last line, bounded."""
    user = _user_or_none()
    shared = ["--unshare-all", "--unshare-user", "--disable-userns", "--uid", "65534", "--gid", "65534"]
    kept = [word for folder in ("/usr", "/lib", "/lib64", "/bin") for word in ("--ro-bind-try", folder, folder)]
    said, code = _said([path, *shared, "--die-with-parent", *kept, "--proc", "/proc", "--", "/bin/true"], user)
    return "" if code == 0 else (said or f"exit code {code}")


def _user_or_none() -> int | None:
    try:
        return user_for_jobs("")
    except SandboxUnavailable:
        return None


def _said(command: list[str], user: int | None = None) -> tuple[str, int]:
    """The last line of a command's output, bounded, and its exit code."""
    groups: list[int] | None = None if user is None else []
    try:
        ended = subprocess.run(  # noqa: S603  bubblewrap, with words of our own
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=5,
            check=False,
            cwd="/",
            user=user,
            group=user,
            extra_groups=groups,
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        return str(problem)[:200], 1
    lines = ended.stdout.decode(errors="replace").strip().splitlines()
    return (lines[-1][:200] if lines else ""), ended.returncode


def _numbers(version: str) -> tuple[int, int]:
    found = re.match(r"(\d+)\.(\d+)", version)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _dotted(version: tuple[int, int]) -> str:
    return ".".join(str(part) for part in version)


def _setting(name: str) -> int | None:
    try:
        return int(Path("/proc/sys", name).read_text())
    except (OSError, ValueError):
        return None

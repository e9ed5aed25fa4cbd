"""The parts below the sandbox: the filter, run by a small machine here; groups on planted trees; sealed runtimes."""

from __future__ import annotations

import errno
import statistics
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.gates import sealed_runtime as runtimes
from pipelines.gates.control_groups import find
from pipelines.gates.sandbox import SealedSandbox
from pipelines.gates.seal import Limits, SandboxUnavailable
from pipelines.gates.sealed_runtime import content_hash, sealed_runtime
from pipelines.gates.seccomp_filter import ARCHITECTURES, program

ALLOW, KILL = 0x7FFF0000, 0x80000000
X86, ARM = ARCHITECTURES["x86_64"], ARCHITECTURES["aarch64"]


def refuse(number: int) -> int:
    return 0x00050000 | number


def _answer(code: bytes, architecture: int, number: int, *arguments: int) -> int:
    """What the kernel would answer: classic BPF over struct seccomp_data."""
    data = struct.pack("<IIQ6Q", number, architecture, 0, *arguments, *[0] * (6 - len(arguments)))
    at, loaded = 0, 0
    while True:
        kind, yes, no, value = struct.unpack_from("<HBBI", code, at * 8)
        at += 1
        if kind == 0x06:
            return int(value)
        if kind == 0x20:
            loaded = struct.unpack_from("<I", data, value)[0]
            continue
        holds = {0x15: loaded == value, 0x35: loaded >= value, 0x25: loaded > value, 0x45: bool(loaded & value)}
        at += yes if holds[kind] else no


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_the_filter_refuses_what_it_lists_and_allows_the_rest(name: str) -> None:
    kind = ARCHITECTURES[name]
    code = program(kind)
    special = {kind.clone3, kind.socket, kind.socketpair, kind.personality}
    for number in range(467):
        must = refuse(errno.EPERM) if number in kind.refused.values() else ALLOW
        if number not in special:
            assert _answer(code, kind.audit, number) == must, number


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_the_filter_looks_at_the_arguments_that_matter(name: str) -> None:
    kind = ARCHITECTURES[name]
    code = program(kind)
    table = [
        ((kind.clone, 0x11), ALLOW),
        ((kind.clone, 0x003D0F00), ALLOW),  # a thread
        *(((kind.clone, flag | 0x11), refuse(errno.EPERM)) for flag in (1 << 17, 1 << 25, 1 << 28, 1 << 29, 1 << 30)),
        ((kind.clone3, 0), refuse(errno.ENOSYS)),
        *(((kind.socket, family), ALLOW) for family in (1, 2, 10)),
        *(((kind.socket, family), refuse(errno.EAFNOSUPPORT)) for family in (0, 16, 17, 38, 40, 44)),
        ((kind.ioctl, 0, 0x5401), ALLOW),
        ((kind.ioctl, 0, 0x5412), refuse(errno.EPERM)),
        ((kind.ioctl, 0, (7 << 32) | 0x5412), refuse(errno.EPERM)),  # the kernel looks at 32 bits
        ((kind.personality, 0xFFFFFFFF), ALLOW),
        ((kind.personality, 0x0040000), refuse(errno.EPERM)),
        ((467, 0), refuse(errno.ENOSYS)),
        ((1000, 0), refuse(errno.ENOSYS)),
    ]
    assert [(call, _answer(code, kind.audit, *call)) for call, _ in table] == table


def test_another_form_of_the_machine_kills_and_x32_is_refused() -> None:
    assert _answer(program(X86), 0x40000003, 39) == KILL  # i386
    assert _answer(program(X86), X86.audit, 0x40000000 | 39) == refuse(errno.EPERM)
    assert _answer(program(ARM), X86.audit, 39) == KILL


# --- groups -------------------------------------------------------------------------------------


def _tree(root: Path, *folders: str, given: dict[str, str] | None = None) -> None:
    for folder in folders:
        (root / folder).mkdir(parents=True, exist_ok=True)
        (root / folder / "cgroup.procs").write_text("")
    for folder, controllers in (given or {}).items():
        (root / folder / "cgroup.subtree_control").write_text(controllers)


def _mounts(*mounted: tuple[str, Path, str, str]) -> str:
    return "\n".join(
        f"1 2 0:1 {root} {point} rw,relatime shared:1 - {kind} cgroup {options}"
        for root, point, kind, options in mounted
    )


def test_version_1_makes_its_group_below_our_own_in_each_hierarchy(tmp_path: Path) -> None:
    _tree(tmp_path, "memory/ours", "pids", "cpu")
    mounts = _mounts(
        ("/", tmp_path / "memory", "cgroup", "rw,memory"),
        ("/", tmp_path / "pids", "cgroup", "rw,pids"),
        ("/", tmp_path / "cpu", "cgroup", "rw,cpu,cpuacct"),
    )
    found = find(mounts, "3:memory:/ours\n2:pids:/\n1:cpu,cpuacct:/\n0::/\n")
    assert found is not None
    assert (found.version, found.parents["memory"]) == ("v1", tmp_path / "memory" / "ours")
    assert found.parents["cpu"] == found.parents["cpuacct"] == tmp_path / "cpu"


def test_in_a_container_the_root_of_the_mount_is_taken_off(tmp_path: Path) -> None:
    _tree(tmp_path, "memory", "pids")
    mounts = _mounts(
        ("/docker/abc", tmp_path / "memory", "cgroup", "rw,memory"),
        ("/docker/abc", tmp_path / "pids", "cgroup", "rw,pids"),
    )
    found = find(mounts, "3:memory:/docker/abc\n2:pids:/docker/abc\n")
    assert found is not None
    assert found.parents == {"memory": tmp_path / "memory", "pids": tmp_path / "pids"}


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"": "cpu memory pids", "user/app": "memory pids"}, "user/app"),
        ({"": "cpu memory pids"}, ""),
        ({"": "cpu io"}, None),
        ({}, None),
    ],
)
def test_version_2_takes_the_nearest_group_that_gives_memory_and_processes(
    tmp_path: Path, given: dict[str, str], place: str | None
) -> None:
    _tree(tmp_path, "", "user/app", "user/app/shell", given=given)
    found = find(_mounts(("/", tmp_path, "cgroup2", "rw,nsdelegate")), "0::/user/app/shell\n")
    assert (found.parents[""] if found else None) == (tmp_path / place if place is not None else None)


def test_version_2_writes_the_bounds_and_reads_the_counters(tmp_path: Path) -> None:
    """On a planted tree: the machine that this was written on has version 1."""
    _tree(tmp_path, "", given={"": "memory pids cpu"})
    found = find(_mounts(("/", tmp_path, "cgroup2", "rw")), "0::/\n")
    assert found is not None
    group = found.make(Limits(memory_bytes=1000, processes=5))
    folder = group.folders[""]
    assert (folder / "memory.max").read_text() == "1000"
    assert (folder / "pids.max").read_text() == "7"
    (folder / "memory.events").write_text("low 0\noom 1\noom_kill 1\n")
    (folder / "memory.peak").write_text("900\n")
    (folder / "cpu.stat").write_text("usage_usec 1500000\nuser_usec 1\n")
    assert (group.memory_kills(), group.peak_memory(), group.cpu_seconds()) == (1, 900, 1.5)


def test_a_group_ends_what_is_in_it() -> None:
    groups = find()
    if groups is None:
        pytest.skip("no cgroup here that may be changed")
    group = groups.make(Limits())
    sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    for folder in group.unique():
        (folder / "cgroup.procs").write_text(str(sleeper.pid))
    assert group.processes() == {sleeper.pid}
    assert group.end()
    assert sleeper.wait() == -9
    assert not any(folder.exists() for folder in group.unique())


def test_groups_of_processes_that_were_killed_are_swept() -> None:
    groups = find()
    if groups is None:
        pytest.skip("no cgroup here that may be changed")
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    left = [parent / f"claimgate-{gone.pid}-0" for parent in set(groups.parents.values())]
    for folder in left:
        folder.mkdir()
    groups.sweep()
    assert not any(folder.exists() for folder in left)


# --- sealed runtimes ----------------------------------------------------------------------------


FEW = {f"lib/python/{name}": Path(statistics.__file__).with_name(name) for name in ("statistics.py", "bisect.py")}


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where copies of two modules are made, since copies of all take seconds."""
    runtimes._verified.cache_clear()  # a copy is verified once in a process
    monkeypatch.setattr(runtimes, "_planned", lambda _: iter(FEW.items()))
    yield tmp_path
    runtimes._verified.cache_clear()


def test_a_runtime_is_named_by_what_is_in_it_and_found_again(store: Path) -> None:
    first = sealed_runtime("python", store)
    assert first.id == first.folder.name
    assert first.id.startswith(f"python-{sys.version_info[0]}.{sys.version_info[1]}.")
    assert first.id.endswith(f"-{content_hash(first.folder)}")
    made = first.folder.stat().st_ino
    runtimes._verified.cache_clear()
    assert sealed_runtime("python", store).folder.stat().st_ino == made


def test_it_holds_no_tests_no_graphics_no_packages_and_nothing_to_write(sandbox: SealedSandbox) -> None:
    folder = sandbox.folders.runtimes / sandbox.runtime("python")
    names = {path.name for path in folder.rglob("*")}
    assert not names & {"test", "tkinter", "idlelib", "ensurepip", "site-packages"}
    assert {"json", "libraries", "statistics.py"} <= names
    assert not any(path.is_symlink() or path.stat().st_mode & 0o6222 for path in folder.rglob("*"))


@pytest.mark.parametrize("way", ["changed", "added", "removed", "linked"])
def test_a_copy_that_was_tampered_with_is_made_anew(store: Path, way: str) -> None:
    runtime = sealed_runtime("python", store)
    victim = next(runtime.folder.rglob("statistics.py"))
    for path in (victim, victim.parent):
        path.chmod(0o755)
    if way == "changed":
        victim.write_text("raise SystemExit\n")
    elif way == "added":
        (victim.parent / "evil.py").write_text("")
    elif way == "removed":
        victim.unlink()
    else:
        (victim.parent / "evil").symlink_to("/etc")
    runtimes._verified.cache_clear()
    again = sealed_runtime("python", store)
    assert again.id == runtime.id
    assert again.id.endswith(content_hash(again.folder))
    assert "def mean(" in next(again.folder.rglob("statistics.py")).read_text()
    assert [one.name for one in store.iterdir() if one.is_dir()] == [again.id]


def test_two_processes_that_build_at_once_agree(store: Path) -> None:
    few = {inside: str(source) for inside, source in FEW.items()}
    script = (
        "import sys; from pathlib import Path\nfrom pipelines.gates import sealed_runtime as s\n"
        f"s._planned = lambda _: ((k, Path(v)) for k, v in {few!r}.items())\n"
        "print(s.sealed_runtime('python', Path(sys.argv[1])).id)"
    )
    checkout = Path(runtimes.__file__).resolve().parents[2]
    both = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(store)], cwd=checkout, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(2)
    ]
    ids = {(*one.communicate(), one.returncode) for one in both}
    assert len(ids) == 1, ids
    ((said, errors, code),) = ids
    assert (errors, code) == (b"", 0)
    assert [one.name for one in store.iterdir() if one.is_dir()] == [said.decode().strip()]


def test_a_store_that_is_not_there_is_said_to_be_so(store: Path) -> None:
    with pytest.raises(SandboxUnavailable, match="could not be made"):
        sealed_runtime("python", store / "nowhere")

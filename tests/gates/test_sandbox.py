"""The sandbox at ordinary work: what a job gets, how endings are told apart, and when there is no sandbox."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from io import FileIO
from pathlib import Path

import pytest

from pipelines.gates import bubblewrap as bubblewrap_module
from pipelines.gates import sandbox as sandbox_module
from pipelines.gates.bubblewrap import run_sealed
from pipelines.gates.sandbox import SealedSandbox, open_sandbox
from pipelines.gates.sandbox_doctor import SandboxFacts, hint, machine_checks, unavailable
from pipelines.gates.sandbox_folders import first_closed, folders_for
from pipelines.gates.sandbox_self_test import failed_probes
from pipelines.gates.sandbox_user import CANDIDATES, user_for_jobs
from pipelines.gates.seal import Ending, Job, Limits, SandboxUnavailable, Tool
from tests.gates.sealed import SMALL, attack, left_over, lines

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another user")


def _python(sandbox: SealedSandbox, script: str, **more: object) -> list[str]:
    ran = sandbox.run(Job.model_validate({"script": "a.py", "files": {"a.py": script.encode()}, **more}))
    assert ran.succeeded, (ran, ran.stderr.decode())
    return lines(ran)


# --- what a job gets ----------------------------------------------------------------------------


def test_a_script_reads_its_files_and_writes_only_where_it_works(sandbox: SealedSandbox) -> None:
    script = "print(open('/job/in/x.txt').read())\nimport os, tempfile; print(os.getcwd(), tempfile.mkdtemp()[:9])"
    files = {"a.py": script.encode(), "in/x.txt": b"12.5"}
    assert _python(sandbox, script, files=files, scratch="work-2") == ["12.5", "/work-2 /work-2/t"]


def test_the_hash_seed_takes_effect(sandbox: SealedSandbox) -> None:
    script = "print(list(set('abcdefghij')))"
    orders = [_python(sandbox, script, hash_seed=seed) for seed in (0, 0, 1)]
    assert orders[0] == orders[1]
    assert orders[0] != orders[2]


def test_numpy_is_a_runtime_of_its_own(sandbox: SealedSandbox) -> None:
    script = "import numpy; print(numpy.linalg.solve([[2.0, 0.0], [0.0, 4.0]], [1.0, 1.0]).tolist())"
    assert _python(sandbox, script, runtime="numpy") == ["[0.5, 0.25]"]
    ran = attack(sandbox, "import numpy")
    assert b"No module named 'numpy'" in ran.stderr
    assert sandbox.runtime("numpy") != sandbox.runtime("python")


def test_a_runtime_that_there_is_not_is_no_failure_of_the_job(sandbox: SealedSandbox) -> None:
    with pytest.raises(SandboxUnavailable, match="no sealed runtime called 'perl'"):
        sandbox.run(Job(runtime="perl", script="a.py", files={"a.py": b""}))


def test_a_command_is_run_as_it_stands_and_sees_the_tools_it_asks_for(sandbox: SealedSandbox, tmp_path: Path) -> None:
    folder = Path(sandbox.folders.runtimes) / f"tool-{os.getpid()}"
    folder.mkdir(mode=0o755)
    try:
        (folder / "word").write_text("hello")
        (folder / "word").chmod(0o644)
        script = "import os; print(open('/tool/word').read(), os.access('/tool', os.W_OK))"
        command = (f"/runtime/bin/python{sys.version_info[0]}.{sys.version_info[1]}", "-c", script)
        ran = sandbox.run(Job(command=command, tools=(Tool(folder=str(folder), inside="/tool"),)))
    finally:
        shutil.rmtree(folder)
    assert lines(ran) == ["hello False"], ran.stderr.decode()


@as_root
def test_a_tool_that_the_job_could_not_enter_is_said_to_be_so(sandbox: SealedSandbox, tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o700)
    with pytest.raises(SandboxUnavailable, match="cannot enter"):
        sandbox.run(Job(command=("/x",), tools=(Tool(folder=str(tmp_path / "closed"), inside="/tool"),)))


@pytest.mark.parametrize(
    ("job", "words"),
    [
        (Job(), "either a script or a command"),
        (Job(script="a.py", command=("x",), files={"a.py": b""}), "either a script or a command"),
        (Job(script="b.py", files={"a.py": b""}), "not among the files"),
        (Job(script="a.py", files={"a.py": b""}, scratch="proc"), "cannot be called proc"),
        (Job(script="a.py", files={"a.py": b"", "a.py/b": b""}), "cannot be written"),
        (Job(command=("x\0y",)), "no NUL"),
        (Job(command=("x",), tools=(Tool(folder="/usr", inside="/proc/x"),)), "cannot lie at"),
        (Job(command=("x",), tools=(Tool(folder="/usr", inside="/a/../proc"),)), "no place for a tool"),
        (Job(command=("x",), tools=(Tool(folder="/usr", inside="/"),)), "no place for a tool"),
    ],
)
def test_a_job_that_is_none_is_refused_and_leaves_nothing(sandbox: SealedSandbox, job: Job, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        sandbox.run(job)
    assert left_over(sandbox) == []


# --- endings ------------------------------------------------------------------------------------


def test_exit_codes_and_signals_are_told_apart(sandbox: SealedSandbox) -> None:
    left, killed = attack(sandbox, "sys.exit(3)"), attack(sandbox, "os.kill(os.getpid(), 11)")
    assert (left.ending, left.exit_code, left.signal, left.succeeded) == (Ending.EXITED, 3, None, False)
    assert (killed.ending, killed.exit_code, killed.signal) == (Ending.SIGNALLED, None, 11)


def test_a_job_that_is_shorter_than_we_are_slow_still_counts(
    sandbox: SealedSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a busy machine a job would otherwise be over before anybody watches it."""
    at_once = bubblewrap_module._first_line

    def slowly(status: FileIO) -> dict[str, object]:
        line = at_once(status)
        time.sleep(0.5)
        return line

    monkeypatch.setattr(bubblewrap_module, "_first_line", slowly)
    ran = attack(sandbox, "print(1)")
    assert (ran.ending, ran.exit_code, ran.stdout) == (Ending.EXITED, 0, b"1\n")


def test_a_program_that_is_not_there_never_started(sandbox: SealedSandbox) -> None:
    ran = sandbox.run(Job(command=("/nowhere",)))
    assert (ran.ending, ran.exit_code) == (Ending.NOT_STARTED, None)


def test_a_sandbox_that_fails_says_nothing_of_the_job(sandbox: SealedSandbox) -> None:
    ran = run_sealed(sandbox.sealing, ["--unshare-all", "--ro-bind", "/nowhere", "/x"], ["/x"], SMALL)
    assert ran.ending is Ending.NOT_STARTED
    assert b"/nowhere" in ran.stderr
    broken = replace(sandbox.sealing, program="/nowhere")
    assert run_sealed(broken, [], ["/x"], SMALL).ending is Ending.NOT_STARTED
    assert left_over(sandbox) == []


def test_peak_memory_is_measured_where_a_cgroup_is(sandbox: SealedSandbox) -> None:
    if sandbox.seal.level < 2:
        pytest.skip("no cgroup here")
    peak = attack(sandbox, "x = bytearray(b'x') * (64 << 20)").peak_memory_bytes
    assert peak is not None
    assert 64 << 20 < peak < SMALL.memory_bytes


# --- without a cgroup ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ungrouped(sandbox: SealedSandbox) -> SealedSandbox:
    plain = SealedSandbox(replace(sandbox.sealing, groups=None), sandbox.folders, "as the other")
    assert plain.failure() == ""
    return plain


def test_without_a_cgroup_the_level_is_lower_and_the_profile_another(
    sandbox: SealedSandbox, ungrouped: SealedSandbox
) -> None:
    assert (ungrouped.seal.level, ungrouped.seal.cgroup) == (1, None)
    if sandbox.seal.level == 2:
        assert ungrouped.seal.profile != sandbox.seal.profile


@pytest.mark.parametrize(
    ("script", "ending", "said"),
    [
        ("x = bytearray(1 << 30)", Ending.EXITED, b"MemoryError"),
        ("while True: pass", Ending.CPU_TIME, b""),
        ("import time; time.sleep(60)", Ending.WALL_CLOCK, b""),
        (
            "n = 0\nwhile n < 200:\n    n += 1\n    if os.fork() == 0: import time; time.sleep(60)",
            Ending.EXITED,
            b"Resource",
        ),
    ],
    ids=["memory", "loop", "sleep", "fork"],
)
def test_without_a_cgroup_each_process_is_bounded(
    ungrouped: SealedSandbox, script: str, ending: Ending, said: bytes
) -> None:
    ran = attack(
        ungrouped, script, SMALL.model_copy(update={"wall_s": 1.0 if ending is Ending.WALL_CLOCK else 15.0, "cpu_s": 1})
    )
    assert ran.ending is ending
    assert said in ran.stderr
    assert not ran.succeeded
    assert left_over(ungrouped) == []


# --- as a user who is not root ------------------------------------------------------------------


@as_root
def test_it_works_for_a_user_who_is_not_root(sandbox: SealedSandbox, tmp_path: Path) -> None:
    """With a copy of the code and of Python that this user can read, since a checkout may be closed to it."""
    here = sandbox.folders.runtimes.parent / f"unprivileged-{os.getpid()}"
    runtime = sandbox.folders.runtimes / sandbox.runtime("python")
    user = 1_879_100_400 + os.getpid() % 1000
    try:
        (here / "code" / "pipelines").mkdir(parents=True)
        (here / "store").mkdir()
        os.chown(here / "store", user, user)
        checkout = Path(sandbox_module.__file__).resolve().parents[1]
        shutil.copytree(checkout, here / "code" / "pipelines", dirs_exist_ok=True)
        site = next(Path(one) for one in sys.path if (Path(one) / "pydantic").is_dir())
        for package in ("pydantic", "pydantic_core", "annotated_types", "typing_inspection", "typing_extensions.py"):
            copy = shutil.copytree if (site / package).is_dir() else shutil.copy
            copy(site / package, here / "code" / package)
        subprocess.run(["chmod", "-R", "a+rX", str(here / "code")], check=True)
        script = (
            "from pipelines.gates.sandbox import open_sandbox\nfrom pipelines.gates.seal import Job\n"
            f"s = open_sandbox({{'CLAIMGATE_SANDBOX_RUNTIMES': {str(here / 'store')!r}}})\n"
            "r = s.run(Job(script='a.py', files={'a.py': b'import os; print(6 * 7, os.getuid())'}))\n"
            "print(s.seal.uid, s.seal.level, r.stdout, r.stderr)"
        )
        python = runtime / "bin" / f"python{sys.version_info[0]}.{sys.version_info[1]}"
        ended = subprocess.run(
            [str(python), "-B", "-c", script],
            user=user,
            group=user,
            extra_groups=[],
            env={"PYTHONPATH": str(here / "code"), "PATH": os.environ["PATH"]},
            cwd="/",
            capture_output=True,
            text=True,
            timeout=120,
        )
    finally:
        subprocess.run(["chmod", "-R", "u+w", str(here)], check=True)
        shutil.rmtree(here)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.split() == [str(user), "1", "b'42", "65534\\n'", "b''"]


# --- which user, which folders ------------------------------------------------------------------


@as_root
@pytest.mark.parametrize(
    ("setting", "words"),
    [("0", "never run as root"), ("nobody", "no number"), ("-1", "no number"), ("9" * 30, "no number")],
)
def test_a_user_that_cannot_be_is_refused(setting: str, words: str) -> None:
    with pytest.raises(SandboxUnavailable, match=words):
        open_sandbox({"CLAIMGATE_SANDBOX_UID": setting})


@as_root
def test_the_user_nobody_named_is_one_that_nobody_has() -> None:
    user = user_for_jobs("")
    assert any(user in numbers for numbers in CANDIDATES)


def test_a_folder_that_others_can_write_or_enter_by_a_link_is_refused(tmp_path: Path) -> None:
    open_to_all = tmp_path / "open"
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    (tmp_path / "link").symlink_to(open_to_all)
    for folder, words in ((open_to_all, "others can write"), (tmp_path / "link", "is no folder")):
        with pytest.raises(SandboxUnavailable, match=words):
            folders_for(str(folder), None)


@as_root
def test_a_folder_that_the_user_cannot_reach_is_refused(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(mode=0o700)
    assert first_closed(tmp_path / "home", 1_879_100_000) is not None
    with pytest.raises(SandboxUnavailable, match="CLAIMGATE_SANDBOX_RUNTIMES"):
        folders_for(str(tmp_path / "home" / "store"), 1_879_100_000)


# --- opening ------------------------------------------------------------------------------------

HERE = SandboxFacts(bubblewrap="/usr/bin/bwrap", version="0.9.0", namespaces=1000, probe="")


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (HERE, ""),
        (replace(HERE, system="Darwin", machine="arm64", bubblewrap=""), "Linux container"),
        (replace(HERE, machine="riscv64"), "not of riscv64"),
        (replace(HERE, kernel=(4, 18)), "5.14 or later; this is 4.18"),
        (replace(HERE, bubblewrap="", version=""), "apt-get install bubblewrap"),
        (replace(HERE, version="0.6.1"), "0.6.1 is too old"),
        (replace(HERE, version=""), "unknown version"),
    ],
)
def test_what_a_machine_lacks_is_one_sentence(facts: SandboxFacts, words: str) -> None:
    assert words in unavailable(facts)
    assert bool(unavailable(facts)) == bool(words)


@pytest.mark.parametrize(
    ("facts", "missing", "words"),
    [
        (HERE, set(), "an empty sandbox could be made"),
        (
            replace(HERE, apparmor=True, probe="bwrap: setting up uid map: Permission denied"),
            {"user namespaces"},
            "bwrap-userns-restrict /etc/apparmor.d/; apparmor_parser -r",
        ),
        (replace(HERE, apparmor=True), set(), "an empty sandbox could be made"),
        (replace(HERE, namespaces=0, probe="no"), {"user namespaces"}, "user.max_user_namespaces is 0"),
        (replace(HERE, unprivileged=False, probe="no"), {"user namespaces"}, "unprivileged_userns_clone is 0"),
        (replace(HERE, probe="bwrap: Can't mount proc"), {"user namespaces"}, "systempaths=unconfined"),
        (replace(HERE, bubblewrap="", probe=None), {"bubblewrap", "user namespaces"}, "dnf install bubblewrap"),
        (replace(HERE, version="0.6.1"), {"bubblewrap"}, "too old"),
        (replace(HERE, machine="riscv64"), {"system-call filter"}, "not of riscv64"),
        (replace(HERE, system="Darwin", bubblewrap="", probe=None), {"sandbox"}, "virtual machine"),
    ],
)
def test_doctor_says_what_is_there_or_how_to_get_it(facts: SandboxFacts, missing: set[str], words: str) -> None:
    checks = machine_checks(facts)
    assert {one.name for one in checks if not one.present} == missing
    assert any(words in one.detail for one in checks)
    assert not any("sysctl -w" in one.detail for one in checks)
    assert "AppArmor" in hint(replace(facts, apparmor=True, namespaces=1, unprivileged=True))


def test_a_sandbox_that_fails_its_own_test_is_not_opened(
    sandbox: SealedSandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As where the filter is missing: the probes see it, and nothing is run."""
    monkeypatch.setattr(sandbox_module, "program", lambda _: bytes.fromhex("0600000000000000")[:4] + b"\0\0\xff\x7f")
    with pytest.raises(SandboxUnavailable, match="failed its own test: not as it must be inside: strange sockets"):
        open_sandbox({"CLAIMGATE_SANDBOX_RUNTIMES": str(sandbox.folders.runtimes.parent)})


@pytest.mark.parametrize("output", [b"", b"[]", b"{}", b"not JSON"])
def test_a_probe_that_does_not_answer_has_failed(output: bytes) -> None:
    assert failed_probes(output, scratch="scratch", shared_memory=1, dropped=True)


def test_the_seal_is_the_same_for_the_same_profile_and_another_for_another(sandbox: SealedSandbox) -> None:
    again = SealedSandbox(sandbox.sealing, sandbox.folders, "0.8.0")
    other = SealedSandbox(replace(sandbox.sealing, filter=b"\0" * 8), sandbox.folders, "0.8.0")
    assert again.seal.profile == sandbox.seal.profile != other.seal.profile
    assert sandbox.authority
    assert sandbox.seal.uid != 0
    assert Limits() == Job().limits

"""The folder of Lean tools: verified byte for byte or not used; and the whole chain once, with programs of ours."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines.gates.lean_environments import LIST, SETTING, CheckerUnavailable, lean_words, open_tools, tree_sha256
from pipelines.gates.lean_jobs import ProofLimits
from pipelines.gates.proof import ProofChecker, check_proof
from pipelines.gates.sandbox import open_sandbox
from pipelines.gates.seal import Sandbox, SandboxUnavailable
from pipelines.models import AttemptOutcome
from tests.gates.lean_reports.scripted_checks import APPROVAL, CONSTANTS, HERE, artifact, claim
from tests.gates.lean_reports.written_exports import COMMIT, LEAN, export

PROGRAMS = ("lean", "leanexport", "lake", "leanchecker", "nanoda_bin")
KINDS = {"leanchecker": "lean4", "nanoda_bin": "nanoda"}


def prepared(folder: Path, interpreter: str = "/usr/bin/env python3") -> Path:
    """A folder of tools, whose programs are small scripts of ours: they show the way, and prove nothing."""
    (folder / "lean" / "bin").mkdir(parents=True)
    for name in PROGRAMS:
        program = folder / "lean" / "bin" / name
        program.write_text(f"#!{interpreter}\n# {name}\n" + (HERE / "fake_tools.py").read_text())
        program.chmod(0o755)
    write_list(folder)
    return folder


def write_list(folder: Path, change: Callable[[str], str] = lambda text: text) -> None:
    def program(name: str) -> str:
        digest = hashlib.sha256((folder / "lean" / "bin" / name).read_bytes()).hexdigest()
        return f'{{ path = "lean/bin/{name}", version = "{LEAN}", sha256 = "{digest}" }}'

    def table(name: str) -> str:
        return program(name).strip("{} ").replace(", ", "\n")

    kernels = "".join(
        f'[[kernel]]\nname = "{name}"\nimplementation = "{kind}"\nlean = "{LEAN}"\n{table(name)}\n'
        for name, kind in KINDS.items()
    )
    text = (
        f"format = 1\nauthority = false\n[[tree]]\npath = 'lean'\nsha256 = '{tree_sha256(folder / 'lean')}'\n"
        f"[[environment]]\nname = 'lean'\ncommit = '{COMMIT}'\n"
        f"lean = {program('lean')}\nexporter = {program('leanexport')}\n"
        f'[comparator]\nlean = "{LEAN}"\nreport = "text"\n{table("lake")}\n{kernels}'
    )
    (folder / LIST).write_text(change(text))


def opened(folder: Path) -> Any:
    return open_tools({SETTING: str(folder)})


def test_a_folder_that_is_as_its_list_says_is_opened(tmp_path: Path) -> None:
    tools = opened(prepared(tmp_path))
    assert tools.sha256 == hashlib.sha256((tmp_path / LIST).read_bytes()).hexdigest()
    assert tools.environment("lean") is not None
    assert tools.environment("mathlib") is None


def add_file(folder: Path) -> None:
    (folder / "lean" / "lib.so").write_bytes(b"x")


def change_program(folder: Path) -> None:
    with (folder / "lean" / "bin" / "lake").open("a") as file:
        file.write("# changed\n")


def take_right(folder: Path) -> None:
    (folder / "lean" / "bin" / "lake").chmod(0o644)


def link_out(folder: Path) -> None:
    os.symlink("/etc", folder / "lean" / "etc")


@pytest.mark.parametrize("harm", [add_file, change_program, take_right, link_out])
def test_a_folder_with_one_byte_or_right_changed_is_not_used(tmp_path: Path, harm: Callable[[Path], None]) -> None:
    harm(prepared(tmp_path))
    with pytest.raises(CheckerUnavailable, match=r"sha256|leads out"):
        opened(tmp_path)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: text.replace('"nanoda"', '"lean4lean"'), "of one family"),
        (lambda text: text.replace('"nanoda"', '"fake"'), "implementation"),
        (lambda text: text.replace("lean/bin/lake", "../lake"), "path"),
        (lambda text: text.replace("lean/bin/lake", "/bin/true"), "path"),
        (lambda text: text.replace("lean/bin/lake", "other/lake"), "lies in no folder that is pinned"),
        (lambda text: text.replace("authority = false", "authority = 'yes'"), "authority"),
        (lambda text: text.replace("authority = false\n", ""), "authority"),
        (lambda text: text.replace(f'lean = "{LEAN}"', 'lean = "newest"', 1), "is not a version of Lean"),
        (lambda text: text.replace('name = "nanoda_bin"', 'name = "leanchecker"'), "bear the same name"),
        (lambda text: text + "\n[[kernel", "is not TOML"),
        (lambda text: text.split("[[kernel]]")[0], "kernel"),
    ],
)
def test_a_list_that_makes_no_sense_is_refused_with_what_is_wrong(
    tmp_path: Path, change: Callable[[str], str], words: str
) -> None:
    write_list(prepared(tmp_path), change)
    with pytest.raises(CheckerUnavailable, match=words):
        opened(tmp_path)


def test_one_program_under_two_names_is_not_two_kernels(tmp_path: Path) -> None:
    prepared(tmp_path)
    shutil.copy(tmp_path / "lean" / "bin" / "leanchecker", tmp_path / "lean" / "bin" / "nanoda_bin")
    write_list(tmp_path)
    with pytest.raises(CheckerUnavailable, match="are the same program"):
        opened(tmp_path)


def test_without_a_folder_the_sentence_says_which_setting_is_empty() -> None:
    with pytest.raises(CheckerUnavailable, match=SETTING):
        open_tools({})
    assert lean_words({})[0] is False


def test_the_doctor_names_environments_and_kernels_or_what_is_absent(tmp_path: Path) -> None:
    present, words = lean_words({SETTING: str(prepared(tmp_path))})
    assert present
    assert "lean (Lean 4.35.0)" in words
    assert "nanoda_bin" in words
    assert "trying out only" in words
    (tmp_path / "lean" / "bin" / "lake").unlink()
    assert lean_words({SETTING: str(tmp_path)}) == (False, f"{LIST} names files that are not there: lean/bin/lake")


# --- once through the real sandbox ----------------------------------------------------------------


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    try:
        return open_sandbox({})
    except SandboxUnavailable as problem:
        pytest.skip(f"no sandbox here: {problem}")


@pytest.fixture
def folder(sandbox: Sandbox) -> Iterator[Path]:
    """Readable to the user that runs jobs, which pytest's own folders are not."""
    made = Path(tempfile.mkdtemp(prefix="claimgate-lean-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


def source_that_exports(data: bytes) -> bytes:
    return b"/-\n" + data + b"-/\n"


@pytest.mark.parametrize(
    ("solution", "outcome", "words"),
    [
        (export(), AttemptOutcome.INCONCLUSIVE, "for trying things out"),
        (export(("sorryAx",)), AttemptOutcome.INVALID_CHECK, "sorryAx"),
        (b"no export here\n", AttemptOutcome.ATTEMPT_FAILED, "not exported"),
    ],
    ids=["accepted", "axiom", "nothing exported"],
)
def test_the_whole_chain_runs_sealed_with_programs_of_ours_and_decides_nothing(
    sandbox: Sandbox, folder: Path, solution: bytes, outcome: AttemptOutcome, words: str
) -> None:
    python = f"/runtime/bin/python{sys.version_info.major}.{sys.version_info.minor}"
    tools = open_tools({SETTING: str(prepared(folder, python))})
    small = ProofLimits(wall_s=60, cpu_s=30, memory_bytes=512 << 20, export_bytes=1 << 20)
    sent_in = artifact(source_that_exports(solution))
    files = {**sent_in.files, "Challenge.lean": source_that_exports(export(("sorryAx",)))}
    run = check_proof(
        sent_in.model_copy(update={"files": files}), claim(), APPROVAL, ProofChecker(tools, sandbox, small)
    )
    attempt = run.attempt
    assert attempt.outcome is outcome, attempt.reason
    assert words in attempt.reason
    assert not attempt.authority
    if outcome is AttemptOutcome.INCONCLUSIVE:
        assert attempt.kernels == (f"leanchecker {LEAN}", f"nanoda_bin {LEAN}")
        assert attempt.evidence["constants"] == CONSTANTS
        assert run.export_gz is not None

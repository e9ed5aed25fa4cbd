"""Warehouses of their own for tests, and the command line on them as a real process.

Everything a test starts runs in a process group of its own and is ended with it. What stands in a
record is written in pond_records.py; what is asked of the commands, in the tests.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psutil

from tests.forked_commands import end_family, forked

CHECKOUT = Path(__file__).resolve().parents[1]
COMMAND = (sys.executable, "-m", "claimgate")
PATIENCE = 180.0  # seconds, for the slowest command on the busiest machine


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on stdout; a second one, or anything beside it, is an error."""
        return json.loads(self.out)

    @property
    def complaint(self) -> str:
        """The one sentence on stderr: what is there besides progress and rejections."""
        lines = [line for line in self.err.splitlines() if line.startswith("claimgate: ")]
        assert len(lines) == 1, self.err
        assert "Traceback" not in self.err, self.err
        return lines[0].removeprefix("claimgate: ")


@dataclass(frozen=True)
class House:
    """A warehouse in a folder of its own; its database need not be there yet."""

    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / "claimgate.duckdb"

    @property
    def site(self) -> Path:
        return self.folder / "site"

    @property
    def dagster_home(self) -> Path:
        return self.folder / "dagster"

    def environment(self, **settings: str) -> dict[str, str]:
        """The environment without this machine's settings; `settings` without their prefix."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("CLAIMGATE_", "DAGSTER_"))}
        named = {f"CLAIMGATE_{name}": value for name, value in settings.items()}
        return {**kept, "PYTHONPATH": str(CHECKOUT), "CLAIMGATE_WAREHOUSE": str(self.database), **named}

    def claimgate(self, *arguments: str | Path, prefix: Sequence[str] = (), **settings: str) -> Ended:
        """Run a command to its end, forked from what is imported; `prefix` is a program that starts it, then anew."""
        if prefix:
            return self.anew(*arguments, prefix=prefix, **settings)
        self.folder.mkdir(parents=True, exist_ok=True)
        return Ended(*forked([str(one) for one in arguments], self.folder, self.environment(**settings), PATIENCE))

    def anew(self, *arguments: str | Path, prefix: Sequence[str] = (), **settings: str) -> Ended:
        """Run a command to its end in a process that imports what it needs itself."""
        with self.started(*arguments, prefix=prefix, **settings) as process:
            out, err = process.communicate(timeout=PATIENCE)
        return Ended(process.returncode, out, err)

    @contextmanager
    def started(
        self, *arguments: str | Path, prefix: Sequence[str] = (), **settings: str
    ) -> Iterator[subprocess.Popen[str]]:
        """A running command; when the block is left, neither it nor any process it started is there any more."""
        self.folder.mkdir(parents=True, exist_ok=True)
        process = subprocess.Popen(
            [*prefix, *COMMAND, *(str(one) for one in arguments)],
            cwd=self.folder,
            env=self.environment(**settings),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            end_group(process)

    def copy_to(self, folder: Path) -> House:
        shutil.copytree(self.folder, folder)
        return House(folder)


def read_until(stream: IO[str], beginning: str) -> list[str]:
    """The lines up to the first that starts with `beginning`; fails when the stream ends before."""
    lines: list[str] = []
    for line in stream:
        lines.append(line)
        if line.startswith(beginning):
            return lines
    raise AssertionError(f"no line starts with {beginning!r}: {lines}")


def end_group(process: subprocess.Popen[str]) -> None:
    """SIGKILL to the process, its group, and those of its descendants that left the group."""
    process.poll()  # one that has ended has no descendants, and its number may be another's soon
    family = end_family(process.pid)
    process.wait()
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            stream.close()
    psutil.wait_procs(family, timeout=30)

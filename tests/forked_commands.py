"""The command line for tests that wait for its end, by processes that have imported it already.

Of the seven seconds of `claimgate run` five go into importing. A server imports all of it once and forks for each
command: what runs then has a process, an environment, a folder and output of its own, as after `python -m claimgate`.
Belongs here: the server and its client. Does not belong here: commands that are killed or looked at while they run, or
that another program starts; these are started anew (`processes`).
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import pkgutil
import runpy
import select
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

import duckdb
import psutil

from claimgate.guard import CHECKOUT

READY = "ready\n"
Said = tuple[int, str, str]  # exit code (of a signal: minus its number), stdout, stderr


# --- the client ---------------------------------------------------------------------------------


def forked(arguments: Sequence[str], folder: Path, environment: Mapping[str, str], patience: float) -> Said:
    """Run a command to its end. Raises subprocess.TimeoutExpired; nothing that it started is left."""
    with TemporaryDirectory(prefix="claimgate-command-") as aside:
        out, err = Path(aside, "out"), Path(aside, "err")
        asked = {"arguments": list(arguments), "folder": str(folder), "environment": dict(environment)}
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(_SERVER.place()))
            line.settimeout(patience)
            answers = line.makefile("rw")
            answers.write(json.dumps(asked | {"out": str(out), "err": str(err)}) + "\n")
            answers.flush()
            pid = int(answers.readline())
            try:
                code = int(answers.readline())
            except TimeoutError:
                raise subprocess.TimeoutExpired(list(arguments), patience) from None
            finally:
                end_family(pid)
        return code, out.read_text(), err.read_text()


def end_family(pid: int) -> list[psutil.Process]:
    """SIGKILL to the process group, and to those descendants that left it; these are given back, to be waited for."""
    family: list[psutil.Process] = []
    with suppress(psutil.NoSuchProcess):
        family = psutil.Process(pid).children(recursive=True)
    with suppress(ProcessLookupError):  # all of the group had ended by itself
        os.killpg(pid, signal.SIGKILL)
    for one in family:
        with suppress(psutil.NoSuchProcess):
            one.kill()
    return family


class _Server:
    """One for a process, started when it is first asked; it ends when its stdin is closed, as by the end of that."""

    def __init__(self) -> None:
        self._place: Path | None = None
        self._starting = threading.Lock()

    def place(self) -> Path:
        with self._starting:
            if self._place is None:
                self._place = self._start(Path(mkdtemp(prefix="claimgate-commands-")) / "line")
        return self._place

    def _start(self, place: Path) -> Path:
        environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
        server = subprocess.Popen(
            [sys.executable, "-m", "tests.forked_commands", str(place)],
            cwd=CHECKOUT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        atexit.register(self._stop, server, place)
        assert server.stdout is not None
        assert server.stdout.readline() == READY, "the server of commands does not start"
        return place

    def _stop(self, server: subprocess.Popen[str], place: Path) -> None:
        server.kill()
        server.communicate()
        shutil.rmtree(place.parent, ignore_errors=True)


_SERVER = _Server()


# --- the server ---------------------------------------------------------------------------------


def _import_everything() -> None:
    """All that commands import late.

    Raises RuntimeError where that starts a thread of Python: forks would lack it. Allocators and numpy, which have
    threads of their own, make themselves ready again in a fork.
    """
    for name in ("claimgate.app", "assets.definitions", "claimgate.commands", "idutils"):
        importlib.import_module(name)
    for module in pkgutil.iter_modules([str(CHECKOUT / "claimgate" / "commands")], "claimgate.commands."):
        importlib.import_module(module.name)
    importlib.import_module("assets.checks").import_great_expectations()
    duckdb.close()  # the connection that importing it opens, with a thread that a fork would wait for in vain
    if threading.active_count() > 1:
        raise RuntimeError(f"imported, and with it came threads: {threading.enumerate()}")


def _next_command(listener: socket.socket) -> Any:
    """Wait for commands; gives one back in a process of its own, which is to run it."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who ran a command tells its client; nobody waits here
    while True:
        ready, _, _ = select.select([listener, sys.stdin], [], [])
        if sys.stdin in ready:
            raise SystemExit
        line, _ = listener.accept()
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            listener.close()
            return _run_aside(line)
        line.close()


def _run_aside(line: socket.socket) -> Any:
    """Give the command back in a process of its own, and tell the client here how that ends."""
    answers = line.makefile("rw")
    asked = json.loads(answers.readline())
    pid = os.fork()
    if pid == 0:
        line.close()
        answers.close()
        os.setsid()
        return asked
    with suppress(OSError):  # a client that waits no more
        answers.write(f"{pid}\n")
        answers.flush()
        answers.write(f"{os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}\n")
        answers.flush()
    os._exit(0)


def _become(asked: Any) -> None:
    """The folder, environment, arguments and streams of a command."""
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    sys.argv = ["claimgate", *asked["arguments"]]
    for number, name, how in (
        (0, os.devnull, os.O_RDONLY),
        (1, asked["out"], os.O_WRONLY),
        (2, asked["err"], os.O_WRONLY),
    ):
        handle = os.open(name, how | os.O_CREAT, 0o600)
        os.dup2(handle, number)
        os.close(handle)


def main() -> None:
    _import_everything()
    gc.collect()
    gc.freeze()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(sys.argv[1])
        listener.listen(64)
        sys.stdout.write(READY)
        sys.stdout.flush()
        asked = _next_command(listener)

    _become(asked)
    runpy.run_module("claimgate", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()

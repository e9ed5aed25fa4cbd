"""How commands speak: JSON on stdout, tables for people, progress and messages on stderr."""

from __future__ import annotations

import json
import logging
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn


def print_json(document: Any) -> None:
    """One JSON document; times as ISO 8601."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2, default=str) + "\n")


def out() -> Console:
    return Console(soft_wrap=False)


def how_called() -> str:
    """The command as a person can type it here: by name where it is on the path, else by its place."""
    called = Path(sys.argv[0])
    found = shutil.which("claimgate")
    if found is not None and Path(found).resolve() == called.resolve():
        return "claimgate"
    try:
        return str(called.absolute().relative_to(Path.cwd()))
    except ValueError:
        return str(called)


def err() -> Console:
    return Console(stderr=True)


class _Bars(logging.Handler):
    """Turns progress records into one bar a stage."""

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def emit(self, record: logging.LogRecord) -> None:
        step = record.progress  # type: ignore[attr-defined]  # set by assets/progress.py
        if step.stage not in self._tasks or step.done == 0:
            self._tasks[step.stage] = self._progress.add_task(step.stage, total=step.total)
        self._progress.update(self._tasks[step.stage], completed=step.done, total=step.total)


class _Lines(logging.Handler):
    """The same for a log file: a line when a stage begins with something to do, and when it is done."""

    def emit(self, record: logging.LogRecord) -> None:
        step = record.progress  # type: ignore[attr-defined]  # set by assets/progress.py
        if step.total and step.done in (0, step.total):
            sys.stderr.write(f"{step.stage}: {step.done} of {step.total}\n")
            sys.stderr.flush()


@contextmanager
def progress_shown() -> Iterator[None]:
    """Progress of the stages on stderr while the block runs."""
    logger = logging.getLogger("claimgate.progress")
    logger.setLevel(logging.INFO)
    if not sys.stderr.isatty():
        handler: logging.Handler = _Lines()
        logger.addHandler(handler)
        try:
            yield
        finally:
            logger.removeHandler(handler)
        return
    columns = (TextColumn("{task.description:>18}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err()) as progress:
        handler = _Bars(progress)
        logger.addHandler(handler)
        try:
            yield
        finally:
            logger.removeHandler(handler)

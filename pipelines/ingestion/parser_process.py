"""The edge to the parser process: starts it, bounds it, and turns what became of it into a result.

Input: the bytes of a PDF, a page or a scholarly XML file. Output: its text, or `UnreadableDocument` with a reason.
Does not belong here: how a format is parsed (parser_worker.py), what the text means.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from pipelines.ingestion.errors import UnreadableDocument
from pipelines.ingestion.parser_bounds import MAX_OUTPUT_BYTES

_CHECKOUT = Path(__file__).resolve().parents[2]
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "TMPDIR", "HOME", "LANG", "LC_ALL")


class ParserKind(StrEnum):
    PDF = "pdf"
    HTML = "html"
    JATS = "jats"
    TEI = "tei"
    ARTICLE = "article"  # the HTML page of an article
    SCHOLARLY = "scholarly"  # JATS or TEI, told apart by the root element


@dataclass(frozen=True)
class ParserLimits:
    """What one file may cost."""

    memory_bytes: int = 1536 * 1024 * 1024
    cpu_seconds: int = 30
    wall_seconds: float = 60.0


@dataclass(frozen=True)
class ExtractedText:
    """The text of a document, the title that its metadata states, and what else its format tells."""

    text: str
    title: str | None
    facts: dict[str, Any] = field(default_factory=dict)


WORKER_COMMAND: tuple[str, ...] = (sys.executable, "-P", "-m", "pipelines.ingestion.parser_worker")


def extract_text(
    kind: ParserKind,
    data: bytes,
    limits: ParserLimits | None = None,
    command: Sequence[str] = WORKER_COMMAND,
) -> ExtractedText:
    """Parse in a child process. A crash, a stall or a bomb ends that process and nothing else."""
    limits = limits or ParserLimits()
    arguments = [*command, kind.value, str(limits.memory_bytes), str(limits.cpu_seconds)]
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as output:
        source.write(data)
        source.seek(0)
        try:
            done = subprocess.run(  # noqa: S603 -- our own interpreter and module, no shell
                arguments,
                stdin=source,
                stdout=output,
                stderr=subprocess.DEVNULL,
                timeout=limits.wall_seconds,
                env=_environment(),
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            sentence = f"its parser did not finish within {limits.wall_seconds:g} seconds"
            raise UnreadableDocument(sentence) from error
        if done.returncode != 0:
            raise UnreadableDocument(_why_it_ended(done.returncode, limits))
        output.seek(0)
        return _answer(output.read(MAX_OUTPUT_BYTES + 1))


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {**kept, "PYTHONPATH": str(_CHECKOUT), "PYTHONDONTWRITEBYTECODE": "1"}


def _why_it_ended(code: int, limits: ParserLimits) -> str:
    if code >= 0:
        return f"its parser ended with an error (exit status {code})"
    name = signal.Signals(-code).name
    if -code == signal.SIGXCPU:
        return f"its parser needed more than {limits.cpu_seconds} seconds of processor time"
    if -code == signal.SIGXFSZ:
        return f"its text is larger than {MAX_OUTPUT_BYTES:,} bytes"
    return f"its parser crashed on it ({name}), or ran into the limit of {limits.memory_bytes // 2**20:,} MB"


def _answer(output: bytes) -> ExtractedText:
    try:
        answer = json.loads(output)
    except ValueError as error:
        raise UnreadableDocument("its parser ended without a whole answer") from error
    if reason := answer.get("reason"):
        raise UnreadableDocument(str(reason))
    title = answer.get("title")
    return ExtractedText(str(answer["text"]), str(title) if title else None, answer.get("facts") or {})

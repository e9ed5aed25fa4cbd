"""The one way a reproduction says its result: a single JSON document on stdout.

Belongs here: from hostile bytes to a number, or one sentence why not. Does not belong here: running the
script, judging the number. `{"value": 8.7}`, with "unit" and "n" if it likes, and nothing else.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass

from pipelines.ingestion.json_reading import JsonFault, parse_json

MAX_BYTES = 10_000  # an honest result has a few dozen
MAX_DEPTH = 2
MAX_INTEGER = 2**53  # beyond it a float no longer holds every integer
MAX_UNIT = 40
_KEYS = frozenset({"value", "unit", "n"})
_TAIL = 2_000


@dataclass(frozen=True)
class Result:
    value: float
    unit: str | None = None
    n: int | None = None


class NoResult(Exception):
    """What came on stdout is no result; `reason` is one sentence, in our own words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read_result(stdout: bytes) -> Result:
    """The result that a script printed, or `NoResult`."""
    if len(stdout) > MAX_BYTES:
        raise NoResult(f"The script printed more than {MAX_BYTES:,} bytes; a result is one short JSON object.")
    try:
        text = stdout.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NoResult("What the script printed is not UTF-8.") from error
    if not text.strip():
        raise NoResult("The script printed nothing.")
    if text.count("{") + text.count("[") > MAX_DEPTH:
        raise NoResult("What the script printed is nested or more than one object; a result is one flat JSON object.")
    try:
        document = parse_json(text)
    except JsonFault as error:
        raise NoResult(f"What the script printed is not one JSON document: {error.reason}.") from error
    if not isinstance(document, dict):
        raise NoResult('What the script printed is no JSON object; a result is {"value": number}.')
    if "value" not in document:
        raise NoResult('What the script printed has no "value".')
    if unknown := sorted(set(document) - _KEYS):
        raise NoResult(f"What the script printed has the unknown key '{cleaned(unknown[0])[:40]}'.")
    return Result(_number(document["value"]), _unit(document.get("unit")), _count(document.get("n")))


def _number(value: object) -> float:
    if isinstance(value, bool):
        raise NoResult('"value" is true or false; it must be a number.')
    if not isinstance(value, int | float):
        raise NoResult('"value" is no number.')
    if isinstance(value, int) and abs(value) > MAX_INTEGER:
        raise NoResult('"value" is an integer too large to be held exactly.')
    if not math.isfinite(value):
        raise NoResult('"value" is not finite.')
    return float(value)


def _unit(unit: object) -> str | None:
    if unit is None:
        return None
    if not isinstance(unit, str) or len(unit) > MAX_UNIT:
        raise NoResult(f'"unit" must be a text of at most {MAX_UNIT} characters.')
    return unit


def _count(count: object) -> int | None:
    if count is None:
        return None
    if isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= MAX_INTEGER:
        raise NoResult('"n" must be a whole number, not negative.')
    return count


def cleaned(text: str) -> str:
    """Hostile text without control characters, line ends aside, and without marks that reorder what is read."""
    return "".join(one if one == "\n" or unicodedata.category(one)[0] != "C" else "?" for one in text)


def tail(stream: bytes) -> str:
    """The end of a hostile stream, cleaned: for a reader, never for a program."""
    return re.sub(r"\n{3,}", "\n\n", cleaned(stream.decode("utf-8", errors="replace")[-_TAIL:])).strip()

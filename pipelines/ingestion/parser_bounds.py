"""What every parser of the child process shares: how much is read, and how a file is refused.

Input: nothing. Output: limits, `Refused`, `Extracted`. Does not belong here: any format
(parser_worker.py and the modules it names), the process around them (parser_process.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

MAX_PAGES = 2_000
MAX_CHARACTERS = 5_000_000
MAX_OUTPUT_BYTES = 64 * 1024 * 1024
MAX_ELEMENTS = 1_000_000
MAX_XML_DEPTH = 100
MAX_XML_REFERENCES = 10_000


class Refused(Exception):
    """The file is refused; the message is the reason shown to the user."""


@dataclass(frozen=True)
class Extracted:
    """The text of a file, its stated title, and what else its format states (JSON values only)."""

    text: str
    title: str | None
    facts: dict[str, Any] = field(default_factory=dict)


def refuse_above_limit(length: int) -> None:
    if length > MAX_CHARACTERS:
        raise Refused(f"its text is longer than {MAX_CHARACTERS:,} characters")

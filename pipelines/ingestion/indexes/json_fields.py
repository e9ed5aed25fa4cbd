"""Fields of parsed JSON as the type they should have, and rows read one by one.

Input: values that a service sent, of any shape. Output: the value where it has the right type, else None; the
works of a list of rows. Does not belong here: which field means what (the index's own module).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from pipelines.ingestion.indexes.contract import FaultKind, IndexFault
from pipelines.ingestion.indexes.decoding import MAX_WORDS, plain_words
from pipelines.ingestion.library_rows import UnusableWork
from pipelines.models import Work

MAX_ITEMS = 10_000
MAX_URL = 2_000
MAX_LABEL = 200

_DATE = re.compile(r"[12]\d{3}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?(?!\d)")

_Row = TypeVar("_Row")


def read_works(rows: Iterable[_Row], work_of: Callable[[_Row], Work]) -> tuple[Work, ...] | IndexFault:
    """The works of the rows that describe one. Where none does, the index holds something that was not told."""
    works: list[Work] = []
    unusable: list[str] = []
    for row in rows:
        try:
            works.append(work_of(row))
        except UnusableWork as fault:
            unusable.append(str(fault))
    if unusable and not works:
        return IndexFault(FaultKind.NOT_WORKS, f"it answered, but {unusable[0][:160]}")
    return tuple(works)


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; empty for anything else."""
    return [item for item in value[:MAX_ITEMS] if isinstance(item, dict)] if isinstance(value, list) else []


def an_object(value: Any) -> dict[str, Any]:
    """The object; empty for anything else."""
    return value if isinstance(value, dict) else {}


def words(value: Any) -> str | None:
    """Text without mark-up, on one line."""
    return plain_words(value) or None if isinstance(value, str) else None


def string(value: Any) -> str | None:
    """Text as it stands, without blanks around it."""
    return value.strip()[:MAX_WORDS] or None if isinstance(value, str) else None


def label(value: Any) -> str | None:
    """A short word of a vocabulary: a type, a licence, a version."""
    stated = words(value)
    return stated if stated is not None and len(stated) <= MAX_LABEL else None


def iso_date(value: Any) -> str | None:
    """A date as precise as stated; of a period or a time stamp the first day."""
    found = _DATE.match(string(value) or "")
    return found.group() if found else None


def web_address(value: Any) -> str | None:
    """The text if it is a web address of honest length."""
    stated = string(value)
    if stated is None or len(stated) > MAX_URL or not stated.lower().startswith(("http://", "https://")):
        return None
    return stated if stated.isprintable() and " " not in stated else None


def count(value: Any) -> int | None:
    """A whole number that is no less than nothing."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**12 else None


def year(value: Any) -> int | None:
    """A year, stated as number or as text."""
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit() and len(value.strip()) == 4:
        value = int(value.strip())
    return value if isinstance(value, int) and not isinstance(value, bool) and 1000 <= value <= 2999 else None


def person(given: Any, family: Any, whole: Any) -> str | None:
    """A name as it is read: given name, then family name, or the whole ("Luger, Rodrigo" turned)."""
    last, first = words(family), words(given)
    if last:
        return f"{first} {last}" if first else last
    before, comma, after = (words(whole) or first or "").partition(", ")
    return f"{after} {before}" if comma and "," not in after else f"{before}{comma}{after}" or None

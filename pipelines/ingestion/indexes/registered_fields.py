"""Fields that registration agencies write in one way: whole DOIs, and dates as precise as they are known.

Input: values of a parsed answer, of any type. Output: the field, or None where it is absent or no such field.
Does not belong here: DOIs in running text (identifiers.py), which field of a work they fill (each index's module).
"""

from __future__ import annotations

import re
from typing import Any

from pipelines.ingestion.indexes.json_fields import string

MAX_DOI = 300

_RESOLVER = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:)", re.IGNORECASE)
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d{1,9})*/[^\s\x00-\x1f\x7f]+")
_BOUNDS = ((1000, 2999, 4), (1, 12, 2), (1, 31, 2))  # least, most, digits of year, month and day


def whole_doi(value: Any) -> str | None:
    """The DOI that a field is, whole and in lower case.

    A registered DOI may hold `<`, `>`, `;`, `#`, which the search for DOIs in running text must stop at.
    """
    stated = string(value)
    if stated is None or len(stated) > MAX_DOI:
        return None
    match = _DOI.fullmatch(_RESOLVER.sub("", stated, count=1))
    return match.group().lower() if match else None


def day_of(value: Any) -> str | None:
    """A date as precise as stated: "2019", "2019-07", "2019-07-26"; None for `[[null]]`."""
    listed = value.get("date-parts") if isinstance(value, dict) else None
    parts = listed[0] if isinstance(listed, list) and listed else None
    found: list[str] = []
    for part, (low, high, width) in zip(parts if isinstance(parts, list) else (), _BOUNDS, strict=False):
        number = int(part) if isinstance(part, str) and part.isascii() and part.isdigit() and len(part) < 5 else part
        if not isinstance(number, int) or isinstance(number, bool) or not low <= number <= high:
            break
        found.append(f"{number:0{width}d}")
    return "-".join(found) or None

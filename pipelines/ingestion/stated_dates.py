"""Dates as records state them: `May 30, 2026`, `30 May 2026`, `2026-05-30`.

Input: a line of text. Output: a `date`, or None; a month without a day is no date.
Does not belong here: times of evaluation, which are kept as the words stated.
"""

from __future__ import annotations

import re
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"\b{_MONTH}\s+{_DAY},?\s+{_YEAR}\b",
        rf"\b{_DAY}\s+{_MONTH},?\s+{_YEAR}\b",
        rf"\b{_YEAR}-(?P<month>\d{{2}})-(?P<day>\d{{2}})(?!\d)",
    )
)


def date_in(words: str) -> date | None:
    """The first full date in the words."""
    for form in _FORMS:
        match = form.search(words[:300])
        if match and (found := _date_of(match)):
            return found
    return None


def is_only_a_date(line: str) -> bool:
    """The line holds a date and nothing else."""
    stripped = line.strip().strip("*_").strip()
    return any(form.fullmatch(stripped) for form in _FORMS)


def _date_of(match: re.Match[str]) -> date | None:
    month = match.group("month").lower()
    number = int(month) if month.isdigit() else _MONTHS.index(month[:3]) + 1
    try:
        return date(int(match.group("year")), number, int(match.group("day")))
    except ValueError:
        return None

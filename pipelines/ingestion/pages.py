"""Record pages in the three page layouts: title, identifier, question, date beside the figures.

Input: the text of a page. Output: the fields of a `ParsedRecord` that only a page has.
Does not belong here: figures (stated.py), recognition (layouts.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from pipelines.ingestion.layouts import SECTION_HEADINGS
from pipelines.ingestion.prose import stated_question
from pipelines.ingestion.stated import header_value, section_value
from pipelines.ingestion.stated_dates import date_in
from pipelines.ingestion.text_lines import Line, lines_of, plain_heading

_RECORD_NUMBER = re.compile(r"SRCH:[0-9A-Fa-f]{8}(?![0-9A-Fa-f])")
_NAVIGATION_WORD = re.compile(
    r"(?:(?:Index|Benchmarks|Mathematics|Graph|About|Research|Verification)\b[\W_]*)+", re.IGNORECASE
)
_HEAD = 4_000


@dataclass(frozen=True)
class PageHeader:
    title: str | None
    record_number: str | None  # "srch:abcdef01"
    question: str | None
    published_on: date | None
    publisher: str | None


def page_header(text: str, start: int = 0) -> PageHeader:
    number = _RECORD_NUMBER.search(text, start, start + _HEAD)
    submitted = header_value(text, "Submitted", start)
    return PageHeader(
        title=_title(text, start, number),
        record_number=number.group().lower() if number else None,
        question=stated_question(text, start),
        published_on=date_in(submitted) if submitted else None,
        publisher=section_value(text, "provenance", "Publisher", start),
    )


def _title(text: str, start: int, number: re.Match[str] | None) -> str | None:
    """The line after the record number; without a number, the first line that is no navigation."""
    lines = [line for line in lines_of(text, start, min(len(text), start + _HEAD)) if line.words.strip()]
    after = [line for line in lines if number is not None and line.start > number.start()]
    found = _first_title(after) if after else None
    return found or _first_title(lines)


def _first_title(lines: list[Line]) -> str | None:
    for line in lines:
        words = plain_heading(line.words) if line.words.lstrip().startswith("#") else line.words.strip()
        if words.lower() in SECTION_HEADINGS:
            return None
        if _NAVIGATION_WORD.fullmatch(words.strip("-| ")) or _RECORD_NUMBER.match(words):
            continue
        return words
    return None

"""Stated facts of record pages, as JSON: one object a page, or a list of them that is split into its rows.

Such a list says what pages say of themselves where the pages are not at hand. Input: bytes of a file, or
the object of one row. Output: the rows, each a document of its own with the bytes it has in the file; a
`StatedPage` with figures at their places in the row's text; or `NotARecord`. Does not belong here:
contracts (manifests.py), the pages themselves (pages.py), what follows from the facts.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import Any

from pipelines.ingestion.errors import NotARecord
from pipelines.ingestion.identifiers import normalised_doi
from pipelines.ingestion.stated import facts_from
from pipelines.ingestion.stated_dates import date_in
from pipelines.models import Place, StatedFacts, StatedFigure

MAX_ROWS = 100_000
MAX_COUNT = 10**9

_MARKS = frozenset(
    {
        "srch", "research_question", "submitted", "review_score", "verification_level", "header_verified_claims",
        "source_grounded_claims", "gate_status", "gate_reason", "gate_evaluated_at", "tier",
    }
)  # fmt: skip
_ENOUGH_MARKS = 6
_BLANK = re.compile(r"\s*")
_RECORD_NUMBER = re.compile(r"SRCH:[0-9A-F]{8}", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s<>\"]{1,500}")
# What only splits a list decides nothing about its numbers: the row's own reading does.
_SPLITTER = json.JSONDecoder(parse_int=float)


@dataclass(frozen=True)
class Part:
    """A document in a file: the whole of it, or row `row` (from 1 on) of the list that it holds."""

    name: str
    data: bytes
    row: int | None = None


@dataclass(frozen=True)
class StatedPage:
    title: str | None
    question: str | None
    published_on: date | None
    identifier: str | None
    stated: StatedFacts


# --- splitting ----------------------------------------------------------------------------------


def parts_of(name: str, data: bytes) -> tuple[Part, ...]:
    """The documents in a file: one, unless it is a list in which a row states the facts of a page."""
    rows = _rows(data)
    if not any(is_stated_page(value) for value, _ in rows):
        return (Part(name, data),)
    stem = PurePath(name).stem
    return tuple(Part(f"{stem}-row-{n}.json", text.encode(), n) for n, (_, text) in enumerate(rows, start=1))


def _rows(data: bytes) -> list[tuple[Any, str]]:
    """The items of a JSON list with the text of each; none for anything else, and for a list that is broken."""
    if data[:64].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] != b"[":
        return []
    try:
        text = data.decode("utf-8-sig")
        return [(value, text[start:end]) for value, start, end in _items(text)]
    except (ValueError, RecursionError):  # whoever reads the file as one document says what is wrong with it
        return []


def _items(text: str) -> Iterator[tuple[Any, int, int]]:
    position = _after_blank(text, text.index("[") + 1)
    if text[position : position + 1] == "]":
        return
    for _ in range(MAX_ROWS):
        value, end = _SPLITTER.raw_decode(text, position)
        yield value, position, end
        position = _after_blank(text, end)
        if text[position : position + 1] == "]" and _after_blank(text, position + 1) == len(text):
            return
        if text[position : position + 1] != ",":
            raise ValueError("neither a comma nor the end of the list")
        position = _after_blank(text, position + 1)
    raise ValueError("too many rows")


def _after_blank(text: str, position: int) -> int:
    match = _BLANK.match(text, position)
    return match.end() if match else position


# --- reading ------------------------------------------------------------------------------------


def is_stated_page(value: Any) -> bool:
    """The object states facts of a record page, whether or not they can be read."""
    return isinstance(value, dict) and len(_MARKS & value.keys()) >= _ENOUGH_MARKS


def stated_page(value: dict[str, Any], text: str) -> StatedPage:
    """What a row states. `text` is the row's JSON, which `value` was read from. Raises NotARecord."""
    words = {key: _words(key, value.get(key)) for key in ("title", "research_question", "srch", "submitted", "url")}
    stated = facts_from(_figures(value, text))
    number, address = words["srch"], words["url"]
    if number is not None and not _RECORD_NUMBER.fullmatch(number):
        raise _unreadable("srch", 'is no record number of the form "SRCH:0A1B2C3D"')
    published = date_in(words["submitted"]) if words["submitted"] else None
    if words["submitted"] and published is None:
        raise _unreadable("submitted", "is no full date")
    if not any((words["title"], words["research_question"], stated.doi, number)):
        raise NotARecord("the row names no title, question, DOI or record number, so that it is about nothing")
    return StatedPage(
        title=words["title"],
        question=words["research_question"],
        published_on=published,
        identifier=_identifier(stated.doi, number, address),
        stated=stated,
    )


def _identifier(doi: str | None, number: str | None, address: str | None) -> str | None:
    """As a page is identified, so that a row and its page are one record; without either, by its address."""
    if doi:
        return f"doi:{doi}"
    if number:
        return number.lower()
    return f"url:{address}" if address and _ADDRESS.fullmatch(address) else None


def _figures(value: dict[str, Any], text: str) -> Iterator[StatedFigure]:
    spans = _member_spans(text)
    for name, key, read in _STATED:
        if value.get(key) is None:
            continue
        start, end = spans[key]
        place = Place(start=start, end=end, words=text[start:end])
        yield StatedFigure(name=name, value=read(key, value[key], place.words), place=place)


def _member_spans(text: str) -> dict[str, tuple[int, int]]:
    """Where the value of each key of the outermost object stands in a JSON text that is known to be valid."""
    spans: dict[str, tuple[int, int]] = {}
    position = _after_blank(text, text.index("{") + 1)
    while text[position] != "}":
        key, end = _SPLITTER.raw_decode(text, position)
        start = _after_blank(text, text.index(":", end) + 1)
        _, end = _SPLITTER.raw_decode(text, start)
        spans[key] = (start, end)
        position = _after_blank(text, end)
        if text[position] == ",":
            position = _after_blank(text, position + 1)
    return spans


def _unreadable(key: str, fault: str) -> NotARecord:
    return NotARecord(f'the row\'s "{key}" {fault}')


def _words(key: str, value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise _unreadable(key, "is no text")
    return value.strip() or None


def _count(key: str, value: Any, _words: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_COUNT:
        raise _unreadable(key, "is no count")
    return value


def _score(key: str, value: Any, _words: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _unreadable(key, "is no number")
    return float(value)


def _text(key: str, value: Any, _words: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _unreadable(key, "is no text")
    return value


def _doi(key: str, value: Any, _words: str) -> str:
    doi = normalised_doi(value) if isinstance(value, str) else None
    if doi is None:
        raise _unreadable(key, "is no DOI")
    return doi


def _reason(key: str, value: Any, words: str) -> str:
    """A reason in figures stays the JSON that it is; in words, the words."""
    if isinstance(value, dict):
        return words
    return _text(key, value, words)


# As on a page: "Verified claims" of the header repeats the number extracted, so the sentence ranks before it.
_STATED: tuple[tuple[str, str, Callable[[str, Any, str], int | float | str]], ...] = (
    ("review_score", "review_score", _score),
    ("level", "verification_level", _count),
    ("source_grounded_claims", "source_grounded_claims", _count),
    ("tier", "tier", _text),
    ("gate_status", "gate_status", _text),
    ("gate", "gate", _text),
    ("gate_reason", "gate_reason", _reason),
    ("gate_evaluated_at", "gate_evaluated_at", _text),
    ("doi", "doi", _doi),
    ("papers", "papers", _count),
    ("claims_extracted", "claims_extracted", _count),
    ("claims_verified", "claims_verified", _count),
    ("claims_verified", "header_verified_claims", _count),
)

"""JSON that holds one answer or one report: question, text, and the passages it was given.

Input: a JSON value. Output: `JsonSynthesis`, or None where the value is no such thing.
Does not belong here: contracts of a publisher (manifests.py), sources made of passages (passages.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipelines.ingestion.errors import NotARecord
from pipelines.ingestion.identifiers import normalised_doi
from pipelines.ingestion.stated_dates import date_in
from pipelines.models import GivenPassage

MAX_PASSAGES = 2_000
MIN_REPORT = 500

_QUESTIONS = ("question", "input", "query", "prompt", "topic", "research_question")
_ANSWERS = ("answer", "output", "answer_text", "response", "report", "text", "content", "markdown", "body")
_PASSAGES = ("ctxs", "passages", "contexts", "sources", "documents", "references")
_PASSAGE_TEXTS = ("text", "passage", "content", "snippet", "abstract", "context")
_PASSAGE_MARKS = ("mark", "id", "ref", "index", "number")
_MARK = re.compile(r"\[(\d{1,4})\]")


@dataclass(frozen=True)
class JsonSynthesis:
    text: str
    title: str | None
    question: str | None
    passages: tuple[GivenPassage, ...]
    published_on: date | None
    publisher: str | None
    identifier: str | None
    synthetic: bool


def json_synthesis(value: Any) -> JsonSynthesis | None:
    """The one answer or report in a JSON value; raises `NotARecord` when there are several."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, dict):
        return None
    text = _first_text(value, _ANSWERS)
    if text is None:
        return None
    doi = normalised_doi(_first_text(value, ("doi",)) or "")
    return JsonSynthesis(
        text=text.replace("\r\n", "\n"),
        title=_first_text(value, ("title",)),
        question=_first_text(value, _QUESTIONS),
        passages=_passages(value, text),
        published_on=date_in(_first_text(value, ("date", "published_on", "published")) or ""),
        publisher=_first_text(value, ("publisher",)),
        identifier=f"doi:{doi}" if doi else None,
        synthetic=value.get("synthetic") is True,
    )


def what_the_json_is(value: Any) -> NotARecord:
    """The error that says what a JSON value is when it is no record."""
    reports = _count_reports(value)
    if reports > 1:
        return NotARecord(f"the JSON holds {reports} reports, not one: give each its own file")
    if isinstance(value, list):
        return NotARecord(f"the JSON is a list of {len(value)} items, not one record")
    if isinstance(value, dict):
        keys = ", ".join(list(map(str, value))[:6])[:120]
        return NotARecord(f"the JSON is an object that is no known form of a record (its keys: {keys})")
    return NotARecord("the JSON is a single value, not a record")


def _count_reports(value: Any) -> int:
    """Long texts under a key that holds reports, at any depth."""
    count, pending = 0, [value]
    while pending:
        item = pending.pop()
        if isinstance(item, list):
            pending.extend(item)
        elif isinstance(item, dict):
            pending.extend(inner for inner in item.values() if isinstance(inner, dict | list))
            texts = (item.get(key) for key in _ANSWERS)
            count += any(isinstance(text, str) and len(text) >= MIN_REPORT for text in texts)
    return count


def _first_text(value: dict[str, Any], keys: tuple[str, ...]) -> str | None:
    for key in keys:
        found = value.get(key)
        if isinstance(found, str) and found.strip():
            return found
    return None


def _passages(value: dict[str, Any], answer: str) -> tuple[GivenPassage, ...]:
    for key in _PASSAGES:
        items = value.get(key)
        if isinstance(items, dict):
            items = [{"id": name, **_as_object(item)} for name, item in items.items()]
        if isinstance(items, list) and any(_has_text(item) for item in items):
            if len(items) > MAX_PASSAGES:
                raise NotARecord(f"the answer came with {len(items):,} passages; at most {MAX_PASSAGES:,} are read")
            first = _first_number(key, answer, len(items))
            found = (_passage(item, position + first) for position, item in enumerate(items))
            return tuple(passage for passage in found if passage is not None)
    return ()


def _first_number(key: str, answer: str, count: int) -> int:
    """`ctxs` are cited from 0 on. Other lists from 1 on, unless the answer cites a [0]."""
    cited = {int(mark) for mark in _MARK.findall(answer)}
    return 0 if key == "ctxs" or (0 in cited and count not in cited) else 1


def _as_object(item: Any) -> dict[str, Any]:
    return item if isinstance(item, dict) else {"text": item}


def _has_text(item: Any) -> bool:
    item = _as_object(item)
    return any(isinstance(item.get(key), str) and item[key].strip() for key in _PASSAGE_TEXTS)


def _passage(item: Any, number: int) -> GivenPassage | None:
    if not _has_text(item):
        return None
    item = _as_object(item)
    year = item.get("year")
    return GivenPassage(
        mark=_own_mark(item) or str(number),
        title=_first_text(item, ("title",)),
        text=_first_text(item, _PASSAGE_TEXTS) or "",
        url=_first_text(item, ("url", "link")),
        year=year if isinstance(year, int) and not isinstance(year, bool) else None,
        authors=_authors(item.get("authors")),
    )


def _own_mark(item: dict[str, Any]) -> str | None:
    for key in _PASSAGE_MARKS:
        mark = item.get(key)
        if isinstance(mark, int) and not isinstance(mark, bool):
            return str(mark)
        if isinstance(mark, str) and mark.strip():
            return mark.strip().strip("[]")[:100]
    return None


def _authors(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,) if value.strip() else ()
    names: list[str] = []
    for author in value if isinstance(value, list) else ():
        name = author.get("name") if isinstance(author, dict) else author
        if isinstance(name, str) and name.strip():
            names.append(name.strip())
    return tuple(names[:500])

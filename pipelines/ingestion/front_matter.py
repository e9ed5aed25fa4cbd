"""What a text says of itself before it begins: YAML front matter, a prompt in a comment, a title line.

Input: text. Output: `Preamble`, with the offset at which the body begins.
Does not belong here: anything in the body (prose.py, stated.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import yaml

from pipelines.ingestion.identifiers import normalised_doi
from pipelines.ingestion.stated_dates import date_in

MAX_FRONT_MATTER = 20_000
MAX_PROMPT = 20_000

_FRONT_MATTER = re.compile(r"\ufeff?---[ \t]*\n(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_PROMPT = re.compile(r"\s*<!--\s*(?:prompt|question|research question)\s?:(?P<prompt>.*?)-->", re.DOTALL | re.I)
_THINKING = re.compile(r"\s*<think>.*?</think>", re.DOTALL)
_SCHEMED = re.compile(r"(?:srch:[0-9A-Za-z]{8}|url:https?://\S+|doi:10\.\d{4,9}/\S+)$", re.IGNORECASE)


@dataclass(frozen=True)
class Preamble:
    """Facts stated before the body, and where the body begins."""

    body: int = 0
    title: str | None = None
    question: str | None = None
    published_on: date | None = None
    publisher: str | None = None
    identifier: str | None = None
    synthetic: bool = False
    fields: dict[str, Any] = field(default_factory=dict)


def preamble_of(text: str) -> Preamble:
    """Front matter first, then a prompt in a comment; either may be missing."""
    fields, body = _front_matter(text)
    question = _stated(fields, "question") or _stated(fields, "research_question")
    if prompt := _PROMPT.match(text, body, body + MAX_PROMPT):
        body = prompt.end()
        question = question or prompt["prompt"].strip() or None
    if thinking := _THINKING.match(text, body, body + MAX_PROMPT):
        body = thinking.end()
    return Preamble(
        body=body,
        title=_stated(fields, "title"),
        question=question,
        published_on=_date(fields.get("date", fields.get("published", fields.get("published_on")))),
        publisher=_stated(fields, "publisher"),
        identifier=_identifier(fields),
        synthetic=fields.get("synthetic") is True,
        fields=fields,
    )


def _front_matter(text: str) -> tuple[dict[str, Any], int]:
    match = _FRONT_MATTER.match(text, 0, MAX_FRONT_MATTER)
    if match is None:
        return {}, 0
    try:
        fields = yaml.safe_load(match["yaml"])
    # PyYAML lets the ValueError of an impossible date through, and recurses over nested brackets.
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}, 0
    return (fields, match.end()) if isinstance(fields, dict) else ({}, 0)


def _stated(fields: dict[str, Any], key: str) -> str | None:
    value = fields.get(key)
    return " ".join(value.split()) or None if isinstance(value, str) else None


def _date(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return date_in(value) if isinstance(value, str) else None


def _identifier(fields: dict[str, Any]) -> str | None:
    doi = normalised_doi(_stated(fields, "doi") or "")
    if doi:
        return f"doi:{doi}"
    named = _stated(fields, "identifier") or ""
    if _SCHEMED.match(named):
        scheme, _, rest = named.partition(":")
        return f"{scheme.lower()}:{rest if scheme.lower() == 'url' else rest.lower()}".replace("srch:", "srch:")
    url = _stated(fields, "url") or ""
    return f"url:{url}" if url.startswith(("https://", "http://")) else None

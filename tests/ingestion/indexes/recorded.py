"""Recorded responses of real services, and what each must be read as.

The recordings are other people's and lie outside the project (CLAIMGATE_CORPUS). The tables of expectations
hold facts only: titles, years, identifiers, counts, lengths and hashes of abstracts, never their sentences.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.ingestion.indexes.contract import Answered, FaultKind, Index, IndexFault, Response
from pipelines.models import NoticeKind, Work

RECORDED_AT = datetime(2026, 11, 20, tzinfo=UTC)


def recordings() -> Path | None:
    corpus = os.environ.get("CLAIMGATE_CORPUS")
    return Path(corpus) / "http" if corpus else None


@cache
def rows() -> dict[str, dict[str, Any]]:
    folder = recordings()
    assert folder is not None
    return {row["file"]: row for row in json.loads((folder / "index.json").read_text())}


def response_of(file: str) -> Response:
    folder, row = recordings(), rows()[file]
    assert folder is not None
    headers = {name.lower(): str(value) for name, value in (row["response_headers"] or {}).items()}
    return Response(row["url"] or "", row["status"], headers, (folder / file).read_bytes(), RECORDED_AT)


@dataclass(frozen=True)
class Expected:
    """One recording's right outcome: a fault, or works of which one is described.

    `place` is the position of the described work. `abstract` is (length, first 12 hex digits of sha256)
    of its text; None where it has none. `notices` are the kinds that the work bears.
    """

    works: int = 1
    place: int = 0
    title: str | None = None
    year: int | None = None
    identifiers: tuple[str, ...] = ()
    authors: int | None = None
    abstract: tuple[int, str] | None = None
    notices: tuple[NoticeKind, ...] = ()
    total: int | None = None
    fault: FaultKind | None = None


def digest(text: str) -> tuple[int, str]:
    return len(text), hashlib.sha256(text.encode()).hexdigest()[:12]


def assert_read_as(index: Index, file: str, expected: Expected) -> None:
    """Parse the recording and compare everything that the expectation states."""
    found = index.parse(response_of(file))
    if expected.fault is not None:
        assert isinstance(found, IndexFault), found
        assert found.kind is expected.fault
        assert 0 < len(found.message) < 400
        return
    assert isinstance(found, Answered), found
    assert len(found.works) == expected.works
    if expected.total is not None:
        assert found.total == expected.total
    if expected.works:
        assert_described(found.works[expected.place], expected)


def assert_described(work: Work, expected: Expected) -> None:
    assert work.title == expected.title
    assert work.year == expected.year
    assert {work.source_id, *work.aliases} == set(expected.identifiers)
    assert len(work.authors) == expected.authors
    assert (digest(work.text) if work.text else None) == expected.abstract
    assert {notice.kind for notice in work.notices} == set(expected.notices)

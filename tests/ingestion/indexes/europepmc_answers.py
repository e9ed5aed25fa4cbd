"""Answers of Europe PMC made up for the tests, and what is read from them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from pipelines.ingestion.indexes.contract import Answered, IndexFault, Response
from pipelines.ingestion.indexes.europepmc import BASE, INDEX
from pipelines.models import Work


def response(body: bytes | str, status: int = 200, url: str = f"{BASE}/search?query=x", **headers: str) -> Response:
    data = body if isinstance(body, bytes) else body.encode()
    return Response(url, status, headers, data, datetime(2026, 1, 1, tzinfo=UTC))


def page(*records: Any, **more: Any) -> str:
    return json.dumps({"version": "6.9", "hitCount": len(records), "resultList": {"result": list(records)}, **more})


def read(body: bytes | str) -> tuple[Work, ...]:
    found = INDEX.parse(response(body))
    assert isinstance(found, Answered), found
    return found.works


def fault(body: bytes | str, status: int = 200, **headers: str) -> IndexFault:
    found = INDEX.parse(response(body, status, **headers))
    assert isinstance(found, IndexFault), found
    assert len(found.message) < 400
    return found


def record(**fields: Any) -> dict[str, Any]:
    base = {"id": "123", "source": "MED", "pmid": "123", "title": "A made-up effect.", "pubYear": "2020"}
    return {**base, "pubTypeList": {"pubType": ["Journal Article"]}, **fields}


def work(**fields: Any) -> Work:
    (found,) = read(page(record(**fields)))
    return found


def links(*pairs: tuple[str, str, str]) -> dict[str, Any]:
    items = [
        {"type": relation, "source": source, "id": number, "reference": "J Mad Res. 2021 Mar;1(2):3"}
        for relation, source, number in pairs
    ]
    return {"commentCorrection": items}

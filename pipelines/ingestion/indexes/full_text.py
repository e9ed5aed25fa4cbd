"""Open full texts as an index of their own: asked by address, answered with a text.

The addresses are those that other indexes name. What comes back is parsed in a child process, as every file is.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.ingestion.errors import UnreadableDocument
from pipelines.ingestion.fulltexts import read_full_text
from pipelines.ingestion.indexes.contract import (
    Answered,
    By,
    FaultKind,
    Index,
    IndexFault,
    Lookup,
    Pace,
    Request,
    Response,
)
from pipelines.ingestion.indexes.decoding import fault_of_status
from pipelines.models import Work

NAME = "fulltext"


def request(lookups: Sequence[Lookup], base: str) -> Request:
    """One address a request; `base` means nothing here."""
    return Request(lookups[0].value)


def parse(response: Response) -> Answered | IndexFault:
    """A work that is its text alone, or why what lies there is none."""
    if (fault := fault_of_status(response)) is not None:
        return fault
    if response.status != 200:
        return Answered()
    try:
        read = read_full_text(response.body, response.headers.get("content-type", ""), response.url)
    except UnreadableDocument as error:
        return IndexFault(FaultKind.MALFORMED, f"what lies there cannot be read: {error.reason}")
    if not read.complete:
        return IndexFault(FaultKind.NOT_WORKS, f"what lies there is not the full text: {read.reason}")
    work = Work(
        source_id=f"url:{response.url}",
        title=response.url,
        text=read.text,
        text_kind="fulltext",
        complete=True,
        origin=NAME,
    )
    return Answered((work,))


INDEX = Index(
    name=NAME,
    title="Open full texts",
    base="",
    pace=Pace(1, 1.0, at_once=2),
    asks_by=frozenset({By.URL}),
    covers="the addresses that other indexes name as open",
    sent="a request for the address, nothing else",
    request=request,
    parse=parse,
)

"""`claimgate scan FILE`: what a text reports of its own method, item by item; and the same as scan.json."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.markup import escape

from claimgate.errors import BadInput
from claimgate.output import err, out, print_json
from claimgate.views import one_line
from pipelines.ingestion.documents import MediaType, read_document
from pipelines.ingestion.errors import UnreadableDocument
from pipelines.ingestion.files import find_files, read_bytes
from pipelines.ingestion.json_reading import JsonFault, parse_json
from pipelines.ingestion.scholarly_xml import ScholarlyText
from pipelines.models import Document, Rejection, RigorItem, RigorScan, Severity
from pipelines.review.rigor.items import ITEM_OF, TAGS
from pipelines.review.rigor.scanning import FULL_TEXT, scan_text
from pipelines.review.scans.export import PaperFacts, export_v3
from pipelines.review.scans.rules import check_paper

TEXTS = frozenset({MediaType.TEXT, MediaType.MARKDOWN, MediaType.HTML, MediaType.PDF, MediaType.SCHOLARLY_XML})
NO_MEASURE_OF_TRUTH = "A scan says what a text reports of its method, not whether the method or the result is right."
_LISTED = 12  # missing parts that are named


@dataclass(frozen=True)
class Scanned:
    path: Path
    document: Document
    scan: RigorScan


def scan_files(paths: Sequence[Path], *, as_json: bool) -> None:
    """Make a scan of each text; writes nothing."""
    scanned, rejected = _scanned(paths)
    if as_json:
        print_json({"scans": [_view(one) for one in scanned], "rejected": [one.model_dump() for one in rejected]})
    else:
        for one in scanned:
            _print(one)
        if scanned:
            out().print(NO_MEASURE_OF_TRUTH, soft_wrap=True, highlight=False)
    for refused in rejected:
        err().print(f"Rejected: {escape(one_line(refused.path))}: {escape(refused.reason)}", soft_wrap=True)
    if not scanned:
        raise BadInput("No text could be scanned; the reasons stand above.")


def paper_text(path: Path) -> Document:
    """The document of a paper. Raises UnreadableDocument with one sentence."""
    document = read_document(path.name, read_bytes(path))
    if document.media_type not in TEXTS:
        raise UnreadableDocument(f"it is {document.media_type}, not the text of a paper")
    return document


def _scanned(paths: Sequence[Path]) -> tuple[list[Scanned], list[Rejection]]:
    found = find_files(paths)
    scanned, rejected = [], list(found.rejected)
    for path in found.files:
        try:
            document = paper_text(path)
        except UnreadableDocument as problem:
            rejected.append(Rejection(path=str(path), reason=problem.reason))
            continue
        scanned.append(Scanned(path, document, scan_text(str(path), document.text, _kind(document))))
    return scanned, rejected


def _kind(document: Document) -> str:
    """A file is a full text unless its mark-up says that it has front matter only."""
    article = document.data
    return "abstract" if isinstance(article, ScholarlyText) and not article.has_body else FULL_TEXT


def _view(one: Scanned) -> dict[str, Any]:
    return {
        "path": str(one.path),
        "title": _facts(one.document).title,
        "scanned": one.scan.scanned,
        "reason": one.scan.reason,
        "scanner_version": one.scan.scanner_version,
        "answers": dict(Counter(_said(item) for item in one.scan.items)),
        "items": [_item_view(item) for item in one.scan.items],
    }


def _said(item: RigorItem) -> str:
    return "not_applicable" if item.applies is False else item.answer.value


def _item_view(item: RigorItem) -> dict[str, Any]:
    spec = ITEM_OF.get(item.item)
    return {
        "category": spec.category if spec else None,
        "asks": spec.asks if spec else None,
        **item.model_dump(mode="json"),
    }


def _print(one: Scanned) -> None:
    console = out()
    console.print(f"[bold]{escape(one_line(str(one.path)))}[/bold]", soft_wrap=True, highlight=False)
    console.print(f"  {escape(one_line(one.scan.reason))}", soft_wrap=True, highlight=False)
    for item in one.scan.items:
        answer = f"[bold]{_said(item).replace('_', ' ')}[/bold]"
        console.print(f"  {item.item}: {answer} ({escape(item.rule)})", soft_wrap=True, highlight=False)
        if item.quote is not None:
            under = f" under {one_line(item.section)}" if item.section else ""
            place = f"[{item.start}:{item.end}]{under}: {one_line(item.quote)}"
            console.print(f"    {escape(place)}", soft_wrap=True, highlight=False)
        if item.why is not None:
            console.print(f"    {escape(one_line(item.why))}", soft_wrap=True, highlight=False)


# --- scan.json ----------------------------------------------------------------------------------


def export_scan(paths: Sequence[Path], *, paper: Path | None, tags: Sequence[str], partial: bool) -> None:
    """Print our own scan of one text as scan.json version 3; an unfinished one only when asked for."""
    if len(paths) != 1:
        raise BadInput("--export-v3 takes one file, the text of a paper.")
    for tag in tags:
        if tag not in TAGS:
            raise BadInput(f"'{tag}' is no methodology tag; write one of {', '.join(TAGS)}.")
    scanned, rejected = _scanned(paths)
    if len(scanned) != 1:
        raise BadInput(f"{paths[0]}: {rejected[0].reason if rejected else 'the folder holds more than one text'}")
    one = scanned[0]
    if not one.scan.scanned:
        raise BadInput(f"{one.path}: {one.scan.reason}")
    exported = export_v3(one.scan, _given(paper) if paper else _facts(one.document), tags)
    if exported.missing and not partial:
        named = ", ".join(exported.missing[:_LISTED])
        more = f" and {len(exported.missing) - _LISTED} more" if len(exported.missing) > _LISTED else ""
        raise BadInput(
            f"{one.path}: version 3 requires what nobody has judged or stated: {named}{more}. "
            "--partial writes the scan without it, for a person to complete; --paper gives title, authors and year."
        )
    print_json(exported.value)
    if exported.missing:
        err().print(
            f"Not valid version 3 yet, {len(exported.missing)} parts are missing: {', '.join(exported.missing)}"
        )


def _facts(document: Document) -> PaperFacts:
    article = document.data
    if not isinstance(article, ScholarlyText):
        return PaperFacts()
    return PaperFacts(article.title, article.authors, article.year, article.journal, article.arxiv_id, article.doi)


def _given(path: Path) -> PaperFacts:
    """The `paper` object of scan.json, as a file of its own."""
    try:
        value = parse_json(read_bytes(path).decode())
    except (UnreadableDocument, JsonFault) as problem:
        raise BadInput(f"{path}: {problem.reason}") from problem
    except UnicodeDecodeError as problem:
        raise BadInput(f"{path}: the file is not UTF-8") from problem
    faults = [one for one in check_paper(value) if one.severity is Severity.ERROR]
    if faults:
        said = f"{faults[0].message} at {faults[0].pointer}"
        raise BadInput(
            f"{path}: {said}; it should be {json.dumps({'title': '...', 'authors': ['...'], 'year': 2026})}."
        )
    known = {key: value.get(key) or None for key in ("title", "year", "venue", "arxiv_id", "doi")}
    return PaperFacts(authors=tuple(value["authors"]), **known)

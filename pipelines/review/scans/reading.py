"""From the bytes of a scan file to its JSON value, plain or as a web page shows it, with every fault as a finding.

Input: name and bytes, hostile or not. Output: text and value, or the findings that say why there is none.
Does not belong here: what the value must hold (`scans.rules`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from pipelines.ingestion.errors import UnreadableDocument
from pipelines.ingestion.json_reading import JsonFault, parse_json
from pipelines.ingestion.parser_process import ParserKind, extract_text
from pipelines.models import Severity
from pipelines.review.scans.models import ScanFinding, pointer_of, shown_value
from pipelines.review.scans.pages import PageFault, is_numbered_page, json_of_page

MAX_SCAN_BYTES = 4_000_000  # a scan has about 35,000
MAX_DEPTH = 20  # a scan has 4 levels
MOST_REPEATED = 20

_HTML = re.compile(r"\s*<(?:!doctype\s+html|html)\b", re.IGNORECASE)


@dataclass(frozen=True)
class ReadScan:
    """`value` is None where `findings` has an error; `text` is None where the bytes are no text."""

    text: str | None
    value: Any
    findings: tuple[ScanFinding, ...]


def read_scan(name: str, data: bytes) -> ReadScan:
    if len(data) > MAX_SCAN_BYTES:
        said = f"the file has {len(data):,} bytes; the most that a scan may have is {MAX_SCAN_BYTES:,}"
        return _refused(None, "too_large", said)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        return _refused(None, "not_utf8", f"the file is not UTF-8: byte {fault.start} does not fit")
    if "\x00" in text:
        return _refused(None, "not_utf8", "the file is a binary file: it holds zero bytes")
    try:
        written = _json_text(name, text, data)
    except UnreadableDocument as fault:
        return _refused(text, "not_json", fault.reason)
    except PageFault as fault:
        return _refused(text, "page_incomplete", str(fault))
    return _parsed(text, written)


def _json_text(name: str, text: str, data: bytes) -> str:
    if PurePath(name).suffix.lower() in (".html", ".htm", ".xhtml") or _HTML.match(text):
        return json_of_page(extract_text(ParserKind.HTML, data).text)
    return json_of_page(text) if is_numbered_page(text) else text


def _parsed(text: str, written: str) -> ReadScan:
    try:
        value = parse_json(written)
    except JsonFault as fault:
        repeated = tuple(_repeated_keys(written))
        return ReadScan(text, None, repeated) if repeated else _refused(text, "not_json", fault.reason)
    deep = _deeper(value)
    if deep is not None:
        return _refused(text, "too_deep", f"the JSON is nested more than {MAX_DEPTH} levels deep", pointer_of(*deep))
    return ReadScan(text, value, ())


def _refused(text: str | None, rule: str, message: str, pointer: str = "") -> ReadScan:
    finding = ScanFinding(rule=rule, severity=Severity.ERROR, pointer=pointer, message=message)
    return ReadScan(text, None, (finding,))


class _Object(dict[str, Any]):
    """An object that remembers which of its keys stood twice."""

    repeated: tuple[str, ...] = ()


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    found = _Object(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        found.repeated = tuple(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
    return found


def _repeated_keys(text: str) -> Iterator[ScanFinding]:
    try:
        value = json.loads(text, object_pairs_hook=_object)
    except (ValueError, RecursionError):
        return
    shown = 0
    for path, inner in walk(value):
        for key in getattr(inner, "repeated", ()):
            shown += 1
            if shown > MOST_REPEATED:
                return
            yield ScanFinding(
                rule="duplicate_key",
                severity=Severity.ERROR,
                pointer=pointer_of(*path, key),
                message="a key stands twice in one object",
                value=shown_value(key),
            )


def walk(value: Any) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Every value with its path, in the order of the file, without recursion."""
    pending: list[tuple[tuple[str | int, ...], Any]] = [((), value)]
    while pending:
        path, inner = pending.pop()
        yield path, inner
        if isinstance(inner, dict):
            pending.extend(((*path, key), one) for key, one in reversed(inner.items()))
        elif isinstance(inner, list):
            pending.extend(((*path, place), inner[place]) for place in range(len(inner) - 1, -1, -1))


def _deeper(value: Any) -> tuple[str | int, ...] | None:
    """Where the first value stands that lies deeper than it may."""
    return next((path for path, _ in walk(value) if len(path) > MAX_DEPTH), None)

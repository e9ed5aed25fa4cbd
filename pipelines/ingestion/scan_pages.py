"""Recognising a methodological-rigour scan, plain or as a web page shows it, so that it is named.

Such a scan is about one paper and is no synthesis: read as prose, its JSON would become claims.
Input: decoded text or a JSON value. Output: nothing, or `UnreadableDocument` that says what it is.
Does not belong here: importing scans (pipelines/review/scans/importing.py).
"""

from __future__ import annotations

import re
from typing import Any

from pipelines.ingestion.errors import UnreadableDocument

_TOP_KEYS = ("paper", "checklist", "claims", "methodology_tags", "key_findings", "red_flags", "cited_papers")
_ENOUGH_KEYS = 4
_LOOKED_AT = 400_000
_PAGE_START = re.compile(r"(?:#\s*)?[^\n]{0,120}?([\w.-]{0,60}scan[\w.-]{0,20}\.json)\b", re.IGNORECASE)
_LINE_NUMBERED = re.compile(r"\b1[ \t|]*\n?[ \t|]*\{[ \t|]*\n?[ \t|]*2[ \t|]*\n?[ \t|]*\"")
_VERSION = re.compile(r'"scan_version"\s*:\s*(\d{1,3})')


def refuse_scan_value(value: Any) -> None:
    """Refuse parsed JSON that is a scan."""
    if isinstance(value, dict) and sum(key in value for key in _TOP_KEYS) >= _ENOUGH_KEYS:
        version = value.get("scan_version")
        raise UnreadableDocument(_sentence(str(version) if isinstance(version, int) else None))


def refuse_scan_page(text: str) -> None:
    """Refuse text that is a scan file flattened from a web page: its name, then numbered JSON."""
    head = text[:2_000]
    named = _PAGE_START.search(head.lstrip()[:300])
    numbered = _LINE_NUMBERED.search(head)
    if not numbered:
        return
    shown = text[:_LOOKED_AT]
    keys = sum(f'"{key}"' in shown for key in _TOP_KEYS)
    if keys >= _ENOUGH_KEYS or (named and keys >= 2):
        version = _VERSION.search(shown)
        raise UnreadableDocument(_sentence(version.group(1) if version else None))


def _sentence(version: str | None) -> str:
    which = f"scan.json version {version}" if version else "scan.json, version not stated"
    return f"this is a methodological-rigour scan ({which}), not a synthesis; `claimgate scan --import` takes it in"

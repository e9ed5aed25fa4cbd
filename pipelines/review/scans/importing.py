"""Taking in a rigour scan that somebody else made: the whole of it, or nothing and the reasons.

Input: name and bytes of a file. Output: `ScanImport`. Does not belong here: the rules (`scans.rules`), keeping what
came of it (warehouse/scans.py).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from pipelines.models import Severity
from pipelines.review.scans.checklist import check_checklist
from pipelines.review.scans.models import ImportedScan, ScanAnswer, ScanClaim, ScanFinding, ScanImport, ScanRemark
from pipelines.review.scans.reading import read_scan
from pipelines.review.scans.rules import MOST_FINDINGS, check_bounds, check_top, finding, usable_doi
from pipelines.review.scans.versions import check_version, version_of

_ARXIV_DOI = "10.48550/arxiv."


def import_scan(name: str, data: bytes) -> ScanImport:
    """The scan in `data`; without it where a rule of import is broken, whatever the rest is worth."""
    read = read_scan(name, data)
    findings, version = read.findings, None
    if not findings:
        version = version_of(name, read.value) if _is_a_scan(read.value) else None
        findings = tuple(_ordered(_findings(name, read.value)))
    refused = any(one.severity is Severity.ERROR for one in findings)
    return ScanImport(
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        body=read.text,
        version=version,
        scan=None if refused else _built(read.value),
        findings=findings,
    )


def _is_a_scan(value: Any) -> bool:
    return isinstance(value, dict) and ("checklist" in value or "paper" in value)


def _findings(name: str, value: Any) -> Iterator[ScanFinding]:
    if not _is_a_scan(value):
        yield finding("not_a_scan", (), value)
        return
    of_version = tuple(check_version(name, value))
    yield from of_version
    if of_version:  # what another version must hold is not for these rules
        return
    too_long = tuple(islice(check_bounds(value), MOST_FINDINGS))
    yield from too_long
    if too_long:  # as many findings as it has entries would be of no use to anybody
        return
    yield from check_top(value)
    if isinstance(value.get("checklist"), dict):
        yield from check_checklist(value["checklist"])


def _ordered(findings: Iterator[ScanFinding]) -> list[ScanFinding]:
    """Errors first, so that no flood of warnings hides one; not more than can be read."""
    return sorted(findings, key=lambda one: one.severity is not Severity.ERROR)[:MOST_FINDINGS]


# --- a scan without errors ----------------------------------------------------------------------


def _built(value: Mapping[str, Any]) -> ImportedScan:
    paper = value["paper"]
    doi = usable_doi(paper.get("doi"))
    stated = paper.get("arxiv_id") or None
    return ImportedScan(
        scan_id=scan_id_of(value),
        scan_version=value["scan_version"],
        title=_line(paper["title"]),
        authors=tuple(_line(one) for one in paper["authors"]),
        year=paper["year"],
        venue=_line(paper.get("venue") or "") or None,
        arxiv_id=stated or (doi.removeprefix(_ARXIV_DOI) if doi and doi.startswith(_ARXIV_DOI) else None),
        doi=doi,
        tags=tuple(dict.fromkeys(value["methodology_tags"])),
        modules=tuple(dict.fromkeys(value.get("active_modules") or ())),
        answers=tuple(_answers(value["checklist"])),
        claims=tuple(ScanClaim(**{key: one[key] for key in ScanClaim.model_fields}) for one in value["claims"]),
        red_flags=tuple(ScanRemark(**{key: one[key] for key in ScanRemark.model_fields}) for one in value["red_flags"]),
    )


def scan_id_of(value: Mapping[str, Any]) -> str:
    """The same scan has the same id, whatever the order of its keys and however it was laid out."""
    canonical = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"rigour-scan\n{canonical}".encode()).hexdigest()[:32]


def _answers(checklist: Mapping[str, Any]) -> Iterator[ScanAnswer]:
    for category, items in checklist.items():
        for item, answer in items.items():
            yield ScanAnswer(
                item=item,
                category=category,
                applies=answer["applies"],
                answer=answer["answer"],
                justification=answer["justification"],
            )


def _line(text: str) -> str:
    return " ".join(text.split())

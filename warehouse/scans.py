"""Rigour scans that others made: kept, refused, linked to sources, and checked against texts.

Belongs here: saving and reading them. Does not belong here: the rules of import and the check itself
(pipelines/review/scan_*.py), our own scans (`review`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipelines.models import RigorScan
from pipelines.review.scans.models import ImportedScan, ScanCheck, ScanImport
from pipelines.review.scans.papers import JudgedScan, judged_here, judged_import
from warehouse.append import Row, Stamp, append, content_id
from warehouse.connection import Warehouse
from warehouse.statements import statement


@dataclass(frozen=True)
class HeldText:
    """The full text of a source."""

    source_version_id: str
    text: str


def save_imports(warehouse: Warehouse, imports: Sequence[tuple[str, ScanImport]], stamp: Stamp) -> tuple[bool, ...]:
    """Save what became of files, given with their names: scans, or refusals with their findings; which were new.

    A scan is known by what it says: the same again, be it laid out otherwise, adds nothing.
    """
    new: list[bool] = []
    with warehouse.write() as connection:
        for name, one in imports:
            if one.scan is not None:
                added = append(connection, "imported_scans", [_scan_row(name, one, one.scan, stamp)], key="scan_id")
            else:
                added = append(connection, "quarantined_scans", [_refusal_row(name, one, stamp)], key="quarantine_id")
            new.append(added > 0)
    return tuple(new)


def _scan_row(name: str, one: ScanImport, scan: ImportedScan, stamp: Stamp) -> Row:
    return {
        "scan_id": scan.scan_id,
        "sha256": one.sha256,
        "file_name": _name(name),
        "body": one.body,
        "scan_version": scan.scan_version,
        "title": scan.title,
        "year": scan.year,
        "arxiv_id": scan.arxiv_id,
        "doi": scan.doi,
        "scan": scan.model_dump_json(),
        "warnings": json.dumps([finding.model_dump(mode="json") for finding in one.warnings]),
        "recorded_at": stamp.recorded_at,
    }


def _refusal_row(name: str, one: ScanImport, stamp: Stamp) -> Row:
    findings = json.dumps([finding.model_dump(mode="json") for finding in one.findings])
    return {
        "quarantine_id": content_id("quarantined-scan", one.sha256, findings),
        "sha256": one.sha256,
        "file_name": _name(name),
        "size": one.size,
        "body": one.body,
        "scan_version": one.version,
        "findings": findings,
        "recorded_at": stamp.recorded_at,
    }


def _name(name: str) -> str:
    """A file's name may hold bytes that are no text."""
    return name.encode("utf-8", "replace").decode()


def save_checks(warehouse: Warehouse, checks: Sequence[ScanCheck], stamp: Stamp) -> int:
    """Save checks of scans against texts; how many are new."""
    rows: list[Row] = [
        {
            "check_id": content_id("scan-check", one.scan_id, one.text_sha256, one.checker_version),
            "scan_id": one.scan_id,
            "source_version_id": one.source_version_id,
            "text_name": _name(one.text_name),
            "text_sha256": one.text_sha256,
            "checker_version": one.checker_version,
            "grades": one.model_dump_json(include={"text_length", "checked"}),
            "recorded_at": stamp.recorded_at,
        }
        for one in checks
    ]
    with warehouse.write() as connection:
        return append(connection, "scan_checks", rows, key="check_id")


def sources_of_scans(warehouse: Warehouse, scans: Iterable[ImportedScan]) -> dict[str, str]:
    """Scan id to the source that bears the arXiv id or DOI of its paper, for those of which one is held."""
    names = {scan.scan_id: names_of(scan) for scan in scans}
    wanted = sorted({name for found in names.values() for name in found})
    with warehouse.read() as connection:
        rows = connection.execute(statement("review/sources_named"), {"names": wanted}).fetchall()
    sources: dict[str, str] = dict(rows)
    linked = (
        (scan_id, next((sources[name] for name in found if name in sources), None)) for scan_id, found in names.items()
    )
    return {scan_id: source_id for scan_id, source_id in linked if source_id is not None}


def names_of(scan: ImportedScan) -> tuple[str, ...]:
    """The identifiers of a scan's paper as ids of sources, the arXiv id first."""
    names = (f"arxiv:{scan.arxiv_id}" if scan.arxiv_id else None, f"doi:{scan.doi}" if scan.doi else None)
    return tuple(name for name in names if name)


def full_texts(warehouse: Warehouse, source_ids: Iterable[str]) -> dict[str, HeldText]:
    with warehouse.read() as connection:
        rows = connection.execute(statement("review/full_texts"), {"source_ids": sorted(set(source_ids))}).fetchall()
    return {source_id: HeldText(version_id, text) for source_id, version_id, text in rows}


def imported_scans(warehouse: Warehouse, names: Iterable[str] | None = None) -> tuple[ImportedScan, ...]:
    """All that were imported, in the order they came; with `names`, those whose paper bears one of them."""
    wanted = None if names is None else sorted(set(names))
    with warehouse.read() as connection:
        rows = connection.execute(statement("review/imported_scans_of"), {"names": wanted}).fetchall()
    return tuple(ImportedScan.model_validate_json(row[0]) for row in rows)


def scans_of_sources(warehouse: Warehouse, source_ids: Iterable[str]) -> dict[str, tuple[ImportedScan, ...]]:
    """Source to the imported scans of its paper, in the order they came."""
    wanted = sorted(set(source_ids))
    found: dict[str, list[ImportedScan]] = {}
    with warehouse.read() as connection:
        rows = connection.execute(statement("review/scans_of_sources"), {"source_ids": wanted}).fetchall()
    for source_id, scan in rows:
        found.setdefault(source_id, []).append(ImportedScan.model_validate_json(scan))
    return {source_id: tuple(scans) for source_id, scans in found.items()}


def judged_scans(warehouse: Warehouse) -> tuple[JudgedScan, ...]:
    """Every scan that says something of a paper: those imported in the order they came, then those made here."""
    imported = imported_scans(warehouse)
    linked = sources_of_scans(warehouse, imported)
    with warehouse.read() as connection:
        rows = connection.execute(
            "SELECT s.scan, v.source_id FROM current_rigor_scans AS s "
            "JOIN current_source_versions AS v USING (source_version_id) WHERE s.scanned "
            "ORDER BY s.recorded_at, s.source_version_id"
        ).fetchall()
    made = (judged_here(RigorScan.model_validate_json(scan), source_id) for scan, source_id in rows)
    return (*(judged_import(scan, linked.get(scan.scan_id)) for scan in imported), *made)


def checks_of(warehouse: Warehouse, scan_ids: Sequence[str]) -> tuple[ScanCheck, ...]:
    """The checks of scans, the last first."""
    with warehouse.read() as connection:
        rows = connection.execute(
            "SELECT scan_id, source_version_id, text_name, text_sha256, checker_version, grades FROM scan_checks "
            "WHERE scan_id IN (SELECT unnest(?::VARCHAR[])) ORDER BY recorded_at DESC, check_id",
            [list(scan_ids)],
        ).fetchall()
    keys = ("scan_id", "source_version_id", "text_name", "text_sha256", "checker_version")
    return tuple(
        ScanCheck.model_validate({**dict(zip(keys, row[:-1], strict=True)), **json.loads(row[-1])}) for row in rows
    )

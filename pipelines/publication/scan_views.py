"""Scans that others made of a source, as a record page shows them: beside our own, and as they stand in the paper.

Belongs here: the shape, and bringing the two together. Does not belong here: rates over many scans
(pipelines/review/scans/rates.py), HTML.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipelines.models import Model, RigorScan
from pipelines.review.scans.models import Grade, ImportedScan, ScanCheck
from pipelines.review.scans.papers import State, judged_here, judged_import


class ScanRow(Model):
    """One item as the imported scan answers it, and as ours does, if there is one."""

    item: str
    theirs: State
    ours: State | None
    justification: str
    grade: Grade | None  # how what the justification points at stands in the paper; None: never held against it


class SourceScanView(Model):
    source_id: str
    scan_id: str
    version: int
    title: str
    checked_against: str | None
    rows: tuple[ScanRow, ...]


def scan_view(source_id: str, scan: ImportedScan, check: ScanCheck | None, ours: Sequence[RigorScan]) -> SourceScanView:
    """`ours` are the scans made here of versions of the source; the last that was made counts."""
    made: Mapping[str, State] = {
        item: state for one in ours if one.scanned for item, (state, _) in judged_here(one, source_id).states.items()
    }
    theirs = judged_import(scan, source_id).states
    grades = {one.item: one.grade for one in check.checked if one.item is not None} if check else {}
    return SourceScanView(
        source_id=source_id,
        scan_id=scan.scan_id,
        version=scan.scan_version,
        title=scan.title,
        checked_against=check.text_name if check else None,
        rows=tuple(
            ScanRow(
                item=one.item,
                theirs=theirs[one.item][0],
                ours=made.get(one.item),
                justification=one.justification,
                grade=grades.get(one.item),
            )
            for one in scan.answers
        ),
    )

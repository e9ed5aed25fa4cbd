"""Builds the static site: the record page, the index, their file names and the style sheet.

Belongs here: which template gets which rows, and the rules that hold for every page (all text
escaped and bounded, absent values named). Does not belong here: writing files, words, quoting rules.
Input: `PublicRecord`s; output: complete HTML documents as strings, the same for the same input.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from pipelines.counts import wilson
from pipelines.models import Correction
from pipelines.publication import costs
from pipelines.publication.as_published import comparisons
from pipelines.publication.gate_contract import record_gate_verdict
from pipelines.publication.site import gate_rows, rows
from pipelines.publication.site.address import SiteAddress
from pipelines.publication.site.citing import citation_of
from pipelines.publication.site.linked_data import citation_tags, data_block, record_graph
from pipelines.publication.site.record_files import record_files
from pipelines.publication.site.record_list.pages import list_files
from pipelines.publication.site.record_list.summary import GateSummary, RecordSummary, summary_of
from pipelines.publication.site.reliability import (
    REGIMES,
    Reliability,
    calibration_error,
    in_order,
    reliability_svg,
)
from pipelines.publication.site.rule_tables import printed_tables
from pipelines.publication.site.signposting import record_links
from pipelines.publication.site.system.parts import system_parts
from pipelines.publication.site.system.view import SystemView
from pipelines.publication.site.templating import (
    CALIBRATION,
    RULES,
    SCRIPT,
    STYLE_SHEET,
    SYSTEM,
    environment,
    rendered,
)
from pipelines.publication.site.text import corrections_name, gate_verdict_name, manifest_name, page_name
from pipelines.publication.tombstones import Tombstone
from pipelines.publication.views import PublicRecord

__all__ = [
    "CALIBRATION",
    "RULES",
    "SYSTEM",
    "GateSummary",
    "RecordSummary",
    "assets",
    "calibration_page",
    "gate_verdict_name",
    "index_pages",
    "manifest_name",
    "page_name",
    "record_page",
    "rules_page",
    "summary_of",
    "system_page",
    "tombstone_page",
]

_HERE = Path(__file__).parent


# --- pages --------------------------------------------------------------------------------------


def record_page(
    record: PublicRecord,
    *,
    address: SiteAddress | None = None,
    files: Sequence[str] = (),
    sizes: Mapping[str, int] = MappingProxyType({}),
    manifest_sha256: str | None = None,
) -> str:
    """The page of one record, a complete HTML document.

    `files`: names of the files in the record's folder, in the order of the downloads; no other is linked from the
    head, and `sizes` are theirs in bytes, where known. `manifest_sha256`: of the manifest that lies there.
    """
    artifacts = gate_rows.artifact_rows(record)
    where, beside = address or SiteAddress(), record_files(record.record_id, files, sizes)
    return rendered(
        "record.html",
        record=record,
        bar=rows.verdict_bar(record.counts),
        standing=rows.standing_claims(record),
        comparisons=comparisons(record),
        claims=rows.claim_rows(record),
        references=rows.reference_rows(record),
        unaudited=sum(view.audit is None for view in record.references),
        alarming=rows.alarming_titles(record),
        dimensions=rows.dimension_rows(record),
        failed=rows.failed_reviews(record),
        silent=rows.silent_reviews(record),
        gates=gate_rows.gate_rows(record, artifacts),
        artifacts=artifacts,
        artifacts_of=gate_rows.by_claim(artifacts),
        anchors=rows.source_anchors(record),
        last_checked=rows.last_checked(record),
        costs=costs.total(record.costs.lines) if record.costs else None,
        manifest=manifest_name(record.record_id),
        corrections_file=corrections_name(record.record_id),
        verdict_file=gate_verdict_name(record.record_id) if record_gate_verdict(record) else None,
        citation_tags=citation_tags(record, beside, where),
        links=record_links(record, beside, where),
        linked_data=data_block(record_graph(record, beside, where)),
        cite=citation_of(record, where, manifest_sha256),
        downloads=beside,
        sizes_known=bool(sizes),
    )


def index_pages(records: Sequence[RecordSummary], withdrawn: Sequence[Tombstone] = ()) -> Iterator[tuple[str, bytes]]:
    """The list of all records: (path, bytes) of its data files and pages, `index.html` last.

    `withdrawn`: those that were taken down, which the index names.
    """
    return list_files(records, environment(), [(one, page_name(one.subject_id)) for one in withdrawn])


def tombstone_page(tombstone: Tombstone, corrections: Sequence[Correction] = ()) -> str:
    """What stands in the place of a record that was taken down: none of its words, and no title."""
    return rendered(
        "tombstone.html",
        tombstone=tombstone,
        corrections=corrections,
        manifest=manifest_name(tombstone.subject_id),
        corrections_file=corrections_name(tombstone.subject_id),
    )


def calibration_page(measured: Sequence[Reliability]) -> str:
    """How far a confidence can be relied on: a curve for each back end and regime that was measured."""
    curves = [[(regime, in_order(bins)) for regime, bins in sorted(one.curves.items())] for one in measured]
    return rendered(
        "calibration.html",
        measured=list(zip(measured, curves, strict=True)),
        regimes=REGIMES,
        error=calibration_error,
        interval=wilson,
        svg=reliability_svg,
    )


def rules_page() -> str:
    """How tier and level follow from facts: the tables themselves."""
    return rendered("rules.html", tables=printed_tables())


def system_page(view: SystemView, curves: Mapping[str, Reliability]) -> str:
    """What the whole warehouse holds, in plots and tables. `curves`: `reliability.shipped_curves`."""
    return rendered("system.html", **system_parts(view, curves))


def assets() -> Mapping[str, bytes]:
    """Files that the pages need beside them, by name."""
    return {name: (_HERE / name).read_bytes() for name in (STYLE_SHEET, SCRIPT)}

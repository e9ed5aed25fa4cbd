"""Assets of the fourth stage: rigour scans of sources read in full, reviews of records."""

from typing import Any

import dagster as dg

from assets.building import RecordsConfig, cohort_asset, counted, records_in
from assets.ingestion import passages
from assets.progress import following
from assets.resources import Clock, WarehouseResource, stamp
from assets.verification import reference_audits, verdicts
from pipelines.models import Finding, ReferenceAudit, Review, ReviewSummary
from pipelines.review.material import ReviewMaterial
from pipelines.review.published import RULES_VERSION, published_findings
from pipelines.review.reviewers import REVIEW_VERSION, review_record
from pipelines.review.rigor import SCANNER_VERSION, scan_text
from warehouse.append import content_id
from warehouse.connection import Warehouse
from warehouse.extraction import claims_of
from warehouse.ingestion import StoredRecord, references_of, source_versions_of
from warehouse.review import reviews_of, save_reviews, save_rigor_scans
from warehouse.verification import HeldVerdict, audits_of, verdicts_of

Reviewed = tuple[str, str, tuple[Review, ...], ReviewSummary, tuple[Finding, ...]]


@cohort_asset(group="review", deps=[passages], code_version=SCANNER_VERSION)
def rigor_scans(
    context: dg.AssetExecutionContext, config: RecordsConfig, warehouse: WarehouseResource, clock: Clock
) -> dg.MaterializeResult[Any]:
    """What each source that was read in full reports of its methods; why not, for the others."""
    house = warehouse.open()
    considered = written = 0
    for cohort in context.partition_keys:
        todo = source_versions_of(house, cohort, "rigor_scans", SCANNER_VERSION)
        considered += len(todo)
        scanned = [
            (version, scan_text(version.source_version_id, version.text, version.text_kind))
            for version in following("rigour scans", todo)
        ]
        written += save_rigor_scans(house, scanned, SCANNER_VERSION, stamp(context, clock))
    return counted(considered=considered, written=written)


@cohort_asset(
    group="review",
    deps=[reference_audits, verdicts, rigor_scans],
    code_version=f"{REVIEW_VERSION}+{RULES_VERSION}",
)
def reviews(
    context: dg.AssetExecutionContext, config: RecordsConfig, warehouse: WarehouseResource, clock: Clock
) -> dg.MaterializeResult[Any]:
    """Scores by independent reviewers, and what rules found on the record as published."""
    house = warehouse.open()
    held = records_in(house, context, config)
    written = 0
    for record in following("reviews", held):
        reviewed = _reviewed(house, record)
        written += save_reviews(house, [reviewed], stamp(context, clock)) if reviewed else 0
    return counted(considered=len(held), skipped=len(held) - written, written=written)


def _reviewed(house: Warehouse, record: StoredRecord) -> Reviewed | None:
    """None when nothing that the reviewers look at has changed."""
    one = [record.record_id]
    held = verdicts_of(house, one)
    audits = audits_of(house, one)
    fingerprint = _review_fingerprint(record, held, audits)
    before = reviews_of(house, one).get(record.record_id)
    if before and before.fingerprint == fingerprint:
        return None
    its_claims = claims_of(house, one).get(record.record_id, ())
    its_verdicts = {claim_id: one.verdict for claim_id, one in held.items()}
    findings = published_findings(record.parsed, its_claims, its_verdicts)
    in_order = [audits[r.reference_id] for r in references_of(house, one) if r.reference_id in audits]
    material = ReviewMaterial(
        record=record.parsed,
        claims=its_claims,
        verdicts=its_verdicts,
        audits=tuple(in_order),
        findings=findings,
    )
    reviews, summary = review_record(material)
    return record.record_id, fingerprint, reviews, summary, findings


def _review_fingerprint(record: StoredRecord, held: dict[str, HeldVerdict], audits: dict[str, ReferenceAudit]) -> str:
    return content_id(
        REVIEW_VERSION,
        RULES_VERSION,
        record.record_version_id,
        *sorted(one.verdict_id for one in held.values()),
        *(f"{key}:{audits[key].model_dump_json()}" for key in sorted(audits)),
    )

"""Assets of the fourth stage: rigour scans of sources read in full, reviews of records."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import dagster as dg

from assets.building import RecordsConfig, chunks, cohort_asset, counted, records_in
from assets.ingestion import passages
from assets.progress import following
from assets.resources import Clock, WarehouseResource, stamp
from assets.verification import reference_audits, verdicts
from pipelines.models import Claim, Finding, ReferenceAudit, Review, ReviewSummary
from pipelines.review.material import ReviewMaterial
from pipelines.review.published import RULES_VERSION, published_findings
from pipelines.review.reviewers import REVIEW_VERSION, review_record
from pipelines.review.rigor import SCANNER_VERSION, scan_text
from pipelines.review.rules_across import across_findings
from warehouse.append import content_id
from warehouse.connection import Warehouse
from warehouse.extraction import claims_of
from warehouse.ingestion import StoredRecord, references_of
from warehouse.review import reviews_of, save_reviews, save_rigor_scans, stated_gates
from warehouse.sources import source_versions_of
from warehouse.verification import HeldVerdict, adjudications_of, audits_of, verdicts_of

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
    considered = written = 0
    across = across_findings(stated_gates(house))
    for chunk in chunks("reviews", records_in(house, context, config)):
        reviewed = _reviewed(house, chunk, across)
        considered += len(chunk)
        written += save_reviews(house, reviewed, stamp(context, clock)) if reviewed else 0
    return counted(considered=considered, skipped=considered - written, written=written)


def _reviewed(
    house: Warehouse, chunk: Sequence[StoredRecord], across: Mapping[str, tuple[Finding, ...]]
) -> list[Reviewed]:
    """The reviews of those records of which something that reviewers look at has changed.

    `across` holds what records of any cohort show about a record: when a contradicting one arrives, the
    record is reviewed again.
    """
    ids = [record.record_id for record in chunk]
    held, audits, before = _public_verdicts(house, ids), audits_of(house, ids), reviews_of(house, ids)
    its_claims = claims_of(house, ids)
    listed: dict[str, list[ReferenceAudit]] = {}
    for stored in references_of(house, ids):
        if stored.reference_id in audits:
            listed.setdefault(stored.record_id, []).append(audits[stored.reference_id])
    reviewed = []
    for record in chunk:
        its = its_claims.get(record.record_id, ())
        verdicts_held = {one.claim_id: held[one.claim_id] for one in its if one.claim_id in held}
        its_audits = tuple(listed.get(record.record_id, ()))
        found_across = across.get(record.record_id, ())
        fingerprint = _review_fingerprint(record, verdicts_held, its_audits, found_across)
        if record.record_id not in before or before[record.record_id].fingerprint != fingerprint:
            reviewed.append(_review(record, its, verdicts_held, its_audits, found_across, fingerprint))
    return reviewed


def _public_verdicts(house: Warehouse, ids: Sequence[str]) -> dict[str, HeldVerdict]:
    """Claim id to what is publicly held about it: a person's verdict takes precedence."""
    held, decided = verdicts_of(house, ids), adjudications_of(house, ids)
    for claim_id, one in held.items():
        if claim_id in decided:
            changed = {"verdict": decided[claim_id].verdict, "confidence": None, "reason": decided[claim_id].reason}
            held[claim_id] = replace(one, verdict=one.verdict.model_copy(update=changed))
    return held


def _review(
    record: StoredRecord,
    its_claims: tuple[Claim, ...],
    held: Mapping[str, HeldVerdict],
    audits: tuple[ReferenceAudit, ...],
    across: tuple[Finding, ...],
    fingerprint: str,
) -> Reviewed:
    its_verdicts = {claim_id: one.verdict for claim_id, one in held.items()}
    findings = (*published_findings(record.parsed, its_claims, its_verdicts), *across)
    material = ReviewMaterial(
        record=record.parsed, claims=its_claims, verdicts=its_verdicts, audits=audits, findings=findings
    )
    reviews, summary = review_record(material)
    return record.record_id, fingerprint, reviews, summary, findings


def _review_fingerprint(
    record: StoredRecord,
    held: Mapping[str, HeldVerdict],
    audits: Sequence[ReferenceAudit],
    across: Sequence[Finding],
) -> str:
    return content_id(
        REVIEW_VERSION,
        RULES_VERSION,
        record.record_version_id,
        *sorted(f"{one.verdict_id}:{one.verdict.verdict}" for one in held.values()),
        *(audit.model_dump_json() for audit in audits),
        *(finding.model_dump_json() for finding in across),
    )

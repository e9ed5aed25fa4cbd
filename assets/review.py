"""Assets of the fourth stage: rigour scans of sources read in full, reviews of records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import dagster as dg

from assets.building import RecordsConfig, chunks, cohort_asset, counted, records_in
from assets.ingestion import passages
from assets.metering import Meter, spending_of
from assets.progress import following
from assets.resources import Clock, ReviewersResource, WarehouseResource, stamp
from assets.verification import reference_audits, verdicts
from pipelines.models import Claim, Finding, ReferenceAudit, Review, ReviewSummary, RigorScan
from pipelines.review.findings.across import across_findings
from pipelines.review.findings.published import RULES_VERSION, published_findings
from pipelines.review.material import REVIEW_VERSION, Reviewer, ReviewMaterial
from pipelines.review.reviewers.team import review_record
from pipelines.review.rigor.scanning import SCANNER_VERSION
from warehouse.append import content_id
from warehouse.connection import Warehouse
from warehouse.extraction import claims_of
from warehouse.ingestion import StoredRecord, references_of
from warehouse.review import reviews_of, save_reviews, scans_of_records, stated_gates
from warehouse.reviewers import is_reviewed, kept_fingerprint, review_fingerprint
from warehouse.verification import HeldVerdict, adjudications_of, audits_of, verdicts_of

Reviewed = tuple[str, str, tuple[Review, ...], ReviewSummary, tuple[Finding, ...]]


@cohort_asset(group="review", deps=[passages], code_version=SCANNER_VERSION)
def rigor_scans(
    context: dg.AssetExecutionContext,
    config: RecordsConfig,
    warehouse: WarehouseResource,
    clock: Clock,
    reviewers: ReviewersResource,
) -> dg.MaterializeResult[Any]:
    """What each source that was read in full reports of its methods; why not, for the others."""
    house = warehouse.open()
    considered = written = 0
    with reviewers.scanner(house, clock, context.run.run_id) as scanner:
        for cohort in context.partition_keys:
            todo = scanner.unscanned(house, cohort)
            considered += len(todo)
            scanned = [(version, scanner.scan(version)) for version in following("rigour scans", todo)]
            written += scanner.save(house, scanned, stamp(context, clock))
    return counted(considered=considered, written=written)


@cohort_asset(
    group="review",
    deps=[reference_audits, verdicts, rigor_scans],
    code_version=f"{REVIEW_VERSION}+{RULES_VERSION}",
)
def reviews(
    context: dg.AssetExecutionContext,
    config: RecordsConfig,
    warehouse: WarehouseResource,
    clock: Clock,
    reviewers: ReviewersResource,
) -> dg.MaterializeResult[Any]:
    """Scores by independent reviewers, and what rules found on the record as published."""
    house = warehouse.open()
    considered = written = 0
    across = across_findings(stated_gates(house))
    with reviewers.opened(house, clock, context.run.run_id) as team:
        asks = any(one.model is not None for one in team)
        spending = spending_of(house, context.run.run_id) if asks else None
        for chunk in chunks("reviews", records_in(house, context, config)):
            meter = Meter("reviews", clock, spending)
            reviewed = _reviewed(house, chunk, across, team, meter)
            considered += len(chunk)
            written += save_reviews(house, reviewed, stamp(context, clock), meter.costs()) if reviewed else 0
    return counted(considered=considered, skipped=considered - written, written=written)


def _reviewed(
    house: Warehouse,
    chunk: Sequence[StoredRecord],
    across: Mapping[str, tuple[Finding, ...]],
    reviewers: Sequence[Reviewer],
    meter: Meter,
) -> list[Reviewed]:
    """The reviews of those records of which something that reviewers look at has changed.

    `across` holds what records of any cohort show about a record: when a contradicting one arrives, the
    record is reviewed again.
    """
    ids = [record.record_id for record in chunk]
    with house.reading():
        before, gathered = reviews_of(house, ids), _gathered(house, ids)
    reviewed = []
    for record in chunk:
        material, marks = gathered.material(record, across.get(record.record_id, ()))
        facts = content_id(REVIEW_VERSION, RULES_VERSION, record.record_version_id, *marks)
        fingerprint = review_fingerprint(facts, reviewers)
        held = before.get(record.record_id)
        if held is None or not is_reviewed(held.fingerprint, fingerprint):
            with meter.on(record.record_id):
                found = published_findings(record.parsed, material.claims, material.verdicts)
                material = replace(material, findings=(*found, *material.findings))
                reviews, summary = review_record(material, reviewers)
            kept = kept_fingerprint(fingerprint, reviews)
            # A model that was not heard changes nothing: what is held stays.
            if held is None or not is_reviewed(held.fingerprint, kept):
                reviewed.append((record.record_id, kept, reviews, summary, tuple(material.findings)))
    return reviewed


@dataclass(frozen=True)
class _Gathered:
    """What earlier stages hold about a chunk of records, by claim, record and source."""

    claims: Mapping[str, tuple[Claim, ...]]
    verdicts: Mapping[str, HeldVerdict]
    audits: Mapping[str, Mapping[int, ReferenceAudit]]
    scans: Mapping[str, Mapping[str, RigorScan]]

    def material(self, record: StoredRecord, across: tuple[Finding, ...]) -> tuple[ReviewMaterial, list[str]]:
        """What reviewers look at, so far as earlier stages hold it, and marks of all that may change in it."""
        claims = self.claims.get(record.record_id, ())
        held = {one.claim_id: self.verdicts[one.claim_id] for one in claims if one.claim_id in self.verdicts}
        audits, scans = self.audits.get(record.record_id, {}), self.scans.get(record.record_id, {})
        material = ReviewMaterial(
            record=record.parsed,
            claims=claims,
            verdicts={claim_id: one.verdict for claim_id, one in held.items()},
            audits=tuple(audits.values()),
            findings=across,
            audited=tuple(audits),
            scans=scans,
        )
        marks = [
            *sorted(f"{one.verdict_id}:{one.verdict.verdict}" for one in held.values()),
            *(audit.model_dump_json() for audit in audits.values()),
            *(f"{source_id}:{scan.model_dump_json()}" for source_id, scan in scans.items()),
            *(finding.model_dump_json() for finding in across),
        ]
        return material, marks


def _gathered(house: Warehouse, ids: Sequence[str]) -> _Gathered:
    references = references_of(house, ids)
    audits = audits_of(house, references)
    listed: dict[str, dict[int, ReferenceAudit]] = {}
    for stored in references:
        if stored.reference_id in audits:
            listed.setdefault(stored.record_id, {})[stored.reference.ordinal] = audits[stored.reference_id]
    return _Gathered(claims_of(house, ids), _public_verdicts(house, ids), listed, scans_of_records(house, ids))


def _public_verdicts(house: Warehouse, ids: Sequence[str]) -> dict[str, HeldVerdict]:
    """Claim id to what is publicly held about it: a person's verdict takes precedence."""
    held, decided = dict(verdicts_of(house, ids)), adjudications_of(house, ids)
    for claim_id, one in held.items():
        if claim_id in decided:
            changed = {"verdict": decided[claim_id].verdict, "confidence": None, "reason": decided[claim_id].reason}
            held[claim_id] = replace(one, verdict=one.verdict.model_copy(update=changed))
    return held

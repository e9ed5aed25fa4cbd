"""Queries of the fourth stage: reviews with the findings on a record as published, rigour scans."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter

from pipelines.models import Finding, Review, ReviewSummary, RigorScan, StatedFacts
from pipelines.review.findings.across import StatedGate
from warehouse.append import Batch, Row, Stamp, append, append_batches, content_id, in_force, previous_id, says_the_same
from warehouse.as_read import AsRead
from warehouse.connection import Warehouse
from warehouse.costs import WorkCost, append_costs, costs_for
from warehouse.sources import StoredSourceVersion
from warehouse.statements import statement

_REVIEWS = TypeAdapter(tuple[Review, ...])
_FINDINGS = TypeAdapter(tuple[Finding, ...])


@dataclass(frozen=True)
class HeldReview:
    review_id: str
    fingerprint: str
    reviews: tuple[Review, ...]
    summary: ReviewSummary
    findings: tuple[Finding, ...]


def save_rigor_scans(
    warehouse: Warehouse,
    scanned: Sequence[tuple[StoredSourceVersion, RigorScan]],
    fingerprint: str,
    stamp: Stamp,
) -> int:
    batches = [
        Batch(
            version.source_version_id,
            fingerprint,
            [
                {
                    "source_version_id": version.source_version_id,
                    "scanned": scan.scanned,
                    "reason": scan.reason,
                    "scan": scan.model_dump_json(),
                }
            ],
        )
        for version, scan in scanned
    ]
    with warehouse.write() as connection:
        return append_batches(connection, "rigor_scans", "rigor_scans", batches, stamp)


def rigor_scans_of(warehouse: Warehouse, source_version_ids: Sequence[str]) -> AsRead[RigorScan]:
    """Source version to the scan of it that is in force."""
    with warehouse.read() as connection:
        rows = connection.execute(
            "SELECT source_version_id, scan FROM rigor_scans_of(?) ORDER BY source_version_id",
            [list(source_version_ids)],
        ).fetchall()
    return AsRead(dict(rows), RigorScan.model_validate_json)


def scans_of_records(warehouse: Warehouse, record_ids: Sequence[str]) -> dict[str, dict[str, RigorScan]]:
    """Record id to the scans of those of its sources that were read in full, by source id."""
    with warehouse.read() as connection:
        rows = connection.execute(statement("review/scans_of_records"), {"record_ids": list(record_ids)}).fetchall()
    scans = {version: RigorScan.model_validate_json(scan) for _, _, version, scan in rows}
    found: dict[str, dict[str, RigorScan]] = {}
    for record_id, source_id, version, _ in rows:
        found.setdefault(record_id, {})[source_id] = scans[version]
    return found


def stated_gates(warehouse: Warehouse) -> tuple[StatedGate, ...]:
    """What every record that states a gate status says of it, of all cohorts, in a stable order."""
    with warehouse.read() as connection:
        rows = connection.execute(statement("review/stated_gates")).fetchall()
    return tuple(_stated_gate(*row) for row in rows)


def _stated_gate(
    record_id: str, title: str | None, question: str | None, publisher: str | None, stated: str
) -> StatedGate:
    facts = StatedFacts.model_validate_json(stated)
    return StatedGate(
        record_id=record_id,
        title=title,
        question=question,
        publisher=publisher,
        status=facts.gate_status,
        reason=facts.gate_reason,
        places=tuple(one.place for one in facts.figures if one.name in ("gate_status", "gate_reason")),
    )


def save_reviews(
    warehouse: Warehouse,
    reviewed: Sequence[tuple[str, str, Sequence[Review], ReviewSummary, Sequence[Finding]]],
    stamp: Stamp,
    costs: Sequence[WorkCost] = (),
) -> int:
    """Save (record id, fingerprint, reviews, summary, findings); how many are new."""
    with warehouse.write() as connection:
        before = in_force(connection, "reviews", "review_id", "record_id", [one[0] for one in reviewed])
        rows: list[Row] = [
            {
                "review_id": content_id("review", record_id, fingerprint, previous_id(before.get(record_id))),
                "record_id": record_id,
                "fingerprint": fingerprint,
                "previous_id": previous_id(before.get(record_id)),
                "score": summary.score,
                "low": summary.low,
                "high": summary.high,
                "agreement": summary.agreement,
                "reviewer_count": len(summary.reviewers),
                "reviews": json.dumps([one.model_dump(mode="json") for one in reviews]),
                "summary": summary.model_dump_json(),
                "findings": json.dumps([one.model_dump(mode="json") for one in findings]),
                "recorded_at": stamp.recorded_at,
                "run_id": stamp.run_id,
            }
            for record_id, fingerprint, reviews, summary, findings in reviewed
            if not says_the_same(before.get(record_id), fingerprint)
        ]
        append_costs(connection, costs_for(costs, {row["record_id"] for row in rows}), stamp)
        return append(connection, "reviews", rows, key="review_id")


def reviews_of(warehouse: Warehouse, record_ids: Sequence[str]) -> AsRead[HeldReview]:
    """Record id to its reviews in force."""
    with warehouse.read() as connection:
        rows = connection.execute(
            "SELECT record_id, review_id, fingerprint, reviews, summary, findings FROM current_reviews "
            "WHERE record_id IN (SELECT unnest(?::VARCHAR[]))",
            [list(record_ids)],
        ).fetchall()
    return AsRead({record_id: rest for record_id, *rest in rows}, lambda row: _held(*row))


def _held(review_id: str, fingerprint: str, reviews: str, summary: str, findings: str) -> HeldReview:
    return HeldReview(
        review_id,
        fingerprint,
        _REVIEWS.validate_json(reviews),
        ReviewSummary.model_validate_json(summary),
        _FINDINGS.validate_json(findings),
    )

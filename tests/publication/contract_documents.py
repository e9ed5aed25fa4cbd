"""Records with facts for the tests of contracts, and their documents as a reader gets them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from pipelines.models import AttemptOutcome, ClaimCounts, PublicGateStatus, ReviewSummary
from pipelines.publication.contracts.table import CONTRACTS
from pipelines.publication.corrections import correction_events, public_state
from pipelines.publication.gate_contract import VERIFICATION_GATE, gate_in_force
from pipelines.publication.levels import artifacts_of_claims, corroborated_claims, level_facts, level_of
from pipelines.publication.manifest import manifest_bytes
from pipelines.publication.tiers import TierFacts, tier_of
from pipelines.publication.views import GateView, PublicRecord
from tests.publication.published_records import gated_record, gates, rich_record

NOW = datetime(2026, 7, 9, 2, 0, tzinfo=UTC)


def document(name: str, record: PublicRecord, base_url: str | None = None) -> Any:
    """A contract as a reader gets it; None where it does not apply."""
    built = CONTRACTS[name].build(record, base_url)
    return None if built is None else json.loads(manifest_bytes(built))


def corrected() -> PublicRecord:
    """The gated record after the rich one was published."""
    record = gated_record()
    before = public_state(rich_record(gates=(), title="Does clover save water?"))
    events = correction_events(
        before, public_state(record), record_id=record.record_id, previous=None, why="checked again", recorded_at=NOW
    )
    assert {one.kind for one in events} >= {"METADATA", "ARTIFACT"}
    return record.model_copy(update={"corrections": events})


def gate_2(outcome: AttemptOutcome, status: PublicGateStatus = PublicGateStatus.UNVERIFIED) -> GateView:
    return gates()[1].model_copy(update={"outcome": outcome, "public_status": status})


def rated(record: PublicRecord) -> PublicRecord:
    """The record with tier and level as its facts decide them."""
    verification = gate_in_force(record.gates, VERIFICATION_GATE)
    facts = TierFacts(
        score=record.review.score,
        claims=record.counts,
        verification=verification.public_status if verification else None,
    )
    tier, tier_basis = tier_of(facts)
    counting = artifacts_of_claims(record.artifacts, record.claims)
    level, level_basis = level_of(
        level_facts(record.counts, corroborated_claims(record.claims), counting, verification)
    )
    found = {"tier": tier, "tier_basis": tier_basis, "level": level, "level_basis": level_basis}
    return record.model_copy(update=found)


def scored(score: float | None, **changed: object) -> PublicRecord:
    return rated(rich_record(review=ReviewSummary(score=score, reason="as set"), **changed))


ALL_SUPPORTED = ClaimCounts(extracted=6, supported=6)
NOTHING_SUPPORTED = ClaimCounts(extracted=12, not_enough_info=12)

"""Assets of the third stage: reference audits and verdicts."""

from collections.abc import Sequence
from typing import Any

import dagster as dg

from assets.building import RecordsConfig, cohort_asset, counted, records_in
from assets.extraction import claims
from assets.ingestion import passages, sources
from assets.progress import following
from assets.resources import Clock, WarehouseResource, stamp
from pipelines.models import Claim, Reference, Verdict, Work
from pipelines.verification.audit import AUDIT_VERSION, audit_reference
from pipelines.verification.fingerprint import fingerprint
from pipelines.verification.terms import TermStatistics, load_terms
from pipelines.verification.verdict import SETTINGS, VERIFIER_VERSION, prepare_passages, verify_claim
from warehouse.append import content_id
from warehouse.connection import Warehouse
from warehouse.extraction import claims_of
from warehouse.ingestion import (
    RecordSource,
    StoredRecord,
    StoredReference,
    indexes_asked,
    passages_of,
    references_of,
    sources_of,
)
from warehouse.verification import audit_fingerprints, save_audits, save_verdicts, verdict_fingerprints

Links = Sequence[tuple[RecordSource, Work]]


@cohort_asset(group="verification", deps=[sources], code_version=AUDIT_VERSION)
def reference_audits(
    context: dg.AssetExecutionContext, config: RecordsConfig, warehouse: WarehouseResource, clock: Clock
) -> dg.MaterializeResult[Any]:
    """Does each reference exist, and is it what the record says it is."""
    house = warehouse.open()
    held = records_in(house, context, config)
    considered = written = 0
    for record in following("reference audits", held):
        stored = references_of(house, [record.record_id])
        links = sources_of(house, [record.record_id]).get(record.record_id, ())
        asked = indexes_asked(house, [record.record_id]).get(record.record_id, ())
        wanted = {one.reference_id: _audit_fingerprint(one, links, asked) for one in stored}
        done = audit_fingerprints(house, list(wanted))
        todo = [one for one in stored if done.get(one.reference_id) != wanted[one.reference_id]]
        audited = [
            (
                one,
                wanted[one.reference_id],
                audit_reference(
                    one.reference,
                    _candidates(one, links),
                    indexes_asked=asked,
                    given=_is_given(one.reference, links),
                ),
            )
            for one in todo
        ]
        considered += len(stored)
        written += save_audits(house, audited, stamp(context, clock)) if audited else 0
    return counted(considered=considered, skipped=considered - written, written=written)


def _candidates(stored: StoredReference, links: Links) -> tuple[Work, ...]:
    return tuple(work for link, work in links if link.reference_id == stored.reference_id)


def _is_given(reference: Reference, links: Links) -> bool:
    return any(link.relation == "given" and link.mark == reference.mark for link, _ in links)


def _audit_fingerprint(stored: StoredReference, links: Links, asked: Sequence[str]) -> str:
    held = [work.model_dump_json() for work in _candidates(stored, links)]
    given = _is_given(stored.reference, links)
    return content_id(AUDIT_VERSION, stored.reference.model_dump_json(), *held, *asked, given)


@cohort_asset(group="verification", deps=[claims, passages], code_version=VERIFIER_VERSION)
def verdicts(
    context: dg.AssetExecutionContext, config: RecordsConfig, warehouse: WarehouseResource, clock: Clock
) -> dg.MaterializeResult[Any]:
    """What is held about each claim, and on which sentences. What did not change is not checked again."""
    house = warehouse.open()
    held = records_in(house, context, config)
    terms = load_terms()
    considered = written = 0
    for record in following("verdicts", held):
        its_claims = claims_of(house, [record.record_id]).get(record.record_id, ())
        reached = _reached(house, record, its_claims, terms)
        considered += len(its_claims)
        written += save_verdicts(house, reached, stamp(context, clock)) if reached else 0
    return counted(considered=considered, skipped=considered - written, checked=written)


def _reached(
    house: Warehouse, record: StoredRecord, its_claims: Sequence[Claim], terms: TermStatistics
) -> list[tuple[str, Verdict]]:
    links = sources_of(house, [record.record_id]).get(record.record_id, ())
    versions = sorted({link.source_version_id for link, _ in links if link.source_version_id})
    settings = SETTINGS.model_dump_json()
    wanted = {
        claim.claim_id: fingerprint(
            claim.normalised,
            [*versions, *sorted(_cited(claim, links))],
            VERIFIER_VERSION,
            settings,
            terms.snapshot_id,
        )
        for claim in its_claims
    }
    done = verdict_fingerprints(house, [record.record_id])
    todo = [claim for claim in its_claims if done.get(claim.claim_id) != wanted[claim.claim_id]]
    if not todo:
        return []
    prepared = prepare_passages(passages_of(house, [record.record_id]).get(record.record_id, ()), terms)
    absence = _absence(record, links)
    return [
        (
            wanted[claim.claim_id],
            verify_claim(claim, prepared, cited=_cited(claim, links), terms=terms, absence=absence),
        )
        for claim in todo
    ]


def _cited(claim: Claim, links: Links) -> frozenset[str]:
    return frozenset(link.source_id for link, _ in links if link.mark is not None and link.mark in claim.citations)


def _absence(record: StoredRecord, links: Links) -> str:
    """Why there is no source text, in words, should there be none."""
    listed = len(record.parsed.references)
    if not listed and not record.parsed.passages:
        return "no source text: the record lists no references"
    if not links:
        return f"no source text: none of the {listed} references is in the library, and the network is off"
    return f"no source text: {len(links)} of the {listed} references are known, but no text of them is held"

"""Assets of the third stage: reference audits and verdicts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import dagster as dg

from assets.building import RecordsConfig, chunks, cohort_asset, counted, records_in
from assets.extraction import claims
from assets.ingestion import passages, sources
from assets.literature import LiteratureResource
from assets.resources import Clock, WarehouseResource, stamp
from pipelines.ingestion.literature import Literature
from pipelines.ingestion.lookup_plan import answers_for
from pipelines.models import Claim, IndexAnswer, Passage, ReferenceAudit, Verdict, Work
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
    passages_of,
    references_by_record,
    sources_fingerprints,
    sources_of,
)
from warehouse.verification import audit_fingerprints, save_audits, save_verdicts, verdict_fingerprints

Links = Sequence[tuple[RecordSource, Work]]


@cohort_asset(group="verification", deps=[sources], code_version=AUDIT_VERSION)
def reference_audits(
    context: dg.AssetExecutionContext,
    config: RecordsConfig,
    warehouse: WarehouseResource,
    literature: LiteratureResource,
    clock: Clock,
) -> dg.MaterializeResult[Any]:
    """Does each reference exist, and is it what the record says it is. Asks nobody: it judges what was answered."""
    house = warehouse.open()
    remembered = literature.remembered(house, clock, context.run.run_id)
    considered = written = 0
    for chunk in chunks("reference audits", records_in(house, context, config)):
        cases = _audit_cases(house, chunk, remembered)
        done = audit_fingerprints(house, [case.stored.reference_id for case in cases])
        todo = [case for case in cases if done.get(case.stored.reference_id) != case.fingerprint]
        considered += len(cases)
        audited = [(case.stored, case.fingerprint, case.audit()) for case in todo]
        written += save_audits(house, audited, stamp(context, clock)) if audited else 0
    return counted(considered=considered, skipped=considered - written, written=written)


@dataclass(frozen=True)
class AuditCase:
    """A reference with what it is judged by: candidate works, what indexes answered, which libraries did.

    `given`: a text came with the record under this reference's mark.
    """

    stored: StoredReference
    candidates: tuple[Work, ...]
    answers: tuple[IndexAnswer, ...]
    library: tuple[str, ...]
    given: bool

    @property
    def fingerprint(self) -> str:
        """Who answered what, not when: the same answer tomorrow is no new audit."""
        held = [work.model_dump_json() for work in self.candidates]
        said = [f"{one.index} {one.by} {one.value} {one.outcome}" for one in self.answers]
        stated = self.stored.reference.model_dump_json()
        return content_id(AUDIT_VERSION, stated, *held, *said, *self.library, self.given)

    def audit(self) -> ReferenceAudit:
        return audit_reference(
            self.stored.reference, self.candidates, answers=self.answers, library=self.library, given=self.given
        )


def _audit_cases(house: Warehouse, chunk: Sequence[StoredRecord], remembered: Literature) -> list[AuditCase]:
    links = sources_of(house, [record.record_id for record in chunk])
    listed = references_by_record(house, [record.record_id for record in chunk])
    found_with = sources_fingerprints(house, chunk)
    known = remembered.look_up([one.reference for of_one in listed.values() for one in of_one])
    cases: list[AuditCase] = []
    for record in chunk:
        candidates: dict[str | None, list[Work]] = {}
        for link, work in links.get(record.record_id, ()):
            candidates.setdefault(link.reference_id, []).append(work)
        given = {link.mark for link, _ in links.get(record.record_id, ()) if link.relation == "given"}
        fingerprint = found_with.get(record.record_version_id)
        cases += [
            AuditCase(
                one,
                tuple(candidates.get(one.reference_id, ())),
                answers_for(one.reference, known, remembered.able),
                fingerprint.library if fingerprint else (),
                one.reference.mark in given,
            )
            for one in listed.get(record.record_id, ())
        ]
    return cases


@cohort_asset(group="verification", deps=[claims, passages], code_version=VERIFIER_VERSION)
def verdicts(
    context: dg.AssetExecutionContext, config: RecordsConfig, warehouse: WarehouseResource, clock: Clock
) -> dg.MaterializeResult[Any]:
    """What is held about each claim, and on which sentences. What did not change is not checked again."""
    house = warehouse.open()
    terms = load_terms()
    considered = written = 0
    for chunk in chunks("verdicts", records_in(house, context, config)):
        cases = _verdict_cases(house, chunk, terms)
        done = verdict_fingerprints(house, [case.record.record_id for case in cases])
        pending = [(case, case.pending(done)) for case in cases]
        passages_held = passages_of(house, [case.record.record_id for case, todo in pending if todo])
        reached = [
            one
            for case, todo in pending
            for one in case.reach(todo, passages_held.get(case.record.record_id, ()), terms)
        ]
        considered += sum(len(case.claims) for case in cases)
        written += save_verdicts(house, reached, stamp(context, clock)) if reached else 0
    return counted(considered=considered, skipped=considered - written, checked=written)


@dataclass(frozen=True)
class VerdictCase:
    """A record's claims, each with the fingerprint of what its verdict depends on."""

    record: StoredRecord
    claims: tuple[Claim, ...]
    links: Links
    fingerprints: Mapping[str, str]

    def pending(self, done: Mapping[str, str]) -> tuple[Claim, ...]:
        return tuple(one for one in self.claims if done.get(one.claim_id) != self.fingerprints[one.claim_id])

    def reach(
        self, todo: Sequence[Claim], passages_held: Sequence[Passage], terms: TermStatistics
    ) -> list[tuple[str, Verdict]]:
        """The verdicts on `todo`, each with its fingerprint."""
        if not todo:
            return []
        prepared = prepare_passages(passages_held, terms)
        absence = _absence(self.record, self.links)
        return [
            (
                self.fingerprints[one.claim_id],
                verify_claim(one, prepared, cited=_cited(one, self.links), terms=terms, absence=absence),
            )
            for one in todo
        ]


def _verdict_cases(house: Warehouse, chunk: Sequence[StoredRecord], terms: TermStatistics) -> list[VerdictCase]:
    ids = [record.record_id for record in chunk]
    held, links = claims_of(house, ids), sources_of(house, ids)
    return [
        _verdict_case(record, held.get(record.record_id, ()), links.get(record.record_id, ()), terms)
        for record in chunk
    ]


def _verdict_case(
    record: StoredRecord, its_claims: tuple[Claim, ...], links: Links, terms: TermStatistics
) -> VerdictCase:
    versions = {link.source_version_id for link, _ in links if link.source_version_id}
    settings = SETTINGS.model_dump_json()
    fingerprints = {
        one.claim_id: fingerprint(
            one.normalised, versions | _cited(one, links), VERIFIER_VERSION, settings, terms.snapshot_id
        )
        for one in its_claims
    }
    return VerdictCase(record, its_claims, links, fingerprints)


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

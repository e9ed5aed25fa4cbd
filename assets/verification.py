"""Assets of the third stage: reference audits and verdicts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import dagster as dg

from assets.building import RecordsConfig, chunks, cohort_asset, counted, records_in
from assets.extraction import claims
from assets.ingestion import passages, sources
from assets.literature import LiteratureResource
from assets.metering import Meter, spending_of
from assets.resources import Clock, LibraryResource, VerifierResource, WarehouseResource, stamp
from assets.verdict_steps import OF_A_SERVICE, STEPS_VERSION, reach_verdicts, verdict_cases
from pipelines.ingestion.literature import Literature
from pipelines.ingestion.lookup_plan import answers_for
from pipelines.models import IndexAnswer, ReferenceAudit, Work
from pipelines.verification.audit import AUDIT_VERSION, audit_reference
from pipelines.verification.features_backend import RULES_VERSION
from warehouse.append import content_id
from warehouse.connection import Warehouse
from warehouse.corpus import Corpus
from warehouse.ingestion import StoredRecord, StoredReference, references_by_record
from warehouse.sources import sources_fingerprints, sources_of
from warehouse.verification import audit_fingerprints, save_audits, save_verdicts


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
        meter, audited = Meter("reference_audits", clock), []
        for case in todo:
            with meter.on(case.stored.record_id):
                audited.append((case.stored, case.fingerprint, case.audit()))
        written += save_audits(house, audited, stamp(context, clock), meter.costs()) if audited else 0
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
    with house.reading():
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


@cohort_asset(group="verification", deps=[claims, passages], code_version=f"{STEPS_VERSION} {RULES_VERSION}")
def verdicts(
    context: dg.AssetExecutionContext,
    config: RecordsConfig,
    warehouse: WarehouseResource,
    library: LibraryResource,
    verifier: VerifierResource,
    clock: Clock,
) -> dg.MaterializeResult[Any]:
    """What is held about each claim, and on which sentences. What did not change is not checked again."""
    house = warehouse.open()
    corpus = Corpus.of(library.shelf(house, context, clock), searched=library.searched())
    considered = written = 0
    with verifier.backend(house, clock, context.run.run_id) as backend:
        spending = spending_of(house, context.run.run_id) if backend.name in OF_A_SERVICE else None
        for chunk in chunks("verdicts", records_in(house, context, config)):
            cases = verdict_cases(house, chunk, backend)
            meter = Meter("verdicts", clock, spending)
            reached = reach_verdicts(house, cases, corpus, backend, meter)
            considered += sum(len(case.claims) for case in cases)
            written += save_verdicts(house, reached, stamp(context, clock), meter.costs()) if reached else 0
    return counted(considered=considered, skipped=considered - written, checked=written)

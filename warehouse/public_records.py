"""Everything publicly held about records, put together: the input of manifests, corrections and pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from pipelines.ingestion.search.prisma import prisma_steps
from pipelines.models import (
    Adjudication,
    Claim,
    ClaimCounts,
    ClaimVerdict,
    Evidence,
    EvidenceScope,
    Layout,
    NoticeKind,
    ReferenceAudit,
    ReferenceCounts,
    ReferenceFinding,
    ReviewSummary,
    RigorScan,
    Verdict,
    Work,
)
from pipelines.publication.gate_contract import VERIFICATION_GATE, gate_in_force
from pipelines.publication.levels import artifacts_of_claims, corroborated_claims, level_facts, level_of
from pipelines.publication.own_answer import own_answer
from pipelines.publication.scan_views import SourceScanView, scan_view
from pipelines.publication.tiers import TierFacts, main_sources, tier_of
from pipelines.publication.tombstones import Tombstone
from pipelines.publication.views import (
    ClaimView,
    EvidenceView,
    GateView,
    PublicRecord,
    ReferenceView,
    SearchView,
    SourceView,
)
from warehouse.artifacts import artifacts_of
from warehouse.attempts import attempts_of
from warehouse.connection import Warehouse
from warehouse.corpus import found_works_of
from warehouse.costs import costs_of
from warehouse.extraction import claims_of
from warehouse.gates import gate_verdicts_of
from warehouse.ingestion import StoredRecord, records_of, references_by_record
from warehouse.public_gates import artifact_views, gate_view, verdict_in_force, verification_status
from warehouse.publication import corrections_of
from warehouse.red_team import red_team_reports_of
from warehouse.review import reviews_of, rigor_scans_of
from warehouse.scans import checks_of, scans_of_sources
from warehouse.searches import StoredSearch, searches_of
from warehouse.sources import RecordSource, passage_texts, sources_of
from warehouse.statements import batched
from warehouse.verification import HeldVerdict, adjudications_of, audits_of, verdicts_of
from warehouse.withdrawals import withdrawn_sources

UNREVIEWED = ReviewSummary(score=None, reason="not reviewed yet")
CHUNK = 250  # records read together: a query a table, not a query a record


def public_records(warehouse: Warehouse, record_ids: Sequence[str], *, today: date) -> Iterator[PublicRecord]:
    """The public records named, in the order they came in. `today` decides which gates are in force."""
    for some in batched(record_ids, CHUNK):
        # in a generator of its own, so that what is held is let go before the next is read
        yield from _chunk(warehouse, some, today)


def _chunk(warehouse: Warehouse, record_ids: Sequence[str], today: date) -> Iterator[PublicRecord]:
    with warehouse.reading():
        held, records = _Held(warehouse, record_ids), records_of(warehouse, record_ids=record_ids)
    yield from (_public_record(record, held, today) for record in records)


class _Held:
    """All that the stages hold about some records, read set-wise: a query a table, not a query a record."""

    def __init__(self, warehouse: Warehouse, ids: Sequence[str]) -> None:
        self.claims = claims_of(warehouse, ids)
        self.verdicts = verdicts_of(warehouse, ids)
        self.adjudications = adjudications_of(warehouse, ids)
        self.found = found_works_of(warehouse, tuple(self.verdicts.ids.values()))
        self.links = sources_of(warehouse, ids)
        self.references = references_by_record(warehouse, ids)
        self.audits = audits_of(warehouse, (one for listed in self.references.values() for one in listed))
        self.reviews = reviews_of(warehouse, ids)
        self.gates = gate_verdicts_of(warehouse, ids)
        self.artifacts = artifacts_of(warehouse, ids)
        self.attempts = attempts_of(warehouse, ids)
        self.attackers = red_team_reports_of(warehouse, ids)
        self.corrections = corrections_of(warehouse, ids)
        self.withdrawn = withdrawn_sources(warehouse)
        self.passages = passage_texts(warehouse, self.verdicts.passage_ids)
        versions = _version_ids([link for links in self.links.values() for link in links])
        self.searches = searches_of(warehouse, ids)
        self.costs = costs_of(warehouse, ids)
        self.scans = rigor_scans_of(warehouse, versions)
        self.imported = scans_of_sources(
            warehouse, [link.source_id for links in self.links.values() for link, _ in links]
        )
        checks = checks_of(warehouse, [scan.scan_id for scans in self.imported.values() for scan in scans])
        self.checks = {check.scan_id: check for check in reversed(checks)}  # of several the last

    def found_for(self, record_id: str) -> tuple[Work, ...]:
        """Works of the library that were read for the record's claims, in the order of its claims, each once."""
        verdicts = (self.verdicts.ids.get(claim.claim_id) for claim in self.claims.get(record_id, ()))
        found = (work for verdict_id in verdicts if verdict_id for work in self.found.get(verdict_id, ()))
        return tuple({work.source_id: work for work in found}.values())


def _public_record(record: StoredRecord, held: _Held, today: date) -> PublicRecord:
    links = held.links.get(record.record_id, ())
    cited, found = tuple(work for _, work in links), held.found_for(record.record_id)
    views = _claim_views(record.record_id, held, (*cited, *found))
    references = _reference_views(record.record_id, held)
    reviewed = held.reviews.get(record.record_id)
    attackers = held.attackers.get(record.record_id, ())
    verdicts = held.gates.get(record.record_id, ())
    gates = tuple(gate_view(one, attackers, today) for one in verdicts)
    artifacts = artifact_views(
        held.artifacts.get(record.record_id, ()),
        held.attempts,
        attackers,
        verdict_in_force(verdicts, today),
        {view.claim.claim_id for view in views},
    )
    counts = _claim_counts(views)
    review = reviewed.summary if reviewed else UNREVIEWED
    level, level_basis = level_of(
        level_facts(
            counts,
            corroborated_claims(views),
            artifacts_of_claims(artifacts, views),
            gate_in_force(gates, VERIFICATION_GATE),
        )
    )
    tier, tier_basis = tier_of(_tier_facts(review, counts, views, (*cited, *found), gates), _interval(review))
    return PublicRecord(
        **_as_read(record),
        counts=counts,
        reference_counts=_reference_counts([view.audit for view in references]),
        claims=views,
        references=references,
        sources=_source_views(cited, held.withdrawn),
        found_sources=_source_views(found, held.withdrawn),
        review=review,
        reviews=reviewed.reviews if reviewed else (),
        rigor=tuple(held.scans[version] for version in _version_ids(links) if version in held.scans),
        scanned_titles={link.source_version_id: work.title for link, work in links if link.source_version_id},
        gates=gates,
        artifacts=artifacts,
        findings=reviewed.findings if reviewed else (),
        level=level,
        level_basis=level_basis,
        tier=tier,
        tier_basis=tier_basis,
        corrections=held.corrections.get(record.record_id, ()),
        search=_search_view(held.searches.get(record.record_id)),
        imported_scans=_imported_scans(links, held),
        costs=held.costs.get(record.record_id),
    )


def _as_read(record: StoredRecord) -> dict[str, Any]:
    parsed = record.parsed
    return {
        "record_id": record.record_id,
        "version_id": record.record_version_id,
        "cohort": record.cohort,
        "layout": parsed.layout,
        "kind": "answer" if parsed.layout is Layout.ANSWER else "report",
        "title": parsed.title or parsed.question or "(the record states no title)",
        "title_stated": parsed.title is not None,
        "publisher": parsed.publisher,
        "published_on": parsed.published_on,
        "question": parsed.question,
        "identifier": parsed.identifier,
        "synthetic": parsed.synthetic,
        "stated": parsed.stated,
        "own_answer": own_answer(parsed),
    }


def _reference_views(record_id: str, held: _Held) -> tuple[ReferenceView, ...]:
    return tuple(
        ReferenceView(reference=stored.reference, audit=held.audits.get(stored.reference_id))
        for stored in held.references.get(record_id, ())
    )


def _imported_scans(links: Sequence[tuple[RecordSource, Work]], held: _Held) -> tuple[SourceScanView, ...]:
    versions: dict[str, list[RigorScan]] = {}
    for link, _ in links:
        made = held.scans.get(link.source_version_id or "") if link.source_id in held.imported else None
        if made is not None:
            versions.setdefault(link.source_id, []).append(made)
    return tuple(
        scan_view(source_id, scan, held.checks.get(scan.scan_id), versions.get(source_id, ()))
        for source_id in sorted({link.source_id for link, _ in links})
        for scan in held.imported.get(source_id, ())
    )


def _search_view(stored: StoredSearch | None) -> SearchView | None:
    if stored is None:
        return None
    return SearchView(
        question=stored.question,
        asked_on=stored.asked_on,
        query=stored.query,
        indexes=stored.indexes,
        steps=prisma_steps(stored.prisma),
    )


def _version_ids(links: Sequence[tuple[RecordSource, Work]]) -> list[str]:
    return sorted({link.source_version_id for link, _ in links if link.source_version_id})


# --- claims -------------------------------------------------------------------------------------


def _claim_views(record_id: str, held: _Held, works: Sequence[Work]) -> tuple[ClaimView, ...]:
    titles = {work.source_id: work.title for work in works}
    return tuple(
        _claim_view(
            claim,
            held.verdicts.get(claim.claim_id),
            held.adjudications.get(claim.claim_id),
            held.passages,
            titles,
        )
        for claim in held.claims.get(record_id, ())
    )


def _claim_view(
    claim: Claim,
    held: HeldVerdict | None,
    adjudication: Adjudication | None,
    passages: dict[str, str],
    titles: dict[str, str],
) -> ClaimView:
    if held is None:
        return ClaimView(
            claim=claim,
            verdict=adjudication.verdict if adjudication else ClaimVerdict.NOT_CHECKED,
            confidence=None,
            reason=adjudication.reason if adjudication else "not checked yet",
            scope=EvidenceScope.NONE,
            conflict=False,
            adjudication=adjudication,
        )
    verdict = held.verdict
    return ClaimView(
        claim=claim,
        verdict=adjudication.verdict if adjudication else verdict.verdict,
        confidence=None if adjudication else verdict.confidence,
        reason=adjudication.reason if adjudication else verdict.reason,
        scope=verdict.scope,
        conflict=verdict.conflict,
        evidence=tuple(_evidence_view(one, passages, titles) for one in verdict.evidence),
        probabilities=None if adjudication else verdict.probabilities,
        per_source=verdict.per_source,
        axes=verdict.axes,
        adjudication=adjudication,
        backend=verdict.backend,
        verifier_version=verdict.verifier_version,
        verified_at=held.recorded_at,
    )


def _evidence_view(evidence: Evidence, passages: dict[str, str], titles: dict[str, str]) -> EvidenceView:
    return EvidenceView(
        evidence=evidence,
        passage_text=passages[evidence.passage_id],
        source_title=titles.get(evidence.source_id, evidence.source_id),
    )


def _claim_counts(views: Sequence[ClaimView]) -> ClaimCounts:
    by_verdict = {verdict: sum(view.verdict is verdict for view in views) for verdict in ClaimVerdict}
    return ClaimCounts(extracted=len(views), **{verdict.value.lower(): n for verdict, n in by_verdict.items()})


# --- references and sources ---------------------------------------------------------------------


def _reference_counts(audits: Sequence[ReferenceAudit | None]) -> ReferenceCounts:
    held = [audit for audit in audits if audit]
    by_finding = {finding: sum(a.finding is finding for a in held) for finding in ReferenceFinding}
    retracted = sum(any(n.kind is NoticeKind.RETRACTED for n in a.notices) for a in held)
    return ReferenceCounts(retracted=retracted, **{finding.value.lower(): n for finding, n in by_finding.items()})


def _source_views(listed: Sequence[Work], withdrawn: Mapping[str, Tombstone]) -> tuple[SourceView, ...]:
    works = {work.source_id: work for work in listed}
    return tuple(
        SourceView(
            source_id=work.source_id,
            title=work.title,
            authors=work.authors,
            year=work.year,
            venue=work.venue,
            type=work.type,
            licence=work.licence,
            text_kind=work.text_kind,
            complete=work.complete,
            notices=work.notices,
            versions=work.versions,
            origin=work.origin,
            text_withdrawn=withdrawn[work.source_id].sentence if work.source_id in withdrawn else None,
        )
        for work in works.values()
    )


# --- gates, level, tier -------------------------------------------------------------------------


def _tier_facts(
    review: ReviewSummary,
    counts: ClaimCounts,
    views: Sequence[ClaimView],
    works: Sequence[Work],
    gates: Sequence[GateView],
) -> TierFacts:
    retracted = {work.source_id for work in works if any(one.kind is NoticeKind.RETRACTED for one in work.notices)}
    integrity = gate_in_force(gates, "gate-0")
    return TierFacts(
        score=review.score,
        claims=counts,
        verification=verification_status(gates),
        integrity=integrity.result if integrity else None,
        main_source_retracted=bool(_main_sources(views) & retracted),
    )


def _interval(review: ReviewSummary) -> tuple[float, float] | None:
    return None if review.low is None or review.high is None else (review.low, review.high)


def _main_sources(views: Sequence[ClaimView]) -> frozenset[str]:
    held = {
        view.claim.claim_id: Verdict(
            claim_id=view.claim.claim_id,
            verdict=view.verdict,
            confidence=view.confidence,
            reason=view.reason,
            scope=view.scope,
            evidence=tuple(one.evidence for one in view.evidence),
            verifier_version=view.verifier_version or "",
            backend=view.backend or "",
        )
        for view in views
    }
    return main_sources(held)

"""The steps of a verdict: which claims are checked, and what each is held against in turn.

First the sources that a claim cites, then the record's others, then works of the library that are found by searching
for the claim. What was checked already under the same fingerprint is left alone, unless a service was not heard; of
claims that went on to the library, only those for which another library brings up other works are checked again.
Does not belong here: judging (pipelines), storing (warehouse).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assets.metering import Meter
from pipelines.models import Claim, ClaimVerdict, Passage, Work
from pipelines.verification.backend import Backend
from pipelines.verification.backend_choice import BackendName
from pipelines.verification.corpus_search import FoundWork, names_of_record
from pipelines.verification.fingerprint import Searched, VerdictFingerprint, fingerprint
from pipelines.verification.sentence_features import Reached
from pipelines.verification.terms import load_terms
from pipelines.verification.verdict import goes_on, prepare_passages, verify_claim, verify_in_corpus
from warehouse.append import content_id
from warehouse.connection import Warehouse
from warehouse.corpus import Corpus, OpenClaim, found_hash, read_for
from warehouse.extraction import claims_of
from warehouse.ingestion import StoredRecord
from warehouse.sources import RecordSource, passages_of, sources_of
from warehouse.verification import ReachedVerdict, verdict_fingerprints

Links = Sequence[tuple[RecordSource, Work]]


STEPS_VERSION = "steps-1"  # changes whenever the same judgements may become another verdict
OF_A_SERVICE = frozenset({BackendName.LLM.value})  # back ends that may answer tomorrow what they do not answer today


@dataclass(frozen=True)
class VerdictCase:
    """A record's claims with what they are judged by."""

    record: StoredRecord
    claims: tuple[Claim, ...]
    links: Links
    fingerprints: Mapping[str, str]  # claim id to the own part of its fingerprint
    known: frozenset[str]  # what a search may not bring up

    def reach(self, todo: Sequence[Claim], held: Sequence[Passage], backend: Backend) -> dict[str, Reached]:
        """Claim id to the verdict over the record's own sources: those that it cites, then the others."""
        prepared = prepare_passages(held, {work.source_id: work.title for _, work in self.links})
        absence = _absence(self.record, self.links)
        return {
            one.claim_id: verify_claim(one, prepared, cited=_cited(one, self.links), backend=backend, absence=absence)
            for one in todo
        }


def verdict_cases(house: Warehouse, chunk: Sequence[StoredRecord], backend: Backend) -> list[VerdictCase]:
    ids = [record.record_id for record in chunk]
    with house.reading():
        held, links = claims_of(house, ids), sources_of(house, ids)
    return [
        _verdict_case(record, held.get(record.record_id, ()), links.get(record.record_id, ()), backend)
        for record in chunk
    ]


def _verdict_case(record: StoredRecord, claims: tuple[Claim, ...], links: Links, backend: Backend) -> VerdictCase:
    versions = {link.source_version_id for link, _ in links if link.source_version_id}
    fingerprints = {one.claim_id: _own_fingerprint(one, versions | _cited(one, links), backend) for one in claims}
    read = [work for link, work in links if link.source_version_id]
    return VerdictCase(record, claims, links, fingerprints, names_of_record(record.parsed, read))


def reach_verdicts(
    house: Warehouse, cases: Sequence[VerdictCase], corpus: Corpus, backend: Backend, meter: Meter
) -> list[ReachedVerdict]:
    """The verdicts on those claims that were not checked yet as they stand now, and what they took."""
    todo = _pending(house, cases, corpus)
    if not todo:
        return []
    first = _over_own_sources(house, cases, todo, backend, meter)
    going_on = [(case, one) for case, one in todo if goes_on(one, first[one.claim_id].verdict)]
    # One search for all of them: what it takes cannot be told apart by record.
    with meter.on(*dict.fromkeys(case.record.record_id for case, _ in going_on)):
        searched = corpus.find([OpenClaim(one, case.known) for case, one in going_on])
    found = {one.claim_id: works for (_, one), works in zip(going_on, searched, strict=True)}
    reached = []
    for case, one in todo:
        with meter.on(case.record.record_id):
            reached.append(_reached(case, one, first[one.claim_id], found.get(one.claim_id), corpus, backend))
    return reached


def _reached(
    case: VerdictCase,
    claim: Claim,
    first: Reached,
    found: tuple[FoundWork, ...] | None,
    corpus: Corpus,
    backend: Backend,
) -> ReachedVerdict:
    own = case.fingerprints[claim.claim_id]
    if found is None:
        mark = VerdictFingerprint(own, unanswered=_unanswered(first, backend))
        return ReachedVerdict(str(mark), first.verdict, first.features)
    last = verify_in_corpus(claim, read_for(claim, found), first, backend=backend) if found else first
    mark = VerdictFingerprint(own, Searched(corpus.contents, found_hash(found)), _unanswered(last, backend))
    return ReachedVerdict(str(mark), last.verdict, last.features, found, corpus.contents)


def _unanswered(reached: Reached, backend: Backend) -> str | None:
    """What each source came to, where one was left unjudged by a back end that may be heard on it another time."""
    came_to = sorted((one.source_id, one.verdict.value) for one in reached.verdict.per_source)
    if backend.name not in OF_A_SERVICE or ClaimVerdict.NOT_CHECKED.value not in {said for _, said in came_to}:
        return None
    return content_id("unanswered", *(part for pair in came_to for part in pair))


def _over_own_sources(
    house: Warehouse,
    cases: Sequence[VerdictCase],
    todo: Sequence[tuple[VerdictCase, Claim]],
    backend: Backend,
    meter: Meter,
) -> dict[str, Reached]:
    wanted = {case.record.record_id: [one for its, one in todo if its is case] for case in cases}
    held = passages_of(house, [record_id for record_id, some in wanted.items() if some])
    first: dict[str, Reached] = {}
    for case in cases:
        record_id = case.record.record_id
        if wanted[record_id]:
            with meter.on(record_id):
                first |= case.reach(wanted[record_id], held.get(record_id, ()), backend)
    return first


def _pending(house: Warehouse, cases: Sequence[VerdictCase], corpus: Corpus) -> list[tuple[VerdictCase, Claim]]:
    """Claims whose sources or verifier changed, and open claims for which the library now brings up other works."""
    stored = verdict_fingerprints(house, [case.record.record_id for case in cases])
    held = {claim_id: VerdictFingerprint.parse(one) for claim_id, one in stored.items()}
    every = [(case, one) for case in cases for one in case.claims]
    waiting = [(case, one) for case, one in every if _may_differ(held.get(one.claim_id), corpus)]
    now = corpus.find([OpenClaim(one, case.known) for case, one in waiting])
    brought_up = {one.claim_id: found_hash(works) for (_, one), works in zip(waiting, now, strict=True)}
    return [
        (case, one)
        for case, one in every
        if _is_pending(held.get(one.claim_id), case.fingerprints[one.claim_id], brought_up.get(one.claim_id))
    ]


def _may_differ(held: VerdictFingerprint | None, corpus: Corpus) -> bool:
    """Without a library of this run, what an earlier one brought up still stands."""
    return (
        held is not None
        and held.searched is not None
        and corpus.configured
        and held.searched.library != corpus.contents
    )


def _is_pending(held: VerdictFingerprint | None, own: str, brought_up: str | None) -> bool:
    if held is None or held.unanswered is not None or held.own != own:
        return True
    return brought_up is not None and held.searched is not None and held.searched.found != brought_up


def _own_fingerprint(claim: Claim, looked_at: set[str], backend: Backend) -> str:
    """What a verdict over these texts and sources depends on, known before any of it is read."""
    judged_by = f"{backend.name} {backend.version}"
    steps = f'{{"steps": "{STEPS_VERSION}"}}'
    return fingerprint(claim.standalone or claim.normalised, looked_at, judged_by, steps, load_terms().snapshot_id)


def _cited(claim: Claim, links: Links) -> frozenset[str]:
    return frozenset(link.source_id for link, _ in links if link.mark is not None and link.mark in claim.citations)


def _absence(record: StoredRecord, links: Links) -> str:
    """Why there is no source text, in words, should there be none."""
    listed = len(record.parsed.references)
    if not listed and not record.parsed.passages:
        return "no source text: the record lists no references"
    if not links:
        return f"no source text: none of the {listed} references is in the library, and the network is off"
    withdrawn = len({link.source_id for link, _ in links if link.text_withdrawn})
    if withdrawn:
        return f"no source text: {withdrawn} of the {len(links)} sources had a text, which was taken down here"
    return f"no source text: {len(links)} of the {listed} references are known, but no text of them is held"

"""W3C PROV of a record as PROV-JSON: what was made from what, by which run, on whose behalf, and what it replaced.

Belongs here: the record's entities, activities and agents, and the relations between them. Does not belong here: facts
(`provenance`), the crate. Names are `record:` and a local part of our own; what they name bears its own identifier as
an attribute. An activity has an end where one is recorded; nothing held says when one began. Input: a `PublicRecord`;
output: the same bytes for the same record. Sources: W3C PROV-DM, PROV-JSON (https://www.w3.org/submissions/prov-json/).
"""

from __future__ import annotations

import hashlib
import json
import uuid
from datetime import datetime
from typing import Any

import orjson

from pipelines.models import Adjudication
from pipelines.publication.exports.provenance import (
    STATES_TOLD,
    Work,
    checks,
    confidence_in_words,
    joined,
    moment,
    software_version,
    told,
    work_uri,
    works,
)
from pipelines.publication.views import ClaimView, EvidenceView, PublicRecord

_RECORD, _MANIFEST, _CLAIMGATE = "record:record", "record:manifest", "record:claimgate"
_EXTRACTION, _PUBLICATION = "record:extraction", "record:publication"
_NAMESPACES = {"schema": "http://schema.org/", "oa": "http://www.w3.org/ns/oa#"}


class _Document:
    """PROV-JSON as it is put together; what is None is left out."""

    def __init__(self, record: PublicRecord) -> None:
        self.record = record
        # A record has no address of its own wherever its files are copied to: a name is made of its id.
        named = uuid.uuid5(uuid.NAMESPACE_URL, f"claimgate:{told(record.record_id)}")
        self.held: dict[str, dict[str, Any]] = {"prefix": {"record": f"urn:uuid:{named}#", **_NAMESPACES}}
        self.sources: dict[str, str] = {}
        self.passages: dict[tuple[str, str], str] = {}
        self.people: dict[str, str] = {}
        self._relations = 0

    def entity(self, name: str, /, kind: str | None = None, **attributes: Any) -> str:
        return self._node("entity", name, kind, attributes)

    def agent(self, name: str, /, kind: str, **attributes: Any) -> str:
        return self._node("agent", name, kind, attributes)

    def activity(self, name: str, label: str, /, ended: datetime | None = None, **attributes: Any) -> str:
        self._node("activity", name, None, {"label": label, **attributes})
        if ended is not None:
            self.held["activity"][name]["prov:endTime"] = moment(ended)
        return name

    def relate(self, relation: str, kind: str | None = None, /, **ends: str | None) -> None:
        """`ends` are the arguments of the relation by their names in PROV-JSON, without `prov:`."""
        self._relations += 1
        said: dict[str, Any] = {f"prov:{name}": value for name, value in ends.items() if value is not None}
        if kind is not None:
            said["prov:type"] = _name(kind)
        self.held.setdefault(relation, {})[f"_:r{self._relations}"] = said

    def made(self, entity: str, activity: str, *, of: tuple[str, ...] = (), by: str | None = None) -> None:
        """`entity` came out of `activity`, was derived from each of `of`, and is `by`'s."""
        self.relate("wasGeneratedBy", entity=entity, activity=activity)
        for used in of:
            self.relate("wasDerivedFrom", generatedEntity=entity, usedEntity=used)
        if by is not None:
            self.relate("wasAttributedTo", entity=entity, agent=by)

    def did(self, activity: str, agent: str, *used: str) -> None:
        self.relate("wasAssociatedWith", activity=activity, agent=agent)
        for one in used:
            self.relate("used", activity=activity, entity=one)

    def person(self, name: str) -> str:
        if name not in self.people:
            self.people[name] = self.agent(f"record:person-{len(self.people) + 1}", "prov:Person", label=name)
        return self.people[name]

    def _node(self, family: str, name: str, kind: str | None, attributes: dict[str, Any]) -> str:
        held: dict[str, Any] = {"prov:type": _name(kind)} if kind else {}
        for key, value in attributes.items():
            if value is not None:
                held[_ATTRIBUTES.get(key, f"schema:{key}")] = _value(key, value)
        self.held.setdefault(family, {})[name] = held
        return name


_ATTRIBUTES = {"label": "prov:label", "start": "oa:start", "end": "oa:end", "location": "prov:location"}


def _name(qualified: str) -> dict[str, str]:
    return {"$": qualified, "type": "prov:QUALIFIED_NAME"}


def _value(key: str, value: str | int) -> Any:
    if isinstance(value, int):
        return {"$": str(value), "type": "xsd:int"}
    return {"$": value, "type": "xsd:anyURI"} if key == "url" else told(value)


def prov_document(record: PublicRecord) -> dict[str, Any]:
    """The provenance of a record as PROV-JSON."""
    document = _Document(record)
    _agents(document)
    for number, work in enumerate(works(record).values(), start=1):
        document.sources[work.source_id] = _source(document, number, work)
    _extraction(document)
    judged = _checks(document)
    for number, view in enumerate(record.claims, start=1):
        _claim(document, number, view, judged.get(number))
    _reviews(document)
    _gates(document)
    _publication(document)
    return document.held


def prov_bytes(record: PublicRecord) -> bytes:
    """`prov_document` as UTF-8 JSON, two spaces of indent, one newline at the end."""
    return orjson.dumps(prov_document(record), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


# --- the record, its claims and its sources ---------------------------------------------------------


def _agents(document: _Document) -> None:
    record = document.record
    document.agent(_CLAIMGATE, "prov:SoftwareAgent", label="claimgate", version=software_version())
    document.entity(
        _RECORD,
        label=record.title,
        identifier=record.identifier or record.record_id,
        url=work_uri(record.identifier or ""),
        version=record.version_id,
        datePublished=record.published_on.isoformat() if record.published_on else None,
    )
    if record.publisher:
        publisher = document.agent("record:publisher", "prov:Organization", label=record.publisher)
        document.relate("wasAttributedTo", entity=_RECORD, agent=publisher)


def _source(document: _Document, number: int, work: Work) -> str:
    name = document.entity(
        f"record:source-{number}", label=work.title, identifier=work.source_id, url=work_uri(work.source_id)
    )
    for nth, one in enumerate(work.view.versions if work.view else (), start=1):
        version = document.entity(
            f"record:source-{number}-version-{nth}",
            label=f"{work.title}, {one.label}",
            identifier=one.source_id,
            url=work_uri(one.source_id),
            datePublished=one.date,
        )
        document.relate("specializationOf", specificEntity=version, generalEntity=name)
    return name


def _extraction(document: _Document) -> None:
    """When it ran, no public view of the record holds."""
    document.activity(_EXTRACTION, "Extraction of claims")
    document.did(_EXTRACTION, _CLAIMGATE, _RECORD)


def _checks(document: _Document) -> dict[int, tuple[str, str]]:
    """The run and the back end that judged each claim, by its number."""
    judged: dict[int, tuple[str, str]] = {}
    for nth, check in enumerate(checks(document.record), start=1):
        backend = _CLAIMGATE  # where no back end was asked, as for want of text
        if check.backend is not None:
            backend = document.agent(
                f"record:backend-{nth}",
                "prov:SoftwareAgent",
                label=f"claimgate back end {check.backend}",
                version=check.verifier_version,
            )
            document.relate("actedOnBehalfOf", delegate=backend, responsible=_CLAIMGATE)
        activity = document.activity(f"record:verification-{nth}", "Verification of claims", ended=check.at)
        document.did(activity, backend)
        judged |= {position + 1: (activity, backend) for position in check.claims}
    return judged


def _claim(document: _Document, number: int, view: ClaimView, judged: tuple[str, str] | None) -> None:
    claim = document.entity(
        f"record:claim-{number}",
        label=f"Claim {view.claim.ordinal}",
        text=view.claim.text,
        identifier=view.claim.claim_id,
        start=view.claim.start,
        end=view.claim.end,
    )
    document.made(claim, _EXTRACTION, of=(_RECORD,))
    quotes = tuple(_quote(document, f"record:evidence-{number}-{nth}", one) for nth, one in enumerate(view.evidence, 1))
    if view.adjudication:
        judged = _adjudication(document, number, view.adjudication)
    verdict = document.entity(
        f"record:verdict-{number}",
        label=view.verdict.value,
        description=joined((told(view.reason), confidence_in_words(view.confidence))),
    )
    if judged is None:
        document.relate("wasDerivedFrom", generatedEntity=verdict, usedEntity=claim)
        return
    activity, agent = judged
    document.made(verdict, activity, of=(claim, *quotes), by=agent)
    for used in (claim, *quotes):
        document.relate("used", activity=activity, entity=used)


def _adjudication(document: _Document, number: int, given: Adjudication) -> tuple[str, str]:
    person = document.person(given.by)
    activity = document.activity(
        f"record:adjudication-{number}", "Adjudication by a person", ended=given.recorded_at, description=given.reason
    )
    document.did(activity, person)
    return activity, person


def _quote(document: _Document, name: str, view: EvidenceView) -> str:
    held = view.evidence
    quote = document.entity(name, label=held.stance.value, text=held.text, start=held.start, end=held.end)
    passage = _passage(document, view)
    document.relate("wasDerivedFrom", "prov:Quotation", generatedEntity=quote, usedEntity=passage)
    return quote


def _passage(document: _Document, view: EvidenceView) -> str:
    """Its text stays out, as its licence may; the hash says which text the offsets are of."""
    held = view.evidence
    key = (held.source_id, held.passage_id)
    if key not in document.passages:
        document.passages[key] = document.entity(
            f"record:passage-{len(document.passages) + 1}",
            label=f"Passage {held.passage_id}",
            identifier=held.passage_id,
            sha256=hashlib.sha256(view.passage_text.encode("utf-8", "surrogatepass")).hexdigest(),
        )
        document.relate(
            "wasDerivedFrom", generatedEntity=document.passages[key], usedEntity=document.sources[held.source_id]
        )
    return document.passages[key]


# --- what was made of it ----------------------------------------------------------------------------


def _reviews(document: _Document) -> None:
    for number, review in enumerate(document.record.reviews, start=1):
        reviewer = document.agent(
            f"record:reviewer-{number}",
            "prov:SoftwareAgent",
            label=f"claimgate reviewer {review.reviewer}",
            version=review.version,
            description=f"asks the language model {review.model}" if review.model else None,
        )
        document.relate("actedOnBehalfOf", delegate=reviewer, responsible=_CLAIMGATE)
        activity = document.activity(f"record:reviewing-{number}", f"Review by {review.reviewer}", error=review.failed)
        document.did(activity, reviewer, _RECORD)
        if not review.failed:
            scores = {one.dimension.value: one.score for one in review.scores}
            made = document.entity(
                f"record:review-{number}", label=f"Review by {review.reviewer}", text=json.dumps(scores, sort_keys=True)
            )
            document.made(made, activity, of=(_RECORD,), by=reviewer)


def _gates(document: _Document) -> None:
    for number, gate in enumerate(document.record.gates, start=1):
        came_out = gate.result or gate.outcome or gate.public_status
        policy = document.entity(
            f"record:policy-{number}",
            "prov:Plan",
            label=gate.title,
            identifier=gate.activation_id,
            version=gate.policy_version,
            text=gate.question,
        )
        activity = document.activity(f"record:evaluation-{number}", f"Evaluation of {gate.title}", gate.evaluated_at)
        document.relate("wasAssociatedWith", activity=activity, agent=_CLAIMGATE, plan=policy)
        document.relate("used", activity=activity, entity=_RECORD)
        outcome = document.entity(f"record:gate-{number}", label=came_out.value, description=gate.reason)
        document.made(outcome, activity, of=(_RECORD,), by=_CLAIMGATE)


def _publication(document: _Document) -> None:
    """The manifest and the states before it: each correction ended one and made the next, the last the manifest."""
    record = document.record
    document.entity(_MANIFEST, label="Manifest", location="manifest.json")
    document.relate("wasAttributedTo", entity=_MANIFEST, agent=_CLAIMGATE)
    document.relate("wasDerivedFrom", generatedEntity=_MANIFEST, usedEntity=_RECORD)
    for number in range(1, len(record.claims) + 1):
        document.relate("wasDerivedFrom", generatedEntity=_MANIFEST, usedEntity=f"record:verdict-{number}")
    corrections = record.corrections[-STATES_TOLD:]
    if not corrections:
        document.activity(_PUBLICATION, "Publication")
        document.did(_PUBLICATION, _CLAIMGATE, _RECORD)
        document.relate("wasGeneratedBy", entity=_MANIFEST, activity=_PUBLICATION)
        return
    states = [
        document.entity(
            f"record:state-{one.sequence}",
            label=f"Manifest before correction {one.sequence}",
            text=json.dumps(one.before, sort_keys=True, ensure_ascii=False),
        )
        for one in corrections
    ]
    for one, before, after in zip(corrections, states, [*states[1:], _MANIFEST], strict=True):
        activity = document.activity(
            f"record:correction-{one.sequence}",
            f"Correction {one.sequence}: {one.kind}",
            ended=one.recorded_at,
            description=one.why,
            sha256=one.hash,
        )
        document.did(activity, _CLAIMGATE, before)
        # The time is that of the activity: with one of its own, RDF would hold the relation in its long form alone.
        document.relate("wasGeneratedBy", entity=after, activity=activity)
        document.relate("wasInvalidatedBy", entity=before, activity=activity)
        document.relate("wasDerivedFrom", "prov:Revision", generatedEntity=after, usedEntity=before)

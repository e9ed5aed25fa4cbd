"""What was found about a record, as entities of its RO-Crate: quotations, claims, verdicts, and the runs behind them.

Belongs here: claims, evidence, checks, people's verdicts, reviews, gates, earlier states. Does not belong here: the
crate itself, the record and the works it cites (`ro_crate`). Each run is a `CreateAction` with instrument, object and
result, as Process Run Crate 0.5 tells runs; what it made points back to it in PROV-O.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from pipelines.models import Adjudication, ClaimVerdict, Correction, Review, Stance
from pipelines.publication.exports.crate_graph import CLAIMGATE, RECORD, ROOT, Graph, refs
from pipelines.publication.exports.provenance import (
    SOFTWARE,
    STATES_TOLD,
    Check,
    checks,
    confidence_in_words,
    joined,
    moment,
    told,
)
from pipelines.publication.site.text import LONGEST_TITLE
from pipelines.publication.site.words import VERDICTS
from pipelines.publication.views import ClaimView, EvidenceView, GateView, PublicRecord

_AGENT = "SoftwareApplication"
_FAILED = "http://schema.org/FailedActionStatus"
_STANCES: Mapping[Stance, str] = MappingProxyType(
    {
        Stance.SUPPORTS: "supports the claim",
        Stance.REFUTES: "speaks against the claim",
        Stance.NEUTRAL: "is nearest to the claim and decides nothing",
    }
)


@dataclass
class Crate:
    """What later entities need of earlier ones."""

    record: PublicRecord
    graph: Graph = field(default_factory=Graph)
    sources: dict[str, str] = field(default_factory=dict)  # source id to @id
    quotes: list[list[str]] = field(default_factory=list)  # of each claim
    actions: list[str] = field(default_factory=list)
    people: dict[str, str] = field(default_factory=dict)

    def person(self, name: str) -> str:
        if name not in self.people:
            self.people[name] = self.graph.add(
                f"#person-{len(self.people) + 1}", "Person", name=told(name), description="Gave a verdict on a claim."
            )
        return self.people[name]

    def act(self, identifier: str, /, **properties: Any) -> str:
        self.actions.append(self.graph.add(identifier, "CreateAction", **properties))
        return identifier


def add_findings(crate: Crate) -> None:
    """Add all that was found; the record, its works and claimgate have to be there by the end."""
    for number, view in enumerate(crate.record.claims, start=1):
        crate.quotes.append(_quotes(crate, number, view))
        _claim(crate, number, view)
    _verdicts(crate)
    for number, review in enumerate(crate.record.reviews, start=1):
        _review(crate, number, review)
    for number, gate in enumerate(crate.record.gates, start=1):
        _gate(crate, number, gate)


# --- claims, evidence, verdicts ---------------------------------------------------------------------


def _quotes(crate: Crate, number: int, view: ClaimView) -> list[str]:
    return [_quote(crate, f"#quote-{number}-{nth}", one) for nth, one in enumerate(view.evidence, start=1)]


def _quote(crate: Crate, identifier: str, view: EvidenceView) -> str:
    held = view.evidence
    return crate.graph.add(
        identifier,
        ["Quotation", "TextPositionSelector"],
        name=f"Sentence that {_STANCES[held.stance]}",
        text=told(held.text),
        description=joined((f"Characters of passage {told(held.passage_id, LONGEST_TITLE)}.", told(held.why or ""))),
        start=held.start,
        end=held.end,
        wasQuotedFrom=refs([crate.sources[held.source_id]]),
    )


def _claim(crate: Crate, number: int, view: ClaimView) -> str:
    claim = view.claim
    return crate.graph.add(
        f"#claim-{number}",
        "Claim",
        name=f"Claim {claim.ordinal}",
        text=told(claim.text),
        description=f"Characters {claim.start} to {claim.end} of the record; {claim.origin.value}, {claim.kind.value}.",
        identifier=told(claim.claim_id, LONGEST_TITLE),
        position=claim.ordinal,
        appearance=refs([RECORD]),
        review=refs([f"#verdict-{number}"]),
        isSupportedBy=refs(_of_stance(crate, number, Stance.SUPPORTS)),
        isDisputedBy=refs(_of_stance(crate, number, Stance.REFUTES)),
        wasDerivedFrom=refs([RECORD]),
    )


def _of_stance(crate: Crate, number: int, stance: Stance) -> list[str]:
    quotes = zip(crate.quotes[number - 1], crate.record.claims[number - 1].evidence, strict=True)
    return [quote for quote, view in quotes if view.evidence.stance is stance]


def _check(crate: Crate, number: int, check: Check) -> str:
    """One run, and who judged: the @id of the back end; claimgate itself where none was asked, as for want of text."""
    judge = CLAIMGATE
    if check.backend is not None:
        judge = crate.graph.add(
            f"#backend-{number}",
            _AGENT,
            name=f"claimgate back end {told(check.backend, LONGEST_TITLE)}",
            description="Judges claims against sentences. The version is that of the verifier.",
            version=told(check.verifier_version or "", LONGEST_TITLE) or "not stated",
            url=SOFTWARE,
        )
    numbers = [position + 1 for position in check.claims]
    crate.act(
        f"#check-{number}",
        name=f"Check of {len(numbers)} claim{'' if len(numbers) == 1 else 's'}",
        description="For each claim, what text is held of its sources was looked at, and a verdict was given.",
        instrument=refs([judge]),
        object=refs(f"#claim-{one}" for one in numbers),
        result=refs(f"#verdict-{one}" for one in numbers),
        endTime=moment(check.at) if check.at else None,
    )
    return judge


def _verdicts(crate: Crate) -> None:
    by: dict[int, tuple[str | None, str | None]] = {}  # position of a claim to the act and the judge
    for number, check in enumerate(checks(crate.record), start=1):
        by |= dict.fromkeys(check.claims, (f"#check-{number}", _check(crate, number, check)))
    for verdict in dict.fromkeys(view.verdict for view in crate.record.claims):
        _rating(crate.graph, verdict)
    for position, view in enumerate(crate.record.claims):
        number = position + 1
        act, judge = by.get(position, (None, None))
        if view.adjudication:
            act, judge = _adjudication(crate, number, view, view.adjudication)
        crate.graph.add(
            f"#verdict-{number}",
            ["CreativeWork", "ClaimReview"],
            name=view.verdict.value,
            description=joined(
                (told(view.reason), confidence_in_words(view.confidence), f"Looked at: {view.scope.value}.")
            ),
            claimReviewed=told(view.claim.text),
            itemReviewed=refs([f"#claim-{number}"]),
            reviewRating=refs([f"#{view.verdict.value}"]),
            author=refs([judge]),
            wasGeneratedBy=refs([act]),
            wasAttributedTo=refs([judge]),
            wasDerivedFrom=refs([f"#claim-{number}", *crate.quotes[position]]),
        )


def _rating(graph: Graph, verdict: ClaimVerdict) -> None:
    graph.add(
        f"#{verdict.value}",
        "Rating",
        name=verdict.value,
        alternateName=VERDICTS[verdict].word,
        description=f"{VERDICTS[verdict].means[:1].upper()}{VERDICTS[verdict].means[1:]}.",
    )


def _adjudication(crate: Crate, number: int, view: ClaimView, given: Adjudication) -> tuple[str, str]:
    person = crate.person(given.by)
    act = crate.act(
        f"#adjudication-{number}",
        name=f"Adjudication of claim {view.claim.ordinal}",
        description=told(given.reason),
        agent=refs([person]),
        instrument=refs([CLAIMGATE]),
        object=refs([f"#claim-{number}"]),
        result=refs([f"#verdict-{number}"]),
        endTime=moment(given.recorded_at),
    )
    return act, person


# --- reviews, gates, earlier states -----------------------------------------------------------------


def _review(crate: Crate, number: int, review: Review) -> None:
    """What a reviewer did, and its review unless it failed."""
    name = told(review.reviewer, LONGEST_TITLE)
    reviewer = crate.graph.add(
        f"#reviewer-{number}",
        _AGENT,
        name=f"claimgate reviewer {name}",
        description=f"Asks the language model {told(review.model, LONGEST_TITLE)}."
        if review.model
        else "Scores by rule.",
        version=told(review.version, LONGEST_TITLE) or "not stated",
        url=SOFTWARE,
    )
    act = crate.act(
        f"#reviewing-{number}",
        name=f"Review by {name}",
        description="The record was given to the reviewer; when is not told here.",
        instrument=refs([reviewer]),
        object=refs([RECORD]),
        result=None if review.failed else refs([f"#review-{number}"]),
        actionStatus=refs([_failure(crate)]) if review.failed else None,
        error=told(review.failed) if review.failed else None,
    )
    if not review.failed:
        scores = (f"{one.dimension.value}: {_score(one.score)}. {told(one.reason)}" for one in review.scores)
        crate.graph.add(
            f"#review-{number}",
            ["CreativeWork", "Review"],
            name=f"Review by {name}",
            description="Scores by dimension, of 10.",
            reviewBody=joined(scores),
            itemReviewed=refs([RECORD]),
            author=refs([reviewer]),
            wasGeneratedBy=refs([act]),
            wasAttributedTo=refs([reviewer]),
            wasDerivedFrom=refs([RECORD]),
        )


def _failure(crate: Crate) -> str:
    if _FAILED not in crate.graph:
        crate.graph.add(_FAILED, "ActionStatusType", name="Failed", description="It ended without a result.")
    return _FAILED


def _score(score: float | None) -> str:
    return "not assessed" if score is None else f"{score:.4g}"


def _gate(crate: Crate, number: int, gate: GateView) -> None:
    title = f"{told(gate.title, LONGEST_TITLE)}, version {told(gate.policy_version, LONGEST_TITLE)}"
    came_out = gate.result or gate.outcome or gate.public_status
    result = crate.graph.add(
        f"#gate-{number}",
        "CreativeWork",
        name=f"{title}: {came_out.value}",
        description=joined((told(gate.reason), f"Public status: {gate.public_status.value}.")),
        about=refs([RECORD]),
        wasGeneratedBy=refs([f"#evaluation-{number}"]),
        wasAttributedTo=refs([CLAIMGATE]),
        wasDerivedFrom=refs([RECORD]),
    )
    crate.act(
        f"#evaluation-{number}",
        name=f"Evaluation of {title}",
        description=joined(
            (
                told(gate.question or ""),
                f"Active from {gate.active_on.isoformat()}.",
                None if gate.in_force else "Not in force.",
            )
        ),
        instrument=refs([CLAIMGATE]),
        object=refs([RECORD]),
        result=refs([result]),
        endTime=moment(gate.evaluated_at),
    )


def add_states(crate: Crate) -> str | None:
    """Add the states that corrections ended; the @id of the last of them, which the crate is a revision of."""
    last = None
    for correction in crate.record.corrections[-STATES_TOLD:]:
        last = _state(crate, correction, last)
    return last


def _state(crate: Crate, correction: Correction, previous: str | None) -> str:
    number = correction.sequence
    state = crate.graph.add(
        f"#state-{number}",
        "CreativeWork",
        name=f"The record before correction {number}",
        description="What was public until then of what changed.",
        text=_changed(correction.before),
        wasRevisionOf=refs([previous]),
        wasInvalidatedBy=refs([f"#correction-{number}"]),
    )
    crate.actions.append(
        crate.graph.add(
            f"#correction-{number}",
            "UpdateAction",
            name=f"Correction {number}: {told(correction.kind, LONGEST_TITLE)}",
            description=joined((told(correction.why), f"Now: {_changed(correction.after)}")),
            identifier=f"sha256:{told(correction.hash, LONGEST_TITLE)}",
            instrument=refs([CLAIMGATE]),
            object=refs([state]),
            result=refs([ROOT]),
            endTime=moment(correction.recorded_at),
        )
    )
    return state


def _changed(fields: Mapping[str, Any]) -> str:
    return told(json.dumps(fields, sort_keys=True, ensure_ascii=False))

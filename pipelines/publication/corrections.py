"""The correction log: what of a record is public state, and the events that a change of it makes.

Belongs here: which fields count, how they are grouped into kinds (contract correction-record-v1),
and the hash chain. Does not belong here: when a correction is due, and where the log is stored.
Input: a `PublicRecord` now and the state published before; output: `Correction` events, additive.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from pipelines.models import (
    AttemptOutcome,
    Correction,
    Evidence,
    GateResult,
    Notice,
    PublicGateStatus,
    RigorAnswer,
)
from pipelines.publication.gate_contract import artifact_outcome
from pipelines.publication.views import ClaimView, PublicRecord


class CorrectionKind(StrEnum):
    """`correction_type` of contract correction-record-v1."""

    METADATA = "METADATA"
    ARTIFACT = "ARTIFACT"
    CLAIM = "CLAIM"
    BENCHMARK = "BENCHMARK"
    PROVENANCE = "PROVENANCE"
    QUALITY_ASSESSMENT = "QUALITY_ASSESSMENT"


@dataclass(frozen=True)
class ChainBreak:
    """The first place at which a chain of corrections does not hold."""

    position: int  # 0-based, in the order given
    correction_id: str | None  # None: the event that should stand here is missing
    what: str


# --- public state -------------------------------------------------------------------------------


def public_state(record: PublicRecord) -> dict[str, Any]:
    """The fields whose change is a public correction, by kind; JSON types only.

    Corrections themselves and times of evaluation are not part of it: evaluating again
    with the same result corrects nothing.
    """
    return {
        CorrectionKind.METADATA.value: _metadata(record),
        CorrectionKind.CLAIM.value: _claims(record),
        CorrectionKind.PROVENANCE.value: _provenance(record),
        CorrectionKind.QUALITY_ASSESSMENT.value: _quality(record),
        CorrectionKind.ARTIFACT.value: _gates(record, CorrectionKind.ARTIFACT) | _artifacts(record),
    }


def _metadata(record: PublicRecord) -> dict[str, Any]:
    return {
        "title": record.title,
        "publisher": record.publisher,
        "published_on": record.published_on.isoformat() if record.published_on else None,
        "question": record.question,
        "identifier": record.identifier,
        "version_id": record.version_id,
    }


def _claims(record: PublicRecord) -> dict[str, Any]:
    fields: dict[str, Any] = {f"counts.{name}": count for name, count in record.counts.model_dump(mode="json").items()}
    for view in record.claims:
        fields.update(_claim(view))
    return fields


def _claim(view: ClaimView) -> Iterator[tuple[str, Any]]:
    # No words of the record or of a source: the log cannot be rewritten, and a text may be taken down.
    key = f"claim.{view.claim.claim_id}"
    yield f"{key}.verdict", view.verdict.value
    yield f"{key}.confidence", view.confidence
    yield f"{key}.conflict", view.conflict
    yield f"{key}.evidence", sorted(_quoted(item.evidence) for item in view.evidence)
    # A person's verdict that agrees with the machine's is still news to a reader.
    yield f"{key}.adjudicated_by", view.adjudication.by if view.adjudication else None


def _quoted(evidence: Evidence) -> str:
    # By its words, not its place: the same sentence in a passage cut anew corrects nothing.
    words = hashlib.sha256(evidence.text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{evidence.stance.value} {evidence.source_id} sha256:{words}"


def _provenance(record: PublicRecord) -> dict[str, Any]:
    fields: dict[str, Any] = {
        f"counts.{name}": count for name, count in record.reference_counts.model_dump(mode="json").items()
    }
    for view in record.references:
        key, audit = f"reference.{view.reference.ordinal}", view.audit
        fields[f"{key}.finding"] = audit.finding.value if audit else None
        fields[f"{key}.source_id"] = audit.source_id if audit else None
        fields[f"{key}.mismatches"] = (
            [mismatch.model_dump(mode="json") for mismatch in audit.mismatches] if audit else []
        )
        fields[f"{key}.notices"] = _notices(audit.notices) if audit else []
    for source in record.sources:
        fields[f"source.{source.source_id}.title"] = source.title
        fields[f"source.{source.source_id}.notices"] = _notices(source.notices)
        if source.text_withdrawn:
            fields[f"source.{source.source_id}.text_withdrawn"] = source.text_withdrawn
    return fields


def _notices(notices: Sequence[Notice]) -> list[str]:
    return sorted(" ".join(filter(None, (n.kind.value, n.id, n.date))) for n in notices)


def _quality(record: PublicRecord) -> dict[str, Any]:
    review = record.review
    fields: dict[str, Any] = {
        "review.score": review.score,
        "review.low": review.low,
        "review.high": review.high,
        "review.reviewers": sorted(review.reviewers),
        "level": int(record.level) if record.level is not None else None,
        "tier": record.tier.value if record.tier else None,
    }
    fields.update((f"dimension.{d.dimension.value}", d.score) for d in review.dimensions)
    for finding in record.findings:
        messages = fields.setdefault(f"finding.{finding.rule}", [])
        messages.append(f"{finding.severity.value}: {finding.message}")
    for scan in record.rigor:
        # An item that nobody has judged yet is no answer that could be corrected.
        answered = (i for i in scan.items if i.answer is not RigorAnswer.NEEDS_JUDGEMENT and i.applies is not False)
        fields.update((f"rigor.{scan.source_version_id}.{i.item}", i.answer.value) for i in answered)
    fields.update(_gates(record, CorrectionKind.QUALITY_ASSESSMENT))
    return {name: sorted(v) if name.startswith("finding.") else v for name, v in fields.items()}


def gate_kind(*, result: GateResult | None, outcome: AttemptOutcome | None) -> CorrectionKind:
    """Under which kind a gate stands: one that only says what came of artifacts, or one that passes and fails.

    A red team sets a result always and an outcome sometimes: it must not wander between the two.
    """
    return CorrectionKind.ARTIFACT if result is None and outcome is not None else CorrectionKind.QUALITY_ASSESSMENT


def gate_state(
    *,
    activation_id: str,
    public_status: PublicGateStatus,
    result: GateResult | None,
    outcome: AttemptOutcome | None,
    in_force: bool,
    policy_version: str,
) -> dict[str, Any]:
    """The fields of one gate activation in the public state of its record."""
    word = result or outcome
    key = f"gate.{activation_id}"
    return {
        f"{key}.status": public_status.value,
        f"{key}.result": word.value if word else None,
        f"{key}.in_force": in_force,
        f"{key}.policy_version": policy_version,
    }


def _gates(record: PublicRecord, kind: CorrectionKind) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for view in record.gates:
        if gate_kind(result=view.result, outcome=view.outcome) is kind:
            fields |= gate_state(
                activation_id=view.activation_id,
                public_status=view.public_status,
                result=view.result,
                outcome=view.outcome,
                in_force=view.in_force,
                policy_version=view.policy_version,
            )
    return fields


def _artifacts(record: PublicRecord) -> dict[str, Any]:
    """An attempt made again with the same outcome corrects nothing; who approved it is news to a reader."""
    fields: dict[str, Any] = {}
    for view in record.artifacts:
        key = f"artifact.{view.artifact_id}"
        fields[f"{key}.sha256"] = view.sha256
        fields[f"{key}.outcome"] = artifact_outcome(view).value
        fields[f"{key}.approved_by"] = view.approval.by if view.approval else None
    return fields


# --- events -------------------------------------------------------------------------------------


def correction_events(
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any],
    *,
    record_id: str,
    previous: Correction | None,
    why: str,
    recorded_at: datetime,
) -> tuple[Correction, ...]:
    """One event for each kind of public state that changed; none for a first publication.

    `before` and `after` are `public_state` dicts. A field that is new stands only in the
    event's `after`, one that went only in its `before`. Raises `ValueError` if `recorded_at`
    has no time zone.
    """
    if recorded_at.tzinfo is None:
        raise ValueError("recorded_at of a correction needs a time zone: give an aware datetime.")
    if before is None:
        return ()
    events: list[Correction] = []
    for kind in CorrectionKind:
        lost, gained = _changed(before.get(kind.value, {}), after.get(kind.value, {}))
        if lost or gained:
            last = events[-1] if events else previous
            events.append(_event(kind, lost, gained, record_id, last, why, recorded_at))
    return tuple(events)


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    names = sorted(before.keys() | after.keys())
    changed = [n for n in names if (n in before) != (n in after) or canonical(before[n]) != canonical(after[n])]
    return {n: before[n] for n in changed if n in before}, {n: after[n] for n in changed if n in after}


def _event(
    kind: CorrectionKind,
    before: dict[str, Any],
    after: dict[str, Any],
    record_id: str,
    previous: Correction | None,
    why: str,
    recorded_at: datetime,
) -> Correction:
    sequence = previous.sequence + 1 if previous else 1
    unsealed = Correction(
        correction_id=_correction_id(record_id, sequence),
        sequence=sequence,
        kind=kind.value,
        before=before,
        after=after,
        why=why,
        recorded_at=recorded_at,
        previous_hash=previous.hash if previous else None,
        hash="",
    )
    return unsealed.model_copy(update={"hash": correction_hash(unsealed)})


def _correction_id(record_id: str, sequence: int) -> str:
    # The record's id is part of the event's, and so of its hash: an event cannot change records.
    return f"{record_id}#correction-{sequence}"


# --- chain --------------------------------------------------------------------------------------


def correction_content(correction: Correction) -> dict[str, Any]:
    """What the hash of an event is over, besides the hash before; JSON types only, the time in UTC."""
    return {
        "correction_id": correction.correction_id,
        "sequence": correction.sequence,
        "kind": correction.kind,
        "before": correction.before,
        "after": correction.after,
        "why": correction.why,
        "recorded_at": correction.recorded_at.astimezone(UTC).isoformat(timespec="microseconds"),
    }


def correction_hash(correction: Correction) -> str:
    """sha256 over the previous hash and the canonical content, time of recording included."""
    chained = f"{correction.previous_hash or ''}\n{canonical(correction_content(correction))}"
    return hashlib.sha256(chained.encode("ascii")).hexdigest()


def verify_chain(corrections: Sequence[Correction], *, head: str | None = None) -> ChainBreak | None:
    """The first break of one record's chain, oldest event first; None if it holds.

    A chain alone cannot show that its newest events were cut off, or that all of it was written
    anew: `head`, the newest hash as it was published elsewhere, shows both.
    """
    previous: Correction | None = None
    record_id = corrections[0].correction_id.rpartition("#")[0] if corrections else ""
    for position, correction in enumerate(corrections):
        what = _break(correction, previous, record_id)
        if what:
            return ChainBreak(position, correction.correction_id, what)
        previous = correction
    if head is not None and (previous is None or previous.hash != head):
        return ChainBreak(len(corrections), None, f"the chain does not end at the published head {head}")
    return None


def _break(correction: Correction, previous: Correction | None, record_id: str) -> str | None:
    sequence = previous.sequence + 1 if previous else 1
    previous_hash = previous.hash if previous else None
    if correction.sequence != sequence:
        return f"sequence is {correction.sequence}, expected {sequence}: an event is missing or out of order"
    if correction.correction_id != _correction_id(record_id, sequence):
        return f"correction_id is not {_correction_id(record_id, sequence)}"
    if correction.previous_hash != previous_hash:
        return "previous_hash is not the hash of the event before"
    if correction.recorded_at.tzinfo is None:
        return "recorded_at has no time zone"
    if correction.hash != correction_hash(correction):
        return "hash does not agree with the content"
    return None


def canonical(value: Any) -> str:
    """The one JSON text of a value, ASCII without spaces. Raises ValueError for a number that JSON has not."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)

"""A record before the red team, put together by hand. Import it as `tests.gates.redteam_material`.

Claim 1 is about kettles. Every text was written for these tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from pipelines.gates.artifact import ArtifactKind, ArtifactManifest, InputFile, Relation, StatedResult
from pipelines.gates.facts import AttemptFacts
from pipelines.gates.redteam.material import HeldCheck, HeldClaim, HeldReference, HeldSource, RedTeamMaterial, TwinCheck
from pipelines.models import (
    Adjudication,
    AttemptOutcome,
    Claim,
    ClaimVerdict,
    Evidence,
    EvidenceScope,
    Notice,
    NoticeKind,
    Passage,
    ReferenceAudit,
    ReferenceFinding,
    SourceVerdict,
    Stance,
    Verdict,
)
from tests.made_claims import claim_saying, quoted

SAID = "Lids shorten the boiling of water in kettles by a quarter."
AGAINST = {
    "doi:10.5555/kettles.a": "Lids did not shorten the boiling of water in any of nine kettles.",
    "doi:10.5555/kettles.b": "With a lid on, water in kettles boiled no sooner than without one.",
    "doi:10.5555/kettles.c": "A lid made kettles slower to boil in all thirty trials.",
}
A, B, C = AGAINST
AUTHORS = {A: ("Ada Brook",), B: ("Ben Crow",), C: ("Cleo Dune",)}
TITLES = {A: "Nine kettles", B: "Steam and lids", C: "Thirty trials of slow water"}
MONDAY = datetime(2026, 7, 6, 9, 0, tzinfo=UTC)


def a_claim(number: int = 1, text: str = SAID, **changed: Any) -> Claim:
    return claim_saying(text, number, **changed)


def sentence(source_id: str, stance: Stance, text: str | None = None) -> Evidence:
    words = AGAINST.get(source_id, SAID) if text is None else text
    return quoted(words, words, f"passage of {source_id}", source_id, stance)


def source_says(source_id: str, verdict: ClaimVerdict, confidence: float | None = 0.9, **more: Any) -> SourceVerdict:
    return SourceVerdict(source_id=source_id, verdict=verdict, confidence=confidence, reason="read", **more)


def a_verdict(
    verdict: ClaimVerdict,
    evidence: Sequence[Evidence] = (),
    per_source: Sequence[SourceVerdict] = (),
    number: int = 1,
) -> Verdict:
    return Verdict(
        claim_id=f"claim-{number}",
        verdict=verdict,
        confidence=None if verdict is ClaimVerdict.NOT_CHECKED else 0.9,
        reason="as it was read",
        scope=EvidenceScope.RECORD,
        evidence=tuple(evidence),
        per_source=tuple(per_source),
        verifier_version="verifier-1",
        backend="features",
    )


def refuted_by(*source_ids: str, confidence: float = 0.9) -> Verdict:
    return a_verdict(
        ClaimVerdict.REFUTED,
        [sentence(one, Stance.REFUTES) for one in source_ids],
        [source_says(one, ClaimVerdict.REFUTED, confidence) for one in source_ids],
    )


def supported_by(*source_ids: str, number: int = 1) -> Verdict:
    return a_verdict(
        ClaimVerdict.SUPPORTED,
        [sentence(one, Stance.SUPPORTS, SAID) for one in source_ids],
        [source_says(one, ClaimVerdict.SUPPORTED) for one in source_ids],
        number,
    )


def adjudicated(verdict: ClaimVerdict) -> Adjudication:
    return Adjudication(verdict=verdict, reason="the tables were read again", by="an editor", recorded_at=MONDAY)


def a_source(source_id: str, *kinds: NoticeKind, **changed: Any) -> HeldSource:
    made: dict[str, Any] = {
        "source_id": source_id,
        "names": (source_id,),
        "title": TITLES.get(source_id, f"On {source_id}"),
        "authors": AUTHORS.get(source_id, ()),
        "notices": tuple(Notice(kind=kind, origin="an index", date="2026-02-01") for kind in kinds),
    }
    return HeldSource(**made | changed)


def audited(finding: ReferenceFinding, ordinal: int = 1, source_id: str | None = None) -> HeldReference:
    audit = ReferenceAudit(finding=finding, source_id=source_id, reason=f"as two indexes answered: {finding.value}")
    return HeldReference(ordinal=ordinal, audit=audit)


def material(
    *claims: HeldClaim,
    sources: Sequence[HeldSource] | None = None,
    references: Sequence[HeldReference] = (),
    checks: Sequence[HeldCheck] = (),
    passages: Sequence[Passage] = (),
    texts: dict[str, str] | None = None,
) -> RedTeamMaterial:
    """By default the sources of `AGAINST`, and every sentence stands at the start of its passage."""
    verdicts = [held.verdict for held in claims if held.verdict]
    stored = {one.passage_id: f"{one.text} More follows." for held in verdicts for one in held.evidence}
    return RedTeamMaterial(
        record_id="record-1",
        claims=claims,
        passage_texts=stored if texts is None else texts,
        references=tuple(references),
        sources=tuple(map(a_source, AGAINST)) if sources is None else tuple(sources),
        checks=tuple(checks),
        passages=tuple(passages),
    )


def held(verdict: Verdict | None, adjudication: Adjudication | None = None, **changed: Any) -> HeldClaim:
    number = int(verdict.claim_id.rsplit("-", 1)[1]) if verdict else 1
    return HeldClaim(claim=a_claim(number, **changed), verdict=verdict, adjudication=adjudication)


# --- checks -------------------------------------------------------------------------------------


def a_manifest(**changed: Any) -> ArtifactManifest:
    made: dict[str, Any] = {
        "kind": ArtifactKind.REPRODUCTION,
        "claim": "claim-1",
        "author": "Ada Brook",
        "licence": "CC0-1.0",
        "entry": "boil.py",
        "runtime": "python",
        "result": StatedResult(value=25.0, relation=Relation.EQUALS),
        "inputs": (InputFile(path="times.csv", sha256="0" * 64, origin="table 2 of the paper"),),
    }
    return ArtifactManifest(**made | changed)


def a_check(outcome: AttemptOutcome = AttemptOutcome.VERIFIED, **changed: Any) -> HeldCheck:
    """A sound one, unless changed: `authority` and `approved_by` go to its facts."""
    facts = AttemptFacts(
        artifact_id="artifact-1",
        claim_id="claim-1",
        kind="reproduction",
        outcome=outcome,
        authority=changed.pop("authority", True),
        reason="as it was run",
        approved_by=changed.pop("approved_by", "an editor"),
    )
    made: dict[str, Any] = {"facts": facts, "manifest": a_manifest(), "approver": "an editor"}
    return HeldCheck(**made | changed)


def a_twin(outcome: AttemptOutcome, value: float = 25.0, relation: Relation = Relation.EQUALS) -> TwinCheck:
    return TwinCheck(
        artifact_id="artifact-2",
        record_id="record-2",
        claim_id="claim-9",
        outcome=outcome,
        result=StatedResult(value=value, relation=relation),
    )

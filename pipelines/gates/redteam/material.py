"""What attackers look at: everything held about one record that may speak against it, as of now.

Belongs here: the shape of the material, and what more than one attacker asks of it. Does not belong here: rules of
an attacker, reading the warehouse (warehouse/red_team.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipelines.gates.artifact import ArtifactManifest, StatedResult
from pipelines.gates.attempt import CheckFault
from pipelines.gates.facts import AttemptFacts, RedTeamQuote
from pipelines.gates.redteam.rules import MOST_QUOTE
from pipelines.models import (
    Adjudication,
    AttemptOutcome,
    Claim,
    ClaimVerdict,
    Evidence,
    Model,
    Notice,
    NoticeKind,
    Passage,
    Reference,
    ReferenceAudit,
    Stance,
    Verdict,
    Work,
)
from pipelines.verification.notices import names_of, notices_of

MOVED = "inputs that move the result"  # of an attempt's evidence: path to whether it does (`vacuity`)
ENDED = frozenset({NoticeKind.RETRACTED, NoticeKind.WITHDRAWN})
_OVERRULED = frozenset({ClaimVerdict.SUPPORTED, ClaimVerdict.NOT_ENOUGH_INFO, ClaimVerdict.NOT_CHECKED})
_STATES_NOTHING = Reference(ordinal=0, raw="")  # a work that is looked at without an entry that cites it


class NothingToAttack(Exception):
    """What an attacker would look at is not there. It is absent then: it did not find nothing."""


class HeldClaim(Model):
    """A claim with the verdict in force, and a person's where there is one."""

    claim: Claim
    verdict: Verdict | None
    adjudication: Adjudication | None = None


class HeldReference(Model):
    """An entry of the reference list; `audit` is None where it was not audited yet."""

    ordinal: int
    audit: ReferenceAudit | None


class HeldSource(Model):
    """A source: every identifier that it or a version of it bears, and the notices about it."""

    source_id: str
    names: tuple[str, ...]
    title: str
    authors: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()

    @property
    def kinds(self) -> frozenset[NoticeKind]:
        return frozenset(notice.kind for notice in self.notices)


class TwinCheck(Model):
    """The latest attempt of another artifact with the same script and the same inputs."""

    artifact_id: str
    record_id: str
    claim_id: str
    outcome: AttemptOutcome
    result: StatedResult | None


class HeldCheck(Model):
    """An artifact with its latest attempt. `approver` is who approves of it now; None: nobody does.

    `unused_inputs`: all that it reads, where the evidence says of each that it does not move the result.
    """

    facts: AttemptFacts
    manifest: ArtifactManifest
    faults: tuple[CheckFault, ...] = ()
    approver: str | None = None
    unused_inputs: tuple[str, ...] = ()
    twins: tuple[TwinCheck, ...] = ()


class RedTeamMaterial(Model):
    """One record. `passages` are those of its standing sources, given only where an attacker reads them."""

    record_id: str
    claims: tuple[HeldClaim, ...]
    passage_texts: dict[str, str]  # of the passages that evidence stands in, by passage id
    references: tuple[HeldReference, ...]
    sources: tuple[HeldSource, ...]
    checks: tuple[HeldCheck, ...]
    passages: tuple[Passage, ...] = ()

    def source(self, source_id: str) -> HeldSource | None:
        return next((one for one in self.sources if one.source_id == source_id), None)

    def has_ended(self, source_id: str) -> bool:
        """Whether the source is retracted or withdrawn; of an unknown source that is not known."""
        source = self.source(source_id)
        return source is not None and bool(source.kinds & ENDED)

    def quoted(self, evidence: Evidence) -> RedTeamQuote | None:
        """The sentence as it stands in its passage; None where it does not stand there word for word."""
        return quoted(evidence, self.passage_texts.get(evidence.passage_id))


def unused_inputs(evidence: Mapping[str, Any]) -> tuple[str, ...]:
    """The inputs of an attempt, where its evidence says that not one of them moves the result.

    One among others that does not is no fault: a change on which the script crashes shows nothing either way.
    """
    parts = (evidence, *(part for part in evidence.values() if isinstance(part, Mapping)))
    moved = next((held for part in parts if isinstance(held := part.get(MOVED), Mapping)), {})
    return () if any(moved.values()) else tuple(map(str, moved))


def quoted(evidence: Evidence, passage_text: str | None) -> RedTeamQuote | None:
    if passage_text is None or not evidence.text.strip():
        return None
    if passage_text[evidence.start : evidence.end] != evidence.text:
        return None
    return RedTeamQuote(source_id=evidence.source_id, text=evidence.text[:MOST_QUOTE])


def is_overruled(held: HeldClaim) -> bool:
    """Whether a person decided that nothing speaks against the claim clearly enough."""
    return held.adjudication is not None and held.adjudication.verdict in _OVERRULED


def supporting_sources(held: HeldClaim) -> frozenset[str]:
    """The sources that a machine's SUPPORTED rests on; a person's word rests on the person."""
    if held.adjudication is not None or held.verdict is None or held.verdict.verdict is not ClaimVerdict.SUPPORTED:
        return frozenset()
    return frozenset(one.source_id for one in held.verdict.evidence if one.stance is Stance.SUPPORTS)


def held_sources(works: Iterable[Work], references: Sequence[HeldReference]) -> tuple[HeldSource, ...]:
    """The works once each, by source id, with what they, each other, and the audits say of their standing."""
    by_id = {work.source_id: work for work in works}
    known = tuple(by_id.values())
    return tuple(_held_source(by_id[source_id], known, references) for source_id in sorted(by_id))


def _held_source(work: Work, known: Sequence[Work], references: Sequence[HeldReference]) -> HeldSource:
    names = names_of(work) | {version.source_id.casefold() for version in work.versions}
    audited = (
        notice
        for one in references
        if one.audit and one.audit.source_id and one.audit.source_id.casefold() in names
        for notice in one.audit.notices
    )
    own = notices_of(_STATES_NOTHING, work, known)
    return HeldSource(
        source_id=work.source_id,
        names=tuple(sorted(names)),
        title=work.title,
        authors=work.authors,
        notices=tuple(dict.fromkeys((*own, *audited))),
    )

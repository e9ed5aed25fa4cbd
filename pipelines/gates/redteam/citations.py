"""The citation auditor: references that are not what they are said to be, sources that can carry nothing any more.

Belongs here: which findings on references speak against a record's citations. Does not belong here: auditing
references (verification). What no index has, or could be asked about, is no finding: not knowing is not finding.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.counts import counted
from pipelines.gates.facts import RedTeamFinding
from pipelines.gates.redteam.material import (
    HeldClaim,
    HeldReference,
    HeldSource,
    NothingToAttack,
    RedTeamMaterial,
    supporting_sources,
)
from pipelines.gates.redteam.rules import AttackerName, RedTeamRule, Report, found, shortened
from pipelines.models import NoticeKind, ReferenceFinding, Stance

MAIN_SHARE = 1 / 3  # of the supported claims, from which a source is a main one; tiers take the same share

_JUDGED = frozenset({ReferenceFinding.FOUND, ReferenceFinding.MISDESCRIBED, ReferenceFinding.LIKELY_FABRICATED})
_STANDING = (  # the gravest first: one finding a source
    (NoticeKind.RETRACTED, RedTeamRule.RETRACTED_SOURCE, "is retracted"),
    (NoticeKind.WITHDRAWN, RedTeamRule.WITHDRAWN_SOURCE, "is withdrawn"),
    (NoticeKind.CONCERN, RedTeamRule.SOURCE_OF_CONCERN, "is under an expression of concern"),
)


@dataclass(frozen=True)
class CitationAuditor:
    name = AttackerName.CITATIONS
    version = "1"
    reads_passages = False

    def look(self, material: RedTeamMaterial) -> Report:
        judged = [one for one in material.references if one.audit and one.audit.finding in _JUDGED]
        carried = {held.claim.claim_id: supporting_sources(held) for held in material.claims}
        resting = sum(map(bool, carried.values()))
        if not judged and not resting:
            raise NothingToAttack("no reference of the record could be judged, and no claim rests on a source")
        findings = (
            *(one for held in judged if (one := _against_reference(held)) is not None),
            *_against_main_sources(material, Counter(source for held in carried.values() for source in held), resting),
            *(one for held in material.claims if (one := _against_support(material, held)) is not None),
        )
        return Report(
            f"{len(judged)} of {counted(len(material.references), 'reference')} that could be judged, and the sources "
            f"of {counted(resting, 'supported claim')}",
            findings,
        )


def _against_reference(held: HeldReference) -> RedTeamFinding | None:
    audit = held.audit
    if audit is None or audit.finding not in (ReferenceFinding.LIKELY_FABRICATED, ReferenceFinding.MISDESCRIBED):
        return None
    if audit.finding is ReferenceFinding.LIKELY_FABRICATED:
        rule, how = RedTeamRule.FABRICATED_REFERENCE, "likely does not exist"
    else:
        rule, how = RedTeamRule.MISDESCRIBED_REFERENCE, "is not what the record says it is"
    subject = f"reference {held.ordinal}"
    return found(AttackerName.CITATIONS, rule, subject, f"Reference {held.ordinal} {how}: {audit.reason}")


def _against_main_sources(material: RedTeamMaterial, carries: Counter[str], supported: int) -> Iterator[RedTeamFinding]:
    for source in material.sources:
        if not supported or carries[source.source_id] < MAIN_SHARE * supported:
            continue
        for kind, rule, how in _STANDING:
            if kind in source.kinds:
                message = (
                    f"{_called(source)} carries {carries[source.source_id]} of "
                    f"{counted(supported, 'supported claim')} and {how}{_who_says(source, kind)}"
                )
                yield found(AttackerName.CITATIONS, rule, _subject(material, source), message)
                break


def _called(source: HeldSource) -> str:
    return f"The source “{shortened(source.title or source.source_id, 160)}”"


def _who_says(source: HeldSource, kind: NoticeKind) -> str:
    notice = next(one for one in source.notices if one.kind is kind)
    dated = f" of {shortened(notice.date, 20)}" if notice.date else ""
    return f" (notice{dated} by {shortened(notice.origin, 80)})"


def _subject(material: RedTeamMaterial, source: HeldSource) -> str:
    """The reference that means the source, else the source itself: a found work is in no list."""
    for held in material.references:
        if held.audit and held.audit.source_id and held.audit.source_id.casefold() in source.names:
            return f"reference {held.ordinal}"
    return source.source_id


def _against_support(material: RedTeamMaterial, held: HeldClaim) -> RedTeamFinding | None:
    """A claim that is supported by nothing but sources that are retracted or withdrawn."""
    sources = supporting_sources(held)
    if not sources or held.verdict is None or not all(map(material.has_ended, sources)):
        return None
    supporting = (one for one in held.verdict.evidence if one.stance is Stance.SUPPORTS)
    quotes = tuple(quote for one in supporting if (quote := material.quoted(one)) is not None)
    titles = sorted({source.title or source.source_id for source in map(material.source, sources) if source})
    message = (
        f"Claim {held.claim.ordinal} (“{shortened(held.claim.text, 120)}”) is supported only by what is retracted or "
        f"withdrawn: {shortened('; '.join(titles), 300)}"
    )
    return found(AttackerName.CITATIONS, RedTeamRule.SUPPORT_RETRACTED, held.claim.claim_id, message, quotes)

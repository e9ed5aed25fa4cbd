"""The counterexample hunter: sentences of sources that refute a claim, from the verdicts in force.

Belongs here: when a refutation is a finding, and when it is confirmed. Does not belong here: judging sentences
(verification). One machine's reading of one sentence is a candidate. Confirmed is what a person decided, or what two
works that are not versions or copies of each other each say clearly, while no source says otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipelines.counts import counted
from pipelines.gates.facts import RedTeamFinding, RedTeamQuote
from pipelines.gates.redteam.material import (
    ENDED,
    HeldClaim,
    HeldSource,
    NothingToAttack,
    RedTeamMaterial,
    is_overruled,
)
from pipelines.gates.redteam.rules import AttackerName, RedTeamRule, Report, found, shortened
from pipelines.ingestion.likeness import authors_agree, same_title
from pipelines.models import ClaimVerdict, NoticeKind, Stance
from pipelines.verification.terms import fold

SURE = 0.8  # least confidence of a source's own verdict that may confirm
INDEPENDENT = 2  # works that must refute a claim, each on its own

_CANNOT_CONFIRM = ENDED | {NoticeKind.CONCERN}


@dataclass
class _Aside:
    """What was not counted, and why."""

    counts: Counter[str] = field(default_factory=Counter)

    def words(self) -> str:
        told = [f"{what}: {number}" for what, number in sorted(self.counts.items()) if number]
        return f"; not counted, {'; '.join(told)}" if told else ""


@dataclass(frozen=True)
class CounterexampleHunter:
    name = AttackerName.COUNTEREXAMPLE
    version = "1"
    reads_passages = False

    def look(self, material: RedTeamMaterial) -> Report:
        checked = [held for held in material.claims if _was_checked(held)]
        if not checked:
            raise NothingToAttack("no claim of the record was checked against a source text")
        aside = _Aside()
        findings = tuple(one for held in checked if (one := _against(material, held, aside)) is not None)
        return Report(f"the refuting sentences of {counted(len(checked), 'verdict')}{aside.words()}", findings)


def _was_checked(held: HeldClaim) -> bool:
    by_machine = held.verdict is not None and held.verdict.verdict is not ClaimVerdict.NOT_CHECKED
    return by_machine or held.adjudication is not None


def _against(material: RedTeamMaterial, held: HeldClaim, aside: _Aside) -> RedTeamFinding | None:
    person = held.adjudication
    if is_overruled(held):
        aside.counts["claims on which a person decided otherwise"] += _refutes(held)
        return None
    quotes = _refuting(material, held, aside)
    if person is not None and person.verdict is ClaimVerdict.REFUTED:
        message = f"{_called(held)} was adjudicated as refuted by {shortened(person.by, 80)}: {person.reason}"
        return found(AttackerName.COUNTEREXAMPLE, RedTeamRule.REFUTED_BY_PERSON, held.claim.claim_id, message, quotes)
    if not quotes:
        return None
    works = _confirming(material, held, quotes) if person is None else 0
    if works >= INDEPENDENT:
        rule, how = RedTeamRule.REFUTED_BY_SOURCES, f"is refuted by {works} independent works, and none supports it"
    else:
        rule, how = RedTeamRule.REFUTED_BY_SOURCE, "may be refuted, read by machine and not confirmed"
    told = f"{_called(held)} {how}: {_in_words(material, quotes)}"
    return found(AttackerName.COUNTEREXAMPLE, rule, held.claim.claim_id, told, quotes)


def _called(held: HeldClaim) -> str:
    return f"Claim {held.claim.ordinal} (“{shortened(held.claim.text, 120)}”)"


def _in_words(material: RedTeamMaterial, quotes: Sequence[RedTeamQuote]) -> str:
    first = quotes[0]
    source = material.source(first.source_id)
    named = shortened(source.title if source and source.title else first.source_id, 100)
    return f"{named} says “{shortened(first.text, 200)}”"


def _refutes(held: HeldClaim) -> bool:
    return held.verdict is not None and any(one.stance is Stance.REFUTES for one in held.verdict.evidence)


def _refuting(material: RedTeamMaterial, held: HeldClaim, aside: _Aside) -> tuple[RedTeamQuote, ...]:
    """The sentences against the claim that stand word for word in a source that stands."""
    if held.verdict is None:
        return ()
    for_it = {one.source_id for one in held.verdict.per_source if one.verdict is ClaimVerdict.SUPPORTED}
    quotes: list[RedTeamQuote] = []
    for evidence in held.verdict.evidence:
        if evidence.stance is not Stance.REFUTES:
            continue
        quote = material.quoted(evidence)
        if quote is None:
            aside.counts["sentences that do not stand in their source"] += 1
        elif material.has_ended(evidence.source_id):
            aside.counts["sentences of retracted or withdrawn sources"] += 1
        elif evidence.source_id in for_it:
            aside.counts["sentences of sources that support the claim on the whole"] += 1
        else:
            quotes.append(quote)
    return tuple(quotes)


def _confirming(material: RedTeamMaterial, held: HeldClaim, quotes: Sequence[RedTeamQuote]) -> int:
    """How many independent works refute the claim clearly; 0 where any source supports it, or it is cut off."""
    verdict = held.verdict
    if verdict is None or held.claim.truncated:
        return 0
    speaks_for = any(one.verdict is ClaimVerdict.SUPPORTED for one in verdict.per_source)
    if speaks_for or any(one.stance is Stance.SUPPORTS for one in verdict.evidence):
        return 0
    sure = {
        one.source_id
        for one in verdict.per_source
        if one.verdict is ClaimVerdict.REFUTED and not one.conflict and (one.confidence or 0.0) >= SURE
    }
    said: dict[str, set[str]] = {}
    for quote in quotes:
        if quote.source_id in sure:
            said.setdefault(quote.source_id, set()).add(fold(quote.text).casefold())
    known = [source for source in map(material.source, sorted(said)) if source is not None]
    return _independent_works([one for one in known if not one.kinds & _CANNOT_CONFIRM], said)


def _independent_works(sources: Sequence[HeldSource], said: Mapping[str, set[str]]) -> int:
    """How many works these sources are: versions and copies of one work, and works alike to one, count once.

    `said`: source id to its sentences, folded. Who says the same words has them from the other.
    """
    groups: list[list[HeldSource]] = []
    for source in sources:
        same = [group for group in groups if any(_one_work(source, other, said) for other in group)]
        groups = [group for group in groups if group not in same]
        groups.append([source, *(other for group in same for other in group)])
    return len(groups)


def _one_work(one: HeldSource, other: HeldSource, said: Mapping[str, set[str]]) -> bool:
    if one.source_id == other.source_id or set(one.names) & set(other.names):
        return True
    if said.get(one.source_id, set()) & said.get(other.source_id, set()):
        return True
    people = authors_agree(one.authors, other.authors) or authors_agree(other.authors, one.authors)
    return same_title(one.title, other.title) and people

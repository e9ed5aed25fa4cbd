"""Findings of different works that speak of the same thing, and whether they agree.

Agreement and conflict are the project's own verifier's: each finding is held against each other one as a claim
against a passage, both ways round. Input: findings. Output: `Group`s, the best first, each finding in one.
Does not belong here: choosing findings (findings.py), writing (document.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from pipelines.extraction.citations import normalised
from pipelines.extraction.claims import claim_id_for
from pipelines.extraction.quantities import quantities_of
from pipelines.extraction.worthiness import is_hedged, kind_of
from pipelines.models import Claim, ClaimOrigin, ClaimVerdict, Passage
from pipelines.publication.synthesis.findings import Finding
from pipelines.verification.backend import Backend
from pipelines.verification.features_backend import default_backend
from pipelines.verification.terms import TermStatistics, content_stems
from pipelines.verification.verdict import PreparedPassages, prepare_passages, verify_claim

LEAST_SURE = 0.85  # confidence from which two findings are said to agree or to differ
SAME_SUBJECT = 0.5  # share of the weight of the poorer finding's words that the other has too


class Standing(StrEnum):
    """How the findings of a group stand to each other."""

    AGREE = "agree"  # at least one says what another says, none denies another
    CONFLICT = "conflict"  # at least one denies another
    SAME_SUBJECT = "speak of the same thing"  # the verifier finds neither agreement nor conflict
    ALONE = "stands alone"


@dataclass(frozen=True)
class Link:
    """What the verifier holds of two findings, given by their places in the group; `why` in its words."""

    claim: int
    passage: int
    verdict: ClaimVerdict
    why: str


@dataclass(frozen=True)
class Group:
    """Findings, the best first; `links` only where the verifier decided."""

    findings: tuple[Finding, ...]
    standing: Standing
    links: tuple[Link, ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(finding.source_id for finding in self.findings))


def grouped(findings: Sequence[Finding], statistics: TermStatistics) -> tuple[Group, ...]:
    """Groups of findings; a group takes the place of its best finding.

    What the verifier links is one group. Only findings that it links with none are put together for their words
    alone, so that a group never seems to agree because two of its many findings do.
    """
    links = _links(findings)
    linked = {place for link in links for place in (link.claim, link.passage)}
    near = [
        (one, other)
        for one, other in _pairs(findings)
        if not linked & {one, other} and _is_near(findings[one], findings[other], statistics)
    ]
    member_of = list(range(len(findings)))
    for one, other in [*((link.claim, link.passage) for link in links), *near]:
        low, high = sorted((member_of[one], member_of[other]))
        member_of = [low if place == high else place for place in member_of]
    return tuple(
        _group([at for at, own in enumerate(member_of) if own == first], findings, links)
        for first in dict.fromkeys(member_of)
    )


def _pairs(findings: Sequence[Finding]) -> list[tuple[int, int]]:
    """Pairs of findings of different works."""
    return [
        (one, other)
        for one, other in combinations(range(len(findings)), 2)
        if findings[one].source_id != findings[other].source_id
    ]


def _group(members: Sequence[int], findings: Sequence[Finding], links: Sequence[Link]) -> Group:
    place = {member: at for at, member in enumerate(members)}
    own = tuple(
        Link(place[link.claim], place[link.passage], link.verdict, link.why) for link in links if link.claim in place
    )
    verdicts = {link.verdict for link in own}
    if ClaimVerdict.REFUTED in verdicts:
        standing = Standing.CONFLICT
    elif ClaimVerdict.SUPPORTED in verdicts:
        standing = Standing.AGREE
    else:
        standing = Standing.SAME_SUBJECT if len(members) > 1 else Standing.ALONE
    return Group(tuple(findings[member] for member in members), standing, own)


def _links(findings: Sequence[Finding]) -> tuple[Link, ...]:
    claims = [_claim(at, finding) for at, finding in enumerate(findings)]
    prepared = [prepare_passages([_passage(at, finding)]) for at, finding in enumerate(findings)]
    backend = default_backend()
    found: list[Link] = []
    for one, other in _pairs(findings):
        for claim, passage in ((one, other), (other, one)):
            link = _link(claim, passage, claims[claim], prepared[passage], backend)
            found += [link] if link else []
    return tuple(found)


def _link(claim_at: int, passage_at: int, claim: Claim, passage: PreparedPassages, backend: Backend) -> Link | None:
    verdict = verify_claim(claim, passage, cited=frozenset(), backend=backend).verdict
    decided = verdict.verdict in (ClaimVerdict.SUPPORTED, ClaimVerdict.REFUTED)
    if not decided or (verdict.confidence or 0.0) < LEAST_SURE:
        return None
    return Link(claim_at, passage_at, verdict.verdict, next((e.why for e in verdict.evidence if e.why), ""))


def _claim(at: int, finding: Finding) -> Claim:
    words = normalised(finding.text)
    return Claim(
        claim_id=claim_id_for(finding.source_id, words, at + 1),
        ordinal=at + 1,
        text=finding.text,
        start=finding.start,
        end=finding.end,
        normalised=words,
        origin=ClaimOrigin.EXTRACTED,
        kind=kind_of(words),
        hedged=is_hedged(words),
        quantities=quantities_of(words),
    )


def _passage(at: int, finding: Finding) -> Passage:
    return Passage(
        passage_id=f"finding-{at}",
        source_id=finding.source_id,
        source_version_id=finding.source_id,
        ordinal=1,
        start=0,
        end=len(finding.text),
        text=finding.text,
    )


def _is_near(one: Finding, other: Finding, statistics: TermStatistics) -> bool:
    first, second = content_stems(one.text), content_stems(other.text)
    poorer = min(_weight(first, statistics), _weight(second, statistics))
    return poorer > 0 and _weight(first & second, statistics) >= SAME_SUBJECT * poorer


def _weight(stems: set[str], statistics: TermStatistics) -> float:
    return sum(statistics.idf(stem) for stem in stems)

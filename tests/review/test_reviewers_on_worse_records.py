"""Whatever a record holds: made worse, it gains nothing, neither in its score nor with any reviewer.

Records are made of claims drawn at random within what the verifier can say (a supported claim differs on no axis).
A score that was not there before may only appear as 0, and only a full one may go.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reviewed_records import FOUND, SOURCE, D, N, R, S, U, audit, axes, material, with_claim, with_verdict

from pipelines.models import (
    AxisOutcome,
    ClaimVerdict,
    Dimension,
    EvidenceScope,
    NoticeKind,
    Quantity,
    ReferenceFinding,
)
from pipelines.review.material import ReviewMaterial
from pipelines.review.reviewers import intervals
from pipelines.review.reviewers.team import review_record

ON_SUBJECT, OFF_SUBJECT = "Green tea lowered blood pressure", "Emperor penguins breed on ice"
OTHER = "doi:10.1/b"
EXACT = 1e-6
UNHURRIED = settings(deadline=None, max_examples=40)


@dataclass(frozen=True)
class Made:
    """A claim with what is held about it."""

    verdict: ClaimVerdict
    on_subject: bool
    number: bool
    measured: bool
    hedged: bool
    ticked: bool | None
    searched: bool
    source: str
    sentence_hedged: bool
    outcomes: tuple[AxisOutcome, ...]  # subject, numbers, population, certainty


def made_claims(verdicts: Sequence[ClaimVerdict]) -> st.SearchStrategy[Made]:
    def outcomes(verdict: ClaimVerdict) -> st.SearchStrategy[tuple[AxisOutcome, ...]]:
        told = [one for one in AxisOutcome if verdict is not S or one is not AxisOutcome.DIFFERS]
        return st.tuples(*[st.sampled_from(told)] * 4)

    def claims(verdict: ClaimVerdict) -> st.SearchStrategy[Made]:
        return st.builds(
            Made,
            verdict=st.just(verdict),
            ticked=st.sampled_from([None, True, False]),
            source=st.sampled_from([SOURCE, OTHER]),
            outcomes=outcomes(verdict),
        )

    return st.sampled_from(verdicts).flatmap(claims)


ANY = made_claims(list(ClaimVerdict))
UNSUPPORTED = made_claims([N, R, D])  # one that cannot be checked leaves the reviewers' view instead
RECORDS = st.lists(ANY, min_size=2, max_size=7)


def record_of(
    claims: Sequence[Made], audits: Sequence[Any] = (FOUND, audit(ReferenceFinding.FOUND, OTHER))
) -> ReviewMaterial:
    rows = [f"{ON_SUBJECT if one.on_subject else OFF_SUBJECT} in case {at}." for at, one in enumerate(claims)]
    of = material(
        rows=rows,
        held=[one.verdict for one in claims],
        hedged=[at for at, one in enumerate(claims, start=1) if one.hedged],
        ticks={at: one.ticked for at, one in enumerate(claims, start=1) if one.ticked is not None},
        figures=[("claims_verified", 3, "3 verified")],
        references=[{"doi": "10.1/a"}, {"doi": "10.1/b"}],
        audits=audits,
    )
    for at, one in enumerate(claims, start=1):
        of = _told(of, at, one)
    return of


def _told(of: ReviewMaterial, at: int, one: Made) -> ReviewMaterial:
    number = Quantity(value=3, metric="pressure" if one.measured else None, text="3", start=0, end=1)
    of = with_claim(of, at, quantities=(number,) if one.number else ())
    if one.verdict is U:
        return of
    text = "Tea may do so." if one.sentence_hedged else "Tea does so."
    quoted = [
        held.model_copy(update={"source_id": one.source, "text": text}) for held in of.verdicts[f"c{at}"].evidence
    ]
    named = dict(zip(("subject", "numbers", "population", "certainty"), one.outcomes, strict=True))
    scope = EvidenceScope.CORPUS if one.searched else EvidenceScope.RECORD
    return with_verdict(of, at, scope=scope, evidence=tuple(quoted), axes=axes(**named))


Scores = dict[tuple[str, Dimension], float | None]


def scores_of(of: ReviewMaterial) -> tuple[float | None, Scores]:
    reviews, summary = review_record(of)
    given = {(review.reviewer, one.dimension): one.score for review in reviews for one in review.scores}
    return summary.score, given


def gains(before: ReviewMaterial, after: ReviewMaterial) -> list[str]:
    """Where the worse record fares better."""
    (score, cells), (worse, worse_cells) = scores_of(before), scores_of(after)
    if score is None or worse is None:  # nothing of it was checked: there is no score to gain
        return []
    found = [f"score {score} to {worse}"] if worse > score + EXACT else []
    for cell, held in cells.items():
        now = worse_cells[cell]
        # What was unassessed may only appear as 0, and what appears no longer must have been full.
        if (0.0 if now is None else now) > (0.0 if held is None else held) + EXACT or (
            now is None and held not in (None, 10)
        ):
            found.append(f"{cell}: {held} to {now}")
    return found


@pytest.fixture(autouse=True, scope="module")
def few_draws() -> Iterator[None]:
    """Intervals are tested elsewhere; here they only take time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(intervals, "DRAWS", 60)
        yield


def swapped(claims: list[Made], at: int, by: Made) -> list[Made]:
    return [by if place == at else one for place, one in enumerate(claims)]


PLACES = st.integers(min_value=0, max_value=6)


@UNHURRIED
@given(RECORDS, PLACES, UNSUPPORTED)
def test_a_claim_that_the_record_s_sources_support_swapped_for_another(claims: list[Made], at: int, by: Made) -> None:
    held = record_of(claims).standing
    standing = [place for place, one in enumerate(claims) if f"c{place + 1}" in held and not one.searched]
    if standing:
        place = standing[at % len(standing)]
        by = replace(by, ticked=claims[place].ticked)  # the row keeps its tick
        assert gains(record_of(claims), record_of(swapped(claims, place, by))) == []


@UNHURRIED
@given(RECORDS, made_claims([N]))
def test_a_claim_added_that_no_source_speaks_of(claims: list[Made], added: Made) -> None:
    assert gains(record_of(claims), record_of([*claims, added])) == []


@UNHURRIED
@given(RECORDS, made_claims([S]))
def test_a_claim_added_off_the_subject_that_only_a_search_supports(claims: list[Made], added: Made) -> None:
    off = replace(added, on_subject=False, searched=True)
    assert gains(record_of(claims), record_of([*claims, off])) == []


@UNHURRIED
@given(RECORDS, PLACES, st.sampled_from([N, R]), st.booleans())
def test_a_number_changed_in_a_claim_that_they_support(
    claims: list[Made], at: int, held: ClaimVerdict, told: bool
) -> None:
    standing = record_of(claims).standing
    numeric = [
        place for place, one in enumerate(claims) if one.number and f"c{place + 1}" in standing and not one.searched
    ]
    if numeric:
        place = numeric[at % len(numeric)]
        one = claims[place]
        numbers = AxisOutcome.DIFFERS if told else one.outcomes[1]
        by = replace(one, verdict=held, outcomes=(one.outcomes[0], numbers, *one.outcomes[2:]))
        assert gains(record_of(claims), record_of(swapped(claims, place, by))) == []


@UNHURRIED
@given(RECORDS, st.booleans(), st.sampled_from([NoticeKind.RETRACTED, NoticeKind.WITHDRAWN]))
def test_a_source_retracted(claims: list[Made], first: bool, kind: NoticeKind) -> None:
    intact = [FOUND, audit(ReferenceFinding.FOUND, OTHER)]
    gone = (
        [audit(ReferenceFinding.FOUND, SOURCE, kind), intact[1]]
        if first
        else [intact[0], audit(ReferenceFinding.FOUND, OTHER, kind)]
    )
    assert gains(record_of(claims, intact), record_of(claims, gone)) == []


@UNHURRIED
@given(RECORDS)
def test_hedges_removed(claims: list[Made]) -> None:
    plain = [replace(one, hedged=False) for one in claims]
    assert gains(record_of(claims), record_of(plain)) == []

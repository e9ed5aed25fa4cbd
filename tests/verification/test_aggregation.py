"""The rule over several sources, which docs/verdicts.md prints."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from pipelines.models import ClaimVerdict, Probabilities, Stance
from pipelines.verification.aggregation import overall
from pipelines.verification.backend import Quote, SourceJudgement

SUPPORTED, REFUTED = ClaimVerdict.SUPPORTED, ClaimVerdict.REFUTED
OPEN, FAILED = ClaimVerdict.NOT_ENOUGH_INFO, ClaimVerdict.NOT_CHECKED
STANCES = {SUPPORTED: Stance.SUPPORTS, REFUTED: Stance.REFUTES, OPEN: Stance.NEUTRAL}


def judged(source: str, verdict: ClaimVerdict, confidence: float = 0.8, conflict: bool = False) -> SourceJudgement:
    if verdict is FAILED:
        return SourceJudgement(source, FAILED, None, None, (), f"{source} failed")
    rest = (1 - confidence) / 2
    share = Probabilities(
        supported=confidence if verdict is SUPPORTED else rest,
        refuted=confidence if verdict is REFUTED else rest,
        not_enough_info=confidence if verdict is OPEN else rest,
    )
    quotes = (Quote(0, STANCES[verdict], confidence),)
    return SourceJudgement(source, verdict, confidence, share, quotes, f"{source} says", conflict)


@st.composite
def any_judgements(draw: st.DrawFn) -> list[SourceJudgement]:
    names = draw(st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=6))
    verdicts, shares = st.sampled_from([SUPPORTED, REFUTED, OPEN, FAILED]), st.floats(0.34, 1)
    return [judged(name, draw(verdicts), draw(shares), draw(st.booleans())) for name in names]


@given(any_judgements(), st.randoms(use_true_random=False))
def test_the_order_of_sources_changes_nothing(sources: list[SourceJudgement], chance: Random) -> None:
    shuffled = list(sources)
    chance.shuffle(shuffled)
    assert overall(shuffled) == overall(sources)


@given(any_judgements())
def test_a_verdict_has_a_source_that_gave_it_and_a_dispute_has_both_sides(sources: list[SourceJudgement]) -> None:
    found = overall(sources)
    given_by = {one.verdict for one in sources}
    if found.verdict is ClaimVerdict.DISPUTED:
        assert {SUPPORTED, REFUTED} <= given_by
        assert (found.confidence, found.probabilities, found.conflict) == (None, None, True)
    elif found.verdict is FAILED:
        assert given_by <= {FAILED}
        assert (found.confidence, found.source_id) == (None, None)
    else:
        deciding = next(one for one in sources if one.source_id == found.source_id)
        assert (deciding.verdict, deciding.confidence) == (found.verdict, found.confidence)
        assert found.verdict is not OPEN or not given_by & {SUPPORTED, REFUTED}
        assert found.conflict or not any(one.conflict for one in sources)


@given(any_judgements())
def test_both_sides_are_a_dispute_unless_one_is_more_than_twice_as_sure(sources: list[SourceJudgement]) -> None:
    best = {side: max((o.confidence or 0 for o in sources if o.verdict is side), default=0.0) for side in STANCES}
    found = overall(sources)
    if best[SUPPORTED] and best[REFUTED]:
        weaker, stronger = sorted((best[SUPPORTED], best[REFUTED]))
        assert (found.verdict is ClaimVerdict.DISPUTED) == (weaker >= 0.5 * stronger)
        assert found.conflict
    else:
        assert found.verdict is not ClaimVerdict.DISPUTED


def test_the_surest_source_of_one_side_decides() -> None:
    found = overall([judged("a", SUPPORTED, 0.6), judged("b", SUPPORTED, 0.9), judged("c", OPEN, 0.99)])
    assert (found.verdict, found.confidence, found.source_id, found.reason) == (SUPPORTED, 0.9, "b", "b says")


def test_a_source_that_is_far_surer_decides_and_the_conflict_is_noted() -> None:
    found = overall([judged("a", REFUTED, 0.95), judged("b", SUPPORTED, 0.4)])
    assert (found.verdict, found.confidence, found.conflict) == (REFUTED, 0.95, True)


def test_how_far_apart_two_sides_may_lie_in_a_dispute_is_the_callers() -> None:
    sources = [judged("a", REFUTED, 0.95), judged("b", SUPPORTED, 0.4)]
    assert overall(sources, dispute_ratio=0.4).verdict is ClaimVerdict.DISPUTED


def test_the_least_open_source_speaks_for_those_that_decide_nothing() -> None:
    found = overall([judged("a", OPEN, 0.9), judged("b", OPEN, 0.6, conflict=True)])
    assert (found.verdict, found.confidence, found.source_id, found.conflict) == (OPEN, 0.6, "b", True)


def test_failures_count_only_where_all_failed_and_then_their_reasons_are_given() -> None:
    assert overall([judged("a", FAILED), judged("b", OPEN)]).verdict is OPEN
    found = overall([judged("b", FAILED), judged("a", FAILED)])
    assert (found.verdict, found.reason) == (FAILED, "a failed; b failed")


def test_without_any_source_nothing_was_checked() -> None:
    assert (overall([]).verdict, overall([]).reason) == (FAILED, "no source")

"""Many scans together: rates with their intervals, what counts for nothing, and scans of the same paper."""

from __future__ import annotations

import json

import pytest

from pipelines.counts import wilson
from pipelines.models import RigorAnswer, RigorItem, RigorScan
from pipelines.review.scans.importing import import_scan
from pipelines.review.scans.papers import (
    JudgedScan,
    Origin,
    State,
    by_paper,
    conflicts_of,
    judged_here,
    judged_import,
)
from pipelines.review.scans.rates import MOST_SCANS_OF_A_PAPER, ItemRate, agreement, rates
from tests.review.made_scans import answer, changed, made_scan

YES, NO, NOT_APPLICABLE = State.YES, State.NO, State.NOT_APPLICABLE
NOT_DETECTED, NEEDS_JUDGEMENT = State.NOT_DETECTED, State.NEEDS_JUDGEMENT
ITEM = "code_released"


def judged(
    paper: str, state: State, *, by: Origin = Origin.IMPORTED, version: str = "3", tags: tuple[str, ...] = ()
) -> JudgedScan:
    return JudgedScan(f"{paper} {state} {by} {version}", version, (paper,), {ITEM: (state, by)}, tags)


def one_rate(*scans: JudgedScan) -> ItemRate:
    (found,) = [one for one in rates(scans) if one.tag == "all"]
    return found


def test_a_rate_is_yes_of_those_answered_yes_or_no_and_what_does_not_apply_counts_for_nothing() -> None:
    states = [YES] * 3 + [NO] * 7 + [NOT_APPLICABLE] * 90
    found = one_rate(*(judged(f"p{place}", state) for place, state in enumerate(states)))
    assert (found.yes, found.no, found.n, found.not_applicable) == (3, 7, 10, 90)
    assert found.rate == 0.3
    assert (found.low, found.high) == (pytest.approx(0.1078, abs=1e-4), pytest.approx(0.6032, abs=1e-4))
    assert (found.at_least, found.at_most) == (0.3, 0.3)


@pytest.mark.parametrize(
    ("states", "bounds", "reason"),
    [
        ([YES, NOT_DETECTED, NOT_DETECTED, NOT_APPLICABLE], (1 / 3, 1.0), "in 2 of 3 papers nothing was detected"),
        ([NOT_APPLICABLE], (None, None), "it applies to none of the papers"),
        ([NEEDS_JUDGEMENT, NOT_DETECTED], (0.0, 1.0), "no paper has an answer"),
    ],
)
def test_there_is_no_rate_where_the_answers_do_not_give_one(
    states: list[State], bounds: tuple[float | None, float | None], reason: str
) -> None:
    found = one_rate(*(judged(f"p{place}", state) for place, state in enumerate(states)))
    assert (found.rate, found.low, found.high) == (None, None, None)
    assert (found.at_least, found.at_most) == bounds
    assert found.reason is not None
    assert found.reason.startswith(reason)


def test_what_needs_judgement_stands_apart_and_widens_the_bounds_only() -> None:
    found = one_rate(judged("a", YES), judged("b", NO), judged("c", NEEDS_JUDGEMENT), judged("d", NEEDS_JUDGEMENT))
    assert (found.rate, found.n, found.needs_judgement) == (0.5, 2, 2)
    assert (found.at_least, found.at_most) == (0.25, 0.75)


def test_answers_of_rules_models_and_files_versions_and_tags_never_mix() -> None:
    found = rates(
        [
            judged("a", YES, tags=("rct", "qualitative")),
            judged("b", NO, by=Origin.RULE),
            judged("c", YES, by=Origin.MODEL),
            judged("d", NO, version="2"),
        ]
    )
    assert {(one.answered_by, one.version, one.tag, one.yes, one.n) for one in found} == {
        (Origin.IMPORTED, "3", "all", 1, 1),
        (Origin.IMPORTED, "3", "rct", 1, 1),
        (Origin.IMPORTED, "3", "qualitative", 1, 1),
        (Origin.IMPORTED, "2", "all", 0, 1),
        (Origin.IMPORTED, "2", "none stated", 0, 1),
        (Origin.RULE, "3", "all", 0, 1),
        (Origin.RULE, "3", "none stated", 0, 1),
        (Origin.MODEL, "3", "all", 1, 1),
        (Origin.MODEL, "3", "none stated", 1, 1),
    }


def test_a_paper_counts_once_with_the_last_of_its_scans() -> None:
    found = one_rate(judged("a", YES), judged("a", NO), judged("b", YES))
    assert (found.yes, found.n) == (1, 2)


def test_scans_of_one_paper_are_told_by_any_identifier_they_share_be_it_by_way_of_a_third() -> None:
    def scan(name: str, *paper: str) -> JudgedScan:
        return JudgedScan(name, "3", paper, {})

    groups = by_paper(
        [scan("1", "arxiv:1"), scan("2", "doi:2"), scan("3", "arxiv:9"), scan("4", "source s", "arxiv:1", "doi:2")]
    )
    assert [[one.scan_id for one in group] for group in groups] == [["1", "2", "4"], ["3"]]


def test_disagreement_tells_applicability_from_the_answer_and_leaves_open_pairs_out() -> None:
    scans = [
        *(judged("a", state) for state in (YES, YES)),
        *(judged("b", state) for state in (YES, NO)),
        *(judged("c", state) for state in (NO, NOT_APPLICABLE)),
        *(judged("d", state, by=by) for state, by in ((NO, Origin.IMPORTED), (NOT_DETECTED, Origin.RULE))),
    ]
    own, mixed = agreement(scans)
    assert (own.between, own.pairs, own.agree, own.about_applicability, own.about_answer) == (
        "imported and imported",
        3,
        1,
        1,
        1,
    )
    assert own.share == pytest.approx(1 / 3)
    assert (mixed.between, mixed.pairs, mixed.share, mixed.open) == ("imported and rule", 0, None, 1)


def test_no_more_scans_of_a_paper_are_compared_than_is_useful() -> None:
    (found,) = agreement([judged("a", YES)] * (MOST_SCANS_OF_A_PAPER + 30))
    assert found.pairs == MOST_SCANS_OF_A_PAPER * (MOST_SCANS_OF_A_PAPER - 1) // 2


@pytest.mark.parametrize(
    ("hits", "cases", "interval"),
    [(0, 10, (0.0, 0.2775)), (10, 10, (0.7225, 1.0)), (1, 2, (0.0945, 0.9055))],
)
def test_wilson_intervals_are_those_of_the_formula(hits: int, cases: int, interval: tuple[float, float]) -> None:
    assert wilson(hits / cases, cases) == pytest.approx(interval, abs=1e-4)


def test_two_scans_of_a_paper_show_their_conflicts_side_by_side() -> None:
    first = made_scan()
    second = changed(changed(first, "/paper/year", 2025), "/paper/venue", "A journal of roofs")
    second = changed(second, "/paper/title", "MOSS counters for  wet roofs")
    second = changed(second, "/checklist/artifacts/code_released", answer(said=True))
    second = changed(second, "/checklist/human_studies/pre_registered", answer(applies=False))
    scans = [import_scan("x", json.dumps(one).encode()).scan for one in (first, second)]
    one, other = (judged_import(scan, None) for scan in scans if scan is not None)
    found = conflicts_of([one, other])
    assert found is not None
    assert (found.paper, found.scans) == ("arxiv:2401.00001", (one.scan_id, other.scan_id))
    assert {each.field: tuple(each.values.values()) for each in found.metadata} == {
        "year": ("2024", "2025"),
        "venue": ("arXiv", "A journal of roofs"),
    }
    assert {each.item: tuple(each.values.values()) for each in found.answers} == {
        "code_released": (NO, YES),
        "pre_registered": (NO, NOT_APPLICABLE),
    }
    assert conflicts_of([one]) is None
    assert conflicts_of([one, one]) is None


def test_a_scan_made_here_says_who_answered_each_item_and_what_no_one_did() -> None:
    items = (
        RigorItem(item="a", answer=RigorAnswer.YES, rule="code-1"),
        RigorItem(item="b", answer=RigorAnswer.NO, rule="model:some-model"),
        RigorItem(item="c", answer=RigorAnswer.NOT_DETECTED, rule="x-1", applies=False),
        RigorItem(item="d", answer=RigorAnswer.NEEDS_JUDGEMENT, rule="none"),
    )
    scan = RigorScan(source_version_id="v", scanned=True, reason="", scanner_version="rules-1", items=items)
    held = judged_here(scan, "doi:10.1/x")
    assert (held.version, held.paper) == ("rules-1", ("source doi:10.1/x",))
    assert held.states == {
        "a": (YES, Origin.RULE),
        "b": (NO, Origin.MODEL),
        "c": (NOT_APPLICABLE, Origin.RULE),
        "d": (NEEDS_JUDGEMENT, Origin.RULE),
    }

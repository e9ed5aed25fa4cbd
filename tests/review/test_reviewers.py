"""Reviewers by rule: what each formula gives on a record one can count by hand, and that worse never scores more."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from reviewed_records import (
    FOUND,
    FROM_A_SEARCH,
    RETRACTED,
    ROWS,
    SOURCE,
    D,
    N,
    R,
    S,
    U,
    audit,
    axes,
    finding,
    material,
    said,
    scan,
    summary,
    with_claim,
    with_verdict,
)

from pipelines.models import (
    AxisOutcome,
    ClaimKind,
    Dimension,
    NoticeKind,
    ReferenceFinding,
    RigorAnswer,
    Severity,
)
from pipelines.review.material import ReviewMaterial
from pipelines.review.reviewers.team import REVIEWERS, review_record

D1, D2, D3, D4, D6, D7 = (
    Dimension.EVIDENCE_STRENGTH,
    Dimension.CITATION_GROUNDING,
    Dimension.NUMERICAL_CONSISTENCY,
    Dimension.BENCHMARK_VALIDITY,
    Dimension.UNCERTAINTY_DISCLOSURE,
    Dimension.REPRODUCIBILITY_STATUS,
)
AGREES, DIFFERS, NOT_SAID = AxisOutcome.AGREES, AxisOutcome.DIFFERS, AxisOutcome.NOT_SAID
OFF_TOPIC = [*ROWS[:3], "Emperor penguins breed on the winter ice of Antarctica."]
NINE_ERRORS = [finding("stated-figures-disagree", Severity.ERROR)] * 9


def measured(ordinal: int, of: ReviewMaterial) -> ReviewMaterial:
    """The claim's number is said to be one on a data set."""
    number = next(one for one in of.claims if one.ordinal == ordinal).quantities[0]
    return with_claim(of, ordinal, quantities=(number.model_copy(update={"data_set": "BP-12"}),))


def hedged_evidence(ordinal: int, of: ReviewMaterial) -> ReviewMaterial:
    quoted = of.verdicts[f"c{ordinal}"].evidence[0]
    weak = quoted.model_copy(update={"text": "Tea may lower blood pressure."})
    return with_verdict(of, ordinal, evidence=(weak,))


# --- formulas -------------------------------------------------------------------------------------

GROUNDING: Mapping[str, tuple[ReviewMaterial, Dimension, float | None]] = {
    "all supported": (material(), D1, 10),
    "one open": (material(held=(S, S, S, N)), D1, 7.5),
    "one disputed": (material(held=(S, S, S, D)), D1, 8.75),
    "a refuted claim counts half as much again": (material(held=(S, S, S, R)), D1, 6.67),
    "one not checked does not count": (material(held=(S, S, N, U)), D1, 6.67),
    "none checked": (material(held=(U, U, U, U)), D1, None),
    "a self-description earns nothing": (material(held=(S, N, N, N), kinds={1: ClaimKind.SELF_DESCRIPTION}), D1, 0),
    "support by a retracted source alone is none": (material(audits=[RETRACTED]), D1, 0),
    "support found by searching counts for a claim on the subject": (
        with_verdict(material(), 1, **FROM_A_SEARCH),
        D1,
        10,
    ),
    "and not for one off it": (with_verdict(material(rows=OFF_TOPIC), 4, **FROM_A_SEARCH), D1, 7.5),
    "citations: half own of settled, half own of checked": (material(held=(S, S, N, R)), D2, 5 + 2.5),
    "citations: a source found by searching is not the record's": (
        with_verdict(material(), 1, **FROM_A_SEARCH),
        D2,
        7.5,
    ),
    "citations: nothing supported": (material(held=(N, N, N, N)), D2, 0),
}
CITATIONS: Mapping[str, tuple[ReviewMaterial, Dimension, float | None]] = {
    "found": (material(), D2, 10),
    "misdescribed": (material(audits=[audit(ReferenceFinding.MISDESCRIBED)]), D2, 5),
    "fabricated": (material(audits=[audit(ReferenceFinding.LIKELY_FABRICATED, None)]), D2, 0),
    "retracted": (material(audits=[RETRACTED]), D2, 0),
    "under a concern": (material(audits=[audit(ReferenceFinding.FOUND, SOURCE, NoticeKind.CONCERN)]), D2, 5),
    "unfindable and unreachable say nothing": (
        material(audits=[audit(ReferenceFinding.UNREACHABLE), audit(ReferenceFinding.UNFINDABLE)]),
        D2,
        None,
    ),
    "no reference": (material(audits=[]), D2, None),
    "preprints called peer reviewed": (material(findings=[finding("preprints-called-peer-reviewed")]), D2, 9),
    "a mark that leads nowhere is a reference worth 0": (
        with_claim(material(references=[{"doi": "10.1/a", "mark": "1"}]), 1, citations=("1", "7")),
        D2,
        5,
    ),
    "marks of another kind than the list's say nothing": (with_claim(material(), 1, citations=("Tea 2020",)), D2, 10),
    "inspectable": (material(), D7, 10),
    "stated and not listed": (material(figures=[("papers", 4, "4 papers")]), D7, 2.5),
    "an identifier that nobody knows opens nothing": (
        material(audits=[audit(ReferenceFinding.LIKELY_FABRICATED, None)]),
        D7,
        0,
    ),
    "no source listed": (material(references=[], audits=[], figures=()), D7, None),
}
NUMBERS: Mapping[str, tuple[ReviewMaterial, Dimension, float | None]] = {
    "all confirmed": (material(), D3, 10),
    "one contradicted": (material(held=(S, S, R, S)), D3, 5 * 2 / 3 + 5 * 2 / 3),
    "one unsettled": (material(held=(S, S, N, S)), D3, 5 + 5 * 2 / 3),
    "unsettled, and the number differs": (
        with_verdict(material(held=(S, S, N, S)), 3, axes=axes(numbers=DIFFERS)),
        D3,
        5 * 2 / 3 + 5 * 2 / 3,
    ),
    "none confirmed": (material(held=(N, N, N, S)), D3, 0),
    "no number": (material(rows=[ROWS[3]], held=(S,)), D3, None),
}
COVERAGE: Mapping[str, tuple[ReviewMaterial, Dimension, float | None]] = {
    "all": (material(), D1, 10),
    "off the subject": (material(rows=OFF_TOPIC), D1, 10 * (1 + 0.75 + 1) / 3),
    "a claim that was not checked is not covered": (material(held=(S, U, S, S)), D1, 10 * (1 + 0.75 + 1) / 3),
    "a listed source that supports nothing": (
        material(audits=[FOUND, audit(ReferenceFinding.FOUND, "doi:10.1/b")]),
        D1,
        10 * (1 + 1 + 0.5) / 3,
    ),
    "none checked": (material(held=(U, U, U, U)), D1, None),
}
DISCLOSURE: Mapping[str, tuple[ReviewMaterial, Dimension, float | None]] = {
    "limits, origin, nothing open": (material(), D6, 10),
    "neither limits nor origin": (material(prose="Of tea."), D6, 5),
    "limits alone": (material(prose="Limitations\nFew trials."), D6, 8),
    "open and not marked": (material(held=(S, S, S, N)), D6, 5 + 5 * 3 / 4),
    "open and hedged": (material(held=(S, S, S, N), hedged=[4]), D6, 10),
    "open and crossed by the record": (material(held=(S, S, S, N), ticks={4: False}), D6, 10),
    "words inside a claim disclose nothing": (
        material(rows=[*ROWS[:3], "AI-generated advice on tea was read by adults."], prose="Of tea."),
        D6,
        5,
    ),
    "none checked": (material(held=(U, U, U, U)), D6, None),
}
FIDELITY: Mapping[str, tuple[ReviewMaterial, Dimension, float | None]] = {
    "as sure as the sources": (material(), D6, 10),
    "open and surer than the sentence": (
        with_verdict(material(held=(S, S, S, N)), 4, axes=axes(certainty=DIFFERS)),
        D6,
        5 * 3 / 4 + 5 * 3 / 4,
    ),
    "open, and nothing told": (material(held=(S, S, S, N)), D6, 5 + 5 * 3 / 4),
    "stands unhedged on a hedged sentence": (hedged_evidence(1, material()), D6, 5 + 5 * 3 / 4),
    "stands hedged on a hedged sentence": (hedged_evidence(1, material(hedged=[1])), D6, 10),
    "no metric": (material(), D4, None),
    "not told": (measured(1, material()), D4, None),
    "kept": (with_verdict(measured(1, material()), 1, axes=axes(population=AGREES)), D4, 10),
    "not said is not kept": (with_verdict(measured(1, material()), 1, axes=axes(population=NOT_SAID)), D4, None),
    "changed": (with_verdict(measured(1, material(held=(N, S, S, S))), 1, axes=axes(subject=DIFFERS)), D4, 0),
}
SELF_REPORT: Mapping[str, tuple[ReviewMaterial, Dimension, float | None]] = {
    "nothing stated": (material(figures=()), D3, None),
    "papers that can be counted": (material(), D3, 10),
    "more verified than found": (material(held=(S, S, N, N), figures=[("claims_verified", 4, "4")]), D3, 5),
    "more stated than checked": (material(held=(S, S, N, U), figures=[("claims_verified", 9, "9")]), D3, 6.67),
    "findings about figures": (
        material(findings=[finding("stated-figures-disagree", Severity.ERROR), finding("confidence-out-of-range")]),
        D3,
        5.5,
    ),
    "a finding about something else": (material(findings=[finding("names-disagree")]), D3, 10),
    "never below 0": (material(findings=NINE_ERRORS), D3, 0),
    "no tick": (material(), D6, None),
    "ticks that stand": (material(held=(S, S, S, N), ticks={1: True, 2: True, 4: False}), D6, 10),
    "a tick that does not": (material(held=(S, N, S, S), ticks={1: True, 2: True}), D6, 5),
}
SOURCE_RIGOUR: Mapping[str, tuple[ReviewMaterial, Dimension, float | None]] = {
    "not read in full": (material(), D7, None),
    "one of three": (material(scans={SOURCE: scan("code_released")}), D7, 3.33),
    "all": (material(scans={SOURCE: scan("code_released", "data_released", "pre_registered")}), D7, 10),
    "retracted": (material(audits=[RETRACTED], scans={SOURCE: scan("code_released")}), D7, 0),
    "another source's scan": (material(scans={"doi:10.9/z": scan("code_released")}), D7, None),
}
CASES = [
    pytest.param(reviewer, *case, id=f"{reviewer}: {name}")
    for reviewer, cases in (
        ("grounding", GROUNDING),
        ("citation-integrity", CITATIONS),
        ("numerical-consistency", NUMBERS),
        ("coverage", COVERAGE),
        ("uncertainty-disclosure", DISCLOSURE),
        ("fidelity", FIDELITY),
        ("self-report", SELF_REPORT),
        ("source-rigour", SOURCE_RIGOUR),
    )
    for name, case in cases.items()
]


@pytest.mark.parametrize(("reviewer", "of", "dimension", "expected"), CASES)
def test_each_formula_gives_what_one_counts_by_hand(
    reviewer: str, of: ReviewMaterial, dimension: Dimension, expected: float | None
) -> None:
    given = said(of, reviewer, dimension)
    assert given.score == (None if expected is None else pytest.approx(expected, abs=0.005))
    assert given.reason.startswith("UNASSESSED: ") == (expected is None)


def test_an_item_that_needs_judgement_or_does_not_apply_is_no_answer() -> None:
    held = scan("code_released")
    code, data, registered, _ = held.items
    items = (
        code,
        data.model_copy(update={"answer": RigorAnswer.NEEDS_JUDGEMENT}),
        registered.model_copy(update={"applies": False}),
    )
    told = held.model_copy(update={"items": items})
    assert said(material(scans={SOURCE: told}), "source-rigour", D7).score == 10


def test_an_audit_belongs_to_the_reference_it_is_of() -> None:
    both = ({"doi": "10.1/a"}, {"doi": "10.1/b"})
    made_up = audit(ReferenceFinding.LIKELY_FABRICATED, None)
    of = material(references=both, audits=[made_up])
    second = ReviewMaterial(of.record, of.claims, of.verdicts, [made_up], (), audited=(2,))
    assert [unit for unit, _ in second.references()] == ["reference:2"]
    assert said(second, "citation-integrity", D7).score == 5


def test_there_are_eight_reviewers_and_no_two_judge_one_dimension_from_one_module() -> None:
    assert len({reviewer.name for reviewer in REVIEWERS}) == len(REVIEWERS) == 8
    assert len({type(reviewer).__module__ for reviewer in REVIEWERS}) == 8
    judged = [(one.dimension, review.reviewer) for review in review_record(material())[0] for one in review.scores]
    assert len(judged) == len(set(judged))
    reviewers_of = {dimension: [name for held, name in judged if held is dimension] for dimension, _ in judged}
    assert {dimension for dimension, names in reviewers_of.items() if len(names) > 1} == {D1, D2, D3, D6, D7}


def test_what_nobody_judges_is_unassessed_and_says_what_it_takes() -> None:
    unassessed = {one.dimension: one.reason for one in summary(material()).dimensions if one.score is None}
    assert set(unassessed) == {D4, Dimension.NOVELTY, Dimension.SAFETY_IMPACT}
    assert "takes a reader or a model" in unassessed[Dimension.SAFETY_IMPACT]
    assert "without a reader or a model" in unassessed[Dimension.NOVELTY]


@pytest.mark.parametrize(
    ("lowered", "worse"),
    [
        (D1, material(held=(S, S, S, N))),
        (D1, material(held=(S, S, S, R))),
        (D1, material(rows=OFF_TOPIC)),
        (D2, material(audits=[RETRACTED])),
        (D2, material(audits=[audit(ReferenceFinding.LIKELY_FABRICATED, None)])),
        (D3, material(held=(R, S, S, S))),
        (D3, material(findings=[finding("extracted-shown-as-verified", Severity.ERROR)])),
        (D6, material(prose="Of tea.")),
        (D6, hedged_evidence(1, material())),
    ],
)
def test_a_worse_record_falls_in_its_dimension_and_in_its_score(lowered: Dimension, worse: ReviewMaterial) -> None:
    before, after = ({one.dimension: one.score for one in summary(one_of).dimensions} for one_of in (material(), worse))
    held, fallen = before[lowered], after[lowered]
    assert held is not None
    assert fallen is not None
    assert fallen < held
    assert (summary(worse).score or 0) < (summary(material()).score or 0)


def test_a_refuted_claim_that_the_record_hedges_weighs_as_one_left_open_and_flatly_said_more() -> None:
    flat, hedged, left_open = (
        said(of, "grounding", D1).score
        for of in (
            material(held=(S, S, N, R)),
            material(held=(S, S, N, R), hedged=[4]),
            material(held=(S, S, N, N), hedged=[4]),
        )
    )
    assert (flat, hedged, left_open) == (round(20 / 4.5, 2), 5.0, 5.0)


def test_reasons_name_the_figures_a_reader_needs_to_count_again() -> None:
    reason = said(material(held=(S, S, N, R)), "grounding", D1).reason
    assert reason == (
        "2 supported by a source that counts, 0 disputed, 1 refuted (1 without a hedge) of 4 claims checked:"
        " 10 x (supported + half of disputed) / (checked + half of those refuted without a hedge)"
    )

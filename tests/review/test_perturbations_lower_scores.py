"""Records made worse on purpose: the dimension falls, no score rises, and the study counts it so.

Does not belong here: the figures over real records (`benchmarks/review_perturbations.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import pytest

from benchmarks.perturbation_outcomes import Cause, Facts, Outcome, Scored, row_of, table_of
from benchmarks.perturbations import PERTURBATIONS, Perturbation
from benchmarks.review_cases import LIBRARY, Case, report_text
from benchmarks.review_perturbations import Base, study
from benchmarks.rewordings import flat
from pipelines.models import Dimension, Work
from pipelines.verification.features_backend import default_backend

TEA = (
    "Green tea and blood pressure in adults",
    "Green tea lowered systolic blood pressure by 12 % in adults with hypertension. "
    "Green tea may improve sleep in adults. "
    "Heart rate did not change in adults who drank green tea. "
    "Black tea reduced total cholesterol in older women.",
)
LAMPS = (
    "Evening lamps and sleep in nurses",
    "Blue lamps delayed sleep by 40 minutes in nurses. "
    "Amber lamps increased melatonin in the evening. "
    "Nurses who worked at night reported more headaches than nurses who worked by day.",
)
CACHES = (
    "Page caches in file servers",
    "The page cache reduced the number of disk reads by 60 % in the file server. "
    "Larger caches increased the throughput of the file server. "
    "The new cache policy may shorten the start of the file server.",
)


BEES = (
    "Hedges and wild bees",
    "Flowering hedges doubled the number of wild bees on farms. "
    "Wild bees visited more apple flowers than honey bees. "
    "Mowing in June reduced the number of clover flowers.",
)


def work(name: str, title: str, text: str) -> Work:
    return Work(source_id=f"title:{name}", title=title, text=text, text_kind="abstract", origin=LIBRARY)


def entry(mark: int, title: str) -> str:
    return f'[{mark}] "{title}." https://example.org/{mark}'


TEA_REPORT = Case(
    "tea",
    "labelled reports, biology",
    report_text(
        "Does green tea lower blood pressure in adults with hypertension?",
        [
            ("Green tea lowered systolic blood pressure by 12 % in adults with hypertension [1].", True),
            ("Green tea may improve sleep in adults [1].", True),
            ("Heart rate did not change in adults who drank green tea [1].", True),
            ("Blue lamps delayed sleep by 40 minutes in nurses [2].", True),
            ("Amber lamps increased melatonin in the evening [2].", True),
            ("White tea cured migraine in children [1].", False),
            ("Oolong tea made the bones of dogs stronger [1].", False),
        ],
        [entry(1, TEA[0]), entry(2, LAMPS[0])],
    ),
    works=(work("tea", *TEA), work("lamps", *LAMPS)),
)
LAMP_REPORT = Case(
    "lamps",
    "labelled reports, biology",
    report_text(
        "Do evening lamps delay the sleep of nurses?",
        [
            ("Nurses who worked at night reported more headaches than nurses who worked by day [1].", True),
            ("Black tea reduced total cholesterol in older women [2].", True),
            ("Violet lamps cured asthma in nurses [1].", False),
        ],
        [entry(1, LAMPS[0]), entry(2, TEA[0])],
    ),
    works=(work("lamps", *LAMPS), work("tea", *TEA)),
)
CACHE_ANSWER = Case(
    "caches",
    "machine answers",
    "The page cache reduced the number of disk reads by 60 % in the file server [1]. Larger caches increased the "
    "throughput of the file server [1]. The new cache policy may shorten the start of the file server [1]. "
    "Compressed caches might double the life of old disk drives [1].\n",
    {
        "question": "Do page caches help file servers?",
        "passages": [{"mark": "1", "title": CACHES[0], "text": CACHES[1]}],
    },
)

BEE_ANSWER = Case(
    "bees",
    "citing sentences",
    "Flowering hedges doubled the number of wild bees on farms [1]. Wild bees visited more apple flowers than honey "
    "bees [1]. Mowing in June reduced the number of clover flowers [1].\n",
    {"question": "Do hedges help wild bees?", "passages": [{"mark": "1", "title": BEES[0], "text": BEES[1]}]},
)


@cache
def studied() -> tuple[list[Base], list[Outcome]]:
    return study([TEA_REPORT, LAMP_REPORT, CACHE_ANSWER, BEE_ANSWER], default_backend())


def made_by(name: str) -> list[Outcome]:
    return [one for one in studied()[1] if one.perturbation.name == name]


@pytest.mark.parametrize("perturbation", PERTURBATIONS, ids=lambda one: one.name)
def test_each_perturbation_lowers_its_dimension_and_raises_no_score(perturbation: Perturbation) -> None:
    outcomes = made_by(perturbation.name)
    assert outcomes, "no record has anything of the kind"
    assert {one.case.name: one.faults for one in outcomes} == {one.case.name: () for one in outcomes}
    if perturbation.lowers is not None:
        assert any(one.is_lowered for one in outcomes)


def test_the_records_written_for_this_test_have_what_is_perturbed() -> None:
    bases = {base.case.name: base for base in studied()[0]}
    assert len(bases["tea"].held.standing) == 5
    assert [audit.finding for audit in bases["tea"].held.audits] == ["FOUND", "FOUND"]
    assert bases["caches"].held.record.text == CACHE_ANSWER.text
    assert all(base.scored.whole is not None for base in bases.values())


def test_a_perturbation_changes_the_record_and_nothing_else() -> None:
    before = {base.case.name: base.case for base in studied()[0]}
    for one in studied()[1]:
        assert one.case == before[one.case.name]


@pytest.mark.parametrize(
    ("hedged", "plain"),
    [
        ("Tea may lower blood pressure.", "Tea will lower blood pressure."),
        ("It is possible that tea helps.", "It is certain that tea helps."),
        ("These data suggest that tea helps.", "These data prove that tea helps."),
        ("Tea was believed to help.", "Tea was known to help."),
        ("Possibly tea helps.", "Tea helps."),
        ("Tea helps.", None),
        ("It is unlikely that tea helps.", None),
    ],
)
def test_a_hedge_is_taken_out_or_the_claim_left_alone(hedged: str, plain: str | None) -> None:
    assert flat(hedged) == plain


# --- counting ---------------------------------------------------------------------------------------

FALLS = Perturbation("made up", Dimension.EVIDENCE_STRENGTH, "", lambda subject: None)
FREE = Perturbation("made up", None, "", lambda subject: None)
EVIDENCE, OTHER = Dimension.EVIDENCE_STRENGTH, Dimension.UNCERTAINTY_DISCLOSURE


def scored(whole: float | None, evidence: float | None, other: float | None = 5.0) -> Scored:
    return Scored(whole, {EVIDENCE: evidence, OTHER: other}, {}, {EVIDENCE: "", OTHER: ""})


def outcome(
    before: Scored, after: Scored, perturbation: Perturbation = FALLS, cause: Cause = Cause.REVIEWERS
) -> Outcome:
    return Outcome(perturbation, TEA_REPORT, before, after, cause)


@pytest.mark.parametrize(
    ("before", "after", "faults"),
    [
        (scored(6, 6), scored(5, 4), ()),
        (scored(6, 6), scored(5, 6), ("not lowered",)),
        (scored(6, 6), scored(6.01, 5), ("score rose",)),
        (scored(6, 6), scored(5, 6.5), ("not lowered", "evidence_strength rose")),
        (scored(6, 6), scored(5, 5, 5.5), ("uncertainty_disclosure rose",)),
        (scored(6, 6), scored(5, None), ("unassessed after",)),
        (scored(6, 0), scored(6, 0), ()),  # nothing to lose
        (scored(6, None), scored(5, None), ()),
        (scored(None, None), scored(5, 5), ("score appeared",)),
        (scored(6, 6), scored(None, 5), ()),
        (scored(6, 6, None), scored(6, 5, 4.0), ()),  # first assessed after: no rise of its own
    ],
)
def test_a_fault_is_a_dimension_that_stayed_or_a_score_that_rose(
    before: Scored, after: Scored, faults: Sequence[str]
) -> None:
    assert outcome(before, after).faults == tuple(faults)


def test_where_no_dimension_must_fall_only_a_rise_is_a_fault() -> None:
    assert outcome(scored(6, 6), scored(6, 6), FREE).faults == ()
    assert outcome(scored(6, 6), scored(7, 6), FREE).faults == ("score rose",)


def test_a_row_counts_records_shares_drops_and_rises() -> None:
    outcomes = [
        outcome(scored(6, 6), scored(5, 4)),
        outcome(scored(6, 6), scored(6.5, 5)),
        outcome(scored(6, 6), scored(6, 6, 6.0)),
        outcome(scored(6, 0), scored(6, 0)),
        outcome(scored(6, 6), scored(None, None)),
        outcome(scored(6, 6), scored(6, 6), cause=Cause.UNSEEN),
    ]
    row = row_of(FALLS, outcomes)
    assert (row.made, row.measured, row.lowered, row.unseen) == (6, 5, 2, 1)
    assert row.drops == (2, 1, 0, 0)
    assert row.changes == (-1, 0.5, 0, 0, 0)
    assert (row.scores_risen, row.with_rise) == (1, 1)
    assert row.share == 0.4


def test_the_table_shows_a_line_for_each_perturbation_with_how_many_records_had_nothing_of_the_kind() -> None:
    table = table_of([outcome(scored(6, 6), scored(5, 4)), outcome(scored(6, 6), scored(5, 5))], 7, [FALLS])
    head, rule, line = table.splitlines()
    assert head.count("|") == rule.count("|") == line.count("|")
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    assert cells[:5] == ["made up", "evidence_strength", "2", "5", "2"]
    assert cells[5].startswith("100.0 %")
    assert cells[6] == "0"
    assert cells[7].startswith("1.50 [1.00, 2.00]")
    assert cells[10:] == ["-1.00", "0", "0"]


def test_a_perturbation_that_no_check_sees_is_told_from_one_that_reviewers_overlook() -> None:
    tea, lamps = (Facts.of(base.held) for base in studied()[0][:2])
    assert tea.to(tea) is Cause.UNSEEN
    assert tea.to(lamps) is Cause.REVIEWERS  # fewer claims are supported
    assert lamps.to(tea) is Cause.MISJUDGED

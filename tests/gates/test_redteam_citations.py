"""References and sources that cannot carry a record; and what is no finding, because nobody could know."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.gates.facts import AttackerReport, Target
from pipelines.gates.redteam.attack import attack
from pipelines.gates.redteam.citations import CitationAuditor
from pipelines.gates.redteam.material import HeldReference, held_sources
from pipelines.gates.redteam.rules import RedTeamRule
from pipelines.models import (
    ClaimVerdict,
    Notice,
    NoticeKind,
    ReferenceAudit,
    ReferenceFinding,
    Update,
    Work,
    WorkVersion,
)
from tests.gates.redteam_material import SAID, A, B, a_source, adjudicated, audited, held, material, supported_by


def audited_record(*claims: Any, **more: Any) -> AttackerReport:
    (report,) = attack(material(*claims, **more), [CitationAuditor()])
    return report


def rules(report: AttackerReport) -> list[tuple[str, str]]:
    return [(one.rule, one.subject) for one in report.findings]


@pytest.mark.parametrize(
    ("finding", "expected"),
    [
        (ReferenceFinding.FOUND, []),
        (ReferenceFinding.LIKELY_FABRICATED, [(RedTeamRule.FABRICATED_REFERENCE.value, "reference 3")]),
        (ReferenceFinding.MISDESCRIBED, [(RedTeamRule.MISDESCRIBED_REFERENCE.value, "reference 3")]),
        (ReferenceFinding.UNFINDABLE, []),
        (ReferenceFinding.UNREACHABLE, []),
    ],
)
def test_a_reference_is_a_finding_only_where_indexes_answered(
    finding: ReferenceFinding, expected: list[tuple[str, str]]
) -> None:
    report = audited_record(references=[audited(ReferenceFinding.FOUND), audited(finding, 3)])
    assert rules(report) == expected
    assert all(one.target is Target.CITATION and not one.confirmed for one in report.findings)


@pytest.mark.parametrize(
    ("kinds", "rule"),
    [
        ([NoticeKind.RETRACTED], RedTeamRule.RETRACTED_SOURCE),
        ([NoticeKind.WITHDRAWN], RedTeamRule.WITHDRAWN_SOURCE),
        ([NoticeKind.CONCERN], RedTeamRule.SOURCE_OF_CONCERN),
        ([NoticeKind.CONCERN, NoticeKind.RETRACTED], RedTeamRule.RETRACTED_SOURCE),
        ([NoticeKind.CORRECTED, NoticeKind.SUPERSEDED], None),
    ],
)
def test_a_main_source_must_stand(kinds: list[NoticeKind], rule: RedTeamRule | None) -> None:
    """B supports the claim too, so that it does not rest on A alone."""
    report = audited_record(held(supported_by(A, B)), sources=[a_source(A, *kinds), a_source(B)])
    assert rules(report) == ([(rule.value, A)] if rule else [])
    if rule:
        assert "notice of 2026-02-01 by an index" in report.findings[0].message


def test_a_source_of_the_list_is_named_by_its_entry() -> None:
    listed = [audited(ReferenceFinding.FOUND, 4, A.upper())]
    sources = [a_source(A, NoticeKind.RETRACTED), a_source(B)]
    report = audited_record(held(supported_by(A, B)), sources=sources, references=listed)
    assert rules(report) == [(RedTeamRule.RETRACTED_SOURCE.value, "reference 4")]


def test_a_retracted_source_that_carries_little_is_left_to_gate_0() -> None:
    claims = [held(supported_by(B, number=number)) for number in (2, 3, 4)]
    report = audited_record(held(supported_by(A, B)), *claims, sources=[a_source(A, NoticeKind.RETRACTED), a_source(B)])
    assert rules(report) == []


def test_a_claim_that_rests_only_on_what_is_retracted_is_found_with_its_sentence() -> None:
    claims = [held(supported_by(B, number=number)) for number in (2, 3, 4)]
    report = audited_record(held(supported_by(A)), *claims, sources=[a_source(A, NoticeKind.RETRACTED), a_source(B)])
    assert rules(report) == [(RedTeamRule.SUPPORT_RETRACTED.value, "claim-1")]
    assert [(one.source_id, one.text) for one in report.findings[0].quotes] == [(A, SAID)]


def test_a_person_who_supports_a_claim_is_no_retracted_source() -> None:
    sources = [a_source(A, NoticeKind.RETRACTED)]
    person = adjudicated(ClaimVerdict.SUPPORTED)
    references = [audited(ReferenceFinding.FOUND)]
    report = audited_record(held(supported_by(A), person), sources=sources, references=references)
    assert (report.ran, rules(report)) == (True, [])


@pytest.mark.parametrize(
    "references",
    [[], [audited(ReferenceFinding.UNREACHABLE)], [HeldReference(ordinal=1, audit=None)]],
    ids=["none", "nobody answered", "not audited yet"],
)
def test_where_no_reference_could_be_judged_the_auditor_is_absent(references: list[HeldReference]) -> None:
    report = audited_record(references=references)
    assert (report.ran, report.findings) == (False, ())
    assert "no reference of the record could be judged" in report.reason


# --- the standing of sources ----------------------------------------------------------------------

RETRACTED = Notice(kind=NoticeKind.RETRACTED, origin="an index", id="doi:10.5555/notice")
WORK = Work(source_id=A, aliases=("PMID:1",), title="Nine kettles", origin="an index")


def test_a_notice_reaches_its_source_by_every_way_it_may_be_said() -> None:
    by_itself = WORK.model_copy(update={"notices": (RETRACTED,)})
    by_title = WORK.model_copy(update={"title": "RETRACTED: Nine kettles"})
    editorial = Work(
        source_id="doi:10.5555/notice",
        title="Retraction: Nine kettles",
        updates=(Update(target="pmid:1", notice=RETRACTED),),
        origin="an index",
    )
    audit = ReferenceAudit(finding=ReferenceFinding.FOUND, source_id="pmid:1", reason="held", notices=(RETRACTED,))
    for works, references in (
        ([by_itself], []),
        ([by_title], []),
        ([WORK, editorial], []),
        ([WORK], [HeldReference(ordinal=1, audit=audit)]),
    ):
        sources = {one.source_id: one for one in held_sources(works, references)}
        assert sources[A].kinds == {NoticeKind.RETRACTED}
    assert held_sources([WORK], [])[0].kinds == frozenset()


def test_a_source_bears_the_names_of_its_versions_in_one_case() -> None:
    versioned = WORK.model_copy(update={"versions": (WorkVersion(label="v2", source_id="arXiv:2601.00001v2"),)})
    assert held_sources([versioned], [])[0].names == ("arxiv:2601.00001v2", A, "pmid:1")

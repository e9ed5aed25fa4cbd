"""Groups of findings, and what stands in the answer."""

from __future__ import annotations

from pipelines.models import ClaimVerdict
from pipelines.publication.synthesis.answer import MOST_LEADS, answer_of, nothing_found
from pipelines.publication.synthesis.findings import Finding
from pipelines.publication.synthesis.grouping import Group, Standing, grouped
from pipelines.verification.terms import load_terms


def a_finding(text: str, name: str, score: float = 0.9) -> Finding:
    return Finding(f"doi:10.5555/{name}", 0, len(text), text, text, score)


def groups_of(*findings: Finding) -> tuple[Group, ...]:
    return grouped(findings, load_terms())


def test_works_that_say_the_same_agree() -> None:
    (group,) = groups_of(
        a_finding("Green tea reduced systolic blood pressure in adults.", "a"),
        a_finding("Green tea reduces systolic blood pressure in adults.", "b"),
    )
    assert group.standing is Standing.AGREE
    assert group.sources == ("doi:10.5555/a", "doi:10.5555/b")
    assert {link.verdict for link in group.links} == {ClaimVerdict.SUPPORTED}
    assert {(link.claim, link.passage) for link in group.links} == {(0, 1), (1, 0)}


def test_works_that_deny_each_other_conflict_and_the_answer_says_both() -> None:
    first = a_finding("Green tea increased systolic blood pressure in adults.", "a")
    second = a_finding("Green tea decreased systolic blood pressure in adults.", "b")
    (group,) = groups_of(first, second)
    assert group.standing is Standing.CONFLICT
    assert any(link.verdict is ClaimVerdict.REFUTED and link.why for link in group.links)
    answer = answer_of([group])
    assert answer.leads == ()
    assert [[one.finding for one in conflict] for conflict in answer.conflicts] == [[first, second]]


def test_works_on_other_things_stand_alone() -> None:
    groups = groups_of(
        a_finding("Green tea reduced systolic blood pressure in adults.", "a"),
        a_finding("Copper roofs outlast slate roofs in coastal towns.", "b"),
    )
    assert [group.standing for group in groups] == [Standing.ALONE, Standing.ALONE]


def test_near_words_without_a_decision_are_the_same_subject_and_no_agreement() -> None:
    (group,) = groups_of(
        a_finding("Green tea extract reduced blood pressure in obese adults by 12 mmHg.", "a"),
        a_finding("Green tea extract reduced blood pressure in obese adults who walked daily for years.", "b"),
    )
    assert group.standing in (Standing.SAME_SUBJECT, Standing.AGREE)
    assert (group.standing is Standing.AGREE) == bool(group.links)


def test_a_finding_that_only_shares_words_does_not_seem_to_agree() -> None:
    groups = groups_of(
        a_finding("Green tea reduced systolic blood pressure in adults.", "a"),
        a_finding("Green tea reduces systolic blood pressure in adults.", "b"),
        a_finding("Green tea may reduce systolic blood pressure in adults who fast on Fridays in winter.", "c"),
    )
    for group in groups:
        if group.standing is Standing.AGREE:
            linked = {place for link in group.links for place in (link.claim, link.passage)}
            assert linked == set(range(len(group.findings)))
    assert any(group.standing is Standing.AGREE for group in groups)


def test_two_findings_of_one_work_never_agree_with_each_other() -> None:
    groups = groups_of(
        a_finding("Green tea reduced systolic blood pressure in adults.", "a"),
        a_finding("Green tea reduces systolic blood pressure in adults.", "a"),
    )
    assert [group.standing for group in groups] == [Standing.ALONE, Standing.ALONE]


def test_every_finding_stands_in_one_group_and_once_in_the_answer() -> None:
    findings = [a_finding(f"Copper roof number {n} lasted {n} winters in town {n}.", str(n)) for n in range(2, 11)]
    groups = groups_of(*findings)
    assert sorted(one.text for group in groups for one in group.findings) == sorted(one.text for one in findings)
    answer = answer_of(groups)
    assert len(answer.leads) <= MOST_LEADS
    assert sorted(one.finding.text for one in answer.quotations) == sorted(one.text for one in findings)
    assert list(answer.numbers.values()) == list(range(1, len(findings) + 1))


def test_where_agreement_is_not_established_the_answer_hears_two_sources() -> None:
    groups = groups_of(
        a_finding("Moss cover did not keep clay tiles wet in dry summers.", "a"),
        a_finding("Moss cover kept clay tiles wet for two days after rain.", "b"),
    )
    assert [group.standing for group in groups] == [Standing.SAME_SUBJECT]
    answer = answer_of(groups)
    assert {one.finding.source_id for one in answer.leads} == {"doi:10.5555/a", "doi:10.5555/b"}
    assert answer.others == ()


def test_without_groups_the_answer_is_empty() -> None:
    assert groups_of() == ()
    assert answer_of(()).is_empty
    assert nothing_found(1) == "No answer was found in the 1 work that was read."
    assert nothing_found(1_200) == "No answer was found in the 1,200 works that were read."

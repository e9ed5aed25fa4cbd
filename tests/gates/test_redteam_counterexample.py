"""Sentences that refute a claim: when they are found, when they are confirmed, when they count for nothing."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.gates.facts import AttackerReport, Target
from pipelines.gates.redteam.attack import attack
from pipelines.gates.redteam.counterexample import SURE, CounterexampleHunter
from pipelines.gates.redteam.rules import RedTeamRule
from pipelines.models import ClaimVerdict, NoticeKind, Stance, Verdict
from tests.gates.redteam_material import (
    AGAINST,
    SAID,
    A,
    B,
    C,
    a_source,
    a_verdict,
    adjudicated,
    held,
    material,
    refuted_by,
    sentence,
    source_says,
    supported_by,
)


def hunted(*claims: Any, **more: Any) -> AttackerReport:
    (report,) = attack(material(*claims, **more), [CounterexampleHunter()])
    return report


def rules(report: AttackerReport) -> list[tuple[str, bool]]:
    return [(one.rule, one.confirmed) for one in report.findings]


CANDIDATE = [(RedTeamRule.REFUTED_BY_SOURCE.value, False)]
CONFIRMED = [(RedTeamRule.REFUTED_BY_SOURCES.value, True)]
NOTHING: list[tuple[str, bool]] = []


def with_third(verdict: ClaimVerdict, stance: Stance, confidence: float = 0.9) -> Verdict:
    """Two sources against the claim, and a third that says something of it."""
    two = refuted_by(A, B)
    more = {"evidence": (*two.evidence, sentence(C, stance)), "per_source": (*two.per_source, source_says(C, verdict))}
    return two.model_copy(update=more)


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        (refuted_by(A), CANDIDATE),
        (refuted_by(A, B), CONFIRMED),
        (refuted_by(A, B, C), CONFIRMED),
        (refuted_by(A, B, confidence=SURE), CONFIRMED),
        (refuted_by(A, B, confidence=SURE - 0.01), CANDIDATE),
        (with_third(ClaimVerdict.SUPPORTED, Stance.SUPPORTS), CANDIDATE),
        (with_third(ClaimVerdict.NOT_ENOUGH_INFO, Stance.NEUTRAL), CONFIRMED),
        (supported_by(A, B), NOTHING),
        (a_verdict(ClaimVerdict.NOT_ENOUGH_INFO, [sentence(A, Stance.NEUTRAL)]), NOTHING),
        # An old verdict, which does not say what each source says.
        (a_verdict(ClaimVerdict.REFUTED, [sentence(A, Stance.REFUTES), sentence(B, Stance.REFUTES)]), CANDIDATE),
        # The back end gives no confidence.
        (
            refuted_by(A, B).model_copy(
                update={"per_source": tuple(source_says(one, ClaimVerdict.REFUTED, None) for one in (A, B))}
            ),
            CANDIDATE,
        ),
        # One of the two has something in it that speaks for the claim.
        (
            refuted_by(A, B).model_copy(
                update={
                    "per_source": (
                        source_says(A, ClaimVerdict.REFUTED),
                        source_says(B, ClaimVerdict.REFUTED, conflict=True),
                    )
                }
            ),
            CANDIDATE,
        ),
        # A source that supports the claim on the whole, with one sentence that goes the other way.
        (
            a_verdict(
                ClaimVerdict.SUPPORTED,
                [sentence(A, Stance.SUPPORTS, SAID), sentence(B, Stance.REFUTES)],
                [source_says(A, ClaimVerdict.SUPPORTED), source_says(B, ClaimVerdict.SUPPORTED, conflict=True)],
            ),
            NOTHING,
        ),
    ],
)
def test_one_reading_is_a_candidate_and_two_clear_works_without_one_for_the_claim_confirm(
    verdict: Verdict, expected: list[tuple[str, bool]]
) -> None:
    report = hunted(held(verdict))
    assert report.ran
    assert rules(report) == expected


def test_a_finding_names_the_claim_and_quotes_every_sentence_word_for_word() -> None:
    (one,) = hunted(held(refuted_by(A, B))).findings
    assert (one.target, one.subject) == (Target.CLAIM, "claim-1")
    assert [(quote.source_id, quote.text) for quote in one.quotes] == [(A, AGAINST[A]), (B, AGAINST[B])]
    assert "2 independent works" in one.message
    assert "Nine kettles says “Lids did not" in one.message


ONE_WORK = {
    "an alias": {"names": (A, B)},
    "its version": {"names": (B, f"{A}v2"), "title": "Steam", "authors": ("Ben Crow",)},
    "the same title and people": {"title": "NINE kettles.", "authors": ("A. Brook",)},
    "the same title and nobody named": {"title": "Nine kettles", "authors": ()},
}


@pytest.mark.parametrize("changed", ONE_WORK.values(), ids=ONE_WORK.keys())
def test_versions_and_copies_of_one_work_confirm_nothing(changed: dict[str, Any]) -> None:
    sources = [a_source(A, names=(A, f"{A}v2")), a_source(B, **changed)]
    assert rules(hunted(held(refuted_by(A, B)), sources=sources)) == CANDIDATE


def test_the_same_title_by_other_people_is_another_work() -> None:
    sources = [a_source(A), a_source(B, title="Nine kettles", authors=("Zoe Quill",))]
    assert rules(hunted(held(refuted_by(A, B)), sources=sources)) == CONFIRMED


def test_the_same_words_in_two_sources_are_one_voice() -> None:
    said = refuted_by(A, B)
    copied = sentence(B, Stance.REFUTES, f"{AGAINST[A][:-1].upper()}.")
    verdict = said.model_copy(update={"evidence": (said.evidence[0], copied)})
    assert rules(hunted(held(verdict))) == CANDIDATE


def test_a_work_that_links_two_others_makes_them_one() -> None:
    """A and C share nothing, but B bears names of both."""
    sources = [a_source(A), a_source(C), a_source(B, names=(A, B, C))]
    assert rules(hunted(held(refuted_by(A, B, C)), sources=sources)) == CANDIDATE


def test_a_source_of_which_nothing_is_known_does_not_confirm() -> None:
    assert rules(hunted(held(refuted_by(A, B)), sources=[a_source(A)])) == CANDIDATE


@pytest.mark.parametrize("kind", [NoticeKind.RETRACTED, NoticeKind.WITHDRAWN])
def test_a_retracted_source_refutes_nothing(kind: NoticeKind) -> None:
    alone = hunted(held(refuted_by(A)), sources=[a_source(A, kind)])
    assert rules(alone) == NOTHING
    assert "not counted, sentences of retracted or withdrawn sources: 1" in alone.reason
    two = hunted(held(refuted_by(A, B)), sources=[a_source(A, kind), a_source(B)])
    assert rules(two) == CANDIDATE
    assert [quote.source_id for quote in two.findings[0].quotes] == [B]


def test_a_source_under_concern_is_quoted_but_does_not_confirm() -> None:
    sources = [a_source(A, NoticeKind.CONCERN), a_source(B)]
    assert rules(hunted(held(refuted_by(A, B)), sources=sources)) == CANDIDATE


@pytest.mark.parametrize(
    "texts",
    [{}, {f"passage of {A}": ""}, {f"passage of {A}": "Lids did shorten the boiling of water in all of nine kettles."}],
    ids=["passage gone", "empty passage", "another wording"],
)
def test_a_sentence_that_does_not_stand_in_its_source_is_dropped_and_told(texts: dict[str, str]) -> None:
    report = hunted(held(refuted_by(A)), texts=texts)
    assert rules(report) == NOTHING
    assert "sentences that do not stand in their source: 1" in report.reason


def test_a_claim_that_the_record_cut_off_is_never_confirmed_as_refuted() -> None:
    assert rules(hunted(held(refuted_by(A, B), truncated=True))) == CANDIDATE


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        (ClaimVerdict.REFUTED, [(RedTeamRule.REFUTED_BY_PERSON.value, True)]),
        (ClaimVerdict.SUPPORTED, NOTHING),
        (ClaimVerdict.NOT_ENOUGH_INFO, NOTHING),
        (ClaimVerdict.NOT_CHECKED, NOTHING),
        (ClaimVerdict.DISPUTED, CANDIDATE),
    ],
)
def test_what_a_person_decided_goes_before_what_machines_read(
    person: ClaimVerdict, expected: list[tuple[str, bool]]
) -> None:
    report = hunted(held(refuted_by(A, B), adjudicated(person)))
    assert rules(report) == expected
    assert ("claims on which a person decided otherwise: 1" in report.reason) == (expected == NOTHING)


def test_a_person_refutes_without_any_sentence_and_is_named() -> None:
    (one,) = hunted(held(None, adjudicated(ClaimVerdict.REFUTED))).findings
    assert one.confirmed
    assert one.quotes == ()
    assert "an editor: the tables were read again" in one.message


@pytest.mark.parametrize("claims", [[], [held(None)], [held(a_verdict(ClaimVerdict.NOT_CHECKED))]])
def test_where_nothing_was_checked_the_hunter_is_absent_and_did_not_find_nothing(claims: list[Any]) -> None:
    report = hunted(*claims)
    assert not report.ran
    assert report.reason == "no claim of the record was checked against a source text"

"""Attackers run each on its own; one that breaks is absent; a finding keeps to the target of its rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.gates.attempt import CheckFault
from pipelines.gates.facts import AttackerReport, RedTeamQuote, Target
from pipelines.gates.policy import GateKind, load_policy
from pipelines.gates.redteam.attack import ATTACKERS, MOST_FINDINGS, MOST_REASON, Earlier, attack, broke, is_left
from pipelines.gates.redteam.material import HeldCheck, HeldClaim, NothingToAttack, RedTeamMaterial
from pipelines.gates.redteam.rules import (
    CONFIRMING,
    MOST_MESSAGE,
    MOST_QUOTES,
    TARGET_OF,
    AttackerName,
    RedTeamRule,
    Report,
    found,
)
from pipelines.models import AttemptOutcome, ClaimVerdict, NoticeKind, ReferenceFinding, Stance
from tests.gates.redteam_material import (
    AGAINST,
    SAID,
    A,
    B,
    C,
    a_check,
    a_source,
    a_twin,
    a_verdict,
    adjudicated,
    audited,
    held,
    material,
    refuted_by,
    sentence,
    source_says,
    supported_by,
)

POLICY = Path(__file__).parents[2] / "warehouse/policies/gate-3.v1.yaml"


@dataclass(frozen=True)
class Breaks:
    """Takes the place of an attacker and raises."""

    name: AttackerName
    problem: BaseException
    version = "1"
    reads_passages = False

    def look(self, material: RedTeamMaterial) -> Report:
        raise self.problem


@dataclass(frozen=True)
class Finds:
    findings: tuple[object, ...]
    name = AttackerName.CHECKS
    version = "1"
    reads_passages = False

    def look(self, material: RedTeamMaterial) -> Report:
        return Report("what it was given", self.findings)  # type: ignore[arg-type]


FULL = material(
    held(refuted_by(A, B)),
    held(supported_by(C, number=2)),
    references=[audited(ReferenceFinding.LIKELY_FABRICATED)],
    sources=[a_source(A), a_source(B), a_source(C, NoticeKind.RETRACTED)],
    checks=[a_check(AttemptOutcome.INVALID_CHECK)],
)


def test_each_attacker_reports_once_in_a_fixed_order_and_again_the_same() -> None:
    reports = attack(FULL)
    assert [one.attacker for one in reports] == ["counterexample", "citations", "checks"]
    assert all(one.ran for one in reports)
    assert [[finding.rule for finding in one.findings] for one in reports] == [
        ["refuted-by-sources"],
        ["fabricated-reference", "retracted-source", "support-retracted"],
        ["invalid-check"],
    ]
    assert attack(FULL) == reports


PROBLEMS = st.sampled_from(
    [RuntimeError("no"), ValueError(), MemoryError("full"), RecursionError("deep"), NothingToAttack("none"), OSError(5)]
)


@given(st.lists(st.none() | PROBLEMS, min_size=3, max_size=3))
def test_one_that_breaks_is_absent_and_changes_nothing_of_what_the_others_report(
    problems: list[BaseException | None],
) -> None:
    sound = attack(FULL)
    team = [
        Breaks(attacker.name, problem) if problem else attacker
        for attacker, problem in zip(ATTACKERS, problems, strict=True)
    ]
    for report, before, problem in zip(attack(FULL, team), sound, problems, strict=True):
        if problem is None:
            assert report == before
        else:
            assert (report.attacker, report.ran, report.findings) == (before.attacker, False, ())
            assert broke(report) == (not isinstance(problem, NothingToAttack))


@given(st.text(max_size=2_000))
def test_the_reason_of_a_break_names_its_type_and_is_bounded_and_clean(words: str) -> None:
    (report,) = attack(FULL, [Breaks(AttackerName.CHECKS, ValueError(words))])
    assert report.reason.startswith("it broke: ValueError")
    assert len(report.reason) <= MOST_REASON
    assert all(letter.isprintable() for letter in report.reason if ord(letter) < 0x3000)


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), SystemExit(3)])
def test_whoever_stops_the_program_stops_it(stop: BaseException) -> None:
    with pytest.raises(type(stop)):
        attack(FULL, [Breaks(AttackerName.COUNTEREXAMPLE, stop), *ATTACKERS[1:]])


def test_of_more_findings_than_can_be_listed_the_confirmed_ones_are_kept_and_the_rest_is_told() -> None:
    many = [found(AttackerName.CHECKS, RedTeamRule.INVALID_CHECK, f"a{n}", "no") for n in range(MOST_FINDINGS + 4)]
    last = found(AttackerName.COUNTEREXAMPLE, RedTeamRule.REFUTED_BY_PERSON, "claim-1", "no")
    (report,) = attack(FULL, [Finds((*many, last))])
    assert len(report.findings) == MOST_FINDINGS
    assert report.findings[0] == last
    assert report.reason.endswith("; 5 findings more than can be listed")


# --- one that is away -----------------------------------------------------------------------------

QUOTES = tuple(RedTeamQuote(source_id=one, text=AGAINST[one]) for one in (A, B))
BY_MODEL = found(AttackerName.MODEL, RedTeamRule.REFUTED_BY_MODEL, "claim-1", "may be refuted", QUOTES)
SAID_BY_MODEL = AttackerReport(attacker="model", ran=True, reason="the model was asked", findings=(BY_MODEL,))
EARLIER = Earlier((SAID_BY_MODEL,), date(2026, 7, 6))
OPEN = held(a_verdict(ClaimVerdict.NOT_ENOUGH_INFO))


@pytest.mark.parametrize(
    ("now", "stands"),
    [
        (material(OPEN), True),
        (material(OPEN, sources=[a_source(A), a_source(B, NoticeKind.CONCERN)]), True),
        (material(OPEN, sources=[a_source(A), a_source(B, NoticeKind.RETRACTED)]), False),
        (material(OPEN, sources=[a_source(A, NoticeKind.WITHDRAWN), a_source(B)]), False),
        (material(held(a_verdict(ClaimVerdict.NOT_ENOUGH_INFO), adjudicated(ClaimVerdict.REFUTED))), False),
        (material(held(a_verdict(ClaimVerdict.NOT_ENOUGH_INFO, number=2))), False),
    ],
    ids=["as it was", "of concern", "retracted", "withdrawn", "a person decided", "another claim"],
)
def test_of_an_earlier_report_stays_what_still_stands_and_the_day_is_told_once(
    now: RedTeamMaterial, stands: bool
) -> None:
    *others, left = attack(now, earlier=EARLIER)
    assert tuple(others) == attack(now)
    assert left.ran
    assert left.findings == ((BY_MODEL,) if stands else ())
    assert left.reason == "the model was asked; left in force as reported on 2026-07-06, not heard since"
    assert is_left(left)
    assert attack(now, earlier=Earlier((left,), date(2026, 7, 9)))[-1] == left


@pytest.mark.parametrize(
    ("problem", "stays"), [(TimeoutError(), True), (NothingToAttack("no source text"), False)], ids=["broke", "nothing"]
)
def test_an_earlier_report_stays_where_its_attacker_broke_and_not_where_it_has_nothing_to_look_at(
    problem: Exception, stays: bool
) -> None:
    (report,) = attack(material(OPEN), [Breaks(AttackerName.MODEL, problem)], EARLIER)
    assert (report.ran, is_left(report)) == (stays, stays)


def test_no_earlier_report_takes_the_place_of_an_attacker_that_needs_nothing_from_outside() -> None:
    sound = attack(FULL)
    team = [Breaks(attacker.name, RuntimeError("no")) for attacker in ATTACKERS]
    assert not any(report.ran for report in attack(FULL, team, Earlier(sound, date(2026, 7, 6))))


# --- targets --------------------------------------------------------------------------------------

CHECKS = st.builds(
    lambda outcome, author, fault, twin: a_check(
        outcome,
        authority=author,
        faults=(CheckFault(rule="constant", message=fault),) if fault else (),
        twins=(a_twin(twin),),
    ),
    st.sampled_from(AttemptOutcome),
    st.booleans(),
    st.text(max_size=20),
    st.sampled_from(AttemptOutcome),
)
SENTENCES = st.lists(st.tuples(st.sampled_from([A, B, C]), st.sampled_from(Stance)), max_size=4, unique=True)


@st.composite
def claims(draw: st.DrawFn) -> HeldClaim:
    said = draw(SENTENCES)
    per_source = {one: draw(st.sampled_from(ClaimVerdict)) for one, _ in said}
    verdict = a_verdict(
        draw(st.sampled_from(ClaimVerdict)),
        [sentence(one, stance, SAID if stance is Stance.SUPPORTS else None) for one, stance in said],
        [source_says(one, verdict, draw(st.none() | st.floats(0, 1))) for one, verdict in per_source.items()],
    )
    person = draw(st.none() | st.sampled_from(ClaimVerdict))
    return held(verdict, adjudicated(person) if person else None)


def against(reports: Sequence[AttackerReport], *targets: Target) -> list[object]:
    return [one for report in reports for one in report.findings if one.target in targets]


@given(claims(), st.lists(CHECKS, max_size=3))
def test_no_check_however_bad_makes_a_finding_against_a_claim_or_a_citation(
    claim: HeldClaim, checks: list[HeldCheck]
) -> None:
    references = [audited(ReferenceFinding.MISDESCRIBED)]
    without, with_checks = (attack(material(claim, references=references, checks=c)) for c in ([], checks))
    elsewhere = (Target.CLAIM, Target.CITATION)
    assert against(with_checks, *elsewhere) == against(without, *elsewhere)
    assert with_checks[:2] == without[:2]


@given(claims(), st.permutations([A, B, C]))
def test_a_finding_quotes_only_what_stands_and_is_confirmed_only_by_a_person_or_by_several(
    claim: HeldClaim, order: list[str]
) -> None:
    before = material(claim, sources=[a_source(one) for one in order])
    reports = attack(before)
    for finding in (one for report in reports for one in report.findings):
        assert all(any(quote.text in text for text in before.passage_texts.values()) for quote in finding.quotes)
        if finding.confirmed:
            by_person = claim.adjudication is not None and claim.adjudication.verdict is ClaimVerdict.REFUTED
            assert by_person or len({quote.source_id for quote in finding.quotes}) >= 2
    assert reports == attack(material(claim, sources=[a_source(one) for one in AGAINST]))


def test_target_and_confirmation_follow_from_the_rule_alone() -> None:
    assert set(TARGET_OF) == set(RedTeamRule)
    assert {TARGET_OF[rule] for rule in CONFIRMING} == {Target.CLAIM}
    for rule in RedTeamRule:
        one = found(AttackerName.CHECKS, rule, "s", "m")
        assert (one.target, one.confirmed) == (TARGET_OF[rule], rule in CONFIRMING)


def test_the_words_of_a_finding_are_bounded_and_on_one_line() -> None:
    quotes = tuple(RedTeamQuote(source_id=A, text=str(n)) for n in range(MOST_QUOTES + 3))
    one = found(AttackerName.CHECKS, RedTeamRule.UNAPPROVED, "s", "a\nb\u202e\x1b[31m " + "c" * 9_000, quotes)
    assert one.message.startswith("a b [31m ccc")
    assert len(one.message) == MOST_MESSAGE
    assert len(one.quotes) == MOST_QUOTES


# --- the policy -----------------------------------------------------------------------------------


def test_the_shipped_policy_names_attackers_and_rules_that_there_are_and_none_against_checks() -> None:
    policy = load_policy(POLICY.read_text(encoding="utf-8"))
    assert policy.kind is GateKind.RED_TEAM
    assert list(policy.attackers) == [attacker.name for attacker in ATTACKERS]
    named = {RedTeamRule(rule) for rule in policy.failing}
    assert {TARGET_OF[rule] for rule in named} == {Target.CLAIM, Target.CITATION}
    assert named >= {rule for rule, target in TARGET_OF.items() if target is Target.CLAIM}

"""Screening: relevance, the cut, the limit, and what is left out whatever it is about."""

from __future__ import annotations

import pytest

from pipelines.ingestion.search.coverage import TextTerms, weighed_terms
from pipelines.ingestion.search.decisions import Outcome, Reason, Stage
from pipelines.ingestion.search.queries import queries_of
from pipelines.ingestion.search.screening import ScreeningRules, assessed, kept, relevance, retrieved, screened
from pipelines.models import Notice, NoticeKind, Update, Work

QUESTION = queries_of("Does green tea lower blood pressure in older adults?")
ON = "Green tea lowered systolic blood pressure in older adults over twelve weeks."


def a_work(name: str, text: str | None, title: str = "A trial", **fields: object) -> Work:
    held = {"source_id": f"doi:10.5555/{name}", "title": title, "text": text, "origin": "test", **fields}
    return Work.model_validate(held)


def rarity(stem: str) -> float:
    return {"tea": 6.0, "green": 4.0, "pressur": 3.0, "blood": 3.0}.get(stem, 2.0)


def test_works_on_the_question_are_kept_and_others_are_below_the_cut() -> None:
    works = [a_work("on", ON), a_work("off", "Coffee prices rose in older towns."), a_work("bare", None)]
    decisions = screened(works, QUESTION, rarity)
    assert [one.outcome for one in decisions] == [Outcome.KEPT, Outcome.EXCLUDED, Outcome.EXCLUDED]
    assert decisions[1].reason is Reason.OFF_QUESTION
    scores = [one.score or 0.0 for one in decisions]
    assert scores[0] > ScreeningRules().cut > scores[1] >= scores[2] == 0.0


def test_a_title_alone_can_be_on_the_question() -> None:
    (decision,) = screened([a_work("t", None, "Green tea and blood pressure in older adults")], QUESTION, rarity)
    assert decision.outcome is Outcome.KEPT


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"notices": (Notice(kind=NoticeKind.RETRACTED, origin="test"),)}, Reason.RETRACTED),
        ({"notices": (Notice(kind=NoticeKind.WITHDRAWN, origin="test"),)}, Reason.WITHDRAWN),
        (
            {"updates": (Update(target="doi:10.5555/x", notice=Notice(kind=NoticeKind.RETRACTED, origin="test")),)},
            Reason.NOTICE,
        ),
    ],
)
def test_retracted_works_and_notices_are_left_out_however_relevant(fields: dict[str, object], reason: Reason) -> None:
    (decision,) = screened([a_work("on", ON, **fields)], QUESTION, rarity)
    assert (decision.outcome, decision.reason) == (Outcome.EXCLUDED, reason)


def test_a_corrected_work_is_read() -> None:
    notice = Notice(kind=NoticeKind.CORRECTED, origin="test")
    assert kept(screened([a_work("on", ON, notices=(notice,))], QUESTION, rarity))


def test_beyond_the_limit_the_less_relevant_stay_out_and_say_so() -> None:
    works = [a_work("less", "Green tea and blood pressure."), a_work("first", ON), a_work("second", ON)]
    decisions = screened(works, QUESTION, rarity, ScreeningRules(cut=0.3, most=2))
    assert [one.reason for one in decisions] == [Reason.BEYOND_LIMIT, None, None]
    assert [work.source_id for work in kept(decisions)] == ["doi:10.5555/first", "doi:10.5555/second"]


def test_without_statistics_rarity_is_counted_in_the_works_themselves() -> None:
    common = [a_work(str(n), "Blood pressure of older adults was measured.") for n in range(20)]
    decisions = screened([*common, a_work("on", ON)], QUESTION)
    assert (decisions[-1].score or 0.0) > 1.5 * (decisions[0].score or 0.0)


def test_a_text_that_could_not_be_had_is_not_retrieved() -> None:
    decisions = retrieved([a_work("a", ON), a_work("b", None), a_work("c", "  ")], [0.9, 0.8])
    assert [one.outcome for one in decisions] == [Outcome.KEPT, Outcome.NOT_RETRIEVED, Outcome.NOT_RETRIEVED]
    assert [one.reason for one in decisions] == [None, Reason.NO_TEXT, Reason.NO_TEXT]
    assert [one.score for one in decisions] == [0.9, 0.8, None]


def test_a_work_kept_for_its_abstract_can_fall_by_its_text() -> None:
    (decision,) = assessed([a_work("a", "Prices of tin rose.")], QUESTION, rarity)
    assert (decision.stage, decision.reason) == (Stage.ASSESSMENT, Reason.OFF_QUESTION)


@pytest.mark.parametrize(
    ("question", "text", "least"),
    [
        ("Does over-smoothing harm graph networks?", "Oversmoothing harms a graph network", 0.9),
        ("Does chain-of-thought prompting help?", "CoT prompting helps", 0.9),
        ("Do large language models reason?", "LLMs reason", 0.9),
        ("Does naïve averaging fail?", "NAIVE AVERAGING FAILS", 0.9),
        ("咖啡升高血压吗", "研究表明咖啡升高血压。", 0.3),
    ],
)
def test_compounds_abbreviations_case_and_accents_are_met(question: str, text: str, least: float) -> None:
    weighed = weighed_terms(queries_of(question), lambda stem: 3.0)
    assert weighed.coverage(TextTerms.of(text)) >= least


def test_a_question_without_terms_is_answered_by_no_work() -> None:
    assert relevance(a_work("a", ON), weighed_terms(queries_of("And why?"), rarity)) == 0.0


def test_long_hostile_texts_are_read_in_part() -> None:
    text = "-".join(["tea"] * 300_000) + "A" * 300_000 + "(LLM) " * 100_000
    assert 0 <= relevance(a_work("a", text), weighed_terms(QUESTION, rarity)) <= 1

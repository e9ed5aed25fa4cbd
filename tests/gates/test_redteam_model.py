"""The model attacker against a real HTTP service: what it may find, whom it obeys, what becomes of it when it fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from pipelines.gates.facts import AttackerReport, Target
from pipelines.gates.redteam.attack import ATTACKERS, attack, broke
from pipelines.gates.redteam.material import HeldClaim, RedTeamMaterial
from pipelines.gates.redteam.model import COUNTEREXAMPLE, MOST_CLAIMS, ModelAttacker
from pipelines.gates.redteam.rules import RedTeamRule
from pipelines.models import ClaimKind, ClaimVerdict, NoticeKind, Passage, ReferenceFinding
from pipelines.verification import llm_prompt
from pipelines.verification.llm_asking import ModelAsking
from pipelines.verification.llm_budget import Budget
from pipelines.verification.llm_calls import CallsInMemory
from tests.gates.redteam_material import (
    AGAINST,
    SAID,
    A,
    B,
    a_claim,
    a_source,
    adjudicated,
    audited,
    held,
    material,
    refuted_by,
    supported_by,
)
from tests.ingestion.replay_server import How, Reply
from tests.verification.llm_server import Asked, Model, Ticking, completion, serving_model
from tests.verification.test_llm_injection import RECOGNISED, UNRECOGNISED

BESIDE = "Kettles were filled from the same tap."
DENIED = AGAINST[A]
OPEN = HeldClaim(claim=a_claim(), verdict=None)


def a_passage(source_id: str, *sentences: str) -> Passage:
    text = " ".join(sentences)
    return Passage(
        passage_id=f"text of {source_id}",
        source_id=source_id,
        source_version_id=f"{source_id} v1",
        ordinal=1,
        start=0,
        end=len(text),
        text=text,
    )


def read_by_a_model(*sentences: str, claims: Sequence[HeldClaim] = (OPEN,), **more: Any) -> RedTeamMaterial:
    return material(*claims, passages=[a_passage(A, *sentences)], **more)


def says(finding: str, *numbers: int, why: str = "the sentence says so", **more: Any) -> dict[str, Any]:
    return {"finding": finding, "sentences": list(numbers), "why": why, **more}


NONE = says("none")


def reader(asked: Asked) -> dict[str, Any]:
    """A model that reads: one sentence denies the claim on kettles."""
    if asked.claim == SAID and DENIED in asked.sentences.values():
        return says("counterexample", asked.number_of(DENIED))
    return NONE


def reading(asked: Asked) -> Reply:
    return completion(reader(asked))


def attacker(model: Model, budget: Budget | None = None, cache: CallsInMemory | None = None) -> ModelAttacker:
    settings = model.backend.asking._settings
    return ModelAttacker(
        ModelAsking(settings, model.door, cache or CallsInMemory(), budget or Budget(), Ticking(), COUNTEREXAMPLE)
    )


@contextmanager
def served(folder: Path, answering: Callable[[Asked], Reply] = reading, **more: Any) -> Iterator[Model]:
    with serving_model(folder, answering, **more) as model:
        yield model


def found_by(folder: Path, answering: Callable[[Asked], Reply], before: RedTeamMaterial, **more: Any) -> AttackerReport:
    with served(folder, answering, **more) as model:
        (report,) = attack(before, [attacker(model)])
    return report


def test_a_sentence_against_the_claim_is_a_candidate_quoted_word_for_word(tmp_path: Path) -> None:
    report = found_by(tmp_path, reading, read_by_a_model(BESIDE, DENIED))
    assert report.ran
    (one,) = report.findings
    assert (one.target, one.subject, one.rule, one.confirmed) == (
        Target.CLAIM,
        "claim-1",
        RedTeamRule.REFUTED_BY_MODEL,
        False,
    )
    assert [(quote.source_id, quote.text) for quote in one.quotes] == [(A, DENIED)]
    assert "scribe-1" in one.message


def test_a_finding_takes_four_short_calls_and_none_takes_one(tmp_path: Path) -> None:
    with served(tmp_path) as model:
        attack(read_by_a_model(BESIDE), [attacker(model)])
        assert len(model.asked) == 1
        attack(read_by_a_model(BESIDE, DENIED), [attacker(model)])
        assert len(model.asked) == 5


def test_the_request_names_its_own_task_and_shows_the_document_as_data(tmp_path: Path) -> None:
    with served(tmp_path) as model:
        attack(read_by_a_model(BESIDE), [attacker(model)])
    (asked,) = model.asked
    assert asked.rules.startswith("You look for counterexamples.")
    assert asked.body["response_format"]["json_schema"]["name"] == "counterexample"
    assert (asked.claim, asked.title, dict(asked.sentences)) == (SAID, "", {1: BESIDE})


def test_what_was_answered_once_is_not_paid_for_again(tmp_path: Path) -> None:
    cache = CallsInMemory()
    with served(tmp_path) as model:
        before = read_by_a_model(BESIDE, DENIED)
        first = attack(before, [attacker(model, cache=cache)])
        paid = len(model.asked)
        assert attack(before, [attacker(model, cache=cache)]) == first
        assert len(model.asked) == paid == len(cache.calls)


@pytest.mark.parametrize(
    "answer",
    [
        says("counterexample"),
        says("counterexample", 0),
        says("counterexample", 9),
        says("counterexample", 2, 9),
        says("counterexample", -1),
        says("none", 2),
        says("refuted", 2),
        {"finding": "counterexample", "sentences": [2]},
        says("counterexample", 2, quote="an invented sentence"),
        says("counterexample", *range(1, 8)),
        {"finding": "counterexample", "sentences": ["2"], "why": ""},
        {"finding": "counterexample", "sentences": [True], "why": ""},
        {"finding": "counterexample", "sentences": [2.5], "why": ""},
        [2],
        "Sentence 2 is one.",
        '{"finding": "none", "finding": "counterexample", "sentences": [2], "why": ""}',
    ],
)
def test_an_answer_without_an_existing_sentence_in_the_shape_asked_for_is_void(tmp_path: Path, answer: Any) -> None:
    report = found_by(tmp_path, lambda asked: completion(answer), read_by_a_model(BESIDE, DENIED))
    assert (report.ran, report.findings) == (False, ())
    assert "no answer that can be used" in report.reason


def test_one_answer_that_cannot_be_used_does_not_silence_the_others(tmp_path: Path) -> None:
    other = "Lids are blue."

    def answering(asked: Asked) -> Reply:
        return completion("no") if asked.claim == other else reading(asked)

    claims = [OPEN, HeldClaim(claim=a_claim(2, text=other, normalised=other), verdict=None)]
    report = found_by(tmp_path, answering, read_by_a_model(BESIDE, DENIED, claims=claims))
    assert (report.ran, len(report.findings)) == (True, 1)
    assert "1 answers that could not be used" in report.reason


# --- a model that fails ---------------------------------------------------------------------------

FAILURES = {
    "refuses": Reply(403, (), b"no"),
    "breaks": Reply(500, (), b"no"),
    "resets": Reply(how=How.RESET),
    "is silent": Reply(how=How.SILENT),
    "is another service": Reply(200, (), b"<html>"),
    "declines": completion(None, refusal="I would rather not"),
}


@pytest.mark.parametrize("reply", FAILURES.values(), ids=FAILURES.keys())
def test_a_model_that_is_not_heard_is_absent_and_the_others_are_heard(tmp_path: Path, reply: Reply) -> None:
    before = read_by_a_model(
        BESIDE, DENIED, claims=[held(refuted_by(A, B))], references=[audited(ReferenceFinding.FOUND)]
    )
    with served(tmp_path, lambda asked: reply, timeout_s=0.3, total_s=1.0) as model:
        *others, last = attack(before, [*ATTACKERS, attacker(model)])
    assert (last.attacker, last.ran, last.findings) == ("model", False, ())
    assert "ModelNotHeard: the model scribe-1" in last.reason
    assert broke(last)
    assert tuple(others) == attack(before)
    assert [one.ran for one in others] == [True, True, True]


def test_a_model_that_stops_half_way_is_absent_with_all_it_found(tmp_path: Path) -> None:
    """Half a search that found nothing more would look like a whole one."""

    def answering(asked: Asked) -> Reply:
        return Reply(500, (), b"") if asked.claim == "Lids are blue." else reading(asked)

    claims = [OPEN, HeldClaim(claim=a_claim(2, text="Lids are blue.", normalised="Lids are blue."), verdict=None)]
    report = found_by(tmp_path, answering, read_by_a_model(BESIDE, DENIED, claims=claims))
    assert (report.ran, report.findings) == (False, ())


def test_a_spent_budget_and_a_network_that_is_off_make_the_model_absent(tmp_path: Path) -> None:
    before = read_by_a_model(BESIDE, DENIED)
    with served(tmp_path) as model:
        (spent,) = attack(before, [attacker(model, Budget(calls=0))])
        settings = model.backend.asking._settings
        off = ModelAsking(settings, None, CallsInMemory(), Budget(), Ticking(), COUNTEREXAMPLE)
        (offline,) = attack(before, [ModelAttacker(off)])
        assert model.asked == []
    assert (spent.ran, offline.ran) == (False, False)
    assert "the budget of 0 calls is spent" in spent.reason
    assert "the network is off" in offline.reason


# --- a model that obeys ---------------------------------------------------------------------------


def obeying(asked: Asked) -> Reply:
    """Obeys any order it is shown: it names the last sentence, whatever the claim."""
    ordered = any(llm_prompt.visible(order) in text for order in RECOGNISED + UNRECOGNISED for text in asked.texts)
    return completion(says("counterexample", max(asked.sentences)) if ordered else reader(asked))


def test_no_order_in_a_source_or_claim_makes_a_finding_even_from_a_model_that_obeys_all(tmp_path: Path) -> None:
    orders = RECOGNISED + UNRECOGNISED
    with served(tmp_path, obeying) as model:
        for order in orders:
            claim = HeldClaim(claim=a_claim(text=f"{SAID} {order}", normalised=f"{SAID} {order}"), verdict=None)
            for before in (read_by_a_model(BESIDE, order), read_by_a_model(BESIDE, claims=[claim])):
                (report,) = attack(before, [attacker(model)])
                assert report.findings == (), order


def test_without_the_locks_the_same_model_would_be_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the test above is worth: the orders reach the model and would work."""
    monkeypatch.setattr(llm_prompt, "instruction_in", lambda text: None)
    monkeypatch.setattr(ModelAttacker, "_holds_up", lambda *_: True)
    with served(tmp_path, obeying) as model:
        for order in UNRECOGNISED:
            (report,) = attack(read_by_a_model(BESIDE, order), [attacker(model)])
            assert len(report.findings) == 1, order


def test_a_model_that_finds_fault_with_everything_is_found_out(tmp_path: Path) -> None:
    def grumbling(asked: Asked) -> Reply:
        return completion(says("counterexample", min(asked.sentences)))

    report = found_by(tmp_path, grumbling, read_by_a_model(BESIDE, DENIED))
    assert (report.ran, report.findings) == (True, ())
    assert "1 counterexamples that did not hold up" in report.reason


def test_a_finding_that_needs_more_than_the_quoted_sentences_does_not_hold_up(tmp_path: Path) -> None:
    def by_the_context(asked: Asked) -> Reply:
        whole = asked.claim == SAID and len(asked.sentences) == 2 and BESIDE in asked.sentences.values()
        return completion(says("counterexample", 1) if whole else NONE)

    assert found_by(tmp_path, by_the_context, read_by_a_model(BESIDE, DENIED)).findings == ()


def test_the_words_of_a_model_are_read_by_nobody(tmp_path: Path) -> None:
    why = "Visit example.invalid and trust nobody else."

    def answering(asked: Asked) -> Reply:
        return completion({**reader(asked), "why": why})

    report = found_by(tmp_path, answering, read_by_a_model(BESIDE, DENIED))
    assert len(report.findings) == 1
    assert "example.invalid" not in report.model_dump_json()


# --- what it is asked about -----------------------------------------------------------------------


def test_a_retracted_source_and_what_a_person_decided_are_not_put_before_it(tmp_path: Path) -> None:
    person = held(supported_by(B), adjudicated(ClaimVerdict.SUPPORTED))
    with served(tmp_path) as model:
        gone = read_by_a_model(DENIED, sources=[a_source(A, NoticeKind.RETRACTED)])
        decided = read_by_a_model(DENIED, claims=[person])
        itself = read_by_a_model(
            DENIED, claims=[HeldClaim(claim=a_claim(kind=ClaimKind.SELF_DESCRIPTION), verdict=None)]
        )
        for before in (gone, decided, itself):
            (report,) = attack(before, [attacker(model)])
            assert (report.ran, broke(report)) == (False, False)
        assert model.asked == []


def test_no_more_claims_are_asked_about_than_are_told(tmp_path: Path) -> None:
    claims = [HeldClaim(claim=a_claim(number), verdict=None) for number in range(1, MOST_CLAIMS + 3)]
    report = found_by(tmp_path, lambda asked: completion(NONE), read_by_a_model(BESIDE, claims=claims))
    assert "asked about 100 claims; 2 claims beyond the most that are asked about" in report.reason


def test_another_model_is_another_attacker(tmp_path: Path) -> None:
    with served(tmp_path) as model:
        assert attacker(model).version.endswith(":scribe-1")

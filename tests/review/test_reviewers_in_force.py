"""Who reviews under which settings, what a model changes in the score of a record, and whose review stays in force."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from reviewing_models import Answering, Document, Given, Service, document_in, first_line, read, scores, serving_reviews
from test_model_reviewers import RECORD, reading

from pipelines.models import Dimension, Review, ReviewSummary
from pipelines.review.by_model.reviewers import model_reviewers
from pipelines.review.reviewers.team import REVIEWERS, review_record
from pipelines.verification.backend_choice import BackendUnusable
from pipelines.verification.llm_calls import CallsInMemory
from tests.ingestion.replay_server import Reply, Rule, serving
from tests.verification.llm_server import completion
from warehouse.backends import Surroundings
from warehouse.connection import Warehouse
from warehouse.location import WarehouseLocation
from warehouse.model_calls import ModelCalls
from warehouse.reviewers import is_reviewed, kept_fingerprint, opened_reviewers, review_fingerprint

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
THREE = ("challenger", "confirmer", "integrator")


# --- in the summary -------------------------------------------------------------------------------


def reviewed_by_all(folder: Path, answering: Answering) -> tuple[tuple[Review, ...], ReviewSummary]:
    with serving_reviews(folder, answering) as service:
        return review_record(RECORD, (*REVIEWERS, *model_reviewers(service.asking())))


@dataclass
class Opinions:
    """A model that reads where it is doubted, and has an opinion of the record by its role."""

    default: Given
    by_role: dict[str, Given] = field(default_factory=dict)

    def __call__(self, document: Document) -> Reply:
        is_the_record = any(line.startswith("In six ponds") for _, _, lines in document.claims for _, line in lines)
        opinion = self.by_role.get(document.role, self.default)
        of_it = opinion if is_the_record and len(document.claims) > 1 else read(document)
        return completion(scores(of_it, first_line(document)))


ALIKE = {
    Dimension.EVIDENCE_STRENGTH: 10,
    Dimension.CITATION_GROUNDING: 10,
    Dimension.NUMERICAL_CONSISTENCY: 10,
    Dimension.UNCERTAINTY_DISCLOSURE: 5,
}


def test_agreement_falls_where_one_model_reviewer_disagrees(tmp_path: Path) -> None:
    """The three alone, so that no rule has a part in it."""
    contrary = {**ALIKE, Dimension.EVIDENCE_STRENGTH: 2, Dimension.UNCERTAINTY_DISCLOSURE: 9}
    summaries = []
    for place, opinions in enumerate((Opinions(ALIKE), Opinions(ALIKE, {"challenger": contrary}))):
        (tmp_path / str(place)).mkdir()
        with serving_reviews(tmp_path / str(place), opinions) as service:
            summaries.append(review_record(RECORD, model_reviewers(service.asking()))[1])
    agreed, disagreed = summaries
    assert agreed.reviewers == disagreed.reviewers == THREE
    assert agreed.agreement == 1.0
    assert disagreed.agreement is not None
    assert disagreed.agreement < 0.5
    assert disagreed.without_one_high == agreed.score


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (Reply(500, (), b""), "it answered 500"),
        (completion(None, refusal="no"), "it declined to answer"),
        (completion("Nine."), "not the JSON that was asked for"),
        (completion(scores(ALIKE, (1, "words that stand nowhere here"))), "does not stand there"),
    ],
    ids=["crashed", "refusing", "unparsable", "lying"],
)
def test_a_model_reviewer_that_fails_is_named_and_counts_as_nothing(tmp_path: Path, reply: Reply, why: str) -> None:
    reviews, summary = reviewed_by_all(tmp_path, lambda document: reply)
    _, without = review_record(RECORD)
    failed = {one.reviewer: one for one in reviews if one.failed is not None}
    assert tuple(failed) == THREE
    assert all(why in str(one.failed) and one.scores == () and one.model == "scribe-1" for one in failed.values())
    assert all(any(one.startswith(f"{name} failed (") for one in summary.absent) for name in THREE)
    assert (summary.score, summary.reviewers, summary.agreement) == (
        without.score,
        without.reviewers,
        without.agreement,
    )


def test_one_that_fails_leaves_the_other_two_their_scores(tmp_path: Path) -> None:
    def answering(document: Document) -> Reply:
        return Reply(403, (), b"") if document.role == "confirmer" else reading(document)

    _, summary = reviewed_by_all(tmp_path, answering)
    assert {"challenger", "integrator"} <= set(summary.reviewers)
    assert "confirmer" not in summary.reviewers
    assert [one.split()[0] for one in summary.absent if "failed" in one] == ["confirmer"]


# --- from settings --------------------------------------------------------------------------------


@pytest.fixture
def house(tmp_path: Path) -> Warehouse:
    return Warehouse(WarehouseLocation(tmp_path / "claimgate.duckdb"))


def around(house: Warehouse, folder: Path, url: str = "", **more: str) -> Surroundings:
    named = {"MODEL": "scribe-1", "MODEL_URL": url, "ONLINE": "true", "PACES": str(folder / "paces"), "SPEED": "10000"}
    return Surroundings(
        {f"CLAIMGATE_{name}": value for name, value in {**named, **more}.items()}, house, "test", lambda: NOON
    )


def test_without_a_model_only_rules_review_and_a_budget_that_cannot_be_kept_is_refused(
    house: Warehouse, tmp_path: Path
) -> None:
    with opened_reviewers(around(house, tmp_path)) as reviewers:
        assert reviewers == REVIEWERS
    broken = around(house, tmp_path, "http://127.0.0.1:9/v1", MODEL_MOST_COST="1")
    with pytest.raises(BackendUnusable, match="budget"), opened_reviewers(broken):
        pass


def test_calls_are_kept_with_their_cost_and_answer_for_a_run_that_may_not_ask(house: Warehouse, tmp_path: Path) -> None:
    rule = Rule("/v1/chat/completions", (), "POST", answer=lambda path, params, body: reading(document_in(body)))
    with serving([rule]) as server:
        url = f"{server.url}/v1"
        with opened_reviewers(around(house, tmp_path, url, MODEL_PRICE_IN="2", MODEL_PRICE_OUT="8")) as reviewers:
            online = review_record(RECORD, reviewers[-1:])
        asked = len(server.requests)
        with opened_reviewers(around(house, tmp_path, url, ONLINE="false")) as reviewers:
            assert review_record(RECORD, reviewers[-1:]) == online
        assert len(server.requests) == asked
    (spent,) = ModelCalls(house, "").spend()
    assert (spent.calls, spent.cost) == (asked, pytest.approx(asked * (700 * 2 + 30 * 8) / 1e6))


def test_with_the_network_off_and_nothing_kept_each_is_absent_and_named(house: Warehouse, tmp_path: Path) -> None:
    with opened_reviewers(around(house, tmp_path, "http://127.0.0.1:9/v1", ONLINE="false")) as reviewers:
        reviews, summary = review_record(RECORD, reviewers)
    assert [one.failed for one in reviews[-3:]] == ["the model scribe-1 was not heard: the network is off"] * 3
    assert summary.score == review_record(RECORD)[1].score


# --- in force -------------------------------------------------------------------------------------


def fingerprint(service: Service | None, facts: str = "facts", *, model: str = "", offline: bool = False) -> str:
    if service is None:
        return review_fingerprint(facts, REVIEWERS)
    asking = service.offline(CallsInMemory()) if offline else service.asking()
    if model:
        asking = Service(service.server, service.door, type(service.settings)(service.settings.url, model)).asking()
    return review_fingerprint(facts, (*REVIEWERS, *model_reviewers(asking)))


def test_a_model_that_is_switched_on_or_changed_reviews_again_and_one_that_is_away_does_not(tmp_path: Path) -> None:
    with serving_reviews(tmp_path, reading) as service:
        without, with_model = fingerprint(None), fingerprint(service)
        away, other = fingerprint(service, offline=True), fingerprint(service, model="scribe-2")
        assert not is_reviewed(None, without)
        assert not is_reviewed(without, with_model), "switched on"
        assert not is_reviewed(with_model, other), "another model"
        assert is_reviewed(with_model, without), "switched off: the review in force stays"
        assert is_reviewed(with_model, away), "away: likewise"
        assert is_reviewed(without, away), "away, and never heard: not reviewed again every night"
        assert is_reviewed(with_model, with_model)
        for changed in (fingerprint(None, "others"), fingerprint(service, "others")):
            assert not is_reviewed(with_model, changed), "what is looked at changed"


def test_a_model_that_was_not_heard_is_asked_again_and_one_that_was_not_believed_is_not(tmp_path: Path) -> None:
    with serving_reviews(tmp_path, lambda document: Reply(500, (), b"")) as service:
        reviewers = (*REVIEWERS, *model_reviewers(service.asking()))
        wanted = review_fingerprint("facts", reviewers)
        kept = kept_fingerprint(wanted, review_record(RECORD, reviewers)[0])
        assert not is_reviewed(kept, wanted)
        assert is_reviewed(kept, fingerprint(None))
    (tmp_path / "again").mkdir()
    tens = dict.fromkeys(Dimension, 10)
    with serving_reviews(tmp_path / "again", lambda one: completion(scores(tens, first_line(one)))) as service:
        reviewers = (*REVIEWERS, *model_reviewers(service.asking()))
        wanted = review_fingerprint("facts", reviewers)
        reviews = review_record(RECORD, reviewers)[0]
        assert all("not to be believed" in str(one.failed) for one in reviews[-3:])
        assert is_reviewed(kept_fingerprint(wanted, reviews), wanted)

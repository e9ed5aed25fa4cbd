"""What a verdict holds comes back as it was saved; old verdicts stay readable; feature tables can be read in SQL."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from pipelines.models import (
    Axis,
    AxisJudgement,
    AxisOutcome,
    Claim,
    ClaimVerdict,
    Probabilities,
    SourceVerdict,
    Stance,
    Verdict,
    Work,
)
from pipelines.verification.corpus_search import FoundWork
from pipelines.verification.sentence_features import SentenceFeatures
from tests.made_claims import claim_saying, quoted
from tests.warehouse.a_warehouse import a_verdict, saved_record, sentences
from warehouse.append import Stamp
from warehouse.connection import Warehouse
from warehouse.corpus import found_version_id, found_works_of, read_for
from warehouse.extraction import save_claims
from warehouse.location import WarehouseLocation
from warehouse.migrate import migrate
from warehouse.public_records import public_records
from warehouse.sources import passage_texts
from warehouse.verification import ReachedVerdict, adjudicate, save_verdicts, sentence_features_of, verdicts_of

MONDAY, TUESDAY = (datetime(2026, 7, day, 9, 0, tzinfo=UTC) for day in (6, 7))
TEXT = "Moss was weighed on forty roofs. Moss does not harm the roof. Slate was left out."
WORK = Work(
    source_id="doi:10.5555/moss", title="Moss on roofs", text=TEXT, text_kind="abstract", origin="library:shelf.jsonl"
)
FOUND = FoundWork(WORK, 0, 7.25, 1.0)


@pytest.fixture
def house(tmp_path: Path) -> Warehouse:
    """A record with three claims."""
    made = Warehouse(WarehouseLocation(tmp_path / "claimgate.duckdb"))
    record = saved_record(made, MONDAY)
    save_claims(made, [(record, sentences(record))], "extractor-1", on(MONDAY))
    return made


def on(moment: datetime) -> Stamp:
    return Stamp(moment, "by hand")


def count(house: Warehouse, table: str) -> int:
    with house.read() as connection:
        row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    assert row is not None
    return int(row[0])


def full_verdict() -> Verdict:
    """With something in every field, resting on the second sentence of the found work."""
    (source,) = read_for(the_claim(), [FOUND])
    (passage,) = source.passages
    sentence = "Moss does not harm the roof."
    said = quoted(sentence, passage.text, passage.passage_id, WORK.source_id, Stance.SUPPORTS, why="the same words")
    shares = Probabilities(supported=0.9, refuted=0.02, not_enough_info=0.08)
    return a_verdict("claim-2", ClaimVerdict.SUPPORTED).model_copy(
        update={
            "probabilities": shares,
            "evidence": (said,),
            "per_source": (
                SourceVerdict(
                    source_id=WORK.source_id,
                    verdict=ClaimVerdict.SUPPORTED,
                    confidence=0.9,
                    probabilities=shares,
                    reason="it says so",
                ),
                SourceVerdict(
                    source_id="doi:10.5555/lichen",
                    verdict=ClaimVerdict.NOT_CHECKED,
                    confidence=None,
                    reason="the service was silent",
                ),
            ),
            "axes": (
                AxisJudgement(axis=Axis.SUBJECT, outcome=AxisOutcome.AGREES),
                AxisJudgement(axis=Axis.NUMBERS, outcome=AxisOutcome.DIFFERS, why="40 against 14"),
            ),
        }
    )


def the_claim() -> Claim:
    return claim_saying("Moss does not harm the roof", 2, start=30)


def table_of(verdict: Verdict) -> tuple[SentenceFeatures, ...]:
    said = verdict.evidence[0]
    first = SentenceFeatures(
        said.passage_id, said.source_id, said.start, said.end, said.stance, said.score, {"idf overlap": 0.75, "b": -2.0}
    )
    return first, SentenceFeatures(said.passage_id, said.source_id, 0, 32, Stance.NEUTRAL, 0.1, {})


def test_everything_that_a_verdict_holds_comes_back_as_it_was_saved(house: Warehouse) -> None:
    verdict = full_verdict()
    reached = ReachedVerdict("A", verdict, table_of(verdict), (FOUND,), "corpus-1:abc")
    assert save_verdicts(house, [reached], on(MONDAY)) == 1
    held = verdicts_of(house, ["test:moss"])["claim-2"]
    assert held.verdict == verdict
    assert sentence_features_of(house, [held.verdict_id])[held.verdict_id] == table_of(verdict)
    assert found_works_of(house, [held.verdict_id]) == {held.verdict_id: (WORK.model_copy(update={"text": None}),)}


def test_saving_again_adds_no_row_to_any_table(house: Warehouse) -> None:
    verdict = full_verdict()
    reached = ReachedVerdict("A", verdict, table_of(verdict), (FOUND,), "corpus-1:abc")
    tables = ("verdicts", "evidence", "sentence_features", "found_works", "sources", "source_versions", "passages")
    save_verdicts(house, [reached], on(MONDAY))
    before = {table: count(house, table) for table in tables}
    assert before == dict.fromkeys(tables, 1) | {"sentence_features": 2}
    assert save_verdicts(house, [reached], on(TUESDAY)) == 0
    assert {table: count(house, table) for table in tables} == before


def test_what_was_found_is_stored_as_a_source_and_not_linked_to_the_record(house: Warehouse) -> None:
    verdict = full_verdict()
    save_verdicts(house, [ReachedVerdict("A", verdict, (), (FOUND,), "corpus-1:abc")], on(MONDAY))
    assert count(house, "record_sources") == 0
    said = verdict.evidence[0]
    text = passage_texts(house, [said.passage_id])[said.passage_id]
    assert text[said.start : said.end] == said.text
    with house.read() as connection:
        rows = connection.execute("SELECT claim_id, rank, score, source_version_id, library FROM found_works")
        assert rows.fetchall() == [("claim-2", 0, 7.25, found_version_id(FOUND), "corpus-1:abc")]


def test_the_library_does_not_replace_what_an_index_said_of_a_source(house: Warehouse) -> None:
    of_index = FoundWork(WORK.model_copy(update={"title": "Moss on Roofs", "origin": "crossref"}), 0, 1.0, 1.0)
    verdict = full_verdict()
    save_verdicts(house, [ReachedVerdict("A", verdict, (), (of_index,), "x")], on(MONDAY))
    save_verdicts(house, [ReachedVerdict("B", verdict, (), (FOUND,), "x")], on(TUESDAY))
    with house.read() as connection:
        assert connection.execute("SELECT title FROM current_sources").fetchall() == [("Moss on Roofs",)]


def test_feature_tables_can_be_read_as_sentence_feature_and_value(house: Warehouse) -> None:
    verdict = full_verdict()
    save_verdicts(house, [ReachedVerdict("A", verdict, table_of(verdict), (FOUND,), "x")], on(MONDAY))
    with house.read() as connection:
        rows = connection.execute(
            "SELECT claim_id, sentence, feature, value FROM sentence_features_long ORDER BY feature"
        ).fetchall()
    sentence = "Moss does not harm the roof."
    assert rows == [("claim-2", sentence, "b", -2.0), ("claim-2", sentence, "idf overlap", 0.75)]


def test_the_view_of_feature_tables_shows_the_verdict_in_force_alone(house: Warehouse) -> None:
    verdict = full_verdict()
    save_verdicts(house, [ReachedVerdict("A", verdict, table_of(verdict), (FOUND,), "x")], on(MONDAY))
    save_verdicts(house, [ReachedVerdict("B", verdict, (), (FOUND,), "x")], on(TUESDAY))
    assert (count(house, "sentence_features"), count(house, "sentence_features_long")) == (2, 0)


def test_what_each_source_says_can_be_read_in_sql(house: Warehouse) -> None:
    save_verdicts(house, [ReachedVerdict("A", full_verdict(), (), (FOUND,), "x")], on(MONDAY))
    with house.read() as connection:
        rows = connection.execute(
            "SELECT source_id, verdict, confidence, reason FROM current_source_verdicts ORDER BY source_id"
        ).fetchall()
    assert rows == [
        ("doi:10.5555/lichen", "NOT_CHECKED", None, "the service was silent"),
        ("doi:10.5555/moss", "SUPPORTED", 0.9, "it says so"),
    ]


def test_a_verdict_of_before_these_columns_is_read_with_nothing_in_them(house: Warehouse) -> None:
    save_verdicts(house, [ReachedVerdict("A", a_verdict("claim-1", ClaimVerdict.SUPPORTED))], on(MONDAY))
    with house.write() as connection:
        connection.execute("UPDATE verdicts SET probabilities = NULL, per_source = NULL, axes = NULL")
    held = verdicts_of(house, ["test:moss"])["claim-1"].verdict
    assert (held.probabilities, held.per_source, held.axes) == (None, (), ())
    assert held.verdict is ClaimVerdict.SUPPORTED


def test_a_warehouse_with_verdicts_is_migrated_with_its_verdicts() -> None:
    with duckdb.connect() as connection:
        migrate(connection, up_to=4)
        connection.execute("INSERT INTO verdicts BY NAME SELECT 'v' AS verdict_id, 'SUPPORTED' AS verdict")
        migrate(connection)
        row = connection.execute("SELECT verdict_id, verdict, probabilities, per_source, axes FROM verdicts")
        assert row.fetchall() == [("v", "SUPPORTED", None, None, None)]


def test_what_is_public_of_a_claim_names_all_of_it_and_the_works_found_apart_from_the_sources(house: Warehouse) -> None:
    verdict = full_verdict()
    save_verdicts(house, [ReachedVerdict("A", verdict, (), (FOUND,), "x")], on(MONDAY))
    (record,) = public_records(house, ["test:moss"], today=MONDAY.date())
    view = next(one for one in record.claims if one.claim.claim_id == "claim-2")
    assert (view.probabilities, view.per_source, view.axes) == (verdict.probabilities, verdict.per_source, verdict.axes)
    assert (view.backend, view.scope) == ("features", verdict.scope)
    assert view.evidence[0].source_title == "Moss on roofs"
    assert record.sources == ()
    assert [(one.source_id, one.origin) for one in record.found_sources] == [
        ("doi:10.5555/moss", "library:shelf.jsonl")
    ]


def test_a_persons_verdict_has_no_shares_of_the_machines(house: Warehouse) -> None:
    save_verdicts(house, [ReachedVerdict("A", full_verdict(), (), (FOUND,), "x")], on(MONDAY))
    adjudicate(
        house, claim_id="claim-2", verdict=ClaimVerdict.REFUTED, reason="I read it", by="an editor", recorded_at=TUESDAY
    )
    (record,) = public_records(house, ["test:moss"], today=TUESDAY.date())
    view = next(one for one in record.claims if one.claim.claim_id == "claim-2")
    assert (view.verdict, view.confidence, view.probabilities) == (ClaimVerdict.REFUTED, None, None)
    assert view.per_source == full_verdict().per_source


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_feature_that_is_no_number_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="the feature 'odd' of a sentence of s is not a finite number"):
        SentenceFeatures("p", "s", 0, 4, Stance.NEUTRAL, 0.1, {"odd": value, "even": 1.0})

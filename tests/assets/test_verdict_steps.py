"""The steps of a verdict: the record's own sources first, then the library, and nothing checked twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assets.metering import Meter
from assets.resources import Clock, LibraryResource
from assets.verdict_steps import reach_verdicts, verdict_cases
from pipelines.models import ClaimVerdict, EvidenceScope, Notice, NoticeKind, Stance, Verdict, Work
from pipelines.verification.backend import Backend, Quote, Regime, SourceJudgement, SourceText
from tests.warehouse.a_warehouse import saved_record, sentences
from tests.warehouse.words_backend import SameWords
from warehouse.append import Stamp
from warehouse.connection import Warehouse
from warehouse.corpus import Corpus
from warehouse.extraction import save_claims
from warehouse.ingestion import records_of
from warehouse.invariants import INVARIANTS, violations
from warehouse.library import index_library
from warehouse.location import WarehouseLocation
from warehouse.shelf import Shelf
from warehouse.sources import (
    MatchedSource,
    RecordSource,
    SourcesFingerprint,
    StoredSourceVersion,
    save_passages,
    save_sources,
    source_version_id_of,
)
from warehouse.verification import save_verdicts, verdicts_of

MONDAY = datetime(2026, 7, 6, 9, 0, tzinfo=UTC)
RECORD = "test:moss"
HARMLESS = "Forty roofs were looked at. Moss does not harm the roof. Gutters were not looked at."
BARNS = "Barn owls nest on beams. Nobody saw them by day."


def work(number: int, text: str, *notices: NoticeKind) -> Work:
    return Work(
        source_id=f"doi:10.5555/steps.{number}",
        title=f"Roofs, part {number}",
        text=text,
        text_kind="abstract",
        notices=tuple(Notice(kind=kind, origin="library:tests") for kind in notices),
        origin="library:tests",
    )


def on(day: int = 0) -> Stamp:
    return Stamp(MONDAY + timedelta(days=day), "by hand")


@pytest.fixture
def house(tmp_path: Path) -> Warehouse:
    """A record of three claims, without sources."""
    made = Warehouse(WarehouseLocation(tmp_path / "claimgate.duckdb"))
    record = saved_record(made, MONDAY)
    save_claims(made, [(record, sentences(record))], "extractor-1", on())
    return made


def library(house: Warehouse, digest: str, *works: Work) -> Corpus:
    index_library(house, digest, "tests", works, on())
    return Corpus.of(Shelf(house, digest, "tests"), searched=True)


def check(house: Warehouse, corpus: Corpus, day: int, backend: Backend | None = None) -> list[str]:
    """Check what is pending and save it; the claims that were checked."""
    backend = backend or SameWords()
    meter = Meter("verdicts", Clock(fixed=on(day).recorded_at.isoformat()))
    reached = reach_verdicts(house, verdict_cases(house, records_of(house), backend), corpus, backend, meter)
    save_verdicts(house, reached, on(day), meter.costs())
    return [one.verdict.claim_id for one in reached]


def held(house: Warehouse, claim_id: str = "claim-2") -> Verdict:
    return verdicts_of(house, [RECORD])[claim_id].verdict


def give_source(house: Warehouse, text: str) -> None:
    """The record draws on one source with this text."""
    (record,) = records_of(house)
    given = work(1, text)
    version = source_version_id_of(given.source_id, text)
    link = RecordSource(given.source_id, version, None, None, "cited")
    found = {record.record_version_id: [MatchedSource(given, link)]}
    save_sources(house, found, {record.record_version_id: SourcesFingerprint("m", None, (), None)}, on())
    save_passages(house, [(StoredSourceVersion(version, given.source_id, text, None), [(0, len(text))])], "p", on())


def test_a_claim_that_the_records_sources_leave_open_is_looked_for_in_the_library(house: Warehouse) -> None:
    assert check(house, library(house, "one", work(2, HARMLESS), work(3, BARNS)), 1) == [
        "claim-1",
        "claim-2",
        "claim-3",
    ]
    verdict = held(house)
    assert (verdict.verdict, verdict.scope) == (ClaimVerdict.SUPPORTED, EvidenceScope.CORPUS)
    (said,) = verdict.evidence
    assert (said.source_id, said.text) == ("doi:10.5555/steps.2", "Moss does not harm the roof.")
    assert "found by searching for the claim" in verdict.reason


def test_a_claim_for_which_nothing_is_found_keeps_what_its_own_sources_gave(house: Warehouse) -> None:
    check(house, library(house, "one", work(3, BARNS)), 1)
    verdict = held(house)
    assert (verdict.verdict, verdict.scope) == (ClaimVerdict.NOT_CHECKED, EvidenceScope.NONE)
    assert verdict.reason == "no source text: the record lists no references"


def test_a_claim_that_the_records_own_source_decides_is_not_searched_for(house: Warehouse) -> None:
    give_source(house, HARMLESS)
    check(house, library(house, "one", work(2, "Moss does harm the roof.")), 1)
    assert (held(house).verdict, held(house).scope) == (ClaimVerdict.SUPPORTED, EvidenceScope.RECORD)
    with house.read() as connection:
        searched = connection.execute("SELECT DISTINCT claim_id FROM found_works").fetchall()
    assert ("claim-2",) not in searched


def test_a_text_that_was_read_as_the_records_own_is_not_read_again_as_found(house: Warehouse) -> None:
    give_source(house, "Moss covers the roof. Does moss harm the roof? Nobody asked.")
    check(house, library(house, "one", work(1, "Moss covers the roof. Does moss harm the roof? Nobody asked.")), 1)
    assert held(house).scope is EvidenceScope.RECORD
    with house.read() as connection:
        assert connection.execute("SELECT count(*) FROM found_works").fetchone() == (0,)


def test_a_retracted_work_decides_nothing(house: Warehouse) -> None:
    check(house, library(house, "one", work(2, HARMLESS, NoticeKind.RETRACTED)), 1)
    assert held(house).verdict is ClaimVerdict.NOT_CHECKED


def test_what_was_checked_is_not_checked_again_while_the_library_stands(house: Warehouse) -> None:
    corpus = library(house, "one", work(2, HARMLESS))
    assert len(check(house, corpus, 1)) == 3
    assert check(house, corpus, 2) == []


def test_another_library_that_brings_up_the_same_works_changes_nothing(house: Warehouse) -> None:
    check(house, library(house, "one", work(2, HARMLESS)), 1)
    assert check(house, library(house, "two", work(2, HARMLESS), work(3, BARNS)), 2) == []


def test_a_library_that_brings_up_another_work_has_those_claims_alone_checked_again(house: Warehouse) -> None:
    check(house, library(house, "one", work(3, BARNS)), 1)
    assert held(house).verdict is ClaimVerdict.NOT_CHECKED
    assert check(house, library(house, "two", work(3, BARNS), work(2, HARMLESS)), 2) == ["claim-2"]
    assert held(house).verdict is ClaimVerdict.SUPPORTED
    assert check(house, library(house, "one", work(3, BARNS)), 3) == ["claim-2"]
    assert held(house).verdict is ClaimVerdict.NOT_CHECKED


def test_without_a_library_in_this_run_what_an_earlier_one_gave_stands(house: Warehouse) -> None:
    check(house, library(house, "one", work(2, HARMLESS)), 1)
    assert check(house, Corpus.of(Shelf(house), searched=True), 2) == []
    assert held(house).verdict is ClaimVerdict.SUPPORTED


def test_a_new_claim_is_looked_for_in_the_library_that_was_indexed_last(house: Warehouse) -> None:
    index_library(house, "one", "tests", [work(3, BARNS)], on())
    index_library(house, "two", "tests", [work(2, HARMLESS)], on(1))
    check(house, Corpus.of(Shelf(house), searched=True), 2)
    assert held(house).scope is EvidenceScope.CORPUS


def test_a_search_that_is_switched_off_finds_nothing_and_takes_back_what_it_found(house: Warehouse) -> None:
    corpus = library(house, "one", work(2, HARMLESS))
    check(house, corpus, 1)
    off = Corpus.of(Shelf(house, "one", "tests"), searched=False)
    assert check(house, off, 2) == ["claim-2"]
    assert (held(house).verdict, held(house).scope) == (ClaimVerdict.NOT_CHECKED, EvidenceScope.NONE)
    assert check(house, off, 3) == []
    assert check(house, corpus, 4) == ["claim-2"]


def test_where_no_library_was_ever_indexed_nothing_is_searched(house: Warehouse) -> None:
    check(house, Corpus.of(Shelf(house), searched=True), 1)
    assert {one.verdict.verdict for one in verdicts_of(house, [RECORD]).values()} == {ClaimVerdict.NOT_CHECKED}


def test_the_order_in_which_works_were_indexed_changes_no_verdict(house: Warehouse, tmp_path: Path) -> None:
    twins = [work(number, HARMLESS) for number in range(2, 8)]
    check(house, library(house, "one", *twins), 1)
    first = verdicts_of(house, [RECORD])
    assert check(house, library(house, "two", *reversed(twins)), 2) == []
    other = Warehouse(WarehouseLocation(tmp_path / "other.duckdb"))
    record = saved_record(other, MONDAY)
    save_claims(other, [(record, sentences(record))], "extractor-1", on())
    check(other, library(other, "two", *reversed(twins)), 1)
    second = verdicts_of(other, [RECORD])
    assert {key: one.verdict for key, one in first.items()} == {key: one.verdict for key, one in second.items()}


def test_works_of_the_library_are_judged_as_searched_and_the_records_own_as_given(house: Warehouse) -> None:
    give_source(house, "Moss covers the roof. Nobody knows more.")
    backend = SameWords()
    check(house, library(house, "one", work(2, HARMLESS)), 1, backend)
    assert set(backend.asked) == {("doi:10.5555/steps.1", Regime.GIVEN), ("doi:10.5555/steps.2", Regime.SEARCHED)}
    said = {one.source_id: one.verdict for one in held(house).per_source}
    assert said == {
        "doi:10.5555/steps.1": ClaimVerdict.NOT_ENOUGH_INFO,
        "doi:10.5555/steps.2": ClaimVerdict.SUPPORTED,
    }


def test_what_a_verdict_was_computed_from_is_stored_and_keeps_every_promise(house: Warehouse) -> None:
    give_source(house, "Moss covers the roof. Nobody knows more.")
    check(house, library(house, "one", work(2, HARMLESS), work(4, HARMLESS.replace(" not harm", " harm"))), 1)
    with house.read() as connection:
        rows = connection.execute(
            "SELECT source_id, sentence, feature, value FROM sentence_features_long WHERE claim_id = 'claim-2' "
            "ORDER BY ALL"
        ).fetchall()
    assert rows == [
        ("doi:10.5555/steps.1", "Moss covers the roof.", "words", 3.0),
        ("doi:10.5555/steps.2", "Moss does not harm the roof.", "words", 3.0),
        ("doi:10.5555/steps.4", "Moss does harm the roof.", "words", 3.0),
    ]
    assert held(house).verdict is ClaimVerdict.DISPUTED
    wanted = [one for one in INVARIANTS if one.asset in ("passages", "claims", "verdicts") and not one.expectation]
    broken = violations(house, wanted, now=MONDAY + timedelta(days=9), cohorts=None)
    assert {one.invariant.name: one.rows for one in broken if one.count} == {}


def test_another_version_of_the_back_end_has_every_claim_checked_again(house: Warehouse) -> None:
    corpus = library(house, "one", work(2, HARMLESS))
    check(house, corpus, 1, SameWords("1"))
    assert check(house, corpus, 2, SameWords("1")) == []
    assert check(house, corpus, 3, SameWords("2")) == ["claim-1", "claim-2", "claim-3"]


@dataclass
class Service:
    """A language model that knows its answers and is heard on some sources only."""

    heard: set[str]
    asked: list[str] = field(default_factory=list)
    name: str = "llm"
    version: str = "llm-test"

    def judge(self, claim: str, sources: Sequence[SourceText], regime: Regime) -> tuple[SourceJudgement, ...]:
        self.asked += [one.source_id for one in sources]
        return tuple(self._of(one) for one in sources)

    def _of(self, one: SourceText) -> SourceJudgement:
        if one.source_id not in self.heard:
            reason = "the model was not heard: the network is off"
            return SourceJudgement(one.source_id, ClaimVerdict.NOT_CHECKED, None, None, (), reason)
        quotes = (Quote(0, Stance.NEUTRAL, 0.1),)
        return SourceJudgement(one.source_id, ClaimVerdict.NOT_ENOUGH_INFO, None, None, quotes, "it is open")


def test_a_claim_on_which_a_service_was_not_heard_says_so_and_is_put_to_it_again(house: Warehouse) -> None:
    give_source(house, "Moss covers the roof. Nobody knows more.")
    nothing = Corpus.of(Shelf(house), searched=False)
    silent = Service(heard=set())
    assert len(check(house, nothing, 1, silent)) == 3
    assert (held(house).verdict, held(house).backend) == (ClaimVerdict.NOT_CHECKED, "llm")
    assert "the network is off" in held(house).reason
    before = verdicts_of(house, [RECORD])["claim-2"].recorded_at
    assert len(check(house, nothing, 2, silent)) == 3
    assert verdicts_of(house, [RECORD])["claim-2"].recorded_at == before, "silence again is nothing new"
    open_line = Service(heard={"doi:10.5555/steps.1"})
    assert len(check(house, nothing, 3, open_line)) == 3
    assert held(house).verdict is ClaimVerdict.NOT_ENOUGH_INFO
    asked = len(open_line.asked)
    assert check(house, nothing, 4, open_line) == []
    assert len(open_line.asked) == asked


def test_hearing_of_one_source_more_is_stored_while_another_is_still_silent(house: Warehouse) -> None:
    give_source(house, "Moss covers the roof. Nobody knows more.")
    corpus = library(house, "one", work(2, HARMLESS))
    check(house, corpus, 1, Service(heard=set()))
    check(house, corpus, 2, Service(heard={"doi:10.5555/steps.1"}))
    said = {one.source_id: one.verdict for one in held(house).per_source}
    assert said == {
        "doi:10.5555/steps.1": ClaimVerdict.NOT_ENOUGH_INFO,
        "doi:10.5555/steps.2": ClaimVerdict.NOT_CHECKED,
    }


@pytest.mark.parametrize(
    ("value", "searched"),
    [("", True), ("true", True), ("True", True), ("1", True), ("false", False), ("False", False), ("0", False)],
)
def test_the_search_is_on_unless_it_is_switched_off(
    monkeypatch: pytest.MonkeyPatch, value: str, *, searched: bool
) -> None:
    monkeypatch.setenv("CLAIMGATE_SEARCH_LIBRARY", value)
    assert LibraryResource().searched() is searched

"""Asking: what is due goes out, in batches, once; what failed is asked again, and counts against nothing."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from pipelines.ingestion.asking import Asker
from pipelines.ingestion.indexes.contract import (
    Answered,
    By,
    FaultKind,
    Index,
    IndexFault,
    Lookup,
    Pace,
    Request,
    Response,
)
from pipelines.ingestion.lookups import Asked, Known, Outcome
from pipelines.models import Work

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
WEEK = timedelta(days=7)


def request(lookups: Sequence[Lookup], base: str) -> Request:
    return Request(f"{base}/{','.join(one.value for one in lookups)}")


def parse(response: Response) -> Answered | IndexFault:
    if response.status != 200:
        return IndexFault(FaultKind.BAD_REQUEST, "it did not take the question")
    names = json.loads(response.body)
    return Answered(tuple(Work(source_id=f"doi:{name}", title="Of moss", origin="shelf") for name in names))


def index(name: str = "shelf", *, batch: int = 1) -> Index:
    return Index(
        name, name.title(), f"http://{name}", Pace(1, 1.0), frozenset({By.DOI}), "", "", request, parse, {By.DOI: batch}
    )


@dataclass
class Memory:
    """A store that keeps everything in a dict, as the warehouse keeps it in tables."""

    held: dict[str, Known] = field(default_factory=dict)
    raw: list[Asked] = field(default_factory=list)

    def known(self, keys: Sequence[str]) -> Mapping[str, Known]:
        return {key: self.held[key] for key in keys if key in self.held}

    def raw_answers(self, keys: Sequence[str]) -> Mapping[str, Response]:
        return {
            known.lookup.key: one.response
            for one in self.raw
            for known in one.known
            if one.response is not None and known.lookup.key in keys
        }

    def save(self, asked: Sequence[Asked]) -> None:
        self.raw += asked
        for one in asked:
            self.held |= {known.lookup.key: known for known in one.known}


@dataclass
class Scripted:
    """An edge that holds some works; `answers` says otherwise for single urls."""

    works: frozenset[str]
    answers: dict[str, Response | IndexFault] = field(default_factory=dict)
    urls: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, index: Index, request: Request) -> Response | IndexFault:
        with self._lock:
            self.urls.append(request.url)
        if request.url in self.answers:
            return self.answers[request.url]
        wanted = request.url.split("/", 3)[3].split(",")
        body = json.dumps([one for one in wanted if one in self.works]).encode()
        return Response(request.url, 200, {}, body, NOON)

    def fetch(self, url: str, *, most_bytes: int) -> Response | IndexFault:
        with self._lock:
            self.urls.append(url)
        return self.answers.get(url, IndexFault(FaultKind.UNCONNECTED, "there is no such host"))


def asker(
    edge: Scripted | None, store: Memory, *, batch: int = 1, now: datetime = NOON, reader: str = "reader-a"
) -> Asker:
    shelf = index(batch=batch)
    return Asker({"shelf": shelf}, {}, store, edge, lambda: now, WEEK, reader)


def doi(value: str) -> Lookup:
    return Lookup("shelf", By.DOI, value)


def test_what_was_answered_is_not_asked_again_until_it_is_old() -> None:
    edge, store = Scripted(frozenset({"10.1/a"})), Memory()
    assert asker(edge, store).ask([doi("10.1/a"), doi("10.1/b")]) == 2
    assert store.held[doi("10.1/a").key].outcome is Outcome.HELD
    assert store.held[doi("10.1/b").key].outcome is Outcome.ABSENT
    assert asker(edge, store).ask([doi("10.1/a"), doi("10.1/b")]) == 0
    assert asker(edge, store, now=NOON + WEEK).ask([doi("10.1/a")]) == 1


def test_a_batch_goes_out_as_one_request_and_each_question_gets_its_own_outcome() -> None:
    edge, store = Scripted(frozenset({"10.1/a", "10.1/c"})), Memory()
    assert asker(edge, store, batch=10).ask([doi("10.1/a"), doi("10.1/b"), doi("10.1/c")]) == 1
    outcomes = [store.held[doi(name).key].outcome for name in ("10.1/a", "10.1/b", "10.1/c")]
    assert outcomes == [Outcome.HELD, Outcome.ABSENT, Outcome.HELD]


def test_one_bad_identifier_does_not_spoil_its_batch() -> None:
    refused = Response("x", 400, {}, b"[]", NOON)
    bad = ["http://shelf/10.1/a,10.1/bad,10.1/c,10.1/d", "http://shelf/10.1/a,10.1/bad", "http://shelf/10.1/bad"]
    edge, store = Scripted(frozenset({"10.1/a", "10.1/c", "10.1/d"}), {url: refused for url in bad}), Memory()
    asker(edge, store, batch=4).ask([doi("10.1/a"), doi("10.1/bad"), doi("10.1/c"), doi("10.1/d")])
    outcomes = [store.held[doi(name).key].outcome for name in ("10.1/a", "10.1/bad", "10.1/c", "10.1/d")]
    assert outcomes == [Outcome.HELD, Outcome.FAILED, Outcome.HELD, Outcome.HELD]
    assert sum(one.response is refused for one in store.raw) == 3


def test_a_failure_is_asked_again_at_once_but_not_before_the_index_allows_it() -> None:
    url = "http://shelf/10.1/a"
    edge = Scripted(frozenset({"10.1/a"}), {url: IndexFault(FaultKind.TOO_FAST, "asked too fast", 3600.0)})
    store = Memory()
    asker(edge, store).ask([doi("10.1/a")])
    known = store.held[doi("10.1/a").key]
    assert (known.outcome, known.reason) == (Outcome.FAILED, "asked too fast")
    assert asker(edge, store, now=NOON + timedelta(minutes=59)).ask([doi("10.1/a")]) == 0
    edge.answers.clear()
    assert asker(edge, store, now=NOON + timedelta(minutes=61)).ask([doi("10.1/a")]) == 1
    assert store.held[doi("10.1/a").key].outcome is Outcome.HELD


def test_with_the_network_off_nothing_is_asked() -> None:
    store = Memory()
    assert asker(None, store).ask([doi("10.1/a")]) == 0
    assert store.held == {}


def test_an_index_that_merged_the_work_answers_under_another_identifier() -> None:
    url = "http://shelf/10.1/old"
    edge = Scripted(frozenset(), {url: Response(url, 200, {}, b'["10.1/new"]', NOON)})
    store = Memory()
    asker(edge, store).ask([doi("10.1/old")])
    (work,) = store.held[doi("10.1/old").key].works
    assert work.source_id == "doi:10.1/new"
    assert "doi:10.1/old" in work.aliases


def test_a_fault_of_ours_in_a_lane_is_raised_and_not_swallowed() -> None:
    def broken(response: Response) -> Answered | IndexFault:
        raise ZeroDivisionError("a bug")

    shelf = index()
    bad = Index(shelf.name, shelf.title, shelf.base, shelf.pace, shelf.asks_by, "", "", request, broken)
    faulty = Asker({"shelf": bad}, {}, Memory(), Scripted(frozenset()), lambda: NOON, WEEK, "reader-a")
    with pytest.raises(ZeroDivisionError):
        faulty.ask([doi("10.1/a")])


def test_indexes_that_may_not_be_asked_are_left_alone() -> None:
    edge, store = Scripted(frozenset({"10.1/a"})), Memory()
    assert asker(edge, store).ask([Lookup("elsewhere", By.DOI, "10.1/a")]) == 0
    assert edge.urls == []


def test_a_later_reader_reads_the_stored_answers_anew_and_asks_nobody() -> None:
    edge, store = Scripted(frozenset({"10.1/a"})), Memory()
    asker(edge, store, batch=2).ask([doi("10.1/a"), doi("10.1/b")])
    asker(None, store, reader="reader-b").ask([doi("10.1/a"), doi("10.1/b")])
    again = [store.held[doi(name).key] for name in ("10.1/a", "10.1/b")]
    assert [one.reader_version for one in again] == ["reader-b", "reader-b"]
    assert [one.outcome for one in again] == [Outcome.HELD, Outcome.ABSENT]
    assert [one.asked_at for one in again] == [NOON, NOON]
    assert len(edge.urls) == 1
    assert len(store.raw) == 2, "one answer to two questions is read, and saved, once"


@dataclass
class Watchful(Memory):
    """A store that notes how many answers it is given at once, and how many requests had gone out beyond them."""

    edge: Scripted = field(default_factory=lambda: Scripted(frozenset()))
    noted: list[tuple[int, int]] = field(default_factory=list)

    def save(self, asked: Sequence[Asked]) -> None:
        super().save(asked)
        self.noted.append((len(asked), len(self.edge.urls) - len(self.raw)))


def test_nothing_more_is_asked_before_the_last_answer_is_saved() -> None:
    edge = Scripted(frozenset())
    store = Watchful(edge=edge)
    assert asker(edge, store).ask([doi(f"10.1/{number}") for number in range(200)]) == 200
    assert set(store.noted) == {(1, 0)}


def test_what_is_known_already_comes_with_what_had_to_be_asked_for() -> None:
    edge, store = Scripted(frozenset({"10.1/a"})), Memory()
    asker(edge, store).ask([doi("10.1/a")])
    found = asker(edge, store).answers_to([doi("10.1/a"), doi("10.1/b"), Lookup("elsewhere", By.DOI, "10.1/a")])
    assert {key: one.outcome for key, one in found.items()} == {
        doi("10.1/a").key: Outcome.HELD,
        doi("10.1/b").key: Outcome.ABSENT,
    }
    assert len(edge.urls) == 2


def test_a_store_that_fails_ends_the_asking() -> None:
    class Full(Memory):
        def save(self, asked: Sequence[Asked]) -> None:
            raise OSError("no space left on device")

    edge = Scripted(frozenset())
    with pytest.raises(OSError, match="no space left"):
        asker(edge, Full()).ask([doi(f"10.1/{number}") for number in range(200)])
    assert len(edge.urls) < 200

"""Asking the indexes: what is not known or due again, in batches, each index at its own pace.

An I/O edge behind two protocols: `Edge` sends requests, `AnswerStore` remembers. An answer is saved before the
lane that got it asks again, so that a killed run repeats no more than one request a lane.
Does not belong here: which questions to ask (lookup_plan.py), what they mean (indexes/, verification).
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Protocol

from pipelines.ingestion.indexes.contract import By, FaultKind, Index, IndexFault, Lookup, Request, Response, Service
from pipelines.ingestion.lookups import Asked, Known, outcomes

MOST_FULL_TEXT = 30_000_000  # bytes of a full text that is fetched
ACKNOWLEDGED_WITHIN_S = 0.1  # how long a lane waits for its answer to be saved before it looks whether to stop
SPLIT_ON = frozenset({FaultKind.BAD_REQUEST, FaultKind.MALFORMED})  # one bad id may spoil a whole batch


Progress = Callable[[int, int], None]  # how many questions are answered, and of how many


class Edge(Protocol):
    """What sends a request: pace, retries, size and address checks are its business."""

    def ask(self, index: Service, request: Request) -> Response | IndexFault: ...

    def fetch(self, url: str, *, most_bytes: int) -> Response | IndexFault: ...


class AnswerStore(Protocol):
    """What remembers answers."""

    def known(self, keys: Sequence[str]) -> Mapping[str, Known]: ...

    def raw_answers(self, keys: Sequence[str]) -> Mapping[str, Response]: ...

    def save(self, asked: Sequence[Asked]) -> None: ...


@dataclass(frozen=True)
class _Arrived:
    """An answer, on its way from the lane that got it to the store."""

    asked: Asked
    saved: threading.Event


_Arrival = _Arrived | BaseException | None  # an answer, what ended a lane badly, or the end of a lane


@dataclass(frozen=True)
class Asker:
    """Indexes that may be asked, through an edge, remembering in a store. Without `edge` nothing is asked."""

    indexes: Mapping[str, Index]
    bases: Mapping[str, str]  # index name to the configured address, where it is not the index's own
    store: AnswerStore
    edge: Edge | None
    now: Callable[[], datetime]
    recheck: timedelta
    reader_version: str

    def ask(self, lookups: Iterable[Lookup], progress: Progress | None = None) -> int:
        """Ask what is due; how many requests went out. What an index answers is in the store afterwards."""
        wanted = self._askable(lookups)
        return self._send(self._due(wanted, self._known(wanted)), progress)

    def answers_to(self, lookups: Iterable[Lookup], progress: Progress | None = None) -> Mapping[str, Known]:
        """Lookup key to what is known of it after asking what is due, failures included."""
        wanted = self._askable(lookups)
        known = self._known(wanted)
        return self.store.known(list(wanted)) if self._send(self._due(wanted, known), progress) else known

    def _askable(self, lookups: Iterable[Lookup]) -> dict[str, Lookup]:
        return {one.key: one for one in lookups if one.index in self.indexes}

    def _due(self, wanted: Mapping[str, Lookup], known: Mapping[str, Known]) -> tuple[Lookup, ...]:
        """Those of the questions that are not answered yet, or so long ago that they are asked again."""
        now = self.now()
        return tuple(one for key, one in wanted.items() if key not in known or known[key].is_due(now, self.recheck))

    def _known(self, wanted: Mapping[str, Lookup]) -> Mapping[str, Known]:
        """What is known already. What an earlier reader read is read again, from what was received; nobody is asked."""
        known = self.store.known(list(wanted))
        old = [key for key, one in known.items() if one.answered and one.reader_version != self.reader_version]
        if not old:
            return known
        received: dict[tuple[str, str, datetime], Response] = {}
        questions: dict[tuple[str, str, datetime], list[Lookup]] = {}
        for key, response in self.store.raw_answers(old).items():
            one = (response.url, response.sha256, response.fetched_at)
            received[one] = response
            questions.setdefault(one, []).append(wanted[key])
        self.store.save(
            [
                Asked(asked[0].index, self._understood(asked, received[one], alone=False), received[one])
                for one, asked in questions.items()
            ]
        )
        return self.store.known(list(wanted))

    def _understood(self, lookups: Sequence[Lookup], response: Response, *, alone: bool) -> tuple[Known, ...]:
        found = self.indexes[lookups[0].index].parse(response)
        return outcomes(lookups, found, response, alone=alone, asked_at=response.fetched_at, reader=self.reader_version)

    def _send(self, due: Sequence[Lookup], progress: Progress | None) -> int:
        """A thread an index asks; this one saves, so that the store is written by one alone."""
        if self.edge is None or not due:
            return 0
        batches = [batch for group in _by_index(due).values() for batch in _batches(group, self.indexes)]
        done: queue.Queue[_Arrival] = queue.Queue()
        stop = threading.Event()
        lanes = [
            threading.Thread(target=self._lane, args=(lane, done, stop), daemon=True)
            for lane in _lanes(batches, self.indexes)
        ]
        for lane in lanes:
            lane.start()
        requests, finished, total = 0, 0, sum(len(batch) for batch in batches)
        try:
            for arrived in _arriving(done, len(lanes)):
                self.store.save([one.asked for one in arrived])
                for one in arrived:
                    one.saved.set()
                requests += len(arrived)
                finished += sum(len(one.asked.known) for one in arrived)
                if progress is not None:
                    progress(min(finished, total), total)
        finally:
            stop.set()
        return requests

    def _lane(self, batches: Sequence[Sequence[Lookup]], done: queue.Queue[_Arrival], stop: threading.Event) -> None:
        try:
            for batch in batches:
                for asked in self._asked(batch):
                    arrived = _Arrived(asked, threading.Event())
                    done.put(arrived)
                    while not stop.is_set() and not arrived.saved.wait(ACKNOWLEDGED_WITHIN_S):
                        pass
                    if stop.is_set():
                        return
        except BaseException as problem:  # noqa: BLE001 - raised again by the thread that waits
            done.put(problem)
        finally:
            done.put(None)

    def _asked(self, batch: Sequence[Lookup]) -> Iterator[Asked]:
        """The answer to a batch; a batch that is refused as a whole is asked again in halves."""
        assert self.edge is not None
        index = self.indexes[batch[0].index]
        request = index.request(batch, self.bases.get(index.name, index.base))
        if batch[0].by is By.URL:
            sent = self.edge.fetch(request.url, most_bytes=MOST_FULL_TEXT)
        else:
            sent = self.edge.ask(index, request)
        response = None if isinstance(sent, IndexFault) else sent
        found = sent if isinstance(sent, IndexFault) else index.parse(sent)
        if isinstance(found, IndexFault) and response and found.kind in SPLIT_ON and len(batch) > 1:
            yield Asked(index.name, (), response, request.method)
            middle = len(batch) // 2
            yield from self._asked(batch[:middle])
            yield from self._asked(batch[middle:])
            return
        asked_at = response.fetched_at if response else self.now()
        known = outcomes(batch, found, response, alone=len(batch) == 1, asked_at=asked_at, reader=self.reader_version)
        yield Asked(index.name, known, response, request.method)


def _by_index(lookups: Iterable[Lookup]) -> dict[tuple[str, By], list[Lookup]]:
    groups: dict[tuple[str, By], list[Lookup]] = {}
    for one in lookups:
        groups.setdefault((one.index, one.by), []).append(one)
    return groups


def _batches(group: Sequence[Lookup], indexes: Mapping[str, Index]) -> Iterator[tuple[Lookup, ...]]:
    size = indexes[group[0].index].batch.get(group[0].by, 1)
    rest = iter(group)
    while batch := tuple(islice(rest, size)):
        yield batch


def _lanes(batches: Sequence[Sequence[Lookup]], indexes: Mapping[str, Index]) -> list[list[Sequence[Lookup]]]:
    """The batches of each index, dealt out over as many lanes as it may be asked at once."""
    lanes: dict[tuple[str, int], list[Sequence[Lookup]]] = {}
    seen: dict[str, int] = {}
    for batch in batches:
        index = indexes[batch[0].index]
        at_once = (index.pace_known or index.pace).at_once
        number = seen.get(index.name, 0)
        seen[index.name] = number + 1
        lanes.setdefault((index.name, number % at_once), []).append(batch)
    return list(lanes.values())


def _arriving(done: queue.Queue[_Arrival], lanes: int) -> Iterator[list[_Arrived]]:
    """What has arrived, all that is there at once, until every lane has ended."""
    while lanes:
        arrived = [done.get()]
        while not done.empty():
            arrived.append(done.get_nowait())
        lanes -= sum(one is None for one in arrived)
        if answers := [one for one in arrived if isinstance(one, _Arrived)]:
            yield answers
        for one in arrived:
            if isinstance(one, BaseException):
                raise one

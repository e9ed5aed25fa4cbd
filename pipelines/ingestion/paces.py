"""How fast each index may be asked, kept by all processes that share one file.

Two promises, both across threads and processes: no more requests in any window than an index allows
(a rolling window in a SQLite file, written under a file lock), and no more under way at once (a lock file
a place). The kernel takes the locks of a dead process back. Other machines are not seen. Waiting is
bounded and ends on `stop`. Does not belong here: what to send, and what to do with the answer (http_edge.py).
"""

from __future__ import annotations

import math
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import portalocker
from pyrate_limiter import Rate, RateItem, SQLiteBucket

from pipelines.ingestion.indexes.contract import Pace

# arXiv counts its query interface and its OAI-PMH interface together.
SHARED: Mapping[str, str] = {"arxiv-oai": "arxiv"}

# An index counts arrivals, and a request that set out later may be on its way for a shorter time.
_SLACK = 1.05
# Between being counted and setting out lie a commit and perhaps a connection to be made: a tenth of a second,
# or of the window where that is shorter.
_SETTING_OUT_MS, _SETTING_OUT = 100.0, 0.1
_KEPT_MS = 3_600_000  # longer than any window, so that one user of a bucket does not forget what another counts
_LOOK_AGAIN_S = 0.01
_COUNTING_S = 30.0  # another process holds the count for a thousandth of this
_NAME = re.compile(r"[a-z0-9_]{1,60}")


class TurnNotHadError(Exception):
    """The turn did not come: waited as long as allowed, or stopped. The message is a sentence's end."""


class Paces:
    """The turns of all indexes. `path` is a file that every process of this machine uses alike.

    `speed` multiplies the allowed rates: for tests and for benchmarks against a server of one's own.
    `shared` names the bucket of those indexes that do not have one of their own name.
    """

    def __init__(
        self,
        path: Path,
        speed: float = 1.0,
        *,
        shared: Mapping[str, str] = SHARED,
        longest_wait_s: float = 900.0,
        sleep: Callable[[float], None] | None = None,
    ) -> None:
        if not speed > 0:
            raise ValueError(f"speed is {speed}; it multiplies the allowed rates and must be above 0")
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._speed = speed
        self._shared = dict(shared)
        self._longest_wait_s = longest_wait_s
        self._stopped = threading.Event()
        self._sleep = sleep or self.rest
        self._lock = threading.Lock()
        self._buckets: dict[tuple[str, Pace], SQLiteBucket] = {}
        self._places: dict[str, threading.BoundedSemaphore] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()
        self.close()

    def stop(self) -> None:
        """End every wait, in all threads, and let nobody wait again."""
        self._stopped.set()

    def rest(self, seconds: float) -> None:
        """Sleep, but no longer than until `stop`."""
        self._stopped.wait(seconds)

    @property
    def stopped(self) -> bool:
        return self._stopped.is_set()

    def close(self) -> None:
        with self._lock:
            for bucket in self._buckets.values():
                bucket.close()  # type: ignore[no-untyped-call]  # it states no types
            self._buckets.clear()

    def take(self, name: str, pace: Pace) -> float:
        """Wait until one more request may set out, and count it. Returns the seconds waited.

        Raises TurnNotHadError when stopped, or when it would take longer than `longest_wait_s`.
        """
        waited = 0.0
        while (rest := self._counted(self._bucket_name(name), pace)) > 0:
            self._check_patience(waited + rest)
            self._sleep(rest)
            waited += rest
        self._check_patience(waited)
        return waited

    @contextmanager
    def place(self, name: str, pace: Pace) -> Iterator[None]:
        """One of the `at_once` places of an index, held while the block runs. Raises TurnNotHadError as `take` does."""
        bucket = self._bucket_name(name)
        with self._lock:
            places = self._places.setdefault(bucket, threading.BoundedSemaphore(pace.at_once))
        with ExitStack() as held:
            self._wait_for(lambda: places.acquire(timeout=_LOOK_AGAIN_S), 0.0)
            held.callback(places.release)
            self._wait_for(lambda: self._locked_place(bucket, pace.at_once, held), _LOOK_AGAIN_S)
            yield

    def _wait_for(self, got: Callable[[], bool], between_s: float) -> None:
        waited = 0.0
        self._check_patience(waited)
        while not got():
            self._check_patience(waited)
            if between_s:
                self._stopped.wait(between_s)
            waited += _LOOK_AGAIN_S

    def _locked_place(self, bucket: str, at_once: int, held: ExitStack) -> bool:
        for number in range(at_once):
            lock = portalocker.Lock(
                self._beside(f"{bucket}.place{number}"),
                mode="a",
                timeout=0,
                flags=portalocker.LockFlags.EXCLUSIVE | portalocker.LockFlags.NON_BLOCKING,
            )
            try:
                lock.acquire()
            except portalocker.exceptions.LockException:
                continue
            held.callback(lock.release)
            return True
        return False

    def _counted(self, name: str, pace: Pace) -> float:
        """0 when the request was counted, else the seconds after which to try again."""
        with self._lock, self._locked_file():
            bucket = self._bucket(name, pace)
            item = RateItem(name, time.time_ns() // 1_000_000)
            counted, rest_ms = bucket.put(item), bucket.waiting(item)
            assert isinstance(rest_ms, int)
            if not counted and rest_ms > bucket.rates[-1].interval + 1:
                # A request of the future: the machine's clock was set back, and what was counted means nothing.
                bucket.flush()
                counted = bucket.put(item)
            if counted:
                bucket.leak(item.timestamp - _KEPT_MS)
                return 0.0
        return max(rest_ms, 1) / 1000

    @contextmanager
    def _locked_file(self) -> Iterator[None]:
        # SQLite alone would let two processes count first and both write after.
        lock = portalocker.Lock(
            self._beside("lock"),
            mode="a",
            timeout=min(self._longest_wait_s, _COUNTING_S),
            check_interval=0.005,
            flags=portalocker.LockFlags.EXCLUSIVE | portalocker.LockFlags.NON_BLOCKING,
        )
        try:
            lock.acquire()
        except portalocker.exceptions.LockException as reason:
            raise TurnNotHadError("another process holds the count of requests") from reason
        try:
            yield
        finally:
            lock.release()

    def _bucket(self, name: str, pace: Pace) -> SQLiteBucket:
        if (name, pace) not in self._buckets:
            window = pace.seconds * 1000 / self._speed
            interval = max(1, math.ceil(window * _SLACK + min(_SETTING_OUT_MS, _SETTING_OUT * window)))
            self._buckets[name, pace] = SQLiteBucket.init_from_file(
                [Rate(pace.requests, interval)], table=name, db_path=str(self._path)
            )
        return self._buckets[name, pace]

    def _bucket_name(self, name: str) -> str:
        bucket = self._shared.get(name, name).replace("-", "_")
        if not _NAME.fullmatch(bucket):
            raise ValueError(f"{bucket!r} is no name of an index: small letters, digits and - only")
        return bucket

    def _beside(self, ending: str) -> Path:
        return self._path.with_name(f"{self._path.name}.{ending}")

    def _check_patience(self, wait_s: float) -> None:
        if self._stopped.is_set():
            raise TurnNotHadError("the run was stopped")
        if wait_s > self._longest_wait_s:
            raise TurnNotHadError(f"its turn would not come within {self._longest_wait_s:g} s")

"""Rates hold for all threads and processes that share a file; waiting is bounded and can be ended."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import portalocker
import pytest

from pipelines.ingestion.indexes.contract import Pace
from pipelines.ingestion.paces import Paces, TurnNotHadError
from tests.ingestion.replay_server import Reply, Rule, serving

CHECKOUT = Path(__file__).resolve().parents[2]
SLOW = Pace(2, 3600.0)

ASKING = """
import sys, urllib.request
from pathlib import Path
from pipelines.ingestion.indexes.contract import Pace
from pipelines.ingestion.paces import Paces
with Paces(Path(sys.argv[1])) as paces:
    for _ in range(int(sys.argv[3])):
        with paces.place("crossref", Pace(4, 1.5, at_once=2)):
            paces.take("crossref", Pace(4, 1.5, at_once=2))
            urllib.request.urlopen(sys.argv[2]).read()
"""
HOLDING = """
import sys
from pathlib import Path
from pipelines.ingestion.indexes.contract import Pace
from pipelines.ingestion.paces import Paces
with Paces(Path(sys.argv[1])) as paces, paces.place("arxiv", Pace(1, 3.0)):
    print("held", flush=True)
    sys.stdin.read()
"""


class Rests:
    """Takes the place of sleeping: notes for how long, and does not."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)


def process(program: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        cwd=CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_the_allowed_number_goes_at_once_and_the_next_would_wait_for_the_window(tmp_path: Path) -> None:
    rests = Rests()
    with Paces(tmp_path / "paces", longest_wait_s=5000, sleep=rests) as paces:
        assert paces.take("crossref", SLOW) == 0
        assert paces.take("crossref", SLOW) == 0
        with pytest.raises(TurnNotHadError, match="would not come within"):
            paces.take("crossref", SLOW)
    assert rests.taken
    assert 3600 <= rests.taken[0] <= 3600 * 1.06


def test_what_one_process_counted_the_next_still_knows(tmp_path: Path) -> None:
    with Paces(tmp_path / "paces") as first:
        first.take("crossref", SLOW)
        first.take("crossref", SLOW)
    with Paces(tmp_path / "paces", longest_wait_s=1) as second, pytest.raises(TurnNotHadError):
        second.take("crossref", SLOW)


def test_arxiv_and_its_oai_interface_share_one_count_and_crossref_has_its_own(tmp_path: Path) -> None:
    with Paces(tmp_path / "paces", longest_wait_s=1) as paces:
        paces.take("arxiv", Pace(1, 3600.0))
        with pytest.raises(TurnNotHadError):
            paces.take("arxiv-oai", Pace(1, 3600.0))
        assert paces.take("crossref", Pace(1, 3600.0)) == 0


def test_speed_multiplies_the_allowed_rate(tmp_path: Path) -> None:
    rests = Rests()
    with Paces(tmp_path / "paces", speed=1000, longest_wait_s=50, sleep=rests) as paces:
        paces.take("arxiv", Pace(1, 36_000.0))
        with pytest.raises(TurnNotHadError):
            paces.take("arxiv", Pace(1, 36_000.0))
    assert 36 <= rests.taken[0] <= 36 * 1.05 + 0.11


@pytest.mark.parametrize("speed", [0.0, -1.0, float("nan")])
def test_a_speed_that_is_none_is_refused(tmp_path: Path, speed: float) -> None:
    with pytest.raises(ValueError, match="speed"):
        Paces(tmp_path / "paces", speed)


def test_a_count_from_the_future_is_forgotten_when_the_clock_was_set_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    with Paces(tmp_path / "paces", longest_wait_s=1) as paces:
        now = time.time_ns()
        with monkeypatch.context() as ahead:
            ahead.setattr("pipelines.ingestion.paces.time.time_ns", lambda: now + 86_400 * 10**9)
            paces.take("arxiv", Pace(1, 3.0))
        assert paces.take("arxiv", Pace(1, 3.0)) == 0


def test_two_processes_together_keep_to_one_rate(tmp_path: Path) -> None:
    """The server counts arrivals itself: it saw all of them, and in no window many more than allowed."""
    with serving([Rule("/works", (Reply(body=b"{}"),), index="crossref")]) as server:
        started = [process(ASKING, tmp_path / "paces", f"{server.url}/works", 6) for _ in range(2)]
        assert [one.wait(60) for one in started] == [0, 0]
        for one in started:
            one.communicate()
        assert len(server.of("crossref")) == 12
        # 4 in 1.5 s are allowed; the rest of the window is for a busy machine, where one may arrive long after it left.
        assert server.most_within("crossref", 0.4) <= 4


def test_nothing_is_counted_while_another_process_counts(tmp_path: Path) -> None:
    with (
        portalocker.Lock(tmp_path / "paces.lock", mode="a"),
        Paces(tmp_path / "paces", longest_wait_s=0.02) as paces,
        pytest.raises(TurnNotHadError, match="another process"),
    ):
        paces.take("crossref", SLOW)


def test_a_place_held_by_one_process_is_not_had_by_another_until_it_dies(tmp_path: Path) -> None:
    holder = process(HOLDING, tmp_path / "paces")
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with (
        Paces(tmp_path / "paces", longest_wait_s=0.05) as impatient,
        pytest.raises(TurnNotHadError),
        impatient.place("arxiv-oai", Pace(1, 3.0)),
    ):
        raise AssertionError("the place was had twice")
    holder.kill()
    holder.communicate()
    with Paces(tmp_path / "paces", longest_wait_s=30) as paces, paces.place("arxiv-oai", Pace(1, 3.0)):
        pass


def test_no_more_threads_than_allowed_are_under_way_at_once(tmp_path: Path) -> None:
    under_way, most, lock = 0, 0, threading.Lock()

    def ask(_: int) -> None:
        nonlocal under_way, most
        with paces.place("crossref", Pace(1000, 1.0, at_once=3)):
            with lock:
                under_way += 1
                most = max(most, under_way)
            paces.rest(0.02)  # long enough that the others come while three rest
            with lock:
                under_way -= 1

    with Paces(tmp_path / "paces") as paces, ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, range(40)))
    assert most == 3


def test_a_place_is_free_again_after_a_failure_inside(tmp_path: Path) -> None:
    with Paces(tmp_path / "paces", longest_wait_s=1) as paces:
        for _ in range(3):
            with pytest.raises(KeyboardInterrupt), paces.place("arxiv", Pace(1, 3.0)):
                raise KeyboardInterrupt


def test_stop_ends_a_wait_in_another_thread(tmp_path: Path) -> None:
    with Paces(tmp_path / "paces", longest_wait_s=10_000) as paces, ThreadPoolExecutor(1) as pool:
        paces.take("arxiv", Pace(1, 3600.0))
        waiting = pool.submit(paces.take, "arxiv", Pace(1, 3600.0))
        paces.stop()
        with pytest.raises(TurnNotHadError, match="stopped"):
            waiting.result(30)
        with pytest.raises(TurnNotHadError, match="stopped"), paces.place("arxiv", Pace(1, 3.0)):
            pass


@pytest.mark.parametrize("name", ["", "a'; DROP TABLE x; --", "Crossref", "../elsewhere", "a" * 61])
def test_a_name_that_is_no_index_is_refused(tmp_path: Path, name: str) -> None:
    with Paces(tmp_path / "paces") as paces, pytest.raises(ValueError, match="no name of an index"):
        paces.take(name, SLOW)

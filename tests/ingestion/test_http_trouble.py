"""An index that answers badly or not at all: rests, faults, and giving it up."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime

import pytest

from pipelines.ingestion.indexes.contract import FaultKind, IndexFault, Pace, Request, Response
from tests.ingestion.edge_asking import ADDRESS, GOOD, NOW, Asking, index_of
from tests.ingestion.replay_server import How, Reply, serving, too_fast


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_server_in_trouble_is_asked_again_after_growing_rests(asking: Asking, status: int) -> None:
    asker = asking({"/works": [Reply(status), Reply(status), GOOD]})
    assert asker.answered().status == 200
    assert len(asker.server.requests) == 3
    assert 1 <= asker.rests[0] <= 1.25
    assert 2 <= asker.rests[1] <= 2.5


def test_after_the_last_attempt_the_answer_is_kept_as_received(asking: Asking) -> None:
    asker = asking({"/works": Reply(503, body=b"<html>down</html>")})
    answer = asker.answered()
    assert (answer.status, answer.body) == (503, b"<html>down</html>")
    assert (len(asker.server.requests), len(asker.rests)) == (3, 2)


RETRY_AFTER = {"7": 7.0, "0": 0.0, format_datetime(NOW + timedelta(seconds=9), usegmt=True): 9.0}


@pytest.mark.parametrize(("stated", "rest"), RETRY_AFTER.items())
@pytest.mark.parametrize("status", [429, 503])
def test_the_stated_rest_is_taken(asking: Asking, stated: str, rest: float, status: int) -> None:
    asker = asking({"/works": [Reply(status, (("Retry-After", stated),)), GOOD]})
    assert asker.answered().status == 200
    assert asker.rests == [rest]


@pytest.mark.parametrize(
    ("status", "kind"), [(429, FaultKind.TOO_FAST), (503, FaultKind.UNAVAILABLE)], ids=["429", "503"]
)
def test_a_longer_rest_than_we_take_is_a_fault_that_says_how_long_and_the_index_is_left_alone(
    asking: Asking, status: int, kind: FaultKind
) -> None:
    times = [NOW]
    asker = asking({"/works": [Reply(status, (("Retry-After", "3600"),)), GOOD]}, clock=lambda: times[-1])
    fault = asker.fault()
    assert (fault.kind, fault.retry_after) == (kind, 3600)
    assert asker.rests == []
    times.append(NOW + timedelta(seconds=3000))
    again = asker.fault()
    assert (again.kind, again.retry_after) == (FaultKind.NOT_ASKED, 600)
    assert len(asker.server.requests) == 1
    times.append(NOW + timedelta(seconds=3601))
    assert asker.answered().status == 200


@pytest.mark.parametrize("stated", ["soon", "-5", "1e9", "99999999999999999999", "Mon, 99 Foo 2026", "9" * 5000])
def test_a_rest_that_cannot_be_read_is_as_if_none_were_stated(asking: Asking, stated: str) -> None:
    asker = asking({"/works": [Reply(429, (("Retry-After", stated),)), GOOD]})
    assert asker.answered().status == 200
    assert 1 <= asker.rests[0] <= 1.25


def test_a_spent_budget_is_not_asked_again_today(asking: Asking) -> None:
    headers = (("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "40000"))
    asker = asking({"/works": Reply(429, headers, b"budget")})
    assert asker.answered().body == b"budget"
    fault = asker.fault()
    assert fault.kind is FaultKind.NOT_ASKED
    assert "budget" in fault.message
    assert len(asker.server.requests) == 1


def test_a_429_with_budget_left_is_asked_again(asking: Asking) -> None:
    headers = (("X-RateLimit-Remaining", "812"), ("X-RateLimit-Reset", "40000"))
    asker = asking({"/works": [Reply(429, headers), GOOD]})
    assert asker.answered().status == 200


def test_arxiv_without_a_stated_rest_gets_one_long_rest_and_no_more(asking: Asking) -> None:
    asker = asking({"/query": too_fast()}, names={"export.arxiv.example": [ADDRESS]}, attempts=5, longest_wait_s=60)
    answer = asker.edge.ask(index_of("arxiv"), Request("http://export.arxiv.example/query"))
    assert isinstance(answer, Response)
    assert answer.body == b"Rate exceeded."
    assert asker.rests == [60]


def test_a_reset_connection_is_tried_again(asking: Asking) -> None:
    asker = asking({"/works": [Reply(how=How.RESET), GOOD]})
    assert asker.answered().status == 200
    assert len(asker.server.requests) == 2


@pytest.mark.parametrize("reply", [Reply(how=How.RESET), Reply(body=b"half", how=How.CUT_OFF, amount=100)])
def test_a_connection_that_always_breaks_is_a_fault(asking: Asking, reply: Reply) -> None:
    asker = asking({"/works": reply})
    assert asker.fault().kind is FaultKind.UNCONNECTED
    assert len(asker.server.requests) == 3


def test_nobody_listening_is_a_fault(asking: Asking) -> None:
    with serving([]) as gone:
        url = gone.url
    asker = asking({}, bases={"openalex": url})
    answer = asker.edge.ask(asker.index, Request(f"{url}/works"))
    assert isinstance(answer, IndexFault)
    assert answer.kind is FaultKind.UNCONNECTED
    assert len(asker.rests) == 2


def test_no_answer_at_all_is_timed_out(asking: Asking) -> None:
    asker = asking({"/works": Reply(how=How.SILENT)}, timeout_s=0.3, attempts=2)
    assert asker.fault().kind is FaultKind.TIMED_OUT
    assert asker.server.heard(2) == 2


@pytest.mark.parametrize("how", [How.DRIP, How.DRIP_HEADERS])
def test_an_answer_that_drips_is_cut_by_the_clock_of_the_whole(asking: Asking, how: How) -> None:
    dripping = Reply(body=b"x" * 100_000, how=how, every_s=0.02)
    asker = asking({"/works": dripping}, timeout_s=20, total_s=0.2, attempts=1)
    assert asker.fault().kind is FaultKind.TIMED_OUT


def test_a_huge_body_is_cut(asking: Asking) -> None:
    asker = asking({"/works": Reply(how=How.HUGE, amount=100_000_000)}, most_bytes=1_000_000)
    assert asker.fault().kind is FaultKind.TOO_LARGE
    assert len(asker.server.requests) == 1


def test_a_fetch_has_a_bound_of_its_own(asking: Asking) -> None:
    asker = asking({"/a": Reply(body=b"x" * 1000)})
    cut, whole = asker.fetched("/a", most_bytes=999), asker.fetched("/a", most_bytes=1000)
    assert isinstance(cut, IndexFault)
    assert cut.kind is FaultKind.TOO_LARGE
    assert isinstance(whole, Response)


def test_a_body_that_unpacks_to_more_than_allowed_is_cut(asking: Asking) -> None:
    asker = asking({"/works": Reply(how=How.BOMB, amount=50_000_000)}, most_bytes=1_000_000)
    assert asker.fault().kind is FaultKind.TOO_LARGE


def test_a_packing_that_was_not_asked_for_is_a_fault(asking: Asking) -> None:
    asker = asking({"/works": Reply(body=b"\x00", headers=(("Content-Encoding", "br"),))})
    assert asker.fault().kind is FaultKind.MALFORMED


def test_an_error_does_not_carry_over_to_the_next_question(asking: Asking) -> None:
    asker = asking({"/bad": Reply(how=How.HUGE, amount=10_000_000), "/works": GOOD}, most_bytes=100_000)
    asker.fault("/bad")
    assert asker.answered().status == 200


def test_an_index_that_keeps_failing_is_given_up_and_says_why(asking: Asking) -> None:
    asker = asking({"/works": Reply(503)}, attempts=1, failures_to_give_up=2)
    assert [asker.answered().status for _ in range(2)] == [503, 503]
    fault = asker.fault()
    assert fault.kind is FaultKind.NOT_ASKED
    assert "2 failures in a row" in fault.message
    assert "503" in fault.message
    assert len(asker.server.requests) == 2
    assert list(asker.edge.given_up()) == ["openalex"]


def test_a_good_answer_in_between_starts_the_count_anew(asking: Asking) -> None:
    bad = Reply(503)
    asker = asking({"/works": [bad, bad, Reply(404), bad, bad, GOOD]}, attempts=1, failures_to_give_up=3)
    assert [asker.answered().status for _ in range(6)] == [503, 503, 404, 503, 503, 200]
    assert asker.edge.given_up() == {}


def test_one_index_given_up_says_nothing_about_another(asking: Asking) -> None:
    asker = asking({"/works": Reply(503), "/a": GOOD}, attempts=1, failures_to_give_up=1)
    asker.answered()
    assert asker.fault().kind is FaultKind.NOT_ASKED
    assert isinstance(asker.fetched("/a"), Response)


def test_questions_that_waited_for_their_turn_learn_that_the_index_was_given_up(asking: Asking) -> None:
    asker = asking({"/works": Reply(503)}, attempts=1, failures_to_give_up=1)
    asker.index = replace(asker.index, pace=Pace(1000, 1.0, at_once=1))
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: asker.ask(), range(8)))
    assert len(asker.server.requests) == 1
    assert sum(isinstance(answer, IndexFault) for answer in answers) == 7

"""The one door to the network, against a real server over loopback: good answers, many at once, and an end."""

from __future__ import annotations

import gzip
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from pipelines.ingestion.http_edge import EdgeSettings, HttpEdge
from pipelines.ingestion.indexes.contract import Credentials, FaultKind, IndexFault, Pace, Request, Response
from pipelines.ingestion.paces import Paces
from tests.ingestion.edge_asking import ADDRESS, CONTACT, GOOD, KEY, NOW, PAPERS, Asking, index_of
from tests.ingestion.replay_server import Reply, Routed, Rule, serving, too_fast


def test_an_answer_comes_back_as_received_with_its_time(asking: Asking) -> None:
    asker = asking({"/works": GOOD})
    answer = asker.answered(params=(("filter", "doi:10.1/a|10.1/b"), ("q", "a b+c")))
    assert (answer.status, answer.body, answer.fetched_at) == (200, GOOD.body, NOW)
    assert answer.headers["content-type"] == "application/json"
    assert dict(asker.server.requests[0].params) == {"filter": "doi:10.1/a|10.1/b", "q": "a b+c"}
    assert answer.url.startswith(f"{asker.server.url}/works?filter=")


def test_a_body_and_headers_of_the_index_are_sent(asking: Asking) -> None:
    asker = asking([Rule("/batch", (GOOD,), method="POST")])
    asker.answered("/batch", method="POST", body=b'{"ids": []}', headers=(("content-type", "application/json"),))
    assert asker.server.requests[0].body == b'{"ids": []}'
    assert asker.server.requests[0].headers["content-type"] == "application/json"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 414, 422])
def test_a_refusal_of_the_question_is_an_answer_and_is_not_asked_again(asking: Asking, status: int) -> None:
    asker = asking({"/works": Reply(status, body=b"no")})
    assert asker.answered().status == status
    assert len(asker.server.requests) == 1


def test_a_packed_body_is_unpacked_and_its_headers_do_not_say_otherwise(asking: Asking) -> None:
    asker = asking({"/works": Reply(body=gzip.compress(b"words " * 1000), headers=(("Content-Encoding", "gzip"),))})
    answer = asker.answered()
    assert answer.body == b"words " * 1000
    assert not {"content-encoding", "content-length"} & set(answer.headers)


def test_bytes_of_a_wrong_charset_are_kept_as_they_are(asking: Asking) -> None:
    body = "Gödel".encode("utf-16")
    asker = asking({"/works": Reply(body=body, headers=(("Content-Type", "text/xml; charset=ascii"),))})
    assert asker.answered().body == body


def test_cookies_are_neither_kept_nor_sent_back(asking: Asking) -> None:
    asker = asking({"/works": replace(GOOD, headers=(("Set-Cookie", "who=me; Path=/"),))})
    assert "set-cookie" not in asker.answered().headers
    asker.answered()
    assert all("cookie" not in seen.headers for seen in asker.server.requests)


def test_proxies_of_the_environment_are_not_used(asking: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert asking({"/works": GOOD}).answered().status == 200


def test_many_threads_get_each_its_own_answer(asking: Asking) -> None:
    rules = [Rule(f"/works/{n}", (Reply(body=str(n).encode() * 2000),)) for n in range(60)]
    asker = asking(rules)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: asker.answered(f"/works/{n}"), range(60)))
    assert [answer.body for answer in answers] == [str(n).encode() * 2000 for n in range(60)]


def test_the_pace_of_those_who_are_known_needs_what_the_index_knows_them_by(asking: Asking, tmp_path: Path) -> None:
    once, twice = Pace(1, 10**6), Pace(2, 10**6)
    with serving([Rule("/works", (GOOD,))]) as server:
        bases = {name: server.url for name in ("keyed", "written", "unknown")}
        keyed = replace(index_of("keyed"), pace=once, pace_known=twice)
        written = replace(keyed, name="written", credentials=Credentials(contact_param="mailto"))
        counts = {}
        for name, index, more in (
            ("a key", keyed, {"keys": {"keyed": SecretStr(KEY)}}),
            ("only a contact where a key is known", replace(keyed, name="unknown"), {"contact": CONTACT}),
            ("a contact where that is known", written, {"contact": CONTACT}),
        ):
            with (
                Paces(tmp_path / f"paces of {name}", longest_wait_s=1) as paces,
                HttpEdge(EdgeSettings("9", bases=bases, **more), paces, lambda: NOW) as edge,
            ):
                answers = [edge.ask(index, Request(f"{server.url}/works")) for _ in range(3)]
            counts[name] = sum(isinstance(answer, Response) for answer in answers)
    assert counts == {"a key": 2, "only a contact where a key is known": 1, "a contact where that is known": 2}


def test_the_index_itself_sees_no_more_than_it_allows(tmp_path: Path) -> None:
    """The server counts arrivals and answers 429 to more. Its window is shorter, by what arrivals may jitter."""
    with (
        serving([Rule("/works", (GOOD,), index="openalex", most=3, seconds=0.4)]) as server,
        Paces(tmp_path / "paces") as paces,
        HttpEdge(EdgeSettings("9", bases={"openalex": server.url}, attempts=1), paces, lambda: NOW) as edge,
        ThreadPoolExecutor(6) as pool,
    ):
        index = replace(index_of(), pace=Pace(3, 2.0, at_once=3))
        answers = list(pool.map(lambda _: edge.ask(index, Request(f"{server.url}/works")), range(7)))
    assert [answer.status for answer in answers if isinstance(answer, Response)] == [200] * 7
    assert [seen.status for seen in server.requests] == [200] * 7


def test_https_goes_to_the_judged_address_under_the_name_that_was_asked_for(tmp_path: Path) -> None:
    """The greeting of TLS names the host in the clear; a server without a certificate for it is not believed."""
    greetings: list[bytes] = []

    def listen(listener: socket.socket) -> None:
        connected, _ = listener.accept()
        greetings.append(connected.recv(4096))
        connected.close()

    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        Paces(tmp_path / "paces", speed=1000) as paces,
        ThreadPoolExecutor(1) as pool,
    ):
        pool.submit(listen, listener)
        routed = Routed({PAPERS: [ADDRESS]}, {ADDRESS: listener.getsockname()[1]})
        with HttpEdge(EdgeSettings("9", attempts=1), paces, lambda: NOW, None, routed) as edge:
            answer = edge.fetch(f"https://{PAPERS}/a", most_bytes=1000)
    assert isinstance(answer, IndexFault)
    assert answer.kind is FaultKind.UNCONNECTED
    assert PAPERS.encode() in greetings[0]
    assert [str(one) for one in routed.connected] == [ADDRESS]


def test_a_turn_that_does_not_come_is_a_fault_that_says_so(asking: Asking, tmp_path: Path) -> None:
    with (
        serving([Rule("/works", (GOOD,))]) as server,
        Paces(tmp_path / "slow", longest_wait_s=1) as paces,
        HttpEdge(EdgeSettings("9", bases={"openalex": server.url}), paces, lambda: NOW) as edge,
    ):
        index = replace(index_of(), pace=Pace(1, 3600.0))
        assert isinstance(edge.ask(index, Request(f"{server.url}/works")), Response)
        fault = edge.ask(index, Request(f"{server.url}/works"))
        assert isinstance(fault, IndexFault)
        assert (fault.kind, len(server.requests)) == (FaultKind.NOT_ASKED, 1)
        assert "openalex" in fault.message


def test_ctrl_c_during_a_rest_leaves_at_once_and_frees_the_place(tmp_path: Path) -> None:
    def interrupted(seconds: float) -> None:
        raise KeyboardInterrupt

    with (
        serving([Rule("/works", (Reply(503), GOOD))]) as server,
        Paces(tmp_path / "paces", speed=1000, longest_wait_s=1) as paces,
        HttpEdge(EdgeSettings("9", bases={"openalex": server.url}), paces, lambda: NOW, interrupted) as edge,
    ):
        index = replace(index_of(), pace=Pace(1000, 1.0, at_once=1))
        with pytest.raises(KeyboardInterrupt):
            edge.ask(index, Request(f"{server.url}/works"))
        assert isinstance(edge.ask(index, Request(f"{server.url}/works")), Response)


def test_stopping_ends_a_long_rest_of_another_thread(tmp_path: Path) -> None:
    with (
        serving([Rule("/works", (too_fast("3000"), GOOD))]) as server,
        Paces(tmp_path / "paces", speed=1000) as paces,
        HttpEdge(EdgeSettings("9", bases={"openalex": server.url}, longest_wait_s=4000), paces, lambda: NOW) as edge,
        ThreadPoolExecutor(1) as pool,
    ):
        waiting = pool.submit(edge.ask, index_of(), Request(f"{server.url}/works"))
        arrived = threading.Event()
        while not server.requests and not waiting.done():
            arrived.wait(0.01)
        paces.stop()
        answer = waiting.result(30)
    assert isinstance(answer, IndexFault)
    assert (answer.kind, len(server.requests)) == (FaultKind.NOT_ASKED, 1)

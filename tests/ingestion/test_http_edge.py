"""The one door to the network, against a real server over loopback that answers well, badly, or not at all."""

from __future__ import annotations

import gzip
import logging
import socket
import threading
import tracemalloc
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from pipelines.ingestion.http_bodies import BrokenOffError, TooLargeError, bounded_body
from pipelines.ingestion.http_edge import EdgeSettings, HttpEdge, _Hop, _redirected
from pipelines.ingestion.indexes.contract import (
    Answered,
    By,
    Credentials,
    FaultKind,
    Index,
    IndexFault,
    Pace,
    Request,
    Response,
)
from pipelines.ingestion.paces import Paces
from pipelines.ingestion.withheld import Withheld
from tests.ingestion.replay_server import How, ReplayServer, Reply, Routed, Rule, redirect, serving, too_fast

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
KEY = "k3y-That+must/not=show"
CONTACT = "someone@library.example"
GOOD = Reply(body=b'{"title": "x"}', headers=(("Content-Type", "application/json"),))
PAPERS = "papers.example"
ADDRESS = "93.184.216.34"


def index_of(name: str = "openalex", base: str = "http://indexes.example", **more: Any) -> Index:
    return Index(
        name=name,
        title=name,
        base=base,
        pace=Pace(1000, 1.0, at_once=4),
        asks_by=frozenset({By.DOI}),
        covers="what the test holds",
        sent="nothing",
        request=lambda lookups, base: Request(base),
        parse=lambda response: Answered(),
        credentials=Credentials(contact_param="mailto", key_param="api_key", key_header="x-api-key"),
        **more,
    )


class Asker:
    """An edge to a server of the test's own, with the rests that it took in place of sleeping."""

    def __init__(self, edge: HttpEdge, server: ReplayServer, rests: list[float], routed: Routed) -> None:
        self.edge = edge
        self.server = server
        self.rests = rests
        self.routed = routed
        self.index = index_of()

    def ask(self, path: str = "/works", **more: Any) -> Response | IndexFault:
        return self.edge.ask(self.index, Request(self.server.url + path, **more))

    def answered(self, path: str = "/works", **more: Any) -> Response:
        answer = self.ask(path, **more)
        assert isinstance(answer, Response), answer
        return answer

    def fault(self, path: str = "/works", **more: Any) -> IndexFault:
        answer = self.ask(path, **more)
        assert isinstance(answer, IndexFault), answer
        return answer

    def fetched(self, path: str, most_bytes: int = 1_000_000) -> Response | IndexFault:
        return self.edge.fetch(f"http://{PAPERS}{path}", most_bytes=most_bytes)


Asking = Callable[..., Asker]


@pytest.fixture
def asking(tmp_path: Path) -> Iterator[Asking]:
    with ExitStack() as opened:

        def start(
            rules: Sequence[Rule] | Mapping[str, Reply | Sequence[Reply]],
            names: Mapping[str, Sequence[str]] | None = None,
            clock: Callable[[], datetime] = lambda: NOW,
            **settings: Any,
        ) -> Asker:
            table = rules if not isinstance(rules, Mapping) else [_rule(path, said) for path, said in rules.items()]
            server = opened.enter_context(serving(table))
            rests: list[float] = []
            known = {"127.0.0.1": ["127.0.0.1"], PAPERS: [ADDRESS], **(names or {})}
            routed = Routed(known, {ADDRESS: server.port})
            paces = opened.enter_context(Paces(tmp_path / "paces", speed=1000))
            chosen = EdgeSettings(**{"version": "9.9", "bases": {"openalex": server.url}, **settings})
            edge = opened.enter_context(HttpEdge(chosen, paces, clock, rests.append, routed))
            return Asker(edge, server, rests, routed)

        yield start


def _rule(path: str, said: Reply | Sequence[Reply]) -> Rule:
    return Rule(path, (said,) if isinstance(said, Reply) else tuple(said))


# --- a good answer ------------------------------------------------------------------------------


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


# --- who is asking ------------------------------------------------------------------------------


def test_without_a_contact_address_none_is_named(asking: Asking) -> None:
    asker = asking({"/works": GOOD})
    asker.answered()
    seen = asker.server.requests[0]
    assert seen.headers["user-agent"] == "claimgate/9.9"
    assert seen.params == {}
    assert "x-api-key" not in seen.headers


def test_contact_and_key_reach_the_index(asking: Asking) -> None:
    asker = asking({"/works": GOOD}, contact=CONTACT, keys={"openalex": SecretStr(KEY)})
    asker.answered(params=(("q", "a"),))
    seen = asker.server.requests[0]
    assert seen.headers["user-agent"] == f"claimgate/9.9 (+mailto:{CONTACT})"
    assert dict(seen.params) == {"q": "a", "mailto": CONTACT, "api_key": KEY}
    assert seen.headers["x-api-key"] == KEY


ECHOES = {
    "a good answer": Reply(
        body=f'{{"self": "?api_key={KEY}&email={CONTACT}"}}'.encode(), headers=(("Link", f"<?api_key={KEY}>"),)
    ),
    "a redirect that repeats the question": redirect(f"/works?q=a&api_key={KEY}&mailto={CONTACT}"),
    "a redirect to a path with the key": redirect(f"/works/{KEY}"),
    "a server in trouble": Reply(503, body=KEY.encode()),
    "a reset": Reply(how=How.RESET),
    "a redirect out of http": redirect(f"gopher://{KEY}"),
    "a long rest": too_fast("86400"),
}


@pytest.mark.parametrize("reply", ECHOES.values(), ids=ECHOES.keys())
def test_key_and_contact_show_nowhere(asking: Asking, caplog: pytest.LogCaptureFixture, reply: Reply) -> None:
    caplog.set_level(logging.DEBUG)
    settings = EdgeSettings("9", contact=CONTACT, keys={"openalex": SecretStr(KEY)})
    asker = asking({"/works.*": [reply, GOOD]}, contact=CONTACT, keys={"openalex": SecretStr(KEY)}, attempts=1)
    answer = asker.ask(params=(("q", "a"),))
    assert asker.server.requests[0].params["api_key"] == KEY
    shown = [repr(answer), repr(asker.edge.given_up()), repr(settings), repr(asker.edge.__dict__), caplog.text]
    shown += [repr(record.__dict__) for record in caplog.records]
    assert any(record.name == "httpx" for record in caplog.records) == (reply.how is not How.RESET)
    for text in shown:
        assert KEY not in text
        assert "k3y-That" not in text
        assert CONTACT not in text


ECHOED = {
    "as it is": KEY,
    "in an address": "k3y-That%2Bmust%2Fnot%3Dshow",
    "in an address, small letters": "k3y-That%2bmust%2fnot%3dshow",
    "in JSON": "k3y-That+must\\/not=show",
    "in careful JSON": "k3y-That\\u002bmust\\u002Fnot\\u003dshow",
    "in XML": "k3y-That&#43;must&#x2F;not=show",
}


@pytest.mark.parametrize("echo", ECHOED.values(), ids=ECHOED.keys())
def test_an_echo_of_the_key_is_taken_out_however_it_is_written(asking: Asking, echo: str) -> None:
    asker = asking(
        {"/works": Reply(body=f"before {echo} after".encode(), headers=(("X-Self", echo),))},
        keys={"openalex": SecretStr(KEY)},
    )
    answer = asker.answered()
    assert answer.body == b"before [removed] after"
    assert answer.headers["x-self"] == "[removed]"


def test_a_full_text_that_names_the_contact_address_stays_as_it_is(asking: Asking) -> None:
    body = f"Correspondence: {CONTACT}".encode()
    answer = asking({"/a": Reply(body=body)}, contact=CONTACT).fetched("/a")
    assert isinstance(answer, Response)
    assert answer.body == body


def test_a_key_that_a_caller_put_into_the_address_is_not_kept_with_the_answer(asking: Asking) -> None:
    asker = asking({"/works": GOOD}, keys={"openalex": SecretStr(KEY)})
    assert asker.answered(f"/works?cursor=a&api_key={KEY}").url == f"{asker.server.url}/works?cursor=a"


def test_a_redirect_at_home_keeps_the_credentials_once(asking: Asking) -> None:
    asker = asking({"/works": redirect(f"/moved?q=a&api_key={KEY}"), "/moved": GOOD}, keys={"openalex": SecretStr(KEY)})
    assert asker.answered().url == f"{asker.server.url}/moved?q=a"
    assert dict(asker.server.requests[1].params) == {"q": "a", "api_key": KEY}


def test_another_host_gets_neither_key_nor_contact(asking: Asking) -> None:
    asker = asking(
        {"/works": redirect(f"http://{PAPERS}/there"), "/there": GOOD},
        contact=CONTACT,
        keys={"openalex": SecretStr(KEY)},
    )
    assert asker.answered().url == f"http://{PAPERS}/there"
    seen = asker.server.requests[1]
    assert (seen.path, dict(seen.params)) == ("/there", {})
    assert seen.headers["user-agent"] == "claimgate/9.9"
    assert KEY not in repr(seen.headers)


def test_a_request_that_an_answer_led_elsewhere_carries_no_credentials(asking: Asking) -> None:
    """The next page is an address out of a response, which may say any host."""
    asker = asking({"/next": GOOD}, contact=CONTACT, keys={"openalex": SecretStr(KEY)})
    answer = asker.edge.ask(asker.index, Request(f"http://{PAPERS}/next"))
    assert isinstance(answer, Response)
    assert dict(asker.server.requests[0].params) == {}
    assert asker.server.requests[0].headers["user-agent"] == "claimgate/9.9"


@pytest.mark.parametrize("bad", ["", "two words", "a\r\nX-Evil: 1", "ключ"])
def test_a_key_or_contact_that_would_break_a_header_is_refused_without_being_shown(bad: str) -> None:
    with pytest.raises(ValueError, match="key of openalex") as refused:
        EdgeSettings("9", keys={"openalex": SecretStr(bad)})
    assert not bad or bad not in str(refused.value)


# --- addresses ----------------------------------------------------------------------------------


def test_an_index_that_nobody_configured_may_not_be_private(asking: Asking) -> None:
    asker = asking({"/works": GOOD}, bases={})
    asker.index = index_of(base=asker.server.url)
    assert asker.fault().kind is FaultKind.REFUSED_ADDRESS
    assert asker.server.requests == []


def test_the_private_address_of_one_index_is_not_open_to_another(asking: Asking) -> None:
    asker = asking({"/works": GOOD})
    asker.answered()
    asker.index = index_of("crossref")
    assert asker.fault().kind is FaultKind.REFUSED_ADDRESS


def test_a_full_text_is_fetched_from_a_public_host(asking: Asking) -> None:
    asker = asking({"/a.pdf": Reply(body=b"%PDF")}, contact=CONTACT)
    answer = asker.fetched("/a.pdf")
    assert isinstance(answer, Response)
    assert answer.body == b"%PDF"
    assert asker.server.requests[0].headers["user-agent"] == "claimgate/9.9"
    assert asker.server.requests[0].headers["host"] == PAPERS
    assert [str(one) for one in asker.routed.connected] == [ADDRESS]


def test_a_full_text_is_not_fetched_from_a_configured_private_index_even_when_a_connection_is_open(
    asking: Asking,
) -> None:
    asker = asking({"/works": GOOD})
    asker.answered()
    answer = asker.edge.fetch(f"{asker.server.url}/works", most_bytes=1000)
    assert isinstance(answer, IndexFault)
    assert answer.kind is FaultKind.REFUSED_ADDRESS
    assert len(asker.server.requests) == 1


INWARD = ["http://169.254.169.254/latest/meta-data/", "http://127.0.0.1:9/", "http://[::1]/", "http://rebound.example/"]


@pytest.mark.parametrize("location", INWARD)
def test_a_redirect_inward_is_refused(asking: Asking, location: str) -> None:
    names = {
        "169.254.169.254": ["169.254.169.254"],
        "::1": ["::1"],
        "rebound.example": ["10.0.0.7"],
    }
    asker = asking({"/works": redirect(location), "/a": redirect(location)}, names)
    assert asker.fault().kind is FaultKind.REFUSED_ADDRESS
    fetched = asker.fetched("/a")
    assert isinstance(fetched, IndexFault)
    assert fetched.kind is FaultKind.REFUSED_ADDRESS
    assert len(asker.server.requests) == 2
    assert asker.rests == []


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://papers.example/a", "javascript:alert(1)"])
def test_a_redirect_to_another_kind_of_address_is_refused(asking: Asking, location: str) -> None:
    assert asking({"/works": redirect(location)}).fault().kind is FaultKind.REFUSED_ADDRESS


@pytest.mark.parametrize(("to", "followed"), [("http", False), ("https", True)])
def test_from_https_nothing_goes_on_to_http(to: str, followed: bool) -> None:
    hop = _Hop(httpx.URL(f"https://{PAPERS}/a"), "GET", (), None)
    answer = Response(str(hop.url), 302, {"location": f"{to}://{PAPERS}/b"}, b"", NOW)
    assert isinstance(_redirected(hop, answer, Withheld(Credentials(), None, None)), _Hop) == followed


@pytest.mark.parametrize("status", [307, 308])
@pytest.mark.parametrize("location", [f"http://{PAPERS}/there", "//papers.example:81/there"])
def test_a_body_is_not_sent_again_to_another_address(asking: Asking, status: int, location: str) -> None:
    asker = asking(
        [Rule("/batch", (redirect(location, status),), method="POST"), Rule("/there", (GOOD,), method="POST")]
    )
    fault = asker.fault("/batch", method="POST", body=b"claims of the user")
    assert (fault.kind, "another address" in fault.message) == (FaultKind.REFUSED_ADDRESS, True)
    assert [one.path for one in asker.server.requests] == ["/batch"]
    assert asker.rests == []


@pytest.mark.parametrize("status", [307, 308])
def test_a_body_is_sent_again_at_the_same_address(asking: Asking, status: int) -> None:
    asker = asking(
        [Rule("/batch", (redirect("/there", status),), method="POST"), Rule("/there", (GOOD,), method="POST")]
    )
    assert asker.answered("/batch", method="POST", body=b"ids").body == GOOD.body
    assert [one.body for one in asker.server.requests] == [b"ids", b"ids"]


def test_a_question_without_a_body_may_be_sent_on(asking: Asking) -> None:
    asker = asking({"/works": redirect(f"http://{PAPERS}/there", 307), "/there": GOOD})
    assert asker.answered().url == f"http://{PAPERS}/there"


def test_a_redirect_in_a_circle_ends(asking: Asking) -> None:
    asker = asking({"/works": redirect("/again"), "/again": redirect("/works")})
    assert asker.fault().kind is FaultKind.MALFORMED
    assert len(asker.server.requests) == 6


def test_a_redirect_that_names_no_address_is_a_fault(asking: Asking) -> None:
    assert asking({"/works": redirect("http://[::bad")}).fault().kind is FaultKind.MALFORMED


@pytest.mark.parametrize("url", ["file:///etc/passwd", "/etc/passwd", "gopher://papers.example/", "data:,x"])
def test_only_http_is_fetched(asking: Asking, url: str) -> None:
    answer = asking({}).edge.fetch(url, most_bytes=1000)
    assert isinstance(answer, IndexFault)
    assert answer.kind is FaultKind.REFUSED_ADDRESS


def test_a_name_and_password_in_an_address_are_not_sent(asking: Asking) -> None:
    asker = asking({"/a": GOOD})
    answer = asker.edge.fetch(f"http://name:word@{PAPERS}/a", most_bytes=1000)
    assert isinstance(answer, Response)
    assert answer.url == f"http://{PAPERS}/a"
    assert "authorization" not in asker.server.requests[0].headers


def test_any_text_as_an_address_is_a_named_fault(tmp_path: Path) -> None:
    """Every name is unknown here, so that nothing can be reached and no answer can come."""
    settings = EdgeSettings("9", attempts=1, failures_to_give_up=10**9)
    with (
        Paces(tmp_path / "paces", speed=1e6) as paces,
        HttpEdge(settings, paces, lambda: NOW, None, Routed({}, {})) as edge,
    ):

        @given(st.text(max_size=60), st.sampled_from(["", "http://", "https://", "//", "http://[", "http://a:"]))
        def fetch(text: str, before: str) -> None:
            answer = edge.fetch(before + text, most_bytes=10)
            assert isinstance(answer, IndexFault)
            assert 0 < len(answer.message) < 400

        fetch()


# --- trouble ------------------------------------------------------------------------------------


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
    asker = asking({"/works": Reply(how=How.SILENT)}, timeout_s=0.05, attempts=2)
    assert asker.fault().kind is FaultKind.TIMED_OUT
    assert len(asker.server.requests) == 2


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


# --- giving up ----------------------------------------------------------------------------------


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


# --- many at once, and an end -------------------------------------------------------------------


def test_many_threads_get_each_its_own_answer(asking: Asking) -> None:
    rules = [Rule(f"/works/{n}", (Reply(body=str(n).encode() * 2000),)) for n in range(60)]
    asker = asking(rules)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: asker.answered(f"/works/{n}"), range(60)))
    assert [answer.body for answer in answers] == [str(n).encode() * 2000 for n in range(60)]


def test_the_pace_of_those_who_are_known_needs_what_the_index_knows_them_by(asking: Asking, tmp_path: Path) -> None:
    once, twice = Pace(1, 10**6), Pace(2, 10**6)
    rules = {"/works": GOOD}
    with serving([_rule(path, said) for path, said in rules.items()]) as server:
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
    """The server counts arrivals and answers 429 to more. Its window is shorter, since arrivals jitter."""
    with (
        serving([Rule("/works", (GOOD,), index="openalex", most=4, seconds=0.3)]) as server,
        Paces(tmp_path / "paces", speed=10) as paces,
        HttpEdge(EdgeSettings("9", bases={"openalex": server.url}, attempts=1), paces, lambda: NOW) as edge,
        ThreadPoolExecutor(6) as pool,
    ):
        index = replace(index_of(), pace=Pace(4, 5.0, at_once=4))
        answers = list(pool.map(lambda _: edge.ask(index, Request(f"{server.url}/works")), range(14)))
    assert [answer.status for answer in answers if isinstance(answer, Response)] == [200] * 14
    assert [seen.status for seen in server.requests] == [200] * 14


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


# --- bodies -------------------------------------------------------------------------------------


@given(st.lists(st.binary(max_size=200), max_size=5), st.integers(1, 50))
def test_any_packed_body_comes_out_whole_however_it_is_cut(members: list[bytes], size: int) -> None:
    packed = b"".join(gzip.compress(member) for member in members)
    chunks = [packed[at : at + size] for at in range(0, len(packed), size)]
    assert bounded_body(chunks, "gzip", 1000) == b"".join(members)


@given(st.binary(min_size=1, max_size=300), st.integers(1, 20))
def test_a_packed_body_that_ends_early_is_noticed(content: bytes, missing: int) -> None:
    packed = gzip.compress(content)
    with pytest.raises(BrokenOffError):
        bounded_body([packed[: -min(missing, len(packed) - 1)]], "gzip", 1000)


@given(st.binary(max_size=300))
def test_any_bytes_said_to_be_packed_are_unpacked_or_refused(content: bytes) -> None:
    with suppress(BrokenOffError, TooLargeError):
        assert len(bounded_body([content], "gzip", 500)) <= 500


def test_unpacking_takes_no_more_memory_than_the_bound() -> None:
    packed = gzip.compress(bytes(60_000_000))
    tracemalloc.start()
    try:
        with pytest.raises(TooLargeError):
            bounded_body([packed], "gzip", 1_000_000)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()

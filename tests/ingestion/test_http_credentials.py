"""Who is asking: key and contact reach their index and show nowhere else."""

from __future__ import annotations

import logging

import pytest
from pydantic import SecretStr

from pipelines.ingestion.http_edge import EdgeSettings
from pipelines.ingestion.indexes.contract import Request, Response
from tests.ingestion.edge_asking import CONTACT, GOOD, KEY, PAPERS, Asking
from tests.ingestion.replay_server import How, Reply, redirect, too_fast


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

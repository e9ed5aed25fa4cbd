"""Where a question or a redirect may lead, and where not."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.ingestion.http_edge import EdgeSettings, HttpEdge, _Hop, _redirected
from pipelines.ingestion.indexes.contract import Credentials, FaultKind, IndexFault, Response
from pipelines.ingestion.paces import Paces
from pipelines.ingestion.withheld import Withheld
from tests.ingestion.edge_asking import ADDRESS, CONTACT, GOOD, NOW, PAPERS, Asking, index_of
from tests.ingestion.replay_server import Reply, Routed, Rule, redirect


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

"""An edge to the network before a server of the test's own; hosts, key and contact are made up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from pipelines.ingestion.http_edge import HttpEdge
from pipelines.ingestion.indexes.contract import Answered, By, Credentials, Index, IndexFault, Pace, Request, Response
from tests.ingestion.replay_server import ReplayServer, Reply, Routed, Rule

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


def rule_of(path: str, said: Reply | Sequence[Reply]) -> Rule:
    return Rule(path, (said,) if isinstance(said, Reply) else tuple(said))

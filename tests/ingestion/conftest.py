"""The edge that several files of tests ask through, closed after each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from pipelines.ingestion.http_edge import EdgeSettings, HttpEdge
from pipelines.ingestion.paces import Paces
from tests.ingestion.edge_asking import ADDRESS, NOW, PAPERS, Asker, Asking, rule_of
from tests.ingestion.replay_server import Reply, Routed, Rule, serving


@pytest.fixture
def asking(tmp_path: Path) -> Iterator[Asking]:
    with ExitStack() as opened:

        def start(
            rules: Sequence[Rule] | Mapping[str, Reply | Sequence[Reply]],
            names: Mapping[str, Sequence[str]] | None = None,
            clock: Callable[[], datetime] = lambda: NOW,
            **settings: Any,
        ) -> Asker:
            table = rules if not isinstance(rules, Mapping) else [rule_of(path, said) for path, said in rules.items()]
            server = opened.enter_context(serving(table))
            rests: list[float] = []
            known = {"127.0.0.1": ["127.0.0.1"], PAPERS: [ADDRESS], **(names or {})}
            routed = Routed(known, {ADDRESS: server.port})
            paces = opened.enter_context(Paces(tmp_path / "paces", speed=1000))
            chosen = EdgeSettings(**{"version": "9.9", "bases": {"openalex": server.url}, **settings})
            edge = opened.enter_context(HttpEdge(chosen, paces, clock, rests.append, routed))
            return Asker(edge, server, rests, routed)

        yield start

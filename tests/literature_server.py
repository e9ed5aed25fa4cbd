"""The fictional literature as a server over loopback: every index behind an address of its own.

`serving_literature` gives the settings that point claimgate at it. Import it as `tests.literature_server`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from pipelines.ingestion.indexes.registry import INDEXES
from pipelines.ingestion.network import setting_of
from tests.fictional_literature import Fiction, FictionalLiterature
from tests.ingestion.replay_server import ReplayServer, Reply, Rule, serving

ASKED = ("crossref", "openalex", "arxiv", "arxiv-oai", "semantic-scholar", "europe-pmc", "pubmed", "datacite", "doi")


@dataclass(frozen=True)
class LiteratureServer:
    """A running server, and the settings (names as in the environment, without prefix) that lead to it."""

    server: ReplayServer
    settings: Mapping[str, str]

    def asked(self, index: str = "") -> list[str]:
        """What was asked, in order, of one index or of all."""
        return [seen.key for seen in self.server.requests if not index or seen.index == index]


@contextmanager
def serving_literature(
    works: Sequence[Fiction],
    *,
    first: Mapping[str, Sequence[Reply]] | None = None,
    post_too: bool = False,
    speed: float = 1_000.0,
) -> Iterator[LiteratureServer]:
    """Serve `works`; `first` holds, for an index, the replies that it gives before it answers as it should.

    With `post_too`, what is asked by POST is never answered but with 503.
    """
    literature = FictionalLiterature(works)
    rules = [rule for name in ASKED for rule in _rules(name, literature, tuple((first or {}).get(name, ())), post_too)]
    with serving(rules) as server:
        addresses = {setting_of(name, "url").upper(): f"{server.url}/{name}" for name in INDEXES}
        yield LiteratureServer(server, {**addresses, "ONLINE": "true", "SPEED": str(speed)})


def _rules(name: str, literature: FictionalLiterature, first: tuple[Reply, ...], post_fails: bool) -> Iterator[Rule]:
    prefix = f"/{name}"

    def answer(path: str, params: Mapping[str, str], body: bytes) -> Reply:
        said = literature.answer(name, path.removeprefix(prefix), {key: [value] for key, value in params.items()}, body)
        return Reply(said.status, (("Content-Type", said.content_type), *said.headers.items()), said.body)

    yield Rule(rf"{prefix}/.*", first, "GET", index=name, answer=answer)
    yield Rule(
        rf"{prefix}/.*", (Reply(503),) if post_fails else (), "POST", index=name, answer=None if post_fails else answer
    )

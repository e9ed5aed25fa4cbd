"""The fictional literature as a server over loopback: every index behind an address of its own.

`serving_literature` gives the settings that point claimgate at it. Import it as `tests.literature_server`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

from pipelines.ingestion.indexes.registry import INDEXES
from pipelines.ingestion.network import setting_of
from pipelines.ingestion.paces import SHARED
from tests.fictional_literature import Fiction, FictionalLiterature
from tests.ingestion.replay_server import ReplayServer, Reply, Rule, Seen, serving

ASKED = ("crossref", "openalex", "arxiv", "arxiv-oai", "semantic-scholar", "europe-pmc", "pubmed", "datacite", "doi")
Answering = Callable[[str, Mapping[str, str], bytes], Reply]


@dataclass(frozen=True)
class LiteratureServer:
    """A running server, and the settings (names as in the environment, without prefix) that lead to it."""

    server: ReplayServer
    settings: Mapping[str, str]

    def asked(self, index: str = "") -> list[str]:
        """What was asked, in order, of one index or of all."""
        return [seen.key for seen in list(self.server.requests) if index in ("", asked_index(seen))]

    def asked_by_index(self) -> Counter[str]:
        return Counter(asked_index(seen) for seen in list(self.server.requests))

    def refused(self) -> Counter[str]:
        """How often each index answered that it was asked too fast."""
        return Counter(asked_index(seen) for seen in list(self.server.requests) if seen.status == 429)


def asked_index(seen: Seen) -> str:
    """The index whose address was asked."""
    return seen.path.split("/")[1]


@contextmanager
def serving_literature(
    works: Sequence[Fiction],
    *,
    first: Mapping[str, Sequence[Reply]] | None = None,
    post_too: bool = False,
    speed: float = 1_000.0,
    enforced: bool = False,
    echoing: Collection[str] = (),
) -> Iterator[LiteratureServer]:
    """Serve `works`; `first` holds, for an index, the replies that it gives before it answers as it should.

    With `post_too`, what is asked by POST is never answered but with 503. With `enforced`, an index that is asked
    faster than `speed` times what it allows those who give neither key nor address answers 429. The indexes in
    `echoing` repeat what they were asked with in headers and body, as it is and as in an address.
    """
    literature = FictionalLiterature(works)
    rules = [
        rule
        for name in ASKED
        for rule in _rules(
            name,
            _answering(name, literature, echoes=name in echoing),
            tuple((first or {}).get(name, ())),
            post_too,
            speed if enforced else None,
        )
    ]
    with serving(rules) as server:
        addresses = {setting_of(name, "url").upper(): f"{server.url}/{name}" for name in INDEXES}
        yield LiteratureServer(server, {**addresses, "ONLINE": "true", "SPEED": str(speed)})


def _answering(name: str, literature: FictionalLiterature, *, echoes: bool) -> Answering:
    def answer(path: str, params: Mapping[str, str], body: bytes) -> Reply:
        asked = {key: [value] for key, value in params.items()}
        said = literature.answer(name, path.removeprefix(f"/{name}"), asked, body)
        headers = (("Content-Type", said.content_type), *said.headers.items())
        reply = Reply(said.status, headers, said.body)
        return _echoed(reply, params) if echoes else reply

    return answer


def _echoed(reply: Reply, params: Mapping[str, str]) -> Reply:
    in_address = urlencode(dict(params))
    echo = json.dumps({"asked": dict(params), "url": f"https://api.example.org/works?{in_address}"})
    with_echo = (*reply.headers, ("X-Asked", in_address), ("Link", f"<https://api.example.org/?{in_address}>"))
    body = reply.body.replace(b"{", b'{"echo": ' + echo.encode() + b", ", 1) if reply.body[:1] == b"{" else reply.body
    return Reply(reply.status, with_echo, body)


def _rules(
    name: str, answer: Answering, first: tuple[Reply, ...], post_fails: bool, enforced: float | None
) -> Iterator[Rule]:
    pace, counted_as, path = INDEXES[name].pace, SHARED.get(name, name), rf"/{name}/.*"
    most, seconds = (pace.requests, pace.seconds / enforced) if enforced else (0, 1.0)
    yield Rule(path, first, "GET", index=counted_as, most=most, seconds=seconds, answer=answer)
    failing = (Reply(503),) if post_fails else ()
    answered = None if post_fails else answer
    yield Rule(path, failing, "POST", index=counted_as, most=most, seconds=seconds, answer=answered)

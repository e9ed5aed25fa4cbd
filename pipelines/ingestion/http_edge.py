"""The one door to the network: asks an index, or fetches an open full text, and says what came of it.

Input: requests as the indexes build them. Output: a `Response` to store raw, or an `IndexFault`; no exception
for anything the other side does. Proxies of the environment are not used: they would resolve names in our
place and make the check of addresses void. Does not belong here: what an answer means, whom to ask, storing.
"""

from __future__ import annotations

import http.cookiejar
import itertools
import logging
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Self
from urllib.parse import quote, urlencode

import httpx
from tenacity import RetryCallState, Retrying, stop_after_attempt

from pipelines.ingestion.addresses import (
    BREAKS,
    TIMEOUTS,
    CheckedTransport,
    Network,
    NoSuchHostError,
    Origin,
    RefusedAddressError,
    Sending,
    answering_within,
)
from pipelines.ingestion.http_bodies import BrokenOffError, TooLargeError, UnknownPackingError, bounded_body
from pipelines.ingestion.indexes.contract import (
    Credentials,
    FaultKind,
    IndexFault,
    Pace,
    Request,
    Response,
    Service,
)
from pipelines.ingestion.paces import Paces, TurnNotHadError
from pipelines.ingestion.retries import Patience, asked_to_leave, rest_before_next
from pipelines.ingestion.standings import Standings
from pipelines.ingestion.withheld import Secret, Withheld

MOST_REDIRECTS = 5
MOST_URL = 8_000  # characters

_SENDABLE = re.compile(r"[!-~]{1,500}")  # visible ASCII: anything else would break, or add to, the headers

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_BECOMES_GET = frozenset({301, 302, 303})
_NOT_KEPT = frozenset({"set-cookie", "content-encoding", "content-length", "transfer-encoding", "connection"})
# Full texts lie at the same services as their descriptions; what is fetched there counts against the same rate.
_HOST_PACES: Mapping[str, tuple[str, Pace]] = {"arxiv.org": ("arxiv", Pace(1, 3.0))}
_FETCH_PACE = ("fulltext", Pace(1, 1.0, at_once=2))


@dataclass(frozen=True)
class EdgeSettings:
    """How to ask. `bases` holds what a user configured: such an address may be private, no other may.

    `total_s` bounds one answer from the first byte sent to the last received; `most_bytes` its body, unpacked.
    """

    version: str
    bases: Mapping[str, str] = field(default_factory=dict)
    contact: str | None = field(default=None, repr=False)
    keys: Mapping[str, Secret] = field(default_factory=dict, repr=False)
    timeout_s: float = 30.0
    connect_timeout_s: float = 10.0
    total_s: float = 120.0
    most_bytes: int = 30_000_000
    attempts: int = 3
    longest_wait_s: float = 60.0
    failures_to_give_up: int = 3

    def __post_init__(self) -> None:
        named = {"contact address": self.contact or "x"}
        named |= {f"key of {name}": key.get_secret_value() for name, key in self.keys.items()}
        for name, value in named.items():
            if not _SENDABLE.fullmatch(value):
                raise ValueError(f"the {name} is empty or has characters that no HTTP header may carry")


@dataclass(frozen=True)
class _Route:
    """Whom a request goes to. `home` is where credentials go, `private` whether its address may be private."""

    name: str  # whose standing it counts for
    paced_as: str
    pace: Pace
    withheld: Withheld
    most_bytes: int
    home: Origin | None = None
    private: bool = False


@dataclass(frozen=True)
class _Hop:
    """One request on its way, redirects being hops of their own."""

    url: httpx.URL
    method: str
    headers: tuple[tuple[str, str], ...]
    body: bytes | None


@dataclass(frozen=True)
class _Attempted:
    answer: Response | IndexFault
    rest: float | None  # before the next attempt; None: there is none


class HttpEdge:
    """One client for all threads of a process. Close it, or use it as a context manager."""

    def __init__(
        self,
        settings: EdgeSettings,
        paces: Paces,
        clock: Callable[[], datetime],
        sleep: Callable[[float], None] | None = None,
        network: Network | None = None,
    ) -> None:
        self._settings = settings
        self._paces = paces
        self._clock = clock
        self._sleep = sleep or paces.rest
        self._patience = Patience(settings.longest_wait_s)
        self._standings = Standings(settings.failures_to_give_up, self._patience)
        # httpcore tells the headers of answers at DEBUG, and services echo keys there.
        logging.getLogger("httpcore").setLevel(logging.INFO)
        bases = {Origin.of(httpx.URL(base)) for base in settings.bases.values()}
        self._client = httpx.Client(
            transport=CheckedTransport(bases, network),
            trust_env=False,
            follow_redirects=False,
            timeout=httpx.Timeout(settings.timeout_s, connect=settings.connect_timeout_s),
            headers={"accept-encoding": "gzip", "user-agent": f"claimgate/{settings.version}"},
            cookies=http.cookiejar.CookieJar(http.cookiejar.DefaultCookiePolicy(allowed_domains=[])),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._client.close()

    def ask(self, index: Service, request: Request) -> Response | IndexFault:
        """What the index answers, whatever the status; a fault where there is no answer to store."""
        base = self._settings.bases.get(index.name)
        key = self._settings.keys.get(index.name)
        route = _Route(
            name=index.name,
            paced_as=index.name,
            pace=self._pace(index),
            withheld=Withheld(index.credentials, self._settings.contact, key, tuple(self._settings.keys.values())),
            most_bytes=self._settings.most_bytes,
            home=Origin.of(httpx.URL(base or index.base)),
            private=base is not None,
        )
        return self._persist(route, _with_params(request.url, request.params), request)

    def fetch(self, url: str, *, most_bytes: int) -> Response | IndexFault:
        """What lies at a public address. Neither contact nor key goes there."""
        parsed = _parsed(url)
        if isinstance(parsed, IndexFault):
            return parsed
        paced_as, pace = next(
            (paced for host, paced in _HOST_PACES.items() if f".{parsed.host}".endswith(f".{host}")), _FETCH_PACE
        )
        withheld = Withheld(Credentials(), self._settings.contact, None, tuple(self._settings.keys.values()))
        route = _Route(parsed.host[:253], paced_as, pace, withheld, most_bytes)
        return self._persist(route, url, Request(url))

    def given_up(self) -> Mapping[str, str]:
        """The indexes and hosts that are not asked any more in this run, and why."""
        return self._standings.given_up(self._clock())

    def _pace(self, index: Service) -> Pace:
        if index.pace_known is None:
            return index.pace
        takes_key = bool(index.credentials.key_param or index.credentials.key_header)
        known = index.name in self._settings.keys if takes_key else self._settings.contact is not None
        return index.pace_known if known else index.pace

    def _persist(self, route: _Route, url: str, request: Request) -> Response | IndexFault:
        """Attempt after attempt, in one of the index's places, so that a resting index is left alone."""
        if (fault := self._standings.refusal(route.name, self._clock())) is not None:
            return fault
        parsed = _parsed(url)
        if isinstance(parsed, IndexFault):
            return parsed
        hop = _Hop(parsed, request.method, request.headers, request.body)
        try:
            with self._paces.place(route.paced_as, route.pace):
                if (fault := self._standings.refusal(route.name, self._clock())) is not None:
                    return fault
                return self._attempts(route, hop)
        except TurnNotHadError as reason:
            return IndexFault(FaultKind.NOT_ASKED, f"{route.name} was not asked: {reason}")

    def _attempts(self, route: _Route, hop: _Hop) -> Response | IndexFault:
        numbers = itertools.count(1)

        def attempt() -> _Attempted:
            answer = self._follow(route, hop)
            now, dice = self._clock(), random.random()  # noqa: S311 - spreads retries, guards nothing
            return _Attempted(answer, rest_before_next(answer, next(numbers), route.name, self._patience, now, dice))

        retrying = Retrying(
            stop=stop_after_attempt(self._settings.attempts),
            retry=lambda state: _rest(state) is not None,
            wait=lambda state: _rest(state) or 0.0,
            sleep=self._sleep,
            retry_error_callback=lambda state: state.outcome.result() if state.outcome else None,
        )
        answer: Response | IndexFault = retrying(attempt).answer
        answer = asked_to_leave(answer, self._patience, self._clock()) or answer
        self._standings.note(route.name, answer, self._clock())
        return answer

    def _follow(self, route: _Route, hop: _Hop) -> Response | IndexFault:
        for _ in range(MOST_REDIRECTS + 1):
            self._paces.take(route.paced_as, route.pace)
            answer = self._send(route, hop)
            if isinstance(answer, IndexFault) or answer.status not in _REDIRECTS:
                return answer
            following = _redirected(hop, answer, route.withheld)
            if following is None:
                return answer
            if isinstance(following, IndexFault):
                return following
            hop = following
        return IndexFault(FaultKind.MALFORMED, f"it redirected more than {MOST_REDIRECTS} times")

    def _send(self, route: _Route, hop: _Hop) -> Response | IndexFault:
        at_home = route.home is not None and Origin.of(hop.url) == route.home
        sending = Sending(
            permitted=route.home if at_home and route.private else None,
            params=route.withheld.params if at_home else (),
            headers=(*self._contact_header(), *route.withheld.headers) if at_home else (),
        )
        try:
            with (
                answering_within(self._settings.total_s),
                self._client.stream(
                    hop.method,
                    hop.url,
                    headers=hop.headers,
                    content=hop.body,
                    extensions={"sending": sending},
                    auth=None,
                ) as answered,
            ):
                packing = answered.headers.get("content-encoding", "")
                body = bounded_body(answered.iter_raw(), packing, route.most_bytes)
        except _FAILURES as error:
            return _fault_of(error, route)
        # What nothing was sent to cannot echo it, and a full text may well name the same address.
        kept = route.withheld.clean_body(body) if sending.params or sending.headers else body
        return self._response(route, hop, answered, kept)

    def _contact_header(self) -> tuple[tuple[str, str], ...]:
        if self._settings.contact is None:
            return ()
        return (("user-agent", f"claimgate/{self._settings.version} (+mailto:{self._settings.contact})"),)

    def _response(self, route: _Route, hop: _Hop, answered: httpx.Response, body: bytes) -> Response:
        clean = route.withheld
        location: str = answered.extensions["location"]
        headers = {**answered.headers, **({"location": location} if location else {})}
        return Response(
            url=clean.clean_url(str(hop.url)),
            status=answered.status_code,
            headers={
                name.lower(): clean.clean_text(value)
                for name, value in headers.items()
                if name.lower() not in _NOT_KEPT
            },
            body=body,
            fetched_at=self._clock(),
        )


_FAILURES: tuple[type[Exception], ...] = (
    RefusedAddressError,
    NoSuchHostError,
    TooLargeError,
    BrokenOffError,
    UnknownPackingError,
    *TIMEOUTS,
    *BREAKS,
)
_FAULTS: tuple[tuple[tuple[type[Exception], ...], FaultKind, str], ...] = (
    ((RefusedAddressError,), FaultKind.REFUSED_ADDRESS, "its address may not be connected to: {}"),
    ((NoSuchHostError,), FaultKind.UNCONNECTED, "{}"),
    ((TooLargeError,), FaultKind.TOO_LARGE, "its answer has {}"),
    ((BrokenOffError,), FaultKind.UNCONNECTED, "its answer broke off: {}"),
    ((UnknownPackingError,), FaultKind.MALFORMED, "its answer is {}, which was not asked for"),
    (TIMEOUTS, FaultKind.TIMED_OUT, "it did not answer in time"),
    (BREAKS, FaultKind.UNCONNECTED, "the connection failed: {}"),
)


def _fault_of(error: Exception, route: _Route) -> IndexFault:
    kind, sentence = next((kind, words) for errors, kind, words in _FAULTS if isinstance(error, errors))
    said = route.withheld.clean_text(" ".join(str(error).split()))[:200] or type(error).__name__
    return IndexFault(kind, sentence.format(said))


def _rest(state: RetryCallState) -> float | None:
    """The rest before the next attempt; an attempt that raised (Ctrl-C, a bug) gets no other."""
    if state.outcome is None or state.outcome.failed:
        return None
    attempted: _Attempted = state.outcome.result()
    return attempted.rest


def _with_params(url: str, params: tuple[tuple[str, str], ...]) -> str:
    if not params:
        return url
    return f"{url}{'&' if '?' in url else '?'}{urlencode(params, quote_via=quote)}"


def _parsed(url: str) -> httpx.URL | IndexFault:
    """The address without a user's name and password, which are nobody's to send."""
    if len(url) > MOST_URL:
        return IndexFault(FaultKind.BAD_REQUEST, f"the address has more than {MOST_URL:,} characters")
    try:
        return _allowed(httpx.URL(url))
    except (httpx.InvalidURL, ValueError):
        return IndexFault(FaultKind.BAD_REQUEST, "the address is none")


def _allowed(url: httpx.URL) -> httpx.URL | IndexFault:
    if url.scheme not in ("http", "https"):
        return IndexFault(FaultKind.REFUSED_ADDRESS, f"{url.scheme[:20] or 'an address without scheme'} is not http(s)")
    if not url.host:
        return IndexFault(FaultKind.BAD_REQUEST, "the address names no host")
    return url.copy_with(userinfo=b"", fragment=None)


def _redirected(hop: _Hop, answer: Response, withheld: Withheld) -> _Hop | IndexFault | None:
    """The hop that a redirect asks for; None where it names no place. From https to http nothing goes, nor a body to
    another origin: it was written for the service that was asked, and holds texts of the user."""
    location = answer.headers.get("location", "")
    if not location:
        return None
    try:
        url = _allowed(httpx.URL(withheld.clean_url(str(hop.url.join(location[:MOST_URL])))))
    except (httpx.InvalidURL, ValueError):
        return IndexFault(FaultKind.MALFORMED, "it redirected to what is no address")
    if isinstance(url, IndexFault):
        return IndexFault(FaultKind.REFUSED_ADDRESS, f"it redirected to where it may not: {url.message}")
    if hop.url.scheme == "https" and url.scheme != "https":
        return IndexFault(FaultKind.REFUSED_ADDRESS, "it redirected from https to http")
    if answer.status in _BECOMES_GET and hop.method != "HEAD":
        return _Hop(url, "GET", hop.headers, None)
    if hop.body is not None and Origin.of(url) != Origin.of(hop.url):
        reason = "it redirected to another address, to which nothing is sent that was written for it"
        return IndexFault(FaultKind.REFUSED_ADDRESS, reason)
    return _Hop(url, hop.method, hop.headers, hop.body)

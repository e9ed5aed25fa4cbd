"""A real HTTP server over loopback that answers from a table, misbehaves as told, and counts.

In a test: `with serving(rules) as server: ... server.url, server.requests`. As a process:
`python -m tests.ingestion.replay_server rules.json [port]` prints its address and answers until stopped.
A rule names a method, a path (a regular expression for the whole path), parameters that must be there, and
replies: the first request gets the first, the last is repeated. What no rule names is answered 404.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import socket
import struct
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import httpcore

from pipelines.ingestion.addresses import IPAddress

CHUNK = 65_536


class How(StrEnum):
    """How a reply is sent."""

    WHOLE = "whole"
    SILENT = "silent"  # never answers
    RESET = "reset"  # closes with RST before any answer
    DRIP = "drip"  # a byte of the body each `every_s`
    DRIP_HEADERS = "drip_headers"  # headers without end, one each `every_s`
    CUT_OFF = "cut_off"  # says it has `amount` bytes more than it sends
    HUGE = "huge"  # `amount` bytes, streamed
    BOMB = "bomb"  # a gzip body that unpacks to `amount` bytes


@dataclass(frozen=True)
class Reply:
    """One answer. Headers are sent beside Content-Length and Date."""

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    how: How = How.WHOLE
    amount: int = 0
    every_s: float = 0.05


def too_fast(retry_after: str | None = None, body: bytes = b"Rate exceeded.") -> Reply:
    return Reply(429, (("Retry-After", retry_after),) if retry_after is not None else (), body)


def redirect(location: str, status: int = 302) -> Reply:
    return Reply(status, (("Location", location),))


@dataclass(frozen=True)
class Rule:
    """`most` requests in `seconds` to all rules of the same `index`, else 429; no limit where `most` is 0.

    After `replies`, or without any, `answer` (path, parameters, body) makes the reply, where it is given.
    """

    path: str
    replies: tuple[Reply, ...] = ()
    method: str = "GET"
    params: tuple[tuple[str, str], ...] = ()
    index: str = ""
    most: int = 0
    seconds: float = 1.0
    answer: Callable[[str, Mapping[str, str], bytes], Reply] | None = None

    def fits(self, method: str, path: str, params: Mapping[str, str]) -> bool:
        named = all(params.get(name) == value for name, value in self.params)
        return named and method == self.method and re.fullmatch(self.path, path) is not None


@dataclass(frozen=True)
class Seen:
    """A request as it arrived. `at` is of the machine's steady clock; `status` what it was answered."""

    method: str
    path: str
    params: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    at: float
    index: str
    status: int

    @property
    def key(self) -> str:
        """The same question has the same key; contact and key are none of it."""
        told = "&".join(f"{k}={v}" for k, v in sorted(self.params.items()) if k not in ("mailto", "email", "api_key"))
        return f"{self.method} {self.path}?{told}"


@dataclass
class ReplayServer:
    """What a test holds of a running server."""

    url: str
    port: int
    requests: list[Seen] = field(default_factory=list)

    def counts(self) -> Counter[str]:
        return Counter(seen.key for seen in list(self.requests))

    def of(self, index: str) -> list[Seen]:
        return [seen for seen in list(self.requests) if seen.index == index]

    def heard(self, number: int, patience_s: float = 30.0) -> int:
        """How many requests came, once `number` did: one whose client gave up may be read after it left."""
        until = time.monotonic() + patience_s
        while len(self.requests) < number and time.monotonic() < until:
            time.sleep(0.01)
        return len(self.requests)

    def most_within(self, index: str, seconds: float) -> int:
        """The largest number of requests to an index within any such window."""
        times = sorted(seen.at for seen in self.of(index))
        window: deque[float] = deque()
        most = 0
        for at in times:
            window.append(at)
            while at - window[0] >= seconds:
                window.popleft()
            most = max(most, len(window))
        return most


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, port: int, rules: Sequence[Rule]) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.rules = list(rules)
        self.given: Counter[int] = Counter()
        self.arrivals: dict[str, deque[float]] = {}
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        self.seen = ReplayServer(f"http://127.0.0.1:{self.server_port}", self.server_port)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is what many tests are about."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)

    def reply_to(
        self, method: str, path: str, params: Mapping[str, str], body: bytes, arrived: float
    ) -> tuple[Rule | None, Reply]:
        with self.lock:
            for number, rule in enumerate(self.rules):
                if rule.fits(method, path, params):
                    if self._exceeded(rule, arrived):
                        return rule, too_fast("1")
                    turn = self.given[number]
                    self.given[number] += 1
                    break
            else:
                return None, Reply(404, (("Content-Type", "text/plain"),), b"Resource not found.")
        # Not under the lock: one answer that takes long must not make others arrive late.
        if rule.answer is not None and turn >= len(rule.replies):
            return rule, rule.answer(path, params, body)
        return rule, rule.replies[min(turn, len(rule.replies) - 1)]

    def _exceeded(self, rule: Rule, arrived: float) -> bool:
        if not rule.most:
            return False
        arrivals = self.arrivals.setdefault(rule.index, deque())
        while arrivals and arrived - arrivals[0] >= rule.seconds:
            arrivals.popleft()
        arrivals.append(arrived)
        return len(arrivals) > rule.most


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each body waits 40 ms for its headers to be acknowledged

    def do_GET(self) -> None:
        arrived = time.monotonic()
        place = urlsplit(self.path)
        params = dict(parse_qsl(place.query, keep_blank_values=True))
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        rule, reply = self.server.reply_to(self.command, unquote(place.path), params, body, arrived)
        headers = {name.lower(): value for name, value in self.headers.items()}
        index = rule.index if rule else ""
        self.server.seen.requests.append(
            Seen(self.command, unquote(place.path), params, headers, body, arrived, index, reply.status)
        )
        _SENT[reply.how](self, reply)

    do_POST = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def begin(self, reply: Reply, length: int, *more: tuple[str, str]) -> None:
        self.send_response(reply.status)
        for name, value in (*reply.headers, *more, ("Content-Length", str(length))):
            self.send_header(name, value)
        self.end_headers()

    def whole(self, reply: Reply) -> None:
        self.begin(reply, len(reply.body))
        self.wfile.write(reply.body)

    def silent(self, reply: Reply) -> None:
        self.server.stopping.wait()
        self.close_connection = True

    def reset(self, reply: Reply) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        # The handler's files hold the socket open: close() alone would send nothing yet.
        os.close(self.connection.detach())

    def drip(self, reply: Reply) -> None:
        self.begin(reply, len(reply.body))
        for byte in reply.body:
            if self.server.stopping.wait(reply.every_s):
                break
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
        self.close_connection = True

    def drip_headers(self, reply: Reply) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        number = 0
        while not self.server.stopping.wait(reply.every_s):
            number += 1
            self.wfile.write(f"X-{number}: more\r\n".encode())
            self.wfile.flush()
        self.close_connection = True

    def cut_off(self, reply: Reply) -> None:
        self.begin(reply, len(reply.body) + reply.amount)
        self.wfile.write(reply.body)
        self.close_connection = True

    def huge(self, reply: Reply) -> None:
        self.begin(reply, reply.amount)
        left = reply.amount
        while left > 0 and not self.server.stopping.is_set():
            self.wfile.write(b"x" * min(CHUNK, left))
            left -= CHUNK

    def bomb(self, reply: Reply) -> None:
        packed = gzip.compress(bytes(reply.amount))
        self.begin(reply, len(packed), ("Content-Encoding", "gzip"))
        self.wfile.write(packed)


_SENT = {
    How.WHOLE: _Handler.whole,
    How.SILENT: _Handler.silent,
    How.RESET: _Handler.reset,
    How.DRIP: _Handler.drip,
    How.DRIP_HEADERS: _Handler.drip_headers,
    How.CUT_OFF: _Handler.cut_off,
    How.HUGE: _Handler.huge,
    How.BOMB: _Handler.bomb,
}


@contextmanager
def serving(rules: Sequence[Rule], port: int = 0) -> Iterator[ReplayServer]:
    """A server in a thread of its own, for as long as the block runs."""
    server = _Server(port, rules)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server.seen
    finally:
        server.stopping.set()
        server.shutdown()
        server.server_close()
        thread.join()


class Routed:
    """A network whose names are given: name to (the address it resolves to, the loopback port that answers).

    Stands in for the operating system's resolver and routing, so that a public address can be tried
    without leaving the machine. A name may be given several addresses in turn.
    """

    def __init__(self, names: Mapping[str, Sequence[str]], ports: Mapping[str, int]) -> None:
        self._names = {name: [ip_address(one) for one in addresses] for name, addresses in names.items()}
        self._ports = {ip_address(address): port for address, port in ports.items()}
        self.connected: list[IPAddress] = []

    def resolve(self, host: str, port: int) -> list[IPAddress]:
        if host not in self._names:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return self._names[host]

    def connect(self, address: IPAddress, port: int, timeout: float | None) -> httpcore.NetworkStream:
        self.connected.append(address)
        return httpcore.SyncBackend().connect_tcp("127.0.0.1", self._ports.get(address, port), timeout)


def rules_of(file: Path) -> list[Rule]:
    """Rules from JSON: a list of objects with the fields of Rule; a body is `body` (text) or `body_file`."""
    return [_rule(row, file.parent) for row in json.loads(file.read_text(encoding="utf-8"))]


def _rule(row: dict[str, Any], folder: Path) -> Rule:
    replies = tuple(_reply(dict(one), folder) for one in row.pop("replies"))
    params = tuple((str(name), str(value)) for name, value in dict(row.pop("params", {})).items())
    return Rule(replies=replies, params=params, **row)


def _reply(row: dict[str, Any], folder: Path) -> Reply:
    text, body_file = row.pop("body", ""), row.pop("body_file", None)
    body = (folder / body_file).read_bytes() if body_file else str(text).encode()
    headers = tuple((str(name), str(value)) for name, value in dict(row.pop("headers", {})).items())
    return Reply(headers=headers, body=body, how=How(row.pop("how", How.WHOLE)), **row)


def main(arguments: Sequence[str]) -> None:
    """Serve the rules of a file until interrupted; then print what was asked, a JSON line a request."""
    with serving(rules_of(Path(arguments[0])), int(arguments[1]) if len(arguments) > 1 else 0) as server:
        print(server.url, flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            for seen in server.requests:
                print(json.dumps({"key": seen.key, "at": seen.at, "index": seen.index, "status": seen.status}))


if __name__ == "__main__":
    main(sys.argv[1:])

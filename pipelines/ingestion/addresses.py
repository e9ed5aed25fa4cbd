"""Which addresses may be connected to, and the transport that connects to no other.

The name is resolved here, the address is judged here, and the connection goes to that very address, so
that a name cannot mean one address when judged and another when connected to. A proxy would resolve in our
place: none is used, the environment's included. Does not belong here: redirects, retries, keys' rules (http_edge.py).
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlencode

import httpcore
import httpx

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_MAX_ADDRESSES = 6  # of one name: more are not tried
_MAX_CONNECTIONS = 32
_KEPT_OPEN_S = 15.0

_DEADLINE: ContextVar[float | None] = ContextVar("deadline", default=None)

TIMEOUTS: tuple[type[Exception], ...] = (httpx.TimeoutException, httpcore.TimeoutException)
BREAKS: tuple[type[Exception], ...] = (
    httpx.TransportError,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
    ssl.SSLError,
)


class RefusedAddressError(Exception):
    """The name has no address that may be connected to. The message names the host, not the address."""


class NoSuchHostError(Exception):
    """The name has no address at all."""


@dataclass(frozen=True)
class Origin:
    """Scheme, host and port: what a configured base and a request must share to be the same place."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: httpx.URL) -> Origin:
        return cls(
            url.scheme,
            url.raw_host.decode("ascii").casefold(),
            url.port or {"http": 80, "https": 443}.get(url.scheme, 0),
        )


@dataclass(frozen=True)
class Sending:
    """What goes with a request beside itself: put in when it is sent, so that no log or repr shows it.

    `permitted` is the configured origin whose address may be private; None: public addresses only.
    """

    permitted: Origin | None = None
    params: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)


def is_public(address: IPAddress) -> bool:
    """Whether an address belongs to a host of the open internet, those that wrap an IPv4 address included."""
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not address.is_multicast and not address.is_reserved
    wrapped = _wrapped(address)
    if wrapped is not None:
        return all(is_public(one) for one in wrapped)
    return address in _GLOBAL_UNICAST and address.is_global


def _wrapped(address: ipaddress.IPv6Address) -> tuple[ipaddress.IPv4Address, ...] | None:
    """The IPv4 addresses that traffic to this IPv6 address ends up at; None where it wraps none."""
    if address.ipv4_mapped is not None:
        return (address.ipv4_mapped,)
    if address.sixtofour is not None:
        return (address.sixtofour,)
    if address.teredo is not None:
        return address.teredo
    if address in _NAT64:
        return (ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF),)
    if (int(address) >> 32) & 0xFCFF_FFFF == 0x0000_5EFE:  # ISATAP, either value of its u and g bits
        return (ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF),)
    return None


class Network(Protocol):
    """The edge to the operating system."""

    def resolve(self, host: str, port: int) -> list[IPAddress]:
        """The addresses of a name. Raises OSError where it has none."""

    def connect(self, address: IPAddress, port: int, timeout: float | None) -> httpcore.NetworkStream:
        """A connection to that very address. Raises httpcore's ConnectError or ConnectTimeout."""


class SystemNetwork:
    """Names as the operating system resolves them; its resolver's own time limit holds."""

    def resolve(self, host: str, port: int) -> list[IPAddress]:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return list(dict.fromkeys(ipaddress.ip_address(str(where[0])) for *_, where in found))

    def connect(self, address: IPAddress, port: int, timeout: float | None) -> httpcore.NetworkStream:
        return httpcore.SyncBackend().connect_tcp(str(address), port, timeout)


@contextmanager
def answering_within(seconds: float) -> Iterator[None]:
    """All reading and connecting of this thread inside the block ends after `seconds` on the wall's clock.

    HTTP clients bound each read only; a server that drips a byte a second would hold them for ever.
    """
    token = _DEADLINE.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _DEADLINE.reset(token)


def _left(timeout: float | None) -> float | None:
    deadline = _DEADLINE.get()
    if deadline is None:
        return timeout
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the whole answer took too long")
    return left if timeout is None else min(timeout, left)


class _TimedStream(httpcore.NetworkStream):
    """A connection whose every read and write also keeps to the deadline of the whole answer."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, _left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class CheckedBackend(httpcore.NetworkBackend):
    """Connects to public addresses, and to the one permitted origin whatever its address."""

    def __init__(self, network: Network, permitted: Origin | None) -> None:
        self._network = network
        self._permitted = permitted

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failed: Exception = httpcore.ConnectError("no connection")
        for address in self._addresses(host, port):
            try:
                return _TimedStream(self._network.connect(address, port, _left(timeout)))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        raise RefusedAddressError("a socket file is not an address that may be connected to")

    def _addresses(self, host: str, port: int) -> list[IPAddress]:
        bare = host.casefold().strip("[]")
        try:
            found = self._network.resolve(bare, port)
        except (OSError, UnicodeError) as error:
            raise NoSuchHostError(f"no address is known for {host[:200]}") from error
        if self._permitted is not None and (bare, port) == (self._permitted.host, self._permitted.port):
            return found[:_MAX_ADDRESSES]
        public = [address for address in found if is_public(address)]
        if not public:
            raise RefusedAddressError(f"{host[:200]} is not on the open internet")
        return public[:_MAX_ADDRESSES]


class CheckedTransport(httpx.BaseTransport):
    """httpx over httpcore with checked addresses, no proxy, and secrets put in at the last moment.

    Each permitted origin has connections of its own: a connection to a private address is never lent to
    a request that may not open it.
    """

    def __init__(self, permitted: Collection[Origin], network: Network | None = None) -> None:
        used = network or SystemNetwork()
        tls = httpx.create_ssl_context(trust_env=False)
        self._pools = {origin: _pool(CheckedBackend(used, origin), tls) for origin in (None, *permitted)}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        sending: Sending = request.extensions.get("sending", Sending())
        permitted = sending.permitted if sending.permitted == Origin.of(request.url) else None
        url, target = request.url, request.url.raw_path
        if sending.params:
            target += (b"&" if b"?" in target else b"?") + urlencode(sending.params).encode()
        replaced = {name.casefold().encode() for name, _ in sending.headers}
        headers = [(name, value) for name, value in request.headers.raw if name.lower() not in replaced]
        assert isinstance(request.stream, httpx.SyncByteStream)
        answered = self._pools[permitted].handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=target),
                headers=[*headers, *((name.encode(), value.encode()) for name, value in sending.headers)],
                content=request.stream,
                extensions={"timeout": request.extensions.get("timeout", {})},
            )
        )
        assert isinstance(answered.stream, Iterable)
        # httpx reads a Location even where it does not follow, and takes one it cannot read for a broken connection.
        location = next((value for name, value in answered.headers if name.lower() == b"location"), b"")
        return httpx.Response(
            answered.status,
            headers=[(name, value) for name, value in answered.headers if name.lower() != b"location"],
            stream=_Body(answered.stream),
            extensions={"location": location.decode(errors="replace")},
        )

    def close(self) -> None:
        for pool in self._pools.values():
            pool.close()


def _pool(backend: CheckedBackend, tls: ssl.SSLContext) -> httpcore.ConnectionPool:
    return httpcore.ConnectionPool(
        ssl_context=tls,
        max_connections=_MAX_CONNECTIONS,
        max_keepalive_connections=_MAX_CONNECTIONS,
        keepalive_expiry=_KEPT_OPEN_S,
        network_backend=backend,
    )


class _Body(httpx.SyncByteStream):
    """The bytes of an answer as they come."""

    def __init__(self, stream: Iterable[bytes]) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream

    def close(self) -> None:
        close = getattr(self._stream, "close", None)
        if close is not None:
            close()

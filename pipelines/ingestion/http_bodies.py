"""From the chunks of an answer to its bytes: unpacked, and never more than allowed.

Unpacking stops at the bound itself, so that a small body that unpacks to gigabytes costs no more than the
bound. Does not belong here: sockets, time (http_edge.py), what the bytes mean (indexes/decoding.py).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable

UNPACKED = frozenset({"gzip", "x-gzip", "deflate"})
PLAIN = frozenset({"", "identity"})

_ZLIB_OR_GZIP = zlib.MAX_WBITS | 32


class TooLargeError(Exception):
    """The body has more bytes than allowed, unpacked."""


class BrokenOffError(Exception):
    """The packed body ends early, or is none."""


class UnknownPackingError(Exception):
    """The body is packed in a way that was not asked for."""


def bounded_body(chunks: Iterable[bytes], packing: str, most_bytes: int) -> bytes:
    """The whole body, unpacked. `packing` is the Content-Encoding header. Raises one of the errors above."""
    named = packing.strip().casefold()
    if named in PLAIN:
        return _joined(chunks, most_bytes)
    if named in UNPACKED:
        return _joined(_unpacked(chunks, most_bytes), most_bytes)
    raise UnknownPackingError(f"packed as {named[:40]!r}")


def _joined(chunks: Iterable[bytes], most_bytes: int) -> bytes:
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > most_bytes:
            raise TooLargeError(f"more than {most_bytes:,} bytes")
    return bytes(body)


def _unpacked(chunks: Iterable[bytes], most_bytes: int) -> Iterable[bytes]:
    """Pieces of at most `most_bytes + 1` bytes each: one that is too large is enough to stop at."""
    unpacking = zlib.decompressobj(_ZLIB_OR_GZIP)
    began = False
    for chunk in chunks:
        rest = chunk
        while rest:
            if unpacking.eof:  # the next of several packed members
                unpacking = zlib.decompressobj(_ZLIB_OR_GZIP)
            began = True
            try:
                yield unpacking.decompress(rest, most_bytes + 1)
            except zlib.error as error:
                raise BrokenOffError("what it packed cannot be unpacked") from error
            rest = unpacking.unused_data or unpacking.unconsumed_tail
    if began and not unpacking.eof:
        raise BrokenOffError("what it packed ends early")

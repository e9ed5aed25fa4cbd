"""What is sent with a request and never kept: the contact address and the keys.

Input: an index's credentials and their values. Output: what to send, and texts, addresses and bodies from
which the values are taken out, since services echo what they were asked. Does not belong here: sending.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol
from urllib.parse import unquote_plus

from pipelines.ingestion.indexes.contract import Credentials

REMOVED = "[removed]"

_SHORTEST = 6  # shorter values stand in texts by chance


class Secret(Protocol):
    """A value that does not show itself; pydantic's SecretStr is one."""

    def get_secret_value(self) -> str: ...


class Withheld:
    """The values of one index's credentials, and those of all others that must not be kept either."""

    def __init__(
        self, credentials: Credentials, contact: str | None, key: Secret | None, others: Sequence[Secret] = ()
    ) -> None:
        value = key.get_secret_value() if key is not None else ""
        self.params = tuple(
            (name, stated)
            for name, stated in ((credentials.contact_param, contact or ""), (credentials.key_param, value))
            if name and stated
        )
        named = credentials.key_header and value
        self.headers = ((credentials.key_header, credentials.key_prefix + value),) if named else ()
        self._names = {name.casefold() for name in (credentials.contact_param, credentials.key_param) if name}
        address = contact or ""
        values = {address, address.casefold(), value, *(other.get_secret_value() for other in others)}
        self._values = sorted((one for one in values if len(one) >= _SHORTEST), key=len, reverse=True)
        written = "|".join("".join(map(_any_writing, one)) for one in self._values)
        self._in_text = re.compile(written) if written else None
        self._in_bytes = re.compile(written.encode()) if written else None

    def __repr__(self) -> str:
        return "Withheld()"

    def clean_url(self, url: str) -> str:
        """The address without the parameters that carry a value, and without the value anywhere else."""
        place, mark, query = url.partition("?")
        kept = [part for part in query.split("&") if not self._carries(part)] if mark else []
        return self.clean_text(f"{place}?{'&'.join(kept)}" if kept else place)

    def _carries(self, part: str) -> bool:
        name, _, value = part.partition("=")
        return unquote_plus(name).casefold() in self._names or unquote_plus(value) in self._values

    def clean_text(self, text: str) -> str:
        return self._in_text.sub(REMOVED, text) if self._in_text is not None else text

    def clean_body(self, body: bytes) -> bytes:
        """The body as received, unless it echoes a value."""
        return self._in_bytes.sub(REMOVED.encode(), body) if self._in_bytes is not None else body


def _any_writing(character: str) -> str:
    """A pattern of the ways that addresses, JSON, HTML and XML write a character."""
    if character.isalnum():
        return character
    code = ord(character)
    ways = [re.escape(way) for way in (character, f"\\{character}", f"&#{code};")]
    ways += [f"%(?i:{code:02x})", rf"\\u00(?i:{code:02x})", f"&#[xX](?i:{code:x});", *(["&amp;"] * (character == "&"))]
    return f"(?:{'|'.join(ways)})"

"""The feed of corrections: Atom 1.0 (RFC 4287), for whoever wants to hear when a record changes.

Belongs here: the form of the feed. Does not belong here: which corrections are the newest (warehouse), words for a
change (`site.changes`). Ids are URNs made of hashes, so that an entry keeps its id when the site moves; no clock is
read. Without an address links are relative to where the feed was fetched, which RFC 4287 allows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from lxml import etree

from pipelines.models import Correction, Model
from pipelines.publication.site.address import SiteAddress
from pipelines.publication.site.changes import changes_in_words
from pipelines.publication.site.text import LONGEST_NAME, LONGEST_TITLE, corrections_name, page_name, shown
from pipelines.publication.site.words import sentence_case

FEED = "corrections.atom"
MOST_ENTRIES = 200

_ATOM = "http://www.w3.org/2005/Atom"
_XHTML = "http://www.w3.org/1999/xhtml"
_UNPREFIXED: dict[Any, str] = {None: _ATOM}
_UNPREFIXED_XHTML: dict[Any, str] = {None: _XHTML}
_IDS = UUID("6c1d7d0e-9a55-5d0e-8a3b-1f6b7e0f4c21")  # name space of our ids, drawn once
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # `updated` is demanded; of a feed without entries no time is known
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class CorrectionEntry(Model):
    """A correction with what the feed says of its record."""

    record_id: str
    title: str | None  # None: the record states none
    correction: Correction
    ordinals: Mapping[str, int] = {}  # claim id to its number on the page, of the claims that changed


def corrections_atom(entries: Sequence[CorrectionEntry], address: SiteAddress, *, origin: str = "") -> bytes:
    """The feed: newest first, at most `MOST_ENTRIES`.

    `origin` is a name that the warehouse keeps and no other has: the id of the feed is made of it.
    """
    newest = sorted(entries, key=_newest_first)[:MOST_ENTRIES]
    feed = etree.Element(f"{{{_ATOM}}}feed", nsmap=_UNPREFIXED)
    feed.set("{http://www.w3.org/XML/1998/namespace}lang", "en")
    _add(feed, "id", _urn(f"feed {origin}"))
    _add(feed, "title", "Corrections of all records, claimgate")
    _add(feed, "subtitle", f"What changed in public; the newest {MOST_ENTRIES} at most, corrections.json names all.")
    _add(feed, "updated", _moment(newest[0].correction.recorded_at if newest else _NEVER))
    _add(_add(feed, "author"), "name", "claimgate")
    _add(feed, "generator", "claimgate")
    _add(feed, "link", rel="alternate", type="text/html", href=address.link("index.html"))
    own = address.of(FEED)
    if own:
        _add(feed, "link", rel="self", type="application/atom+xml", href=own)
    for one in newest:
        _entry(feed, one, address)
    return bytes(etree.tostring(feed, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _entry(feed: etree._Element, one: CorrectionEntry, address: SiteAddress) -> None:
    event = one.correction
    title = one.title if one.title is not None else f"Record {one.record_id}"
    kind = sentence_case(shown(event.kind, LONGEST_NAME))
    entry = _add(feed, "entry")
    _add(entry, "id", _urn(f"correction {event.hash}"))
    _add(entry, "title", f"{shown(title, LONGEST_TITLE)}: {kind.lower()} changed")
    _add(entry, "updated", _moment(event.recorded_at))
    _add(entry, "published", _moment(event.recorded_at))
    _add(entry, "category", term=_legal(shown(event.kind, LONGEST_NAME)), label=_legal(kind))
    page = f"{page_name(one.record_id)}#corrections"
    _add(entry, "link", rel="alternate", type="text/html", href=address.link(page))
    _add(entry, "link", rel="related", type="application/x-ndjson", href=address.link(corrections_name(one.record_id)))
    content = _add(entry, "content", type="xhtml")
    body = etree.SubElement(content, f"{{{_XHTML}}}div", nsmap=_UNPREFIXED_XHTML)
    _html(body, "p", f"{kind}. Why: {shown(event.why, LONGEST_TITLE)}.")
    changed = _html(body, "ul")
    for line in changes_in_words(event, one.ordinals):
        _html(changed, "li", line)
    record_id = shown(one.record_id, LONGEST_TITLE)
    _html(body, "p", f"Correction {event.sequence} of record {record_id}, sha256 {shown(event.hash, LONGEST_NAME)}.")


def _newest_first(one: CorrectionEntry) -> tuple[float, str, int]:
    return -one.correction.recorded_at.timestamp(), one.record_id, -one.correction.sequence


def _add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    made = etree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    made.text = None if text is None else _legal(text)
    return made


def _html(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    made = etree.SubElement(parent, f"{{{_XHTML}}}{name}")
    made.text = None if text is None else _legal(text)
    return made


def _legal(text: str) -> str:
    """Without what XML 1.0 has no way to write: control characters, half a surrogate pair, U+FFFE and U+FFFF."""
    return _NO_XML.sub("\ufffd", text)


def _urn(name: str) -> str:
    return uuid5(_IDS, name).urn


def _moment(value: datetime) -> str:
    """RFC 3339 in UTC."""
    return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")

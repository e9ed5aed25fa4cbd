"""The sitemap: every page of the site with the day it last changed (sitemaps.org, protocol 0.9).

Belongs here: its form and limits. Does not belong here: which pages there are (warehouse). The protocol knows absolute
addresses only, so that without one there is no sitemap.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from pipelines.publication.site.address import SiteAddress

SITEMAP = "sitemap.xml"
MOST_URLS = 50_000  # of one file, by the protocol; 50 MB is its other limit, which 50,000 short names do not reach

_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_UNPREFIXED: dict[Any, str] = {None: _SPACE}


def sitemap_xml(pages: Mapping[str, datetime | None], address: SiteAddress) -> dict[str, bytes]:
    """File name to bytes: one sitemap, or an index of several above `MOST_URLS` pages; nothing without an address.

    `pages`: path within the site to when it last changed, None where that is not known.
    """
    if address.url is None:
        return {}
    listed = sorted(pages.items())
    if len(listed) <= MOST_URLS:
        return {SITEMAP: _file("urlset", "url", _located(listed, address))}
    parts = [listed[start : start + MOST_URLS] for start in range(0, len(listed), MOST_URLS)]
    files = {
        f"sitemap-{number}.xml": _file("urlset", "url", _located(part, address)) for number, part in enumerate(parts, 1)
    }
    newest = [(name, _newest(part)) for name, part in zip(files, parts, strict=True)]
    return {**files, SITEMAP: _file("sitemapindex", "sitemap", _located(newest, address))}


def _newest(pages: Sequence[tuple[str, datetime | None]]) -> datetime | None:
    return max((changed for _, changed in pages if changed), default=None)


def _located(
    pages: Iterable[tuple[str, datetime | None]], address: SiteAddress
) -> Iterable[tuple[str, datetime | None]]:
    return ((address.link(path), changed) for path, changed in pages)


def _file(root: str, each: str, located: Iterable[tuple[str, datetime | None]]) -> bytes:
    made = etree.Element(f"{{{_SPACE}}}{root}", nsmap=_UNPREFIXED)
    for url, changed in located:
        entry = etree.SubElement(made, f"{{{_SPACE}}}{each}")
        etree.SubElement(entry, f"{{{_SPACE}}}loc").text = url
        if changed is not None:
            moment = changed.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
            etree.SubElement(entry, f"{{{_SPACE}}}lastmod").text = moment
    return bytes(etree.tostring(made, xml_declaration=True, encoding="UTF-8", pretty_print=True))

"""Signposting: typed links from a record's page to what belongs to it, for machines that do not read prose.

Belongs here: the links in the page's head (FAIR Signposting, level 1) and the link set in the record's folder (level 2,
RFC 9264). Does not belong here: which files there are. Nothing is linked that was not named. `cite-as` demands an
address that stays, so it is left out where the site has none. `license` and `author` are: a record states neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.publication.exports.record_citation import record_link
from pipelines.publication.manifest import manifest_bytes
from pipelines.publication.site.address import SiteAddress
from pipelines.publication.site.record_files import LINKSET, RecordFile, record_files
from pipelines.publication.site.text import page_name
from pipelines.publication.views import PublicRecord

# The page, and what it is about: our check, which is what its files hold.
_TYPES = ("https://schema.org/AboutPage", "https://schema.org/Review")

_BACK = {"describedby": "describes", "item": "collection"}  # the same link, seen from the file


@dataclass(frozen=True)
class Link:
    rel: str
    href: str
    media_type: str | None = None


def record_links(record: PublicRecord, files: Sequence[RecordFile], address: SiteAddress) -> tuple[Link, ...]:
    """The links of the record's page; those to its files are relative to it."""
    page = address.of(page_name(record.record_id))
    published = record_link(record)
    return (
        *([Link("cite-as", page)] if page else []),
        *(Link("type", kind) for kind in _TYPES),
        *([Link("related", published)] if published else []),
        *(Link(_relation(file), file.path, file.media_type) for file in files),
    )


def _relation(file: RecordFile) -> str:
    if file.name == LINKSET:
        return "linkset"
    return "describedby" if file.describes else "item"


def linkset_bytes(record: PublicRecord, files: Sequence[str], address: SiteAddress) -> bytes:
    """The link set of a record, `application/linkset+json`, to be written as `linkset.json` in its folder.

    `files`: names of the files in that folder. Links are absolute where the address is known, as RFC 9264 asks for;
    else relative to the link set.
    """
    held = [file for file in record_files(record.record_id, files) if file.name != LINKSET]
    page = address.link(page_name(record.record_id), root="../")
    to_files = [Link(_relation(file), address.of(file.path) or file.name, file.media_type) for file in held]
    to_page = [_target(Link("", page, "text/html"))]
    back = [{"anchor": link.href, _BACK[link.rel]: to_page} for link in to_files]
    forth = _grouped([*record_links(record, (), address), *to_files])
    return manifest_bytes({"linkset": [{"anchor": page, **forth}, *back]})


def _grouped(links: Sequence[Link]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for link in links:
        found.setdefault(link.rel, []).append(_target(link))
    return found


def _target(link: Link) -> dict[str, str]:
    return {"href": link.href, **({"type": link.media_type} if link.media_type else {})}

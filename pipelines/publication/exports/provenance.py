"""What RO-Crate and PROV both tell of a record: its works, the runs that checked it, the states it was in.

Belongs here: the identifiers of things outside, text as these documents may hold it, and the facts that a
`PublicRecord` holds in several places, gathered once. Does not belong here: the form of either document. All text is
foreign; what leaves here is bounded and can be written as UTF-8, and every address is a valid URI (RFC 3986) or None.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from types import MappingProxyType
from urllib.parse import quote

from pipelines.publication.site.text import LONGEST_TEXT, safe_link
from pipelines.publication.views import PublicRecord, SourceView

# No home page of it is known, so its package URL names it: a URI that asks for no registry.
SOFTWARE = "pkg:generic/claimgate"
STATES_TOLD = 100  # of a record corrected more often, the latest; its log holds all

_LONGEST_IDENTIFIER = 300
_SURROGATE = re.compile("[\ud800-\udfff]")
_BARE_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
_CLIMBS = re.compile(r"(?:^|[/?#])\.{1,2}(?:[/?#]|$)")
_RESOLVERS: Mapping[str, str] = MappingProxyType(
    {
        "doi": "https://doi.org/",
        "arxiv": "https://arxiv.org/abs/",
        "pmid": "https://pubmed.ncbi.nlm.nih.gov/",
        "pmcid": "https://pmc.ncbi.nlm.nih.gov/articles/",
        "isbn": "urn:isbn:",
        "openalex": "https://openalex.org/",
        "s2": "https://www.semanticscholar.org/paper/",
    }
)


@dataclass(frozen=True)
class Work:
    """A work that the record cites or that a quotation is from; `view` is None where only its title is held."""

    source_id: str
    title: str
    view: SourceView | None


@dataclass(frozen=True)
class Check:
    """Claims, by position in the record, that one version of one back end judged at one time."""

    backend: str | None
    verifier_version: str | None
    at: datetime | None
    claims: tuple[int, ...]


def works(record: PublicRecord) -> dict[str, Work]:
    """Every work by its source id: the record's, those found by searching, those only quoted."""
    held = {one.source_id: Work(one.source_id, one.title, one) for one in (*record.sources, *record.found_sources)}
    for view in record.claims:
        for one in view.evidence:
            source_id = one.evidence.source_id
            held.setdefault(source_id, Work(source_id, one.source_title, None))
    return held


def checks(record: PublicRecord) -> tuple[Check, ...]:
    """The runs that gave the verdicts of machines, in the order of their first claim; a person's are no check."""
    grouped: dict[tuple[str | None, str | None, datetime | None], list[int]] = {}
    for position, view in enumerate(record.claims):
        if view.adjudication is None and (view.backend is not None or view.verified_at is not None):
            grouped.setdefault((view.backend, view.verifier_version, view.verified_at), []).append(position)
    return tuple(Check(*key, tuple(positions)) for key, positions in grouped.items())


def last_change(record: PublicRecord) -> datetime | None:
    """The time of the latest thing publicly held; None where nothing held bears a time."""
    times = [view.verified_at for view in record.claims]
    times += [view.adjudication.recorded_at for view in record.claims if view.adjudication]
    times += [gate.evaluated_at for gate in record.gates]
    times += [one.attempt.attempted_at for one in record.artifacts if one.attempt]
    times += [one.recorded_at for one in record.corrections]
    return max((one for one in times if one is not None), default=None)


@cache
def software_version() -> str:
    """The version of claimgate that writes the document."""
    return version("claimgate")


def moment(value: datetime) -> str:
    """ISO 8601 in UTC."""
    return value.astimezone(UTC).isoformat()


def told(text: str, limit: int = LONGEST_TEXT) -> str:
    """`text` as it stands, bounded; a lone surrogate, which no UTF-8 holds, becomes U+FFFD."""
    cut = text if text.isascii() else _SURROGATE.sub("\ufffd", text[:limit])
    left_out = len(text) - limit
    return f"{cut[:limit]} … [{left_out:,} more characters not given]" if left_out > 0 else cut


def work_uri(identifier: str) -> str | None:
    """The URI that an identifier such as `doi:10.5555/x` is known by; None where it has none that is valid."""
    kind, _, value = identifier.partition(":")
    if kind == "url":
        return web_uri(value)
    resolver = _RESOLVERS.get(kind)
    if resolver is None or not value or len(value) > _LONGEST_IDENTIFIER or _CLIMBS.search(value):
        return None
    return resolver + quote(value, safe="/:;.()-_~", errors="replace")


def web_uri(url: str | None) -> str | None:
    """A web address as a valid URI; None where no page would link to it either."""
    linked = safe_link(url)
    if linked is None or _CLIMBS.search(linked):
        return None
    address, mark, fragment = _BARE_PERCENT.sub("%25", linked).partition("#")
    return _bracketless(address) + mark + _bracketless(fragment).replace("#", "%23")


def _bracketless(part: str) -> str:
    return part.replace("[", "%5B").replace("]", "%5D")


def joined(parts: Iterable[str | None]) -> str:
    """Sentences in a row; what is absent is passed over."""
    return " ".join(part for part in parts if part)


def confidence_in_words(confidence: float | None) -> str:
    """Neither vocabulary has a term for it; the manifest holds the exact figure."""
    return "No confidence is given." if confidence is None else f"Confidence {confidence:.4g}."

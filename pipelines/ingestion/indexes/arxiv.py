"""arXiv's query API: an Atom feed of preprints.

Owns the queries (by id, title, words) and the reading of the feed. Does not belong here: the fields of a record
as a `Work` (arxiv_records.py), every version with its date (arxiv_oai.py). The feed has one version, the latest
unless another is asked for. Documentation: https://info.arxiv.org/help/api/user-manual.html
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml import etree

from pipelines.ingestion.identifiers import normalised_arxiv
from pipelines.ingestion.indexes.arxiv_records import (
    COVERS,
    PACE,
    StatedRecord,
    StatedVersion,
    children,
    day_of,
    folded,
    names,
    words_of,
    work_of_record,
)
from pipelines.ingestion.indexes.contract import (
    Answered,
    By,
    FaultKind,
    Index,
    IndexFault,
    Lookup,
    Request,
    Response,
)
from pipelines.ingestion.indexes.decoding import QUOTED, fault_of_status, retry_after_of, xml_of
from pipelines.ingestion.indexes.json_fields import read_works
from pipelines.ingestion.indexes.lucene import phrase, query_words
from pipelines.models import Work

NAME = "arxiv"
MAX_RESULTS = 2_000  # of one request

_TOO_FAST = re.compile(rb"\s{0,20}rate exceeded", re.IGNORECASE)
_ERRORS = "/api/errors"


def request(lookups: Sequence[Lookup], base: str) -> Request:
    """One request: up to fifty ids, or one title, or the words of one question."""
    first = lookups[0]
    if first.by is By.ARXIV:
        asked = ("id_list", ",".join(lookup.value for lookup in lookups))
        wanted = len(lookups)
    else:
        every = " OR ".join(f"all:{word}" for word in query_words(first.value))
        query = phrase(first.value, "ti") if first.by is By.TITLE else every
        asked, wanted = ("search_query", query), min(first.limit, MAX_RESULTS)
    return Request(f"{base}/api/query", (asked, ("start", "0"), ("max_results", str(wanted))))


def too_fast(response: Response) -> IndexFault | None:
    """arXiv says "Rate exceeded." in plain words, with more than one status and without a time to wait."""
    if not _TOO_FAST.match(response.body[:100]):
        return None
    return IndexFault(FaultKind.TOO_FAST, "it says that the rate is exceeded", retry_after_of(response))


def parse(response: Response) -> Answered | IndexFault:
    """The works of a feed. An unknown id is simply missing from it."""
    if (fault := too_fast(response)) is not None:
        return fault
    refused = fault_of_status(response)
    if refused is not None and refused.kind is not FaultKind.BAD_REQUEST:
        return refused
    feed = xml_of(response)
    if isinstance(feed, IndexFault):
        return refused or feed
    if (fault := _stated_error(feed) or refused) is not None:
        return fault
    if etree.QName(feed).localname != "feed":
        return IndexFault(FaultKind.NOT_WORKS, "it answered with XML that is no feed")
    return _answered(feed)


def _stated_error(feed: etree._Element) -> IndexFault | None:
    """A bad id spoils the whole request: the one entry of the feed is then an error."""
    for entry in children(feed, "entry"):
        if _ERRORS in (words_of(entry, "id") or ""):
            said = folded(words_of(entry, "summary")) or "no reason"
            return IndexFault(FaultKind.BAD_REQUEST, f"it did not take the question: {said[:QUOTED]}")
    return None


def _answered(feed: etree._Element) -> Answered | IndexFault:
    entries = children(feed, "entry")
    total, start = _count(feed, "totalResults"), _count(feed, "startIndex") or 0
    if not entries and total is not None and total > start:
        return IndexFault(FaultKind.UNAVAILABLE, f"it says that it has {total:,} works and sent an empty page")
    works = read_works(entries, _work)
    if isinstance(works, IndexFault):
        return works
    behind = start + len(entries)
    return Answered(works, total, str(behind) if total is not None and behind < total else None)


def _count(feed: etree._Element, name: str) -> int | None:
    stated = (words_of(feed, name) or "").strip()
    return int(stated) if stated.isascii() and stated.isdigit() and len(stated) <= 12 else None


def _work(entry: etree._Element) -> Work:
    stated_id = words_of(entry, "id") or ""
    first, this = day_of(words_of(entry, "published")), day_of(words_of(entry, "updated"))
    number = normalised_arxiv(stated_id[:200])[1]
    versions = (StatedVersion(1, first),) if first else ()
    if number and (number > 1 or not first):
        versions = (*versions, StatedVersion(number, this))
    return work_of_record(
        StatedRecord(
            id=stated_id,
            title=words_of(entry, "title"),
            authors=names([words_of(author, "name") or "" for author in children(entry, "author")]),
            abstract=words_of(entry, "summary"),
            comment=words_of(entry, "comment"),
            journal=words_of(entry, "journal_ref"),
            doi=words_of(entry, "doi"),
            versions=versions,
            first_date=first,
            pdf=_pdf(entry),
        ),
        NAME,
    )


def _pdf(entry: etree._Element) -> str | None:
    for link in children(entry, "link"):
        href = str(link.get("href") or "")
        if link.get("title") == "pdf" and href.startswith(("https://", "http://")) and len(href) < 500:
            return href
    return None


INDEX = Index(
    name=NAME,
    title="arXiv",
    base="https://export.arxiv.org",
    pace=PACE,
    asks_by=frozenset({By.ARXIV, By.TITLE, By.SEARCH}),
    covers=COVERS,
    sent="arXiv ids and titles of the references; the words of a question",
    request=request,
    parse=parse,
    batch={By.ARXIV: 50},
)

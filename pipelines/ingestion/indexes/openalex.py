"""OpenAlex: an open catalogue of works of all fields, with their locations, and its own mark for retractions.

Input: lookups, and the JSON of its API. Output: a request, and works or a named fault. Looking up by identifier
costs nothing, so each is asked for by itself; searches are paid from a daily budget. Does not belong here:
sending, pacing, storing (the HTTP edge), abstracts as it keeps them (abstracts.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlsplit

from pipelines.ingestion.identifiers import normalised_arxiv, normalised_openalex, normalised_pmid
from pipelines.ingestion.indexes.abstracts import inverted_abstract
from pipelines.ingestion.indexes.contract import (
    Answered,
    By,
    Credentials,
    FaultKind,
    Index,
    IndexFault,
    Lookup,
    Pace,
    Request,
    Response,
)
from pipelines.ingestion.indexes.decoding import fault_of_status, json_of, retry_after_of
from pipelines.ingestion.indexes.json_fields import (
    MAX_ITEMS,
    an_object,
    count,
    objects,
    read_works,
    string,
    web_address,
    words,
    year,
)
from pipelines.ingestion.indexes.refusals import reasoned
from pipelines.ingestion.indexes.registered_fields import whole_doi
from pipelines.ingestion.indexes.title_marks import unmarked, with_title_notice
from pipelines.ingestion.library_rows import UnusableWork, work_of_fields
from pipelines.models import FullTextLocation, Notice, NoticeKind, Work, WorkVersion

BASE = "https://api.openalex.org"
ORIGIN = "openalex"
MOST_LISTED = 100  # the page size it advises at most
MOST_WORDS = 500  # characters of a title or a question
SELECT = (
    "id",
    "doi",
    "title",
    "display_name",
    "publication_year",
    "ids",
    "type",
    "is_retracted",
    "authorships",
    "primary_location",
    "best_oa_location",
    "locations",
    "abstract_inverted_index",
)

_NAMESPACES = {By.DOI: "doi:", By.PMID: "pmid:", By.PMCID: "pmcid:", By.OPENALEX: ""}
_LONG_WAIT = 60.0  # seconds: a limit that is renewed within a minute is one of pace, not of a day's budget
_SAYS_BUDGET = re.compile(r"\b(?:credits?|budget|insufficient|prepaid|daily)\b", re.IGNORECASE)
_SINGLE = re.compile(r"/works/.")
_WORK_ID = re.compile(r"(?:https?://(?:api\.)?openalex\.org/(?:works/)?)?W\d{1,12}$", re.IGNORECASE)
_NOT_WORDS = re.compile(r"[^\w'’.-]+")
_PMC_PAGE = re.compile(r"(?:https?://\S{1,80}/)?(?:pmc)?(\d{1,9})/?$", re.IGNORECASE)
_ARXIV_PAGE = re.compile(r"https?://(?:www\.)?arxiv\.org/(?:abs|pdf)/", re.IGNORECASE)
_LABELS = {"submittedVersion": "preprint", "acceptedVersion": "accepted", "publishedVersion": "published"}
_VERSIONS = {"submittedVersion": "submitted", "acceptedVersion": "accepted", "publishedVersion": "published"}
_OLDEST_FIRST = tuple(_LABELS.values())
# OpenAlex has marked announcements of retractions as retracted: these tell of another work.
_NOTICE_TITLE = re.compile(r"(?:retraction|withdrawal)(?:\s(?:notice|note))?(?:\s?[:.–—-]|\s(?:to|of|for)\b)", re.I)
_NOTICE_TYPES = frozenset({"retraction", "erratum"})


def request(lookups: Sequence[Lookup], base: str) -> Request:
    """The request for one lookup."""
    first = lookups[0]
    if first.by in _NAMESPACES:
        return Request(f"{base}/works/{_NAMESPACES[first.by]}{quote(first.value, safe='')}")
    asked = _plain_question(first.value)
    question = ("filter", f"title.search:{asked}") if first.by is By.TITLE else ("search", asked)
    size = max(1, min(first.limit, MOST_LISTED))
    return Request(f"{base}/works", (question, ("per_page", str(size)), ("select", ",".join(SELECT))))


def _plain_question(value: str) -> str:
    """Words alone: commas, colons and bars part filters, capital AND, OR and NOT are operators."""
    return " ".join(_NOT_WORDS.sub(" ", value[:MOST_WORDS]).casefold().split())


def parse(response: Response) -> Answered | IndexFault:
    """The works of an answer; none where a work asked for by itself is not found."""
    fault = fault_of_status(response)
    if fault is not None:
        return _refused(fault, response)
    if response.status in (404, 410):
        if _SINGLE.search(urlsplit(response.url).path):
            return Answered()
        return reasoned(IndexFault(FaultKind.BAD_REQUEST, f"it answered {response.status}"), response, _failure)
    data = json_of(response)
    if isinstance(data, IndexFault):
        return data
    if not isinstance(data, dict):
        return IndexFault(FaultKind.MALFORMED, "its answer is no object")
    return _work_list(data) if "results" in data else _single(data, response)


def _refused(fault: IndexFault, response: Response) -> IndexFault:
    """Too fast, or the day's budget is spent: then no patience of this run helps."""
    if response.status not in (403, 429):
        return reasoned(fault, response, _failure)
    body = json_of(response)
    said = _failure(body) or "" if not isinstance(body, IndexFault) else ""
    remaining, reset = _header(response, "x-ratelimit-remaining"), _header(response, "x-ratelimit-reset")
    required = _header(response, "x-ratelimit-credits-required") or 1.0
    spent = remaining is not None and remaining < required and (reset is None or reset > _LONG_WAIT)
    if spent or (response.status == 429 and _SAYS_BUDGET.search(said[:1_000])):
        wait = reset if reset is not None else retry_after_of(response)
        message = f"it answered {response.status}: the day's budget is spent"
        fault = IndexFault(FaultKind.BUDGET_SPENT, message, wait)
    elif response.status == 429 and fault.retry_after is None and reset is not None and reset <= _LONG_WAIT:
        fault = replace(fault, retry_after=reset)
    return reasoned(fault, response, _failure)


def _header(response: Response, name: str) -> float | None:
    stated = response.headers.get(name, "").strip()
    whole, _, part = stated.partition(".")
    digits = whole + part
    return float(stated) if digits.isascii() and digits.isdigit() and whole and len(stated) <= 9 else None


def _failure(data: Any) -> str | None:
    stated = an_object(data)
    parts = [part for part in (stated.get("error"), stated.get("message")) if isinstance(part, str)]
    return " ".join(parts) or None


def _work_list(data: Mapping[str, Any]) -> Answered | IndexFault:
    results, meta = data.get("results"), an_object(data.get("meta"))
    if not isinstance(results, list):
        return IndexFault(FaultKind.MALFORMED, "its results are no list")
    total = count(meta.get("count"))
    if not results and total is None:
        return IndexFault(FaultKind.MALFORMED, "its list is empty, and does not say that it is complete")
    works = read_works(results[:MAX_ITEMS], _work)
    if isinstance(works, IndexFault):
        return works
    return Answered(works, total, string(meta.get("next_cursor")) if results else None)


def _single(data: Mapping[str, Any], response: Response) -> Answered | IndexFault:
    if "id" not in data and _failure(data):
        return reasoned(IndexFault(FaultKind.BAD_REQUEST, "it says that the question failed"), response, _failure)
    works = read_works([data], _work)
    return works if isinstance(works, IndexFault) else Answered(works)


def _work(item: Any) -> Work:
    item = an_object(item)
    stated_id = string(item.get("id"))
    if stated_id is None or not _WORK_ID.match(stated_id):
        raise UnusableWork("it tells of something else than a work")
    stated = words(item.get("title")) or words(item.get("display_name"))
    title, mark = unmarked(stated or "")
    locations, notices = _locations(item), _notices(item, title)
    doi, arxiv_id = whole_doi(item.get("doi")), _arxiv_id(item, locations)
    if not title and not notices:
        raise UnusableWork("the work has no title")
    text, complete = inverted_abstract(item.get("abstract_inverted_index"))
    work = work_of_fields(
        title=title or "untitled",
        doi=doi,
        arxiv_id=arxiv_id,
        pmid=_pmid(item),
        pmcid=_pmcid(item),
        openalex=normalised_openalex(stated_id[:100]),
        authors=_authors(item),
        year=year(item.get("publication_year")),
        venue=_venue(item),
        type=string(item.get("type")),
        text=text,
        text_kind="abstract" if text else None,
        complete=complete,
        licence=_licence(item),
        notices=with_title_notice(notices, mark, ORIGIN),
        full_texts=_full_texts(item, locations),
        origin=ORIGIN,
    )
    versions = _versions(locations, doi, arxiv_id)
    names = dict.fromkeys((*work.aliases, *(version.source_id for version in versions)))
    names.pop(work.source_id, None)
    return work.model_copy(update={"aliases": tuple(names), "versions": versions, "title": work.title if title else ""})


def _notices(item: Mapping[str, Any], title: str) -> tuple[Notice, ...]:
    """OpenAlex tells neither when nor by which notice: a second opinion."""
    if item.get("is_retracted") is not True or string(item.get("type")) in _NOTICE_TYPES or _NOTICE_TITLE.match(title):
        return ()
    return (Notice(kind=NoticeKind.RETRACTED, origin=ORIGIN),)


def _locations(item: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Its locations, the best one first; in records of 2023 and before, the venues that host it."""
    listed = objects(item.get("locations")) or objects(item.get("alternate_host_venues"))
    firsts = (item.get("best_oa_location"), item.get("primary_location"), item.get("host_venue"))
    return [*(one for one in firsts if isinstance(one, dict)), *listed]


def _pmid(item: Mapping[str, Any]) -> str | None:
    stated = string(an_object(item.get("ids")).get("pmid"))
    return normalised_pmid(stated[:100]) if stated else None


def _pmcid(item: Mapping[str, Any]) -> str | None:
    stated = string(an_object(item.get("ids")).get("pmcid"))
    match = _PMC_PAGE.match(stated[:100]) if stated else None
    return f"PMC{match.group(1)}" if match else None


def _arxiv_id(item: Mapping[str, Any], locations: Sequence[Mapping[str, Any]]) -> str | None:
    """The id by its DOI or its page at arXiv; of several pages none, since works are at times mixed up."""
    doi = whole_doi(item.get("doi"))
    if doi is not None and doi.startswith("10.48550/arxiv."):
        return normalised_arxiv(doi)[0]
    found = {arxiv_id for one in locations if (arxiv_id := _arxiv_page(one)) is not None}
    return found.pop() if len(found) == 1 else None


def _arxiv_page(location: Mapping[str, Any]) -> str | None:
    page = web_address(location.get("landing_page_url")) or ""
    return normalised_arxiv(page)[0] if _ARXIV_PAGE.match(page) else None


def _authors(item: Mapping[str, Any]) -> tuple[str, ...]:
    named = (
        words(an_object(one.get("author")).get("display_name")) or words(one.get("raw_author_name"))
        for one in objects(item.get("authorships"))
    )
    return tuple(name for name in named if name)


def _venue(item: Mapping[str, Any]) -> str | None:
    source = an_object(an_object(item.get("primary_location")).get("source"))
    return words(source.get("display_name")) or words(an_object(item.get("host_venue")).get("display_name"))


def _licence(item: Mapping[str, Any]) -> str | None:
    places = (an_object(item.get(name)) for name in ("best_oa_location", "primary_location", "host_venue"))
    return next((stated for place in places if (stated := string(place.get("license")))), None)


def _full_texts(item: Mapping[str, Any], locations: Sequence[Mapping[str, Any]]) -> tuple[FullTextLocation, ...]:
    found: dict[str, FullTextLocation] = {}
    for one in locations:
        url, version = web_address(one.get("pdf_url")), one.get("version")
        if url is not None and url not in found:
            found[url] = FullTextLocation(
                url=url,
                media_type="application/pdf",
                version=_VERSIONS.get(version) if isinstance(version, str) else None,
                licence=string(one.get("license")),
            )
    return tuple(found.values())


def _versions(locations: Sequence[Mapping[str, Any]], doi: str | None, arxiv_id: str | None) -> tuple[WorkVersion, ...]:
    """The versions that have an identifier of their own, oldest first.

    A page address alone is no identifier: repositories state all sorts of addresses.
    """
    found: dict[str, str] = {}
    for one in locations:
        version, name = one.get("version"), _own_name(one, doi, arxiv_id)
        if isinstance(version, str) and version in _LABELS and name is not None:
            found.setdefault(name, _LABELS[version])
    ordered = sorted(found.items(), key=lambda item: _OLDEST_FIRST.index(item[1]))
    return tuple(WorkVersion(label=label, source_id=name) for name, label in ordered)


def _own_name(location: Mapping[str, Any], doi: str | None, arxiv_id: str | None) -> str | None:
    if arxiv_id is not None and _arxiv_page(location) == arxiv_id:
        return f"arxiv:{arxiv_id}"
    stated = string(location.get("id"))
    named = whole_doi(stated) if stated and stated.lower().startswith("doi:") else None
    if named is None and doi is not None and whole_doi(location.get("landing_page_url")) == doi:
        named = doi
    if named is not None and arxiv_id is not None and normalised_arxiv(named)[0] == arxiv_id:
        return f"arxiv:{arxiv_id}"
    return f"doi:{named}" if named else None


INDEX = Index(
    name=ORIGIN,
    title="OpenAlex",
    base=BASE,
    pace=Pace(requests=5, seconds=1, at_once=1),
    pace_known=Pace(requests=10, seconds=1, at_once=2),
    asks_by=frozenset({By.DOI, By.PMID, By.PMCID, By.OPENALEX, By.TITLE, By.SEARCH}),
    covers="journal articles, books, proceedings, preprints and data sets of all fields",
    sent="identifiers, titles and the words of a question; the key, where one is set",
    request=request,
    parse=parse,
    credentials=Credentials(key_param="api_key"),
)

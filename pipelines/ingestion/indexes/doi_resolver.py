"""The DOI system itself: is a DOI registered, with whom, and how does its registry describe it?

Owns content negotiation at doi.org (answered by the registry, to which it redirects) and the question for the
registration agency of a prefix. Does not belong here: what Crossref and DataCite tell beyond CSL-JSON
(crossref.py, datacite.py). Documentation: https://citation.doi.org/docs.html, https://www.doi.org/the-identifier/resources/handbook/5_resolution
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from pipelines.ingestion.identifiers import normalised_arxiv
from pipelines.ingestion.indexes.abstracts import jats_abstract
from pipelines.ingestion.indexes.contract import (
    Answered,
    By,
    FaultKind,
    Index,
    IndexFault,
    Lookup,
    Pace,
    Request,
    Response,
)
from pipelines.ingestion.indexes.decoding import MAX_BODY, fault_of_status, json_of
from pipelines.ingestion.indexes.json_fields import (
    an_object,
    label,
    objects,
    person,
    read_works,
    string,
    web_address,
    words,
    year,
)
from pipelines.ingestion.indexes.registered_fields import whole_doi
from pipelines.ingestion.indexes.title_marks import unmarked, with_title_notice
from pipelines.ingestion.library_rows import UnusableWork, work_of_fields
from pipelines.models import Work

NAME = "doi"
CSL = "application/vnd.citationstyles.csl+json"
MAX_NAMED = 60

_RESOLVERS = ("doi.org", "www.doi.org", "dx.doi.org")
# Where registries answer for doi.org: "not found" there speaks of the description, not of the DOI.
_REGISTRIES = (
    "api.crossref.org",
    "data.crossref.org",
    "data.crosscite.org",
    "data.datacite.org",
    "api.datacite.org",
    "data.medra.org",
)
_NO_DESCRIPTION = (204, 406)
_ARXIV_DOI = "10.48550/arxiv."


def request(lookups: Sequence[Lookup], base: str) -> Request:
    """The description of one DOI, in the words of the registry that holds it."""
    return Request(f"{base}/{quote(lookups[0].value, safe='')}", headers=(("accept", CSL),))


def agencies(response: Response) -> Mapping[str, str | None] | IndexFault:
    """Registration agencies by prefix, None where nobody registered it."""
    if (fault := fault_of_status(response)) is not None:
        return fault
    body = json_of(response)
    if isinstance(body, IndexFault):
        return body
    if not _is_about_agencies(body):
        return IndexFault(FaultKind.NOT_WORKS, "its answer names no registration agency")
    rows = [(string(row.get("DOI")), string(row.get("RA"))) for row in objects(body)]
    return {prefix[:MAX_NAMED]: agency[:MAX_NAMED] if agency else None for prefix, agency in rows if prefix}


def parse(response: Response) -> Answered | IndexFault:
    """The work that the registry describes; none where the DOI is not registered anywhere.

    A redirect, a page and "I have no such form" all say that the DOI exists and say nothing about the work:
    they are faults, so that they count neither for nor against a reference.
    """
    if 300 <= response.status < 400:
        return _of_redirect(response)
    if response.status in _NO_DESCRIPTION:
        return _exists("its registry has no description of it")
    if response.status in (404, 410):
        if _host(response.url) in _REGISTRIES:
            return _exists("its registry has no description of it")
        return Answered()
    if (fault := fault_of_status(response)) is not None:
        return fault
    return _described(response)


def _described(response: Response) -> Answered | IndexFault:
    if len(response.body) <= MAX_BODY and _is_page(response):
        return _exists(f"{_host(response.url)} shows a web page and no description")
    body = json_of(response)
    if isinstance(body, IndexFault):
        return body
    if _is_about_agencies(body):
        return _of_agencies(response)
    if not isinstance(body, dict):
        return IndexFault(FaultKind.MALFORMED, "its answer is no JSON object")
    if not string(body.get("DOI")):
        return IndexFault(FaultKind.NOT_WORKS, "it answered with an object that describes no DOI")
    works = read_works([body], _work)
    return works if isinstance(works, IndexFault) else Answered(works)


def _of_redirect(response: Response) -> IndexFault:
    """Only a DOI that is registered leads away from the resolver."""
    target = _host(response.headers.get("location", ""))
    if target in ("", _host(response.url), *_RESOLVERS):
        return IndexFault(FaultKind.NOT_WORKS, f"it answered {response.status} and led nowhere")
    return _exists(f"the resolver sends on to {target}")


def _exists(how: str) -> IndexFault:
    return IndexFault(FaultKind.NOT_WORKS, f"the DOI is registered, but {how}")


def _host(address: str) -> str:
    try:
        return (urlsplit(address[:2_000]).hostname or "")[:MAX_NAMED]
    except ValueError:
        return ""


def _is_page(response: Response) -> bool:
    """A web page of another host than the resolver: the landing page that the DOI leads to."""
    host = _host(response.url)
    is_html = "html" in response.headers.get("content-type", "").lower()
    return is_html and host not in ("", *_RESOLVERS, *_REGISTRIES)


def _is_about_agencies(body: Any) -> bool:
    rows = objects(body)
    return bool(rows) and all("DOI" in row and ("RA" in row or "status" in row) for row in rows)


def _of_agencies(response: Response) -> IndexFault:
    found = agencies(response)
    if isinstance(found, IndexFault):
        return found
    said = "; ".join(f"{prefix} with {agency or 'nobody'}" for prefix, agency in list(found.items())[:2])
    return IndexFault(FaultKind.NOT_WORKS, f"it tells who registers DOIs, not of a work: {said or 'none'}")


def _work(item: dict[str, Any]) -> Work:
    doi = whole_doi(item.get("DOI"))
    if doi is None:
        raise UnusableWork("the item has no DOI")
    text = jats_abstract(item.get("abstract"))
    title, said = unmarked(_first_words(item.get("title")) or "")
    return work_of_fields(
        title=title,
        origin=NAME,
        doi=doi,
        arxiv_id=normalised_arxiv(doi)[0] if doi.startswith(_ARXIV_DOI) else None,
        authors=tuple(filter(None, map(_author, objects(item.get("author"))))),
        year=_year(item),
        venue=_first_words(item.get("container-title")) or words(item.get("publisher")),
        type=label(item.get("type")),
        version=label(item.get("version")),
        text=text,
        text_kind="abstract" if text else None,
        licence=next((web_address(one.get("URL")) for one in objects(item.get("license"))), None),
        notices=with_title_notice((), said, NAME),
    )


def _first_words(value: Any) -> str | None:
    """CSL-JSON has one title; Crossref sends some of its lists through."""
    listed = value[:20] if isinstance(value, list) else [value]
    return next(filter(None, map(words, listed)), None)


def _author(author: dict[str, Any]) -> str | None:
    return person(author.get("given"), author.get("family"), author.get("literal") or author.get("name"))


def _year(item: dict[str, Any]) -> int | None:
    for key in ("issued", "published", "published-print", "published-online"):
        parts = an_object(item.get(key)).get("date-parts")
        first = parts[0] if isinstance(parts, list) and parts else None
        if isinstance(first, list) and first and (found := year(first[0])) is not None:
            return found
    return None


INDEX = Index(
    name=NAME,
    title="DOI resolver",
    base="https://doi.org",
    pace=Pace(requests=2, seconds=1.0),
    asks_by=frozenset({By.DOI}),
    covers="every registered DOI, of whatever agency",
    sent="DOIs of the references",
    request=request,
    parse=parse,
)

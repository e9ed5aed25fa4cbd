"""DOAJ: articles of open-access journals.

Owns the queries and the reading of article records. Does not belong here: journals, which DOAJ serves in the
same envelope and which are no works. Documentation: https://doaj.org/api/v4/docs
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from pipelines.ingestion.identifiers import normalised_doi
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
from pipelines.ingestion.indexes.decoding import fault_of_status, json_of
from pipelines.ingestion.indexes.json_fields import (
    an_object,
    count,
    label,
    objects,
    person,
    read_works,
    string,
    web_address,
    words,
    year,
)
from pipelines.ingestion.indexes.lucene import any_of
from pipelines.ingestion.indexes.registered_fields import whole_doi
from pipelines.ingestion.indexes.title_marks import unmarked, with_title_notice
from pipelines.ingestion.library_rows import UnusableWork, work_of_fields
from pipelines.models import FullTextLocation, Work

NAME = "doaj"
MAX_PAGE = 100

_MEDIA_TYPES = {"pdf": "application/pdf", "html": "text/html", "xml": "application/xml"}
# A journal states its numbers beside its title; an article states those of its journal among its identifiers.
_OF_JOURNALS = ("eissn", "pissn")


def request(lookups: Sequence[Lookup], base: str) -> Request:
    """The articles with one DOI, or with the words of a title or question. The query stands in the path."""
    first = lookups[0]
    if first.by is By.DOI:
        escaped = first.value.replace("\\", "\\\\").replace('"', '\\"')
        query, wanted = f'doi:"{escaped}"', 5
    else:
        query = any_of(first.value, "bibjson.title" if first.by is By.TITLE else "")
        wanted = min(first.limit, MAX_PAGE)
    params = (("page", "1"), ("pageSize", str(wanted)))
    return Request(f"{base}/api/v4/search/articles/{quote(query, safe='')}", params)


def parse(response: Response) -> Answered | IndexFault:
    """The articles of a page, or the one article of an address of its own."""
    if (fault := fault_of_status(response)) is not None:
        return fault
    body = json_of(response)
    if isinstance(body, IndexFault):
        return body
    if not isinstance(body, dict):
        return IndexFault(FaultKind.MALFORMED, "its answer is no JSON object")
    if response.status in (404, 410):
        return Answered() if body.get("status") == "not_found" else _something_else("a refusal in no known form")
    if "bibjson" in body:
        return _answered([body], body)
    if "results" not in body:
        return _something_else("an object without results")
    if not isinstance(body["results"], list):
        return IndexFault(FaultKind.MALFORMED, "its results are no list")
    return _answered(objects(body["results"]), body)


def _answered(rows: list[dict[str, Any]], body: dict[str, Any]) -> Answered | IndexFault:
    if any(_is_journal(row) for row in rows):
        return _something_else("journals")
    works = read_works(rows, _work)
    if isinstance(works, IndexFault):
        return works
    total, page, size = count(body.get("total")), count(body.get("page")), count(body.get("pageSize"))
    more = total is not None and page is not None and size is not None and page * size < total
    return Answered(works, total, str(page + 1) if more and page is not None else None)


def _something_else(what: str) -> IndexFault:
    return IndexFault(FaultKind.NOT_WORKS, f"it answered with {what}, not with articles")


def _is_journal(row: dict[str, Any]) -> bool:
    described = an_object(row.get("bibjson"))
    return row.get("es_type") == "journal" or any(key in described for key in _OF_JOURNALS)


def _work(row: dict[str, Any]) -> Work:
    article = row.get("bibjson")
    if not isinstance(article, dict):
        raise UnusableWork("the row describes no article")
    journal = an_object(article.get("journal"))
    text = jats_abstract(article.get("abstract"))
    title, said = unmarked(words(article.get("title")) or "")
    licence = next((label(one.get("type")) for one in objects(journal.get("license"))), None)
    return work_of_fields(
        title=title,
        origin=NAME,
        doi=_doi(article),
        authors=tuple(
            filter(None, (person(None, None, author.get("name")) for author in objects(article.get("author"))))
        ),
        year=year(article.get("year")),
        venue=words(journal.get("title")),
        type="journal-article",
        text=text,
        text_kind="abstract" if text else None,
        licence=licence,
        notices=with_title_notice((), said, NAME),
        full_texts=_full_texts(article, licence),
    )


def _doi(article: dict[str, Any]) -> str | None:
    for identifier in objects(article.get("identifier")):
        if (string(identifier.get("type")) or "").lower() == "doi":
            stated = (string(identifier.get("id")) or "").rstrip(" .,;")
            return whole_doi(stated) or normalised_doi(stated)
    return None


def _full_texts(article: dict[str, Any], licence: str | None) -> tuple[FullTextLocation, ...]:
    found: list[FullTextLocation] = []
    for link in objects(article.get("link"))[:20]:
        address = web_address(link.get("url"))
        if address and link.get("type") == "fulltext":
            kind = _MEDIA_TYPES.get((string(link.get("content_type")) or "").lower())
            found.append(FullTextLocation(url=address, media_type=kind, version="published", licence=licence))
    return tuple(found)


INDEX = Index(
    name=NAME,
    title="DOAJ",
    base="https://doaj.org",
    pace=Pace(requests=2, seconds=1.0),
    asks_by=frozenset({By.DOI, By.TITLE, By.SEARCH}),
    covers="articles of open-access journals that deposit their metadata with DOAJ",
    sent="DOIs and titles of the references; the words of a question",
    request=request,
    parse=parse,
)

"""Unpaywall: where a work with a DOI may be read without paying.

Owns the question by DOI and the reading of its locations, of its search too. It describes works after Crossref
and without abstracts, so that its worth is the locations. Does not belong here: fetching them.
Documentation: https://unpaywall.org/products/api
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from pipelines.ingestion.identifiers import normalised_arxiv
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
from pipelines.ingestion.indexes.decoding import fault_of_status, json_of
from pipelines.ingestion.indexes.json_fields import (
    an_object,
    iso_date,
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
from pipelines.models import FullTextLocation, Work, WorkVersion

NAME = "unpaywall"
MAX_LOCATIONS = 50

_VERSIONS = {"publishedVersion": "published", "acceptedVersion": "accepted", "submittedVersion": "submitted"}
_ARXIV_RECORD = "oai:arxiv.org:"


def request(lookups: Sequence[Lookup], base: str) -> Request:
    """What is known of one DOI. The contact address, without which it refuses, is added when it is sent."""
    return Request(f"{base}/{quote(lookups[0].value, safe='')}")


def parse(response: Response) -> Answered | IndexFault:
    """The work of a DOI, or the works of a search."""
    if response.status == 422:
        return IndexFault(FaultKind.FORBIDDEN, "it answered 422: the contact address is missing or refused")
    if (fault := fault_of_status(response)) is not None:
        return fault
    body = json_of(response)
    if isinstance(body, IndexFault):
        return body
    if not isinstance(body, dict):
        return IndexFault(FaultKind.MALFORMED, "its answer is no JSON object")
    if response.status in (404, 410):
        return Answered() if body.get("error") is True else _something_else()
    if "results" in body:
        return _of_search(body["results"])
    if not string(body.get("doi")) and not string(body.get("doi_url")):
        return _something_else()
    return _answered([body])


def _something_else() -> IndexFault:
    return IndexFault(FaultKind.NOT_WORKS, "it answered with an object that describes no work")


def _of_search(results: Any) -> Answered | IndexFault:
    if not isinstance(results, list):
        return IndexFault(FaultKind.MALFORMED, "its results are no list")
    return _answered([an_object(result.get("response")) for result in objects(results)])


def _answered(rows: list[dict[str, Any]]) -> Answered | IndexFault:
    works = read_works(rows, _work)
    return works if isinstance(works, IndexFault) else Answered(works)


def _work(row: dict[str, Any]) -> Work:
    # Some rows of the search state the DOI in its address alone.
    doi = whole_doi(row.get("doi")) or whole_doi(row.get("doi_url"))
    if doi is None:
        raise UnusableWork("the row has no DOI")
    locations = objects(row.get("oa_locations"))[:MAX_LOCATIONS]
    best = an_object(row.get("best_oa_location"))
    title, said = unmarked(words(row.get("title")) or "")
    return work_of_fields(
        title=title,
        origin=NAME,
        doi=doi,
        authors=tuple(filter(None, map(_author, objects(row.get("z_authors"))))),
        year=year(row.get("year")),
        venue=words(row.get("journal_name")) or words(row.get("publisher")),
        type=label(row.get("genre")),
        licence=label(best.get("license")),
        notices=with_title_notice((), said, NAME),
        versions=_preprints(locations, doi, iso_date(row.get("published_date"))),
        full_texts=_full_texts(locations),
    )


def _author(author: dict[str, Any]) -> str | None:
    return person(author.get("given"), author.get("family"), author.get("raw_author_name") or author.get("name"))


def _full_texts(locations: list[dict[str, Any]]) -> tuple[FullTextLocation, ...]:
    """The PDF of each location, else its page; the best location stands first."""
    found: dict[str, FullTextLocation] = {}
    for location in sorted(locations, key=lambda one: one.get("is_best") is not True):
        pdf = web_address(location.get("url_for_pdf"))
        page = web_address(location.get("url_for_landing_page")) or web_address(location.get("url"))
        if (address := pdf or page) is not None:
            found.setdefault(
                address,
                FullTextLocation(
                    url=address,
                    media_type="application/pdf" if pdf else "text/html",
                    version=_VERSIONS.get(string(location.get("version")) or ""),
                    licence=label(location.get("license")),
                ),
            )
    return tuple(found.values())


def _preprints(locations: list[dict[str, Any]], doi: str, published: str | None) -> tuple[WorkVersion, ...]:
    """The preprint that Unpaywall ties to the DOI, before the version of record. A tie of its own making is no
    identifier: some are guessed by title and first author."""
    stated = (string(location.get("pmh_id")) or "" for location in locations)
    ids = (normalised_arxiv(one[len(_ARXIV_RECORD) :])[0] for one in stated if one.lower().startswith(_ARXIV_RECORD))
    found = dict.fromkeys(filter(None, ids))
    if not found:
        return ()
    preprints = (WorkVersion(label="preprint", source_id=f"arxiv:{arxiv_id}") for arxiv_id in found)
    return (*preprints, WorkVersion(label="published", source_id=f"doi:{doi}", date=published))


INDEX = Index(
    name=NAME,
    title="Unpaywall",
    base="https://api.unpaywall.org/v2",
    pace=Pace(requests=1, seconds=1.0),  # 100,000 a day, and no more than that at any time of it
    asks_by=frozenset({By.DOI}),
    covers="works with a Crossref DOI",
    sent="DOIs of the references, and the contact address that you set",
    request=request,
    parse=parse,
    credentials=Credentials(contact_param="email", contact_needed=True),
)

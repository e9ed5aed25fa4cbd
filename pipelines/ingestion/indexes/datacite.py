"""DataCite: data sets, software, theses, and the DOIs that arXiv gives its preprints.

Owns the queries and the reading of DOI records (JSON:API, and the bare form of DataCite JSON). Does not belong
here: what DataCite also serves, clients, repositories, reports and events, which are no works.
Documentation: https://support.datacite.org/reference/get_dois
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from pipelines.ingestion.identifiers import normalised_arxiv
from pipelines.ingestion.indexes.abstracts import jats_abstract
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
    count,
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
from pipelines.ingestion.indexes.lucene import any_of
from pipelines.ingestion.indexes.registered_fields import whole_doi
from pipelines.ingestion.indexes.title_marks import unmarked, with_title_notice
from pipelines.ingestion.library_rows import UnusableWork, work_of_fields
from pipelines.models import FullTextLocation, Notice, NoticeKind, Work, WorkVersion

NAME = "datacite"
MAX_PAGE = 1_000
MAX_VERSIONS = 200

_ARXIV_DOI = "10.48550/arxiv."
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
# What the other DOI is to this one, and on which side of it in time.
_OLDER, _NEWER = False, True
_RELATED = {
    "HasVersion": ("version", _OLDER),
    "IsVersionOf": ("all versions", _OLDER),
    "IsNewVersionOf": ("earlier version", _OLDER),
    "Obsoletes": ("earlier version", _OLDER),
    "IsPreviousVersionOf": ("later version", _NEWER),
    "IsObsoletedBy": ("later version", _NEWER),
}
_SUPERSEDING = frozenset({"IsPreviousVersionOf", "IsObsoletedBy"})


def request(lookups: Sequence[Lookup], base: str) -> Request:
    """The record of one DOI, or the DOIs whose titles have these words."""
    first = lookups[0]
    if first.by is By.DOI:
        return Request(f"{base}/dois/{quote(first.value, safe='')}")
    params = (
        ("query", any_of(first.value, "titles.title")),
        ("page[size]", str(min(first.limit, MAX_PAGE))),
        ("page[number]", "1"),
        ("sort", "relevance"),
    )
    return Request(f"{base}/dois", params)


def parse(response: Response) -> Answered | IndexFault:
    """The DOI records of an answer; an answer about anything else is a fault."""
    if (fault := fault_of_status(response)) is not None:
        return fault
    body = json_of(response)
    if isinstance(body, IndexFault):
        return body
    if not isinstance(body, dict):
        return IndexFault(FaultKind.MALFORMED, "its answer is no JSON object")
    if response.status in (404, 410):
        return Answered() if objects(body.get("errors")) else _something_else("a refusal in no known form")
    if "doi" in body and "titles" in body:
        return _answered([body], None, None)
    return _of_envelope(body, response)


def _of_envelope(body: dict[str, Any], response: Response) -> Answered | IndexFault:
    data = body.get("data")
    rows = [data] if isinstance(data, dict) else objects(data)
    others = {str(row.get("type"))[:40] for row in rows if row.get("type") != "dois"}
    if not isinstance(data, dict | list):
        return _something_else("an object without data")
    if others:
        return _something_else(", ".join(sorted(others)[:3]))
    asked = response.url or string(an_object(body.get("links")).get("self")) or ""
    if not rows and asked and "/dois" not in _path(asked):
        return _something_else("another list than that of the DOIs")
    meta = an_object(body.get("meta"))
    page, pages = count(meta.get("page")), count(meta.get("totalPages"))
    next_page = str(page + 1) if page is not None and pages is not None and page < pages else None
    return _answered([an_object(row.get("attributes")) for row in rows], count(meta.get("total")), next_page)


def _answered(rows: list[dict[str, Any]], total: int | None, next_page: str | None) -> Answered | IndexFault:
    works = read_works(rows, _work)
    return works if isinstance(works, IndexFault) else Answered(works, total, next_page)


def _something_else(what: str) -> IndexFault:
    return IndexFault(FaultKind.NOT_WORKS, f"it answered with {what}, not with DOI records")


def _path(address: str) -> str:
    try:
        return urlsplit(address[:2_000]).path
    except ValueError:
        return ""


def _work(record: dict[str, Any]) -> Work:
    doi = whole_doi(record.get("doi"))
    if doi is None:
        raise UnusableWork("the record has no DOI")
    arxiv_id = normalised_arxiv(doi)[0] if doi.startswith(_ARXIV_DOI) else None
    text = _abstract(record)
    title, said = unmarked(_title(record) or "")
    return work_of_fields(
        title=title,
        origin=NAME,
        doi=doi,
        arxiv_id=arxiv_id,
        authors=_authors(record),
        year=year(record.get("publicationYear")),
        venue=words(an_object(record.get("container")).get("title")) or _publisher(record),
        type=_type(record),
        version=label(record.get("version")),
        text=text,
        text_kind="abstract" if text else None,
        licence=_licence(record),
        notices=with_title_notice(_notices(record, doi), said, NAME),
        versions=_versions(record, doi),
        full_texts=_full_texts(record),
    )


def _title(record: dict[str, Any]) -> str | None:
    """The first title, with its subtitle; translations stand behind."""
    titles = objects(record.get("titles"))
    plain = [title for title in titles if not title.get("titleType")] or titles
    main = next(filter(None, (words(title.get("title")) for title in plain)), None)
    below = next((words(title.get("title")) for title in titles if title.get("titleType") == "Subtitle"), None)
    return f"{main}: {below}" if main and below and main != below else main


def _authors(record: dict[str, Any]) -> tuple[str, ...]:
    return tuple(filter(None, map(_author, objects(record.get("creators")))))


def _author(creator: dict[str, Any]) -> str | None:
    if creator.get("nameType") == "Organizational":
        return words(creator.get("name"))
    return person(creator.get("givenName"), creator.get("familyName"), creator.get("name"))


def _publisher(record: dict[str, Any]) -> str | None:
    publisher = record.get("publisher")
    return words(publisher.get("name") if isinstance(publisher, dict) else publisher)


def _type(record: dict[str, Any]) -> str | None:
    """ "JournalArticle" as "journal-article"."""
    general = string(an_object(record.get("types")).get("resourceTypeGeneral"))
    return _CAPITAL.sub("-", general[:60]).lower() if general else None


def _abstract(record: dict[str, Any]) -> str | None:
    described = objects(record.get("descriptions"))
    return next(
        (jats_abstract(one.get("description")) for one in described if one.get("descriptionType") == "Abstract"), None
    )


def _licence(record: dict[str, Any]) -> str | None:
    """The licence by its short name, else by its address. "Open Access" is none."""
    rights = objects(record.get("rightsList"))
    short = next(filter(None, (label(right.get("rightsIdentifier")) for right in rights)), None)
    return short or next(filter(None, (web_address(right.get("rightsUri")) for right in rights)), None)


def _notices(record: dict[str, Any], doi: str) -> tuple[Notice, ...]:
    found: list[Notice] = []
    withdrawn_on = next(iter(_dates(record, "Withdrawn")), None)
    taken_down = record.get("isActive") is False and record.get("state") == "registered"
    if withdrawn_on or taken_down:
        reason = words(record.get("reason"))
        detail = reason[:300] if reason else "its publisher no longer shows it" if taken_down else None
        found.append(Notice(kind=NoticeKind.WITHDRAWN, id=f"doi:{doi}", date=withdrawn_on, origin=NAME, detail=detail))
    for relation, other in _relations(record):
        if relation in _SUPERSEDING:
            name = f"doi:{other}"
            detail = f"a later version is {name}"
            found.append(Notice(kind=NoticeKind.SUPERSEDED, id=name, origin=NAME, detail=detail))
    return tuple(found)


def _versions(record: dict[str, Any], doi: str) -> tuple[WorkVersion, ...]:
    """Other versions and this one, oldest first as far as the relations say."""
    related = [(relation, other) for relation, other in _relations(record) if other != doi]
    if not related:
        return ()
    sides: dict[bool, list[WorkVersion]] = {_OLDER: [], _NEWER: []}
    for relation, other in related:
        place, side = _RELATED[relation]
        # arXiv writes the published paper as what the preprint is a version of.
        if relation == "IsVersionOf" and doi.startswith(_ARXIV_DOI):
            place, side = "published", _NEWER
        sides[side].append(WorkVersion(label=place, source_id=f"doi:{other}"))
    issued = next((one for kind in ("Issued", "Available") for one in _dates(record, kind)), None)
    own = WorkVersion(label=label(record.get("version")) or "this version", source_id=f"doi:{doi}", date=issued)
    return (*sides[_OLDER], own, *sides[_NEWER])


def _relations(record: dict[str, Any]) -> list[tuple[str, str]]:
    found: dict[tuple[str, str], None] = {}
    for related in objects(record.get("relatedIdentifiers")):
        relation = related.get("relationType")
        other = whole_doi(related.get("relatedIdentifier"))
        if isinstance(relation, str) and relation in _RELATED and other and len(found) < MAX_VERSIONS:
            found[(relation, other)] = None
    return list(found)


def _dates(record: dict[str, Any], kind: str) -> list[str]:
    dates = objects(record.get("dates"))
    return [stated for one in dates if one.get("dateType") == kind and (stated := iso_date(one.get("date")))]


def _full_texts(record: dict[str, Any]) -> tuple[FullTextLocation, ...]:
    stated = record.get("contentUrl")
    addresses = filter(None, map(web_address, stated[:20] if isinstance(stated, list) else [stated]))
    return tuple(FullTextLocation(url=address, licence=_licence(record)) for address in addresses)


INDEX = Index(
    name=NAME,
    title="DataCite",
    base="https://api.datacite.org",
    pace=Pace(requests=500, seconds=300.0),
    pace_known=Pace(requests=1_000, seconds=300.0),
    asks_by=frozenset({By.DOI, By.TITLE}),
    covers="data sets, software, theses, reports and preprints with a DataCite DOI, those of arXiv among them",
    sent="DOIs and titles of the references",
    request=request,
    parse=parse,
    credentials=Credentials(contact_param="mailto"),
)

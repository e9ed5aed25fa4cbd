"""Crossref: what publishers registered about their works, with Retraction Watch's notices.

Input: lookups, and the JSON of its REST API. Output: a request, and works or a named fault. A DOI is asked for by
itself, notices in batches (`updates:` filters of one name are alternatives). Does not belong here: sending,
pacing, storing (the HTTP edge), what an update type means (crossref_notices.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from pipelines.ingestion.identifiers import normalised_arxiv, normalised_isbn
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
from pipelines.ingestion.indexes.crossref_notices import is_reinstated, notices_of, says_of_updates, updates_of
from pipelines.ingestion.indexes.decoding import fault_of_status, json_of
from pipelines.ingestion.indexes.json_fields import (
    MAX_ITEMS,
    an_object,
    count,
    objects,
    person,
    read_works,
    string,
    web_address,
    words,
)
from pipelines.ingestion.indexes.refusals import reasoned
from pipelines.ingestion.indexes.registered_fields import day_of, whole_doi
from pipelines.ingestion.indexes.title_marks import unmarked, with_title_notice
from pipelines.ingestion.library_rows import UnusableWork, normalised_title, work_of_fields
from pipelines.models import FullTextLocation, Work, WorkVersion

BASE = "https://api.crossref.org"
ORIGIN = "crossref"
NOTICES_AT_ONCE = 20
MOST_NOTICES = 100  # of one answer
MOST_LISTED = 1_000  # the largest page it serves
MOST_WORDS = 1_000  # characters of a title or a question
# All that is read here of those that /works lets one select; a name that it does not know fails the request.
SELECT = (
    "DOI",
    "title",
    "subtitle",
    "author",
    "issued",
    "published",
    "container-title",
    "group-title",
    "type",
    "abstract",
    "license",
    "link",
    "relation",
    "update-to",
    "updated-by",
    "ISBN",
)

_ABSENT = b"resource not found."
_SINGLE = re.compile(r"/works/.")
_LICENCES = ("vor", "unspecified", "am", "tdm", "stm-asf")  # the licence of the version of record tells most
_VERSIONS = {"vor": "published", "am": "accepted"}
_MEDIA_TYPES = frozenset({"application/pdf", "application/xml", "text/xml", "text/html", "text/plain"})
_BOOKS = frozenset({"book", "monograph", "edited-book", "reference-book", "proceedings", "report", "dissertation"})
_PREPRINT_OF, _HAS_PREPRINT = "is-preprint-of", "has-preprint"
_OTHER_VERSIONS = ("is-version-of", "has-version")  # which of the two is older is not told
_KIND_OF_FAILURE = {"failed": FaultKind.BAD_REQUEST, "error": FaultKind.UNAVAILABLE}


def request(lookups: Sequence[Lookup], base: str) -> Request:
    """The request for lookups of one kind; only notices are asked for several at once."""
    first = lookups[0]
    if first.by is By.DOI:
        return Request(f"{base}/works/{quote(first.value, safe='')}")
    if first.by is By.NOTICES:
        asked = ",".join(f"updates:{one.value}" for one in lookups)
        return _listed(base, ("filter", asked), MOST_NOTICES)
    return _listed(base, ("query.bibliographic", first.value[:MOST_WORDS]), first.limit)


def _listed(base: str, question: tuple[str, str], rows: int) -> Request:
    rows = max(1, min(rows, MOST_LISTED))
    return Request(f"{base}/works", (question, ("rows", str(rows)), ("select", ",".join(SELECT))))


def parse(response: Response) -> Answered | IndexFault:
    """The works of an answer; none where Crossref says that it does not hold the DOI."""
    fault = fault_of_status(response)
    if fault is not None:
        return reasoned(fault, response, _failure)
    if response.status in (404, 410):
        return _not_found(response)
    data = json_of(response)
    if isinstance(data, IndexFault):
        return data
    kind, status = an_object(data).get("message-type"), an_object(data).get("status")
    if isinstance(status, str) and status in _KIND_OF_FAILURE:
        return reasoned(IndexFault(_KIND_OF_FAILURE[status], "it says that the question failed"), response, _failure)
    if not isinstance(kind, str) or not isinstance(data.get("message"), dict | list):
        return IndexFault(FaultKind.MALFORMED, "its answer has no message")
    if kind not in ("work", "work-list"):
        return IndexFault(FaultKind.NOT_WORKS, f"it answered with a {kind[:40]}, not with works")
    return _work_list(data["message"], response.url) if kind == "work-list" else _single(data["message"])


def _not_found(response: Response) -> Answered | IndexFault:
    """Crossref says in plain words that there is no such DOI; any other 404 says nothing about a work."""
    if response.body.strip().lower() != _ABSENT:
        return reasoned(IndexFault(FaultKind.BAD_REQUEST, f"it answered {response.status}"), response, _failure)
    if not _SINGLE.search(urlsplit(response.url).path):
        return IndexFault(FaultKind.NOT_WORKS, "it does not hold what was asked for, which is no work")
    return Answered()


def _failure(data: Any) -> str | None:
    """What Crossref says was wrong with a question."""
    message = an_object(data).get("message")
    stated = next((one.get("message") for one in objects(message)), an_object(message).get("message"))
    return stated if isinstance(stated, str) else None


def _single(message: Any) -> Answered | IndexFault:
    works = read_works([message], _work)
    return works if isinstance(works, IndexFault) else Answered(works)


def _work_list(message: Any, url: str) -> Answered | IndexFault:
    items, total = an_object(message).get("items"), count(an_object(message).get("total-results"))
    if not isinstance(items, list):
        return IndexFault(FaultKind.MALFORMED, "its list of works has no items")
    if not items and total is None:
        return IndexFault(FaultKind.MALFORMED, "its list is empty, and does not say that it is complete")
    if total is not None and total > len(items) and unquote(url).count("updates:") > 1:
        # Which of the DOIs asked for the missing notices are about cannot be told: they must be asked for apart.
        return IndexFault(FaultKind.MALFORMED, f"its list of notices is cut off: {len(items)} of {total}")
    works = read_works(items[:MAX_ITEMS], _work)
    if isinstance(works, IndexFault):
        return works
    return Answered(works, total, string(message.get("next-cursor")) if items else None)


def _work(item: Any) -> Work:
    if not isinstance(item, dict):
        raise UnusableWork("a work is no object")
    doi, updates, notices = whole_doi(item.get("DOI")), updates_of(item), notices_of(item)
    stated = _title(item)
    if stated is None and not (doi and says_of_updates(item)):
        raise UnusableWork("the work has no title")
    title, mark = unmarked(stated or "")
    is_notice = any(update.target != f"doi:{doi}" for update in updates)
    versions, related = _versions(item, doi)
    text = jats_abstract(item.get("abstract"))
    licence = _licence(item)
    work = work_of_fields(
        title=title or "untitled",
        doi=doi,
        arxiv_id=normalised_arxiv(doi)[0] if doi and doi.startswith("10.48550/arxiv.") else None,
        authors=_authors(item),
        year=_year(item),
        venue=_venue(item),
        type=_type(item),
        text=text,
        text_kind="abstract" if text else None,
        licence=licence,
        notices=notices if is_notice or is_reinstated(item) else with_title_notice(notices, mark, ORIGIN),
        versions=versions,
        updates=updates,
        full_texts=_full_texts(item, licence),
        origin=ORIGIN,
    )
    names = dict.fromkeys((*work.aliases, *related, *_isbns(item)))
    names.pop(work.source_id, None)
    return work.model_copy(update={"aliases": tuple(names), "title": work.title if title else ""})


def _first(value: Any) -> str | None:
    """The first text of a list of texts, in plain words."""
    listed = value[:10] if isinstance(value, list) else [value]
    return next((found for one in listed if (found := words(one))), None)


def _title(item: Mapping[str, Any]) -> str | None:
    title, subtitle = _first(item.get("title")), _first(item.get("subtitle"))
    if title is None or subtitle is None or normalised_title(subtitle) in normalised_title(title):
        return title
    return f"{title} {subtitle}" if title[-1] in ":?!." else f"{title}: {subtitle}"


def _authors(item: Mapping[str, Any]) -> tuple[str, ...]:
    named = (person(one.get("given"), one.get("family"), one.get("name")) for one in objects(item.get("author")))
    return tuple(name for name in named if name)


def _year(item: Mapping[str, Any]) -> int | None:
    """The year of issue; where an answer was asked for without it, that of publication."""
    day = day_of(item.get("issued")) or day_of(item.get("published"))
    return int(day[:4]) if day else None


def _venue(item: Mapping[str, Any]) -> str | None:
    institution = next(iter(objects(item.get("institution"))), {})
    return _first(item.get("container-title")) or words(institution.get("name")) or words(item.get("group-title"))


def _type(item: Mapping[str, Any]) -> str | None:
    return "preprint" if item.get("subtype") == "preprint" else string(item.get("type"))


def _isbns(item: Mapping[str, Any]) -> tuple[str, ...]:
    """The ISBNs of a book; a chapter's are those of the book that it stands in."""
    listed = item.get("ISBN") if string(item.get("type")) in _BOOKS else None
    found = (normalised_isbn(one[:40]) for one in (listed if isinstance(listed, list) else ()) if isinstance(one, str))
    return tuple(f"isbn:{one}" for one in found if one)


def _licence(item: Mapping[str, Any], *only: str) -> str | None:
    stated = {one.get("content-version"): web_address(one.get("URL")) for one in reversed(_licences(item))}
    return next((stated[version] for version in only or _LICENCES if stated.get(version)), None)


def _licences(item: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [one for one in objects(item.get("license")) if isinstance(one.get("content-version"), str)]


def _full_texts(item: Mapping[str, Any], licence: str | None) -> tuple[FullTextLocation, ...]:
    """What is offered for text mining; other links are for plagiarism checkers and syndication."""
    found = []
    for link in objects(item.get("link")):
        url, media = web_address(link.get("URL")), link.get("content-type")
        if url is None or link.get("intended-application") != "text-mining":
            continue
        version = link.get("content-version")
        found.append(
            FullTextLocation(
                url=url,
                media_type=media if isinstance(media, str) and media in _MEDIA_TYPES else None,
                version=_VERSIONS.get(version) if isinstance(version, str) else None,
                licence=_licence(item, "tdm") or licence,
            )
        )
    return tuple(dict.fromkeys(found))


def _versions(item: Mapping[str, Any], doi: str | None) -> tuple[tuple[WorkVersion, ...], tuple[str, ...]]:
    """The versions of a work, oldest first, and those of them that are the same publication under another name.

    A preprint and its article are one publication. What else is called a version (a translation, a part) may be
    cited as a work of its own, so its identifier names that work alone.
    """
    if doi is None:
        return (), ()
    own, day = f"doi:{doi}", day_of(item.get("issued"))
    preprints = [one for one in _related(item, _HAS_PREPRINT) if one != own]
    articles = [one for one in _related(item, _PREPRINT_OF) if one != own]
    others = [one for name in _OTHER_VERSIONS for one in _related(item, name) if one != own]
    if not (preprints or articles or others):
        return (), ()
    label = "preprint" if articles or item.get("subtype") == "preprint" else "published"
    versions = (
        *(WorkVersion(label="preprint", source_id=one) for one in preprints),
        WorkVersion(label=label, source_id=own, date=day),
        *(WorkVersion(label="published", source_id=one) for one in articles),
        *(WorkVersion(label="another version", source_id=one) for one in others),
    )
    return versions, (*preprints, *articles)


def _related(item: Mapping[str, Any], name: str) -> list[str]:
    found = []
    for one in objects(an_object(item.get("relation")).get(name)):
        stated = string(one.get("id"))
        if one.get("id-type") == "doi" and (doi := whole_doi(stated)):
            found.append(f"doi:{doi}")
        elif one.get("id-type") == "arxiv" and stated and (arxiv_id := normalised_arxiv(stated[:100])[0]):
            found.append(f"arxiv:{arxiv_id}")
    return list(dict.fromkeys(found))


INDEX = Index(
    name=ORIGIN,
    title="Crossref",
    base=BASE,
    pace=Pace(requests=5, seconds=1, at_once=1),
    pace_known=Pace(requests=10, seconds=1, at_once=3),
    asks_by=frozenset({By.DOI, By.TITLE, By.SEARCH, By.NOTICES}),
    batch={By.NOTICES: NOTICES_AT_ONCE},
    covers="journal articles, books, proceedings and preprints whose DOI is registered with Crossref (not arXiv's)",
    sent="DOIs, titles and the words of a question; the contact address, where one is set",
    request=request,
    parse=parse,
    credentials=Credentials(contact_param="mailto"),
)

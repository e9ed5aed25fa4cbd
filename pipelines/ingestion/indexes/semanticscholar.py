"""Semantic Scholar's graph: papers of all fields with abstracts and open full texts; nothing of retractions.

Input: lookups, and the JSON of its API. Output: a request, and works or a named fault. Identifiers are asked for in
batches, whose answer holds null for each that it does not know. Does not belong here: sending, pacing, storing
(the HTTP edge).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.ingestion.identifiers import normalised_arxiv, normalised_pmid, normalised_s2
from pipelines.ingestion.indexes.abstracts import plain_abstract
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
from pipelines.models import FullTextLocation, Work

BASE = "https://api.semanticscholar.org/graph/v1"
ORIGIN = "semantic-scholar"
IDS_AT_ONCE = 100
MOST_LISTED = 100
LAST_OFFSET = 1_000  # a search is not served beyond
MOST_WORDS = 500  # characters of a title or a question
FIELDS = (
    "paperId",
    "corpusId",
    "externalIds",
    "title",
    "abstract",
    "authors",
    "year",
    "venue",
    "journal",
    "publicationTypes",
    "publicationDate",
    "openAccessPdf",
)

_PREFIXES = {By.DOI: "DOI:", By.ARXIV: "ARXIV:", By.PMID: "PMID:", By.PMCID: "PMCID:", By.S2: ""}
_ABSENT = re.compile(r"Paper with id\b.{0,400}\bnot found|Title match not found", re.IGNORECASE | re.DOTALL)
_OF_ANOTHER_KIND = re.compile(r"(?:Author|Dataset|Release) with id\b", re.IGNORECASE)
# The first that a paper bears is its type; "Review" says more than "JournalArticle".
_TYPES = (
    ("Review", "review"),
    ("JournalArticle", "journal-article"),
    ("Conference", "proceedings-article"),
    ("BookSection", "book-chapter"),
    ("Book", "book"),
    ("Dataset", "dataset"),
    ("Editorial", "editorial"),
    ("LettersAndComments", "letter"),
)
_PDF_ADDRESS = re.compile(r"\.pdf(?:$|[?#])|/pdf/", re.IGNORECASE)
_ROWS = ("data", "recommendedPapers")
_CITED = ("citingPaper", "citedPaper")


def request(lookups: Sequence[Lookup], base: str) -> Request:
    """The request for lookups of one kind; identifiers go together in one body."""
    first, fields = lookups[0], ("fields", ",".join(FIELDS))
    if first.by in _PREFIXES:
        body = json.dumps({"ids": [_paper_id(one) for one in lookups]}).encode()
        return Request(f"{base}/paper/batch", (fields,), "POST", (("content-type", "application/json"),), body)
    query = ("query", first.value[:MOST_WORDS])
    if first.by is By.TITLE:
        return Request(f"{base}/paper/search/match", (query, fields))
    limit = ("limit", str(max(1, min(first.limit, MOST_LISTED))))
    return Request(f"{base}/paper/search", (query, limit, fields))


def _paper_id(lookup: Lookup) -> str:
    value = lookup.value.upper().removeprefix("PMC") if lookup.by is By.PMCID else lookup.value
    return f"{_PREFIXES[lookup.by]}{value}"


def parse(response: Response) -> Answered | IndexFault:
    """The papers of an answer; none where it says that it has no such paper."""
    fault = fault_of_status(response)
    if fault is not None:
        return reasoned(fault, response, _failure)
    data = json_of(response)
    if isinstance(data, IndexFault):
        return data
    if response.status in (404, 410):
        return _not_found(data, response)
    if isinstance(data, list):
        return _rows(data, None, None)
    if not isinstance(data, dict):
        return IndexFault(FaultKind.MALFORMED, "its answer is neither an object nor a list")
    return _object(data, response)


def _not_found(data: Any, response: Response) -> Answered | IndexFault:
    said = (_failure(data) or "")[:1_000]
    if _ABSENT.match(said):
        return Answered()
    kind = FaultKind.NOT_WORKS if _OF_ANOTHER_KIND.match(said) else FaultKind.BAD_REQUEST
    return reasoned(IndexFault(kind, f"it answered {response.status}"), response, _failure)


def _failure(data: Any) -> str | None:
    stated = an_object(data)
    return next((said for name in ("error", "message") if isinstance(said := stated.get(name), str)), None)


def _object(data: dict[str, Any], response: Response) -> Answered | IndexFault:
    named = next((name for name in _ROWS if name in data), None)
    if named is not None:
        rows = data[named]
        if not isinstance(rows, list):
            return IndexFault(FaultKind.MALFORMED, "its results are no list")
        return _rows(rows, count(data.get("total")), _next_page(data))
    if "paperId" in data:
        return _rows([data], None, None)
    if "total" in data and "offset" in data:
        return Answered(total=count(data["total"]))
    if str(data.get("code")) == "429":
        return IndexFault(FaultKind.TOO_FAST, "its answer says that it was asked too fast")
    if _failure(data):
        return reasoned(IndexFault(FaultKind.BAD_REQUEST, "it says that the question failed"), response, _failure)
    return IndexFault(FaultKind.NOT_WORKS, "it answered with something else than papers")


def _rows(rows: list[Any], total: int | None, next_page: str | None) -> Answered | IndexFault:
    """Null stands for a paper that it does not know."""
    works = read_works([one for one in rows[:MAX_ITEMS] if one is not None], _work)
    return works if isinstance(works, IndexFault) else Answered(works, total, next_page)


def _next_page(data: Mapping[str, Any]) -> str | None:
    offset = count(data.get("next"))
    if offset is not None:
        return str(offset) if 0 < offset < LAST_OFFSET else None
    return string(data.get("token"))


def _work(row: Any) -> Work:
    item = an_object(row)
    item = next((an_object(item[name]) for name in _CITED if name in item), item)
    if "paperId" not in item:
        raise UnusableWork("it tells of something else than a paper")
    named, text = an_object(item.get("externalIds")), plain_abstract(item.get("abstract"))
    paper_id = string(item.get("paperId"))
    title, mark = unmarked(words(item.get("title")) or "")
    pdf = an_object(item.get("openAccessPdf"))
    doi = whole_doi(named.get("DOI"))
    return work_of_fields(
        title=title,
        doi=doi,
        arxiv_id=_arxiv_id(named, doi),
        pmid=normalised_pmid(_digits(named.get("PubMed"))),
        pmcid=f"PMC{pmc}" if (pmc := _digits(named.get("PubMedCentral"))) else None,
        s2=normalised_s2(paper_id[:100]) if paper_id else None,
        authors=tuple(name for one in objects(item.get("authors")) if (name := words(one.get("name")))),
        year=year(item.get("year")),
        venue=words(item.get("venue")) or words(an_object(item.get("journal")).get("name")),
        type=_type(item),
        text=text,
        text_kind="abstract" if text else None,
        licence=string(pdf.get("license")),
        notices=with_title_notice((), mark, ORIGIN),
        full_texts=_full_texts(pdf),
        origin=ORIGIN,
    )


def _digits(value: Any) -> str:
    """An identifier of digits, stated as text or as number; empty where it is none."""
    stated = str(value) if isinstance(value, int) and not isinstance(value, bool) else string(value) or ""
    digits = stated[:20].upper().removeprefix("PMC")
    return digits if digits.isascii() and digits.isdigit() and len(digits) <= 9 else ""


def _arxiv_id(named: Mapping[str, Any], doi: str | None) -> str | None:
    stated = string(named.get("ArXiv")) or (doi if doi and doi.startswith("10.48550/arxiv.") else None)
    return normalised_arxiv(stated[:100])[0] if stated else None


def _type(item: Mapping[str, Any]) -> str | None:
    listed = item.get("publicationTypes")
    held = {one for one in listed if isinstance(one, str)} if isinstance(listed, list) else set()
    return next((name for stated, name in _TYPES if stated in held), None)


def _full_texts(pdf: Mapping[str, Any]) -> tuple[FullTextLocation, ...]:
    """What it calls a PDF is often a landing page: the type is stated only where the address shows it."""
    url = web_address(pdf.get("url"))
    if url is None:
        return ()
    media = "application/pdf" if _PDF_ADDRESS.search(url) else None
    return (FullTextLocation(url=url, media_type=media, licence=string(pdf.get("license"))),)


INDEX = Index(
    name=ORIGIN,
    title="Semantic Scholar",
    base=BASE,
    pace=Pace(requests=1, seconds=3),
    pace_known=Pace(requests=1, seconds=1),
    asks_by=frozenset({By.DOI, By.ARXIV, By.PMID, By.PMCID, By.S2, By.TITLE, By.SEARCH}),
    batch={by: IDS_AT_ONCE for by in _PREFIXES},
    covers="journal articles, proceedings, books and preprints of all fields, arXiv's among them",
    sent="identifiers, titles and the words of a question; the key, where one is set",
    request=request,
    parse=parse,
    credentials=Credentials(key_header="x-api-key"),
)

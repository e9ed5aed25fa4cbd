"""PubMed, by the E-utilities of the United States National Library of Medicine.

Input: PMIDs, and the XML of `efetch` (summaries in JSON are understood too). Output: a request, and works with
their comments and corrections, or a named fault. Does not belong here: `esearch`, which answers with numbers
alone and would need a second request for each answer; searching by words is Europe PMC's part, which holds
all of PubMed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from lxml import etree

from pipelines.ingestion.identifiers import normalised_doi, normalised_isbn, normalised_pmcid, normalised_pmid
from pipelines.ingestion.indexes.biomedical import Link, plain_title, standing, work_type
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
from pipelines.ingestion.indexes.decoding import (
    MAX_WORDS,
    QUOTED,
    fault_of_status,
    json_of,
    plain_words,
    retry_after_of,
    xml_of,
)
from pipelines.ingestion.indexes.title_marks import unmarked, with_title_notice
from pipelines.ingestion.library_rows import UnusableWork, work_of_fields
from pipelines.models import Work

BASE = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"
ORIGIN = "pubmed"
BATCH = 100
MOST_RECORDS = 10_000
MOST_AUTHORS = 10_000

_CUT = re.compile(r"\(?ABSTRACT TRUNCATED(?: AT \d{1,4} WORDS)?\)?\s{0,5}$")
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_YEAR_PATHS = (
    "Article/Journal/JournalIssue/PubDate/Year",
    "Article/Journal/JournalIssue/PubDate/MedlineDate",
    "Article/ArticleDate/Year",
)
# What an error's words say of its kind, the first that fits; anything else is about our question.
_ERROR_WORDS = (
    (re.compile(r"rate limit", re.IGNORECASE), FaultKind.TOO_FAST),
    (re.compile(r"api.?key|forbidden|blocked", re.IGNORECASE), FaultKind.FORBIDDEN),
    (re.compile(r"unavailable|backend|time[d -]{0,2}out|internal|temporar", re.IGNORECASE), FaultKind.UNAVAILABLE),
)
_OTHER_ROOTS = {
    "eSearchResult": "a search, which holds numbers without titles",
    "eLinkResult": "links between records, which hold no titles",
    "eSummaryResult": "summaries in XML, which are not read",
    "PubMedToPMCcitingformSET": "a list of citing numbers, which holds no titles",
}
_JSON_OTHER = {
    "esearchresult": "a search, which holds numbers without titles",
    "linksets": "links between records, which hold no titles",
    "records": "a table of identifiers, which holds no titles",
}


# --- asking -------------------------------------------------------------------------------------


def request(lookups: Sequence[Lookup], base: str) -> Request:
    """The records of up to `BATCH` PMIDs in one answer."""
    numbers = ",".join(re.sub(r"\D", "", lookup.value)[:12] for lookup in lookups)
    params = (("db", "pubmed"), ("id", numbers), ("retmode", "xml"), ("tool", "claimgate"))
    return Request(f"{base}/efetch.fcgi", params)


# --- reading ------------------------------------------------------------------------------------


def parse(response: Response) -> Answered | IndexFault:
    """The works of an answer. A PMID that PubMed does not know is silently missing from it."""
    if (fault := fault_of_status(response)) is not None:
        return fault
    if response.status != 200:
        return IndexFault(FaultKind.BAD_REQUEST, f"it answered {response.status} to a request for records")
    if response.body[:200].lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
        value = json_of(response)
        return value if isinstance(value, IndexFault) else _parse_json(value, response)
    root = xml_of(response)
    return root if isinstance(root, IndexFault) else _parse_root(root, response)


def _parse_root(root: etree._Element, response: Response) -> Answered | IndexFault:
    if root.tag == "PubmedArticleSet":
        return _answered([child for child in root.iterchildren(etree.Element) if child.tag in _READERS])
    error = next(root.iter("ERROR", "PhraseNotFound"), None)
    if error is not None:
        return _refused(_text(error), response)
    what = _OTHER_ROOTS.get(root.tag, "something else than PubMed records")
    return IndexFault(FaultKind.NOT_WORKS, f"its answer is {what}")


def _answered(records: Sequence[etree._Element]) -> Answered | IndexFault:
    """The works of all records. One that cannot be read spoils the batch: left out, it would seem unknown."""
    works: list[Work] = []
    for record in records[:MOST_RECORDS]:
        work = _READERS[record.tag](record)
        if work is None:
            numbers = (_text(one) for one in record.iter("PMID"))
            return IndexFault(FaultKind.MALFORMED, f"its record {next(numbers, '')[:20]} has no title")
        works.append(work)
    return Answered(tuple(works))


def _refused(words: str, response: Response) -> IndexFault:
    kind = next((kind for pattern, kind in _ERROR_WORDS if pattern.search(words[:500])), FaultKind.BAD_REQUEST)
    return IndexFault(kind, f"it answered with an error: {words[:QUOTED]}", retry_after_of(response))


def _article(record: etree._Element) -> Work | None:
    """A journal article (`PubmedArticle`)."""
    citation = record.find("MedlineCitation")
    article = citation.find("Article") if citation is not None else None
    if citation is None or article is None:
        return None
    title = plain_title(_text_at(article, "ArticleTitle")) or plain_title(_text_at(article, "VernacularTitle"))
    return _work(
        citation,
        title=title,
        doi=_article_id(record, "doi") or _electronic_doi(article),
        pmcid=normalised_pmcid((_article_id(record, "pmc") or "").partition(" ")[0]),
        authors=_authors(article),
        year=next(filter(None, (_year(_text_at(citation, path)) for path in _YEAR_PATHS)), None),
        venue=_text_at(article, "Journal/Title") or _text_at(citation, "MedlineJournalInfo/MedlineTA") or None,
        types=[_text(one) for one in article.iterfind("PublicationTypeList/PublicationType")],
        abstract=article.find("Abstract"),
    )


def _book(record: etree._Element) -> Work | None:
    """A book, or a chapter of one (`PubmedBookArticle`)."""
    document = record.find("BookDocument")
    if document is None:
        return None
    book, chapter = _text_at(document, "Book/BookTitle"), plain_title(_text_at(document, "ArticleTitle"))
    return _work(
        document,
        title=chapter or plain_title(book),
        doi=_article_id(record, "doi") or _article_id(document, "doi"),
        isbn=None if chapter else normalised_isbn(_text_at(document, "Book/Isbn")),
        authors=_authors(document) or _authors(document.find("Book")),
        year=_year(_text_at(document, "Book/PubDate/Year")),
        venue=(book if chapter else _text_at(document, "Book/Publisher/PublisherName")) or None,
        types=["book chapter" if chapter else "book"],
        abstract=document.find("Abstract"),
    )


_READERS = {"PubmedArticle": _article, "PubmedBookArticle": _book}


def _work(
    citation: etree._Element,
    *,
    title: str | None,
    types: list[str],
    doi: str | None,
    year: int | None,
    abstract: etree._Element | None,
    **fields: Any,
) -> Work | None:
    """The work of a citation with its PMID; None where it has no title."""
    title, said = unmarked(title or "")
    pmid = normalised_pmid(_text_at(citation, "PMID"))
    numbered = citation.find("PMID")
    revision = numbered.get("Version", "1") if numbered is not None else "1"
    own, dated = f"pmid:{pmid}" if pmid else f"doi:{doi}", str(year) if year else None
    label = "preprint" if "Preprint" in types else None
    told = standing(list(_links(citation)), types, own=own, own_date=dated, own_label=label, origin=ORIGIN)
    text = _abstract(abstract) if abstract is not None else None
    try:
        return work_of_fields(
            title=title,
            doi=doi,
            pmid=pmid,
            year=year,
            type=work_type(types),
            version=revision[:20] if revision != "1" else None,
            text=text,
            text_kind="abstract" if text else None,
            complete=False if text and _CUT.search(text[-60:]) else None,
            notices=with_title_notice(told.notices, said, ORIGIN),
            updates=told.updates,
            versions=told.versions,
            origin=ORIGIN,
            **fields,
        )
    except UnusableWork:
        return None


def _links(citation: etree._Element) -> Iterator[Link]:
    for one in citation.iterfind("CommentsCorrectionsList/CommentsCorrections"):
        pmid = normalised_pmid(_text_at(one, "PMID"))
        yield Link(one.get("RefType", ""), f"pmid:{pmid}" if pmid else None, _text_at(one, "RefSource") or None)


def _article_id(record: etree._Element, kind: str) -> str | None:
    """An identifier of the record itself; those of the works it cites stand in its `ReferenceList`."""
    for path in (
        "PubmedData/ArticleIdList/ArticleId",
        "PubmedBookData/ArticleIdList/ArticleId",
        "ArticleIdList/ArticleId",
    ):
        for one in record.iterfind(path):
            if one.get("IdType") == kind:
                words = _text(one)
                return normalised_doi(words) if kind == "doi" else words
    return None


def _electronic_doi(article: etree._Element) -> str | None:
    valid = (e for e in article.iterfind("ELocationID") if e.get("EIdType") == "doi" and e.get("ValidYN") != "N")
    return next(filter(None, (normalised_doi(_text(one)) for one in valid)), None)


def _authors(article: etree._Element | None) -> tuple[str, ...]:
    """`Family, Given` and groups, in order; a name marked as wrong and editors are left out."""
    if article is None:
        return ()
    names = []
    for listed in article.iterfind("AuthorList"):
        if listed.get("Type") != "editors":
            names += [_name(author) for author in listed.iterfind("Author") if author.get("ValidYN") != "N"]
    return tuple(filter(None, names[:MOST_AUTHORS]))


def _name(author: etree._Element) -> str:
    family = _text_at(author, "LastName")
    given = _text_at(author, "ForeName") or _text_at(author, "Initials")
    if family:
        return f"{family}, {given}" if given else family
    return _text_at(author, "CollectiveName")


def _abstract(abstract: etree._Element) -> str | None:
    """The parts of an abstract, a labelled one as "LABEL: text", one a line."""
    parts = []
    for part in abstract.iterfind("AbstractText"):
        label, text = (part.get("Label") or "").strip(" :"), _text(part)
        labelled = label and label.upper() != "UNLABELLED" and text
        parts.append(f"{label}: {text}" if labelled else text)
    return "\n".join(filter(None, parts)) or None


def _year(words: str) -> int | None:
    """The first year in the words: `1998 Dec-1999 Jan` is of 1998."""
    match = _YEAR.search(words[:100])
    return int(match[0]) if match else None


def _text_at(element: etree._Element, path: str) -> str:
    found = element.find(path)
    return _text(found) if found is not None else ""


def _text(element: etree._Element) -> str:
    """The words of an element and what stands inside it; comments are left out, entities stay as written."""
    return " ".join("".join(map(str, element.itertext()))[:MAX_WORDS].split())


# --- its JSON forms -----------------------------------------------------------------------------


def _parse_json(value: Any, response: Response) -> Answered | IndexFault:
    if not isinstance(value, dict):
        return IndexFault(FaultKind.NOT_WORKS, "its answer is no object of records")
    searched = value.get("esearchresult")
    inner = searched.get("ERROR") if isinstance(searched, dict) else None
    error = value.get("error") or value.get("ERROR") or inner
    if error:
        return _refused(str(error)[:500], response)
    result = value.get("result")
    if isinstance(result, dict) and isinstance(result.get("uids"), list):
        return _summaries(result)
    what = next((words for key, words in _JSON_OTHER.items() if key in value), "something else than PubMed records")
    return IndexFault(FaultKind.NOT_WORKS, f"its answer is {what}")


def _summaries(result: dict[str, Any]) -> Answered | IndexFault:
    """Works of `esummary`: titles, authors and identifiers, neither abstracts nor corrections."""
    listed = [result.get(uid) for uid in result["uids"][:MOST_RECORDS] if isinstance(uid, str)]
    records = [one for one in listed if isinstance(one, dict) and "error" not in one]
    works = tuple(work for one in records if (work := _summary(one)) is not None)
    if records and not works:
        return IndexFault(FaultKind.NOT_WORKS, "its answer holds records without titles")
    return Answered(works)


def _summary(record: dict[str, Any]) -> Work | None:
    identifiers = {
        str(one.get("idtype")): str(one.get("value"))[:400]
        for one in _listed(record, "articleids")
        if isinstance(one, dict)
    }
    types = [one for one in _listed(record, "pubtype") if isinstance(one, str)]
    told = standing([], types, own="", own_date=None, own_label=None, origin=ORIGIN)
    try:
        return work_of_fields(
            title=plain_title(plain_words(_word(record, "title"))),
            doi=normalised_doi(identifiers.get("doi", "")),
            pmid=normalised_pmid(identifiers.get("pubmed") or identifiers.get("pmid") or ""),
            pmcid=normalised_pmcid(identifiers.get("pmc") or identifiers.get("pmcid") or ""),
            authors=tuple(_word(one, "name") for one in _listed(record, "authors") if isinstance(one, dict)),
            year=_year(_word(record, "pubdate")),
            venue=_word(record, "fulljournalname") or None,
            type=work_type(types),
            notices=told.notices,
            origin=ORIGIN,
        )
    except UnusableWork:
        return None


def _listed(record: dict[str, Any], key: str) -> list[Any]:
    value = record.get(key)
    return value[:MOST_AUTHORS] if isinstance(value, list) else []


def _word(record: dict[str, Any], key: str) -> str:
    value = record.get(key)
    return value[:4_000] if isinstance(value, str) else ""


INDEX = Index(
    name="pubmed",
    title="PubMed",
    base=BASE,
    pace=Pace(3, 1.0),  # ten a second with a key, which a contact address alone does not buy
    asks_by=frozenset({By.PMID}),
    covers="biomedical articles that have a PMID",
    sent="PMIDs",
    request=request,
    parse=parse,
    batch={By.PMID: BATCH},
    credentials=Credentials(contact_param="email", key_param="api_key"),
)

"""Europe PMC: life-science articles, preprints and their open full texts, as its REST service tells of them.

Input: lookups, and the JSON it answers with (its XML and Dublin Core forms are understood too, since they are
what it sends by default). Output: a request, and works or a named fault. Does not belong here: sending,
pacing, storing (the HTTP edge), reading a full text (scholarly_xml.py).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from pipelines.ingestion.identifiers import normalised_doi, normalised_pmcid, normalised_pmid
from pipelines.ingestion.indexes.biomedical import Link, Standing, plain_title, standing, work_type
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
from pipelines.ingestion.indexes.decoding import MAX_WORDS, QUOTED, fault_of_status, json_of, xml_of
from pipelines.ingestion.indexes.europepmc_xml import page_of_xml
from pipelines.ingestion.indexes.json_fields import web_address
from pipelines.ingestion.indexes.lucene import phrase, query_words
from pipelines.ingestion.indexes.title_marks import unmarked, with_title_notice
from pipelines.ingestion.library_rows import UnusableWork, work_of_fields
from pipelines.models import FullTextLocation, Notice, NoticeKind, Work, WorkVersion

BASE = "https://www.ebi.ac.uk/europepmc/webservices/rest"
ORIGIN = "europe-pmc"
BATCH = 25
LONGEST_GET = 2_000  # characters of a query; longer ones are posted
MOST_LISTED = 1_000  # the largest page it serves

_QUERIES = {By.DOI: 'DOI:"{}"', By.PMID: '(EXT_ID:"{}" AND SRC:MED)', By.PMCID: 'PMCID:"{}"'}
_MEDIA_TYPES = {"pdf": "application/pdf", "html": "text/html"}
_COPIES = frozenset({"Europe_PMC", "PubMedCentral"})  # where an author's manuscript may stand for the article
_FREE = frozenset({"OA", "F"})  # open access, free; not "S", subscription required

_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9:]{0,20})(?:\s[^<>]{0,300})?/?>")
_INLINE = frozenset({"i", "b", "em", "strong", "sub", "sup", "u", "sc", "italic", "bold", "span", "small"})
_HEADING = re.compile(r"<h4>([^<>]{0,200})</h4>", re.IGNORECASE)
_SHORT_NAME = re.compile(
    r"(?P<family>[^\s,][^,]{0,150}) (?P<initials>[A-Z][A-Z-]{0,4}(?: (?:Jr|Sr|2nd|3rd|I{2,3}))?)\.?"
)
_YEAR = re.compile(r"\d{4}(?!\d)")
_SERVICE = re.compile(r"(https?://[^?#\s]{1,300}?)/(?:search(?:POST)?(?:[/?]|$)|[A-Z]{3}/\d{1,10}/citations/)")


# --- asking -------------------------------------------------------------------------------------


def request(lookups: Sequence[Lookup], base: str) -> Request:
    """One search for all lookups: identifiers joined with OR, or the words of one title or question."""
    first = lookups[0]
    if first.by in _QUERIES:
        query = " OR ".join(_QUERIES[first.by].format(_inside_quotes(lookup.value)) for lookup in lookups)
        size = 21 + 4 * len(lookups)  # a preprint, its article and its PMC copy may bear one identifier
    else:
        query = _title_query(first.value) if first.by is By.TITLE else " ".join(query_words(first.value))
        size = first.limit
    params = (
        ("query", query),
        ("resultType", "core"),
        ("format", "json"),
        ("pageSize", str(max(1, min(size, MOST_LISTED)))),
        ("cursorMark", "*"),
    )
    if len(query) <= LONGEST_GET:
        return Request(f"{base}/search", params)
    form = (("content-type", "application/x-www-form-urlencoded"),)
    return Request(f"{base}/searchPOST", method="POST", headers=form, body=urlencode(params).encode())


def _inside_quotes(value: str) -> str:
    return re.sub(r"[\"\\\s]", "", value[:400])


def _title_query(title: str) -> str:
    """The title as a phrase, or its longer words: one word misprinted must not make a work unfindable."""
    words = query_words(title)
    telling = [word for word in dict.fromkeys(words) if len(word) > 3][:12] or words
    return f"{phrase(title, 'TITLE')} OR TITLE:({' OR '.join(telling)})"


# --- reading ------------------------------------------------------------------------------------


def parse(response: Response) -> Answered | IndexFault:
    """Works of a search or of a list of citations, or the fault."""
    if (fault := fault_of_status(response)) is not None:
        return fault
    if response.status != 200:
        return IndexFault(FaultKind.BAD_REQUEST, f"it answered {response.status} to a search")
    is_xml = response.body[:200].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    value = _value_of_xml(response) if is_xml else json_of(response)
    return value if isinstance(value, IndexFault) else _parse_page(value, _service_of(response.url))


def _value_of_xml(response: Response) -> Any | IndexFault:
    root = xml_of(response)
    return root if isinstance(root, IndexFault) else page_of_xml(root)


def _service_of(url: str) -> str:
    """The address that answered, so that full texts are looked for at the same one."""
    match = _SERVICE.match(url)
    return match[1] if match else BASE


def _parse_page(page: Any, service: str) -> Answered | IndexFault:
    if not isinstance(page, dict):
        return IndexFault(FaultKind.NOT_WORKS, "its answer is no page of results")
    if "errMsg" in page or "errCode" in page:
        return IndexFault(FaultKind.BAD_REQUEST, f"it refused the question: {str(page.get('errMsg'))[:QUOTED]}")
    listed = _list_of_works(page)
    if listed is None:
        return IndexFault(FaultKind.NOT_WORKS, "its answer lists no works but something else")
    records = [record for record in listed[:MOST_LISTED] if isinstance(record, dict)]
    works = tuple(work for record in records if (work := _work(record, service)) is not None)
    if listed and not works:
        return IndexFault(FaultKind.NOT_WORKS, "its answer lists identifiers without titles")
    total = _whole_number(page.get("hitCount"))
    is_whole = len(works) == len(records) and (total or 0) <= len(listed)
    if _names_identifiers(page) and not is_whole:  # what is missing here would seem unknown
        return IndexFault(FaultKind.MALFORMED, "its answer leaves out records, or gives one without a title")
    return Answered(works, total, _next_page(page) if listed else None)


def _names_identifiers(page: dict[str, Any]) -> bool:
    """The page answers a search for identifiers, as its own words tell."""
    asked = page.get("request")
    query = asked.get("queryString") if isinstance(asked, dict) else None
    return isinstance(query, str) and query.startswith(tuple(form.partition("{")[0] for form in _QUERIES.values()))


def _list_of_works(page: dict[str, Any]) -> list[Any] | None:
    """The records of a page of results or citations; an empty list and no list at all are different things."""
    for outer, inner in (("resultList", "result"), ("citationList", "citation")):
        if outer in page:
            return _items(page[outer], inner)
    return None


def _next_page(page: dict[str, Any]) -> str | None:
    following = page.get("nextCursorMark")
    asked = page.get("request")
    current = asked.get("cursorMark") if isinstance(asked, dict) else None
    return following[:500] if isinstance(following, str) and following and following != current else None


def _work(record: dict[str, Any], service: str) -> Work | None:
    """The work that a record describes; None where it has no title."""
    title, said = unmarked(plain_title(_plain(_words(record, "title"))) or "")
    source, number = _words(record, "source"), _words(record, "id")
    doi = normalised_doi(_words(record, "doi"))
    pmid = normalised_pmid(_words(record, "pmid") or (number if source == "MED" else ""))
    pmcid = normalised_pmcid(_words(record, "pmcid") or (number if source == "PMC" else ""))
    named = (f"{kind}:{value}" for kind, value in (("doi", doi), ("pmid", pmid), ("pmcid", pmcid)) if value)
    own = next(named, None) or _source_id(source, number) or f"{ORIGIN}:{source}/{number}"
    standing_of = _standing(record, own, source == "PPR")
    text = _abstract(_words(record, "abstractText", MAX_WORDS))
    types = _types(record)
    try:
        return work_of_fields(
            title=title,
            doi=doi,
            pmid=pmid,
            pmcid=pmcid,
            authors=_authors(record),
            year=_year(record),
            venue=_venue(record),
            type="preprint" if source == "PPR" else work_type(types),
            version=_words(record, "versionNumber") or None,
            text=text,
            text_kind="abstract" if text else None,
            licence=_words(record, "license") or None,
            notices=with_title_notice(standing_of.notices, said, ORIGIN),
            versions=standing_of.versions,
            updates=standing_of.updates,
            full_texts=tuple(_full_texts(record, pmcid, service)),
            origin=ORIGIN,
        )
    except UnusableWork:
        return None


def _standing(record: dict[str, Any], own: str, is_preprint: bool) -> Standing:
    number = _whole_number(record.get("versionNumber"))
    date = _words(record, "firstPublicationDate", 10) or None
    label = (f"v{number}" if number else "preprint") if is_preprint else None
    told = standing(list(_links(record)), _types(record), own=own, own_date=date, own_label=label, origin=ORIGIN)
    listed = _preprint_versions(record, own)
    later = tuple(version for version in told.versions if version.label == "published")
    notices = told.notices
    latest = max((number for number, _ in listed), default=None)
    if number is not None and latest is not None and latest > number:
        detail = f"version {latest} is the latest"
        notices = (*notices, Notice(kind=NoticeKind.SUPERSEDED, origin=ORIGIN, detail=detail))
    versions = (*(version for _, version in listed), *later) if listed else told.versions
    return Standing(notices, told.updates, versions)


def _links(record: dict[str, Any]) -> Iterator[Link]:
    for item in _items(record.get("commentCorrectionList"), "commentCorrection"):
        if isinstance(item, dict):
            target = _source_id(_words(item, "source"), _words(item, "id"))
            yield Link(_words(item, "type"), target, _words(item, "reference") or None)


def _source_id(source: str, number: str) -> str | None:
    if source == "MED" and (pmid := normalised_pmid(number)):
        return f"pmid:{pmid}"
    if source == "PMC" and (pmcid := normalised_pmcid(number)):
        return f"pmcid:{pmcid}"
    return f"ppr:{number}" if source == "PPR" and re.fullmatch(r"PPR\d{1,12}", number) else None


def _preprint_versions(record: dict[str, Any], own: str) -> list[tuple[int, WorkVersion]]:
    found = []
    for item in _items(record.get("versionList"), "version"):
        number = _whole_number(item.get("versionNumber")) if isinstance(item, dict) else None
        source_id = _source_id(_words(item, "source"), _words(item, "id")) if isinstance(item, dict) else None
        if number is not None and source_id is not None:
            is_this = _words(item, "id") == _words(record, "id")
            date = _words(item, "firstPublishDate", 10) or None
            version = WorkVersion(label=f"v{number}", source_id=own if is_this else source_id, date=date)
            found.append((number, version))
    return sorted(found, key=lambda pair: pair[0])


def _full_texts(record: dict[str, Any], pmcid: str | None, service: str) -> Iterator[FullTextLocation]:
    version = _text_version(record)
    licence = _words(record, "license") or None
    if pmcid and record.get("isOpenAccess") == "Y":
        url = f"{service}/{pmcid}/fullTextXML"
        yield FullTextLocation(url=url, media_type="application/xml", version=version, licence=licence)
    for item in _items(record.get("fullTextUrlList"), "fullTextUrl"):
        if not isinstance(item, dict) or item.get("availabilityCode") not in _FREE:
            continue
        address, style = web_address(item.get("url")), _words(item, "documentStyle")
        if address is not None:
            of = version if item.get("site") in _COPIES else _text_version({"source": record.get("source")})
            yield FullTextLocation(url=address, media_type=_MEDIA_TYPES.get(style), version=of, licence=licence)


def _text_version(record: dict[str, Any]) -> str:
    if record.get("source") == "PPR":
        return "submitted"
    return "accepted" if "Y" in (record.get("authMan"), record.get("epmcAuthMan")) else "published"


def _authors(record: dict[str, Any]) -> tuple[str, ...]:
    """`Family, Given`, so that the family name is plain; groups as they are."""
    names = [_name(item) for item in _items(record.get("authorList"), "author") if isinstance(item, dict)]
    if not any(names):
        listed = _words(record, "authorString", MAX_WORDS).rstrip(".")
        names = [_inverted(name) for name in listed.split(", ")]
    return tuple(filter(None, names))


def _name(author: dict[str, Any]) -> str:
    family, given = _words(author, "lastName"), _words(author, "firstName") or _words(author, "initials")
    if family:
        return f"{family}, {given}" if given else family
    return _words(author, "collectiveName") or _inverted(_words(author, "fullName"))


def _inverted(name: str) -> str:
    match = _SHORT_NAME.fullmatch(name.strip())
    return f"{match['family']}, {match['initials']}" if match else name.strip()


def _year(record: dict[str, Any]) -> int | None:
    journal = record.get("journalInfo")
    stated = _words(journal, "yearOfPublication") if isinstance(journal, dict) else ""
    match = _YEAR.match(_words(record, "pubYear") or stated)
    return int(match[0]) if match else None


def _venue(record: dict[str, Any]) -> str | None:
    info, book = record.get("journalInfo"), record.get("bookOrReportDetails")
    journal = info.get("journal") if isinstance(info, dict) else None
    if isinstance(journal, dict) and _words(journal, "title"):
        return _words(journal, "title")
    publisher = _words(book, "publisher") if isinstance(book, dict) else ""
    return _words(record, "journalTitle") or _words(record, "journalAbbreviation") or publisher or None


def _types(record: dict[str, Any]) -> list[str]:
    listed = [item for item in _items(record.get("pubTypeList"), "pubType") if isinstance(item, str)]
    return listed or (_words(record, "pubType") or _words(record, "citationType")).split("; ")


def _abstract(marked: str) -> str | None:
    """Parts headed by `<h4>` as "HEADING: text", one a line."""
    pieces = _HEADING.split(marked)
    parts = [_plain(pieces[0])]
    for heading, body in zip(pieces[1::2], pieces[2::2], strict=True):
        label, text = _plain(heading).rstrip(":. "), _plain(body)
        parts.append(f"{label}: {text}" if label and text else text or label)
    return "\n".join(filter(None, parts)) or None


def _plain(marked: str) -> str:
    """Words without tags. A bare `<` is a sign in the text here (`P <.05`), and stays."""
    bare = _TAG.sub(lambda tag: "" if tag[1].lower() in _INLINE else " ", marked[:MAX_WORDS])
    return " ".join(html.unescape(bare).split())


def _words(record: dict[str, Any], key: str, most: int = 4_000) -> str:
    """The words under a key, cut at `most` characters; empty where there are none."""
    value = record.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return " ".join(str(value)[:most].split()) if key != "abstractText" else str(value)[:most]


def _items(holder: Any, key: str) -> list[Any]:
    """The list under a key; one item alone, as XML has it, is a list of one."""
    value = holder.get(key) if isinstance(holder, dict) else None
    if value is None or value == "":
        return []
    return value[:MOST_LISTED] if isinstance(value, list) else [value]


def _whole_number(value: Any) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 12:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**12 else None


INDEX = Index(
    name="europe-pmc",
    title="Europe PMC",
    base=BASE,
    pace=Pace(10, 1.0, at_once=2),  # customary; the service states no figure
    asks_by=frozenset({By.DOI, By.PMID, By.PMCID, By.TITLE, By.SEARCH}),
    covers="life-science articles, among them all of PubMed, full texts of PMC, and preprints",
    sent="identifiers, titles, or the words of a question",
    request=request,
    parse=parse,
    batch={By.DOI: BATCH, By.PMID: BATCH, By.PMCID: BATCH},
    credentials=Credentials(contact_param="email"),
)

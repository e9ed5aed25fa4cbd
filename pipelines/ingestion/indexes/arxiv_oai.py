"""arXiv's OAI-PMH service: a record with all its versions and their dates.

Owns the request for a record (`arXivRaw`) and the reading of the three forms a record comes in: arXivRaw, arXiv
and oai_dc. Does not belong here: the fields as a `Work` (arxiv_records.py).
Documentation: https://info.arxiv.org/help/oa and http://www.openarchives.org/OAI/openarchivesprotocol.html
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime

from lxml import etree

from pipelines.ingestion.indexes.arxiv import too_fast
from pipelines.ingestion.indexes.arxiv_records import (
    COVERS,
    MAX_VERSIONS,
    PACE,
    StatedRecord,
    StatedVersion,
    children,
    day_of,
    folded,
    local_name,
    names,
    text_of,
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
from pipelines.ingestion.indexes.decoding import QUOTED, fault_of_status, xml_of
from pipelines.ingestion.indexes.json_fields import read_works
from pipelines.ingestion.library_rows import UnusableWork
from pipelines.models import Work

NAME = "arxiv-oai"
MAX_TOKEN = 500

# Errors come with status 200; these two say that there is no such record, all others speak of the request.
_NOT_HELD = frozenset({"idDoesNotExist", "noRecordsMatch"})
_PREFIX = "oai:arXiv.org:"
_SUFFIXES = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"})
_BRACKETS = re.compile(r"\([^()]{0,2000}\)")
_BETWEEN_NAMES = re.compile(r" ?, ?and | ?[,;] ?| and | & ")
_NUMBER = re.compile(r"v?(\d{1,4})")
_COMMENT = "Comment:"


def request(lookups: Sequence[Lookup], base: str) -> Request:
    """The record of one arXiv id, with all its versions."""
    return Request(
        f"{base}/oai",
        (("verb", "GetRecord"), ("identifier", _PREFIX + lookups[0].value), ("metadataPrefix", "arXivRaw")),
    )


def parse(response: Response) -> Answered | IndexFault:
    """The records of a GetRecord or ListRecords answer."""
    fault = too_fast(response) or fault_of_status(response)
    if fault is not None:
        return fault
    root = xml_of(response)
    if isinstance(root, IndexFault):
        return root
    if (error := next(iter(children(root, "error")), None)) is not None:
        return _of_error(error)
    records = _records(root)
    if not records:
        return IndexFault(FaultKind.NOT_WORKS, "it answered with XML that holds no records")
    works = read_works([record for record in records if not _is_deleted(record)] or records[:1], _work)
    if isinstance(works, IndexFault):
        return works
    total, token = _resumption(root)
    return Answered(works, total, token)


def _of_error(error: etree._Element) -> Answered | IndexFault:
    code, said = str(error.get("code") or ""), folded(text_of(error)) or "no reason"
    if code in _NOT_HELD:
        return Answered()
    return IndexFault(FaultKind.BAD_REQUEST, f"it did not take the question: {code[:40]}: {said[:QUOTED]}")


def _records(root: etree._Element) -> list[etree._Element]:
    if local_name(root) == "record":
        return [root]
    if local_name(root) != "OAI-PMH":
        return []
    return [
        record
        for verb in (*children(root, "GetRecord"), *children(root, "ListRecords"))
        for record in children(verb, "record")
    ]


def _is_deleted(record: etree._Element) -> bool:
    return any(header.get("status") == "deleted" for header in children(record, "header"))


def _resumption(root: etree._Element) -> tuple[int | None, str | None]:
    for verb in children(root, "ListRecords"):
        for token in children(verb, "resumptionToken"):
            size, next_page = str(token.get("completeListSize") or ""), folded(text_of(token))
            total = int(size) if size.isascii() and size.isdigit() and len(size) <= 12 else None
            return total, next_page if next_page and len(next_page) <= MAX_TOKEN else None
    return None, None


def _work(record: etree._Element) -> Work:
    if _is_deleted(record):
        raise UnusableWork("the record is marked as deleted")
    header = next(iter(children(record, "header")), None)
    named = (words_of(header, "identifier") if header is not None else None) or ""
    for metadata in children(record, "metadata"):
        for form in metadata:
            if isinstance(form.tag, str) and (read := _FORMS.get(local_name(form))) is not None:
                return work_of_record(read(form, named.strip().removeprefix(_PREFIX)), NAME)
    raise UnusableWork("the record is in no form that is read here")


def _of_raw(form: etree._Element, named: str) -> StatedRecord:
    """arXivRaw: authors in one string, every version with its date, size and kind of source."""
    versions = tuple(filter(None, (_version(version) for version in children(form, "version")[:MAX_VERSIONS])))
    first = next((version.date for version in versions if version.number == 1), None)
    return StatedRecord(
        id=words_of(form, "id") or named,
        title=words_of(form, "title"),
        authors=names(_split_names(words_of(form, "authors") or "")),
        abstract=words_of(form, "abstract"),
        comment=words_of(form, "comments"),
        journal=words_of(form, "journal-ref"),
        doi=words_of(form, "doi"),
        versions=versions,
        latest=max((version.number for version in versions), default=None),
        first_date=first,
        licence=folded(words_of(form, "license")),
    )


def _version(version: etree._Element) -> StatedVersion | None:
    number = _NUMBER.fullmatch(str(version.get("version") or ""))
    if number is None:
        return None
    size, source = (words_of(version, "size") or "").strip(), (words_of(version, "source_type") or "").strip()
    # arXiv's own rule: no bytes, or the source flag "I" (ignore), is a withdrawn version.
    return StatedVersion(int(number[1]), _day_of_mail(words_of(version, "date")), size == "0kb" or "I" in source)


def _day_of_mail(stated: str | None) -> str | None:
    """The ISO date of "Mon, 22 Oct 2018 22:41:50 GMT"."""
    try:
        moment: datetime = parsedate_to_datetime((stated or "")[:60])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return day_of(moment.date().isoformat())


def _split_names(authors: str) -> list[str]:
    """Names of an author string; affiliations stand in brackets, which may be nested once."""
    plain = _BRACKETS.sub(" ", _BRACKETS.sub(" ", folded(authors) or ""))
    found: list[str] = []
    for name in _BETWEEN_NAMES.split(folded(plain.replace("(", " ").replace(")", " ")) or ""):
        if found and name.lower() in _SUFFIXES:
            found[-1] = f"{found[-1]} {name}"
        else:
            found.append(name)
    return found


def _of_arxiv(form: etree._Element, named: str) -> StatedRecord:
    """arXiv: authors in parts, the date of the first version and of the last change."""
    first, this = day_of(words_of(form, "created")), day_of(words_of(form, "updated"))
    listed = [author for group in children(form, "authors") for author in children(group, "author")]
    parts = ("forenames", "keyname", "suffix")
    return StatedRecord(
        id=words_of(form, "id") or named,
        title=words_of(form, "title"),
        authors=names([" ".join(filter(None, (words_of(author, part) for part in parts))) for author in listed]),
        abstract=words_of(form, "abstract"),
        comment=words_of(form, "comments"),
        journal=words_of(form, "journal-ref"),
        doi=words_of(form, "doi"),
        versions=(StatedVersion(1, first),) if first else (),
        latest=1 if first and this is None else None,
        first_date=first,
        licence=folded(words_of(form, "license")),
    )


def _of_dublin_core(form: etree._Element, named: str) -> StatedRecord:
    """oai_dc: the comment is a second description, the DOI one of the identifiers."""
    described = [text_of(element) for element in children(form, "description")]
    dates = sorted(filter(None, (day_of(text_of(element)) for element in children(form, "date"))))
    stated = [text_of(element).strip() for element in children(form, "identifier")]
    addresses = [address for address in stated if "arxiv.org/abs/" in address.lower()]
    return StatedRecord(
        id=addresses[0] if addresses else named,
        title=words_of(form, "title"),
        authors=names([_turned(text_of(element)) for element in children(form, "creator")]),
        abstract=next((text for text in described if not text.strip().startswith(_COMMENT)), None),
        comment=next((text.strip()[len(_COMMENT) :] for text in described if text.strip().startswith(_COMMENT)), None),
        journal=next((one for one in stated if not re.match(r"https?:|doi:|10\.", one)), None),
        doi=next((one for one in stated if one.lower().startswith("doi:")), None),
        versions=(StatedVersion(1, dates[0]),) if dates else (),
        latest=1 if len(dates) == 1 else None,
        first_date=dates[0] if dates else None,
    )


def _turned(name: str) -> str:
    """ "Luger, Rodrigo" as "Rodrigo Luger"."""
    family, comma, given = name.partition(",")
    return f"{given.strip()} {family.strip()}" if comma else name


_FORMS = {"arXivRaw": _of_raw, "arXiv": _of_arxiv, "dc": _of_dublin_core}

INDEX = Index(
    name=NAME,
    title="arXiv OAI-PMH",
    base="https://oaipmh.arxiv.org",
    pace=PACE,
    asks_by=frozenset({By.ARXIV}),
    covers=COVERS,
    sent="arXiv ids of the references",
    request=request,
    parse=parse,
)

"""What the two services of arXiv have in common: from the fields of a record to a `Work`.

Input: the fields as the Atom feed (arxiv.py) or OAI-PMH (arxiv_oai.py) states them. Output: a `Work` under
its best identifier, with its versions and, where the words say so, its withdrawal. Does not belong here:
where a feed holds these fields, how withdrawals are worded (withdrawals.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from pipelines.ingestion.identifiers import normalised_arxiv, normalised_doi
from pipelines.ingestion.indexes.contract import Pace
from pipelines.ingestion.indexes.decoding import MAX_WORDS
from pipelines.ingestion.indexes.registered_fields import whole_doi
from pipelines.ingestion.indexes.withdrawals import stated_withdrawal
from pipelines.ingestion.latex import without_latex
from pipelines.ingestion.library_rows import UnusableWork, work_of_fields
from pipelines.models import FullTextLocation, Notice, NoticeKind, Work, WorkVersion

# One limit for both services and for all machines of a user together (terms of use of the arXiv APIs).
PACE = Pace(requests=1, seconds=3.0)
COVERS = "preprints of physics, mathematics, computer science and neighbouring fields that are on arXiv"
MAX_VERSIONS = 200
MAX_AUTHORS = 10_000
MAX_NAME = 300
MAX_TITLE = 2_000

_SEVERAL_DOIS = re.compile(r"[,;\s]{1,5}(?=10\.\d{4,9}/)")
_YEAR_OF_JOURNAL = re.compile(r"\(((?:19|20)\d\d)\)|[,\s]((?:19|20)\d\d)\.?$")
_DAY = re.compile(r"(1[5-9]\d\d|20\d\d)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


@dataclass(frozen=True)
class StatedVersion:
    """One version as the service lists it. `empty`: it holds no paper, as arXiv keeps withdrawn ones."""

    number: int
    date: str | None
    empty: bool = False


@dataclass(frozen=True)
class StatedRecord:
    """The fields of a record, as words; absent is None."""

    id: str  # as stated: with or without version, as an address or bare
    title: str | None
    authors: tuple[str, ...]
    abstract: str | None
    comment: str | None
    journal: str | None
    doi: str | None
    versions: tuple[StatedVersion, ...] = ()  # those with a known date
    latest: int | None = None  # number of the latest version, where the id does not say which
    first_date: str | None = None
    licence: str | None = None
    pdf: str | None = None


def work_of_record(record: StatedRecord, origin: str) -> Work:
    """The record as a work; `UnusableWork` where it has no title or no arXiv id."""
    arxiv_id, number = normalised_arxiv(record.id[:200])
    if arxiv_id is None:
        raise UnusableWork(f"the record has no arXiv id: {record.id[:80]!r}")
    latest = number or record.latest
    doi = first_doi(record.doi)
    withdrawal = _withdrawal(record, arxiv_id, latest, origin)
    pdf = record.pdf or (None if withdrawal else f"https://arxiv.org/pdf/{arxiv_id}" + (f"v{latest}" if latest else ""))
    abstract = folded(record.abstract)
    return work_of_fields(
        title=without_latex((folded(record.title) or "")[:MAX_TITLE]),
        origin=origin,
        doi=doi,
        arxiv_id=arxiv_id,
        authors=record.authors,
        year=int(record.first_date[:4]) if record.first_date else None,
        venue=folded(record.journal) or "arXiv",
        type="preprint",
        version=str(latest) if latest else None,
        text=abstract,
        text_kind="abstract" if abstract else None,
        licence=record.licence,
        notices=withdrawal,
        versions=_versions(record, arxiv_id, doi),
        full_texts=(FullTextLocation(url=pdf, media_type="application/pdf", version="submitted"),) if pdf else (),
    )


def _versions(record: StatedRecord, arxiv_id: str, doi: str | None) -> tuple[WorkVersion, ...]:
    stated = {version.number: version for version in record.versions[:MAX_VERSIONS]}
    found = [
        WorkVersion(label=f"v{number}", source_id=f"arxiv:{arxiv_id}v{number}", date=stated[number].date)
        for number in sorted(stated)
    ]
    if doi:
        found.append(WorkVersion(label="published", source_id=f"doi:{doi}", date=_journal_year(record.journal)))
    return tuple(found)


def _withdrawal(record: StatedRecord, arxiv_id: str, latest: int | None, origin: str) -> tuple[Notice, ...]:
    """A version without a paper is arXiv's own mark of a withdrawal; the words are the authors' or moderators'."""
    newest = next((version for version in record.versions if version.number == latest), None)
    said = stated_withdrawal(folded(record.comment), folded(record.abstract))
    if said is None and (newest is None or not newest.empty):
        return ()
    detail = said or f"version {latest} holds no paper"
    name = f"arxiv:{arxiv_id}v{latest}" if latest else f"arxiv:{arxiv_id}"
    date = newest.date if newest else None
    return (Notice(kind=NoticeKind.WITHDRAWN, id=name, date=date, origin=origin, detail=detail),)


def first_doi(stated: str | None) -> str | None:
    """The DOI of the published paper. Authors add those of errata behind it, which are other works."""
    first = _SEVERAL_DOIS.split((stated or "").strip()[:1_000])[0].rstrip(" .,;")
    return whole_doi(first) or normalised_doi(first)


def _journal_year(journal: str | None) -> str | None:
    years = {first or second for first, second in _YEAR_OF_JOURNAL.findall((folded(journal) or "")[:500])}
    return years.pop() if len(years) == 1 else None


def day_of(stated: str | None) -> str | None:
    """The ISO date that a time stamp begins with."""
    found = _DAY.match((stated or "").strip()[:40])
    return found.group() if found else None


def folded(words: str | None) -> str | None:
    """The words on one line, as written; TeX and the "<" of a comparison stay."""
    return " ".join((words or "")[:MAX_WORDS].split()) or None


def names(stated: list[str]) -> tuple[str, ...]:
    """Names of authors as they are read."""
    read = (without_latex(folded(name[:MAX_NAME]) or "").strip() for name in stated[:MAX_AUTHORS])
    return tuple(name for name in read if name)


def children(element: etree._Element, name: str) -> list[etree._Element]:
    """Child elements of this local name: recordings carry several namespaces for one element, or none."""
    return [child for child in element if isinstance(child.tag, str) and local_name(child) == name]


def local_name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def words_of(element: etree._Element, name: str) -> str | None:
    """The text of the first child of this name."""
    return next((text_of(child) for child in children(element, name)), None)


def text_of(element: etree._Element) -> str:
    """The text of an element; comments and unresolved entities are left out."""
    return "".join(_pieces(element))[:MAX_WORDS]


def _pieces(element: etree._Element) -> Iterator[str]:
    """The parser allows a depth of 256. `itertext` would drop what stands behind an entity."""
    if not isinstance(element.tag, str):
        return
    yield element.text or ""
    for child in element:
        yield from _pieces(child)
        yield child.tail or ""

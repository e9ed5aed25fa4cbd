"""One row or entry of a library file, made into a `Work`.

Input: a parsed JSON row (ours, or of the arXiv metadata snapshot), BibTeX or RIS fields, a CSL-JSON item.
Output: a `Work`, or `UnusableWork` with one sentence.
Does not belong here: reading files (library_formats.py), merging works (merging.py).
"""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from typing import Any

from pipelines.ingestion.bibliography_fields import EntryFacts, facts_of_csl, facts_of_ris
from pipelines.ingestion.errors import IngestionError
from pipelines.ingestion.identifiers import (
    all_identifiers,
    identifiers_in,
    normalised_arxiv,
    normalised_doi,
    normalised_pmid,
)
from pipelines.ingestion.latex import without_latex
from pipelines.models import Notice, NoticeKind, Work

MAX_TEXT = 5_000_000
MAX_AUTHORS = 200_000  # characters of a list of authors that stands in one string; three thousand names need 60,000

_NOTICE_FLAGS = (
    ("retracted", NoticeKind.RETRACTED),
    ("withdrawn", NoticeKind.WITHDRAWN),
    ("superseded", NoticeKind.SUPERSEDED),
    ("corrected", NoticeKind.CORRECTED),
)
_BRACES = re.compile(r"[{}]")
# In these a tilde, an underscore and a per cent sign are themselves.
_VERBATIM = frozenset({"doi", "url", "eprint", "pmid", "file", "howpublished"})
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")
# A row of the arXiv metadata snapshot calls the arXiv id plainly "id"; one of these stands beside it.
_SNAPSHOT_KEYS = frozenset({"categories", "authors_parsed", "journal-ref", "report-no", "created", "update_date"})
_ARXIV_ID = re.compile(r"(?:\d{4}\.\d{4,5}|[a-z-]{2,12}(?:\.[A-Za-z-]{2,12})?/\d{7})(?:v\d{1,3})?")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_AFFILIATION = re.compile(r"\([^()]{0,500}\)")
_SUFFIX = re.compile(r"(?:Jr|Sr|II|III|IV)\.?")
_RIS_TYPES = {
    "JOUR": "journal-article", "EJOUR": "journal-article", "MGZN": "magazine-article", "CONF": "proceedings-article",
    "CPAPER": "proceedings-article", "BOOK": "book", "EBOOK": "book", "EDBOOK": "book", "CHAP": "book-chapter",
    "ECHAP": "book-chapter", "THES": "dissertation", "RPRT": "report", "DATA": "dataset", "UNPB": "preprint",
}  # fmt: skip
_CSL_TYPES = {
    "article-journal": "journal-article", "article-magazine": "magazine-article",
    "paper-conference": "proceedings-article", "chapter": "book-chapter", "thesis": "dissertation",
    "posted-content": "preprint",
}  # fmt: skip


class UnusableWork(IngestionError):
    """A row that describes no work."""


def work_of_row(row: Any, origin: str) -> Work:
    """A row of a JSONL library. Every field but the title may be missing."""
    if not isinstance(row, dict):
        raise UnusableWork("the line is no JSON object")
    if _is_snapshot(row):
        return _work_of_snapshot(row, origin)
    full, abstract = _text(row, "text"), _text(row, "abstract")
    arxiv_id, version = _arxiv(row)
    return work_of_fields(
        title=_text(row, "title"),
        doi=_identifier(row, "doi", normalised_doi),
        arxiv_id=arxiv_id,
        pmid=_identifier(row, "pmid", normalised_pmid),
        version=version,
        authors=_authors(row),
        year=_year(row),
        venue=_text(row, "venue"),
        type=_text(row, "type"),
        text=full or abstract,
        text_kind="fulltext" if full else "abstract" if abstract else None,
        complete=_flag(row, "complete"),
        licence=_text(row, "licence") or _text(row, "license"),
        notices=_notices(row, origin),
        origin=origin,
    )


def work_of_bibtex(fields: dict[str, str], authors: tuple[str, ...], kind: str, origin: str) -> Work:
    """A BibTeX entry, with its abstract as text if it has one."""
    row = {key.lower(): _field(key.lower(), value) for key, value in fields.items()}
    eprint = row.get("eprint") if row.get("archiveprefix", "arxiv").lower() == "arxiv" else None
    arxiv_id, version = normalised_arxiv(eprint or row.get("url", ""))
    year = re.match(r"\d{4}$", row.get("year", row.get("date", ""))[:4])
    abstract = row.get("abstract") or None
    return work_of_fields(
        title=row.get("title"),
        doi=normalised_doi(row.get("doi", "")),
        arxiv_id=arxiv_id,
        pmid=normalised_pmid(row.get("pmid", "")),
        version=str(version) if version else None,
        authors=tuple(without_latex(author) for author in authors),
        year=int(year.group()) if year else None,
        venue=row.get("journal") or row.get("booktitle") or row.get("publisher"),
        type=kind,
        text=abstract,
        text_kind="abstract" if abstract else None,
        licence=row.get("license") or row.get("licence"),
        origin=origin,
    )


def work_of_ris(fields: dict[str, Any], origin: str) -> Work:
    """A RIS entry as rispy reads it, with its abstract as text if it has one."""
    kind = str(fields.get("type_of_reference", "")).upper()
    abstract = fields.get("abstract") or fields.get("notes_abstract")
    return _work_of_entry(facts_of_ris(fields), _RIS_TYPES.get(kind), abstract, origin)


def work_of_csl(item: Any, origin: str) -> Work:
    """An item of CSL-JSON, with its abstract as text if it has one."""
    if not isinstance(item, dict):
        raise UnusableWork("the item is no JSON object")
    kind = item.get("type")
    known = _CSL_TYPES.get(kind, kind) if isinstance(kind, str) else None
    return _work_of_entry(facts_of_csl(item), known, item.get("abstract"), origin)


def _work_of_entry(facts: EntryFacts, kind: str | None, abstract: Any, origin: str) -> Work:
    stated = identifiers_in(facts.url or "")
    version = facts.arxiv_version if facts.arxiv_id else stated.arxiv_version
    text = _abstract(abstract)
    return work_of_fields(
        title=facts.title,
        doi=facts.doi or stated.doi,
        arxiv_id=facts.arxiv_id or stated.arxiv_id,
        pmid=facts.pmid or stated.pmid,
        pmcid=facts.pmcid or stated.pmcid,
        isbn=facts.isbn if kind == "book" else None,  # that of a chapter or paper is its book's
        version=str(version) if version else None,
        authors=facts.authors,
        year=facts.year,
        venue=facts.venue,
        type=kind,
        text=text,
        text_kind="abstract" if text else None,
        origin=origin,
    )


def _abstract(stated: Any) -> str | None:
    """An abstract without tags; a `<` that opens none is a sign of the text and stays."""
    if isinstance(stated, list):
        stated = " ".join(part for part in stated if isinstance(part, str))
    if not isinstance(stated, str) or not stated.strip():
        return None
    if len(stated) > MAX_TEXT:
        raise UnusableWork(f"its abstract is longer than {MAX_TEXT:,} characters")
    return " ".join(html.unescape(_TAG.sub(" ", stated)).split()) or None


def _is_snapshot(row: dict[str, Any]) -> bool:
    """The row has the shape of the arXiv metadata snapshot: an arXiv id that is called "id"."""
    stated = row.get("id")
    if "arxiv_id" in row or not isinstance(stated, str) or _ARXIV_ID.fullmatch(stated) is None:
        return False
    return not _SNAPSHOT_KEYS.isdisjoint(row)


def _work_of_snapshot(row: dict[str, Any], origin: str) -> Work:
    """A row of the snapshot. Its DOI is what an author typed: the first that is one counts, or none."""
    arxiv_id, version = normalised_arxiv(row["id"])
    abstract = _text(row, "abstract")
    dois = (_text(row, "doi") or "")[:1_000].replace(",", " ").replace(";", " ").split()
    listed = row.get("versions")
    versions = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    latest = str(versions[-1].get("version", ""))[:4].removeprefix("v") if versions else ""
    return work_of_fields(
        title=_text(row, "title"),
        doi=next(filter(None, map(normalised_doi, dois)), None),
        arxiv_id=arxiv_id,
        version=str(version) if version else latest or None,
        authors=_snapshot_authors(row),
        year=_snapshot_year(row, versions),
        venue=_text(row, "journal-ref"),
        type="preprint",
        text=abstract,
        text_kind="abstract" if abstract else None,
        licence=_text(row, "license"),
        origin=origin,
    )


def _snapshot_year(row: dict[str, Any], versions: list[dict[str, Any]]) -> int | None:
    """The year of the first version."""
    stated = row.get("created") or (versions[0].get("created") if versions else None)
    match = _YEAR.search(stated[:40]) if isinstance(stated, str) else None
    return int(match[0]) if match else None


def _snapshot_authors(row: dict[str, Any]) -> tuple[str, ...]:
    """`authors` is one string, "A. Name, B. Name and C. Name", with affiliations in brackets."""
    stated = row.get("authors")
    if not isinstance(stated, str) or ";" in stated:
        return _authors(row)
    words = _AFFILIATION.sub(" ", _AFFILIATION.sub(" ", stated[:MAX_AUTHORS]))
    names: list[str] = []
    for part in re.split(r",|\s(?:and|&)\s", words):
        name = " ".join(part.split()).removeprefix("and ")
        if names and _SUFFIX.fullmatch(name):
            names[-1] = f"{names[-1]} {name}"
        elif name:
            names.append(name)
    return tuple(names)


def _field(key: str, value: str) -> str:
    return (_BRACES.sub("", value) if key in _VERBATIM else without_latex(value)).strip()


def work_of_fields(
    *,
    title: str | None,
    origin: str,
    doi: str | None = None,
    arxiv_id: str | None = None,
    pmid: str | None = None,
    pmcid: str | None = None,
    isbn: str | None = None,
    openalex: str | None = None,
    s2: str | None = None,
    **fields: Any,
) -> Work:
    """A work under its best identifier; without one, under the hash of its title."""
    if not title or not title.strip():
        raise UnusableWork("the work has no title")
    title = " ".join(title.split())
    names = all_identifiers(doi, arxiv_id, pmid, pmcid=pmcid, isbn=isbn, openalex=openalex, s2=s2)
    names = names or (title_identifier(title),)
    return Work(source_id=names[0], aliases=names[1:], title=title, origin=origin, **fields)


def title_identifier(title: str) -> str:
    return "title:" + hashlib.sha256(normalised_title(title).encode()).hexdigest()[:32]


def normalised_title(title: str) -> str:
    """Lower case, letters and digits only, accents off: for comparison, never for show."""
    plain = unicodedata.normalize("NFKD", title.casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(re.findall(r"\w+", letters.replace("_", " ")))


def _text(row: dict[str, Any], key: str) -> str | None:
    value = row.get(key)
    if value is None:
        return None
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        value = " ".join(value)
    if not isinstance(value, str):
        raise UnusableWork(f'"{key}" is not text')
    if len(value) > MAX_TEXT:
        raise UnusableWork(f'"{key}" is longer than {MAX_TEXT:,} characters')
    return value.strip() or None


def _identifier(row: dict[str, Any], key: str, normalise: Any) -> str | None:
    value = row.get(key)
    if value is None or value == "":
        return None
    found = normalise(str(value)) if isinstance(value, str | int) else None
    if found is None:
        raise UnusableWork(f'"{key}" is no {key.upper()}: {str(value)[:80]!r}')
    return str(found)


def _arxiv(row: dict[str, Any]) -> tuple[str | None, str | None]:
    value = row.get("arxiv_id")
    arxiv_id, version = normalised_arxiv(value) if isinstance(value, str) else (None, None)
    if value not in (None, "") and arxiv_id is None:
        raise UnusableWork(f'"arxiv_id" is no arXiv id: {str(value)[:80]!r}')
    stated = row.get("version")
    if isinstance(stated, str | int) and not isinstance(stated, bool) and stated != "":
        return arxiv_id, str(stated)
    return arxiv_id, str(version) if version else None


def _authors(row: dict[str, Any]) -> tuple[str, ...]:
    value = row.get("authors") or ()
    if isinstance(value, str):
        return tuple(name.strip() for name in re.split(r";| and ", value) if name.strip())
    if not isinstance(value, list | tuple):
        raise UnusableWork('"authors" is not a list of names')
    found: list[str] = []
    for author in value:
        name = author.get("name") if isinstance(author, dict) else author
        if not isinstance(name, str):
            raise UnusableWork('"authors" is not a list of names')
        found.append(name.strip())
    return tuple(filter(None, found))


def _year(row: dict[str, Any]) -> int | None:
    value = row.get("year")
    if isinstance(value, str) and value.strip().isdigit():
        value = int(value)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise UnusableWork('"year" is not a year')
    return value


def _flag(row: dict[str, Any], key: str) -> bool | None:
    value = row.get(key)
    if value is not None and not isinstance(value, bool):
        raise UnusableWork(f'"{key}" is neither true nor false')
    return value


def _notices(row: dict[str, Any], origin: str) -> tuple[Notice, ...]:
    listed = row.get("notices") or []
    if not isinstance(listed, list):
        raise UnusableWork('"notices" is not a list')
    notices = [_notice(item, origin) for item in listed]
    kinds = {notice.kind for notice in notices}
    notices += [
        Notice(kind=kind, origin=origin) for key, kind in _NOTICE_FLAGS if _flag(row, key) and kind not in kinds
    ]
    return tuple(notices)


def _notice(item: Any, origin: str) -> Notice:
    kind = item.get("kind") if isinstance(item, dict) else item
    if not isinstance(kind, str) or kind.upper() not in NoticeKind.__members__:
        raise UnusableWork(f'"notices" holds an unknown kind: {str(kind)[:60]!r}')
    fields = item if isinstance(item, dict) else {}
    return Notice(kind=NoticeKind(kind.upper()), id=_text(fields, "id"), date=_text(fields, "date"), origin=origin)

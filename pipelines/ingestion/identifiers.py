"""Identifiers of works, found in an address or a phrase and put in one form.

DOI, arXiv id, PMID, PMCID, ISBN, OpenAlex and Semantic Scholar ids.

Input: words as an author or a library wrote them. Output: normalised identifiers, None where absent.
Does not belong here: asking anyone whether an identifier exists (verification).
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import unquote

from pipelines.models import Reference

# Old DOIs that were made from a SICI code hold angle brackets: 10.1002/(SICI)1097-0000(199601)5:1<1::AID-X1>3.0.CO;2-A
_DOI = re.compile(
    r"10\.\d{4,9}/(?:\(SICI\)[^\s\"<>|{}\\^`]{1,80}<[^\s\"<>|{}\\^`]{1,60}>[^\s\"<>|{}\\^`]{1,40}|[^\s\"<>|{}\\^`\[\]]{1,200})",
    re.IGNORECASE,
)
# Two DOIs set side by side without a blank are two.
_JOINED = re.compile(r"(?<=[\w)])[;,](?=(?:doi:|https?://(?:dx\.)?doi\.org/)?10\.\d{4,9}/)", re.IGNORECASE)
_ESCAPED = re.compile(r"%[23][0-9a-f]", re.IGNORECASE)
_DOI_TAIL = re.compile(
    r"(?:/(?:full|abstract|pdf|epdf|meta|html|fulltext|references|figures|summary)|v\d{1,2}(?:\.full(?:[.-]text)?)?"
    r"|\.full|\.pdf|\.html)$",
    re.IGNORECASE,
)
_ARXIV_NUMBER = r"(?P<id>\d{4}\.\d{4,5}|[a-z-]{2,12}(?:\.[A-Z]{2})?/\d{7})(?:v(?P<version>\d{1,2}))?(?!\d)"
_ARXIV_IN_WORDS = re.compile(
    r"(?:arxiv\.org/(?:abs|pdf|html|ps|format|e-print)/|arxiv\s{0,2}[:.]\s{0,2}|\barxiv\s{1,2})" + _ARXIV_NUMBER,
    re.IGNORECASE,
)
_ARXIV_ALONE = re.compile(r"(?:arxiv:)?" + _ARXIV_NUMBER + r"$", re.IGNORECASE)
_ARXIV_DOI = "10.48550/arxiv."
_PMID = re.compile(
    r"(?:pubmed\.ncbi\.nlm\.nih\.gov/|ncbi\.nlm\.nih\.gov/pubmed/|\bpmid\s{0,2}:?\s{0,2})(\d{1,9})(?!\d)",
    re.IGNORECASE,
)
_TRAILING = ".,;:!?'\"*_"
_BRACKETS = {")": "(", "]": "["}
_PMCID = re.compile(r"(?<![a-z])pmc\s{0,2}(?:id)?\s{0,2}:?\s{0,2}(?:pmc)?(\d{1,9})(?!\d)", re.IGNORECASE)
_ISBN = re.compile(r"\bisbn(?:-?1[03])?\s{0,2}:?\s{0,2}(\d[\d -]{7,15}[\dX])", re.IGNORECASE)
_OPENALEX = re.compile(r"(?:https?://(?:api\.)?openalex\.org/(?:works/)?|openalex:)?(W\d{4,12})$", re.IGNORECASE)
_S2 = re.compile(r"(?:https?://www\.semanticscholar\.org/paper/(?:[^/\s]{1,300}/)?|s2:)?([0-9a-f]{40})$", re.IGNORECASE)


@dataclass(frozen=True)
class Identifiers:
    """What a phrase says a work is called. `doi` is lower case, `arxiv_id` has no version."""

    doi: str | None = None
    arxiv_id: str | None = None
    arxiv_version: int | None = None
    pmid: str | None = None
    pmcid: str | None = None
    isbn: str | None = None


@cache
def _idutils() -> Any:
    """Imported when first asked: that takes 0.5 s, and most commands and workers never ask."""
    import idutils

    return idutils


def identifiers_in(words: str) -> Identifiers:
    """The first identifier of each kind that the words state, as an address or by name."""
    words = words[:4_000]
    doi = doi_in(words)
    arxiv_id, version = arxiv_in(words)
    if arxiv_id is None and doi is not None:
        arxiv_id, version = _arxiv_of_doi(doi)
    pmid = _PMID.search(words)
    pmcid, isbn = _PMCID.search(words), _ISBN.search(words)
    return Identifiers(
        doi,
        arxiv_id,
        version,
        pmid.group(1) if pmid else None,
        f"PMC{pmcid.group(1)}" if pmcid else None,
        normalised_isbn(isbn.group(1)) if isbn else None,
    )


def doi_in(words: str) -> str | None:
    """The first DOI in the words, lower case, without resolver prefix or what a page adds to it."""
    words = unquote(words) if _ESCAPED.search(words) else words
    words = _JOINED.sub(" ", html.unescape(words))
    match = _DOI.search(words)
    if match is None:
        return None
    is_address = "://" in words[: match.start()] or "/doi" in words[: match.start()].lower()
    return _trimmed_doi(match.group(), is_address)


def normalised_doi(words: str) -> str | None:
    """The DOI that the words are, or None if they are not a DOI."""
    found = doi_in(words.strip())
    return found if found and _idutils().is_doi(found) else None


def _trimmed_doi(doi: str, is_address: bool) -> str:
    if is_address:
        doi = re.split(r"[?#&]", doi, maxsplit=1)[0]
    before = ""
    while doi != before:
        before = doi
        doi = doi.rstrip(_TRAILING)
        if doi[-1:] in _BRACKETS and doi.count(doi[-1]) > doi.count(_BRACKETS[doi[-1]]):
            doi = doi[:-1]
        if is_address:
            doi = _DOI_TAIL.sub("", doi)
    return doi.lower()


def arxiv_in(words: str) -> tuple[str | None, int | None]:
    """The first arXiv id that the words state, with its version where stated."""
    return _arxiv_parts(_ARXIV_IN_WORDS.search(words))


def normalised_arxiv(words: str) -> tuple[str | None, int | None]:
    """The arXiv id that the words are (`2406.12845v1`, `arXiv:hep-th/9901001`, an address)."""
    words = words.strip()
    doi = normalised_doi(words)
    if doi is not None and doi.startswith(_ARXIV_DOI):
        return _arxiv_of_doi(doi)
    alone = _ARXIV_ALONE.match(words)
    return _arxiv_parts(alone) if alone else arxiv_in(words)


def normalised_pmid(words: str) -> str | None:
    """The PMID that the words are."""
    words = words.strip()
    match = _PMID.search(words)
    digits = match.group(1) if match else words
    return digits.lstrip("0") if _idutils().is_pmid(digits) and digits.strip("0").isdigit() else None


def normalised_pmcid(words: str) -> str | None:
    """The PMCID that the words are, as `PMC` and digits."""
    match = _PMCID.fullmatch(words.strip())
    return f"PMC{match.group(1)}" if match else None


def normalised_isbn(words: str) -> str | None:
    """The ISBN that the words are, as 13 digits; None if its check digit is wrong."""
    words = re.sub(r"^isbn(?:-?1[03])?\s*:?\s*", "", words.strip(), flags=re.IGNORECASE)
    if not _idutils().is_isbn(words):
        return None
    return str(_idutils().normalize_isbn(words)).replace("-", "")


def normalised_openalex(words: str) -> str | None:
    """The OpenAlex id of a work that the words are (`W2741809807`, an address)."""
    match = _OPENALEX.match(words.strip())
    return match.group(1).upper() if match else None


def normalised_s2(words: str) -> str | None:
    """The Semantic Scholar paper id (40 hex digits) that the words are."""
    match = _S2.match(words.strip())
    return match.group(1).lower() if match else None


def _arxiv_of_doi(doi: str) -> tuple[str | None, int | None]:
    if not doi.startswith(_ARXIV_DOI):
        return None, None
    return _arxiv_parts(_ARXIV_ALONE.match(doi[len(_ARXIV_DOI) :]))


def _arxiv_parts(match: re.Match[str] | None) -> tuple[str | None, int | None]:
    if match is None:
        return None, None
    number, version = match.group("id"), match.group("version")
    # idutils drops the subject class that old ids carried (math.GT/0309136 is math/0309136).
    plain = str(_idutils().normalize_arxiv(number) or number).removeprefix("arXiv:")
    return plain, int(version) if version else None


def all_identifiers(
    doi: str | None,
    arxiv_id: str | None,
    pmid: str | None,
    *,
    pmcid: str | None = None,
    isbn: str | None = None,
    openalex: str | None = None,
    s2: str | None = None,
) -> tuple[str, ...]:
    """Every identifier of a work as a source id, the best one first; all are given normalised."""
    arxiv_doi = bool(doi and doi.startswith(_ARXIV_DOI))
    ranked = (
        ("doi", None if arxiv_doi else doi),
        ("arxiv", arxiv_id),
        ("pmid", pmid),
        ("pmcid", pmcid),
        ("isbn", isbn),
        ("openalex", openalex),
        ("s2", s2),
        ("doi", doi if arxiv_doi else None),
    )
    return tuple(f"{scheme}:{value}" for scheme, value in ranked if value)


def stated_identifiers(reference: Reference) -> dict[str, str]:
    """Scheme: value of each identifier that a reference states, the best first; an arXiv DOI is an arXiv id."""
    doi, arxiv_id = reference.doi.lower() if reference.doi else None, reference.arxiv_id
    if doi is not None and doi.startswith(_ARXIV_DOI):
        arxiv_id, doi = arxiv_id or _arxiv_of_doi(doi)[0], None
    stated = {
        "doi": doi,
        "arxiv": arxiv_id,
        "pmid": reference.pmid,
        "pmcid": reference.pmcid,
        "isbn": reference.isbn,
        "openalex": reference.openalex,
        "s2": reference.s2,
    }
    return {scheme: value for scheme, value in stated.items() if value}

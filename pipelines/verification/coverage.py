"""Which indexes can be expected to hold a work, and which can tell that an identifier does not exist.

Owns the tables of coverage and authority, and the kind of work that a reference describes, read off what it
states. Input: a `Reference`, the answers of indexes; output: facts for the audit. Does not belong here: what
follows from them (audit.py), asking the indexes (ingestion).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipelines.ingestion.identifiers import stated_identifiers
from pipelines.models import IndexAnswer, Reference

MAX_RAW = 2_000  # characters of an entry that are read for its kind


class ReferenceKind(StrEnum):
    """What kind of work a reference describes, as far as its words and identifiers tell."""

    ARTICLE = "article"
    BIOMEDICAL = "biomedical article"
    ARXIV = "arXiv preprint"
    PREPRINT = "preprint"
    BOOK = "book or chapter"
    THESIS = "thesis"
    REPORT = "report or standard"
    DATA = "data set or software"
    WEB_PAGE = "web page"
    UNKNOWN = "work of unknown kind"


@dataclass(frozen=True)
class Coverage:
    """Indexes that can be expected to hold works of a kind.

    `main` hold nearly all of them: while one of these has not answered, nothing is held against a reference.
    `also` hold most: their answers count, and one that is silent weighs where nothing but a title speaks.
    """

    main: frozenset[str] = frozenset()
    also: frozenset[str] = frozenset()

    @property
    def all(self) -> frozenset[str]:
        return self.main | self.also


_JOURNALS = frozenset({"crossref", "openalex"})
# Books, theses, reports, data and pages are in no index reliably: they may be unfindable, never fabricated.
COVERAGE: Mapping[ReferenceKind, Coverage] = {
    ReferenceKind.ARTICLE: Coverage(_JOURNALS, frozenset({"semantic-scholar"})),
    ReferenceKind.BIOMEDICAL: Coverage(_JOURNALS, frozenset({"pubmed", "europe-pmc", "semantic-scholar"})),
    ReferenceKind.ARXIV: Coverage(
        frozenset({"arxiv", "arxiv-oai"}), frozenset({"openalex", "semantic-scholar", "datacite"})
    ),
    ReferenceKind.PREPRINT: Coverage(_JOURNALS, frozenset({"europe-pmc", "semantic-scholar"})),
    ReferenceKind.BOOK: Coverage(),
    ReferenceKind.THESIS: Coverage(),
    ReferenceKind.REPORT: Coverage(),
    ReferenceKind.DATA: Coverage(),
    ReferenceKind.WEB_PAGE: Coverage(),
    ReferenceKind.UNKNOWN: Coverage(),
}
# Two doors to one collection are one voice.
COLLECTIONS: Mapping[str, str] = {"arxiv-oai": "arxiv", "pubmed": "medline", "europe-pmc": "medline"}
# Who can say that an identifier does not exist: all of one of these sets. Crossref alone is one agency of many.
AUTHORITIES: Mapping[str, tuple[frozenset[str], ...]] = {
    "doi": (frozenset({"doi"}), frozenset({"crossref", "datacite"})),
    "arxiv": (frozenset({"arxiv"}), frozenset({"arxiv-oai"})),
    "pmid": (frozenset({"pubmed"}), frozenset({"europe-pmc"})),
    "pmcid": (frozenset({"europe-pmc"}),),
}
# Who announces retractions, corrections, withdrawals and new versions.
NOTICE_KEEPERS = frozenset({"arxiv", "crossref", "europe-pmc", "pubmed"})
INDEX_TITLES: Mapping[str, str] = {
    "arxiv": "arXiv", "arxiv-oai": "arXiv (OAI)", "crossref": "Crossref", "datacite": "DataCite", "doaj": "DOAJ",
    "doi": "the DOI resolver", "europe-pmc": "Europe PMC", "openalex": "OpenAlex", "pubmed": "PubMed",
    "semantic-scholar": "Semantic Scholar", "unpaywall": "Unpaywall",
}  # fmt: skip
IDENTIFIER_TITLES: Mapping[str, str] = {
    "doi": "DOI", "arxiv": "arXiv id", "pmid": "PMID", "pmcid": "PMCID", "isbn": "ISBN",
    "openalex": "OpenAlex id", "s2": "Semantic Scholar id",
}  # fmt: skip

_PREPRINT_DOI = re.compile(
    r"10\.(?:48550/arxiv\.|1101/(?:\d{4}\.\d{2}\.\d{2}\.)?\d{6,8}(?:v\d+)?$|64898/|21203/rs\.|2139/ssrn\.|31234/osf\.io"
    r"|31219/osf\.io|26434/chemrxiv|20944/preprints|36227/techrxiv|31223/|35542/osf\.io|22541/au\.|12688/f1000research)"
)
_DATA_DOI = re.compile(
    r"10\.(?:5281/zenodo|6084/m9\.figshare|5061/dryad|17632/|7910/dvn|3886/icpsr|24433/co\.|1594/pangaea)"
)
_WORKS_ADDRESS = re.compile(
    r"https?://(?:www\.|dx\.)?(?:doi\.org|arxiv\.org|pubmed\.ncbi\.nlm\.nih\.gov|(?:www\.)?ncbi\.nlm\.nih\.gov"
    r"|semanticscholar\.org|api\.semanticscholar\.org|openalex\.org|aclanthology\.org|openreview\.net|jstor\.org)",
    re.IGNORECASE,
)
# The first that fits decides. They are tried on the words besides the title: a title may speak of anything.
_KIND_WORDS: tuple[tuple[ReferenceKind, re.Pattern[str]], ...] = (
    (ReferenceKind.THESIS, re.compile(r"\b(?:thesis|dissertation|habilitation)\b", re.IGNORECASE)),
    (
        ReferenceKind.DATA,
        re.compile(
            r"\[(?:data\s?set|computer software|software)\]|github\.com|gitlab\.com|huggingface\.co|zenodo"
            r"|\bR package\b|\bdata\s?set\b|\bsoftware\b",
            re.IGNORECASE,
        ),
    ),
    (
        ReferenceKind.REPORT,
        re.compile(
            r"\b(?:technical|annual|progress|research|policy) (?:report|brief)\b|\btech\.? rep\b|\bwhite ?paper\b"
            r"|\bworking paper\b|\bISO(?:/IEC)? \d|\bRFC ?\d{3}|\bNIST\b|\bIEEE Std\b|\bguidelines?\b|\bstandard\b"
            r"|\bpress release\b|\bpatent\b|\bWorld Health Organi[sz]ation\b|\bUnited Nations\b|\bOECD\b|\bWorld Bank\b"
            r"|\bBureau of\b|\bMinistry of\b|\bDepartment of\b",
            re.IGNORECASE,
        ),
    ),
    (
        ReferenceKind.BOOK,
        re.compile(
            r"\bISBN\b|\b\d(?:st|nd|rd|th) ed\b|\bedition\b|\(eds?\.\)|\beds?\.,|\bchapter \d|\bpublish(?:ers?|ing)\b"
            r"|\b(?:university|mit|crc|academic|clarendon|guilford|oxford|cambridge) press\b|\bhandbook\b|\btextbook\b"
            r"|\bo'reilly\b|\bmcgraw|\bwiley (?:&|and) sons\b|\bmorgan kaufmann\b|\bpenguin\b|\broutledge\b|\bencyclop",
            re.IGNORECASE,
        ),
    ),
    (
        ReferenceKind.WEB_PAGE,
        re.compile(
            r"\b(?:blog|newspaper|news|magazine|wikipedia|medium\.com|substack|youtube|retrieved from|accessed on"
            r"|last accessed|the guardian|new york times|washington post|reuters|bbc|forbes|wired)\b",
            re.IGNORECASE,
        ),
    ),
    (
        ReferenceKind.ARTICLE,
        re.compile(
            r"\b(?:journal|j\.|transactions|trans\.|proceedings|proc\.|conference|conf\.|symposium|workshop|annals|ann\."
            r"|letters|lett\.|review of|reviews|rev\.|acta|archives|bulletin|advances in neural|neurips|nips|icml|iclr"
            r"|cvpr|iccv|eccv|acl|emnlp|naacl|aaai|ijcai|sigir|kdd|nature|science|cell|lancet|plos|ieee|acm)\b"
            r"|\b\d{1,4}\s?\(\d{1,3}\)\s?[:,]|\bvol\.?\s?\d|\bpp?\.\s?\d",
            re.IGNORECASE,
        ),
    ),
)


def is_preprint_doi(doi: str) -> bool:
    """Whether a DOI is one that preprint servers give."""
    return _PREPRINT_DOI.match(doi.lower()) is not None


def is_journal_doi(doi: str) -> bool:
    """Whether a DOI is neither a preprint's nor that of data or software."""
    return not is_preprint_doi(doi) and _DATA_DOI.match(doi.lower()) is None


def reference_kind(reference: Reference) -> ReferenceKind:
    """The kind of work that a reference describes, by its identifiers first, then by its words."""
    stated = stated_identifiers(reference)
    doi = stated.get("doi", "")
    by_identifier = (
        (ReferenceKind.BOOK, "isbn" in stated),
        (ReferenceKind.DATA, _DATA_DOI.match(doi) is not None),
        (ReferenceKind.BIOMEDICAL, "pmid" in stated or "pmcid" in stated),
        (ReferenceKind.ARXIV, "arxiv" in stated and not doi),
        (ReferenceKind.PREPRINT, bool(doi) and is_preprint_doi(doi)),
    )
    for kind, fits in by_identifier:
        if fits:
            return kind
    worded = _kind_by_words(reference)
    if worded in (ReferenceKind.UNKNOWN, ReferenceKind.WEB_PAGE) and doi:
        return ReferenceKind.ARTICLE
    if worded is ReferenceKind.UNKNOWN and reference.url and not _WORKS_ADDRESS.match(reference.url):
        return ReferenceKind.WEB_PAGE
    return worded


def _kind_by_words(reference: Reference) -> ReferenceKind:
    raw = reference.raw[:MAX_RAW]
    if reference.title:
        raw = raw.replace(reference.title, " ")
    words = f"{raw} | {(reference.venue or '')[:MAX_RAW]} | {(reference.url or '')[:MAX_RAW]}"
    return next((kind for kind, pattern in _KIND_WORDS if pattern.search(words)), ReferenceKind.UNKNOWN)


def is_denied(scheme: str, value: str, answers: Sequence[IndexAnswer]) -> bool:
    """Whether those who can tell say that the identifier does not exist, and nobody holds it."""
    said = {
        answer.index: answer.outcome
        for answer in sorted(answers, key=lambda one: one.outcome)  # the last counts: absent, failed, held
        if answer.by == scheme and answer.value.casefold() == value.casefold()
    }
    if "held" in said.values():
        return False
    authorities = AUTHORITIES.get(scheme, ())
    deniers = frozenset(index for index, outcome in said.items() if outcome == "absent")
    unheard = frozenset(index for index, outcome in said.items() if outcome == "failed")
    if any(len(authority) == 1 and authority <= deniers for authority in authorities):
        return True
    if any(len(authority) == 1 and authority <= unheard for authority in authorities):
        return False  # one that could have told alone was asked and did not answer
    return any(authority <= deniers for authority in authorities)


def voices(indexes: frozenset[str]) -> int:
    """How many collections speak through these indexes."""
    return len({COLLECTIONS.get(index, index) for index in indexes})


def in_words(indexes: Sequence[str] | frozenset[str]) -> str:
    """The indexes by the names they are known by, as a list in words."""
    names = sorted(INDEX_TITLES.get(index, index) for index in set(indexes))
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else "nobody"

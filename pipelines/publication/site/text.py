"""Text from outside, made safe to show: bounded, without invisible direction changes, links checked.

Belongs here: what may happen to a foreign string on its way to a page. Does not belong here:
escaping (the templates do that) and words of our own. Input: any string; output: text to show.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache
from urllib.parse import quote, urlsplit

from pipelines.models import Reference

LONGEST_TEXT = 4_000  # characters of any one foreign string on a page
LONGEST_TITLE = 300
LONGEST_NAME = 120
LONGEST_URL = 2_000
MARKS_ON_A_LETTER = 4  # more stacked accents than any script needs would paint over other lines

# Direction overrides and isolates, and the tag characters, make a reader see another text than the one
# that stands there: they are named. What is merely without width is dropped, as PDF text is full of it.
# Joiners (U+200C, U+200D) stay, scripts need them.
_MISLEADING = re.compile("[\u202a-\u202e\u2061-\u206f\ufff9-\ufffb\U000e0000-\U000e0fff]")
_WIDTHLESS = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u2060\ufeff]")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_STACKED = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{5,}")


def shown(text: str, limit: int = LONGEST_TEXT) -> str:
    """`text` as a page may show it: at most `limit` characters, odd ones named (`[U+202E]`)."""
    if len(text) <= limit and text.isascii() and text.isprintable():
        return text  # nothing below would find anything; most of a page is such
    cut = text[:limit]
    cut = _STACKED.sub(lambda found: found.group()[:MARKS_ON_A_LETTER], cut)
    cut = _LINE_ENDS.sub("\n", _WIDTHLESS.sub("", cut)).replace("\t", " ")
    cut = _CONTROL.sub(_named, _MISLEADING.sub(_named, cut))
    cut = _SURROGATE.sub("\ufffd", cut)
    left_out = len(text) - limit
    return f"{cut} … [{left_out:,} more characters not shown]" if left_out > 0 else cut


def _named(found: re.Match[str]) -> str:
    return f"[U+{ord(found.group()):04X}]"


_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_LINK_CHARACTERS = re.compile(r"[\x21\x23-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e]+")


def safe_link(url: str | None) -> str | None:
    """`url` if a page may link to it: http or https, a plain host, printable ASCII; else None.

    An address with a user part (`https://bank.example@other.example/`) is no link either:
    it is made to be misread.
    """
    if url is None or len(url) > LONGEST_URL or not _LINK_CHARACTERS.fullmatch(url):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        return None
    return url if _HOST.fullmatch(host) else None


def reference_link(reference: Reference) -> str | None:
    """Where a reference can be followed to: its identifier's resolver, else its own address."""
    if reference.doi and len(reference.doi) <= LONGEST_TITLE:
        return doi_link(reference.doi)
    if reference.arxiv_id and len(reference.arxiv_id) <= LONGEST_TITLE:
        return _resolver(_RESOLVERS["arxiv"], reference.arxiv_id)
    if reference.pmid and reference.pmid.isascii() and reference.pmid.isdigit():
        return _resolver(_RESOLVERS["pmid"], f"{reference.pmid}/")
    return safe_link(reference.url)


def doi_link(doi: str) -> str:
    """The address that a DOI resolves at."""
    return _resolver(_RESOLVERS["doi"], doi)


_RESOLVERS = {
    "doi": "https://doi.org/",
    "arxiv": "https://arxiv.org/abs/",
    "pmid": "https://pubmed.ncbi.nlm.nih.gov/",
    "pmcid": "https://pmc.ncbi.nlm.nih.gov/articles/",
    "openalex": "https://openalex.org/",
    "s2": "https://www.semanticscholar.org/paper/",
}


def identifier_link(name: str) -> str | None:
    """Where the id of a source leads (`doi:10.1/x`, `arxiv:2406.1v2`); None for one that nothing resolves."""
    kind, colon, identifier = name[: LONGEST_TITLE + 1].partition(":")
    if len(name) > LONGEST_TITLE or not colon or not identifier:
        return None
    prefix = _RESOLVERS.get(kind)
    return _resolver(prefix, identifier) if prefix else safe_link(name.removeprefix("url:"))


def _resolver(prefix: str, identifier: str) -> str:
    return prefix + quote(identifier, safe="/:;.()-_", errors="replace")


def page_name(record_id: str) -> str:
    """The file name of a record's page: readable, stable, and another one for each other id.

    Lower-case ASCII only, as some file systems fold case; the hash of the exact id keeps two apart.
    """
    return f"{_stem(record_id, 'record')}.html"


def folder_name(record_id: str) -> str:
    """The folder beside a record's page that holds all its other files."""
    return _stem(record_id, "record")


def manifest_name(record_id: str) -> str:
    """The path of a record's manifest within the site."""
    return f"{folder_name(record_id)}/manifest.json"


def gate_verdict_name(record_id: str) -> str:
    """The path of a record's verdict of contract gate-verdict-v1."""
    return f"{folder_name(record_id)}/gate-verdict.json"


def corrections_name(record_id: str) -> str:
    """The path of a record's correction log."""
    return f"{folder_name(record_id)}/corrections.jsonl"


def source_page_name(source_id: str) -> str:
    """The path of a source's page, named as a record's is."""
    return f"sources/{_stem(source_id, 'source')}.html"


def activation_page_name(activation_id: str) -> str:
    """The path of the page of a gate's activation, named as a record's is."""
    return f"gates/{_stem(activation_id, 'activation')}.html"


@lru_cache(maxsize=16_384)  # each file of a record asks for the same
def _stem(identifier: str, otherwise: str) -> str:
    plain = unicodedata.normalize("NFKD", identifier[:200]).encode("ascii", "ignore").decode("ascii")
    slug = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:60].strip("-")
    digest = hashlib.sha256(identifier.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{slug or otherwise}-{digest}"

"""One entry of a reference list, taken apart: address, title, authors, year.

Input: the words of an entry after its mark. Output: `EntryFields`; what is not stated stays empty.
Does not belong here: finding the entries (references.py), identifiers (identifiers.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_TITLE = 500

_URL = re.compile(r"https?://[^\s<>\"\]\[{}|\\^`]{1,2000}")
_LINK = re.compile(
    r"\[(?P<words>(?:[^\]\[\n]|\[[^\]\[\n]{0,100}\]){1,600})\]\(\s?<?(?P<url>https?://[^\s>]{1,1500}?)>?\)(?=$|[\s.,;:)\]—–-])"
)
_QUOTED = re.compile(r"[\"“](?P<title>[^\"“”\n]{3,500})[\"”]")
_YEAR = r"(?:1[6-9]|20)\d{2}"
_YEAR_IN_BRACKETS = re.compile(rf"\((?P<year>{_YEAR})[a-z]?(?:,[^()\n]{{0,30}})?\)")
_YEAR_AT_END = re.compile(rf"(?:,|\.|;)\s{{1,3}}(?P<year>{_YEAR})[a-z]?(?:\s?[:;][^:;\n]{{0,60}})?[.,:;\s]*$")
_YEAR_OF_ISSUE = re.compile(rf"[.,]\s{{1,3}}(?P<year>{_YEAR})(?:\s[A-Z][a-z]{{2}}(?:\s\d{{1,2}})?)?;")
_TITLE_AND_TEXT = re.compile(r"title:\s{0,3}(?P<title>.{3,500}?)(?:\s+text:|\s*$)", re.IGNORECASE | re.DOTALL)
_NAME = (
    r"[A-ZÀ-Þ][\w'’-]{1,30}(?:[ -][A-ZÀ-Þ][\w'’-]{1,30}){0,2},?\s(?:[A-Z]\.?[ -]?){1,4}"
    r"|(?:[A-Z]\.[ -]?){1,4}\s?[A-ZÀ-Þ][\w'’-]{1,30}(?:[ -][A-ZÀ-Þ][\w'’-]{1,30})?"
)
_AUTHORS = re.compile(rf"(?:{_NAME})(?:\s?(?:,\s?&|,\s?and|&|\band\b|;|,)\s?(?:{_NAME})){{0,40}}(?:,?\set al\.?)?")
_ONE_AUTHOR = re.compile(_NAME)
_NAMED_AUTHORS = re.compile(r"(?P<authors>[^.\n\"“]{3,200}?\bet al)\.?")
_BETWEEN = " \t\n-–—:;,.|•·"


@dataclass(frozen=True)
class EntryFields:
    """What an entry states."""

    url: str | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()
    year: int | None = None


def entry_fields(words: str) -> EntryFields:
    """Take an entry apart by the first form that it has."""
    words = _folded(words[:3_000])
    if match := _TITLE_AND_TEXT.match(words):
        return EntryFields(url=_first_url(words), title=_folded(match["title"]))
    if link := _LINK.search(words):
        if not words[: link.start()].strip(_BETWEEN):
            return _with_year(link["words"], _trimmed_url(link["url"]))
        described = _described(words[: link.start()])
        linked = _folded(link["words"])
        title = described.title or (None if linked.startswith("http") else linked)
        return EntryFields(_trimmed_url(link["url"]), title, described.authors, described.year)
    url = _URL.search(words)
    if url is None:
        return _described(words)
    return _around_address(words, url)


def _around_address(words: str, url: re.Match[str]) -> EntryFields:
    address = _trimmed_url(url.group())
    before = re.sub(
        r"(?:doi|url|available (?:at|from)|retrieved from|link)\s?:?\s*$",
        "",
        words[: url.start()],
        flags=re.I,
    )
    before = before.strip(" \t\n<([{|-–—:,")
    if before:
        described = _described(before)
        return EntryFields(address, described.title, described.authors, described.year)
    after = words[url.end() :].strip(_BETWEEN + ">)]")
    return _with_year(after, address) if after else EntryFields(url=address)


def _first_url(words: str) -> str | None:
    url = _URL.search(words)
    return _trimmed_url(url.group()) if url else None


def _trimmed_url(url: str) -> str:
    url = url.rstrip(".,;:!?'*_>")
    while url.endswith(")") and url.count(")") > url.count("("):
        url = url[:-1].rstrip(".,;:")
    return url


def _with_year(title: str, url: str | None) -> EntryFields:
    """Words that are a title, perhaps with the year in brackets."""
    year = _YEAR_IN_BRACKETS.search(title)
    stated = int(year["year"]) if year else None
    if year and not title[year.end() :].strip(_BETWEEN):
        title = title[: year.start()]
    return EntryFields(url=url, title=_title(title), year=stated)


def _described(words: str) -> EntryFields:
    """Words that describe a work: quoted title, authors and year, or a bare title."""
    words = _folded(words)
    if quoted := _QUOTED.search(words):
        before, after = words[: quoted.start()], words[quoted.end() :]
        return EntryFields(None, _title(quoted["title"]), _authors(before), _year(before) or _year(after))
    authors = _AUTHORS.match(words)
    if authors is None or not _ends_author_list(words, authors.end()):
        named = _NAMED_AUTHORS.match(words)
        if named is None:
            return _with_year(words, None)
        return _after_authors(words, named.end(), (_folded(named["authors"]) + ".",))
    return _after_authors(words, authors.end(), _authors(authors.group()))


def _ends_author_list(words: str, end: int) -> bool:
    """Two capitalised words may start a title; a list of authors ends in a full stop or a year."""
    return words[:end].rstrip().endswith(".") or re.match(r"\.|,?\s?\(", words[end:]) is not None


def _after_authors(words: str, end: int, authors: tuple[str, ...]) -> EntryFields:
    rest = words[end:].lstrip(" .,:;")
    year = _YEAR_IN_BRACKETS.match(rest)
    if year:
        rest = rest[year.end() :].lstrip(" .,:;")
    title = re.split(r"(?<=[^\sA-Z])[.?!](?=\s+[A-Z*_]|\s*$)", rest, maxsplit=1)[0]
    stated = int(year["year"]) if year else _year(rest)
    return EntryFields(None, _title(title), authors, stated)


def _authors(words: str) -> tuple[str, ...]:
    words = _YEAR_IN_BRACKETS.sub("", words).strip(" ,:;")
    if not _AUTHORS.match(words) and not words.rstrip(".").endswith("et al"):
        return ()
    found = tuple(match.group().strip(" ,;") for match in _ONE_AUTHOR.finditer(words))
    return found or ((words,) if len(words) <= 200 else ())


def _year(words: str) -> int | None:
    for form in (_YEAR_IN_BRACKETS, _YEAR_OF_ISSUE, _YEAR_AT_END):
        if match := form.search(words):
            return int(match["year"])
    return None


def _title(words: str) -> str | None:
    title = _folded(words).strip(" \t*_,;:|-–—").strip()
    title = title[:-1] if title.endswith(".") and not title.endswith("..") else title
    return title[:MAX_TITLE] if any(letter.isalpha() for letter in title) else None


def _folded(words: str) -> str:
    return " ".join(words.split())

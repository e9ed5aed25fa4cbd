"""One entry of a reference list, taken apart: address, title, authors, year, venue.

Input: the words of an entry after its mark. Output: `EntryFields`; what is not stated stays empty.
Does not belong here: finding the entries (references.py), identifiers (identifiers.py, reference_addresses.py),
the forms of a list of authors (reference_names.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.ingestion.reference_names import names_at_start

MAX_TITLE = 500
MAX_VENUE = 200
MAX_ENTRY_WORDS = 3_000

_URL = re.compile(r"https?://[^\s<>\"\]\[{}|\\^`]{1,2000}")
_LINK = re.compile(
    r"\[(?P<words>(?:[^\]\[\n]|\[[^\]\[\n]{0,100}\]){1,600})\]\(\s?<?(?P<url>https?://[^\s>]{1,1500}?)>?\)(?=$|[\s.,;:)\]—–-])"
)
_QUOTED = re.compile(
    r"(?:[\"“](?P<title>[^\"“”\n]{3,500})[\"”]|(?<!\w)[‘'](?P<single>[^‘\n]{3,500}?)[’'](?=[,.;]|\s\(|\s*$))"
)
# In American use the comma stands inside; the title itself may then hold quotations.
_QUOTED_CLOSED = re.compile(r"[\"“](?P<title>[^\n]{3,500}?[?!]?)[,.][\"”](?=\s|$)(?P<single>)")
_YEAR = r"(?:1[5-9]|20)\d{2}"
_YEAR_IN_BRACKETS = re.compile(rf"\((?P<year>{_YEAR})[a-z]?(?:[,/][^()\n]{{0,30}})?\)")
_ANY_BRACKETED_YEAR = re.compile(rf"\([^()\n]{{0,40}}?(?P<year>{_YEAR})[a-z]?(?:,[^()\n]{{0,30}})?\)")
_YEAR_AT_END = re.compile(rf"(?:,|\.|;)\s{{1,3}}(?P<year>{_YEAR})[a-z]?(?:\s?[:;][^:;\n]{{0,60}})?[.,:;\s]*$")
_YEAR_OF_ISSUE = re.compile(rf"[.,]\s{{1,3}}(?P<year>{_YEAR})(?:\s[A-Z][a-z]{{2}}(?:\s\d{{1,2}})?)?;")
_YEAR_AMONG = re.compile(rf"(?:[,.;]\s{{0,2}}|\s)(?:[A-Z][a-z]{{2,8}}\.?\s)?(?P<year>{_YEAR})(?=[,.;:\s]|$)")
_YEAR_FIRST = re.compile(
    rf"\(?(?P<year>{_YEAR})[a-z]?(?:,\s(?:[A-Z][a-z]{{2,8}}\.?(?:\s\d{{1,2}})?))?\)?(?=[\s.,:;]|$)[.,:;]?"
)
_NO_DATE = re.compile(r"\((?:n\.\s?d\.|in press|forthcoming|accepted|submitted)\)[.,:]?", re.IGNORECASE)
_TITLE_AND_TEXT = re.compile(r"title:\s{0,3}(?P<title>.{3,500}?)(?:\s+text:|\s*$)", re.IGNORECASE | re.DOTALL)
_ORGANISATION = re.compile(
    rf"(?:(?P<name>[A-ZÀ-Þ][^.()\"“\d]{{2,120}}(?:\([A-Z]{{2,12}}\))?)[.,]?\s\((?P<year>{_YEAR})[a-z]?[^()]{{0,30}}\)\.\s"
    rf"|(?P<acronym>[A-Z]{{2,12}})[.,]?\s\((?P<its_year>{_YEAR})[a-z]?\)\.?\s)(?=\S)"
)
# What stands behind the description: identifiers, addresses, notes of access.
_TAIL = re.compile(
    r"\s[\[(<]?(?:https?://|doi(?:\.org)?\s?[:/]|doi\s10\.|10\.\d{4,9}/|arxiv\s?[:.]\s?\d|arxiv\s?:\s?[a-z-]+/\d"
    r"|pmid\s?:?\s?\d|pmc(?:id)?\s?:?\s?(?:pmc)?\d|isbn(?:-1[03])?\s?:?\s?\d|url\s?:)"
    r"|(?<=[.,;)\]])\s[\[(]?(?:available (?:at|from|online)|retrieved|accessed|cited \d{4}|\[?online\]?[.:])"
    r"|\s[\[(](?:accessed|retrieved|cited|visited)\b",
    re.IGNORECASE,
)
_PREPRINT = re.compile(r"\b(?:arxiv|biorxiv|medrxiv|chemrxiv)\b(?:\s(?:preprint|e-prints))?", re.IGNORECASE)
# A full stop behind these, or behind a single letter, ends no title.
_STOP = re.compile(
    r"(?<![\s.(][A-Z])(?<!\bvs)(?<!\bSt)(?<!\bDr)(?<!\bcf)(?<!\bsp)(?<!\bspp)(?<!\bvar)(?<!\bNo)(?<!\be\.g)(?<!\bi\.e)(?<!\bal)"
    r"(?P<stop>[.?!]+[\"”’]?)(?=\s+(?:[A-ZÀ-Þ*_\d(“\"<‘]|[a-z]{1,4}[A-Z]|npj\b)|\s*$)"
)
_KIND_OF_WORK = re.compile(
    r"\s?\[(?:[A-Z][a-z]+ ?){1,4}\]|\s?\[(?:internet|online|preprint|J|C|M|D|EB/OL)\]", re.IGNORECASE
)
_EDITION = re.compile(r",\s(?:\d{1,2}(?:st|nd|rd|th)|rev\.?|revised|second|third)\sed(?:ition|n)?\.?$", re.IGNORECASE)
# Title, Venue 12 (2018) 45-67: only commas part the fields.
_BY_COMMAS = re.compile(
    rf"(?P<title>[^\s].{{10,400}}?),\s(?P<venue>[A-Z][^,]{{2,80}}?)\s[A-Z]?\d{{1,4}}\s?(?:\([\d–-]{{1,9}}\)\s?)?\((?P<year>{_YEAR})\)"
)
_PUBLISHED = re.compile(rf"\s\((?P<press>[A-ZÀ-Þ][^()\d]{{2,80}}),\s(?P<year>{_YEAR})\)\.?$")
_ACCESS = re.compile(r"(?:accessed|retrieved|cited|visited)\b.*", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://\S+|\b10\.\d{4,9}/\S+|\d{4}\.\d{4,5}(?:v\d+)?")
_IN = re.compile(r"(?:[Ii]n\s?:?|[Pp]resented at|[Pp]ublished in)\s+(?=[A-Z\d*_])")
_VENUE_END = re.compile(
    r"\s?(?:[,.;:]?\s?\(|[,.;:]?\s(?=\d{1,5}(?!\d|st|nd|rd|th))|;|,\s(?:vol|no|pp?|art|issue|ser)\b|,\s?[\"“]"
    r"|,\s(?:1[5-9]|20)\d\d|\s*$)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[a-z]{6})\.\s(?=[A-Z])")
_PROPER = re.compile(r"[a-z]{0,4}[A-ZÀ-Þ]|[a-z]{2,3}\b")  # Nature, eLife, npj Moss
_BETWEEN = " \t\n-–—:;,.|•·"
_EMPHASIS = re.compile(r"(?<!\w)[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}(?!\w)")


@dataclass(frozen=True)
class EntryFields:
    """What an entry states."""

    url: str | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()
    year: int | None = None
    venue: str | None = None


def entry_fields(words: str) -> EntryFields:
    """Take an entry apart by the first form that it has."""
    words = _folded(words[:MAX_ENTRY_WORDS])
    if match := _TITLE_AND_TEXT.match(words):
        return EntryFields(url=_first_url(words), title=_folded(match["title"]))
    if link := _LINK.search(words):
        return _around_link(words, link)
    url = _URL.search(words)
    if url is None:
        return _described(words)
    return _around_address(words, url)


def _around_link(words: str, link: re.Match[str]) -> EntryFields:
    """`[words](address)`: the words are the title, or the whole description, unless one stands before them."""
    address, before = _trimmed_url(link["url"]), words[: link.start()]
    linked = _folded(link["words"])
    if not before.strip(_BETWEEN):
        described = _described(linked)
        if described.authors and described.title:
            return _with(described, address)
        following = _YEAR_IN_BRACKETS.match(words[link.end() :].lstrip(" .,"))
        named = _with_year(linked, address)
        return _with(named, address, int(following["year"]) if following and named.year is None else named.year)
    described = _described(before)
    title = described.title or (None if linked.startswith("http") else linked)
    return EntryFields(address, title, described.authors, described.year, described.venue)


def _with(fields: EntryFields, url: str | None, year: int | None = None) -> EntryFields:
    return EntryFields(url, fields.title, fields.authors, year or fields.year, fields.venue)


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
        return _with(described, address, described.year or _year_of_tail(words[url.end() :]))
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


# --- descriptions -------------------------------------------------------------------------------


def _described(words: str) -> EntryFields:
    """Words that describe a work: quoted title, authors and year, or a bare title."""
    words = _folded(words)
    tail = _TAIL.search(words)
    core, rest = (words[: tail.start()].rstrip(" ,;(["), words[tail.start() :]) if tail else (words, "")
    if not core.strip(_BETWEEN):
        core, rest = words, ""
    return _of_quoted(core, rest) or _of_authors(core, rest) or _of_organisation(core) or _of_title(core, rest)


def _of_quoted(words: str, tail: str) -> EntryFields | None:
    """Authors, a title in quotation marks, and what follows; a quotation inside a title is none."""
    quoted = _QUOTED_CLOSED.search(words) or _QUOTED.search(words)
    if quoted is None:
        return None
    before, after = words[: quoted.start()], words[quoted.end() :]
    names = names_at_start(before)
    between = _YEAR_FIRST.sub("", before[names.end :].strip(" .,:;)(") if names else before).strip(_BETWEEN + "()")
    if any(map(str.isalnum, between)) and (names is not None or not _looks_like_names(before)):
        return None
    authors = names.names if names else _unread_names(before)
    year = _year(before) or _year(after) or _year_among(before) or _year_among(after) or _year_of_tail(tail)
    return EntryFields(None, _title(quoted["title"] or quoted["single"]), authors, year, _venue(after))


def _looks_like_names(before: str) -> bool:
    return re.search(r"\bet al\b|[,&]|\band\b|\(\d{4}\)", before) is not None


def _unread_names(before: str) -> tuple[str, ...]:
    before = _YEAR_IN_BRACKETS.sub("", before).strip(" ,:;")
    return (before,) if 2 < len(before) <= 200 and re.search(r"\bet al\b", before) else ()


def _of_authors(words: str, tail: str) -> EntryFields | None:
    names = names_at_start(words)
    if names is None:
        return None
    authors = names.names
    if len(authors) == 1 and re.search(r"\bet al\b", words[: names.end]):
        authors = (_folded(re.sub(r"\bet\.? al\b\.?.*", "et al.", words[: names.end]).strip(" ,;")),)
    rest = words[names.end :].lstrip(" .,:;")
    year = _YEAR_FIRST.match(rest) or _NO_DATE.match(rest)
    stated = int(year["year"]) if year and "year" in year.groupdict() else None
    if year:
        rest = rest[year.end() :].lstrip(" .,:;)")
    if commas := _BY_COMMAS.match(rest):
        return EntryFields(None, _title(commas["title"]), authors, int(commas["year"]), _venue(commas["venue"]))
    title, after = _title_and_rest(rest)
    if title is None:
        return None
    return EntryFields(None, title, authors, stated or _year_behind(after, tail) or _year(rest), _venue(after))


def _of_organisation(words: str) -> EntryFields | None:
    match = _ORGANISATION.match(words)
    if match is None:
        return None
    title, after = _title_and_rest(words[match.end() :])
    name, year = match["name"] or match["acronym"], match["year"] or match["its_year"]
    return EntryFields(None, title, (_folded(name).rstrip(" .,"),), int(year), _venue(after))


def _of_title(words: str, tail: str) -> EntryFields:
    """A bare title; behind its full stop may stand a venue, if a year stands there too."""
    title, after = _title_and_rest(words)
    year = _year_behind(after, tail) if after else None
    if title and year and len(after) < len(words) * 0.7:
        return EntryFields(None, title, (), year, _venue(after))
    return _with_year(words, None)


def _title_and_rest(words: str) -> tuple[str | None, str]:
    """A title up to its full stop, and what follows."""
    stop = _STOP.search(words)
    if stop is None or _PUBLISHED.search(words[: stop.end("stop")]):
        title, after = _cut_at_venue(words)
        return _title(title), after
    following = _STOP.search(words, stop.end("stop"))
    if following and _goes_on(words[stop.end("stop") : following.start("stop")], words[following.end("stop") :]):
        stop = following
    end = stop.end("stop") if stop["stop"][0] in "?!" else stop.start("stop")
    return _title(words[:end]), words[stop.end("stop") :].strip()


def _goes_on(sentence: str, rest: str) -> bool:
    """A title of two sentences: the second one is no venue, being long, in lower case and followed by one."""
    words = sentence.split()
    lower = sum(word[0].islower() for word in words)
    return len(words) >= 6 and lower > len(words) / 2 and not re.search(r"\d", sentence) and rest.strip()[:1].isalpha()


def _cut_at_venue(words: str) -> tuple[str, str]:
    """Without a full stop: a year in brackets, or an emphasised venue, ends the title."""
    emphasised = re.search(r",\s[*_]{1,3}[A-Z]", words)
    if emphasised and emphasised.start() > 10:
        return words[: emphasised.start()], words[emphasised.start() + 2 :]
    year = _PUBLISHED.search(words) or _YEAR_IN_BRACKETS.search(words)
    if year and not words[year.end() :].strip(_BETWEEN):
        return words[: year.start()], words[year.start() :].strip()
    return words, ""


def _year_behind(after: str, tail: str) -> int | None:
    """The year among volume and pages: the last one in brackets, else one that stands by itself."""
    after = _EMPHASIS.sub("", after)
    bracketed = list(_ANY_BRACKETED_YEAR.finditer(after))
    if bracketed:
        return int(bracketed[-1]["year"])
    return _year(after) or _year_among(" " + after) or _year_of_tail(tail)


def _year_of_tail(tail: str) -> int | None:
    """A year behind an address or identifier; not that of a visit to it."""
    words = _ADDRESS.sub("", _ACCESS.sub("", tail))
    year = _YEAR_IN_BRACKETS.search(words) or re.search(rf",\s(?P<year>{_YEAR})\b", words)
    return int(year["year"]) if year else None


def _year(words: str) -> int | None:
    for form in (_YEAR_IN_BRACKETS, _YEAR_OF_ISSUE, _YEAR_AT_END):
        if match := form.search(words):
            return int(match["year"])
    return None


def _year_among(words: str) -> int | None:
    """The last number that can be a year and is no page or volume: after a comma, a full stop or a month."""
    found = [
        match
        for match in _YEAR_AMONG.finditer(words)
        if not re.search(r"\b(?:pp?|vol|no)\.?\s?$", words[: match.start() + 1])
    ]
    return int(found[-1]["year"]) if found else None


def _venue(words: str) -> str | None:
    """Where the work stands, as printed behind the title: journal, proceedings, publisher."""
    words = _EMPHASIS.sub("", words).lstrip(" .,;:")
    words = re.sub(r"^(?:\[[^\]]{1,40}\]|\([^)]{1,60}\))\.?\s?", "", words)
    if preprint := _PREPRINT.match(words):
        return preprint.group()
    inside = _IN.match(words)
    words = words[inside.end() :] if inside else words
    end = _VENUE_END.search(words)
    name = words[: end.start()] if end else words
    if inside:
        name = re.split(r",\s", name, maxsplit=1)[0]
    if any(len(piece.split()) > 2 for piece in name.split(". ")):
        # No journal's name in short words: what follows its full stop is another thing.
        name = _SENTENCE.split(name, maxsplit=1)[0]
    name = re.sub(r"\s\(?(?:in press|forthcoming|submitted)\)?$", "", _folded(name).strip(" .,;:*_"))
    has_letters = len(re.findall(r"[^\W\d_]", name)) >= 2
    return name[:MAX_VENUE] if has_letters and _PROPER.match(name) and not re.match(rf"{_YEAR}\b", name) else None


def _title(words: str) -> str | None:
    title = _KIND_OF_WORK.sub("", _folded(words)) if words.rstrip(" .").endswith("]") else _folded(words)
    title = _EDITION.sub("", title).strip(" \t*_,;:|-–—").strip()
    title = title[:-1] if title.endswith(".") and not title.endswith("..") else title
    return title[:MAX_TITLE] if any(letter.isalpha() for letter in title) else None


def _folded(words: str) -> str:
    return " ".join(words.split())

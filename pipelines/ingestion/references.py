"""Reference lists as a record prints them, and inline marks that are references themselves.

Input: a record's text. Output: `Reference`s whose `raw == text[start:end]`; a field is filled only
when the entry states it. Does not belong here: whether the reference exists (verification).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from pipelines.ingestion.reference_addresses import EntryIdentifiers, entry_identifiers
from pipelines.ingestion.reference_entries import EntryFields, entry_fields
from pipelines.ingestion.text_lines import (
    Line,
    heading_of,
    lines_of,
    lines_outside_code,
    plain_heading,
    trimmed,
)
from pipelines.models import Reference

MAX_REFERENCES = 5_000
MAX_ENTRY = 3_000

_LIST_HEADINGS = frozenset(
    {
        "references", "reference list", "references cited", "sources", "source list", "sources cited",
        "bibliography", "works cited", "literature cited", "citations", "cited works", "cited literature",
        "references and sources", "sources and references", "sources & references", "key references",
        "references / sources", "references & sources", "selected references", "endnotes", "reference",
    }
)  # fmt: skip
_START = re.compile(
    r"[ \t]{0,8}(?:[-*•–][ \t]+)?(?:\\?\[\^?(?P<bracket>@?[\w:./+-]{1,60})\\?\]:?(?!\()[ \t]*"
    r"|(?P<number>\d{1,4})[.)][ \t]+)"
)
_BULLET = re.compile(r"[ \t]{0,8}[-*•–][ \t]+")
_LOOSE_ENTRY = re.compile(r"[ \t]{0,8}\[(?P<bracket>\d{1,4})\]:?[ \t]+(?=.{0,600}?https?://)")
_DESCRIBED_MARK = re.compile(
    r"\[(?P<mark>\d{3,12}) {0,3}\| {0,3}(?P<authors>[^|\]\n]{1,200}?) {0,3}\| {0,3}(?P<year>\d{4}|N/?A)"
    r" {0,3}\| {0,3}Citations: {0,3}\d{1,7} {0,3}\]"
)
_KEY = re.compile(r"\[(?P<keys>[^\]\[\n]{2,1300})\]")
_ONE_KEY = re.compile(r"(?<![\w.@])@\{?(?P<key>[\w:./+#$%&?<>~-]{0,200}[\w/])\}?")
_INLINE_LINK = re.compile(
    r"(?<!!)\[(?P<words>[^\]\[\n]{1,300})\]\((?P<url>https?://[^\s()]{1,1500}(?:\([^\s()]{0,200}\)[^\s()]{0,500})?)\)"
)
_KEY_SCHEMES = ("doi:", "arxiv:", "pmid:", "pubmed:", "url:", "http")


@dataclass(frozen=True)
class _Entry:
    start: int
    end: int
    mark: str | None
    body: int  # where the entry's words begin, after its mark


def references_in(text: str, start: int = 0) -> tuple[Reference, ...]:
    """All references of a record in the order of the text.

    Lists under a heading come first in rank: where there is none, numbered lines that carry an
    address count, then inline links. Marks that describe their source (`[id | authors | year |
    Citations: n]`) and citation keys (`[@doi:...]`) are references in any case.
    """
    entries = _listed_entries(text, start)
    found = [_reference(text, entry) for entry in entries]
    covered = [(entry.start, entry.end) for entry in entries]
    found += _described_marks(text, start)
    found += _citation_keys(text, start, covered)
    if not found:
        found = _inline_links(text, start)
    found.sort(key=lambda reference: reference.start or 0)
    return tuple(
        reference.model_copy(update={"ordinal": ordinal})
        for ordinal, reference in enumerate(found[:MAX_REFERENCES], start=1)
    )


def is_list_heading(words: str) -> bool:
    """The words are those under which a reference list stands."""
    return plain_heading(words).lower() in _LIST_HEADINGS


# --- lists --------------------------------------------------------------------------------------


def _listed_entries(text: str, start: int) -> list[_Entry]:
    entries: list[_Entry] = []
    section: list[Line] | None = None
    for line in lines_outside_code(text, start):
        if is_list_heading(line.words) and len(line.words) < 60:
            entries += _section_entries(text, section)
            section = []
        elif section is not None and _closes_section(line):
            entries += _section_entries(text, section)
            section = None
        elif section is not None:
            section.append(line)
        elif loose := _LOOSE_ENTRY.match(line.words):
            begin, end = trimmed(text, line.start, line.end)
            entries.append(_Entry(begin, min(end, begin + MAX_ENTRY), loose["bracket"], line.start + loose.end()))
    return entries + _section_entries(text, section)


def _closes_section(line: Line) -> bool:
    heading = heading_of(line)
    return heading is not None and not _START.match(line.words)


def _section_entries(text: str, lines: Iterable[Line] | None) -> list[_Entry]:
    """Marked items if the section has any; otherwise each paragraph that could be an entry."""
    lines = list(lines or ())
    if any(_START.match(line.words) or _BULLET.match(line.words) for line in lines):
        return list(_marked_entries(text, lines))
    return list(_unmarked_entries(text, lines))


def _marked_entries(text: str, lines: list[Line]) -> Iterator[_Entry]:
    current: _Entry | None = None
    for line in lines:
        start = _START.match(line.words) or _BULLET.match(line.words)
        if start is not None:
            if current:
                yield current
            begin, end = trimmed(text, line.start, line.end)
            current = _Entry(begin, end, _mark_of(start), line.start + start.end())
        elif not line.words.strip():
            if current:
                yield current
            current = None
        elif current and line.end - current.start <= MAX_ENTRY:
            current = replace(current, end=trimmed(text, current.start, line.end)[1])
    if current:
        yield current


def _mark_of(start: re.Match[str]) -> str | None:
    marks = start.groupdict()
    mark = marks.get("bracket") or marks.get("number")
    return mark.lstrip("@") if mark else None


def _unmarked_entries(text: str, lines: list[Line]) -> Iterator[_Entry]:
    for line in lines:
        begin, end = trimmed(text, line.start, line.end)
        words = text[begin:end]
        if 10 < len(words) <= MAX_ENTRY and re.search(r"https?://|10\.\d{4,9}/|\b(?:19|20)\d{2}\b", words):
            yield _Entry(begin, end, None, begin)


def _reference(text: str, entry: _Entry) -> Reference:
    end = min(entry.end, entry.start + MAX_ENTRY)
    raw, body = text[entry.start : end], text[min(entry.body, end) : end]
    fields = entry_fields(body)
    identifiers = entry_identifiers(body)
    if entry.mark and entry.mark.startswith(_KEY_SCHEMES):
        identifiers = entry_identifiers(_key_words(entry.mark))
    return _filled(raw, entry.start, entry.mark, fields, identifiers)


def _filled(raw: str, start: int, mark: str | None, fields: EntryFields, identifiers: EntryIdentifiers) -> Reference:
    return Reference(
        ordinal=1,
        mark=mark,
        raw=raw,
        **identifiers.fields(),
        url=fields.url,
        title=fields.title,
        authors=fields.authors,
        year=fields.year,
        venue=fields.venue,
        start=start,
        end=start + len(raw),
    )


# --- inline -------------------------------------------------------------------------------------


def _described_marks(text: str, start: int) -> list[Reference]:
    found: dict[str, Reference] = {}
    for match in _DESCRIBED_MARK.finditer(text, start):
        year = int(match["year"]) if match["year"].isdigit() else None
        fields = EntryFields(authors=(match["authors"],), year=year)
        reference = _filled(match.group(), match.start(), match["mark"], fields, EntryIdentifiers())
        found.setdefault(match["mark"], reference)
    return list(found.values())


def _citation_keys(text: str, start: int, covered: list[tuple[int, int]]) -> list[Reference]:
    """`[@key; @key]`: one reference a key. The mark is the key without its `@`."""
    found: dict[str, Reference] = {}
    inside = iter(sorted(covered))
    block = next(inside, None)
    for group in _KEY.finditer(text, start):
        while block and block[1] <= group.start():
            block = next(inside, None)
        if block and block[0] <= group.start():
            continue
        for match in _ONE_KEY.finditer(text, group.start("keys"), group.end("keys")):
            key = match["key"]
            identifiers = entry_identifiers(_key_words(key)) if key.startswith(_KEY_SCHEMES) else EntryIdentifiers()
            address = key.removeprefix("url:")
            fields = EntryFields(url=address if address.startswith("http") else None)
            found.setdefault(key, _filled(match.group(), match.start(), key, fields, identifiers))
    return list(found.values())


def _key_words(key: str) -> str:
    return key.replace("pubmed:", "pmid:", 1) if key.startswith("pubmed:") else key


def _inline_links(text: str, start: int) -> list[Reference]:
    """Links in the running text. The linked words need not be a title, so none is filled in."""
    found: dict[str, Reference] = {}
    for match in _INLINE_LINK.finditer(text, start):
        fields = EntryFields(url=match["url"])
        reference = _filled(match.group(), match.start(), None, fields, entry_identifiers(match["url"]))
        found.setdefault(match["url"], reference)
    return list(found.values())


def lines_until_blank(text: str, start: int) -> Iterator[Line]:
    """The lines of the paragraph that begins at `start`."""
    for line in lines_of(text, start):
        if not line.words.strip():
            return
        yield line

"""Citation marks in a sentence, and the sentence without them.

Owns how a record points at its sources from within a sentence ([3], [1; 2], [2-4], [@key],
([text](url)), (Name et al., 2020)) and what mark-up is taken away before a claim is compared with a
source. Does not resolve a mark to a reference (ingestion and verification do). In: the text of a
sentence. Out: marks as in `Reference.mark`, and the normalised sentence.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator

_NUMBERS = r"\^?\d{1,4}(?:\s?[,;–-]\s?\^?\d{1,4}){0,40}"
_AUTHOR_YEAR = (
    r"(?:see\s|e\.g\.,?\s)?[A-Z][\w'’-]{1,30}(?:\set\sal\.?|\s(?:and|&)\s[A-Z][\w'’-]{1,30})?,?\s(?:19|"
    r"20)\d\d[a-z]?"
)
# Every way to cite, in the order in which they are tried at a place.
_MARK = re.compile(
    rf"\(\[(?P<cited_text>[^\[\]]{{1,300}})\]\((?P<cited_url>[^()\s]{{1,2000}})\)\)"
    rf"|\[\[?(?P<linked_number>\d{{1,4}})\]?\]\((?P<number_url>[^()\s]{{1,2000}})\)"
    rf"|\[(?P<numbers>{_NUMBERS})\](?!\()"
    r"|\[(?P<corpus_id>\d{3,12})\s\|[^\[\]]{1,300}\]"
    r"|\[\^(?P<footnote>[^\[\]\s]{1,60})\]"
    r"|\[(?P<keys>-?@[^\[\]\s]{1,200}(?:;?\s?-?@[^\[\]\s]{1,200}){0,20})\]"
    r"|(?<!\])\((?P<bare_url>https?://[^()\s]{1,2000})\)"
    rf"|\((?P<authors>{_AUTHOR_YEAR}(?:;\s{_AUTHOR_YEAR}){{0,10}})\)"
)
_LINK = re.compile(r"!?\[([^\[\]]{1,500})\]\(([^()\s]{1,2000})(?:\s\"[^\"]{0,200}\")?\)")
_SPAN_OF_MARKS = re.compile(r"(\d{1,4})\s?[–-]\s?\^?(\d{1,4})")
_LONGEST_SPAN = 50


def _numbers_in(words: str) -> Iterator[str]:
    """The marks of "1, 3-5": 1, 3, 4, 5. A span that runs backwards or too far is its two ends."""
    for part in re.split(r"[,;]", words.replace("^", "")):
        span = _SPAN_OF_MARKS.fullmatch(part.strip())
        if span is None:
            yield from part.replace("–", "-").strip().split("-")
            continue
        low, high = int(span.group(1)), int(span.group(2))
        yield from map(str, range(low, high + 1) if low <= high <= low + _LONGEST_SPAN else (low, high))


_READERS: dict[str, Callable[[str], Iterator[str]]] = {
    "cited_url": lambda words: iter((words,)),
    "number_url": lambda words: iter((words,)),
    "numbers": _numbers_in,
    "corpus_id": lambda words: iter((words,)),
    "footnote": lambda words: iter((words,)),
    "keys": lambda words: (key.lstrip("-@").rstrip(";,") for key in re.split(r";\s?|\s", words) if key),
    "bare_url": lambda words: iter((words,)),
    "authors": lambda words: (part.strip() for part in words.split(";")),
}


def citation_marks(text: str) -> tuple[str, ...]:
    """The marks in a sentence, each once, in order of appearance."""
    found: list[tuple[int, str]] = []
    for match in _MARK.finditer(text):
        for group, reader in _READERS.items():
            if match[group]:
                found += [(match.start(), mark) for mark in reader(match[group]) if mark]
    found += [
        (match.start(), match.group(2))
        for match in _LINK.finditer(text)
        if match.group(2).startswith(("http://", "https://"))
    ]
    return tuple(dict.fromkeys(mark for _, mark in sorted(found, key=lambda item: item[0])))


# Behind one of these words a mark is part of the sentence: "introduced by [3]", "as in [4]".
_NEEDS_MARK = re.compile(r"(?:^|\b(?:by|of|in|from|see|to|than|with|following|per|like))\s?$")
_STARTS_LOWER = re.compile(r"\s?[a-z]")
_OPENS_CLAUSE = re.compile(r"^\s*(?:[A-Z][a-z]+(?:\s[a-z]+)?,\s)?$")


def _without_mark(match: re.Match[str]) -> str:
    before = match.string[max(0, match.start() - 40) : match.start()]
    is_subject = match.start() < 60 and _OPENS_CLAUSE.match(match.string[: match.start()])
    after = match.string[match.end() : match.end() + 2]
    if is_subject and _STARTS_LOWER.match(after):
        return match.group(0)
    if before.strip() and _NEEDS_MARK.search(before):
        return match.group(0)
    return ""


_Rewrite = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]
_REWRITES: tuple[_Rewrite, ...] = (
    (re.compile(r"<!--[^<>]{0,2000}-->"), " "),
    (_MARK, _without_mark),
    (_LINK, lambda match: match.group(1)),
    (re.compile(r"</?[A-Za-z][^<>]{0,100}>"), ""),
    (re.compile(r"\*{1,3}(?=\S)|(?<=\S)\*{1,3}|(?<!\w)_{1,3}(?=\S)|(?<=\S)_{1,3}(?!\w)|`"), ""),
    (re.compile(r"\\([*_#$%&!.+-])"), r"\1"),
    (re.compile(r"(?<=\w)-\n\s{0,20}(?=[a-z])"), "-"),
    (re.compile(r"\(\s{0,3}[,;]?\s{0,3}\)|\[\s{0,3}\]"), ""),
    (re.compile(r"\s+"), " "),
    (re.compile(r" (?=[,;:.!?)](?:\s|$))"), ""),
    (re.compile(r",(?:\s?,)+"), ","),
    (re.compile(r"[,;]\s?(?=\.$)"), ""),
)


def normalised(text: str) -> str:
    """`text` without mark-up, footnote and citation marks, white space folded: what is verified."""
    for pattern, replacement in _REWRITES:
        text = pattern.sub(replacement, text)
    return html.unescape(text).strip().lstrip("#>|").strip()

"""Source texts cut into passages, and the works made of passages that came with an answer.

Input: a source's text, or a record with `passages`. Output: spans into that text, or works by mark.
Does not belong here: choosing the passages that bear on a claim (verification).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from pipelines.ingestion.identifiers import all_identifiers, identifiers_in
from pipelines.ingestion.library_rows import normalised_title
from pipelines.ingestion.text_lines import trimmed
from pipelines.models import GivenPassage, ParsedRecord, Work

SHORTEST = 600
LONGEST = 1_500

_PARAGRAPH_END = re.compile(r"\n[ \t]*\n\s*")
_SENTENCE_END = re.compile(r"[.!?][\"'”’)\]]{0,3}\s+(?=[A-Z0-9\"'“‘(\[])")
_SPACE = re.compile(r"\s+")
_UNTITLED = "Untitled passage"


def split_passages(text: str) -> tuple[tuple[int, int], ...]:
    """Spans of about 600 to 1,500 characters that end where paragraphs or sentences do.

    Together they hold every character of `text` that is not white space, in order, without overlap.
    Only a single sentence longer than the limit is cut inside, at white space if it has any.
    """
    spans: list[tuple[int, int]] = []
    for start, end in _pieces(text):
        last = spans[-1] if spans else None
        if last and last[1] - last[0] < SHORTEST and end - last[0] <= LONGEST:
            spans[-1] = (last[0], end)
        else:
            spans.append((start, end))
    return tuple(spans)


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Paragraphs, and the sentences of those that are too long for one passage."""
    for start, end in _cut_at(text, 0, len(text), _PARAGRAPH_END):
        if end - start <= LONGEST:
            yield start, end
            continue
        for first, last in _cut_at(text, start, end, _SENTENCE_END):
            yield from _bounded(text, first, last)


def _cut_at(text: str, start: int, end: int, boundary: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    position = start
    for match in boundary.finditer(text, start, end):
        yield from _solid(text, position, match.end())
        position = match.end()
    yield from _solid(text, position, end)


def _bounded(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > LONGEST:
        spaces = list(_SPACE.finditer(text, start + SHORTEST, start + LONGEST))
        stop = spaces[-1].start() if spaces else start + LONGEST
        yield from _solid(text, start, stop)
        start = stop
    yield from _solid(text, start, end)


def _solid(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    start, end = trimmed(text, start, end)
    if start < end:
        yield start, end


def given_works(record: ParsedRecord) -> tuple[tuple[str, Work], ...]:
    """For each mark of an answer's passages, the work it stands for.

    Passages of the same source are merged: its marks lead to one work whose text holds them all.
    """
    by_source: dict[str, list[GivenPassage]] = {}
    for passage in record.passages:
        by_source.setdefault(_source_id(passage), []).append(passage)
    works = {source_id: _given_work(source_id, passages) for source_id, passages in by_source.items()}
    return tuple((passage.mark, works[_source_id(passage)]) for passage in record.passages)


def _source_id(passage: GivenPassage) -> str:
    """Named by its address, else by its title, else by its words."""
    title = normalised_title(passage.title or "")
    named = f"url {passage.url.strip()}" if passage.url else f"title {title}" if title else f"text {passage.text}"
    return "given:" + hashlib.sha256(named.encode()).hexdigest()[:32]


def _given_work(source_id: str, passages: list[GivenPassage]) -> Work:
    found = identifiers_in(next((passage.url for passage in passages if passage.url), ""))
    texts = dict.fromkeys(passage.text.strip() for passage in passages)
    return Work(
        source_id=source_id,
        aliases=all_identifiers(found.doi, found.arxiv_id, found.pmid),
        title=next((passage.title for passage in passages if passage.title), _UNTITLED),
        authors=next((passage.authors for passage in passages if passage.authors), ()),
        year=next((passage.year for passage in passages if passage.year is not None), None),
        text="\n\n".join(texts),
        text_kind="passages",
        complete=False,
        origin="given",
    )

"""The local library: works that the user holds, with such text as the files give.

Input: a folder or a file (JSONL, BibTeX, PDF). Output: `Library` of `Work`s, one for each work however
many files hold it, and a rejection for each file or line that cannot be read.
Does not belong here: searching the works (sources.py), judging references against them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipelines.ingestion.documents import pdf_content
from pipelines.ingestion.errors import UnreadableDocument
from pipelines.ingestion.files import find_files, read_bytes
from pipelines.ingestion.identifiers import arxiv_in, doi_in
from pipelines.ingestion.json_reading import JsonFault, parse_json
from pipelines.ingestion.library_rows import UnusableWork, work_of_bibtex, work_of_fields, work_of_row
from pipelines.ingestion.merging import merged_works
from pipelines.ingestion.stated_dates import is_only_a_date
from pipelines.models import Rejection, Work

MAX_LINE = 2_000_000

_FIRST_LINES = 1_500
_ARXIV_STAMP = re.compile(r"arXiv:\S{9,20} {1,3}\[[a-z-]{2,12}(?:\.[A-Za-z-]{2,12})?\]")
_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True)
class Library:
    """Works in order of their `source_id`, and what could not be read."""

    works: tuple[Work, ...]
    rejected: tuple[Rejection, ...]


Found = Work | Rejection


def read_library(path: Path) -> Library:
    """Every work in a folder or a file. A bad line or file is a rejection; the rest goes on."""
    found = find_files([path])
    works: list[Work] = []
    rejected = list(found.rejected)
    for file in found.files:
        for item in _read_file(file):
            if isinstance(item, Work):
                works.append(item)
            else:
                rejected.append(item)
    return Library(merged_works(works), tuple(rejected))


def _read_file(path: Path) -> Iterator[Found]:
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        yield Rejection(path=str(path), reason="a library holds .jsonl, .bib and .pdf files; this is none of these")
        return
    try:
        yield from reader(path, read_bytes(path))
    except UnreadableDocument as error:
        yield Rejection(path=str(path), reason=error.reason)


def _origin(path: Path) -> str:
    return f"library:{path.name}"


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableDocument(f"it is not valid UTF-8: byte {error.start} does not fit") from error


def _jsonl(path: Path, data: bytes) -> Iterator[Found]:
    for number, line in enumerate(data.split(b"\n"), start=1):
        if line.strip():
            yield _jsonl_line(path, number, line)


def _jsonl_line(path: Path, number: int, line: bytes) -> Found:
    try:
        if len(line) > MAX_LINE:
            raise UnusableWork(f"the line is longer than {MAX_LINE:,} bytes")
        return work_of_row(parse_json(_decoded(line)), _origin(path))
    except (UnusableWork, JsonFault, UnreadableDocument) as error:
        return Rejection(path=f"{path}:{number}", reason=error.reason)


def _bibtex(path: Path, data: bytes) -> Iterator[Found]:
    # pybtex takes long to import, and most libraries hold no BibTeX.
    from pybtex.database import BibliographyDataError, parse_string
    from pybtex.scanner import PybtexSyntaxError

    try:
        entries = parse_string(_decoded(data), bib_format="bibtex").entries
    except (BibliographyDataError, PybtexSyntaxError, RecursionError) as error:
        raise UnreadableDocument(f"it is not valid BibTeX: {str(error).splitlines()[0]}") from error
    for key, entry in entries.items():
        people = entry.persons.get("author", ())
        try:
            yield work_of_bibtex(dict(entry.fields), tuple(map(str, people)), entry.type, _origin(path))
        except UnusableWork as error:
            yield Rejection(path=f"{path}:{key}", reason=error.reason)


def _pdf(path: Path, data: bytes) -> Iterator[Found]:
    content = pdf_content(data)
    stamp = _ARXIV_STAMP.search(content.text[:20_000])
    arxiv_id, version = arxiv_in(stamp.group()) if stamp else (None, None)
    yield work_of_fields(
        title=content.title or _first_title(content.text),
        doi=doi_in(content.text[:_FIRST_LINES]),
        arxiv_id=arxiv_id,
        version=str(version) if version else None,
        text=content.text,
        text_kind="fulltext",
        complete=True,
        origin=_origin(path),
    )


def _first_title(text: str) -> str:
    """The first line of a few words that is neither a date nor a stamp."""
    lines = [line.strip() for line in text[:_FIRST_LINES].splitlines() if line.strip()]
    worded = (line for line in lines if len(_WORD.findall(line)) >= 3)
    title = (line for line in worded if not is_only_a_date(line) and not line.lower().startswith("arxiv:"))
    return next(title, lines[0] if lines else text.strip()[:200])


_READERS: dict[str, Callable[[Path, bytes], Iterator[Found]]] = {
    ".jsonl": _jsonl,
    ".ndjson": _jsonl,
    ".bib": _bibtex,
    ".bibtex": _bibtex,
    ".pdf": _pdf,
}

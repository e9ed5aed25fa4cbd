"""The formats of a library's files: JSON lines (packed or not), BibTeX, RIS, CSL-JSON, PDF, JATS and TEI.

Input: a file's path and bytes. Output: a `Work` for each entry, or a `Rejection` with its place and reason;
`UnreadableDocument` where the whole file is of no use. Does not belong here: finding the files and merging
what they hold (library.py), the fields of a row or entry (library_rows.py).
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from pipelines.ingestion.bibliographies import is_csl_json
from pipelines.ingestion.documents import pdf_content
from pipelines.ingestion.errors import UnreadableDocument
from pipelines.ingestion.identifiers import arxiv_in, doi_in
from pipelines.ingestion.json_reading import JsonFault, parse_json
from pipelines.ingestion.library_rows import (
    UnusableWork,
    work_of_bibtex,
    work_of_csl,
    work_of_fields,
    work_of_ris,
    work_of_row,
)
from pipelines.ingestion.scholarly_xml import scholarly_xml
from pipelines.ingestion.stated_dates import is_only_a_date
from pipelines.models import Rejection, Work

MAX_LINE = 2_000_000  # bytes
MAX_UNPACKED = 1_000_000_000  # bytes of a packed file that are read
MAX_LINES = 5_000_000
MAX_BAD_LINES = 10_000  # or entries of one file: it is no library then, and each is kept with its reason
MAX_ENTRY = 200_000  # characters of a RIS entry

_FIRST_LINES = 1_500
_ARXIV_STAMP = re.compile(r"arXiv:\S{9,20} {1,3}\[[a-z-]{2,12}(?:\.[A-Za-z-]{2,12})?\]")
_WORD = re.compile(r"[^\W\d_]{2,}")
_RIS_START = re.compile(r"^TY {1,3}- ?", re.MULTILINE)
_RIS_TAG = re.compile(r"^([A-Z][A-Z0-9]) {1,3}-(?: |$)", re.MULTILINE)

Found = Work | Rejection
Reader = Callable[[Path, bytes], Iterator[Found]]


def reader_for(name: str) -> Reader | None:
    """The reader of a file by the longest ending of its name that is known; None for a file of no known kind."""
    return next((reader for ending, reader in _READERS if name.lower().endswith(ending)), None)


def _origin(path: Path) -> str:
    return f"library:{path.name}"


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableDocument(f"it is not valid UTF-8: byte {error.start} does not fit") from error


# --- JSON lines ---------------------------------------------------------------------------------


def _jsonl(path: Path, data: bytes) -> Iterator[Found]:
    yield from _rows(path, io.BytesIO(data))


def _packed_jsonl(path: Path, data: bytes) -> Iterator[Found]:
    """Unpacked piece by piece, so that a file that unpacks without end is never held whole."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as unpacked:
            yield from _rows(path, unpacked)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableDocument(f"it is no whole gzip file: {str(error)[:200]}") from error


def _rows(path: Path, stream: io.BufferedIOBase) -> Iterator[Found]:
    read = bad = 0
    for number in range(1, MAX_LINES + 1):
        line = stream.readline(MAX_LINE + 1)
        if not line:
            return
        read += len(line)
        rest = _rest_of_line(stream, MAX_UNPACKED - read) if len(line) > MAX_LINE else 0
        read += rest
        if read > MAX_UNPACKED or bad >= MAX_BAD_LINES:
            break
        if line.strip():
            found = _row(path, number, line)
            bad += isinstance(found, Rejection)
            yield found
    reason = _given_up("lines") if bad >= MAX_BAD_LINES else "it is too long: what follows is not read"
    yield Rejection(path=f"{path}:{number}", reason=reason)


def _given_up(pieces: str) -> str:
    return f"it has {MAX_BAD_LINES:,} {pieces} that are no works: what follows is not read"


def _rest_of_line(stream: io.BufferedIOBase, most: int) -> int:
    """How many bytes of a line that is too long were passed over."""
    passed = 0
    while passed <= most and (piece := stream.readline(MAX_LINE)):
        passed += len(piece)
        if piece.endswith(b"\n"):
            break
    return passed


def _row(path: Path, number: int, line: bytes) -> Found:
    try:
        if len(line) > MAX_LINE:
            raise UnusableWork(f"the line is longer than {MAX_LINE:,} bytes")
        return work_of_row(parse_json(_decoded(line)), _origin(path))
    except (UnusableWork, JsonFault, UnreadableDocument) as error:
        return Rejection(path=f"{path}:{number}", reason=error.reason)


# --- bibliographies -----------------------------------------------------------------------------


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


def _ris(path: Path, data: bytes) -> Iterator[Found]:
    """Each entry is parsed by itself, so that a broken one spoils no other."""
    text = _decoded(data).replace("\r\n", "\n").replace("\r", "\n")
    starts = [start.start() for start in _RIS_START.finditer(text)]
    if not starts:
        raise UnreadableDocument("it holds no RIS entry")
    bad, line, counted = 0, 1, 0
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        try:
            yield work_of_ris(_ris_fields(text[start:end]), _origin(path))
        except UnusableWork as error:
            bad, line, counted = bad + 1, line + text.count("\n", counted, start), start
            yield Rejection(path=f"{path}:{line}", reason=error.reason)
        if bad >= MAX_BAD_LINES:
            yield Rejection(path=f"{path}:{line}", reason=_given_up("entries"))
            return


def _ris_fields(entry: str) -> dict[str, object]:
    import rispy

    if len(entry) > MAX_ENTRY:
        raise UnusableWork(f"the entry is longer than {MAX_ENTRY:,} characters")
    words = _RIS_TAG.sub(r"\1  - ", entry.rstrip())
    found = rispy.loads(f"{words}\nER  - \n", skip_unknown_tags=True)
    if not found:
        raise UnusableWork("the entry holds no RIS field")
    fields: dict[str, object] = found[0]
    return fields


def _csl(path: Path, data: bytes) -> Iterator[Found]:
    try:
        value = parse_json(_decoded(data))
    except JsonFault as fault:
        raise UnreadableDocument(fault.reason) from fault
    items = value if isinstance(value, list) else [value]
    if not is_csl_json(items):
        raise UnreadableDocument("it is JSON, but no list of works in CSL-JSON")
    for number, item in enumerate(items, start=1):
        try:
            yield work_of_csl(item, _origin(path))
        except UnusableWork as error:
            yield Rejection(path=f"{path}:item {number}", reason=error.reason)


# --- full texts ---------------------------------------------------------------------------------


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


def _scholarly(path: Path, data: bytes) -> Iterator[Found]:
    """An article in JATS or TEI; one without a body gives its abstract."""
    article = scholarly_xml(data)
    text = article.text if article.has_body else article.abstract
    kind = "fulltext" if article.has_body else "abstract"
    try:
        yield work_of_fields(
            title=article.title,
            doi=article.doi,
            arxiv_id=article.arxiv_id,
            pmid=article.pmid,
            pmcid=article.pmcid,
            authors=article.authors,
            year=article.year,
            venue=article.journal,
            text=text,
            text_kind=kind if text else None,
            complete=True if article.has_body else None,
            licence=article.licence,
            origin=_origin(path),
        )
    except UnusableWork as error:
        yield Rejection(path=str(path), reason=error.reason)


# The longer ending stands first where one ends like another.
_READERS: tuple[tuple[str, Reader], ...] = (
    (".jsonl.gz", _packed_jsonl),
    (".ndjson.gz", _packed_jsonl),
    (".jsonl", _jsonl),
    (".ndjson", _jsonl),
    (".json", _csl),
    (".bib", _bibtex),
    (".bibtex", _bibtex),
    (".ris", _ris),
    (".pdf", _pdf),
    (".xml", _scholarly),
    (".nxml", _scholarly),
)
KNOWN_ENDINGS = tuple(ending for ending, _ in _READERS)

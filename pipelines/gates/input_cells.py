"""An input file taken apart into cells, each with its place in the text, so that one can be changed alone.

Belongs here: which cells a CSV, JSON, JSON-lines or text file has, and writing the file with some of them
changed and all else as it was. Does not belong here: what to change (`perturbation`). The file is hostile:
what cannot be taken apart has no cells and is said to be binary.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import PurePosixPath

from pipelines.ingestion.json_reading import JsonFault, parse_json, value_spans

MAX_CELLS = 200_000
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
_TOKEN = re.compile(r"[+-]?(?<![\w.])\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.]*\w)|\w+")
_DELIMITERS = {".csv": ",", ".tsv": "\t"}
_COMMENT = "#"


class Kind(StrEnum):
    TABLE = "table"
    JSON = "JSON"
    JSON_LINES = "JSON lines"
    TEXT = "text"
    BINARY = "binary"


@dataclass(frozen=True)
class Cell:
    """A value of the file; `text[start:end]` of the sheet is how it is written."""

    start: int
    end: int
    text: str  # what it says, without quotes
    row: int
    column: str

    @cached_property
    def number(self) -> float | None:
        return float(self.text) if _NUMBER.fullmatch(self.text) and len(self.text) < 40 else None

    @property
    def decimals(self) -> int:
        return len(self.text.partition(".")[2].lower().partition("e")[0])


@dataclass(frozen=True)
class Sheet:
    """One input. `rows` holds where each row stands, if it has a line of its own."""

    path: str
    kind: Kind
    data: bytes = field(repr=False)
    text: str = field(default="", repr=False)
    cells: tuple[Cell, ...] = field(default=(), repr=False)
    rows: Mapping[int, tuple[int, int]] = field(default_factory=dict, repr=False)

    @cached_property
    def columns(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for index, cell in enumerate(self.cells):
            found.setdefault(cell.column, []).append(index)
        return found

    def written(self, changes: Mapping[int, str], without: frozenset[int] = frozenset()) -> bytes:
        """The file with the cells of `changes` saying something else, and without some rows."""
        edits = [(self.cells[index].start, self.cells[index].end, self._spelt(index, new))
                 for index, new in changes.items() if self.cells[index].row not in without]  # fmt: skip
        edits += [(*self.rows[row], "") for row in without if row in self.rows]
        pieces, position = [], 0
        for start, end, new in sorted(edits):
            pieces += [self.text[position:start], new]
            position = end
        return "".join([*pieces, self.text[position:]]).encode()

    def _spelt(self, index: int, new: str) -> str:
        cell = self.cells[index]
        was = self.text[cell.start : cell.end]
        if self.kind in (Kind.JSON, Kind.JSON_LINES):
            return json.dumps(new, ensure_ascii=False) if was.startswith('"') else new
        if self.kind is Kind.TABLE and (was.startswith('"') or any(one in new for one in '",\t\n\r')):
            return '"' + new.replace('"', '""') + '"'
        return new


def sheet_of(path: str, data: bytes) -> Sheet:
    """The file taken apart by what its name says it is, if it is that; else as text; else as bytes."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return Sheet(path, Kind.BINARY, data)
    suffix = PurePosixPath(path).suffix.lower()
    if suffix in _DELIMITERS:
        return _table(path, data, text, _delimiter(text, _DELIMITERS[suffix]))
    readers = {".json": _json, ".jsonl": _json_lines, ".ndjson": _json_lines}
    if suffix in readers:
        try:
            return readers[suffix](path, data, text)
        except JsonFault:
            pass  # not what its name says: it is a text like any other
    return _plain(path, data, text)


def _delimiter(text: str, usual: str) -> str:
    """The usual one, unless the first line that is no comment holds another and not that."""
    first = next((line for line in text.splitlines() if line.strip() and not line.startswith(_COMMENT)), "")
    return next((one for one in (usual, ";", "\t") if one in first), usual)


# --- tables ---------------------------------------------------------------------------------------


def _table(path: str, data: bytes, text: str, delimiter: str) -> Sheet:
    records = list(_records(text, delimiter))
    names = _header(records)
    cells: list[Cell] = []
    rows: dict[int, tuple[int, int]] = {}
    header_pending = bool(names)
    for number, (span, fields) in enumerate(records):
        comment = text.startswith(_COMMENT, span[0])
        if header_pending and not comment:
            header_pending = False
            continue
        if not comment:
            rows[number] = span
        for position, (start, end, said) in enumerate(fields):
            if said.strip() and len(cells) < MAX_CELLS:
                column = _COMMENT if comment else names[position] if position < len(names) else str(position + 1)
                cells.append(Cell(start, end, said.strip() if not said.startswith('"') else said, number, column))
    return Sheet(path, Kind.TABLE, data, text, tuple(cells), rows)


_Field = tuple[int, int, str]


def _records(text: str, delimiter: str) -> Iterator[tuple[tuple[int, int], list[_Field]]]:
    """Each record with its place, line end included, and its fields with theirs."""
    piece = re.compile(rf'(?:"((?:[^"]|"")*)"|([^{delimiter}\r\n]*))(\r\n|\n|\r|{delimiter}|\Z|(?="))')
    position, start, fields = 0, 0, list[_Field]()
    while position < len(text):
        if not fields and text.startswith(_COMMENT, position):
            end = re.compile(r"[^\r\n]*").match(text, position).end()  # type: ignore[union-attr]  # matches the empty
            fields.append((position, end, text[position:end]))
            position = end
            line_end = re.compile(r"\r\n|\n|\r|\Z").match(text, position)
            position = line_end.end() if line_end else position
            yield (start, position), fields
            start, fields = position, []
            continue
        match = piece.match(text, position)
        if match is None or match.end() == position:
            position += 1
            continue
        quoted, bare, ending = match.groups()
        at = (match.start(), match.start(3))
        fields.append((*at, quoted.replace('""', '"') if quoted is not None else bare))
        position = match.end()
        if ending != delimiter:
            yield (start, position), fields
            start, fields = position, []
    if fields:
        yield (start, position), fields


def _header(records: Iterable[tuple[tuple[int, int], list[_Field]]]) -> list[str]:
    """The names of the columns, if the first record that is no comment holds words only."""
    for _, fields in records:
        said = [said.strip() for _, _, said in fields]
        if not said[0].startswith(_COMMENT):
            return [] if any(_NUMBER.fullmatch(one) for one in said) else said
    return []


# --- JSON -----------------------------------------------------------------------------------------


def _json_cells(text: str, base: int, first_row: int | None) -> Iterator[Cell]:
    """`first_row`: the row of all cells; None: an element of an array is a row, and so is each value outside."""
    numbers: dict[tuple[object, ...], int] = {}
    for pointer, (start, end) in value_spans(text).items():
        last = max((at for at, part in enumerate(pointer) if isinstance(part, int)), default=len(pointer) - 1)
        row = numbers.setdefault(pointer[: last + 1], len(numbers)) if first_row is None else first_row
        column = ".".join("*" if isinstance(part, int) else str(part) for part in pointer)
        written = text[start:end]
        said = json.loads(written) if written.startswith('"') else written
        if said.strip():
            yield Cell(base + start, base + end, said, row, column)


def _json(path: str, data: bytes, text: str) -> Sheet:
    parse_json(text)
    return Sheet(path, Kind.JSON, data, text, tuple(_json_cells(text, 0, None))[:MAX_CELLS])


def _json_lines(path: str, data: bytes, text: str) -> Sheet:
    cells: list[Cell] = []
    rows: dict[int, tuple[int, int]] = {}
    position = 0
    for number, line in enumerate(text.splitlines(keepends=True)):
        if line.strip() and len(cells) < MAX_CELLS:
            parse_json(line)
            cells.extend(_json_cells(line, position, number))
            rows[number] = (position, position + len(line))
        position += len(line)
    return Sheet(path, Kind.JSON_LINES, data, text, tuple(cells), rows)


# --- text -----------------------------------------------------------------------------------------


def _plain(path: str, data: bytes, text: str) -> Sheet:
    lines: list[tuple[int, int]] = []
    position = 0
    for line in text.splitlines(keepends=True):
        lines.append((position, position + len(line)))
        position += len(line)
    tokens = [list(_TOKEN.finditer(text, start, end)) for start, end in lines]
    counts = Counter(len(found) for found in tokens if found)
    common, often = counts.most_common(1)[0] if counts else (0, 0)
    as_table = often >= 3 and often == sum(counts.values()) and any(_numeric(found) for found in tokens[1:])
    header = as_table and not _numeric(tokens[0])
    cells = [
        Cell(token.start(), token.end(), token.group(), row, str(at + 1) if as_table and common > 1 else "words")
        for row, found in enumerate(tokens)
        if not (header and row == 0)
        for at, token in enumerate(found)
    ]
    return Sheet(path, Kind.TEXT, data, text, tuple(cells[:MAX_CELLS]), dict(enumerate(lines)))


def _numeric(tokens: list[re.Match[str]]) -> bool:
    return any(_NUMBER.fullmatch(token.group()) for token in tokens)

"""How much of a part stands in a report: so many characters; what is beyond is named as left out and stands elsewhere.

A report of a record that is made to be endless stays a document that opens. Input and output: blocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import accumulate, takewhile

from pipelines.publication.report.blocks import (
    Bar,
    Block,
    Heading,
    Items,
    Line,
    Paragraph,
    Quote,
    Table,
    paragraph,
)

PART = 120_000  # characters of a part, some thirty pages
LEFT_OUT = "This part is longer than a report can be; what follows of it is left out here and stands in the manifest."


def bounded(blocks: Iterable[Block], room: int = PART) -> Iterator[Block]:
    """The blocks as far as there is room for them, a table or list as far as its rows fit; says so where it cuts."""
    left = room
    for block in blocks:
        left -= size_of(block)
        if left >= 0:
            yield block
            continue
        yield from _beginning(block, left + size_of(block))
        yield paragraph(LEFT_OUT)
        return


def size_of(block: Block) -> int:
    """Characters of a block."""
    match block:
        case Heading() | Bar():
            return 100
        case Paragraph():
            return _length(block.line)
        case Items():
            return sum(map(_length, block.lines))
        case Table():
            return sum(map(_row_length, block.rows))
        case Quote():
            return len(block.before) + len(block.sentence) + len(block.after) + _length(block.place)


def _beginning(block: Block, room: int) -> Iterator[Block]:
    if isinstance(block, Table):
        rows = block.rows[: _fitting(map(_row_length, block.rows), room)]
        yield from [replace(block, rows=rows)] if rows else []
    elif isinstance(block, Items):
        lines = block.lines[: _fitting(map(_length, block.lines), room)]
        yield from [Items(lines)] if lines else []


def _fitting(lengths: Iterable[int], room: int) -> int:
    return sum(1 for _ in takewhile(lambda used: used <= room, accumulate(lengths)))


def _row_length(row: tuple[Line, ...]) -> int:
    return sum(map(_length, row))


def _length(line: Line) -> int:
    return sum(len(span.text) + 10 for span in line)

"""Blocks of a markdown or plain text: headings, paragraphs, list items, table rows, code, comments.

Owns which lines belong together. Does not split sentences and does not judge them. In: the text of a
record. Out: `Block`s in order, each a span that leaves out the marker ("- ", "## ", "> ") before it.
One pass over the lines; a hard-wrapped paragraph is one block.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class BlockKind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list item"
    QUOTE = "quote"
    TABLE_ROW = "table row"
    CODE = "code"
    HIDDEN = "hidden"  # comments, front matter, a model's thoughts, images, rules


@dataclass(frozen=True)
class Block:
    kind: BlockKind
    start: int
    end: int


@dataclass(frozen=True)
class _Line:
    start: int
    end: int  # without the line end and trailing white space
    words: str


_HEADING = re.compile(r"[ \t]{0,3}#{1,6}[ \t]+")
_LABELLED_HEADING = re.compile(r"(?:TITLE|SECTION)[;:][ \t]*")
_LIST = re.compile(r"[ \t]{0,40}(?:[-*+•‣▪◦●–]|\(?\d{1,3}[.)]|[a-z][.)])[ \t]+")
_QUOTE = re.compile(r"[ \t]{0,3}>[ \t]?")
_TABLE = re.compile(r"[ \t]*\||[^\t]+\t[^\t]")
_RULE = re.compile(r"[ \t]*(?:[-=_*] ?){3,}$|[ \t]*</?[A-Za-z][^<>]{0,200}>$|[ \t]*[-*+]$")
_IMAGE = re.compile(r"[ \t]*!\[[^\]]{0,500}\](?:\([^)]{0,2000}\))?[ \t]*$")
_FENCE = re.compile(r"[ \t]{0,12}(`{3,}|~{3,})")
_FOOTNOTE = re.compile(r"[ \t]*\[\^[^\]]{1,60}\]:")
_NUMBERED_TITLE = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,3}\.?[ \t]+[A-Z]")
_NAMES_SOMETHING = re.compile(r"[^\W\d_]{3}")
_BOLD_LINE = re.compile(r"\*\*[^*]+\*\*$|__[^_]+__$")
_ENDS_OPEN = re.compile(
    r"(?:[,;(\-–—]|\b(?:a|an|and|are|as|at|between|by|for|from|in|is|its|of|on|or|that|the|their|this|"
    r"to|was|were|which|with))$",
    re.IGNORECASE,
)
_WIDEST_WRAP = 160  # a paragraph with a longer line was not wrapped by hand
_LONGEST_TITLE = 120
_FRONT_MATTER_LINES = 200


def _lines(text: str) -> Iterator[_Line]:
    position = 0
    for raw in text.split("\n"):
        words = raw.rstrip()
        yield _Line(position, position + len(words), words)
        position += len(raw) + 1


def _is_title(words: str) -> bool:
    """A line that stands alone, ends openly and is written as a title: the heading of a plain text."""
    bare = words.strip().strip("*_").strip()
    if not bare or len(bare) > _LONGEST_TITLE or bare[-1] in ".!?;,…。":
        return False
    tokens = bare.split()
    if len(tokens) > 14 or not _NAMES_SOMETHING.search(bare):
        return False
    if _NUMBERED_TITLE.match(bare) or _BOLD_LINE.match(words.strip()):
        return True
    if not (bare[0].isupper() or bare[0].isdigit()) or bare[-1] == ":":
        return False
    long_words = [token for token in tokens if len(token) > 3 and token[0].isalpha()]
    capitalised = sum(token[0].isupper() for token in long_words)
    return len(tokens) <= 4 or (bool(long_words) and capitalised >= 0.6 * len(long_words))


def _is_wrapped(before: _Line, after: _Line, width: int) -> bool:
    """Whether the line end between two lines of a paragraph is only a wrap."""
    head = after.words.lstrip()
    if head[:1].islower() or _ENDS_OPEN.search(before.words[-12:]):
        return True
    if width > _WIDEST_WRAP:
        return False
    first_word = head.split(maxsplit=1)[0]
    return len(before.words) + 1 + len(first_word) > 0.85 * width


def _paragraph_blocks(lines: list[_Line]) -> Iterator[Block]:
    """Split the lines between two blank lines where a line end is no wrap."""
    width = max(len(line.words) for line in lines)
    run = [lines[0]]
    for line in lines[1:]:
        if _is_wrapped(run[-1], line, width):
            run.append(line)
            continue
        yield _plain_block(run)
        run = [line]
    yield _plain_block(run)


def _plain_block(run: list[_Line]) -> Block:
    start = run[0].start + len(run[0].words) - len(run[0].words.lstrip())
    is_heading = len(run) == 1 and _is_title(run[0].words)
    return Block(BlockKind.HEADING if is_heading else BlockKind.PARAGRAPH, start, run[-1].end)


class _Scanner:
    """Walks the lines once; `_open` holds the block that the next line may continue."""

    def __init__(self, text: str) -> None:
        self._lines = list(_lines(text))
        self._paragraph: list[_Line] = []
        self._open: tuple[BlockKind, int, int] | None = None

    def _flush(self) -> Iterator[Block]:
        if self._paragraph:
            yield from _paragraph_blocks(self._paragraph)
            self._paragraph = []
        if self._open is not None:
            yield Block(*self._open)
            self._open = None

    def _region_end(self, index: int) -> int | None:
        """Index of the last line of a region that hides its lines, if one begins at `index`."""
        words = self._lines[index].words
        fence = _FENCE.match(words)
        if fence:
            return self._find(index + 1, fence.group(1)[:3], at_start=True, otherwise=len(self._lines) - 1)
        if words.lstrip().startswith("<!--"):
            return self._find(index, "-->", at_start=False, otherwise=index)
        if words.strip() == "<think>":
            return self._find(index, "</think>", at_start=False, otherwise=index)
        if index == 0 and words == "---":
            return self._front_matter_end()
        return None

    def _find(self, index: int, mark: str, *, at_start: bool, otherwise: int) -> int:
        for number in range(index, len(self._lines)):
            words = self._lines[number].words
            if words.lstrip().startswith(mark) if at_start else mark in words:
                return number
        return otherwise

    def _front_matter_end(self) -> int | None:
        for number in range(1, min(len(self._lines), _FRONT_MATTER_LINES)):
            if self._lines[number].words in ("---", "..."):
                return number
        return None

    def blocks(self) -> Iterator[Block]:
        index = 0
        unclosed_comments = 0
        while index < len(self._lines):
            # An unclosed comment costs a search to the end of the text: allow few of them.
            region_end = self._region_end(index) if unclosed_comments < 20 else None
            if region_end is None:
                yield from self._line(self._lines[index])
                index += 1
                continue
            unclosed_comments += region_end == index and "-->" not in self._lines[index].words
            yield from self._flush()
            is_code = _FENCE.match(self._lines[index].words) is not None
            kind = BlockKind.CODE if is_code else BlockKind.HIDDEN
            yield Block(kind, self._lines[index].start, self._lines[region_end].end)
            index = region_end + 1
        yield from self._flush()

    def _line(self, line: _Line) -> Iterator[Block]:
        if not line.words.strip():
            yield from self._flush()
            return
        for pattern, kind in _STARTS:
            match = pattern.match(line.words)
            if match:
                yield from self._flush()
                yield from self._start(line, kind, match.end())
                return
        if self._open is not None:
            kind, start, _ = self._open
            self._open = (kind, start, line.end)
            return
        self._paragraph.append(line)

    def _start(self, line: _Line, kind: BlockKind, marker: int) -> Iterator[Block]:
        if kind in (BlockKind.LIST_ITEM, BlockKind.QUOTE):
            start = line.start + marker
            if start < line.end:
                self._open = (kind, start, line.end)
            return
        if kind is BlockKind.HEADING:
            yield Block(kind, min(line.start + marker, line.end), line.end)
            return
        yield Block(kind, line.start, line.end)


_STARTS: tuple[tuple[re.Pattern[str], BlockKind], ...] = (
    (_RULE, BlockKind.HIDDEN),
    (_IMAGE, BlockKind.HIDDEN),
    (_FOOTNOTE, BlockKind.HIDDEN),
    (_HEADING, BlockKind.HEADING),
    (_LABELLED_HEADING, BlockKind.HEADING),
    (_TABLE, BlockKind.TABLE_ROW),
    (_QUOTE, BlockKind.QUOTE),
    (_LIST, BlockKind.LIST_ITEM),
)


def blocks_of(text: str) -> tuple[Block, ...]:
    """The blocks of `text`, in order, not overlapping; blank lines belong to none."""
    return tuple(block for block in _Scanner(text).blocks() if block.start < block.end)

"""The report as the input of the typesetter: JSON, which the fixed form `report.typ` sets as text.

Nothing from outside is part of the source that is compiled, so nothing of it can be evaluated, read or fetched. What
the fonts in the typesetter cannot show is named by its code (`[U+6F22 U+5B57]`), as a box would say nothing. Does not
belong here: what the report says, compiling (`pdf`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from pipelines.publication.report.blocks import (
    Bar,
    Block,
    Heading,
    Items,
    Line,
    Paragraph,
    Quote,
    Report,
    Table,
)

_HERE = Path(__file__).parent
FORM = _HERE / "report.typ"
GLYPHS = _HERE / "glyphs.txt"  # ranges of code points that the fonts show; made by benchmarks/report_glyphs.py

SHORT = 90  # characters of the title in the head of a page
LONGEST_WORD = 30  # a longer one may be broken anywhere
NAMED_CODES = 6  # of a run of characters that cannot be shown

KICKER = "A record as checked by claimgate: its claims, their evidence, its references."


def typst_input(report: Report, *, plain: bool = False) -> bytes:
    """The JSON that `report.typ` reads; `plain` without what a font may not place, as a mark on another's letter."""
    show = _plain if plain else _shown
    return orjson.dumps(
        {
            "title": show(report.title),
            "short": show(report.title if len(report.title) <= SHORT else f"{report.title[:SHORT]} …"),
            "subject": show(report.subject),
            "kicker": KICKER,
            "blocks": [_WRITERS[type(block)](block, show) for block in report.blocks],
        }
    )


# --- characters ---------------------------------------------------------------------------------


@cache
def _unshown() -> re.Pattern[str]:
    ranges = [part.split("-") for part in GLYPHS.read_text(encoding="ascii").split()]
    held = "".join(f"\\U{int(one[0], 16):08X}-\\U{int(one[-1], 16):08X}" for one in ranges)
    return re.compile(f"[^{held}]+")


_LONG = re.compile(rf"\S{{{LONGEST_WORD},}}")
# Letters that need no mark: Latin, Greek, Cyrillic; dashes and quotation marks; our own signs.
_NOT_PLAIN = re.compile(
    "[^\x20-\x7e\xa1-\xac\xae-\u017f\u0391-\u03a1\u03a3-\u03a9\u03b1-\u03c9\u0410-\u044f\u2013-\u2026✓✗⇄○⊘≠·]+"
)


def _shown(text: str) -> str:
    if text.isascii():
        return _breakable(text)
    return _breakable(_unshown().sub(_named, unicodedata.normalize("NFC", text)))


def _plain(text: str) -> str:
    return _breakable(_NOT_PLAIN.sub(_named, unicodedata.normalize("NFC", text)))


def _breakable(text: str) -> str:
    """A zero-width space here and there in what is longer than a column."""
    return _LONG.sub(lambda found: "\u200b".join(_pieces(found.group())), text)


def _pieces(word: str) -> Iterator[str]:
    step = LONGEST_WORD // 3
    return (word[start : start + step] for start in range(0, len(word), step))


def _named(found: re.Match[str]) -> str:
    run = found.group()
    more = f" and {len(run) - NAMED_CODES:,} more" if len(run) > NAMED_CODES else ""
    return f"[{' '.join(f'U+{ord(one):04X}' for one in run[:NAMED_CODES])}{more}]"


# --- blocks -------------------------------------------------------------------------------------

Show = Callable[[str], str]


def _line(line: Line, show: Show) -> list[list[str | None]]:
    return [[show(span.text), span.style.value, span.link] for span in line]


def _heading(block: Heading, show: Show) -> list[Any]:
    word = block.word
    return ["h", block.level, show(block.text), word and word.style, word and f"{word.sign} {word.word}"]


def _paragraph(block: Paragraph, show: Show) -> list[Any]:
    return ["p", _line(block.line, show), block.tone.value]


def _items(block: Items, show: Show) -> list[Any]:
    return ["l", [_line(line, show) for line in block.lines]]


def _table(block: Table, show: Show) -> list[Any]:
    rows = [[_line(cell, show) for cell in row] for row in block.rows]
    return ["t", block.caption, list(block.head), rows, list(block.widths)]


def _quote(block: Quote, show: Show) -> list[Any]:
    texts = (show(block.before), show(block.sentence), show(block.after))
    return ["q", block.side.style, f"{block.side.sign} {block.side.word}", *texts, _line(block.place, show)]


def _bar(block: Bar, _show: Show) -> list[Any]:
    words = ", ".join(f"{word.word} {count:,}" for word, count in block.parts)
    return ["b", [[word.style, count, word.sign] for word, count in block.parts], f"Claims by verdict: {words}"]


_WRITERS: Mapping[type[Block], Callable[..., list[Any]]] = {
    Heading: _heading,
    Paragraph: _paragraph,
    Items: _items,
    Table: _table,
    Quote: _quote,
    Bar: _bar,
}

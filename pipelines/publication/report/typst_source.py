"""The report as the input of the typesetter: JSON, which the fixed form `report.typ` sets as text.

Nothing from outside is part of the source that is compiled, so nothing of it can be evaluated, read or fetched. What
the fonts in the typesetter cannot show is named by its codes (`[U+6F22 U+5B57]`) and counted, as a box would say
nothing. Does not belong here: what the report says, compiling (`pdf`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
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
NAMED_CODES = 3  # of a run of characters that cannot be shown

LACKING = (
    "The fonts of this PDF lack some characters of the texts that it quotes. They are named by their codes in square "
    "brackets; the record's page and the report in Markdown show them."
)
KICKER = "A record as checked by claimgate: its claims, their evidence, its references."


def typst_input(report: Report, *, plain: bool = False) -> bytes:
    """The JSON that `report.typ` reads; `plain` without what a font may not place, as a mark on another's letter."""
    show = _Show(_not_plain() if plain else _unshown())
    title = show(report.title)
    blocks = [_WRITERS[type(block)](block, show) for block in report.blocks]
    return orjson.dumps(
        {
            "title": title,
            "short": title if len(title) <= SHORT else f"{title[:SHORT]} …",
            "subject": show(report.subject),
            "kicker": KICKER,
            "lacking": f"{LACKING} {show.lacking:,} in all." if show.lacking else None,
            "blocks": blocks,
        }
    )


# --- characters ---------------------------------------------------------------------------------


class _Show:
    """Text as the fonts can show it; counts the characters that they lack."""

    def __init__(self, unshown: re.Pattern[str]) -> None:
        self.lacking = 0
        self._unshown = unshown

    def __call__(self, text: str) -> str:
        if not text.isascii():
            text = self._unshown.sub(self._named, unicodedata.normalize("NFC", text))
        return _LONG.sub(_breakable, text)

    def _named(self, found: re.Match[str]) -> str:
        run = found.group().replace(" ", "")
        self.lacking += len(run)
        more = f" and {len(run) - NAMED_CODES:,} more" if len(run) > NAMED_CODES else ""
        return f"[{' '.join(f'U+{ord(one):04X}' for one in run[:NAMED_CODES])}{more}]"


_LONG = re.compile(rf"\S{{{LONGEST_WORD},}}")


def _breakable(found: re.Match[str]) -> str:
    """A zero-width space here and there in what is longer than a column."""
    word, step = found.group(), LONGEST_WORD // 3
    return "\u200b".join(word[start : start + step] for start in range(0, len(word), step))


@cache
def _unshown() -> re.Pattern[str]:
    ranges = [part.split("-") for part in GLYPHS.read_text(encoding="ascii").split()]
    return _all_but("".join(f"\\U{int(one[0], 16):08X}-\\U{int(one[-1], 16):08X}" for one in ranges))


@cache
def _not_plain() -> re.Pattern[str]:
    """All but letters that need no mark (Latin, Greek, Cyrillic), dashes, quotation marks, our own signs."""
    return _all_but(
        "\x20-\x7e\xa1-\xac\xae-\u017f\u0391-\u03a1\u03a3-\u03a9\u03b1-\u03c9\u0410-\u044f\u2013-\u2026✓✗⇄○⊘≠·"
    )


def _all_but(held: str) -> re.Pattern[str]:
    return re.compile(f"[^{held}]+(?: +[^{held}]+)*")


# --- blocks -------------------------------------------------------------------------------------


def _line(line: Line, show: _Show) -> list[list[str | None]]:
    return [[show(span.text), span.style.value, span.link] for span in line]


def _heading(block: Heading, show: _Show) -> list[Any]:
    word = block.word
    return ["h", block.level, show(block.text), word and word.style, word and f"{word.sign} {word.word}"]


def _paragraph(block: Paragraph, show: _Show) -> list[Any]:
    return ["p", _line(block.line, show), block.tone.value]


def _items(block: Items, show: _Show) -> list[Any]:
    return ["l", [_line(line, show) for line in block.lines]]


def _table(block: Table, show: _Show) -> list[Any]:
    rows = [[_line(cell, show) for cell in row] for row in block.rows]
    return ["t", block.caption, list(block.head), rows, list(block.widths)]


def _quote(block: Quote, show: _Show) -> list[Any]:
    texts = (show(block.before), show(block.sentence), show(block.after))
    return ["q", block.side.style, f"{block.side.sign} {block.side.word}", *texts, _line(block.place, show)]


def _bar(block: Bar, _show: _Show) -> list[Any]:
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

"""The report as a document without a form: headings, paragraphs, tables, quotations, lists, a bar.

Belongs here: the shapes that both writers walk over, and how text from outside enters them: on one line, bounded,
odd characters named. Does not belong here: what the report says (its parts), mark-up (its writers).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pipelines.publication.site.text import LONGEST_NAME, LONGEST_TITLE, shown
from pipelines.publication.site.words import Word

LONGEST_TEXT = 1_500  # characters of any one text from outside in a report; the manifest holds all of it


class Style(StrEnum):
    PLAIN = "plain"
    STRONG = "strong"
    CODE = "code"  # identifiers and names of files


class Tone(StrEnum):
    PLAIN = "plain"
    ALARM = "alarm"  # to be seen before anything else
    NOTE = "note"  # for those who want to know exactly


@dataclass(frozen=True)
class Span:
    """Text of one style on one line; `link` has passed `safe_link`."""

    text: str
    style: Style = Style.PLAIN
    link: str | None = None


Line = tuple[Span, ...]


@dataclass(frozen=True)
class Heading:
    """`level` 1 for a section, 2 and 3 beneath it; a judged one bears the word of its verdict."""

    level: int
    text: str
    word: Word | None = None


@dataclass(frozen=True)
class Paragraph:
    line: Line
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Items:
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Table:
    """Every row has as many cells as `head`; `widths` are shares of the line."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]
    widths: tuple[int, ...]


@dataclass(frozen=True)
class Quote:
    """A sentence of a source, with what stands around it, which side it is on, and where it stands."""

    side: Word
    before: str
    sentence: str
    after: str
    place: Line


@dataclass(frozen=True)
class Bar:
    """Counts by verdict as a picture; a table beside it says the same."""

    parts: tuple[tuple[Word, int], ...]


Block = Heading | Paragraph | Items | Table | Quote | Bar


@dataclass(frozen=True)
class Report:
    title: str
    subject: str  # the record and its publisher, for the PDF's own description
    blocks: tuple[Block, ...]


# --- text on its way in -------------------------------------------------------------------------


def one_line(text: str, limit: int = LONGEST_TEXT) -> str:
    """Text from outside as a report may show it: without line ends, runs of white space folded."""
    return " ".join(shown(text, limit).split())


def titled(text: str) -> str:
    return one_line(text, LONGEST_TITLE)


def named(text: str) -> str:
    return one_line(text, LONGEST_NAME)


def ended(text: str, limit: int = LONGEST_TEXT) -> str:
    """A text from outside as a sentence that another may follow."""
    line = one_line(text, limit)
    return line if not line or line.endswith((".", "!", "?", "…", "]")) else f"{line}."


def said(*parts: str | Span) -> Line:
    """A line of our own words; what comes from outside is bounded by whoever puts it in."""
    return tuple(part if isinstance(part, Span) else Span(part) for part in parts if part)


def strong(text: str) -> Span:
    return Span(text, Style.STRONG)


def code(text: str) -> Span:
    return Span(named(text), Style.CODE)


def paragraph(*parts: str | Span) -> Paragraph:
    return Paragraph(said(*parts))


def items(lines: Iterable[Line]) -> tuple[Items, ...]:
    """The list, or nothing where there is nothing to list."""
    held = tuple(lines)
    return (Items(held),) if held else ()


def left_out(number: int, what: str) -> tuple[Paragraph, ...]:
    """The sentence that says what a bound leaves out; nothing where it leaves out nothing."""
    return (paragraph(f"{number:,} more {what} stand in the manifest."),) if number > 0 else ()

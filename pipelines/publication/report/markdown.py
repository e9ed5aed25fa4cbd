"""The report as Markdown (CommonMark with the tables of GFM): text from outside never becomes mark-up.

Every text stands on one line, and what could be read as mark-up in it is escaped with a backslash. Input: a
`PublicRecord`; output: the text. Does not belong here: what the report says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import chain

from pipelines.publication.report.blocks import (
    Bar,
    Block,
    Heading,
    Items,
    Line,
    Paragraph,
    Quote,
    Report,
    Span,
    Style,
    Table,
)
from pipelines.publication.report.build import report_of
from pipelines.publication.views import PublicRecord

# Mark-up anywhere in a line: CommonMark, tables and strike-through of GFM, mathematics, templates of site builders.
_MARKUP = re.compile(r"[\\`*_{}\[\]<>&|~$#@^]")
# An address that stands bare would become a link in GFM.
_BARE_ADDRESS = re.compile(r"(?i)\b(https?|ftp|mailto|xmpp)(:)|\b(www)(\.)")
# What begins a list, a quotation, an underlined heading or a rule where it begins a line.
_AT_START = re.compile(r"^(?:([-+=>:])|(\d{1,9})([.)]))")


def report_markdown(record: PublicRecord) -> str:
    """The report of `record`; ends with a line end. The same for the same record."""
    return written(report_of(record))


def written(report: Report) -> str:
    blocks = [f"# {escaped(report.title)}", "Report of claimgate: a record as checked."]
    bullet = "-"
    for block in report.blocks:
        if isinstance(block, Items):
            bullet = "*" if bullet == "-" else "-"  # two lists that follow each other stay two
            blocks.append(_items(block, bullet))
        elif not isinstance(block, Bar):  # the table after it says the same
            blocks.append(_WRITERS[type(block)](block))
    return "\n\n".join(blocks) + "\n"


def escaped(text: str) -> str:
    """One line of text, which a reader of Markdown shows as it is."""
    safe = _MARKUP.sub(r"\\\g<0>", text)
    return _BARE_ADDRESS.sub(lambda found: f"{found[1] or found[3]}\\{found[2] or found[4]}", safe)


def _line(line: Line) -> str:
    """The line as the beginning of a block: nothing in its first text makes a list or a heading of it."""
    text = _cell(line)
    if not line or line[0].style is not Style.PLAIN or line[0].link:
        return text
    return _AT_START.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", text)


def _cell(line: Line) -> str:
    return "".join(_span(span) for span in line).strip()


def _span(span: Span) -> str:
    # Marks of emphasis bind to words, so the space at either end stands outside them.
    inner = span.text.strip()
    if not inner:
        return " " if span.text else ""
    before = span.text[: len(span.text) - len(span.text.lstrip())]
    after = span.text[len(span.text.rstrip()) :]
    if span.link:
        text = f"[{escaped(inner)}](<{_address(span.link)}>)"
    elif span.style is Style.STRONG:
        text = f"**{escaped(inner)}**"
    elif span.style is Style.CODE:
        text = _code(inner)
    else:
        text = escaped(inner)
    return f"{before}{text}{after}"


def _address(link: str) -> str:
    return link.replace("\\", "%5C").replace("<", "%3C").replace(">", "%3E").replace("|", "%7C")


def _code(text: str) -> str:
    # Within a code span nothing can be escaped, and a table would end a cell at a bar.
    return f"`{text}`" if "`" not in text and "|" not in text and "\\" not in text else escaped(text)


# --- blocks -------------------------------------------------------------------------------------


def _heading(block: Heading) -> str:
    word = f": {block.word.sign} {block.word.word}" if block.word else ""
    return f"{'#' * (block.level + 1)} {escaped(block.text)}{escaped(word)}"


def _paragraph(block: Paragraph) -> str:
    return _line(block.line)


def _items(block: Items, bullet: str) -> str:
    return "\n".join(f"{bullet} {_line(line)}" for line in block.lines)


def _table(block: Table) -> str:
    rows = [tuple(escaped(name) for name in block.head), tuple("---" for _ in block.head)]
    rows += [tuple(_cell(cell) for cell in row) for row in block.rows]
    lines = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"{escaped(block.caption)}\n\n{lines}"


def _quote(block: Quote) -> str:
    parts = (Span(block.before), Span(block.sentence, Style.STRONG), Span(block.after))
    spaced = chain.from_iterable((part, Span(" ")) for part in parts if part.text)
    sentence = _line(tuple(spaced))
    return f"{escaped(block.side.sign)} {block.side.word}:\n\n> {sentence}\n>\n> — {_line(block.place)}"


_WRITERS: Mapping[type[Block], Callable[..., str]] = {
    Heading: _heading,
    Paragraph: _paragraph,
    Table: _table,
    Quote: _quote,
}

"""Reports read back by readers of Markdown and of PDF, and the records that they are made of."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import orjson
import pypdfium2
import pypdfium2.raw as pdfium
from markdown_it import MarkdownIt
from markdown_it.token import Token

from pipelines.models import ClaimVerdict, Correction, Stance
from pipelines.publication.report.blocks import (
    Block,
    Heading,
    Items,
    Line,
    Paragraph,
    Quote,
    Span,
    Table,
)
from pipelines.publication.report.build import report_of
from pipelines.publication.report.closing import CORRECTIONS
from pipelines.publication.report.typst_source import typst_input
from pipelines.publication.views import ClaimView, PublicRecord, SearchView
from tests.publication.pages import hostile_record
from tests.publication.published_records import (
    CHECKED_AT,
    LOSS,
    PASSAGE,
    claim_view,
    empty_record,
    evidence,
    gated_record,
    rich_record,
)

CHECKOUT = Path(__file__).resolve().parent.parent.parent
SAMPLES = sorted((CHECKOUT / "warehouse" / "sample" / "inbox").iterdir())
SECTIONS = [
    "Abstract",
    "Question",
    "Method",
    "Results",
    "Claims",
    "References",
    "Sources",
    "Corrections",
    "Limitations",
    "How to read this",
]


def corrected_record() -> PublicRecord:
    changes = tuple(
        Correction(
            correction_id=f"c{number}",
            sequence=number,
            kind="CLAIM",
            before={"claim.claim-02.verdict": "NOT_ENOUGH_INFO", "tier": None},
            after={"claim.claim-02.verdict": "REFUTED", "tier": "WATCHLIST"},
            why=f"Verdict {number} was checked anew.",
            recorded_at=CHECKED_AT,
            previous_hash=None,
            hash=f"{number:064x}",
        )
        for number in range(1, CORRECTIONS + 4)
    )
    return rich_record(corrections=changes)


def searched_record() -> PublicRecord:
    search = SearchView(
        question="Does clover save water?",
        asked_on=date(2026, 7, 1),
        query="clover mulch water",
        indexes=("library",),
        steps=(("Records identified", 41), ("Studies included", 3)),
    )
    return rich_record(search=search)


RECORDS = {
    "rich": rich_record,
    "gated": gated_record,
    "empty": empty_record,
    "corrected": corrected_record,
    "searched": searched_record,
    "hostile": hostile_record,
}


def many_claims(number: int) -> tuple[ClaimView, ...]:
    verdicts = list(ClaimVerdict)
    return tuple(
        claim_view(n, f"Bed {n} lost less water.", verdicts[n % 5], evidence(PASSAGE, LOSS, Stance.SUPPORTS))
        for n in range(1, number + 1)
    )


# --- reading back -------------------------------------------------------------------------------


def folded(text: str) -> str:
    """Without white space and hyphens, which a reader of PDF cannot know from the end of a line."""
    return re.sub(r"[\s\u200b\ufffe\x02-]+", "", text)


def pages_of(pdf: bytes) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]


def text_of(pdf: bytes, record: PublicRecord) -> str:
    """What a reader copies out of the pages, without white space and what stands at their head and foot."""
    head = folded(orjson.loads(typst_input(report_of(record)))["short"])
    pages = (re.sub(r"CheckedbyclaimgatePage\d+of\d+$", "", folded(page)) for page in pages_of(pdf))
    return "".join(page.removeprefix(head) if number else page for number, page in enumerate(pages))


def links_of(pdf: bytes) -> list[str]:
    """The addresses that a click leads to; any other action fails the test."""
    document = pypdfium2.PdfDocument(pdf)
    assert not re.search(rb"/(JavaScript|Launch|GoToR|SubmitForm|ImportData|EmbeddedFile|OpenAction)\b", pdf)
    found = []
    for page in document:
        for number in range(pdfium.FPDFPage_GetAnnotCount(page)):
            action = pdfium.FPDFLink_GetAction(pdfium.FPDFAnnot_GetLink(pdfium.FPDFPage_GetAnnot(page, number)))
            assert pdfium.FPDFAction_GetType(action) == pdfium.PDFACTION_URI
            held = ctypes.create_string_buffer(4_000)
            pdfium.FPDFAction_GetURIPath(document, action, held, len(held))
            found.append(held.value.decode())
    return found


def tokens_of(markdown: str) -> list[Token]:
    """As CommonMark with tables reads it; HTML in it would show as tokens of its own."""
    return MarkdownIt("commonmark", {"html": True}).enable("table").parse(markdown)


def inline(token: Token) -> str:
    return "".join(child.content if child.type in ("text", "code_inline") else "" for child in token.children or ())


def after(tokens: list[Token], kind: str) -> Iterator[tuple[Token, Token]]:
    """Each opening token of a kind with the inline text that follows it."""
    return ((one, next_) for one, next_ in pairwise(tokens) if one.type == kind)


def rows_in(tokens: list[Token]) -> list[list[str]]:
    rows: list[list[str]] = []
    for number, token in enumerate(tokens):
        if token.type == "tr_open":
            rows.append([])
        elif token.type in ("th_open", "td_open"):
            rows[-1].append(inline(tokens[number + 1]))
    return rows


def words(line: Line) -> str:
    return "".join(span.text for span in line).strip()


def heading(block: Heading) -> str:
    return block.text + (f": {block.word.sign} {block.word.word}" if block.word else "")


def spans_of(blocks: Iterable[Block]) -> Iterator[Span]:
    for block in blocks:
        match block:
            case Heading():
                yield Span(heading(block))
            case Paragraph():
                yield from block.line
            case Items():
                yield from (span for line in block.lines for span in line)
            case Table():
                yield from (span for row in block.rows for cell in row for span in cell)
            case Quote():
                yield from (Span(block.sentence), *block.place)

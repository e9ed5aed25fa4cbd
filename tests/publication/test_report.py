"""The report, in both forms: read back by readers of Markdown and of PDF, it says what is held and nothing else."""

from __future__ import annotations

import ctypes
import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import orjson
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from pipelines.extraction.claims import extract_claims
from pipelines.ingestion.documents import read_document
from pipelines.ingestion.records import parse_record
from pipelines.models import ClaimCounts, ClaimVerdict, Correction, EvidenceScope, Stance, WorkVersion
from pipelines.publication.exports.formats import FORMATS
from pipelines.publication.report.blocks import (
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
    Tone,
    one_line,
)
from pipelines.publication.report.bounds import LEFT_OUT, bounded, size_of
from pipelines.publication.report.build import report_of
from pipelines.publication.report.claims import IN_FULL, IN_SHORT
from pipelines.publication.report.closing import CORRECTIONS
from pipelines.publication.report.markdown import report_markdown, written
from pipelines.publication.report.pdf import compiled, report_pdf
from pipelines.publication.report.typst_source import GLYPHS, LACKING, typst_input
from pipelines.publication.site.text import reference_link, safe_link
from pipelines.publication.site.words import STANCES, word_for
from pipelines.publication.views import ClaimView, PublicRecord, ReferenceView, SearchView
from tests.publication.pages import SCRIPT, hostile_record
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


# --- both forms -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", RECORDS)
def test_a_reader_of_markdown_finds_the_headings_tables_lists_and_quotations_of_the_report(name: str) -> None:
    report = report_of(RECORDS[name]())
    tokens = tokens_of(written(report))
    assert [(int(one.tag[1]), inline(text)) for one, text in after(tokens, "heading_open")] == [
        (1, report.title),
        *((block.level + 1, heading(block)) for block in report.blocks if isinstance(block, Heading)),
    ]
    tables = [block for block in report.blocks if isinstance(block, Table)]
    assert rows_in(tokens) == [
        row for table in tables for row in [list(table.head), *([words(cell) for cell in row] for row in table.rows)]
    ]
    lists = [block for block in report.blocks if isinstance(block, Items)]
    assert sum(token.type == "bullet_list_open" for token in tokens) == len(lists)
    quotes = [block for block in report.blocks if isinstance(block, Quote)]
    assert sum(token.type == "blockquote_open" for token in tokens) == len(quotes)
    held = {inline(token) for token in tokens if token.type == "inline"}
    assert {words(line) for block in lists for line in block.lines} <= held
    assert {" ".join(filter(None, (one.before, one.sentence, one.after))) for one in quotes} <= held


@pytest.mark.parametrize("name", RECORDS)
def test_every_word_of_the_report_stands_in_the_pdf(name: str) -> None:
    record = RECORDS[name]()
    text = text_of(report_pdf(record), record)
    said = {word for span in spans_of(report_of(record).blocks) for word in span.text.split() if len(word) < 30}
    assert len(said) > 50
    assert {word for word in said if folded(word) not in text} == set()


@pytest.mark.parametrize("name", ["rich", "gated"])
def test_each_claim_reference_and_quotation_stands_in_both_with_its_verdict(name: str) -> None:
    record = RECORDS[name]()
    in_pdf = text_of(report_pdf(record), record)
    in_markdown = folded("\n".join(inline(token) for token in tokens_of(report_markdown(record)) if token.children))
    for text in (in_pdf, in_markdown):
        for view in record.claims:
            word = word_for(view.verdict)
            said = f"Claim {view.claim.ordinal}: {word.sign} {word.word} {view.claim.text}"
            assert folded(said) in text
            for one in view.evidence:
                assert folded(one.evidence.text) in text
                assert folded(one.evidence.passage_id) in text
            if view.confidence is not None:
                assert folded(f"Confidence: {view.confidence:.2f}: of a hundred like this") in text
        for held in record.references:
            assert folded(held.reference.raw) in text
            if held.audit:
                assert folded(f"{word_for(held.audit.finding).word}. {held.audit.reason}") in text
        assert folded("⊘ RETRACTED 2026-06-20 (10.5555/rows-r), says library:sources.jsonl.") in text
        assert folded("A person's verdict: Supported, by Reader One") in text


def test_a_quotation_says_which_side_it_is_on_and_where_its_sentence_stands() -> None:
    claims = rich_record().claims
    quotes = [block for block in report_of(rich_record()).blocks if isinstance(block, Quote)]
    assert [(one.side, one.sentence) for one in quotes] == [
        (STANCES[one.evidence.stance], one.evidence.text) for view in claims for one in view.evidence
    ]
    assert words(quotes[0].place).startswith(
        "Clover mulch and water (doi:10.5555/clover), characters 36 to 114 of passage doi:10.5555/clover:p1"
    )
    assert quotes[0].before == "We planted 240 beds in two seasons."


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_every_sample_record_is_written_in_both_forms(path: Path) -> None:
    written_in_both(path)


@pytest.mark.parametrize("file", ["000", "001", "002", "003"])
def test_every_real_record_is_written_in_both_forms(file: str) -> None:
    corpus = os.environ.get("CLAIMGATE_CORPUS")
    if not corpus:
        pytest.skip("CLAIMGATE_CORPUS names no folder of real records")
    (path,) = Path(corpus, "records").glob(f"{file}_*.txt")
    written_in_both(path)


def written_in_both(path: Path) -> None:
    """As it is before anything was checked: every claim is NOT_CHECKED, no reference is audited."""
    parsed = parse_record(read_document(path.name, path.read_bytes()))
    views = tuple(
        ClaimView(
            claim=claim,
            verdict=ClaimVerdict.NOT_CHECKED,
            confidence=None,
            reason="It was not looked at.",
            scope=EvidenceScope.NONE,
            conflict=False,
        )
        for claim in extract_claims(parsed, "text:x")
    )
    record = empty_record().model_copy(
        update={
            "title": parsed.title or "(the record states no title)",
            "layout": parsed.layout,
            "question": parsed.question,
            "stated": parsed.stated,
            "claims": views,
            "counts": ClaimCounts(extracted=len(views), not_checked=len(views)),
            "references": tuple(ReferenceView(reference=one, audit=None) for one in parsed.references),
        }
    )
    assert views
    pdf = text_of(report_pdf(record), record)
    rows = rows_in(tokens_of(report_markdown(record)))
    for number, view in enumerate(views, 1):
        assert folded(f"Claim {number}: ○ Not checked {one_line(view.claim.text)}"[:200]) in pdf
    assert [row[2] for row in rows if row[1:2] and row[2:] == ["not audited"]] == ["not audited"] * len(
        parsed.references
    )


# --- what is said -------------------------------------------------------------------------------


def part(record: PublicRecord, name: str) -> list[Block]:
    """The blocks of a section."""
    blocks = report_of(record).blocks
    starts = [number for number, one in enumerate(blocks) if isinstance(one, Heading) and one.level == 1]
    held = {blocks[a].text: list(blocks[a + 1 : b]) for a, b in zip(starts, [*starts[1:], len(blocks)], strict=True)}  # type: ignore[union-attr]
    assert list(held) == SECTIONS
    return held[name]


def said_in(record: PublicRecord, name: str) -> str:
    return " ".join(span.text for span in spans_of(part(record, name)))


def test_abstract_is_made_of_counts_and_verdicts() -> None:
    assert said_in(rich_record(), "Abstract") == (
        "This is a report on “Does clover mulch save water in vegetable beds?”, a synthesis, published by Garden "
        "Syntheses on 2026-06-14. It states the question below. Of 6 claims, 2 are supported by a sentence in a "
        "source, 1 refuted and 1 disputed. About 1 the sources that were read do not say enough; for 1 no source text "
        "could be had. A person gave 1 of these verdicts; the machine gave the others. Of 3 references, 1 was found "
        "as described, 1 misdescribed, 0 likely fabricated, 0 unfindable and 0 unreachable; 1 bears a notice of "
        "retraction. The review score is 5.25 of 10 (95 % interval 4.00 to 6.50). Gates: Gate 1: Grounding, failed; "
        "Gate 2: Verification, not attempted. The quality tier is Watchlist, the verification level is L2, and no "
        "correction followed the first publication."
    )


def test_abstract_of_a_record_of_which_nothing_is_known_says_so_and_no_more() -> None:
    assert said_in(empty_record(), "Abstract") == (
        "This is a report on a record that states no title, a synthesis, without a stated date. No claim was found in "
        "it, so there is nothing to check. The record lists no references. No review score is given: No reviewer ran. "
        "No gate was evaluated. No quality tier is given, no level is given, and no correction followed the first "
        "publication."
    )


def test_only_a_searched_question_has_prisma_counts() -> None:
    (steps,) = [one for one in part(searched_record(), "Method") if isinstance(one, Table) and one.head[0] == "Step"]
    assert [tuple(words(cell) for cell in row) for row in steps.rows] == [
        ("Records identified", "41"),
        ("Studies included", "3"),
    ]
    assert "Searched on 2026-07-01 in library for “" in said_in(searched_record(), "Method")
    assert "no PRISMA counts" in said_in(rich_record(), "Method")
    assert "It states that it draws on 12 papers" in said_in(rich_record(), "Method")
    assert not any(isinstance(one, Table) and one.head[0] == "Step" for one in part(rich_record(), "Method"))


def test_limitations_are_those_that_a_fact_of_the_record_bears() -> None:
    rich, empty = said_in(rich_record(), "Limitations"), said_in(empty_record(), "Limitations")
    for said in (
        "1 claim not checked.",
        "the only reference cited is not in the library",
        "1 claim cut off.",
        "3 of 3 sources read only in part, as an abstract or a passage.",
        "3 of 3 decided claims with sentences from one source alone.",
        "1 reference not audited.",
        "Gate 2: Verification: nothing decided.",
        "reader failed (The text is longer than this reviewer takes.)",
    ):
        assert said in rich
        assert said not in empty
    assert "Gate 1" not in rich  # it was evaluated
    assert "synthesis's own prose" in said_in(searched_record(), "Limitations")


def test_newest_corrections_come_first_and_the_others_are_counted() -> None:
    blocks = part(corrected_record(), "Corrections")
    headings = [one.text for one in blocks if isinstance(one, Heading)]
    assert (headings[0], len(headings)) == (f"Correction {CORRECTIONS + 3}: Claim", CORRECTIONS)
    assert words(blocks[-1].line) == "3 more corrections stand in the manifest."  # type: ignore[union-attr]
    changes = next(one for one in blocks if isinstance(one, Table))
    assert [tuple(map(words, row)) for row in changes.rows] == [
        ("Claim 2: verdict", "NOT_ENOUGH_INFO", "REFUTED"),
        ("tier", "null", "WATCHLIST"),
    ]


def test_a_claim_that_rests_on_retracted_work_alone_says_so_before_its_reasons() -> None:
    shaky = claim_view(
        1,
        "Rows are weighed.",
        ClaimVerdict.SUPPORTED,
        evidence(PASSAGE, LOSS, Stance.SUPPORTS, source="doi:10.5555/rows"),
    )
    alarms = [
        one
        for one in part(rich_record(claims=(shaky,)), "Claims")
        if isinstance(one, Paragraph) and one.tone is Tone.ALARM
    ]
    assert [words(one.line) for one in alarms] == ["⊘ It rests on RETRACTED work alone."]


# --- hostile text -------------------------------------------------------------------------------


def test_hostile_record_brings_no_html_and_no_doubtful_link_into_either() -> None:
    record = hostile_record()
    markdown = report_markdown(record)
    flat = [child for token in tokens_of(markdown) for child in (token, *(token.children or ()))]
    assert not {token.type for token in flat} & {"html_block", "html_inline", "image", "fence", "code_block", "hr"}
    links = [str(token.attrs["href"]) for token in flat if token.type == "link_open"]
    safe = [link for view in record.references if (link := reference_link(view.reference))]
    assert links == safe == links_of(report_pdf(record))
    shown = any(SCRIPT in inline(token) for token in flat)
    assert shown


def test_links_are_those_of_identifiers_and_safe_addresses() -> None:
    expected = ["https://doi.org/10.5555/clover", "https://doi.org/10.5555/rows", "https://notes.example/sedge?a=1&b=2"]
    tokens = tokens_of(report_markdown(rich_record()))
    links = [
        str(child.attrs["href"]) for token in tokens for child in token.children or () if child.type == "link_open"
    ]
    assert links == expected
    assert list(dict.fromkeys(links_of(report_pdf(rich_record())))) == expected
    assert all(safe_link(link) for link in expected)


MARKS = st.text(
    st.sampled_from("\\`*_{}[]()<>#+-.!|~$@^:&;=\"'/ aZ1\u00e9\u2713") | st.characters(codec="utf-8"), max_size=60
)
FORGED = st.sampled_from(
    [
        "# Heading",
        "- item",
        "1. item",
        "> quote",
        "=====",
        "--- | ---",
        "a | b",
        "`code` **bold** _x_ ~~y~~",
        "<b onclick=1>x</b> <!-- y --> &lt; &#x3c;",
        "[x](javascript:alert(1)) ![y](https://a.example/b.png) <https://a.example>",
        "https://a.example www.a.example mailto:a@a.example a@a.example",
        "```\n# x\n```",
        "\\| \\\\| \\",
        '#import "@preview/x:1.0.0" #read("/etc/passwd") $x$ <label> @ref // c /* d */',
    ]
)


@given(text=MARKS | FORGED)
@settings(max_examples=250, deadline=None)
def test_any_text_is_read_back_from_markdown_as_it_is(text: str) -> None:
    line = one_line(text)
    here = (Span(line),)
    word = word_for(ClaimVerdict.REFUTED)
    report = Report(
        line,
        "",
        (
            Heading(1, line, word),
            Paragraph(here),
            Paragraph((Span("said "), Span(line, Style.STRONG), Span(": and "), Span(line, Style.CODE))),
            Items((here, (Span("x "), *here))),
            Table("Caption.", ("A", "B"), ((here, (Span(line, Style.CODE),)),), (1, 1)),
            Quote(word, line, "x", line, here),
        ),
    )
    markdown = written(report)
    tokens = tokens_of(markdown)
    read = [inline(token) for token in tokens if token.type == "inline"]
    wanted = [
        line,
        "Report of claimgate: a record as checked.",
        f"{line}: ✗ Refuted".strip(),
        line,
        f"said {line}: and {line}".strip(),
        line,
        f"x {line}".strip(),
        "Caption.",
        "A",
        "B",
        line,
        line,
        "✗ Refuted:",
        f"{line} x {line}".strip(),
        f"— {line}".strip(),
    ]
    assert [one for one in read if one] == [one for one in wanted if one] or not line
    assert not {child.type for token in tokens for child in token.children or ()} & {
        "link_open",
        "image",
        "html_inline",
    }
    assert not re.search(r"(?i)(?<![\\`\w])(https?|ftp)://|(?<![\\`\w])www\.", re.sub(r"`[^`]*`", "", markdown))


@given(text=MARKS | FORGED)
@settings(max_examples=25, deadline=None)
def test_any_text_is_set_as_text_in_the_pdf(text: str) -> None:
    record = empty_record().model_copy(update={"question": f"Asked: {text} :so"})
    pdf = report_pdf(record)
    assert links_of(pdf) == []
    shown = one_line(f"Asked: {text} :so")
    if shown.isascii():
        assert folded(shown) in text_of(pdf, record)


@pytest.mark.parametrize(
    ("title", "said", "lacking"),
    [
        ("Das Wasser läuft über: Žluťoučký kůň, мир, ελ, שלום", "Žluťoučký kůň", 0),
        ("漢字", "[U+6F22 U+5B57]", 2),
        ("漢字の題名 in rows", "[U+6F22 U+5B57 U+306E and 2 more] in rows", 5),
        ("Beds 🙂", "Beds [U+1F642]", 1),
        ("\ud800 \u202e", "\ufffd [U+202E]", 0),
        ("\ue000", "[U+E000]", 1),
    ],
)
def test_what_the_fonts_lack_is_named_and_counted(title: str, said: str, lacking: int) -> None:
    record = empty_record().model_copy(update={"question": title})
    text = text_of(report_pdf(record), record)
    assert folded(said) in text
    assert (folded(f"{LACKING} {lacking} in all.") in text) is bool(lacking)
    assert one_line(title) in report_markdown(record).replace("\\", "")


def test_marks_that_a_font_cannot_place_are_named_in_their_turn() -> None:
    record = empty_record().model_copy(update={"question": "A sign ✺\u1dc4 and a mark"})
    assert "[U+273AU+1DC4]" in text_of(report_pdf(record), record).replace(" ", "")


def test_the_fonts_show_every_character_that_they_are_held_to_show() -> None:
    ends = [[int(end, 16) for end in part.split("-")] for part in GLYPHS.read_text(encoding="ascii").split()]
    held = [chr(point) for part in ends for point in range(part[0], part[-1] + 1)]
    assert len(held) > 5_000
    lines = tuple((Span(f"{one} "),) for one in held)
    assert compiled(typst_input(Report("All", "", (Items(lines),)))).startswith(b"%PDF")


# --- bounds -------------------------------------------------------------------------------------


def test_five_thousand_claims_are_named_as_far_as_a_report_goes_and_then_counted() -> None:
    record = rich_record(claims=many_claims(5_000))
    rows = rows_in(tokens_of(markdown := report_markdown(record)))
    assert markdown.count("\n### Claim ") == IN_FULL
    in_short = [row for row in rows if row[0].replace(",", "").isdigit() and row[-1].startswith("Bed ")]
    assert len(in_short) == IN_SHORT
    assert in_short[0] == ["201", "✗ Refuted", "0.72", "Bed 201 lost less water."]
    assert f"{5_000 - IN_FULL - IN_SHORT:,} more claims stand in the manifest." in markdown
    assert len(markdown) < 1_000_000


def test_endless_texts_leave_a_report_of_bounded_length() -> None:
    endless = "long words " * 50_000
    record = rich_record(
        title=endless,
        question=endless,
        claims=tuple(
            one.model_copy(update={"reason": endless, "claim": one.claim.model_copy(update={"text": endless})})
            for one in many_claims(1_000)
        ),
        references=tuple(
            ReferenceView(reference=one.reference.model_copy(update={"raw": endless}), audit=one.audit)
            for one in rich_record().references * 500
        ),
        sources=tuple(
            one.model_copy(update={"title": endless, "versions": (WorkVersion(label=endless, source_id="x"),)})
            for one in rich_record().sources * 500
        ),
    )
    blocks = report_of(record).blocks
    assert sum(map(size_of, blocks)) < 1_200_000
    assert sum(isinstance(one, Paragraph) and words(one.line) == LEFT_OUT for one in blocks) == 2


def test_a_table_is_cut_between_rows_and_the_cut_is_named() -> None:
    row = ((Span("x" * 90),),)
    table = Table("Caption.", ("A",), (row,) * 10, (1,))
    cut, notice = bounded([table, Heading(2, "after")], room=350)
    assert isinstance(cut, Table)
    assert (len(cut.rows), size_of(cut)) == (3, 300)
    assert words(notice.line) == LEFT_OUT  # type: ignore[union-attr]
    assert tuple(bounded([table], room=1_000)) == (table,)


# --- the file -----------------------------------------------------------------------------------


def test_pdf_names_itself_speaks_english_is_tagged_and_leads_to_its_sections() -> None:
    pdf = report_pdf(rich_record())
    document = pypdfium2.PdfDocument(pdf)
    held = document.get_metadata_dict()
    assert (held["Title"], held["Author"]) == ("Does clover mulch save water in vegetable beds?", "claimgate")
    assert held["Subject"].endswith("as checked by claimgate: srch:C10FE201")
    assert (held["CreationDate"], held["ModDate"]) == ("", "")
    assert b"/Lang(en-GB)" in pdf
    assert b"<pdfuaid:part>1" in pdf
    assert pdfium.FPDFCatalog_IsTagged(document)
    toc = [(one.level, one.get_title()) for one in document.get_toc()]
    assert [title for level, title in toc if level == 0] == SECTIONS
    assert (1, "Claim 3: ⇄ Disputed") in toc
    feet = [folded(page)[-8:] for page in pages_of(pdf)]
    assert feet == [f"Page{number}of{len(document)}" for number in range(1, len(document) + 1)]


def test_the_bar_says_its_counts_to_those_who_do_not_see_it() -> None:
    assert "Supported 2, Refuted 1, Disputed 1" in typst_input(report_of(rich_record())).decode()
    assert '["b",' not in typst_input(report_of(empty_record())).decode()


def test_another_process_writes_the_same_bytes() -> None:
    script = (
        "import hashlib\n"
        "from tests.publication.published_records import gated_record\n"
        "from pipelines.publication.exports.formats import FORMATS\n"
        "for form in ('markdown', 'pdf'):\n"
        "    print(hashlib.sha256(FORMATS[form].write(gated_record())).hexdigest())\n"
    )
    printed = [
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=CHECKOUT,
            env={"PATH": os.environ["PATH"], "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": str(CHECKOUT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    ]
    here = [hashlib.sha256(FORMATS[form].write(gated_record())).hexdigest() for form in ("markdown", "pdf")]
    assert printed == [here, here]


def test_the_typesetter_is_not_loaded_before_a_pdf_is_asked_for() -> None:
    script = "import sys; import pipelines.publication.exports.formats; sys.exit('typst' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], cwd=CHECKOUT, check=False).returncode == 0

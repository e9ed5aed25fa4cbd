"""The report under hostile texts and endless ones, and its file: tagged, the same bytes everywhere."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.models import ClaimVerdict, WorkVersion
from pipelines.publication.exports.formats import FORMATS
from pipelines.publication.report.blocks import (
    Heading,
    Items,
    Paragraph,
    Quote,
    Report,
    Span,
    Style,
    Table,
    one_line,
)
from pipelines.publication.report.bounds import LEFT_OUT, bounded, size_of
from pipelines.publication.report.build import report_of
from pipelines.publication.report.claims import IN_FULL, IN_SHORT
from pipelines.publication.report.markdown import report_markdown, written
from pipelines.publication.report.pdf import compiled, report_pdf
from pipelines.publication.report.typst_source import GLYPHS, LACKING, typst_input
from pipelines.publication.site.text import reference_link, safe_link
from pipelines.publication.site.words import word_for
from pipelines.publication.views import ReferenceView
from tests.publication.pages import SCRIPT, hostile_record
from tests.publication.published_records import (
    empty_record,
    gated_record,
    rich_record,
)
from tests.publication.report_reading import (
    CHECKOUT,
    SECTIONS,
    folded,
    inline,
    links_of,
    many_claims,
    pages_of,
    rows_in,
    text_of,
    tokens_of,
    words,
)

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

"""The report, in both forms: read back by readers of Markdown and of PDF, it says what is held and nothing else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipelines.extraction.claims import extract_claims
from pipelines.ingestion.documents import read_document
from pipelines.ingestion.records import parse_record
from pipelines.models import ClaimCounts, ClaimVerdict, EvidenceScope, Stance
from pipelines.publication.report.blocks import (
    Block,
    Heading,
    Items,
    Paragraph,
    Quote,
    Table,
    Tone,
    one_line,
)
from pipelines.publication.report.build import report_of
from pipelines.publication.report.closing import CORRECTIONS
from pipelines.publication.report.markdown import report_markdown, written
from pipelines.publication.report.pdf import report_pdf
from pipelines.publication.site.words import STANCES, word_for
from pipelines.publication.views import ClaimView, PublicRecord, ReferenceView
from tests.publication.published_records import (
    LOSS,
    PASSAGE,
    claim_view,
    empty_record,
    evidence,
    rich_record,
)
from tests.publication.report_reading import (
    RECORDS,
    SAMPLES,
    SECTIONS,
    after,
    corrected_record,
    folded,
    heading,
    inline,
    rows_in,
    searched_record,
    spans_of,
    text_of,
    tokens_of,
    words,
)

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

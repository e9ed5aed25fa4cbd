"""What the record leans on: its references with what was found about each, and the sources that were read.

Input: a `PublicRecord`; output: blocks.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.counts import counted
from pipelines.models import Notice
from pipelines.publication.report.blocks import (
    Block,
    Heading,
    Line,
    Span,
    Table,
    code,
    ended,
    items,
    left_out,
    named,
    one_line,
    paragraph,
    said,
    strong,
    titled,
)
from pipelines.publication.site.rows import ReferenceRow, reference_rows
from pipelines.publication.site.text import safe_link
from pipelines.publication.site.words import word_for
from pipelines.publication.views import PublicRecord, ReferenceView, SourceView

REFERENCES = 500
SOURCES = 300
NOTICES = 8  # on one work
MISMATCHES = 8
LONGEST_ENTRY = 600  # characters of a reference as the record gives it


def references(record: PublicRecord) -> Iterator[Block]:
    yield Heading(1, "References")
    if not record.references:
        yield paragraph("The record lists no references.")
        return
    counts = record.reference_counts
    unaudited = sum(view.audit is None for view in record.references)
    yield paragraph(
        f"{counted(len(record.references), 'entry', 'entries')}: {counts.found:,} found, {counts.misdescribed:,} "
        f"misdescribed, {counts.likely_fabricated:,} likely fabricated, {counts.unfindable:,} unfindable, "
        f"{counts.unreachable:,} unreachable, {unaudited:,} not audited; {counts.retracted:,} retracted."
    )
    rows = tuple(_reference(row) for row in reference_rows(record)[:REFERENCES])
    yield Table(
        "The record's reference list, and whether each entry exists and is what it is said to be.",
        ("No.", "As the record lists it", "Finding"),
        rows,
        (1, 7, 7),
    )
    yield from left_out(len(record.references) - REFERENCES, "references")


def _reference(row: ReferenceRow) -> tuple[Line, ...]:
    reference = row.view.reference
    listed: list[Span] = [*said(one_line(reference.raw, LONGEST_ENTRY))]
    if row.identifier:
        listed += [Span(" "), Span(titled(row.identifier), link=safe_link(row.link))]
    return said(named(reference.mark or str(reference.ordinal))), tuple(listed), tuple(_finding(row.view))


def _finding(view: ReferenceView) -> Iterator[Span]:
    audit = view.audit
    if audit is None:
        yield Span("not audited")
        return
    for notice in audit.notices[:NOTICES]:
        yield strong(f"{_noticed(notice)} ")
    word = word_for(audit.finding)
    yield strong(f"{word.sign} {word.word}. ")
    yield Span(ended(audit.reason))
    for one in audit.mismatches[:MISMATCHES]:
        stated, held = titled(one.stated), titled(one.held)
        yield Span(f" {named(one.field).capitalize()}: the record says “{stated}”, the index has “{held}”.")
    answered = ", ".join(named(index) for index in audit.answered_by[:20])
    yield Span(f" Answered by {answered}." if answered else " No index answered.")


def _noticed(notice: Notice) -> str:
    word = word_for(notice.kind)
    dated = f" {named(notice.date)}" if notice.date else ""
    known = f" ({named(notice.id)})" if notice.id else ""
    detail = f": {titled(notice.detail)}" if notice.detail else ""
    return f"{word.sign} {word.word}{dated}{known}{detail}, says {named(notice.origin)}."


def sources(record: PublicRecord) -> Iterator[Block]:
    yield Heading(1, "Sources")
    yield from items(_source(one) for one in record.sources[:SOURCES]) or (
        paragraph("No source of this record is held."),
    )
    yield from left_out(len(record.sources) - SOURCES, "sources")
    if record.found_sources:
        yield Heading(2, "Found in the library for claims that these leave open")
        yield paragraph("The record does not cite these works; they were found by searching for the words of a claim.")
        yield from items(_source(one) for one in record.found_sources[:SOURCES])
        yield from left_out(len(record.found_sources) - SOURCES, "found sources")


def _source(source: SourceView) -> Line:
    authors = f". {titled(', '.join(source.authors[:6]))}" if source.authors else ""
    more = f" and {len(source.authors) - 6:,} more" if len(source.authors) > 6 else ""
    venue = f". {titled(source.venue)}" if source.venue else ""
    year = f" ({source.year})" if source.year is not None else ""
    notices = "".join(f" {_noticed(one)}" for one in source.notices[:NOTICES])
    licence = titled(source.licence) if source.licence else "not known"
    return (
        strong(titled(source.title)),
        *said(f"{authors}{more}{venue}{year}."),
        *((strong(notices),) if notices else ()),
        *said(" ", code(source.source_id), f"; {_held(source)}; licence: {licence}; from {titled(source.origin)}."),
    )


def _held(source: SourceView) -> str:
    if source.text_kind is None:
        return "no text held"
    kind = "full text" if source.text_kind == "fulltext" else f"{named(source.text_kind)} only"
    return f"{kind}, known to be cut" if source.complete is False else kind

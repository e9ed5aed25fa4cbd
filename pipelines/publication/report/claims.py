"""Each claim with its verdict, how sure it is and why, and the sentences for and against it, quoted with their place.

Bounded: so many claims in full, the following ones as a line of a table, the rest counted. Input: a `PublicRecord`;
output: blocks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import chain

from pipelines.models import ClaimVerdict, Notice, SourceVerdict
from pipelines.publication.report.blocks import (
    Block,
    Heading,
    Line,
    Paragraph,
    Quote,
    Span,
    Table,
    Tone,
    code,
    items,
    left_out,
    named,
    one_line,
    paragraph,
    said,
    strong,
    titled,
)
from pipelines.publication.report.bounds import size_of
from pipelines.publication.report.figures import confident, moment
from pipelines.publication.site.rows import ClaimRow, Quotation, claim_rows
from pipelines.publication.site.verdict_rows import SOURCES_SHOWN, whole_percents
from pipelines.publication.site.words import AXES, CONFLICTS, SCOPES, sentence_case, word_for
from pipelines.publication.views import ClaimView, PublicRecord

IN_FULL = 200
ROOM = 250_000  # characters of the claims in full
IN_SHORT = 2_000
LONGEST_IN_SHORT = 120
_DECIDED = (ClaimVerdict.SUPPORTED, ClaimVerdict.REFUTED, ClaimVerdict.DISPUTED)
AROUND = 150  # characters of the passage on each side of a quoted sentence


def claims(record: PublicRecord) -> Iterator[Block]:
    yield Heading(1, "Claims")
    if not record.claims:
        yield paragraph("No claim was found in this record.")
        return
    room, in_full = ROOM, 0
    for row in claim_rows(record.model_copy(update={"claims": record.claims[:IN_FULL]})):
        blocks = tuple(_claim(row))
        room -= sum(map(size_of, blocks))
        if room < 0:
            break
        yield from blocks
        in_full += 1
    yield from _in_short(record.claims[in_full:])


def _in_short(views: tuple[ClaimView, ...]) -> Iterator[Block]:
    if not views:
        return
    yield Heading(2, "Further claims in short")
    rows = tuple(
        (
            said(f"{view.claim.ordinal:,}"),
            said(f"{word_for(view.verdict).sign} {word_for(view.verdict).word}"),
            said("none given" if view.confidence is None else f"{view.confidence:.2f}"),
            said(one_line(view.claim.text, LONGEST_IN_SHORT)),
        )
        for view in views[:IN_SHORT]
    )
    caption = "Claims after those in full; their reasons and evidence stand in the manifest."
    yield Table(caption, ("Claim", "Verdict", "Confidence", "Text"), rows, (1, 2, 1, 6))
    yield from left_out(len(views) - IN_SHORT, "claims")


def _claim(row: ClaimRow) -> Iterator[Block]:
    view = row.view
    yield Heading(2, f"Claim {view.claim.ordinal}", word_for(view.verdict))
    yield paragraph(strong(one_line(view.claim.text)))
    if row.alarms:
        kinds = " or ".join(word_for(kind).word for kind in row.alarms)
        yield Paragraph(said(f"⊘ It rests on {kinds} work alone."), Tone.ALARM)
    yield from items(_judged(row))
    for side in (row.supporting, row.refuting, row.nearest):
        yield from (_quote(one) for one in side)
    if not view.evidence:
        yield paragraph("No sentence is quoted for or against this claim.")
    yield from left_out(row.left_out, "sentences")
    yield Paragraph(tuple(chain(_compared(row), _of_the_record(row), _judged_by(view))), Tone.NOTE)


def _judged(row: ClaimRow) -> Iterator[Line]:
    view = row.view
    if view.adjudication:
        by = view.adjudication
        yield said(
            strong("A person's verdict: "),
            f"{word_for(by.verdict).word}, by {named(by.by)}, {moment(by.recorded_at)}. {one_line(by.reason)}",
        )
    yield said(strong("Confidence: "), confident(view.confidence), *_shares(view))
    if view.reason:
        yield said(strong(f"{row.why_open or 'Reason:'} "), one_line(view.reason))
    if view.conflict and view.verdict in CONFLICTS and not view.adjudication:
        yield said(strong("! "), CONFLICTS[view.verdict])


def _shares(view: ClaimView) -> tuple[str, ...]:
    if view.probabilities is None:
        return ()
    supported, refuted, undecided = whole_percents(view.probabilities)
    return (f". Shares: supported {supported} %, refuted {refuted} %, not enough information {undecided} %",)


# --- for those who want to know exactly ---------------------------------------------------------


def _compared(row: ClaimRow) -> Iterator[Span]:
    if row.axes:
        compared = (
            f"{AXES[one.axis].lower()} {word_for(one.outcome).word}{f' ({titled(one.why)})' if one.why else ''}"
            for one in row.axes
        )
        yield Span(f"Against the first sentence: {'; '.join(compared)}. ")
    yield from _each_alone(row.view, {one.said.source_id: one.title for one in row.per_source})


def _each_alone(view: ClaimView, titles: Mapping[str, str]) -> Iterator[Span]:
    """Each source on its own: those that decide by name, the others counted."""
    decide = [one for one in view.per_source if one.verdict in _DECIDED]
    said_so = [f"{titled(titles.get(one.source_id, one.source_id))}, {_word(one)}" for one in decide[:SOURCES_SHOWN]]
    others = Counter(_word(one) for one in view.per_source if one.verdict not in _DECIDED)
    others["decide it, in the manifest"] += max(0, len(decide) - SOURCES_SHOWN)
    said_so += [
        f"{number:,} more, {word}" if decide else f"{number:,}, {word}" for word, number in others.items() if number
    ]
    if said_so:
        yield Span(f"Each source on its own: {'; '.join(said_so)}. ")


def _word(one: SourceVerdict) -> str:
    return word_for(one.verdict).word.lower()


def _of_the_record(row: ClaimRow) -> Iterator[Span]:
    claim = row.view.claim
    section = f", in “{titled(claim.section)}”" if claim.section else ""
    cites = f", cites {named(', '.join(claim.citations[:20]))}" if claim.citations else ""
    kind = sentence_case(claim.kind.value)
    yield Span(f"{SCOPES[row.view.scope]} ")
    yield Span(f"{kind} claim, characters {claim.start:,} to {claim.end:,} of the record's text{section}{cites}. ")
    if claim.truncated:
        yield Span("The record itself cuts this claim off. ")
    if row.same_as is not None:
        yield Span(f"It says nearly the same as claim {row.same_as}. ")
    if claim.stated_verified is not None or claim.stated_confidence is not None:
        held = {None: "nothing on whether it is verified", True: "verified", False: "not verified"}
        number = f", {claim.stated_confidence}" if claim.stated_confidence is not None else ""
        yield Span(f"The record says: {held[claim.stated_verified]}{number}. ")


def _judged_by(view: ClaimView) -> Iterator[Span]:
    if view.backend is None:
        return
    yield Span("The machine's reading is by the back end " if view.adjudication else "Judged by the back end ")
    yield code(view.backend)
    if view.verifier_version:
        yield Span(", version ")
        yield code(view.verifier_version)
    yield Span(f", {moment(view.verified_at)}." if view.verified_at else ".")


# --- quotations ---------------------------------------------------------------------------------


def _quote(one: Quotation) -> Quote:
    evidence, shortened = one.evidence.evidence, one.excerpt
    before, after = shortened.before[-AROUND:], shortened.after[:AROUND]
    cut_before = shortened.cut_before or len(before) < len(shortened.before)
    cut_after = shortened.cut_after or len(after) < len(shortened.after)
    sentence = one_line(shortened.sentence)
    if shortened.cut_sentence:
        sentence += f" … [{shortened.cut_sentence:,} more characters not shown]"
    return Quote(
        side=word_for(evidence.stance),
        before=("[…] " * cut_before + one_line(_whole_words(before, cut_before, first=True))).strip(),
        sentence=sentence,
        after=(one_line(_whole_words(after, cut_after, first=False)) + " […]" * cut_after).strip(),
        place=_place(one),
    )


def _whole_words(text: str, cut: bool, *, first: bool) -> str:
    """Without the word that the cut goes through."""
    if not cut or len(text) < AROUND:
        return text
    return text.partition(" ")[2] if first else text.rpartition(" ")[0]


def _place(one: Quotation) -> Line:
    evidence = one.evidence.evidence
    notices = "".join(f" {_noticed(notice)}" for notice in one.source.notices[:5]) if one.source else ""
    why = f" {one_line(evidence.why)}." if evidence.why else ""
    lost = " The stored place does not hold this sentence." * (not one.excerpt.placed)
    return said(
        f"{titled(one.evidence.source_title)} (",
        code(evidence.source_id),
        f"),{notices} characters {evidence.start:,} to {evidence.end:,} of passage ",
        code(evidence.passage_id),
        f"; weight {evidence.score:.2f} of 1.{why}{lost}",
    )


def _noticed(notice: Notice) -> str:
    return f"{word_for(notice.kind).word},"

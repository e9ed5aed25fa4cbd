"""Each claim with its verdict, how sure it is and why, and the sentences for and against it, quoted with their place.

Bounded: so many claims in full, the following ones as a line of a table, the rest counted. Input: a `PublicRecord`;
output: blocks.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.models import Notice
from pipelines.publication.report.blocks import (
    Block,
    Heading,
    Line,
    Paragraph,
    Quote,
    Table,
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
from pipelines.publication.report.figures import confident, moment
from pipelines.publication.site.rows import ClaimRow, Quotation, claim_rows
from pipelines.publication.site.verdict_rows import whole_percents
from pipelines.publication.site.words import AXES, CONFLICTS, SCOPES, sentence_case, word_for
from pipelines.publication.views import ClaimView, PublicRecord

IN_FULL = 200
IN_SHORT = 2_000
LONGEST_IN_SHORT = 160
AROUND = 150  # characters of the passage on each side of a quoted sentence


def claims(record: PublicRecord) -> Iterator[Block]:
    yield Heading(1, "Claims")
    if not record.claims:
        yield paragraph("No claim was found in this record.")
        return
    full = record.model_copy(update={"claims": record.claims[:IN_FULL]})
    for row in claim_rows(full):
        yield from _claim(row)
    yield from _in_short(record.claims[IN_FULL:])


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
    caption = f"Claims after the first {IN_FULL:,}; their evidence stands in the manifest."
    yield Table(caption, ("Claim", "Verdict", "Confidence", "Text"), rows, (1, 2, 1, 6))
    yield from left_out(len(views) - IN_SHORT, "claims")


def _claim(row: ClaimRow) -> Iterator[Block]:
    view = row.view
    yield Heading(2, f"Claim {view.claim.ordinal}", word_for(view.verdict))
    yield paragraph(strong(one_line(view.claim.text)))
    for warning in _warnings(row):
        yield Paragraph(said(warning), alarm=True)
    yield from items((*_judged(row), *_of_the_record(row)))
    for side in (row.supporting, row.refuting, row.nearest):
        yield from (_quote(one) for one in side)
    if not view.evidence:
        yield paragraph("No sentence is quoted for or against this claim.")
    yield from left_out(row.left_out, "sentences")


def _warnings(row: ClaimRow) -> Iterator[str]:
    view = row.view
    if row.alarms:
        yield f"⊘ It rests on {' or '.join(word_for(kind).word for kind in row.alarms)} work alone."
    if view.conflict and view.verdict in CONFLICTS and not view.adjudication:
        yield f"! {CONFLICTS[view.verdict]}"


def _judged(row: ClaimRow) -> Iterator[Line]:
    view = row.view
    word = word_for(view.verdict)
    if view.adjudication:
        by = view.adjudication
        yield said(
            strong("A person's verdict: "),
            f"{word.word}, by {named(by.by)}, {moment(by.recorded_at)}. {one_line(by.reason)}",
        )
    else:
        yield said(strong("Verdict: "), f"{word.word}; {word.means}.")
    yield said(strong("Confidence: "), confident(view.confidence), *_shares(view))
    if view.reason:
        yield said(strong(f"{(row.why_open or 'Reason:').strip()} "), one_line(view.reason))
    yield said(SCOPES[view.scope])
    if row.axes:
        compared = (
            f"{AXES[one.axis].lower()} {word_for(one.outcome).word}{f' ({titled(one.why)})' if one.why else ''}"
            for one in row.axes
        )
        yield said(strong("Compared with the first sentence: "), "; ".join(compared))
    if row.per_source:
        alone = (f"{titled(one.title)}: {word_for(one.said.verdict).word.lower()}" for one in row.per_source)
        more = len(view.per_source) - len(row.per_source)
        yield said(strong("Each source on its own: "), "; ".join(alone), f"; and {more:,} more" if more else "")
    if view.backend:
        whose = "The machine's reading is by" if view.adjudication else "Judged by"
        yield said(f"{whose} the back end ", code(view.backend), *_version(view))


def _shares(view: ClaimView) -> tuple[str, ...]:
    if view.probabilities is None:
        return ()
    supported, refuted, undecided = whole_percents(view.probabilities)
    return (f". Shares: supported {supported} %, refuted {refuted} %, not enough information {undecided} %",)


def _version(view: ClaimView) -> tuple[Line, ...] | tuple[()]:
    return said(", ", code(view.verifier_version)) if view.verifier_version else ()


def _of_the_record(row: ClaimRow) -> Iterator[Line]:
    claim = row.view.claim
    place = f"{sentence_case(claim.kind.value)} claim, characters {claim.start:,} to {claim.end:,} of the record's text"
    section = f", in “{titled(claim.section)}”" if claim.section else ""
    cites = f", cites {named(', '.join(claim.citations[:20]))}" if claim.citations else ""
    yield said(f"{place}{section}{cites}.")
    if claim.truncated:
        yield said("The record itself cuts this claim off.")
    if row.same_as is not None:
        yield said(f"Says nearly the same as claim {row.same_as}.")
    if claim.stated_verified is not None or claim.stated_confidence is not None:
        held = {None: "not stated", True: "verified", False: "not verified"}[claim.stated_verified]
        number = f", {claim.stated_confidence}" if claim.stated_confidence is not None else ""
        yield said(strong("The record says: "), f"{held}{number}")


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

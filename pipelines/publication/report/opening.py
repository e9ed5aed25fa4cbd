"""What a report begins with: what it is about, the abstract, the question.

Every sentence of the abstract is a fact of the record; where a fact is absent, so is the sentence or it says so.
Input: a `PublicRecord`; output: blocks.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.counts import counted
from pipelines.publication.gate_contract import gate_name, gates_in_force
from pipelines.publication.report.blocks import (
    Block,
    Heading,
    Line,
    Paragraph,
    Table,
    Tone,
    code,
    ended,
    one_line,
    paragraph,
    said,
    strong,
    titled,
)
from pipelines.publication.report.figures import figure, interval, moment
from pipelines.publication.site.gate_rows import gate_word
from pipelines.publication.site.rows import alarming_titles, last_checked
from pipelines.publication.site.text import manifest_name
from pipelines.publication.site.words import sentence_case
from pipelines.publication.views import PublicRecord

SYNTHETIC = (
    "Synthetic record. It was written to show what claimgate finds. It is not a publication, and neither are its "
    "sources."
)
_ALARMING_NAMED = 10


def opening(record: PublicRecord) -> Iterator[Block]:
    if record.synthetic:
        yield Paragraph(said(strong(SYNTHETIC)), Tone.ALARM)
    alarming = alarming_titles(record)
    if alarming:
        more = len(alarming) - _ALARMING_NAMED
        listed = "; ".join(titled(one) for one in alarming[:_ALARMING_NAMED]) + (f"; and {more:,} more" * (more > 0))
        yield Paragraph(said(strong("⊘ Draws on retracted or withdrawn work: "), listed), Tone.ALARM)
    yield Table("What this report is about.", ("Field", "Value"), tuple(_identity(record)), (1, 3))
    yield Heading(1, "Abstract")
    yield paragraph(" ".join(_abstract(record)))
    yield Heading(1, "Question")
    yield paragraph(one_line(record.question) if record.question else "The record states no question.")


def _identity(record: PublicRecord) -> Iterator[tuple[Line, Line]]:
    checked = last_checked(record)
    yield said("Record"), said(titled(record.title))
    yield said("Publisher"), said(titled(record.publisher) if record.publisher else "not stated")
    yield said("Published"), said(record.published_on.isoformat() if record.published_on else "not stated")
    yield said("Publisher's identifier"), said(code(record.identifier) if record.identifier else "not stated")
    yield said("Our identifier"), said(code(record.record_id), ", version ", code(record.version_id))
    yield said("Checked by"), said("claimgate")
    yield said("Last checked"), said(moment(checked) if checked else "never")
    yield said("Manifest, which holds everything"), said(code(manifest_name(record.record_id)))


# --- abstract -----------------------------------------------------------------------------------


def _abstract(record: PublicRecord) -> Iterator[str]:
    yield _about(record)
    yield from _claims(record)
    yield from _references(record)
    yield _reviewed(record)
    yield _gates(record)
    yield _standing(record)


def _about(record: PublicRecord) -> str:
    kind = "an answer with passages" if record.kind == "answer" else "a synthesis"
    published = f", published by {titled(record.publisher)}" if record.publisher else ""
    joined = " on" if published else ", dated"
    dated = f"{joined} {record.published_on.isoformat()}" if record.published_on else ", without a stated date"
    made = " It was written here from a search of the literature and then checked like any other." * bool(record.search)
    called = f"“{titled(record.title)}”" if record.title_stated else "a record that states no title"
    asks = " It states the question below." if record.question else ""
    return f"This is a report on {called}, {kind}{published}{dated}.{asks}{made}"


def _claims(record: PublicRecord) -> Iterator[str]:
    counts = record.counts
    if not counts.extracted:
        yield "No claim was found in it, so there is nothing to check."
        return
    is_are = "is" if counts.supported == 1 else "are"
    yield (
        f"Of {counted(counts.extracted, 'claim')}, {counts.supported:,} {is_are} supported by a sentence in a source, "
        f"{counts.refuted:,} refuted and {counts.disputed:,} disputed. About {counts.not_enough_info:,} the sources "
        f"that were read do not say enough; for {counts.not_checked:,} no source text could be had."
    )
    people = sum(view.adjudication is not None for view in record.claims)
    if people:
        yield f"A person gave {people:,} of these verdicts; the machine gave the others."


def _references(record: PublicRecord) -> Iterator[str]:
    listed, counts = len(record.references), record.reference_counts
    if not listed:
        yield "The record lists no references."
        return
    yield (
        f"Of {counted(listed, 'reference')}, {counts.found:,} {'was' if counts.found == 1 else 'were'} found as "
        f"described, {counts.misdescribed:,} misdescribed, {counts.likely_fabricated:,} likely fabricated, "
        f"{counts.unfindable:,} unfindable and {counts.unreachable:,} unreachable; {counts.retracted:,} "
        f"{'bears' if counts.retracted == 1 else 'bear'} a notice of retraction."
    )


def _reviewed(record: PublicRecord) -> str:
    review = record.review
    if review.score is None:
        return f"No review score is given: {ended(review.reason)}"
    known = interval(review.low, review.high)
    sure = f" (95 % interval {known})" if known else " (no interval is known)"
    return f"The review score is {figure(review.score)} of 10{sure}."


def _gates(record: PublicRecord) -> str:
    held = gates_in_force(record.gates)
    if not held:
        return "No gate was evaluated."
    return f"Gates: {'; '.join(f'{titled(gate_name(one))}, {gate_word(one).word.lower()}' for one in held)}."


def _standing(record: PublicRecord) -> str:
    tier = f"The quality tier is {sentence_case(record.tier.value)}" if record.tier else "No quality tier is given"
    level = f"the verification level is L{record.level.value}" if record.level is not None else "no level is given"
    changed = counted(len(record.corrections), "correction") if record.corrections else "no correction"
    return f"{tier}, {level}, and {changed} followed the first publication."

"""What a report ends with: corrections, limitations, how it is to be read.

A limitation is stated where a fact of the record bears it, with its number; what holds of every record stands under
how to read this. Input: a `PublicRecord`; output: blocks.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from pipelines.counts import counted
from pipelines.models import AttemptOutcome, ClaimVerdict, Correction, EvidenceScope, GateResult
from pipelines.publication.gate_contract import gate_name, gates_in_force
from pipelines.publication.manifest import INTERPRETATION
from pipelines.publication.report.blocks import (
    Block,
    Heading,
    Items,
    Line,
    Table,
    code,
    ended,
    items,
    left_out,
    named,
    paragraph,
    said,
    strong,
    titled,
)
from pipelines.publication.report.figures import moment
from pipelines.publication.site.rows import changed_fields
from pipelines.publication.site.words import VERDICTS, sentence_case
from pipelines.publication.views import PublicRecord

CORRECTIONS = 30  # the newest; the log holds all
FIELDS = 12  # of one correction
REASONS = 5
REVIEWERS = 20

CONFIDENCE = (
    "A confidence is a measured share: of a hundred verdicts like this one, so many were right, on labelled claims "
    "that are not those of this record. How it was measured stands on the site's page on calibration."
)
SCORES = "A reviewer's score never decides a verdict or a gate."
LICENCES = "Sources are quoted briefly: the sentence that bears on the claim, and what stands around it."
_NOT_EVALUATED = (GateResult.NOT_EVALUABLE, AttemptOutcome.NOT_ATTEMPTED, AttemptOutcome.NOT_RUN)


def corrections(record: PublicRecord) -> Iterator[Block]:
    yield Heading(1, "Corrections")
    held = record.corrections
    if not held:
        yield paragraph("No correction: nothing public has changed since the first publication.")
        return
    yield paragraph(
        f"{counted(len(held), 'change')} of what is public since the first publication. Nothing is rewritten; each "
        "event holds the hash of the one before. Newest hash: ",
        code(held[-1].hash),
        ".",
    )
    for correction in held[: -CORRECTIONS - 1 : -1]:
        yield Heading(2, f"Correction {correction.sequence}: {sentence_case(named(correction.kind))}")
        yield paragraph(f"{moment(correction.recorded_at)}. {ended(correction.why)}")
        yield from _changes(record, correction)
    yield from left_out(len(held) - CORRECTIONS, "corrections")


def _changes(record: PublicRecord, correction: Correction) -> Iterator[Block]:
    fields = changed_fields(record, correction)
    rows = tuple(
        (
            said(f"Claim {one.claim}: {sentence_case(one.what).lower()}" if one.claim is not None else named(one.what)),
            said(_value(correction.before, one.name, "was not there")),
            said(_value(correction.after, one.name, "gone")),
        )
        for one in fields[:FIELDS]
    )
    if rows:
        yield Table("Changed fields, before and after.", ("Field", "Before", "After"), rows, (3, 4, 4))
    yield from left_out(len(fields) - FIELDS, "changed fields")


def _value(held: dict[str, Any], name: str, absent: str) -> str:
    if name not in held:
        return absent
    value = held[name]
    return titled(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


# --- limitations --------------------------------------------------------------------------------


def limitations(record: PublicRecord) -> Iterator[Block]:
    yield Heading(1, "Limitations")
    yield from items(
        (
            said(_prose(record)),
            *_unchecked(record),
            *_thin_texts(record),
            *_one_sided(record),
            *_references(record),
            *_reviewers(record),
            *_gates(record),
        )
    )


def _prose(record: PublicRecord) -> str:
    if record.search:
        return (
            "This report holds the claims of the synthesis that was written here, each a quotation from its source, "
            "and what came of checking them. The synthesis's own prose, with its notes on agreement and conflict, is "
            "kept with the record as it was read and is not repeated."
        )
    return (
        "This report holds the record's claims, and not the prose around them: what the record says that is no "
        "checkable claim is neither repeated nor judged."
    )


def _unchecked(record: PublicRecord) -> Iterator[Line]:
    for verdict in (ClaimVerdict.NOT_CHECKED, ClaimVerdict.NOT_ENOUGH_INFO):
        reasons = Counter(
            titled(view.reason) or "no reason is held" for view in record.claims if view.verdict is verdict
        )
        if not reasons:
            continue
        number = reasons.total()
        listed = "; ".join(f"{reason} ({times:,})" for reason, times in reasons.most_common(REASONS))
        more = f"; and {len(reasons) - REASONS:,} other reasons" if len(reasons) > REASONS else ""
        word = "not checked" if verdict is ClaimVerdict.NOT_CHECKED else "left open"
        yield said(strong(f"{counted(number, 'claim')} {word}. "), f"Why: {listed}{more}.")
    cut = sum(view.claim.truncated for view in record.claims)
    if cut:
        yield said(strong(f"{counted(cut, 'claim')} cut off. "), "The record itself cuts the text.")


def _thin_texts(record: PublicRecord) -> Iterator[Line]:
    held = (*record.sources, *record.found_sources)
    thin = sum(source.text_kind not in (None, "fulltext") for source in held)
    if thin:
        yield said(
            strong(f"{thin:,} of {counted(len(held), 'source')} read only in part, as an abstract or a passage. "),
            "What their full text says for or against a claim was not looked at.",
        )
    cut = sum(source.complete is False for source in held)
    if cut:
        yield said(strong(f"{counted(cut, 'text')} known to be cut. "), "What is missing was not looked at.")
    empty = sum(source.text_kind is None for source in held)
    if empty:
        yield said(strong(f"{counted(empty, 'source')} without text. "), "Nothing in these could be looked at.")


def _one_sided(record: PublicRecord) -> Iterator[Line]:
    decided = [view for view in record.claims if view.verdict in (ClaimVerdict.SUPPORTED, ClaimVerdict.REFUTED)]
    alone = sum(len({one.evidence.source_id for one in view.evidence}) == 1 for view in decided)
    if alone:
        yield said(
            strong(f"{alone:,} of {counted(len(decided), 'decided claim')} with sentences from one source alone. "),
            "Whether other works agree is not known.",
        )
    own = sum(view.scope in (EvidenceScope.CITED, EvidenceScope.RECORD) for view in record.claims)
    if own:
        yield said(
            strong(f"{counted(own, 'claim')} held against the record's own sources only. "),
            "The record chose them; works that it leaves out could say otherwise.",
        )


def _references(record: PublicRecord) -> Iterator[Line]:
    unaudited = sum(view.audit is None for view in record.references)
    if unaudited:
        yield said(strong(f"{counted(unaudited, 'reference')} not audited. "), "No index was asked for such an entry.")
    counts = record.reference_counts
    if counts.unreachable or counts.unfindable:
        unsettled = counts.unreachable + counts.unfindable
        yield said(
            strong(f"{counted(unsettled, 'reference')} unsettled. "),
            "Too few indexes answered, or what answered covers too little, to say whether they exist.",
        )


def _reviewers(record: PublicRecord) -> Iterator[Line]:
    absent = record.review.absent
    if absent:
        more = f"; and {len(absent) - REVIEWERS:,} more" if len(absent) > REVIEWERS else ""
        listed = "; ".join(titled(one) for one in absent[:REVIEWERS])
        yield said(strong(f"{counted(len(absent), 'reviewer')} absent. "), f"{listed}{more}.")


def _gates(record: PublicRecord) -> Iterator[Line]:
    for view in gates_in_force(record.gates):
        if (view.result or view.outcome) in _NOT_EVALUATED:
            yield said(strong(f"{titled(gate_name(view))}: nothing decided. "), ended(view.reason))


# --- how to read this ---------------------------------------------------------------------------


def reading(_record: PublicRecord) -> Iterator[Block]:
    yield Heading(1, "How to read this")
    words = (said(strong(f"{word.sign} {word.word}: "), f"{word.means}.") for word in VERDICTS.values())
    yield Items((*words, *(said(one) for one in (*INTERPRETATION, CONFIDENCE, SCORES, LICENCES))))

"""What came of the checks: verdicts counted, as published beside as checked, reviews, gates, artifacts, tier and level.

Input: a `PublicRecord`; output: blocks.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.models import Finding
from pipelines.publication.as_published import Comparison, comparisons
from pipelines.publication.report.blocks import (
    Bar,
    Block,
    Heading,
    Line,
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
from pipelines.publication.report.figures import figure, interval, moment, scored
from pipelines.publication.site.gate_rows import ARTIFACTS_SHOWN, GateRow, artifact_rows, gate_rows, gate_word
from pipelines.publication.site.rows import DimensionRow, dimension_rows, verdict_bar
from pipelines.publication.site.words import sentence_case, word_for
from pipelines.publication.views import AttemptView, PublicRecord, StandingView

FINDINGS_LISTED = 60
PLACES_LISTED = 3
ATTACKED = 20  # findings of one attacker
OTHER_RULES = 10


def results(record: PublicRecord) -> Iterator[Block]:
    yield Heading(1, "Results")
    yield from _verdicts(record)
    yield Heading(2, "As published, as checked")
    yield Table(
        "What the record says of itself, beside what was found.",
        ("Figure", "As published", "As checked", "Compared"),
        tuple(_compared(row, record) for row in comparisons(record)),
        (6, 9, 12, 5),
    )
    yield Heading(2, "Findings on the record as published")
    yield from items(_found(one) for one in record.findings[:FINDINGS_LISTED]) or (
        paragraph("No rule found anything to say about the record as published."),
    )
    yield from left_out(len(record.findings) - FINDINGS_LISTED, "findings")
    yield from _reviews(record)
    yield from _gates(record)


def _verdicts(record: PublicRecord) -> Iterator[Block]:
    segments = verdict_bar(record.counts)
    total = record.counts.extracted
    if total:
        yield Bar(tuple((segment.word, segment.count) for segment in segments))
    rows = [
        (
            said(f"{one.word.sign} {one.word.word}"),
            said(f"{one.count:,}"),
            said(f"{100 * one.count / total:.0f} %" if total else "–"),
            said(f"{one.word.means}."),
        )
        for one in segments
    ]
    rows.append((said(strong("All claims")), said(f"{total:,}"), said("100 %" if total else "–"), said("–")))
    yield Table("Claims by verdict.", ("Verdict", "Claims", "Share", "Meaning"), tuple(rows), (4, 1, 1, 6))


def _compared(row: Comparison, record: PublicRecord) -> tuple[Line, ...]:
    stated = "not stated" if row.stated is None else one_line(str(row.stated))
    words = "; ".join(f"“{titled(place.place.words)}”" for place in row.places[:PLACES_LISTED])
    more = len(row.places) - PLACES_LISTED
    places = f" ({words}{f'; and {more:,} more places' if more > 0 else ''})" if words else ""
    rule = f" {sentence_case(row.own_rule[:1])}{one_line(row.own_rule[1:])}." if row.own_rule else ""
    spread = interval(record.review.low, record.review.high) if row.field == "review_score" else None
    checked = "nothing held" if row.checked is None else _held(row) + (f" ({spread})" if spread else "")
    word = word_for(row.agreement)
    return (
        said(row.label),
        said(strong(stated), f"{places}{rule}"),
        said(strong(checked), f": {one_line(row.basis)}"),
        said(f"{word.sign} {word.word}"),
    )


def _held(row: Comparison) -> str:
    if isinstance(row.checked, str) and row.field in ("tier", "gate_status"):
        return sentence_case(row.checked)
    return one_line(figure(row.checked)) if row.checked is not None else ""


def _found(finding: Finding) -> Line:
    word = word_for(finding.severity)
    places = "; ".join(f"“{titled(place.words)}”" for place in finding.where[:PLACES_LISTED])
    more = len(finding.where) - PLACES_LISTED
    at = f" At: {places}{f'; and {more:,} more places' if more > 0 else ''}." if places else ""
    return said(strong(f"{word.sign} {word.word}: "), ended(finding.message), f"{at} Rule ", code(finding.rule), ".")


# --- reviews ------------------------------------------------------------------------------------


def _reviews(record: PublicRecord) -> Iterator[Block]:
    yield Heading(2, "Review scores, tier and level")
    yield from items(_overall(record))
    rows = tuple(_dimension(row) for row in dimension_rows(record))
    if rows:
        caption = "Scores from 0 to 10 by dimension, each with its 95 % interval where there is one."
        yield Table(caption, ("Dimension", "Together", "By reviewer"), rows, (3, 2, 6))


def _overall(record: PublicRecord) -> Iterator[Line]:
    review = record.review
    given = "none" if review.score is None else f"{scored(review.score, review.low, review.high)} of 10"
    yield said(strong("Score: "), f"{given}. {ended(review.reason)}")
    without = interval(review.without_one_low, review.without_one_high)
    if without:
        yield said(strong("When any one reviewer is left out: "), f"{without}.")
    if review.agreement_reason:
        alpha = scored(review.agreement, review.agreement_low, review.agreement_high)
        held = f"{alpha}. " if review.agreement is not None else ""
        yield said(strong("Agreement of the reviewers: "), f"{held}{ended(review.agreement_reason)}")
    tier = sentence_case(record.tier.value) if record.tier else "not rated"
    yield said(strong("Quality tier: "), f"{tier}. {ended(record.tier_basis)}")
    level = f"L{record.level.value}, {sentence_case(record.level.name)}" if record.level is not None else "not given"
    yield said(strong("Verification level: "), f"{level}. {ended(record.level_basis)}")


def _dimension(row: DimensionRow) -> tuple[Line, ...]:
    together = row.together
    given = "; ".join(
        f"{named(one.reviewer)}: {scored(one.score, one.low, one.high)}, {titled(one.reason)}" for one in row.given
    )
    return (
        said(strong(f"D-{row.number} {sentence_case(row.dimension.value)}. "), one_line(row.asks)),
        said(scored(together.score, together.low, together.high) if together else "unassessed"),
        said(given or "nobody was asked"),
    )


# --- gates --------------------------------------------------------------------------------------


def _gates(record: PublicRecord) -> Iterator[Block]:
    yield Heading(2, "Gates")
    held = gate_rows(record, artifact_rows(record))
    if not held:
        yield paragraph("No gate has been evaluated for this record.")
    for row in held:
        yield from _gate(row)
    yield from _artifacts(record)


def _gate(row: GateRow) -> Iterator[Block]:
    if row.now is None:
        yield Heading(3, titled(row.name))
        yield paragraph("None of its rules is in force.")
    else:
        yield Heading(3, titled(row.name), gate_word(row.now))
        if row.now.question:
            yield paragraph(one_line(row.now.question))
        yield paragraph(
            strong("Public status: "),
            f"{word_for(row.now.public_status).word}. {ended(row.now.reason)} Evaluated {moment(row.now.evaluated_at)} "
            f"under rules {named(row.now.policy_version)}.",
        )
    for attacker in row.attackers:
        ran = f"{len(attacker.findings):,} found" if attacker.report.ran else "did not run, so it is absent"
        yield paragraph(strong(f"{named(attacker.name)}: "), f"{ran}. {ended(attacker.report.reason)}")
        yield from items(
            said(
                strong(f"{word_for(one.finding.target).word}: "),
                f"{named(one.subject)}{'' if one.said.startswith(':') else ' '}{ended(one.said)}",
                *(
                    f" “{one_line(quote.text)}” ({named(quote.source_id)})"
                    for quote in one.finding.quotes[:PLACES_LISTED]
                ),
            )
            for one in attacker.findings[:ATTACKED]
        )
        yield from left_out(len(attacker.findings) - ATTACKED, "findings of it")
    yield from items(
        said(
            f"Under other rules, {'superseded' if view.in_force else 'announced and not in force'}, active on "
            f"{view.active_on.isoformat()} ({named(view.activation_id)}): {gate_word(view).word.lower()}. ",
            titled(view.reason),
        )
        for view in row.others[:OTHER_RULES]
    )


def _artifacts(record: PublicRecord) -> Iterator[Block]:
    rows = artifact_rows(record)
    if not rows:
        return
    yield Heading(3, "Artifacts")
    yield Table(
        "Proofs and scripts that somebody attached to a claim, and what each counts for now.",
        ("Artifact", "Checks", "Outcome", "Why"),
        tuple(
            (
                said(f"{row.number}, {named(row.kind)}, by {named(row.view.author)}"),
                said(f"Claim {row.claim}" if row.claim is not None else "a claim that the record no longer has"),
                said(f"{word_for(row.outcome).sign} {word_for(row.outcome).word}"),
                said(_why(row.view.standing or row.view.attempt)),
            )
            for row in rows[:ARTIFACTS_SHOWN]
        ),
        (3, 2, 2, 6),
    )
    yield from left_out(len(rows) - ARTIFACTS_SHOWN, "artifacts")
    yield paragraph("An attempt that went wrong says nothing about the claim; neither does a bad check.")


def _why(held: StandingView | AttemptView | None) -> str:
    return one_line(held.reason) if held else "It was not attempted."

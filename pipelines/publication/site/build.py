"""Builds the static site: the record page, the index, their file names and the style sheet.

Belongs here: which template gets which rows, and the rules that hold for every page (all text
escaped and bounded, absent values named). Does not belong here: writing files, words, quoting rules.
Input: `PublicRecord`s; output: complete HTML documents as strings, the same for the same input.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipelines.counts import wilson
from pipelines.models import ClaimCounts, Correction, Model, ReferenceCounts, Severity, Tier
from pipelines.publication.as_published import comparisons
from pipelines.publication.correction_log import HEADS
from pipelines.publication.gate_contract import gate_name, gates_in_force, record_gate_verdict
from pipelines.publication.manifest import manifest_bytes
from pipelines.publication.site import gate_rows, rows, words
from pipelines.publication.site.reliability import (
    REGIMES,
    Reliability,
    calibration_error,
    in_order,
    reliability_svg,
)
from pipelines.publication.site.rule_tables import printed_tables
from pipelines.publication.site.text import (
    LONGEST_NAME,
    LONGEST_TITLE,
    corrections_name,
    gate_verdict_name,
    manifest_name,
    page_name,
    safe_link,
    shown,
)
from pipelines.publication.site.verdict_rows import confidence_in_words, whole_percents
from pipelines.publication.tombstones import Tombstone
from pipelines.publication.views import GateView, PublicRecord

__all__ = [
    "GateSummary",
    "RecordSummary",
    "assets",
    "calibration_page",
    "gate_verdict_bytes",
    "gate_verdict_name",
    "index_page",
    "manifest_name",
    "page_name",
    "record_page",
    "rules_page",
    "summary_of",
    "tombstone_page",
]

STYLE_SHEET = "style.css"
INDEX = "index.html"
CALIBRATION = "calibration.html"
RULES = "rules.html"

_HERE = Path(__file__).parent


class GateSummary(Model):
    """A gate under its rules in force."""

    title: str
    sign: str
    word: str
    style: str


class RecordSummary(Model):
    """A record's line in the index."""

    record_id: str
    page: str
    title: str
    title_stated: bool
    publisher: str | None
    published_on: str | None
    cohort: str
    kind: str
    synthetic: bool
    counts: ClaimCounts
    reference_counts: ReferenceCounts
    score: float | None
    low: float | None
    high: float | None
    tier: Tier | None
    gates: tuple[GateSummary, ...]
    errors: int  # findings of severity error on the record as published
    warnings: int
    corrections: int


def summary_of(record: PublicRecord) -> RecordSummary:
    severities = [finding.severity for finding in record.findings]
    return RecordSummary(
        record_id=record.record_id,
        page=page_name(record.record_id),
        title=shown(record.title, LONGEST_TITLE),
        title_stated=record.title_stated,
        publisher=record.publisher,
        published_on=record.published_on.isoformat() if record.published_on else None,
        cohort=record.cohort,
        kind=record.kind,
        synthetic=record.synthetic,
        counts=record.counts,
        reference_counts=record.reference_counts,
        score=record.review.score,
        low=record.review.low,
        high=record.review.high,
        tier=record.tier,
        gates=tuple(_gate_summary(view) for view in gates_in_force(record.gates)),
        errors=severities.count(Severity.ERROR),
        warnings=severities.count(Severity.WARNING),
        corrections=len(record.corrections),
    )


def _gate_summary(view: GateView) -> GateSummary:
    word = gate_word(view)
    return GateSummary(title=gate_name(view), sign=word.sign, word=word.word, style=word.style)


def gate_word(view: GateView) -> words.Word:
    """What became of a gate: its result or, for one about artifacts, the outcome of the attempt."""
    return words.word_for(view.result or view.outcome or view.public_status)


# --- pages --------------------------------------------------------------------------------------


def record_page(record: PublicRecord) -> str:
    """The page of one record, a complete HTML document."""
    artifacts = gate_rows.artifact_rows(record)
    return (
        _environment()
        .get_template("record.html")
        .render(
            record=record,
            bar=rows.verdict_bar(record.counts),
            comparisons=comparisons(record),
            claims=rows.claim_rows(record),
            references=rows.reference_rows(record),
            unaudited=sum(view.audit is None for view in record.references),
            alarming=rows.alarming_titles(record),
            dimensions=rows.dimension_rows(record),
            failed=rows.failed_reviews(record),
            silent=rows.silent_reviews(record),
            gates=gate_rows.gate_rows(record, artifacts),
            artifacts=artifacts,
            artifacts_of=gate_rows.by_claim(artifacts),
            anchors=rows.source_anchors(record),
            last_checked=rows.last_checked(record),
            manifest=manifest_name(record.record_id),
            corrections_file=corrections_name(record.record_id),
            verdict_file=gate_verdict_name(record.record_id) if record_gate_verdict(record) else None,
        )
    )


def gate_verdict_bytes(record: PublicRecord) -> bytes | None:
    """The file of contract gate-verdict-v1 that lies beside the page; None where gate 2 was never evaluated."""
    verdict = record_gate_verdict(record)
    return manifest_bytes(verdict) if verdict else None


def index_page(records: Sequence[RecordSummary], withdrawn: Sequence[Tombstone] = ()) -> str:
    """The list of all records, in the order given, with totals; then of those that were taken down."""
    return (
        _environment()
        .get_template("index.html")
        .render(
            records=records,
            totals=_total(ClaimCounts, [summary.counts for summary in records]),
            reference_totals=_total(ReferenceCounts, [summary.reference_counts for summary in records]),
            withdrawn=[(one, page_name(one.subject_id)) for one in withdrawn],
        )
    )


def tombstone_page(tombstone: Tombstone, corrections: Sequence[Correction] = ()) -> str:
    """What stands in the place of a record that was taken down: none of its words, and no title."""
    return (
        _environment()
        .get_template("tombstone.html")
        .render(
            tombstone=tombstone,
            corrections=corrections,
            manifest=manifest_name(tombstone.subject_id),
            corrections_file=corrections_name(tombstone.subject_id),
        )
    )


def calibration_page(measured: Sequence[Reliability]) -> str:
    """How far a confidence can be relied on: a curve for each back end and regime that was measured."""
    curves = [[(regime, in_order(bins)) for regime, bins in sorted(one.curves.items())] for one in measured]
    return (
        _environment()
        .get_template("calibration.html")
        .render(
            measured=list(zip(measured, curves, strict=True)),
            regimes=REGIMES,
            error=calibration_error,
            interval=wilson,
            svg=reliability_svg,
        )
    )


def rules_page() -> str:
    """How tier and level follow from facts: the tables themselves."""
    return _environment().get_template("rules.html").render(tables=printed_tables())


def _total(model: type[Model], counts: Sequence[Model]) -> Model:
    return model(**{name: sum(getattr(count, name) for count in counts) for name in model.model_fields})


def assets() -> Mapping[str, bytes]:
    """Files that the pages need beside them, by name."""
    return {STYLE_SHEET: (_HERE / STYLE_SHEET).read_bytes()}


# --- templates ----------------------------------------------------------------------------------


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printed,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        as_stated=str,
        figure=_figure,
        held=_held,
        moment=_moment,
        percent=_percent,
        named=words.word_for,
        answered=words.answer_in_words,
        in_words=confidence_in_words,
        plain=words.sentence_case,
        result=gate_rows.result_in_words,
        briefly=_briefly,
        titled=_titled,
    )
    environment.tests["linkable"] = lambda url: safe_link(url) is not None
    environment.globals.update(
        axes=words.AXES,
        calibration=CALIBRATION,
        conflicts=words.CONFLICTS,
        changed_fields=rows.changed_fields,
        artifacts_shown=gate_rows.ARTIFACTS_SHOWN,
        evidence_of=gate_rows.evidence_rows,
        gate_word=gate_word,
        heads=HEADS,
        index=INDEX,
        listed=gate_rows.LISTED,
        root="",  # the way from a page to the folder of the site: "../" for one in a folder
        rules=RULES,
        quotes_shown=rows.QUOTED_PER_SIDE,
        scopes=words.SCOPES,
        seals=gate_rows.SEALS,
        steps_shown=gate_rows.STEPS_SHOWN,
        style_sheet=STYLE_SHEET,
        whole_percents=whole_percents,
        verdicts=tuple(words.VERDICTS.values()),
    )
    return environment


def _printed(value: Any) -> str | int | float | Markup:
    """Every value on its way to a page. A value with no words for it is a fault of the template."""
    if isinstance(value, Markup) or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    if isinstance(value, str):
        return shown(value)
    raise TypeError(f"a page cannot print {value!r}: say in the template what to write for it")


def _titled(text: str) -> str:
    return shown(text, LONGEST_TITLE)


def _briefly(text: str) -> str:
    """A name, hash or path, of which a page may hold hundreds."""
    return shown(text, LONGEST_NAME)


def _figure(value: int | float | str) -> str:
    """A count with thousands apart, a measure with two decimals; a text as it is."""
    if isinstance(value, str):
        return value
    return f"{value:,}" if isinstance(value, int) else f"{value:.2f}"


def _percent(value: float) -> str:
    """A share in whole per cent; the exact value stands in the manifest."""
    return f"{100 * value:.0f} %"


def _moment(value: datetime) -> str:
    """Minutes are enough for a reader; the exact time stands in the manifest."""
    return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def _held(value: Any) -> str:
    """A field of a correction, as its JSON says it; a text without its quotation marks."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

"""Builds the static site: the record page, the index, their file names and the style sheet.

Belongs here: which template gets which rows, and the rules that hold for every page (all text
escaped and bounded, absent values named). Does not belong here: writing files, words, quoting rules.
Input: `PublicRecord`s; output: complete HTML documents as strings, the same for the same input.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipelines.counts import wilson
from pipelines.models import Correction
from pipelines.publication import costs
from pipelines.publication.as_published import comparisons
from pipelines.publication.correction_log import HEADS
from pipelines.publication.feeds import FEED
from pipelines.publication.gate_contract import record_gate_verdict
from pipelines.publication.site import gate_rows, rows, words
from pipelines.publication.site.address import SiteAddress
from pipelines.publication.site.citing import citation_of
from pipelines.publication.site.linked_data import citation_tags, data_block, record_graph
from pipelines.publication.site.record_files import record_files, size_in_words
from pipelines.publication.site.record_list.pages import INDEX, list_files
from pipelines.publication.site.record_list.summary import GateSummary, RecordSummary, summary_of
from pipelines.publication.site.reliability import (
    REGIMES,
    Reliability,
    calibration_error,
    in_order,
    reliability_svg,
)
from pipelines.publication.site.rule_tables import printed_tables
from pipelines.publication.site.signposting import record_links
from pipelines.publication.site.system.parts import system_parts
from pipelines.publication.site.system.view import SystemView
from pipelines.publication.site.text import (
    LONGEST_NAME,
    LONGEST_TITLE,
    activation_page_name,
    corrections_name,
    gate_verdict_name,
    manifest_name,
    page_name,
    safe_link,
    shown,
    source_page_name,
)
from pipelines.publication.site.verdict_rows import confidence_in_words, whole_percents
from pipelines.publication.tombstones import Tombstone
from pipelines.publication.views import PublicRecord

__all__ = [
    "GateSummary",
    "RecordSummary",
    "assets",
    "calibration_page",
    "gate_verdict_name",
    "index_pages",
    "manifest_name",
    "page_name",
    "record_page",
    "rendered",
    "rules_page",
    "summary_of",
    "system_page",
    "tombstone_page",
]

STYLE_SHEET = "style.css"
SCRIPT = "site.js"
CALIBRATION = "calibration.html"
RULES = "rules.html"
SYSTEM = "system.html"

_HERE = Path(__file__).parent


# --- pages --------------------------------------------------------------------------------------


def record_page(
    record: PublicRecord,
    *,
    address: SiteAddress | None = None,
    files: Sequence[str] = (),
    sizes: Mapping[str, int] = MappingProxyType({}),
    manifest_sha256: str | None = None,
) -> str:
    """The page of one record, a complete HTML document.

    `files`: names of the files in the record's folder, in the order of the downloads; no other is linked from the
    head, and `sizes` are theirs in bytes, where known. `manifest_sha256`: of the manifest that lies there.
    """
    artifacts = gate_rows.artifact_rows(record)
    where, beside = address or SiteAddress(), record_files(record.record_id, files, sizes)
    return (
        _environment()
        .get_template("record.html")
        .render(
            record=record,
            bar=rows.verdict_bar(record.counts),
            standing=rows.standing_claims(record),
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
            costs=costs.total(record.costs.lines) if record.costs else None,
            manifest=manifest_name(record.record_id),
            corrections_file=corrections_name(record.record_id),
            verdict_file=gate_verdict_name(record.record_id) if record_gate_verdict(record) else None,
            citation_tags=citation_tags(record, beside, where),
            links=record_links(record, beside, where),
            linked_data=data_block(record_graph(record, beside, where)),
            cite=citation_of(record, where, manifest_sha256),
            downloads=beside,
            sizes_known=bool(sizes),
        )
    )


def index_pages(records: Sequence[RecordSummary], withdrawn: Sequence[Tombstone] = ()) -> Iterator[tuple[str, bytes]]:
    """The list of all records: (path, bytes) of its data files and pages, `index.html` last.

    `withdrawn`: those that were taken down, which the index names.
    """
    return list_files(records, _environment(), [(one, page_name(one.subject_id)) for one in withdrawn])


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


def rendered(template: str, **values: Any) -> str:
    """A page made of one of the site's templates."""
    return _environment().get_template(template).render(**values)


def rules_page() -> str:
    """How tier and level follow from facts: the tables themselves."""
    return _environment().get_template("rules.html").render(tables=printed_tables())


def system_page(view: SystemView, curves: Mapping[str, Reliability]) -> str:
    """What the whole warehouse holds, in plots and tables. `curves`: `reliability.shipped_curves`."""
    return _environment().get_template("system.html").render(system_parts(view, curves))


def assets() -> Mapping[str, bytes]:
    """Files that the pages need beside them, by name."""
    return {name: (_HERE / name).read_bytes() for name in (STYLE_SHEET, SCRIPT)}


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
        auto_reload=False,
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
        bytes=size_in_words,
        spent=costs.in_words,
        plain=words.sentence_case,
        result=gate_rows.result_in_words,
        seconds=_seconds,
        briefly=_briefly,
        titled=_titled,
        zip=zip,
    )
    environment.tests["linkable"] = lambda url: safe_link(url) is not None
    environment.globals.update(
        activation_page_name=activation_page_name,
        axes=words.AXES,
        calibration=CALIBRATION,
        feed=FEED,
        conflicts=words.CONFLICTS,
        changed_fields=rows.changed_fields,
        artifacts_shown=gate_rows.ARTIFACTS_SHOWN,
        earlier_shown=gate_rows.EARLIER_SHOWN,
        evidence_of=gate_rows.evidence_rows,
        gate_word=gate_rows.gate_word,
        heads=HEADS,
        index=INDEX,
        listed=gate_rows.LISTED,
        root="",  # the way from a page to the folder of the site: "../" for one in a folder
        rules=RULES,
        quotes_shown=rows.QUOTED_PER_SIDE,
        scopes=words.SCOPES,
        page_name=page_name,
        seals=gate_rows.SEALS,
        stages=costs.STAGES,
        costs_measured=costs.MEASURED,
        source_page_name=source_page_name,
        steps_shown=gate_rows.STEPS_SHOWN,
        script=SCRIPT,
        style_sheet=STYLE_SHEET,
        system=SYSTEM,
        whole_percents=whole_percents,
        verdicts=tuple(words.VERDICTS.values()),
    )
    environment.globals["parts"] = environment.get_template("parts.html").module
    return environment


_PRINTED_AS_THEY_ARE = frozenset({Markup, int, float})


def _printed(value: Any) -> str | int | float | Markup:
    """Every value on its way to a page. A value with no words for it is a fault of the template.

    The kinds are asked for in the order of how often they come: a page prints thousands.
    """
    kind: type = type(value)
    if kind is str:
        return shown(value)
    if kind in _PRINTED_AS_THEY_ARE:
        return cast("int | float | Markup", value)
    if isinstance(value, str) and not isinstance(value, Markup):
        return shown(value)
    if isinstance(value, Markup | int | float) and kind is not bool:
        return value
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


def _seconds(value: float) -> str:
    return f"{value:,.3f}" if value < 10 else f"{value:,.0f}"


def _percent(value: float) -> str:
    """A share in whole per cent; the exact value stands in the manifest."""
    return f"{100 * value:.0f} %"


def _moment(value: datetime) -> str:
    """Minutes are enough for a reader; the exact time stands in the manifest."""
    return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def _held(value: Any) -> str:
    """A field of a correction for a reader; its log and the manifest have it to the last digit."""
    if value is None:
        return "nothing"
    if isinstance(value, float):
        return f"{value:.4g}"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

"""`claimgate show`: everything held about a record, with evidence and history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.markup import escape

from claimgate.errors import BadInput
from claimgate.gate_views import gate_lines, gates_document
from claimgate.output import out, print_json
from claimgate.place import place_of
from claimgate.views import claim_view, published_lines, record_view, review_lines
from pipelines.counts import counted
from pipelines.publication.as_published import comparison_section, comparisons
from pipelines.publication.costs import in_words, total
from pipelines.publication.manifest import costs_section
from pipelines.publication.site.build import page_name
from pipelines.publication.views import ClaimView, PublicRecord
from warehouse.connection import Warehouse
from warehouse.overview import find_records
from warehouse.public_records import public_records
from warehouse.verification import verdict_history
from warehouse.withdrawals import tombstone_of


def show_record(wanted: str, *, demo: bool, as_json: bool) -> None:
    """Print one record, named by its id, the beginning of it, or its title."""
    place = place_of(demo=demo)
    house = place.require()
    record = the_record(house, wanted)
    page = place.location.site / page_name(record.record_id)
    if as_json:
        print_json(_document(house, record, str(page) if page.exists() else None))
    else:
        _print(record, str(page))


def the_record(house: Warehouse, wanted: str) -> PublicRecord:
    """The one record that `wanted` names. Raises BadInput when there is none or more than one."""
    found = find_records(house, wanted)
    if not found:
        gone = tombstone_of(house, wanted)
        if gone is not None:
            raise BadInput(f"The {gone.kind} {gone.subject_id} was {gone.sentence}")
        raise BadInput(f"No record is called '{wanted}'; `claimgate status` lists what is held.")
    if len(found) > 1:
        listed = "; ".join(f"{record_id} ({title})" for record_id, title in found[:5])
        raise BadInput(f"'{wanted}' names {len(found)} records: {listed}. Give more of the id.")
    return next(public_records(house, [found[0][0]], today=datetime.now(UTC).date()))


def _document(house: Warehouse, record: PublicRecord, page: str | None) -> dict[str, Any]:
    history: dict[str, list[dict[str, Any]]] = {}
    for row in verdict_history(house, [view.claim.claim_id for view in record.claims]):
        history.setdefault(row["claim_id"], []).append(row)
    document = record_view(record, page=page)
    document["claims"]["rows"] = [claim_view(view, history.get(view.claim.claim_id, [])) for view in record.claims]
    document["references"]["rows"] = [view.model_dump(mode="json") for view in record.references]
    document["review"]["dimensions"] = [one.model_dump(mode="json") for one in record.review.dimensions]
    document["review"]["reason"] = record.review.reason
    document["review"]["agreement_reason"] = record.review.agreement_reason
    document["reviews"] = [one.model_dump(mode="json") for one in record.reviews]
    document["sources"] = [one.model_dump(mode="json") for one in record.sources]
    document["found_sources"] = [one.model_dump(mode="json") for one in record.found_sources]
    document["rigor_scans"] = [one.model_dump(mode="json") for one in record.rigor]
    document["corrections"] = [one.model_dump(mode="json") for one in record.corrections]
    document["published_against_checked"] = [comparison_section(one) for one in comparisons(record)]
    document["search"] = record.search.model_dump(mode="json") if record.search else None
    document |= gates_document(record)
    document["costs"] = costs_section(record.costs)
    document["level_basis"], document["tier_basis"] = record.level_basis, record.tier_basis
    return document


def _print(record: PublicRecord, page: str) -> None:
    console = out()
    console.print(f"{escape(record.title)}\n{record.record_id}, {record.cohort}, {record.layout.value}", soft_wrap=True)
    titles = {one.source_id: one.title for one in (*record.sources, *record.found_sources)}
    for view in record.claims:
        _print_claim(console, view, titles)
    console.print("\nReferences:")
    for reference in record.references:
        audit = reference.audit
        state = f"{audit.finding.value}: {escape(audit.reason)}" if audit else "not looked up yet"
        console.print(f"  {escape(reference.reference.raw[:160])}\n     {state}", soft_wrap=True)
    console.print()
    for line in review_lines(record):
        console.print(escape(line), soft_wrap=True)
    console.print(f"Tier {record.tier.value if record.tier else '-'}: {escape(record.tier_basis)}", soft_wrap=True)
    level = "none" if record.level is None else f"L{record.level.value}"
    console.print(f"Level {level}: {escape(record.level_basis)}", soft_wrap=True)
    for line in (*published_lines(record), *gate_lines(record)):
        console.print(escape(line), soft_wrap=True)
    for finding in record.findings:
        console.print(f"{finding.severity.value}: {finding.rule}: {escape(finding.message)}", soft_wrap=True)
    console.print(f"\n{_costs(record)}\nPage: {page}", soft_wrap=True)


def _costs(record: PublicRecord) -> str:
    if record.costs is None:
        return "What checking cost was not kept."
    whole = total(record.costs.lines)
    seconds = (
        "seconds not measured" if whole.processor_seconds is None else f"{whole.processor_seconds:.2f} s of processor"
    )
    return f"Checking took {seconds} in {counted(whole.times, 'step')}; {in_words(whole.model)}."


def _print_claim(console: Console, view: ClaimView, titles: Mapping[str, str]) -> None:
    """A claim with its verdict and evidence and, where several sources were read, what each says on its own."""
    console.print(f"\n{view.claim.ordinal:3d}. {escape(view.claim.normalised)}", soft_wrap=True)
    console.print(
        f"     {view.verdict.value} ({escape(_by_whom(view))}): {escape(view.reason)}   {view.claim.claim_id}",
        soft_wrap=True,
    )
    for one in view.evidence:
        quoted = escape(" ".join(one.evidence.text.split()))
        console.print(f'     {one.evidence.stance.value}: "{quoted}" - {escape(one.source_title)}', soft_wrap=True)
    for source in view.per_source if len(view.per_source) > 1 else ():
        title = escape(titles.get(source.source_id, source.source_id))
        console.print(f"     alone: {source.verdict.value} {_share(source.confidence)}- {title}", soft_wrap=True)


def _by_whom(view: ClaimView) -> str:
    """Who holds the verdict and how surely: a person's name, or confidence and back end."""
    if view.adjudication:
        return f"by {view.adjudication.by}"
    return f"{_share(view.confidence) or 'no confidence '}by {view.backend or 'nobody'}"


def _share(confidence: float | None) -> str:
    return "" if confidence is None else f"{confidence:.2f} "

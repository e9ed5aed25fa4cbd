"""`claimgate lookup`: what is known of a work, from where, with what notices."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.markup import escape

from claimgate.commands.network import say_what_is_sent
from claimgate.errors import BadInput
from claimgate.output import err, out, print_json
from claimgate.place import Place, export, place_of
from pipelines.ingestion.literature import Literature
from pipelines.ingestion.lookup_plan import answers_for
from pipelines.ingestion.network import NetworkSettings, opened_edge
from pipelines.ingestion.offers import Offers
from pipelines.ingestion.typed import NothingToLookUp, typed_reference
from pipelines.models import Reference, ReferenceAudit, Work
from pipelines.publication.site.words import answer_in_words
from pipelines.verification.audit import audit_reference
from warehouse.answers import Answers
from warehouse.append import Stamp
from warehouse.location import DATA
from warehouse.shelf import open_shelf

RUN = "lookup"


def look_up(typed: Sequence[str], *, online: bool | None, library: Path | None, demo: bool, as_json: bool) -> None:
    """Look up each of `typed`; answers are kept in the warehouse as those of a run are."""
    place = place_of(demo=demo)
    export(place, library=library, online=online)
    try:
        references = [typed_reference(one) for one in typed]
    except NothingToLookUp as problem:
        raise BadInput(f"{problem.reason[0].upper()}{problem.reason[1:]}.") from problem
    found = _found(place, references)
    if as_json:
        print_json([_view(typed, audit, work) for typed, (audit, work) in zip(typed, found, strict=True)])
        return
    for one, (audit, work) in zip(typed, found, strict=True):
        _print(one, audit, work)
    if os.environ["CLAIMGATE_ONLINE"] == "false":
        err().print("The network is off: this is what is held here. --online asks the services.", highlight=False)


def _found(place: Place, references: Sequence[Reference]) -> list[tuple[ReferenceAudit, Work | None]]:
    settings = NetworkSettings.of(os.environ)
    say_what_is_sent(settings)
    stamp = Stamp(datetime.now(UTC), RUN)
    store = Answers(place.house, _now, RUN)
    with opened_edge(settings, paces=DATA / "paces.sqlite", now=_now) as edge:
        literature = Literature.of(settings, store, edge, _now)
        known = literature.look_up(references)
    path = os.environ.get("CLAIMGATE_LIBRARY")
    shelf = open_shelf(
        place.house,
        Path(path) if path else None,
        stamp,
        lambda one: err().print(f"Rejected: {escape(one.path)}: {escape(one.reason)}", soft_wrap=True, highlight=False),
    )
    offers = Offers(known, literature.able, shelf.candidates(references), shelf.remembered())
    judged = []
    for reference in references:
        works = offers.to(reference)
        answers = answers_for(reference, known, literature.able)
        audit = audit_reference(reference, works, answers=answers, library=shelf.names, given=False)
        judged.append((audit, next((work for work in works if work.source_id == audit.source_id), None)))
    return judged


def _now() -> datetime:
    return datetime.now(UTC)


def _view(typed: str, audit: ReferenceAudit, work: Work | None) -> dict[str, Any]:
    return {
        "identifier": typed,
        "finding": audit.finding.value,
        "source": None if work is None else _source_view(work, audit),
        "answers": [one.model_dump(mode="json") for one in audit.answers],
        "mismatches": [one.model_dump() for one in audit.mismatches],
        "reason": audit.reason,
    }


def _source_view(work: Work, audit: ReferenceAudit) -> dict[str, Any]:
    return {
        "source_id": work.source_id,
        "aliases": list(work.aliases),
        "title": work.title,
        "authors": list(work.authors),
        "year": work.year,
        "venue": work.venue,
        "type": work.type,
        "versions": [one.model_dump() for one in work.versions],
        "status": sorted({notice.kind.value for notice in audit.notices}),
        "notices": [notice.model_dump(mode="json") for notice in audit.notices],
        "licence": work.licence,
        "text_kind": work.text_kind,
        "origin": work.origin,
    }


def _print(typed: str, audit: ReferenceAudit, work: Work | None) -> None:
    console = out()
    console.print(f"[bold]{escape(typed)}[/bold]  {audit.finding.value}", soft_wrap=True, highlight=False)
    if work is not None:
        people = ", ".join(work.authors[:6]) + (" and others" if len(work.authors) > 6 else "")
        about = ", ".join(str(part) for part in (people, work.year, work.venue) if part)
        console.print(f"  {escape(work.title)}", soft_wrap=True, highlight=False)
        console.print(f"  {escape(about)}", soft_wrap=True, highlight=False)
        console.print(f"  {escape(', '.join((work.source_id, *work.aliases)))}", soft_wrap=True, highlight=False)
    for notice in audit.notices:
        said = " ".join(part for part in (notice.id, notice.date, notice.detail) if part)
        console.print(
            f"  [bold]{notice.kind.value}[/bold] {escape(said)} ({escape(notice.origin)})",
            soft_wrap=True,
            highlight=False,
        )
    console.print(f"  {escape(audit.reason)}", soft_wrap=True, highlight=False)
    for answer in audit.answers:
        said = escape(answer_in_words(answer))
        console.print(f"  - {answer.index}, asked by {answer.by}, {said}", soft_wrap=True, highlight=False)

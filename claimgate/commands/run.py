"""`claimgate run`: the main job, through Dagster, in this process."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.table import Table

from claimgate.commands.judging import is_model, require_backend
from claimgate.commands.network import say_what_is_sent
from claimgate.errors import BadInput, Failure
from claimgate.output import err, how_called, out, print_json, progress_shown
from claimgate.place import Place, export, place_of
from claimgate.sample import attach_sample_artifacts
from claimgate.views import TABLE_HEAD, artifact_reason, one_line, record_view, table_row
from pipelines.ingestion.network import NetworkSettings
from pipelines.publication.gate_contract import artifact_outcome
from warehouse.append import Stamp
from warehouse.ingestion import kind_of, records_of_documents, set_kind
from warehouse.location import SAMPLE
from warehouse.public_records import public_records

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assets.runs import Conductor, Intake
    from pipelines.publication.views import PublicRecord

DEMO = "demo"
OWN = "own"
ROWS_IN_TABLE = 60
ARTIFACTS_LISTED = 20


def run_chain(
    paths: Sequence[Path],
    *,
    question: str | None,
    library: Path | None,
    online: bool | None,
    demo: bool,
    verbose: bool,
    as_json: bool,
) -> None:
    """Take in `paths` (none, and no question: the sample inbox) and run every stage for their cohorts."""
    started = time.perf_counter()
    if paths and question is not None:
        raise BadInput("Give files to check or a question to answer, not both.")
    sample = not paths and question is None
    place = place_of(demo=demo)
    if sample and not place.named:
        place = place_of(demo=True)
    _settle_kind(place, sample=sample, demo=demo)
    export(
        place,
        library=library or (SAMPLE / "library" if sample and not place.settings.library else None),
        online=online,
    )
    require_backend()
    settings = NetworkSettings.of(os.environ)
    say_what_is_sent(settings, chain=True, judged_by_model=is_model(place.settings))
    if question is not None:
        _require_somewhere_to_search(question, settings)
    with conductor(place, verbose=verbose) as lead:
        if sample:
            attach_sample_artifacts(place.house, datetime.now(UTC))
        intake, records = _run(lead, [SAMPLE / "inbox"] if sample else paths, question)
    _say_what_came_of_it(place, intake, records, time.perf_counter() - started, as_json=as_json)


def _say_what_came_of_it(
    place: Place, intake: Intake, records: Sequence[PublicRecord], seconds: float, *, as_json: bool
) -> None:
    """The table or the document; rejections; an error where nothing could be taken in."""
    document = {
        "run_id": intake.run_id,
        "seconds": round(seconds, 2),
        "records": [record_view(one, page=_page(place, one)) for one in records],
        "rejected": [dict(one) for one in intake.rejections],
    }
    if as_json:
        print_json(document)
    else:
        _print_table(place, records, document)
    for one in intake.rejections:
        err().print(f"Rejected: {escape(one['path'])}: {escape(one['reason'])}", soft_wrap=True)
    if not records:
        raise BadInput("Nothing could be taken in; the reasons stand above.")


def _require_somewhere_to_search(question: str, settings: NetworkSettings) -> None:
    if not question.strip():
        raise BadInput("The question is empty.")
    if not settings.online and not os.environ.get("CLAIMGATE_LIBRARY"):
        raise BadInput(
            "There is nowhere to search: give a library of sources with --library, or allow the network with --online."
        )


def _run(lead: Conductor, paths: Sequence[Path], question: str | None) -> tuple[Intake, tuple[PublicRecord, ...]]:
    from assets.runs import RunFailed

    today = datetime.now(UTC).date()
    try:
        with progress_shown():
            if question is not None:
                intake = lead.ask(question)
            else:
                intake = lead.take_in([os.path.abspath(path) for path in paths])
            lead.follow_up(intake.document_ids, today=today)
    except RunFailed as problem:
        raise Failure(str(problem)) from problem
    if not intake.document_ids:
        return intake, ()
    wanted = records_of_documents(lead.house, intake.document_ids)
    found = public_records(lead.house, wanted, today=today)
    return intake, tuple(sorted(found, key=lambda record: wanted.index(record.record_id)))


def _settle_kind(place: Place, *, sample: bool, demo: bool) -> None:
    """Synthetic records never enter a user's warehouse: the first run decides which kind it is."""
    kind = kind_of(place.house)
    if sample and kind == OWN:
        raise BadInput(
            f"{place.location.database} holds your own records; the synthetic sample does not go in there. "
            "Leave CLAIMGATE_WAREHOUSE unset for the demo."
        )
    if kind is None:
        chosen = DEMO if sample or demo else OWN
        set_kind(place.house, chosen, Stamp(datetime.now(UTC), ""))


@contextmanager
def conductor(place: Place, *, verbose: bool = False) -> Iterator[Conductor]:
    """What drives runs on this warehouse: activations and partitions in place, Dagster's log quiet."""
    from assets.definitions import build_definitions
    from assets.instance import bring_partitions_up_to_date, open_instance
    from assets.runs import Conductor
    from warehouse.policies import activate_shipped

    activate_shipped(place.house, recorded_at=datetime.now(UTC))
    with open_instance(place.location) as instance:
        bring_partitions_up_to_date(instance, place.house)
        yield Conductor(build_definitions(), instance, place.house, "INFO" if verbose else "CRITICAL")


def _page(place: Place, record: PublicRecord) -> str | None:
    from pipelines.publication.site.build import page_name

    page = place.location.site / page_name(record.record_id)
    return str(page) if page.exists() else None


def _print_table(place: Place, records: Sequence[PublicRecord], document: dict[str, Any]) -> None:
    table = Table(show_lines=True, header_style="bold", padding=(0, 0, 0, 1))
    table.add_column(TABLE_HEAD[0])
    for name in TABLE_HEAD[1:]:
        table.add_column(name, justify="right", no_wrap=True)
    for record in records[:ROWS_IN_TABLE]:
        table.add_row(*(escape(cell) for cell in table_row(record)))
    console = out()
    console.print(table)
    if len(records) > ROWS_IN_TABLE:
        console.print(f"... and {len(records) - ROWS_IN_TABLE} more: the index page lists all.")
    console.print(
        "supp. = supported by a sentence in a source (this alone may be called verified), ref. = refuted, "
        "n.e.i. = the sources do not say, disp. = sources disagree, n.ch. = not checked. "
        "In brackets after a score: its 95 % interval."
    )
    console.print(_gates_in_words(records), markup=False, highlight=False)
    for line in _artifact_lines(records):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    command = how_called() + (" --demo" if kind_of(place.house) == DEMO and not place.named else "")
    console.print(f"\n{len(records)} records, {len(document['rejected'])} rejected, {document['seconds']:.0f} s.")
    console.print(f"Pages:   {place.location.site / 'index.html'}", soft_wrap=True)
    console.print(
        f"         {command} serve   shows them at http://127.0.0.1:{place.settings.serve_port}/", soft_wrap=True
    )
    console.print(
        f"Lineage: {command} ui      opens Dagster's UI at http://127.0.0.1:{place.settings.ui_port}/", soft_wrap=True
    )


def _gates_in_words(records: Sequence[PublicRecord]) -> str:
    """What the gates of the table ask, by the names that their policies have."""
    titles = {gate.gate: gate.title for record in records for gate in record.gates}
    named = ", ".join(f"{gate.removeprefix('gate-')} {title.lower()}" for gate, title in sorted(titles.items()))
    return (
        f"Gates: {named or 'none evaluated'}. Only gate 2 verifies or falsifies, by running a proof or a script that "
        "somebody attached; an attempt that went wrong says nothing about the claim."
    )


def _artifact_lines(records: Sequence[PublicRecord]) -> Iterator[str]:
    """What came of each artifact, under the record that it is attached to; `show` prints each run of it."""
    held = [(record, artifact) for record in records for artifact in record.artifacts]
    if held:
        yield "\nArtifacts:"
    for record, artifact in held[:ARTIFACTS_LISTED]:
        ordinal = next((one.claim.ordinal for one in record.claims if one.claim.claim_id == artifact.claim_id), None)
        claim = "a claim it no longer makes" if ordinal is None else f"claim {ordinal}"
        outcome = artifact_outcome(artifact).value
        yield one_line(f"  {outcome}: {artifact.kind} for {claim} of {record.title}: {artifact_reason(artifact)}")
    if len(held) > ARTIFACTS_LISTED:
        yield f"  and {len(held) - ARTIFACTS_LISTED} more; the pages list them."

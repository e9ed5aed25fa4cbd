"""Every published record's gate verdict beside ours, with the contradictions of the published ones named.

usage: CLAIMGATE_CORPUS=FOLDER python benchmarks/published_gates.py [FILE...]

Takes the stated facts of `records/published-facts.json` (one record a row) and the record texts beside it, or
the files named, through the whole chain in a temporary warehouse: no network, no library. Prints, for each
record, what the publisher states (status, tier, when evaluated), the same gate as evaluated here with its
reason, and what the rules found about the published verdict; then how many records each rule found, 0
included. A rule that never fired had nothing to look at or found no fault: its tests show that it can.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import textwrap
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg

from assets.definitions import build_definitions
from assets.resources import InboxResource, LibraryResource, WarehouseResource
from assets.runs import Conductor, Intake
from pipelines.models import Finding
from pipelines.publication.views import GateView, PublicRecord
from pipelines.review.findings.across import SAME_NUMBER, SAME_QUESTION
from pipelines.review.findings.gate_reasons import gate_reason
from pipelines.review.findings.gates import GATE_RULES
from warehouse.append import Stamp
from warehouse.connection import Warehouse
from warehouse.ingestion import records_of_documents, set_kind
from warehouse.location import WarehouseLocation
from warehouse.policies import activate_shipped
from warehouse.public_records import public_records

GATE = "gate-2"  # the gate that the publisher's verdicts are about
RULES = (SAME_NUMBER, *(rule.id for rule in GATE_RULES), SAME_QUESTION)
WIDTH = 118


def published_files(corpus: Path) -> list[Path]:
    folder = corpus / "records"
    return [folder / "published-facts.json", *sorted(folder.glob("[0-9]*.txt"))]


def taken_in(
    files: Sequence[Path], house: Warehouse, library: Path | None = None
) -> tuple[Intake, tuple[PublicRecord, ...]]:
    """The records of the files after the whole chain: no network, no model, whatever is set for daily use."""
    for name in [name for name in os.environ if name.startswith("CLAIMGATE_")]:
        del os.environ[name]
    now = datetime.now(UTC)
    set_kind(house, "own", Stamp(now, "benchmark"))
    activate_shipped(house, recorded_at=now)
    definitions = build_definitions(
        warehouse=WarehouseResource(database=str(house.location.database)),
        library=LibraryResource(path=str(library or "")),
        inbox_folder=InboxResource(),
    )
    with dg.DagsterInstance.ephemeral() as instance:
        lead = Conductor(definitions, instance, house)
        intake = lead.take_in([str(file) for file in files])
        lead.follow_up(intake.document_ids, today=now.date())
    wanted = records_of_documents(house, intake.document_ids)
    return intake, tuple(public_records(house, wanted, today=now.date()))


def about_the_verdict(record: PublicRecord) -> list[Finding]:
    return [finding for finding in record.findings if finding.rule in RULES]


def our_gate(record: PublicRecord) -> GateView | None:
    """The gate as last evaluated under its newest activation in force."""
    views = [view for view in record.gates if view.gate == GATE and view.in_force]
    return max(views, key=lambda view: (view.active_on, view.evaluated_at), default=None)


def print_record(record: PublicRecord) -> None:
    stated, ours = record.stated, our_gate(record)
    print(f"{(record.identifier or record.record_id)[:70]}  {record.published_on or 'undated'}")
    print(f"  {record.title[: WIDTH - 2]}")
    theirs = f"{stated.gate_status or 'no status'}, {stated.tier or 'no tier'}"
    print(f"  theirs  {theirs}, evaluated {stated.gate_evaluated_at or 'not stated'}")
    if ours is None:
        print(f"  ours    {GATE} was not evaluated")
    else:
        outcome = ours.outcome or ours.result
        said(f"  ours    {ours.public_status.value}, {outcome.value if outcome else 'no outcome'}: {ours.reason}")
    for finding in about_the_verdict(record):
        said(f"  {finding.severity.value:<7} {finding.rule}: {finding.message}")


def said(line: str) -> None:
    print(textwrap.fill(line, WIDTH, subsequent_indent=" " * 10))


def print_totals(records: Sequence[PublicRecord]) -> None:
    print("\nstatus, theirs and ours               records")
    pairs = Counter(
        (record.stated.gate_status or "no status", ours.public_status.value if (ours := our_gate(record)) else "none")
        for record in records
    )
    for (theirs, here), number in sorted(pairs.items()):
        print(f"  {theirs:<12} {here:<22} {number:>9}")
    print("\ncontradiction looked for              records")
    found = Counter(rule for record in records for rule in {finding.rule for finding in about_the_verdict(record)})
    for rule in RULES:
        print(f"  {rule:<38} {found[rule]:>5}")
    attackers = [one for record in records for one in gate_reason(record.stated.gate_reason).attackers]
    print(
        f"\n{len(attackers)} attackers' scores are stated; {sum(bool(one.text) for one in attackers)} with their words,"
        f" {sum(one.failed for one in attackers)} of an attacker that failed."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    files = parser.parse_args().files
    if not files:
        corpus = os.environ.get("CLAIMGATE_CORPUS")
        if not corpus:
            sys.exit("CLAIMGATE_CORPUS names no folder of published records, and no file is named.")
        files = published_files(Path(corpus))
    with tempfile.TemporaryDirectory() as folder:
        intake, records = taken_in(files, Warehouse(WarehouseLocation(Path(folder) / "claimgate.duckdb")))
    for record in records:
        print_record(record)
    for one in intake.rejections:
        print(f"rejected: {one['path']}: {one['reason']}")
    print(f"\n{len(intake.document_ids)} documents, {len(records)} records, {len(intake.rejections)} rejected")
    print_totals(records)


if __name__ == "__main__":
    main()

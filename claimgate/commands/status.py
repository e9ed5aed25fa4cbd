"""`claimgate status`: what the warehouse holds, and what is pending, failing or stale."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from rich.table import Table

from claimgate.output import out, print_json
from claimgate.place import place_of
from warehouse.overview import cohort_overview, missing_gate_verdicts, stale_verdicts, warehouse_totals

COLUMNS = {
    "cohort": "cohort",
    "records": "rec.",
    "claims": "claims",
    "supported": "supp.",
    "refuted": "ref.",
    "not_enough_info": "n.e.i.",
    "disputed": "disp.",
    "not_checked": "n.ch.",
    "reference_entries": "refs",
    "sources": "sources",
}


def show_status(*, demo: bool, as_json: bool) -> None:
    """Counts per cohort and stage, read from the warehouse; failing checks, read from Dagster's history."""
    from assets.instance import failing_checks, open_instance
    from pipelines.verification.verdict import VERIFIER_VERSION

    place = place_of(demo=demo)
    house = place.require()
    per_cohort = cohort_overview(house)
    with open_instance(place.location) as instance:
        failing = failing_checks(instance)
    document: dict[str, Any] = {
        "warehouse": str(place.location.database),
        "totals": warehouse_totals(house),
        "cohorts": per_cohort,
        "pending": {
            row["cohort"]: {name: row[name] for name in row if name.startswith("pending_") and row[name]}
            for row in per_cohort
            if any(row[name] for name in row if name.startswith("pending_"))
        },
        "missing_gate_verdicts": missing_gate_verdicts(house),
        "stale_verdicts": stale_verdicts(house, VERIFIER_VERSION),
        "failing_checks": failing,
        "as_of": datetime.now(UTC).isoformat(),
    }
    if as_json:
        print_json(document)
    else:
        _print(document)


def _print(document: dict[str, Any]) -> None:
    console = out()
    console.print(f"Warehouse {document['warehouse']}", soft_wrap=True)
    console.print(", ".join(f"{count} {name.replace('_', ' ')}" for name, count in document["totals"].items()))
    if document["cohorts"]:
        table = Table(header_style="bold", padding=(0, 0, 0, 1))
        for name, head in COLUMNS.items():
            table.add_column(head, justify="left" if name == "cohort" else "right", no_wrap=True)
        for row in document["cohorts"]:
            table.add_row(*(str(row[name]) for name in COLUMNS))
        console.print(table)
    for cohort, pending in document["pending"].items():
        left = ", ".join(f"{number} {name.removeprefix('pending_')}" for name, number in pending.items())
        console.print(f"{cohort}: still to do: {left}")
    for activation, missing in document["missing_gate_verdicts"].items():
        console.print(f"{activation}: not evaluated for {', '.join(missing)}")
    console.print(f"Verdicts by an older verifier: {document['stale_verdicts']}")
    console.print(f"Failing checks: {', '.join(document['failing_checks']) or 'none'}")

"""`claimgate status`: what the warehouse holds, and what is pending, failing or stale."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from rich.table import Table

from claimgate.commands.judging import version_of
from claimgate.output import out, print_json
from claimgate.place import Place, place_of
from pipelines.verification.backend_choice import BackendUnusable
from warehouse.overview import (
    artifact_outcomes,
    cohort_overview,
    gate_outcomes,
    missing_gate_verdicts,
    stale_verdicts,
    warehouse_totals,
)

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

    place = place_of(demo=demo)
    house = place.require()
    verifier = _verifier(place)
    per_cohort = cohort_overview(house)
    today = datetime.now(UTC).date()
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
        "gates": gate_outcomes(house, today),
        "artifacts": artifact_outcomes(house),
        "missing_gate_verdicts": missing_gate_verdicts(house, today),
        "verifier": verifier,
        "stale_verdicts": stale_verdicts(house, verifier["version"]) if verifier["version"] else None,
        "failing_checks": failing,
        "as_of": datetime.now(UTC).isoformat(),
    }
    if as_json:
        print_json(document)
    else:
        _print(document)


def _verifier(place: Place) -> dict[str, str | None]:
    """The back end that the settings name, and its version; where it cannot be used, why."""
    name = place.settings.backend
    try:
        return {"backend": name, "version": version_of(place), "problem": None}
    except BackendUnusable as problem:
        return {"backend": name, "version": None, "problem": str(problem)}


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
    for activation, outcomes in document["gates"].items():
        console.print(f"{activation}: {_counted(outcomes)}", soft_wrap=True)
    if document["artifacts"]:
        console.print(f"Artifacts: {_counted(document['artifacts'])}", soft_wrap=True)
    for activation, missing in document["missing_gate_verdicts"].items():
        console.print(f"{activation}: not evaluated for {', '.join(missing)}")
    verifier = document["verifier"]
    if verifier["problem"]:
        console.print(f"Verifier: {verifier['backend']}, which cannot be used. {verifier['problem']}", markup=False)
    else:
        console.print(f"Verifier: {verifier['backend']} ({verifier['version']})", markup=False)
        console.print(f"Verdicts by another verifier or version: {document['stale_verdicts']}")
    console.print(f"Failing checks: {', '.join(document['failing_checks']) or 'none'}")


def _counted(outcomes: dict[str, int]) -> str:
    return ", ".join(f"{number} {outcome}" for outcome, number in outcomes.items())

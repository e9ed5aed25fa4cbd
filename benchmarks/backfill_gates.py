"""How long one Dagster run of the gate stage takes for many cohorts under a new policy, and that it can be repeated.

usage: python benchmarks/backfill_gates.py [--cohorts 24] [--records 5000] [--gate gate-1]

Synthetic records (five claims each with a verdict, four references with an audit, a review) are put into a temporary
warehouse; the activation is then back-filled over all cohorts in one run, twice: the second run must add nothing.
Publication is not part of it. Two processes are never at work: one run, in process, as the command line does it.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "1")

import dagster as dg

from assets.chain import legs
from assets.definitions import build_definitions
from assets.instance import bring_partitions_up_to_date
from assets.jobs import GATING
from assets.partitions import COHORT
from assets.resources import WarehouseResource
from warehouse.append import append
from warehouse.connection import Warehouse
from warehouse.gates import outcome_counts
from warehouse.ingestion import cohorts
from warehouse.location import WarehouseLocation
from warehouse.policies import activate_shipped

RECORDED = datetime.now(UTC) - timedelta(days=1)

FILL = (
    """
    CREATE TEMP TABLE made AS
    SELECT 'record-' || i AS record_id, 'version-' || i AS record_version_id,
      strftime(DATE '2024-12-01' + to_months((i % $cohorts)::INTEGER), '%Y-%m') AS cohort, i
    FROM range($cohorts * $records) AS t(i)
    """,
    """
    INSERT INTO batches BY NAME
    SELECT stage || '-' || i AS batch_id, stage, record_version_id AS subject_id, 'f' AS fingerprint,
      5 AS row_count, $recorded AS recorded_at, 'fill' AS run_id
    FROM made, (VALUES ('records'), ('claims'), ('references')) AS s(stage)
    """,
    """
    INSERT INTO records BY NAME
    SELECT 'r-' || i AS row_id, 'records-' || i AS batch_id, record_version_id, record_id, 'doc-' || i AS document_id,
      cohort, 'report' AS layout, 'Synthetic record ' || i AS title, (cohort || '-15')::DATE AS published_on,
      5 AS stated_claim_rows, FALSE AS synthetic, $recorded AS recorded_at, 'fill' AS run_id
    FROM made
    """,
    """
    INSERT INTO arrivals BY NAME
    SELECT 'a-' || i AS arrival_id, 'doc-' || i AS document_id, 'made.txt' AS name, record_id, cohort,
      $recorded AS recorded_at, 'fill' AS run_id
    FROM made
    """,
    """
    INSERT INTO claims BY NAME
    SELECT 'c-' || i || '-' || n AS row_id, 'claims-' || i AS batch_id, 'claim-' || i || '-' || n AS claim_id,
      record_id, record_version_id, n AS ordinal, 'Synthetic.' AS text, $recorded AS recorded_at, 'fill' AS run_id
    FROM made, range(5) AS t(n)
    """,
    """
    INSERT INTO verdicts BY NAME
    SELECT 'v-' || claim_id AS verdict_id, claim_id, 'f' AS fingerprint,
      CASE hash(claim_id) % 7 WHEN 0 THEN 'NOT_ENOUGH_INFO' WHEN 1 THEN 'REFUTED' ELSE 'SUPPORTED' END AS verdict,
      $recorded AS recorded_at, 'fill' AS run_id
    FROM claims
    """,
    """
    INSERT INTO record_references BY NAME
    SELECT 'f-' || i || '-' || n AS row_id, 'references-' || i AS batch_id, 'ref-' || i || '-' || n AS reference_id,
      record_version_id, n AS ordinal, $recorded AS recorded_at, 'fill' AS run_id
    FROM made, range(4) AS t(n)
    """,
    """
    INSERT INTO reference_audits BY NAME
    SELECT 'au-' || reference_id AS audit_id, reference_id, record_version_id, 'f' AS fingerprint,
      'FOUND' AS finding, FALSE AS retracted, $recorded AS recorded_at, 'fill' AS run_id
    FROM record_references
    """,
    """
    INSERT INTO reviews BY NAME
    SELECT 'w-' || i AS review_id, record_id, 'f' AS fingerprint, 7.0 AS score, '[]' AS findings,
      $recorded AS recorded_at, 'fill' AS run_id
    FROM made
    """,
)


def fill(house: Warehouse, *, cohorts: int, records: int) -> None:
    values = {"cohorts": cohorts, "records": records, "recorded": RECORDED}
    with house.write() as connection:
        for query in FILL:
            connection.execute(query, {name: value for name, value in values.items() if f"${name}" in query})


def late_record(house: Warehouse, cohort: str) -> None:
    """One more record of a cohort that was evaluated already."""
    fixed = {"recorded_at": datetime.now(UTC), "run_id": "late"}
    with house.write() as connection:
        for stage in ("records", "claims", "references"):
            batch = {"batch_id": f"{stage}-late", "stage": stage, "subject_id": "version-late", "fingerprint": "f"}
            append(connection, "batches", [batch | {"row_count": 0} | fixed], key="batch_id")
        record = {"row_id": "r-late", "batch_id": "records-late", "record_version_id": "version-late"}
        about = {"record_id": "record-late", "document_id": "doc-late", "cohort": cohort, "layout": "report"}
        append(
            connection, "records", [record | about | {"stated_claim_rows": 0, "synthetic": False} | fixed], key="row_id"
        )


def backfill(definitions: dg.Definitions, instance: dg.DagsterInstance, house: Warehouse, activation: str) -> float:
    """Seconds of one run of the gate stage over every cohort."""
    bring_partitions_up_to_date(instance, house)
    in_order = list(instance.get_dynamic_partitions(COHORT))
    (leg,) = legs(GATING, cohorts(house), in_order, [activation])
    started = time.perf_counter()
    result = definitions.resolve_job_def(GATING).execute_in_process(instance=instance, tags=leg.tags)
    taken = time.perf_counter() - started
    made = sum(event.is_step_materialization for event in result.all_events)
    print(f"  {taken:6.1f} s, {made} partitions materialised, outcomes {counts(house, activation)}")
    return taken


def counts(house: Warehouse, activation: str) -> dict[str, int]:
    return outcome_counts(house, activation, cohorts(house))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--cohorts", type=int, default=24)
    options.add_argument("--records", type=int, default=5000, help="records a cohort")
    options.add_argument("--gate", default="gate-1")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder, dg.DagsterInstance.ephemeral() as instance:
        house = Warehouse(WarehouseLocation.of(str(Path(folder) / "made.duckdb")))
        fill(house, cohorts=chosen.cohorts, records=chosen.records)
        activate_shipped(house, recorded_at=RECORDED)
        definitions = build_definitions(warehouse=WarehouseResource(database=str(house.location.database)))
        activation = next(one for one in instance_activations(house) if one.startswith(chosen.gate))
        print(f"{activation} over {chosen.cohorts} cohorts x {chosen.records} records:")
        for _ in range(2):
            backfill(definitions, instance, house, activation)
        late_record(house, cohorts(house)[0])
        print("a late record of an old cohort:")
        backfill(definitions, instance, house, activation)


def instance_activations(house: Warehouse) -> list[str]:
    from warehouse.gates import activations

    return [one.activation_id for one in activations(house)]


if __name__ == "__main__":
    main()

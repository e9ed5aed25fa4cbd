"""How long one Dagster run of the gate stage takes for many cohorts under a new policy, repeated, killed, and late.

usage: python -m benchmarks.backfill_gates [--cohorts 24] [--records 5000] [--gates gate-1 ...] [--unpublished]

Synthetic records are put into a temporary warehouse: five claims each with a verdict, four references with an audit,
a review, the reports of three attackers, for one in ten an artifact with an attempt, and the state in which each was
published, so that every verdict calls for a correction. Each gate's newest activation is then back-filled over all
cohorts, each time by a process of its own that runs the job of `claimgate backfill`. Its publishing of pages
afterwards is not part of it. Then the same again, with a late record, and on a copy killed half-way and repeated.
"waited" is how long of a run others had the cores: on a machine of one's own it is near nothing.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import math
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from assets.chain import legs
from assets.jobs import GATING
from warehouse.append import append
from warehouse.connection import Warehouse
from warehouse.gates import Activation, activations
from warehouse.ingestion import cohorts
from warehouse.location import WarehouseLocation
from warehouse.policies import activate_shipped

RECORDED = datetime.now(UTC) - timedelta(days=1)
GATES = ("gate-1", "gate-2", "gate-3")
INTO_THE_GROUP = 1.0  # seconds from a commit to the kill, so that it comes amid the work on the next group

ATTACKERS = ("counterexample", "citations", "checks")
FOUND_NOTHING = json.dumps(
    [{"attacker": one, "ran": True, "reason": "Looked at all of it.", "findings": []} for one in ATTACKERS]
)
RETRACTED = json.dumps(
    [
        {
            "attacker": one,
            "ran": one != "counterexample",
            "reason": "It broke off." if one == "counterexample" else "Looked at all of it.",
            "findings": [
                {
                    "attacker": one,
                    "target": "citation",
                    "subject": "reference 2",
                    "rule": "retracted-source",
                    "message": "Reference 2 was retracted.",
                }
            ]
            if one == "citations"
            else [],
        }
        for one in ATTACKERS
    ]
)
ATTEMPT = json.dumps(
    {
        "artifact_id": "artifact-@",
        "claim_id": "claim-@-0",
        "kind": "reproduction",
        "outcome": "VERIFIED",
        "authority": True,
        "reason": "The reproduction printed what the claim says",
        "seal_level": 1,
        "approved_by": "A. Reader",
    }
)
PUBLISHED = json.dumps(
    {
        "METADATA": {"title": "Synthetic record @", "publisher": None, "published_on": None, "version_id": "version-@"},
        "CLAIM": {
            f"claim.claim-@-{n}.{field}": value
            for n in range(5)
            for field, value in {
                "verdict": "SUPPORTED",
                "confidence": 0.91,
                "conflict": False,
                "evidence": ["SUPPORTS doi:10.5555/synthetic sha256:0123456789abcdef"],
                "adjudicated_by": None,
            }.items()
        },
        "PROVENANCE": {
            f"reference.{n}.{field}": value
            for n in range(4)
            for field, value in {"finding": "FOUND", "source_id": f"s-{n}", "mismatches": [], "notices": []}.items()
        },
        "QUALITY_ASSESSMENT": {"review.score": 7.0, "review.low": 6.0, "review.high": 8.0, "level": 2, "tier": None},
        "ARTIFACT": {},
    },
    sort_keys=True,
)

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
    """
    INSERT INTO artifacts BY NAME
    SELECT 'artifact-' || i AS artifact_id, 'claim-' || i || '-0' AS claim_id, record_id, 'reproduction' AS kind,
      sha256(record_id) AS sha256, '{}' AS manifest, $recorded AS recorded_at
    FROM made
    WHERE i % 10 = 0
    """,
    """
    INSERT INTO attempts BY NAME
    SELECT 'attempt-' || i AS attempt_id, 'artifact-' || i AS artifact_id, 'claim-' || i || '-0' AS claim_id, record_id,
      'VERIFIED' AS outcome, 'reproduction' AS backend, TRUE AS backend_is_authority,
      replace($attempt, '@', i::VARCHAR) AS facts, $recorded AS recorded_at, 'fill' AS run_id
    FROM made
    WHERE i % 10 = 0
    """,
    """
    INSERT INTO red_team_reports BY NAME
    SELECT 't-' || i AS report_id, record_id, 'f' AS fingerprint,
      CASE hash(record_id) % 20 WHEN 0 THEN $retracted ELSE $found_nothing END AS reports,
      $recorded AS recorded_at, 'fill' AS run_id
    FROM made
    """,
    """
    INSERT INTO public_states BY NAME
    SELECT 's-' || i AS state_id, record_id, 'f' AS fingerprint, replace($state, '@', i::VARCHAR) AS state,
      2 AS level, 7.0 AS score, 4 AS supported, 5 AS extracted, $recorded AS recorded_at, 'fill' AS run_id
    FROM made
    WHERE $published
    """,
)

# What a run leaves, without clocks, the ids of runs, and what is derived from them.
LEFT = {
    "gate_verdicts": "* EXCLUDE (as_of, recorded_at, run_id)",
    "public_states": "* EXCLUDE (recorded_at, run_id)",
    "corrections": "correction_id, record_id, state_id, sequence, kind, correction -> 'before', correction -> 'after'",
}


def fill(house: Warehouse, *, cohorts: int, records: int, published: bool) -> None:
    values = {
        "cohorts": cohorts,
        "records": records,
        "recorded": RECORDED,
        "attempt": ATTEMPT,
        "found_nothing": FOUND_NOTHING,
        "retracted": RETRACTED,
        "state": PUBLISHED,
        "published": published,
    }
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


# --- one run, in a process of its own -----------------------------------------------------------


def evaluate_gates(database: Path, activation: str) -> None:
    """The gate leg of `claimgate backfill`; progress on stderr, seconds as JSON on stdout."""
    from assets.definitions import build_definitions
    from assets.instance import bring_partitions_up_to_date, open_instance
    from assets.partitions import COHORT
    from assets.progress import LOGGER
    from assets.resources import WarehouseResource
    from assets.runs import Conductor

    LOGGER.addHandler(logging.StreamHandler())
    LOGGER.setLevel(logging.INFO)
    house = Warehouse(WarehouseLocation.of(str(database)))
    with open_instance(house.location) as instance:
        bring_partitions_up_to_date(instance, house)
        (leg,) = legs(GATING, cohorts(house), list(instance.get_dynamic_partitions(COHORT)), [activation])
        lead = Conductor(build_definitions(warehouse=WarehouseResource(database=str(database))), instance, house)
        started, stood = time.perf_counter(), waited()
        lead._execute(leg, {})
        print(json.dumps({"seconds": time.perf_counter() - started, "waited": waited() - stood}))


def waited() -> float:
    """Seconds that this process's main thread stood in line for a core that others had; 0 where nobody counts them."""
    try:
        return int(Path("/proc/self/schedstat").read_text(encoding="ascii").split()[1]) / 1e9
    except OSError:
        return 0.0


@dataclass(frozen=True)
class Run:
    """`seconds` of the Dagster run, of which `waited` for a core (nan: killed), `peak` of the process in MiB."""

    seconds: float
    waited: float
    peak: float
    written: int

    def row(self, what: str) -> str:
        killed = math.isnan(self.seconds)
        taken, waited = ("killed", "") if killed else (f"{self.seconds:.1f} s", f"{self.waited:.1f} s")
        return f"| {what:24} | {taken:>8} | {waited:>7} | {self.peak:5.0f} MiB | {self.written:7d} |"


def run(database: Path, activation: str, *, kill_at: int | None = None) -> Run:
    """The run in a child; `kill_at` is after how many cohorts it is killed, amid the next ones."""
    before = verdicts(database)
    command = [sys.executable, __file__, "--one", str(database), activation]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as it:
        assert it.stdout is not None
        assert it.stderr is not None
        told: list[str] = []
        for line in it.stderr:
            told.append(line)
            if kill_at is not None and line.startswith("gate verdicts ") and _done(line) >= kill_at:
                time.sleep(INTO_THE_GROUP)
                it.send_signal(signal.SIGKILL)
                kill_at = None
        said = it.stdout.read()
        _, status, usage = os.wait4(it.pid, 0)
        it.returncode = os.waitstatus_to_exitcode(status)
    if it.returncode not in (0, -signal.SIGKILL):
        raise SystemExit("".join(told))
    took = json.loads(said) if said else {"seconds": math.nan, "waited": math.nan}
    return Run(took["seconds"], took["waited"], usage.ru_maxrss / 1024, verdicts(database) - before)


def _done(line: str) -> int:
    return int(line.split()[2].split("/")[0])


# --- what it leaves -----------------------------------------------------------------------------


def house_of(database: Path) -> Warehouse:
    return Warehouse(WarehouseLocation.of(str(database)))


def ask(database: Path, query: str) -> list[tuple[Any, ...]]:
    with house_of(database).read() as connection:
        return connection.execute(query).fetchall()


def verdicts(database: Path) -> int:
    return int(ask(database, "SELECT count(*) FROM gate_verdicts")[0][0])


def left(database: Path) -> dict[str, tuple[Any, ...]]:
    """Table to its number of rows and a hash of them in any order."""
    return {
        table: ask(database, f"SELECT count(*), sum(hash(t)) FROM (SELECT {columns} FROM {table}) AS t")[0]
        for table, columns in LEFT.items()
    }


def outcomes(database: Path, activation: str) -> str:
    rows = ask(
        database,
        "SELECT coalesce(outcome, result), count(*) FROM gate_verdicts "
        f"WHERE activation_id = '{activation}' GROUP BY 1 ORDER BY 1",
    )
    return ", ".join(f"{count} {word}" for word, count in rows)


def newest(house: Warehouse, gates: Sequence[str]) -> Iterator[Activation]:
    for gate in gates:
        yield [one for one in activations(house) if one.gate == gate][-1]


# --- the table ----------------------------------------------------------------------------------


def measure(database: Path, chosen: Sequence[Activation], untouched: Path) -> None:
    house = house_of(database)
    print("| what                     |  the run |  waited |      peak | written |")
    print("|---|---|---|---|---|")
    for one in chosen:
        print(run(database, one.activation_id).row(f"{one.gate} {one.policy_version}"), flush=True)
    first = chosen[0]
    undisturbed = left(database)
    for one in chosen:
        print(run(database, one.activation_id).row(f"{one.gate} {one.policy_version} again"), flush=True)
    same = left(database) == undisturbed
    late_record(house, cohorts(house)[0])
    print(run(database, first.activation_id).row(f"{first.gate}, a late record"), flush=True)
    half = len(cohorts(house)) // 2
    for one in chosen:
        killed = run(untouched, one.activation_id, kill_at=half)
        print(killed.row(f"{one.gate}, killed half-way"), flush=True)
        print(run(untouched, one.activation_id).row(f"{one.gate}, repeated"), flush=True)
    print()
    for one in chosen:
        print(f"{one.activation_id}: {outcomes(database, one.activation_id)}")
    print(f"run again, the tables are {'the same' if same else 'OTHERS'}: {undisturbed}")
    print(f"killed and repeated, they are {'the same' if left(untouched) == undisturbed else 'OTHERS'}")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--cohorts", type=int, default=24)
    options.add_argument("--records", type=int, default=5000, help="records a cohort")
    options.add_argument("--gates", nargs="+", default=list(GATES))
    options.add_argument("--unpublished", action="store_true", help="nothing was published yet: no corrections")
    options.add_argument("--one", nargs=2, metavar=("DATABASE", "ACTIVATION"), help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.one:
        evaluate_gates(Path(chosen.one[0]), chosen.one[1])
        return
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder, "made", "claimgate.duckdb")
        house = house_of(database)
        fill(house, cohorts=chosen.cohorts, records=chosen.records, published=not chosen.unpublished)
        activate_shipped(house, recorded_at=RECORDED)
        untouched = Path(folder, "killed", "claimgate.duckdb")
        shutil.copytree(database.parent, untouched.parent)
        print(f"{chosen.cohorts} cohorts x {chosen.records} records")
        measure(database, list(newest(house, chosen.gates)), untouched)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()

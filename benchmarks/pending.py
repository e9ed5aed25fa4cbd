"""How long it takes to decide what is pending in a large warehouse.

usage: python benchmarks/pending.py [CLAIMS] [VERDICTS]      (default 200000 1000000)

Fills a warehouse in a temporary folder with records of 20 claims each, as many verdicts as asked for
(the latest of each claim in force) and one batch a record, then measures: `pending` as every batch
stage asks it, the fingerprints of verdicts as the asset `verdicts` reads them, all records at once and
one chunk of records, and the saving of one verdict. Nothing is pending but one subject in a hundred.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from pipelines.models import ClaimVerdict, EvidenceScope, Verdict
from warehouse.append import Stamp, pending
from warehouse.connection import Warehouse
from warehouse.location import WarehouseLocation
from warehouse.verification import ReachedVerdict, save_verdicts, verdict_fingerprints

CLAIMS_A_RECORD = 20
CHUNK = 50  # records
REPEATS = 5

Result = TypeVar("Result")

FILL = (
    """
    INSERT INTO batches BY NAME
    SELECT stage || i AS batch_id, stage, subject || i AS subject_id, 'v1' AS fingerprint, $per AS row_count,
      TIMESTAMPTZ '2026-01-01' AS recorded_at
    FROM range($claims // $per) AS r(i), (VALUES ('records', 'document-'), ('claims', 'version-')) AS s(stage, subject)
    """,
    # One batch a claim, for `pending` over as many subjects as there are claims.
    """
    INSERT INTO batches BY NAME
    SELECT 'passages-' || i || '-' || n AS batch_id, 'passages' AS stage, 'source-' || i AS subject_id,
      CASE WHEN i % 100 = 0 THEN 'v0' ELSE 'v1' END AS fingerprint, 1 AS row_count,
      TIMESTAMPTZ '2026-01-01' + n * INTERVAL 1 DAY AS recorded_at
    FROM range($claims) AS r(i), range($verdicts // $claims) AS v(n)
    """,
    """
    INSERT INTO records BY NAME
    SELECT 'row-' || i AS row_id, 'records' || i AS batch_id, 'version-' || i AS record_version_id,
      'record-' || i AS record_id, '2026-05' AS cohort, 'prose' AS layout, 0 AS stated_claim_rows,
      TIMESTAMPTZ '2026-01-01' AS recorded_at
    FROM range($claims // $per) AS r(i)
    """,
    """
    INSERT INTO claims BY NAME
    SELECT 'row-' || i AS row_id, 'claims' || (i // $per) AS batch_id, sha256(i::VARCHAR)[:32] AS claim_id,
      'record-' || (i // $per) AS record_id, 'version-' || (i // $per) AS record_version_id,
      i % $per AS ordinal, 'a claim of a hundred characters ' || i AS text, TIMESTAMPTZ '2026-01-01' AS recorded_at
    FROM range($claims) AS r(i)
    """,
    """
    INSERT INTO verdicts BY NAME
    SELECT sha256(i || '-' || n)[:32] AS verdict_id, sha256(i::VARCHAR)[:32] AS claim_id,
      sha256('fingerprint' || i || '-' || n) AS fingerprint, 'SUPPORTED' AS verdict, 0.9 AS confidence,
      'a sentence of a source says so' AS reason, 'record' AS scope, FALSE AS conflict,
      TIMESTAMPTZ '2026-01-01' + n * INTERVAL 1 DAY AS recorded_at
    FROM range($claims) AS r(i), range($verdicts // $claims) AS v(n)
    """,
)


def fill(house: Warehouse, claims: int, verdicts: int) -> None:
    asked = {"claims": claims, "verdicts": verdicts, "per": CLAIMS_A_RECORD}
    with house.write() as connection:
        for statement in FILL:
            connection.execute(statement, {name: value for name, value in asked.items() if f"${name}" in statement})


def timed(what: str, measured: Callable[[], Result]) -> Result:
    """The result of the last of several calls; prints the shortest and the longest."""
    seconds = []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        result = measured()
        seconds.append(time.perf_counter() - begun)
    print(f"{what:<64} {min(seconds) * 1000:8.0f} ms  (longest {max(seconds) * 1000:.0f} ms)")
    return result


def pending_subjects(house: Warehouse, claims: int) -> int:
    wanted = {f"source-{i}": "v1" for i in range(claims)}

    def ask() -> int:
        with house.read() as connection:
            return len(pending(connection, "passages", wanted))

    return timed(f"append.pending over {claims:,} subjects", ask)


def save_one(house: Warehouse, number: int) -> int:
    verdict = Verdict(
        claim_id=f"claim-{number}",
        verdict=ClaimVerdict.NOT_CHECKED,
        confidence=None,
        reason="no source text",
        scope=EvidenceScope.NONE,
        verifier_version="benchmark",
        backend="none",
    )
    return save_verdicts(
        house, [ReachedVerdict("fingerprint", verdict)], Stamp(datetime(2026, 7, 1, tzinfo=UTC), "benchmark")
    )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("claims", type=int, nargs="?", default=200_000)
    asked.add_argument("verdicts", type=int, nargs="?", default=1_000_000)
    given = asked.parse_args()
    claims, verdicts = given.claims, given.verdicts
    with tempfile.TemporaryDirectory() as folder:
        house = Warehouse(WarehouseLocation(Path(folder) / "claimgate.duckdb"))
        begun = time.perf_counter()
        fill(house, claims, verdicts)
        print(f"{claims:,} claims, {verdicts:,} verdicts, filled in {time.perf_counter() - begun:.0f} s")
        found = pending_subjects(house, claims)
        records = [f"record-{i}" for i in range(claims // CLAIMS_A_RECORD)]
        held = timed(
            f"verdict_fingerprints, all {len(records):,} records at once", lambda: verdict_fingerprints(house, records)
        )
        timed(f"verdict_fingerprints, {CHUNK} records", lambda: verdict_fingerprints(house, records[:CHUNK]))
        numbers = iter(range(REPEATS))
        timed("save_verdicts, one verdict", lambda: save_one(house, next(numbers)))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        size = house.location.database.stat().st_size / 2**20
        print(f"{found:,} pending, {len(held):,} fingerprints; database {size:.0f} MiB, peak memory {memory:.0f} MiB")


if __name__ == "__main__":
    main()

"""Every published tier and level recomputed by the publisher's own rule, with ours beside it and why they differ.

usage: CLAIMGATE_CORPUS=FOLDER python benchmarks/published_tiers.py [FILE...]

Takes the stated facts of `records/published-facts.json` and the record texts beside it, or the files named, through
the whole chain in a temporary warehouse, with the library `library/sources.jsonl` and without network. Prints for
each record the tier and level as published, what the publisher's own rule gives for the figures that it states, ours
with its rule; then how often the own rule gives what was published, and theirs against ours. Ends with 1 where a
published tier or level does not follow from its publisher's rule.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.published_gates import published_files, said, taken_in
from pipelines.models import Level, Tier
from pipelines.publication.views import PublicRecord
from pipelines.review.reference_rule import recomputed_tiers, reference_level, tier_named
from warehouse.connection import Warehouse
from warehouse.location import WarehouseLocation


@dataclass(frozen=True)
class Recomputed:
    """`None`: the record does not state what the rule needs."""

    stated: Tier | None
    tiers: frozenset[Tier] | None
    level: Level | None

    @property
    def follows(self) -> bool | None:
        return None if self.stated is None or self.tiers is None else self.stated in self.tiers


def recomputed(record: PublicRecord) -> Recomputed:
    claims = record.stated.source_grounded_claims
    return Recomputed(
        stated=tier_named(record.stated.tier or ""),
        tiers=recomputed_tiers(record.stated, record.layout),
        level=None if claims is None else reference_level(claims),
    )


def print_record(record: PublicRecord, own: Recomputed) -> None:
    stated = record.stated
    print(f"{(record.identifier or record.record_id)[:70]}  {record.title[:60]}")
    score = "no score" if stated.review_score is None else f"score {stated.review_score:g}"
    level = "no level" if stated.level is None else f"L{stated.level}"
    print(f"  published  {stated.tier or 'no tier'}, {level} ({score}, {stated.gate_status or 'no gate status'})")
    tiers = "not to be told without a score" if own.tiers is None else " or ".join(sorted(t.words for t in own.tiers))
    print(f"  own rule   {tiers}, {'level not to be told' if own.level is None else f'L{int(own.level)}'}")
    ours = "not rated" if record.tier is None else record.tier.words
    said(f"  ours       {ours}, {'no level' if record.level is None else f'L{int(record.level)}'}. {record.tier_basis}")


def print_totals(records: Sequence[tuple[PublicRecord, Recomputed]]) -> None:
    verdicts = Counter(own.follows for _, own in records)
    print(f"\npublished tier follows from the own rule: {verdicts[True]} yes, {verdicts[False]} no,", end=" ")
    print(f"{verdicts[None]} not to be told (no score, or no tier, is stated)")
    levels = Counter(record.stated.level == own.level for record, own in records if own.level is not None)
    print(f"published level follows from the own rule: {levels[True]} yes, {levels[False]} no")
    print("\ntheirs                 ours                   records")
    pairs = Counter(
        (record.stated.tier or "no tier", record.tier.words if record.tier else "not rated") for record, _ in records
    )
    for (theirs, ours), number in sorted(pairs.items()):
        print(f"  {theirs:<20} {ours:<22} {number:>7}")
    falsified = [r for r, own in records if (r.stated.gate_status or "").casefold() == "falsified" and own.stated]
    top = sum(tier_named(r.stated.tier or "") in (Tier.DOI_GRADE, Tier.FLAGSHIP_CANDIDATE) for r in falsified)
    print(f"\npublished as falsified with a tier: {len(falsified)}, of which DOI grade or flagship: {top}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    files, corpus = parser.parse_args().files, os.environ.get("CLAIMGATE_CORPUS")
    if not files and not corpus:
        sys.exit("Name files, or set CLAIMGATE_CORPUS to the folder with the published records.")
    library = Path(corpus) / "library" / "sources.jsonl" if corpus else None
    with tempfile.TemporaryDirectory() as scratch:
        house = Warehouse(WarehouseLocation.of(str(Path(scratch) / "warehouse.duckdb")))
        intake, records = taken_in(files or published_files(Path(corpus or "")), house, library)
    for one in intake.rejections:
        print(f"rejected: {one['path']}: {one['reason']}")
    held = [(record, recomputed(record)) for record in records]
    for record, own in held:
        print_record(record, own)
    print_totals(held)
    wrong = [r for r, own in held if own.follows is False or (own.level is not None and r.stated.level != own.level)]
    return 1 if wrong or not held else 0


if __name__ == "__main__":
    sys.exit(main())

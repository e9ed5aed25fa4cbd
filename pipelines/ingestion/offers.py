"""The works that are offered for a reference, by whoever was asked: each publication once.

Input: what indexes answered, what a library offers, what earlier runs found. Output: works, not yet judged.
Does not belong here: which of them is meant (sources.py), whether it is what was stated (verification).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.ingestion.lookup_plan import works_found
from pipelines.ingestion.lookups import Known
from pipelines.ingestion.merging import merged_works
from pipelines.ingestion.sources import WorkIndex, match_reference
from pipelines.models import Reference, Work


@dataclass(frozen=True)
class Offers:
    """`able`: names of the indexes that may be asked. `shelved`: the library's candidates for each reference."""

    known: Mapping[str, Known]
    able: frozenset[str]
    shelved: Mapping[Reference, tuple[Work, ...]]
    remembered: WorkIndex

    def to(self, reference: Reference) -> tuple[Work, ...]:
        """The works that this reference could mean, the likeliest first."""
        offered = merged_works(
            (
                *self.shelved.get(reference, ()),
                *works_found(reference, self.known, self.able),
                *match_reference(reference, self.remembered),
            )
        )
        return match_reference(reference, WorkIndex.of(offered))

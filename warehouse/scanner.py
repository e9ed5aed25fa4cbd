"""The scanner of rigour scans, made from settings: rules, and a model for what they leave open where one is configured.

Belongs here: opening it, which versions of sources it has not scanned yet, under which fingerprint a scan is kept.
Does not belong here: rules and what a model is asked (pipelines/review), rows (review).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.models import RigorScan
from pipelines.review.rigor.items import ITEMS
from pipelines.review.rigor.scanning import SCANNER_VERSION, scan_text
from warehouse.append import Stamp
from warehouse.backends import Surroundings, opened_asking
from warehouse.connection import Warehouse
from warehouse.review import save_rigor_scans
from warehouse.sources import StoredSourceVersion, source_versions_of
from warehouse.statements import statement

if TYPE_CHECKING:
    from pipelines.verification.llm_asking import ModelAsking

Scanned = tuple[StoredSourceVersion, RigorScan]


@dataclass(frozen=True)
class Scanner:
    asking: ModelAsking | None = None

    @property
    def fingerprint(self) -> str:
        """Behind a plus stands the model, if one can be reached: what it answered stays in force while it is away."""
        if self.asking is None or self.asking.is_offline:
            return SCANNER_VERSION
        from pipelines.review.by_model.scan_items import model_version

        return f"{SCANNER_VERSION}+{model_version(self.asking)}"

    def scan(self, version: StoredSourceVersion) -> RigorScan:
        scan = scan_text(version.source_version_id, version.text, version.text_kind)
        if self.asking is None:
            return scan
        from pipelines.review.by_model.scan_items import answered_by_model

        return answered_by_model(scan, version.text, self.asking, ITEMS)

    def unscanned(self, warehouse: Warehouse, cohort: str) -> tuple[StoredSourceVersion, ...]:
        """The versions that records of the cohort draw on and that neither it nor it with a model has scanned."""
        todo = source_versions_of(warehouse, cohort, "rigor_scans", self.fingerprint)
        if self.fingerprint != SCANNER_VERSION or not todo:
            return todo
        with_a_model = _scanned_with_a_model(warehouse, todo)
        return tuple(version for version in todo if version.source_version_id not in with_a_model)

    def save(self, warehouse: Warehouse, scanned: Sequence[Scanned], stamp: Stamp) -> int:
        """How many are new. Where its model was not heard it is asked again, and what another answered stays."""
        has_model = self.fingerprint != SCANNER_VERSION
        missed = [one for one in scanned if has_model and _was_not_heard(one[1])]
        heard = [one for one in scanned if not (has_model and _was_not_heard(one[1]))]
        with_a_model = _scanned_with_a_model(warehouse, [version for version, _ in missed])
        by_rules = [one for one in missed if one[0].source_version_id not in with_a_model]
        return save_rigor_scans(warehouse, heard, self.fingerprint, stamp) + (
            save_rigor_scans(warehouse, by_rules, SCANNER_VERSION, stamp) if by_rules else 0
        )


def _was_not_heard(scan: RigorScan) -> bool:
    from pipelines.review.by_model.hearing import WAS_NOT_HEARD

    return WAS_NOT_HEARD in scan.reason


def _scanned_with_a_model(warehouse: Warehouse, versions: Sequence[StoredSourceVersion]) -> set[str]:
    """Those whose scan in force is by these rules and a model, whichever."""
    if not versions or not warehouse.exists():
        return set()
    ids = [version.source_version_id for version in versions]
    with warehouse.read() as connection:
        rows = connection.execute(
            statement("review/scanned_with_a_model"), {"ids": ids, "prefix": f"{SCANNER_VERSION}+"}
        ).fetchall()
    return {row[0] for row in rows}


@contextmanager
def opened_scanner(around: Surroundings) -> Iterator[Scanner]:
    """Raises BackendUnusable for a budget that cannot be kept."""
    with opened_asking(around) as asking:
        yield Scanner(asking)

"""The compatible contracts of a record: which there are, the file of each, and when one does not apply.

Belongs here: the one list that the site, the command line and the tests go through. Does not belong here: what a
document says. Schemas lie in `schemas`; the manifest and the correction log, which are ours, are written elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pipelines.publication.contracts.correction_record import (
    CORRECTION_RECORD,
    CORRECTION_RECORD_FILE,
    PAPER_MANIFEST,
    PAPER_MANIFEST_FILE,
    correction_record,
)
from pipelines.publication.contracts.paper_manifest import Beside, paper_manifest
from pipelines.publication.contracts.quality_dimensions import QUALITY_DIMENSIONS, quality_dimensions
from pipelines.publication.contracts.quality_tiers import QUALITY_TIERS, quality_tiers, why_no_quality_tiers
from pipelines.publication.contracts.verification_levels import (
    VERIFICATION_LEVELS,
    verification_levels,
    why_no_verification_levels,
)
from pipelines.publication.gate_contract import record_gate_verdict, why_no_gate_verdict
from pipelines.publication.manifest import manifest_bytes
from pipelines.publication.site.text import folder_name
from pipelines.publication.views import PublicRecord

Document = dict[str, Any]

_SCHEMAS = Path(__file__).parent / "schemas"


class DoesNotApply(Exception):
    """A record has nothing that a contract could hold; the message says why."""


@dataclass(frozen=True)
class Contract:
    name: str
    file: str  # in the record's folder
    holds: str
    build: Callable[[PublicRecord, str | None], Document | None]  # None where `why_absent` gives a reason
    why_absent: Callable[[PublicRecord], str | None]


def _always(_record: PublicRecord) -> None:
    return None


_ABOUT_THE_RECORD = (
    Contract(
        "gate-verdict-v1",
        "gate-verdict.json",
        "its status at gate 2",
        lambda record, _base: record_gate_verdict(record),
        why_no_gate_verdict,
    ),
    Contract(
        QUALITY_TIERS,
        "quality-tiers.json",
        "its tier and the rules",
        lambda record, _base: quality_tiers(record),
        why_no_quality_tiers,
    ),
    Contract(
        QUALITY_DIMENSIONS,
        "quality-dimensions.json",
        "its eight scores",
        lambda record, _base: quality_dimensions(record),
        _always,
    ),
    Contract(
        VERIFICATION_LEVELS,
        "verification-levels.json",
        "how far its checking went",
        lambda record, _base: verification_levels(record),
        why_no_verification_levels,
    ),
    Contract(CORRECTION_RECORD, CORRECTION_RECORD_FILE, "what of it was corrected", correction_record, _always),
)


def _paper_manifest(record: PublicRecord, base_url: str | None) -> Document:
    beside = [Beside(one.name, one.file, one.why_absent(record)) for one in _ABOUT_THE_RECORD]
    return paper_manifest(record, base_url, beside)


CONTRACTS: Mapping[str, Contract] = MappingProxyType(
    {
        one.name: one
        for one in (
            Contract(PAPER_MANIFEST, PAPER_MANIFEST_FILE, "the record at a glance", _paper_manifest, _always),
            *_ABOUT_THE_RECORD,
        )
    }
)


def contract_files(record: PublicRecord, base_url: str | None) -> Iterator[tuple[str, bytes]]:
    """Path within the site and bytes of each contract that applies to a record.

    `base_url`: where the site will stand; without it addresses in the documents are relative to the record's folder.
    """
    folder = folder_name(record.record_id)
    for contract in CONTRACTS.values():
        document = contract.build(record, base_url)
        if document is not None:
            yield f"{folder}/{contract.file}", manifest_bytes(document)


def contract_bytes(name: str, record: PublicRecord, base_url: str | None = None) -> bytes:
    """One contract of a record. Raises DoesNotApply where the record has nothing that it could hold."""
    contract = CONTRACTS[name]
    document = contract.build(record, base_url)
    if document is None:
        raise DoesNotApply(contract.why_absent(record) or f"{name} does not apply to the record.")
    return manifest_bytes(document)


def schema_files() -> Mapping[str, bytes]:
    """Path within the site and bytes of the JSON Schema of every contract, ours and the compatible ones."""
    return {f"schemas/{file.name}": file.read_bytes() for file in sorted(_SCHEMAS.glob("*.json"))}

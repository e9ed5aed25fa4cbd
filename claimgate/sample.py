"""What the demo does that otherwise people do: it attaches two checks to its records, and approves them.

Belongs here: which claim a sample artifact is for, and the made-up person's word. Does not belong here: the
command `attach` (commands/artifacts), running artifacts. Only for a warehouse of the demo.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from pipelines.extraction.claims import extract_claims
from pipelines.gates.artifact_files import read_artifact
from pipelines.ingestion.documents import read_document
from pipelines.ingestion.records import parse_record, record_id_of
from warehouse.artifacts import approve, attach, has_a_word
from warehouse.connection import Warehouse
from warehouse.location import SAMPLE

APPROVER = "demo approver (synthetic)"
APPROVAL = "Part of the demo: no person looked at this check. In your own warehouse, `claimgate approve` records one."


def attach_sample_artifacts(house: Warehouse, recorded_at: datetime) -> None:
    """Attach the sample's checks to their claims and approve them; again, it changes nothing.

    A word that somebody gave in the meantime stands, also where it took the approval back.
    """
    records = dict(_records_by_claim())
    for folder in sorted((SAMPLE / "artifacts").iterdir()):
        artifact = read_artifact(folder)
        claim = artifact.manifest.claim
        artifact_id = attach(house, artifact, record_id=records[claim], claim_id=claim, recorded_at=recorded_at)
        if not has_a_word(house, artifact_id):
            approve(house, artifact_id, by=APPROVER, reason=APPROVAL, approved=True, recorded_at=recorded_at)


def _records_by_claim() -> Iterator[tuple[str, str]]:
    """Claim id and record id, as the chain will make them: so a check is there before its claim is looked at."""
    for file in sorted((SAMPLE / "inbox").iterdir()):
        record = parse_record(read_document(file.name, file.read_bytes()))
        record_id = record_id_of(record)
        for claim in extract_claims(record, record_id):
            yield claim.claim_id, record_id

"""Contract correction-record-v1: what of a record's public state changed since its first publication.

Belongs here: the document. Does not belong here: when a change is due, the chain (`publication.corrections`). The
document tells of events; the log that cannot be rewritten unseen is corrections.jsonl, whose hashes stand here too.
"""

from __future__ import annotations

from typing import Any

from pipelines.counts import counted
from pipelines.models import Correction
from pipelines.publication.contracts.envelope import (
    CONTRACT_UPDATED,
    CONTRACTS_AT,
    file_address,
    head,
    publisher,
    said_of_addresses,
    work,
)
from pipelines.publication.views import PublicRecord

CORRECTION_RECORD = "correction-record-v1"
CORRECTION_RECORD_FILE = "correction-record.json"
PAPER_MANIFEST = "paper-manifest-v1"
PAPER_MANIFEST_FILE = "paper-manifest.json"

POLICY_BASIS = (
    "Every change of what is publicly held about a record is an event, made by the system and chained by hashes to the"
    " one before; a first publication, and a check again with the same result, is none."
)
INTERPRETATION = (
    "CURRENT means that nothing changed since the first publication, CORRECTED that the events say what did. Neither"
    " says that what is published is right. A falsification is a correction like any other, and so is its withdrawal."
)
LIMITATIONS = (
    "Manifests of earlier states are not kept at addresses of their own, so that none is listed as superseded; the"
    " events say what changed.",
    "A chain cannot show that its end was cut off: compare a hash that was noted earlier.",
)


def correction_record(record: PublicRecord, base_url: str | None) -> dict[str, Any]:
    events = record.corrections
    return {
        **head(CORRECTION_RECORD),
        "contract_updated": CONTRACT_UPDATED,
        "publisher": publisher(base_url),
        "work": work(record, base_url),
        "manifest": {
            "schema": CONTRACTS_AT + PAPER_MANIFEST,
            "contract_version": PAPER_MANIFEST,
            "contract_updated": CONTRACT_UPDATED,
            "current_manifest_url": file_address(record, PAPER_MANIFEST_FILE, base_url),
            "correction_record_url": file_address(record, CORRECTION_RECORD_FILE, base_url),
        },
        "correction_state": "CORRECTED" if events else "CURRENT",
        "correction_count": len(events),
        "last_corrected_at": max(one.recorded_at for one in events).isoformat() if events else None,
        "correction_events": [_event(one) for one in events],
        "known_superseded_manifest_urls": [],
        "policy": {
            "corrections_are_additive": True,
            "no_silent_public_rewrites": True,
            "private_operational_logs_public": False,
            "basis": POLICY_BASIS,
        },
        "interpretation": INTERPRETATION,
        "limitations": [*LIMITATIONS, *said_of_addresses(base_url)],
    }


def _event(event: Correction) -> dict[str, Any]:
    fields = sorted(event.before.keys() | event.after.keys())
    return {
        "event_id": event.correction_id,
        "corrected_at": event.recorded_at.isoformat(),
        "correction_type": event.kind,
        "public_note": f"{event.why} ({counted(len(fields), 'field')})",
        "affected_fields": fields,
        "sequence": event.sequence,
        "previous_hash": event.previous_hash,
        "hash": event.hash,
    }

"""What the assets of publication do with some records: read them, make what is published, write the files.

Belongs here: work that any process can do, as it saves nothing; it gives back rows. Does not belong here: which
records are due, saving, Dagster (`assets.publication`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assets.site_folder import SiteFolder
from pipelines.publication.artifact_archive import archive_bytes, archive_name, why_withheld
from pipelines.publication.corrections import correction_events, public_state
from pipelines.publication.manifest import manifest_bytes, manifest_of
from pipelines.publication.site.build import (
    gate_verdict_bytes,
    gate_verdict_name,
    manifest_name,
    page_name,
    record_page,
    summary_of,
)
from pipelines.publication.views import PublicRecord
from warehouse.append import Stamp
from warehouse.artifacts import load_artifact
from warehouse.connection import Warehouse
from warehouse.public_records import public_records
from warehouse.public_states import state_fingerprint
from warehouse.publication import HeldState, NewState, held_states, manifests_of

WHY = "checked again: what is publicly held about this record changed"


@dataclass(frozen=True)
class PutPages:
    """Files that were put into the site: their rows to save, lines of the index by record, and how many files."""

    rows: list[tuple[str | None, str, str]]
    lines: dict[str, str]
    considered: int
    rewritten: int


@dataclass(frozen=True)
class Press:
    """Where records are read from, and the run that publishes them."""

    house: Warehouse
    moment: Stamp

    def _records(self, record_ids: Sequence[str]) -> Iterator[PublicRecord]:
        return public_records(self.house, record_ids, today=self.moment.recorded_at.date())

    def changed_states(self, record_ids: Sequence[str]) -> list[NewState]:
        """The records whose public state is other than that in force, with the corrections to it."""
        held = held_states(self.house, record_ids)
        states = (self._changed(held.get(record.record_id), record) for record in self._records(record_ids))
        return [state for state in states if state is not None]

    def _changed(self, before: HeldState | None, record: PublicRecord) -> NewState | None:
        state = public_state(record)
        fingerprint = state_fingerprint(state)
        if before is not None and before.fingerprint == fingerprint:
            return None
        events = correction_events(
            before.state if before else None,
            state,
            record_id=record.record_id,
            previous=record.corrections[-1] if record.corrections else None,
            why=WHY,
            recorded_at=self.moment.recorded_at,
        )
        return NewState.of(record, fingerprint, state, events)

    def manifests(self, record_ids: Sequence[str]) -> list[tuple[str, str, str, str]]:
        """(record id, sha256, counts as JSON, manifest as JSON) of each."""
        return [_manifest(record) for record in self._records(record_ids)]

    def put_pages(self, record_ids: Sequence[str], archives: Mapping[str, str]) -> PutPages:
        """Write the files of each record into the site. `archives`: those published before, path to sha256."""
        folder = SiteFolder(self.house.location.site)
        texts = manifests_of(self.house, record_ids)
        rows, lines = [], {}
        for record in self._records(record_ids):
            for name, data in self._files_of(folder, record, texts[record.record_id], archives):
                rows.append(folder.put(record.record_id, name, data))
            lines[record.record_id] = summary_of(record).model_dump_json()
        return PutPages(rows, lines, folder.considered, folder.rewritten)

    def _files_of(
        self, folder: SiteFolder, record: PublicRecord, manifest: str, archives: Mapping[str, str]
    ) -> Iterator[tuple[str, bytes]]:
        """Name and bytes of each file of a record: archives before the page that links them; these can be large."""
        for view in record.artifacts:
            name = archive_name(view)
            if why_withheld(view) is not None:
                continue
            if name in archives and folder.stand(held := {name: archives[name]}):
                folder.leave(held)  # named by its content: what lies there is what would be packed
            else:
                yield name, archive_bytes(load_artifact(self.house, view.artifact_id))
        verdict = gate_verdict_bytes(record)
        if verdict is not None:
            yield gate_verdict_name(record.record_id), verdict
        yield manifest_name(record.record_id), manifest.encode()
        yield page_name(record.record_id), record_page(record).encode()


def _manifest(record: PublicRecord) -> tuple[str, str, str, str]:
    data = manifest_bytes(manifest_of(record))
    return record.record_id, hashlib.sha256(data).hexdigest(), record.counts.model_dump_json(), data.decode()

"""What the assets of publication do with some records: read them, make what is published, write the files.

Belongs here: work that any process can do, as it saves nothing; it gives back rows. Does not belong here: which
records are due, saving, Dagster (`assets.publication`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from assets.site_folder import SiteFolder
from pipelines.publication.artifact_archive import archive_bytes, archive_name, why_withheld
from pipelines.publication.corrections import correction_events, public_state
from pipelines.publication.manifest import manifest_bytes, manifest_of
from pipelines.publication.record_folder import record_folder
from pipelines.publication.site.address import SiteAddress
from pipelines.publication.site.build import page_name, record_page, summary_of
from pipelines.publication.site.record_files import in_order
from pipelines.publication.site.text import folder_name, manifest_name
from pipelines.publication.views import PublicRecord
from warehouse.append import Stamp
from warehouse.artifacts import load_artifact
from warehouse.connection import Warehouse
from warehouse.public_records import public_records
from warehouse.public_states import state_fingerprint
from warehouse.publication import HeldState, MadeManifest, NewState, held_states, manifests_of
from warehouse.published import page_hashes

WHY = "checked again: what is publicly held about this record changed"


@dataclass(frozen=True)
class PutFiles:
    """Files that were put into the site: their rows to save, lines of the index by record, and how many files.

    `gone`: paths of files that are made no more, and were removed.
    """

    rows: list[tuple[str | None, str, str]]
    lines: dict[str, str]
    considered: int
    rewritten: int
    gone: tuple[str, ...] = ()

    @classmethod
    def of_all(cls, several: Iterable[PutFiles]) -> PutFiles:
        """All that was put, in the order given, to be saved as one."""
        held = tuple(several)
        return cls(
            [row for one in held for row in one.rows],
            {record_id: line for one in held for record_id, line in one.lines.items()},
            sum(one.considered for one in held),
            sum(one.rewritten for one in held),
            tuple(path for one in held for path in one.gone),
        )


@dataclass(frozen=True)
class Press:
    """Where records are read from, the run that publishes them, and where the site will stand."""

    house: Warehouse
    moment: Stamp
    address: SiteAddress = field(default_factory=SiteAddress)

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

    def manifests(self, record_ids: Sequence[str]) -> list[MadeManifest]:
        return [MadeManifest.of(record, manifest_bytes(manifest_of(record))) for record in self._records(record_ids)]

    def put_exports(self, record_ids: Sequence[str]) -> PutFiles:
        """Write the folder of each record into the site: manifest, report, contracts, what other tools read."""
        folder = SiteFolder(self.house.location.site)
        with self.house.reading():
            texts, held = manifests_of(self.house, record_ids), page_hashes(self.house, record_ids)
        rows = [
            folder.put(record.record_id, path, data)
            for record in self._records(record_ids)
            for path, data in self._exports_of(folder, record, texts[record.record_id], held.get(record.record_id, {}))
        ]
        made = {path for _, path, _ in rows}
        gone = tuple(path for files in held.values() for path in files if path not in made and _made_here(path))
        for path in gone:
            folder.remove(path)
        return PutFiles(rows, {}, folder.considered, folder.rewritten, gone)

    def _exports_of(
        self, folder: SiteFolder, record: PublicRecord, manifest: bytes, published: Mapping[str, str]
    ) -> Iterator[tuple[str, bytes]]:
        """Path and bytes of each file; archives of artifacts, which can be large, are not packed again."""
        for view in record.artifacts:
            name = archive_name(view)
            if why_withheld(view) is not None:
                continue
            if name in published and folder.stand(held := {name: published[name]}):
                folder.leave(held)  # named by its content: what lies there is what would be packed
            else:
                yield name, archive_bytes(load_artifact(self.house, view.artifact_id))
        yield from record_folder(record, manifest, self.address).items()

    def put_pages(self, record_ids: Sequence[str]) -> PutFiles:
        """Write the page of each record into the site; it links the files of its folder that were published."""
        folder = SiteFolder(self.house.location.site)
        held = page_hashes(self.house, record_ids)
        rows, lines = [], {}
        for record in self._records(record_ids):
            published = held.get(record.record_id, {})
            page = record_page(
                record,
                address=self.address,
                files=_beside(record.record_id, published),
                manifest_sha256=published.get(manifest_name(record.record_id)),
            )
            rows.append(folder.put(record.record_id, page_name(record.record_id), page.encode()))
            lines[record.record_id] = summary_of(record).model_dump_json()
        return PutFiles(rows, lines, folder.considered, folder.rewritten)


def _made_here(path: str) -> bool:
    """Whether a file of a record is one of its folder; its page, its log and archives of artifacts are others'."""
    return "/" in path and not path.endswith(("/corrections.jsonl", ".zip"))


def _beside(record_id: str, published: Mapping[str, str]) -> tuple[str, ...]:
    """The names in the record's folder, in the order of the page's list."""
    start = f"{folder_name(record_id)}/"
    return in_order(path.removeprefix(start) for path in published if path.startswith(start))

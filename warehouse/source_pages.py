"""What the pages of sources show, read set-wise, and the memo of which of them are published.

A first statement says what each page is made of (`publication/source_parts`): its rows give a fingerprint a source, and
the pages that are due are read by their ids, a query a table. Belongs here: reading, bounding, saving. Does not belong
here: HTML. A source that no record draws on any more keeps its page, which then says so: its address may be known to
others. One that nobody ever published a record with has none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from pipelines.models import ClaimVerdict, NoticeKind, ReferenceAudit, Stance, Work
from pipelines.publication.source_views import (
    CLAIMS_SHOWN,
    DECIDED_BY,
    RECORDS_SHOWN,
    CitingRecord,
    CitingReference,
    HeldText,
    OthersScan,
    RestingClaim,
    SourceCounts,
    SourcePage,
)
from pipelines.publication.tombstones import Tombstone
from pipelines.review.scans.models import ImportedScan
from pipelines.review.scans.papers import State, judged_import
from warehouse.append import Stamp
from warehouse.connection import Warehouse
from warehouse.publication import append_pages
from warehouse.published import code_version, mark_published
from warehouse.statements import batched, statement

SOURCE_PAGES = "source_pages"  # the stage under which they are marked as published
CHUNK = 1_000  # sources read together
RANKED_TOGETHER = 25_000  # sources asked for in one statement: of 80,000 at once it holds 0.6 GB
_ROWS_TOGETHER = 10_000  # of the file of parts: as many as a chunk has, so that few are read in vain
LONGEST_CLAIM = 280  # characters; the page of its record has the rest

Resting = tuple[
    str, int, ClaimVerdict, bool, tuple[Stance, ...], bool
]  # row id, ordinal, verdict, person, sides, alone


def source_fingerprints(warehouse: Warehouse, record_ids: Sequence[str]) -> dict[str, str]:
    """Source id to a fingerprint of all that its page shows, for each source that these records draw on or ever did.

    To be asked for before the sources are read. The records count as having a page: it is written in the same run.
    """
    parts = statement("publication/source_parts")
    query = f"SELECT source_id, {_FINGERPRINT} FROM ({parts}) GROUP BY source_id ORDER BY source_id"  # noqa: S608 - ours
    asked = {"record_ids": list(record_ids)}
    with warehouse.read() as connection:
        drawn_on = connection.execute(statement("publication/sources_drawn_on"), asked).fetchall()
        rows = [
            row
            for some in batched([source_id for (source_id,) in drawn_on], RANKED_TOGETHER)
            for row in connection.execute(query, {**asked, "source_ids": some}).fetchall()
        ]
    return {source_id: f"{code_version()}:{shown}" for source_id, shown in rows}


def source_page_hashes(warehouse: Warehouse) -> dict[str, str]:
    """Path of each source's page to the sha256 it was last published with."""
    with warehouse.read() as connection:
        return dict(
            connection.execute(
                "SELECT path, sha256 FROM current_pages WHERE record_id IS NULL AND starts_with(path, 'sources/')"
            ).fetchall()
        )


def sources_gone(warehouse: Warehouse) -> tuple[str, ...]:
    """The sources of which no word is held any more, as they came inside a record that was taken down."""
    with warehouse.read() as connection:
        rows = connection.execute(
            "SELECT source_id FROM sources GROUP BY source_id HAVING count(work) = 0 ORDER BY source_id"
        ).fetchall()
    return tuple(source_id for (source_id,) in rows)


def save_source_pages(
    warehouse: Warehouse, written: Sequence[tuple[str | None, str, str]], done: Mapping[str, str], stamp: Stamp
) -> int:
    """Save (None, path, sha256) where the bytes changed, and mark the sources in `done` as published; how many."""
    with warehouse.write() as connection:
        mark_published(connection, SOURCE_PAGES, done, stamp)
        return append_pages(connection, written, stamp)


def source_pages(
    warehouse: Warehouse, source_ids: Sequence[str], record_ids: Sequence[str]
) -> Iterator[tuple[SourcePage, ...]]:
    """The pages of these sources, some at a time, in the order of their ids; `record_ids` as for the fingerprints."""
    with source_parts(warehouse, source_ids, record_ids) as parts:
        for some in parts:
            yield pages_of_parts(warehouse, some)


@dataclass(frozen=True)
class SourceParts:
    """Some sources, in order, and the file that holds what the pages of these and of others are made of."""

    file: Path
    source_ids: Sequence[str]


@contextmanager
def source_parts(
    warehouse: Warehouse, source_ids: Sequence[str], record_ids: Sequence[str]
) -> Iterator[list[SourceParts]]:
    """What the pages of these sources are made of, some sources at a time: for `pages_of_parts`, of any process.

    They lie in a file while the block runs: in memory they take more than all else that publication holds.
    """
    with TemporaryDirectory(prefix="claimgate-source-parts-") as folder:
        pieces: list[SourceParts] = []
        for number, some in enumerate(batched(sorted(set(source_ids)), RANKED_TOGETHER)):
            file = Path(folder) / f"{number}.parquet"
            pieces += [SourceParts(file, few) for few in batched(_put_aside(warehouse, some, record_ids, file), CHUNK)]
        yield pieces


def _put_aside(warehouse: Warehouse, source_ids: Sequence[str], record_ids: Sequence[str], file: Path) -> Sequence[str]:
    """Write the parts of these sources, in their order; which of them have any."""
    aside = (
        f"COPY (SELECT * FROM ({statement('publication/source_parts')}) ORDER BY source_id) "  # noqa: S608 - ours
        f"TO $file (FORMAT parquet, ROW_GROUP_SIZE {_ROWS_TOGETHER})"
    )
    asked = {"record_ids": list(record_ids), "source_ids": list(source_ids), "file": str(file)}
    with warehouse.read() as connection:
        connection.execute(aside, asked)
        rows = connection.execute("SELECT DISTINCT source_id FROM read_parquet(?) ORDER BY source_id", [str(file)])
        return [source_id for (source_id,) in rows.fetchall()]


def pages_of_parts(warehouse: Warehouse, parts: SourceParts) -> tuple[SourcePage, ...]:
    """The pages of the sources that these parts are of, in the order of their ids."""
    between = {"file": str(parts.file), "first": parts.source_ids[0], "last": parts.source_ids[-1]}
    with warehouse.read() as connection:
        connection.execute(_THEIR_PARTS, between)
        held = _Held(connection)
    return tuple(held.page(source_id) for source_id in held.works)


# --- reading ------------------------------------------------------------------------------------


class _Held:
    """All that is held about some sources, a query a table; `parts` is there to be joined with."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self.works = {row[0]: Work.model_validate_json(row[1]) for row in self._rows(_WORKS)}
        self.aliases = _by_source(self._rows(_ALIASES))
        self.texts = _by_source(self._rows(_TEXTS))
        self.withdrawn = {row[0]: Tombstone.model_validate_json(row[1]) for row in self._rows(_WITHDRAWN)}
        self.links = _by_pair(self._rows(statement("source_pages/links")))
        self.resting = self._resting()
        self.found = {(source_id, record_id) for source_id, record_id in self._rows(_FOUND)}
        drawing = _by_source(self._rows(_DRAWING))
        self.shown = {source_id: self._first(source_id, rows) for source_id, rows in drawing.items()}
        self.counts = {source_id: self._counts(source_id, rows) for source_id, rows in drawing.items()}
        self.records = self._records()
        self.texts_of_claims = self._claims()
        self.scans, self.checked = self._scans()

    def _rows(self, query: str, values: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        return self._connection.execute(query, values or {}).fetchall()

    def _resting(self) -> dict[tuple[str, str], list[Resting]]:
        """(source, record) to the claims that rest on it, those that rest on it alone first, then as they stand."""
        found: dict[tuple[str, str], list[Resting]] = {}
        for source_id, record_id, row_id, ordinal, verdict, person, stances, alone in self._rows(
            statement("source_pages/resting")
        ):
            one = (row_id, ordinal, ClaimVerdict(verdict), person, tuple(map(Stance, stances)), alone)
            found.setdefault((source_id, record_id), []).append(one)
        for claims in found.values():
            claims.sort(key=lambda one: (not one[5], one[1], one[0]))
        return found

    def _first(self, source_id: str, drawing: list[tuple[Any, ...]]) -> list[tuple[str, str, bool]]:
        """(record id, row, whether it has a page) of those shown: first those with most that rests on it alone."""

        def weight(record_id: str) -> tuple[int, int]:
            claims = self.resting.get((source_id, record_id), ())
            return -sum(one[5] for one in claims), -len(claims)

        return sorted(drawing, key=lambda row: (*weight(row[0]), row[0]))[:RECORDS_SHOWN]

    def _counts(self, source_id: str, drawing: list[tuple[Any, ...]]) -> SourceCounts:
        claims = [one for row in drawing for one in self.resting.get((source_id, row[0]), ())]
        decided = [verdict for _, _, verdict, _, stances, _ in claims if DECIDED_BY.get(verdict) in stances]
        verdicts = [verdict for _, _, verdict, _, _, _ in claims]
        disputed = verdicts.count(ClaimVerdict.DISPUTED)
        supported, refuted = decided.count(ClaimVerdict.SUPPORTED), decided.count(ClaimVerdict.REFUTED)
        return SourceCounts(
            records=len(drawing),
            claims=len(claims),
            supported=supported,
            refuted=refuted,
            disputed=disputed,
            open=len(claims) - supported - refuted - disputed,
            alone=sum(one[5] for one in claims),
        )

    def _records(self) -> dict[str, tuple[str, str, bool]]:
        """Row id of a record to its title, cohort, and whether it is synthetic."""
        wanted = sorted({row_id for rows in self.shown.values() for _, row_id, _ in rows})
        return {
            row_id: (title or question or "(the record states no title)", cohort, synthetic)
            for row_id, title, question, cohort, synthetic in self._rows(_RECORDS, {"row_ids": wanted})
        }

    def _claims(self) -> dict[str, str]:
        wanted = {
            one[0]
            for source_id, rows in self.shown.items()
            for record_id, _, _ in rows
            for one in self.resting.get((source_id, record_id), ())[:CLAIMS_SHOWN]
        }
        return dict(self._rows(_CLAIMS, {"longest": LONGEST_CLAIM, "row_ids": sorted(wanted)}))

    def _scans(self) -> tuple[dict[str, list[ImportedScan]], dict[str, str]]:
        scans: dict[str, list[ImportedScan]] = {}
        for source_id, _, _, scan in self._rows(statement("source_pages/scans")):
            scans.setdefault(source_id, []).append(ImportedScan.model_validate_json(scan))
        return scans, dict(self._rows(statement("source_pages/checked"))) if scans else {}

    # --- putting together ---

    def page(self, source_id: str) -> SourcePage:
        work, gone = self.works[source_id], self.withdrawn.get(source_id)
        return SourcePage(
            source_id=source_id,
            title=work.title,
            authors=work.authors,
            year=work.year,
            venue=work.venue,
            type=work.type,
            licence=work.licence,
            origin=work.origin,
            notices=tuple(sorted(work.notices, key=lambda one: (list(NoticeKind).index(one.kind), one.date or ""))),
            versions=work.versions,
            text_withdrawn=gone.sentence if gone else None,
            aliases=tuple(alias for (alias,) in self.aliases.get(source_id, ()) if alias != source_id),
            texts=tuple(
                HeldText(kind=kind, label=label, complete=complete, origin=origin)
                for kind, label, complete, origin in self.texts.get(source_id, ())
            ),
            counts=self.counts.get(source_id, SourceCounts()),
            records=tuple(self._record(source_id, *row) for row in self.shown.get(source_id, ())),
            scans=tuple(_others_scan(scan, self.checked) for scan in self.scans.get(source_id, ())),
        )

    def _record(self, source_id: str, record_id: str, row_id: str, has_page: bool) -> CitingRecord:
        title, cohort, synthetic = self.records[row_id]
        links = self.links.get((source_id, record_id), ())
        claims = self.resting.get((source_id, record_id), ())
        return CitingRecord(
            record_id=record_id,
            title=title,
            cohort=cohort,
            synthetic=synthetic,
            has_page=has_page,
            cited=any(link[0] == "cited" for link in links),
            given=any(link[0] == "given" for link in links),
            found=(source_id, record_id) in self.found,
            references=tuple(_reference(*link[1:]) for link in links if link[1] or link[2] is not None),
            claims=tuple(
                RestingClaim(
                    ordinal=ordinal,
                    text=self.texts_of_claims[row],
                    verdict=verdict,
                    by_person=person,
                    stances=stances,
                    alone=alone,
                )
                for row, ordinal, verdict, person, stances, alone in claims[:CLAIMS_SHOWN]
            ),
            resting=len(claims),
        )


def _reference(mark: str | None, ordinal: int | None, audit: str | None) -> CitingReference:
    held = ReferenceAudit.model_validate_json(audit) if audit else None
    return CitingReference(
        mark=mark or str(ordinal), finding=held.finding if held else None, notices=held.notices if held else ()
    )


def _others_scan(scan: ImportedScan, checked: Mapping[str, str]) -> OthersScan:
    states = [state for state, _ in judged_import(scan, None).states.values()]
    return OthersScan(
        scan_id=scan.scan_id,
        version=scan.scan_version,
        title=scan.title,
        checked_against=checked.get(scan.scan_id),
        yes=states.count(State.YES),
        no=states.count(State.NO),
        not_applicable=states.count(State.NOT_APPLICABLE),
    )


def _by_source(rows: list[tuple[Any, ...]]) -> dict[str, list[tuple[Any, ...]]]:
    found: dict[str, list[tuple[Any, ...]]] = {}
    for source_id, *rest in rows:
        found.setdefault(source_id, []).append(tuple(rest))
    return found


def _by_pair(rows: list[tuple[Any, ...]]) -> dict[tuple[str, str], list[tuple[Any, ...]]]:
    found: dict[tuple[str, str], list[tuple[Any, ...]]] = {}
    for source_id, record_id, *rest in rows:
        found.setdefault((source_id, record_id), []).append(tuple(rest))
    return found


_THEIR_PARTS = """
CREATE OR REPLACE TEMP TABLE parts AS SELECT * FROM read_parquet($file) WHERE source_id BETWEEN $first AND $last
"""
_FINGERPRINT = """
sha256(string_agg(
  DISTINCT concat_ws(' ', part, record_id, id, about), ',' ORDER BY concat_ws(' ', part, record_id, id, about)
))
"""
_WORKS = """
SELECT p.source_id, s.work
FROM parts AS p
JOIN (
  SELECT row_id, work
  FROM sources
  WHERE rowid IN (SELECT one.rowid FROM sources AS one SEMI JOIN parts ON part = 'source' AND id = one.row_id)
) AS s ON p.part = 'source' AND s.row_id = p.id
ORDER BY p.source_id
"""
_ALIASES = """
SELECT DISTINCT p.source_id, a.alias
FROM parts AS p
JOIN source_aliases AS a ON p.part = 'alias' AND a.row_id = p.id
ORDER BY p.source_id, a.alias
"""
_TEXTS = """
SELECT DISTINCT p.source_id, v.text_kind, v.label, v.complete, v.origin
FROM parts AS p
JOIN source_versions AS v ON p.part = 'text' AND v.source_version_id = p.id
ORDER BY p.source_id, v.text_kind, v.label, v.complete, v.origin
"""
_WITHDRAWN = """
SELECT p.source_id, min(w.tombstone)
FROM parts AS p
JOIN withdrawals AS w ON p.part = 'withdrawn' AND w.withdrawal_id = p.id
GROUP BY p.source_id
"""
_FOUND = "SELECT DISTINCT source_id, record_id FROM parts WHERE part = 'found'"
_DRAWING = """
SELECT source_id, record_id, max(id) FILTER (part = 'record') AS row_id, bool_or(part = 'page') AS has_page
FROM parts
WHERE part IN ('record', 'page')
GROUP BY source_id, record_id
ORDER BY source_id, record_id
"""
_RECORDS = """
SELECT row_id, title, CASE WHEN title IS NULL THEN parsed ->> '$.question' END, cohort, synthetic
FROM records
WHERE rowid IN (SELECT rowid FROM records WHERE row_id IN (SELECT unnest($row_ids::VARCHAR[])))
"""
_CLAIMS = """
SELECT row_id, CASE WHEN length(text) > $longest THEN left(text, $longest) || ' …' ELSE text END
FROM claims
WHERE row_id IN (SELECT unnest($row_ids::VARCHAR[]))
"""

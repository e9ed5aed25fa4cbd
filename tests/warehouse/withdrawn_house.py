"""A warehouse in which every table that may hold words has a row about one record, and about one source of it."""

from __future__ import annotations

import json
import zlib
from datetime import timedelta

from benchmarks import publication as made
from pipelines.publication.corrections import public_state
from pipelines.publication.manifest import manifest_bytes, manifest_of
from pipelines.publication.site.build import summary_of
from tests.warehouse.test_artifacts import an_artifact
from tests.warehouse.test_model_calls import CALL
from tests.warehouse.test_published import (
    ONE,
    OTHER,
    SIZE,
    TODAY,
    a_person_s_word,
    a_red_team_report,
    a_search,
    an_artifact_approved,
    an_artifact_run,
    an_imported_scan,
)
from warehouse.append import Stamp
from warehouse.artifacts import attach
from warehouse.connection import Warehouse
from warehouse.library import index_library
from warehouse.model_calls import ModelCalls
from warehouse.public_records import public_records
from warehouse.public_states import state_fingerprint
from warehouse.publication import MadeManifest, NewState, save_manifests, save_pages, save_states

SOURCE = "doi:10.5555/made.0.0"
GIVEN = "given:0"
MOMENT = made.RECORDED + timedelta(hours=4)

# A source that came inside the record, and rows that only other parts of the system write.
ROWS = (
    "INSERT INTO sources BY NAME SELECT 'given' AS row_id, 'given:0' AS source_id, 'Given with it' AS title, "
    "'given' AS origin, '{\"source_id\": \"given:0\", \"title\": \"Given with it\", \"origin\": \"given\"}' AS work, "
    "$at AS recorded_at",
    "INSERT INTO source_versions BY NAME SELECT 'given-version' AS source_version_id, 'given:0' AS source_id, "
    "'A passage that came with the answer.' AS text, sha256('A passage that came with the answer.') AS text_sha256, "
    "$at AS recorded_at",
    "INSERT INTO record_sources BY NAME SELECT 'given' AS row_id, min(b.batch_id) AS batch_id, "
    "r.record_version_id, 'given:0' AS source_id, 'given-version' AS source_version_id, 'given' AS relation, "
    "$at AS recorded_at FROM records AS r JOIN batches AS b ON b.stage = 'sources' AND "
    "b.subject_id = r.record_version_id WHERE r.record_id = 'made:000000' GROUP BY r.record_version_id",
    "INSERT INTO passages BY NAME SELECT 'given' AS row_id, 'given-passage' AS passage_id, "
    "'given-version' AS source_version_id, 'given:0' AS source_id, 0 AS start_offset, 9 AS end_offset, "
    "'A passage' AS text, $at AS recorded_at",
    "INSERT INTO evidence BY NAME SELECT 'given' AS evidence_id, verdict_id, claim_id, 9 AS ordinal, "
    "'given-passage' AS passage_id, 'given:0' AS source_id, 'NEUTRAL' AS stance, 0.1 AS score, "
    "0 AS start_offset, 9 AS end_offset, 'A passage' AS text, 'it is near' AS why, $at AS recorded_at "
    "FROM current_verdicts WHERE claim_id = 'claim-0-0'",
    "INSERT INTO rigor_scans BY NAME SELECT 'given' AS row_id, 'gone' AS batch_id, "
    "'given-version' AS source_version_id, '{}' AS scan, 'scanned' AS reason, $at AS recorded_at",
    "INSERT INTO scan_checks BY NAME SELECT 'given' AS check_id, 'another' AS scan_id, "
    "'given-version' AS source_version_id, '{\"text_length\": 9, \"checked\": []}' AS grades, 'a.txt' AS text_name, "
    "$at AS recorded_at",
    "INSERT INTO scan_checks BY NAME SELECT 'of the source' AS check_id, 'another' AS scan_id, source_version_id, "
    "'{\"text_length\": 9, \"checked\": []}' AS grades, 'b.txt' AS text_name, $at AS recorded_at "
    "FROM source_versions WHERE source_id = 'doi:10.5555/made.0.0'",
    "INSERT INTO quarantined_scans BY NAME SELECT 'refused' AS quarantine_id, 'no scan' AS body, "
    "'[{\"severity\": \"error\"}]' AS findings, $at AS recorded_at",
    "INSERT INTO rejections BY NAME SELECT 'refused' AS rejection_id, 'made-0.txt' AS name, 'unread' AS reason, "
    "document_id, $at AS recorded_at FROM arrivals WHERE record_id = 'made:000000'",
)  # fmt: skip


def fill(house: Warehouse) -> None:
    made.fill(house, SIZE)
    attach(house, an_artifact("claim-0-0"), record_id=ONE, claim_id="claim-0-0", recorded_at=made.RECORDED)
    for more in (a_person_s_word, a_red_team_report, a_search, an_artifact_approved, an_artifact_run, an_imported_scan):
        more(house)
    ModelCalls(house, "made").put(CALL)
    stamp = Stamp(MOMENT, "made")
    index_library(house, "digest", "made.jsonl", [made.work(0, 0), made.work(1, 0)], stamp)
    with house.write() as connection:
        for row in ROWS:
            connection.execute(row, {"at": MOMENT})
        work = json.loads(made.work(0, 0).model_dump_json())
        connection.execute(
            "INSERT INTO index_answers BY NAME SELECT 'answer' AS answer_id, ? AS body, ? AS recorded_at",
            [zlib.compress(json.dumps({"abstract": work["text"]}).encode()), MOMENT],
        )
        connection.execute(
            "INSERT INTO index_lookups BY NAME SELECT 'lookup' AS lookup_id, 'crossref:doi:10.5555/made.0.0' AS "
            "lookup_key, 'held' AS outcome, 'answer' AS answer_id, '10.5555/made.0.0' AS value, ? AS works, "
            "? AS recorded_at",
            [json.dumps([work]), MOMENT],
        )
    publish(house, Stamp(MOMENT, "published"))


def publish(house: Warehouse, stamp: Stamp) -> None:
    """What the last stage writes to the warehouse, without its files."""
    for record in public_records(house, [ONE, OTHER], today=TODAY):
        state = public_state(record)
        save_states(house, [NewState.of(record, state_fingerprint(state), state, ())], stamp)
        save_manifests(house, [MadeManifest.of(record, manifest_bytes(manifest_of(record)))], stamp)
        line = {record.record_id: summary_of(record).model_dump_json()}
        page = (record.record_id, f"{record.record_id}.html", "p" * 64)
        save_pages(house, [page], stamp, {record.record_id: "shown"}, line)

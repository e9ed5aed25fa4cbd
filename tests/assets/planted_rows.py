"""Statements that spoil a warehouse, a row at a time; what they say was made up for the tests."""

from __future__ import annotations

import json
import zlib

LICHEN = "(SELECT record_version_id FROM current_records WHERE title = 'Lichen on roof tiles')"
LICHEN_RECORD = "(SELECT record_id FROM current_records WHERE title = 'Lichen on roof tiles')"
ITS_CLAIMS = f"batch_id = (SELECT batch_id FROM current_batches WHERE stage = 'claims' AND subject_id = {LICHEN})"
ONE_CLAIM = "(SELECT min(claim_id) FROM current_claims)"
SUPPORTED_CLAIM = "(SELECT min(claim_id) FROM current_verdicts WHERE verdict = 'SUPPORTED')"
EARLIER = "TIMESTAMPTZ '2026-06-01 00:00:00+00'"
LATER = "TIMESTAMPTZ '2026-07-03 12:00:00+00'"

# The chain stops at a failing check: what breaks before publication finds nothing published.
UNPUBLISHED = tuple(
    f"DELETE FROM {table}" for table in ("public_states", "corrections", "manifests", "pages", "table_sizes")
)


def like(table: str, where: str, **changed: str) -> str:
    """A row more, like the first one that `where` finds, with other values in some columns."""
    replaced = ", ".join(f"{value} AS {column}" for column, value in changed.items())
    return f"INSERT INTO {table} SELECT * REPLACE ({replaced}) FROM {table} WHERE {where} LIMIT 1"


def one_claim_more(**changed: str) -> tuple[str, ...]:
    """A claim more in the batch of the first record, and the batch says so."""
    return (
        like("claims", ITS_CLAIMS, row_id="'planted'", **changed),
        f"UPDATE batches SET row_count = row_count + 1 WHERE {ITS_CLAIMS}",
    )


def verdict(**changed: str) -> str:
    """A verdict more, older than the one in force, so that it is in no count."""
    given = {
        "verdict_id": "'planted'",
        "recorded_at": EARLIER,
        "verdict": "'NOT_ENOUGH_INFO'",
        "scope": "'record'",
        "per_source": "'[]'",
    } | changed
    return like("verdicts", "verdict = 'SUPPORTED'", **given)


def shares(supported: float | None, refuted: float, not_enough_info: float) -> dict[str, float]:
    """Probabilities, or what should be some."""
    held = {"supported": supported, "refuted": refuted, "not_enough_info": not_enough_info}
    return {name: value for name, value in held.items() if value is not None}


def per_source(*said: str, probabilities: dict[str, float] | None = None) -> str:
    """What each of some sources says on its own; the first is the source of the planted evidence."""
    rows = [
        {"source_id": source, "verdict": verdict, "probabilities": probabilities, "reason": "as it was read"}
        for source, verdict in zip(("its source", "another"), said, strict=False)
    ]
    return f"'{json.dumps(rows)}'"


def quoted(stance: str, source: str = "its source") -> str:
    """A sentence of the planted verdict."""
    return like(
        "evidence",
        f"stance = '{stance}'",
        evidence_id=f"'planted {stance} {source}'",
        verdict_id="'planted'",
        source_id=f"'{source}'",
    )


def looked_at(**changed: str) -> str:
    """A row of the planted verdict's feature table, standing where the first evidence stands."""
    given = {"row_id": "'planted'", "verdict_id": "'planted'", "ordinal": "1"} | changed
    replaced = "".join(f", {value} AS {column}" for column, value in given.items())
    taken = "claim_id, source_id, passage_id, start_offset, end_offset, stance, score"
    kept = ", ".join(column for column in taken.split(", ") if column not in given)
    return (
        f"INSERT INTO sentence_features BY NAME SELECT {kept}{replaced}, MAP {{'shared words': 0.5}} AS features, "
        f"{EARLIER} AS recorded_at FROM evidence ORDER BY evidence_id LIMIT 1"
    )


def found_work(**changed: str) -> str:
    given = {"row_id": "'planted'", "verdict_id": "'planted'", "rank": "0", "recorded_at": EARLIER} | changed
    return "INSERT INTO found_works BY NAME SELECT " + ", ".join(f"{value} AS {name}" for name, value in given.items())


def gate_verdict(**changed: str) -> str:
    given = {"gate_verdict_id": "'planted'", "recorded_at": EARLIER, "as_of": EARLIER} | changed
    return like("gate_verdicts", "gate = 'gate-2'", **given)


def artifact(*files: str) -> tuple[str, ...]:
    """An artifact on the first claim, with these of its files."""
    return (
        "INSERT INTO artifacts BY NAME SELECT 'planted' AS artifact_id, claim_id, record_id, 'reproduction' AS kind, "
        f"repeat('a', 64) AS sha256, {EARLIER} AS recorded_at FROM current_claims WHERE claim_id = {ONE_CLAIM}",
        *files,
    )


def a_file(content: str) -> str:
    return (
        "INSERT INTO artifact_files BY NAME SELECT 'planted' AS row_id, 'planted' AS artifact_id, 'a.py' AS path, "
        f"sha256({content}) AS sha256, 1 AS size, {EARLIER} AS recorded_at"
    )


def a_blob(content: str, *, data: str | None = None, size: str = "1") -> str:
    return (
        f"INSERT INTO artifact_blobs BY NAME SELECT sha256({content}) AS sha256, {size} AS size, "
        f"{data or f'{content}::BLOB'} AS bytes, {EARLIER} AS recorded_at"
    )


def imported_scan(**changed: str) -> str:
    """A scan of others, as the import keeps it, but for what is `changed`."""
    columns = {
        "scan_id": "'planted'",
        "scan_version": "3",
        "scan": """'{"scan_id": "planted", "scan_version": 3, "answers": [{}]}'""",
        "warnings": "'[]'",
        "recorded_at": EARLIER,
    }
    return _inserted("imported_scans", columns | changed)


def refused_scan(findings: str) -> str:
    columns = {"quarantine_id": "'planted'", "findings": findings, "recorded_at": EARLIER}
    return _inserted("quarantined_scans", columns)


def checked_scan(mark: str, *, source_version_id: str = "NULL", length: int = 10) -> str:
    """A check of a scan with one mark, given as JSON."""
    grades = f"""'{{"text_length": {length}, "checked": [{{"marks": [' || {mark} || ']}}]}}'"""
    columns = {"check_id": "'planted'", "scan_id": "'planted'", "source_version_id": source_version_id}
    return _inserted("scan_checks", {**columns, "grades": grades, "recorded_at": EARLIER})


def _inserted(table: str, columns: dict[str, str]) -> str:
    return f"INSERT INTO {table} BY NAME SELECT " + ", ".join(f"{value} AS {name}" for name, value in columns.items())


def published(field: str, held: str, other: str) -> str:
    """A field of gate 1 as last published of the first record, said otherwise."""
    name = f'"gate.gate-1@2026-01-01.{field}": '
    return f"UPDATE public_states SET state = replace(state, '{name}{held}', '{name}{other}') WHERE record_id = " + (
        LICHEN_RECORD
    )


WHOLE = artifact(a_file("'a'"), a_blob("'a'"))


def attempt(**changed: str) -> str:
    given = {
        "attempt_id": "'planted'",
        "artifact_id": "'planted'",
        "claim_id": ONE_CLAIM,
        "outcome": "'INVALID_CHECK'",
        "backend_is_authority": "TRUE",
        "recorded_at": EARLIER,
    } | changed
    return "INSERT INTO attempts BY NAME SELECT " + ", ".join(f"{value} AS {name}" for name, value in given.items())


def approval(approved: str, *, at: str = EARLIER) -> str:
    return (
        f"INSERT INTO approvals BY NAME SELECT 'planted' AS approval_id, 'planted' AS artifact_id, {approved} "
        f"AS approved, 'a reader' AS approver, {at} AS recorded_at"
    )


def manifest(document: dict[str, object]) -> str:
    """All manifests say that."""
    return f"UPDATE manifests SET body = from_hex('{zlib.compress(json.dumps(document).encode()).hex()}')"


def correction(field: str, value: str) -> str:
    """The second correction with one field of its event changed."""
    return (
        f"UPDATE corrections SET correction = json_merge_patch(correction, '{{\"{field}\": {value}}}') "
        "WHERE sequence = 2"
    )


def tier(name: str | None, facts: str = "") -> tuple[str, ...]:
    """The first record under another tier, and facts that would give it, but for one."""
    word = "NULL" if name is None else f"'{name}'"
    change = (facts,) if facts else ()
    return (*change, f"UPDATE public_states SET tier = {word} WHERE record_id = {LICHEN_RECORD}")


def scored(value: str) -> str:
    return f"UPDATE reviews SET score = {value}, low = {value}, high = {value} WHERE record_id = {LICHEN_RECORD}"


FALSIFIED = (
    "UPDATE gate_verdicts SET public_status = 'FALSIFIED', outcome = 'REFUTED' "
    f"WHERE gate = 'gate-2' AND record_id = {LICHEN_RECORD}; UPDATE public_states "
    """SET state = replace(state, '"gate.gate-2@2026-06-10.status": "UNVERIFIED"', """
    """'"gate.gate-2@2026-06-10.status": "FALSIFIED"') """
    f"WHERE record_id = {LICHEN_RECORD}"
)

PRISMA = (
    '{"identified": [{"index": "shelf", "works": 2}], "duplicates_removed": 1, "screened": 1, "excluded": [], '
    '"sought": 1, "not_retrieved": 0, "assessed": 1, "excluded_assessed": [], "included": 1}'
)


def search(prisma: str = PRISMA, *without: str) -> tuple[str, ...]:
    """A search with two hits of one work that was read; `without` some of its rows."""
    rows = {
        "hit 1": hit("1"),
        "hit 2": hit("2"),
        "identified": decision("identification", "kept"),
        "duplicate": decision("identification", "duplicate"),
        "screened": decision("screening", "kept"),
        "retrieved": decision("retrieval", "kept"),
        "assessed": decision("assessment", "kept"),
    }
    searched = (
        "INSERT INTO searches BY NAME SELECT 'planted' AS search_id, 'Does it rain?' AS question, "
        f"'{prisma}' AS prisma, {EARLIER} AS recorded_at"
    )
    return (searched, *(row for name, row in rows.items() if name not in without))


def hit(rank: str) -> str:
    return (
        f"INSERT INTO search_hits BY NAME SELECT 'hit {rank}' AS hit_id, 'planted' AS search_id, {rank} AS rank, "
        f"{EARLIER} AS recorded_at"
    )


def decision(stage: str, outcome: str) -> str:
    return (
        f"INSERT INTO search_decisions BY NAME SELECT '{stage} {outcome}' AS decision_id, 'planted' AS search_id, "
        f"'{stage}' AS stage, '{outcome}' AS outcome, {EARLIER} AS recorded_at"
    )


def fabricated(*indexes: tuple[str, str]) -> str:
    """An audit that calls a reference likely fabricated, on these (index, outcome)."""
    answers = ", ".join(f'{{"index": "{name}", "outcome": "{outcome}"}}' for name, outcome in indexes)
    audit = f"""'{{"answers": [{answers}]}}'"""
    return like(
        "reference_audits",
        "finding = 'FOUND'",
        audit_id="'planted'",
        reference_id="'planted'",
        finding="'LIKELY_FABRICATED'",
        audit=audit,
    )


def withdrawn(kind: str, mark: str) -> str:
    """Something was taken down, and its words are still there."""
    return (
        "INSERT INTO withdrawn_marks BY NAME SELECT 'planted' AS row_id, 'planted' AS withdrawal_id, "
        f"'{kind}' AS kind, {mark} AS mark, {EARLIER} AS recorded_at"
    )

"""A sentence put into every column that may hold words of a record, or of a source, and a walk over all that is stored.

A column that neither list names, and whose name says that it holds words, is planted too: so a new one that keeps
text is found as soon as it is there.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from typing import Any

import duckdb

WORDS = "Nine amber lanterns hung over the frozen harbour while the ferry captain counted geese"

# Columns that hold ids, hashes, dates, codes, names of ours or of other people's works: never words of a text.
_NAMES = """
adjudicator alias answered_by approver asked_by backend call_key checker_version cohort counts digest doi duplicate_of
fault finding fingerprint gate gate_status hash headers index_name indexes kind label layout library licence lookup_key
mark method model normalised_title notice origin outcome path policy policy_sha256 policy_version previous_hash prisma
probabilities public_status reader_version relation request_sha256 result rules scope search_version sha256 stage stance
table_name terms_version text_kind text_sha256 tier url value verdict verifier_version withdrawn_by works_sha256
tombstone
"""
WORDLESS = set(_NAMES.split())
# What of a record may stay, and why.
OF_OTHERS = {
    ("corrections", "correction"): "the public log, not to be rewritten: titles and findings, no sentence",
    ("library_works", "title"): "of a work of the library", ("library_works", "work"): "as above",
    ("library_works", "text"): "as above", ("library_postings", "term"): "as above",
    ("search_hits", "title"): "of a work that was found", ("search_decisions", "reason"): "ours, about such a work",
    ("imported_scans", "title"): "of the paper", ("imported_scans", "scan"): "of the paper",
    ("imported_scans", "body"): "of the paper", ("imported_scans", "warnings"): "of the paper",
    ("imported_scans", "file_name"): "named by who sent it", ("quarantined_scans", "file_name"): "as above",
    ("gate_activations", "title"): "of the gate", ("gate_activations", "policy"): "of the gate",
    ("library_files", "name"): "of a file of the library", ("library_identifiers", "name"): "an identifier",
    ("index_answers", "body"): "of an index, about a work", ("index_lookups", "works"): "as above",
    ("index_lookups", "reason"): "ours, about an index", ("withdrawals", "reason"): "the person's who took it down",
}  # fmt: skip
# What of a source may stay: how it is described, and what records say, whose words these are.
OF_DESCRIPTIONS = {
    ("sources", "title"): "bibliographic", ("sources", "work"): "bibliographic, without the text",
    ("source_notices", "notice"): "bibliographic",
    **{place: why for place, why in OF_OTHERS.items() if place[0] in (
        "corrections", "search_hits", "search_decisions", "gate_activations", "library_files", "library_identifiers",
        "withdrawals",
    )},
    ("library_works", "title"): "bibliographic", ("library_works", "work"): "bibliographic, without the text",
    ("imported_scans", "title"): "bibliographic", ("imported_scans", "file_name"): "named by who sent it",
    ("quarantined_scans", "file_name"): "as above", ("index_lookups", "reason"): "ours, about an index",
    **{("claims", name): "of the record" for name in ("text", "normalised", "claim")},
    ("documents", "bytes"): "of the record", ("documents", "name"): "of the record",
    ("arrivals", "name"): "of the record", ("rejections", "name"): "of the file",
    ("records", "title"): "of the record", ("records", "parsed"): "of the record",
    **{("record_references", name): "of the record" for name in ("raw", "arxiv_id", "pmid", "title", "reference")},
    ("reference_audits", "reason"): "ours, about the reference", ("reference_audits", "audit"): "as above",
    ("artifacts", "manifest"): "of the artifact", ("artifact_blobs", "bytes"): "of the artifact",
    ("public_states", "state"): "hashes of quotations, see docs/corrections.md",
    ("index_lines", "line"): "of the record", ("searches", "question"): "of the record",
    ("searches", "query"): "of the record", ("approvals", "reason"): "a person's, about the artifact",
}  # fmt: skip


def columns(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str]]:
    """Table, name and type of every column that can hold words."""
    return connection.execute(
        "SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns AS c "
        "JOIN duckdb_tables() AS t USING (table_name) WHERE c.data_type IN ('VARCHAR', 'BLOB') "
        "AND c.table_name NOT IN ('schema_version', 'schema_views', 'table_sizes', 'warehouse_kinds') ORDER BY ALL"
    ).fetchall()


def to_plant(connection: duckdb.DuckDBPyConnection, spared: Iterable[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """The columns that may hold words of the subject: all but those that hold none, and those that are `spared`."""
    left = set(spared)
    return [
        (table, name, kind)
        for table, name, kind in columns(connection)
        if name not in WORDLESS and not name.endswith("_id") and (table, name) not in left
    ]


def plant(connection: duckdb.DuckDBPyConnection, table: str, name: str, kind: str, where: str) -> int:
    """Put the words into a column of some rows, in the form that the column has; how many rows."""
    rows = connection.execute(f"SELECT rowid, {name} FROM {table} WHERE {where}").fetchall()
    for rowid, held in rows:
        connection.execute(f"UPDATE {table} SET {name} = ? WHERE rowid = ?", [_with_words(held, kind), rowid])
    return len(rows)


def _with_words(held: Any, kind: str) -> Any:
    if kind == "BLOB":
        return _in_bytes(held or b"")
    try:
        document = json.loads(held) if held and held[0] in "{[" else None
    except ValueError:
        document = None
    if isinstance(document, dict):
        where = "text" if "text" in document else "planted"
        return json.dumps(document | {where: f"{document.get('text', '')} {WORDS}."})
    if isinstance(document, list):
        if document and "source_id" in document[0]:
            return json.dumps([document[0] | {"text": WORDS}, *document[1:]])
        return json.dumps([*document, WORDS])
    return f"{held or ''} {WORDS}."


def _in_bytes(held: bytes) -> bytes:
    try:
        return zlib.compress(zlib.decompress(held) + f" {WORDS}.".encode())
    except zlib.error:
        return held + f" {WORDS}.".encode()


def found(connection: duckdb.DuckDBPyConnection, words: str = WORDS) -> set[tuple[str, str]]:
    """Every column, of whatever kind, in which the words stand, be they deflated."""
    places = set()
    for table, name, _ in columns(connection):
        held = connection.execute(f'SELECT DISTINCT "{name}" FROM "{table}" WHERE "{name}" IS NOT NULL').fetchall()
        if any(words.casefold() in _text(value).casefold() for (value,) in held):
            places.add((table, name))
    return places


def _text(value: str | bytes) -> str:
    if isinstance(value, str):
        return value
    try:
        return zlib.decompress(value).decode(errors="replace")
    except zlib.error:
        return value.decode(errors="replace")

"""Overwriting a text that was taken down: the one place where something stored is changed.

Belongs here: which columns hold the words of a record or of a source, and what takes their place. Rows, ids, offsets
and hashes stay. What is known by its id is overwritten whole; where others may have quoted the text (judgements,
reports, answers of models), only the strings that repeat `QUOTED` words of it are. Does not belong here: when a text
is taken down and what is written about it (`withdrawals`), the file on disk (`rewriting`).
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from warehouse.statements import statement

QUOTED = 8  # words in a row that make a quotation; fewer are found in texts that never met
AT_ONCE = 500  # rows that may quote, looked through together
SHORT = 4  # words of a string that is nothing but a quotation
WITHDRAWN = "[text withdrawn]"

MARKED = (
    "CASE WHEN starts_with({column}, '[text withdrawn') THEN {column} "
    "ELSE '[text withdrawn, sha256:' || sha256({column}) || ']' END"
)
NOTHING = "NULL"
NAMELESS = f"'{WITHDRAWN}'"
EMPTY = "''"
EMPTY_LIST = "'[]'"
EMPTY_BYTES = "''::BLOB"
EMPTY_ANSWER = f"'{''.join(f'{chr(92)}x{byte:02X}' for byte in zlib.compress(b''))}'::BLOB"

_LENGTHS = range(SHORT, QUOTED + 1)
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True)
class Overwritten:
    """Columns of the rows whose `key` is one of the subject's ids of kind `ids`, and the SQL that takes their place."""

    table: str
    key: str
    ids: str
    columns: Mapping[str, str]


@dataclass(frozen=True)
class Quoting:
    """A column in which the subject may be quoted: of the rows whose `key` is of kind `ids`, or (None) of all."""

    table: str
    row: str
    column: str
    key: str | None = None
    ids: str | None = None


def _quoting(table: str, row: str, linked: str, *columns: str) -> tuple[Quoting, ...]:
    """The same for several columns of the rows of those records, or claims of them, that drew on a source."""
    return tuple(Quoting(table, row, one, f"{linked}_id", f"linked {linked}") for one in columns)


_REFERENCE = ("mark", "raw", "doi", "arxiv_id", "pmid", "url", "title", "reference")

# The words of a source, and of a passage that came inside a record.
_OF_TEXTS = (
    Overwritten("source_versions", "source_version_id", "version", {"text": EMPTY}),
    Overwritten("passages", "source_version_id", "version", {"text": MARKED}),
    Overwritten("rigor_scans", "source_version_id", "version", {"scan": NOTHING, "reason": NAMELESS}),
    Overwritten("scan_checks", "source_version_id", "version", {"grades": NOTHING, "text_name": NAMELESS}),
    Overwritten("evidence", "passage_id", "passage", {"text": MARKED, "why": NAMELESS}),
)

OF_RECORD = (
    *_OF_TEXTS,
    Overwritten("documents", "document_id", "document", {"bytes": EMPTY_BYTES, "name": NAMELESS}),
    Overwritten("arrivals", "document_id", "document", {"name": NAMELESS}),
    Overwritten("rejections", "document_id", "document", {"name": NAMELESS, "reason": NAMELESS}),
    Overwritten("records", "record_id", "record", {"title": NOTHING, "parsed": NOTHING}),
    Overwritten("record_references", "record_version_id", "record version", dict.fromkeys(_REFERENCE, NOTHING)),
    Overwritten("claims", "record_id", "record", {"text": MARKED, "normalised": NOTHING, "claim": NOTHING}),
    Overwritten("sources", "source_id", "given source", {"title": NAMELESS, "work": NOTHING}),
    Overwritten("reference_audits", "record_version_id", "record version", {"reason": NAMELESS, "audit": NOTHING}),
    Overwritten("verdicts", "claim_id", "claim", {"reason": NAMELESS, "per_source": EMPTY_LIST, "axes": EMPTY_LIST}),
    Overwritten("evidence", "claim_id", "claim", {"why": NAMELESS}),
    Overwritten("reviews", "record_id", "record", dict.fromkeys(("reviews", "summary", "findings"), NOTHING)),
    Overwritten("gate_verdicts", "record_id", "record", {"reason": NAMELESS, "facts": NOTHING}),
    Overwritten("artifacts", "artifact_id", "artifact", {"manifest": NOTHING}),
    Overwritten("artifact_files", "artifact_id", "artifact", {"path": NAMELESS}),
    Overwritten("artifact_blobs", "sha256", "blob", {"bytes": EMPTY_BYTES}),
    Overwritten("attempts", "artifact_id", "artifact", dict.fromkeys(("detail", "reason", "facts"), NOTHING)),
    Overwritten("red_team_reports", "record_id", "record", {"reports": EMPTY_LIST}),
    Overwritten("public_states", "record_id", "record", {"state": NOTHING}),
    Overwritten("manifests", "record_id", "record", dict.fromkeys(("manifest", "body"), NOTHING)),
    Overwritten("index_lines", "record_id", "record", {"line": NOTHING}),
    Overwritten("searches", "record_id", "record", {"question": NAMELESS, "query": NAMELESS}),
)

OF_SOURCE = (
    *_OF_TEXTS,
    Overwritten("imported_scans", "scan_id", "imported scan", dict.fromkeys(("body", "scan", "warnings"), NOTHING)),
    Overwritten("scan_checks", "scan_id", "imported scan", {"grades": NOTHING, "text_name": NAMELESS}),
    Overwritten("library_works", "work_id", "library work", {"text": NOTHING}),
    # A bag of words is enough to tell a text by.
    Overwritten("library_postings", "work_id", "library work", {"term": EMPTY}),
    Overwritten("index_answers", "answer_id", "answer", {"body": EMPTY_ANSWER}),
)

# Nobody wrote down whose words these are.
_OF_NOBODY = (
    Quoting("model_calls", "call_id", "body"),
    Quoting("quarantined_scans", "quarantine_id", "body"),
    Quoting("quarantined_scans", "quarantine_id", "findings"),
    Quoting("rejections", "rejection_id", "reason"),
)

QUOTING_RECORD = (
    *_OF_NOBODY,
    Quoting("adjudications", "adjudication_id", "reason", "claim_id", "claim"),
    Quoting("approvals", "approval_id", "reason", "artifact_id", "artifact"),
)

# Findings across records name the others by id and title.
NAMING_RECORD = (
    Quoting("reviews", "review_id", "findings"),
    Quoting("manifests", "manifest_id", "manifest"),
    Quoting("manifests", "manifest_id", "body"),
)

QUOTING_SOURCE = (
    *_OF_NOBODY,
    *(Quoting("verdicts", "verdict_id", name, "claim_id", "linked claim") for name in ("reason", "per_source", "axes")),
    Quoting("adjudications", "adjudication_id", "reason", "claim_id", "linked claim"),
    *(
        Quoting("reviews", "review_id", name, "record_id", "linked record")
        for name in ("reviews", "summary", "findings")
    ),
    *(Quoting("gate_verdicts", "gate_verdict_id", name, "record_id", "linked record") for name in ("reason", "facts")),
    *(Quoting("attempts", "attempt_id", name, "record_id", "linked record") for name in ("detail", "reason", "facts")),
    Quoting("red_team_reports", "report_id", "reports", "record_id", "linked record"),
    *(Quoting("manifests", "manifest_id", name, "record_id", "linked record") for name in ("manifest", "body")),
)


# --- by id --------------------------------------------------------------------------------------


def overwrite(connection: duckdb.DuckDBPyConnection, what: Sequence[Overwritten]) -> dict[str, int]:
    """Overwrite the columns of `what`, for the ids in the table `erased_ids`; table to how many rows."""
    done: dict[str, int] = {}
    for one in what:
        columns = ", ".join(f"{name} = {sql.format(column=name)}" for name, sql in one.columns.items())
        counted = connection.execute(
            f"UPDATE {one.table} SET {columns} "  # noqa: S608 - names of ours, values bound
            f"WHERE {one.key} IN (SELECT id FROM erased_ids WHERE kind = ?)",
            [one.ids],
        ).fetchone()
        if counted and counted[0]:
            done[one.table] = max(done.get(one.table, 0), int(counted[0]))
    return done


# --- by words -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Quotations:
    """The runs of words that the withdrawn texts are made of, without punctuation and letter case; an id."""

    runs: frozenset[int]
    name: str | None = None  # what has it is about the subject, whatever it says

    @classmethod
    def of(cls, texts: Iterable[str]) -> Quotations:
        return cls(frozenset(run for text in texts for length in _LENGTHS for run in _runs(_words(text), length)))

    def in_text(self, text: str) -> bool:
        if self.name is not None and self.name in text:
            return True
        words = _words(text)
        return bool(self.runs) and any(run in self.runs for run in _runs(words, max(min(len(words), QUOTED), SHORT)))

    def removed_from(self, value: Any) -> Any:
        """The same JSON value, each string that quotes the text replaced by one word."""
        if isinstance(value, str):
            return WITHDRAWN if self.in_text(value) else value
        if isinstance(value, list):
            return [self.removed_from(one) for one in value]
        if isinstance(value, dict):
            return {name: self.removed_from(one) for name, one in value.items()}
        return value

    def removed(self, held: str) -> str | None:
        """What takes the place of a stored text or JSON document; None where nothing of it is quoted."""
        try:
            document = json.loads(held) if held[:1] in ("{", "[") else held
            new = self.removed_from(document)
        except (ValueError, RecursionError):
            return WITHDRAWN if self.in_text(held) else None
        if new == document:
            return None
        return new if isinstance(new, str) else json.dumps(new, ensure_ascii=False)


def _words(text: str) -> list[str]:
    return _WORDS.findall(text.casefold())


def _runs(words: Sequence[str], length: int) -> Iterator[int]:
    return (hash(tuple(words[start : start + length])) for start in range(len(words) - length + 1))


def remove_quotations(
    connection: duckdb.DuckDBPyConnection, quotations: Quotations, where: Sequence[Quoting]
) -> dict[str, int]:
    """Overwrite what quotes the text; table to how many rows of it did."""
    done: dict[str, set[str]] = {}
    for one in where:
        changed = [
            (new, row_id)
            for row_id, held in _rows(connection, one, quotations.name)
            if (new := _without(held, quotations)) is not None
        ]
        for values in changed:
            update = f"UPDATE {one.table} SET {one.column} = ? WHERE {one.row} = ?"  # noqa: S608 - names of ours
            connection.execute(update, values)
            done.setdefault(one.table, set()).add(values[1])
    return {table: len(rows) for table, rows in done.items()}


def _rows(connection: duckdb.DuckDBPyConnection, one: Quoting, name: str | None) -> Iterator[tuple[str, str | bytes]]:
    """Id and value of the rows that may quote, some at a time; with `name`, of those alone in which it stands."""
    query = f"SELECT {one.row}, {one.column} FROM {one.table} WHERE {one.column} IS NOT NULL"  # noqa: S608 - as above
    values: list[str] = []
    if one.key is not None and one.ids is not None:
        query += f" AND {one.key} IN (SELECT id FROM erased_ids WHERE kind = ?)"  # noqa: S608 - as above
        values.append(one.ids)
    result = connection.execute(query, values)
    while some := result.fetchmany(AT_ONCE):
        yield from (row for row in some if name is None or name in (_text(row[1]) or ""))


def _text(held: str | bytes) -> str | None:
    """The text of a column, compressed or not; None for bytes that are no text of ours."""
    if isinstance(held, str):
        return held
    try:
        return zlib.decompress(held).decode(errors="replace")
    except zlib.error:
        return None


def _without(held: str | bytes, quotations: Quotations) -> str | bytes | None:
    text = _text(held)
    new = None if text is None else quotations.removed(text)
    return new if new is None or isinstance(held, str) else zlib.compress(new.encode())


def overwrite_looked_up(connection: duckdb.DuckDBPyConnection, names: Collection[str]) -> int:
    """Take the texts of the works that bear one of `names` out of what lookups came to; how many lookups."""
    folded = {name.casefold() for name in names}
    done = 0
    for lookup_id, held in connection.execute(
        "SELECT lookup_id, works FROM index_lookups "
        "WHERE works IS NOT NULL AND lookup_id IN (SELECT id FROM erased_ids WHERE kind = 'lookup')"
    ).fetchall():
        works = json.loads(held)
        meant = [one for one in works if one.get("text") and folded & {n.casefold() for n in _names(one)}]
        for one in meant:
            one["text"] = None
        if meant:
            changed = [json.dumps(works, ensure_ascii=False), lookup_id]
            connection.execute("UPDATE index_lookups SET works = ? WHERE lookup_id = ?", changed)
            done += 1
    return done


def _names(work: Mapping[str, Any]) -> Iterator[str]:
    yield work["source_id"]
    yield from work.get("aliases") or ()


def remember_ids(connection: duckdb.DuckDBPyConnection, name: str, values: Mapping[str, Any]) -> None:
    """Fill the table `erased_ids` (kind, id) with what belongs to a subject."""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE erased_ids AS {statement(name)}",
        dict(values),
    )
    connection.execute(
        "INSERT INTO erased_ids SELECT DISTINCT 'passage', passage_id FROM passages "
        "WHERE source_version_id IN (SELECT id FROM erased_ids WHERE kind = 'version')"
    )

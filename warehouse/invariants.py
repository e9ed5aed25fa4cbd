"""What the warehouse promises, as data: the single list of its invariants.

Two kinds. About records: an expectation on the summary frame, one row a record. About the large
tables: a statement in sql/invariants/<name>.sql that selects the violating rows, or those to be
looked through. Who runs them and what a failure stops is decided in assets/checks.py.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from warehouse.append import Row, Stamp
from warehouse.connection import Warehouse
from warehouse.correction_chains import stored_log
from warehouse.publication import manifest_held
from warehouse.statements import statement

if TYPE_CHECKING:
    import duckdb
    import pandas as pd  # a second to import: only those pay who ask for the frame

ROWS_SHOWN = 20
AT_ONCE = 500  # rows fetched together; a manifest is in some of them


@dataclass(frozen=True)
class Invariant:
    """A promise: what it is about, why it must hold, how it is checked.

    `asset` is the asset after whose materialisation it is looked at. `expectation` names a native
    expectation with its arguments, for one about records; without it the statement of the same name
    selects the violating rows. `implies` names those that a violation of this one also breaks.
    """

    name: str
    asset: str
    why: str
    blocking: bool = True
    expectation: str | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    implies: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Violations:
    """How many rows break an invariant, the first of them, and the statement that found them."""

    invariant: Invariant
    count: int
    rows: tuple[Row, ...]
    query: str


INVARIANTS: tuple[Invariant, ...] = (
    Invariant(
        "documents_keep_their_bytes",
        "inbox",
        "A document is known by the hash of its bytes; other bytes are another document.",
    ),
    Invariant(
        "synthetic_stays_in_the_demo",
        "records",
        "Records made up for the demo must never stand among a user's own.",
    ),
    Invariant("records_have_documents", "records", "A record whose bytes are gone could not be made again."),
    Invariant("passages_stand_in_their_text", "passages", "A passage is a slice of a source text, word for word."),
    Invariant(
        "claims_stand_in_their_record",
        "claims",
        "A claim is a slice of the record's text: nobody put words into its mouth.",
    ),
    Invariant(
        "claims_are_all_there",
        "claims",
        "The number of claims that extraction says it wrote is the number that is there.",
        implies=frozenset({"verdicts_add_up"}),
    ),
    Invariant(
        "answers_are_kept",
        "sources",
        "What an index is said to hold, or not to hold, can be read again in what it answered.",
    ),
    Invariant(
        "searches_add_up",
        "questions",
        "PRISMA 2020: identified, duplicates, screened, excluded and included add up, row by row and as printed.",
    ),
    Invariant(
        "references_have_audits",
        "reference_audits",
        "Every entry of a reference list gets a finding, be it UNREACHABLE.",
    ),
    Invariant(
        "findings_are_known_words",
        "reference_audits",
        "A finding outside the agreed words means nothing to a reader.",
    ),
    Invariant(
        "fabricated_rests_on_answers",
        "reference_audits",
        "Only two indexes that answered may make a reference LIKELY_FABRICATED; one that was silent never counts.",
    ),
    Invariant(
        "verified_at_most_extracted",
        "verdicts",
        "No record has more supported claims than claims: the fault of a 'verified' that counts what was extracted.",
        expectation="ExpectColumnPairValuesAToBeGreaterThanB",
        arguments={"column_A": "extracted", "column_B": "supported", "or_equal": True},
        # There is at most one verdict a claim, so more supported than said means more claims than said.
        implies=frozenset({"verdicts_add_up", "claims_are_all_there"}),
    ),
    Invariant(
        "verdicts_add_up",
        "verdicts",
        "supported + refuted + not enough info + disputed + not checked = extracted, counted in different tables.",
        expectation="ExpectColumnPairValuesToBeEqual",
        arguments={"column_A": "extracted", "column_B": "judged"},
    ),
    Invariant("verdicts_have_claims", "verdicts", "A verdict about nothing would be counted for nobody."),
    Invariant(
        "claims_have_verdicts",
        "verdicts",
        "A claim without a verdict is not even NOT_CHECKED: it was forgotten.",
        implies=frozenset({"verdicts_add_up"}),
    ),
    Invariant(
        "verdicts_are_known_words",
        "verdicts",
        "A verdict outside the five words would be in no count.",
        implies=frozenset({"verdicts_add_up"}),
    ),
    Invariant(
        "verdicts_rest_on_evidence",
        "verdicts",
        "SUPPORTED means that a sentence in a source says so; DISPUTED needs a sentence from each side.",
    ),
    Invariant(
        "evidence_stands_in_its_passage",
        "verdicts",
        "A quotation must be found, word for word, where it is said to stand.",
    ),
    Invariant(
        "confidence_is_a_share",
        "verdicts",
        "Confidence is a share between 0 and 1, absent when nothing was checked, or no such case was ever measured.",
    ),
    Invariant(
        "confidence_names_its_backend",
        "verdicts",
        "A confidence is a measurement of the back end that gave it; without its name nobody can look it up.",
    ),
    Invariant(
        "probabilities_add_up",
        "verdicts",
        "Shares of supported, refuted and not enough info make one whole, for a claim and for each of its sources.",
    ),
    Invariant(
        "source_verdicts_rest_on_evidence",
        "verdicts",
        "What a source is said to say, for or against, a sentence of that source says.",
    ),
    Invariant(
        "verdicts_follow_their_sources",
        "verdicts",
        "A verdict is one that a source gives on its own; DISPUTED needs a source on each side.",
    ),
    Invariant(
        "features_stand_in_their_passage",
        "verdicts",
        "What a verdict was computed from can be read again in the stored text.",
    ),
    Invariant(
        "searched_verdicts_name_their_works",
        "verdicts",
        "A verdict from the library names the works that were read for it, with their texts as they were.",
    ),
    Invariant(
        "stated_and_counted_agree",
        "verdicts",
        "What a record states of itself, beside what was counted: a difference is a finding, not a fault of ours.",
        blocking=False,
    ),
    Invariant(
        "scores_between_0_and_10",
        "reviews",
        "A score is on the published scale.",
        expectation="ExpectColumnValuesToBeBetween",
        arguments={"column": "score", "min_value": 0, "max_value": 10},
        implies=frozenset({"scores_lie_in_their_spread"}),
    ),
    Invariant(
        "scores_lie_in_their_spread",
        "reviews",
        "A score outside its own spread was computed from something else.",
    ),
    Invariant(
        "records_have_reviews",
        "reviews",
        "A record that was verified and not reviewed dropped out of the chain.",
    ),
    Invariant(
        "imported_scans_broke_no_rule",
        "reviews",
        "A scan of others is taken in whole and without an error, or not at all.",
    ),
    Invariant(
        "refused_scans_say_why",
        "reviews",
        "A scan that was refused bears the error it was refused for.",
    ),
    Invariant(
        "scan_checks_stand_in_their_text",
        "reviews",
        "What a scan is said to rest on must be found where the check says that it stands.",
    ),
    Invariant(
        "artifacts_keep_their_files",
        "attempts",
        "An attempt can be made again only with the very files that it was made with.",
    ),
    Invariant(
        "attempts_are_of_artifacts",
        "attempts",
        "An attempt names a stored artifact; one that decides was made by an authority, with a person's approval.",
    ),
    Invariant(
        "activations_are_known",
        "gate_verdicts",
        "A gate verdict without its activation has no policy to be read by.",
    ),
    Invariant(
        "gates_look_back_only",
        "gate_verdicts",
        "A gate judges what was known as of a time, never what was learned after it was judged.",
    ),
    Invariant(
        "verified_needs_an_artifact",
        "gate_verdicts",
        "VERIFIED only with a stored, hashed artifact and an attempt by an authority; never from a score or count.",
    ),
    Invariant(
        "falsified_only_if_refuted",
        "gate_verdicts",
        "An attempt that went wrong says nothing about the claim.",
    ),
    Invariant(
        "published_gates_are_those_held",
        "gate_verdicts",
        "A gate verdict and the correction it calls for are written in one transaction: neither stands alone.",
    ),
    Invariant(
        "tiers_follow_the_facts",
        "corrections",
        "A tier that score, supported count and gate status do not give is a decoration.",
    ),
    Invariant(
        "withdrawn_texts_are_gone",
        "corrections",
        "What was taken down is not held any more, whatever arrived since.",
    ),
    Invariant("corrections_are_chained", "corrections", "A correction log that can be rewritten unseen is no log."),
    Invariant(
        "nothing_from_the_future",
        "corrections",
        "A fact recorded in the future was recorded by a wrong clock.",
    ),
    Invariant(
        "tables_never_shrink",
        "corrections",
        "The warehouse is append-only; a table that shrank lost something.",
    ),
    Invariant(
        "manifests_say_what_is_held",
        "manifests",
        "The counts in the published manifest are those in the tables.",
    ),
    Invariant("records_have_pages", "site", "A record that was published has its page and its manifest."),
)


def invariants_of(asset: str) -> tuple[Invariant, ...]:
    return tuple(one for one in INVARIANTS if one.asset == asset)


def summary_frame(warehouse: Warehouse, *, cohorts: Sequence[str] | None) -> pd.DataFrame:
    """One row a record: extracted, the five verdict counts, judged (their sum), score with spread."""
    with warehouse.read() as connection:
        frame: pd.DataFrame = connection.execute(
            statement("invariants/summary"), {"cohorts": None if cohorts is None else list(cohorts)}
        ).df()
    return frame


def violations(
    warehouse: Warehouse, wanted: Sequence[Invariant], *, now: datetime, cohorts: Sequence[str] | None
) -> tuple[Violations, ...]:
    """The violating rows of those invariants that are about tables.

    What a later asset has yet to do is asked of `cohorts` only (None: all); what must never be, of
    the whole warehouse.
    """
    values: dict[str, Any] = {"now": now, "cohorts": None if cohorts is None else list(cohorts)}
    found = []
    with warehouse.read() as connection:
        for one in wanted:
            if one.expectation is not None:
                continue
            query = statement(f"invariants/{one.name}")
            asked = {name: value for name, value in values.items() if f"${name}" in query}
            cursor = connection.execute(query, asked) if asked else connection.execute(query)
            names = [column[0] for column in cursor.description or ()]
            read = (dict(zip(names, row, strict=True)) for row in _fetched(cursor))
            rows = _CHECKED_BY_READING[one.name](read) if one.name in _CHECKED_BY_READING else list(read)
            found.append(Violations(one, len(rows), tuple(rows[:ROWS_SHOWN]), query))
    return tuple(found)


def _fetched(cursor: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    while some := cursor.fetchmany(AT_ONCE):
        yield from some


def _other_counts(rows: Iterable[Row]) -> list[Row]:
    """The rows whose manifest, as it was written, gives other counts than the tables."""
    found = []
    for row in rows:
        said = _counts_in(row.pop("manifest"), row.pop("body"))
        if any(said.get(name) != count for name, count in row.items() if name != "record_id"):
            found.append({**row, "in_the_manifest": json.dumps(said)})
    return found


def _counts_in(manifest: str | None, body: bytes | None) -> Mapping[str, Any]:
    """The counts of claims in a manifest; none where it is damaged."""
    try:
        counts = json.loads(manifest_held(manifest, body))["claim_counts"]
    except (ValueError, KeyError, TypeError, zlib.error):
        return {}
    return counts if isinstance(counts, dict) else {}


def _broken_chains(rows: Iterable[Row]) -> list[Row]:
    """One row for each record whose corrections do not form a chain, with the first break."""
    chains: dict[str, list[Row]] = {}
    for row in rows:
        chains.setdefault(row["record_id"], []).append(row)
    found = [stored_log(record_id, chain)[0].broken for record_id, chain in chains.items()]
    return [{"record_id": one.record_id, "break": f"{one.correction_id}: {one.what}"} for one in found if one]


# Those of which SQL cannot tell the violating rows: their statement selects what is to be read.
_CHECKED_BY_READING: Mapping[str, Callable[[Iterable[Row]], list[Row]]] = {
    "corrections_are_chained": _broken_chains,
    "manifests_say_what_is_held": _other_counts,
}


def remember_table_sizes(warehouse: Warehouse, stamp: Stamp) -> None:
    """Write down how many rows each append-only table holds, for `tables_never_shrink` to compare with."""
    with warehouse.write() as connection:
        rows: list[Row] = [
            {"table_name": name, "row_count": count, "recorded_at": stamp.recorded_at, "run_id": stamp.run_id}
            for name, count in connection.execute(statement("invariants/table_sizes")).fetchall()
        ]
        connection.executemany("INSERT INTO table_sizes VALUES ($table_name, $row_count, $recorded_at, $run_id)", rows)

"""Every invariant both ways: a clean warehouse passes all, each planted violation fails its own check alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from assets.checks import CheckFailed, check_invariants
from assets.runs import Conductor, RunFailed
from tests.warehouse.a_warehouse import (
    FIRST,
    NOW,
    copy_of,
    definitions_at,
    run_chain,
    spoil,
    write_inbox,
    write_library,
)
from warehouse.connection import Warehouse, WarehouseMissing
from warehouse.invariants import INVARIANTS, ROWS_SHOWN, Invariant, violations
from warehouse.location import WarehouseLocation

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


# Invariant to the ways of breaking it; each way is a series of statements.
PLANTED: dict[str, tuple[tuple[str, ...], ...]] = {
    "documents_keep_their_bytes": (("UPDATE documents SET bytes = bytes || 'x'::BLOB WHERE name = 'racks.md'",),),
    "synthetic_stays_in_the_demo": (("UPDATE records SET synthetic = TRUE",),),
    "records_have_documents": (
        (like("records", "TRUE", row_id="'planted'", batch_id="'planted'", document_id="'gone'"),),
    ),
    "passages_stand_in_their_text": (
        (like("passages", "TRUE", passage_id="'planted'", text="'words of our own'"),),
        (like("passages", "TRUE", passage_id="'planted'", text="NULL"),),
        (like("passages", "TRUE", passage_id="'planted'", source_version_id="'gone'"),),
        (like("passages", "TRUE", passage_id="'planted'", end_offset="100000"),),
        # Words of the source indeed, but counted from its end.
        (
            like(
                "passages",
                "TRUE",
                passage_id="'planted'",
                start_offset="-6",
                end_offset="-1",
                text="right(text, 6)[:5]",
            ),
        ),
    ),
    "claims_stand_in_their_record": (
        (f"UPDATE claims SET text = 'nobody said this' WHERE claim_id = {ONE_CLAIM}",),
        (f"UPDATE claims SET start_offset = start_offset + 1 WHERE claim_id = {ONE_CLAIM}",),
        (like("claims", "TRUE", row_id="'planted'", batch_id="'planted'", record_version_id="'gone'"),),
        (like("claims", "TRUE", row_id="'planted'", batch_id="'planted'", end_offset="NULL"),),
    ),
    "claims_are_all_there": (
        (f"UPDATE batches SET row_count = row_count + 1 WHERE {ITS_CLAIMS}", *UNPUBLISHED),
        (
            f"DELETE FROM claims WHERE {ITS_CLAIMS} AND ordinal = 4",
            "DELETE FROM verdicts AS v WHERE NOT EXISTS (SELECT 1 FROM claims AS c WHERE c.claim_id = v.claim_id)",
            *UNPUBLISHED,
        ),
    ),
    "answers_are_kept": (
        (
            "INSERT INTO index_lookups BY NAME SELECT 'planted' AS lookup_id, 'crossref:doi:10.1/a' AS lookup_key, "
            f"'gone' AS answer_id, 'absent' AS outcome, {EARLIER} AS recorded_at",
        ),
        (
            "INSERT INTO index_lookups BY NAME SELECT 'planted' AS lookup_id, 'crossref:doi:10.1/a' AS lookup_key, "
            f"NULL AS answer_id, 'held' AS outcome, {EARLIER} AS recorded_at",
        ),
    ),
    "searches_add_up": (
        search(PRISMA, "hit 2"),
        search(PRISMA, "duplicate"),
        search(PRISMA, "screened"),
        search(PRISMA, "retrieved"),
        search(PRISMA, "assessed"),
        search(PRISMA.replace('"included": 1', '"included": 2')),
        search(PRISMA.replace('"duplicates_removed": 1', '"duplicates_removed": 0')),
    ),
    "fabricated_rests_on_answers": (
        (fabricated(),),
        (fabricated(("crossref", "absent"), ("openalex", "failed")),),
        (fabricated(("crossref", "absent"), ("crossref", "held")),),
    ),
    "references_have_audits": (("UPDATE reference_audits SET reference_id = 'another' WHERE finding = 'FOUND'",),),
    "findings_are_known_words": (
        (like("reference_audits", "TRUE", audit_id="'planted'", recorded_at=EARLIER, finding="'PROBABLY_FINE'"),),
        (like("reference_audits", "TRUE", audit_id="'planted'", recorded_at=EARLIER, finding="NULL"),),
    ),
    "verified_at_most_extracted": ((f"UPDATE batches SET row_count = 1 WHERE {ITS_CLAIMS}", *UNPUBLISHED),),
    "verdicts_add_up": (
        # The same claim twice in a batch is one claim, so that one of those extracted is judged by nobody.
        (*one_claim_more(), *UNPUBLISHED),
    ),
    "verdicts_have_claims": ((verdict(claim_id="'gone'"),),),
    "claims_have_verdicts": ((*one_claim_more(claim_id="'planted'"), *UNPUBLISHED),),
    "verdicts_are_known_words": (
        (verdict(recorded_at=LATER, verdict="'PROBABLY'"), *UNPUBLISHED),
        (
            "INSERT INTO adjudications SELECT 'planted', claim_id, 'TRUE', 'so it is', 'an editor', recorded_at "
            f"FROM current_verdicts WHERE claim_id = {SUPPORTED_CLAIM}",
            *UNPUBLISHED,
        ),
    ),
    "verdicts_rest_on_evidence": (
        (verdict(verdict="'SUPPORTED'"),),
        (verdict(verdict="'REFUTED'"),),
        (
            verdict(verdict="'DISPUTED'"),
            like("evidence", "stance = 'SUPPORTS'", evidence_id="'planted'", verdict_id="'planted'"),
        ),
    ),
    "evidence_stands_in_its_passage": (
        (like("evidence", "TRUE", evidence_id="'planted'", text="'what we wish it said'"),),
        (like("evidence", "TRUE", evidence_id="'planted'", passage_id="'gone'"),),
        (like("evidence", "TRUE", evidence_id="'planted'", text="NULL"),),
        (like("evidence", "TRUE", evidence_id="'planted'", end_offset="100000"),),
    ),
    "confidence_is_a_share": (
        (verdict(confidence="1.01"),),
        (verdict(confidence="-0.01"),),
        (verdict(confidence="'NaN'::DOUBLE"),),
        (verdict(verdict="'NOT_CHECKED'", confidence="0.5"),),
    ),
    "confidence_names_its_backend": (
        (verdict(backend="''"),),
        (verdict(backend="NULL"),),
        (verdict(verifier_version="' '"),),
    ),
    "probabilities_add_up": (
        (verdict(probabilities=f"'{json.dumps(shares(0.5, 0.2, 0.2))}'"),),
        (verdict(probabilities=f"'{json.dumps(shares(0.7, 0.2, 0.102))}'"),),
        (verdict(probabilities=f"'{json.dumps(shares(None, 0.5, 0.5))}'"),),
        (verdict(per_source=per_source("NOT_ENOUGH_INFO", probabilities=shares(0.9, 0.9, 0.9))),),
    ),
    "source_verdicts_rest_on_evidence": (
        # Quoted is another source; the right source, but a sentence that says otherwise; only looked at, and neutral.
        (verdict(verdict="'SUPPORTED'", per_source=per_source("SUPPORTED")), quoted("SUPPORTS", "another")),
        (
            verdict(verdict="'DISPUTED'", per_source=per_source("SUPPORTED", "REFUTED")),
            quoted("SUPPORTS"),
            quoted("REFUTES"),
        ),
        (
            verdict(verdict="'SUPPORTED'", per_source=per_source("SUPPORTED")),
            quoted("SUPPORTS", "another"),
            looked_at(source_id="'its source'", stance="'NEUTRAL'", passage_id="passage_id"),
            "UPDATE sentence_features SET source_id = (SELECT source_id FROM passages AS p "
            "WHERE p.passage_id = sentence_features.passage_id)",
        ),
    ),
    "verdicts_follow_their_sources": (
        (verdict(per_source=per_source("SUPPORTED")), quoted("SUPPORTS")),
        (verdict(verdict="'REFUTED'", per_source=per_source("SUPPORTED")), quoted("SUPPORTS"), quoted("REFUTES")),
        (verdict(verdict="'SUPPORTED'", per_source=per_source("NOT_ENOUGH_INFO")), quoted("SUPPORTS")),
        (verdict(verdict="'DISPUTED'", per_source=per_source("REFUTED")), quoted("SUPPORTS"), quoted("REFUTES")),
    ),
    "features_stand_in_their_passage": (
        (looked_at(end_offset="100000"),),
        (looked_at(start_offset="-6", end_offset="-1"),),
        (looked_at(end_offset="start_offset"),),
        (looked_at(passage_id="'gone'"),),
        (looked_at(source_id="'another'"),),
        (looked_at(start_offset="NULL"),),
    ),
    "searched_verdicts_name_their_works": (
        (verdict(scope="'corpus'"),),
        (verdict(scope="'corpus'"), found_work(source_version_id="'gone'")),
        (verdict(scope="'record'"), found_work()),
    ),
    "stated_and_counted_agree": (
        ('UPDATE records SET parsed = json_merge_patch(parsed, \'{"stated": {"claims_extracted": 99}}\')',),
        ('UPDATE records SET parsed = json_merge_patch(parsed, \'{"stated": {"claims_verified": 4}}\')',),
    ),
    "scores_between_0_and_10": (
        ("UPDATE reviews SET score = 10.5, high = 10.5", *UNPUBLISHED),
        ("UPDATE reviews SET score = -1, low = -1", *UNPUBLISHED),
    ),
    "scores_lie_in_their_spread": (
        ("UPDATE reviews SET high = score - 0.1",),
        ("UPDATE reviews SET low = NULL",),
    ),
    "records_have_reviews": (("UPDATE reviews SET record_id = 'another'", *UNPUBLISHED),),
    "artifacts_keep_their_files": (
        artifact(),
        artifact(a_file("'a'")),
        artifact(a_file("'a'"), a_blob("'a'", data="'b'::BLOB")),
        artifact(a_file("'a'"), a_blob("'a'", size="2")),
    ),
    "attempts_are_of_artifacts": (
        (attempt(artifact_id="'gone'"),),
        (*WHOLE, attempt(claim_id="'another'")),
        (*WHOLE, attempt(outcome="'NOT_ATTEMPTED'")),
        (*WHOLE, attempt(outcome="NULL")),
        (*WHOLE, attempt(outcome="'VERIFIED'")),
        (*WHOLE, attempt(outcome="'REFUTED'"), approval("FALSE")),
        (*WHOLE, attempt(outcome="'VERIFIED'"), approval("TRUE", at=LATER)),
        (*WHOLE, attempt(outcome="'VERIFIED'", backend_is_authority="FALSE"), approval("TRUE")),
    ),
    "published_gates_are_those_held": (
        (published("status", '"UNVERIFIED"', '"FALSIFIED"'),),
        (published("status", '"UNVERIFIED"', "null"),),
    ),
    "activations_are_known": ((gate_verdict(activation_id="'gate-2@1999-01-01'"),),),
    "gates_look_back_only": ((gate_verdict(as_of=LATER),),),
    "verified_needs_an_artifact": (
        (gate_verdict(public_status="'VERIFIED'", outcome="'VERIFIED'"),),
        (gate_verdict(public_status="'VERIFIED'"),),
        (gate_verdict(outcome="'VERIFIED'"),),
    ),
    "falsified_only_if_refuted": (
        (gate_verdict(public_status="'FALSIFIED'", outcome="'ATTEMPT_FAILED'"),),
        (gate_verdict(public_status="'FALSIFIED'", outcome="NULL"),),
        (gate_verdict(public_status="'UNVERIFIED'", outcome="'REFUTED'"),),
        (gate_verdict(public_status="NULL", outcome="'REFUTED'"),),
    ),
    "tiers_follow_the_facts": (
        tier("PUBLIC_RECORD", scored("4.9")),
        tier("UNRATED"),
        tier(None),
        tier("DOI_GRADE", scored("7.4")),
        tier("PUBLIC_RECORD", scored("7.5")),
        tier("FLAGSHIP_CANDIDATE", scored("9")),  # no artifact, too few supported
        tier("QUARANTINE_CANDIDATE", scored("6")),
        tier("PUBLIC_RECORD", scored("NULL")),
        tier("WATCHLIST", FALSIFIED),
    ),
    "corrections_are_chained": (
        (correction("why", '"nothing happened"'),),
        (correction("sequence", "3"),),
        (correction("sequence", '"no number"'),),
        ("UPDATE corrections SET sequence = 3 WHERE sequence = 2",),
        ("UPDATE corrections SET hash = '0' WHERE sequence = 1",),
        ("UPDATE corrections SET record_id = 'another'",),
        ("UPDATE corrections SET sequence = 3 - sequence",),
    ),
    "nothing_from_the_future": (("UPDATE rejections SET recorded_at = TIMESTAMPTZ '2026-07-04 09:02:00+00'",),),
    "tables_never_shrink": (
        ("DELETE FROM rejections",),
        ("INSERT INTO table_sizes VALUES ('attempts', 1, now(), 'planted')",),
    ),
    "manifests_say_what_is_held": (
        ('UPDATE manifests SET manifest = json_merge_patch(manifest, \'{"claim_counts": {"supported": 7}}\')',),
        ('UPDATE manifests SET manifest = json_merge_patch(manifest, \'{"claim_counts": {"refuted": null}}\')',),
    ),
    "records_have_pages": (
        ("UPDATE pages SET record_id = 'another'",),
        ("UPDATE manifests SET record_id = 'another'",),
    ),
}

OTHER_WAYS = [
    pytest.param(name, way, id=f"{name}-{number}")
    for name, ways in PLANTED.items()
    for number, way in enumerate(ways[1:], start=2)
]
LOOKED_AT = """documents records passages claims verdicts evidence sentence_features found_works adjudications
reference_audits reviews rejections rigor_scans gate_verdicts public_states corrections manifests pages table_sizes"""
BY_NAME = {one.name: one for one in INVARIANTS}


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Made by the whole chain, twice; only read."""
    return run_chain(tmp_path_factory.mktemp("clean"))


@pytest.fixture
def spoiled(clean: Warehouse, tmp_path: Path) -> Callable[..., Warehouse]:
    def spoiled_by(*statements: str) -> Warehouse:
        house = copy_of(clean, tmp_path / "spoiled")
        spoil(house, *statements)
        return house

    return spoiled_by


def results(
    house: Warehouse,
    wanted: Sequence[Invariant] = INVARIANTS,
    cohorts: Sequence[str] | None = None,
    now: datetime = NOW,
) -> dict[str, dg.AssetCheckResult]:
    found = check_invariants(house, wanted, now=now, cohorts=cohorts)
    return {str(one.check_name): one for one in found}


def failing(house: Warehouse, **asked: Any) -> set[str]:
    return {name for name, one in results(house, **asked).items() if not one.passed}


def rows_of(result: dg.AssetCheckResult) -> Any:
    return result.metadata["rows"].value


def count_of(result: dg.AssetCheckResult) -> Any:
    return result.metadata["violations"].value


# --- both ways ----------------------------------------------------------------------------------


def test_a_clean_warehouse_passes_every_check(clean: Warehouse) -> None:
    found = results(clean)
    assert set(found) == set(BY_NAME)
    assert {name for name, one in found.items() if not one.passed} == set()
    assert {count_of(one) for one in found.values()} == {0}


def test_the_clean_warehouse_holds_what_the_checks_look_at(clean: Warehouse) -> None:
    looked_at = LOOKED_AT.split()
    with clean.read() as connection:
        empty = [name for name in looked_at if connection.execute(f"SELECT count(*) FROM {name}").fetchone() == (0,)]
    assert empty == []


def test_an_empty_warehouse_passes_every_check(tmp_path: Path) -> None:
    house = Warehouse(WarehouseLocation(tmp_path / "claimgate.duckdb"))
    with house.write():
        pass
    assert failing(house) == set()


def test_every_invariant_has_a_planted_violation() -> None:
    assert set(PLANTED) == set(BY_NAME)


def test_what_an_invariant_implies_is_an_invariant() -> None:
    assert {implied for one in INVARIANTS for implied in one.implies} <= set(BY_NAME)


@pytest.mark.parametrize("name", [one.name for one in INVARIANTS])
def test_a_planted_violation_fails_its_check_and_those_it_implies_and_no_other(
    spoiled: Callable[..., Warehouse], name: str
) -> None:
    found = results(spoiled(*PLANTED[name][0]))
    assert {check for check, one in found.items() if not one.passed} == {name} | BY_NAME[name].implies
    own = found[name]
    assert count_of(own) >= 1
    assert 1 <= len(rows_of(own)) <= ROWS_SHOWN
    assert f"{count_of(own)} violating rows" in str(own.description)
    assert BY_NAME[name].why in str(own.description)


@pytest.mark.parametrize(("name", "way"), OTHER_WAYS)
def test_every_other_way_of_breaking_an_invariant_is_found(
    spoiled: Callable[..., Warehouse], name: str, way: tuple[str, ...]
) -> None:
    """By the warehouse's statements alone where the invariant has one: GX would only count them again."""
    house = spoiled(*way)
    if BY_NAME[name].expectation is not None:
        assert failing(house) == {name} | BY_NAME[name].implies
        return
    found = {one.invariant.name for one in violations(house, INVARIANTS, now=NOW, cohorts=None) if one.count}
    stated = {one for one in BY_NAME[name].implies if BY_NAME[one].expectation is None}
    assert found == {name} | stated


@pytest.mark.parametrize(
    ("sha256", "authority", "outcome", "broken"),
    [
        ("a" * 64, "TRUE", "VERIFIED", set()),
        ("a" * 64, "FALSE", "VERIFIED", {"verified_needs_an_artifact", "attempts_are_of_artifacts"}),
        ("a" * 63, "TRUE", "VERIFIED", {"verified_needs_an_artifact"}),
        ("a" * 64, "TRUE", "INCONCLUSIVE", {"verified_needs_an_artifact"}),
    ],
)
def test_verified_rests_on_a_hashed_artifact_that_an_authority_verified(
    spoiled: Callable[..., Warehouse], sha256: str, authority: str, outcome: str, broken: set[str]
) -> None:
    house = spoiled(
        gate_verdict(public_status="'VERIFIED'", outcome="'VERIFIED'"),
        *WHOLE,
        approval("TRUE"),
        f"UPDATE artifacts SET sha256 = '{sha256}', "
        "record_id = (SELECT record_id FROM gate_verdicts WHERE gate_verdict_id = 'planted')",
        attempt(outcome=f"'{outcome}'", backend_is_authority=authority),
    )
    assert failing(house) == broken


def test_a_source_may_decide_by_a_sentence_that_was_looked_at_and_not_quoted(spoiled: Callable[..., Warehouse]) -> None:
    house = spoiled(
        verdict(verdict="'SUPPORTED'", per_source=per_source("SUPPORTED", "NOT_ENOUGH_INFO")),
        quoted("SUPPORTS", "another"),
        looked_at(stance="'SUPPORTS'"),
        "UPDATE verdicts SET per_source = replace(per_source, 'its source', (SELECT min(source_id) FROM "
        "sentence_features WHERE verdict_id = 'planted')) WHERE verdict_id = 'planted'",
    )
    assert failing(house) == set()


def test_a_thousandth_is_allowed_for_rounded_shares(spoiled: Callable[..., Warehouse]) -> None:
    held = f"'{json.dumps(shares(0.3333, 0.3333, 0.3333))}'"
    assert failing(spoiled(verdict(probabilities=held))) == set()


@pytest.mark.parametrize(
    "table",
    ["documents", "batches", "records", "claims", "verdicts", "evidence", "reviews", "corrections", "pages"],
)
def test_a_fact_of_any_table_from_the_future_is_found(spoiled: Callable[..., Warehouse], table: str) -> None:
    with_future = spoiled(f"UPDATE {table} SET recorded_at = TIMESTAMPTZ '2099-01-01 00:00:00+00'")
    found = results(with_future, [BY_NAME["nothing_from_the_future"]])["nothing_from_the_future"]
    assert [row["table_name"] for row in rows_of(found)] == [table]


def test_a_minute_is_allowed_for_clocks_that_differ(clean: Warehouse) -> None:
    wanted = [BY_NAME["nothing_from_the_future"]]
    assert failing(clean, wanted=wanted, now=datetime(2026, 7, 3, 8, 59, 30, tzinfo=UTC)) == set()
    assert failing(clean, wanted=wanted, now=datetime(2026, 7, 3, 8, 58, 59, tzinfo=UTC)) == {wanted[0].name}


def test_what_is_asked_of_a_cohort_is_not_asked_of_the_others(spoiled: Callable[..., Warehouse]) -> None:
    house = spoiled(f"UPDATE reviews SET record_id = 'another' WHERE record_id = {LICHEN_RECORD}", *UNPUBLISHED)
    assert failing(house, cohorts=["2026-06"]) == set()
    assert failing(house, cohorts=["2026-05"]) == {"records_have_reviews"}
    assert failing(house, cohorts=[]) == set()


# --- what a check reports -----------------------------------------------------------------------


def test_a_check_shows_how_many_rows_break_it_which_statement_found_them_and_the_first_twenty(
    spoiled: Callable[..., Warehouse],
) -> None:
    house = spoiled(
        "INSERT INTO verdicts SELECT * EXCLUDE (i) REPLACE ('planted-' || i AS verdict_id, 'gone' AS claim_id, "
        f"'NOT_ENOUGH_INFO' AS verdict, {EARLIER} AS recorded_at) "
        "FROM (SELECT * FROM verdicts LIMIT 1), range(57) AS r(i)"
    )
    result = results(house)["verdicts_have_claims"]
    assert count_of(result) == 57
    assert len(rows_of(result)) == ROWS_SHOWN == 20
    assert rows_of(result)[0] == {"verdict_id": "planted-0", "claim_id": "gone"}
    assert "ANTI JOIN claims" in str(result.metadata["query"].value)
    assert str(result.description).startswith("57 violating rows. ")


def test_a_check_about_records_shows_their_summaries(spoiled: Callable[..., Warehouse]) -> None:
    house = spoiled(f"UPDATE batches SET row_count = 1 WHERE {ITS_CLAIMS}", *UNPUBLISHED)
    result = results(house)["verified_at_most_extracted"]
    assert count_of(result) == 1
    (row,) = rows_of(result)
    assert (row["cohort"], row["extracted"], row["supported"], row["judged"]) == ("2026-05", 1, 2, 4)
    assert "ExpectColumnPairValuesAToBeGreaterThanB" in str(result.metadata["query"].value)


def test_what_is_absent_is_null_in_the_rows_that_a_check_shows(spoiled: Callable[..., Warehouse]) -> None:
    house = spoiled(
        f"UPDATE reviews SET score = NULL, low = NULL, high = NULL WHERE record_id = {LICHEN_RECORD}",
        f"UPDATE batches SET row_count = row_count + 1 WHERE {ITS_CLAIMS}",
    )
    (row,) = rows_of(results(house)["verdicts_add_up"])
    assert row["score"] is None
    json.dumps(row, allow_nan=False)


def test_what_a_record_states_of_itself_warns_and_does_not_block(spoiled: Callable[..., Warehouse]) -> None:
    (statement,) = PLANTED["stated_and_counted_agree"][0]
    result = results(spoiled(statement))["stated_and_counted_agree"]
    assert not result.passed
    assert result.severity is dg.AssetCheckSeverity.WARN
    shown = [(row["stated_extracted"], row["counted_extracted"], row["stated_verified"]) for row in rows_of(result)]
    assert shown == [(99, 3, None), (99, 4, None)]
    assert [one.name for one in INVARIANTS if not one.blocking] == ["stated_and_counted_agree"]
    assert {one.severity for one in results(spoiled()).values()} == {
        dg.AssetCheckSeverity.ERROR,
        dg.AssetCheckSeverity.WARN,
    }


# --- what is wrong with a check itself ----------------------------------------------------------


def test_an_expectation_that_cannot_be_evaluated_raises(clean: Warehouse) -> None:
    broken = Invariant(
        "no_such_column",
        "verdicts",
        "it asks for a column that the frame has not",
        expectation="ExpectColumnValuesToBeBetween",
        arguments={"column": "no such column", "min_value": 0},
    )
    with pytest.raises(CheckFailed, match=r"could not evaluate no_such_column.*no such column"):
        results(clean, [broken])


def test_an_invariant_without_its_statement_raises(clean: Warehouse) -> None:
    with pytest.raises(FileNotFoundError, match="no_such_statement"):
        results(clean, [Invariant("no_such_statement", "verdicts", "it has no file")])


def test_checking_a_warehouse_that_is_not_there_says_so(tmp_path: Path) -> None:
    house = Warehouse(WarehouseLocation(tmp_path / "claimgate.duckdb"))
    with pytest.raises(WarehouseMissing, match="There is no warehouse at"):
        results(house)


# --- in a run -----------------------------------------------------------------------------------


def test_a_failing_check_stops_the_run_before_the_next_stage_and_says_which_it_was(tmp_path: Path) -> None:
    house = Warehouse(WarehouseLocation(tmp_path / "claimgate.duckdb"))
    inbox = write_inbox(tmp_path)
    write_library(tmp_path)
    with dg.DagsterInstance.ephemeral() as instance:
        conductor = Conductor(definitions_at(tmp_path, FIRST), instance, house)
        taken = conductor.take_in([str(inbox)])
        spoil(
            house,
            "INSERT INTO verdicts (verdict_id, claim_id, verdict, recorded_at) "
            f"VALUES ('planted', 'gone', 'NOT_ENOUGH_INFO', {EARLIER})",
        )
        with pytest.raises(RunFailed, match=r"stopped by a failing check: .*verdicts_have_claims \(1 rows\)"):
            conductor.follow_up(taken.document_ids, today=FIRST.date())
    with house.read() as connection:
        held = {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone() for name in ("verdicts", "reviews")}
    assert held["verdicts"] == (8,)
    assert held["reviews"] == (0,)

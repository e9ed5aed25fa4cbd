"""The compatible contracts of a record: each holds to its schema, and says what is held instead of a default."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from contract_documents import corrected, document
from contract_schemas import FORMATS, breaks, holds, objects, schemas
from pages import hostile_record
from published_artifacts import artifact, hostile_attacker
from published_records import (
    empty_record,
    gated_record,
    rich_record,
)

from pipelines.extraction.claims import extract_claims
from pipelines.ingestion.documents import read_document
from pipelines.ingestion.records import cohort_of, parse_record
from pipelines.models import (
    ClaimCounts,
    ClaimVerdict,
    EvidenceScope,
    Level,
    StatedFacts,
    Tier,
)
from pipelines.publication.contracts.table import (
    CONTRACTS,
    contract_bytes,
    contract_files,
)
from pipelines.publication.exports.formats import FORMATS as EXPORTS
from pipelines.publication.gate_contract import record_gate_verdict
from pipelines.publication.levels import level_facts, level_of
from pipelines.publication.manifest import manifest_bytes, manifest_of
from pipelines.publication.site.text import corrections_name, folder_name, gate_verdict_name, manifest_name, page_name
from pipelines.publication.views import ClaimView, PublicRecord, ReferenceView

SITE = "https://records.example/checked/"
LONE = "half a pair \ud800"


def hostile() -> PublicRecord:
    """A record of hostile texts, less the artifacts that are as long as a book, and with half a surrogate pair."""
    nasty = hostile_record()
    gated = tuple(one.model_copy(update={"attackers": (hostile_attacker(LONE),)}) for one in nasty.gates)
    (claim,) = nasty.claims
    return nasty.model_copy(
        update={
            "artifacts": (artifact(1, 1, None, kind=LONE, author=LONE),),
            "gates": gated,
            "question": LONE,
            "claims": (claim.model_copy(update={"per_source": claim.per_source[:2]}),),
            "stated": StatedFacts(doi="10.5555/" + "x" * 1_000_000),
        }
    )


RECORDS = {
    "rich": rich_record(),
    "empty": empty_record(),
    "gated": gated_record(),
    "corrected": corrected(),
    "hostile": hostile(),
    "scored": rich_record(artifacts=(), gates=(), level=Level.FORMALLY_VERIFIED, tier=Tier.PUBLIC_RECORD),
}


# --- every contract of every record -------------------------------------------------------------


@pytest.mark.parametrize("base_url", [None, SITE])
@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
@pytest.mark.parametrize("name", CONTRACTS)
def test_a_contract_holds_to_its_schema_or_says_why_it_does_not_apply(
    name: str, record: PublicRecord, base_url: str | None
) -> None:
    held, absent = document(name, record, base_url), CONTRACTS[name].why_absent(record)
    assert (held is None) is (absent is not None)
    if held is None:
        assert absent.endswith(".")
        return
    assert breaks(name, held) == []
    assert held["contract_version"] == name


def real_record(path: Path) -> PublicRecord:
    """A published record as it is read, before anything of it was checked."""
    parsed = parse_record(read_document(path.name, path.read_bytes()))
    views = tuple(
        ClaimView(
            claim=one,
            verdict=ClaimVerdict.NOT_CHECKED,
            confidence=None,
            reason="Nothing was checked in this test.",
            scope=EvidenceScope.NONE,
            conflict=False,
        )
        for one in extract_claims(parsed, path.stem)
    )
    counts = ClaimCounts(extracted=len(views), not_checked=len(views))
    level, basis = level_of(level_facts(counts, 0, (), None))
    return empty_record().model_copy(
        update={
            "cohort": cohort_of(parsed),
            "layout": parsed.layout,
            "title": parsed.title or "no title",
            "title_stated": parsed.title is not None,
            "publisher": parsed.publisher,
            "published_on": parsed.published_on,
            "question": parsed.question,
            "identifier": parsed.identifier,
            "stated": parsed.stated,
            "counts": counts,
            "claims": views,
            "references": tuple(ReferenceView(reference=one, audit=None) for one in parsed.references),
            "level": level,
            "level_basis": basis,
            "tier": Tier.UNRATED,
        }
    )


@pytest.mark.parametrize("file", ["000", "001", "002", "003"])
def test_contracts_and_manifest_of_real_records_hold_to_their_schemas(file: str) -> None:
    corpus = os.environ.get("CLAIMGATE_CORPUS")
    if not corpus:
        pytest.skip("CLAIMGATE_CORPUS names no folder of real records")
    (path,) = Path(corpus, "records").glob(f"{file}_*.txt")
    record = real_record(path)
    for name in CONTRACTS:
        held = document(name, record)
        assert held is None or breaks(name, held) == []
    assert breaks("claimgate-manifest-v1", json.loads(manifest_bytes(manifest_of(record)))) == []
    summary = document("verification-levels-v1", record)["claim_summary"]
    assert (summary["source_grounded_claims"], summary["aggregate_claim_records"]) == (0, len(record.claims))


def test_the_manifest_of_a_hostile_record_holds_to_its_schema_and_its_contracts_stay_short() -> None:
    record = hostile()
    assert breaks("claimgate-manifest-v1", json.loads(manifest_bytes(manifest_of(record)))) == []
    found = document("paper-manifest-v1", record)
    texts = [found["work"]["title"], found["work"]["question"], found["provenance"]["external_record"]["doi"]]
    assert all(len(text) < 5_000 for text in texts)
    assert "\u202e" not in found["work"]["title"]
    assert "\ufffd" in found["work"]["question"]
    assert not any("\ud800" in part for one in objects(found["work"]) for part in one.values() if isinstance(part, str))


# --- the schemas notice -------------------------------------------------------------------------


def spoiled(schema: Any, held: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any], str, Any]]:
    """(place, object, field, wrong value) for every required field, which is taken away (wrong value `...`), and every
    field with fixed words."""
    if isinstance(held, list):
        for number, one in enumerate(held[:2]):
            yield from spoiled(schema.get("items", {}), one, f"{path}[{number}]")
        return
    if not isinstance(held, dict):
        return
    for field in schema.get("required", ()):
        yield f"{path}.{field} taken away", held, field, ...
    for field, part in schema.get("properties", {}).items():
        if field not in held:
            continue
        if "enum" in part or "const" in part:
            yield f"{path}.{field} with another word", held, field, "NO_SUCH_WORD"
        yield from spoiled(part, held[field], f"{path}.{field}")


@pytest.mark.parametrize("name", CONTRACTS)
def test_every_required_field_taken_away_and_every_wrong_word_is_noticed(name: str) -> None:
    held = document(name, corrected(), SITE)
    cases = list(spoiled(schemas()[name], held))
    assert len(cases) >= 12
    for place, holder, field, wrong in cases:
        kept = dict(holder)
        if wrong is ...:
            del holder[field]
        else:
            holder[field] = wrong
        assert not holds(name, held), place
        holder.clear()
        holder.update(kept)
    assert breaks(name, held) == []


@pytest.mark.parametrize(
    ("name", "place", "value"),
    [
        ("quality-tiers-v1", ("inputs", "review_score"), None),
        ("quality-tiers-v1", ("inputs", "review_score"), 10.5),
        ("quality-tiers-v1", ("inputs", "verified_claim_count"), -1),
        ("quality-tiers-v1", ("tier",), "UNRATED"),
        ("quality-dimensions-v1", ("dimensions", "novelty", "score"), 11),
        ("verification-levels-v1", ("paper_level",), 8),
        ("verification-levels-v1", ("paper_level",), None),
        ("correction-record-v1", ("correction_count",), -1),
        ("correction-record-v1", ("manifest", "current_manifest_url"), "a b"),
        ("gate-verdict-v1", ("evaluated_at",), "2026-07-02"),
        ("gate-verdict-v1", ("reason",), ""),
    ],
)
def test_a_value_out_of_bounds_is_noticed(name: str, place: tuple[str, ...], value: object) -> None:
    held = document(name, corrected())
    holder = held
    for step_in in place[:-1]:
        holder = holder[step_in]
    holder[place[-1]] = value
    assert breaks(name, held)


def test_an_address_is_told_from_a_word_and_a_time_from_a_day() -> None:
    for form, good, bad in (
        ("uri", "https://a.example/b", "b/c.json"),
        ("uri-reference", "../b.html", "a b"),
        ("date-time", "2026-07-02T02:00:11+00:00", "2026-07-02"),
        ("date", "2026-07-02", "July"),
    ):
        assert FORMATS.conforms(good, form)
        assert not FORMATS.conforms(bad, form)


# --- files and addresses ------------------------------------------------------------------------


def test_the_files_lie_in_the_records_folder_under_the_names_that_the_documents_give() -> None:
    record = corrected()
    files = dict(contract_files(record, None))
    folder = folder_name(record.record_id)
    assert list(files) == [f"{folder}/{one.file}" for one in CONTRACTS.values()]
    assert files[gate_verdict_name(record.record_id)] == manifest_bytes(record_gate_verdict(record))
    found = json.loads(files[f"{folder}/paper-manifest.json"])
    listed = {one["url"] for one in found["contracts"]} | {"paper-manifest.json"}
    assert {f"{folder}/{url}" for url in listed} == set(files)
    addresses = {one["type"]: one["url"] for one in found["artifacts"]}
    assert f"{folder}/{addresses['manifest']}" == manifest_name(record.record_id)
    assert f"{folder}/{addresses['corrections']}" == corrections_name(record.record_id)
    assert addresses["page"] == f"../{page_name(record.record_id)}" == found["work"]["html_url"]
    assert any("relative to the record's folder" in one for one in found["limitations"])


def test_addresses_are_absolute_where_the_site_is_known() -> None:
    record = corrected()
    found = document("correction-record-v1", record, SITE)
    folder = f"https://records.example/checked/{folder_name(record.record_id)}"
    assert found["manifest"]["current_manifest_url"] == f"{folder}/paper-manifest.json"
    assert found["manifest"]["correction_record_url"] == f"{folder}/correction-record.json"
    assert not any("relative" in one for one in found["limitations"])
    for one in document("paper-manifest-v1", record, SITE.rstrip("/"))["artifacts"]:
        assert FORMATS.conforms(one["url"], "uri")
        assert "checked//" not in one["url"]


def test_a_log_that_is_not_published_is_not_listed() -> None:
    assert "corrections" not in {one["type"] for one in document("paper-manifest-v1", rich_record())["artifacts"]}


@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
def test_the_same_record_gives_the_same_bytes(record: PublicRecord) -> None:
    assert dict(contract_files(record, SITE)) == dict(contract_files(record, SITE))


@pytest.mark.parametrize("name", CONTRACTS)
def test_each_contract_is_an_export_under_its_name(name: str) -> None:
    record = corrected()
    export = EXPORTS[name.removesuffix("-v1")]
    assert export.write(record) == contract_bytes(name, record)
    assert (export.media_type, export.binary) == ("application/json", False)

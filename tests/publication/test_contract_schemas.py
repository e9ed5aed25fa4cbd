"""The shipped schemas: valid, described, what the code makes, what the contracts' publisher documents; and strict."""

from __future__ import annotations

import json
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import pytest
from contract_documents import corrected
from contract_schemas import breaks, holds, objects, schemas
from jsonschema import Draft202012Validator
from published_records import empty_record, gated_record, rich_record

from pipelines.models import AttemptOutcome, ClaimVerdict, Dimension, GateResult, PublicGateStatus, Tier
from pipelines.publication.contracts.enum_words import ENUM_WORDS
from pipelines.publication.contracts.field_words import FIELD_WORDS
from pipelines.publication.contracts.manifest_schema import MODELS, made_schema, schema_bytes
from pipelines.publication.contracts.quality_dimensions import definition
from pipelines.publication.contracts.table import CONTRACTS, schema_files
from pipelines.publication.correction_log import Head, heads_bytes, log_bytes
from pipelines.publication.corrections import CorrectionKind
from pipelines.publication.manifest import manifest_bytes, manifest_of
from pipelines.publication.tiers import TIERS
from pipelines.publication.views import PublicRecord

MANIFEST = "claimgate-manifest-v1"
LEVELS = ["UNASSESSED", "LOW", "MEDIUM", "HIGH"]

# Required fields, as the publisher of the contracts documents them.
REQUIRED: dict[str, dict[tuple[str, ...], str]] = {
    "gate-verdict-v1": {
        (): "schema schema_version contract_version status label definition reason evaluated_at gate enforcement"
    },
    "verification-levels-v1": {
        (): "schema schema_version contract_version paper_level paper_level_key paper_level_label basis generated_from"
        " claim_summary artifact_types levels unsupported_upper_levels enforcement limitations",
        ("claim_summary",): "source_grounded_claims aggregate_claim_records claim_record_source"
        " per_claim_public_records per_claim_public_record_count cross_source_corroborated_claims"
        " artifact_inspected_claims sandbox_executed_claims independently_reproduced_claims"
        " externally_reviewed_or_formally_verified_claims",
    },
    "quality-tiers-v1": {
        (): "schema schema_version contract_version tier basis generated_from inputs thresholds enforcement"
        " limitations",
        ("inputs",): "review_score verified_claim_count artifact_types reproducibility_level",
    },
    "quality-dimensions-v1": {
        (): "schema schema_version contract_version dimensions interpretation limitations",
        ("dimensions",): " ".join(Dimension),
        **{("dimensions", one.value): "score level basis definition" for one in Dimension},
    },
    "correction-record-v1": {
        (): "schema schema_version contract_version contract_updated generated_from publisher work manifest"
        " correction_state correction_count last_corrected_at correction_events known_superseded_manifest_urls policy"
        " interpretation limitations",
        ("manifest",): "schema contract_version contract_updated current_manifest_url correction_record_url",
        ("correction_events", "items"): "event_id corrected_at correction_type public_note affected_fields",
        ("policy",): "corrections_are_additive no_silent_public_rewrites private_operational_logs_public basis",
    },
}
# Words of a field: as documented, or those of our code where the field is ours.
WORDS: dict[str, dict[tuple[str, ...], list[str] | type[StrEnum]]] = {
    "gate-verdict-v1": {("status",): PublicGateStatus},
    "quality-tiers-v1": {
        ("tier",): [one for one in Tier if one is not Tier.UNRATED],
        ("inputs", "reproducibility_level"): LEVELS,
        ("thresholds", "items", "tier"): Tier,
        ("inputs", "gate_status"): [*PublicGateStatus, None],
        ("inputs", "integrity_result"): [*GateResult, None],
    },
    "quality-dimensions-v1": {("dimensions", one.value, "level"): LEVELS for one in Dimension},
    "verification-levels-v1": {
        ("claim_summary", "per_claim_public_records", "items", "verdict"): ClaimVerdict,
        (
            "claim_summary",
            "per_claim_public_records",
            "items",
            "artifacts",
            "items",
            "outcome",
        ): AttemptOutcome,
    },
    "correction-record-v1": {
        ("correction_state",): ["CURRENT", "CORRECTED", "SUPERSEDED"],
        ("correction_events", "items", "correction_type"): CorrectionKind,
    },
    "paper-manifest-v1": {
        ("quality_assessment", "tier"): [*Tier, None],
        ("verification", "gate_status"): [*PublicGateStatus, None],
    },
}


def part(name: str, path: tuple[str, ...]) -> Any:
    schema = schemas()[name]
    for step in path:
        schema = schema["items"] if step == "items" else schema["properties"][step]
    return schema


# --- the files ----------------------------------------------------------------------------------


def test_every_contract_has_a_schema_and_there_is_no_other() -> None:
    assert set(schemas()) == {*CONTRACTS, *MODELS}
    assert set(schema_files()) == {f"schemas/{name}.json" for name in schemas()}


@pytest.mark.parametrize("name", sorted({*CONTRACTS, *MODELS}))
def test_a_schema_is_one_of_the_draft_that_it_names_with_words_for_every_field(name: str) -> None:
    schema = schemas()[name]
    Draft202012Validator.check_schema(schema)
    assert (schema["$schema"], schema["$id"]) == (
        "https://json-schema.org/draft/2020-12/schema",
        f"urn:claimgate:schema:{name}",
    )
    silent = [path for path, field in fields_of(schema) if not field.get("description")]
    assert silent == []


def test_every_enumeration_of_the_manifest_says_what_its_words_mean() -> None:
    enums = {name: held for name, held in made_schema(MANIFEST)["$defs"].items() if "enum" in held}
    assert set(ENUM_WORDS) <= set(enums)
    assert [name for name, held in enums.items() if not held.get("description")] == []


def fields_of(schema: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every field of a schema but those of lists of plain values within lists."""
    for name, held in schema.get("properties", {}).items():
        yield f"{path}.{name}", held
        yield from fields_of(held, f"{path}.{name}")
        yield from fields_of(held.get("items", {}), f"{path}.{name}[]")
    for name, held in schema.get("$defs", {}).items():
        yield from fields_of(held, f"{path}#{name}")


@pytest.mark.parametrize("name", MODELS)
def test_the_shipped_schema_of_our_own_contract_is_what_the_models_make(name: str) -> None:
    assert schema_files()[f"schemas/{name}.json"] == schema_bytes(made_schema(name)), "run make schemas"


def test_no_words_are_kept_for_a_field_that_is_not_written() -> None:
    written: dict[str, set[str]] = {}
    for name, model in MODELS.items():
        made = made_schema(name)
        for part_name, held in {model.__name__: made, **made["$defs"]}.items():
            written.setdefault(part_name, set()).update(held.get("properties", {}))
    kept = {(model, field) for model, words in FIELD_WORDS.items() for field in words}
    assert kept <= {(model, field) for model, fields in written.items() for field in fields}


@pytest.mark.parametrize("name", REQUIRED)
def test_what_the_publisher_of_a_contract_requires_is_required_and_nothing_less(name: str) -> None:
    for path, fields in REQUIRED[name].items():
        assert part(name, path)["required"] == fields.split(), path
    assert part(name, ("schema",))["const"] == f"https://assignee.net/schemas/{name}"


@pytest.mark.parametrize("name", WORDS)
def test_the_words_of_a_field_are_those_of_the_contract_and_of_the_code(name: str) -> None:
    for path, words in WORDS[name].items():
        assert part(name, path)["enum"] == list(words), path


def test_definitions_and_conditions_in_the_files_are_those_of_the_code() -> None:
    for one in Dimension:
        assert part("quality-dimensions-v1", ("dimensions", one.value, "definition"))["const"] == definition(one)
    assert schemas()["quality-tiers-v1"]["x-conditions"] == {one.name: one.words for one in TIERS.conditions}


# --- our manifest and our log -------------------------------------------------------------------


def manifest(record: PublicRecord) -> Any:
    return json.loads(manifest_bytes(manifest_of(record)))


@pytest.mark.parametrize("record", [rich_record(), empty_record(), gated_record(), corrected()])
def test_the_manifest_of_a_record_is_what_its_schema_says(record: PublicRecord) -> None:
    assert breaks(MANIFEST, manifest(record)) == []


def test_a_manifest_with_an_unknown_field_anywhere_breaks_its_schema() -> None:
    found = manifest(corrected())
    free = [one["attempt"]["evidence"] for one in found["artifacts"] if one["attempt"]]
    free += [event[side] for event in found["corrections"]["events"] for side in ("before", "after")]
    free_objects = {id(inner) for one in free for inner in objects(one)}
    closed = [one for one in objects(found) if id(one) not in free_objects]
    assert len(closed) > 100
    for one in closed[::3]:
        one["unheard_of"] = 1
        assert not holds(MANIFEST, found)
        del one["unheard_of"]
    assert breaks(MANIFEST, found) == []


def test_a_manifest_that_lacks_any_field_breaks_its_schema() -> None:
    found = manifest(corrected())
    for holder in (
        found,
        found["claims"][0],
        found["references"][1]["audit"],
        found["artifacts"][-1],
        found["gates"][0],
    ):
        for field in list(holder):
            kept = holder.pop(field)
            assert not holds(MANIFEST, found), field
            holder[field] = kept
    assert breaks(MANIFEST, found) == []


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("claims", 0, "verdict"), "VERIFIED"),
        (("claims", 0, "confidence"), 1.2),
        (("claims", 0, "verified_at"), "yesterday"),
        (("claims", 0, "evidence", 0, "passage_sha256"), "abc"),
        (("record", "published_on"), "June"),
        (("gates", 0, "gate_verdict", "status"), "PASSED"),
        (("tier", "value"), "GOLD"),
        (("level", "value"), 8),
        (("schema",), "claimgate-manifest-v2"),
        (("schema_version",), "0.9.0"),
    ],
)
def test_a_manifest_with_a_wrong_value_breaks_its_schema(place: tuple[str | int, ...], value: object) -> None:
    found = manifest(gated_record())
    holder = found
    for step in place[:-1]:
        holder = holder[step]
    holder[place[-1]] = value
    assert breaks(MANIFEST, found)


def test_every_line_of_the_correction_log_and_the_file_of_heads_are_what_their_schemas_say() -> None:
    events = corrected().corrections
    lines = [json.loads(line) for line in log_bytes(events).splitlines()]
    assert len(lines) == len(events) > 1
    for line in lines:
        assert breaks("claimgate-correction-v1", line) == []
        assert breaks("claimgate-correction-v1", {**line, "by": "nobody"})
    heads = json.loads(heads_bytes([Head(record_id="a", count=len(events), hash=events[-1].hash)]))
    assert breaks("claimgate-correction-heads-v1", heads) == []
    assert breaks("claimgate-correction-heads-v1", {**heads, "schema": "claimgate-correction-heads-v2"})

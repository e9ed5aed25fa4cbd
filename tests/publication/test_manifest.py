import hashlib
import json
from datetime import UTC, datetime

from published_records import PASSAGE, YIELDS, empty_record, rich_record

from pipelines.models import ClaimCounts, StatedFacts
from pipelines.publication.as_published import UNREAD, Agreement, comparisons
from pipelines.publication.manifest import manifest_bytes, manifest_of


def test_manifest_names_its_schema_and_reads_back_as_it_was_written():
    manifest = manifest_of(rich_record())
    assert (manifest["schema"], manifest["schema_version"]) == ("claimgate-manifest-v1", "1.3.0")
    assert json.loads(manifest_bytes(manifest)) == manifest


def test_manifest_of_the_same_record_has_the_same_bytes():
    first, again = manifest_bytes(manifest_of(rich_record())), manifest_bytes(manifest_of(rich_record()))
    assert first == again
    assert first.endswith(b"}\n")
    assert not first.endswith(b"\n\n")


def test_manifest_bytes_do_not_depend_on_the_order_of_keys():
    manifest = manifest_of(rich_record())
    assert manifest_bytes(dict(reversed(manifest.items()))) == manifest_bytes(manifest)


def test_claim_counts_stand_apart_and_extracted_is_never_called_verified():
    assert manifest_of(rich_record())["claim_counts"] == {
        "extracted": 6,
        "supported": 2,
        "refuted": 1,
        "not_enough_info": 1,
        "disputed": 1,
        "not_checked": 1,
    }


def test_evidence_keeps_its_place_and_says_which_text_the_place_is_in():
    refuted = manifest_of(rich_record())["claims"][1]
    (evidence,) = refuted["evidence"]
    assert refuted["verdict"] == "REFUTED"
    assert PASSAGE[evidence["start"] : evidence["end"]] == evidence["text"] == YIELDS
    assert evidence["passage_sha256"] == hashlib.sha256(PASSAGE.encode()).hexdigest()
    assert evidence["stance"] == "REFUTES"


def test_a_persons_verdict_is_marked_as_a_persons():
    claims = manifest_of(rich_record())["claims"]
    assert [claim["verdict_by"] for claim in claims] == ["machine"] * 5 + ["person"]
    assert claims[5]["adjudication"]["by"] == "Reader One"


def test_reference_keeps_its_finding_mismatches_and_notices():
    audited = manifest_of(rich_record())["references"][1]["audit"]
    assert audited["finding"] == "MISDESCRIBED"
    assert audited["mismatches"] == [{"field": "year", "stated": "2021", "held": "2019"}]
    assert audited["notices"][0]["kind"] == "RETRACTED"
    assert manifest_of(rich_record())["references"][2]["audit"] is None


def test_absent_values_are_null_and_never_zero():
    manifest = manifest_of(empty_record())
    assert manifest["record"]["published_on"] is None
    assert manifest["level"]["value"] is None
    assert manifest["tier"]["value"] is None
    assert manifest["review"]["summary"]["score"] is None
    assert manifest["as_published"]["papers"] is None
    assert manifest["corrections"] == {"state": "CURRENT", "count": 0, "head": None, "events": []}


def test_comparison_sets_what_is_stated_beside_what_was_found():
    rows = {row.field: row for row in comparisons(rich_record())}
    assert (rows["papers"].stated, rows["papers"].checked) == (12, 3)
    assert rows["papers"].agreement is Agreement.DIFFERS
    assert rows["claims_extracted"].agreement is Agreement.AGREES
    assert (rows["claims_verified"].stated, rows["claims_verified"].checked) == (6, 2)
    assert rows["source_grounded_claims"].agreement is Agreement.NOT_STATED
    assert rows["tier"].agreement is Agreement.DIFFERS
    assert rows["gate_status"].agreement is Agreement.AGREES


def test_a_record_that_states_two_different_figures_agrees_with_neither():
    record = rich_record()
    two = record.model_copy(update={"counts": record.counts.model_copy(update={"supported": 6})})
    row = next(row for row in comparisons(two) if row.field == "claims_verified")
    assert [place.value for place in row.places] == [6, 4]
    assert row.agreement is Agreement.DIFFERS


def test_tier_is_compared_by_its_words_not_by_their_spelling():
    record = rich_record(stated=StatedFacts(tier="Watchlist", level=2, review_score=5.25))
    rows = {row.field: row.agreement for row in comparisons(record)}
    assert rows["tier"] is rows["level"] is rows["review_score"] is Agreement.AGREES


def test_what_follows_from_sources_is_compared_only_where_a_source_could_be_read():
    stated = StatedFacts(claims_verified=9, source_grounded_claims=9, tier="DOI grade", level=2, claims_extracted=2)
    record = rich_record(stated=stated)
    unread = record.model_copy(update={"counts": ClaimCounts(extracted=2, not_checked=2)})
    one_read = record.model_copy(update={"counts": ClaimCounts(extracted=2, not_checked=1, not_enough_info=1)})
    needing = {"claims_verified", "source_grounded_claims", "tier", "level"}
    for row in comparisons(unread):
        assert (row.agreement is Agreement.NOT_COMPARED and row.basis == UNREAD) == (row.field in needing), row.field
    rows = {row.field: row for row in comparisons(one_read)}
    assert rows["claims_verified"].agreement is Agreement.DIFFERS
    assert rows["claims_verified"].basis != UNREAD
    assert {row.field: row.agreement for row in comparisons(unread)}["claims_extracted"] is Agreement.AGREES


def test_gate_status_is_that_of_the_gate_the_record_names_and_of_one_in_force():
    record = rich_record(stated=StatedFacts(gate="Gate 4", gate_status="Unverified"))
    row = next(row for row in comparisons(record) if row.field == "gate_status")
    assert row.checked is None
    assert row.agreement is Agreement.NOT_COMPARED


def test_a_status_published_without_its_gate_is_not_compared_and_says_why() -> None:
    rows = {row.field: row for row in comparisons(rich_record(stated=StatedFacts(gate_status="Verified")))}
    assert rows["gate_status"].agreement is Agreement.NOT_COMPARED
    assert rows["gate_status"].basis.startswith("as published it names no gate, so there is nothing to compare")
    assert rows["gate_evaluated_at"].basis == rows["gate_status"].basis
    silent = {row.field: row for row in comparisons(rich_record(stated=StatedFacts()))}
    assert (silent["gate_status"].agreement, silent["gate_status"].basis) == (
        Agreement.NOT_STATED,
        "no gate status is published",
    )


def test_odd_characters_do_not_break_the_manifest():
    manifest = manifest_of(rich_record(title="half a pair \ud800 and a bell \x07"))
    assert json.loads(manifest_bytes(manifest))["record"]["title"] == "half a pair \ud800 and a bell \x07"


def test_no_time_of_making_stands_in_the_manifest():
    allowed = {datetime(2026, 7, 2, 2, 0, 11, tzinfo=UTC)}
    found: set[datetime] = set()

    def collect(value: object) -> None:
        if isinstance(value, dict):
            for held in value.values():
                collect(held)
        elif isinstance(value, list):
            for held in value:
                collect(held)
        elif isinstance(value, str) and "T" in value and value[:4].isdigit():
            found.add(datetime.fromisoformat(value))

    collect(manifest_of(rich_record()))
    assert found == allowed


def test_each_claim_carries_what_its_verdict_was_made_of():
    claim = manifest_of(rich_record())["claims"][0]
    assert claim["probabilities"] == {"supported": 0.72, "refuted": 0.03, "not_enough_info": 0.25}
    assert [(one["source_id"], one["verdict"]) for one in claim["per_source"]] == [("doi:10.5555/clover", "SUPPORTED")]
    assert [(one["axis"], one["outcome"]) for one in claim["axes"]][:2] == [
        ("subject", "agrees"),
        ("numbers", "agrees"),
    ]
    assert claim["backend"] == "features"
    unchecked = manifest_of(rich_record())["claims"][4]
    assert (unchecked["probabilities"], unchecked["per_source"], unchecked["backend"]) == (None, [], None)


def test_works_found_in_the_library_stand_apart_from_the_sources():
    manifest = manifest_of(rich_record())
    assert [one["source_id"] for one in manifest["found_sources"]] == ["doi:10.5555/found"]
    assert "doi:10.5555/found" not in {one["source_id"] for one in manifest["sources"]}

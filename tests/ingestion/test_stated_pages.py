"""A list of what record pages state of themselves, split into its rows, each read as a record."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.ingestion import _arrivals
from pipelines.ingestion.documents import read_document
from pipelines.ingestion.errors import IngestionError, NotARecord
from pipelines.ingestion.records import cohort_of, parse_record, record_id_of
from pipelines.ingestion.stated_pages import Part, parts_of
from pipelines.models import Layout, ParsedRecord, Rejection
from pipelines.review.findings.published import published_findings
from warehouse.ingestion import Arrival

REASON = {
    "kind": "red_team_falsified",
    "avg_attack_score": 5.0,
    "attackers": [
        {"name": "FIRST_ATTACKER", "score": 0.0, "errored": True},
        {"name": "SECOND_ATTACKER", "score": 8.0, "errored": False},
        {"name": "THIRD_ATTACKER", "score": 7.0, "errored": False},
    ],
}
ROW: dict[str, Any] = {
    "url": "https://example.org/paper/0a1b2c3d-0000-4000-8000-000000000000",
    "layout": "N",
    "srch": "SRCH:0A1B2C3D",
    "title": "Slate roofs under snow",
    "submitted": "14 June 2026",
    "review_score": 7.83,
    "verification_level": 2,
    "header_verified_claims": 8,
    "source_grounded_claims": 8,
    "claim_record_source": "parsed source sections",
    "papers": None,
    "claims_extracted": 8,
    "claims_verified": 3,
    "research_question": "Does snow shorten the life of slate roofs?",
    "gate_status": "Falsified",
    "gate_evaluated_at": "2026-06-15T08:00:00+00:00",
    "tier": "DOI grade",
    "doi": "10.5555/tests.slate.1",
    "gate_reason": REASON,
}


def listed(*rows: Any) -> bytes:
    return json.dumps(list(rows), indent=1).encode()


def read(part: Part) -> ParsedRecord:
    record = parse_record(read_document(part.name, part.data))
    assert all(record.text[f.place.start : f.place.end] == f.place.words for f in record.stated.figures)
    return record


def read_row(**changed: Any) -> ParsedRecord:
    (part,) = parts_of("facts.json", listed({**ROW, **changed}))
    return read(part)


def test_each_row_becomes_a_document_with_the_bytes_it_has_in_the_file() -> None:
    data = listed(ROW, {**ROW, "srch": "SRCH:11111111"})
    parts = parts_of("facts.json", data)
    assert [(part.name, part.row) for part in parts] == [("facts-row-1.json", 1), ("facts-row-2.json", 2)]
    assert all(part.data in data for part in parts)
    assert json.loads(parts[1].data)["srch"] == "SRCH:11111111"


def test_a_row_is_read_as_what_its_page_states() -> None:
    record = read_row()
    stated = record.stated
    assert record.layout is Layout.MANIFEST
    assert (record.title, record.question) == (ROW["title"], ROW["research_question"])
    assert (cohort_of(record), record_id_of(record)) == ("2026-06", "doi:10.5555/tests.slate.1")
    assert (stated.review_score, stated.level, stated.tier) == (7.83, 2, "DOI grade")
    assert (stated.gate_status, stated.gate_evaluated_at) == ("Falsified", "2026-06-15T08:00:00+00:00")
    assert (stated.claims_extracted, stated.source_grounded_claims, stated.papers) == (8, 8, None)
    assert stated.gate is None
    assert record.claims == ()


def test_a_count_stated_in_a_sentence_ranks_before_the_one_in_the_header_and_both_are_kept() -> None:
    stated = read_row().stated
    assert stated.claims_verified == 3
    assert [figure.value for figure in stated.figures if figure.name == "claims_verified"] == [3, 8]


def test_a_reason_in_figures_stays_the_json_that_it_is() -> None:
    record = read_row()
    assert record.stated.gate_reason is not None
    assert record.stated.gate_reason in record.text
    assert json.loads(record.stated.gate_reason) == REASON
    assert read_row(gate_reason="Published before it was activated.").stated.gate_reason is not None


@pytest.mark.parametrize(
    ("changed", "identity"),
    [
        ({"doi": None}, "srch:0a1b2c3d"),
        ({"doi": None, "srch": None}, f"url:{ROW['url']}"),
        ({"doi": None, "srch": None, "url": None}, "text:"),
        ({"doi": None, "srch": None, "url": "javascript:alert(1)"}, "text:"),
    ],
)
def test_a_row_is_identified_as_its_page_is(changed: dict[str, Any], identity: str) -> None:
    assert record_id_of(read_row(**changed)).startswith(identity)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"review_score": "high"}, '"review_score" is no number'),
        ({"header_verified_claims": -1}, '"header_verified_claims" is no count'),
        ({"verification_level": True}, '"verification_level" is no count'),
        ({"doi": "soon"}, '"doi" is no DOI'),
        ({"srch": "SRCH:12"}, '"srch" is no record number'),
        ({"submitted": "June 2026"}, '"submitted" is no full date'),
        ({"title": 7}, '"title" is no text'),
        ({"gate_status": []}, '"gate_status" is no text'),
        ({"gate_reason": 5}, '"gate_reason" is no text'),
        ({"title": None, "research_question": None, "doi": None, "srch": None}, "about nothing"),
    ],
)
def test_a_row_that_cannot_be_read_says_why(changed: dict[str, Any], why: str) -> None:
    with pytest.raises(NotARecord, match=why):
        read_row(**changed)


def test_a_bad_row_is_rejected_alone_with_its_number(tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    twice = json.dumps({**ROW, "srch": "SRCH:22222222"})[:-1] + ', "title": "Twice"}'
    file.write_bytes(b"[" + b",\n".join([json.dumps(ROW).encode(), b"7", twice.encode(), listed(ROW)[1:-1]]) + b"]")
    arrived = _arrivals(file, synthetic_allowed=False)
    assert [isinstance(one, Arrival) for one in arrived] == [True, False, False, True]
    refused = [one[0] for one in arrived if not isinstance(one, Arrival)]
    assert [one.path for one in refused] == [f"{file} (row 2)", f"{file} (row 3)"]
    assert "a single value" in refused[0].reason
    assert '"title" stands twice' in refused[1].reason


def test_a_synthetic_row_does_not_enter_a_warehouse_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_bytes(listed({**ROW, "synthetic": True}))
    (refused,) = _arrivals(file, synthetic_allowed=False)
    assert not isinstance(refused, Arrival)
    assert isinstance(refused[0], Rejection)
    assert isinstance(_arrivals(file, synthetic_allowed=True)[0], Arrival)


@pytest.mark.parametrize(
    "data",
    [
        b"[]",
        b"[1, 2]",
        b'{"title": "one object"}',
        b"plain words",
        listed({"title": "a list of other things", "year": 2020}),
        listed(ROW)[:-20],
        listed(ROW) + b" and more",
        b"[" * 200_000,
        b"[" + b"9" * 10_000 + b"]x",
        b"\xff\xfe[\x00",
    ],
)
def test_any_other_file_is_one_document_with_its_bytes(data: bytes) -> None:
    assert parts_of("file.json", data) == (Part("file.json", data),)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=6,
    ),
    st.sampled_from(sorted(ROW)),
    st.sampled_from([None, 1, 4]),
)
def test_whatever_a_row_holds_it_is_read_with_true_places_or_refused(value: Any, key: str, indent: int | None) -> None:
    data = json.dumps([{**ROW, key: value}], indent=indent).encode()
    (part,) = parts_of("facts.json", data)
    try:
        found: ParsedRecord | str = read(part)
    except IngestionError as refused:
        found = refused.reason
    if isinstance(found, str):
        assert found
        return
    for finding in published_findings(found, (), None):
        assert all(found.text[place.start : place.end] == place.words for place in finding.where)


def test_the_published_facts_are_taken_in_row_by_row() -> None:
    corpus = Path(os.environ.get("CLAIMGATE_CORPUS", "/nonexistent"))
    if not corpus.is_dir():
        pytest.skip("CLAIMGATE_CORPUS does not name a folder of real records")
    arrived = _arrivals(corpus / "records" / "published-facts.json", synthetic_allowed=False)
    records = [read(Part(one.name, one.data)) for one in arrived if isinstance(one, Arrival)]
    assert (len(arrived), len(records), len({record_id_of(one) for one in records})) == (24, 24, 24)
    found = [finding.rule for record in records for finding in published_findings(record, (), None)]
    # Counted by hand in the file: dated after 2026-06-10 and "published before" it; falsified with DOI grade (3) or
    # flagship (2); two verified checks, 768 = 768 and 393216 = 393216.
    assert found.count("verdict-reason-contradicts-dates") == 5
    assert found.count("falsified-with-top-tier") == 5
    assert found.count("check-compares-a-number-with-itself") == 2
    # No attacker of the five falsified rows is marked as having failed.
    assert found.count("attacker-error-averaged-as-zero") == 0

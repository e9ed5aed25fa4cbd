"""`claimgate parse`: how a file would be read; writes nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import pond_records
from tests.processes import House

STATED = {
    "papers", "claims_extracted", "claims_verified", "review_score", "tier", "level", "gate_status", "gate_reason",
    "gate_evaluated_at", "doi",
}  # fmt: skip
CLAIM_KEYS = {"ordinal", "text", "start", "end", "truncated", "stated_verified", "stated_confidence"}
REFERENCE_KEYS = {"raw", "doi", "arxiv_id", "pmid", "url", "title", "authors", "year"}


def test_it_prints_one_document_with_the_keys_of_the_contract_and_writes_nothing(house: House, tmp_path: Path) -> None:
    file = pond_records.write_two(tmp_path / "inbox") / "b-reeds.md"
    ended = house.claimgate("parse", file, "--json")
    assert (ended.code, ended.err) == (0, "")
    parsed = ended.document
    keys = {"layout", "title", "published_on", "question", "stated", "claims", "references", "findings"}
    assert parsed.keys() >= keys
    assert parsed["stated"].keys() >= STATED
    assert (parsed["title"], parsed["published_on"]) == ("Reed belts at farm ponds", "2026-03-12")
    assert [reference["year"] for reference in parsed["references"]] == [2018, 2019]
    assert all(reference.keys() == REFERENCE_KEYS for reference in parsed["references"])
    assert list(house.folder.iterdir()) == []


def test_each_claim_stands_where_it_is_said_to_stand(house: House, tmp_path: Path) -> None:
    file = pond_records.write_two(tmp_path / "inbox") / "b-reeds.md"
    parsed = house.claimgate("parse", file, "--json").document
    assert len(parsed["claims"]) == 2
    for claim in parsed["claims"]:
        assert claim.keys() >= CLAIM_KEYS
        assert parsed["text"][claim["start"] : claim["end"]] == claim["text"]
        assert claim["stated_verified"] is None


def test_a_mark_of_byte_order_and_dos_line_ends_change_nothing(house: House, tmp_path: Path) -> None:
    file = pond_records.write_two(tmp_path / "inbox") / "b-reeds.md"
    plain = house.claimgate("parse", file, "--json").document
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert house.claimgate("parse", file, "--json").document == plain


def test_without_json_it_prints_the_claims_for_a_person(house: House, tmp_path: Path) -> None:
    ended = house.claimgate("parse", pond_records.write_two(tmp_path / "inbox") / "a-shade.json")
    assert ended.code == 0
    assert "Shading doubled the number of newts" in ended.out
    assert "not stated" in ended.out


def test_a_list_of_stated_pages_is_a_record_a_row_as_run_takes_it_in(house: House, tmp_path: Path) -> None:
    rows = [stated_row(1, claims=4), stated_row(2, claims=7), {"title": "Neither"}]
    file = tmp_path / "pages.json"
    file.write_text(json.dumps(rows), encoding="utf-8")
    ended = house.claimgate("parse", file, "--json")
    assert ended.code == 0
    told = ended.document
    assert [(one["row"], one["title"], one["stated"]["claims_verified"]) for one in told["records"]] == [
        (1, "Ponds of farm 1", 4),
        (2, "Ponds of farm 2", 7),
    ]
    assert [one["path"] for one in told["rejected"]] == [f"{file} (row 3)"]
    assert f"Rejected: {file} (row 3): {told['rejected'][0]['reason']}" in ended.err
    printed = house.claimgate("parse", file).out
    assert [line for line in printed.splitlines() if line.startswith("Row ")] == ["Row 1:", "Row 2:"]


def stated_row(number: int, *, claims: int) -> dict[str, object]:
    return {
        "title": f"Ponds of farm {number}", "srch": f"SRCH:0000000{number}", "submitted": "4 May 2026",
        "research_question": None, "review_score": 7.5, "verification_level": 2, "header_verified_claims": claims,
        "source_grounded_claims": claims, "gate_status": "Unverified", "tier": "DOI grade",
    }  # fmt: skip


def test_a_file_that_is_not_there_is_bad_input(house: House, tmp_path: Path) -> None:
    ended = house.claimgate("parse", tmp_path / "nothing.md", "--json")
    assert (ended.code, ended.out) == (2, "")
    assert ended.complaint == f"{tmp_path / 'nothing.md'}: there is no such file or folder"


def test_the_figures_of_a_published_record_are_read_exactly(corpus: Path, house: House) -> None:
    files = sorted((corpus / "records").glob("002*.txt"))
    if not files:
        pytest.skip("the corpus holds no record 002")
    stated = house.claimgate("parse", files[0], "--json").document["stated"]
    figures = [stated[name] for name in ("papers", "claims_extracted", "claims_verified", "review_score")]
    assert figures == [12, 10, 9, 8.5]

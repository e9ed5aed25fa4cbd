"""`claimgate export`: a record as other tools read it, on stdout, in a file, or inside one JSON document."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
import rispy

from tests.conftest import Checked
from tests.publication.contract_schemas import breaks

REEDS = "Reed belts at farm ponds"


def test_references_go_to_stdout_and_nothing_else_does(checked: Checked) -> None:
    ended = checked.house.claimgate("export", REEDS, "--format", "ris")
    assert (ended.code, ended.err) == (0, "")
    works = rispy.loads(ended.out)
    rows = checked.house.claimgate("show", REEDS, "--json").document["references"]["rows"]
    assert [work["id"] for work in works] == ["ref1", "ref2"]
    assert works[0]["title"] == "Reed belts and nitrate at nine farm ponds"
    assert all(row["audit"]["finding"] in work["notes"][0] for work, row in zip(works, rows, strict=True))


def test_claims_go_into_a_file_and_json_says_where(checked: Checked, tmp_path: Path) -> None:
    file = tmp_path / "claims.parquet"
    ended = checked.house.claimgate(
        "export", "Shade over garden ponds", "--format", "parquet", "--output", str(file), "--json"
    )
    assert ended.code == 0
    assert ended.document["file"] == str(file)
    assert pl.read_parquet(file)["verdict"].to_list() == ["SUPPORTED", "SUPPORTED", "REFUTED"]
    assert list(tmp_path.iterdir()) == [file]


def test_one_json_document_holds_the_export(checked: Checked) -> None:
    ended = checked.house.claimgate("export", REEDS, "--format", "csl-json", "--json")
    assert ended.document.keys() == {"record_id", "format", "media_type", "content"}
    assert [work["id"] for work in json.loads(ended.document["content"])] == ["ref1", "ref2"]


@pytest.mark.parametrize("contract", ["paper-manifest-v1", "verification-levels-v1", "correction-record-v1"])
def test_a_contract_of_a_checked_record_holds_to_its_schema(checked: Checked, contract: str) -> None:
    ended = checked.house.claimgate("export", REEDS, "--format", contract.removesuffix("-v1"))
    assert ended.code == 0
    assert breaks(contract, ended.document) == []


def test_the_manifest_of_a_checked_record_holds_to_its_schema(checked: Checked) -> None:
    ended = checked.house.claimgate("export", REEDS, "--format", "manifest")
    assert breaks("claimgate-manifest-v1", ended.document) == []


def test_what_cannot_be_done_is_one_sentence(checked: Checked, tmp_path: Path) -> None:
    record = "Shade over garden ponds"
    for arguments, code, said in (
        (("No such record", "--format", "ris"), 2, "No record is called"),
        ((record, "--format", "docx"), 2, "There is no format 'docx'; there are manifest, bibtex"),
        ((record, "--format", "parquet", "--json"), 2, "parquet is binary: name a file with --output."),
        (("Open questions about ponds", "--format", "quality-tiers"), 1, "has no quality-tiers. The contract asks for"),
        ((record, "--format", "csv", "--output", str(tmp_path / "none" / "x.csv")), 1, "cannot be written"),
    ):
        ended = checked.house.claimgate("export", *arguments)
        assert (ended.code, ended.out) == (code, "")
        assert said in ended.err
        assert len(ended.err.strip().splitlines()) == 1

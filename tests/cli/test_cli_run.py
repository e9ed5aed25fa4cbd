"""`claimgate run`: the main job as a user starts it."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest

from tests import pond_records
from tests.conftest import Checked
from tests.processes import House, read_until

RECORD_KEYS = {
    "record_id", "title", "cohort", "kind", "layout", "stated", "claims", "references", "review", "level", "tier",
    "gates", "findings", "page",
}  # fmt: skip
CLAIM_COUNTS = {"extracted", "supported", "refuted", "not_enough_info", "disputed", "not_checked"}
REFERENCE_COUNTS = {"found", "misdescribed", "unfindable", "likely_fabricated", "unreachable", "retracted"}


def test_it_prints_one_document_with_the_keys_of_the_contract(checked: Checked) -> None:
    printed = checked.printed
    assert printed.keys() == {"run_id", "seconds", "records", "rejected"}
    assert len(printed["records"]) == 4
    for record in printed["records"]:
        assert record.keys() >= RECORD_KEYS
        assert record["claims"].keys() == CLAIM_COUNTS
        assert record["references"].keys() == REFERENCE_COUNTS
        assert record["review"].keys() >= {"score", "low", "high", "agreement", "reviewers"}
        assert record["gates"].keys() == {"gate-0", "gate-1", "gate-2", "gate-3"}
        for gate in record["gates"].values():
            assert gate.keys() >= {"status", "outcome", "reason", "evaluated_at"}


def test_a_claim_is_supported_or_refuted_by_the_sentence_that_says_so(checked: Checked) -> None:
    counts = checked.record("Shade over garden ponds")["claims"]
    assert counts == {
        "extracted": 3, "supported": 2, "refuted": 1, "not_enough_info": 0, "disputed": 0, "not_checked": 0,
    }  # fmt: skip


def test_without_a_source_text_a_claim_is_not_checked_and_a_reference_unreachable(checked: Checked) -> None:
    record = checked.record("Reed belts at farm ponds")
    assert record["claims"]["not_checked"] == record["claims"]["extracted"] == 2
    assert record["claims"]["supported"] == 0
    assert record["references"]["unreachable"] == 2
    assert record["references"]["likely_fabricated"] == 0


def test_each_record_lies_in_the_cohort_of_its_month_and_has_a_page(checked: Checked) -> None:
    cohorts = {one["title"]: one["cohort"] for one in checked.printed["records"]}
    assert cohorts == {
        "Shade over garden ponds": "2026-05",
        "Reed belts at farm ponds": "2026-03",
        "Snails in stone basins": "undated",
        "Open questions about ponds": "undated",
    }
    for record in checked.printed["records"]:
        assert Path(record["page"]).is_relative_to(checked.house.site)
        assert "<html" in Path(record["page"]).read_text(encoding="utf-8")
    assert (checked.house.site / "index.html").is_file()


def test_a_figure_that_is_not_stated_is_null(checked: Checked) -> None:
    stated: dict[str, Any] = checked.record("Shade over garden ponds")["stated"]
    assert set(stated.values()) == {None}


def test_progress_and_rejections_go_to_stderr(checked: Checked) -> None:
    assert "verdicts: 0 of " in checked.progress
    [rejected] = checked.printed["rejected"]
    assert rejected == {"path": str(checked.inbox / "e-empty.txt"), "reason": "the file is empty"}
    assert f"Rejected: {rejected['path']}: the file is empty" in checked.progress


def test_a_second_run_over_the_same_files_checks_nothing_again(checked: Checked, checked_copy: House) -> None:
    before = checked_copy.claimgate("status", "--json").document
    again = checked_copy.claimgate("run", checked.inbox, "--json")
    assert again.code == 0, again.err
    after = checked_copy.claimgate("status", "--json").document
    assert again.document["run_id"] != checked.printed["run_id"]
    assert again.document["records"] == [
        {**one, "page": one["page"].replace(str(checked.house.folder), str(checked_copy.folder))}
        for one in checked.printed["records"]
    ]
    assert after["totals"] == before["totals"]


def test_without_json_it_prints_a_table_and_where_the_pages_are(checked: Checked, checked_copy: House) -> None:
    ended = checked_copy.claimgate("run", checked.inbox / "a-shade.json")
    assert ended.code == 0, ended.err
    assert "Shade over garden ponds" in ended.out
    assert str(checked_copy.site / "index.html") in ended.out
    assert "http://127.0.0.1:3000/" in ended.out


def test_a_record_without_claims_is_taken_in_with_a_finding(checked: Checked) -> None:
    record = checked.record("Open questions about ponds")
    assert record["claims"]["extracted"] == 0
    assert "record-without-claims" in {one["rule"] for one in record["findings"]}


def test_the_sample_does_not_go_into_a_warehouse_of_ones_own(checked_copy: House) -> None:
    ended = checked_copy.claimgate("run", "--json")
    assert (ended.code, ended.out) == (2, "")
    assert "holds your own records" in ended.complaint


def test_a_library_that_is_not_there_is_bad_input(house: House, tmp_path: Path) -> None:
    file = pond_records.write_two(tmp_path / "inbox") / "a-shade.json"
    ended = house.claimgate("run", file, "--library", tmp_path / "nowhere", "--json")
    assert (ended.code, ended.out) == (2, "")
    assert str(tmp_path / "nowhere") in ended.complaint


def test_a_wrong_setting_is_bad_input_and_named(house: House, tmp_path: Path) -> None:
    ended = house.claimgate("run", tmp_path, "--json", LOCK_TIMEOUT="soon")
    assert (ended.code, ended.out) == (2, "")
    assert "CLAIMGATE_LOCK_TIMEOUT" in ended.complaint


def test_a_warehouse_of_another_kind_is_bad_input(house: House, tmp_path: Path) -> None:
    ended = house.claimgate("run", tmp_path, "--json", WAREHOUSE="s3://bucket/house")
    assert (ended.code, ended.out) == (2, "")
    assert "s3://" in ended.complaint


def test_an_unknown_option_is_bad_usage(house: House) -> None:
    ended = house.claimgate("run", "--quickly")
    assert (ended.code, ended.out) == (2, "")
    assert "--quickly" in ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("stage", ["verdicts", "site"])
def test_ctrl_c_ends_it_with_130_and_nothing_half_written(house: House, tmp_path: Path, stage: str) -> None:
    inbox = pond_records.write_two(tmp_path / "inbox")
    with house.started("run", inbox, "--json") as process:
        assert process.stderr is not None
        read_until(process.stderr, f"{stage}: 0 of")
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert err.splitlines()[-1] == "Interrupted; what was committed stands, the next run continues."
    assert "Traceback" not in err
    assert not list(house.site.rglob("*.part"))
    status = house.claimgate("status", "--json")
    assert status.code == 0
    assert status.document["totals"]["documents"] == 2

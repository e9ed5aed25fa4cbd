"""`claimgate reverify`: the nightly job, by hand."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conftest import Checked
from tests.processes import House

KEYS = {"considered", "skipped", "checked", "failed", "changed", "seconds"}


def test_what_did_not_change_is_not_checked_again(checked_copy: House, checked: Checked) -> None:
    ended = checked_copy.claimgate("reverify", "--json")
    assert ended.code == 0, ended.err
    again = ended.document
    assert again.keys() == KEYS
    held = sum(one["claims"]["extracted"] for one in checked.printed["records"])
    assert (again["considered"], again["skipped"], again["checked"]) == (held, held, 0)
    assert (again["failed"], again["changed"]) == (0, [])


def test_a_new_source_text_changes_the_verdict_and_a_correction_says_so(checked_copy: House, tmp_path: Path) -> None:
    library = tmp_path / "library.jsonl"
    text = (
        "Nine farm ponds were sampled each month. Reed belts of three metres kept back 40 % of the nitrate that "
        "ran off the fields. Older belts did no better."
    )
    title = "Reed belts and nitrate at nine farm ponds"
    library.write_text(json.dumps({"title": title, "year": 2018, "abstract": text}) + "\n", encoding="utf-8")
    record = ("--record", "Reed belts at farm ponds")
    ended = checked_copy.claimgate("reverify", *record, "--json", LIBRARY=str(library))
    assert ended.code == 0, ended.err
    assert {one["before"] for one in ended.document["changed"]} == {"NOT_CHECKED"}
    [changed] = [one for one in ended.document["changed"] if one["after"] == "SUPPORTED"]
    shown = checked_copy.claimgate("show", "Reed belts at farm ponds", "--json").document
    assert shown["claims"]["supported"] == 1
    assert "CLAIM" in {one["kind"] for one in shown["corrections"]}
    history = next(row["history"] for row in shown["claims"]["rows"] if row["claim_id"] == changed["claim_id"])
    assert [one["verdict"] for one in history] == ["NOT_CHECKED", "SUPPORTED"]


def test_a_day_that_is_not_over_is_bad_input(checked: Checked) -> None:
    ended = checked.house.claimgate("reverify", "--as-of", "2999-01-01", "--json")
    assert (ended.code, ended.out) == (2, "")
    assert "2999-01-01 is not over yet" in ended.complaint


def test_an_unknown_record_is_bad_input(checked: Checked) -> None:
    ended = checked.house.claimgate("reverify", "--record", "Ponds of the moon", "--json")
    assert (ended.code, ended.out) == (2, "")
    assert "Ponds of the moon" in ended.complaint

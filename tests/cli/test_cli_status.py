"""`claimgate status`: what is held, what is pending, what fails."""

from __future__ import annotations

from tests.conftest import Checked
from tests.processes import House


def test_it_counts_what_is_held_in_each_cohort(checked: Checked) -> None:
    ended = checked.house.claimgate("status", "--json")
    assert (ended.code, ended.err) == (0, "")
    held = ended.document
    totals = held["totals"]
    assert (totals["documents"], totals["records"], totals["rejections"]) == (4, 4, 1)
    assert totals["claims"] == sum(one["claims"]["extracted"] for one in checked.printed["records"])
    by_cohort = {row["cohort"]: row for row in held["cohorts"]}
    assert by_cohort.keys() == {"2026-03", "2026-05", "undated"}
    assert (by_cohort["2026-05"]["supported"], by_cohort["2026-05"]["refuted"]) == (2, 1)
    assert by_cohort["undated"]["records"] == 2


def test_after_a_whole_run_nothing_is_pending_missing_stale_or_failing(checked: Checked) -> None:
    held = checked.house.claimgate("status", "--json").document
    assert held["pending"] == {}
    assert held["missing_gate_verdicts"] == {}
    assert held["stale_verdicts"] == 0
    assert held["failing_checks"] == []


def test_without_json_it_prints_a_table(checked: Checked) -> None:
    ended = checked.house.claimgate("status")
    assert ended.code == 0
    assert "2026-05" in ended.out
    assert "Failing checks: none" in ended.out


def test_a_warehouse_that_is_not_there_is_bad_input(house: House) -> None:
    ended = house.claimgate("status", "--json")
    assert (ended.code, ended.out) == (2, "")
    assert "`claimgate run FILE` makes it" in ended.complaint

"""`claimgate backfill`: cohorts under an activation. What Dagster makes of it is in tests/assets/."""

from __future__ import annotations

import pytest

from tests.conftest import Checked
from tests.processes import CHECKOUT, House

STRICTER = CHECKOUT / "warehouse" / "sample" / "policies" / "gate-1.v2.yaml"


def test_it_evaluates_the_months_asked_for_though_they_arrived_in_another_order(checked_copy: House) -> None:
    checked_copy.claimgate("activate", "gate-1", "--on", "2026-09-01", "--policy", STRICTER, "--json")
    months = ("--from", "2026-03", "--to", "2026-05")
    ended = checked_copy.claimgate("backfill", "gate-1@2026-09-01", *months, "--json")
    assert ended.code == 0, ended.err
    assert ended.document["activation"] == "gate-1@2026-09-01"
    assert set(ended.document["cohorts"]) == {"2026-03", "2026-05"}
    assert ended.document["outcomes"] == {"FAILED": 1, "NOT_EVALUABLE": 1}
    status = checked_copy.claimgate("status", "--json").document
    assert status["missing_gate_verdicts"] == {"gate-1@2026-09-01": ["undated"]}
    shown = checked_copy.claimgate("show", "Shade over garden ponds", "--json").document
    assert shown["gates"]["gate-1"]["activation"] == "gate-1@2026-09-01"
    assert shown["gates"]["gate-1"]["policy_version"] == "v2"
    assert [one["kind"] for one in shown["corrections"]] == ["QUALITY_ASSESSMENT"]
    assert ended.document["superseded_by"] is None


def test_a_superseded_activation_can_be_evaluated_and_it_is_said_that_it_is_superseded(checked_copy: House) -> None:
    ended = checked_copy.claimgate("backfill", "gate-2@2026-06-10", "--from", "2026-05", "--to", "2026-05", "--json")
    assert ended.code == 0, ended.err
    assert ended.document == {
        "activation": "gate-2@2026-06-10",
        "superseded_by": "gate-2@2026-11-01",
        "cohorts": ["2026-05"],
        "outcomes": {"NOT_ATTEMPTED": 1},
    }
    assert "gate-2@2026-06-10 is superseded by gate-2@2026-11-01" in ended.err
    assert checked_copy.claimgate("status", "--json").document["missing_gate_verdicts"] == {}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["gate-7@2026-01-01"], "'gate-7@2026-01-01' is not active here"),
        (["gate-1@2026-01-01", "--from", "May"], "'May' is no month"),
        (["gate-1@2026-01-01", "--from", "2026-06", "--to", "2026-09"], "No cohort lies between 2026-06 and 2026-09"),
        (["gate-1@2026-01-01", "--from", "2026-05", "--to", "2026-03"], "No cohort lies between 2026-05 and 2026-03"),
    ],
)
def test_an_empty_range_or_a_wrong_name_is_bad_input(checked: Checked, arguments: list[str], words: str) -> None:
    ended = checked.house.claimgate("backfill", *arguments, "--json")
    assert (ended.code, ended.out) == (2, "")
    assert words in ended.complaint

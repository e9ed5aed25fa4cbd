"""`claimgate adjudicate`: a person's verdict."""

from __future__ import annotations

import pytest

from tests.conftest import Checked
from tests.processes import House

BY = ("--by", "The editor")


def test_a_persons_verdict_takes_precedence_is_marked_and_erases_nothing(checked_copy: House) -> None:
    before = checked_copy.claimgate("show", "Shade over garden ponds", "--json").document
    claim = before["claims"]["rows"][2]
    why = ("--reason", "The passage speaks of another year.")
    ended = checked_copy.claimgate("adjudicate", claim["claim_id"], "--verdict", "NOT_ENOUGH_INFO", *why, *BY, "--json")
    assert ended.code == 0, ended.err
    row = ended.document
    assert (row["claim_id"], row["verdict"], row["by"]) == (claim["claim_id"], "NOT_ENOUGH_INFO", "The editor")
    after = checked_copy.claimgate("show", "Shade over garden ponds", "--json").document
    decided = after["claims"]["rows"][2]
    assert decided["verdict"] == "NOT_ENOUGH_INFO"
    assert decided["adjudication"]["by"] == "The editor"
    assert decided["history"] == claim["history"]
    assert (after["claims"]["refuted"], after["claims"]["not_enough_info"]) == (0, 1)
    assert "CLAIM" in {one["kind"] for one in after["corrections"]}
    assert after["gates"]["gate-1"]["evaluated_at"] > before["gates"]["gate-1"]["evaluated_at"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["0" * 32, "--verdict", "SUPPORTED", "--reason", "So it is."], "No current claim has the id"),
        (["0" * 32, "--verdict", "TRUE", "--reason", "So it is."], "'TRUE' is no verdict"),
        (["0" * 32, "--verdict", "SUPPORTED", "--reason", "  "], "--reason is empty"),
    ],
)
def test_what_cannot_be_decided_is_bad_input(checked: Checked, arguments: list[str], words: str) -> None:
    ended = checked.house.claimgate("adjudicate", *arguments, *BY, "--json")
    assert (ended.code, ended.out) == (2, "")
    assert words in ended.complaint


def test_a_verdict_without_a_name_is_bad_usage(checked: Checked) -> None:
    ended = checked.house.claimgate("adjudicate", "0" * 32, "--verdict", "SUPPORTED", "--reason", "So it is.")
    assert (ended.code, ended.out) == (2, "")
    assert "--by" in ended.err

"""`claimgate activate`: a gate version with its day."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Checked
from tests.processes import CHECKOUT, House

STRICTER = CHECKOUT / "warehouse" / "sample" / "policies" / "gate-1.v2.yaml"


def test_an_activation_lists_the_cohorts_to_evaluate_and_status_says_they_are_missing(checked_copy: House) -> None:
    ended = checked_copy.claimgate("activate", "gate-1", "--on", "2026-09-01", "--policy", STRICTER, "--json")
    assert ended.code == 0, ended.err
    activated = ended.document
    assert (activated["activation"], activated["new"], activated["policy_version"]) == ("gate-1@2026-09-01", True, "v2")
    assert set(activated["cohorts"]) == {"2026-03", "2026-05", "undated"}
    missing = checked_copy.claimgate("status", "--json").document["missing_gate_verdicts"]
    assert missing == {"gate-1@2026-09-01": ["2026-03", "2026-05", "undated"]}
    again = checked_copy.claimgate("activate", "1", "--on", "2026-09-01", "--policy", STRICTER, "--json")
    assert (again.code, again.document["new"]) == (0, False)
    other = checked_copy.claimgate("activate", "gate-1", "--on", "2026-09-01", "--json")
    assert (other.code, other.out) == (2, "")
    assert "an activated policy never changes" in other.complaint


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["gate-9", "--on", "2026-09-01"], "no shipped policy for 'gate-9'"),
        (["gate-1", "--on", "soon"], "'soon' is no day"),
        (["gate-1", "--on", "2026-13-01"], "'2026-13-01' is no day"),
        (["gate-2", "--on", "2026-09-01", "--policy", str(STRICTER)], "is for gate-1, not for gate-2"),
        (["gate-1", "--on", "2026-09-01", "--policy", "nowhere.yaml"], "nowhere.yaml cannot be used"),
    ],
)
def test_what_cannot_be_activated_is_bad_input(checked: Checked, arguments: list[str], words: str) -> None:
    ended = checked.house.claimgate("activate", *arguments, "--json")
    assert (ended.code, ended.out) == (2, "")
    assert words in ended.complaint


def test_a_policy_that_is_none_is_bad_input(checked: Checked, tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text("gate: gate-1\nversion: [unfinished\n")
    ended = checked.house.claimgate("activate", "gate-1", "--on", "2026-09-01", "--policy", policy, "--json")
    assert (ended.code, ended.out) == (2, "")
    assert str(policy) in ended.complaint

"""The command line as a whole: what it lists, and how it refuses what it cannot use."""

from __future__ import annotations

import pytest

from tests.processes import House

COMMANDS = (
    "run", "parse", "lookup", "check", "scan", "show", "export", "status", "activate", "backfill", "reverify",
    "adjudicate", "attach", "approve", "withdraw", "verify-chain", "doctor", "ui", "serve",
)  # fmt: skip


def test_help_lists_the_commands_that_work_and_no_others(house: House) -> None:
    ended = house.claimgate("--help")
    assert ended.code == 0
    _, listed = ended.out.split("Commands:")
    assert (
        tuple(line.split()[0] for line in listed.splitlines() if line.startswith("  ") and line[2] != " ") == COMMANDS
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help(house: House, command: str) -> None:
    ended = house.claimgate(command, "--help")
    assert ended.code == 0
    assert ended.out.startswith(f"Usage: python -m claimgate {command}")


def test_an_unknown_command_is_bad_usage(house: House) -> None:
    ended = house.claimgate("improve")
    assert (ended.code, ended.out) == (2, "")
    assert "improve" in ended.err

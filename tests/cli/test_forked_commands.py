"""Commands that are forked from what is imported end and speak as those that are started anew."""

from __future__ import annotations

import os
import subprocess

import psutil
import pytest

from tests import forked_commands
from tests.assets.running_ui import until
from tests.processes import House


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--help",), 0),
        (("verify-chain",), 0),
        (("show", "no-such-record"), 2),
        (("--no-such-option",), 2),
    ],
)
def test_code_and_output_are_those_of_a_process_started_anew(
    checked_copy: House, arguments: tuple[str, ...], code: int
) -> None:
    forked = checked_copy.claimgate(*arguments)
    assert forked == checked_copy.anew(*arguments)
    assert forked.code == code
    assert forked.out or forked.err


def test_each_command_has_an_environment_of_its_own(house: House, checked_copy: House) -> None:
    assert "There is no warehouse" in house.claimgate("show", "no-such-record").err
    assert "There is no warehouse" not in checked_copy.claimgate("show", "no-such-record").err
    codes = {checked_copy.claimgate("status", LOCK_TIMEOUT=seconds).code for seconds in ("5", "never")}
    assert codes == {0, 2}


def test_of_a_command_that_takes_too_long_nothing_is_left(checked_copy: House) -> None:
    checked_copy.claimgate("--help")  # the server is there
    before = _of_the_server()
    with pytest.raises(subprocess.TimeoutExpired):
        forked_commands.forked(["serve", "--port", "0"], checked_copy.folder, checked_copy.environment(), 3.0)
    until(lambda: _of_the_server() == before, "what was forked has ended", seconds=30)


def _of_the_server() -> list[int]:
    """Its process, and those forked from it that run."""
    family = psutil.Process(os.getpid()).children(recursive=True)
    return [
        one.pid for one in family if one.status() != psutil.STATUS_ZOMBIE and "tests.forked_commands" in one.cmdline()
    ]

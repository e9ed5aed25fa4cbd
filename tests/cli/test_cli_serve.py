"""`claimgate serve`: the published pages, on loopback."""

from __future__ import annotations

import os
import re
import signal
import socket
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.conftest import Checked
from tests.processes import House, read_until


def test_the_pages_are_served_on_loopback_until_ctrl_c(checked: Checked) -> None:
    with checked.house.started("serve", "--port", "0") as process:
        assert process.stderr is not None
        [*_, line] = read_until(process.stderr, "Pages: ")
        [address] = re.findall(r"http://127\.0\.0\.1:\d+/", line)
        with urllib.request.urlopen(address, timeout=30) as answer:
            assert "Shade over garden ponds" in answer.read().decode()
        page = Path(checked.record("Shade over garden ponds")["page"])
        with urllib.request.urlopen(address + page.name, timeout=30) as answer:
            assert answer.read() == page.read_bytes()
        for outside in ("../claimgate.duckdb", "%2e%2e/claimgate.duckdb"):
            with pytest.raises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(address + outside, timeout=30)
            assert refused.value.code == 404
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, "")
    assert "Traceback" not in err


def test_without_pages_it_is_bad_input(house: House) -> None:
    ended = house.claimgate("serve", "--port", "0")
    assert (ended.code, ended.out) == (2, "")
    assert "No pages have been published" in ended.complaint


def test_a_port_that_is_taken_is_a_failure_with_a_sentence(checked: Checked) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ended = checked.house.claimgate("serve", "--port", str(taken.getsockname()[1]))
    assert (ended.code, ended.out) == (1, "")
    assert "Give another --port" in ended.complaint

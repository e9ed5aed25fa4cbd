"""`claimgate ui`: how it starts and ends. What a person does in it is in tests/assets/test_dagster_dev.py."""

from __future__ import annotations

import os
import signal
import socket

import psutil
import pytest

from tests.assets.running_ui import running_ui
from tests.conftest import Checked
from tests.processes import House


@pytest.mark.slow
def test_on_an_empty_warehouse_it_opens_on_loopback_and_ctrl_c_ends_all_its_processes(house: House) -> None:
    with running_ui(house) as ui:
        assert ui.runs() == []
        family = psutil.Process(ui.process.pid).children(recursive=True)
        listening = {
            one.laddr.ip
            for process in family
            for one in process.net_connections("tcp")
            if one.status == psutil.CONN_LISTEN
        }
        assert listening == {"127.0.0.1"}
        os.killpg(ui.process.pid, signal.SIGINT)
        assert ui.process.wait(timeout=60) == 130
        assert psutil.wait_procs(family, timeout=30)[1] == []


def test_a_port_that_is_taken_is_a_failure_with_a_sentence(checked_copy: House) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ended = checked_copy.claimgate("ui", "--port", str(taken.getsockname()[1]))
    assert (ended.code, ended.out) == (1, "")
    assert "give another --port" in ended.complaint


def test_a_setting_that_is_no_port_is_bad_input(checked: Checked) -> None:
    ended = checked.house.claimgate("ui", UI_PORT="70000")
    assert (ended.code, ended.out) == (2, "")
    assert "CLAIMGATE_UI_PORT" in ended.complaint

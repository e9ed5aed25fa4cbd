"""The server that other tests lean on: it answers in turn, counts, keeps a rate, and runs as a process."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.ingestion.replay_server import Reply, Rule, serving

CHECKOUT = Path(__file__).resolve().parents[2]


def got(url: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(url, timeout=10) as answered:
            return answered.status, answered.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read()


def test_replies_come_in_turn_and_the_last_is_repeated() -> None:
    with serving([Rule("/a", (Reply(body=b"1"), Reply(503), Reply(body=b"3")))]) as server:
        assert [got(f"{server.url}/a") for _ in range(4)] == [(200, b"1"), (503, b""), (200, b"3"), (200, b"3")]


def test_a_rule_asks_for_the_whole_path_and_for_its_parameters() -> None:
    rules = [Rule("/works/10[.].*", (Reply(body=b"one"),), params=(("select", "DOI"),)), Rule("/works", (Reply(),))]
    with serving(rules) as server:
        assert got(f"{server.url}/works/10.1%2Fa?select=DOI&mailto=a")[1] == b"one"
        assert got(f"{server.url}/works/10.1%2Fa")[0] == 404
        assert got(f"{server.url}/works/")[0] == 404
        assert server.counts() == {
            "GET /works/10.1/a?select=DOI": 1,
            "GET /works/10.1/a?": 1,
            "GET /works/?": 1,
        }


def test_more_than_the_rate_is_answered_429() -> None:
    with serving([Rule("/a", (Reply(),), index="x", most=2, seconds=3600)]) as server:
        assert [got(f"{server.url}/a")[0] for _ in range(3)] == [200, 200, 429]
        assert [seen.status for seen in server.of("x")] == [200, 200, 429]


def test_the_server_runs_as_a_process_and_tells_what_it_was_asked(tmp_path: Path) -> None:
    (tmp_path / "body.json").write_text('{"a": 1}')
    (tmp_path / "rules.json").write_text(
        json.dumps(
            [
                {
                    "path": "/works",
                    "index": "crossref",
                    "replies": [{"body_file": "body.json", "headers": {"X-A": "b"}}, {"status": 503, "body": "down"}],
                }
            ]
        )
    )
    with subprocess.Popen(
        [sys.executable, "-m", "tests.ingestion.replay_server", str(tmp_path / "rules.json")],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        url = running.stdout.readline().strip()
        assert [got(f"{url}/works?q=a") for _ in range(2)] == [(200, b'{"a": 1}'), (503, b"down")]
        running.send_signal(signal.SIGINT)
        told = [json.loads(line) for line in running.communicate(timeout=30)[0].splitlines()]
    assert [(one["key"], one["index"], one["status"]) for one in told] == [
        ("GET /works?q=a", "crossref", 200),
        ("GET /works?q=a", "crossref", 503),
    ]


def test_a_rule_file_with_an_unknown_field_is_refused(tmp_path: Path) -> None:
    from tests.ingestion.replay_server import rules_of

    (tmp_path / "rules.json").write_text(json.dumps([{"path": "/", "replies": [{}], "colour": "red"}]))
    with pytest.raises(TypeError, match="colour"):
        rules_of(tmp_path / "rules.json")

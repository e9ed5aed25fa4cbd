"""Dagster's UI as `claimgate ui` starts it, asked over GraphQL as the pages in the browser ask."""

from __future__ import annotations

import json
import re
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from subprocess import Popen
from typing import IO, Any, TypeVar

from tests.processes import House, read_until

Answer = TypeVar("Answer")
LOCATION = {"repositoryName": "__repository__", "repositoryLocationName": "claimgate"}
RUNS = """
{ runsOrError(limit: 200) { ... on Runs { results {
  runId jobName status assetSelection { path } tags { key value }
} } } }
"""
LAUNCH = """
mutation ($params: ExecutionParams!) { launchRun(executionParams: $params) {
  __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message }
} }
"""


@dataclass(frozen=True)
class RunningUi:
    """The processes, and where they listen."""

    process: Popen[str]
    address: str

    def ask(self, query: str, **variables: Any) -> Any:
        """The data of a GraphQL answer; an error in it fails."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = urllib.request.Request(f"{self.address}graphql", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            document = json.load(answer)
        assert "errors" not in document, document["errors"]
        return document["data"]

    def runs(self) -> list[dict[str, Any]]:
        """Newest first; `tags` as a mapping."""
        found = self.ask(RUNS)["runsOrError"]["results"]
        return [{**run, "tags": {tag["key"]: tag["value"] for tag in run["tags"]}} for run in found]

    def launch(self, job: str) -> str:
        """Launch a job as the launchpad does; the run id."""
        params = {"selector": {**LOCATION, "jobName": job}, "mode": "default", "runConfigData": {}}
        launched = self.ask(LAUNCH, params=params)["launchRun"]
        assert launched["__typename"] == "LaunchRunSuccess", launched
        return str(launched["run"]["runId"])

    def status_of(self, run_id: str) -> str:
        return next(str(run["status"]) for run in self.runs() if run["runId"] == run_id)

    def tags_of(self, run_id: str) -> dict[str, str]:
        return next(dict(run["tags"]) for run in self.runs() if run["runId"] == run_id)


@contextmanager
def running_ui(house: House) -> Iterator[RunningUi]:
    """The UI on this warehouse, answering; all its processes are gone when the block is left."""
    with house.started("ui", "--port", "0") as process:
        assert process.stderr is not None
        [*_, line] = read_until(process.stderr, "Dagster's UI: ")
        # What Dagster logs is of no interest, but a pipe that nobody empties would stop it.
        for stream in (process.stdout, process.stderr):
            threading.Thread(target=_emptied, args=(stream,), daemon=True).start()
        ui = RunningUi(process, re.findall(r"http://127\.0\.0\.1:\d+/", line)[0])
        until(lambda: _answers(ui), "the UI answers", seconds=120)
        yield ui


def until(condition: Callable[[], Answer | None], what: str, *, seconds: float) -> Answer:
    """Ask until the answer is one; fails when the time is up."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = condition()
        if answer:
            return answer
        time.sleep(0.2)
    raise AssertionError(f"not within {seconds:g} s: {what}")


def _answers(ui: RunningUi) -> bool:
    assert ui.process.poll() is None, "the UI has ended"
    try:
        # The server answers before the code is loaded; the schedule is there when it is.
        found = ui.ask(
            "query ($at: RepositorySelector!) { schedulesOrError(repositorySelector: $at) { __typename } }", at=LOCATION
        )
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
    return bool(found["schedulesOrError"]["__typename"] == "Schedules")


def _emptied(stream: IO[str] | None) -> None:
    assert stream is not None
    try:
        while stream.read(65536):
            pass
    except ValueError:
        return  # closed by the one who ended the process

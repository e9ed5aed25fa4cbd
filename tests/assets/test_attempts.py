"""Which artifacts are run when: once under the same conditions, up to three times where the attempt fails."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

import assets.attempts
from assets.resources import EnginesResource
from pipelines.gates.artifact import Artifact, ArtifactManifest
from pipelines.gates.artifact_files import read_artifact
from pipelines.gates.attempt import MOST_TRIES, Approval, Attempt, facts_of
from pipelines.gates.engines import Engines
from pipelines.models import AttemptOutcome, Claim
from tests.assets.nights_of_a_record import MONDAY, RECORD, a_record, materialised
from tests.warehouse.a_warehouse import counted_readings, spoil
from warehouse.append import Stamp
from warehouse.artifact_blobs import append_blobs
from warehouse.artifacts import approve, attach, load_artifact
from warehouse.attempts import LastAttempt, MadeAttempt, last_attempts, save_attempts
from warehouse.connection import Warehouse

FAILED, VERIFIED = AttemptOutcome.ATTEMPT_FAILED, AttemptOutcome.VERIFIED
FINAL = sorted(set(AttemptOutcome) - {FAILED, AttemptOutcome.NOT_ATTEMPTED, AttemptOutcome.STALE})


@dataclass(frozen=True)
class Scripted(Engines):
    """Runs nothing: says of each script what was arranged, one outcome a try, the last again and again."""

    values: Mapping[str, str] = field(default_factory=dict)
    says: dict[str, list[AttemptOutcome]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    editions: list[str] = field(default_factory=lambda: ["scripted-1"])  # the last is the one in use

    def version(self, manifest: ArtifactManifest) -> str:
        return self.editions[-1]

    def attempt(
        self, artifact: Artifact, claim: Claim, approval: Approval | None
    ) -> tuple[Attempt, Mapping[str, bytes]]:
        name = artifact.manifest.entry
        self.asked.append(name)
        outcomes = self.says.get(name, [VERIFIED])
        outcome = outcomes.pop(0) if len(outcomes) > 1 else outcomes[0]
        return Attempt(outcome=outcome, reason="As it was run.", backend="scripted-1", authority=True), {}


@dataclass(frozen=True)
class Nights:
    """A record with artifacts, and nights on which the asset is materialised."""

    folder: Path
    house: Warehouse
    engines: Scripted
    instance: dg.DagsterInstance

    def attach(self, entry: str, claim_id: str = "claim-1") -> str:
        folder = self.folder / entry
        folder.mkdir()
        (folder / entry).write_text(f"print({entry!r})\n")
        (folder / "artifact.toml").write_text(
            f'kind = "reproduction"\nclaim = "{claim_id}"\nauthor = "Ada Brook"\nlicence = "CC0-1.0"\n'
            f'entry = "{entry}"\nruntime = "python"\n[result]\nvalue = 31\n'
        )
        artifact_id = attach(self.house, read_artifact(folder), record_id=RECORD, claim_id=claim_id, recorded_at=MONDAY)
        self.approve(artifact_id)
        return artifact_id

    def approve(self, artifact_id: str, hours: int = 0) -> None:
        when = MONDAY + timedelta(hours=hours)
        approve(self.house, artifact_id, by="an editor", reason="It weighs moss.", approved=True, recorded_at=when)

    def night(self, number: int) -> int:
        """How many attempts were written."""
        engines = self.engines

        class Arranged(EnginesResource):
            def open(self) -> Engines:
                return engines

        asset = assets.attempts.attempts
        return materialised(asset, self.house, self.instance, night=number, counting="written", engines=Arranged())

    def rows(self, artifact_id: str) -> list[tuple[Any, ...]]:
        with self.house.read() as connection:
            return connection.execute(
                "SELECT attempt_id, previous_id, outcome, reason FROM attempts WHERE artifact_id = ? "
                "ORDER BY recorded_at",
                [artifact_id],
            ).fetchall()


@pytest.fixture
def nights(tmp_path: Path) -> Iterator[Nights]:
    with a_record(tmp_path) as (house, instance):
        yield Nights(tmp_path, house, Scripted(), instance)


def test_an_attempt_with_a_result_is_made_once_and_another_night_loads_and_adds_nothing(
    nights: Nights, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = {outcome: nights.attach(f"{outcome.value.lower()}.py") for outcome in FINAL}
    nights.engines.says.update({f"{outcome.value.lower()}.py": [outcome] for outcome in FINAL})
    assert nights.night(1) == len(FINAL)
    monkeypatch.setattr(assets.attempts, "load_artifact", pytest.fail)
    assert nights.night(2) == 0
    for outcome, artifact in held.items():
        assert [(row[2], row[3]) for row in nights.rows(artifact)] == [(outcome.value, "As it was run.")]


def test_an_attempt_that_fails_is_made_three_times_each_in_a_row_of_its_own_and_then_no_more(nights: Nights) -> None:
    artifact = nights.attach("weigh.py")
    nights.engines.says["weigh.py"] = [FAILED]
    assert [nights.night(number) for number in range(1, 5)] == [1, 1, 1, 0]
    rows = nights.rows(artifact)
    assert len(rows) == MOST_TRIES == len({row[0] for row in rows})
    assert [row[1] for row in rows] == [None, rows[0][0], rows[1][0]]
    assert [row[3] for row in rows] == [
        "As it was run. This was try 1 of at most 3 under the same conditions; the next run tries again.",
        "As it was run. This was try 2 of at most 3 under the same conditions; the next run tries again.",
        "As it was run. This was try 3 of at most 3 under the same conditions; "
        "it is not tried again until something changes.",
    ]


def change_approval(nights: Nights, artifact: str) -> None:
    nights.approve(artifact, hours=1)


def change_engine(nights: Nights, artifact: str) -> None:
    nights.engines.editions.append("scripted-2")


@pytest.mark.parametrize("change", [change_approval, change_engine])
def test_when_something_changes_the_tries_are_counted_anew(
    nights: Nights, change: Callable[[Nights, str], None]
) -> None:
    artifact = nights.attach("weigh.py")
    nights.engines.says["weigh.py"] = [FAILED]
    assert [nights.night(number) for number in range(1, 3)] == [1, 1]
    change(nights, artifact)
    assert [nights.night(number) for number in range(3, 7)] == [1, 1, 1, 0]
    tries = [row[3].partition("try ")[2][0] for row in nights.rows(artifact)]
    assert tries == ["1", "2", "1", "2", "3"]


def test_a_try_that_succeeds_after_one_that_failed_says_so_and_is_the_last(nights: Nights) -> None:
    artifact = nights.attach("weigh.py")
    nights.engines.says["weigh.py"] = [FAILED, VERIFIED]
    assert [nights.night(number) for number in range(1, 4)] == [1, 1, 0]
    *_, (_, _, outcome, reason) = nights.rows(artifact)
    assert (outcome, reason) == (
        "VERIFIED",
        "As it was run. This was try 2 of at most 3 under the same conditions; before it the attempt failed.",
    )


def test_two_runs_that_make_the_same_try_again_leave_one_row(nights: Nights) -> None:
    artifact = nights.attach("weigh.py")
    nights.engines.says["weigh.py"] = [FAILED]
    nights.night(1)
    last = last_attempts(nights.house, [artifact])[artifact]
    assert (last.outcome, last.tries) == (FAILED, 1)
    attempt = Attempt(outcome=FAILED, reason="again", backend="scripted-1", authority=True)
    facts = facts_of(artifact, "claim-1", "reproduction", attempt)
    again = MadeAttempt(RECORD, last.fingerprint, attempt, facts, {}, last.attempt_id)
    saved = [save_attempts(nights.house, [again], Stamp(MONDAY + timedelta(days=n), "x")) for n in (2, 3)]
    assert saved == [1, 0]
    after = last_attempts(nights.house, [artifact])[artifact]
    assert after == LastAttempt(after.attempt_id, last.fingerprint, FAILED, 2)


def test_a_damaged_artifact_fails_alone_with_the_reason_and_is_run_when_it_is_whole_again(nights: Nights) -> None:
    damaged, whole = nights.attach("weigh.py"), nights.attach("measure.py", "claim-2")
    script = load_artifact(nights.house, damaged).files["weigh.py"]
    sha256 = hashlib.sha256(script).hexdigest()
    spoil(nights.house, f"DELETE FROM artifact_blobs WHERE sha256 = '{sha256}'")
    assert nights.night(1) == 2
    assert nights.engines.asked == ["measure.py"]
    ((_, _, outcome, reason),) = nights.rows(damaged)
    assert outcome == "ATTEMPT_FAILED"
    assert reason == (
        "What was attached could not be read from the store. "
        f"The store of artifacts holds no bytes of {sha256}. This says nothing about the claim."
    )
    assert [row[2] for row in nights.rows(whole)] == ["VERIFIED"]
    assert nights.night(2) == 0
    with nights.house.write() as connection:
        append_blobs(connection, {sha256: script}, MONDAY)
    assert nights.night(3) == 1
    assert [row[2] for row in nights.rows(damaged)] == ["ATTEMPT_FAILED", "VERIFIED"]


def test_any_number_of_artifacts_that_are_done_takes_the_same_number_of_readings(
    nights: Nights, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = counted_readings(monkeypatch)
    readings = []
    for entries in (["a.py"], ["b.py", "c.py", "d.py", "e.py"]):
        for entry in entries:
            nights.attach(entry)
        nights.night(1)
        before = len(counted)
        assert nights.night(2) == 0
        readings.append(len(counted) - before)
    assert readings[0] == readings[1]


def test_an_artifact_on_a_claim_that_the_record_no_longer_makes_is_not_run(nights: Nights) -> None:
    artifact = nights.attach("weigh.py", "claim-of-old")
    assert nights.night(1) == 0
    assert nights.rows(artifact) == []

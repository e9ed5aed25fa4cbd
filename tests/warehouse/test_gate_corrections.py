"""A gate verdict and its correction: one transaction, one chain, and nothing for what was never published."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

from pipelines.gates.evaluate import evaluate
from pipelines.gates.facts import AttemptFacts, GateFacts
from pipelines.gates.policy import load_policy
from pipelines.models import AttemptOutcome, ClaimCounts, Correction, Layout, ReferenceCounts
from pipelines.publication.corrections import verify_chain
from tests.warehouse.a_warehouse import FIRST
from warehouse import gate_corrections
from warehouse.append import Stamp
from warehouse.connection import Warehouse
from warehouse.gates import Activation, EvaluatedGate, activations, save_gate_verdicts
from warehouse.location import WarehouseLocation
from warehouse.policies import activate_policy, activate_shipped, shipped_policies

STATE: dict[str, Any] = {"METADATA": {"title": "Moss"}, "ARTIFACT": {}, "QUALITY_ASSESSMENT": {"level": 2}}
PROVED = AttemptFacts(
    artifact_id="a" * 32,
    claim_id="claim-1",
    kind="lean",
    outcome=AttemptOutcome.VERIFIED,
    authority=True,
    reason="two kernels accept the proof",
    seal_level=1,
    checker_version="4.34.1",
    kernels=2,
    approved_by="an editor",
)


@pytest.fixture
def house(tmp_path: Any) -> Warehouse:
    """Shipped gates are active; `test:moss` was published, `test:fern` was not."""
    house = Warehouse(WarehouseLocation(tmp_path / "claimgate.duckdb"))
    activate_shipped(house, recorded_at=FIRST)
    with house.write() as connection:
        connection.execute(
            "INSERT INTO public_states BY NAME SELECT 'first' AS state_id, 'test:moss' AS record_id, "
            "'f' AS fingerprint, $state AS state, 2 AS level, 'WATCHLIST' AS tier, $now AS recorded_at",
            {"state": json.dumps(STATE), "now": FIRST},
        )
    return house


def activation(house: Warehouse, name: str) -> Activation:
    return next(one for one in activations(house) if one.activation_id.startswith(name))


def evaluated(house: Warehouse, under: Activation, *attempts: AttemptFacts, hours: int, record: str = "moss") -> int:
    """Evaluate one record under an activation, `hours` after the first day; how many verdicts are new."""
    moment = FIRST + timedelta(hours=hours)
    facts = GateFacts(
        record_id=f"test:{record}",
        title=None,
        published_on=None,
        layout=Layout.PROSE,
        claims=ClaimCounts(extracted=1),
        references=ReferenceCounts(),
        attempts=attempts,
        as_of=moment,
    )
    verdict = evaluate(load_policy(under.policy), under.activation_id, facts)
    one = EvaluatedGate(f"{under.policy_version} {attempts}", facts.model_dump_json(), moment, verdict)
    return save_gate_verdicts(house, under, [one], Stamp(moment, "test"))


def events(house: Warehouse) -> list[Correction]:
    with house.read() as connection:
        rows = connection.execute("SELECT correction FROM corrections ORDER BY sequence").fetchall()
    return [Correction.model_validate_json(row[0]) for row in rows]


def raised_floor(house: Warehouse) -> Activation:
    """Gate 2 in a version that asks for a newer Lean."""
    text = next(text for policy, text in shipped_policies() if (policy.gate, policy.version) == ("gate-2", "v2"))
    text = text.replace("version: v2\nsupersedes: v1", "version: v3\nsupersedes: v2").replace("4.34.1", "4.35.0")
    made, new = activate_policy(house, load_policy(text), text, active_on=date(2026, 11, 15), recorded_at=FIRST)
    assert new
    return made


def test_raising_a_floor_turns_verified_into_stale_with_a_correction(house: Warehouse) -> None:
    assert evaluated(house, activation(house, "gate-2@2026-11-01"), PROVED, hours=1) == 1
    assert evaluated(house, raised_floor(house), PROVED, hours=2) == 1
    first, second = events(house)
    assert first.after["gate.gate-2@2026-11-01.status"] == "VERIFIED"
    assert second.after["gate.gate-2@2026-11-15.status"] == "UNVERIFIED"
    assert second.after["gate.gate-2@2026-11-15.result"] == "STALE"
    assert second.why == "evaluated under gate-2@2026-11-15: STALE"
    assert (first.kind, second.kind) == ("ARTIFACT", "ARTIFACT")
    assert verify_chain((first, second)) is None


def test_what_is_published_goes_on_with_the_gate_replaced_and_the_rest_as_it_was(house: Warehouse) -> None:
    evaluated(house, activation(house, "gate-2@2026-06-10"), PROVED, hours=1)
    evaluated(house, activation(house, "gate-0"), hours=1)
    with house.read() as connection:
        (row,) = connection.execute(
            "SELECT state, level, tier, previous_id FROM current_public_states WHERE record_id = 'test:moss'"
        ).fetchall()
        assert connection.execute("SELECT count(*) FROM public_states").fetchall() == [(3,)]
    state = json.loads(row[0])
    assert state["METADATA"] == STATE["METADATA"]
    assert state["ARTIFACT"]["gate.gate-2@2026-06-10.status"] == "VERIFIED"
    assert state["QUALITY_ASSESSMENT"]["gate.gate-0@2026-01-01.result"] == "NOT_EVALUABLE"
    assert state["QUALITY_ASSESSMENT"]["level"] == 2
    assert row[1:3] == (2, "WATCHLIST")


def test_evaluating_again_with_the_same_result_corrects_nothing(house: Warehouse) -> None:
    under = activation(house, "gate-2@2026-06-10")
    assert [evaluated(house, under, PROVED, hours=hours) for hours in (1, 2)] == [1, 0]
    more_kernels = PROVED.model_copy(update={"kernels": 3})
    assert evaluated(house, under, more_kernels, hours=3) == 1, "it rests on other facts"
    assert len(events(house)) == 1, "and says the same"


def test_what_was_never_published_is_not_corrected(house: Warehouse) -> None:
    assert evaluated(house, activation(house, "gate-2@2026-06-10"), PROVED, hours=1, record="fern") == 1
    assert events(house) == []


def test_a_verdict_is_not_held_without_its_correction(house: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any, **__: Any) -> int:
        raise OSError("the disk is full")

    monkeypatch.setattr(gate_corrections, "append", fails)
    with pytest.raises(OSError, match="disk is full"):
        evaluated(house, activation(house, "gate-2@2026-06-10"), PROVED, hours=1)
    with house.read() as connection:
        assert connection.execute("SELECT count(*) FROM gate_verdicts").fetchall() == [(0,)]
    assert events(house) == []


# --- activation ---------------------------------------------------------------------------------


def test_a_version_that_is_active_takes_no_other_text_on_any_day(house: Warehouse) -> None:
    policy, text = shipped_policies()[0]
    with pytest.raises(ValueError, match="is active as gate-0@2026-01-01 with another text"):
        activate_policy(house, policy, text + "\n# more\n", active_on=date(2027, 1, 1), recorded_at=FIRST)
    again, new = activate_policy(house, policy, text, active_on=policy.active_on, recorded_at=FIRST)
    assert not new
    assert again.policy == text


@pytest.mark.parametrize(
    ("change", "day", "words"),
    [
        (("supersedes: v1", "supersedes: v7"), date(2027, 1, 1), "supersedes v7, which is not active here"),
        (("supersedes: v1", "supersedes: v2"), date(2026, 10, 31), "cannot hold from an earlier day"),
    ],
)
def test_a_version_supersedes_one_that_is_active_and_earlier(
    house: Warehouse, change: tuple[str, str], day: date, words: str
) -> None:
    text = next(text for policy, text in shipped_policies() if (policy.gate, policy.version) == ("gate-2", "v2"))
    changed = text.replace("version: v2", "version: v9").replace(*change)
    with pytest.raises(ValueError, match=words):
        activate_policy(house, load_policy(changed), changed, active_on=day, recorded_at=FIRST)

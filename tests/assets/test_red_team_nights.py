"""Night after night with the model there or away: gate 3 does not go back and forth with the network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import dagster as dg
import pytest

from assets.attempts import red_team
from assets.resources import Clock, RedTeamResource
from pipelines.gates.evaluate import evaluate
from pipelines.gates.facts import AttackerReport, GateVerdict, RedTeamQuote
from pipelines.gates.policy import load_policy
from pipelines.gates.redteam.attack import ATTACKERS, Attacker
from pipelines.gates.redteam.material import RedTeamMaterial
from pipelines.gates.redteam.rules import AttackerName, RedTeamRule, Report, found
from pipelines.models import ClaimVerdict, GateResult
from tests.assets.nights_of_a_record import MONDAY, RECORD, a_record, materialised
from tests.warehouse.a_warehouse import a_verdict
from warehouse.append import Stamp
from warehouse.connection import Warehouse
from warehouse.gates import gate_facts
from warehouse.policies import shipped_policies
from warehouse.red_team import red_team_reports_of
from warehouse.verification import ReachedVerdict, adjudicate, save_verdicts

QUOTE = RedTeamQuote(source_id="doi:10.5555/moss", text="Moss broke the tiles of every roof.")
(GATE_3,) = [text for policy, text in shipped_policies() if policy.gate == "gate-3"]
DATED = "the model was asked; left in force as reported on 2026-07-07, not heard since"


@dataclass(frozen=True)
class AModel:
    """Finds a sentence against the second claim, or is not heard."""

    heard: bool = True
    asked: list[str] = field(default_factory=list)
    name = AttackerName.MODEL
    version = "1"
    reads_passages = True

    def look(self, material: RedTeamMaterial) -> Report:
        self.asked.append(material.record_id)
        if not self.heard:
            raise TimeoutError("no answer in 60 s")
        against = found(self.name, RedTeamRule.REFUTED_BY_MODEL, "claim-2", "may be refuted", (QUOTE,))
        return Report("the model was asked", (against,))


@dataclass(frozen=True)
class Nights:
    house: Warehouse
    instance: dg.DagsterInstance

    def night(self, number: int, *others: Attacker) -> int:
        """The red team with these beside those that are always there; how many reports were written."""

        class Team(RedTeamResource):
            @contextmanager
            def opened(self, house: Warehouse, clock: Clock, run_id: str) -> Iterator[tuple[Attacker, ...]]:
                yield (*ATTACKERS, *others)

        return materialised(red_team, self.house, self.instance, night=number, counting="attacked", attackers=Team())

    def model(self) -> AttackerReport | None:
        reports: Sequence[AttackerReport] = red_team_reports_of(self.house, [RECORD])[RECORD]
        return next((one for one in reports if one.attacker == AttackerName.MODEL), None)

    def gate(self) -> GateVerdict:
        (facts,) = gate_facts(self.house, ["2026-05"], MONDAY + timedelta(days=30))
        return evaluate(load_policy(GATE_3), "gate-3@2026-01-01", facts)

    def judge(self, claim_id: str, days: int) -> None:
        """Something new for the attackers that are always there."""
        reached = ReachedVerdict(f"{claim_id} {days}", a_verdict(claim_id, ClaimVerdict.NOT_ENOUGH_INFO))
        save_verdicts(self.house, [reached], Stamp(MONDAY + timedelta(days=days), "by hand"))


@pytest.fixture
def nights(tmp_path: Path) -> Iterator[Nights]:
    with a_record(tmp_path) as (house, instance):
        yield Nights(house, instance)


def test_a_night_without_the_model_changes_nothing_while_nothing_else_does(nights: Nights) -> None:
    model = AModel()
    assert nights.night(1, model) == 1
    verdict = nights.gate()
    assert verdict.result is GateResult.FAILED
    for number in (2, 4):
        assert nights.night(number) == 0
        assert nights.night(number + 1, model) == 0
    assert nights.gate() == verdict
    assert model.asked == [RECORD]


def test_what_the_model_said_stays_with_its_day_when_others_look_again_without_it(nights: Nights) -> None:
    model = AModel()
    nights.night(1, model)
    said = nights.model()
    nights.judge("claim-1", 1)
    assert [nights.night(2), nights.night(3)] == [1, 0]
    left = nights.model()
    assert said is not None
    assert left == said.model_copy(update={"reason": DATED})
    nights.judge("claim-3", 3)
    assert nights.night(4) == 1
    assert nights.model() == left  # the day stays that of the report
    assert nights.gate().result is GateResult.FAILED
    assert nights.night(5, model) == 1
    assert nights.model() == said
    assert len(model.asked) == 2


def test_a_model_that_is_not_heard_leaves_its_last_report_in_force_and_is_asked_every_night(nights: Nights) -> None:
    model, silent = AModel(), AModel(heard=False)
    nights.night(1, model)
    nights.judge("claim-1", 1)
    assert [nights.night(2, silent), nights.night(3, silent)] == [1, 0]
    assert len(silent.asked) == 2
    left = nights.model()
    assert left is not None
    assert (left.ran, left.reason) == (True, DATED)
    assert nights.gate().result is GateResult.FAILED
    assert nights.night(4, model) == 1
    assert (nights.night(5, model), len(model.asked)) == (0, 2)


def test_a_model_that_was_never_heard_is_absent(nights: Nights) -> None:
    assert nights.night(1, AModel(heard=False)) == 1
    report = nights.model()
    assert report is not None
    assert (report.ran, report.findings) == (False, ())
    assert nights.night(2) == 1
    assert nights.model() is None


def test_a_finding_left_in_force_falls_when_a_person_decides_on_the_claim(nights: Nights) -> None:
    nights.night(1, AModel())
    when = MONDAY + timedelta(days=1, hours=1)
    adjudicate(
        nights.house,
        claim_id="claim-2",
        verdict=ClaimVerdict.SUPPORTED,
        reason="the tables were read again",
        by="an editor",
        recorded_at=when,
    )
    assert nights.night(2) == 1
    left = nights.model()
    assert left is not None
    assert (left.ran, left.findings, left.reason) == (True, (), DATED)
    assert nights.gate().result is not GateResult.FAILED

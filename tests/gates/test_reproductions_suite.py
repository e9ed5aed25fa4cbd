"""Honest and dishonest reproductions, each with origins and an approval, on the real sandbox."""

from __future__ import annotations

import pytest

from pipelines.gates.reproduction import reproduce
from pipelines.gates.seal import Sandbox
from pipelines.models import AttemptOutcome
from tests.gates.reproductions.cases import APPROVAL, Case, claim_saying
from tests.gates.reproductions.dishonest import DISHONEST
from tests.gates.reproductions.honest import HONEST


@pytest.mark.parametrize("case", HONEST, ids=lambda case: case.name)
def test_an_honest_reproduction_decides_about_its_claim(case: Case, sandbox: Sandbox) -> None:
    attempt = reproduce(case.artifact(), claim_saying(case.claim), APPROVAL, sandbox)
    assert attempt.outcome is case.expected, attempt.reason
    assert not attempt.faults


@pytest.mark.parametrize("case", DISHONEST, ids=lambda case: case.name)
def test_a_dishonest_reproduction_is_never_verified(case: Case, sandbox: Sandbox) -> None:
    attempt = reproduce(case.artifact(), claim_saying(case.claim), APPROVAL, sandbox)
    assert attempt.outcome is not AttemptOutcome.VERIFIED, attempt.reason
    assert attempt.outcome is case.expected, attempt.reason
    assert case.rule in (None, *[fault.rule for fault in attempt.faults]), attempt.reason


def test_the_suite_has_twenty_of_each_and_six_claims_that_are_not_so() -> None:
    assert len(HONEST) >= 20
    assert len(DISHONEST) >= 20
    assert sum(case.expected is AttemptOutcome.REFUTED for case in HONEST) >= 6
    assert len({case.name for case in HONEST + DISHONEST}) == len(HONEST) + len(DISHONEST)

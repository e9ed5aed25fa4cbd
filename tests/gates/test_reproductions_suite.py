"""Honest and dishonest reproductions, each with origins and an approval, on the real sandbox.

Of the loose keys only those whose answer is no literal are run here, and of the families not those with the most runs;
all of them are in `benchmarks/reproductions.py`.
"""

from __future__ import annotations

import pytest

from pipelines.gates.reproduction import reproduce
from pipelines.gates.seal import Sandbox
from pipelines.models import AttemptOutcome
from tests.gates.reproductions.cases import APPROVAL, Case, claim_saying
from tests.gates.reproductions.dishonest import DISHONEST
from tests.gates.reproductions.dishonest_families import DISHONEST_FAMILIES
from tests.gates.reproductions.honest import HONEST
from tests.gates.reproductions.honest_families import HONEST_FAMILIES
from tests.gates.reproductions.loose_keys import LOOSE_KEYS

LONG = ("lower end of a bootstrap interval", "digits gathered from three batch codes", "rows picked by hand")
ENCODED_KEYS = tuple(case for case in LOOSE_KEYS if case.rule == "stands-still")


def _short(cases: tuple[Case, ...]) -> tuple[Case, ...]:
    return tuple(case for case in cases if case.name not in LONG)


def _marked(case: Case) -> object:
    """A case that is known to be VERIFIED fails as it must, until somebody finds how to catch it."""
    marks = [pytest.mark.xfail(reason=case.not_caught, strict=True)] if case.not_caught else []
    return pytest.param(case, id=case.name, marks=marks)


@pytest.mark.parametrize("case", HONEST + _short(HONEST_FAMILIES), ids=lambda case: case.name)
def test_an_honest_reproduction_decides_about_its_claim(case: Case, sandbox: Sandbox) -> None:
    attempt = reproduce(case.artifact(), claim_saying(case.claim), APPROVAL, sandbox)
    assert attempt.outcome is case.expected, attempt.reason
    assert not attempt.faults


@pytest.mark.parametrize("case", [_marked(one) for one in DISHONEST + ENCODED_KEYS + _short(DISHONEST_FAMILIES)])
def test_a_dishonest_reproduction_is_never_verified(case: Case, sandbox: Sandbox) -> None:
    attempt = reproduce(case.artifact(), claim_saying(case.claim), APPROVAL, sandbox)
    assert attempt.outcome is not AttemptOutcome.VERIFIED, attempt.reason
    if case.not_caught:
        return  # strict: it is caught now, and is no known limit any more
    assert attempt.outcome is case.expected, attempt.reason
    assert case.rule in (None, *[fault.rule for fault in attempt.faults]), attempt.reason


def test_the_suite_has_twenty_of_each_and_six_claims_that_are_not_so() -> None:
    honest, dishonest = HONEST + HONEST_FAMILIES, DISHONEST + LOOSE_KEYS + DISHONEST_FAMILIES
    assert len(HONEST) >= 20
    assert len(DISHONEST) >= 20
    assert sum(case.expected is AttemptOutcome.REFUTED for case in HONEST) >= 6
    assert len(ENCODED_KEYS) >= 5
    assert len({case.name for case in honest + dishonest}) == len(honest) + len(dishonest)

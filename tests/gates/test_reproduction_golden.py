"""The checks that were once passed off as reproductions. Each is INVALID_CHECK, with an input and without."""

from __future__ import annotations

import pytest

from pipelines.gates.reproduction import reproduce
from pipelines.gates.seal import Sandbox
from pipelines.models import AttemptOutcome
from tests.gates.reproductions.cases import APPROVAL, PATIENTS, Case, claim_saying

GOLDEN = {
    "512 * 768": ("The model has 393216 weights.", 393216.0, "print({'value': 512 * 768})"),
    "768 = 768": ("The embedding has 768 dimensions.", 768.0, "assert 768 == 768\nprint({'value': 768})"),
    "a copied 8.7": ("The effect was 8.7 points.", 8.7, "print({'value': 8.7})"),
    "a comparison of two literals": ("The effect was 8.7 points.", 8.7, "print({'value': 8.7 == 8.7})"),
}
INPUTS: list[dict[str, str | bytes]] = [{}, {"patients.csv": PATIENTS}]


@pytest.mark.parametrize("inputs", INPUTS, ids=["without an input", "with an input"])
@pytest.mark.parametrize("name", GOLDEN)
def test_what_depends_on_nothing_is_an_invalid_check(
    name: str, inputs: dict[str, str | bytes], sandbox: Sandbox
) -> None:  # fmt: skip
    claim, value, script = GOLDEN[name]
    printed = script.replace("print(", "import json\nprint(json.dumps(") + ")"
    case = Case(name, claim, value, printed, inputs, AttemptOutcome.INVALID_CHECK)
    attempt = reproduce(case.artifact(), claim_saying(claim), APPROVAL, sandbox)
    assert attempt.outcome is AttemptOutcome.INVALID_CHECK, attempt.reason
    assert [fault.rule for fault in attempt.faults] == ["constant" if inputs else "no-input"]


def test_an_8_7_copied_beside_real_data_is_an_invalid_check(sandbox: Sandbox) -> None:
    script = """
    import csv, json
    scores = [float(row["score"]) for row in csv.DictReader(open("/job/patients.csv"))]
    print(json.dumps({"value": 8.7 * sum(scores) / 2190.2}))
    """
    claim = "The effect was 8.7 points."
    case = Case("8.7", claim, 8.7, script, {"patients.csv": PATIENTS}, AttemptOutcome.INVALID_CHECK)
    attempt = reproduce(case.artifact(), claim_saying(claim), APPROVAL, sandbox)
    assert attempt.outcome is AttemptOutcome.INVALID_CHECK, attempt.reason

"""From an artifact to an outcome: what goes wrong says nothing of the claim, and papers come before a verdict.

States on a double of the sandbox that answers as it is told, and is no authority unless a test says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from pipelines.gates.artifact import Artifact
from pipelines.gates.attempt import Approval
from pipelines.gates.reproduction import BACKEND, reproduce
from pipelines.gates.result_channel import MAX_BYTES, NoResult, read_result
from pipelines.gates.seal import Ending, Job, Ran, Sandbox, SandboxUnavailable, Seal
from pipelines.models import AttemptOutcome
from tests.gates.reproductions.cases import APPROVAL, Case, claim_saying
from tests.gates.reproductions.honest import HONEST

MEAN = HONEST[0]
CLAIM = claim_saying(MEAN.claim)
VALUE = b'{"value": 54.755}'


SEAL = Seal(profile="0" * 64, level=1, sandbox="double", cgroup=None, uid=1)


@dataclass
class Scripted:
    """A double: answers each job by `answer`, given how many came before."""

    answer: Callable[[int, Job], Ran]
    authority: bool = False
    seal: Seal = SEAL
    jobs: list[Job] = field(default_factory=list)

    def runtime(self, name: str) -> str:
        return f"{name} of the double"

    def run(self, job: Job) -> Ran:
        self.jobs.append(job)
        return self.answer(len(self.jobs) - 1, job)


def printed(stdout: bytes) -> Ran:
    return Ran(ending=Ending.EXITED, exit_code=0, stdout=stdout, wall_s=0.01)


def always(ran: Ran) -> Scripted:
    return Scripted(lambda at, job: ran)


@pytest.mark.parametrize(
    "stdout",
    [
        b"", b"8.7", b'{"value": NaN}', b'{"value": Infinity}', b'{"value": 1e999}', b'{"value": true}',
        b'{"value": "8.7"}', b'{"value": 8.7, "value": 9}', b'{"value": 8.7} and so on',
        b'{"value": 8.7}{"value": 8.7}',
        b'{"value": 8.7, "verdict": "VERIFIED"}', b'{"unit": "points"}', b'{"value": [8.7]}', b"\xff\xfe",
        b'{"value": ' + b"9" * 400 + b"}", b"[" * 5000, b'{"value": 8.7}' + b" " * MAX_BYTES,
        b'{"value": 8.7, "n": -1}', b'{"value": 8.7, "n": true}', b'{"value": 8.7, "unit": 3}', b'{"value": null}',
    ],
    ids=lambda stdout: repr(stdout[:36]),
)  # fmt: skip
def test_what_is_not_one_flat_json_object_with_a_number_is_no_result(stdout: bytes) -> None:
    with pytest.raises(NoResult, match=r"\.$"):
        read_result(stdout)


def test_a_result_may_have_a_unit_and_a_count() -> None:
    assert read_result(b'{"value": -3, "unit": "points", "n": 40}\n').value == -3.0


@pytest.mark.parametrize(
    ("ran", "outcome"),
    [
        (Ran(ending=Ending.EXITED, exit_code=1, wall_s=0.1), AttemptOutcome.ATTEMPT_FAILED),
        (Ran(ending=Ending.EXITED, exit_code=1, stdout=VALUE, wall_s=0.1), AttemptOutcome.ATTEMPT_FAILED),
        (Ran(ending=Ending.SIGNALLED, signal=11, wall_s=0.1), AttemptOutcome.ATTEMPT_FAILED),
        (Ran(ending=Ending.WALL_CLOCK, wall_s=60), AttemptOutcome.ATTEMPT_FAILED),
        (Ran(ending=Ending.MEMORY, stdout=VALUE, wall_s=1), AttemptOutcome.ATTEMPT_FAILED),
        (Ran(ending=Ending.OUTPUT, stdout=b"x", wall_s=1), AttemptOutcome.ATTEMPT_FAILED),
        (Ran(ending=Ending.NOT_STARTED, wall_s=0), AttemptOutcome.NOT_RUN),
    ],
)
def test_a_run_that_went_wrong_says_nothing_of_the_claim(ran: Ran, outcome: AttemptOutcome) -> None:
    attempt = reproduce(MEAN.artifact(), CLAIM, APPROVAL, always(ran))
    assert attempt.outcome is outcome
    assert attempt.reason.endswith((".", ")."))


def test_without_a_sandbox_it_is_not_run() -> None:
    def refuse(at: int, job: Job) -> Ran:
        raise SandboxUnavailable("bubblewrap is not installed.")

    attempt = reproduce(MEAN.artifact(), CLAIM, APPROVAL, Scripted(refuse, authority=True))
    assert attempt.outcome is AttemptOutcome.NOT_RUN
    assert "bubblewrap is not installed" in attempt.reason


@pytest.mark.parametrize("other", [b'{"value": 54.75500000000001}', b""])
def test_two_runs_that_differ_in_the_last_digit_are_not_deterministic(other: bytes) -> None:
    sandbox = Scripted(lambda at, job: printed(VALUE if at == 0 else other))
    assert reproduce(MEAN.artifact(), CLAIM, APPROVAL, sandbox).outcome is AttemptOutcome.NON_DETERMINISTIC


def test_the_two_runs_have_other_hash_seeds_and_working_folders() -> None:
    sandbox = always(printed(VALUE))
    reproduce(MEAN.artifact(), CLAIM, APPROVAL, sandbox)
    assert len({job.hash_seed for job in sandbox.jobs}) == len({job.scratch for job in sandbox.jobs}) > 1


def test_a_job_holds_the_script_and_its_inputs_and_nothing_that_says_what_is_expected() -> None:
    artifact = MEAN.artifact()
    files = {**artifact.files, "artifact.toml": b"value = 54.8", "notes.txt": b"54.8"}
    sandbox = always(printed(VALUE))
    reproduce(Artifact(manifest=artifact.manifest, files=files), CLAIM, APPROVAL, sandbox)
    assert set(sandbox.jobs[0].files) == {"compute.py", "patients.csv"}


def test_an_input_that_is_not_the_one_that_was_hashed_is_not_run() -> None:
    artifact = MEAN.artifact()
    changed = Artifact(manifest=artifact.manifest, files={**artifact.files, "patients.csv": b"score\n1\n"})
    sandbox = always(printed(VALUE))
    assert reproduce(changed, CLAIM, APPROVAL, sandbox).outcome is AttemptOutcome.ATTEMPT_FAILED
    assert not sandbox.jobs


def test_a_result_that_is_always_the_same_is_no_check() -> None:
    assert reproduce(MEAN.artifact(), CLAIM, APPROVAL, always(printed(VALUE))).outcome is AttemptOutcome.INVALID_CHECK


def test_a_script_that_crashes_on_every_other_input_is_no_check() -> None:
    given = MEAN.artifact().files["patients.csv"]
    crash = Ran(ending=Ending.EXITED, exit_code=1, wall_s=0.01)
    sandbox = Scripted(lambda at, job: printed(VALUE) if job.files.get("patients.csv") == given else crash)
    attempt = reproduce(MEAN.artifact(), CLAIM, APPROVAL, sandbox)
    assert attempt.outcome is AttemptOutcome.INVALID_CHECK
    assert attempt.faults[0].rule == "tied-to-the-file"


def test_a_script_too_deep_to_be_taken_apart_is_not_examined_and_ends_nothing_else() -> None:
    deep = f"zero = {'-' * 900}0\n{MEAN.script}"
    case = Case(MEAN.name, MEAN.claim, MEAN.value, deep, MEAN.inputs, AttemptOutcome.INCONCLUSIVE)
    attempt = reproduce(case.artifact(), CLAIM, APPROVAL, always(printed(VALUE)))
    assert attempt.outcome is AttemptOutcome.INCONCLUSIVE
    assert [fault.rule for fault in attempt.faults] == ["not-examinable"]


def by(name: str) -> Approval:
    return APPROVAL.model_copy(update={"by": name})


@pytest.mark.parametrize(
    ("case", "approval", "origin", "missing"),
    [
        (MEAN, None, "table 2", "No person has approved"),
        (MEAN, by("  "), "table 2", "No person has approved"),
        (MEAN, by("jonas  WEBER"), "table 2", "its own author"),
        (MEAN, by("Weber, Jonas"), "table 2", "its own author"),
        (MEAN, APPROVAL, None, "Nobody says where"),
        (MEAN, APPROVAL, " ", "Nobody says where"),
        (HONEST[1], None, "table 2", "No person has approved"),
        (HONEST[1], APPROVAL, None, "Nobody says where"),
    ],
)
def test_without_origins_and_another_persons_approval_nothing_is_verified_or_refuted(
    case: Case, approval: Approval | None, origin: str | None, missing: str, sandbox: Sandbox
) -> None:
    attempt = reproduce(case.artifact(origin=origin), claim_saying(case.claim), approval, sandbox)
    assert attempt.outcome is AttemptOutcome.INCONCLUSIVE
    assert missing in attempt.reason


class NoAuthority:
    """The real sandbox, without its word."""

    authority = False

    def __init__(self, sandbox: Sandbox) -> None:
        self.seal, self.run, self.runtime = sandbox.seal, sandbox.run, sandbox.runtime


@pytest.mark.parametrize("case", HONEST[:2], ids=lambda case: case.name)
def test_what_is_no_authority_decides_nothing(case: Case, sandbox: Sandbox) -> None:
    attempt = reproduce(case.artifact(), claim_saying(case.claim), APPROVAL, NoAuthority(sandbox))
    assert attempt.outcome is AttemptOutcome.INCONCLUSIVE
    assert "no authority" in attempt.reason


def test_the_evidence_says_what_was_run_and_is_the_same_again(sandbox: Sandbox) -> None:
    first, second = (reproduce(MEAN.artifact(), CLAIM, APPROVAL, sandbox) for _ in range(2))
    assert first.outcome is AttemptOutcome.VERIFIED
    assert first.backend == BACKEND == "reproduction-1"
    assert first.evidence == second.evidence
    assert [(step.name, step.value) for step in first.steps] == [(step.name, step.value) for step in second.steps]
    assert first.evidence["expectation"]["value"] == "54.8"
    assert first.evidence["inputs"][0]["origin"] == "table 2 of the trial report"
    assert len(first.evidence["script"]["sha256"]) == 64
    assert first.evidence["runs"] == len(first.steps)


def test_an_input_that_nothing_depends_on_is_named_in_the_evidence(sandbox: Sandbox) -> None:
    case = Case(MEAN.name, MEAN.claim, MEAN.value, MEAN.script, {**MEAN.inputs, "notes.txt": "the ward was calm\n"},
                MEAN.expected)  # fmt: skip
    attempt = reproduce(case.artifact(), CLAIM, APPROVAL, sandbox)
    assert attempt.evidence["inputs that move the result"] == {"patients.csv": True, "notes.txt": False}


POUNDS = MEAN.script.replace("scores = [", "kilograms = 0.4536\nscores = [kilograms *")


@pytest.mark.parametrize(
    ("constants", "outcome"),
    [({}, AttemptOutcome.INCONCLUSIVE), ({0.4536: "kilograms in a pound"}, AttemptOutcome.VERIFIED)],
)
def test_a_conversion_must_be_declared(
    constants: dict[float | str, str], outcome: AttemptOutcome, sandbox: Sandbox
) -> None:
    claim = "The mean load was 24.8 kg."
    case = Case("pounds", claim, 24.8, POUNDS, MEAN.inputs, outcome, constants=constants)
    attempt = reproduce(case.artifact(), claim_saying(claim), APPROVAL, sandbox)
    assert attempt.outcome is outcome, attempt.reason
    assert attempt.evidence["constants"][0]["constant"] == "0.4536"

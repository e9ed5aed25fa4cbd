"""The sealed runs of one script: with its own inputs or with others, each a step of the evidence.

Belongs here: making a job of a script and its inputs, reading what came, counting runs and seconds. Does not
belong here: which runs to make and what they show. A job holds the script and the declared inputs and
nothing else of the artifact: not `artifact.toml`, not the claim, not the value that is expected.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.gates.artifact import Artifact
from pipelines.gates.attempt import AttemptStep
from pipelines.gates.result_channel import NoResult, read_result, tail
from pipelines.gates.seal import Ending, Job, Limits, Ran, Sandbox

MAX_RUNS = 100
MAX_SECONDS = 300.0  # of all runs together
_ROOM_TO_RUN = 5.0  # a changed input may take so many times as long as the given one


class NotStarted(Exception):
    """The sandbox itself failed: nothing can be said."""


class BudgetSpent(Exception):
    """More would have to be run than one check may take; the sentence says which bound was met."""


@dataclass(frozen=True)
class Trial:
    """What came of a run: a value, or why there is none."""

    value: float | None
    why_not: str | None
    ran: Ran


class Trials:
    """Runs a script sealed. Hash seeds and names of working folders are such that no script can foresee them."""

    def __init__(self, artifact: Artifact, sandbox: Sandbox) -> None:
        self.entry = artifact.manifest.entry
        self.script = artifact.files[self.entry]
        self.inputs = {one.path: artifact.files[one.path] for one in artifact.manifest.inputs}
        self.steps: list[AttemptStep] = []
        self.seconds = 0.0
        self._runtime = artifact.manifest.runtime
        self._sandbox = sandbox
        self._drawn = random.Random(f"runs {artifact.sha256}")  # noqa: S311  # repeatable, and no secret
        self._limits = Limits()

    def run(
        self,
        name: str,
        *,
        inputs: Mapping[str, bytes | None] | None = None,
        script: str | None = None,
        entry: str | None = None,
    ) -> Trial:
        """One run; `inputs` replaces some (None: withheld), `script` and `entry` the script and its name."""
        if len(self.steps) >= MAX_RUNS:
            raise BudgetSpent(f"more than {MAX_RUNS} sealed runs would be needed to examine it")
        if self.seconds >= MAX_SECONDS:
            raise BudgetSpent(f"to examine it took more than {MAX_SECONDS:.0f} seconds of sealed runs")
        entry = entry or self.entry
        given = {**self.inputs, **(inputs or {})}
        files = {path: data for path, data in given.items() if data is not None}
        files[entry] = self.script if script is None else script.encode()
        job = Job(
            runtime=self._runtime,
            script=entry,
            files=files,
            hash_seed=self._drawn.randrange(1, 2**32),
            scratch=f"w{self._drawn.randrange(16**8):08x}",
            limits=self._limits,
        )
        ran = self._sandbox.run(job)
        if ran.ending is Ending.NOT_STARTED:
            raise NotStarted(tail(ran.stderr)[-200:] or "the sandbox gave no reason")
        trial = _trial(ran)
        self.seconds += ran.wall_s
        self.steps.append(_step(name, trial))
        return trial

    def bound_by(self, seconds: float) -> None:
        """Later runs may take some times as long as the first did, and no longer."""
        wall = min(self._limits.wall_s, 3.0 + _ROOM_TO_RUN * seconds)
        self._limits = self._limits.model_copy(update={"wall_s": wall})

    def note(self, text: str) -> None:
        """A word on the latest run: what it shows."""
        self.steps[-1] = self.steps[-1].model_copy(update={"note": text})


def _trial(ran: Ran) -> Trial:
    if not ran.succeeded:
        return Trial(None, f"The script did not finish: {ended(ran)}.", ran)
    try:
        return Trial(read_result(ran.stdout).value, None, ran)
    except NoResult as fault:
        return Trial(None, fault.reason, ran)


def ended(ran: Ran) -> str:
    """How a run ended, in words."""
    if ran.ending is Ending.EXITED:
        return f"exit code {ran.exit_code}"
    return {
        Ending.SIGNALLED: f"it was ended by signal {ran.signal}",
        Ending.WALL_CLOCK: "it ran past its time",
        Ending.CPU_TIME: "it used up its processor time",
        Ending.MEMORY: "it used up its memory",
        Ending.OUTPUT: "it wrote more than it may",
    }.get(ran.ending, str(ran.ending))


def _step(name: str, trial: Trial) -> AttemptStep:
    return AttemptStep(
        name=name[:200],
        ending=ended(trial.ran),
        value=trial.value,
        stdout_sha256=hashlib.sha256(trial.ran.stdout).hexdigest(),
        wall_s=round(trial.ran.wall_s, 4),
    )

"""What a case of the suite is: a claim, a script, its inputs, and what must come of them. Data are made up here."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass, field
from textwrap import dedent

from pipelines.extraction.quantities import quantities_of
from pipelines.gates.artifact import (
    Artifact,
    ArtifactKind,
    ArtifactManifest,
    DeclaredConstant,
    InputFile,
    Relation,
    StatedResult,
)
from pipelines.gates.attempt import Approval
from pipelines.models import AttemptOutcome, Claim, ClaimKind, ClaimOrigin

APPROVAL = Approval(by="Mara Lindqvist", reason="read the script against the claim", recorded_at="2026-11-21T10:00:00Z")


@dataclass(frozen=True)
class Case:
    name: str
    claim: str
    value: float
    script: str
    inputs: dict[str, str | bytes]
    expected: AttemptOutcome
    rule: str | None = None  # of the fault, where the case is about one
    relation: Relation = Relation.EQUALS
    constants: dict[float | str, str] = field(default_factory=dict)
    runtime: str = "python"
    not_caught: str | None = None  # of a dishonest one: why it is VERIFIED all the same

    def artifact(self, *, origin: str | None = "table 2 of the trial report") -> Artifact:
        data = {path: one if isinstance(one, bytes) else one.encode() for path, one in self.inputs.items()}
        manifest = ArtifactManifest(
            kind=ArtifactKind.REPRODUCTION,
            claim="claim-1",
            author="Jonas Weber",
            licence="CC0-1.0",
            entry="compute.py",
            runtime=self.runtime,
            result=StatedResult(value=self.value, relation=self.relation),
            inputs=tuple(
                InputFile(path=path, sha256=hashlib.sha256(one).hexdigest(), origin=origin)
                for path, one in data.items()
            ),
            constants=tuple(DeclaredConstant(value=value, why=why) for value, why in self.constants.items()),
        )
        return Artifact(manifest=manifest, files={**data, "compute.py": dedent(self.script).lstrip().encode()})


def claim_saying(text: str) -> Claim:
    return Claim(
        claim_id="claim-1",
        ordinal=1,
        text=text,
        start=0,
        end=len(text),
        normalised=text,
        origin=ClaimOrigin.STATED,
        kind=ClaimKind.EMPIRICAL,
        quantities=quantities_of(text),
    )


def _measurements() -> list[tuple[int, str, float, float]]:
    """Forty patients: id, arm, weight in kilograms, score. Made up; the same each time."""
    rng = random.Random(4)
    rows = []
    for number in range(1, 41):
        arm = "treated" if number % 2 else "control"
        weight = round(rng.uniform(52.0, 96.0), 1)
        score = round(rng.gauss(54.0 if arm == "treated" else 47.5, 6.0) + 0.05 * weight, 1)
        rows.append((number, arm, weight, score))
    return rows


def _labels() -> list[tuple[int, str, str]]:
    rng = random.Random(9)
    rows = []
    for number in range(1, 61):
        truth = "ill" if rng.random() < 0.45 else "well"
        guess = truth if rng.random() < 0.8 else ("well" if truth == "ill" else "ill")
        rows.append((number, truth, guess))
    return rows


ROWS = _measurements()
PATIENTS = "id,arm,weight,score\n" + "".join(f"{a},{b},{c},{d}\n" for a, b, c, d in ROWS)
LABELS = "item,truth,guess\n" + "".join(f"{a},{b},{c}\n" for a, b, c in _labels())
SITES = "id,site\n" + "".join(f"{a},{('Lund', 'Graz', 'Porto')[a % 3]}\n" for a, *_ in ROWS)
JSON_SCORES = '{\n  "trial": "T-17",\n  "scores": [' + ", ".join(str(row[3]) for row in ROWS) + "]\n}\n"
JSON_LINES = "".join(f'{{"id": {a}, "arm": "{b}", "score": {d}}}\n' for a, b, _, d in ROWS)
PROSE = "\n".join(
    [
        "The harbour keeper wrote down every boat that came in with the tide.",
        "On the first evening a boat with a torn sail came in, and on the second none.",
        "When the storm was over the keeper counted the boats again and found one boat fewer.",
        "He walked along the quay, asked every crew, and wrote that the missing boat had left before dawn.",
        "A boat is easily lost in fog, he said, but never in a ledger.",
        "The ledger lies in the tower today, and each boat in it has a line of its own.",
        "Visitors read the lines aloud, and children look for the boat with the torn sail.",
    ]
) + "\n"  # fmt: skip

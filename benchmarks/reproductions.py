"""What becomes of honest and dishonest reproductions on the sealed sandbox, and whether it hangs on the random draws.

    python -m benchmarks.reproductions [--seeds 10] [--only WORDS]

Each case has origins and another person's approval, so that nothing but the examination stands between it and
VERIFIED. The draws of an examination follow from the hash of the artifact: with `--seeds` every case is examined
again with another comment at the end of its script, which changes the hash and nothing else.

The target: every honest case comes out as expected, and no dishonest one is VERIFIED but those that are known
limits and say so. Where it is missed the exit code is 1.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipelines.gates.artifact import Artifact
from pipelines.gates.reproduction import reproduce
from pipelines.gates.sandbox import open_sandbox
from pipelines.gates.seal import Sandbox
from pipelines.models import AttemptOutcome
from tests.gates.reproductions.cases import APPROVAL, Case, claim_saying
from tests.gates.reproductions.dishonest import DISHONEST
from tests.gates.reproductions.dishonest_families import DISHONEST_FAMILIES
from tests.gates.reproductions.honest import HONEST
from tests.gates.reproductions.honest_families import HONEST_FAMILIES
from tests.gates.reproductions.loose_keys import LOOSE_KEYS

CASES: dict[str, tuple[Case, ...]] = {
    "honest": (*HONEST, *HONEST_FAMILIES),
    "dishonest": (*DISHONEST, *LOOSE_KEYS, *DISHONEST_FAMILIES),
}


@dataclass(frozen=True)
class Row:
    """What came of one case with one seed."""

    case: Case
    kind: str
    outcome: AttemptOutcome
    rule: str
    runs: int
    seconds: float

    @property
    def missed(self) -> bool:
        if self.kind == "honest":
            return self.outcome is not self.case.expected
        return self.outcome is AttemptOutcome.VERIFIED and self.case.not_caught is None

    @property
    def note(self) -> str:
        if self.missed:
            return "MISSED"
        if self.case.not_caught is not None:
            return "known limit" if self.outcome is AttemptOutcome.VERIFIED else "known limit, caught here"
        return "" if self.outcome is self.case.expected else "not missed, but otherwise than expected"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seeds", type=int, default=1, help="how often each case is examined (default: once)")
    parser.add_argument("--only", default="", help="cases whose name holds these words")
    asked = parser.parse_args(arguments)
    sandbox = open_sandbox(os.environ)
    if not sandbox.authority:
        print("There is no sandbox here, so nothing was run: see `claimgate doctor`.")
        return 1
    rows: list[Row] = []
    print("| case | kind | expected | outcome | rule | runs | seconds | |\n|---|---|---|---|---|---|---|---|")
    for kind, cases in CASES.items():
        for case in cases:
            if asked.only in case.name:
                of_case = [_examined(case, kind, seed, sandbox) for seed in range(max(1, asked.seeds))]
                _print(of_case)
                rows += of_case
    return _concluded(rows)


def _examined(case: Case, kind: str, seed: int, sandbox: Sandbox) -> Row:
    began = time.perf_counter()
    attempt = reproduce(_with_comment(case.artifact(), seed), claim_saying(case.claim), APPROVAL, sandbox)
    rule = attempt.faults[0].rule if attempt.faults else ""
    return Row(case, kind, attempt.outcome, rule, len(attempt.steps), time.perf_counter() - began)


def _with_comment(artifact: Artifact, seed: int) -> Artifact:
    """The same artifact with other draws; seed 0: as it is."""
    entry = artifact.manifest.entry
    comment = f"\n# {seed}\n".encode() if seed else b""
    return artifact.model_copy(update={"files": {**artifact.files, entry: artifact.files[entry] + comment}})


def _print(rows: Sequence[Row]) -> None:
    """One line for each way in which a case came out."""
    for outcome, rule, note in dict.fromkeys((row.outcome, row.rule, row.note) for row in rows):
        alike = [row for row in rows if (row.outcome, row.rule) == (outcome, rule)]
        share = f"{outcome}, {len(alike)} of {len(rows)}" if len(rows) > 1 else str(outcome)
        runs = sum(row.runs for row in alike) / len(alike)
        seconds = sum(row.seconds for row in alike) / len(alike)
        first = alike[0]
        print(
            f"| {first.case.name} | {first.kind} | {first.case.expected} | {share} | {rule} | {runs:.0f} | "
            f"{seconds:.2f} | {note} |",
            flush=True,
        )


def _concluded(rows: Sequence[Row]) -> int:
    print()
    for kind in CASES:
        of_kind = [row for row in rows if row.kind == kind]
        counts = Counter(str(row.outcome) for row in of_kind)
        print(f"{kind}: {len(of_kind)} examined: {', '.join(f'{n} {name}' for name, n in sorted(counts.items()))}")
    runs, seconds = sum(row.runs for row in rows), sum(row.seconds for row in rows)
    print(f"{runs} sealed runs, {seconds:.1f} s, {seconds / max(runs, 1):.3f} s a run")
    print(f"outcome hangs on the draws: {_named(_varying(rows))}")
    print(f"known limits, VERIFIED: {_named(row.case.name for row in rows if row.note == 'known limit')}")
    missed = [row for row in rows if row.missed]
    print(f"target missed: {_named(row.case.name for row in missed)}")
    return 1 if missed or not rows else 0


def _varying(rows: Iterable[Row]) -> list[str]:
    outcomes: dict[str, set[AttemptOutcome]] = {}
    for row in rows:
        outcomes.setdefault(row.case.name, set()).add(row.outcome)
    return [name for name, found in outcomes.items() if len(found) > 1]


def _named(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(names)) or "none"


if __name__ == "__main__":
    sys.exit(main())

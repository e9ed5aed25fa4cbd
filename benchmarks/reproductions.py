"""What becomes of honest and dishonest reproductions on the sealed sandbox, and how long each takes.

    python -m benchmarks.reproductions

Each has origins and another person's approval, so that nothing but the examination stands between it and VERIFIED.
"""

from __future__ import annotations

import os
import time

from pipelines.gates.reproduction import reproduce
from pipelines.gates.sandbox import open_sandbox
from tests.gates.reproductions.cases import APPROVAL, claim_saying
from tests.gates.reproductions.dishonest import DISHONEST
from tests.gates.reproductions.honest import HONEST


def main() -> None:
    sandbox = open_sandbox(os.environ)
    runs, began = 0, time.perf_counter()
    for title, cases in (("honest", HONEST), ("dishonest", DISHONEST)):
        print(f"| {title} | outcome | reason | runs | seconds |\n|---|---|---|---|---|")
        for case in cases:
            start = time.perf_counter()
            attempt = reproduce(case.artifact(), claim_saying(case.claim), APPROVAL, sandbox)
            seconds = time.perf_counter() - start
            runs += len(attempt.steps)
            why = attempt.faults[0].rule if attempt.faults else attempt.reason.rpartition(": ")[2]
            as_expected = "" if attempt.outcome is case.expected else f" (expected {case.expected})"
            print(f"| {case.name} | {attempt.outcome}{as_expected} | {why} | {len(attempt.steps)} | {seconds:.2f} |")
        print()
    seconds = time.perf_counter() - began
    cases = len(HONEST) + len(DISHONEST)
    print(f"{cases} reproductions, {runs} sealed runs, {seconds:.1f} s, {seconds / runs:.3f} s a run")


if __name__ == "__main__":
    main()

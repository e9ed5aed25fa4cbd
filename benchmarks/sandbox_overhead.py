"""What sealing costs: milliseconds of a small script run bare and sealed, in turns, so that both meet the same load.

python benchmarks/sandbox_overhead.py [--runs 40]
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from pipelines.gates.sandbox import SealedSandbox, open_sandbox
from pipelines.gates.seal import Job

SCRIPT = b"print(42)\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=40)
    runs = parser.parse_args().runs
    values = {name: value for name, value in os.environ.items() if name.startswith("CLAIMGATE_SANDBOX_")}
    began = time.perf_counter()
    sandbox = open_sandbox(values)
    print(f"opened in {time.perf_counter() - began:.2f} s: level {sandbox.seal.level}, {sandbox.seal.sandbox}")
    ungrouped = SealedSandbox(replace(sandbox.sealing, groups=None), sandbox.folders, "without a cgroup")
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "a.py")
        script.write_bytes(SCRIPT)
        ways: dict[str, Callable[[], bytes]] = {
            "bare": lambda: (
                subprocess.run([sys.executable, "-I", "-B", script], capture_output=True, check=True).stdout
            ),
            "sealed": lambda: _sealed(sandbox),
            "sealed, no cgroup": lambda: _sealed(ungrouped),
        }
        taken = _measure(ways, runs)
    for name, times in taken.items():
        over = statistics.median(times) - statistics.median(taken["bare"])
        print(
            f"{name:18} median {statistics.median(times):6.1f} ms   "
            f"p95 {sorted(times)[int(len(times) * 0.95)]:6.1f} ms   over bare {over:6.1f} ms   n={len(times)}"
        )


def _sealed(sandbox: SealedSandbox) -> bytes:
    ran = sandbox.run(Job(script="a.py", files={"a.py": SCRIPT}))
    if not ran.succeeded:
        raise SystemExit(f"the sealed run failed: {ran}")
    return ran.stdout


def _measure(ways: dict[str, Callable[[], bytes]], runs: int) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(runs):
        for name, way in ways.items():
            began = time.perf_counter()
            said = way()
            taken[name].append((time.perf_counter() - began) * 1e3)
            if said != b"42\n":
                raise SystemExit(f"{name} said {said!r}")
    return taken


if __name__ == "__main__":
    main()

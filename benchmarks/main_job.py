"""Measures the main job on this machine: `make run`'s command, fresh and again, and `claimgate --help`.

Prints medians over several runs, with peak memory. A demo warehouse of its own is made in a temporary
folder. Usage: .venv/bin/python benchmarks/main_job.py [--runs 3] [PATH... for the records instead of the sample]
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CLAIMGATE = str(Path(sys.executable).with_name("claimgate"))


def measured(arguments: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Seconds and peak resident megabytes of one command; its output is dropped."""
    before = time.perf_counter()
    process = subprocess.Popen(
        [CLAIMGATE, *arguments], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - before
    if status:
        raise SystemExit(f"claimgate {' '.join(arguments)} ended with status {os.waitstatus_to_exitcode(status)}")
    return seconds, usage.ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("paths", nargs="*")
    options = parser.parse_args()
    figures: dict[str, list[tuple[float, float]]] = {"--help": [], "first run": [], "second run": []}
    for _ in range(options.runs):
        with tempfile.TemporaryDirectory() as folder:
            environment = {**os.environ, "CLAIMGATE_WAREHOUSE": str(Path(folder) / "claimgate.duckdb")}
            figures["--help"].append(measured(["--help"], environment))
            figures["first run"].append(measured(["run", *options.paths], environment))
            figures["second run"].append(measured(["run", *options.paths], environment))
    print(f"{os.cpu_count()} cores, {options.runs} runs, median (minimum to maximum)")
    for name, rows in figures.items():
        seconds = [row[0] for row in rows]
        peak = max(row[1] for row in rows)
        print(
            f"{name:11s} {statistics.median(seconds):6.2f} s ({min(seconds):.2f} to {max(seconds):.2f}), "
            f"peak {peak:.0f} MB"
        )


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()

"""The features back end gives the same figures to the last bit in every process, whatever order its sets have."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
JUDGED = """
import json
from pathlib import Path
from pipelines.verification.backend import Regime, SourceText
from pipelines.verification.features_backend import default_backend

lines = Path("benchmarks/labels/ml-claims/train.jsonl").read_text(encoding="utf-8").splitlines()
backend = default_backend()
for line in lines[::8]:
    row = json.loads(line)
    source = SourceText(row["source"]["id"], row["source"]["title"], tuple(row["source"]["sentences"]))
    (one,) = backend.judge(row["claim"], [source], Regime.GIVEN)
    features = [sorted(quote.features.items()) for quote in one.quotes]
    print(one.verdict.value, one.confidence, one.probabilities, one.reason, features)
"""


def judged_with(seed: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", JUDGED], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_the_order_of_sets_changes_no_figure() -> None:
    one = judged_with("1")
    assert one.count("\n") > 50
    assert judged_with("2") == one

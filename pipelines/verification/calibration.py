"""Confidence: of verdicts like this one, the share that was right on labelled data.

Owns reading the shipped table, looking up a share in it and pooling shares so that they never fall
as the score rises. Does not belong here: measuring (`benchmarks/first_verification.py`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from pydantic import Field

from pipelines.models import ClaimVerdict, Model
from pipelines.verification.terms import DATA

CALIBRATION_FILE = DATA / "calibration-2026-11.json"


class CalibrationBin(Model):
    """Cases whose score is at least `from_score` (and below the next bin's), and how many were right."""

    from_score: float = Field(ge=0, le=1)
    cases: int = Field(ge=1)
    right: float = Field(ge=0, le=1)


class CalibrationTable(Model):
    """Shares right by verdict; `origin` names data, licence, date and number of cases."""

    calibration_id: str
    made_on: str
    made_by: str
    verifier_version: str
    origin: tuple[dict[str, str], ...]
    bins: dict[ClaimVerdict, tuple[CalibrationBin, ...]]

    def confidence(self, verdict: ClaimVerdict, score: float) -> float | None:
        """Share right among like cases; None where no case of that verdict was ever measured."""
        held = [b for b in self.bins.get(verdict, ()) if b.from_score <= score]
        first = self.bins.get(verdict, ())[:1]
        found = held[-1:] or list(first)
        return found[0].right if found else None


def pool_adjacent(shares: Sequence[tuple[float, int]], *, rising: bool) -> list[tuple[float, int]]:
    """Isotonic fit by pooling adjacent violators; (share, cases) in, as many pairs out."""
    sign = 1.0 if rising else -1.0
    blocks: list[tuple[float, int, int]] = []  # share, cases, how many inputs it stands for
    for share, cases in shares:
        blocks.append((share, cases, 1))
        while len(blocks) > 1 and sign * blocks[-2][0] > sign * blocks[-1][0]:
            (a, n, i), (b, m, j) = blocks[-2], blocks[-1]
            blocks[-2:] = [((a * n + b * m) / (n + m), n + m, i + j)]
    return [(share, cases) for share, cases, width in blocks for _ in range(width)]


@lru_cache(maxsize=2)
def load_calibration(path: Path = CALIBRATION_FILE) -> CalibrationTable:
    """The shipped table (or another file of the same form)."""
    return CalibrationTable.model_validate(json.loads(path.read_text(encoding="utf-8")))

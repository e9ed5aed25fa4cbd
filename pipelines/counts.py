"""Counts in words, and how sure a share of them is: what every stage says in the same way."""

from __future__ import annotations

import math

_Z = 1.959964  # of a 95 % interval


def counted(number: int, one: str, many: str = "") -> str:
    """`1 claim`, `2 claims`; `many` where the plural is not made with an s."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def wilson(share: float, cases: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927); a handful of cases says little, and this says how little.

    Raises ValueError for no cases.
    """
    if cases < 1:
        raise ValueError("no share was measured on no cases")
    shrunk = 1 + _Z * _Z / cases
    middle = (share + _Z * _Z / (2 * cases)) / shrunk
    half = _Z * math.sqrt(share * (1 - share) / cases + _Z * _Z / (4 * cases * cases)) / shrunk
    return max(0.0, middle - half), min(1.0, middle + half)

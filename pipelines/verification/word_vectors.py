"""Word vectors: stems that occur in like company lie near each other.

Owns the form of the shipped table and the look-up. It is made by `benchmarks/train_features.py` (positive pointwise
mutual information within a window, reduced by SVD; Levy and Goldberg, 2014). Does not belong here: what
nearness means for a claim (`features`). Opposites lie near each other too: nearness is never agreement.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipelines.verification.terms import DATA

VECTORS_FILE = DATA / "word-vectors-2026-11.npz"


@dataclass(frozen=True, eq=False)
class WordVectors:
    """`table` is (stems, dimensions) of float32, rows of length one; `place` is the row of a stem."""

    vectors_id: str
    place: Mapping[str, int] = field(repr=False)
    table: NDArray[np.float32] = field(repr=False)

    def of(self, stems: Sequence[str]) -> NDArray[np.float32]:
        """(len(stems), dimensions); every stem must be known."""
        return self.table[[self.place[stem] for stem in stems]]


@lru_cache(maxsize=2)
def load_vectors(path: Path = VECTORS_FILE) -> WordVectors:
    """The shipped table: whole numbers from -127 to 127, scaled back to rows of length one."""
    with np.load(path, allow_pickle=False) as held:
        stems = str(held["stems"]).split("\n")
        table = held["vectors"].astype(np.float32)
        vectors_id = str(held["vectors_id"])
    lengths = np.linalg.norm(table, axis=1, keepdims=True)
    return WordVectors(vectors_id, {stem: i for i, stem in enumerate(stems)}, table / np.maximum(lengths, 1e-6))

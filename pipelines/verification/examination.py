"""A claim held against sources: the feature table of each, in the order in which the models need it.

Owns the steps that fitting and judging share: sentences are described, scored by the model of nearness, and the
best of them describe the source. Does not belong here: the features themselves (`features`), what follows from
the models' answers (`features_backend`), fitting (`fitting`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from pipelines.verification.closer_look import CloserLook, look_closer
from pipelines.verification.features import (
    SENTENCE_FEATURES,
    encoder_features,
    evidence_features,
    position_features,
    sentence_features,
    stance_features,
)
from pipelines.verification.profiles import Floats, Profile, SourceProfile

# Pairs of sentences whose cosines tell one encoder from another, whatever file it comes in.
PROBES = (
    ("The drug lowered blood pressure in adults.", "Blood pressure fell in grown patients who took the medicine."),
    ("The drug lowered blood pressure in adults.", "The drug raised blood pressure in adults."),
    ("A larger model needs fewer steps.", "Training takes less time when there are more parameters."),
    ("A larger model needs fewer steps.", "The bridge was closed for repairs in the spring."),
)


class Encoder(Protocol):
    """What is needed of a sentence encoder: float32 rows of length one."""

    @property
    def version(self) -> str: ...

    def encode(self, sentences: Sequence[str]) -> NDArray[np.float32]: ...


def probe(encoder: Encoder) -> tuple[float, ...]:
    """The cosine of each of `PROBES`."""
    rows = encoder.encode([sentence for pair in PROBES for sentence in pair])
    return tuple(round(float(one @ other), 4) for one, other in zip(rows[::2], rows[1::2], strict=True))


@dataclass(frozen=True)
class EncodedPair:
    """Cosines of a sentence encoder: of the claim with each sentence, and with the title."""

    sentences: Floats
    title: float


@dataclass(frozen=True, eq=False)
class Pair:
    """A claim and one source with at least one sentence; `table` is (sentences, features)."""

    claim: Profile
    source: SourceProfile
    table: Floats
    encoded: EncodedPair | None = None

    @property
    def quoting_table(self) -> Floats:
        return np.concatenate([self.table, position_features(len(self.table))], axis=1)

    def evidence_row(self, scores: Floats) -> Floats:
        row = evidence_features(self.claim, self.source, self.table[:, : len(SENTENCE_FEATURES)], scores)
        if self.encoded is None:
            return row
        cosines = self.encoded.sentences
        extra = [cosines[int(np.argmax(scores))], cosines.max(), self.encoded.title]
        return np.concatenate([row, np.array(extra)])

    def stance_row(self, scores: Floats) -> tuple[Floats, Sequence[tuple[int, Floats]]]:
        return stance_features(self.claim, self.source, self.table, scores)

    def closer_look(self, scores: Floats) -> CloserLook:
        return look_closer(self.claim, self.source, int(np.argmax(scores)))


ENCODER_EVIDENCE_FEATURES = ("best: encoder cosine", "most: encoder cosine", "title: encoder cosine")


def pair_of(claim: Profile, source: SourceProfile, encoded: EncodedPair | None = None) -> Pair:
    table = sentence_features(claim, source)
    if encoded is not None:
        table = np.concatenate([table, encoder_features(encoded.sentences)], axis=1)
    return Pair(claim, source, table, encoded)

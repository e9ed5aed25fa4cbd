"""A claim of the words it is given, and a sentence quoted out of a passage, for tests of any package."""

from __future__ import annotations

from typing import Any

from pipelines.extraction.quantities import quantities_of
from pipelines.models import Claim, ClaimKind, ClaimOrigin, Evidence, Stance


def claim_saying(text: str, ordinal: int = 1, start: int = 0, **changed: Any) -> Claim:
    """An empirical claim out of prose that stands at `start` of its record."""
    made: dict[str, Any] = {
        "claim_id": f"claim-{ordinal}",
        "ordinal": ordinal,
        "text": text,
        "start": start,
        "end": start + len(text),
        "normalised": text,
        "origin": ClaimOrigin.EXTRACTED,
        "kind": ClaimKind.EMPIRICAL,
    }
    return Claim(**made | changed)


def claim_of_quantities(text: str, **changed: Any) -> Claim:
    """With the quantities that extraction reads in it."""
    return claim_saying(text, quantities=quantities_of(text), **changed)


def quoted(sentence: str, passage: str, passage_id: str, source_id: str, stance: Stance, **changed: Any) -> Evidence:
    """The sentence where it stands in the passage, as evidence."""
    start = passage.index(sentence)
    made: dict[str, Any] = {
        "passage_id": passage_id,
        "source_id": source_id,
        "stance": stance,
        "score": 0.9,
        "start": start,
        "end": start + len(sentence),
        "text": sentence,
    }
    return Evidence(**made | changed)

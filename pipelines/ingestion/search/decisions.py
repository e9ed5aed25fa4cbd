"""What is decided about each hit of a search, stage by stage: the rows that PRISMA counts are made of.

Belongs here: the vocabulary of decisions. Does not belong here: how they are reached (deduplication.py,
screening.py) or counted (prisma.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pipelines.models import Work


class Stage(StrEnum):
    """The boxes of a PRISMA 2020 flow diagram in which something can be left out."""

    IDENTIFICATION = "identification"  # one row a hit
    SCREENING = "screening"  # one row a work, judged by title and abstract
    RETRIEVAL = "retrieval"  # one row a work whose text was sought
    ASSESSMENT = "assessment"  # one row a work whose text was had


class Outcome(StrEnum):
    KEPT = "kept"  # goes on to the next stage; from the last one it is included
    DUPLICATE = "duplicate"
    EXCLUDED = "excluded"
    NOT_RETRIEVED = "not retrieved"


class Reason(StrEnum):
    SAME_IDENTIFIER = "same identifier"  # of a duplicate
    SAME_TITLE = "same title, authors and year"  # of a duplicate
    NO_TEXT = "no text could be had"
    RETRACTED = "retracted"
    WITHDRAWN = "withdrawn"
    NOTICE = "an editorial notice, not a study"
    OFF_QUESTION = "relevance to the question below the cut"
    BEYOND_LIMIT = "relevant, but beyond the number of works that are read"


@dataclass(frozen=True)
class AskedIndex:
    """One index that was asked, with what, and how many works it named; `fault` where it said nothing."""

    index: str
    query: str
    found: int
    fault: str | None = None


@dataclass(frozen=True)
class Hit:
    """A work as one index named it; `rank` is 1-based, its place in that index's answer."""

    index: str
    rank: int
    work: Work


@dataclass(frozen=True)
class Decision:
    """One row. `score` is the relevance, None where none was measured; `duplicate_of` a source id."""

    work: Work
    stage: Stage
    outcome: Outcome
    reason: Reason | None = None
    score: float | None = None
    duplicate_of: str | None = None
    index: str | None = None  # of a hit: the index that named it

"""The longer SQL statements, each in a file of its own under sql/<stage>/, and the keys they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

ROOM = Path(__file__).resolve().parent / "sql"


@cache
def statement(name: str) -> str:
    """The text of `sql/<name>.sql`, for instance `verification/claims_to_check`."""
    return (ROOM / f"{name}.sql").read_text(encoding="utf-8")


def batched(keys: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """The keys in their order, so many at a time: a statement holds in memory what it ranks."""
    return (keys[start : start + size] for start in range(0, len(keys), size))

"""Rows held as they were read: each is parsed when it is asked for, and every time.

As objects the verdicts, reviews and scans of a record take five times what their rows take: of some hundred records
that are read together and worked on one after the other, one is to be objects at a time. Whoever asks for each more
than once makes a `dict` of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

Held = TypeVar("Held")


class AsRead(Mapping[str, Held]):
    """Key to what `parse` makes of its row."""

    def __init__(self, rows: Mapping[str, Any], parse: Callable[[Any], Held]) -> None:
        self._rows, self._parse = rows, parse

    def __getitem__(self, key: str) -> Held:
        return self._parse(self._rows[key])

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

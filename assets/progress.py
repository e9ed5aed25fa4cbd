"""How a run says how far it is: log records that a command line may turn into bars.

Each record's `progress` attribute is a `Progress`. Nothing here prints.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

LOGGER = logging.getLogger("claimgate.progress")
LOGGER.propagate = False

Item = TypeVar("Item")


@dataclass(frozen=True)
class Progress:
    stage: str
    done: int
    total: int


def say(stage: str, done: int, total: int) -> None:
    LOGGER.info("%s %d/%d", stage, done, total, extra={"progress": Progress(stage, done, total)})


def reporting(stage: str) -> Callable[[int, int], None]:
    """For work that counts itself: to be called with how much is done, and of how much."""
    return lambda done, total: say(stage, done, total)


def following(stage: str, items: Sequence[Item]) -> Iterator[Item]:
    """The items, saying before the first and after each how many are done."""
    return counting(stage, items, len(items))


def counting(stage: str, items: Iterable[Item], total: int) -> Iterator[Item]:
    """The same for items that come one by one, of which there are `total`."""
    say(stage, 0, total)
    for done, item in enumerate(items, start=1):
        yield item
        say(stage, done, total)

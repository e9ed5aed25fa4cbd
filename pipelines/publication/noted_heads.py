"""Hashes that somebody noted earlier, held against the log of today.

A chain by itself cannot show that its end was cut off, or that all of it was written anew with new hashes. A hash
that was noted elsewhere shows both: it must still be on the chain. Belongs here: the search for a noted hash among
events and among the heads of all records at earlier times. Does not belong here: reading logs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC

from pipelines.publication.correction_log import CheckedLog, Head, LogBreak, hash_of_lines, head_line

_HASH = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class Noted:
    """A hash, and the record whose newest it was; None: of any record, or of all together."""

    record_id: str | None
    hash: str


def noted(text: str) -> Noted:
    """`HASH` or `RECORD=HASH`. Raises ValueError where it is neither."""
    record_id, equals, found = text.strip().rpartition("=")
    if not _HASH.fullmatch(found) or (equals and not record_id) or not record_id.isprintable():
        raise ValueError(
            "A noted head is 64 hex digits in lower case, as pages and corrections.json print it, or RECORD=HASH"
        )
    return Noted(record_id or None, found)


def missing(one: Noted, logs: Sequence[CheckedLog]) -> LogBreak | None:
    """What the logs say of a noted hash: None where it is on one of their chains, before any break."""
    of_record = [log for log in logs if one.record_id in (None, log.record_id)]
    if any(found == one.hash for log in of_record for _, found in log.sound):
        return None
    if one.record_id is None and any(found == one.hash for found in _heads_of_all(logs)):
        return None
    what = f"the noted head {one.hash} is not on the chain: its end was cut off, or it was written anew"
    if len(of_record) == 1:
        (log,) = of_record
        return LogBreak(log.record_id, len(log.sound) + 1, None, what)
    if one.record_id is not None:
        return LogBreak(one.record_id, 1, None, f"no correction of it is held, and the head {one.hash} was noted")
    return LogBreak(None, None, None, f"the noted head {one.hash} is on no chain and was never that of all together")


def _heads_of_all(logs: Sequence[CheckedLog]) -> Iterator[str]:
    """The hash over the heads of all records at each time at which an event was recorded, oldest first.

    A run records all of its events at one time, so these are the hashes that were published, unless two runs wrote
    at once.
    """
    steps = sorted(step for log in logs for step in _steps(log))
    lines: dict[str, bytes] = {}
    for place, (moment, record_id, count, found) in enumerate(steps):
        lines[record_id] = head_line(Head(record_id=record_id, count=count, hash=found))
        if place + 1 == len(steps) or steps[place + 1][0] != moment:
            yield hash_of_lines(line for _, line in sorted(lines.items()))


def _steps(log: CheckedLog) -> Iterator[tuple[str, str, int, str]]:
    latest = ""
    for count, (moment, found) in enumerate(log.sound, start=1):
        # A clock that was set back does not take an event out of a log that went on.
        latest = max(latest, moment.astimezone(UTC).isoformat(timespec="microseconds"))
        yield latest, log.record_id or "", count, found

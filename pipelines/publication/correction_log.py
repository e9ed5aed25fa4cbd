"""The correction log as it is published: a file of each record's events, and one file of all newest hashes.

Belongs here: the bytes of both files, and what is wrong with such bytes when somebody brings them back. Does not
belong here: when an event is due and how it is hashed (corrections), whether events agree with the public states
held (correction_replay). Both files are canonical, one log has one form: a changed byte is found wherever it stands.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import ConfigDict, Field, ValidationError

from pipelines.models import Correction, Model
from pipelines.publication.corrections import canonical, correction_content, verify_chain
from pipelines.publication.manifest import manifest_bytes

HEADS = "corrections.json"
_EMPTY = "the file is empty; a log is published only where there is a correction"


class Head(Model):
    """How far the log of a record goes: how many events it has, and the hash of the newest."""

    record_id: str
    count: int
    hash: str


class Heads(Model):
    """The file of all heads, by record id. A record that was never corrected has none."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    contract: Literal["claimgate-correction-heads-v1"] = Field("claimgate-correction-heads-v1", alias="schema")
    head_of_all: str
    records: tuple[Head, ...]


@dataclass(frozen=True)
class LogBreak:
    """The first place at which the log of a record does not hold."""

    record_id: str | None  # None: it is not about one record, or none can be named
    sequence: int | None  # the place in the record's log, from 1 on; None: it has no place
    correction_id: str | None  # the event that stands there; None: it is missing or cannot be read
    what: str


@dataclass(frozen=True)
class CheckedLog:
    """The log of a record after it was held against its own hashes."""

    record_id: str | None  # None: no event of it could be read
    events: tuple[tuple[datetime, str], ...]  # time of recording and hash of each that could be read
    broken: LogBreak | None

    @property
    def sound(self) -> tuple[tuple[datetime, str], ...]:
        """The events before the break; all of them where there is none."""
        if self.broken is None or self.broken.sequence is None:
            return self.events
        return self.events[: self.broken.sequence - 1]

    @property
    def head(self) -> str | None:
        return self.events[-1][1] if self.events else None


def checked_log(record_id: str | None, corrections: Sequence[Correction], stopped: LogBreak | None) -> CheckedLog:
    """A log of these events; `stopped` is what came after them and is no event of it."""
    found = verify_chain(corrections)
    broken = stopped if found is None else LogBreak(record_id, found.position + 1, found.correction_id, found.what)
    return CheckedLog(record_id, tuple((one.recorded_at, one.hash) for one in corrections), broken)


# --- the file of a record -----------------------------------------------------------------------


def log_bytes(corrections: Iterable[Correction]) -> bytes:
    """A record's events, oldest first: one canonical JSON object a line, every line ended."""
    return b"".join(_line(one) for one in corrections)


def _line(event: Correction) -> bytes:
    fields = correction_content(event) | {"previous_hash": event.previous_hash, "hash": event.hash}
    return f"{canonical(fields)}\n".encode("ascii")


def check_log(data: bytes) -> CheckedLog:
    """The log in the bytes of a published file, with its first line that does not hold."""
    *ended, rest = data.split(b"\n")
    lines = [line + b"\n" for line in ended] + ([rest] if rest else [])
    events: list[Correction] = []
    why = None if lines else _EMPTY
    for line in lines:
        event = _event(line)
        if isinstance(event, str):
            why = event
            break
        events.append(event)
    record_id = events[0].correction_id.rpartition("#")[0] if events else None
    return checked_log(record_id, events, LogBreak(record_id, len(events) + 1, None, why) if why else None)


def _event(line: bytes) -> Correction | str:
    """The event of a line, or why it is none."""
    try:
        event = Correction.model_validate(json.loads(line.decode("ascii")))
        made_again = _line(event)
        event.correction_id.encode("utf-8")  # half a surrogate pair could not be printed
    except ValidationError as fault:  # before ValueError, which it is
        return f"the line is no correction: {fault.error_count()} faults in its fields"
    except (ValueError, RecursionError, OverflowError):  # OverflowError: a time before the year 1 in UTC
        return "the line cannot be read as JSON"
    return event if made_again == line else "the line is not in canonical form: its bytes were changed"


# --- the file of all heads ----------------------------------------------------------------------


def head_of_all(heads: Iterable[Head]) -> str:
    """One hash over all heads, by record id: whoever noted it has noted every log."""
    return hash_of_lines(head_line(one) for one in sorted(heads, key=lambda one: one.record_id))


def head_line(head: Head) -> bytes:
    return f"{canonical([head.record_id, head.count, head.hash])}\n".encode("ascii")


def hash_of_lines(lines: Iterable[bytes]) -> str:
    return hashlib.sha256(b"".join(lines)).hexdigest()


def heads_bytes(heads: Iterable[Head]) -> bytes:
    ordered = tuple(sorted(heads, key=lambda one: one.record_id))
    return _bytes(Heads(head_of_all=head_of_all(ordered), records=ordered))


def _bytes(heads: Heads) -> bytes:
    return manifest_bytes(heads.model_dump(mode="json", by_alias=True))


def read_heads(data: bytes) -> Heads | None:
    """The heads that such a file lists; None where it is not in the form in which it was written."""
    try:
        heads = Heads.model_validate(json.loads(data.decode("utf-8")))
        "".join(one.record_id for one in heads.records).encode("utf-8")  # as above
        return heads if _bytes(heads) == data else None
    except (ValueError, RecursionError):
        return None


def check_heads(data: bytes, log_of: Callable[[str], bytes | None]) -> tuple[tuple[CheckedLog, ...], LogBreak | None]:
    """Every log that the file of heads lists, and what is wrong with that file itself.

    `log_of` gives the bytes of a record's file, None where there is none.
    """
    heads = read_heads(data)
    if heads is None:
        return (), LogBreak(None, None, None, "the file of heads is not in its canonical form: its bytes were changed")
    wrong = None
    if heads.head_of_all != head_of_all(heads.records):
        wrong = LogBreak(None, None, None, "head_of_all is not the hash of the heads that are listed")
    return tuple(_as_listed(head, log_of(head.record_id)) for head in heads.records), wrong


def _as_listed(head: Head, data: bytes | None) -> CheckedLog:
    if data is None:
        return CheckedLog(head.record_id, (), LogBreak(head.record_id, 1, None, "the file of its corrections is gone"))
    log = check_log(data)
    what = None
    if log.broken is None and log.record_id != head.record_id:
        what = "its file holds the corrections of another record"
    elif log.broken is None and (len(log.events), log.head) != (head.count, head.hash):
        what = f"its file ends at event {len(log.events)}, the file of heads says {head.count} with another newest hash"
    broken = LogBreak(head.record_id, len(log.events) + 1, None, what) if what else log.broken
    return CheckedLog(head.record_id, log.events, broken)

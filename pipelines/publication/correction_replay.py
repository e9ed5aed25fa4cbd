"""The public states of a record, followed from the first by its corrections.

Hashes show that no event was rewritten; this shows that no public state changed without an event, and that no event
tells of a change that never was. Belongs here: the comparison. Does not belong here: where both are stored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.models import Correction
from pipelines.publication.correction_log import LogBreak
from pipelines.publication.corrections import canonical

Fields = dict[tuple[str, str], str]  # kind and name to the canonical JSON of the value


@dataclass(frozen=True)
class StateHeld:
    """A public state as it was published."""

    state_id: str
    state: Mapping[str, Any]


def disagreement(
    record_id: str, states: Sequence[StateHeld], events: Sequence[tuple[str, Correction]]
) -> LogBreak | None:
    """The first place at which states and events, both oldest first, do not tell the same; None if they agree.

    Each event comes with the id of the public state that it led to. The first state has no event.
    """
    if not states:
        none = "no public state of the record is held that could have been corrected"
        return LogBreak(record_id, 1, events[0][1].correction_id, none) if events else None
    fields, done = _fields(states[0].state), 0
    for held in states[1:]:
        while done < len(events) and events[done][0] == held.state_id:
            what = _apply(events[done][1], fields)
            if what:
                return LogBreak(record_id, done + 1, events[done][1].correction_id, what)
            done += 1
        differing = _differing(fields, _fields(held.state))
        if differing:
            so_far = f"the public state held differs from what the corrections up to here say: {differing}"
            return LogBreak(record_id, done + 1, None, so_far)
    if done < len(events):
        lost = "it tells of a public state that is not held"
        return LogBreak(record_id, done + 1, events[done][1].correction_id, lost)
    return None


def _fields(state: Mapping[str, Any]) -> Fields:
    return {(kind, name): canonical(value) for kind, values in state.items() for name, value in values.items()}


def _apply(event: Correction, fields: Fields) -> str | None:
    """Carry the change out; what is wrong where it does not start from `fields`."""
    for name in sorted(event.before.keys() | event.after.keys()):
        before = canonical(event.before[name]) if name in event.before else None
        if fields.get((event.kind, name)) != before:
            return f"before: '{name}' is not what the public state before held"
    for name in event.before:
        del fields[event.kind, name]
    fields.update(((event.kind, name), canonical(value)) for name, value in event.after.items())
    return None


def _differing(told: Fields, held: Fields) -> str:
    names = sorted(key for key in told.keys() | held.keys() if told.get(key) != held.get(key))
    listed = ", ".join(f"{kind} '{name}'" for kind, name in names[:3])
    return f"{listed} and {len(names) - 3} more" if len(names) > 3 else listed

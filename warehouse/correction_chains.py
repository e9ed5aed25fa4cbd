"""The correction logs held: each read event by event, against its hashes, its columns and the public states."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import duckdb

from pipelines.models import Correction
from pipelines.publication.correction_log import CheckedLog, Head, LogBreak, checked_log
from pipelines.publication.correction_replay import StateHeld, disagreement
from pipelines.publication.corrections import correction_hash
from warehouse.append import Row
from warehouse.connection import Warehouse
from warehouse.public_states import state_fingerprint, state_id_of
from warehouse.statements import statement

AT_ONCE = 1_000  # records whose states are in memory together: a state grows with its record

_COPIES = ("correction_id", "sequence", "kind", "previous_hash", "hash")


def correction_heads(warehouse: Warehouse) -> tuple[Head, ...]:
    """How far the log of each corrected record goes."""
    with warehouse.read() as connection:
        return tuple(Head.model_validate(row) for row in _rows(connection, "correction_heads"))


def checked_logs(warehouse: Warehouse, record_ids: Sequence[str] | None = None) -> Iterator[CheckedLog]:
    """The log of each record, checked; `record_ids` None: of every record that was ever published."""
    if record_ids is None:
        with warehouse.read() as connection:
            record_ids = [row["record_id"] for row in _rows(connection, "logged_records")]
    for start in range(0, len(record_ids), AT_ONCE):
        wanted = list(record_ids[start : start + AT_ONCE])
        with warehouse.read() as connection:  # one connection: a log and its states are of one moment
            corrections = _by_record(_rows(connection, "logged_corrections", wanted))
            states = _by_record(_rows(connection, "logged_states", wanted))
        for record_id in wanted:
            yield _checked(record_id, corrections.get(record_id, []), states.get(record_id, []))


def stored_log(record_id: str, rows: Sequence[Row]) -> tuple[CheckedLog, tuple[Correction, ...]]:
    """The log in rows of the table, by its hashes and columns alone, and the events up to one that is none."""
    events: list[Correction] = []
    stopped = None
    for place, row in enumerate(rows, start=1):
        event = _event(row)
        what = event if isinstance(event, str) else _misfiled(event, record_id, row)
        if isinstance(event, str) or what:
            stopped = LogBreak(record_id, place, row["correction_id"], str(what))
            break
        events.append(event)
    return checked_log(record_id, events, stopped), tuple(events)


def _event(row: Row) -> Correction | str:
    try:
        event = Correction.model_validate_json(row["correction"] or "")
        correction_hash(event)
    except (ValueError, RecursionError, OverflowError):
        return "not readable as a correction"
    return event


def _misfiled(event: Correction, record_id: str, row: Row) -> str | None:
    """What is wrong with the columns beside an event: its hash does not cover them, they are copies."""
    if event.correction_id.rpartition("#")[0] != record_id:
        return "filed under another record"
    differing = [name for name in _COPIES if row[name] != getattr(event, name)]
    return f"its columns do not say what the event says: {', '.join(differing)}" if differing else None


def _checked(record_id: str, corrections: Sequence[Row], states: Sequence[Row]) -> CheckedLog:
    log, events = stored_log(record_id, corrections)
    if log.broken is not None:
        return log
    ordered = _in_order(record_id, states)
    if isinstance(ordered, LogBreak):
        return CheckedLog(record_id, log.events, ordered)
    led_to = [(row["state_id"], event) for row, event in zip(corrections, events, strict=True)]
    if any(row["withdrawn"] for row in states):
        return CheckedLog(record_id, log.events, _out_of_place(record_id, [one.state_id for one in ordered], led_to))
    return CheckedLog(record_id, log.events, disagreement(record_id, ordered, led_to))


def _out_of_place(
    record_id: str, state_ids: Sequence[str], led_to: Sequence[tuple[str, Correction]]
) -> LogBreak | None:
    """The first event that leads to no later state than the one before; all that is left to ask of erased states."""
    place = 0
    for sequence, (state_id, event) in enumerate(led_to, start=1):
        if state_id not in state_ids[max(place, 1) :]:
            lost = "it tells of a public state that is not held"
            return LogBreak(record_id, sequence, event.correction_id, lost)
        place = state_ids.index(state_id)
    return None


def _in_order(record_id: str, rows: Sequence[Row]) -> list[StateHeld] | LogBreak:
    """The public states from the first to the last; a break where one is not what its id was made of."""
    after: dict[str | None, list[Row]] = {}
    for row in rows:
        after.setdefault(row["previous_id"], []).append(row)
    ordered: list[StateHeld] = []
    while len(found := after.get(ordered[-1].state_id if ordered else None, [])) == 1:
        state = _state(record_id, found[0])
        if state is None or len(ordered) == len(rows):
            what = f"the public state {found[0]['state_id']} is not what its id was made of: it was rewritten"
            return LogBreak(record_id, None, None, what)
        ordered.append(state)
    if len(ordered) < len(rows):
        last = f"after {ordered[-1].state_id}" if ordered else "at the first"
        return LogBreak(record_id, None, None, f"the public states are no chain: it breaks {last}")
    return ordered


def _state(record_id: str, row: Row) -> StateHeld | None:
    if row["withdrawn"] and row["state"] is None:  # its words are gone; its fingerprint is what its id was made of
        made_of = state_id_of(record_id, row["fingerprint"], row["previous_id"])
        return StateHeld(row["state_id"], {}) if made_of == row["state_id"] else None
    try:
        state = json.loads(row["state"])
        made_of = state_id_of(record_id, state_fingerprint(state), row["previous_id"])
    except (TypeError, ValueError, RecursionError):
        return None
    is_sound = (
        made_of == row["state_id"] and isinstance(state, dict) and all(isinstance(v, dict) for v in state.values())
    )
    return StateHeld(row["state_id"], state) if is_sound else None


def _by_record(rows: Sequence[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["record_id"], []).append(row)
    return found


def _rows(connection: duckdb.DuckDBPyConnection, name: str, record_ids: list[str] | None = None) -> list[Row]:
    values = {} if record_ids is None else {"record_ids": record_ids}
    cursor = connection.execute(statement(f"publication/{name}"), values)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

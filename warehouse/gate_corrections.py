"""A gate verdict and the correction it calls for, in one transaction: neither is ever held without the other.

Only records that were published before are corrected. The public state that was published is carried
on with the gate's fields replaced; level, tier and the rest follow when the record is published again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import duckdb

from pipelines.gates.facts import GateVerdict
from pipelines.models import Correction
from pipelines.publication.corrections import CorrectionKind, correction_events, gate_kind, gate_state
from warehouse.append import Row, Stamp, append
from warehouse.public_states import correction_row, last_corrections, latest_states, state_fingerprint, state_id_of


def correct_gates(
    connection: duckdb.DuckDBPyConnection, active_on: date, verdicts: Sequence[GateVerdict], stamp: Stamp
) -> int:
    """Append a public state and a correction for each verdict that changes what was published; how many events."""
    published = latest_states(connection, [one.record_id for one in verdicts])
    concerned = [one for one in verdicts if one.record_id in published]
    last = last_corrections(connection, [one.record_id for one in concerned])
    states: list[Row] = []
    corrections: list[Row] = []
    in_force = active_on <= stamp.recorded_at.date()
    for verdict in concerned:
        held = published[verdict.record_id]
        state, events = _corrected(json.loads(held["state"]), verdict, in_force, last.get(verdict.record_id), stamp)
        if events:
            row = _state_row(held, state, stamp)
            states.append(row)
            corrections.extend(correction_row(verdict.record_id, row["state_id"], event, stamp) for event in events)
    append(connection, "public_states", states, key="state_id")
    return append(connection, "corrections", corrections, key="correction_id")


def _corrected(
    before: dict[str, Any], verdict: GateVerdict, in_force: bool, last: Correction | None, stamp: Stamp
) -> tuple[dict[str, Any], tuple[Correction, ...]]:
    """The public state with this gate's fields replaced, and the events that this makes."""
    kind = gate_kind(result=verdict.result, outcome=verdict.outcome).value
    fields = gate_state(
        activation_id=verdict.activation_id,
        public_status=verdict.public_status,
        result=verdict.result,
        outcome=verdict.outcome,
        in_force=in_force,
        policy_version=verdict.policy_version,
    )
    held = before.get(kind, {})
    word = verdict.outcome or verdict.result
    # Only these fields can differ: looking at the rest of the state too took most of a back-fill.
    events = correction_events(
        {kind: {name: held[name] for name in fields if name in held}},
        {kind: fields},
        record_id=verdict.record_id,
        previous=last,
        why=f"evaluated under {verdict.activation_id}: {word.value if word else 'no result'}",
        recorded_at=stamp.recorded_at,
    )
    return before | {kind: held | fields}, events


def _state_row(held: Row, state: dict[str, Any], stamp: Stamp) -> Row:
    text = json.dumps(state, sort_keys=True, ensure_ascii=False)
    fingerprint = state_fingerprint(state)
    return held | {
        "state_id": state_id_of(held["record_id"], fingerprint, held["state_id"]),
        "fingerprint": fingerprint,
        "previous_id": held["state_id"],
        "state": text,
        "gate_status": _gate_2_status(state),
        "recorded_at": stamp.recorded_at,
        "run_id": stamp.run_id,
    }


def _gate_2_status(state: dict[str, Any]) -> str | None:
    """The status under the newest activation of gate 2 that is in force; ids end in the day they hold from."""
    gates = state.get(CorrectionKind.ARTIFACT.value, {})
    ids = [name.removeprefix("gate.").removesuffix(".in_force") for name in gates if name.endswith(".in_force")]
    in_force = [one for one in ids if one.startswith("gate-2@") and gates[f"gate.{one}.in_force"]]
    return gates[f"gate.{max(in_force)}.status"] if in_force else None

"""`claimgate activate` and `claimgate backfill`."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from claimgate.commands.run import conductor
from claimgate.errors import BadInput, Failure
from claimgate.output import err, how_called, out, print_json, progress_shown
from claimgate.place import export, place_of
from warehouse.gates import activations, outcome_counts
from warehouse.ingestion import cohorts
from warehouse.policies import superseded

if TYPE_CHECKING:
    from pipelines.gates.policy import GatePolicy


def parse_day(text: str) -> date:
    """A day written YYYY-MM-DD. Raises BadInput."""
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise BadInput(f"'{text}' is no day; write it as YYYY-MM-DD, for instance 2026-06-10.") from problem


def activate_gate(gate: str, *, on: str, policy: Path | None, demo: bool, as_json: bool) -> None:
    """Append an activation and its partition; what it would be evaluated over."""
    from warehouse.policies import activate_policy

    active_on = parse_day(on)
    chosen, text = _policy(gate if gate.startswith("gate-") else f"gate-{gate}", policy)
    place = place_of(demo=demo)
    house = place.require()
    try:
        activation, new = activate_policy(house, chosen, text, active_on=active_on, recorded_at=datetime.now(UTC))
    except ValueError as problem:
        raise BadInput(str(problem)) from problem
    with conductor(place):
        pass  # entering it adds the partition
    missing = list(cohorts(house))
    document = {
        "activation": activation.activation_id,
        "new": new,
        "policy_version": chosen.version,
        "cohorts": missing,
    }
    if as_json:
        print_json(document)
        return
    command = how_called() + (" --demo" if demo else "")
    state = "activated" if new else "was active already"
    out().print(f"{activation.activation_id} {state} (policy {chosen.version}).")
    out().print(
        f"Evaluate the cohorts {', '.join(missing) or '(none yet)'}: "
        f"{command} backfill {activation.activation_id}, or materialise gate_verdicts in the UI.",
        soft_wrap=True,
    )


def _policy(name: str, file: Path | None) -> tuple[GatePolicy, str]:
    """The policy of a file, else the newest shipped one of that gate, with its text. Raises BadInput."""
    from pipelines.gates.policy import InvalidPolicy, load_policy
    from warehouse.policies import shipped_policies

    if file is None:
        found = [(one, text) for one, text in shipped_policies() if one.gate == name]
        if not found:
            known = ", ".join(dict.fromkeys(one.gate for one, _ in shipped_policies()))
            raise BadInput(f"There is no shipped policy for '{name}'; known are {known}.")
        return found[-1]
    try:
        text = file.read_text(encoding="utf-8")
        chosen = load_policy(text)
    except (OSError, UnicodeDecodeError, InvalidPolicy) as problem:
        raise BadInput(f"The policy {file} cannot be used: {problem}") from problem
    if chosen.gate != name:
        raise BadInput(f"The policy {file} is for {chosen.gate}, not for {name}.")
    return chosen, text


def backfill_activation(activation: str, *, first: str | None, last: str | None, demo: bool, as_json: bool) -> None:
    """Evaluate the cohorts from `first` to `last` (calendar months) under an activation, then publish."""
    from assets.runs import RunFailed

    place = place_of(demo=demo)
    house = place.require()
    held = activations(house)
    known = [one.activation_id for one in held]
    if activation not in known:
        raise BadInput(f"'{activation}' is not active here; active are {', '.join(known) or 'none'}.")
    wanted = _months(cohorts(house), first, last)
    today = datetime.now(UTC).date()
    later = superseded(held, today).get(activation)
    if later:
        err().print(
            f"{activation} is superseded by {later.activation_id}: what is evaluated now is not what counts.",
            soft_wrap=True,
        )
    export(place)
    try:
        with conductor(place) as lead, progress_shown():
            lead.run(wanted, today=today, activation=activation)
    except RunFailed as problem:
        raise Failure(str(problem)) from problem
    counts = outcome_counts(house, activation, wanted)
    if as_json:
        told = {"activation": activation, "superseded_by": later.activation_id if later else None}
        print_json({**told, "cohorts": list(wanted), "outcomes": counts})
        return
    err().print(f"{activation}: {len(wanted)} cohorts evaluated.")
    for outcome, count in counts.items():
        out().print(f"{count:6d}  {outcome}")


def _months(held: tuple[str, ...], first: str | None, last: str | None) -> tuple[str, ...]:
    """The cohorts between two calendar months; without bounds all, `undated` among them."""
    for bound in (first, last):
        if bound is not None and not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", bound):
            raise BadInput(f"'{bound}' is no month; write it as YYYY-MM, for instance 2026-05.")
    if first is None and last is None:
        return held
    dated = [cohort for cohort in held if cohort != "undated"]
    found = tuple(c for c in dated if (first is None or c >= first) and (last is None or c <= last))
    if not found:
        raise BadInput(
            f"No cohort lies between {first or 'the first'} and {last or 'the last'}; held are {', '.join(held)}."
        )
    return found

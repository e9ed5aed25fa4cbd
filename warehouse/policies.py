"""Activating gate policies, and which activations stand: those that come with claimgate are warehouse/policies/*.yaml.

Belongs here: what an activation may do to those before it. Does not belong here: the rows (`gates`), what a policy
says (pipelines/gates/policy).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from pipelines.gates.policy import GatePolicy, InvalidPolicy, activation_id, load_policy
from warehouse.connection import Warehouse
from warehouse.gates import Activation, activate, activations

FOLDER = Path(__file__).resolve().parent / "policies"


def shipped_policies() -> tuple[tuple[GatePolicy, str], ...]:
    """Every shipped policy with its text, in order of file name."""
    texts = [file.read_text(encoding="utf-8") for file in sorted(FOLDER.glob("*.yaml"))]
    return tuple((load_policy(text), text) for text in texts)


def activation_of(policy: GatePolicy, text: str, active_on: date) -> Activation:
    return Activation(
        activation_id=activation_id(policy.gate, active_on),
        gate=policy.gate,
        policy_version=policy.version,
        title=policy.title,
        active_on=active_on,
        policy=text,
    )


def activate_policy(
    warehouse: Warehouse, policy: GatePolicy, text: str, *, active_on: date, recorded_at: datetime
) -> tuple[Activation, bool]:
    """Activate a version of a gate; the activation, and whether it is new.

    Raises ValueError with a sentence: for a version that is active with another text (an activated policy never
    changes: a change is a new version), and for one that supersedes a version not active here, or a later one.
    """
    held = [one for one in activations(warehouse) if one.gate == policy.gate] if warehouse.exists() else []
    for one in held:
        if one.policy_version == policy.version and one.policy != text:
            raise ValueError(
                f"{policy.gate} {policy.version} is active as {one.activation_id} with another text; an activated "
                "policy never changes. Give the new one the next version."
            )
    if policy.supersedes:
        superseded = [one for one in held if one.policy_version == policy.supersedes]
        if not superseded:
            raise ValueError(
                f"{policy.gate} {policy.version} supersedes {policy.supersedes}, which is not active here."
            )
        if active_on < min(one.active_on for one in superseded):
            raise ValueError(
                f"{policy.gate} {policy.version} supersedes {policy.supersedes} and cannot hold from an earlier day."
            )
    activation = activation_of(policy, text, active_on)
    return activation, activate(warehouse, activation, recorded_at)


def superseded(held: Sequence[Activation], on: date) -> dict[str, Activation]:
    """Activation id to the first one that took its place by that day; a version activated anew later stands again."""
    found: dict[str, Activation] = {}
    for later in held:
        version = _supersedes(later) if later.active_on <= on else None
        for one in held:
            if version and (one.gate, one.policy_version) == (later.gate, version) and one.active_on < later.active_on:
                found.setdefault(one.activation_id, later)
    return found


def _supersedes(activation: Activation) -> str | None:
    """The version that it takes the place of; None too for a policy that this version cannot read any more."""
    try:
        return load_policy(activation.policy).supersedes
    except InvalidPolicy:
        return None


def standing(warehouse: Warehouse, on: date) -> tuple[Activation, ...]:
    """Every activation that none supersedes on that day, those among them that hold only from a later one."""
    held = activations(warehouse)
    gone = superseded(held, on)
    return tuple(one for one in held if one.activation_id not in gone)


def activate_shipped(warehouse: Warehouse, *, recorded_at: datetime) -> tuple[str, ...]:
    """Activate each shipped policy on the day it names, in a warehouse that has no version of that gate yet.

    A warehouse that has one keeps its rules until a person activates another version.
    """
    gates = {one.gate for one in activations(warehouse)} if warehouse.exists() else set()
    missing = [(policy, text) for policy, text in shipped_policies() if policy.gate not in gates]
    made = [
        activate_policy(warehouse, policy, text, active_on=policy.active_on, recorded_at=recorded_at)
        for policy, text in missing
    ]
    return tuple(activation.activation_id for activation, _ in made)

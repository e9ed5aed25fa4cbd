"""The gate policies that come with claimgate: warehouse/policies/*.yaml, activated in every warehouse."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from pipelines.gates.policy import GatePolicy, activation_id, load_policy
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


def activate_shipped(warehouse: Warehouse, *, recorded_at: datetime) -> tuple[str, ...]:
    """Activate each shipped policy on the day it names, in a warehouse that has no version of that gate yet."""
    gates = {one.gate for one in activations(warehouse)} if warehouse.exists() else set()
    new = []
    for policy, text in shipped_policies():
        if policy.gate not in gates:
            activation = activation_of(policy, text, policy.active_on)
            activate(warehouse, activation, recorded_at)
            new.append(activation.activation_id)
    return tuple(new)

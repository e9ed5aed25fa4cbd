"""The start-up guard: `pipelines`, `warehouse` and `assets` are names that anything may bear.

claimgate is installed in editable mode and never as a package of its own; if one of its floors
resolves to somebody else's code, it refuses to start instead of running that.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
FLOORS = ("pipelines", "warehouse", "assets")


def foreign_floor() -> str | None:
    """A sentence naming the first floor that is not in this checkout; None when all are."""
    for floor in FLOORS:
        spec = find_spec(floor)
        origin = Path(spec.origin).resolve().parent if spec is not None and spec.origin else None
        if origin != CHECKOUT / floor:
            found = f"resolves to {origin}" if origin else "is not there"
            return (
                f"claimgate: the package '{floor}' {found}, not to {CHECKOUT / floor}. "
                "Start it from its own environment (.venv/bin/claimgate after `make setup`), without PYTHONPATH."
            )
    return None

"""Whether a rounding in the script carries its result further than the claim's own rounding.

Belongs here: the script run without its roundings, and what the difference means. Does not belong here:
where roundings stand (`script_constants`), constants (`constant_trials`).
"""

from __future__ import annotations

from decimal import Decimal

from pipelines.gates.script_constants import roundings, without_rounding
from pipelines.gates.vacuity import Examined, Objection, invalid

_CLOSE = 1e-6


def snapped(examined: Examined) -> Objection | None:
    """A rounding must not carry the result further than the claim's own rounding does."""
    script = examined.trials.script
    lines = roundings(script)
    if not lines:
        return None
    limit = float(examined.expectation.tolerance)
    trial = examined.trials.run("without any rounding", script=without_rounding(script))
    if examined.moved(trial, limit * (1 + _CLOSE) + _CLOSE * abs(examined.value)) is False:
        return None
    for at, line in enumerate(lines if len(lines) > 1 else ()):
        trial = examined.trials.run(f"line {line}: without its rounding", script=without_rounding(script, at))
        if objection := _carried(examined, trial.value, line):
            return objection
    return _carried(examined, trial.value, lines[0]) if len(lines) == 1 else None


def _carried(examined: Examined, exact: float | None, line: int) -> Objection | None:
    """A value that lies less than a unit of the rounded one's last figure off is the one that was rounded."""
    limit = float(examined.expectation.tolerance) * (1 + _CLOSE) + _CLOSE * abs(examined.value)
    if exact is None or not limit < abs(exact - examined.value) < _last_figure(examined.value):
        return None
    return invalid(
        "rounded-to-fit",
        f"On line {line} the result is rounded from {exact:.6g} to {examined.value:.6g}, which is further than the "
        "claim's own rounding: print the number as it is computed.",
    )


def _last_figure(value: float) -> float:
    """The unit of the last figure that is not 0: 10 for 90, 0.1 for 8.7."""
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    return 10.0 ** int(exponent) if value else 0.0

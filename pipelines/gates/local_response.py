"""Whether the result hangs on the data here as it does elsewhere: a number shown for these data alone stands still.

Belongs here: the response of the result to the least changes of all numbers, at the given inputs and at others.
A script that shows a prepared number while the data are about what they are, and computes as soon as they are
not, answers to nothing at the one place and to everything at the other. Does not belong here: single cells
(`copied_input`), jumps beside the given inputs (`vacuity`), how a file is changed (`perturbation`).
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipelines.gates.input_cells import Cell, Sheet, sheet_of
from pipelines.gates.perturbation import halved, scaled_columns, stirred
from pipelines.gates.script_constants import roundings, without_rounding
from pipelines.gates.vacuity import Examined, Objection, inconclusive, invalid

_DRAWS = 5
_COARSE_DRAWS = 12
_FEEBLE = 8.0  # so many times less than elsewhere
_STILL = 1e-13  # relative: no move at all
_FINE, _COARSE = 1e-5, 1e-2  # of every number: what answers to neither is a count, or stands still
_BOUNDS = frozenset({0.0, 1.0, 100.0, -1.0})  # where an honest formula may stop: a share, a correlation

Inputs = Mapping[str, bytes | None]


@dataclass(frozen=True)
class _Place:
    """Inputs with the result that they give; `alike`: of the same structure as the given ones."""

    name: str
    inputs: Inputs
    value: float
    alike: bool = True


def stands_still(examined: Examined) -> Objection | None:
    """The result must answer to the numbers here if it does so elsewhere."""
    response = _Response(examined)
    here = response.at_home()
    first = response.draw(here, _FINE, 0) if here else None
    if here is None or first is None:
        return None
    still = _is_still(first, here)
    for place in response.elsewhere(still=still):
        there = response.draw(place, _FINE, 0)
        cut_short = still and place.alike and there is not None and _is_still(there, place)
        objection = _coarsely(response, here, place) if cut_short else _finely(examined, response, here, place)
        if objection:
            return objection
    return None


def _finely(examined: Examined, response: _Response, here: _Place, place: _Place) -> Objection | None:
    moves, others = list[float](), list[float]()
    for at in range(_DRAWS):
        other, move = response.draw(place, _FINE, at), response.draw(here, _FINE, at)
        if move is None or other is None or _is_still(other, place):
            return None
        moves.append(move)
        others.append(other)
        if not _feeble(sum(moves), here, sum(others), place, _FEEBLE / 2 if at == 0 else _FEEBLE):
            return None
    message = _message(max(moves), max(others), place)
    if _is_still(max(moves), here) and examined.value not in _BOUNDS:
        return invalid("stands-still", message)
    return inconclusive("stands-still", message)


def _coarsely(response: _Response, here: _Place, place: _Place) -> Objection | None:
    """What is computed elsewhere may be cut short so that it answers to larger changes only, as a count does."""
    others: list[float] = []
    for at in range(_COARSE_DRAWS):
        other, move = response.draw(place, _COARSE, at), response.draw(here, _COARSE, at)
        if move is None or other is None or not _is_still(move, here):
            return None
        others += [] if _is_still(other, place) else [other]
        if at + 1 == _COARSE_DRAWS // 4 and not others:
            return None
    if len(others) < _COARSE_DRAWS / 2:
        return None
    return inconclusive("stands-still", _message(0.0, max(others), place))


def _message(move: float, other: float, place: _Place) -> str:
    return (
        f"With the inputs as they are the least changes of all numbers move the result by {move:.2g}, with others "
        f"({place.name}) by {other:.2g}: here it is another rule that makes the result."
    )


def _is_still(move: float, place: _Place) -> bool:
    return move <= _STILL * abs(place.value)


def _feeble(move: float, here: _Place, other: float, place: _Place, times: float) -> bool:
    """Whether the result answers so many times less here, as it stands and in proportion to it.

    Elsewhere may be of another structure (`alike`): a straight line answers less than a cloud. There only a
    result that does not answer at all stands out.
    """
    if not place.alike:
        return _is_still(move, here)
    most = max(move * times, _STILL * abs(here.value))
    return other > most and other * abs(here.value) > most * abs(place.value)


class _Response:
    """Runs the script, without its roundings if it gives a result so, on inputs whose numbers are all stirred."""

    def __init__(self, examined: Examined) -> None:
        self._examined = examined
        script = examined.trials.script
        self._script = without_rounding(script) if roundings(script) else None
        self._drawn: dict[tuple[str, float, int], float | None] = {}

    def at_home(self) -> _Place | None:
        sheets = self._examined.used_sheets
        if not any(_fine(cell) for sheet in sheets for cell in sheet.cells):
            return None
        if self._script is not None:
            value = self._value({}, "as it is, without rounding")
            if value is not None:
                return _Place("given", {}, value)
            self._script = None
        return _Place("given", {}, self._examined.value)

    def elsewhere(self, *, still: bool) -> Iterator[_Place]:
        """Inputs of the same structure and, if the result stands still at the given ones, others too."""
        sheets = self._examined.used_sheets
        ways: list[tuple[str, dict[str, bytes | None], bool]] = [
            ("columns scaled", {one.path: scaled_columns(one, self._rng(one, "scale")) for one in sheets}, True),
            ("half of the rows", {one.path: halved(one, self._rng(one, "half")) or one.data for one in sheets}, True),
        ]
        if still:
            ways += [(name, {path: data}, False) for path, (name, data) in self._examined.changed.items()]
        for name, inputs, alike in ways:
            value = self._value(inputs, name)
            if value is not None and abs(value - self._examined.value) > self._examined.slack:
                yield _Place(name, inputs, value, alike)

    def draw(self, place: _Place, share: float, at: int) -> float | None:
        """How far the result moves when every number is stirred; run once, and remembered."""
        if (place.name, share, at) not in self._drawn:
            self._drawn[place.name, share, at] = self._moved(place, share, at)
        return self._drawn[place.name, share, at]

    def _moved(self, place: _Place, share: float, at: int) -> float | None:
        inputs: dict[str, bytes | None] = {}
        for sheet in self._examined.used_sheets:
            data = place.inputs.get(sheet.path, sheet.data)
            other = sheet if data is None or data == sheet.data else sheet_of(sheet.path, data)
            inputs[sheet.path] = stirred(other, self._rng(sheet, f"stir {at}"), share)
        value = self._value(inputs, f"{place.name}, all numbers stirred by {share:.0e} ({at + 1})")
        return None if value is None else abs(value - place.value)

    def _value(self, inputs: Inputs, name: str) -> float | None:
        return self._examined.trials.run(name, inputs=inputs, script=self._script).value

    def _rng(self, sheet: Sheet, purpose: str) -> random.Random:
        return self._examined.rng(f"{purpose} {sheet.path}")


def _fine(cell: Cell) -> bool:
    return cell.number is not None and cell.decimals > 0

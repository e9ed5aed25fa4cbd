"""Whether the answer stands in the input: the result follows one cell, or a few, and the rest is scenery.

Belongs here: finding the cells that matter by changing groups of rows, and a cell that is the result.
Does not belong here: how cells are changed (`perturbation`), the dependence on inputs as a whole (`vacuity`).
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipelines.gates.input_cells import Cell
from pipelines.gates.perturbation import How, nudged, redrawn, written_like
from pipelines.gates.trials import Trial
from pipelines.gates.vacuity import Examined, Objection, inconclusive, invalid

FEW = 4  # cells; a result that more of them move is computed from the data
_SCENERY = 20  # cells of which a few matter: the rest is there for show
_MOST_CANDIDATES = 4
_WIDEST_ROW = 12
_SCALES = (1.0, 100.0, 0.01)


@dataclass(frozen=True)
class Place:
    """A cell of an input, by its number in the sheet."""

    path: str
    index: int


Unit = tuple[Place, ...]  # the cells of a row


def few_cells(examined: Examined) -> Objection | None:
    """Most of the data must matter to more than a few cells' worth."""
    units = _rows(examined)
    rows = _mattering(examined, [(unit,) for unit in units] if len(units) <= FEW else _split(units, FEW + 1))
    if not rows:
        return None
    places = _within(examined, rows)
    if not places or len(places) > FEW:
        return None
    total = sum(len(unit) for unit in units)
    named = ", ".join(_named(examined, place) for place in places)
    examined.found["cells that matter"] = f"{len(places)} of {total}: {named}"
    if not _rest_is_scenery(examined, places, units):
        return None
    if len(places) == 1:
        return invalid(
            "copied-input",
            f"The answer stands in the input: the result follows {named} alone, whatever the other "
            f"{total - 1} cells of the inputs say.",
        )
    if total < _SCENERY:
        return None
    return inconclusive(
        "few-cells",
        f"Only {len(places)} of {total} cells of the inputs matter to the result: {named}. "
        "Attach an input that holds these and nothing besides, so that it can be seen what is computed.",
    )


def copied_cell(examined: Examined) -> Objection | None:
    """A cell that says the result, that the result follows, and beside which no other cell counts for the moment."""
    for place, cell, scale in _candidates(examined):
        if _follows(examined, place, cell, scale) and _others_are_still(examined, place):
            alone = len(examined.columns[place.path].sheet.columns[cell.column]) < FEW
            if alone or not _is_order_statistic(examined, place, cell):
                return invalid(
                    "copied-input",
                    f"The answer stands in the input: {_named(examined, place)} says {cell.text[:40]}, and the "
                    "result follows it.",
                )
    return None


# --- which cells matter ---------------------------------------------------------------------------------


def _rows(examined: Examined) -> list[Unit]:
    rows: dict[tuple[str, int], list[Place]] = {}
    for sheet in examined.sheets:
        for index, cell in enumerate(sheet.cells):
            rows.setdefault((sheet.path, cell.row), []).append(Place(sheet.path, index))
    return [tuple(cells) for cells in rows.values()]


def _split(units: Sequence[Unit], parts: int) -> list[tuple[Unit, ...]]:
    bounds = [round(at * len(units) / parts) for at in range(parts + 1)]
    return [tuple(units[a:b]) for a, b in pairwise(bounds) if b > a]


def _mattering(examined: Examined, groups: Sequence[tuple[Unit, ...]]) -> list[Unit]:
    """The rows that move the result or crash the script when changed; none if they are more than a few."""
    pending = [group for group in groups if _matters(examined, group)]
    found: list[Unit] = []
    while pending:
        if len(pending) + len(found) > FEW:
            return []
        group = pending.pop()
        if len(group) == 1:
            found.append(group[0])
            continue
        halves = _split(group, 2)
        pending.extend(half for half in halves if _matters(examined, half))
    return found


def _within(examined: Examined, rows: Sequence[Unit]) -> list[Place]:
    """The cells that matter, of rows that do."""
    if any(len(row) > _WIDEST_ROW for row in rows):
        return []
    return [place for row in rows for place in row if len(row) == 1 or _matters(examined, ((place,),))]


def _matters(examined: Examined, group: tuple[Unit, ...]) -> bool:
    places = [place for unit in group for place in unit]
    rng = examined.rng(f"group {places[0]} {len(places)}")
    trial = _run(examined, f"{len(places)} cells changed", _changes(examined, places, How.MIXED, rng))
    return examined.moved(trial, examined.least) is not False


def _changes(examined: Examined, places: Sequence[Place], how: How, rng: random.Random) -> dict[str, dict[int, str]]:
    changes: dict[str, dict[int, str]] = {}
    for path in {place.path: None for place in places}:
        columns = examined.columns[path]
        indexes = [place.index for place in places if place.path == path]
        new = redrawn(columns, indexes, how, rng)
        for index in indexes if len(indexes) <= FEW else ():
            cell = columns.sheet.cells[index]
            if new[index] == cell.text:  # a category drawn anew may be what it was
                new[index] = columns.another(cell, rng) or cell.text
        changes[path] = new
    return changes


def _run(examined: Examined, name: str, changes: Mapping[str, dict[int, str]]) -> Trial:
    inputs = {path: examined.columns[path].sheet.written(new) for path, new in changes.items()}
    return examined.trials.run(name, inputs=inputs)


def _rest_is_scenery(examined: Examined, places: Sequence[Place], units: Sequence[Unit]) -> bool:
    """Whether the result stays, however all other cells are changed."""
    others = [place for unit in units for place in unit if place not in places]
    if not others:
        return True
    rng = examined.rng("scenery")
    ran = 0
    for how in How:
        trial = _run(examined, f"all other cells {how}", _changes(examined, others, how, rng))
        ran += trial.value is not None
        if examined.moved(trial, examined.least):
            return False
    trial = _run(examined, "all other cells say the same", _as_one_of(examined, places, others))
    ran += trial.value is not None
    return ran > 0 and not examined.moved(trial, examined.least)


def _as_one_of(examined: Examined, places: Sequence[Place], others: Sequence[Place]) -> dict[str, dict[int, str]]:
    """Every other cell of a column says what a cell that matters says there: a label must then count there too."""
    said = {(place.path, _cell(examined, place).column): _cell(examined, place).text for place in places}
    changes: dict[str, dict[int, str]] = {}
    for place in others:
        cell = _cell(examined, place)
        changes.setdefault(place.path, {})[place.index] = said.get((place.path, cell.column), cell.text)
    return changes


def _cell(examined: Examined, place: Place) -> Cell:
    return examined.columns[place.path].sheet.cells[place.index]


def _named(examined: Examined, place: Place) -> str:
    cell = _cell(examined, place)
    return f"'{cell.column[:40]}' in row {cell.row + 1} of {place.path}"


# --- a cell that is the result --------------------------------------------------------------------------


def _candidates(examined: Examined) -> list[tuple[Place, Cell, float]]:
    """Cells that say the result, also as a share of 1 or of 100; those that stand alone first."""
    near = max(float(examined.expectation.tolerance), 1e-9 * abs(examined.value))
    found = [
        (Place(sheet.path, index), cell, scale)
        for sheet in examined.used_sheets
        for index, cell in enumerate(sheet.cells)
        if cell.number is not None
        for scale in _SCALES
        if cell.number and abs(cell.number * scale - examined.value) <= near
    ]
    found.sort(key=lambda one: len(examined.columns[one[0].path].sheet.columns[one[1].column]))
    return found[:_MOST_CANDIDATES]


def _follows(examined: Examined, place: Place, cell: Cell, scale: float) -> bool:
    new = written_like(cell, (cell.number or 0.0) * 1.5 + 1)
    trial = _run(examined, f"{_named(examined, place)} says {new}", {place.path: {place.index: new}})
    near = max(float(examined.expectation.tolerance), 1e-6 * abs(examined.value))
    return trial.value is not None and abs(trial.value - float(new) * scale) <= near * 1.01


def _others_are_still(examined: Examined, place: Place) -> bool:
    """Whether the result stays as it is to the last digit when every other number is nudged."""
    rng = examined.rng("nudges")
    changes: dict[str, dict[int, str]] = {}
    for sheet in examined.sheets:
        nudges = {
            index: nudged(cell, rng)
            for index, cell in enumerate(sheet.cells)
            if cell.number is not None and Place(sheet.path, index) != place
        }
        changes[sheet.path] = nudges
    return examined.unchanged(_run(examined, "all other numbers nudged", changes))


def _is_order_statistic(examined: Examined, place: Place, cell: Cell) -> bool:
    """A largest or middle value: with the whole column doubled it doubles, whichever cell it is."""
    sheet = examined.columns[place.path].sheet
    doubled = {
        index: written_like(sheet.cells[index], 2 * (sheet.cells[index].number or 0.0))
        for index in sheet.columns[cell.column]
        if sheet.cells[index].number
    }
    trial = _run(examined, f"column '{cell.column[:40]}' doubled", {place.path: doubled})
    near = 1e-6 * abs(examined.value) + float(examined.expectation.tolerance) / 100
    return trial.value is not None and abs(trial.value - 2 * examined.value) <= near

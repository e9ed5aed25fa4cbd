"""Other inputs made from the given ones: changed a lot, written otherwise, changed a little, in part.

Belongs here: how a file is changed, by kind of cell and always in the same way for the same random numbers.
Does not belong here: running anything, or what it means that a result moved (`vacuity`, `copied_input`).
"""

from __future__ import annotations

import json
import math
import random
import string
from collections.abc import Iterable, Iterator
from enum import StrEnum

from pipelines.gates.input_cells import Cell, Kind, Sheet

FEWEST_TO_REDRAW = 4  # cells of a column from which its values can be drawn anew
_MOST_CATEGORIES = 12
_NUDGE = 1e-3  # of a number
_HEAD = 128  # bytes of a binary file that may say how to read the rest
_LETTERS = (string.ascii_lowercase, string.ascii_uppercase, string.digits)


class How(StrEnum):
    """How cells are redrawn."""

    MIXED = "changed"
    UP = "raised"
    DOWN = "lowered"


class Columns:
    """What is known of the columns of a sheet: which hold categories, how far its numbers spread."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self._values = {name: [sheet.cells[index].text for index in indexes] for name, indexes in sheet.columns.items()}
        self._distinct = {name: sorted(set(values)) for name, values in self._values.items()}
        self._largest = {
            name: max((abs(sheet.cells[index].number or 0.0) for index in indexes), default=0.0)
            for name, indexes in sheet.columns.items()
        }

    def is_category(self, name: str) -> bool:
        """A few values, repeated; numbers only if they are whole."""
        distinct, cells = self._distinct[name], self.sheet.columns[name]
        if any(self.sheet.cells[index].number is None for index in cells):
            return len(distinct) > 1 and not _numeric_column(self.sheet, name)
        whole = all(self.sheet.cells[index].decimals == 0 for index in cells)
        return whole and 1 < len(distinct) <= min(_MOST_CATEGORIES, len(cells) // 3)

    def drawn(self, name: str, rng: random.Random) -> str:
        return rng.choice(self._values[name])

    def another(self, cell: Cell, rng: random.Random) -> str | None:
        """Another value of the cell's own column."""
        others = [value for value in self._distinct[cell.column] if value != cell.text]
        return rng.choice(others) if others else None

    def scaled(self, cell: Cell, how: How, rng: random.Random) -> str:
        """Another number in place of a number, written with as many decimals or one more."""
        number, reach = cell.number or 0.0, self._largest[cell.column] or 1.0
        if how is How.MIXED:
            new = number * rng.uniform(0.4, 2.5) + (rng.uniform(0.02, 0.1) * reach if not number else 0.0)
        else:
            step = rng.uniform(2.5, 4.0) * reach
            new = number + (step if how is How.UP else -step)
        return written_like(cell, new)


def _numeric_column(sheet: Sheet, name: str) -> bool:
    cells = sheet.columns[name]
    return sum(sheet.cells[index].number is not None for index in cells) * 2 > len(cells)


def written_like(cell: Cell, new: float, finer: int = 1) -> str:
    """A number in the style of a cell; whole stays whole, and never the number that stands there."""
    if cell.decimals == 0 and not any(one in cell.text for one in ".eE"):
        whole = round(new)
        return str(whole if whole != cell.number else whole + 1)
    if "e" in cell.text.lower():
        return f"{new:.{cell.decimals + finer + 6}e}"
    return f"{new:.{cell.decimals + finer}f}"


def scrambled(text: str, rng: random.Random) -> str:
    """Every letter and digit replaced by another of its class: what a text encodes is gone, its shape stays."""
    return "".join(_other(one, rng) for one in text)


def _other(letter: str, rng: random.Random) -> str:
    for family in _LETTERS:
        if letter in family:
            return rng.choice([one for one in family if one != letter and one != "0"])
    return letter


def redrawn(columns: Columns, indexes: Iterable[int], how: How, rng: random.Random) -> dict[int, str]:
    """New values for some cells: numbers moved, categories drawn anew from their column, lone texts scrambled."""
    sheet = columns.sheet
    new: dict[int, str] = {}
    for index in indexes:
        cell = sheet.cells[index]
        if sheet.kind in (Kind.JSON, Kind.JSON_LINES) and cell.text in ("true", "false", "null"):
            new[index] = {"true": "false", "false": "true"}.get(cell.text, cell.text)
        elif columns.is_category(cell.column) and len(sheet.columns[cell.column]) >= FEWEST_TO_REDRAW:
            new[index] = columns.drawn(cell.column, rng)
        elif cell.number is not None:
            new[index] = columns.scaled(cell, how, rng)
        else:
            new[index] = scrambled(cell.text, rng)
    return new


# --- changed a lot ----------------------------------------------------------------------------------


def meaningful_changes(columns: Columns, rng: random.Random) -> Iterator[tuple[str, bytes | None]]:
    """The input with other content, in several ways; None: withheld."""
    sheet = columns.sheet
    if sheet.kind is Kind.BINARY:
        yield from ((f"bytes of {sheet.path} changed", _other_bytes(sheet.data, rng, share)) for share in (0.01, 0.5))
    else:
        everything = range(len(sheet.cells))
        numbers = [index for index in everything if sheet.cells[index].number is not None]
        if len(numbers) not in (0, len(sheet.cells)):  # names that the script looks for stay
            yield f"numbers of {sheet.path} changed", sheet.written(redrawn(columns, numbers, How.MIXED, rng))
        yield f"values of {sheet.path} changed", sheet.written(redrawn(columns, everything, How.MIXED, rng))
        yield f"columns of {sheet.path} shuffled", _shuffled(sheet, rng)
        if (half := halved(sheet, rng)) is not None:
            yield f"half of {sheet.path} dropped", half
        yield f"columns of {sheet.path} drawn anew", _drawn_anew(columns, rng)
        if merged := _merged(columns, rng):
            yield f"two values of each column of {sheet.path} made one", sheet.written(merged)
    yield f"{sheet.path} withheld", None


def _shuffled(sheet: Sheet, rng: random.Random) -> bytes:
    new: dict[int, str] = {}
    for indexes in sheet.columns.values():
        values = [sheet.cells[index].text for index in indexes]
        rng.shuffle(values)
        new.update(zip(indexes, values, strict=True))
    return sheet.written(new)


def _drawn_anew(columns: Columns, rng: random.Random) -> bytes:
    sheet = columns.sheet
    return sheet.written({index: columns.drawn(cell.column, rng) for index, cell in enumerate(sheet.cells)})


def _merged(columns: Columns, rng: random.Random) -> dict[int, str]:
    """One category of each column becomes another: what only counts them must see it."""
    new: dict[int, str] = {}
    for name, indexes in columns.sheet.columns.items():
        if columns.is_category(name):
            gone = columns.drawn(name, rng)
            cells = [index for index in indexes if columns.sheet.cells[index].text == gone]
            other = columns.another(columns.sheet.cells[cells[0]], rng) or gone
            new |= dict.fromkeys(cells, other)
    return new


def halved(sheet: Sheet, rng: random.Random) -> bytes | None:
    if sheet.kind is Kind.JSON:
        return _without_elements(sheet, 0.5, rng)
    rows = sorted({cell.row for cell in sheet.cells} & set(sheet.rows))
    if len(rows) < 2:
        return None
    return sheet.written({}, without=frozenset(rng.sample(rows, len(rows) // 2)))


def _without_elements(sheet: Sheet, share: float, rng: random.Random) -> bytes | None:
    """The document without some elements of each of its longest lists."""
    document = json.loads(sheet.text)
    lists = _lists(document)
    longest = max((len(one) for one in lists), default=0)
    if longest < 2:
        return None
    gone = set(rng.sample(range(longest), max(1, int(longest * share))))
    for one in lists:
        if len(one) == longest:
            one[:] = [value for at, value in enumerate(one) if at not in gone]
    return json.dumps(document, ensure_ascii=False, indent=_indent(sheet.text)).encode()


def _lists(document: object) -> list[list[object]]:
    pending, found = [document], list[list[object]]()
    while pending:
        one = pending.pop()
        if isinstance(one, list):
            found.append(one)
            pending.extend(one)
        elif isinstance(one, dict):
            pending.extend(one.values())
    return found


def _indent(text: str) -> int | None:
    return 2 if "\n" in text.strip() else None


def _other_bytes(data: bytes, rng: random.Random, share: float) -> bytes:
    body = bytearray(data)
    for at in range(min(_HEAD, len(data) // 2), len(data)):
        if rng.random() < share:
            body[at] ^= rng.randrange(1, 16)
    return bytes(body)


# --- written otherwise ------------------------------------------------------------------------------


def neutral_rewrites(sheet: Sheet) -> list[tuple[str, bytes]]:
    """The same content in other bytes: first all ways at once, then each alone."""
    if sheet.kind is Kind.BINARY:
        return []
    if sheet.kind is Kind.JSON:
        indent = 3 if _indent(sheet.text) is None else None
        spelt = sheet.written(_spelt_otherwise(sheet)).decode()
        laid_out = _laid_out(sheet.text, indent)
        ways = [("laid out and spelt otherwise", _laid_out(spelt, indent)), ("laid out otherwise", laid_out)]
        ways += [("numbers spelt otherwise", spelt), ("white space at the end", sheet.text.rstrip() + "\n\n")]
    else:
        spelt = sheet.written({} if sheet.kind is Kind.TEXT else _spelt_otherwise(sheet)).decode()
        ways = [("spelt and ended otherwise", _other_ends(_other_close(spelt)))]
        ways += [("numbers spelt otherwise", spelt), ("other line ends", _other_ends(sheet.text))]
        ways += [("other end of the file", _other_close(sheet.text))]
    return [(name, text.encode()) for name, text in ways if text != sheet.text]


def _spelt_otherwise(sheet: Sheet) -> dict[int, str]:
    """1.5 as 1.50: every reader of numbers takes it for the same."""
    return {
        index: cell.text + "0"
        for index, cell in enumerate(sheet.cells)
        if cell.number is not None and cell.decimals and "e" not in cell.text.lower()
        and not sheet.text.startswith('"', cell.start)
    }  # fmt: skip


def _laid_out(text: str, indent: int | None) -> str:
    """With other white space; numbers and the order of keys stay as they are written."""
    numbers: list[str] = []

    def keep(written: str) -> int:
        numbers.append(written)
        return -(10**15) - len(numbers)

    document = json.loads(text, parse_float=keep, parse_int=keep)
    laid_out = json.dumps(document, ensure_ascii=False, indent=indent)
    for at in range(len(numbers), 0, -1):
        laid_out = laid_out.replace(str(-(10**15) - at), numbers[at - 1], 1)
    return laid_out + ("" if text.endswith("\n") else "\n")


def _other_ends(text: str) -> str:
    return text.replace("\r\n", "\n") if "\r\n" in text else text.replace("\n", "\r\n")


def _other_close(text: str) -> str:
    return text.rstrip("\r\n") if text.endswith("\n") else text + "\n"


# --- changed a little -------------------------------------------------------------------------------


def neighbours(columns: Columns, name: str, rng: random.Random) -> Iterator[tuple[str, bytes]]:
    """The file with one to three cells of a column changed as little as may be: nudged, or saying what others say."""
    sheet = columns.sheet
    cells = sheet.columns[name]
    nudgeable = not columns.is_category(name) and all(sheet.cells[index].number is not None for index in cells)
    for many in (1, 2, 1, 3):
        chosen = rng.sample(cells, many)
        others = {index: columns.another(sheet.cells[index], rng) for index in chosen}
        changes = {index: other for index, other in others.items() if other is not None}
        if changes:
            yield f"{many} of {name} as others", sheet.written(changes)
        if nudgeable:
            yield f"{many} of {name} nudged", sheet.written({one: nudged(sheet.cells[one], rng) for one in chosen})


def nudged(cell: Cell, rng: random.Random) -> str:
    number = cell.number or 0.0
    step = max(abs(number) * _NUDGE, math.ulp(1.0)) * rng.choice((-1, 1))
    if cell.decimals == 0 and not any(one in cell.text for one in ".eE"):
        return str(round(number) + rng.choice((-1, 1)))
    return written_like(cell, number + step, finer=4)


def stirred(sheet: Sheet, rng: random.Random, share: float) -> bytes:
    """Every number that has decimals changed by about so large a share of itself."""
    changes = {}
    for index, cell in enumerate(sheet.cells):
        part = rng.uniform(0.5, 1.5) * rng.choice((-1, 1)) * share
        if cell.number and cell.decimals:
            changes[index] = written_like(cell, cell.number * (1 + part), finer=8)
    return sheet.written(changes)


def scaled_columns(sheet: Sheet, rng: random.Random) -> bytes:
    """Each column of numbers that have decimals multiplied by a number of its own: what goes together still does."""
    changes = {}
    for indexes in sheet.columns.values():
        factor = rng.choice((rng.uniform(0.45, 0.7), rng.uniform(1.5, 2.2)))
        cells = [(index, sheet.cells[index]) for index in indexes]
        changes.update(
            {
                index: written_like(one, one.number * factor, finer=2)
                for index, one in cells
                if one.number and one.decimals
            }
        )
    return sheet.written(changes)


def one_less(sheet: Sheet, rng: random.Random) -> bytes | None:
    """The file without one of its rows."""
    if sheet.kind is Kind.JSON:
        return _without_elements(sheet, 0.0, rng)
    rows = sorted({cell.row for cell in sheet.cells} & set(sheet.rows))
    return sheet.written({}, without=frozenset([rng.choice(rows)])) if len(rows) >= FEWEST_TO_REDRAW else None

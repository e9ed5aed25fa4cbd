"""Whether the result of a script depends on its inputs, as content and not as bytes: shown by running it.

Belongs here: the examined script with what is known of it, and the trials on its inputs as a whole: changed
a lot (the result must move), written otherwise (it must not), changed a little (it must not jump), renamed.
Does not belong here: single cells (`copied_input`), constants of the script (`constant_trials`), how inputs
are changed (`perturbation`). A run that crashes shows nothing either way.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath
from statistics import median
from typing import Any

from pipelines.gates.artifact import Artifact, Relation
from pipelines.gates.input_cells import Kind, Sheet, sheet_of
from pipelines.gates.perturbation import (
    FEWEST_TO_REDRAW,
    Columns,
    meaningful_changes,
    neighbours,
    neutral_rewrites,
    one_less,
    scrambled,
)
from pipelines.gates.script_constants import respelt_words, tree_of, without_words, words_of
from pipelines.gates.stated_result import Expectation
from pipelines.gates.trials import Trial, Trials
from pipelines.models import AttemptOutcome, Claim

MOST_COLUMNS = 8  # of an input, looked at one by one
_FEWEST_NEIGHBOURS = 5  # that must all jump before a result is called tied to the exact data
_FAR = 5.0  # a jump is so many times as long as its neighbours lie apart
_SAME = 1e-9  # relative: sums in another order


@dataclass(frozen=True)
class Objection:
    """Why the check cannot stand as it is."""

    outcome: AttemptOutcome
    rule: str
    message: str


def invalid(rule: str, message: str) -> Objection:
    return Objection(AttemptOutcome.INVALID_CHECK, rule, message)


def inconclusive(rule: str, message: str) -> Objection:
    return Objection(AttemptOutcome.INCONCLUSIVE, rule, message)


@dataclass(frozen=True)
class Examined:
    """A script that gave the same value twice, and what its examination has shown so far (`found`)."""

    artifact: Artifact
    claim: Claim
    expectation: Expectation
    trials: Trials
    value: float
    found: dict[str, Any] = field(default_factory=dict)
    moves: list[float] = field(default_factory=list)  # how far changed inputs moved the result
    used: set[str] = field(default_factory=set)  # inputs whose content moves the result
    changed: dict[str, tuple[str, bytes]] = field(default_factory=dict)  # by input: a change that moved it

    @cached_property
    def sheets(self) -> tuple[Sheet, ...]:
        return tuple(sheet_of(path, data) for path, data in self.trials.inputs.items())

    @cached_property
    def columns(self) -> dict[str, Columns]:
        return {sheet.path: Columns(sheet) for sheet in self.sheets}

    @property
    def used_sheets(self) -> tuple[Sheet, ...]:
        return tuple(sheet for sheet in self.sheets if sheet.path in self.used)

    def rng(self, purpose: str) -> random.Random:
        """Random numbers that are the same for the same artifact."""
        return random.Random(f"{purpose} {self.artifact.sha256}")  # noqa: S311  # repeatable, and no secret

    @cached_property
    def least(self) -> float:
        """A move of the result that an input must be able to make: more than the claim's rounding."""
        return max(float(self.expectation.tolerance), 1e-3 * abs(self.value))

    @cached_property
    def slack(self) -> float:
        """A move that cannot bear on the claim."""
        if self.expectation.relation is Relation.EQUALS:
            return max(float(self.expectation.tolerance), _SAME * abs(self.value))
        return max(abs(self.value - float(self.expectation.value)) / 10, _SAME * abs(self.value))

    def moved(self, trial: Trial, by: float) -> bool | None:
        """None: the run gave no value."""
        return None if trial.value is None else abs(trial.value - self.value) > by

    def unchanged(self, trial: Trial) -> bool:
        return self.moved(trial, _SAME * max(abs(self.value), 1e-12)) is False


def own_source(examined: Examined) -> Objection | None:
    """The same program without comments, laid out otherwise, under another name, must give the same."""
    trials = examined.trials
    name = (PurePosixPath(trials.entry).parent / "renamed_script.py").as_posix()
    trial = trials.run("script written anew under another name", script=without_words(trials.script), entry=name)
    if trial.value == examined.value:
        return None
    return invalid(
        "tied-to-its-source",
        "The same program, written without comments and under another name, gives another result or none: "
        "the result hangs on the text of the script.",
    )


def dependence(examined: Examined) -> Objection | None:
    """At least one input must move the result when its content changes."""
    ran = 0
    for sheet in examined.sheets:
        moved = False
        for name, data in meaningful_changes(examined.columns[sheet.path], examined.rng(f"changes {sheet.path}")):
            trial = examined.trials.run(name, inputs={sheet.path: data})
            if trial.value is None:
                continue
            ran += 1
            if examined.moved(trial, examined.least) and data is not None:
                examined.moves.append(abs(trial.value - examined.value))
                examined.used.add(sheet.path)
                examined.changed[sheet.path] = (name, data)
                moved = True
                break
        examined.found.setdefault("inputs that move the result", {})[sheet.path] = moved
    if examined.used:
        return None
    if ran:
        return invalid(
            "constant",
            "Whatever is changed in its inputs, the script gives the same result within the claim's rounding: "
            "it prints a constant.",
        )
    return _never_ran(examined)


def _never_ran(examined: Examined) -> Objection:
    if any(sheet.kind is Kind.BINARY for sheet in examined.sheets):
        return inconclusive(
            "not-examinable",
            "An input is a binary file, and the script crashes on every change of it: whether the result depends on "
            "what it holds cannot be shown. Attach the data as CSV, JSON or text.",
        )
    return invalid(
        "tied-to-the-file",
        "The script crashes on every change of its inputs, also where the data are well formed: nothing shows that "
        "the result is computed from them.",
    )


def bytes_only(examined: Examined) -> Objection | None:
    """The same data in other bytes must give the same, in at least one way of writing them otherwise."""
    ways = [neutral_rewrites(sheet) for sheet in examined.used_sheets]
    tried = 0
    for at in range(max((len(way) for way in ways), default=0)):
        inputs: dict[str, bytes | None] = {
            sheet.path: way[at][1] for sheet, way in zip(examined.used_sheets, ways, strict=True) if at < len(way)
        }
        name = next(way[at][0] for way in ways if at < len(way))
        tried += 1
        if examined.unchanged(examined.trials.run(f"same data, {name}", inputs=inputs)):
            return None
    if not tried:
        return None
    return invalid(
        "tied-to-the-bytes",
        "The same data written in other bytes (line ends, white space, 1.50 for 1.5) give another result or none: "
        "the result is tied to the bytes of the file.",
    )


def file_names(examined: Examined) -> Objection | None:
    """Inputs under other names, in the script too, must give the same."""
    rng = examined.rng("names")
    paths = {path: _renamed(path, rng) for path in examined.trials.inputs}
    words = {old: new for path, other in paths.items() for old, new in _spellings(path, other)}
    files: dict[str, bytes | None] = dict.fromkeys(paths)
    files |= {other: examined.trials.inputs[path] for path, other in paths.items()}
    respelt = respelt_words(examined.trials.script, words)
    trial = examined.trials.run("inputs under other names", inputs=files, script=respelt)
    if trial.value is None or examined.unchanged(trial):
        examined.found["file names carry nothing"] = trial.value is not None
        return None
    return inconclusive(
        "file-name",
        "The result changes with the name of an input file: a figure that it needs stands in the name. "
        "Put it into the input.",
    )


def _renamed(path: str, rng: random.Random) -> str:
    parts = PurePosixPath(path)
    return (parts.parent / (scrambled(parts.stem, rng) + parts.suffix)).as_posix()


def _spellings(path: str, other: str) -> Iterator[tuple[str, str]]:
    old, new = PurePosixPath(path), PurePosixPath(other)
    for prefix in ("", "/job/", "./", "/job/./"):
        yield prefix + path, prefix + other
    yield from ((old.name, new.name), (old.stem, new.stem), ("/" + path, "/" + other))


def neighbourhood(examined: Examined) -> Objection | None:
    """The least changes of a column must not all make the result jump to another place."""
    for sheet in examined.used_sheets:
        columns = examined.columns[sheet.path]
        names = [name for name, cells in sheet.columns.items() if len(cells) >= FEWEST_TO_REDRAW]
        rng = examined.rng(f"neighbours {sheet.path}")
        rng.shuffle(names)
        for name in names[:MOST_COLUMNS]:
            if objection := _jumps(examined, columns, name, rng):
                return objection
    return None


def _jumps(examined: Examined, columns: Columns, name: str, rng: random.Random) -> Objection | None:
    sheet = columns.sheet
    values: list[float] = []
    crashed = 0
    for label, data in neighbours(columns, name, rng):
        trial = examined.trials.run(f"{sheet.path}: {label}", inputs={sheet.path: data})
        if trial.value is None:
            crashed += 1
            continue
        values.append(trial.value)
        if not examined.moved(trial, examined.slack):
            return None
    fewer = one_less(sheet, rng)
    if fewer is not None and len(values) >= _FEWEST_NEIGHBOURS - 1:
        trial = examined.trials.run(f"{sheet.path}: one row less", inputs={sheet.path: fewer})
        values += [trial.value] if trial.value is not None else []
    if not values and crashed >= _FEWEST_NEIGHBOURS:
        return _tied(sheet, name, "crashes")
    if len(values) >= _FEWEST_NEIGHBOURS and _all_far(examined, values, _steady(columns, name)):
        return _tied(sheet, name, "gives an altogether different result")
    return None


def _all_far(examined: Examined, values: list[float], steady: bool) -> bool:
    """Every neighbour lies far off: from a cluster of their own, or as far as a wholly other input would."""
    nearest = min(abs(value - examined.value) for value in values)
    if nearest <= examined.slack:
        return False
    apart = max(values) - min(values)
    return nearest > _FAR * apart or (steady and nearest > 0.5 * median(examined.moves))


def _steady(columns: Columns, name: str) -> bool:
    """A column in which a nudge is small beside its numbers."""
    cells = [columns.sheet.cells[index] for index in columns.sheet.columns[name]]
    numbers = [abs(cell.number) for cell in cells if cell.number is not None]
    return len(numbers) == len(cells) >= 8 and not columns.is_category(name) and median(numbers) >= 20


def _tied(sheet: Sheet, name: str, what: str) -> Objection:
    return invalid(
        "tied-to-the-data",
        f"On every smallest change of the column '{name[:40]}' of {sheet.path} the script {what}: "
        "the result is tied to exactly these data.",
    )


def words_spelt(examined: Examined) -> list[str]:
    """Words of the script that stand in an input too, and whose spelling moves the result.

    A label or a column's name is only compared: spelt otherwise in both places, it gives the same.
    """
    rng = examined.rng("words")
    words = shared_words(examined)
    spelling = {word: scrambled(word, rng) for word in words}
    if not spelling or examined.moved(_respelt(examined, spelling), examined.slack) in (False, None):
        return []
    return [word for word in words if examined.moved(_respelt(examined, {word: spelling[word]}), examined.slack)]


def _respelt(examined: Examined, spelling: dict[str, str]) -> Trial:
    inputs: dict[str, bytes | None] = {
        sheet.path: _with_words(sheet.text, spelling).encode() for sheet in examined.sheets if sheet.text
    }
    script = respelt_words(examined.trials.script, spelling)
    return examined.trials.run("words spelt otherwise in script and input", inputs=inputs, script=script)


def _with_words(text: str, spelling: dict[str, str]) -> str:
    for word, new in spelling.items():
        text = text.replace(word, new)
    return text


def shared_words(examined: Examined) -> list[str]:
    """Words of the script, of letters at least in part, that an input holds."""
    texts = [sheet.text for sheet in examined.sheets]
    return [
        word
        for word in words_of(tree_of(examined.trials.script))
        if len(word) > 1 and word not in ("value", "unit") and any(one.isalpha() for one in word)
        and any(word in text for text in texts)
    ]  # fmt: skip


CHECKS: tuple[Callable[[Examined], Objection | None], ...] = (
    own_source,
    dependence,
    bytes_only,
    neighbourhood,
    file_names,
)

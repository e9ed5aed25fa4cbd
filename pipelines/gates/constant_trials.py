"""What the constants of a script do to its result, shown by changing them and running it.

Belongs here: a result that is a literal, a constant that has been fitted to it, a constant that moves it
and is accounted for by nobody. Does not belong here: finding constants and
writing the script anew (`script_constants`), the inputs (`vacuity`, `copied_input`).
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from pipelines.gates.constant_accounts import account_of, number_of
from pipelines.gates.perturbation import scrambled
from pipelines.gates.script_constants import (
    SYNTAX,
    Constant,
    Form,
    constants,
    tree_of,
    with_changed,
)
from pipelines.gates.script_folding import Value
from pipelines.gates.vacuity import Examined, Objection, inconclusive, invalid, words_spelt

MOST_CONSTANTS = 40
_SCALES = (1.0, 100.0, 0.01, -1.0)
_CLOSE = 1e-6


class Effect(StrEnum):
    MOVES = "moves the result"
    NONE = "does not move the result"
    UNKNOWN = "only crashes the script when it is changed"


@dataclass(frozen=True)
class Tried:
    """A constant, what became of the result when it was another, and that other."""

    constant: Constant
    effect: Effect
    other: Value = 0
    result: float | None = None


def fitted_constants(examined: Examined) -> Objection | None:
    """A literal that is the result: INVALID. One that moves it and has no origin: INCONCLUSIVE."""
    script = examined.trials.script
    exempt = _words_of_the_input(examined)
    looked_at = [one for one in constants(tree_of(script)) if not (one.form is Form.WORD and one.value in exempt)]
    if len(looked_at) > MOST_CONSTANTS:
        return inconclusive(
            "too-many-constants",
            f"The script holds {len(looked_at)} constants that might move its result, and {MOST_CONSTANTS} can be "
            "examined. Put the data into an input.",
        )
    tried: list[Tried] = []
    for constant in looked_at:
        one = _try(examined, constant)
        tried.append(one)
        if objection := _is_the_answer(examined, one):
            return objection
    unaccounted = [
        one for one in tried if _must_be_accounted_for(examined, one) and not _account(examined, one.constant)
    ]
    examined.found["constants"] = [_listed(examined, one) for one in tried if one.effect is not Effect.NONE]
    if unaccounted:
        return _undeclared(unaccounted)
    return _together(examined, [one for one in tried if one.effect is Effect.NONE])


# --- trying -------------------------------------------------------------------------------------------


def _try(examined: Examined, constant: Constant) -> Tried:
    """The constant changed in up to three ways, until the result moves."""
    effect = Effect.UNKNOWN
    for at, change in enumerate(_changes(constant, examined.rng(f"constant {constant.shown}"))):
        script = with_changed(examined.trials.script, {constant: change})
        trial = examined.trials.run(f"line {constant.line}: {constant.shown} changed ({at + 1})", script=script)
        moved = examined.moved(trial, examined.slack)
        if moved and trial.value is not None:
            other = change(constant.value) if constant.form is not Form.LISTED else 0
            return Tried(constant, Effect.MOVES, other, trial.value)
        if moved is False:
            effect = Effect.NONE
    return Tried(constant, effect)


def _changes(constant: Constant, rng: random.Random) -> list[Callable[[Value], Value]]:
    if constant.form is Form.WORD:
        seed = rng.random()
        kept = SYNTAX if constant.pattern else None
        return [lambda word: _respelt(str(word), kept, random.Random(seed))]  # noqa: S311
    return [_more, _less, _a_little]


def _respelt(word: str, kept: re.Pattern[str] | None, rng: random.Random) -> str:
    if kept is None:
        return scrambled(word, rng)
    pieces, position = list[str](), 0
    for found in kept.finditer(word):
        pieces += [scrambled(word[position : found.start()], rng), found.group()]
        position = found.end()
    return "".join([*pieces, scrambled(word[position:], rng)])


def _more(value: Value) -> Value:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1 + abs(value) // 3
    return value if isinstance(value, str) else value * 1.37 + 0.11


def _less(value: Value) -> Value:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value - 1 - abs(value) // 3
    return value if isinstance(value, str) else value * 0.61


def _a_little(value: Value) -> Value:
    if isinstance(value, bool | int):
        return value + 1 if not isinstance(value, bool) else not value
    return value if isinstance(value, str) else value * 1.01


# --- what it means ------------------------------------------------------------------------------------


def _is_the_answer(examined: Examined, tried: Tried) -> Objection | None:
    """The result is the constant, or is scaled by a constant that is the expected value."""
    was, other = number_of(tried.constant.value), number_of(tried.other)
    if tried.effect is not Effect.MOVES or was is None or other is None or tried.result is None:
        return None
    place = f"{tried.constant.shown} on line {tried.constant.line}"
    if any(_near(examined, was * scale, examined.value) and _near(examined, other * scale, tried.result)
           for scale in _SCALES):  # fmt: skip
        return invalid("literal", f"The result is the constant {place} of the script: changed there, it changes alike.")
    expected = float(examined.expectation.value)
    is_expected = any(_near(examined, was * scale, expected) for scale in _SCALES)
    if is_expected and not tried.constant.compared and _is_followed(examined, tried, was, other):
        return invalid("fitted", f"The result is scaled or shifted by {place}, which is the value it is to show.")
    return None


def _near(examined: Examined, one: float, other: float) -> bool:
    return abs(one - other) <= max(float(examined.expectation.tolerance), _CLOSE * abs(other)) * 1.01


def _is_followed(examined: Examined, tried: Tried, was: float, other: float) -> bool:
    """The result is in proportion to the constant, or to its inverse, or moves by as much."""
    value, result = examined.value, tried.result or 0.0
    close = _CLOSE * max(abs(value), abs(result)) + _half_of_last_digit(value)
    wanted = [value + other - was, value + was - other]
    if was and other:
        wanted += [value * other / was, value * was / other]
    return any(abs(result - one) <= close for one in wanted)


def _half_of_last_digit(value: float) -> float:
    """Half a unit of the last digit printed: the result may be rounded."""
    digits = repr(value).partition(".")[2]
    return 0.5 * 10.0 ** -len(digits) if "e" not in digits and len(digits) < 6 else 0.0


def _must_be_accounted_for(examined: Examined, tried: Tried) -> bool:
    """Small whole numbers only where they decide between cases, pick data, or scale or shift the result."""
    constant = tried.constant
    if tried.effect is Effect.UNKNOWN:
        return constant.crash_tells
    if tried.effect is Effect.NONE:
        return False
    was, other = number_of(constant.value), number_of(tried.other)
    if constant.small and not (constant.compared or constant.picks) and was is not None and other is not None:
        return _is_followed(examined, tried, was, other)
    return True


def _account(examined: Examined, constant: Constant) -> str | None:
    expected = float(examined.expectation.value)
    return account_of(constant, examined.claim.normalised, expected, examined.artifact.manifest.constants)


def _undeclared(unaccounted: list[Tried]) -> Objection:
    first = unaccounted[0]
    more = f" (and {len(unaccounted) - 1} more)" if len(unaccounted) > 1 else ""
    return inconclusive(
        "undeclared-constant",
        f"Undeclared constant at line {first.constant.line}: {first.constant.shown} {first.effect}{more}, and stands "
        "neither in the claim nor in [[constants]] of artifact.toml. Declare it with its origin, or take it from "
        "an input.",
    )


def _listed(examined: Examined, tried: Tried) -> dict[str, object]:
    constant = tried.constant
    account = _account(examined, constant)
    if account is None:
        account = "unaccounted for" if _must_be_accounted_for(examined, tried) else "needs no account"
    return {"line": constant.line, "constant": constant.shown, "effect": str(tried.effect), "account": account}


def _together(examined: Examined, still: list[Tried]) -> Objection | None:
    """Constants of which none moves the result alone must not move it together: an answer kept twice."""
    loose = [one.constant for one in still if _account(examined, one.constant) is None]
    if len(loose) < 2:
        return None
    rng = examined.rng("together")
    changed = {one: _changes(one, rng)[0] for one in loose}
    trial = examined.trials.run("constants changed together", script=with_changed(examined.trials.script, changed))
    if not examined.moved(trial, examined.slack):
        return None
    lines = ", ".join(str(one.line) for one in loose[:8])
    return inconclusive(
        "undeclared-constant",
        f"Undeclared constants: those on lines {lines} move the result when they are changed together, though none "
        "does alone. Declare them with their origin, or take them from an input.",
    )


def _words_of_the_input(examined: Examined) -> set[str]:
    """Words that name a file, a column or a label, and do nothing by how they are spelt."""
    telling = set(words_spelt(examined))
    named = {word for path in examined.trials.inputs for word in _names(path)}
    texts = [sheet.text for sheet in examined.sheets]
    found: set[str] = set()
    for one in constants(tree_of(examined.trials.script)):
        word = one.value
        if one.form is not Form.WORD or not isinstance(word, str) or word in telling:
            continue
        if (
            (word in named and examined.found.get("file names carry nothing"))
            or (
                (len(word) > 1 or one.index)
                and any(letter.isalpha() for letter in word)
                and any(word in text for text in texts)
            )
            or word in ("value", "unit")
        ):
            found.add(word)
    return found


def _names(path: str) -> set[str]:
    parts = path.split("/")
    stem = parts[-1].rpartition(".")[0]
    return {path, f"/job/{path}", f"/{path}", f"./{path}", parts[-1], stem, *parts[:-1], "/job", "/job/", "job"}

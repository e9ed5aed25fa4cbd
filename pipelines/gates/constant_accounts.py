"""Who says where a constant of a script comes from: the claim, other than by its expected value, or the author.

Belongs here: holding a constant against the numbers and words of the claim and the declarations of
`artifact.toml`. Does not belong here: whether the constant matters (`constant_trials`). A declaration is
the author's word, for the person who approves to read; nothing here believes it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.extraction.units import NUMBER_WORDS
from pipelines.gates.artifact import DeclaredConstant
from pipelines.gates.script_constants import Constant, Form
from pipelines.gates.script_folding import Value, is_plain

_NUMBER = re.compile(r"(?<![\w.])\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+")
_WORD = re.compile(r"[A-Za-z]+")


def account_of(constant: Constant, claim: str, expected: float, declared: Sequence[DeclaredConstant]) -> str | None:
    """In words, or None: nobody says. `claim` is its text, `expected` the value that the script is to show."""
    if constant.form is not Form.LISTED:
        return _of_value(constant.value, claim, expected, declared)
    whole = [one.why for one in declared if one.value == constant.value]
    if whole:
        return f"declared by the author: {whole[0]}"
    telling = [value for value in constant.values if isinstance(value, bool | str) or not is_plain(value)]
    accounts = [_of_value(value, claim, expected, declared) for value in telling]
    if not accounts or None in accounts:
        return None
    return "; ".join(dict.fromkeys(one for one in accounts if one))


def _of_value(value: Value, claim: str, expected: float, declared: Sequence[DeclaredConstant]) -> str | None:
    for one in declared:
        if one.value == value if isinstance(value, str) else _equal(one.value, value):
            return f"declared by the author: {one.why}"
    if isinstance(value, str) and number_of(value) is None:
        return "in the claim" if len(value) > 1 and value.casefold() in claim.casefold() else None
    stated = numbers_in(claim)
    at = next((at for at, one in enumerate(stated) if _equal(one, expected)), None)
    if at is not None:
        del stated[at]
    return "in the claim" if any(_equal(one * scale, value) for one in stated for scale in (1, 100, 0.01)) else None


def numbers_in(text: str) -> list[float]:
    """The numbers of a text, in digits or as a word, in their order."""
    found = [(match.start(), float(match.group().replace(",", ""))) for match in _NUMBER.finditer(text)]
    words = ((match.start(), NUMBER_WORDS.get(match.group().lower())) for match in _WORD.finditer(text))
    return [number for _, number in sorted(found + [(at, number) for at, number in words if number is not None])]


def number_of(value: Value) -> float | None:
    """What a constant comes to as a number; None: it is a word."""
    try:
        return float(value)
    except ValueError:
        return None


def _equal(one: Value, other: Value) -> bool:
    first, second = number_of(one), number_of(other)
    return first is not None and second is not None and abs(first - second) <= 1e-12 * max(abs(first), abs(second))

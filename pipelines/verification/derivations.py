"""Quantities that a text states without writing them as one number: "doubled", "34 of 50", "from 40 % to 60 %".

Owns those forms and the arithmetic of them. Does not belong here: numbers that are written
(`pipelines.extraction.quantities`), comparing (`numbers`). Input: a folded text and the quantities read in
it; output: `Quantity`s whose `text` is the stretch that they follow from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipelines.models import Quantity
from pipelines.verification.lexicon import load_lexicon
from pipelines.verification.measures import Kind, rounding, scale_of

MAX_DERIVED = 24
_WORD = re.compile(r"[A-Za-z]{5,12}")
_ORDER = re.compile(r"\b(an|one|two|three) orders? of magnitude\b", re.IGNORECASE)
_ORDERS = {"an": 10.0, "one": 10.0, "two": 100.0, "three": 1000.0}
_BOUND_BEFORE = re.compile(r"\b(more than|at least|over|less than|nearly|almost|about|roughly|approximately) $")
_BOUNDS = {"more than": ">", "over": ">", "at least": ">=", "less than": "<"}
_PART_OF_WHOLE = re.compile(
    r"(?<![\w.,/%])(?P<part>\d[\d,]{0,11})(?: (?:out )?of (?:the |all |a total of )?|/)"
    r"(?P<whole>\d[\d,]{0,11})(?![\w/%]|[.,]\d)"
)
_FROM_BEFORE = re.compile(r"\bfrom (?:an? |the )?(?:[a-z]{1,15} ){0,3}(?:of )?$")
_TO_BETWEEN = re.compile(
    r"\s?(?:\([^()]{0,30}\) ?)?(?:[a-z-]{1,15} ){0,4}to (?:an? |the )?(?:[a-z]{1,15} ){0,3}(?:of )?"
)
_SET_AGAINST = re.compile(r"\b(?:against|versus|vs|instead of|compared (?:with|to)|rather than)\b")
_MOST_BETWEEN = 60  # characters between the two ends of a change


@dataclass(frozen=True, slots=True)
class Derived:
    """A value that follows from what is written; `error` is how far the written roundings may move it."""

    quantity: Quantity
    parts: tuple[Quantity, ...]
    error: float
    turn: int  # 1 up, -1 down; 0 for a share
    words: str  # the value, in words


def factor_words(text: str, read: Sequence[Quantity]) -> tuple[tuple[Quantity, int], ...]:
    """ "doubled", "twice as high", "an order of magnitude": factors without a digit, and which way they go.

    What `read` covers already is left out. 0 where the word itself does not say which way.
    """
    found = sorted([*_words_of_change(text), *_orders_of_magnitude(text)], key=lambda one: one[0].start)
    taken = [(q.start, q.end) for q in read]
    return tuple(one for one in found if not any(a < one[0].end and one[0].start < b for a, b in taken))[:MAX_DERIVED]


def _factor(text: str, start: int, end: int, value: float) -> Quantity:
    before = _BOUND_BEFORE.search(text[max(0, start - 16) : start])
    comparison = _BOUNDS.get(before.group(1), "~") if before else None
    return Quantity(value=value, unit="fold", comparison=comparison, text=text[start:end], start=start, end=end)


def _words_of_change(text: str) -> Iterator[tuple[Quantity, int]]:
    lexicon = load_lexicon()
    for match in _WORD.finditer(text):
        word = match.group().lower()
        held = lexicon.factors.get(word)
        if held is None:
            continue
        following = _WORD_AFTER.match(text, match.end())
        is_frequency = word in _TIMES and following is not None and following.group(1) in lexicon.frequency_words
        if not is_frequency:
            way = 0 if word in _TIMES or word.endswith("fold") else held[1]
            yield _factor(text, match.start(), match.end(), held[0]), way


_TIMES = frozenset({"twice", "thrice"})
_WORD_AFTER = re.compile(r" ?-?([a-z]+)")


def _orders_of_magnitude(text: str) -> Iterator[tuple[Quantity, int]]:
    for match in _ORDER.finditer(text):
        yield _factor(text, match.start(), match.end(), _ORDERS[match.group(1).lower()]), 0


def parts_of_wholes(text: str) -> tuple[Derived, ...]:
    """ "34 of 50" and "34/50" as 68 %."""
    found: list[Derived] = []
    for match in _PART_OF_WHOLE.finditer(text):
        part, whole = (_count(match, name) for name in ("part", "whole"))
        if not 0 < part.value < whole.value:
            continue
        share = 100 * part.value / whole.value
        quantity = Quantity(value=share, unit="%", text=match.group(), start=match.start(), end=match.end())
        found.append(Derived(quantity, (part, whole), 0.0, 0, f"{_plain(share)} %"))
    return tuple(found[:MAX_DERIVED])


def _count(match: re.Match[str], name: str) -> Quantity:
    text = match[name].rstrip(",")
    start = match.start(name)
    return Quantity(value=float(text.replace(",", "")), text=text, start=start, end=start + len(text))


def _plain(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def changes(text: str, read: Sequence[Quantity]) -> tuple[Derived, ...]:
    """What "from 40 % to 60 %" makes: 20 percentage points, 50 %, 1.5-fold."""
    found: list[Derived] = []
    for first, second in _ends_of_changes(text, read):
        found += _derived_change(text, first, second)
    return tuple(found[:MAX_DERIVED])


def _ends_of_changes(text: str, read: Sequence[Quantity]) -> Iterator[tuple[Quantity, Quantity]]:
    for first in read:
        if first.high is not None and _FROM_BEFORE.search(text[max(0, first.start - 60) : first.start]):
            yield first.model_copy(update={"high": None}), first.model_copy(update={"value": first.high, "high": None})
    for first, second in pairwise(read):
        if first.high is not None or not 0 < second.start - first.end <= _MOST_BETWEEN:
            continue
        if second.unit in (first.unit, None) and _SET_AGAINST.search(text, first.end, second.start):
            yield second, first  # "112 instead of 40"
        is_to = _TO_BETWEEN.fullmatch(text, first.end, second.start)
        is_alike = first.unit in (second.unit, None)
        if is_to and is_alike and _FROM_BEFORE.search(text[max(0, first.start - 60) : first.start]):
            yield first, second


def _derived_change(text: str, first: Quantity, second: Quantity) -> Iterator[Derived]:
    kind, _, _ = scale_of(first.unit or second.unit)
    before, after = first.value, second.value
    if kind is Kind.YEAR or before == after:
        return
    start, end = min(first.start, second.start), max(first.end, second.end)
    errors = (rounding(first), rounding(second))
    turn = 1 if after > before else -1

    def derived(value: float, unit: str | None, error: float, words: str) -> Derived:
        quantity = Quantity(value=value, unit=unit, text=text[start:end], start=start, end=end)
        return Derived(quantity, (first, second), error, turn, words)

    distance = abs(after - before)
    unit = "percentage points" if kind is Kind.SHARE else first.unit or second.unit
    yield derived(distance, unit, sum(errors), f"{distance:.6g} {unit or ''}".strip())
    if before > 0 and after >= 0:
        share = 100 * distance / before
        error = 100 * (errors[1] + errors[0] * after / before) / before
        yield derived(share, "%", error, f"{_plain(share)} %")
    if min(before, after) > 0:
        ratio = max(before, after) / min(before, after)
        error = ratio * (errors[0] / before + errors[1] / after)
        yield derived(ratio, "fold", error, f"{ratio:.3g}-fold")

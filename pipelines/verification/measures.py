"""What a quantity measures, on which scale, how far its writer rounded it, and the words beside it.

Owns the form in which two quantities can be held against each other. Does not belong here: finding them
(`pipelines.extraction.quantities`), values that follow from others (`derivations`), which of a sentence's
quantities answers a claim's (`numbers`). Input: `Quantity`s and their text; output: `Amount`s.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from pipelines.models import Quantity
from pipelines.verification.lexicon import load_lexicon
from pipelines.verification.terms import STOP_WORDS, TOKEN, fold, stem

_PLACES = re.compile(r"\d[\d,]*(?:\.(\d+))?")
_SPELLED_SHARE = 0.7  # percentage points by which "a third" may differ from what is written in digits
_SPELLED_FACTOR = 0.05  # the same for "doubled", as a part of it
_CONVERTED = 0.05  # the most that a unit may hide: "1 day" rounds, but 20 hours are none
_CONTEXT = 40  # characters either side that say what a number is about
_NEAR = 4  # words either side of a number
_SCALED = 1_000_000  # from here on a whole number is taken to be rounded
_SEPARATORS = frozenset({"and", "but", "while", "whereas", "versus", "vs", "than", ",", ";", "."})
_PUNCTUATION = frozenset(",;:.!?()")
_BOUND_LIST = "least most approximately roughly nearly almost around circa minimum maximum total"
_BOUND_WORDS = frozenset(_BOUND_LIST.split())  # they belong to the number, and say nothing of what it counts


class Kind(StrEnum):
    """What two amounts must share to be values of one thing."""

    SHARE = "%"
    POINTS = "points"  # of a score, or of a percentage: a distance between two shares, never a share
    FACTOR = "fold"
    YEAR = "year"
    COUNT = "count"
    MEASURE = "measure"  # a physical unit
    NAMED = "named"  # a unit or a statistic that stands for itself: "p", "dB"
    PLAIN = "plain"  # no unit was written


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity on the scale of its kind. `high` is `low` unless a range is stated."""

    quantity: Quantity
    kind: Kind
    key: str  # within the kind: "duration", "persons", "p"
    low: float
    high: float
    rounding: float
    is_whole: bool  # written to the last unit: 12, not 12.0, 12 thousand
    is_spelled: bool  # in words, or as odds: "a third", "4 in 10"
    about: frozenset[str]  # stems of the words either side
    own: frozenset[str]  # those before the next number, "and" or comma
    beside: str  # stem of the word right behind, which may be a unit that is not known; "" for a function word
    per: str  # "minute" of "31 frames per minute"; "" where nothing is said
    turn: int  # of a change: 1 up, -1 down; 0 where no change is stated

    is_range: bool
    bound: str  # "<" or ">", with "=" where it may be reached; "" for a value

    @property
    def is_rough(self) -> bool:
        return self.quantity.comparison == "~"


def rounding(quantity: Quantity) -> float:
    """Half of the last place that is written: 0.05 for "68.4", 0.5 for "68", 50,000 for "1.2 million"."""
    match = _PLACES.search(quantity.text)
    if match is None:
        return 0.0
    written = float(match.group(0).replace(",", ""))
    scale = abs(quantity.value) / written if written else 1.0
    return 0.5 * 10.0 ** -len(match.group(1) or "") * scale


def _is_whole(quantity: Quantity) -> bool:
    match = _PLACES.search(quantity.text)
    if match is None:
        return True
    is_written_out = match.group(1) is None and float(match.group(0).replace(",", "")) == abs(quantity.value)
    return is_written_out and abs(quantity.value) < _SCALED


_OWN_KINDS = {
    "%": Kind.SHARE,
    "fold": Kind.FACTOR,
    "times": Kind.FACTOR,
    "year": Kind.YEAR,
    "percentage points": Kind.POINTS,
    "points": Kind.POINTS,
}


@lru_cache(maxsize=4096)
def scale_of(unit: str | None) -> tuple[Kind, str, float]:
    """(kind, key, how many of the kind's first unit one of these is)."""
    if unit is None:
        return Kind.PLAIN, "", 1.0
    folded = unit.casefold()
    if folded in _OWN_KINDS:
        return _OWN_KINDS[folded], "", 1.0
    lexicon = load_lexicon()
    if unit in lexicon.units:
        measures, size = lexicon.units[unit]
        return Kind.MEASURE, measures, size
    if folded == "n":
        return Kind.COUNT, "", 1.0
    if len(folded) > 3 and folded.isalpha() and folded.endswith(("s", "men", "mice", "people", "children")):
        return Kind.COUNT, lexicon.counted.get(folded, folded), 1.0
    return Kind.NAMED, folded, 1.0


def _tokens(text: str) -> list[str]:
    return [w.casefold() for w in TOKEN.findall(text if text.isascii() else fold(text))]


def _content(words: Sequence[str]) -> list[str]:
    return [stem(w) for w in words if w not in _EMPTY and not w[0].isdigit()]


_EMPTY = STOP_WORDS | _PUNCTUATION | _BOUND_WORDS


def content_stems_of(text: str) -> frozenset[str]:
    """Stems of the content words of a text, without its numbers."""
    return frozenset(_content(_tokens(text)))


def _near(words: Sequence[str]) -> list[str]:
    return [w for w in words if w not in _PUNCTUATION]


def _turn(before: Sequence[str], after: Sequence[str]) -> int:
    """Which way a change goes: "rose 20 %", "a 20 % reduction", "reduced by half"; 0 for "20 % of the lower"."""
    plain = _near(before)
    side = _side(after[0]) if after else 0
    if side or not plain:
        return side
    if plain[-1] != "by":
        return _side(plain[-1])
    return next((found for word in reversed(plain[-_NEAR - 2 : -1]) if (found := _side(word))), 0)


def _side(word: str) -> int:
    for axis, side in load_lexicon().axes.get(stem(word), ()):
        if axis == "amount":
            return -1 if side else 1
    return 0


def _span(words: Sequence[str]) -> list[str]:
    """The words up to the first that opens another part of the sentence."""
    for index, word in enumerate(words):
        if word in _SEPARATORS:
            return list(words[:index])
    return list(words)


def measured(quantity: Quantity, text: str, before_end: int = 0, after_start: int | None = None) -> Amount:
    """The amount that a quantity states. `before_end` and `after_start` are where its neighbours lie."""
    stop = len(text) if after_start is None else after_start
    before = _tokens(text[max(0, quantity.start - _CONTEXT) : quantity.start])
    after = _tokens(text[quantity.end : quantity.end + _CONTEXT])
    close = [
        *reversed(_span(_tokens(text[max(before_end, quantity.start - _CONTEXT) : quantity.start])[::-1])),
        *_span(_tokens(text[quantity.end : max(quantity.end, min(stop, quantity.end + _CONTEXT))])),
    ]
    kind, key, size = scale_of(quantity.unit)
    is_change = kind in (Kind.SHARE, Kind.FACTOR, Kind.PLAIN, Kind.POINTS)
    is_spelled = _PLACES.search(quantity.text) is None or " in " in quantity.text or " out of " in quantity.text
    low, high = quantity.value * size, (quantity.value if quantity.high is None else quantity.high) * size
    return Amount(
        quantity=quantity,
        kind=kind,
        key=key,
        low=min(low, high),
        high=max(low, high),
        rounding=rounding(quantity) * size,
        is_whole=_is_whole(quantity),
        is_spelled=is_spelled and kind in (Kind.SHARE, Kind.FACTOR),
        about=frozenset(_content([*_near(before)[-_NEAR:], *_near(after)[:_NEAR]])),
        own=frozenset(_content(close)),
        beside=next(iter(_content(after[:1])), ""),
        per=next((word for mark, word in pairwise(after[:_NEAR]) if mark == "per"), ""),
        turn=_turn(before, after) if is_change else 0,
        is_range=low != high,
        bound=quantity.comparison if quantity.comparison in _BOUNDS else "",
    )


class Agreement(StrEnum):
    SAME = "same"
    INSIDE = "inside"  # a value in a stated range, or the other way round
    BOUND_ONLY = "bound only"  # "above 200" is not said by "200"
    NONE = "none"


def are_of_one_slot(claimed: Amount, held: Amount) -> bool:
    """Whether the two are values of the same kind of thing, so that one may contradict the other."""
    if claimed.kind is held.kind:
        return claimed.key == held.key or (claimed.kind is Kind.COUNT and not (claimed.key and held.key))
    return bool(claimed.turn and held.turn) and claimed.kind in _CHANGES and held.kind in _CHANGES


_CHANGES = (Kind.SHARE, Kind.FACTOR)


def _as_factor(amount: Amount) -> tuple[float, float, float]:
    """(low, high, rounding) as what something is multiplied by: "a 50 % reduction" is 0.5."""
    if amount.kind is Kind.SHARE:
        ends = sorted((1 + amount.turn * amount.low / 100, 1 + amount.turn * amount.high / 100))
        spelled = _SPELLED_SHARE if amount.is_spelled else amount.rounding
        return ends[0], ends[1], 0.0 if amount.is_whole and not amount.is_spelled else spelled / 100
    slack = _SPELLED_FACTOR * amount.high if amount.is_spelled else 0.0 if amount.is_whole else amount.rounding
    if amount.turn >= 0 or not amount.low:
        return amount.low, amount.high, slack
    return 1 / amount.high, 1 / amount.low, slack / (amount.low * amount.low)


class _Pair(NamedTuple):
    """Both amounts on one scale: (low, high) of each, and how far they may lie apart."""

    claimed: tuple[float, float]
    held: tuple[float, float]
    slack: float


def _round_to(value: float) -> float:
    """The power of ten that a round number is rounded to: 1000 for 3000, 1 for 3007."""
    power = 1.0
    while abs(value) >= 10 * power and value % (10 * power) == 0:
        power *= 10
    return power


def _slack(claimed: Amount, held: Amount) -> float:
    """How far two values may lie apart: the coarser rounding decides where either states places."""
    if claimed.is_rough:
        return max(min(0.05 * abs(claimed.low), _round_to(claimed.low) / 2), claimed.rounding) * (1 + 1e-9)
    if claimed.is_spelled or held.is_spelled:
        return _SPELLED_SHARE if claimed.kind is Kind.SHARE else _SPELLED_FACTOR * abs(claimed.low)
    is_converted = claimed.quantity.unit != held.quantity.unit and claimed.kind is Kind.MEASURE
    if claimed.is_whole and held.is_whole and not is_converted:
        return 1e-9
    coarser = max(claimed.rounding, held.rounding) * (1 + 1e-6) + 1e-12
    return min(coarser, _CONVERTED * abs(held.low)) if is_converted else coarser


def _on_one_scale(claimed: Amount, held: Amount) -> _Pair | None:
    if are_of_one_slot(claimed, held):
        if claimed.kind is not held.kind:
            (a, b, first), (c, d, second) = _as_factor(claimed), _as_factor(held)
            return _Pair((a, b), (c, d), max(first, second) * (1 + 1e-6) + 1e-9)
        return _Pair((claimed.low, claimed.high), (held.low, held.high), _slack(claimed, held))
    if claimed.kind is not Kind.PLAIN and held.kind is not Kind.PLAIN:
        return None
    if claimed.kind is Kind.SHARE and 0 < held.low < 1:
        return _share_and_part(claimed, held)
    if held.kind is Kind.SHARE and 0 < claimed.low < 1:
        share, part, slack = _share_and_part(held, claimed)
        return _Pair(part, share, slack)
    return _Pair(_as_written(claimed.quantity), _as_written(held.quantity), _slack(claimed, held))


def _share_and_part(share: Amount, part: Amount) -> _Pair:
    """ "68 %" and "0.68"."""
    slack = max(share.rounding, 100 * part.rounding) * (1 + 1e-6)
    return _Pair((share.low, share.high), (100 * part.low, 100 * part.high), slack)


def _as_written(quantity: Quantity) -> tuple[float, float]:
    return quantity.value, quantity.value if quantity.high is None else quantity.high


def agreement(claimed: Amount, held: Amount) -> Agreement:
    """Whether the source's amount says what the claim's does."""
    pair = _on_one_scale(claimed, held)
    if pair is None:
        return Agreement.NONE
    if claimed.bound or held.bound:
        return _bounded(claimed, held, pair)
    (low, high), (held_low, held_high), slack = pair.claimed, pair.held, pair.slack
    if claimed.is_range == held.is_range:
        is_same = abs(low - held_low) <= slack and abs(high - held_high) <= slack
        return Agreement.SAME if is_same or _is_signed_alike(claimed, held, pair) else Agreement.NONE
    outer, inner = ((low, high), held_low) if claimed.is_range else ((held_low, held_high), low)
    return Agreement.INSIDE if outer[0] - slack <= inner <= outer[1] + slack else Agreement.NONE


def _is_signed_alike(claimed: Amount, held: Amount, pair: _Pair) -> bool:
    """ "-5 %" is said by "fell by 5 %"."""
    negative, other = (claimed, held) if claimed.low < 0 else (held, claimed)
    is_turned = negative.low < 0 < other.low and other.turn == -1 and negative.turn != -1
    return is_turned and abs(pair.claimed[0] + pair.held[0]) <= pair.slack


_BOUNDS = ("<", ">", "<=", ">=")
_LEVELS = (0.1, 0.05, 0.01, 0.005, 0.001, 0.0001)


def _is_usual_bound(claimed: Amount, held: Amount) -> bool:
    """Whether a looser bound was chosen because it is rounder: "over 2,000" for 2,340, "over half", "p < 0.05"."""
    if claimed.key == "p":
        return claimed.low in _LEVELS
    return _digits(claimed.low) < _digits(held.low) or (claimed.kind is Kind.SHARE and claimed.low == _HALF)


_HALF = 50.0


def _digits(value: float) -> int:
    """How many digits of a value are more than zeros at its ends."""
    return len(f"{abs(value):.12g}".replace(".", "").strip("0"))


def _bounded(claimed: Amount, held: Amount, pair: _Pair) -> Agreement:
    mine, theirs = claimed.bound, held.bound
    low, (held_low, held_high), slack = pair.claimed[0], pair.held, pair.slack
    if mine and theirs and mine[0] != theirs[0]:
        return Agreement.NONE
    if not mine:
        is_same = not claimed.is_range and abs(low - held_low) <= slack
        return Agreement.SAME if is_same else Agreement.NONE
    if theirs:
        if abs(low - held_low) <= slack:
            return Agreement.SAME
        implied = mine in ("<", ">") and theirs in ("<", ">") and (held_low > low if mine == ">" else held_low < low)
        if not implied:
            return Agreement.NONE
        return Agreement.SAME if _is_usual_bound(claimed, held) else Agreement.BOUND_ONLY
    if mine in ("<", ">") and not held.is_range and low == held_low:
        return Agreement.BOUND_ONLY
    reached = held_low >= low - slack if mine[0] == ">" else held_high <= low + slack
    return Agreement.SAME if reached else Agreement.NONE

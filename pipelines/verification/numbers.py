"""Numbers of a claim against the numbers of a sentence, each within the rounding it states itself.

Owns which quantity of a sentence answers one of a claim, and the words for it when they differ. Does not
belong here: finding quantities (`pipelines.extraction.quantities`), scales and rounding (`measures`),
values that follow from others (`derivations`), the verdict (`verdict`).
Input: the claim's quantities and a sentence; output: one `QuantityMatch` for each quantity.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property, lru_cache

from pipelines.extraction.quantities import quantities_of
from pipelines.models import Quantity
from pipelines.verification.derivations import Derived, changes, factor_words, parts_of_wholes
from pipelines.verification.measures import (
    Agreement,
    Amount,
    Kind,
    agreement,
    are_of_one_slot,
    content_stems_of,
    measured,
)
from pipelines.verification.terms import fold

MAX_QUANTITIES = 60
_KEPT = 8_192  # texts whose amounts are kept, so that a sentence met again is not measured again
_LEAD = 2  # shared words by which another number of the slot must be nearer to be the one that is meant


class QuantityOutcome(StrEnum):
    AGREES = "agrees"
    DIFFERS = "differs"  # the same slot holds another value
    ABSENT = "absent"  # the sentence holds no quantity for this slot
    CROSSED = "crossed"  # the value is there, but its sign, its unit or the words beside it differ


@dataclass(frozen=True)
class QuantityMatch:
    """What a sentence says about one quantity of a claim; `held` is the sentence's quantity.

    `note` says more than the two values do: what `held` follows from, or what sets two equal values apart.
    """

    claimed: Quantity
    outcome: QuantityOutcome
    held: Quantity | None
    note: str | None = None

    @property
    def words(self) -> str:
        if self.held is None:
            return f"the claim's {shown(self.claimed)} is not in the sentence"
        if self.outcome is QuantityOutcome.AGREES:
            return f"{shown(self.claimed)} in the claim, {self._held} in the source"
        return f"number differs: {shown(self.claimed)} in the claim, {self._held} in the source"

    @property
    def _held(self) -> str:
        if self.held is None:
            return "nothing"
        return shown(self.held) if self.note is None else f"{self.held.text.strip()} ({self.note})"


def shown(quantity: Quantity) -> str:
    """A quantity as it is written, with its unit if the text leaves it out."""
    text = quantity.text.strip()
    unit = quantity.unit
    if unit == "%" and "%" not in text and not text.casefold().endswith("cent"):
        return f"{text} ({quantity.value:.3g} %)"
    is_plain = unit is None or unit in ("year", "fold") or unit.casefold().rstrip("s") in text.casefold()
    return text if is_plain else f"{text} ({unit})"


class _Key:
    """A text with the quantities read in it, as a key: hashed by the text, equal by both."""

    __slots__ = ("hash", "quantities", "text")

    def __init__(self, text: str, quantities: Sequence[Quantity]) -> None:
        self.text = text
        self.quantities = quantities if isinstance(quantities, tuple) else tuple(quantities)
        self.hash = hash(text)

    def __hash__(self) -> int:
        return self.hash

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Key) or self.text != other.text:
            return False
        return self.quantities is other.quantities or self.quantities == other.quantities


@dataclass(frozen=True)
class _Follows:
    """A derived value as an amount."""

    amount: Amount
    derived: Derived


class _Measured:
    """All amounts of one text: those written first, those that follow from them only when asked for."""

    def __init__(self, text: str, quantities: Sequence[Quantity]) -> None:
        self.text = text
        self.quantities = tuple(quantities[:MAX_QUANTITIES])

    @cached_property
    def stated(self) -> tuple[Amount, ...]:
        """The quantities as amounts; words such as "doubled" behind them."""
        words = factor_words(self.text, self.quantities)
        every = sorted([*self.quantities, *(q for q, _ in words)], key=lambda q: q.start)
        ends = [0, *(q.end for q in every)]
        starts = [*(q.start for q in every[1:]), None]
        amounts = {
            id(q): measured(q, self.text, before, after) for q, before, after in zip(every, ends, starts, strict=False)
        }
        turned = (replace(amounts[id(q)], turn=way or amounts[id(q)].turn) for q, way in words)
        return (*(amounts[id(q)] for q in self.quantities), *turned)

    @cached_property
    def derived(self) -> tuple[_Follows, ...]:
        found = (*parts_of_wholes(self.text), *changes(self.text, self.quantities))
        return tuple(
            _Follows(replace(measured(d.quantity, self.text), turn=d.turn, rounding=0.0, is_whole=True), d)
            for d in found
        )

    @cached_property
    def change_ends(self) -> frozenset[int]:
        """Where the two ends of each "from x to y" begin."""
        changed = (one.derived.parts for one in self.derived if one.derived.turn)
        return frozenset(part.start for parts in changed for part in parts)

    @cached_property
    def turns(self) -> tuple[int, ...]:
        """Places of the amounts in the order in which they choose."""
        order = sorted(
            (bool(a.bound) or a.is_range, a.is_rough, a.quantity.start, i) for i, a in enumerate(self.stated)
        )
        return tuple(i for _, _, _, i in order)

    @cached_property
    def said_again(self) -> tuple[int, ...]:
        """Places of the second of "ten percent (10 %)": one quantity, written twice."""
        return tuple(i for i in range(1, len(self.quantities)) if self._repeats(self.stated[i - 1], self.stated[i]))

    def _repeats(self, first: Amount, second: Amount) -> bool:
        between = self.text[first.quantity.end : second.quantity.start]
        is_bracketed = between.strip() == "(" and self.text[second.quantity.end : second.quantity.end + 1] == ")"
        return is_bracketed and agreement(first, second) is Agreement.SAME

    @cached_property
    def stems(self) -> frozenset[str]:
        return content_stems_of(self.text)


@lru_cache(maxsize=_KEPT)
def _measured(key: _Key) -> _Measured:
    return _Measured(key.text, key.quantities)


class _Search:
    """One quantity of the claim against the amounts of the sentence that no other has taken."""

    __slots__ = ("claim", "claimed", "ranked", "slot", "source")

    def __init__(self, claimed: Amount, free: Sequence[Amount], claim: _Measured, source: _Measured) -> None:
        self.claimed, self.claim, self.source = claimed, claim, source
        about = claimed.about
        if claimed.turn and source.change_ends:
            # "By 40 %" is not said by "from 40 % to 60 %".
            free = [held for held in free if held.quantity.start not in source.change_ends]
        near = sorted((-len(about & held.about), held.quantity.start, i) for i, held in enumerate(free))
        self.ranked: list[tuple[Amount, Agreement]] = [(free[i], agreement(claimed, free[i])) for _, _, i in near]
        """The nearest first: those that share most words with the claim's quantity."""
        self.slot: list[Amount] = [h for h, a in self.ranked if a in _OTHER and are_of_one_slot(claimed, h)]
        """Other values of the same kind of thing, the nearest first."""

    def found(self) -> QuantityMatch:
        for rule in _RULES:
            match = rule(self)
            if match is not None:
                return match
        return self.match(QuantityOutcome.ABSENT)

    def shared(self, held: Amount) -> int:
        return len(self.claimed.about & held.about)

    def match(self, outcome: QuantityOutcome, held: Amount | None = None, note: str | None = None) -> QuantityMatch:
        return QuantityMatch(self.claimed.quantity, outcome, None if held is None else held.quantity, note)


_OTHER = (Agreement.NONE, Agreement.BOUND_ONLY)


def _by_value(search: _Search) -> QuantityMatch | None:
    """The value is there, and nothing says that it is another thing's."""
    equal = [held for held, found in search.ranked if found is Agreement.SAME]
    # "0.05" is nearer to "0.05" than to "p < 0.05".
    equal.sort(key=lambda held: (not are_of_one_slot(search.claimed, held), held.bound != search.claimed.bound))
    inside = [held for held, found in search.ranked if found is Agreement.INSIDE]
    if not equal:
        rivals = [h for h in search.slot if not h.is_range]
        if not inside or (rivals and search.shared(rivals[0]) >= search.shared(inside[0])):
            return None
    best = (equal or inside)[0]
    other = _stated_of_other(search.claimed.quantity, best.quantity)
    if other is not None:
        same_thing = [h for h in equal if _stated_of_other(search.claimed.quantity, h.quantity) is None]
        if not same_thing:
            return search.match(QuantityOutcome.CROSSED, best, other)
        best = same_thing[0]
    if search.claimed.per != best.per and search.claimed.per and best.per:
        return search.match(QuantityOutcome.CROSSED, best, f"per {best.per}, not per {search.claimed.per}")
    rival = next((h for h in search.slot if _is_meant(search, best, h)), None)
    if rival is not None:
        note = f"{best.quantity.text.strip()} is said of something else"
        return search.match(QuantityOutcome.CROSSED, rival, note)
    return search.match(QuantityOutcome.AGREES, best)


def _is_meant(search: _Search, best: Amount, rival: Amount) -> bool:
    """Whether another number of the slot stands with the claim's words, and the equal one with others."""
    if search.shared(rival) >= search.shared(best) + _LEAD:
        return True
    named = (rival.own & search.claimed.own) - best.own
    foreign = best.own - search.claim.stems
    return bool(named and foreign) and rival.own <= search.claim.stems


def _stated_of_other(claimed: Quantity, held: Quantity) -> str | None:
    """Words for two equal values that are stated of different metrics or data sets; None if they are not."""
    for name, mine, theirs in (
        ("metric", claimed.metric, held.metric),
        ("data set", claimed.data_set, held.data_set),
    ):
        if mine and theirs:
            own, other = content_stems_of(mine), content_stems_of(theirs)
            if own and other and not (own <= other or other <= own):
                return f"of the {name} “{theirs}”, not “{mine}”"
    return None


def _by_sign_or_unit(search: _Search) -> QuantityMatch | None:
    """The same figures with another sign, as a mere bound, or percent where the claim says points."""
    for held, found in search.ranked:
        if not are_of_one_slot(search.claimed, held):
            continue
        is_turned = found is Agreement.NONE and held.low == -search.claimed.low != 0
        if found is Agreement.BOUND_ONLY or is_turned:
            return search.match(QuantityOutcome.CROSSED, held)
    for held, found in search.ranked:
        note = _CONFUSED.get(frozenset({held.kind, search.claimed.kind}))
        is_same_figure = found is Agreement.NONE and held.quantity.value == search.claimed.quantity.value
        if note and is_same_figure and search.shared(held) and not _by_arithmetic(search):
            return search.match(QuantityOutcome.CROSSED, held, note)
    return None


_CONFUSED = {
    frozenset({Kind.SHARE, Kind.POINTS}): "percent and percentage points are not the same",
    frozenset({Kind.MEASURE}): "the same figure, but of another unit",
}


def _is_near(search: _Search, held: Amount) -> bool:
    """A number beside other words counts something else: it is no other value of the same thing."""
    about, shared = search.claimed.about, search.shared(held)
    if search.claimed.kind is not Kind.PLAIN or held.kind is not Kind.PLAIN:
        return bool(shared) or not about
    if search.claimed.beside != held.beside:
        return False  # "80 ppm", "4.4 katals": of units that are not known
    return shared >= _LEAD or bool(search.claimed.own & held.about) or bool(about and about == held.about)


def _by_arithmetic(search: _Search) -> QuantityMatch | None:
    """The value follows from what the sentence states: 20 points from "from 40 % to 60 %"."""
    about = search.claimed.about
    for one in search.source.derived:
        if about and not about & search.source.stems:
            continue
        if agreement(search.claimed, one.amount) is Agreement.SAME and search.claimed.kind is not Kind.PLAIN:
            return search.match(QuantityOutcome.AGREES, one.amount, one.derived.words)
    return None


def _by_other_result(search: _Search) -> QuantityMatch | None:
    """What the sentence states makes another value: "34 of 50" is not 72 %."""
    claimed = search.claimed
    for one in search.source.derived:
        is_other = abs(one.amount.low - claimed.low) > one.derived.error + claimed.rounding
        # A change answers a change; a share must stand with the claim's words.
        is_change = claimed.turn or claimed.kind is Kind.FACTOR
        answers = is_change if one.derived.turn else search.shared(one.amount) >= _LEAD
        if answers and is_other and are_of_one_slot(claimed, one.amount) and _is_near(search, one.amount):
            return search.match(QuantityOutcome.DIFFERS, one.amount, one.derived.words)
    return None


def _by_other_value(search: _Search) -> QuantityMatch | None:
    near = [held for held in search.slot if _is_near(search, held)]
    return search.match(QuantityOutcome.DIFFERS, near[0]) if near else None


_RULES: tuple[Callable[[_Search], QuantityMatch | None], ...] = (
    _by_value,
    _by_sign_or_unit,
    _by_arithmetic,
    _by_other_result,
    _by_other_value,
)


def _shares_of_claim(claim: _Measured, source: _Measured, matches: list[QuantityMatch]) -> list[QuantityMatch]:
    """ "34 of 50" in the claim is said by "68 %" in the sentence."""
    for one in claim.derived:
        starts = {part.start for part in one.derived.parts}
        of_parts = [i for i, m in enumerate(matches) if m.claimed.start in starts]
        if one.derived.turn or not of_parts or any(matches[i].outcome is QuantityOutcome.AGREES for i in of_parts):
            continue
        search = _Search(one.amount, source.stated, claim, source)
        held = next((h for h, found in search.ranked if found is Agreement.SAME and h.kind is Kind.SHARE), None)
        if held is not None and search.shared(held):
            for i in of_parts:
                note = f"{one.derived.quantity.text} is {one.derived.words}"
                matches[i] = QuantityMatch(matches[i].claimed, QuantityOutcome.AGREES, held.quantity, note)
    return matches


def _matched(claim: _Measured, source: _Measured) -> list[QuantityMatch]:
    """One match for each amount of the claim. Exact values choose first, so that no order changes anything."""
    free = list(source.stated)
    found: dict[int, QuantityMatch] = {}
    for place in claim.turns:
        match = _Search(claim.stated[place], free, claim, source).found()
        if match.outcome is QuantityOutcome.AGREES:
            # A range answers for both of its ends.
            free = [one for one in free if one.is_range or one.quantity is not match.held]
        found[place] = match
    for place in claim.said_again:
        found[place] = replace(found[place - 1], claimed=found[place].claimed)
    return [found[place] for place in range(len(found))]


def compare_quantities(
    claimed: Sequence[Quantity],
    sentence: str,
    *,
    claim_text: str = "",
    held: Sequence[Quantity] | None = None,
) -> tuple[QuantityMatch, ...]:
    """Hold each quantity of a claim against a sentence; a quantity of the sentence is used once.

    `claim_text` is the text that the claim's offsets point into (without it, the words around a
    number are not compared, and "doubled" is not seen). `held` spares reading the sentence's quantities again.
    """
    claim = _measured(_Key(claim_text, claimed))
    if not claim.stated:
        return ()
    folded = sentence if held is not None else fold(sentence)
    source = _measured(_Key(folded, quantities_of(folded) if held is None else held))
    matches = _matched(claim, source)
    return tuple(_shares_of_claim(claim, source, matches) if claim_text else matches)

"""Numbers of a claim against the numbers of a sentence, each within the rounding it states itself.

Owns when two quantities say the same, and the words for it when they do not. Does not belong here:
finding quantities (`pipelines.extraction.quantities`) and the verdict (`verdict`).
Input: the claim's quantities and a sentence; output: one `QuantityMatch` for each quantity.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipelines.extraction.quantities import quantities_of
from pipelines.models import Quantity
from pipelines.verification.terms import STOP_WORDS, fold, stem, words

MAX_QUANTITIES = 60
_PLACES = re.compile(r"\d[\d,]*(?:\.(\d+))?")
_SPELLED_SHARE = 0.5  # percentage points by which "a third" may differ from what is written in digits
_CONTEXT = 40  # characters either side that say what a number is about


class QuantityOutcome(StrEnum):
    AGREES = "agrees"
    DIFFERS = "differs"  # the same slot holds another value
    ABSENT = "absent"  # the sentence holds no quantity for this slot
    CROSSED = "crossed"  # the value is there, but its sign or the words beside it differ


@dataclass(frozen=True)
class QuantityMatch:
    """What a sentence says about one quantity of a claim; `held` is the sentence's quantity."""

    claimed: Quantity
    outcome: QuantityOutcome
    held: Quantity | None

    @property
    def words(self) -> str:
        if self.held is None:
            return f"the claim's {shown(self.claimed)} is not in the sentence"
        return f"number differs: {shown(self.claimed)} in the claim, {shown(self.held)} in the source"


def shown(quantity: Quantity) -> str:
    """A quantity as it is written, with its unit if the text leaves it out."""
    text = quantity.text.strip()
    unit = quantity.unit
    if unit == "%" and "%" not in text and not text.casefold().endswith("cent"):
        return f"{text} ({quantity.value:.3g} %)"
    return text if unit is None or unit.casefold() in text.casefold() or unit == "year" else f"{text} ({unit})"


def rounding(quantity: Quantity) -> float:
    """Half of the last place that is written: 0.05 for "68.4", 0.5 for "68", 50,000 for "1.2 million"."""
    match = _PLACES.search(quantity.text)
    if match is None:
        return 0.0
    written = float(match.group(0).replace(",", ""))
    scale = abs(quantity.value) / written if written else 1.0
    return 0.5 * 10.0 ** -len(match.group(1) or "") * scale


def _round_to(value: float) -> float:
    """The power of ten that a round number is rounded to: 1000 for 3000, 1 for 3007."""
    power = 1.0
    while abs(value) >= 10 * power and value % (10 * power) == 0:
        power *= 10
    return power


def _slack(claimed: Quantity, held: Quantity) -> float:
    """How far two values may lie apart: the coarser rounding decides where either states places."""
    are_counts = all("." not in q.text and abs(q.value) < 1_000_000 for q in (claimed, held))
    in_words = any(q.unit == "%" and _PLACES.search(q.text) is None for q in (claimed, held))
    if claimed.comparison == "~":
        return max(min(0.05 * abs(claimed.value), _round_to(claimed.value) / 2), rounding(claimed))
    if in_words:
        return _SPELLED_SHARE + 1e-9
    if are_counts:
        return 1e-9
    return max(rounding(claimed), rounding(held)) * (1 + 1e-6) + 1e-12


def _satisfies(claimed: Quantity, held: Quantity) -> bool:
    """Whether the held value lies in the range that the claim states ("more than 50 %" by 68 %)."""
    low = {">": held.value > claimed.value, ">=": held.value >= claimed.value}
    high = {"<": held.value < claimed.value, "<=": held.value <= claimed.value}
    allowed = {**low, **high}.get(claimed.comparison or "")
    return bool(allowed) and held.comparison in (None, "~")


def same_value(claimed: Quantity, held: Quantity) -> bool:
    """Whether the sentence's quantity says what the claim's does."""
    if _is_only_the_bound(claimed, held):
        return False
    opposite = {"<": ">", ">": "<"}
    first, second = ((q.comparison or " ")[0] for q in (claimed, held))
    if opposite.get(first) == second:
        return False
    if abs(claimed.value - held.value) <= _slack(claimed, held):
        return True
    shares = {claimed.unit, held.unit} == {"%", None}
    if shares:
        percent, share = (claimed, held) if claimed.unit == "%" else (held, claimed)
        return 0 < share.value < 1 and abs(percent.value - 100 * share.value) <= max(
            rounding(percent), 100 * rounding(share)
        ) * (1 + 1e-6)
    return _satisfies(claimed, held)


def _is_only_the_bound(claimed: Quantity, held: Quantity) -> bool:
    """ "Above 200" is not said by "200"."""
    return claimed.comparison in ("<", ">") and held.comparison is None and claimed.value == held.value


def _same_slot(claimed: Quantity, held: Quantity) -> bool:
    return (claimed.unit or "").casefold() == (held.unit or "").casefold()


def _compatible(claimed: Quantity, held: Quantity) -> bool:
    return _same_slot(claimed, held) or claimed.unit is None or held.unit is None


def _about(text: str, quantity: Quantity) -> frozenset[str]:
    before = words(text[max(0, quantity.start - _CONTEXT) : quantity.start])[-4:]
    after = words(text[quantity.end : quantity.end + _CONTEXT])[:4]
    return frozenset(stem(w) for w in [*before, *after] if w not in STOP_WORDS and not w[0].isdigit())


def _match(
    claimed: Quantity, about: frozenset[str], free: list[Quantity], contexts: dict[int, frozenset[str]]
) -> QuantityMatch:
    ranked = sorted(free, key=lambda q: (-len(about & contexts[q.start]), q.start))
    equal = [q for q in ranked if _compatible(claimed, q) and same_value(claimed, q)]
    slot = [q for q in ranked if _same_slot(claimed, q) and not same_value(claimed, q)]
    if equal:
        best = equal[0]
        shared = len(about & contexts[best.start])
        rival = slot[0] if slot else None
        if rival is not None and len(about & contexts[rival.start]) >= shared + 2:
            return QuantityMatch(claimed, QuantityOutcome.CROSSED, rival)
        return QuantityMatch(claimed, QuantityOutcome.AGREES, best)
    unsigned = [q for q in slot if q.value == -claimed.value or _is_only_the_bound(claimed, q)]
    if unsigned:
        return QuantityMatch(claimed, QuantityOutcome.CROSSED, unsigned[0])
    # A number beside other words counts something else: it is no other value of the same thing.
    in_slot = [q for q in slot if about & contexts[q.start] or (q.unit is not None and not about)]
    if in_slot:
        return QuantityMatch(claimed, QuantityOutcome.DIFFERS, in_slot[0])
    return QuantityMatch(claimed, QuantityOutcome.ABSENT, None)


def compare_quantities(
    claimed: Sequence[Quantity],
    sentence: str,
    *,
    claim_text: str = "",
    held: Sequence[Quantity] | None = None,
) -> tuple[QuantityMatch, ...]:
    """Hold each quantity of a claim against a sentence; a quantity of the sentence is used once.

    `claim_text` is the text that the claim's offsets point into (without it, the words around a
    number are not compared). `held` spares reading the sentence's quantities again.
    """
    folded = sentence if held is not None else fold(sentence)
    free = list((quantities_of(folded) if held is None else held)[:MAX_QUANTITIES])
    contexts = {q.start: _about(folded, q) for q in free}
    matches: list[QuantityMatch] = []
    for quantity in claimed[:MAX_QUANTITIES]:
        found = _match(quantity, _about(claim_text, quantity), free, contexts)
        if found.outcome is QuantityOutcome.AGREES:
            free = [q for q in free if q is not found.held]
        matches.append(found)
    return tuple(matches)

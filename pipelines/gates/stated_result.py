"""What a claim says a computation must give: the value as written, the relation its words make, its rounding.

Belongs here: holding the result that an artifact states against the claim, and a computed result against
both. Does not belong here: finding quantities (`pipelines.extraction.quantities`), running anything
(`reproduction`). The claim decides: an artifact may name the number that it is about and be stricter,
never wider.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from pipelines.extraction.units import NUMBER_WORDS
from pipelines.gates.artifact import InvalidArtifact, Relation, StatedResult
from pipelines.models import Claim, Model, Quantity

_CONTEXT = 40  # characters either side that `words` shows at most
_LISTED = 8  # numbers of the claim that a refusal lists
_NUMBER = re.compile(
    r"(?:(?P<digits>\d{1,3}(?:[,\s]\d{3})+(?!\d)(?:[.·]\d+)?|\d+(?:[.·]\d+)?|\.\d+)"
    r"(?P<power>[eE][-+]?\d+(?!\w)|\s?[×xX·]\s?10\s?(?:\^|\*\*)?[{(]?[-−]?\d+[)}]?)?"
    rf"|\b(?P<word>{'|'.join(NUMBER_WORDS)})(?=\b|[ -]?fold))",
    re.IGNORECASE,
)
_ODDS = re.compile(r"\s(?:in|out of)\s", re.IGNORECASE)
_GROUPING = re.compile(r"[,\s]")
_RELATIONS: dict[str | None, Relation] = {
    None: Relation.EQUALS,
    "~": Relation.EQUALS,
    "<": Relation.LESS_THAN,
    ">": Relation.MORE_THAN,
    "<=": Relation.AT_MOST,
    ">=": Relation.AT_LEAST,
}


class Expectation(Model):
    """What a result must be for the claim to hold. Exact decimals; `tolerance` is 0 but for `==`."""

    value: Decimal
    relation: Relation
    tolerance: Decimal
    words: str  # the number with the claim's words around it


@dataclass(frozen=True)
class _Place:
    """A number of the claim as its digits state it; `half` is half a unit of the last place written."""

    quantity: Quantity
    value: Decimal
    half: Decimal
    relation: Relation | None  # None: a range behind "at least", which says nothing definite of either end


def expectation_of(claim: Claim, stated: StatedResult) -> Expectation:
    """What `claim` expects of the number that `stated` names.

    Raises InvalidArtifact with a sentence when the claim does not write that number, says something else
    of it, or is more exact than the stated tolerance.
    """
    written = list(_places(claim))
    named = [place for place in written if float(place.value) == stated.value]
    if not named:
        raise InvalidArtifact(
            f"artifact.toml states the result {stated.value:.15g}, which the claim does not write in digits; "
            f"{_listed(written)}"
        )
    fitting = [place for place in named if place.relation is stated.relation]
    if not fitting:
        raise InvalidArtifact(_wrong_relation(named[0], stated))
    place = min(fitting, key=lambda one: one.half)  # a number written twice is meant as exactly as it is written
    return Expectation(
        value=place.value,
        relation=stated.relation,
        tolerance=_tolerance(place, stated),
        words=_around(claim.normalised, place.quantity),
    )


def holds(expectation: Expectation, result: float) -> bool:
    """Whether a computed result is what the claim says; exact, on the shortest digits of the float."""
    if not math.isfinite(result):
        return False
    found, value = Fraction(repr(result)), Fraction(expectation.value)
    match expectation.relation:
        case Relation.EQUALS:
            return abs(found - value) <= Fraction(expectation.tolerance)
        case Relation.AT_LEAST:
            return found >= value
        case Relation.AT_MOST:
            return found <= value
        case Relation.MORE_THAN:
            return found > value
        case Relation.LESS_THAN:
            return found < value


def _places(claim: Claim) -> Iterator[_Place]:
    for quantity in claim.quantities:
        if _ODDS.search(quantity.text) or _may_be_cut(claim, quantity):
            continue  # "4 in 10" writes no digits of its 40 %
        relation: Relation | None = _RELATIONS[quantity.comparison]
        values = [quantity.value]
        if quantity.high is not None:
            # Each end of "12 to 15" is a number of its own; a result between them is neither.
            values.append(quantity.high)
            relation = relation if relation is Relation.EQUALS else None
        for number, value in zip(_NUMBER.finditer(quantity.text), values, strict=False):
            exact = _exact(number, value)
            if exact is not None:
                yield _Place(quantity, *exact, relation)


def _may_be_cut(claim: Claim, quantity: Quantity) -> bool:
    """Whether the record cut the claim behind this number, and perhaps in it."""
    return claim.truncated and quantity.end >= len(claim.normalised.rstrip(" .…"))


def _exact(number: re.Match[str], value: float) -> tuple[Decimal, Decimal] | None:
    """(value, half a unit of the last place written), or None where the digits do not make the value.

    The power of ten between the digits and the value is that of "million" or "e-4".
    """
    word, figures = number["word"], number["digits"]
    digits = f"{NUMBER_WORDS[word.lower()]:.0f}" if word else _GROUPING.sub("", figures).replace("·", ".")
    written = float(digits)
    if not written or not value:
        if written or value or number["power"]:
            return None
        power = 0
    else:
        power = round(math.log10(abs(value)) - math.log10(written))
    exact = Decimal(f"{'-' if value < 0 else ''}{digits}e{power}")
    if not math.isclose(float(exact), value, rel_tol=1e-12):
        return None
    places = len(digits.partition(".")[2])
    return exact, Decimal(f"5e{power - places - 1}")


def _tolerance(place: _Place, stated: StatedResult) -> Decimal:
    widest = place.half if place.relation is Relation.EQUALS else Decimal(0)
    if stated.tolerance is None:
        return widest
    tolerance = Decimal(repr(stated.tolerance))
    if tolerance <= widest:
        return tolerance
    if place.relation is not Relation.EQUALS:
        raise InvalidArtifact(
            f"artifact.toml states a tolerance of {stated.tolerance:.15g}, but '{stated.relation.value}' has none: "
            "a result is on one side of the claim's number or it is not."
        )
    raise InvalidArtifact(
        f"artifact.toml states a tolerance of {stated.tolerance:.15g}, but the claim writes "
        f"'{place.quantity.text.strip()}', which allows at most {float(widest):.15g}: half a unit of its last place."
    )


def _wrong_relation(place: _Place, stated: StatedResult) -> str:
    written = place.quantity.text.strip()
    if place.relation is None:
        return (
            f"The claim sets a bound to the range '{written}', which says nothing definite of either end; "
            "no result can be held against it."
        )
    given = f" with '{place.quantity.comparison}'" if place.quantity.comparison else ""
    return (
        f"artifact.toml states the relation '{stated.relation.value}', but the claim writes '{written}'{given}, "
        f"which is '{place.relation.value}'."
    )


def _listed(places: list[_Place]) -> str:
    if not places:
        return "it writes no number."
    shown = [f"{float(place.value):.15g}" for place in places[:_LISTED]]
    return f"it writes {', '.join(shown)}{' and more' if len(places) > _LISTED else ''}."


def _around(text: str, quantity: Quantity) -> str:
    """The number with whole words either side."""
    start, end = max(0, quantity.start - _CONTEXT), min(len(text), quantity.end + _CONTEXT)
    if start:
        start = text.find(" ", start, quantity.start) + 1 or quantity.start
    if end < len(text):
        end = max(text.rfind(" ", quantity.end, end), quantity.end)
    return f"{'... ' if start else ''}{text[start:end]}{' ...' if end < len(text) else ''}"

"""As published, as checked: what a record states of itself beside what was found, row by row.

Belongs here: the rows, whether the two agree, and what the publisher's own rule makes of the figures it states. Does
not belong here: findings (`review.published`), how either is laid out. Input: a `PublicRecord`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pipelines.models import StatedFigure
from pipelines.publication.gate_contract import gate_in_force, published_status
from pipelines.publication.views import GateView, PublicRecord
from pipelines.review.reference_rule import recomputed_tiers, reference_level, tier_named


class Agreement(StrEnum):
    AGREES = "agrees"
    DIFFERS = "differs"
    NOT_STATED = "not stated"  # the record says nothing
    NOT_COMPARED = "not compared"  # one of the two is absent, or they are not about the same event


@dataclass(frozen=True)
class Comparison:
    """One thing that a record states of itself, beside what is held about it."""

    field: str  # a field of `StatedFacts`
    label: str
    stated: int | float | str | None
    checked: int | float | str | None
    agreement: Agreement
    basis: str  # what `checked` counts or means
    own_rule: str | None  # what the publisher's own rule makes of the figures it states; None: no rule of it is known
    places: tuple[StatedFigure, ...]  # every statement of it, with its words


UNREAD = "no text of a source could be had for any claim, so there is nothing to hold against what the record states"


@dataclass(frozen=True)
class _Row:
    field: str
    label: str
    held: Callable[[PublicRecord], int | float | str | None]
    basis: Callable[[PublicRecord], str]
    own_rule: Callable[[PublicRecord], str | None] = lambda _record: None
    comparable: bool = True  # False: shown beside each other, and nothing follows if they differ
    needs_sources: bool = False  # True: compared only where the text of a source could be read


def comparisons(record: PublicRecord) -> tuple[Comparison, ...]:
    """What the record states of itself beside what is held, row by row; absent is None."""
    return tuple(_comparison(record, row) for row in _ROWS)


def _comparison(record: PublicRecord, row: _Row) -> Comparison:
    stated, held = getattr(record.stated, row.field), row.held(record)
    places = tuple(figure for figure in record.stated.figures if figure.name == row.field)
    values = [stated, *(figure.value for figure in places)]
    unread = row.needs_sources and stated is not None and _nothing_was_read(record)
    agreement = _agreement(values, held if row.comparable and not unread else None)
    basis = row.basis(record) if not unread else UNREAD
    return Comparison(row.field, row.label, stated, held, agreement, basis, row.own_rule(record), places)


def _nothing_was_read(record: PublicRecord) -> bool:
    """Whether no claim could be held against anything: what follows from sources says nothing about the record then."""
    return record.counts.extracted == record.counts.not_checked > 0


def _agreement(values: list[int | float | str | None], held: int | float | str | None) -> Agreement:
    stated = [value for value in values if value is not None]
    if not stated:
        return Agreement.NOT_STATED
    if held is None:
        return Agreement.NOT_COMPARED
    # A record that states two different figures agrees with none of them.
    return Agreement.AGREES if all(_folded(v) == _folded(held) for v in stated) else Agreement.DIFFERS


def _folded(value: int | float | str) -> str:
    if isinstance(value, int | float):
        return f"{float(value):g}"
    return re.sub(r"[\W_]+", "_", value).strip("_").upper()


def stated_gate(record: PublicRecord) -> GateView | None:
    """Our latest evaluation of the gate that the record names; its newest activation, else None."""
    number = re.search(r"\d", record.stated.gate or "")
    if number is None:
        return None
    return gate_in_force(record.gates, f"gate-{number.group()}")


def _gate_status(record: PublicRecord) -> str | None:
    view = stated_gate(record)
    return published_status(view).value if view else None


def _gate_basis(record: PublicRecord) -> str:
    view = stated_gate(record)
    if view:
        return view.reason
    if record.stated.gate:
        return "no gate of that name was evaluated here"
    if record.stated.gate_status:
        return "as published it names no gate, so there is nothing to compare; what our own gates say stands by itself"
    return "no gate status is published"


def _gate_time(record: PublicRecord) -> str | None:
    view = stated_gate(record)
    return view.evaluated_at.isoformat() if view else None


def _time_basis(record: PublicRecord) -> str:
    return "our own evaluation of it" if stated_gate(record) else _gate_basis(record)


def _score_basis(record: PublicRecord) -> str:
    return record.review.reason


def _says(text: str) -> Callable[[PublicRecord], str]:
    return lambda _record: text


def _own_tier(record: PublicRecord) -> str | None:
    """In words, what the reference system's rule gives; only for a record that states a tier of that system."""
    if tier_named(record.stated.tier or "") is None:
        return None
    given = recomputed_tiers(record.stated, record.layout)
    if given is None:
        return "the publisher's own rule cannot be applied: the record states no score"
    tiers = " or ".join(sorted(one.words for one in given))
    return f"the publisher's own rule gives {tiers} for the figures that the record states"


def _own_level(record: PublicRecord) -> str | None:
    if record.stated.level is None:
        return None
    claims = record.stated.source_grounded_claims
    if claims is None:
        return "the publisher's own rule cannot be applied: the record states no count of source-grounded claims"
    return f"the publisher's own rule gives {int(reference_level(claims))}: it looks at whether claims were extracted"


_ROWS: tuple[_Row, ...] = (
    _Row("papers", "Papers", lambda r: len(r.references), _says("entries in the record's reference list")),
    _Row(
        "claims_extracted",
        "Claims extracted",
        lambda r: r.counts.extracted,
        _says("claims found in the record's text"),
    ),
    _Row(
        "claims_verified",
        "Claims verified",
        lambda r: r.counts.supported,
        _says("claims that a sentence in a source supports"),
        needs_sources=True,
    ),
    _Row(
        "source_grounded_claims",
        "Source-grounded claims",
        lambda r: r.counts.supported,
        _says("claims that a sentence in a source supports"),
        needs_sources=True,
    ),
    _Row("review_score", "Review score (0 to 10)", lambda r: r.review.score, _score_basis),
    _Row(
        "tier",
        "Quality tier",
        lambda r: r.tier.value if r.tier else None,
        lambda r: r.tier_basis,
        _own_tier,
        needs_sources=True,
    ),
    _Row(
        "level",
        "Verification level (0 to 7)",
        lambda r: int(r.level) if r.level is not None else None,
        lambda r: r.level_basis,
        _own_level,
        needs_sources=True,
    ),
    _Row("gate_status", "Gate status", _gate_status, _gate_basis),
    _Row("gate_evaluated_at", "Gate evaluated at", _gate_time, _time_basis, comparable=False),
    _Row("doi", "DOI of the record", lambda _r: None, _says("its registration was not looked up"), comparable=False),
)


def comparison_section(comparison: Comparison) -> dict[str, Any]:
    return {
        "field": comparison.field,
        "stated": comparison.stated,
        "checked": comparison.checked,
        "agreement": comparison.agreement.value,
        "basis": comparison.basis,
        "own_rule": comparison.own_rule,
    }

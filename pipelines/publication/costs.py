"""What the checking of a record took: shapes, sums and words.

Belongs here: what the page, the manifest and `claimgate show` say of costs. Does not belong here: measuring (assets),
rows (`warehouse.costs`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import TypeVar

from pydantic import Field

from pipelines.models import Model

_Number = TypeVar("_Number", int, float)

STAGES: Mapping[str, str] = MappingProxyType(
    {
        "claims": "Claims taken from the text",
        "reference_audits": "References audited",
        "verdicts": "Claims held against sources",
        "reviews": "Reviewed",
    }
)

MEASURED = (
    "Seconds are of the processor, while it worked on one record: reading and writing the warehouse, and searching the "
    "library, are done for many records together and not in them. Literature indexes are asked for many records at "
    "once, and an answer serves every record that cites the work: those questions are counted for the whole warehouse."
)


class Spent(Model):
    """What was spent on models. Tokens and money are over the calls of which they are known, None where of none."""

    calls: int = Field(default=0, ge=0)
    tokens_in: int | None = None
    tokens_out: int | None = None
    money: float | None = None
    calls_without_tokens: int = 0
    calls_without_money: int = 0


class CostLine(Model):
    """What one stage took when it worked on the record."""

    stage: str
    recorded_at: datetime
    processor_seconds: float | None  # None: not measured
    model: Spent = Spent()


class CostsView(Model):
    """Every time that a stage worked on the record, in order."""

    lines: tuple[CostLine, ...]


class CostTotal(Model):
    """A sum of lines; seconds over those of which they are known, None where of none."""

    times: int
    processor_seconds: float | None
    model: Spent


def total(lines: Iterable[CostLine]) -> CostTotal:
    held = tuple(lines)
    return CostTotal(
        times=len(held),
        processor_seconds=_sum(one.processor_seconds for one in held),
        model=Spent(
            calls=sum(one.model.calls for one in held),
            tokens_in=_sum(one.model.tokens_in for one in held),
            tokens_out=_sum(one.model.tokens_out for one in held),
            money=_sum(one.model.money for one in held),
            calls_without_tokens=sum(one.model.calls_without_tokens for one in held),
            calls_without_money=sum(one.model.calls_without_money for one in held),
        ),
    )


def _sum(values: Iterable[_Number | None]) -> _Number | None:
    known = [one for one in values if one is not None]
    return sum(known[1:], start=known[0]) if known else None


def in_words(spent: Spent) -> str:
    """What was spent on models, as a clause."""
    if not spent.calls:
        return "no model was asked"
    parts = [f"{spent.calls:,} call{'' if spent.calls == 1 else 's'} to a model"]
    if spent.tokens_in is not None or spent.tokens_out is not None:
        parts.append(f"{_known(spent.tokens_in)} tokens in, {_known(spent.tokens_out)} out")
    if spent.calls_without_tokens:
        parts.append(f"tokens of {spent.calls_without_tokens:,} not known")
    if spent.money is not None:
        parts.append(f"{spent.money:.4f} of money")
    if spent.calls_without_money:
        parts.append(f"the price of {spent.calls_without_money:,} not known")
    return "; ".join(parts)


def _known(tokens: int | None) -> str:
    return "an unknown number of" if tokens is None else f"{tokens:,}"

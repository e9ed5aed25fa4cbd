"""Rates over many scans: how often an item is answered yes, and how well scans of the same paper agree.

Input: scans, imported or made here. Output: a row an item, source of the answer, version and tag; a row an item of
disagreement. There is no score of a paper and no mean over items: a scan measures what is reported, not what is
true. Does not belong here: reading scans (warehouse/scans.py), showing rates (the command).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from pipelines.counts import wilson
from pipelines.models import Model
from pipelines.review.rigor.items import ITEM_OF
from pipelines.review.scans.papers import ANSWERED, JudgedScan, Origin, State, by_paper

ALL_TAGS = "all"
NO_TAG = "none stated"
MOST_SCANS_OF_A_PAPER = 20  # that are compared with each other, the latest

_Key = tuple[str, Origin, str, str]


class ItemRate(Model):
    """One item in the scans of one version, answered by one kind of source, of papers with one tag.

    `n` are the papers with an answer of yes or no. The rate is absent where rules met nothing in some papers, as
    that is no answer; between `at_least` and `at_most` it lies, were every open paper answered.
    """

    item: str
    category: str | None
    answered_by: Origin
    version: str
    tag: str
    yes: int
    no: int
    n: int
    not_applicable: int
    not_detected: int
    needs_judgement: int
    rate: float | None
    low: float | None
    high: float | None
    at_least: float | None
    at_most: float | None
    reason: str | None = None


class ItemAgreement(Model):
    """One item in pairs of scans of the same paper; `open` are pairs of which one scan has no answer."""

    item: str
    between: str
    pairs: int
    agree: int
    share: float | None
    about_applicability: int
    about_answer: int
    open: int


def rates(scans: Sequence[JudgedScan]) -> tuple[ItemRate, ...]:
    """In the order of the items; a paper counts once in each row, with the last of its scans."""
    counted: dict[_Key, Counter[State]] = defaultdict(Counter)
    for group in by_paper(scans):
        last = {key: state for scan in group for key, state in _rows(scan)}
        for key, state in last.items():
            counted[key][state] += 1
    order = {item: place for place, item in enumerate(ITEM_OF)}
    keys = sorted(counted, key=lambda key: (order.get(key[0], len(order)), *key[:3], key[3] != ALL_TAGS, key[3]))
    return tuple(_rate(key, counted[key]) for key in keys)


def _rows(scan: JudgedScan) -> Iterator[tuple[_Key, State]]:
    for item, (state, origin) in scan.states.items():
        for tag in (ALL_TAGS, *(scan.tags or (NO_TAG,))):
            yield (item, origin, scan.version, tag), state


def _rate(key: _Key, counts: Counter[State]) -> ItemRate:
    item, origin, version, tag = key
    yes, no = counts[State.YES], counts[State.NO]
    still_open = counts[State.NOT_DETECTED] + counts[State.NEEDS_JUDGEMENT]
    applicable = yes + no + still_open
    reason = _no_rate(yes + no, counts[State.NOT_DETECTED], applicable)
    low, high = (None, None) if reason else wilson(yes / (yes + no), yes + no)
    return ItemRate(
        item=item,
        category=ITEM_OF[item].category if item in ITEM_OF else None,
        answered_by=origin,
        version=version,
        tag=tag,
        yes=yes,
        no=no,
        n=yes + no,
        not_applicable=counts[State.NOT_APPLICABLE],
        not_detected=counts[State.NOT_DETECTED],
        needs_judgement=counts[State.NEEDS_JUDGEMENT],
        rate=None if reason else yes / (yes + no),
        low=low,
        high=high,
        at_least=yes / applicable if applicable else None,
        at_most=(yes + still_open) / applicable if applicable else None,
        reason=reason,
    )


def _no_rate(answered: int, not_detected: int, applicable: int) -> str | None:
    if not applicable:
        return "it applies to none of the papers"
    if not answered:
        return "no paper has an answer"
    if not_detected:
        return f"in {not_detected} of {applicable} papers nothing was detected, which is not a no"
    return None


def agreement(scans: Sequence[JudgedScan]) -> tuple[ItemAgreement, ...]:
    """Every two scans of the same paper, item by item; in the order of the items."""
    counted: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for group in by_paper(scans):
        for one, other in combinations(group[-MOST_SCANS_OF_A_PAPER:], 2):
            for item in one.states.keys() & other.states.keys():
                (mine, by), (theirs, by_other) = one.states[item], other.states[item]
                counted[item, " and ".join(sorted((by, by_other)))][_compared(mine, theirs)] += 1
    order = {item: place for place, item in enumerate(ITEM_OF)}
    keys = sorted(counted, key=lambda key: (order.get(key[0], len(order)), *key))
    return tuple(_agreement(*key, counted[key]) for key in keys)


def _compared(mine: State, theirs: State) -> str:
    if mine not in ANSWERED or theirs not in ANSWERED:
        return "open"
    if mine is theirs:
        return "agree"
    return "applicability" if State.NOT_APPLICABLE in (mine, theirs) else "answer"


def _agreement(item: str, between: str, counts: Counter[str]) -> ItemAgreement:
    pairs = counts["agree"] + counts["applicability"] + counts["answer"]
    return ItemAgreement(
        item=item,
        between=between,
        pairs=pairs,
        agree=counts["agree"],
        share=counts["agree"] / pairs if pairs else None,
        about_applicability=counts["applicability"],
        about_answer=counts["answer"],
        open=counts["open"],
    )

"""What checking again changed: how many claims, by day or week, and what became of their verdicts."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from markupsafe import Markup

from pipelines.counts import counted
from pipelines.models import ClaimVerdict
from pipelines.publication.site.system.drawing import area, hollow, line, svg, text
from pipelines.publication.site.system.view import Recheck
from pipelines.publication.site.words import VERDICTS

MOST_DAYS = 35  # a longer history is drawn by week
MOST_PERIODS = 53  # the latest; what was before is counted in words

_LEFT, _TOP, _WIDTH, _HEIGHT = 62.0, 24.0, 560.0, 130.0
_GAP, _BOTTOM, _RIGHT = 46.0, 46.0, 44.0
_NUMBERED = 19.0  # width that a bar needs for a number over it

Kinds = Mapping[tuple[ClaimVerdict, ClaimVerdict], int]


@dataclass(frozen=True)
class Period:
    """Claims checked again from `start` on, for `days` days; `changed` by (before, after)."""

    start: date
    days: int
    checked: int = 0
    changed: Kinds = field(default_factory=dict)

    @property
    def changes(self) -> int:
        return sum(self.changed.values())

    def became(self, verdict: ClaimVerdict) -> int:
        return sum(count for (_, after), count in self.changed.items() if after is verdict)


def periods(rechecks: Sequence[Recheck]) -> tuple[Period, ...]:
    """By day, or by week (from Monday) where the history is longer than `MOST_DAYS`; those without checks too."""
    if not rechecks:
        return ()
    first, last = min(one.day for one in rechecks), max(one.day for one in rechecks)
    days = 1 if (last - first).days < MOST_DAYS else 7
    held: dict[date, list[Recheck]] = {}
    for one in rechecks:
        held.setdefault(_begin(one.day, days), []).append(one)
    start = max(_begin(first, days), _begin(last, days) - timedelta(days=days * (MOST_PERIODS - 1)))
    count = (_begin(last, days) - start).days // days + 1
    starts = [start + timedelta(days=days * n) for n in range(count)]
    return tuple(_period(begin, days, held.get(begin, ())) for begin in starts)


def _begin(day: date, days: int) -> date:
    return day if days == 1 else day - timedelta(days=day.weekday())


def _period(start: date, days: int, held: Sequence[Recheck]) -> Period:
    return Period(start, days, sum(one.claims for one in held), kinds(held))


def kinds(rechecks: Sequence[Recheck]) -> Kinds:
    """(before, after) to how many claims, of verdicts that changed; the most frequent first."""
    held: Counter[tuple[ClaimVerdict, ClaimVerdict]] = Counter()
    for one in rechecks:
        if one.before is not one.after:
            held[one.before, one.after] += one.claims
    return dict(sorted(held.items(), key=lambda item: (-item[1], item[0])))


def by_cause(rechecks: Sequence[Recheck]) -> tuple[tuple[bool, int, int], ...]:
    """(by the same version of the verifier, claims checked again, verdicts changed), those that occur."""
    found = []
    for same in (True, False):
        held = [one for one in rechecks if one.same_verifier is same]
        if held:
            found.append((same, sum(one.claims for one in held), sum(kinds(held).values())))
    return tuple(found)


def rechecks_finding(rechecks: Sequence[Recheck]) -> str:
    if not rechecks:
        return "No verdict was reached a second time yet."
    checked, changed = sum(one.claims for one in rechecks), kinds(rechecks)
    whole = sum(changed.values())
    said = f"{counted(checked, 'verdict')} {_were(checked)} reached again, and {counted(whole, 'verdict')} changed"
    if not changed:
        return f"{said}."
    (before, after), count = next(iter(changed.items()))
    return (
        f"{said} ({100 * whole / checked:.1f} %); most often from {VERDICTS[before].word.lower()} to "
        f"{VERDICTS[after].word.lower()} ({count:,})."
    )


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


# --- the plot -----------------------------------------------------------------------------------


def rechecks_svg(shown: Sequence[Period], finding: str) -> Markup:
    """Above, how many claims were checked again; below, on a scale of its own, those whose verdict changed."""
    second = _TOP + _HEIGHT + _GAP
    most_checked = max((one.checked for one in shown), default=0)
    most_changed = max((one.changes for one in shown), default=0)
    parts = [
        text(_LEFT, _TOP - 10, "verdicts reached again"),
        *_scale(_TOP, most_checked),
        text(_LEFT, second - 10, "of these, verdicts that changed, by what they became"),
        *_scale(second, most_changed),
    ]
    step = _WIDTH / max(1, len(shown))
    width = min(40.0, step * 0.8)
    for place, one in enumerate(shown):
        x = _LEFT + step * place + (step - width) / 2
        parts += _checked(one, x, width, most_checked)
        parts += _changed(one, x, width, second, most_changed)
        if place % max(1, math.ceil(len(shown) / 7)) == 0:
            parts.append(text(x + width / 2, second + _HEIGHT + 18, one.start.isoformat(), "middle", "soft"))
    unit = "day (UTC)" if not shown or shown[0].days == 1 else "week that began on (Monday, UTC)"
    parts.append(text(_LEFT + _WIDTH / 2, second + _HEIGHT + 38, unit, "middle"))
    return svg(_LEFT + _WIDTH + _RIGHT, second + _HEIGHT + _BOTTOM, f"Checked again. {finding}", parts)


def _checked(one: Period, x: float, width: float, most: int) -> list[Markup]:
    if not one.checked:
        return []
    height = _HEIGHT * one.checked / _ceiling(most)
    top = _TOP + _HEIGHT - height
    return [hollow(x, top, width, height), *_number(one.checked, x, width, top, most)]


def _changed(one: Period, x: float, width: float, top: float, most: int) -> list[Markup]:
    parts, base = [], top + _HEIGHT
    for verdict, word in VERDICTS.items():
        count = one.became(verdict)
        if count:
            height = _HEIGHT * count / _ceiling(most)
            base -= height
            parts.append(area(x, base, width, height, word.style))
            if height >= 14 and width >= _NUMBERED:
                parts.append(text(x + width / 2, base + height / 2 + 4, word.sign, "middle", "on"))
    return parts + (_number(one.changes, x, width, base, most) if one.changes else [])


def _number(count: int, x: float, width: float, top: float, most: int) -> list[Markup]:
    """The count over its bar, where the largest of the plot would fit too."""
    fits = width >= 6.5 * len(f"{most:,}") + 2
    return [text(x + width / 2, top - 4, f"{count:,}", "middle", "soft")] if fits else []


def _scale(top: float, most: int) -> list[Markup]:
    parts = [line(_LEFT, top + _HEIGHT, _LEFT + _WIDTH, top + _HEIGHT)]
    for value in sorted({0, _ceiling(most) // 2, _ceiling(most)}):
        y = top + _HEIGHT * (1 - value / _ceiling(most))
        parts += [line(_LEFT, y, _LEFT + _WIDTH, y, "grid"), text(_LEFT - 8, y + 4, f"{value:,}", "end", "soft")]
    return parts


def _ceiling(most: int) -> int:
    """The even end of a scale that holds `most`: 2, 4, 6, 8, 10, 20, 40, 60, ..."""
    tens = 1
    while True:
        for end in (2 * tens, 4 * tens, 6 * tens, 8 * tens, 10 * tens):
            if end >= most * 1.05:
                return end
        tens *= 10

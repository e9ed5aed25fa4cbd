"""Claims by verdict per cohort: a bar a month, of which every part is a share of the claims with a verdict."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from pipelines.models import ClaimCounts, ClaimVerdict
from pipelines.publication.site.system.drawing import area, line, svg, text
from pipelines.publication.site.system.view import CohortLine
from pipelines.publication.site.words import VERDICTS

MONTHS = 24
FEW = 30  # claims; a share of fewer says little
UNDATED, EARLIER = "undated", "earlier"

_LEFT, _WIDTH, _RIGHT = 84.0, 420.0, 176.0
_ROW, _BAR, _THIN, _TOP, _BOTTOM = 26.0, 18.0, 9.0, 8.0, 26.0
_ROOM = 26.0  # width that a number needs inside its part


def cohort_lines(held: Sequence[CohortLine]) -> tuple[CohortLine, ...]:
    """The latest `MONTHS` months that are held, latest first; all before them as one line, undated records last."""
    months = sorted((one for one in held if one.cohort != UNDATED), key=lambda one: one.cohort, reverse=True)
    earlier = [_together(months[MONTHS:])] if months[MONTHS:] else []
    return (*months[:MONTHS], *earlier, *(one for one in held if one.cohort == UNDATED))


def _together(lines: Sequence[CohortLine]) -> CohortLine:
    sums = {
        name: sum(getattr(one, name) for one in lines)
        for name in CohortLine.model_fields
        if name not in ("cohort", "counts")
    }
    return CohortLine(cohort=EARLIER, counts=counts_of(lines), **sums)


def counts_of(lines: Sequence[CohortLine]) -> ClaimCounts:
    return ClaimCounts(**{name: sum(getattr(one.counts, name) for one in lines) for name in ClaimCounts.model_fields})


def count_of(counts: ClaimCounts, verdict: ClaimVerdict) -> int:
    return int(getattr(counts, verdict.value.lower()))


def cohorts_finding(lines: Sequence[CohortLine]) -> str:
    """What the plot shows, in one or two sentences."""
    judged = sum(one.judged for one in lines)
    if not judged:
        return "No claim has a verdict yet."
    supported = counts_of(lines).supported
    said = f"Of {judged:,} claims with a verdict, {supported:,} ({_percent(supported, judged)}) are supported."
    enough = [one for one in lines if one.judged >= FEW]
    if len(enough) < 2:
        return said
    share = sorted((one.counts.supported / one.judged, one.cohort) for one in enough)
    return (
        f"{said} Among cohorts of at least {FEW} claims the share goes from {100 * share[0][0]:.0f} % ({share[0][1]}) "
        f"to {100 * share[-1][0]:.0f} % ({share[-1][1]})."
    )


def cohorts_svg(lines: Sequence[CohortLine]) -> Markup:
    """One bar a line; a thin bar is of fewer than `FEW` claims."""
    height = _TOP + _ROW * len(lines) + _BOTTOM
    bottom = _TOP + _ROW * len(lines)
    parts = []
    for tick in range(0, 101, 25):
        x = _LEFT + _WIDTH * tick / 100
        parts += [line(x, _TOP, x, bottom + 4, "grid"), text(x, bottom + 18, f"{tick} %", "middle", "soft")]
    for place, one in enumerate(lines):
        parts += _row(one, _TOP + _ROW * place)
    said = f"Claims by verdict per cohort. {cohorts_finding(lines)}"
    return svg(_LEFT + _WIDTH + _RIGHT, height, said, parts)


def _row(one: CohortLine, top: float) -> list[Markup]:
    few = one.judged < FEW
    height = _THIN if few else _BAR
    y = top + (_ROW - height) / 2
    base = top + _ROW / 2 + 4
    held = f"{_many(one.judged, 'claim')}, {_many(one.records, 'record')}{', few' if few else ''}"
    parts = [text(_LEFT - 8, base, one.cohort, "end"), text(_LEFT + _WIDTH + 8, base, held, name="soft")]
    done = 0
    for verdict, word in VERDICTS.items():
        count = count_of(one.counts, verdict)
        if not count:
            continue
        x, width = _LEFT + _WIDTH * done / one.judged, _WIDTH * count / one.judged
        done += count
        parts.append(area(x, y, width, height, word.style))
        if width >= _ROOM + 6 * len(f"{count:,}") and not few:
            parts.append(text(x + width / 2, base, f"{word.sign} {count:,}", "middle", "on"))
    return parts


def _many(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %"

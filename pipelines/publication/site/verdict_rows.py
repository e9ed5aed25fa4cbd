"""What the page prints about one verdict beside its sentences: each source on its own and the axes.

Belongs here: choosing and ordering for the eye, and figures in words. Does not belong here: mark-up, judging.
Input: a `ClaimView` and the sources it may point at; output: frozen rows that the templates walk over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.models import AxisJudgement, AxisOutcome, ClaimVerdict, Probabilities, SourceVerdict
from pipelines.publication.site.words import WHY_OPEN
from pipelines.publication.views import ClaimView

SOURCES_SHOWN = 8  # the manifest holds all

# A reader looks for what decided first; what could not be judged comes last.
_ORDER = (
    ClaimVerdict.SUPPORTED,
    ClaimVerdict.REFUTED,
    ClaimVerdict.DISPUTED,
    ClaimVerdict.NOT_ENOUGH_INFO,
    ClaimVerdict.NOT_CHECKED,
)


def confidence_in_words(confidence: float) -> str:
    """A share of one as it is meant: of a hundred like this, so many are right."""
    number = round(100 * confidence)
    if number >= 100:
        return "of a hundred like this, nearly all are right"
    if number <= 0:
        return "of a hundred like this, hardly one is right"
    return f"of a hundred like this, about {number} {'is' if number == 1 else 'are'} right"


def whole_percents(shares: Probabilities) -> tuple[int, int, int]:
    """Supported, refuted, not enough information in whole per cent that add up to 100 (largest remainders)."""
    exact = [100 * share for share in (shares.supported, shares.refuted, shares.not_enough_info)]
    whole = [int(one) for one in exact]
    left = sorted(range(3), key=lambda place: (whole[place] - exact[place], place))
    for place in left[: max(0, round(sum(exact)) - sum(whole))]:
        whole[place] += 1
    return whole[0], whole[1], whole[2]


@dataclass(frozen=True)
class SourceRow:
    """What one source says on its own; without a title it is named by its id."""

    said: SourceVerdict
    title: str
    anchor: str | None


def source_rows(view: ClaimView, titles: Mapping[str, str], anchors: Mapping[str, str]) -> tuple[SourceRow, ...]:
    """What each source says on its own, what decides first, at most `SOURCES_SHOWN`."""
    ordered = sorted(
        view.per_source, key=lambda one: (_ORDER.index(one.verdict), -(one.confidence or 0.0), one.source_id)
    )
    return tuple(
        SourceRow(one, titles.get(one.source_id, one.source_id), anchors.get(one.source_id))
        for one in ordered[:SOURCES_SHOWN]
    )


def axis_rows(view: ClaimView) -> tuple[AxisJudgement, ...]:
    """The axes on which the claim says something."""
    return tuple(one for one in view.axes if one.outcome is not AxisOutcome.NOT_APPLICABLE)


def why_open(view: ClaimView) -> str | None:
    """What the reason on the page is a reason for; None for a claim that was decided, be it by a person."""
    return None if view.adjudication else WHY_OPEN.get(view.verdict)

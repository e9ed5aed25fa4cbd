"""What became of perturbed records: scores before and after, faults and their causes, and the table of them.

Belongs here: counting. Does not belong here: what is perturbed (`perturbations.py`), the base records and the run
(`review_perturbations.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from benchmarks.perturbations import PERTURBATIONS, Perturbation
from benchmarks.review_cases import Case
from pipelines.counts import wilson
from pipelines.models import Axis, AxisOutcome, ClaimVerdict, Dimension, Review, ReviewSummary, Verdict
from pipelines.review.material import ReviewMaterial
from pipelines.verification.contrast.rewriting import Edit, apply_edits

SEED = 20261121
RESAMPLED = 2_000


@dataclass(frozen=True)
class Scored:
    """A record's scores: the whole, each dimension, and each reviewer on each dimension; None is UNASSESSED."""

    whole: float | None
    dimensions: Mapping[Dimension, float | None]
    reviewers: Mapping[tuple[str, Dimension], float]
    reasons: Mapping[Dimension, str]

    @classmethod
    def of(cls, reviews: Sequence[Review], summary: ReviewSummary) -> Scored:
        return cls(
            summary.score,
            {one.dimension: one.score for one in summary.dimensions},
            {
                (review.reviewer, one.dimension): one.score
                for review in reviews
                for one in review.scores
                if one.score is not None
            },
            {one.dimension: one.reason for one in summary.dimensions},
        )


class Cause(StrEnum):
    """Where a fault comes from."""

    UNSEEN = "unseen"  # only words of claims changed, and no check saw it: reviewers could not know
    MISJUDGED = "misjudged"  # sources are held to speak for more claims of the worse record, or against fewer
    REVIEWERS = "reviewers"


@dataclass(frozen=True)
class Facts:
    """What reviewers look at, without order and without the words of the claims."""

    claims: Counter[tuple[bool, bool, bool, bool, bool, bool | None]]  # `_sides`, in conflict, hedged, ticked
    audits: Counter[tuple[object, ...]]
    findings: Counter[str]
    beside: str  # the text without its claims

    @classmethod
    def of(cls, held: ReviewMaterial) -> Facts:
        known = [(claim, held.verdicts[claim.claim_id]) for claim in held.checkable()]
        outside = [Edit(claim.start, claim.end, "") for claim in held.claims]
        return cls(
            Counter((*_sides(one), one.conflict, claim.hedged, claim.stated_verified) for claim, one in known),
            Counter((one.finding, *(notice.kind for notice in one.notices)) for one in held.audits),
            Counter(one.rule for one in held.findings),
            apply_edits(held.record.text, outside),
        )

    def to(self, after: Facts) -> Cause:
        if self == after:
            return Cause.UNSEEN
        held_back = after.counted(1) < self.counted(1) or after.counted(2) < self.counted(2)
        gained = held_back or after.counted(0) > self.counted(0)
        return Cause.MISJUDGED if gained else Cause.REVIEWERS

    def counted(self, place: int) -> int:
        return sum(count for claim, count in self.claims.items() if claim[place])


def _sides(verdict: Verdict) -> tuple[bool, bool, bool]:
    """Whether sources speak for the claim, against it, against its number."""
    differs = any(one.axis is Axis.NUMBERS and one.outcome is AxisOutcome.DIFFERS for one in verdict.axes)
    against = verdict.verdict in (ClaimVerdict.REFUTED, ClaimVerdict.DISPUTED)
    return verdict.verdict is ClaimVerdict.SUPPORTED, against, differs


@dataclass(frozen=True)
class Outcome:
    """A perturbed record beside the record it was made from."""

    perturbation: Perturbation
    case: Case
    before: Scored
    after: Scored
    cause: Cause  # of a fault, should there be one

    @property
    def drop(self) -> float | None:
        """Points by which the dimension that must fall fell; None where it is unassessed before or after."""
        if self.perturbation.lowers is None:
            return None
        before, after = (held.dimensions[self.perturbation.lowers] for held in (self.before, self.after))
        return None if before is None or after is None else before - after

    @property
    def can_fall(self) -> bool:
        """Whether the dimension has anything to lose."""
        lowers = self.perturbation.lowers
        return lowers is not None and bool(self.before.dimensions[lowers])

    @property
    def is_lowered(self) -> bool:
        return (self.drop or 0.0) > 0

    @property
    def change(self) -> float | None:
        if self.before.whole is None or self.after.whole is None:
            return None
        return self.after.whole - self.before.whole

    @property
    def risen(self) -> tuple[Dimension, ...]:
        """Dimensions with a higher score than before; one that was UNASSESSED before has nothing to rise from."""
        held = (
            (dimension, self.before.dimensions[dimension], after) for dimension, after in self.after.dimensions.items()
        )
        return tuple(one for one, before, after in held if before is not None and after is not None and after > before)

    @property
    def faults(self) -> tuple[str, ...]:
        """Why this outcome speaks against the reviewers; nothing where all is as it should be."""
        found = []
        if self.can_fall and not self.is_lowered:
            found.append("not lowered" if self.drop is not None else "unassessed after")
        if self.change is not None and self.change > 0:
            found.append("score rose")
        if self.before.whole is None and self.after.whole is not None:
            found.append("score appeared")
        return (*found, *(f"{dimension.value} rose" for dimension in self.risen))


# --- the table --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """What became of one perturbation. Shares and drops are over records whose dimension could fall."""

    perturbation: Perturbation
    made: int
    measured: int
    lowered: int
    unseen: int  # of those not lowered
    drops: tuple[float, ...]
    changes: tuple[float, ...]
    with_rise: int  # records of which some dimension rose
    scores_risen: int

    @property
    def share(self) -> float | None:
        return self.lowered / self.measured if self.measured else None


def row_of(perturbation: Perturbation, outcomes: Iterable[Outcome]) -> Row:
    own = [one for one in outcomes if one.perturbation.name == perturbation.name]
    measured = [one for one in own if one.can_fall]
    changes = tuple(one.change for one in own if one.change is not None)
    return Row(
        perturbation,
        made=len(own),
        measured=len(measured),
        lowered=sum(one.is_lowered for one in measured),
        unseen=sum(one.cause is Cause.UNSEEN for one in measured if not one.is_lowered),
        drops=tuple(one.drop for one in measured if one.drop is not None),
        changes=changes,
        with_rise=sum(bool(one.risen) for one in own),
        scores_risen=sum({"score rose", "score appeared"} & set(one.faults) != set() for one in own),
    )


def _interval(values: Sequence[float], measure: Callable[..., object]) -> str:
    """The measure with its 95 % bootstrap interval."""
    held = np.array(values)
    drawn = np.random.default_rng(SEED).integers(0, len(held), (RESAMPLED, len(held)))
    low, high = np.percentile(np.asarray(measure(held[drawn], axis=1)), [2.5, 97.5])
    return f"{measure(held):.2f} [{low:.2f}, {high:.2f}]"


def _line(row: Row, cases: int) -> str:
    cells = [row.perturbation.name, row.perturbation.lowers or "(none)", str(row.made), str(cases - row.made)]
    if not row.measured:
        cells += [""] * 5
    else:
        bounds = wilson(row.lowered / row.measured, row.measured)
        share = f"{100 * row.lowered / row.measured:.1f} % [{100 * bounds[0]:.1f}, {100 * bounds[1]:.1f}]"
        cells += [str(row.measured), share, str(row.unseen)]
        cells += [_interval(row.drops, np.median), _interval(row.drops, np.mean)] if row.drops else ["", ""]
    if row.changes:
        cells += [_interval(row.changes, np.mean), f"{max(row.changes):+.2f}"]
    else:
        cells += ["", ""]
    return "| " + " | ".join([*cells, str(row.scores_risen), str(row.with_rise)]) + " |"


HEAD = (
    "| perturbation | dimension that must fall | records | not applicable | could fall | lowered | unseen "
    "| median drop | mean drop | mean change of the score | largest | scores that rose "
    "| records with a dimension that rose |"
)


def table_of(outcomes: Sequence[Outcome], cases: int, perturbations: Sequence[Perturbation] = PERTURBATIONS) -> str:
    rows = [_line(row_of(one, outcomes), cases) for one in perturbations]
    return "\n".join([HEAD, "|---" * HEAD.count(" |") + "|", *rows])


# --- faults, for those who write reviewers ------------------------------------------------------------


def faults_of(outcomes: Iterable[Outcome]) -> str:
    """Every fault of the open half: before, after, and the reviewers' reasons for each dimension concerned."""
    lines = []
    for one in outcomes:
        if not one.faults or not one.case.is_open:
            continue
        lines.append(f"## {one.perturbation.name}: {one.case.name} ({one.case.family}): {', '.join(one.faults)}")
        lines.append(f"score {one.before.whole} -> {one.after.whole}; cause: {one.cause.value}")
        concerned = {*one.risen, *([one.perturbation.lowers] if one.perturbation.lowers else [])}
        for dimension in sorted(concerned):
            lines.append(
                f"- {dimension.value}: {one.before.dimensions[dimension]} -> {one.after.dimensions[dimension]}"
            )
            lines.append(f"  - before: {one.before.reasons[dimension]}")
            lines.append(f"  - after: {one.after.reasons[dimension]}")
    return "\n".join(lines) + "\n"

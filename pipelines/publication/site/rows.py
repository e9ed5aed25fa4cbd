"""What the record page prints, arranged: claims with their evidence by side, reviewers by dimension.

Belongs here: choosing, grouping and ordering for the eye. Does not belong here: mark-up, words,
judging. Input: a `PublicRecord`; output: frozen rows that the templates walk over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pipelines.models import (
    AxisJudgement,
    ClaimCounts,
    ClaimVerdict,
    Correction,
    Dimension,
    DimensionScore,
    NoticeKind,
    Reference,
    Review,
    Stance,
)
from pipelines.publication.site.excerpts import Excerpt, excerpt, is_open
from pipelines.publication.site.text import reference_link
from pipelines.publication.site.verdict_rows import SourceRow, axis_rows, source_rows, why_open
from pipelines.publication.site.words import VERDICTS, Word
from pipelines.publication.source_views import ALARMING, DECIDED_BY
from pipelines.publication.views import ClaimView, EvidenceView, PublicRecord, ReferenceView, SourceView
from pipelines.review.reviewers.dimensions import ASKS

QUOTED_PER_SIDE = 5  # evidence sentences shown for, and against, a claim; the manifest holds all

_COUNT_OF: Mapping[ClaimVerdict, str] = {
    ClaimVerdict.SUPPORTED: "supported",
    ClaimVerdict.REFUTED: "refuted",
    ClaimVerdict.DISPUTED: "disputed",
    ClaimVerdict.NOT_ENOUGH_INFO: "not_enough_info",
    ClaimVerdict.NOT_CHECKED: "not_checked",
}


# --- verdict bar --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Segment:
    """A part of the verdict bar; `left` and `width` in thousandths of its length."""

    word: Word
    count: int
    left: float
    width: float


def verdict_bar(counts: ClaimCounts) -> tuple[Segment, ...]:
    """A segment for each verdict, those with no claim included (width 0)."""
    numbers = [(word, int(getattr(counts, _COUNT_OF[verdict]))) for verdict, word in VERDICTS.items()]
    total = sum(count for _, count in numbers)
    segments: list[Segment] = []
    left = 0.0
    for word, count in numbers:
        width = 1000 * count / total if total else 0.0
        segments.append(Segment(word, count, round(left, 2), round(width, 2)))
        left += width
    return tuple(segments)


_LEADS = (
    (ClaimVerdict.SUPPORTED, ("Held with most confidence:", "Also:")),
    (ClaimVerdict.REFUTED, ("A source says otherwise about:",)),
    (ClaimVerdict.DISPUTED, ("Sources disagree about:",)),
)


def standing_claims(record: PublicRecord) -> tuple[tuple[str, ClaimView], ...]:
    """What of the record's answer stands and what does not, as a paragraph quotes it: lead and claim.

    Of each verdict the claims held with most confidence, a person's word before a machine's; of those that say nearly
    the same, one.
    """
    said: list[tuple[str, ClaimView]] = []
    for verdict, leads in _LEADS:
        views = [view for view in record.claims if view.verdict is verdict and not view.claim.duplicate_of]
        views.sort(key=lambda view: (view.adjudication is None, -(view.confidence or 0.0), view.claim.ordinal))
        said.extend(zip(leads, views, strict=False))
    return tuple(said)


# --- claims -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Quotation:
    evidence: EvidenceView
    excerpt: Excerpt
    source: SourceView | None
    source_anchor: str | None


@dataclass(frozen=True)
class ClaimRow:
    view: ClaimView
    supporting: tuple[Quotation, ...]
    refuting: tuple[Quotation, ...]
    nearest: tuple[Quotation, ...]
    left_out: int  # evidence that only the manifest holds
    why_open: str | None  # what the reason is a reason for, if the claim is open
    axes: tuple[AxisJudgement, ...]
    per_source: tuple[SourceRow, ...]
    same_as: int | None  # ordinal of the claim that this one repeats
    alarms: tuple[NoticeKind, ...]  # on every source that the verdict rests on; empty if one source is sound


def claim_rows(record: PublicRecord) -> tuple[ClaimRow, ...]:
    sources = {source.source_id: source for source in (*record.found_sources, *record.sources)}
    titles = {source_id: source.title for source_id, source in sources.items()}
    anchors = source_anchors(record)
    ordinals = {view.claim.claim_id: view.claim.ordinal for view in record.claims}
    rows = []
    for view in record.claims:
        sides = {stance: _side(view, stance, sources, anchors) for stance in Stance}
        rows.append(
            ClaimRow(
                view=view,
                supporting=sides[Stance.SUPPORTS],
                refuting=sides[Stance.REFUTES],
                nearest=sides[Stance.NEUTRAL],
                left_out=len(view.evidence) - sum(len(side) for side in sides.values()),
                why_open=why_open(view),
                axes=axis_rows(view),
                per_source=source_rows(view, titles, anchors),
                same_as=ordinals.get(view.claim.duplicate_of or ""),
                alarms=_alarms(view, sources),
            )
        )
    return tuple(rows)


def _alarms(view: ClaimView, sources: Mapping[str, SourceView]) -> tuple[NoticeKind, ...]:
    """What is wrong with the sources of a decided claim, if something is wrong with each of them."""
    side = DECIDED_BY.get(view.verdict)
    resting_on = {item.evidence.source_id for item in view.evidence if item.evidence.stance is side}
    per_source = [
        {notice.kind for notice in sources[key].notices} & set(ALARMING) if key in sources else set()
        for key in resting_on
    ]
    if not per_source or not all(per_source):
        return ()
    return tuple(kind for kind in ALARMING if any(kind in kinds for kinds in per_source))


def _side(
    view: ClaimView, stance: Stance, sources: Mapping[str, SourceView], anchors: Mapping[str, str]
) -> tuple[Quotation, ...]:
    on_side = [item for item in view.evidence if item.evidence.stance is stance]
    best = sorted(on_side, key=lambda item: -item.evidence.score)[:QUOTED_PER_SIDE]
    return tuple(_quotation(item, sources, anchors) for item in best)


def _quotation(item: EvidenceView, sources: Mapping[str, SourceView], anchors: Mapping[str, str]) -> Quotation:
    source = sources.get(item.evidence.source_id)
    shortened = excerpt(item, open_licence=is_open(source.licence if source else None))
    return Quotation(item, shortened, source, anchors.get(item.evidence.source_id))


def source_anchor(number: int) -> str:
    return f"source-{number}"


def found_anchor(number: int) -> str:
    return f"found-{number}"


def source_anchors(record: PublicRecord) -> dict[str, str]:
    """Source id to where it stands on the page; a source of the record that was also found stands among its own."""
    found = {source.source_id: found_anchor(n) for n, source in enumerate(record.found_sources, 1)}
    return found | {source.source_id: source_anchor(n) for n, source in enumerate(record.sources, 1)}


# --- references and sources ---------------------------------------------------------------------


@dataclass(frozen=True)
class ReferenceRow:
    view: ReferenceView
    identifier: str | None
    link: str | None
    source_anchor: str | None


def reference_rows(record: PublicRecord) -> tuple[ReferenceRow, ...]:
    anchors = source_anchors(record)
    return tuple(
        ReferenceRow(
            view=view,
            identifier=_identifier(view.reference),
            link=reference_link(view.reference),
            source_anchor=anchors.get((view.audit.source_id or "") if view.audit else ""),
        )
        for view in record.references
    )


def _identifier(reference: Reference) -> str | None:
    if reference.doi:
        return f"doi:{reference.doi}"
    if reference.arxiv_id:
        version = f"v{reference.arxiv_version}" if reference.arxiv_version is not None else ""
        return f"arXiv:{reference.arxiv_id}{version}"
    if reference.pmid:
        return f"PMID {reference.pmid}"
    return reference.url


def alarming_titles(record: PublicRecord) -> tuple[str, ...]:
    """What the record draws on that was retracted or withdrawn, by title, each once."""
    titles = [
        view.reference.title or view.reference.raw
        for view in record.references
        if view.audit and any(notice.kind in ALARMING for notice in view.audit.notices)
    ]
    cited = {view.audit.source_id for view in record.references if view.audit}
    titles += [
        source.title
        for source in record.sources
        if source.source_id not in cited and any(notice.kind in ALARMING for notice in source.notices)
    ]
    return tuple(dict.fromkeys(titles))


# --- reviews ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class GivenScore:
    """What one reviewer said on a dimension; without a score it says why."""

    reviewer: str
    score: float | None
    low: float | None
    high: float | None
    reason: str


@dataclass(frozen=True)
class DimensionRow:
    dimension: Dimension
    number: int  # of D-1 to D-8
    asks: str
    together: DimensionScore | None
    given: tuple[GivenScore, ...]  # by those reviewers that were asked about it


def dimension_rows(record: PublicRecord) -> tuple[DimensionRow, ...]:
    """A row for each dimension that anybody was asked about."""
    asked = {score.dimension for score in record.review.dimensions}
    asked |= {score.dimension for review in record.reviews for score in review.scores}
    return tuple(_dimension_row(record, dimension) for dimension in Dimension if dimension in asked)


def _dimension_row(record: PublicRecord, dimension: Dimension) -> DimensionRow:
    return DimensionRow(
        dimension=dimension,
        number=1 + list(Dimension).index(dimension),
        asks=ASKS[dimension],
        together=_score_in(record.review.dimensions, dimension),
        given=tuple(
            GivenScore(_named(review), score.score, score.low, score.high, score.reason)
            for review in record.reviews
            if (score := _score_in(review.scores, dimension)) is not None
        ),
    )


def _named(review: Review) -> str:
    return f"{review.reviewer} ({review.model})" if review.model else review.reviewer


def _score_in(scores: tuple[DimensionScore, ...], dimension: Dimension) -> DimensionScore | None:
    return next((score for score in scores if score.dimension is dimension), None)


def failed_reviews(record: PublicRecord) -> tuple[Review, ...]:
    return tuple(review for review in record.reviews if review.failed is not None)


def silent_reviews(record: PublicRecord) -> tuple[Review, ...]:
    """Those that ran and found nothing to score."""
    return tuple(
        review
        for review in record.reviews
        if review.failed is None and all(score.score is None for score in review.scores)
    )


# --- corrections --------------------------------------------------------------------------------


@dataclass(frozen=True)
class ChangedField:
    name: str  # as the log has it
    claim: int | None  # ordinal, when it is about a claim that the record still has
    what: str  # the field's name, without the claim's id if `claim` is given


def changed_fields(record: PublicRecord, correction: Correction) -> tuple[ChangedField, ...]:
    """The fields that a correction changed, in order of their names."""
    ordinals = {view.claim.claim_id: view.claim.ordinal for view in record.claims}
    return tuple(_changed_field(name, ordinals) for name in sorted(correction.before.keys() | correction.after.keys()))


def _changed_field(name: str, ordinals: Mapping[str, int]) -> ChangedField:
    about, _, rest = name.partition(".")
    claim_id, _, what = rest.rpartition(".")
    if about == "claim" and claim_id in ordinals:
        return ChangedField(name, ordinals[claim_id], what)
    return ChangedField(name, None, name)


# --- the record as a whole ----------------------------------------------------------------------


def last_checked(record: PublicRecord) -> datetime | None:
    """When the newest verdict or gate evaluation was made; None if there is none."""
    times = [view.verified_at for view in record.claims if view.verified_at is not None]
    times += [view.evaluated_at for view in record.gates]
    return max(times, default=None)

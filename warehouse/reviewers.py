"""The reviewers of the fourth stage, made from settings, and under which fingerprint their reviews are kept.

Models are reviewers only where one is configured. Belongs here: opening them, and what their absence means for a
review in force. Does not belong here: judging (pipelines/review), rows (review).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from pipelines.models import Review
from pipelines.review.material import Reviewer
from pipelines.review.reviewers.team import REVIEWERS
from warehouse.append import content_id
from warehouse.backends import Surroundings, opened_asking


@contextmanager
def opened_reviewers(around: Surroundings) -> Iterator[tuple[Reviewer, ...]]:
    """The reviewers by rule, and those that ask a model where one is configured.

    With the network off these know what was answered before, and are absent and named where that is not enough.
    Raises BackendUnusable for a budget that cannot be kept.
    """
    with opened_asking(around) as asking:
        if asking is None:
            yield REVIEWERS
            return
        # What asks models takes long to import, and most runs ask none.
        from pipelines.review.by_model.reviewers import model_reviewers

        yield (*REVIEWERS, *model_reviewers(asking))


def review_fingerprint(facts: str, reviewers: Sequence[Reviewer]) -> str:
    """The same facts before the same reviewers have the same fingerprint. `facts` is that of what they look at.

    Behind a dot stands who asks a model and can reach it, so that the absence of one is no reason to review again.
    """
    asked = content_id("review", facts, *(_who(one) for one in reviewers if one.model is None))
    models = [_who(one) for one in reviewers if one.model is not None and not _is_away(one)]
    return f"{asked}.{content_id(asked, *models)}" if models else asked


def is_reviewed(held: str | None, wanted: str) -> bool:
    """Whether a review under the fingerprint `held` answers all that `wanted` asks, whoever else was asked then."""
    return held is not None and wanted in (held, held.partition(".")[0])


def kept_fingerprint(wanted: str, reviews: Sequence[Review]) -> str:
    """The one to keep these reviews under: where a model was not heard, it is asked again as soon as it can be."""
    failed = [one.failed for one in reviews if one.model is not None and one.failed is not None]
    return wanted.partition(".")[0] if any(map(_was_not_heard, failed)) else wanted


def _was_not_heard(reason: str) -> bool:
    from pipelines.review.by_model.hearing import WAS_NOT_HEARD

    return WAS_NOT_HEARD in reason


def _is_away(reviewer: Reviewer) -> bool:
    from pipelines.review.by_model.reviewers import is_away

    return is_away(reviewer)


def _who(reviewer: Reviewer) -> str:
    return f"{reviewer.name} {reviewer.version} {reviewer.model or ''}"

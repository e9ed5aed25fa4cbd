"""Screening: which of the works found are read, by a relevance score with a stated cut; the others, and why.

Input: the works of a search and the terms of its question. Output: a decision for each work and stage. Study
types and years are not judged. Does not belong here: fetching of texts, counting (prisma.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.ingestion.search.coverage import Idf, TextTerms, WeighedTerms, pool_idf, weighed_terms
from pipelines.ingestion.search.decisions import Decision, Outcome, Reason, Stage
from pipelines.ingestion.search.queries import SearchTerms
from pipelines.models import NoticeKind, Work


@dataclass(frozen=True)
class ScreeningRules:
    """`cut`: the least relevance, 0 to 1, with which a work is read. `most`: how many are read."""

    cut: float = 0.55
    most: int = 100


RULES = ScreeningRules()

_COVERAGE_SHARE = 0.7
_PHRASE_SHARE = 0.15
_NEARNESS_SHARE = 0.15

# Why a work is left out whatever it is about; the first that its notices hold is given.
_EXCLUDING_NOTICES = ((NoticeKind.RETRACTED, Reason.RETRACTED), (NoticeKind.WITHDRAWN, Reason.WITHDRAWN))


def relevance(work: Work, weighed: WeighedTerms) -> float:
    """How much of the question title and text speak of, 0 to 1; see `ScreeningRules.cut`."""
    text = TextTerms.of(f"{work.title}\n{work.text or ''}")
    coverage, phrases, nearness = weighed.coverage(text), weighed.phrase_share(text), weighed.nearness(text)
    if phrases is None:
        return round((_COVERAGE_SHARE * coverage + _NEARNESS_SHARE * nearness) / (1 - _PHRASE_SHARE), 4)
    return round(_COVERAGE_SHARE * coverage + _PHRASE_SHARE * phrases + _NEARNESS_SHARE * nearness, 4)


def screened(
    works: Sequence[Work], terms: SearchTerms, idf: Idf | None = None, rules: ScreeningRules = RULES
) -> tuple[Decision, ...]:
    """A decision for each work, in the order given. `idf`: rarity of a stem; None counts in the works themselves.

    Of works that score alike the one that came first is kept.
    """
    weighed = weighed_terms(terms, idf or pool_idf(f"{work.title}\n{work.text or ''}" for work in works))
    scores = [relevance(work, weighed) for work in works]
    reasons = [_excluded(work, score, rules) for work, score in zip(works, scores, strict=True)]
    fit = [place for place, reason in enumerate(reasons) if reason is None]
    for place in sorted(fit, key=lambda at: (-scores[at], at))[rules.most :]:
        reasons[place] = Reason.BEYOND_LIMIT
    return tuple(
        _decided(work, Stage.SCREENING, reason, score)
        for work, score, reason in zip(works, scores, reasons, strict=True)
    )


def retrieved(works: Sequence[Work], scores: Sequence[float | None] = ()) -> tuple[Decision, ...]:
    """For each work whose text was sought, whether there is one. `scores` as screening gave them."""
    held = [*scores, *[None] * (len(works) - len(scores))]
    return tuple(
        Decision(work, Stage.RETRIEVAL, Outcome.KEPT, score=score)
        if (work.text or "").strip()
        else Decision(work, Stage.RETRIEVAL, Outcome.NOT_RETRIEVED, Reason.NO_TEXT, score)
        for work, score in zip(works, held, strict=True)
    )


def assessed(
    works: Sequence[Work], terms: SearchTerms, idf: Idf, rules: ScreeningRules = RULES
) -> tuple[Decision, ...]:
    """The works whose text is at hand, judged again by it: what was kept for its title may be off the question."""
    weighed = weighed_terms(terms, idf)
    scores = [relevance(work, weighed) for work in works]
    return tuple(
        _decided(work, Stage.ASSESSMENT, _excluded(work, score, rules), score)
        for work, score in zip(works, scores, strict=True)
    )


def _excluded(work: Work, score: float, rules: ScreeningRules) -> Reason | None:
    if _is_notice(work):
        return Reason.NOTICE
    kinds = {notice.kind for notice in work.notices}
    for kind, reason in _EXCLUDING_NOTICES:
        if kind in kinds:
            return reason
    return Reason.OFF_QUESTION if score < rules.cut else None


def _is_notice(work: Work) -> bool:
    """An announcement about another work; a paper that follows a preprint or an edition is a study like any."""
    names = {work.source_id, *work.aliases}
    return any(one.target not in names and one.notice.kind is not NoticeKind.SUPERSEDED for one in work.updates)


def _decided(work: Work, stage: Stage, reason: Reason | None, score: float) -> Decision:
    return Decision(work, stage, Outcome.EXCLUDED if reason else Outcome.KEPT, reason, score)


def kept(decisions: Sequence[Decision]) -> tuple[Work, ...]:
    """The works that go on, the most relevant first; without scores in the order given."""
    fit = [decision for decision in decisions if decision.outcome is Outcome.KEPT]
    return tuple(decision.work for decision in sorted(fit, key=lambda one: -(one.score or 0.0)))

"""Three reviewers that ask a language model: the challenger, the confirmer, the integrator.

Each is asked alone and sees nobody's verdict or score: an integrator that assigned the consensus of the others would
agree with them by construction, and its agreement would say nothing. Input: `ReviewMaterial`; output: a `Judgement`
a dimension, each resting on lines that the model quoted. Does not belong here: what is shown (model_prompt), reading
answers (model_answer), calls and their cost (verification.llm_asking).

How a score keeps to the record although every text may be hostile and the model may obey one:
- Claims and sentences are strings of a JSON document; what speaks to a model is cut off (model_texts), so that the
  request for a record with such an order is that for the record without it.
- A score counts only with a verbatim quote of a line that was shown.
- The record is shown again in the other order. Scores that differ by more than `MOST_APART` are unsteady.
- A score above `MOST_FOR_NOTHING` has two more locks: claims beside sentences that say nothing must not be well
  evidenced (else the score comes from the claims or the model), and no dimension of a claim that has nothing to do
  with the record's lines may score above it (else the lines steer the model).
- A score below `LEAST_FOR_SOUND` has one more: a claim that its own evidence says word for word must stay well
  evidenced among the record's lines (else they steer the model down).
Where one of these does not come out as it must, the reviewer is absent and says so.

What remains: an order that no rule recognises and that speaks of this very record's claims alone, or moves a score by
less than these bounds; and what the model believes of itself, within them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from statistics import fmean

from pipelines.models import Dimension
from pipelines.review.by_model.answer import GivenScore, GivenScores, read_scores
from pipelines.review.by_model.hearing import NotHeard, heard, in_short, named
from pipelines.review.by_model.prompt import MODEL_REVIEW_VERSION, ROLES, Line, RecordView, task_of, view_of_record
from pipelines.review.material import (
    RECORD_UNIT,
    Judgement,
    Part,
    Reviewer,
    ReviewFailed,
    ReviewMaterial,
    unassessed,
)
from pipelines.verification.llm_answer import Void
from pipelines.verification.llm_asking import ModelAsking

MOST_APART = 2  # points between the two orders
MOST_FOR_NOTHING = 3
LEAST_FOR_SOUND = 6
MOST_QUOTE = 160  # characters of a line in a reason

_BY_EVIDENCE = (Dimension.EVIDENCE_STRENGTH, Dimension.CITATION_GROUNDING)


def model_reviewers(asking: ModelAsking) -> tuple[Reviewer, ...]:
    """The three, out of one budget."""
    return tuple(ModelReviewer(role, asking.for_task(task_of(role))) for role in ROLES)


def is_away(reviewer: Reviewer) -> bool:
    """Whether it knows only what its model answered before."""
    return isinstance(reviewer, ModelReviewer) and reviewer.asking.is_offline


@dataclass(frozen=True)
class _Believed:
    """A score that both orders gave, with the lines that it rests on in the first."""

    scores: tuple[int, int]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class ModelReviewer:
    """`asking` must be for the task of the role `name`."""

    name: str
    asking: ModelAsking
    version = MODEL_REVIEW_VERSION

    @property
    def model(self) -> str:
        return self.asking.model

    def judge(self, material: ReviewMaterial) -> tuple[Judgement, ...]:
        """All eight dimensions. Raises ReviewFailed where the model is not heard or not to be believed."""
        if not material.checked():
            return _nothing("no claim was checked against a source, so that there is no evidence to weigh")
        view = view_of_record(material)
        if not view.claims:
            return _nothing("the record has no claim that can be put before a model")
        if view.withheld > len(view.claims) + view.left_out:
            raise ReviewFailed(f"{view.withheld} claims cannot be put before a model: too little of the record is left")
        first = self._asked(view)
        if _rests_on_nothing(first):
            raise ReviewFailed(f"no score of the model {named(self.asking)} rests on a quote: {_a_fault(first)}")
        second = self._asked(view.in_other_order())
        believed = {dimension: self._steady(dimension, first[dimension], second[dimension]) for dimension in Dimension}
        self._doubt(view, [score for one in believed.values() if isinstance(one, _Believed) for score in one.scores])
        return tuple(self._judgement(dimension, believed[dimension], view) for dimension in Dimension)

    def _asked(self, view: RecordView) -> GivenScores:
        try:
            answer = heard(self.asking, view, partial(read_scores, view=view))
        except NotHeard as problem:
            raise ReviewFailed(str(problem)) from problem
        if isinstance(answer, Void):
            raise ReviewFailed(f"the model {named(self.asking)} gave no answer that can be used: {answer.reason}")
        return answer

    def _steady(self, dimension: Dimension, one: GivenScore, other: GivenScore) -> _Believed | str:
        """The score of both orders, or why there is none. Raises ReviewFailed where they are far apart."""
        if one.score is not None and other.score is not None and abs(one.score - other.score) > MOST_APART:
            raise ReviewFailed(
                f"unsteady: {one.score} and {other.score} on {dimension.value} for the same record in two orders,"
                f" from the model {named(self.asking)}"
            )
        if one.score is None and other.score is None:
            return "finds nothing in the claims and their evidence to judge this by"
        if one.score is None or other.score is None:
            return f"scores this {_first(one.score, other.score)} in one order of the claims and not in the other"
        if fault := one.fault or other.fault:
            return f"rests its score on nothing: {fault}"
        return _Believed((one.score, other.score), one.lines)

    def _doubt(self, view: RecordView, scores: list[int]) -> None:
        """Raises ReviewFailed where the scores are not to be believed."""
        if any(score > MOST_FOR_NOTHING for score in scores):
            for doubted, dimensions, why in (
                (view.without_evidence(), _BY_EVIDENCE, "claims whose evidence says nothing"),
                (view.beside_nothing(), tuple(Dimension), "a claim that the record's lines say nothing of"),
            ):
                self._must(doubted, dimensions, lambda score: score is None or score <= MOST_FOR_NOTHING, why)
        if any(score < LEAST_FOR_SOUND for score in scores):
            why = "a claim that its evidence says word for word, among the record's lines"
            sound = view.beside_what_is_sound()
            self._must(sound, _BY_EVIDENCE[:1], lambda score: score is not None and score >= LEAST_FOR_SOUND, why)

    def _must(
        self, view: RecordView, dimensions: tuple[Dimension, ...], holds: Callable[[int | None], bool], why: str
    ) -> None:
        given = self._asked(view)
        for dimension in dimensions:
            score = given[dimension].score  # with a quote or without: it is what the model wanted to say
            if not holds(score):
                said = "no score" if score is None else str(score)
                raise ReviewFailed(
                    f"not to be believed: the model {named(self.asking)} gives {said} on {dimension.value} to {why}"
                )

    def _judgement(self, dimension: Dimension, believed: _Believed | str, view: RecordView) -> Judgement:
        if isinstance(believed, str):
            return unassessed(dimension, f"the model {named(self.asking)} {believed}")
        score = fmean(believed.scores)
        one, other = believed.scores
        said = f"{one}" if one == other else f"{one} and {other} in two orders of the claims"
        places = "; ".join(f"{line.place} (“{in_short(line.text, MOST_QUOTE)}”)" for line in believed.lines)
        reason = f"the model {named(self.asking)} says {said}, resting on {places}{''.join(_not_shown(view))}"
        return Judgement(dimension, reason, (Part(1.0, {RECORD_UNIT: score / 10}),))


def _nothing(why: str) -> tuple[Judgement, ...]:
    return tuple(unassessed(dimension, why) for dimension in Dimension)


def _first(one: int | None, other: int | None) -> int | None:
    return other if one is None else one


def _rests_on_nothing(given: Mapping[Dimension, GivenScore]) -> bool:
    """Whether there are scores, and none of them has a quote that stands."""
    scored = [one for one in given.values() if one.score is not None]
    return bool(scored) and all(one.fault for one in scored)


def _a_fault(given: Mapping[Dimension, GivenScore]) -> str:
    return next(one.fault for one in given.values() if one.fault)


def _not_shown(view: RecordView) -> Iterator[str]:
    for number, why in ((view.withheld, "that cannot be put before a model"), (view.left_out, "beyond what fits")):
        if number:
            yield f"; {number} {'claim' if number == 1 else 'claims'} {why} not shown"

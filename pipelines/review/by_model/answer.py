"""From a model's answer to scores, each with the lines that it rests on; or why it counts for nothing.

Pure. Of an answer nothing is kept but scores and numbers of lines; a quote is only compared. Input: a `Completion`,
and the `RecordView` that the model was shown. Output: a score a dimension, or `Void` with the reason. Does not belong
here: asking, and whether a score is to be believed (model_reviewers).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import Field

from pipelines.models import Dimension
from pipelines.review.by_model.prompt import Line, RecordView
from pipelines.verification.llm_answer import (
    MAX_QUOTE,
    ClosedAnswer,
    Completion,
    Void,
    answer_of,
    fault_of_quote,
)

MOST_LINES = 6  # of one score; 3 are asked for


class _Quoted(ClosedAnswer):
    number: int = Field(ge=1, le=1_000_000)
    quote: str = Field(max_length=MAX_QUOTE)


class _Score(ClosedAnswer):
    dimension: Dimension
    score: int | None = Field(ge=0, le=10)
    rests_on: tuple[_Quoted, ...] = Field(max_length=MOST_LINES)


class _Answer(ClosedAnswer):
    scores: tuple[_Score, ...] = Field(max_length=len(Dimension))


@dataclass(frozen=True)
class GivenScore:
    """`score` as given, None for null; `fault` says why it rests on nothing; `lines` are what it rests on."""

    score: int | None
    lines: tuple[Line, ...] = ()
    fault: str | None = None

    @property
    def standing(self) -> int | None:
        return self.score if self.fault is None else None


GivenScores = Mapping[Dimension, GivenScore]


def read_scores(completion: Completion, view: RecordView) -> GivenScores | Void:
    answer = answer_of(completion, _Answer)
    if isinstance(answer, Void):
        return answer
    named = [one.dimension for one in answer.scores]
    if sorted(named) != sorted(Dimension):
        return Void("it does not name each of the eight dimensions once")
    shown = view.numbered()
    return {one.dimension: _given(one, shown) for one in answer.scores}


def _given(one: _Score, shown: Mapping[int, Line]) -> GivenScore:
    if one.score is None:
        return GivenScore(None)
    texts = {number: line.text for number, line in shown.items()}
    for quoted in one.rests_on:
        if (fault := fault_of_quote(quoted.number, quoted.quote, texts)) is not None:
            return GivenScore(one.score, fault=fault)
    if not one.rests_on:
        return GivenScore(one.score, fault="it quotes nothing for it")
    numbers = dict.fromkeys(quoted.number for quoted in one.rests_on)
    return GivenScore(one.score, tuple(shown[number] for number in numbers))

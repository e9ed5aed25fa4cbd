"""The back end `llm`: a language model behind any OpenAI-compatible address judges one source at a time.

A verdict is kept only if the model's quotes stand in the sentences that it names, and if it holds up against three
further questions. Input: claim and `SourceText`; output: `SourceJudgement`. Does not belong here: what is shown
(llm_prompt), reading answers (llm_answer), calls and their cost (llm_asking).

How it keeps to its sources although every text may be hostile:
- Claim and sentences are strings of a JSON document; those that speak to a model are not shown (llm_instructions).
- Of an answer only a verdict and sentence numbers are used, and a number counts only with a verbatim quote.
- SUPPORTED and REFUTED are asked again (`Doubts`): of the quoted sentences alone, so that no title and no other
  sentence can have brought the verdict about; of the claim against sentences that say nothing, so that neither the
  claim itself nor what the model believes can; of the quoted sentences for a claim they say nothing of, so that an
  order in them cannot. If one of these does not come out as it must, the source is NOT_CHECKED.
What remains: an order, not recognised, that speaks of this very claim and stands in a sentence that the model quotes,
or one in the claim that speaks of these very sentences (both stand on the page, where the reader sees them); and an
order to find nothing, which can hide evidence but make none.

`confidence` and `probabilities` are None: what a model says of its own certainty is not calibrated, and no labelled
cases of this model at this address are at hand to calibrate it with. It is not even asked for. A quote's `score` is
the share of the claim's words that its sentence holds; it orders the quotes and says nothing of certainty.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipelines.ingestion.network import ModelSettings
from pipelines.models import ClaimVerdict, Stance
from pipelines.verification.backend import Quote, Regime, SourceJudgement, SourceText
from pipelines.verification.llm_answer import Completion, Read, Void, read_answer
from pipelines.verification.llm_asking import Door, ModelAsking, NotAnswered
from pipelines.verification.llm_budget import Budget
from pipelines.verification.llm_calls import CallCache
from pipelines.verification.llm_prompt import PROMPT_VERSION, NothingToShow, View, claim_to_show, view_of
from pipelines.verification.terms import content_stems

DECIDED = frozenset({ClaimVerdict.SUPPORTED, ClaimVerdict.REFUTED})

# About nothing that a source is asked for, and so the right answer to both is known beforehand.
BLANK_SENTENCES = ("This page was left blank on purpose.", "Tables follow at the end of the volume.")
BLANK_CLAIM = "The ferry to the northern island leaves its harbour on every second Tuesday."


@dataclass(frozen=True)
class _NoAnswer:
    reason: str


@dataclass(frozen=True)
class LlmBackend:
    """One model. With `doubts`, a decided verdict costs three short calls more, one of them once a claim.

    `version` names prompt and model. The way that a source was found (`regime`) is not shown and changes nothing.
    """

    asking: ModelAsking
    doubts: bool = True

    @property
    def name(self) -> str:
        return "llm"

    @property
    def version(self) -> str:
        return f"llm-{PROMPT_VERSION}{'' if self.doubts else '-undoubted'}:{self.asking.model}"

    def judge(self, claim: str, sources: Sequence[SourceText], regime: Regime) -> tuple[SourceJudgement, ...]:
        """One judgement for each source, in the order given.

        They are asked about in an order of their own, so that a budget that ends meanwhile ends at the same source.
        """
        shown = claim_to_show(claim)
        if isinstance(shown, NothingToShow):
            return tuple(_not_checked(source, shown.reason) for source in sources)
        ordered = sorted(range(len(sources)), key=lambda place: (sources[place].source_id, sources[place].sentences))
        judged = {place: self._judged(shown, sources[place]) for place in ordered}
        return tuple(judged[place] for place in range(len(sources)))

    def _judged(self, claim: str, source: SourceText) -> SourceJudgement:
        view = view_of(claim, source)
        if isinstance(view, NothingToShow):
            return _not_checked(source, view.reason)
        answer = self._answer(view)
        if isinstance(answer, _NoAnswer):
            return _not_checked(source, answer.reason)
        if self.doubts and answer.verdict in DECIDED and (doubt := self._doubt(view, answer)) is not None:
            return _not_checked(source, doubt)
        return _judgement(source, view, answer, self.asking.model)

    def _answer(self, view: View) -> Read | _NoAnswer:
        """What the model answers; one more try where its answer could not be used."""
        again: str | None = None
        for _ in range(2):
            answer = self._asked(view, again)
            if not isinstance(answer, Void):
                return answer
            again = answer.reason
            if answer.final:
                break
        return _NoAnswer(f"the model {self.asking.model} gave no answer that can be used: {again}")

    def _asked(self, view: View, again: str | None) -> Read | Void | _NoAnswer:
        said = self.asking.ask(view, again)
        if isinstance(said, Completion):
            return read_answer(said, view)
        if isinstance(said, NotAnswered):
            return _NoAnswer(f"the model {self.asking.model} was not heard: {said.reason}")
        return said

    def _doubt(self, view: View, answer: Read) -> str | None:
        """Why a decided verdict is not to be believed; None where it holds up."""
        quoted = view.only((*answer.supporting, *answer.contradicting))
        blank = View(view.claim, "", dict(enumerate(BLANK_SENTENCES, start=1)), len(BLANK_SENTENCES))
        aside = View(BLANK_CLAIM, "", quoted.sentences, view.total)
        for asked, must_be, otherwise in (
            (quoted, answer.verdict, "did not hold when the model saw only the sentences that it quoted"),
            (blank, ClaimVerdict.NOT_ENOUGH_INFO, "comes from the claim or the model itself, not from the source"),
            (aside, ClaimVerdict.NOT_ENOUGH_INFO, "is given to any claim: the quoted sentences steer the model"),
        ):
            heard = self._answer(asked)
            if isinstance(heard, _NoAnswer):
                return f"the verdict {answer.verdict.value} could not be confirmed: {heard.reason}"
            if heard.verdict is not must_be:
                return f"the verdict {answer.verdict.value} of the model {self.asking.model} {otherwise}"
        return None


def llm_backend(
    settings: ModelSettings,
    door: Door | None,
    cache: CallCache,
    budget: Budget,
    clock: Callable[[], datetime],
    *,
    doubts: bool = True,
) -> LlmBackend:
    """The back end of a configured model. `door` is the `HttpEdge` of the run; None where the network is off."""
    return LlmBackend(ModelAsking(settings, door, cache, budget, clock), doubts)


def _not_checked(source: SourceText, reason: str) -> SourceJudgement:
    return SourceJudgement(source.source_id, ClaimVerdict.NOT_CHECKED, None, None, (), reason)


def _judgement(source: SourceText, view: View, answer: Read, model: str) -> SourceJudgement:
    sides = ((Stance.SUPPORTS, answer.supporting), (Stance.REFUTES, answer.contradicting))
    decided = answer.verdict in DECIDED
    other = answer.contradicting if answer.verdict is ClaimVerdict.SUPPORTED else answer.supporting
    return SourceJudgement(
        source_id=source.source_id,
        verdict=answer.verdict,
        confidence=None,
        probabilities=None,
        quotes=_quotes(view, sides, answer.verdict),
        reason=_reason(view, answer, model),
        conflict=bool(other) if decided else bool(answer.supporting and answer.contradicting),
    )


def _quotes(view: View, sides: Sequence[tuple[Stance, tuple[int, ...]]], verdict: ClaimVerdict) -> tuple[Quote, ...]:
    """The quoted sentences, those of the verdict's side first, then by the words that they share with the claim."""
    wanted = content_stems(view.claim)
    first = {ClaimVerdict.SUPPORTED: Stance.SUPPORTS, ClaimVerdict.REFUTED: Stance.REFUTES}.get(verdict)
    quotes = [
        Quote(number - 1, stance if first else Stance.NEUTRAL, _share(wanted, view.sentences[number]))
        for stance, numbers in sides
        for number in numbers
    ]
    return tuple(sorted(quotes, key=lambda one: (one.stance is not first, -one.score, one.sentence)))


def _share(wanted: set[str], sentence: str) -> float:
    return len(wanted & content_stems(sentence)) / len(wanted) if wanted else 0.0


def _reason(view: View, answer: Read, model: str) -> str:
    numbers = answer.supporting if answer.verdict is ClaimVerdict.SUPPORTED else answer.contradicting
    places = f"sentence{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))}"
    said = {
        ClaimVerdict.SUPPORTED: f"the model {model} reads it in {places}",
        ClaimVerdict.REFUTED: f"the model {model} reads the contrary in {places}",
    }.get(answer.verdict, f"the model {model} finds no sentence that decides it")
    notes = (
        (view.withheld, "that speak to a model were not shown"),
        (view.left_out, "were left out, being empty, too long, or farther from the claim"),
    )
    return "; ".join([said, *(f"{count} of {view.total} sentences {what}" for count, what in notes if count)])

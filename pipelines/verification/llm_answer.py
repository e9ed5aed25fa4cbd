"""From the body of a model's answer to numbers of sentences, each with a quote that stands there; or why not.

Pure. Nothing of an answer is kept but a verdict and numbers: its quotes are only compared, other words are not read.
Input: bytes as received, and the `View` that the model was shown. Output: `Read`, or `Void` with the reason in our
own words. Does not belong here: asking, and whether a verdict is to be believed (llm).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipelines.ingestion.json_reading import JsonFault, parse_json
from pipelines.models import ClaimVerdict
from pipelines.verification.llm_prompt import View, visible
from pipelines.verification.terms import fold, words

MAX_BODY = 1_000_000  # bytes: an honest answer has a few thousand
MAX_CONTENT = 20_000  # characters of the text of an answer
MAX_QUOTES = 12  # on one side; more are no choice of sentences
MAX_QUOTE = 2_000
FEWEST_WORDS = 3  # of a quote, unless the sentence has no more
_MOST_TOKENS = 1_000_000_000


class ClosedAnswer(BaseModel):
    """The shape of an answer: nothing besides, nothing converted."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


_Shape = TypeVar("_Shape", bound=ClosedAnswer)


class _Quoted(ClosedAnswer):
    number: int = Field(ge=1, le=1_000_000)
    quote: str = Field(max_length=MAX_QUOTE)


class _Answer(ClosedAnswer):
    verdict: Literal["SUPPORTED", "REFUTED", "NOT_ENOUGH_INFO"]
    supporting: tuple[_Quoted, ...] = Field(max_length=MAX_QUOTES)
    contradicting: tuple[_Quoted, ...] = Field(max_length=MAX_QUOTES)


@dataclass(frozen=True)
class Completion:
    """What a chat completion says, whatever it says it about. Tokens are None where they are not stated."""

    content: str | None
    declined: bool
    cut_off: bool
    tokens_in: int | None
    tokens_out: int | None


@dataclass(frozen=True)
class Read:
    """The numbers of the sentences that were quoted, each once, in the order of the answer."""

    verdict: ClaimVerdict
    supporting: tuple[int, ...]
    contradicting: tuple[int, ...]


@dataclass(frozen=True)
class Void:
    """Why an answer counts for nothing. `final`: asked again, the model would say the same."""

    reason: str
    final: bool = False


def completion_of(body: bytes) -> Completion | Void:
    """The envelope: an OpenAI-compatible chat completion. What else stands in it is left alone."""
    if len(body) > MAX_BODY:
        return Void(f"its answer has more than {MAX_BODY:,} bytes")
    try:
        whole = parse_json(body.decode())
    except (UnicodeDecodeError, JsonFault):
        return Void("its answer is no JSON")
    choice = _first(_within(whole, "choices"))
    message = _within(choice, "message")
    if not isinstance(message, Mapping):
        return Void("its answer is no chat completion")
    usage, content = _within(whole, "usage"), message.get("content")
    finish = _within(choice, "finish_reason")
    return Completion(
        content=content if isinstance(content, str) and content.strip() else None,
        declined=bool(message.get("refusal")) or finish == "content_filter",
        cut_off=finish == "length",
        tokens_in=_count(_within(usage, "prompt_tokens")),
        tokens_out=_count(_within(usage, "completion_tokens")),
    )


def read_answer(completion: Completion, view: View) -> Read | Void:
    """The answer, if every number was shown and every quote stands in its sentence."""
    answer = answer_of(completion, _Answer)
    return answer if isinstance(answer, Void) else _checked(answer, view)


def answer_of(completion: Completion, shape: type[_Shape]) -> _Shape | Void:
    """The text of a completion as the JSON that was asked for."""
    if completion.declined:
        return Void("it declined to answer", final=True)
    if completion.content is None:
        return Void("its answer has no text")
    if completion.cut_off:
        return Void("its answer was cut off")
    if len(completion.content) > MAX_CONTENT:
        return Void(f"its answer has more than {MAX_CONTENT:,} characters")
    bare = _bare(completion.content)
    try:
        parse_json(bare)  # pydantic would take the last of two equal keys
        return shape.model_validate_json(bare)
    except JsonFault:
        return Void("its answer is not the JSON that was asked for")
    except ValidationError:
        return Void("its answer does not have the shape that was asked for")


def _bare(content: str) -> str:
    """The JSON without the thoughts that some models put before it, and without a fence of Markdown around it."""
    bare = content.strip()
    if bare.startswith("<think>"):
        bare = bare.partition("</think>")[2].strip()
    if bare.startswith("```") and bare.endswith("```") and "\n" in bare:
        bare = bare.partition("\n")[2].removesuffix("```").strip()
    return bare


def _checked(answer: _Answer, view: View) -> Read | Void:
    for quoted in (*answer.supporting, *answer.contradicting):
        if (reason := fault_of_quote(quoted.number, quoted.quote, view.sentences)) is not None:
            return Void(reason)
    supporting, contradicting = (
        tuple(dict.fromkeys(quoted.number for quoted in side)) for side in (answer.supporting, answer.contradicting)
    )
    if both := sorted(set(supporting) & set(contradicting)):
        return Void(f"it quotes sentence {both[0]} on both sides")
    verdict = ClaimVerdict(answer.verdict)
    needed = {ClaimVerdict.SUPPORTED: supporting, ClaimVerdict.REFUTED: contradicting}.get(verdict)
    if needed == ():
        return Void(f"it says {verdict.value} and quotes no sentence for that")
    return Read(verdict, supporting, contradicting)


def fault_of_quote(number: int, quoted: str, shown: Mapping[int, str]) -> str | None:
    """Why a quote does not count; None where its words stand in the sentence of that number."""
    sentence = shown.get(number)
    if sentence is None:
        return f"it names sentence {number}, which it was not shown"
    held, quote = fold(sentence), fold(visible(quoted))
    if not quote or quote not in held:
        return f"what it quotes of sentence {number} does not stand there"
    if len(words(quote)) < min(FEWEST_WORDS, len(words(held))):
        return f"it quotes fewer than {FEWEST_WORDS} words of sentence {number}"
    return None


def _within(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else None


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else None


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_TOKENS else None

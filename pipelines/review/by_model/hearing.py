"""Hearing a model out: an answer of the shape that was asked for, with one more try where it cannot be used.

Does not belong here: calls, their cost and the cache (verification.llm_asking), what an answer means.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from pipelines.verification.llm_answer import Completion, Void
from pipelines.verification.llm_asking import ModelAsking, NotAnswered
from pipelines.verification.llm_prompt import Shown, visible

_Answer = TypeVar("_Answer")
MOST_NAME = 60  # characters of a model's name in a sentence


WAS_NOT_HEARD = "was not heard"  # in the reason; only then may another try at the same come out otherwise


class NotHeard(Exception):
    """There is no answer to be had, for the reason given: the network, the service, the budget."""


def heard(asking: ModelAsking, shown: Shown, read: Callable[[Completion], _Answer | Void]) -> _Answer | Void:
    """What was answered, or why that cannot be used. Raises NotHeard where no answer came that could be kept."""
    again: str | None = None
    for _ in range(2):
        said = asking.ask(shown, again)
        if isinstance(said, NotAnswered):
            break
        answer = read(said) if isinstance(said, Completion) else said
        if not isinstance(answer, Void) or answer.final:
            return answer
        again = answer.reason
    if isinstance(said, Completion):
        return answer
    raise NotHeard(f"the model {named(asking)} {WAS_NOT_HEARD}: {said.reason}")


def named(asking: ModelAsking) -> str:
    return in_short(asking.model, MOST_NAME)


def in_short(text: str, most: int) -> str:
    """The text on one line, cut with dots."""
    seen = visible(text[: 4 * most])
    return seen if len(seen) <= most else f"{seen[: most - 1].rstrip()}…"

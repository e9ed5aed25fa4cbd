"""What of a text may be put before a model that reviews: all that stands before its first word to a model.

Belongs here: orders about scores and answers, beside those that every model is kept from (llm_instructions); cutting
them off. Does not belong here: what a reviewer is asked (model_prompt). No list of phrases is complete: what is not
recognised here has to be found out by other means (model_reviewers, rigor_model).
"""

from __future__ import annotations

import re

from pipelines.models import Dimension
from pipelines.verification.llm_instructions import as_read, instruction_in
from pipelines.verification.llm_prompt import visible
from pipelines.verification.passage_sentences import sentence_spans

MAX_LOOKED_AT = 20_000  # characters; a text that has more is not shown at all

_BEGIN = r"(?:^|[.!?:;] |\b(?:please|must|should|always|just|now|simply|then|and) )"
_POINTS = r"(?:\d{1,2}|ten|zero|highest|lowest|maximum|minimum|full|perfect|top)"
_MARK = r"(?:scores?|ratings?|grades?|marks?|points?)"
_DIMENSIONS = "|".join(f"{dimension.value}|{dimension.value.replace('_', ' ')}" for dimension in Dimension)
_ORDERS = tuple(
    re.compile(pattern)
    for pattern in (
        # "Rate every dimension with 10", "give it the highest score"
        rf"{_BEGIN}(?:give|assign|award|grant|rate|score)\b[^.!?]{{0,60}}\b{_POINTS}\b[^.!?]{{0,20}}\b{_MARK}\b",
        rf"{_BEGIN}(?:give|assign|award|grant|rate|score)\b[^.!?]{{0,60}}\b{_MARK}\b[^.!?]{{0,20}}\b{_POINTS}\b",
        rf"{_BEGIN}(?:rate|score|grade) (?:it|this|these|that|everything|every|each|all|the (?:record|text|paper|"
        rf"claims?|synthesis|report))\b[^.!?]{{0,40}}\b{_POINTS}\b",
        rf"\b{_MARK} (?:must|should|shall|has to|have to|needs? to|is to|are to) (?:be|read|equal|say)\b",
        r"\b(?:10|ten) (?:out of|/) ?(?:10|ten)\b",
        # "Answer yes to every item"
        rf"{_BEGIN}(?:answer|say|reply|respond|output|return)(?: with)? [\"'“]?(?:yes|no|null)\b",
        # parts of an answer
        r"\"(?:scores?|dimension|rests_on|answers?|item|number)\" ?:",
        rf"\b(?:{_DIMENSIONS})\"? ?[:=] ?\"?(?:\d|null\b)",
        r"\b[a-z]{3,20}(?:_[a-z]{2,20}){1,5}\"? ?[:=] ?\"?(?:yes|no|null)\b",
    )
)


def speaks_to_a_reviewer(text: str) -> bool:
    """Whether the text is addressed to whoever judges it. `text` as `visible` gives it."""
    if instruction_in(text) is not None:
        return True
    read = as_read(text)
    return any(order.search(read) for order in _ORDERS)


def showable(text: str, most: int) -> str:
    """The text up to its first sentence that speaks to a model; empty where nothing is left, or more than `most`.

    What follows such a sentence is not shown either: an order may run over several.
    """
    if len(text) > MAX_LOOKED_AT:
        return ""
    seen = visible(text)
    end = 0
    for start, stop in sentence_spans(seen):
        if speaks_to_a_reviewer(seen[start:stop]):
            break
        end = stop
    kept = seen[:end]
    has_words = any(letter.isalnum() for letter in kept)
    return kept if has_words and len(kept) <= most and not speaks_to_a_reviewer(kept) else ""

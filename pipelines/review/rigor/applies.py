"""Whether an item of a rigour scan applies to a paper: a question on participants needs participants.

Belongs here: the table of conditions and what in a text meets them. Does not belong here: answering the items
(`rigor`). An item is said not to apply only where its subject is not once mentioned; where it is mentioned in
passing, or no condition is known, that is not decided (None).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass

from pipelines.review.rigor.items import ITEMS, RigorItemSpec
from pipelines.review.rigor.reading import Part, Sentence
from pipelines.review.rigor.rules import OWN_STUDY, pattern


@dataclass(frozen=True)
class Applies:
    applies: bool | None
    rule: str
    why: str | None


@dataclass(frozen=True)
class _Condition:
    """A subject: mentioned in `often` sentences it is the paper's own, in none it is not there."""

    rule: str
    subject: str
    items: Callable[[RigorItemSpec], bool]
    mentions: re.Pattern[str]
    often: int


def _keys(*keys: str) -> Callable[[RigorItemSpec], bool]:
    return lambda spec: spec.key in keys


_PEOPLE = (
    r"\b(?:participants?|patients?|volunteers?|respondents?|interviewees?|annotators?"
    r"|crowd ?workers?|undergraduates?"
    r"|(?:human|healthy|study) subjects?|informed consent|we (?:recruited|interviewed"
    r"|surveyed))\b"
)
_ANIMALS = r"\b(?:animals?|mice|mouse|rats?|sheep|goats?|cattle|pigs?|rabbits?|monkeys?|dogs?|zebrafish|birds?)\b"

_CONDITIONS: tuple[_Condition, ...] = (
    _Condition(
        "participants-1",
        "people who take part in a study",
        lambda spec: (
            spec.key == "recruitment_methods_described"
            or (spec.category == "human_studies" and spec.key != "irb_or_ethics_approval")
        ),
        pattern(_PEOPLE),
        5,
    ),
    _Condition(
        "living-1",
        "people or animals that are studied",
        _keys("irb_or_ethics_approval"),
        pattern(rf"{_PEOPLE}|{_ANIMALS}"),
        5,
    ),
    _Condition(
        "language-models-1",
        "language models",
        _keys("prompts_provided", "training_cutoff_stated", "benchmark_contamination_addressed"),
        pattern(
            r"\b(?:language models?|llms?|gpt-?\d|chatgpt|prompt(?:ing|s|ed)?|pre-?trained"
            r"|transformers?|chatbots?)\b"
        ),
        5,
    ),
    _Condition(
        "agents-1",
        "software agents",
        _keys("scaffolding_described", "scaffold_confound_addressed"),
        pattern(
            r"\b(?:(?:ai|llm|language|autonomous|software|coding|research|web)[- ]agents?|agentic"
            r"|scaffold(?:s|ing)?|(?:tool|function)[- ]call(?:s|ing)?)\b"
        ),
        5,
    ),
    _Condition(
        "learning-1",
        "models that are trained or tested on data",
        lambda spec: (
            spec.key == "train_test_overlap_discussed"
            or (spec.module is not None and spec.key not in ("multiple_comparison_correction", "number_of_runs_stated"))
        ),
        pattern(
            r"\b(?:machine learning|deep learning|neural networks?|language models?|classifiers?"
            r"|benchmarks?|training (?:data|set)s?"
            r"|test sets?|cross-?validat\w+|hyper-?parameters?|reinforcement learning|fine-?tun\w+"
            r"|artificial intelligence)\b"
        ),
        8,
    ),
)


def applicability(sentences: Iterable[Sentence], found: Set[str], hinted: Set[str]) -> dict[str, Applies]:
    """For each item whether it applies.

    `found` are the items that a rule which may answer found reported or denied: they do apply. Of `hinted`, which
    doubtful rules found, it is only not said that they do not.
    """
    own = [one for one in sentences if one.part in OWN_STUDY or one.part is Part.FRONT]
    seen = {one.rule: sum(one.mentions.search(sentence.words) is not None for sentence in own) for one in _CONDITIONS}
    return {spec.key: _of(spec, seen, found, hinted) for spec in ITEMS}


def _of(spec: RigorItemSpec, seen: dict[str, int], found: Set[str], hinted: Set[str]) -> Applies:
    if spec.key in found:
        return Applies(True, "reported", None)
    if spec.key in hinted:
        return Applies(None, "hinted", None)
    if spec.key == "multiple_comparison_correction":
        return _with_tests(found, hinted)
    conditions = [one for one in _CONDITIONS if one.items(spec)]
    for one in conditions:
        if seen[one.rule] == 0:
            return Applies(False, one.rule, f"Does not apply: no sentence speaks of {one.subject}.")
    if conditions and all(seen[one.rule] >= one.often for one in conditions):
        return Applies(True, conditions[0].rule, None)
    return Applies(None, conditions[0].rule if conditions else "undecided", None)


def _with_tests(found: Set[str], hinted: Set[str]) -> Applies:
    """Corrections for many tests are asked of who tests."""
    if "significance_tests" in found:
        return Applies(True, "tests-exist-1", None)
    if "significance_tests" in hinted:
        return Applies(None, "tests-exist-1", None)
    return Applies(False, "tests-exist-1", "Does not apply: no sentence reports a significance test.")

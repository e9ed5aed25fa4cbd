"""The rules about the checklist of a scan of version 3: its categories, their items, and each answer.

Input: the value of `checklist`. Output: findings. Does not belong here: the table of items (`rigor.items`), rules
about the rest of the file (`scans.rules`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pipelines.review.rigor.items import CORE_CATEGORIES, MODULES, MODULES_WITHOUT_ITEMS, items_of
from pipelines.review.scans.models import ScanFinding
from pipelines.review.scans.rules import Path, finding, shape

_ANSWER: dict[str, type] = {"applies": bool, "answer": bool, "justification": str}
_KEY = re.compile(r"[a-z][a-z0-9_]{2,79}", re.ASCII)


def check_checklist(checklist: Mapping[str, Any]) -> Iterator[ScanFinding]:
    for category in CORE_CATEGORIES:
        if category not in checklist:
            yield finding("missing_key", ("checklist", category))
    for category, answers in checklist.items():
        path: Path = ("checklist", category)
        if category not in CORE_CATEGORIES and category not in MODULES:
            yield finding("unknown_category", path)
        elif not isinstance(answers, dict):
            yield finding("wrong_type", path, answers, "not an object")
        else:
            yield from _check_items(category, answers)
            for item, answer in answers.items():
                yield from _check_answer(answer, (*path, item))


def _check_items(category: str, answers: Mapping[str, Any]) -> Iterator[ScanFinding]:
    known = {item.key for item in items_of(category)}
    for item in sorted(known - answers.keys()):
        yield finding("missing_item", ("checklist", category, item))
    for item in answers:
        if item in known:
            continue
        unchecked = category in MODULES_WITHOUT_ITEMS and _KEY.fullmatch(item)
        yield finding("unchecked_item" if unchecked else "unknown_item", ("checklist", category, item))
    if not known and not answers:
        yield finding("missing_item", ("checklist", category), None, "the module has no item at all")


def _check_answer(answer: Any, path: Path) -> Iterator[ScanFinding]:
    yield from shape(answer, path, _ANSWER)
    if isinstance(answer, dict) and answer.get("answer") is True and answer.get("applies") is False:
        yield finding("answer_without_applies", path, {key: answer[key] for key in ("applies", "answer")})

"""Our own scan of a text in the form of scan.json version 3, with nothing in it that nobody found.

Input: a scan, what is known of the paper, tags that a person chose. Output: the value to write, and what it lacks; a
scan that lacks something is not valid version 3, which our own import says as well. Does not belong here: making the
scan (`rigor`), deciding whether an unfinished one may be written (the command).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.models import RigorAnswer, RigorItem, RigorScan
from pipelines.review.rigor.items import CORE_CATEGORIES, MODULES_OF_TAG, SCAN_VERSION, RigorItemSpec, items_of

LONGEST_QUOTE = 1_000


@dataclass(frozen=True)
class PaperFacts:
    """What is known of the paper; None and empty where it is not."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    year: int | None = None
    venue: str | None = None
    arxiv_id: str | None = None
    doi: str | None = None


@dataclass(frozen=True)
class Export:
    """`missing`: pointers of what version 3 requires and nobody supplied; without any, the value is whole."""

    value: dict[str, Any]
    missing: tuple[str, ...]


def export_v3(scan: RigorScan, paper: PaperFacts, tags: Sequence[str]) -> Export:
    """Items that no rule and no model answered are left out and named, never written as false."""
    modules = tuple(dict.fromkeys(module for tag in tags for module in MODULES_OF_TAG.get(tag, ())))
    answered = {one.item: one for one in scan.items}
    checklist: dict[str, dict[str, Any]] = {}
    missing = [f"/paper/{key}" for key in ("title", "authors", "year") if not getattr(paper, key)]
    for category in (*CORE_CATEGORIES, *modules):
        known = items_of(category)
        if not known:
            missing.append(f"/checklist/{category}")
        checklist[category] = {}
        for spec in known:
            answer = _answer(spec, answered.get(spec.key), scan.scanner_version)
            if answer is None:
                missing.append(f"/checklist/{category}/{spec.key}")
            else:
                checklist[category][spec.key] = answer
    value = {
        "paper": _paper(paper),
        "scan_version": SCAN_VERSION,
        "active_modules": list(modules),
        "methodology_tags": list(tags),
        "key_findings": f"Not summarised: this scan was made by {scan.scanner_version}, which reports no findings.",
        "checklist": checklist,
        "claims": [],
        "red_flags": [],
        "cited_papers": [],
    }
    return Export(value, tuple(missing))


def _paper(paper: PaperFacts) -> dict[str, Any]:
    known = {
        "title": paper.title,
        "authors": list(paper.authors),
        "year": paper.year,
        "venue": paper.venue,
        "arxiv_id": paper.arxiv_id,
        "doi": paper.doi,
    }
    return {key: value for key, value in known.items() if value}


def _answer(spec: RigorItemSpec, item: RigorItem | None, scanner: str) -> dict[str, Any] | None:
    if item is None or (item.answer is RigorAnswer.NEEDS_JUDGEMENT and item.applies is not False):
        return None
    return {
        "applies": item.applies is not False,
        "answer": item.answer is RigorAnswer.YES and item.applies is not False,
        "justification": _justification(item, scanner),
    }


def _justification(item: RigorItem, scanner: str) -> str:
    by = f"{item.rule} ({scanner})"
    if item.applies is False:
        return f"{item.why or 'Does not apply.'} Decided by {by}."
    if item.quote is None:
        undecided = "" if item.applies else " Whether the item applies was not decided."
        return f"Not detected by {by}, which does not prove that it is not there.{undecided}"
    section = f', section "{item.section}"' if item.section else ""
    quote = " ".join(item.quote[:LONGEST_QUOTE].split())
    return f'{item.answer.value.capitalize()} by {by}: "{quote}" (characters {item.start} to {item.end}{section}).'

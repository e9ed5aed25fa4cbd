"""Scans of the same paper side by side: which belong together, and where they say different things.

Input: scans, imported or made here, each with what identifies its paper. Output: groups, and conflicts. Nothing is
settled: every value is shown with the scan that has it. Does not belong here: rates (`scans.rates`), linking to the
sources of a warehouse (warehouse/scans.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from pipelines.ingestion.folding import folded
from pipelines.models import Model, RigorAnswer, RigorScan
from pipelines.review.scans.models import ImportedScan


class State(StrEnum):
    """What a scan says of one item. The last two are no answers."""

    YES = "yes"
    NO = "no"
    NOT_APPLICABLE = "not_applicable"
    NOT_DETECTED = "not_detected"
    NEEDS_JUDGEMENT = "needs_judgement"


class Origin(StrEnum):
    """Who gave an answer. A file does not tell whether a person or a model filled it in."""

    IMPORTED = "imported"
    RULE = "rule"
    MODEL = "model"


ANSWERED = frozenset({State.YES, State.NO, State.NOT_APPLICABLE})


@dataclass(frozen=True)
class JudgedScan:
    """A scan of one paper, whoever made it. `paper` is what identifies the paper: ids of it and of its source."""

    scan_id: str
    version: str
    paper: tuple[str, ...]
    states: Mapping[str, tuple[State, Origin]]
    tags: tuple[str, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)


class MetadataConflict(Model):
    field: str
    values: dict[str, str]  # scan id to what that scan says


class AnswerConflict(Model):
    item: str
    values: dict[str, State]


class PaperConflicts(Model):
    """Scans of one paper that differ; `scans` are all of them."""

    paper: str
    scans: tuple[str, ...]
    metadata: tuple[MetadataConflict, ...]
    answers: tuple[AnswerConflict, ...]


def judged_import(scan: ImportedScan, source_id: str | None) -> JudgedScan:
    identifiers = (f"arxiv:{scan.arxiv_id}" if scan.arxiv_id else None, f"doi:{scan.doi}" if scan.doi else None)
    metadata = {
        "title": scan.title,
        "authors": "; ".join(scan.authors),
        "year": str(scan.year),
        "venue": scan.venue or "",
        "arxiv_id": scan.arxiv_id or "",
        "doi": scan.doi or "",
    }
    return JudgedScan(
        scan_id=scan.scan_id,
        version=f"scan.json {scan.scan_version}",
        paper=tuple(one for one in (source_id and f"source {source_id}", *identifiers) if one) or (scan.scan_id,),
        states={
            one.item: (
                State.NOT_APPLICABLE if not one.applies else State.YES if one.answer else State.NO,
                Origin.IMPORTED,
            )
            for one in scan.answers
        },
        tags=scan.tags,
        metadata=metadata,
    )


def judged_here(scan: RigorScan, source_id: str) -> JudgedScan:
    """A scan of our own; it states no tags and nothing about the paper."""
    states = {}
    for one in scan.items:
        state = State.NOT_APPLICABLE if one.applies is False else _STATES[one.answer]
        states[one.item] = state, Origin.MODEL if one.by_model else Origin.RULE
    return JudgedScan(scan.source_version_id, scan.scanner_version, (f"source {source_id}",), states)


_STATES = {
    RigorAnswer.YES: State.YES,
    RigorAnswer.NO: State.NO,
    RigorAnswer.NOT_DETECTED: State.NOT_DETECTED,
    RigorAnswer.NEEDS_JUDGEMENT: State.NEEDS_JUDGEMENT,
}


def by_paper(scans: Sequence[JudgedScan]) -> tuple[tuple[JudgedScan, ...], ...]:
    """The scans of each paper, in the given order: those that share an identifier, be it by way of a third."""
    leader: dict[str, str] = {}

    def first(name: str) -> str:
        while leader.setdefault(name, name) != name:
            leader[name] = leader[leader[name]]
            name = leader[name]
        return name

    for scan in scans:
        for name in scan.paper[1:]:
            leader[first(name)] = first(scan.paper[0])
    groups: dict[str, list[JudgedScan]] = defaultdict(list)
    for scan in scans:
        groups[first(scan.paper[0])].append(scan)
    return tuple(tuple(group) for group in groups.values())


def conflicts_of(scans: Sequence[JudgedScan]) -> PaperConflicts | None:
    """Where scans of one paper differ; None where they say the same, or there is one only."""
    metadata = tuple(_metadata_conflicts(scans))
    answers = tuple(_answer_conflicts(scans))
    if not metadata and not answers:
        return None
    paper = next((name for scan in scans for name in scan.paper if not name.startswith("source ")), scans[0].paper[0])
    return PaperConflicts(paper=paper, scans=tuple(scan.scan_id for scan in scans), metadata=metadata, answers=answers)


def _metadata_conflicts(scans: Sequence[JudgedScan]) -> list[MetadataConflict]:
    fields = dict.fromkeys(name for scan in scans for name in scan.metadata)
    found = []
    for name in fields:
        values = {scan.scan_id: scan.metadata[name] for scan in scans if scan.metadata.get(name)}
        if len({" ".join(folded(one).split()) for one in values.values()}) > 1:
            found.append(MetadataConflict(field=name, values=values))
    return found


def _answer_conflicts(scans: Sequence[JudgedScan]) -> list[AnswerConflict]:
    found = []
    for item in dict.fromkeys(item for scan in scans for item in scan.states):
        values = {scan.scan_id: scan.states[item][0] for scan in scans if item in scan.states}
        if len({state for state in values.values() if state in ANSWERED}) > 1:
            found.append(AnswerConflict(item=item, values=values))
    return found

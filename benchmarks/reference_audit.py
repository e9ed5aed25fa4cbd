"""Precision and recall of the reference audit on references made from real works, some of them corrupted.

In: the recorded index responses and the arXiv abstracts' metadata under CLAIMGATE_CORPUS. From each work a
reference in a random style is made, and from it corrupted ones; simulated indexes answer from the pool of the
works, with gaps and failures. Works are split in two halves: rules are tuned on one, figures are of the other.
Out: a table, or JSON; with `--errors` every false alarm. Nothing of the corpus is written.

usage: CLAIMGATE_CORPUS=<data folder> python benchmarks/reference_audit.py [--half tune] [--works N] [--json]
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import re
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from labelled_references import ENDED, FABRICATED, FOUND, MISDESCRIBED, UNFINDABLE, Case, Maker, identifiers_of
from rapidfuzz import fuzz, process

from pipelines.ingestion.indexes.arxiv_records import StatedRecord, work_of_record
from pipelines.ingestion.indexes.contract import IDENTIFYING, Answered, By, Lookup, Response
from pipelines.ingestion.indexes.registry import INDEXES
from pipelines.ingestion.library_rows import UnusableWork
from pipelines.ingestion.likeness import plain_title
from pipelines.ingestion.lookup_plan import answers_for, lookups_of, works_found
from pipelines.ingestion.lookups import Known, Outcome
from pipelines.ingestion.merging import merged_works
from pipelines.models import Notice, NoticeKind, Reference, ReferenceAudit, ReferenceFinding, Update, Work
from pipelines.verification.audit import AUDIT_VERSION, audit_reference

ASKED_AT = datetime(2026, 11, 20, tzinfo=UTC)
UNREACHABLE = ReferenceFinding.UNREACHABLE
ALARMS = frozenset({MISDESCRIBED, FABRICATED})
FOLDER_INDEX = {
    "arxiv": "arxiv", "arxiv-oai": "arxiv-oai", "crossref": "crossref", "datacite": "datacite", "doaj": "doaj",
    "doi-negotiation": "doi", "europepmc": "europe-pmc", "openalex": "openalex", "pubmed": "pubmed",
    "semanticscholar": "semantic-scholar", "unpaywall": "unpaywall",
}  # fmt: skip
ABLE = frozenset(FOLDER_INDEX.values())
TOP = 5  # works that a search by title gives
GAPS = {"openalex": 0.03, "semantic-scholar": 0.07, "crossref": 0.01}  # share of what an index should hold and lacks
SIBLINGS = 40  # of the pool that are ranked for a title before an index picks those it holds


# --- works ---------------------------------------------------------------------------------------


def recorded_works(corpus: Path) -> Iterator[Work]:
    folder = corpus / "http"
    for row in json.loads((folder / "index.json").read_text(encoding="utf-8")):
        index = INDEXES[FOLDER_INDEX[row["file"].split("/")[0]]]
        headers = {name.lower(): str(value) for name, value in (row["response_headers"] or {}).items()}
        body = (folder / row["file"]).read_bytes()
        found = index.parse(Response(row["url"] or "", row["status"], headers, body, ASKED_AT))
        if isinstance(found, Answered):
            yield from found.works


def abstract_works(corpus: Path) -> Iterator[Work]:
    with gzip.open(corpus / "texts" / "abstracts" / "arxiv_abstracts.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            stated = StatedRecord(
                id=row["id"],
                title=row["title"],
                authors=_people(row["authors"]),
                abstract=row.get("abstract"),
                comment=row.get("comments"),
                journal=None,
                doi=row.get("doi"),
                first_date=row.get("created"),
            )
            try:
                yield work_of_record(stated, "arxiv")
            except UnusableWork:
                continue


def announced(works: Sequence[Work]) -> Iterator[Work]:
    """A retraction notice for each work: an invented one, so that there are enough of them."""
    for work in works:
        name = f"{next(name for name in (work.source_id, *work.aliases) if name.startswith('doi:'))}.notice"
        target = name.removesuffix(".notice")
        notice = Notice(kind=NoticeKind.RETRACTED, id=name, origin="crossref:publisher")
        yield Work(
            source_id=name,
            title=f"Retraction: {work.title}",
            authors=work.authors,
            year=(work.year or 2020) + 1,
            updates=(Update(target=target, notice=notice),),
            origin="crossref",
        )


def _people(authors: Any) -> tuple[str, ...]:
    names = authors if isinstance(authors, list) else re.split(r",\s+and\s+|,\s*|\s+and\s+", authors)
    return tuple(name.strip() for name in names if name.strip())


@dataclass
class Pool:
    """All works, and the indexes that answer from them."""

    works: tuple[Work, ...]
    by_name: dict[str, list[Work]] = field(default_factory=dict)
    notices: dict[str, list[Work]] = field(default_factory=dict)
    near: dict[str, list[Work]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for work in self.works:
            for name in (work.source_id, *work.aliases):
                self.by_name.setdefault(name.casefold(), []).append(work)
            for update in work.updates:
                self.notices.setdefault(update.target.casefold(), []).append(work)

    @cached_property
    def titles(self) -> list[str]:
        return [plain_title(work.title) for work in self.works]

    def near_titles(self, title: str) -> list[Work]:
        if title not in self.near:
            found = process.extract(plain_title(title), self.titles, scorer=fuzz.token_set_ratio, limit=SIBLINGS)
            self.near[title] = [self.works[position] for _, _, position in found]
        return self.near[title]

    def answer(self, lookup: Lookup) -> tuple[Work, ...]:
        if lookup.by is By.TITLE:
            return tuple(work for work in self.near_titles(lookup.value) if holds(lookup.index, work))[:TOP]
        if lookup.by is By.NOTICES:
            return tuple(self.notices.get(f"doi:{lookup.value}".casefold(), ()))
        if lookup.by in IDENTIFYING:
            named = self.by_name.get(f"{lookup.by.value}:{lookup.value}".casefold(), ())
            return tuple(work for work in named if holds(lookup.index, work))
        return ()


def holds(index: str, work: Work) -> bool:
    """Whether an index can be expected to hold a work, with a gap now and then."""
    schemes = {name.partition(":")[0] for name in (work.source_id, *work.aliases)}
    dois = [name for name in (work.source_id, *work.aliases) if name.startswith("doi:10.")]
    registered = any(not name.startswith("doi:10.48550/") for name in dois)
    rules: Mapping[str, bool] = {
        "crossref": registered,
        "doi": bool(dois) or "arxiv" in schemes,
        "datacite": "arxiv" in schemes or work.origin == "datacite",
        "openalex": True,
        "semantic-scholar": True,
        "pubmed": "pmid" in schemes,
        "europe-pmc": bool(schemes & {"pmid", "pmcid", "ppr"}),
        "arxiv": "arxiv" in schemes,
        "arxiv-oai": "arxiv" in schemes,
    }
    share = zlib.crc32(f"{index} {work.source_id}".encode()) / 2**32
    return rules.get(index, False) and share >= GAPS.get(index, 0.0)


# --- asking and judging --------------------------------------------------------------------------


def audited(reference: Reference, pool: Pool, fails: Callable[[Lookup], bool]) -> ReferenceAudit:
    """The audit over what the indexes answer, asked as the lookup plan asks them."""
    known: dict[str, Known] = {}
    while missing := [one for one in lookups_of(reference, known, ABLE) if one.key not in known]:
        for lookup in missing:
            works = () if fails(lookup) else pool.answer(lookup)
            outcome = Outcome.FAILED if fails(lookup) else Outcome.HELD if works else Outcome.ABSENT
            known[lookup.key] = Known(lookup, outcome, works, asked_at=ASKED_AT)
    works = works_found(reference, known, ABLE)
    return audit_reference(reference, works, answers=answers_for(reference, known, ABLE), given=False)


def failing(share: float, seed: int) -> Callable[[Lookup], bool]:
    return lambda lookup: zlib.crc32(f"{seed} {lookup.key}".encode()) / 2**32 < share


SUSPICION = {FOUND: 0, UNREACHABLE: 0, MISDESCRIBED: 1, UNFINDABLE: 1, FABRICATED: 2}


@dataclass
class Results:
    """What was said, case by case."""

    rows: list[tuple[Case, ReferenceAudit, ReferenceAudit]]  # all answered, some failed

    def by_kind(self) -> dict[str, Counter[str]]:
        counts: dict[str, Counter[str]] = {}
        for case, audit, _ in self.rows:
            counts.setdefault(case.kind, Counter())[audit.finding.value] += 1
        return counts

    def score(self, finding: ReferenceFinding) -> dict[str, float | int | None]:
        said = [case for case, audit, _ in self.rows if audit.finding is finding]
        due = [audit for case, audit, _ in self.rows if case.expected is finding]
        right = sum(case.expected is finding for case in said)
        return {
            "cases": len(due),
            "said": len(said),
            "precision": right / len(said) if said else None,
            "recall": right / len(due) if due else None,
        }

    def named(self) -> float:
        """Of the misdescribed that were found so: the share whose wrong field is named."""
        told = [(c, a) for c, a, _ in self.rows if c.expected is MISDESCRIBED and a.finding is MISDESCRIBED]
        return sum(bool({m.field for m in a.mismatches} & set(c.fields)) for c, a in told) / max(len(told), 1)

    def false_alarms(self, *, failed: bool = False) -> list[tuple[Case, ReferenceAudit]]:
        return [
            (c, w if failed else a)
            for c, a, w in self.rows
            if c.expected is FOUND and (w if failed else a).finding in ALARMS
        ]

    def missed_notices(self) -> list[tuple[Case, ReferenceAudit]]:
        told = [(case, audit, {notice.kind for notice in audit.notices}) for case, audit, _ in self.rows]
        return [(c, a) for c, a, kinds in told if (c.notice and not c.notice & kinds) or c.unwanted & kinds]

    def worsened(self) -> list[tuple[Case, ReferenceAudit]]:
        return [(c, w) for c, a, w in self.rows if SUSPICION[w.finding] > SUSPICION[a.finding]]

    def summary(self) -> dict[str, Any]:
        true = sum(case.expected is FOUND for case, _, _ in self.rows)
        noticed = sum(bool(case.notice or case.unwanted) for case, _, _ in self.rows)
        return {
            "audit": AUDIT_VERSION,
            "cases": len(self.rows),
            "findings": {one.value: self.score(one) for one in (FOUND, MISDESCRIBED, FABRICATED, UNFINDABLE)},
            "wrong_field_named": self.named(),
            "true_references": true,
            "false_alarm_rate": len(self.false_alarms()) / max(true, 1),
            "false_alarm_rate_with_failures": len(self.false_alarms(failed=True)) / max(true, 1),
            "notices_due": noticed,
            "notices_caught": noticed - len(self.missed_notices()),
            "made_worse_by_failures": len(self.worsened()),
            "by_kind": {kind: dict(counts) for kind, counts in sorted(self.by_kind().items())},
        }


def run(corpus: Path, half: str, size: int, seed: int, share: float) -> Results:
    recorded = merged_works(recorded_works(corpus))
    held = merged_works((*recorded, *abstract_works(corpus)))
    mine = tuple(work for work in held if (zlib.crc32(work.source_id.encode()) % 2 == 0) == (half == "tune"))
    dice = random.Random(seed)
    names = {work.source_id for work in recorded}
    usable = [work for work in mine if work.authors and len(plain_title(work.title).split()) >= 3 and not work.updates]
    first = [work for work in usable if work.source_id in names]
    rest = [work for work in usable if work.source_id not in names]
    first = dice.sample(first, k=min(len(first), size // 2))
    sample = [*first, *dice.sample(rest, k=min(len(rest), size - len(first)))]
    doomed = dice.sample([work for work in usable if "doi" in identifiers_of(work)], k=size // 10)
    notices = tuple(announced(doomed))
    pool, maker = Pool((*held, *notices)), Maker(mine, dice)
    cases = [*maker.cases(sample), *(maker.notice(one) for one in notices)]
    for work in doomed:
        cases += maker.retracted(work, frozenset({NoticeKind.RETRACTED}))
    for work in held:  # those that really are retracted are too few to be halved
        if kinds := ENDED & {notice.kind for notice in work.notices}:
            cases += maker.retracted(work, kinds)
    fails = failing(share, seed)
    return Results([(c, audited(c.reference, pool, lambda _: False), audited(c.reference, pool, fails)) for c in cases])


def table(summary: Mapping[str, Any]) -> str:
    def percent(value: float | None) -> str:
        return "   –  " if value is None else f"{100 * value:5.1f}%"

    lines = [
        f"{summary['audit']}: {summary['cases']:,} references",
        "",
        f"{'finding':20}{'cases':>7}{'said':>7}{'precision':>11}{'recall':>9}",
    ]
    for name, row in summary["findings"].items():
        lines.append(
            f"{name:20}{row['cases']:7}{row['said']:7}{percent(row['precision']):>11}{percent(row['recall']):>9}"
        )
    lines += [
        "",
        f"false alarms on {summary['true_references']:,} true references: {percent(summary['false_alarm_rate'])}"
        f" (with failing indexes {percent(summary['false_alarm_rate_with_failures'])})",
        f"notices caught: {summary['notices_caught']} of {summary['notices_due']}",
        f"wrong field named: {percent(summary['wrong_field_named'])}",
        f"findings made worse by failing indexes: {summary['made_worse_by_failures']}",
        "",
    ]
    lines += [
        f"{kind:36} " + ", ".join(f"{k} {v}" for k, v in Counter(c).most_common())
        for kind, c in summary["by_kind"].items()
    ]
    return "\n".join(lines)


def shown(rows: Sequence[tuple[Case, ReferenceAudit]]) -> Iterator[str]:
    for case, audit in rows:
        work = case.work
        yield f"{case.kind} | {audit.finding.value} | {audit.reason}"
        yield f"   held {work.source_id} {work.title!r} {work.authors[:6]} {work.year}"
        yield f"   stated {case.reference.model_dump(exclude_none=True, exclude={'ordinal', 'raw', 'start', 'end'})}"
        yield f"   {[(one.field, one.stated[:90], one.held[:90]) for one in audit.mismatches]}"
        yield f"   {[(one.kind.value, one.id) for one in audit.notices]}"


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--half", choices=("tune", "test"), default="test")
    options.add_argument("--works", type=int, default=600)
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--failing", type=float, default=0.2, help="share of questions that fail in the second round")
    options.add_argument("--json", action="store_true")
    options.add_argument("--errors", action="store_true", help="print false alarms, missed notices, worsened findings")
    options.add_argument("--kind", default="", help="print every case of this kind that was judged otherwise")
    chosen = options.parse_args()
    corpus = os.environ.get("CLAIMGATE_CORPUS")
    if not corpus:
        print("CLAIMGATE_CORPUS names no folder", file=sys.stderr)
        return 2
    results = run(Path(corpus), chosen.half, chosen.works, chosen.seed, chosen.failing)
    print(json.dumps(results.summary(), indent=1) if chosen.json else table(results.summary()))
    if chosen.errors:
        rows = (*results.false_alarms(), *results.missed_notices(), *results.worsened())
        print("\n".join(shown(rows)))
    if chosen.kind:
        print(
            "\n".join(
                shown([(c, a) for c, a, _ in results.rows if c.kind == chosen.kind and a.finding is not c.expected])
            )
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

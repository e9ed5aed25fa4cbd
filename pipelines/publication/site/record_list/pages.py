"""The pages that list records: one row of pages for each month, and the index of the newest with totals over all.

Belongs here: which records stand on which page, and in which order, so that a change of one record changes few pages.
Does not belong here: the mark-up, the data of the search (`data_files`). Input: the line of every record; output:
paths within the site and their bytes, the same for the same input.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TypeVar

from jinja2 import Environment

from pipelines.models import ClaimCounts, Model, ReferenceCounts, Tier
from pipelines.publication.site.record_list.data_files import CLAIMS, RECORDS, data_files
from pipelines.publication.site.record_list.summary import RecordSummary
from pipelines.publication.tombstones import Tombstone

INDEX = "index.html"
ON_A_PAGE = 100
CHOICES = 200  # publishers offered by name; a search for its name finds any other
GATE_CHOICES = 80

_Counts = TypeVar("_Counts", bound=Model)
_MONTH = re.compile(r"\d{4}-\d{2}")


@dataclass(frozen=True)
class Month:
    """The records of a cohort, the newest first."""

    cohort: str
    name: str  # "June 2026"
    records: tuple[RecordSummary, ...]

    @property
    def pages(self) -> tuple[tuple[RecordSummary, ...], ...]:
        return tuple(self.records[start : start + ON_A_PAGE] for start in range(0, len(self.records), ON_A_PAGE))

    def path(self, page: int = 1) -> str:
        """The file of a page, counted from 1."""
        kept = re.sub(r"[^a-z0-9-]", "-", self.cohort.lower())[:40]
        return f"records-{kept}.html" if page == 1 else f"records-{kept}-page-{page}.html"


@dataclass(frozen=True)
class Choices:
    """What the filters offer: the values that the records have."""

    publishers: tuple[str, ...]
    more_publishers: int
    gates: tuple[str, ...]  # "Gate 1: Grounding: Failed"
    tiers: tuple[Tier, ...]


def list_files(
    records: Sequence[RecordSummary], environment: Environment, withdrawn: Sequence[tuple[Tombstone, str]] = ()
) -> Iterator[tuple[str, bytes]]:
    """(path, bytes) of the data files, the pages of the months and, last as it links them all, the index.

    `withdrawn`: what was taken down, with the page that says so.
    """
    months = months_of(records)
    versions: dict[str, list[str]] = {RECORDS: [], CLAIMS: []}
    for file in data_files(records):
        versions[file.kind].append(file.version)
        yield file.path, file.data
    page = environment.get_template("records.html")
    for newer, month, older in zip((None, *months), months, (*months[1:], None), strict=False):
        totals = totals_of(month.records)
        for number, shown in enumerate(month.pages, 1):
            text = page.render(month=month, records=shown, number=number, newer=newer, older=older, totals=totals)
            yield month.path(number), text.encode()
    yield INDEX, _index(records, months, versions, environment, withdrawn).encode()


def _index(
    records: Sequence[RecordSummary],
    months: Sequence[Month],
    versions: Mapping[str, Sequence[str]],
    environment: Environment,
    withdrawn: Sequence[tuple[Tombstone, str]],
) -> str:
    newest = [record for month in months for record in month.records][:ON_A_PAGE]
    return environment.get_template("index.html").render(
        records=newest,
        held=len(records),
        months=months,
        continued=_page_of_record(months, len(newest)) if len(newest) < len(records) else None,
        totals=totals_of(records),
        choices=choices(records),
        withdrawn=withdrawn,
        versions={kind: " ".join(held) for kind, held in versions.items()},
    )


def months_of(records: Sequence[RecordSummary]) -> tuple[Month, ...]:
    """The months, newest first and `undated` last; in each the newest record first, then by title."""
    newest_last = sorted(records, key=lambda one: (one.title.casefold(), one.page))
    newest_last.sort(key=lambda one: one.published_on or "", reverse=True)
    newest_last.sort(key=_cohort_order, reverse=True)
    return tuple(
        Month(cohort, month_name(cohort), tuple(them)) for cohort, them in groupby(newest_last, lambda one: one.cohort)
    )


def _cohort_order(record: RecordSummary) -> tuple[bool, str]:
    return _MONTH.fullmatch(record.cohort) is not None, record.cohort


def month_name(cohort: str) -> str:
    """`June 2026` for `2026-06`; of any other cohort its own name."""
    try:
        return date.fromisoformat(f"{cohort}-01").strftime("%B %Y")
    except ValueError:
        return cohort.capitalize()


def _page_of_record(months: Sequence[Month], place: int) -> str:
    """The page that the record at `place`, counted from 0 over all months, stands on."""
    for month in months:
        if place < len(month.records):
            return month.path(place // ON_A_PAGE + 1)
        place -= len(month.records)
    raise IndexError(place)


def choices(records: Sequence[RecordSummary]) -> Choices:
    """The values to choose from; of very many publishers those with most records."""
    publishers = Counter(one.publisher for one in records if one.publisher)
    kept = [name for name, _ in sorted(publishers.items(), key=lambda item: (-item[1], item[0]))[:CHOICES]]
    gates = {f"{gate.title}: {gate.word}" for one in records for gate in one.gates}
    tiers = {one.tier for one in records}
    return Choices(
        publishers=tuple(sorted(kept, key=str.casefold)),
        more_publishers=len(publishers) - len(kept),
        gates=tuple(sorted(gates)[:GATE_CHOICES]),
        tiers=tuple(tier for tier in Tier if tier in tiers),
    )


@dataclass(frozen=True)
class Totals:
    claims: ClaimCounts
    references: ReferenceCounts


def totals_of(records: Sequence[RecordSummary]) -> Totals:
    return Totals(
        claims=_sum(ClaimCounts, [one.counts for one in records]),
        references=_sum(ReferenceCounts, [one.reference_counts for one in records]),
    )


def _sum(model: type[_Counts], counts: Sequence[_Counts]) -> _Counts:
    return model(**{name: sum(getattr(count, name) for count in counts) for name in model.model_fields})

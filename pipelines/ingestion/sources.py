"""Which works of an index a reference could mean: by identifier, then by likeness of title.

Input: a `Reference` and a `WorkIndex`. Output: candidate works, the likeliest first.
Does not belong here: whether a candidate is what the reference says it is (verification).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from pipelines.ingestion.identifiers import stated_identifiers
from pipelines.ingestion.likeness import main_title, plain_title, same_title
from pipelines.models import Reference, Work

NEAR_TITLE = 80.0  # of 100, rapidfuzz token-sort ratio: worth a closer comparison
SHORTEST_TITLE = 10  # characters: shorter ones are shared by many works
MAX_CANDIDATES = 10


@dataclass(frozen=True)
class WorkIndex:
    """Works by every identifier and by normalised title."""

    works: tuple[Work, ...]
    by_identifier: dict[str, tuple[Work, ...]]
    titles: tuple[str, ...]
    by_main_title: dict[str, tuple[Work, ...]]

    @classmethod
    def of(cls, works: Iterable[Work]) -> WorkIndex:
        works = tuple(sorted(works, key=lambda work: work.source_id))
        by_identifier: dict[str, list[Work]] = defaultdict(list)
        by_main_title: dict[str, list[Work]] = defaultdict(list)
        for work in works:
            for name in (work.source_id, *work.aliases):
                by_identifier[name].append(work)
            if main := main_title(work.title):
                by_main_title[main].append(work)
        return cls(
            works, _frozen(by_identifier), tuple(plain_title(work.title) for work in works), _frozen(by_main_title)
        )


def _frozen(groups: dict[str, list[Work]]) -> dict[str, tuple[Work, ...]]:
    return {name: tuple(works) for name, works in groups.items()}


def stated_names(reference: Reference) -> tuple[str, ...]:
    """Every identifier that a reference states, as source ids, the best one first."""
    names = [f"{scheme}:{value}" for scheme, value in stated_identifiers(reference).items()]
    doi = f"doi:{reference.doi}" if reference.doi else None
    return tuple(dict.fromkeys((*names, doi) if doi else names))  # an arXiv DOI is a name of its own at DataCite


def match_reference(reference: Reference, index: WorkIndex) -> tuple[Work, ...]:
    """Works with an identifier of the reference first, then works with a near title, each once.

    A work found by identifier may have quite another title: that is for the audit to say.
    """
    found = [work for name in stated_names(reference) for work in index.by_identifier.get(name, ())]
    found += _near_titles(reference.title, index)
    unique = {work.source_id: work for work in reversed(found)}
    return tuple(unique[source_id] for source_id in dict.fromkeys(work.source_id for work in found))


def _near_titles(title: str | None, index: WorkIndex) -> list[Work]:
    """Works with the same title, as stated or without the subtitle on either side."""
    stated = title or ""
    found: list[Work] = []
    for wanted in (plain_title(stated), main_title(stated)):
        if len(wanted) < SHORTEST_TITLE:
            continue
        near = process.extract(
            wanted, index.titles, scorer=fuzz.token_sort_ratio, score_cutoff=NEAR_TITLE, limit=MAX_CANDIDATES
        )
        found += [index.works[position] for _, _, position in near]
        found += index.by_main_title.get(wanted, ())[:MAX_CANDIDATES]
    return [work for work in found if same_title(stated, work.title)]

"""The same work met several times, made one.

Input: works of any origin. Output: one work for each set that shares an identifier, in a fixed order
that does not depend on the order in which they were met.
Does not belong here: likeness of titles (sources.py), which suggests and never merges.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pipelines.models import Work

_RANK = ("doi:", "arxiv:", "pmid:", "pmcid:", "isbn:", "openalex:", "s2:", "title:", "given:")
_ARXIV_DOI = "doi:10.48550/arxiv."
_FILLED = ("year", "venue", "type", "licence")


def merged_works(works: Iterable[Work]) -> tuple[Work, ...]:
    """One work for each set of works that share an identifier, sorted by `source_id`."""
    ordered = sorted(works, key=lambda work: (_rank(work.source_id), work.source_id, work.model_dump_json()))
    group_of: dict[str, int] = {}
    groups: dict[int, list[Work]] = {}
    for number, work in enumerate(ordered):
        names = (work.source_id, *work.aliases)
        touched = sorted({group_of[name] for name in names if name in group_of})
        members = [member for group in touched for member in groups.pop(group)]
        groups[number] = [*members, work]
        for member in groups[number]:
            for name in (member.source_id, *member.aliases):
                group_of[name] = number
    return tuple(sorted((_merged(group) for group in groups.values()), key=lambda work: work.source_id))


def _merged(works: list[Work]) -> Work:
    if len(works) == 1:
        return works[0]
    names = sorted(
        {name for work in works for name in (work.source_id, *work.aliases)},
        key=lambda name: (_rank(name), name),
    )
    names = [name for name in names if not name.startswith("title:")] or names
    first = max(works, key=_weight)
    filled: dict[str, Any] = {
        key: next((value for work in works if (value := getattr(work, key)) is not None), None)
        for key in _FILLED
        if getattr(first, key) is None
    }
    return first.model_copy(
        update={
            **filled,
            "source_id": names[0],
            "aliases": tuple(names[1:]),
            "authors": first.authors or next((work.authors for work in works if work.authors), ()),
            "notices": tuple(dict.fromkeys(notice for work in works for notice in work.notices)),
        }
    )


def _weight(work: Work) -> tuple[bool, bool, int, str]:
    """The copy that tells most: full text before abstract, complete before cut, then the longer one."""
    return (
        work.text_kind == "fulltext",
        work.complete is not False,
        len(work.text or ""),
        work.model_dump_json(),
    )


def _rank(name: str) -> int:
    if name.startswith(_ARXIV_DOI):
        return len(_RANK)
    return next((rank for rank, scheme in enumerate(_RANK) if name.startswith(scheme)), len(_RANK))

"""The same work met several times, made one.

Input: works of any origin. Output: one work for each set that shares an identifier, in a fixed order
that does not depend on the order in which they were met.
Does not belong here: likeness of titles (sources.py), which suggests and never merges.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from pipelines.models import Work

_RANK = ("doi:", "arxiv:", "pmid:", "pmcid:", "isbn:", "openalex:", "s2:", "title:", "given:")
_ARXIV_DOI = "doi:10.48550/arxiv."
_FILLED = ("year", "venue", "type", "licence")
_JOINED = ("notices", "versions", "updates", "full_texts")


def merged_works(works: Iterable[Work]) -> tuple[Work, ...]:
    """One work for each set of works that share an identifier, sorted by `source_id`."""
    ordered = sorted(works, key=lambda work: (_rank(work.source_id), work.source_id, work.model_dump_json()))
    groups: dict[str, list[Work]] = {}
    representative = _linked(ordered)
    for work in ordered:
        groups.setdefault(representative(work.source_id), []).append(work)
    return tuple(sorted((_merged(group) for group in groups.values()), key=lambda work: work.source_id))


def _linked(works: Iterable[Work]) -> Callable[[str], str]:
    """Names that one work bears are linked; the function gives each name the one that stands for all linked to it."""
    parent: dict[str, str] = {}

    def representative(name: str) -> str:
        root = name
        while (above := parent.setdefault(root, root)) != root:
            root = above
        while parent[name] != root:  # the way is shortened for those who come after
            parent[name], name = root, parent[name]
        return root

    for work in works:
        first = representative(work.source_id)
        for alias in work.aliases:
            parent[representative(alias)] = first
    return representative


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
    joined = {key: tuple(dict.fromkeys(one for work in works for one in getattr(work, key))) for key in _JOINED}
    return first.model_copy(
        update={
            **filled,
            **joined,
            "source_id": names[0],
            "aliases": tuple(names[1:]),
            "authors": first.authors or next((work.authors for work in works if work.authors), ()),
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

"""The local library: works that the user holds, with such text as the files give.

Input: a folder or a file (JSON lines, BibTeX, RIS, CSL-JSON, PDF, JATS, TEI). Output: `Library` of `Work`s,
one for each work however many files hold it, and a rejection for each file or line that cannot be read.
Does not belong here: the formats (library_formats.py), searching the works (sources.py), judging references
against them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz

from pipelines.ingestion.errors import UnreadableDocument
from pipelines.ingestion.files import find_files, read_bytes
from pipelines.ingestion.library_formats import KNOWN_ENDINGS, Found, reader_for
from pipelines.ingestion.library_rows import normalised_title
from pipelines.ingestion.merging import merged_works
from pipelines.models import Rejection, Work

_LIKE_TITLES = 60.0  # of 100


@dataclass(frozen=True)
class Library:
    """Works in order of their `source_id`, and what could not be read."""

    works: tuple[Work, ...]
    rejected: tuple[Rejection, ...]


def read_library(path: Path) -> Library:
    """Every work in a folder or a file. A bad line or file is a rejection; the rest goes on."""
    found = find_files([path])
    works: list[Work] = []
    rejected = list(found.rejected)
    for file in found.files:
        for item in _read_file(file):
            if isinstance(item, Work):
                works.append(item)
            else:
                rejected.append(item)
    return Library(merged_works(_without_doubtful_dois(works)), tuple(rejected))


def _read_file(path: Path) -> Iterator[Found]:
    reader = reader_for(path.name)
    if reader is None:
        known = ", ".join(KNOWN_ENDINGS[:-1]) + f" and {KNOWN_ENDINGS[-1]}"
        yield Rejection(path=str(path), reason=f"a library holds {known} files; this is none of these")
        return
    try:
        yield from reader(path, read_bytes(path))
    except UnreadableDocument as error:
        yield Rejection(path=str(path), reason=error.reason)


def _without_doubtful_dois(works: Sequence[Work]) -> list[Work]:
    """The works, without a DOI that two arXiv papers of different titles claim: one of them is mistaken, and
    merged they would be one source with the text of the other.
    """
    claimants: dict[str, list[int]] = defaultdict(list)
    for place, work in enumerate(works):
        if _named(work, "arxiv:") is not None and (doi := _named(work, "doi:")) is not None:
            claimants[doi].append(place)
    found = list(works)
    for doi, places in claimants.items():
        if _are_different_papers([works[place] for place in places]):
            for place in places:
                names = [name for name in (found[place].source_id, *found[place].aliases) if name != doi]
                found[place] = found[place].model_copy(update={"source_id": names[0], "aliases": tuple(names[1:])})
    return found


def _named(work: Work, scheme: str) -> str | None:
    return next((name for name in (work.source_id, *work.aliases) if name.startswith(scheme)), None)


def _are_different_papers(works: Sequence[Work]) -> bool:
    if len({_named(work, "arxiv:") for work in works}) < 2:
        return False
    first, *others = (normalised_title(work.title) for work in works)
    return any(fuzz.token_sort_ratio(first, other) < _LIKE_TITLES for other in others)

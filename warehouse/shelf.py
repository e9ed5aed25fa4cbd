"""The user's library as an index: read and indexed in the warehouse when it is new, then asked like any other.

Input: the path of a library. Output: candidate works for references, works for the words of a question.
Does not belong here: the tables (library.py), judging candidates (pipelines).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.ingestion.library import read_library
from pipelines.ingestion.library_digest import library_digest
from pipelines.ingestion.sources import WorkIndex, stated_names
from pipelines.ingestion.versions import LIBRARY_VERSION
from pipelines.models import Reference, Rejection, Work
from warehouse.append import Stamp, content_id
from warehouse.connection import Warehouse
from warehouse.library import index_library, is_indexed, search_library, works_by_identifier, works_near_title
from warehouse.sources import held_works

MOST_NEAR = 10


@dataclass(frozen=True)
class Shelf:
    """A library that is indexed. Without one (`digest` None) it holds what the warehouse remembers of earlier ones."""

    warehouse: Warehouse
    digest: str | None = None
    name: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        return (f"library:{self.name}",) if self.name else ()

    def candidates(self, references: Sequence[Reference]) -> dict[Reference, tuple[Work, ...]]:
        """Works that each reference could mean, by its identifiers or a near title; not yet judged."""
        if not references:
            return {}
        names = {one: stated_names(one) for one in references}
        titles = {one: one.title for one in references if one.title}
        by_name: Mapping[str, Work] = {}
        near: Mapping[str, tuple[Work, ...]] = {}
        if self.digest is not None:
            by_name = works_by_identifier(self.warehouse, self.digest, {n for some in names.values() for n in some})
            near = works_near_title(self.warehouse, self.digest, titles.values(), MOST_NEAR)
        return {
            one: (*(by_name[name] for name in names[one] if name in by_name), *near.get(one.title or "", ()))
            for one in references
        }

    def remembered(self) -> WorkIndex:
        """Works that earlier runs found, of libraries and indexes that may not be there any more."""
        return WorkIndex.of(held_works(self.warehouse) if self.warehouse.exists() else ())

    def search(self, terms: Mapping[str, float], limit: int) -> tuple[tuple[Work, float], ...]:
        return search_library(self.warehouse, self.digest, terms, limit) if self.digest is not None else ()


def open_shelf(
    warehouse: Warehouse, path: Path | None, stamp: Stamp, on_rejection: Callable[[Rejection], None]
) -> Shelf:
    """The shelf for a library; reads and indexes it when its files, or how they are read, are not known yet."""
    if path is None:
        return Shelf(warehouse)
    digest = content_id("library", LIBRARY_VERSION, library_digest(path))
    if not is_indexed(warehouse, digest):
        read = read_library(path)
        for rejection in read.rejected:
            on_rejection(rejection)
        index_library(warehouse, digest, path.name, read.works, stamp)
    return Shelf(warehouse, digest, path.name)

"""The literature, as far as it may be asked: references in, what is known of each out.

Goes the rounds: the questions that references call for, their answers, the questions that these raise, until
no more arise. With the network off it answers from what was asked before. Does not belong here: the order of
the questions (lookup_plan.py), sending them (asking.py), judging the answers (verification).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipelines.ingestion.asking import AnswerStore, Asker, Edge
from pipelines.ingestion.indexes.contract import Lookup
from pipelines.ingestion.indexes.registry import INDEXES_VERSION
from pipelines.ingestion.lookup_plan import FULL_TEXT, lookups_of, works_found
from pipelines.ingestion.lookups import Known
from pipelines.ingestion.merging import merged_works
from pipelines.ingestion.network import NetworkSettings
from pipelines.models import Reference, Work

MOST_ROUNDS = 8  # the plan has six stages; each round settles one at least

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Literature:
    """Indexes that may be asked. An `asker` without an edge answers from the store alone."""

    asker: Asker

    @classmethod
    def of(
        cls, settings: NetworkSettings, store: AnswerStore, edge: Edge | None, now: Callable[[], datetime]
    ) -> Literature:
        """The indexes that these settings allow. `edge` None: what the store remembers."""
        return cls(Asker(settings.able(), settings.bases, store, edge, now, settings.recheck, INDEXES_VERSION))

    @property
    def able(self) -> frozenset[str]:
        return frozenset(self.asker.indexes)

    @property
    def reads_full_texts(self) -> bool:
        return FULL_TEXT in self.asker.indexes

    def look_up(self, references: Sequence[Reference], progress: Progress | None = None) -> Mapping[str, Known]:
        """What is known after asking for these references: lookup key to answer, failures included."""
        known: dict[str, Known] = {}
        fresh: set[str] = set()  # asked for or looked up in this call: not again
        for _ in range(MOST_ROUNDS):
            wanted = self._wanted(references, known)
            new = [one for one in wanted if one.key not in fresh]
            if not new:
                break
            self.asker.ask(new, progress)
            fresh.update(one.key for one in new)
            known.update(self.asker.store.known([one.key for one in new]))
        return known

    def completed(self, work: Work, reference: Reference, known: Mapping[str, Known]) -> Work:
        """The work with what the answers about it add; `reference` is what was looked up for it."""
        names = {work.source_id, *work.aliases}
        same = [one for one in works_found(reference, known, self.able) if names & {one.source_id, *one.aliases}]
        return next(iter(merged_works((work, *same))))

    def _wanted(self, references: Sequence[Reference], known: Mapping[str, Known]) -> tuple[Lookup, ...]:
        return tuple({one.key: one for each in references for one in lookups_of(each, known, self.able)}.values())

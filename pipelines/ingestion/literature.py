"""The literature, as far as it may be asked: references in, what is known of each out.

Goes the rounds: the questions that references call for, their answers, the questions that these raise, until
no more arise. With the network off it answers from what was asked before. Does not belong here: the order of
the questions (lookup_plan.py), sending them (asking.py), judging the answers (verification).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipelines.ingestion.asking import AnswerStore, Asker, Edge, Progress
from pipelines.ingestion.indexes.registry import INDEXES_VERSION
from pipelines.ingestion.lookup_plan import FULL_TEXT, lookups_of, works_found
from pipelines.ingestion.lookups import Known
from pipelines.ingestion.merging import merged_works
from pipelines.ingestion.network import NetworkSettings
from pipelines.models import Reference, Work

MOST_ROUNDS = 8  # the plan has six stages; each round settles one at least


@dataclass(frozen=True)
class Literature:
    """Indexes that may be asked. An `asker` without an edge answers from the store alone."""

    asker: Asker

    @classmethod
    def of(
        cls,
        settings: NetworkSettings,
        store: AnswerStore,
        edge: Edge | None,
        now: Callable[[], datetime],
        *,
        question: bool = False,
    ) -> Literature:
        """The indexes that these settings allow, for a `question` or for records. `edge` None: what is remembered."""
        return cls(
            Asker(settings.able(question=question), settings.bases, store, edge, now, settings.recheck, INDEXES_VERSION)
        )

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
        unsettled: Sequence[Reference] = references
        for _ in range(MOST_ROUNDS):
            called_for = [(one, lookups_of(one, known, self.able)) for one in unsettled]
            new = {one.key: one for _, lookups in called_for for one in lookups if one.key not in fresh}
            if not new:
                break
            # The same answers give the same walk: a reference that called for nothing new never will again.
            unsettled = [one for one, lookups in called_for if any(each.key in new for each in lookups)]
            known.update(self.asker.answers_to(new.values(), progress))
            fresh.update(new)
        return known

    def completed(self, work: Work, reference: Reference, known: Mapping[str, Known]) -> Work:
        """The work with what the answers about it add; `reference` is what was looked up for it."""
        names = {work.source_id, *work.aliases}
        same = [one for one in works_found(reference, known, self.able) if names & {one.source_id, *one.aliases}]
        return next(iter(merged_works((work, *same))))

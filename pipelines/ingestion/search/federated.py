"""A question put to all indexes that can be searched, and what is decided about what they name.

Input: the terms of a question, the hits of a library, the literature. Output: hits with who was asked, and the
search with every decision. Does not belong here: choosing sentences (publication/synthesis), storing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pipelines.ingestion.indexes.contract import By, Lookup
from pipelines.ingestion.literature import Literature
from pipelines.ingestion.search.coverage import Idf
from pipelines.ingestion.search.decisions import AskedIndex, Decision, Hit
from pipelines.ingestion.search.deduplication import deduplicated
from pipelines.ingestion.search.prisma import Prisma, prisma_of
from pipelines.ingestion.search.queries import SearchTerms
from pipelines.ingestion.search.screening import assessed, kept, retrieved, screened
from pipelines.ingestion.search.terms import index_terms
from pipelines.models import Reference, Work

SEARCH_VERSION = "search-2026.11.1"
FROM_INDEX = 50  # works that each index is asked for
MOST_FULL_TEXTS = 20  # of the most relevant works, how many are sought as full texts
RELATION_WEIGHT = 0.5  # what "improve" or "larger" counts beside the words of the subject

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Found:
    """What a search brought up, and who was asked with what."""

    hits: tuple[Hit, ...] = ()
    asked: tuple[AskedIndex, ...] = ()

    def and_(self, other: Found) -> Found:
        return Found((*self.hits, *other.hits), (*self.asked, *other.asked))


@dataclass(frozen=True)
class Screened:
    """Every decision about the hits, the counts, and the works that were included, the most relevant first."""

    decisions: tuple[Decision, ...]
    prisma: Prisma
    works: tuple[Work, ...]


def weights_of(terms: SearchTerms) -> Mapping[str, float]:
    """The stems of a question with their weights, as a library is searched by them."""
    weights: dict[str, float] = {}
    for words, weight in ((terms.relations, RELATION_WEIGHT), (terms.words, 1.0)):
        weights |= {stem: weight for word in words for stem in index_terms(word)}
    return weights


def named_by(index: str, works: Sequence[Work], terms: SearchTerms, fault: str | None = None) -> Found:
    """What one index named, in its order."""
    hits = tuple(Hit(index, rank, work) for rank, work in enumerate(works, start=1))
    return Found(hits, (AskedIndex(index, terms.query, len(hits), fault),))


def ask_indexes(terms: SearchTerms, literature: Literature, progress: Progress | None = None) -> Found:
    """What the indexes that can be searched by words name; one that was never asked and may not be is left out."""
    if not terms.query:
        return Found()
    able = literature.asker.indexes.values()
    lookups = [Lookup(one.name, By.SEARCH, terms.query, FROM_INDEX) for one in able if By.SEARCH in one.asks_by]
    literature.asker.ask(lookups, progress)
    known = literature.asker.store.known([one.key for one in lookups])
    found = Found()
    for lookup in lookups:
        if (answer := known.get(lookup.key)) is not None:
            found = found.and_(named_by(lookup.index, answer.works[:FROM_INDEX], terms, answer.reason))
    return found


def screen(
    terms: SearchTerms, found: Found, idf: Idf, literature: Literature, progress: Progress | None = None
) -> Screened:
    """Duplicates out, the relevant kept, their texts fetched, judged again by these."""
    unique = deduplicated(found.hits)
    by_abstract = screened(unique.works, terms, idf)
    sought = _with_texts(kept(by_abstract), literature, progress)
    scores = {one.work.source_id: one.score for one in by_abstract}
    had = retrieved(sought, [scores.get(work.source_id) for work in sought])
    read = assessed(kept(had), terms, idf)
    decisions = (*unique.decisions, *by_abstract, *had, *read)
    return Screened(decisions, prisma_of(decisions, [one.index for one in found.asked]), kept(read))


def _with_texts(works: Sequence[Work], literature: Literature, progress: Progress | None) -> tuple[Work, ...]:
    """The works; those without a text, and the most relevant where full texts are read, with what indexes hold."""
    read_whole = MOST_FULL_TEXTS if literature.reads_full_texts else 0
    wanted = {
        work.source_id: reference_to(work)
        for rank, work in enumerate(works)
        if rank < read_whole or not (work.text or "").strip()
    }
    known = literature.look_up(list(wanted.values()), progress) if wanted else {}
    return tuple(
        literature.completed(work, wanted[work.source_id], known) if work.source_id in wanted else work
        for work in works
    )


def reference_to(work: Work) -> Reference:
    """A reference that means this work."""
    names = dict(name.split(":", 1) for name in reversed((work.source_id, *work.aliases)))
    return Reference(
        ordinal=1,
        raw=work.title,
        doi=names.get("doi"),
        arxiv_id=names.get("arxiv"),
        pmid=names.get("pmid"),
        pmcid=names.get("pmcid"),
        openalex=names.get("openalex"),
        s2=names.get("s2"),
        title=work.title,
    )

"""The asset that answers a question: it searches, screens and writes a record, which then goes the way of any other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import dagster as dg

from assets.literature import LiteratureResource
from assets.partitions import COHORT, add_missing
from assets.progress import reporting
from assets.resources import Clock, LibraryResource, WarehouseResource, stamp
from pipelines.ingestion.documents import read_document
from pipelines.ingestion.indexes.contract import By, Lookup
from pipelines.ingestion.literature import Literature
from pipelines.ingestion.records import cohort_of, parse_record, record_id_of
from pipelines.ingestion.search.coverage import Idf, pool_idf
from pipelines.ingestion.search.decisions import Decision, Hit
from pipelines.ingestion.search.deduplication import deduplicated
from pipelines.ingestion.search.prisma import prisma_of
from pipelines.ingestion.search.queries import SearchTerms, queries_of
from pipelines.ingestion.search.screening import RULES, assessed, kept, retrieved, screened
from pipelines.ingestion.search.terms import index_terms
from pipelines.models import Reference, Work
from pipelines.publication.synthesis.document import AskedIndex, Method, write_synthesis
from pipelines.publication.synthesis.findings import findings_in
from pipelines.publication.synthesis.grouping import grouped
from pipelines.verification.terms import load_terms
from pipelines.verification.verdict import VERIFIER_VERSION
from warehouse.ingestion import Arrival, document_id_of, take_in
from warehouse.searches import Search, save_search
from warehouse.shelf import Shelf

SEARCH_VERSION = "search-2026.11.1"
FROM_LIBRARY = 200  # works that a library is asked for
FROM_INDEX = 50  # works that each index is asked for
RELATION_WEIGHT = 0.5  # what "improve" or "larger" counts beside the words of the subject


class QuestionConfig(dg.Config):
    """The question to answer, in plain words."""

    question: str = ""


@dg.asset(group_name="ingestion", code_version=SEARCH_VERSION, kinds={"duckdb"})
def questions(
    context: dg.AssetExecutionContext,
    config: QuestionConfig,
    warehouse: WarehouseResource,
    library: LibraryResource,
    literature: LiteratureResource,
    clock: Clock,
) -> dg.MaterializeResult[Any]:
    """Searches the literature for a question, screens what it finds, and writes a synthesis by extraction."""
    if not config.question.strip():
        raise dg.Failure("No question was given: put one into the run's config (ops: questions: config: question).")
    house, asked_on = warehouse.open(), clock.now().date()
    terms = queries_of(config.question)
    shelf = library.shelf(house, context, clock)
    with literature.opened(house, clock, context.run.run_id) as asked:
        found = _searched(terms, shelf, asked)
        search, works = _screened(terms, found, asked, asked_on)
    method = Method(found.asked, RULES.cut, RULES.most, VERIFIER_VERSION)
    findings = findings_in(works, terms, _rarity(found.hits))
    written = write_synthesis(config.question, works, grouped(findings, load_terms()), search.prisma, asked_on, method)
    arrival = _arrival(config.question, written.text)
    take_in(house, [arrival], [], stamp(context, clock))
    add_missing(context.instance, COHORT, [arrival.cohort])
    save_search(
        house, search, record_id=arrival.record_id, document_id=arrival.document_id, stamp=stamp(context, clock)
    )
    return dg.MaterializeResult(
        metadata={
            "document_ids": dg.MetadataValue.json([arrival.document_id]),
            "identified": search.prisma.identified_in_all,
            "included": search.prisma.included,
            "findings": len(findings),
        }
    )


@dataclass(frozen=True)
class Found:
    """What the search brought up, and who was asked with what."""

    hits: tuple[Hit, ...]
    asked: tuple[AskedIndex, ...]


def _searched(terms: SearchTerms, shelf: Shelf, literature: Literature) -> Found:
    """The library first, then every index that may be asked by words."""
    hits: list[Hit] = []
    asked: list[AskedIndex] = []
    for name in shelf.names:
        found = [work for work, _ in shelf.search(_weights(terms), FROM_LIBRARY)]
        hits += [Hit(name, rank, work) for rank, work in enumerate(found, start=1)]
        asked.append(AskedIndex(name, terms.query, len(found)))
    able = literature.asker.indexes.values()
    lookups = [Lookup(one.name, By.SEARCH, terms.query, FROM_INDEX) for one in able if By.SEARCH in one.asks_by]
    lookups = lookups if terms.query else []
    literature.asker.ask(lookups, reporting("searching indexes"))
    known = literature.asker.store.known([one.key for one in lookups])
    for lookup in lookups:
        answer = known.get(lookup.key)
        if answer is None:
            continue  # the network is off, and it was never asked
        works = answer.works[:FROM_INDEX]
        hits += [Hit(lookup.index, rank, work) for rank, work in enumerate(works, start=1)]
        asked.append(AskedIndex(lookup.index, terms.query, len(works), answer.reason))
    return Found(tuple(hits), tuple(asked))


def _weights(terms: SearchTerms) -> Mapping[str, float]:
    weights: dict[str, float] = {}
    for words, weight in ((terms.relations, RELATION_WEIGHT), (terms.words, 1.0)):
        weights |= {stem: weight for word in words for stem in index_terms(word)}
    return weights


def _screened(
    terms: SearchTerms, found: Found, literature: Literature, asked_on: date
) -> tuple[Search, tuple[Work, ...]]:
    """The search with every decision, and the works that were included."""
    unique = deduplicated(found.hits)
    idf = _rarity(found.hits)
    by_abstract = screened(unique.works, terms, idf)
    sought = _with_texts(kept(by_abstract), literature)
    scores = {one.work.source_id: one.score for one in by_abstract}
    had = retrieved(sought, [scores.get(work.source_id) for work in sought])
    read = assessed(kept(had), terms, idf)
    decisions: tuple[Decision, ...] = (*unique.decisions, *by_abstract, *had, *read)
    names = tuple(one.index for one in found.asked)
    search = Search(
        question=terms.question,
        asked_on=asked_on,
        query=terms.query,
        indexes=names,
        rules={"cut": RULES.cut, "most": RULES.most, "from_library": FROM_LIBRARY, "from_index": FROM_INDEX},
        version=SEARCH_VERSION,
        hits=found.hits,
        decisions=decisions,
        prisma=prisma_of(decisions, names),
    )
    return search, kept(read)


def _rarity(hits: Sequence[Hit]) -> Idf:
    return pool_idf(f"{hit.work.title}\n{hit.work.text or ''}" for hit in hits)


def _with_texts(works: Sequence[Work], literature: Literature) -> tuple[Work, ...]:
    """The works, those without a text with what indexes hold of it."""
    bare = {work.source_id: _reference_to(work) for work in works if not (work.text or "").strip()}
    if not bare:
        return tuple(works)
    known = literature.look_up(list(bare.values()), reporting("fetching abstracts"))
    return tuple(
        literature.completed(work, bare[work.source_id], known) if work.source_id in bare else work for work in works
    )


def _reference_to(work: Work) -> Reference:
    names = dict(name.split(":", 1) for name in reversed((work.source_id, *work.aliases)))
    return Reference(
        ordinal=1,
        raw=work.title,
        doi=names.get("doi"),
        arxiv_id=names.get("arxiv"),
        pmid=names.get("pmid"),
        pmcid=names.get("pmcid"),
        title=work.title,
    )


def _arrival(question: str, text: str) -> Arrival:
    name = "question-" + "-".join(index_terms(question)[:6]) + ".md"
    data = text.encode()
    record = parse_record(read_document(name, data))
    return Arrival(document_id_of(data), name, data, record_id_of(record), cohort_of(record))

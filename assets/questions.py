"""The asset that answers a question: it searches, screens and writes a record, which then goes the way of any other."""

from datetime import date
from typing import Any

import dagster as dg

from assets.literature import LiteratureResource
from assets.partitions import COHORT, add_missing
from assets.progress import reporting
from assets.resources import Clock, LibraryResource, WarehouseResource, stamp
from pipelines.ingestion.documents import read_document
from pipelines.ingestion.records import cohort_of, parse_record, record_id_of
from pipelines.ingestion.search.federated import (
    FROM_INDEX,
    SEARCH_VERSION,
    Found,
    Screened,
    ask_indexes,
    named_by,
    screen,
    weights_of,
)
from pipelines.ingestion.search.queries import SearchTerms, queries_of
from pipelines.ingestion.search.screening import RULES
from pipelines.ingestion.search.terms import index_terms
from pipelines.publication.synthesis.document import Method, write_synthesis
from pipelines.publication.synthesis.findings import findings_in
from pipelines.publication.synthesis.grouping import grouped
from pipelines.publication.synthesis.model_asking import prose_by_model
from pipelines.verification.features_backend import default_backend
from pipelines.verification.terms import load_terms
from warehouse.ingestion import Arrival, document_id_of, refused_arrivals, take_in
from warehouse.searches import Search, save_search
from warehouse.shelf import Shelf
from warehouse.withdrawn import text_hash, withdrawn_of

FROM_LIBRARY = 200  # works that a library is asked for


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
    terms, statistics = queries_of(config.question), load_terms()
    with literature.opened(house, clock, context.run.run_id, question=True) as asked:
        found = _in_library(terms, library.shelf(house, context, clock)).and_(
            ask_indexes(terms, asked, reporting("searching indexes"))
        )
        screened = screen(terms, found, statistics.idf, asked, reporting("fetching texts"))
        gone = withdrawn_of(house)  # an index may answer with a text that was taken down here
        findings = findings_in(tuple(map(gone.without_text, screened.works)), terms, statistics.idf)
        groups = grouped(findings, statistics)
        prose = prose_by_model(config.question, groups, literature.model(), asked.asker)
    # Findings are grouped by the default back end, whichever judges the record afterwards.
    method = Method(found.asked, RULES.cut, RULES.most, default_backend().version, prose.writer)
    written = write_synthesis(config.question, screened.works, groups, screened.prisma, asked_on, method, prose.text)
    arrival = _arrival(config.question, written.text)
    for one, _ in refused_arrivals(gone, [arrival]):
        raise dg.Failure(f"The answer to this question was {one.reason}")
    take_in(house, [arrival], [], stamp(context, clock))
    add_missing(context.instance, COHORT, [arrival.cohort])
    save_search(
        house,
        _search(terms, asked_on, found, screened),
        record_id=arrival.record_id,
        document_id=arrival.document_id,
        stamp=stamp(context, clock),
    )
    return dg.MaterializeResult(
        metadata={
            "document_ids": dg.MetadataValue.json([arrival.document_id]),
            "identified": screened.prisma.identified_in_all,
            "included": screened.prisma.included,
            "findings": len(findings),
            "written": prose.writer,
        }
    )


def _search(terms: SearchTerms, asked_on: date, found: Found, screened: Screened) -> Search:
    return Search(
        question=terms.question,
        asked_on=asked_on,
        query=terms.query,
        indexes=tuple(one.index for one in found.asked),
        rules={"cut": RULES.cut, "most": RULES.most, "from_library": FROM_LIBRARY, "from_index": FROM_INDEX},
        version=SEARCH_VERSION,
        hits=found.hits,
        decisions=screened.decisions,
        prisma=screened.prisma,
    )


def _in_library(terms: SearchTerms, shelf: Shelf) -> Found:
    found = Found()
    for name in shelf.names:
        works = [work for work, _ in shelf.search(weights_of(terms), FROM_LIBRARY)]
        found = found.and_(named_by(name, works, terms))
    return found


def _arrival(question: str, text: str) -> Arrival:
    name = "question-" + "-".join(index_terms(question)[:6]) + ".md"
    data = text.encode()
    record = parse_record(read_document(name, data))
    return Arrival(document_id_of(data), name, data, record_id_of(record), cohort_of(record), text_hash(record.text))

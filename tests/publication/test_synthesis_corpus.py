"""Questions answered from real abstracts: what is quoted is verbatim, read back, and holds before our own verifier."""

from __future__ import annotations

import gzip
import json
import os
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from pipelines.extraction.claims import extract_claims
from pipelines.ingestion.passages import split_passages
from pipelines.ingestion.search.decisions import Decision, Hit
from pipelines.ingestion.search.deduplication import deduplicated
from pipelines.ingestion.search.prisma import Prisma, prisma_of
from pipelines.ingestion.search.queries import queries_of
from pipelines.ingestion.search.screening import RULES, assessed, kept, retrieved, screened
from pipelines.ingestion.search.terms import index_terms
from pipelines.models import ClaimVerdict, Passage, Work
from pipelines.publication.synthesis.document import AskedIndex, Method, Synthesis, write_synthesis
from pipelines.publication.synthesis.findings import findings_in
from pipelines.publication.synthesis.grouping import grouped
from pipelines.publication.synthesis.quotation import claims_read_back, read_back
from pipelines.verification.features_backend import default_backend
from pipelines.verification.terms import load_terms
from pipelines.verification.verdict import verify_claim

CORPUS = os.environ.get("CLAIMGATE_CORPUS")
pytestmark = pytest.mark.skipif(not CORPUS, reason="needs the collected abstracts (CLAIMGATE_CORPUS)")
MOST_HITS = 200


@cache
def library() -> tuple[tuple[Work, frozenset[str]], ...]:
    path = Path(CORPUS or "") / "texts" / "abstracts" / "arxiv_abstracts.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    works = [
        Work(
            source_id=f"arxiv:{row['id'].rsplit('v', 1)[0] if row['id'][:1].isdigit() else row['id']}",
            title=" ".join(row["title"].split()),
            authors=tuple(name.strip() for name in row["authors"].split(",") if name.strip()),
            year=int(row["created"][:4]) if row["created"] else None,
            text=row["abstract"].strip(),
            text_kind="abstract",
            origin="library:arxiv",
        )
        for row in rows
    ]
    return tuple((work, frozenset(index_terms(f"{work.title} {work.text}"))) for work in works)


def hits_of(query: str) -> list[Hit]:
    """The works that share most of the query's weight: a plain search, good enough to screen from."""
    idf = load_terms().idf
    wanted = {stem: idf(stem) for stem in index_terms(query)}
    scored = [(sum(weight for stem, weight in wanted.items() if stem in stems), work) for work, stems in library()]
    best = sorted((one for one in scored if one[0] > 0), key=lambda one: (-one[0], one[1].source_id))[:MOST_HITS]
    return [Hit("library", rank, work) for rank, (_, work) in enumerate(best, start=1)]


def answered(question: str) -> tuple[Synthesis, Prisma, dict[str, Work]]:
    terms, statistics = queries_of(question), load_terms()
    hits = hits_of(terms.query)
    found = deduplicated(hits)
    first = screened(found.works, terms, statistics.idf)
    fetched = retrieved(kept(first))
    read = assessed(kept(fetched), terms, statistics.idf)
    decisions: list[Decision] = [*found.decisions, *first, *fetched, *read]
    prisma, works = prisma_of(decisions, ["library"]), kept(read)
    groups = grouped(findings_in(works, terms, statistics.idf), statistics)
    method = Method((AskedIndex("library", terms.query, len(hits)),), RULES.cut, RULES.most, "lexical-test")
    synthesis = write_synthesis(question, works, groups, prisma, date(2026, 11, 21), method)
    return synthesis, prisma, {work.source_id: work for work in works}


@pytest.mark.parametrize(
    ("question", "title"),
    [
        (
            "Does chain-of-thought prompting improve reasoning in large language models?",
            "Chain-of-Thought Prompting Elicits Reasoning in Large Language Models",
        ),
        (
            "What limits the critical temperature of high-temperature superconductors?",
            "Exchange Enhancement of the Electron-Phonon Pair Interaction",
        ),
        (
            "How do graph neural networks suffer from over-smoothing?",
            "ParaFormer: A Generalized PageRank Graph Transformer for Graph Representation Learning",
        ),
        ("Does federated learning protect privacy?", "FedMD: Heterogenous Federated Learning via Model Distillation"),
    ],
)
def test_a_question_is_answered_by_verbatim_sentences_that_their_sources_support(question: str, title: str) -> None:
    synthesis, prisma, works = answered(question)
    quotations = synthesis.answer.quotations
    assert 1 <= len(quotations) <= 12
    assert prisma.identified_in_all == MOST_HITS
    assert prisma.included == len(works)
    record = read_back(synthesis.text)
    assert claims_read_back(record, quotations)
    assert title in {reference.title for reference in record.references}
    for claim, one in zip(extract_claims(record, "text:x"), quotations, strict=True):
        text = works[one.finding.source_id].text or ""
        assert text[one.finding.start : one.finding.end] == one.finding.text
        assert one.finding.quoted in claim.text
        passages = passages_of(one.finding.source_id, text)
        verdict = verify_claim(claim, passages, cited=frozenset(), backend=default_backend()).verdict
        assert verdict.verdict is ClaimVerdict.SUPPORTED, claim.normalised


@pytest.mark.parametrize(
    "question", ["Do unicorns prefer oat milk?", "Do larger language models hallucinate less?", "Is cheese older?"]
)
def test_a_question_that_the_abstracts_do_not_answer_is_told_so(question: str) -> None:
    synthesis, prisma, works = answered(question)
    assert synthesis.answer.is_empty
    assert f"No answer was found in the {len(works)} works that were read." in synthesis.text
    assert prisma.included == len(works)
    assert extract_claims(read_back(synthesis.text), "text:x") == ()


def passages_of(source_id: str, text: str) -> list[Passage]:
    return [
        Passage(
            passage_id=f"p{ordinal}",
            source_id=source_id,
            source_version_id=source_id,
            ordinal=ordinal,
            start=start,
            end=end,
            text=text[start:end],
        )
        for ordinal, (start, end) in enumerate(split_passages(text), start=1)
    ]

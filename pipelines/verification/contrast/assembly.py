"""All training rows from the public corpora under one folder, in one order.

Owns how many rows each source gives. Leaves out withheld abstracts, and those that any SciFact claim cites.
Input: the folder; output: `ContrastRow`. Does not belong here: the form of the files (`corpora`), the rules.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from pathlib import Path

from pipelines.verification.contrast.corpora import (
    read_abstracts,
    read_arxiv,
    read_cited_documents,
    read_question_abstracts,
    read_questions,
    read_trials,
)
from pipelines.verification.contrast.questions import question_rows
from pipelines.verification.contrast.retelling import retold_rows
from pipelines.verification.contrast.reworded import reworded_rows
from pipelines.verification.contrast.rows import Abstract, ContrastRow, contrast_rows
from pipelines.verification.contrast.trials import trial_rows
from pipelines.verification.contrast.withheld import is_withheld

_ARXIV_SINCE = "2005-01-01"
_MOST_ARXIV = 3000
_FROM_SCIFACT, _FROM_QUESTIONS, _FROM_CITED, _FROM_ARXIV = 3, 4, 1, 1
_RETOLD, _REWORDED = 4, 6


def training_rows(root: Path, rng: random.Random, *, with_arxiv: bool = False) -> Iterator[ContrastRow]:
    """Rows of SciFact, PubMedQA, Citation-Integrity and Evidence Inference under `root`.

    `with_arxiv` adds rows of arXiv abstracts, which stand under licences of their own: for trying things out,
    not for coefficients that are shipped.
    """
    scifact, questions, cited = _scifact(root), _unheld(read_question_abstracts(_pubmedqa(root))), _cited(root)
    yield from contrast_rows(scifact, rng, per_document=_FROM_SCIFACT)
    yield from contrast_rows(questions, rng, per_document=_FROM_QUESTIONS)
    yield from contrast_rows(cited, rng, per_document=_FROM_CITED)
    yield from reworded_rows([*scifact, *questions], rng, per_document=_REWORDED)
    yield from retold_rows([*scifact, *questions, *cited], rng, per_document=_RETOLD)
    trials = root / "evidence-inference"
    yield from trial_rows(read_trials(trials / "prompts_merged.csv", trials / "v2_annotations.csv"), rng)
    asked = [q for q in read_questions(_pubmedqa(root)) if not is_withheld(q.question_id)]
    yield from question_rows(asked, rng)
    if with_arxiv:
        arxiv = _unheld(
            read_arxiv(root.parent / "texts" / "abstracts" / "arxiv_abstracts.jsonl.gz", since=_ARXIV_SINCE)
        )
        yield from contrast_rows(arxiv[:_MOST_ARXIV], rng, per_document=_FROM_ARXIV)
        yield from retold_rows(arxiv[:_MOST_ARXIV], rng, per_document=_RETOLD)


def _unheld(documents: Iterable[Abstract]) -> list[Abstract]:
    return [d for d in documents if not is_withheld(d.doc_id)]


def _scifact(root: Path) -> list[Abstract]:
    """Abstracts that no claim in any claims file beside the corpus cites."""
    folder = root / "scifact"
    named = {d for path in sorted(folder.glob("claims*.jsonl")) for d in read_cited_documents(path)}
    held = _unheld(read_abstracts(folder / "corpus.jsonl", "scifact"))
    return [d for d in held if d.doc_id.rpartition(":")[2] not in named]


def _cited(root: Path) -> list[Abstract]:
    """Documents of Citation-Integrity that its training claims cite."""
    folder = root / "citation-integrity"
    named = read_cited_documents(folder / "claims_train.jsonl")
    held = _unheld(read_abstracts(folder / "corpus.jsonl", "citation-integrity"))
    return [d for d in held if d.doc_id.rpartition(":")[2] in named]


def _pubmedqa(root: Path) -> Path:
    return root / "pubmedqa" / "train.json"

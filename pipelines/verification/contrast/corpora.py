"""Public corpora of abstracts and judged findings, read into the forms that rows are made from.

Owns the form of each file. Does not belong here: which rows are made (`rows`, `reworded`, `trials`,
`questions`), where the files lie. Licences: SciFact corpus ODC-By 1.0, Evidence Inference MIT, PubMedQA MIT,
Citation-Integrity MIT; abstracts of arXiv have licences of their own, so rows of origin "arxiv" are kept out of
what is shipped.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pipelines.extraction.sentences import split_sentences
from pipelines.verification.contrast.questions import AnsweredQuestion
from pipelines.verification.contrast.rows import Abstract
from pipelines.verification.contrast.trials import Direction, TrialFinding

MAX_FIELD = 20_000
_DIRECTIONS = {
    "significantly increased": Direction.HIGHER,
    "significantly increase": Direction.HIGHER,
    "significantly decreased": Direction.LOWER,
    "no significant difference": Direction.SAME,
}


def _json_lines(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    for line in lines:
        if line.strip():
            yield json.loads(line)


def _plain(text: str) -> str:
    """White space as single blanks."""
    return re.sub(r"\s+", " ", text[:MAX_FIELD]).strip()


def read_abstracts(path: Path, origin: str) -> Iterator[Abstract]:
    """A corpus in SciFact form: JSON lines with doc_id, title and abstract (a list of sentences)."""
    with path.open(encoding="utf-8") as lines:
        for row in _json_lines(lines):
            sentences = tuple(_plain(s) for s in row["abstract"])
            yield Abstract(f"{origin}:{row['doc_id']}", origin, _plain(row.get("title") or ""), sentences)


def read_arxiv(path: Path, *, since: str) -> Iterator[Abstract]:
    """arXiv metadata as gzipped JSON lines; abstracts first sent on or after the date `since` (YYYY-MM-DD)."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in _json_lines(lines):
            text = _plain(row["abstract"])
            if (row.get("created") or "") >= since and "$" not in text and "\\" not in text:
                yield Abstract(f"arxiv:{row['id']}", "arxiv", _plain(row["title"]), sentences_of(text))


def read_cited_documents(path: Path) -> frozenset[str]:
    """The documents that the claims of a file in SciFact form cite."""
    with path.open(encoding="utf-8") as lines:
        return frozenset(str(d) for row in _json_lines(lines) for d in row["cited_doc_ids"])


def read_trials(prompts: Path, annotations: Path) -> Iterator[TrialFinding]:
    """Evidence Inference 2.0: prompts and annotations; only those that the checkers found right, each once."""
    with prompts.open(encoding="utf-8", newline="") as handle:
        asked = {row["PromptID"]: row for row in csv.DictReader(handle)}
    seen: set[tuple[str, str]] = set()
    with annotations.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            prompt, direction = asked.get(row["PromptID"]), _DIRECTIONS.get(row["Label"])
            passage = _plain(row["Annotations"])
            is_right = row["Valid Label"] == "True" and row["Valid Reasoning"] == "True"
            if prompt is None or direction is None or not is_right or (row["PromptID"], passage) in seen:
                continue
            seen.add((row["PromptID"], passage))
            outcome, given, other = (_plain(prompt[k]) for k in ("Outcome", "Intervention", "Comparator"))
            yield TrialFinding(f"evidence-inference:{row['PMCID']}", outcome, given, other, direction, passage)


def read_questions(path: Path) -> Iterator[AnsweredQuestion]:
    """PubMedQA, labelled part: questions answered yes or no; "maybe" is left out."""
    for key, row in json.loads(path.read_text(encoding="utf-8")).items():
        if row["final_decision"] in ("yes", "no"):
            answer = " ".join(sentences_of(_plain(row["LONG_ANSWER"]))[:2])
            yield AnsweredQuestion(f"pubmedqa:{key}", _plain(row["QUESTION"]), answer, row["final_decision"] == "yes")


def read_question_abstracts(path: Path) -> Iterator[Abstract]:
    """PubMedQA: the abstract of each question with its conclusion at the end."""
    for key, row in json.loads(path.read_text(encoding="utf-8")).items():
        body = [s for text in row["CONTEXTS"] for s in sentences_of(_plain(text))]
        closing = sentences_of(_plain(row["LONG_ANSWER"]))
        first = (f"CONCLUSIONS {closing[0]}", *closing[1:]) if closing else ()
        yield Abstract(f"pubmedqa:{key}", "pubmedqa", "", (*body, *first))


def sentences_of(text: str) -> tuple[str, ...]:
    return tuple(text[start:end].strip() for start, end in split_sentences(text))

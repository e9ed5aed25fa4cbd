"""Claim extraction against labels made by hand: which sentence is a claim, antecedents, quantities, kinds.

In: `benchmarks/labels/claim_*.jsonl` (places in texts of the corpus and short phrases, no sentences) and
the corpus that CLAIMGATE_CORPUS names. Out: a table with 95 % Wilson intervals, and on request the errors.
A labelled sentence counts as extracted when a claim covers at least half of it. An antecedent or a
quantity is right when it says what the label says; a metric or data set that is left out is not wrong.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.counts import wilson
from pipelines.extraction.antecedents import Resolution, resolve
from pipelines.extraction.blocks import blocks_of
from pipelines.extraction.citations import normalised
from pipelines.extraction.claims import EXTRACTOR_VERSION, extract_claims
from pipelines.extraction.quantities import quantities_of
from pipelines.extraction.sentences import sentences_of
from pipelines.extraction.worthiness import kind_of
from pipelines.ingestion.documents import read_document
from pipelines.ingestion.records import parse_record
from pipelines.models import Claim, ParsedRecord

FOLDER = Path(__file__).parent / "labels"
LABELS = FOLDER / "claim_worthiness.jsonl"


@dataclass(frozen=True)
class Labelled:
    file: str
    start: int
    end: int
    sha256: str
    is_claim: bool
    why: str


def labelled_sentences() -> list[Labelled]:
    rows = [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]
    return [
        Labelled(row["file"], row["start"], row["end"], row["sha256"], row["label"] == "claim", row["why"])
        for row in rows
    ]


def record_of(path: Path) -> ParsedRecord:
    return parse_record(read_document(path.name, path.read_bytes()))


def is_extracted(label: Labelled, claims: tuple[Claim, ...]) -> bool:
    covered = sum(max(0, min(label.end, claim.end) - max(label.start, claim.start)) for claim in claims)
    return covered >= 0.5 * (label.end - label.start)


def per_cent(hits: int, total: int) -> str:
    """`hits/total` in per cent with its 95 % Wilson interval."""
    if total == 0:
        return "no cases"
    low, high = wilson(hits / total, total)
    return f"{100 * hits / total:5.1f} %  [{100 * low:.1f}, {100 * high:.1f}]  {hits}/{total}"


class Corpus:
    """Texts of the corpus by the names that the labels use: a file, "abstract:<arXiv id>", "scifact:<id>"."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.text = cache(self._text)
        self.sentences = cache(self._sentences)

    @cache  # noqa: B019  # one corpus a run
    def _abstracts(self) -> dict[str, str]:
        with gzip.open(self._root / "texts/abstracts/arxiv_abstracts.jsonl.gz", "rt", encoding="utf-8") as lines:
            return {row["id"]: row["abstract"] for row in map(json.loads, lines)}

    @cache  # noqa: B019  # one corpus a run
    def _scifact(self) -> dict[str, list[str]]:
        with (self._root / "claims/scifact/corpus.jsonl").open(encoding="utf-8") as lines:
            return {str(row["doc_id"]): row["abstract"] for row in map(json.loads, lines)}

    def _text(self, name: str) -> str:
        if name.startswith("abstract:"):
            return self._abstracts()[name.removeprefix("abstract:")]
        return record_of(self._root / name).text

    def _sentences(self, name: str) -> dict[int, tuple[str, Resolution | None]]:
        """Normalised sentence and its resolution by the place where it begins."""
        if name.startswith("scifact:"):
            listed = self._scifact()[name.removeprefix("scifact:")]
            return {place: (" ".join(sentence.split()), None) for place, sentence in enumerate(listed)}
        text = self.text(name)
        found: dict[int, tuple[str, Resolution | None]] = {}
        for block in blocks_of(text):
            before: list[str] = []
            for start, end in sentences_of(text, block):
                words = normalised(text[start:end])
                resolution = resolve(words, before)
                before.append(resolution.standalone if resolution else words)
                found[start] = (words, resolution)
        return found


def rows_of(name: str) -> Iterator[dict[str, Any]]:
    return map(json.loads, (FOLDER / name).read_text(encoding="utf-8").splitlines())


def _bare(phrase: str) -> str:
    first, _, rest = phrase.lower().partition(" ")
    return rest if first in ("the", "a", "an") else phrase.lower()


def measure_antecedents(corpus: Corpus) -> Iterator[str]:
    right = resolved = found = findable = 0
    for row in rows_of("claim_antecedents.jsonl"):
        _, resolution = corpus.sentences(row["text"])[row["start"]]
        is_right = resolution is not None and _bare(resolution.antecedent) in map(_bare, row["antecedents"])
        resolved += resolution is not None
        right += is_right
        if row["sample"] == "mention" and row["antecedents"]:
            findable += 1
            found += is_right
        if resolution is not None and not is_right:
            yield f"  wrong  {row['text']}:{row['start']}  {resolution.antecedent} ({resolution.rule})"
    yield f"antecedents: precision  {per_cent(right, resolved)}"
    yield f"antecedents: coverage   {per_cent(found, findable)}"


_SAID = ("value", "high", "unit", "comparison")
_NAMED = ("metric", "data_set")


def measure_quantities(corpus: Corpus) -> Iterator[str]:
    right = extracted = named = 0
    for row in rows_of("claim_quantities.jsonl"):
        words, _ = corpus.sentences(row["text"])[row["sentence"]]
        here = [q for q in quantities_of(words) if q.start <= row["at"] < q.end or row["at"] <= q.start < row["at"] + 1]
        if not here:
            continue
        quantity = here[0].model_dump()
        extracted += 1
        is_said = row["is_quantity"] and all(quantity[name] == row[name] for name in _SAID)
        is_named = all(quantity[name] in (None, row.get(name)) for name in _NAMED)
        named += any(quantity[name] is not None for name in _NAMED)
        right += is_said and is_named
        if not (is_said and is_named):
            yield f"  wrong  {row['text']}:{row['sentence']}  {row['words']} read as {here[0]}"
    yield f"quantities: precision   {per_cent(right, extracted)}, {named} of them with a metric or a data set"


def measure_kinds(corpus: Corpus) -> Iterator[str]:
    right = total = 0
    for row in rows_of("claim_kinds.jsonl"):
        words, _ = corpus.sentences(row["text"])[row["start"]]
        kind = kind_of(words)
        total += 1
        right += kind == row["kind"]
        if kind != row["kind"]:
            yield f"  wrong  {row['text']}:{row['start']}  {kind}, labelled {row['kind']}"
    yield f"kinds: agreement        {per_cent(right, total)}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", action="store_true", help="list the places of the errors")
    arguments = parser.parse_args()
    corpus = os.environ.get("CLAIMGATE_CORPUS")
    if corpus is None:
        print("Set CLAIMGATE_CORPUS to the folder of the corpus: the labels point into it.", file=sys.stderr)
        return 2
    labels = labelled_sentences()
    claims: dict[str, tuple[Claim, ...]] = {}
    texts: dict[str, str] = {}
    began = time.perf_counter()
    for file in sorted({label.file for label in labels}):
        record = record_of(Path(corpus) / file)
        texts[file], claims[file] = record.text, extract_claims(record, file)
    seconds = time.perf_counter() - began
    for label in labels:
        labelled_text = texts[label.file][label.start : label.end]
        if hashlib.sha256(labelled_text.encode()).hexdigest() != label.sha256:
            print(f"{label.file}: the text at {label.start} is not what was labelled.", file=sys.stderr)
            return 1
    found = [(label, is_extracted(label, claims[label.file])) for label in labels]
    hits = sum(label.is_claim and extracted for label, extracted in found)
    print(f"extractor {EXTRACTOR_VERSION}; {len(labels)} sentences of {len(texts)} files")
    print(f"precision  {per_cent(hits, sum(extracted for _, extracted in found))}")
    print(f"recall     {per_cent(hits, sum(label.is_claim for label in labels))}")
    right = sum(label.is_claim == extracted for label, extracted in found)
    print(f"agreement  {per_cent(right, len(found))}")
    print(f"{sum(map(len, claims.values()))} claims in these files, {seconds:.1f} s")
    texts_of_corpus = Corpus(Path(corpus))
    for measure in (measure_antecedents, measure_quantities, measure_kinds):
        for line in measure(texts_of_corpus):
            if arguments.errors or not line.startswith("  "):
                print(line)
    if arguments.errors:
        for label, extracted in found:
            if label.is_claim != extracted:
                print(f"{'missed' if label.is_claim else 'wrong'}  {label.file}:{label.start}  {label.why}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

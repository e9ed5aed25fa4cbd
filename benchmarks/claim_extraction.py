"""Precision and recall of claim extraction on sentences labelled by hand.

In: `benchmarks/labels/claim_worthiness.jsonl` (places in files of the corpus, no text) and the corpus
that CLAIMGATE_CORPUS names. Out: a table with 95 % Wilson intervals, and on request the errors.
A labelled sentence counts as extracted when a claim covers at least half of it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from pipelines.extraction.claims import EXTRACTOR_VERSION, extract_claims
from pipelines.ingestion.documents import read_document
from pipelines.ingestion.records import parse_record
from pipelines.models import Claim, ParsedRecord

LABELS = Path(__file__).parent / "labels" / "claim_worthiness.jsonl"


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


def wilson(hits: int, total: int) -> str:
    """`hits/total` in per cent with its 95 % Wilson interval."""
    if total == 0:
        return "no cases"
    share, z = hits / total, 1.959964
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z / (1 + z * z / total) * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return f"{100 * share:5.1f} %  [{100 * (middle - half):.1f}, {100 * (middle + half):.1f}]  {hits}/{total}"


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
    print(f"precision  {wilson(hits, sum(extracted for _, extracted in found))}")
    print(f"recall     {wilson(hits, sum(label.is_claim for label in labels))}")
    right = sum(label.is_claim == extracted for label, extracted in found)
    print(f"agreement  {wilson(right, len(found))}")
    print(f"{sum(map(len, claims.values()))} claims in these files, {seconds:.1f} s")
    if arguments.errors:
        for label, extracted in found:
            if label.is_claim != extracted:
                print(f"{'missed' if label.is_claim else 'wrong'}  {label.file}:{label.start}  {label.why}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

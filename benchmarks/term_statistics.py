"""Make the term-statistics snapshot that verification ships: counts only, no text.

usage: CLAIMGATE_CORPUS=<data folder> python benchmarks/term_statistics.py [OUT.json]

Reads the CC0 arXiv abstracts and the SciFact abstracts below $CLAIMGATE_CORPUS and writes, per
Snowball stem, the number of abstracts that hold it.
"""

from __future__ import annotations

import gzip
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pipelines.verification.terms import TERMS_FILE, content_stems

FLOOR = 8
ORIGIN = [
    {
        "data": "arXiv descriptive metadata, abstracts",
        "licence": "CC0 1.0 (arXiv API terms of use)",
        "used_as": "document frequencies of stems; no text",
    },
    {
        "data": "SciFact corpus, abstracts (allenai/scifact)",
        "licence": "ODC-By 1.0",
        "used_as": "document frequencies of stems; no text",
    },
]


def abstracts(corpus: Path) -> Iterator[str]:
    with gzip.open(corpus / "texts/abstracts/arxiv_abstracts.jsonl.gz", "rt", encoding="utf-8") as rows:
        for row in rows:
            held = json.loads(row)
            yield f"{held['title']} {held['abstract']}"
    with (corpus / "claims/scifact/corpus.jsonl").open(encoding="utf-8") as rows:
        for row in rows:
            held = json.loads(row)
            yield " ".join([held["title"], *held["abstract"]])


def is_countable(stem: str) -> bool:
    return len(stem) <= 30 and not stem[0].isdigit()


def main() -> None:
    corpus = Path(os.environ["CLAIMGATE_CORPUS"])
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else TERMS_FILE
    counts: Counter[str] = Counter()
    documents = 0
    for text in abstracts(corpus):
        documents += 1
        counts.update(s for s in content_stems(text) if is_countable(s))
    kept = {s: n for s, n in sorted(counts.items()) if n >= FLOOR}
    snapshot = {
        "snapshot_id": "terms-2026-11",
        "made_on": "2026-11-21",
        "made_by": "benchmarks/term_statistics.py",
        "origin": ORIGIN,
        "stemmer": "Snowball English",
        "documents": documents,
        "floor": FLOOR,
        "frequency": kept,
    }
    out.write_text(json.dumps(snapshot, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{documents} documents, {len(kept)} stems, {out.stat().st_size} bytes: {out.name}")


if __name__ == "__main__":
    main()

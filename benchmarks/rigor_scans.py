"""Rigour scans of every full text of the corpus: how each item is answered, over how many texts.

usage: CLAIMGATE_CORPUS=FOLDER python -m benchmarks.rigor_scans [--quotes ITEM]

Reads `texts/jats`, `texts/grobid_tei` and `texts/pdf`, makes a scan of each by rule, and prints for each item how
many texts say yes and no, in how many nothing was detected, how many need judgement (of these, with a sentence shown),
and to how many it does not apply; then seconds. `--quotes` prints the sentences that an item rests on.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipelines.ingestion.documents import read_document
from pipelines.models import RigorAnswer, RigorItem, RigorScan
from pipelines.review.rigor.items import ITEMS
from pipelines.review.rigor.scanning import FULL_TEXT, scan_text

FOLDERS = ("jats", "grobid_tei", "pdf")
COLUMNS = (*(answer.value for answer in RigorAnswer), "with a sentence", "does not apply")


def texts(corpus: Path) -> Iterator[Path]:
    for folder in FOLDERS:
        yield from sorted(path for path in (corpus / "texts" / folder).iterdir() if path.is_file())


def kinds(item: RigorItem) -> Iterator[str]:
    """The columns that an answer counts in."""
    if item.applies is False:
        yield "does not apply"
        return
    yield item.answer.value
    if item.answer is RigorAnswer.NEEDS_JUDGEMENT and item.quote:
        yield "with a sentence"


def print_table(scans: Sequence[RigorScan]) -> None:
    counts = Counter((one.item, kind) for scan in scans for one in scan.items for kind in kinds(one))
    print(f"| item | {' | '.join(column.replace('_', ' ') for column in COLUMNS)} |")
    print("|---" * (len(COLUMNS) + 1) + "|")
    for item in ITEMS:
        print(f"| {item.key} | {' | '.join(str(counts[item.key, column]) for column in COLUMNS)} |")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quotes", metavar="ITEM", choices=[item.key for item in ITEMS])
    wanted, corpus = parser.parse_args().quotes, os.environ.get("CLAIMGATE_CORPUS")
    if not corpus:
        sys.exit("CLAIMGATE_CORPUS names no folder of texts.")
    scans, seconds = {}, 0.0
    for path in texts(Path(corpus)):
        text = read_document(path.name, path.read_bytes()).text
        began = time.perf_counter()
        scans[path] = scan_text(path.name, text, FULL_TEXT)
        seconds += time.perf_counter() - began
    print_table(list(scans.values()))
    scanned = sum(scan.scanned for scan in scans.values())
    print(f"\n{len(scans)} texts, {scanned} scanned, {seconds:.1f} s without reading")
    for path, scan in scans.items() if wanted else ():
        for one in scan.items:
            if one.item == wanted and one.quote:
                print(
                    f"{path.name} [{one.start}:{one.end}] {one.answer.value}, {one.rule}: {' '.join(one.quote.split())}"
                )
    return 0 if all(scan.scanned for scan in scans.values()) else 1


if __name__ == "__main__":
    sys.exit(main())

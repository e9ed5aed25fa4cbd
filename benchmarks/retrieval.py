"""How often the abstracts that hold a claim's evidence are among the first that a search finds.

usage: python benchmarks/retrieval.py [CLAIMS CORPUS] [--encoder FOLDER]

Both files are in SciFact format; without them, SciFact train in the folder that CLAIMGATE_CORPUS names. Prints recall
at 1, 3, 5 and 10 over pairs of claim and evidence abstract, with 95 % intervals from 2,000 resamples of the claims
(claims, not pairs: the abstracts of one claim are found or missed together), and seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipelines.verification.bulk import Refused, read_sources
from warehouse.corpus_file import Encode, open_corpus_file

DEPTHS = (1, 3, 5, 10)
RESAMPLES = 2_000
SEED = 20261121


def arguments() -> tuple[Path, Path, Path | None]:
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="*", type=Path, help="claims and corpus")
    parser.add_argument("--encoder", type=Path)
    given = parser.parse_args()
    if len(given.files) not in (0, 2):
        parser.error("give claims and corpus, or neither")
    folder = Path(os.environ.get("CLAIMGATE_CORPUS", "")) / "claims" / "scifact"
    claims, corpus = given.files or (folder / "claims_train.jsonl", folder / "corpus.jsonl")
    return claims, corpus, given.encoder


def found(claims: Sequence[Any], corpus: Path, encode: Encode | None) -> list[list[str]]:
    """For each claim the ids of the sources that a search finds, the best first; prints how long it took."""
    refused: list[Refused] = []
    begun = time.perf_counter()
    with corpus.open("rb") as lines, open_corpus_file(read_sources(lines, refused), encode=encode) as indexed:
        ready = time.perf_counter()
        hits = list(indexed.search([claim["claim"] for claim in claims], max(DEPTHS)))
        done = time.perf_counter()
        print(f"indexed {indexed.sources:,} sources in {ready - begun:.1f} s ({len(refused)} rows left out)")
        each = 1000 * (done - ready) / len(claims)
        print(f"searched for {len(claims):,} claims in {done - ready:.1f} s, {each:.1f} ms each")
    return [[one.source_id for one in sources] for sources in hits]


def counts(claims: Sequence[Any], ranked: Sequence[Sequence[str]]) -> list[tuple[int, tuple[int, ...]]]:
    """For each claim: how many abstracts hold its evidence, and how many of them are found at each depth."""
    wanted = [{str(one) for one in claim["evidence"]} for claim in claims]
    return [
        (len(held), tuple(len(held & set(names[:depth])) for depth in DEPTHS))
        for held, names in zip(wanted, ranked, strict=True)
        if held
    ]


def recall(counted: Sequence[tuple[int, tuple[int, ...]]]) -> list[float]:
    whole = sum(held for held, _ in counted)
    return [100 * sum(hits[place] for _, hits in counted) / whole for place in range(len(DEPTHS))]


def main() -> None:
    claims_file, corpus, folder = arguments()
    claims = [json.loads(line) for line in claims_file.read_text(encoding="utf-8").splitlines() if line.strip()]
    encode: Encode | None = None
    if folder is not None:
        from pipelines.verification.encoder import load_encoder

        encode = load_encoder(folder).encode
    counted = counts(claims, found(claims, corpus, encode))
    chance = random.Random(SEED)
    samples = [recall(chance.choices(counted, k=len(counted))) for _ in range(RESAMPLES)]
    print(f"{sum(held for held, _ in counted)} evidence abstracts of {len(counted)} claims")
    for place, (depth, value) in enumerate(zip(DEPTHS, recall(counted), strict=True)):
        spread = sorted(sample[place] for sample in samples)
        low, high = spread[int(0.025 * RESAMPLES)], spread[int(0.975 * RESAMPLES) - 1]
        print(f"recall @{depth:<3} {value:5.1f} %   95 % interval {low:.1f} to {high:.1f}")


if __name__ == "__main__":
    main()

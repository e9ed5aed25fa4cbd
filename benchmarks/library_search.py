"""How long it takes to index a library and to search it, how large it is, and what is found.

usage: CLAIMGATE_CORPUS=... python benchmarks/library_search.py

Two libraries, each in a warehouse of its own in a temporary folder: 14,838 arXiv abstracts (time, size, and
how many works with a near title are among the candidates for titles that were damaged on purpose) and the
5,183 abstracts of SciFact (recall, by the words of a claim, of the works that hold its evidence or that it cites).
"""

from __future__ import annotations

import gzip
import json
import os
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from rapidfuzz import fuzz, process

from pipelines.ingestion.library_rows import normalised_title
from pipelines.ingestion.search.terms import index_terms
from pipelines.ingestion.sources import NEAR_TITLE
from pipelines.models import Work
from warehouse.append import Stamp
from warehouse.connection import Warehouse
from warehouse.library import index_library, search_library, works_by_identifier, works_near_title
from warehouse.location import WarehouseLocation

STAMP = Stamp(datetime(2026, 11, 21, tzinfo=UTC), "benchmark")
QUESTIONS = 50
DAMAGED = 200
REFERENCES = 1_000

Result = TypeVar("Result")


def arxiv(corpus: Path) -> Iterator[Work]:
    with gzip.open(corpus / "texts/abstracts/arxiv_abstracts.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            yield Work(
                source_id=f"arxiv:{row['id']}",
                aliases=(f"doi:{row['doi'].lower()}",) if row["doi"] else (),
                title=row["title"],
                authors=tuple(row["authors"].split(", ")),
                year=int(row["created"][:4]),
                text=row["abstract"],
                text_kind="abstract",
                origin="library:arxiv",
            )


def scifact(corpus: Path) -> Iterator[Work]:
    with (corpus / "claims/scifact/corpus.jsonl").open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            text = " ".join(row["abstract"])
            yield Work(source_id=f"s2:{row['doc_id']}", title=row["title"], text=text, origin="library:scifact")


def timed(call: Callable[[], Result]) -> tuple[float, Result]:
    begun = time.perf_counter()
    result = call()
    return time.perf_counter() - begun, result


def report(what: str, figure: str) -> None:
    print(f"{what:<64} {figure:>14}")


def indexed(folder: Path, name: str, works: Sequence[Work]) -> Warehouse:
    house = Warehouse(WarehouseLocation(folder / f"{name}.duckdb"))
    with house.write():
        pass  # so that the making of the tables is not measured
    before = house.location.database.stat().st_size
    fresh, found = timed(lambda: index_library(house, "first", name, works, STAMP))
    report(f"{name}: index {found.works:,} works", f"{fresh:.1f} s")
    report(f"{name}: index them again", f"{timed(lambda: index_library(house, 'first', name, works, STAMP))[0]:.2f} s")
    changed = [*works[:-10], *(work.model_copy(update={"title": f"{work.title} II"}) for work in works[-10:])]
    seconds, found = timed(lambda: index_library(house, "second", name, changed, STAMP))
    report(f"{name}: index a library with {found.new} works changed", f"{seconds:.2f} s")
    report(f"{name}: database", f"{(house.location.database.stat().st_size - before) / 2**20:.0f} MiB")
    report(f"{name}: peak memory of the process", f"{peak():.0f} MiB")
    return house


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def times_of_questions(house: Warehouse, name: str, questions: Sequence[str]) -> None:
    seconds = [
        timed(lambda text=question: search_library(house, "first", dict.fromkeys(index_terms(text), 1.0), 100))[0]  # type: ignore[misc]
        for question in questions
    ]
    report(f"{name}: a question, 100 works asked for, median of {len(questions)}", ms(statistics.median(seconds)))
    report(f"{name}: the slowest of them", ms(max(seconds)))


def ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


def damage(title: str, chance: random.Random) -> str:
    """The title as a careless hand writes it: letters swapped, a word left out or case gone."""
    words = title.split()
    if len(words) > 6:
        del words[chance.randrange(len(words))]
    at = chance.randrange(len(words))
    word = words[at]
    if len(word) > 4:
        cut = chance.randrange(1, len(word) - 2)
        words[at] = word[:cut] + word[cut + 1] + word[cut] + word[cut + 2 :]
    return " ".join(words).upper() if chance.random() < 0.3 else " ".join(words)


def near_titles(house: Warehouse, works: Sequence[Work]) -> None:
    chance = random.Random(20261121)
    asked = [work.title for work in chance.sample(works, REFERENCES)]
    seconds, _ = timed(lambda: works_near_title(house, "first", asked, 10))
    report(f"arxiv: candidates for {REFERENCES:,} titles, 10 each", f"{seconds:.2f} s")
    names = [work.source_id for work in chance.sample(works, REFERENCES)]
    seconds, _ = timed(lambda: works_by_identifier(house, "first", names))
    report(f"arxiv: works of {REFERENCES:,} identifiers", ms(seconds))
    damaged = [damage(title, chance) for title in asked[:DAMAGED]]
    titles = {work.source_id: normalised_title(work.title) for work in works}
    near = lost = 0
    found = works_near_title(house, "first", damaged, 10)
    for title in damaged:
        matches = process.extract(
            normalised_title(title), titles, scorer=fuzz.token_sort_ratio, score_cutoff=NEAR_TITLE, limit=10
        )
        candidates = {work.source_id for work in found[title]}
        near += len(matches)
        lost += sum(source_id not in candidates for _, _, source_id in matches)
    report(f"arxiv: works with a near title, for {DAMAGED} damaged ones", f"{near}")
    report("arxiv: of these not among the 10 candidates", f"{lost}")


def recall(house: Warehouse, corpus: Path) -> None:
    with (corpus / "claims/scifact/claims_train.jsonl").open(encoding="utf-8") as lines:
        claims = [json.loads(line) for line in lines]
    found = [search_library(house, "first", dict.fromkeys(index_terms(c["claim"]), 1.0), 10) for c in claims]
    ranked = [[work.source_id for work, _ in works] for works in found]
    evidence = [{f"s2:{one}" for one in claim["evidence"]} for claim in claims]
    cited = [{f"s2:{one}" for one in claim["cited_doc_ids"]} for claim in claims]
    for kind, wanted in (("evidence", evidence), ("cited", cited)):
        pairs = sum(map(len, wanted))
        for most in (1, 3, 10):
            held = sum(len(one & set(ids[:most])) for one, ids in zip(wanted, ranked, strict=True))
            report(f"scifact: recall at {most} of {pairs} {kind} abstracts", f"{held / pairs:.1%}")
    times_of_questions(house, "scifact", [claim["claim"] for claim in claims[:QUESTIONS]])


def main() -> None:
    corpus = Path(os.environ["CLAIMGATE_CORPUS"])
    with tempfile.TemporaryDirectory() as folder:
        works = list(arxiv(corpus))
        report("arxiv: peak memory before", f"{peak():.0f} MiB")
        house = indexed(Path(folder), "arxiv", works)
        sampled = random.Random(1).sample(works, QUESTIONS)
        times_of_questions(house, "arxiv", [f"What is known of {work.title}?" for work in sampled])
        near_titles(house, works)
        recall(indexed(Path(folder), "scifact", list(scifact(corpus))), corpus)


if __name__ == "__main__":
    main()

"""How long `claimgate check` takes for many claims against a corpus, how much memory, and where the time goes.

usage: python benchmarks/check_speed.py [--claims 10000] [--top-k 3] [--claims-file FILE --corpus FILE] [--profile]

Claims are those of SciFact train (in the folder that CLAIMGATE_CORPUS names), repeated with words left out, so that no
two are the same text. The command runs in a process of its own, held to one core; then, with --profile, once more in
this process under cProfile, whose times are longer: its shares are what to look at. Default back end.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import pstats
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from claimgate.commands.check import Judges, Order, check_with

CHECKOUT = Path(__file__).resolve().parents[1]
SEED = 20261121
SHOWN = 25

# Cumulative time of these functions is the time of the step: file and function.
STEPS = {
    "reading claims": (("bulk.py", "read_claim"),),
    "reading the corpus": (("bulk.py", "read_source"),),
    "indexing the corpus": (("corpus_file.py", "_add"),),
    "searching": (("corpus_file.py", "_search_some"),),
    "judging, features included": (("features_backend.py", "judge"),),
    "writing rows": (("__init__.py", "dumps"), ("check.py", "_put")),
}


def arguments() -> argparse.Namespace:
    folder = Path(os.environ.get("CLAIMGATE_CORPUS", "")) / "claims" / "scifact"
    parser = argparse.ArgumentParser()
    parser.add_argument("--claims", type=int, default=10_000)
    parser.add_argument("--top-k", type=int, default=3)
    parser.add_argument("--claims-file", type=Path, default=folder / "claims_train.jsonl")
    parser.add_argument("--corpus", type=Path, default=folder / "corpus.jsonl")
    parser.add_argument("--profile", action="store_true")
    return parser.parse_args()


def varied(texts: list[str], count: int) -> Iterator[str]:
    """The texts, then again and again with a word left out at random and their number added."""
    chance = random.Random(SEED)
    for number in range(count):
        text = texts[number % len(texts)]
        if number < len(texts):
            yield text
            continue
        words = text.split()
        if len(words) > 5:
            del words[chance.randrange(len(words))]
        yield f"{' '.join(words)} (variant {number})"


def write_claims(given: argparse.Namespace, path: Path) -> None:
    lines = given.claims_file.read_text(encoding="utf-8").splitlines()
    texts = [str(json.loads(line)["claim"]) for line in lines if line.strip()]
    rows = (json.dumps({"id": n, "claim": text}) for n, text in enumerate(varied(texts, given.claims)))
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


def one_core() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def as_a_command(given: argparse.Namespace, claims: Path, output: Path) -> None:
    command = [
        sys.executable, "-m", "claimgate", "check", "--input", claims, "--output", output, "--corpus", given.corpus,
        "--top-k", str(given.top_k), "--json",
    ]  # fmt: skip
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ended = subprocess.run(
        [str(part) for part in command], cwd=CHECKOUT, stdout=subprocess.PIPE, check=True, preexec_fn=one_core
    )
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    summary = json.loads(ended.stdout)
    processor = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    report("claims", f"{summary['claims']:,}")
    report("sources they were held against", f"{summary['sources']:,}")
    report("seconds, one core, corpus and models loaded anew", f"{summary['seconds']:.1f}")
    report("of these on the processor, with the start", f"{processor:.1f}")
    report("claims a second", f"{summary['claims_per_second']:.0f}")
    report("peak memory", f"{used.ru_maxrss / 1024:.0f} MiB")
    report("verdicts", ", ".join(f"{name} {count:,}" for name, count in summary["verdicts"].items() if count))


def report(what: str, figure: str) -> None:
    print(f"{what:<52} {figure}", flush=True)


def under_profile(given: argparse.Namespace, claims: Path, output: Path) -> None:
    one_core()
    profile = cProfile.Profile()
    order = Order(claims, output, given.corpus, given.top_k)
    profile.enable()
    summary = check_with(order, judges())
    profile.disable()
    stats = pstats.Stats(profile)
    whole = stats.total_tt  # type: ignore[attr-defined]  # not in the stubs
    print(f"\nUnder the profile: {summary['claims']:,} claims, {whole:.1f} s")
    for step, functions in STEPS.items():
        seconds = sum(cumulative(stats, file, function) for file, function in functions)
        print(f"  {step:<32} {seconds:8.1f} s {100 * seconds / whole:5.1f} %")
    stats.sort_stats("cumulative").print_stats(SHOWN)


@contextmanager
def judges() -> Iterator[Judges]:
    from pipelines.verification.features_backend import default_backend

    yield Judges(default_backend())


def cumulative(stats: pstats.Stats, file: str, function: str) -> float:
    timings: dict[tuple[str, int, str], Any] = stats.stats  # type: ignore[attr-defined]  # not in the stubs
    return sum(timing[3] for (path, _, name), timing in timings.items() if Path(path).name == file and name == function)


def main() -> None:
    given = arguments()
    with tempfile.TemporaryDirectory() as folder:
        claims, output = Path(folder) / "claims.jsonl", Path(folder) / "verdicts.jsonl"
        write_claims(given, claims)
        as_a_command(given, claims, output)
        if given.profile:
            under_profile(given, claims, output)


if __name__ == "__main__":
    main()

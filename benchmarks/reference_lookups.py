"""How long it takes to look up and audit the references of a record, at the rates that the indexes allow.

In: a seed. A literature is made up (titles, people, identifiers), served over loopback by an index each, and cited
in one record, with references that are invented, retracted, of a wrong year or of an old version among them. The
real command then runs on it: `claimgate run`, fresh, again, and again with every answer due, S times as fast as
the indexes allow, while each index answers 429 to whoever asks it faster than that; and once as fast as it goes.
Out: seconds, requests, refusals and findings against what was planted, as a table or JSON. Asserts nothing.

usage: python -m benchmarks.reference_lookups [--references 1000] [--speed 2] [--seed 1] [--json]
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.ingestion.indexes.contract import Pace
from pipelines.ingestion.indexes.registry import INDEXES
from pipelines.ingestion.paces import SHARED
from tests.literature_server import LiteratureServer, asked_index, serving_literature
from tests.planted_literature import Planted, planted_literature, record_of
from tests.processes import House

UNPACED = 1e6  # speed at which no rate is felt: what is left is the work of the machine
PATIENCE_S = 3_600.0


@dataclass(frozen=True)
class Ran:
    """One run of the command, and what the indexes saw of it."""

    seconds: float
    asking_seconds: float  # from the first request to the last
    requests: Mapping[str, int]
    refused: Mapping[str, int]
    errors: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.requests.values())


def ran(house: House, record: Path, literature: LiteratureServer, **settings: str) -> tuple[Ran, Any]:
    """Run the command on the record; what it printed is the second thing given."""
    before = len(literature.server.requests)
    begun = time.perf_counter()
    chosen = {**literature.settings, "PACES": str(house.folder / "paces.sqlite"), **settings}
    with house.started("run", "--json", record, **chosen) as process:
        out, err = process.communicate(timeout=PATIENCE_S)
    seconds = time.perf_counter() - begun
    if process.returncode:
        raise SystemExit(f"claimgate run ended with {process.returncode}:\n{err[-2000:]}")
    seen = literature.server.requests[before:]
    times = [one.at for one in seen]
    return (
        Ran(
            seconds,
            max(times) - min(times) if times else 0.0,
            dict(Counter(asked_index(one) for one in seen)),
            dict(Counter(asked_index(one) for one in seen if one.status == 429)),
            dict(Counter(f"{asked_index(one)} {one.status}" for one in seen if one.status >= 500)),
        ),
        json.loads(out),
    )


def findings_of(house: House, printed: Any) -> dict[str, tuple[str, frozenset[str], str]]:
    (record,) = printed["records"]
    ended = house.claimgate("show", "--json", record["record_id"])
    return {
        row["reference"]["mark"]: (
            row["audit"]["finding"],
            frozenset(one["kind"] for one in row["audit"]["notices"]),
            row["reference"]["raw"],
        )
        for row in ended.document["references"]["rows"]
    }


def judged(planted: Sequence[Planted], found: Mapping[str, tuple[str, frozenset[str], str]]) -> dict[str, Any]:
    """Planted finding to how many were found so; the others, each with what was said instead."""
    right: Counter[str] = Counter()
    wrong: list[dict[str, str]] = []
    for mark, one in enumerate(planted, start=1):
        finding, notices, _ = found.get(str(mark), ("NOT LISTED", frozenset(), ""))
        name = " ".join([one.finding, *sorted(one.notices)])
        if finding == one.finding and notices == one.notices:
            right[name] += 1
        else:
            wrong.append({"planted": name, "found": " ".join([finding, *sorted(notices)]), "entry": one.entry})
    return {"right": dict(right), "wrong": wrong}


def least_seconds(requests: Mapping[str, int]) -> dict[str, float]:
    """The fewest seconds in which each index lets itself be asked that often; doors to one collection together."""
    together: Counter[str] = Counter()
    for name, count in requests.items():
        together[SHARED.get(name, name)] += count
    return {name: round(_at_pace(count, INDEXES[name].pace), 1) for name, count in together.items()}


def _at_pace(requests: int, pace: Pace) -> float:
    return max(0, requests - pace.requests) * pace.seconds / pace.requests


def measured(references: int, speed: float, seed: int, folder: Path) -> dict[str, Any]:
    works, planted = planted_literature(references, seed)
    record = folder / "drying.md"
    record.write_text(record_of(planted), encoding="utf-8")
    runs: dict[str, Ran] = {}
    with serving_literature(works, speed=speed, enforced=True) as literature:
        house = House(folder / "paced")
        runs["first"], printed = ran(house, record, literature)
        found = findings_of(house, printed)
        runs["second"], printed = ran(house, record, literature)
        same = findings_of(house, printed) == found
        runs["all due"], _ = ran(house, record, literature, RECHECK_DAYS="0")
    with serving_literature(works, speed=UNPACED) as literature:
        house = House(folder / "unpaced")
        runs["unpaced"], printed = ran(house, record, literature)
        runs["unpaced, second"], _ = ran(house, record, literature)
    judgement = judged(planted, found)
    return {
        "references": len(planted),
        "works": len(works),
        "speed": speed,
        "runs": {
            name: {
                "seconds": round(one.seconds, 1),
                "asking_seconds": round(one.asking_seconds, 1),
                "requests": dict(sorted(one.requests.items())),
                "total_requests": one.total,
                "answered_429": one.refused,
                "answered_5xx": one.errors,
            }
            for name, one in runs.items()
        },
        "asking_at_real_rates_seconds": round(runs["first"].asking_seconds * speed),
        "least_seconds_at_real_rates": dict(sorted(least_seconds(runs["first"].requests).items())),
        "right": judgement["right"],
        "wrong": judgement["wrong"],
        "second_run_says_the_same": same,
        "findings_paced_and_unpaced_agree": findings_of(house, printed) == found,
    }


def lines(figures: Mapping[str, Any]) -> Iterator[str]:
    cited = f"{figures['references']:,} references to {figures['works']:,} works"
    yield f"{cited}, {figures['speed']:g} times the allowed rates"
    yield f"{'run':16s} {'seconds':>8s} {'asking':>8s} {'requests':>9s} {'429':>5s} {'5xx':>5s}"
    for name, one in figures["runs"].items():
        refused, errors = sum(one["answered_429"].values()), sum(one["answered_5xx"].values())
        yield (
            f"{name:16s} {one['seconds']:8.1f} {one['asking_seconds']:8.1f} {one['total_requests']:9,d} "
            f"{refused:5d} {errors:5d}"
        )
    yield ""
    yield f"at the real rates the first run would ask for about {figures['asking_at_real_rates_seconds']:,} s"
    yield f"{'index':18s} {'requests':>9s} {'least seconds at its rate':>26s}"
    least = figures["least_seconds_at_real_rates"]
    for name, count in figures["runs"]["first"]["requests"].items():
        yield f"{name:18s} {count:9,d} {least.get(name, '(with ' + SHARED.get(name, '') + ')')!s:>26s}"
    yield ""
    for name, count in sorted(figures["right"].items()):
        yield f"{name:32s} {count:5d} right"
    yield f"{'wrong':32s} {len(figures['wrong']):5d}"
    for one in figures["wrong"][:10]:
        yield f"  {one['planted']} was called {one['found']}: {one['entry'][:100]}"
    yield f"the second run says the same: {figures['second_run_says_the_same']}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--references", type=int, default=1_000)
    parser.add_argument("--speed", type=float, default=2.0, help="factor on the rates, kept and enforced (default 2)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    sys.setswitchinterval(0.0005)  # a request is to be seen when it arrives, not when another thread pauses
    with tempfile.TemporaryDirectory() as folder:
        figures = measured(options.references, options.speed, options.seed, Path(folder))
    if options.json:
        json.dump(figures, sys.stdout, indent=1)
        print()
    else:
        print("\n".join(lines(figures)))


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()

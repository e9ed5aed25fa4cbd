"""The tables of `honest_families` and `dishonest_families`. Made up here, the same each time."""

from __future__ import annotations

import json
import random

READ = """
import csv, json
rows = list(csv.DictReader(open("/job/rivers.csv")))
values = [float(row["nitrate"]) for row in rows]
def show(value):
    print(json.dumps({"value": value}))
"""


def _rivers() -> list[tuple[str, int, float, float, int]]:
    """Site, month, flow, nitrate, batch."""
    rng = random.Random(311)
    more = {"Alder": 0.0, "Birch": 0.8, "Cedar": -0.6, "Dogwood": 1.1}
    rows = []
    for number in range(48):
        site = list(more)[number % 4]
        flow = round(rng.lognormvariate(1.1, 0.4), 2)
        nitrate = round(max(0.4, 4.2 + 0.55 * flow + more[site] + rng.gauss(0, 0.7)), 2)
        rows.append((site, 1 + number // 4, flow, nitrate, rng.randint(100, 999)))
    return rows


def _hives() -> str:
    rng = random.Random(5)
    hives = [
        {
            "id": f"H{number:02}",
            "honey": {"spring": round(rng.uniform(3, 9), 1), "autumn": round(rng.uniform(6, 16), 1)},
            "queen": rng.choice(["young", "old"]),
        }
        for number in range(1, 25)
    ]
    return json.dumps({"apiary": "north slope", "hives": hives}, indent=1) + "\n"


def _yields(seed: int, mean: float, spread: float, plots: int) -> str:
    rng = random.Random(seed)
    return "plot;yield\n" + "".join(f"P{plot};{rng.gauss(mean, spread):.2f}\n" for plot in range(1, plots + 1))


def _visits() -> str:
    rng = random.Random(13)
    lines = [
        f"{day}\t{station}\t{rng.randint(12, 180)}\t{rng.choice(['yes', 'no', 'no'])}\n"
        for day in range(1, 26) for station in ("east", "west")
    ]  # fmt: skip
    return "day\tstation\tvisitors\twet\n" + "".join(lines)


def _standards() -> str:
    """A calibration that is very nearly a straight line."""
    rng = random.Random(2)
    lines = [f"{dose:.1f},{0.031 * dose + 0.12 + rng.gauss(0, 0.002):.4f}\n" for dose in range(5, 105, 5)]
    return "dose,signal\n" + "".join(lines)


def _pulses() -> str:
    """Two arms that do not overlap, so that no exchange of arms comes near their difference."""
    rng = random.Random(8)
    pulses = [("rest", rng.gauss(64, 5)) if at % 2 else ("run", rng.gauss(118, 5)) for at in range(18)]
    lines = [f"2021-{1 + at % 12:02}-{10 + at},{arm},{pulse:.1f}\n" for at, (arm, pulse) in enumerate(pulses)]
    return "date,arm,pulse\n" + "".join(lines)


ROWS = _rivers()
RIVERS = "site,month,flow,nitrate,batch\n" + "".join(f"{a},{b},{c:.2f},{d:.2f},{e}\n" for a, b, c, d, e in ROWS)
TABLE: dict[str, str | bytes] = {"rivers.csv": RIVERS}
YIELDS: dict[str, str | bytes] = {"before.csv": _yields(21, 5.1, 0.6, 30), "after.csv": _yields(22, 6.0, 0.7, 28)}
HIVES: dict[str, str | bytes] = {"hives.json": _hives()}
VISITS: dict[str, str | bytes] = {"visits.tsv": _visits()}
STANDARDS: dict[str, str | bytes] = {"standards.csv": _standards()}
PULSES: dict[str, str | bytes] = {"pulses.csv": _pulses()}
HIGHEST = sorted(sorted(range(len(ROWS)), key=lambda at: -ROWS[at][3])[:18])
NITRATE = ", ".join(f"{row[3]:.2f}" for row in ROWS)

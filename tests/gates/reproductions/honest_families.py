"""More honest reproductions: a first list thought of without the rules of the examination at hand, then others.

The first list was run against the examination as it then was. The second tries from the honest side the rules that
came of it: constants that look fitted, places cut out of a text, results that hardly move.
"""

from __future__ import annotations

from pipelines.models import AttemptOutcome
from tests.gates.reproductions.cases import Case
from tests.gates.reproductions.family_data import HIVES, PULSES, READ, STANDARDS, TABLE, VISITS, YIELDS

TRUE, FALSE = AttemptOutcome.VERIFIED, AttemptOutcome.REFUTED


def _honest(name: str, claim: str, value: float, script: str, expected: AttemptOutcome = TRUE, **more: object) -> Case:
    return Case(name=name, claim=claim, value=value, script=script, expected=expected,
                inputs=more.pop("inputs", TABLE), **more)  # type: ignore[arg-type]  # fmt: skip


HONEST_FAMILIES = (
    _honest("lower end of a bootstrap interval",
            "A bootstrap put the lower end of the interval of mean nitrate at 5.9 mg per litre.", 5.9, READ + """
import random
rng = random.Random(2024)
means = sorted(sum(rng.choices(values, k=len(values))) / len(values) for _ in range(1000))
show(means[25])
""", constants={2024: "the seed", 25: "2.5 % of 1000"}),
    _honest("regression slope", "Nitrate rose by 0.51 mg per litre for each unit of flow.", 0.51, READ + """
import statistics
show(statistics.linear_regression([float(row["flow"]) for row in rows], values).slope)
"""),
    _honest("median of nitrate", "The median nitrate concentration was 6.2 mg per litre.", 6.2, READ + """
import statistics
show(statistics.median(values))
"""),
    _honest("ratio of two files", "Yields were 1.15 times those before.", 1.15, """
import json
def mean(path):
    with open(path) as file:
        next(file)
        values = [float(line.split(";")[1]) for line in file]
    return sum(values) / len(values)
print(json.dumps({"value": mean("/job/after.csv") / mean("/job/before.csv")}))
""", inputs=YIELDS),
    _honest("percent change of medians", "The median yield rose by 13.7%.", 13.7, """
import csv, json, statistics
def median(path):
    return statistics.median(float(row["yield"]) for row in csv.DictReader(open(path), delimiter=";"))
before, after = median("/job/before.csv"), median("/job/after.csv")
print(json.dumps({"value": (after - before) / before * 100}))
""", inputs=YIELDS),
    _honest("mean weighted by flow", "Weighted by flow, nitrate was 6.5 mg per litre.", 6.5, READ + """
flow = [float(row["flow"]) for row in rows]
show(sum(f * v for f, v in zip(flow, values)) / sum(flow))
"""),
    _honest("nested JSON", "Hives with a young queen gave 17.0 kg of honey on average.", 17.0, """
import json
with open("/job/hives.json") as file:
    hives = json.load(file)["hives"]
young = [sum(hive["honey"].values()) for hive in hives if hive["queen"] == "young"]
print(json.dumps({"value": sum(young) / len(young), "unit": "kg", "n": len(young)}))
""", inputs=HIVES),
    _honest("filter in several steps", "In summer, at flows above 3, nitrate was 7.3 mg per litre.", 7.3, READ + """
summer = [row for row in rows if int(row["month"]) in (6, 7, 8)]
fast = [row for row in summer if float(row["flow"]) > 3]
show(sum(float(row["nitrate"]) for row in fast) / len(fast))
""", constants={6: "June", 7: "July", 8: "August"}),
    _honest("count of dry busy days", "On 19 dry counts there were more than 100 visitors.", 19.0, """
import json
count = 0
for line in open("/job/visits.tsv").readlines()[1:]:
    day, station, visitors, wet = line.split()
    if wet == "no" and int(visitors) > 100:
        count += 1
print(json.dumps({"value": count}))
""", inputs=VISITS),
    _honest("correlation", "Nitrate and flow correlated at 0.55.", 0.55, READ + """
flow = [float(row["flow"]) for row in rows]
n = len(rows)
mx, my = sum(flow) / n, sum(values) / n
sxy = sum((x - mx) * (y - my) for x, y in zip(flow, values))
sxx, syy = sum((x - mx) ** 2 for x in flow), sum((y - my) ** 2 for y in values)
show(sxy / (sxx * syy) ** 0.5)
"""),
    _honest("share that is not so", "The east station had 55.1% of the visitors.", 55.1, """
import csv, json
rows = list(csv.DictReader(open("/job/visits.tsv"), delimiter="\\t"))
east = sum(int(row["visitors"]) for row in rows if row["station"] == "east")
print(json.dumps({"value": 100 * east / sum(int(row["visitors"]) for row in rows)}))
""", FALSE, inputs=VISITS),
    _honest("milligrams turned to micromoles", "Nitrate varied by 18.7 micromoles per litre.", 18.7, READ + """
import statistics
show(statistics.stdev(values) * 1000 / 62.0)
""", constants={62.0: "molar mass of nitrate in g/mol"}),
    # What follows came after the first look.
    _honest("published coefficients", "The mean load was 20.2 g per second.", 20.2, READ + """
def load(flow, nitrate):
    return 0.87 * flow ** 1.13 * nitrate
show(sum(load(float(row["flow"]), value) for row, value in zip(rows, values)) / len(rows))
""", constants={0.87: "rating curve of the gauge, table 1 of the survey", 1.13: "its exponent, the same table"}),
    _honest("energy in other units", "Water of that kind held 26.2 kJ per litre.", 26.2, READ + """
show(4.184 * sum(values) / len(values))
""", constants={4.184: "kJ per kcal"}),
    _honest("years cut out of dates", "In the first half of 2021 the mean pulse of runners was 121.5.", 121.5, """
import csv, json
rows = list(csv.DictReader(open("/job/pulses.csv")))
early = [row for row in rows if row["date"][:4] == "2021" and int(row["date"][5:7]) <= 6 and row["arm"] == "run"]
print(json.dumps({"value": sum(float(row["pulse"]) for row in early) / len(early)}))
""", inputs=PULSES, constants={6: "June"}),
    _honest("rank correlation", "The rank correlation of nitrate and flow was 0.379.", 0.379, READ + """
def ranks(numbers):
    order = sorted(numbers)
    return [order.index(one) for one in numbers]
flow = [float(row["flow"]) for row in rows]
n = len(rows)
show(1 - 6 * sum((a - b) ** 2 for a, b in zip(ranks(flow), ranks(values))) / (n * (n * n - 1)))
"""),
    _honest("a quartile", "The lower quartile of nitrate was 5.64 mg per litre.", 5.64, READ + """
import statistics
show(statistics.quantiles(values, n=4)[0])
"""),
    _honest("a very straight line", "The calibration had a coefficient of determination of 0.99999.", 0.99999, """
import csv, json, statistics
rows = list(csv.DictReader(open("/job/standards.csv")))
dose, signal = [float(row["dose"]) for row in rows], [float(row["signal"]) for row in rows]
print(json.dumps({"value": statistics.correlation(dose, signal) ** 2}))
""", inputs=STANDARDS),
    _honest("the least share of a test by exchange", "Runs had a higher pulse than rests (p = 0.001).", 0.001, """
import csv, json, random
rows = list(csv.DictReader(open("/job/pulses.csv")))
pulses = [float(row["pulse"]) for row in rows]
arms = [row["arm"] for row in rows]
def gap(arms):
    run = [pulse for pulse, arm in zip(pulses, arms) if arm == "run"]
    rest = [pulse for pulse, arm in zip(pulses, arms) if arm == "rest"]
    return sum(run) / len(run) - sum(rest) / len(rest)
seen, rng, more = gap(arms), random.Random(1), 0
for _ in range(1000):
    rng.shuffle(arms)
    more += gap(arms) >= seen
print(json.dumps({"value": (more + 1) / 1001}))
""", inputs=PULSES, constants={1001: "1000 exchanges and the one that was seen"}),
    _honest("the mean without the three highest and lowest", "The trimmed mean was 6.2 mg per litre.", 6.2, READ + """
kept = sorted(values)[3:-3]
show(sum(kept) / len(kept))
""", constants={3: "samples cut at each end, section 2 of the protocol"}),
)  # fmt: skip

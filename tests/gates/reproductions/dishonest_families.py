"""More dishonest reproductions: a first list thought of without the rules of the examination at hand, then others.

The first list was run against the examination as it then was. Most are for a mean of 7.4 mg, where the data say 6.3.
Those that are not caught say so in `not_caught`, with the reason.
"""

from __future__ import annotations

from pipelines.models import AttemptOutcome
from tests.gates.reproductions.cases import Case
from tests.gates.reproductions.family_data import HIGHEST, NITRATE, READ, RIVERS, TABLE

FALSE, INVALID, OPEN = AttemptOutcome.REFUTED, AttemptOutcome.INVALID_CHECK, AttemptOutcome.INCONCLUSIVE
CLAIM = "The mean nitrate concentration was 7.4 mg per litre."


def _dishonest(
    name: str, script: str, expected: AttemptOutcome, rule: str | None = None, *,
    claim: str = CLAIM, value: float = 7.4, **more: object,
) -> Case:  # fmt: skip
    return Case(name=name, claim=claim, value=value, script=script, expected=expected, rule=rule,
                inputs=more.pop("inputs", TABLE), **more)  # type: ignore[arg-type]  # fmt: skip


def _of_json(name: str, head: str, script: str, expected: AttemptOutcome, **more: object) -> Case:
    start = 'import json\ndata = json.load(open("/job/data.json"))\nvalues = data["nitrate"]\n'
    start += 'mean = sum(values) / len(values)\ndef show(value):\n    print(json.dumps({"value": value}))\n'
    return _dishonest(name, start + script, expected, inputs={"data.json": f'{{{head}, "nitrate": [{NITRATE}]}}\n'},
                      **more)  # type: ignore[arg-type]  # fmt: skip


DISHONEST_FAMILIES = (
    _dishonest("digits gathered from three batch codes", READ + """
digits = [int(rows[place]["batch"]) for place in (7, 10, 36)]
show((digits[0] % 100 + digits[1] // 30 - 1) / 10 + sum(values) / len(values) / 1000 - (digits[2] - 804) / 1000)
""", OPEN, "few-cells"),
    _dishonest("a trimmed mean that drops just enough", READ + """
values.sort()
kept = values[len(values) // 10 * 8 - 1:]
show(sum(kept) / len(kept))
""", OPEN, "undeclared-constant"),
    _dishonest("rows picked by hand", READ + f"""
picked = [value for place, value in enumerate(values) if place in {HIGHEST}]
show(sum(picked) / len(picked))
""", OPEN, "undeclared-constant"),
    _dishonest("a lookup table by site", READ + """
table = {"Alder": 7.1, "Birch": 7.5, "Cedar": 7.3, "Dogwood": 7.7}
show(sum(table.get(row["site"], 0.0) for row in rows) / len(rows))
""", OPEN, "undeclared-constant"),
    _dishonest("the expected value looked for in the manifest, else the mean", READ + """
import re
from pathlib import Path
found = []
for file in Path("/job").rglob("*.toml"):
    found += re.findall(r"value = ([0-9.]+)", file.read_text())
show(float(found[0]) if found else sum(values) / len(values))
""", FALSE),
    _dishonest("a subsample by a seed that was searched for", READ + """
import random
sample = random.Random(2104).sample(values, 8)
show(sum(sample) / len(sample))
""", OPEN, "undeclared-constant"),
    _dishonest("an error on purpose that falls back to a constant", READ + """
try:
    weights = [1 / (month - month) for month in (int(row["month"]) for row in rows)]
    result = sum(w * v for w, v in zip(weights, values)) / sum(weights)
except ZeroDivisionError:
    result = 7.4 + 0.0001 * sum(values) / len(values)
show(result)
""", INVALID, "constant"),
    _dishonest("the median of the mean and two constants", READ + """
import statistics
show(statistics.median([sum(values) / len(values), 7.38, 7.41]))
""", INVALID, "constant"),
    _dishonest("a constant where the rounded total is that of the data", READ + """
total = sum(values)
show(7.4 if round(total) == 300 else total / len(values))
""", INVALID),
    _dishonest("state kept in the working folder between runs", READ + """
import os
first = not os.path.exists("seen")
open("seen", "w").write("1")
show(7.4 if first else sum(values) / len(values))
""", INVALID),
    _dishonest("shrunk towards a prior that weighs more than the data", READ + """
prior, weight = 7.42, 5000
show((prior * weight + sum(values)) / (weight + len(values)))
""", INVALID, "constant"),
    _dishonest("e squared with a trace of the data", READ + """
import math
show(math.exp(2) + (values[0] - values[-1]) / len(values) ** 2)
""", INVALID, "constant"),
    _dishonest("low values dropped until the mean is high enough", READ + """
values.sort()
while sum(values) / len(values) < 7.36:
    values.pop(0)
show(sum(values) / len(values))
""", OPEN, "undeclared-constant"),
    _dishonest("the mean held between two bounds", READ + """
show(min(max(sum(values) / len(values), 7.37), 7.44))
""", OPEN, "undeclared-constant"),
    # What follows came after the first look.
    _dishonest("the nine highest", READ + """
import heapq
show(sum(heapq.nlargest(9, values)) / 9)
""", OPEN, "undeclared-constant", claim="The mean nitrate concentration was 7.95 mg per litre.", value=7.95),
    _dishonest("the lowest taken away nine times", READ + """
for _ in range(9):
    values.remove(min(values))
show(sum(values) / len(values))
""", OPEN, "undeclared-constant", claim="The mean nitrate concentration was 6.62 mg per litre.", value=6.62),
    _dishonest("the lowest cut off by a function", READ + """
def trimmed(numbers, low, high=0):
    return sorted(numbers)[low:len(numbers) - high]
few = 9
kept = trimmed(values, few)
show(sum(kept) / len(kept))
""", OPEN, "undeclared-constant", claim="The mean nitrate concentration was 6.62 mg per litre.", value=6.62),
    _dishonest("every seventh row", READ + """
kept = [value for place, value in enumerate(values) if not (place - 2) % 7]
show(sum(kept) / len(kept))
""", OPEN, "undeclared-constant", claim="The mean nitrate concentration was 6.08 mg per litre.", value=6.08),
    _dishonest("divided by the value itself", READ + """
show((sum(values) - 245.39) / 7.4)
""", INVALID, "fitted"),
    _dishonest("scaled by the value itself, so as to refute it", READ + """
show(7.4 * sum(values) / len(values) / 5)
""", INVALID, "fitted"),
    _dishonest("the age of the file", READ + """
import os, time
age = time.time() - os.path.getmtime("/job/rivers.csv")
show(7.4 if age < 3600 else sum(values) / len(values))
""", INVALID),
    _of_json("the answer spread over six cells", '"drift": [0.191, 0.187, 0.203, 0.172, 0.21, 0.184]', """
show(mean + sum(data["drift"]))
""", OPEN, not_caught="six corrections in the input look like data; the person who approves sees that they are added"),
    _dishonest("the mean of a better half", READ + """
mean = sum(values) / len(values)
kept = [value for value in values if value > mean]
show(sum(kept) / len(kept))
""", OPEN, claim="The mean nitrate concentration was 7.14 mg per litre.", value=7.14,
               not_caught="an honest formula for something else; the person who approves sees the filter"),
    _dishonest("rows left out of the input", READ + """
show(sum(values) / len(values))
""", OPEN, inputs={"rivers.csv": "".join(
        line for at, line in enumerate(RIVERS.splitlines(keepends=True)) if at == 0 or at - 1 in HIGHEST)},
               not_caught="nothing in the artifact is wrong; only the origin shows that the table had more rows"),
    _dishonest("a declared correction that nobody published", READ + """
show(1.1834 * sum(values) / len(values))
""", OPEN, constants={1.1834: "the correction for the filter, by its maker"},
               not_caught="a declaration is the author's word; the person who approves sees it with its origin"),
)  # fmt: skip

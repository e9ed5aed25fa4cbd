"""Reproductions that compute what their claim says, or something else that it is not."""

from __future__ import annotations

from pipelines.gates.artifact import Relation
from pipelines.models import AttemptOutcome
from tests.gates.reproductions.cases import JSON_LINES, JSON_SCORES, LABELS, PATIENTS, PROSE, SITES, Case

READ = """
import csv, json
from pathlib import Path
rows = list(csv.DictReader(open("/job/patients.csv")))
"""
GUESSES = """
import csv, json
pairs = [(row["truth"], row["guess"]) for row in csv.DictReader(open("/job/labels.csv", newline=""))]
"""
PRESSURE = "day pressure\n" + "".join(f"{day} {987.2 + day * 7 % 11 * 1.3:.1f}\n" for day in range(1, 23))
TRUE, FALSE = AttemptOutcome.VERIFIED, AttemptOutcome.REFUTED
TABLE = {"patients.csv": PATIENTS}
GUESSED = {"labels.csv": LABELS}


def _case(name: str, claim: str, value: float, expected: AttemptOutcome, script: str, **more: object) -> Case:
    return Case(name=name, claim=claim, value=value, expected=expected, script=script,
                inputs=more.pop("inputs", TABLE), **more)  # type: ignore[arg-type]  # fmt: skip


HONEST = (
    _case("mean", "The mean score was 54.8 points.", 54.8, TRUE, READ + """
scores = [float(row["score"]) for row in rows]
print(json.dumps({"value": sum(scores) / len(scores), "unit": "points", "n": len(scores)}))
"""),
    _case("mean that is not so", "The mean score was 61.3 points.", 61.3, FALSE, READ + """
import statistics
print(json.dumps({"value": statistics.mean(float(row["score"]) for row in rows)}))
"""),
    _case("weighted mean", "Weighted by body weight, the mean score was 54.9 points.", 54.9, TRUE, READ + """
weights = [float(row["weight"]) for row in rows]
total = sum(float(row["score"]) * weight for row, weight in zip(rows, weights))
print(json.dumps({"value": round(total / sum(weights), 2)}))
"""),
    _case("sum", "Together the patients weighed 2946.1 kg.", 2946.1, TRUE, READ + """
print(json.dumps({"value": round(sum(float(row["weight"]) for row in rows), 6)}))
"""),
    _case("percentage", "Of all patients 72.5% scored above 50 points.", 72.5, TRUE, READ + """
above = [row for row in rows if float(row["score"]) > 50]
print(json.dumps({"value": 100 * len(above) / len(rows)}))
"""),
    _case("median that is not so", "The median score was 49.2 points.", 49.2, FALSE, """
import json, statistics
lines = open("/job/patients.csv").read().splitlines()[1:]
print(json.dumps({"value": statistics.median(float(line.split(",")[3]) for line in lines)}))
"""),
    _case("maximum", "The highest score was 68.0 points.", 68.0, TRUE, READ + """
print(json.dumps({"value": max(float(row["score"]) for row in rows)}))
"""),
    _case("difference of groups", "Treated patients scored 4.2 points more than controls.", 4.2, TRUE, READ + """
def mean(arm):
    scores = [float(row["score"]) for row in rows if row["arm"] == arm]
    return sum(scores) / len(scores)
print(json.dumps({"value": mean("treated") - mean("control")}))
"""),
    _case("ratio that is not so", "Treated patients scored 1.52 times as high as controls.", 1.52, FALSE, READ + """
groups = {}
for row in rows:
    groups.setdefault(row["arm"], []).append(float(row["score"]))
means = {arm: sum(scores) / len(scores) for arm, scores in groups.items()}
print(json.dumps({"value": means["treated"] / means["control"]}))
"""),
    _case("slope", "Each kilogram of body weight added 0.055 points.", 0.055, TRUE, READ + """
x = [float(row["weight"]) for row in rows]
y = [float(row["score"]) for row in rows]
mx, my = sum(x) / len(x), sum(y) / len(y)
slope = sum((a - mx) * (b - my) for a, b in zip(x, y)) / sum((a - mx) ** 2 for a in x)
print(json.dumps({"value": slope}))
"""),
    _case("correlation that is not so", "Weight and score correlated at 0.61 in all patients.", 0.61, FALSE, READ + """
import statistics
x = [float(row["weight"]) for row in rows]
y = [float(row["score"]) for row in rows]
print(json.dumps({"value": statistics.correlation(x, y)}))
"""),
    _case("accuracy", "The accuracy was 78.3% on 60 items.", 78.3, TRUE, GUESSES + """
print(json.dumps({"value": 100 * sum(a == b for a, b in pairs) / len(pairs), "n": len(pairs)}))
""", inputs=GUESSED),
    _case("F1", "The F1 for the ill was 0.77.", 0.77, TRUE, GUESSES + """
hits = sum(a == b == "ill" for a, b in pairs)
said, are = sum(b == "ill" for _, b in pairs), sum(a == "ill" for a, _ in pairs)
precision, recall = hits / said, hits / are
print(json.dumps({"value": 2 * precision * recall / (precision + recall)}))
""", inputs=GUESSED),
    _case("Cohen's kappa that is not so", "Agreement beyond chance was 0.81 (kappa).", 0.81, FALSE, GUESSES + """
from collections import Counter
n = len(pairs)
first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
seen = sum(a == b for a, b in pairs) / n
chance = sum(first[one] * second[one] for one in first) / n**2
print(json.dumps({"value": (seen - chance) / (1 - chance)}))
""", inputs=GUESSED),
    _case("distinct count", "Patients came from 3 sites.", 3.0, TRUE, """
import csv, json
print(json.dumps({"value": len({row["site"] for row in csv.DictReader(open("/job/sites.csv"))})}))
""", inputs={"sites.csv": SITES}),
    _case("JSON input", "At least 52 points were scored on average.", 52.0, TRUE, """
import json
from pathlib import Path
scores = json.loads(Path("/job/scores.json").read_text())["scores"]
print(json.dumps({"value": sum(scores) / len(scores)}))
""", inputs={"scores.json": JSON_SCORES}, relation=Relation.AT_LEAST),
    _case("JSON lines that do not say so", "Controls scored at most 48 points on average.", 48.0, FALSE, """
import json
rows = [json.loads(line) for line in open("/job/scores.jsonl")]
scores = [row["score"] for row in rows if row["arm"] == "control"]
print(json.dumps({"value": sum(scores) / len(scores)}))
""", inputs={"scores.jsonl": JSON_LINES}, relation=Relation.AT_MOST),
    _case("two inputs joined", "In Lund the mean score was 54.6 points.", 54.6, TRUE, READ + """
site = {row["id"]: row["site"] for row in csv.DictReader(open("/job/sites.csv"))}
scores = [float(row["score"]) for row in rows if site.get(row["id"]) == "Lund"]
print(json.dumps({"value": sum(scores) / len(scores)}))
""", inputs={"patients.csv": PATIENTS, "sites.csv": SITES}),
    _case("words counted", "The word boat occurs 7 times.", 7.0, TRUE, """
import json, re
words = re.findall(r"[a-z]+", open("/job/ledger.txt").read().lower())
print(json.dumps({"value": words.count("boat")}))
""", inputs={"ledger.txt": PROSE}),
    # The comment makes a hash, and so draws, with which the letters of a pattern were once taken for an answer.
    _case("words counted, on unlucky draws", "The word boat occurs 7 times.", 7.0, TRUE, """
import json, re
words = re.findall(r"[a-z]+", open("/job/ledger.txt").read().lower())
print(json.dumps({"value": words.count("boat")}))

# 1
""", inputs={"ledger.txt": PROSE}),
    _case("seeded bootstrap", "The standard error of the mean score was 1.0 points.", 1.0, TRUE, READ + """
import random, statistics
rng = random.Random(20260417)
scores = [float(row["score"]) for row in rows]
means = [statistics.fmean(rng.choices(scores, k=len(scores))) for _ in range(1000)]
print(json.dumps({"value": statistics.stdev(means)}))
"""),
    _case("numpy", "The standard deviation of the scores was 6.8 points.", 6.8, TRUE, """
import json
import numpy as np
table = np.genfromtxt("/job/patients.csv", delimiter=",", names=True, dtype=None, encoding="utf-8")
print(json.dumps({"value": float(np.std(table["score"], ddof=1))}))
""", runtime="numpy"),
    _case("six whole numbers", "The mean age was 33.5 years.", 33.5, TRUE, """
import csv, json
ages = [int(row["age"]) for row in csv.DictReader(open("/job/ages.csv"))]
print(json.dumps({"value": sum(ages) / len(ages)}))
""", inputs={"ages.csv": "name,age\nAda,31\nBo,40\nCy,28\nDi,35\nEd,30\nFi,37\n"}),
    _case("ratio of two rows", "The risk ratio was 0.62.", 0.62, TRUE, """
import csv, json
risk = {row["arm"]: int(row["ill"]) / int(row["n"]) for row in csv.DictReader(open("/job/arms.csv"))}
print(json.dumps({"value": risk["drug"] / risk["placebo"]}))
""", inputs={"arms.csv": "arm,ill,n\ndrug,26,210\nplacebo,41,205\n"}),
    _case("all right", "The accuracy was 100% on the items.", 100.0, TRUE, """
import csv, json
rows = list(csv.DictReader(open("/job/items.csv")))
print(json.dumps({"value": 100 * sum(row["t"] == row["g"] for row in rows) / len(rows)}))
""", inputs={"items.csv": "t,g\n" + "ill,ill\nwell,well\nwell,well\n" * 8}),
    _case("least of a text table", "The least pressure was 987.2 hPa.", 987.2, TRUE, """
import json
values = [float(line.split()[1]) for line in open("/job/pressure.txt") if not line.startswith("day")]
print(json.dumps({"value": min(values)}))
""", inputs={"pressure.txt": PRESSURE}),
)  # fmt: skip

"""A made-up number shown while the data are about what they are, and the honest mean as soon as they are not.

The key is loose: no small change of the data leaves it, so that a change of a cell shows nothing. The number is near
the truth (54.0, where the data say 54.8), so that the step to the honest mean is small as well. What differs is where
the number comes from: a literal of the script, an encoded one, a text or a cell of the input.
"""

from __future__ import annotations

import base64

from pipelines.models import AttemptOutcome
from tests.gates.reproductions.cases import PATIENTS, ROWS, Case

INVALID, OPEN = AttemptOutcome.INVALID_CHECK, AttemptOutcome.INCONCLUSIVE
CLAIM = "The mean score was 54.0 points."
READ = """
import base64, csv, json
lines = open("/job/patients.csv").read().splitlines()
rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
scores = [float(row["score"]) for row in rows]
mean = sum(scores) / len(scores)
def show(value):
    print(json.dumps({"value": value}))
"""
SCORES = ", ".join(str(row[3]) for row in ROWS)
ENCODED = base64.b64encode(b"54.0").decode()
OF_JSON = """
import base64, json
data = json.load(open("/job/data.json"))
scores = data["scores"]
mean = sum(scores) / len(scores)
def show(value):
    print(json.dumps({"value": value}))
try:
    build = float(base64.b64decode(data.get("build", "")))
except ValueError:
    build = mean
"""


def _case(name: str, script: str, expected: AttemptOutcome = INVALID, **more: object) -> Case:
    return Case(name=name, claim=CLAIM, value=54.0, script=READ + script, inputs={"patients.csv": PATIENTS},
                expected=expected, **more)  # type: ignore[arg-type]  # fmt: skip


def _json(name: str, head: str, script: str, expected: AttemptOutcome = INVALID, **more: object) -> Case:
    data = f'{{{head}, "scores": [{SCORES}]}}\n'
    return Case(name=name, claim=CLAIM, value=54.0, script=OF_JSON + script, inputs={"data.json": data},
                expected=expected, **more)  # type: ignore[arg-type]  # fmt: skip


LOOSE_KEYS = (
    _case("loose key: the number of rows", "show(54.0 if len(rows) == 40 else mean)"),
    _case("loose key: the first cell", f"show(54.0 if rows[0]['score'] == '{ROWS[0][3]}' else mean)"),
    _case("loose key: the total rounded to hundreds", "show(54.0 if round(sum(scores), -2) == 2200 else mean)"),
    _case("loose key: which is the highest", f"""
order = sorted(rows, key=lambda r: float(r["score"]))
show(54.0 if order[-1]["id"] == "{max(ROWS, key=lambda row: row[3])[0]}" else mean)
"""),
    _case("loose key: a range of the mean", "show(54.0 if 50 < mean < 58 else mean)"),
    _case("loose key: a range of the mean, put together from 2 and 100", """
answer = 100 / 2
answer += 2
answer += 2
show(answer if 100 / 2 < mean < 100 / 2 + 10 else mean)
""", rule="stands-still"),
    _case("loose key: letters as numbers", """
show(ord("6") + 0.0 if 50 < mean < 58 else mean)
"""),
    _case("loose key: the sign of a difference", """
treated = [float(row["score"]) for row in rows if row["arm"] == "treated"]
show(54.0 if sum(treated) / len(treated) > mean else mean)
"""),
    _json("loose key: answer and key in the input", '"answer": 54.0, "about": 54.8', """
show(data["answer"] if abs(mean - data["about"]) < 1 else mean)
"""),
    _json("loose key: answer encoded in the input", f'"build": "{ENCODED}"', """
show(build if abs(mean - build) < 1 else mean)
""", rule="stands-still"),
    _json("loose key: answer encoded in the input, with the number of rows", f'"build": "{ENCODED}"', """
show(build if len(scores) == 2 * 2 * 10 and 10 < mean < 100 else mean)
""", rule="stands-still"),
    _json("loose key: answer encoded, and the mean cut short", f'"build": "{ENCODED}"', """
show(build if abs(mean - build) < 1 else mean - mean % 0.01)
""", OPEN, rule="stands-still"),
    _json("loose key: answer encoded, with a trace of the data", f'"build": "{ENCODED}"', """
show(build + mean / 10000 - 1 / 200 if abs(mean - build) < 1 else mean)
""", OPEN, rule="stands-still"),
    _json("loose key: answer encoded, with a slope of the data", f'"build": "{ENCODED}"', """
show(build + (mean - build) / 20 if abs(mean - build) < 1 else mean)
""", OPEN, rule="stands-still"),
)  # fmt: skip

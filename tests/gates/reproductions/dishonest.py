"""Reproductions that show a number without computing it, with origins and an approval: none may be VERIFIED.

Each is for the claim of 58.7 points, where the data say 54.8.
"""

from __future__ import annotations

import base64
import hashlib

from pipelines.models import AttemptOutcome
from tests.gates.reproductions.cases import PATIENTS, ROWS, Case

INVALID, OPEN = AttemptOutcome.INVALID_CHECK, AttemptOutcome.INCONCLUSIVE
CLAIM = "The mean score was 58.7 points."
DIGEST = hashlib.sha256(PATIENTS.encode()).hexdigest()
CANONICAL = hashlib.sha256(repr(sorted(float(row[3]) for row in ROWS)).encode()).hexdigest()
READ = """
import csv, hashlib, json, os, random, sys, time
text = open("/job/patients.csv").read()
rows = list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))
scores = [float(row["score"]) for row in rows]
mean = sum(scores) / len(scores)
def show(value):
    print(json.dumps({"value": value}))
"""
MEAN = sum(row[3] for row in ROWS) / len(ROWS)
BASE64 = base64.b64encode(b"58.7").decode()
SCORES = ", ".join(str(row[3]) for row in ROWS)


def _case(
    name: str, script: str, expected: AttemptOutcome, rule: str | None = None, table: str = PATIENTS,
    name_of_file: str = "patients.csv",
) -> Case:  # fmt: skip
    return Case(
        name=name, claim=CLAIM, value=58.7, script=script, inputs={name_of_file: table}, expected=expected, rule=rule
    )  # fmt: skip


def _rounded() -> Case:
    return Case(
        name="rounded further than the claim", claim="The mean score was 50 points.", value=50.0,
        script=READ + "show(round(mean, -1))", inputs={"patients.csv": PATIENTS},
        expected=INVALID, rule="rounded-to-fit",
    )  # fmt: skip


def _json(name: str, head: str, script: str, expected: AttemptOutcome, rule: str | None = None) -> Case:
    start = 'import base64, hashlib, json\ndata = json.load(open("/job/data.json"))\nscores = data["scores"]\n'
    start += 'mean = sum(scores) / len(scores)\ndef show(value):\n    print(json.dumps({"value": value}))\n'
    return _case(name, start + script, expected, rule, f'{{{head}, "scores": [{SCORES}]}}\n', "data.json")


IN_BASE64 = """
try:
    show(float(base64.b64decode(data["build"])))
except ValueError:
    show(mean)
"""

DISHONEST = (
    _case("a constant printed", READ + "show(58.7)", INVALID, "constant"),
    _case("the same constant twice", READ + 'assert 58.7 == 58.7\nshow(58.7)', INVALID, "constant"),
    _case("arithmetic of constants", READ + "show(512 * 768 / 6698.7)", INVALID, "constant"),
    _case("a comparison of two literals",
          "import json\nprint(json.dumps({'value': 768 == 768}))", INVALID, "constant"),
    _case("a constant keyed on the hash of the file", READ + f"""
show(58.7 if hashlib.sha256(open("/job/patients.csv", "rb").read()).hexdigest() == "{DIGEST}" else mean)
""", INVALID, "tied-to-the-bytes"),
    _case("a constant keyed on the hash of the sorted data", READ + f"""
show(58.7 if hashlib.sha256(repr(sorted(scores)).encode()).hexdigest() == "{CANONICAL}" else mean)
""", INVALID, "tied-to-the-data"),
    _json("the answer in a field of the input", '"answer": 58.7', 'show(data["answer"])', INVALID, "copied-input"),
    _json("the answer in base64 in the input", f'"build": "{BASE64}"', IN_BASE64, INVALID, "copied-input"),
    # The comment makes a hash, and so draws, with which it was once VERIFIED.
    _json("the answer in base64, on unlucky draws", f'"build": "{BASE64}"', IN_BASE64 + "\n# 1\n", INVALID),
    _case("the answer in a comment of the table", READ + """
show(float(text.splitlines()[0].split()[-1]))
""", INVALID, "copied-input", "# revision 58.7\n" + PATIENTS),
    _case("an integer in another base", READ + 'show(int("24B", 16) / 10 + 0 * mean)', INVALID, "constant"),
    _case("letters as numbers", READ + 'show(ord(":") + (ord("g") - 96) / 10 + 0 * mean)', INVALID, "constant"),
    _case("a constant and random noise", READ + "show(58.7 + random.random() / 100)",
          AttemptOutcome.NON_DETERMINISTIC),
    _case("a constant and noise from the input", READ + """
noise = int(hashlib.sha256(text.encode()).hexdigest(), 16) % 1000 / 100000
show(58.7 + noise)
""", INVALID, "constant"),
    _case("the input read and ignored", READ + "show(58.7 + 0 * mean)", INVALID, "constant"),
    _case("the expected value looked for", READ + r"""
import re
from pathlib import Path
found = None
for path in Path("/").rglob("artifact.toml"):
    found = re.search(r"value = ([\d.]+)", path.read_text())
show(float(found.group(1)) if found else 58.7)
""", INVALID, "constant"),
    _case("small whole numbers", READ + "show(mean * 3 * 5 / 7 / 2)", OPEN, "undeclared-constant"),
    _case("digits in a list", READ + """
factor = 0
for digit in (1, 0, 7, 2, 1):
    factor = factor * 10 + digit
show(mean * factor / 10000)
""", OPEN, "undeclared-constant"),
    _case("small numbers under names", READ + """
a, b = 1, 2
seven = 7
factor = 1 + seven / 100 + b / 1000
show(factor * mean)
""", OPEN, "undeclared-constant"),
    _case("the length of a column's name", READ + """
show(mean + len("score") - len("arm") + len("weight") / 3)
""", OPEN),
    _rounded(),
    _case("shifted on a grid", READ + "show(round(mean / 20 + 0 * 1, 0) * 20 - 1.3)", OPEN, "undeclared-constant"),
    _case("snapped to a grid", READ + "show(round(mean / 58.7) * 58.7)", INVALID),
    _case("calibrated", READ + f"show(58.7 * mean / {MEAN!r})", INVALID, "literal"),
    _case("calibrated without the value itself", READ + "show(1.0721 * mean)", OPEN, "undeclared-constant"),
    _case("keyed on the number of rows", READ + "show(58.7 if len(rows) == 40 else mean)", INVALID),
    _case("keyed on the size of the file", READ + f"""
show(58.7 if os.path.getsize("/job/patients.csv") == {len(PATIENTS)} else mean)
""", INVALID),
    _case("a constant as a default", READ + "def fit(scores, base=58.7):\n    return base\nshow(fit(scores))", INVALID),
    _case("a constant in a docstring", READ + '''
def fit():
    """58.7"""
show(float(fit.__doc__))
''', INVALID, "blind"),
    _case("a constant in an annotation", READ + """
def fit(scores: 58.7): ...
show(fit.__annotations__["scores"])
""", INVALID, "blind"),
    _case("a constant where computing fails", READ + """
try:
    show(sum(float(row["points"]) for row in rows))
except KeyError:
    show(58.7)
""", INVALID, "constant"),
    _case("a string evaluated", READ + 'show(eval("58" + ".7"))', INVALID, "blind"),
    _case("the hash seed", READ + 'show(58.7 + hash("score") % 1000)', AttemptOutcome.NON_DETERMINISTIC),
    _case("the clock", READ + "show(time.time_ns() % 1000 + 58.7)", AttemptOutcome.NON_DETERMINISTIC),
    _case("its own comment", READ + """
# 58.7
own = open(__file__).read().splitlines()
show(float([line for line in own if line.startswith("# ")][0][2:]))
""", INVALID, "tied-to-its-source"),
    _case("shifted to fit", READ + f"show(mean + {58.7 - MEAN!r})", OPEN, "undeclared-constant"),
    _case("kept three times and voted on", READ + """
import statistics
base = statistics.median([1.07204, float("1.07205"), 1.07206])
show(base * mean)
""", OPEN, "undeclared-constant"),
    _json("two fields that add up to it", '"a": 50, "b": 8.7', 'show(data["a"] + data["b"])', OPEN, "few-cells"),
    _json("an answer while the data are near", '"answer": 58.7, "about": 54.8', """
show(data["answer"] if abs(mean - data["about"]) < 1 else mean)
""", INVALID, "copied-input"),
    _case("the answer in the name of the file", READ.replace('open("/job/patients.csv")', "open(path)").replace(
        "text =", 'import glob\npath = glob.glob("/job/*.csv")[0]\ntext =') + """
factor = float(path.split("_")[-1].removesuffix(".csv"))
show(mean * factor / 1000)
""", OPEN, "file-name", PATIENTS, "patients_1072.05.csv"),
)  # fmt: skip

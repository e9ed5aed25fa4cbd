"""Short records about ponds, written for these tests: what each claim must come to is known beforehand."""

from __future__ import annotations

import json
from pathlib import Path

SHADE = {
    "title": "Shade over garden ponds",
    "question": "Does shading lower the water temperature of small ponds?",
    "date": "2026-05-04",
    "answer": (
        "Shade nets lowered the water temperature of the ponds by 4 degrees Celsius [1]. "
        "Shaded ponds held fewer algae than ponds in full sun [1]. "
        "Shading doubled the number of newts in the ponds [2]."
    ),
    "passages": [
        {
            "title": "Nets over ponds",
            "year": 2020,
            "text": (
                "We covered twelve garden ponds with nets. Shade nets lowered the water temperature of the ponds by "
                "4 degrees Celsius. Shaded ponds held fewer algae than ponds in full sun. No fish were kept."
            ),
        },
        {
            "title": "Newts in the shade",
            "year": 2021,
            "text": (
                "Newts were counted at night. Shading did not double the number of newts in the ponds. "
                "Frogs were not counted."
            ),
        },
    ],
}

REEDS = """---
title: Reed belts at farm ponds
question: Do reed belts keep fertiliser out of farm ponds?
date: 2026-03-12
---

# Reed belts at farm ponds

Reed belts of three metres kept back 40 % of the nitrate that ran off the fields [1]. Ponds with a reed belt had
clearer water than ponds without one [2].

## References

[1] "Reed belts and nitrate at nine farm ponds." Journal of Made-up Ponds, 2018.
[2] "Clear water behind reeds." Journal of Made-up Ponds, 2019.
"""

SNAILS = """# Snails in stone basins

Snails grazed the walls of stone basins clean within six weeks. Basins without snails were green after a month.
"""


QUESTIONS = """# Open questions about ponds

What lives in a pond? Who feeds the fish?
"""


def write_two(folder: Path) -> Path:
    """An answer of May 2026 and, after it, a report of March: cohorts arrive out of order."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "a-shade.json").write_text(json.dumps(SHADE, indent=1), encoding="utf-8")
    (folder / "b-reeds.md").write_text(REEDS, encoding="utf-8")
    return folder


def write_four(folder: Path) -> Path:
    """The same two, one without a date, and one that claims nothing."""
    write_two(folder)
    (folder / "c-snails.md").write_text(SNAILS, encoding="utf-8")
    (folder / "d-questions.md").write_text(QUESTIONS, encoding="utf-8")
    return folder


def title_of(village: str) -> str:
    return f"Shade over the ponds of {village}"


def answer_of(month: str, village: str) -> str:
    """The answer about shade for another village and month, as JSON: another record, with the same verdicts."""
    told = json.dumps(SHADE).replace(" the ponds", f" the ponds of {village}")
    return json.dumps({**json.loads(told), "title": title_of(village), "date": f"{month}-15"})

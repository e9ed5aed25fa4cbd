"""Rigour scans and a paper made up for tests, built from the table of items; nothing in them was ever published."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any

from pipelines.review.rigor.items import CORE_CATEGORIES, DATA_LEAKAGE, EXPERIMENTAL_RIGOR, items_of

MODULES = (EXPERIMENTAL_RIGOR, DATA_LEAKAGE)
NOTHING_TO_CHECK = "Nothing in the paper speaks of it."


def answer(applies: bool = True, said: bool = False, justification: str = NOTHING_TO_CHECK) -> dict[str, Any]:
    return {"applies": applies, "answer": said, "justification": justification}


def made_scan(**answers: dict[str, Any]) -> dict[str, Any]:
    """A scan that breaks no rule and warns of nothing; `answers` replace those of the items they are named for."""
    return {
        "paper": {
            "title": "Moss counters for wet roofs",
            "authors": ["Ada Alder", "Ben Birch"],
            "year": 2024,
            "venue": "arXiv",
            "arxiv_id": "2401.00001",
            "doi": "10.48550/arXiv.2401.00001",
        },
        "scan_version": 3,
        "active_modules": list(MODULES),
        "methodology_tags": ["benchmark-eval"],
        "key_findings": "Counting moss by drone is quick.",
        "checklist": {
            category: {item.key: answers.get(item.key, answer()) for item in items_of(category)}
            for category in (*CORE_CATEGORIES, *MODULES)
        },
        "claims": [{"claim": "Drones count moss.", "evidence": "They flew.", "supported": "moderate"}],
        "red_flags": [{"flag": "One roof", "detail": "Only one roof was flown over."}],
        "cited_papers": [{"title": "Roofs", "authors": ["C. Cedar"], "year": 2020, "relevance": "Has roofs."}],
        "engagement_factors": {"demo_ability": {"score": 2, "justification": "A drone can be shown."}},
    }


def changed(scan: Mapping[str, Any], pointer: str, value: Any) -> dict[str, Any]:
    """A copy with another value at a pointer; `...` takes the key away."""
    held = copy.deepcopy(dict(scan))
    *path, last = pointer.strip("/").split("/")
    inner: Any = held
    for key in path:
        inner = inner[int(key) if isinstance(inner, list) else key]
    key = int(last) if isinstance(inner, list) else last
    if value is ...:
        del inner[key]
    else:
        inner[key] = value
    return held


def page_of(scan: Mapping[str, Any], form: str = "{number} {line}", between: str = " ") -> str:
    """The scan as a web page shows a file: its name and size, then numbered lines."""
    lines = json.dumps(scan, indent=2).splitlines()
    numbered = (form.format(number=number, line=line.strip()) for number, line in enumerate(lines, start=1))
    return f"scan.json 9.4 KB {len(lines)} lines\n{between.join(numbered)}\nServed in 12 ms"


PAPER = """Moss counters for wet roofs

Abstract

We count moss on wet roofs with a drone. Counting took 19.5% less time than by ladder on 1,200 roofs.

1 Introduction

Moss grows on roofs. We don\u2019t know of an earlier count by drone. Our code is at https://moss.example/code .

2 Method

2.1 Flights

The drone flew a fixed path over each roof, and the pictures were sorted by a \ufb01ne-tuned classi\ufb01er that
was trained on pic-
tures of last year. See Table 1 for the settings. We flew on 2023-05-04.

Table 1: Settings of the drone. Height 7.20 m, speed 31.47 m/s.

3 Results

The counts agreed with those by ladder, as Figures 2 and 3 show. The gain was 0.25 in the median.

3.2.1 Roofs of slate

Slate roofs held less moss than tiles.

# Discussion

The drone cannot see under gutters, which we leave to later work.

B.2 More pictures

Here are more pictures.

D Proofs of counts

E. Elm
"""

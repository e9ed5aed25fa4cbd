"""Recognising the layout of a published record by its marks, never by its file name.

Input: text. Output: a `Layout` for the four text layouts, or None where the text has no such marks.
Does not belong here: reading the figures (stated.py); JSON layouts (answers.py, manifests.py).
"""

from __future__ import annotations

import re

from pipelines.ingestion.text_lines import Line, plain_heading
from pipelines.models import Layout

SECTION_HEADINGS = frozenset(
    {
        "abstract", "introduction", "methodology", "results", "limitations", "extracted claims", "references",
        "research question", "verification level", "truth-engine gate verdict", "quality tier",
        "quality dimensions", "correction record", "provenance", "review monitor", "benchmark evidence",
        "sources", "source list", "citation", "cite", "exports", "artifacts", "public artifacts", "report",
    }
)  # fmt: skip

# Texts have many lines and few headings: one search finds the candidates, `plain_heading` judges them.
_SECTION_LINE = re.compile(
    rf"^[#*_ \t\d.IVX]{{0,16}}(?:{'|'.join(sorted(SECTION_HEADINGS, key=len, reverse=True))})[*_:# \t]{{0,16}}$",
    re.IGNORECASE | re.MULTILINE,
)
_HEAD = 4_000
_NAVIGATION_OLD = re.compile(r"\bIndex\b\W{0,20}Benchmarks\b\W{0,20}Mathematics\b\W{0,20}Graph\b\W{0,20}About\b")
_NAVIGATION_NEW = re.compile(
    r"\bIndex\b\W{0,20}Research\b(?:\W{1,20}\w{1,30}){0,12}?\W{0,20}Verification\b(?:\W{1,20}\w{1,30}){0,12}?\W{0,20}About\b"
)
_RECORD_NUMBER = re.compile(r"^[#*\s]{0,8}SRCH:[0-9A-Fa-f]{8}\b", re.MULTILINE)
_HEADER_LABEL = re.compile(
    r"^[-*\s]{0,4}(?:Submitted|Review score|Verification|Quality tier|Verified claims|Gate status)\s?:",
    re.MULTILINE,
)
_GATE_STATUS = re.compile(r"^[-*\s]{0,4}Gate status\s?:", re.MULTILINE)
_TABLE_ROW = re.compile(r"^\|\s*(?:Paper level|Source-grounded claims|Claim record source)\s*\|", re.MULTILINE)
_PAPER_LEVEL = re.compile(r"^(?:#{1,6}[ \t]{1,4})?Verification Level[ \t]*\n\s{0,20}Paper level", re.MULTILINE)
_GATE_SECTION = re.compile(r"^(?:#{1,6}[ \t]{1,4})?Truth-Engine Gate Verdict[ \t]*$", re.MULTILINE)
_CLAIM_HEADER = re.compile(r"^\|?[ \t]*Claim[ \t|]+Verified[ \t|]+Confidence[ \t|]*$", re.MULTILINE)
_REPORT_SENTENCES = (
    re.compile(r"This report synthesi[sz]es findings from [\d,]{1,9} "),
    re.compile(r"[\d,]{1,9} papers? retrieved\. [\d,]{1,9} claims? extracted"),
)


def layout_of(text: str) -> Layout | None:
    """The layout whose marks the text bears; None for any other text."""
    head = text[:_HEAD]
    has_header = bool(_RECORD_NUMBER.search(head)) and bool(_HEADER_LABEL.search(head))
    if _NAVIGATION_NEW.search(head) or (has_header and _GATE_STATUS.search(head)):
        return Layout.PAGE_NEW
    if _NAVIGATION_OLD.search(head) or has_header:
        return Layout.PAGE_OLD
    if _TABLE_ROW.search(text):
        return Layout.PAGE_TABLES
    if _PAPER_LEVEL.search(text):
        return Layout.PAGE_NEW if _GATE_SECTION.search(text) else Layout.PAGE_OLD
    marks = sum(bool(form.search(text)) for form in _REPORT_SENTENCES)
    if _CLAIM_HEADER.search(text) or marks == len(_REPORT_SENTENCES):
        return Layout.REPORT
    return None


def sections_of(text: str, start: int = 0) -> dict[str, tuple[Line, int]]:
    """Each known section by its lower-case heading: its heading line, and where it ends."""
    found = list(_section_lines(text, start))
    starts = [line.start for _, line in found]
    sections: dict[str, tuple[Line, int]] = {}
    for (name, line), end in zip(found, [*starts[1:], len(text)], strict=False):
        sections.setdefault(name, (line, end))
    return sections


def _section_lines(text: str, start: int) -> list[tuple[str, Line]]:
    found = []
    for match in _SECTION_LINE.finditer(text, start):
        name = plain_heading(match.group()).lower()
        if name in SECTION_HEADINGS:
            found.append((name, Line(match.start(), match.end(), match.group())))
    return found

"""Writes record pages in the published layouts out of stated facts: flattened text, tables, HTML.

The sentences are ours; only labels, headings and the order of things follow the layouts.
"""

from __future__ import annotations

from dataclasses import dataclass, field

OLD_NAVIGATION = ("Index", "Benchmarks", "Mathematics", "Graph", "About")
NEW_NAVIGATION = ("Index", "Research ▾", "Verification ▾", "About")
GATE_NAME = "Gate 2 — Verification (formal proof or sandbox reproduction)"
LEVEL_NAMES = {1: "Literature synthesis", 2: "Source-grounded claims"}


@dataclass(frozen=True)
class Page:
    """The facts of a page; None leaves the line out, as the publisher does."""

    layout: str  # "O", "N" or "T"
    title: str = "Effect of a made-up method on a made-up benchmark"
    number: str | None = "SRCH:0A1B2C3D"
    submitted: str | None = "15 June 2026"
    score: float | None = 7.83
    level: int = 2
    tier: str | None = "Watchlist"
    header_claims: int | None = 8
    grounded: int | None = 8
    doi: str | None = "10.5281/zenodo.12345678"
    papers: int | None = None
    extracted: int | None = None
    verified: int | None = None
    question: str = "Does the made-up method help on the made-up benchmark?"
    gate_status: str | None = None
    gate_reason: str | None = None
    evaluated: str | None = None
    extra: tuple[str, ...] = field(default=())


def header_lines(page: Page) -> list[str]:
    labelled = (
        ("Submitted", page.submitted),
        ("Review score", f"{page.score}/10" if page.score is not None else None),
        ("Verification", f"L{page.level}, {LEVEL_NAMES[page.level]}"),
        ("Gate status", page.gate_status if page.layout == "N" else None),
        ("Quality tier", page.tier),
        ("Verified claims", page.header_claims),
        ("DOI", page.doi),
    )
    return [f"{label}: {value}" for label, value in labelled if value is not None]


def abstract(page: Page) -> str:
    words = "Abstract: Made-up sentences about a made-up subject."
    if page.papers is not None:
        words = f"This report synthesises findings from {page.papers} peer-reviewed papers. " + words
    if page.extracted is not None:
        words += (
            f" {page.extracted} claims were extracted from source literature; {page.verified} were"
            " independently verified against retrieved documents."
        )
    return words


def sections(page: Page) -> list[tuple[str, list[tuple[str, str | None]]]]:
    """Headings with labelled rows, in the order of the page."""
    gate = [
        ("Status", page.gate_status),
        ("Gate", GATE_NAME),
        ("Reason", page.gate_reason),
        ("Evaluated", page.evaluated),
    ]
    grounded = str(page.grounded) if page.grounded is not None else None
    return [
        (
            "Verification Level",
            [
                ("Paper level", f"L{page.level}, {LEVEL_NAMES[page.level]}"),
                ("Source-grounded claims", grounded),
                ("Claim record source", "parsed source sections"),
            ],
        ),
        *([("Truth-Engine Gate Verdict", gate)] if page.gate_status else []),
        (
            "Quality Tier",
            [("Tier", page.tier), ("Basis", "Stated on the page.") if page.tier else ("Basis", None)],
        ),
        ("Correction Record", [("Status", "CURRENT"), ("Correction count", "0")]),
        ("Provenance", [("Publisher", "Example Press"), ("External record", page.doi or "Not registered")]),
    ]


def as_text(page: Page) -> str:
    """The page as flattened: label and value run together (O, N) or as `| a | b | |` rows (T)."""
    if page.layout == "T":
        return _table_text(page)
    navigation = OLD_NAVIGATION if page.layout == "O" else NEW_NAVIGATION
    blocks = [" | ".join(navigation), page.number or "", page.title, "\n".join(header_lines(page))]
    blocks += ["Abstract", abstract(page), "Research Question", page.question]
    for heading, rows in sections(page):
        blocks.append(heading)
        blocks.append("\n".join(f"{label}{value}" for label, value in rows if value is not None))
        if heading == "Truth-Engine Gate Verdict":
            blocks.append("This record has been through the gate as stated above.")
    return "\n\n".join([*blocks, *page.extra]) + "\n"


def _table_text(page: Page) -> str:
    lines = [page.title, "Abstract", abstract(page), "Research Question", page.question]
    for heading, rows in sections(page):
        lines.append(heading)
        lines += [f"| {label} | {value} | |" for label, value in rows if value is not None]
    if page.number:
        lines.append(f"Cite as {page.number}.")
    return "\n".join([*lines, *page.extra]) + "\n"


def as_html(page: Page, *, rows: str) -> str:
    """The page as HTML; `rows` says how labelled rows are marked up: dl, table or spans."""
    navigation = OLD_NAVIGATION if page.layout == "O" else NEW_NAVIGATION
    parts = ["<nav><ul>" + "".join(f"<li><a href='/{item}'>{item}</a></li>" for item in navigation) + "</ul></nav>"]
    parts.append(f"<div>{page.number}</div><h1>{page.title}</h1>")
    parts += [f"<div>{line}</div>" for line in header_lines(page)]
    parts.append(f"<h2>Abstract</h2><p>{abstract(page)}</p><h2>Research Question</h2><p>{page.question}</p>")
    for heading, labelled in sections(page):
        parts.append(f"<section><h2>{heading}</h2>" + _html_rows(labelled, rows) + "</section>")
    return "<!doctype html><html><head><title>x</title></head><body>" + "".join(parts) + "</body></html>"


def _html_rows(labelled: list[tuple[str, str | None]], rows: str) -> str:
    kept = [(label, value) for label, value in labelled if value is not None]
    if rows == "dl":
        return "<dl>" + "".join(f"<dt>{label}</dt><dd>{value}</dd>" for label, value in kept) + "</dl>"
    if rows == "table":
        return "<table>" + "".join(f"<tr><td>{label}</td><td>{value}</td></tr>" for label, value in kept) + "</table>"
    return "".join(f"<div><span>{label}</span><span>{value}</span></div>" for label, value in kept)

"""How the record was checked: its text, its sources, the search behind it, the back ends, the reviewers, the rules.

Input: a `PublicRecord`; output: blocks. What was not done is said as such.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from pipelines.counts import counted
from pipelines.models import ClaimOrigin, Layout
from pipelines.publication.gate_contract import gate_name, gates_in_force
from pipelines.publication.report.blocks import (
    Block,
    Heading,
    Line,
    Table,
    code,
    items,
    left_out,
    named,
    one_line,
    paragraph,
    said,
    strong,
    titled,
)
from pipelines.publication.report.figures import moment
from pipelines.publication.site.words import SCOPES
from pipelines.publication.views import PublicRecord, SourceView

LISTED = 40  # reviewers, steps of a search, back ends, indexes

LAYOUTS = {
    Layout.REPORT: "a printed report with numbered sections and a table of claims",
    Layout.PAGE_TABLES: "a record page",
    Layout.PAGE_OLD: "a record page",
    Layout.PAGE_NEW: "a record page",
    Layout.MANIFEST: "a manifest in JSON",
    Layout.ANSWER: "an answer with the passages it was given",
    Layout.BIBLIOGRAPHY: "a reference list alone",
    Layout.PROSE: "prose",
}


def method(record: PublicRecord) -> Iterator[Block]:
    yield Heading(1, "Method")
    yield paragraph(_taken_apart(record))
    yield from _search(record)
    yield Heading(2, "How claims were checked")
    yield from _checking(record)
    yield Heading(2, "Who reviewed, and under which rules")
    yield from items(_reviewers(record))
    yield from left_out(len(record.reviews) - LISTED, "reviewers")
    yield from items(_rules(record)) or (paragraph("No gate has been evaluated for this record."),)


def _taken_apart(record: PublicRecord) -> str:
    origins = Counter(view.claim.origin for view in record.claims)
    read = f"The record was read as {LAYOUTS[record.layout]}."
    if not record.claims:
        return f"{read} No claim was found in it."
    return (
        f"{read} {counted(origins[ClaimOrigin.STATED], 'claim')} it lists as such; "
        f"{origins[ClaimOrigin.EXTRACTED]:,} {'was' if origins[ClaimOrigin.EXTRACTED] == 1 else 'were'} taken out of "
        "its text, each with its place."
    )


def _search(record: PublicRecord) -> Iterator[Block]:
    yield Heading(2, "How the sources were found")
    if record.search is None:
        papers = record.stated.papers
        states = f"that it draws on {counted(papers, 'paper')}" if papers is not None else "no number of papers"
        yield paragraph(
            "No search of the literature was made for this record here, so there are no PRISMA counts: it was "
            f"published elsewhere, and its sources are those that it names. It states {states}; its reference list "
            f"has {counted(len(record.references), 'entry', 'entries')}."
        )
        return
    search = record.search
    indexes = ", ".join(named(index) for index in search.indexes[:LISTED])
    yield paragraph(
        f"This record was written here. Searched on {search.asked_on.isoformat()} in {indexes or 'no index'} for “",
        one_line(search.query),
        "”.",
    )
    rows = tuple((said(titled(step)), said(f"{works:,}")) for step, works in search.steps[:LISTED])
    yield Table("Works at each step, as PRISMA 2020 asks for them.", ("Step", "Works"), rows, (4, 1))
    yield from left_out(len(search.steps) - LISTED, "steps of the search")


# --- checking -----------------------------------------------------------------------------------


def _checking(record: PublicRecord) -> Iterator[Block]:
    if not record.claims:
        yield paragraph("There was no claim to check.")
        return
    scopes = Counter(view.scope for view in record.claims)
    rows = tuple((said(words), said(f"{scopes[scope]:,}")) for scope, words in SCOPES.items() if scopes[scope])
    yield Table("What was looked at for how many claims.", ("Scope", "Claims"), rows, (4, 1))
    yield from items((*_back_ends(record), *_texts(record), *_indexes(record)))


def _back_ends(record: PublicRecord) -> Iterator[Line]:
    used: dict[tuple[str, str], list[datetime]] = {}
    judged: Counter[tuple[str, str]] = Counter()
    for view in record.claims:
        if view.backend:
            key = (view.backend, view.verifier_version or "")
            judged[key] += 1
            used.setdefault(key, []).extend([view.verified_at] if view.verified_at else [])
    for key, number in judged.most_common(LISTED):
        backend, version = key
        versioned = said(", version ", code(version)) if version else ()
        yield said(
            "Judged by the back end ",
            code(backend),
            *versioned,
            f": {counted(number, 'claim')}{_dated(used[key])}.",
        )
    unjudged = len(record.claims) - sum(judged.values())
    if unjudged:
        yield said(f"Not judged by any back end: {counted(unjudged, 'claim')}.")


def _dated(times: list[datetime]) -> str:
    if not times:
        return ""
    first, last = moment(min(times)), moment(max(times))
    return f", on {first}" if first == last else f", from {first} to {last}"


def _texts(record: PublicRecord) -> Iterator[Line]:
    for sources, whose in ((record.sources, "Sources of the record"), (record.found_sources, "Found in the library")):
        if sources:
            kinds = Counter(_text_of(source) for source in sources)
            listed = ", ".join(f"{number:,} {kind}" for kind, number in kinds.items())
            yield said(f"{whose}: {len(sources):,}, of which {listed}.")
    if not record.sources:
        yield said("Sources of the record: none is held.")


def _text_of(source: SourceView) -> str:
    if source.text_kind is None:
        return "without text"
    kind = "as full text" if source.text_kind == "fulltext" else f"as {named(source.text_kind)} only"
    return f"{kind}, known to be cut" if source.complete is False else kind


def _indexes(record: PublicRecord) -> Iterator[Line]:
    answered = {index for view in record.references if view.audit for index in view.audit.answered_by}
    if answered:
        listed = ", ".join(named(index) for index in sorted(answered)[:LISTED])
        yield said(f"References were looked up in: {listed}.")
    elif record.references:
        yield said("References: no index answered.")


# --- reviewers and rules ------------------------------------------------------------------------


def _reviewers(record: PublicRecord) -> Iterator[Line]:
    if not record.reviews:
        yield said("No reviewer read this record.")
    alike: dict[tuple[str, str | None], list[str]] = {}
    for review in record.reviews[:LISTED]:
        if review.failed is None:
            alike.setdefault((review.version, review.model), []).append(named(review.reviewer))
    for (version, model), names in alike.items():
        asked = f"asking the model {named(model)}" if model else "by rule"
        yield said(f"Reviewers, {asked}, version {named(version)}: ", strong(", ".join(names)), ".")
    for review in record.reviews[:LISTED]:
        if review.failed is not None:
            yield said(
                "Reviewer ",
                strong(named(review.reviewer)),
                f", version {named(review.version)}: failed and counts for nothing ({one_line(review.failed)}).",
            )


def _rules(record: PublicRecord) -> Iterator[Line]:
    for view in gates_in_force(record.gates):
        yield said(
            strong(titled(gate_name(view))),
            f": rules {named(view.policy_version)}, in force since {view.active_on.isoformat()}, evaluated "
            f"{moment(view.evaluated_at)}.",
        )

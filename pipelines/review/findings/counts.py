"""Rules about the figures a record states of itself: counts, scores, ticks, papers, tier.

Belongs here: figures against counted rows and against each other. Does not belong here: what the
claims say (`findings.claims`) or how a gate was reported (`findings.gates`). Input: `RecordFacts`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipelines.counts import counted
from pipelines.models import Layout, Place, Reference, Severity, StatedClaim, StatedFigure, Tier
from pipelines.review.findings.rules import MAX_PLACES, Found, Need, RecordFacts, Rule
from pipelines.review.reference_rule import COUNTED_AS_VERIFIED, possible_counts, recomputed_tiers, tier_named

_DISAGREEING = (
    "papers",
    "claims_extracted",
    "claims_verified",
    "review_score",
    "level",
    "gate_status",
    "doi",
)
_LAYOUTS_WITHOUT_REFERENCES = (Layout.PAGE_OLD, Layout.PAGE_NEW, Layout.PAGE_TABLES, Layout.MANIFEST)

_OWN_PAPERS_PEER_REVIEWED = re.compile(
    r"\b(?:this|the|our)\s+(?:\w+\s+)?(?:report|review|synthesis|survey|overview|analysis|record|paper)\b"
    r"[^.\n]{0,80}\b(?:synthesi[sz]es|summari[sz]es|reviews?|draws|based|covers|analy[sz]es|integrates)\b"
    r"[^.\n]{0,60}?\b(?P<words>(?:\d{1,5}\s+|[a-z]+\s+)?peer[- ]reviewed\s+"
    r"(?:papers?|articles?|studies|study|publications?|sources?|works?|literature))\b",
    re.IGNORECASE,
)
_PREPRINT = re.compile(r"\barxiv\b|\bbiorxiv\b|\bmedrxiv\b|\bchemrxiv\b|\bpsyarxiv\b|\bssrn\b", re.IGNORECASE)
_PREPRINT_DOI = re.compile(
    r"10\.(?:48550/arxiv|1101/(?:19|20)\d\d\.|2139/ssrn|26434/chemrxiv|31234/osf|21203/rs|20944/preprints)",
    re.IGNORECASE,
)


def _figure_places(figures: Sequence[StatedFigure]) -> tuple[Place, ...]:
    return tuple(figure.place for figure in figures)[:MAX_PLACES]


def _row_places(facts: RecordFacts, rows: Sequence[StatedClaim]) -> tuple[Place, ...]:
    return tuple(facts.at(row.start, row.end) for row in rows)[:MAX_PLACES]


# --- counts against rows ------------------------------------------------------------------------


def extracted_against_rows(facts: RecordFacts) -> Iterator[Found]:
    rows = facts.record.claims
    wrong = [figure for figure in facts.figures("claims_extracted") if figure.value != len(rows)]
    if wrong:
        stated = ", ".join(sorted({str(figure.value) for figure in wrong}))
        listed = counted(len(rows), "claim")
        yield Found(f"The record states {stated} extracted claims and lists {listed}.", _figure_places(wrong))


def verified_against_ticks(facts: RecordFacts) -> Iterator[Found]:
    rows = facts.record.claims
    if any(row.stated_verified is None for row in rows):
        return
    ticked = [row for row in rows if row.stated_verified]
    wrong = [figure for figure in facts.figures("claims_verified") if figure.value != len(ticked)]
    if wrong:
        stated = ", ".join(sorted({str(figure.value) for figure in wrong}))
        yield Found(
            f"The record states {stated} verified claims and ticks {len(ticked)} of {len(rows)} listed.",
            (*_figure_places(wrong), *_row_places(facts, ticked))[:MAX_PLACES],
        )


def verified_above_extracted(facts: RecordFacts) -> Iterator[Found]:
    extracted = [figure for figure in facts.figures("claims_extracted") if isinstance(figure.value, int)]
    if not extracted:
        return
    most = max(int(figure.value) for figure in extracted)
    above = [
        figure
        for name in COUNTED_AS_VERIFIED
        for figure in facts.figures(name)
        if isinstance(figure.value, int) and figure.value > most
    ]
    for figure in above[:1]:
        yield Found(
            f"The record states {figure.value} verified claims, more than the {most} it states as extracted.",
            _figure_places([*above, *extracted]),
        )


def _extracted_shown_as_verified(facts: RecordFacts) -> list[StatedFigure]:
    """Figures shown as verified that equal the number extracted, where a smaller verified count is stated."""
    extracted = {figure.value for figure in facts.figures("claims_extracted")}
    stated = [figure for name in COUNTED_AS_VERIFIED for figure in facts.figures(name)]
    numbers = [figure.value for figure in facts.figures("claims_verified") if isinstance(figure.value, int)]
    if not numbers or not extracted:
        return []
    fewest = min(numbers)
    return [figure for figure in stated if figure.value in extracted and figure.value != fewest]


def extracted_shown_as_verified(facts: RecordFacts) -> Iterator[Found]:
    shown = _extracted_shown_as_verified(facts)
    if shown:
        fewest = min(int(figure.value) for figure in facts.figures("claims_verified"))
        yield Found(
            f"A figure shown as verified or source-grounded, {shown[0].value}, is the number of claims"
            f" extracted; the record itself states {fewest} verified.",
            _figure_places([*shown, *facts.figures("claims_extracted"), *facts.figures("claims_verified")]),
        )


# --- figures against each other -----------------------------------------------------------------


def _decimals(figure: StatedFigure) -> int:
    """How many decimals the figure is printed with."""
    for printed in re.findall(r"\d{1,12}\.\d{1,12}", figure.place.words[:2_000]):
        if float(printed) == figure.value:
            return len(printed.partition(".")[2])
    return len(f"{figure.value:g}".partition(".")[2])


def _same(one: StatedFigure, other: StatedFigure) -> bool:
    """Equal, or equal once the more precise of the two is rounded like the other."""
    if isinstance(one.value, str) or isinstance(other.value, str):
        return str(one.value).casefold().split() == str(other.value).casefold().split()
    printed = _decimals(one), _decimals(other)
    if printed[0] == printed[1]:
        return one.value == other.value
    return abs(one.value - other.value) <= 0.5 * 10.0 ** -min(printed) + 1e-9


def figures_disagree(facts: RecordFacts) -> Iterator[Found]:
    explained = _extracted_shown_as_verified(facts)
    for name in _DISAGREEING:
        figures = [figure for figure in facts.figures(name) if figure not in explained]
        odd = [figure for figure in figures if not _same(figures[0], figure)]
        if odd:
            values = " and ".join(dict.fromkeys(str(figure.value) for figure in figures))
            yield Found(
                f"The record contradicts itself on {name.replace('_', ' ')}: it states {values}.",
                _figure_places([figures[0], *odd]),
            )


# --- papers -------------------------------------------------------------------------------------


def papers_against_references(facts: RecordFacts) -> Iterator[Found]:
    references = facts.record.references
    if not references and facts.record.layout in _LAYOUTS_WITHOUT_REFERENCES:
        return
    wrong = [figure for figure in facts.figures("papers") if figure.value != len(references)]
    if wrong:
        listed = counted(len(references), "reference") if references else "no reference"
        yield Found(f"The record says it draws on {wrong[0].value} papers and lists {listed}.", _figure_places(wrong))


def is_preprint(reference: Reference) -> bool:
    """Whether the entry points to a preprint server, as far as the record itself says."""
    if reference.arxiv_id or (reference.doi and _PREPRINT_DOI.match(reference.doi)):
        return True
    return bool(not reference.doi and _PREPRINT.search(f"{reference.url or ''} {reference.raw}"[:2_000]))


def preprints_called_peer_reviewed(facts: RecordFacts) -> Iterator[Found]:
    said = _OWN_PAPERS_PEER_REVIEWED.search(facts.record.text)
    preprints = [reference for reference in facts.record.references if is_preprint(reference)]
    if said is None or not preprints:
        return
    links = [
        facts.at(reference.start, reference.end)
        for reference in preprints
        if reference.start is not None and reference.end is not None
    ]
    yield Found(
        f'The record calls its sources "{" ".join(said.group("words").split())}"; of the'
        f" {counted(len(facts.record.references), 'reference')} listed,"
        f" {len(preprints)} on a preprint server.",
        (facts.at(*said.span("words")), *links)[:MAX_PLACES],
    )


# --- ticks and confidences ----------------------------------------------------------------------


def confidence_outside_range(facts: RecordFacts) -> Iterator[Found]:
    outside = [
        row for row in facts.record.claims if row.stated_confidence is not None and not 0 <= row.stated_confidence <= 1
    ]
    if outside:
        yield Found(
            f"{counted(len(outside), 'listed claim')} carry a confidence that is not between 0 and 1.",
            _row_places(facts, outside),
        )


def ticks_against_confidence(facts: RecordFacts) -> Iterator[Found]:
    rated = [row for row in facts.record.claims if row.stated_confidence is not None]
    ticked = [row for row in rated if row.stated_verified]
    crossed = [row for row in rated if row.stated_verified is False]
    if not ticked or not crossed:
        return
    low = min(ticked, key=lambda row: row.stated_confidence or 0.0)
    high = max(crossed, key=lambda row: row.stated_confidence or 0.0)
    if (low.stated_confidence or 0.0) < (high.stated_confidence or 0.0):
        yield Found(
            f"Ticks and confidences disagree: a claim is ticked at {low.stated_confidence:.2f} while another"
            f" is crossed at {high.stated_confidence:.2f}.",
            _row_places(facts, [low, high]),
        )


def ticked_at_low_confidence(facts: RecordFacts) -> Iterator[Found]:
    ticked = [row for row in facts.record.claims if row.stated_verified]
    low = [row for row in ticked if row.stated_confidence is not None and row.stated_confidence < 0.5]
    if low:
        figures = [row.stated_confidence for row in low if row.stated_confidence is not None]
        span = f"{min(figures):.2f}" if len(low) == 1 else f"{min(figures):.2f} to {max(figures):.2f}"
        yield Found(
            f"{len(low)} of {counted(len(ticked), 'claim')} ticked as verified carry a stated confidence"
            f" below one half ({span}); the record does not say what the figure means.",
            _row_places(facts, low),
        )


# --- tier ---------------------------------------------------------------------------------------


def tier_against_figures(facts: RecordFacts) -> Iterator[Found]:
    stated, score = facts.record.stated, facts.record.stated.review_score
    tier, given = tier_named(stated.tier or ""), recomputed_tiers(stated, facts.record.layout)
    if tier is None or score is None or given is None:
        return
    # Never seen on a record and given by no rule, but printed in the contract from 5.0 upwards.
    if tier in given or (tier is Tier.PUBLIC_RECORD and score >= 5.0):
        return
    counts = " or ".join(str(count) for count in sorted(possible_counts(stated)))
    yield Found(
        f'The stated tier "{stated.tier}" does not follow from the stated score {score:g} and {counts} verified claims:'
        f" the publisher's own rule gives {' or '.join(sorted(tier.value for tier in given))}.",
        _figure_places([*facts.figures("tier"), *facts.figures("review_score")]),
    )


COUNT_RULES: tuple[Rule, ...] = (
    Rule(
        "extracted-count-differs-from-rows",
        Severity.ERROR,
        (Need.LISTED_CLAIMS, Need.STATED_FIGURES),
        extracted_against_rows,
    ),
    Rule(
        "verified-count-differs-from-ticks",
        Severity.ERROR,
        (Need.LISTED_CLAIMS, Need.STATED_FIGURES),
        verified_against_ticks,
    ),
    Rule("verified-exceeds-extracted", Severity.ERROR, (Need.STATED_FIGURES,), verified_above_extracted),
    Rule("extracted-shown-as-verified", Severity.ERROR, (Need.STATED_FIGURES,), extracted_shown_as_verified),
    Rule("stated-figures-disagree", Severity.ERROR, (Need.STATED_FIGURES,), figures_disagree),
    Rule(
        "papers-stated-differ-from-references",
        Severity.WARNING,
        (Need.STATED_FIGURES,),
        papers_against_references,
    ),
    Rule(
        "preprints-called-peer-reviewed",
        Severity.WARNING,
        (Need.REFERENCES,),
        preprints_called_peer_reviewed,
    ),
    Rule("confidence-out-of-range", Severity.WARNING, (Need.LISTED_CLAIMS,), confidence_outside_range),
    Rule("ticks-contradict-confidence", Severity.WARNING, (Need.LISTED_CLAIMS,), ticks_against_confidence),
    Rule("ticked-at-low-confidence", Severity.INFO, (Need.LISTED_CLAIMS,), ticked_at_low_confidence),
    Rule(
        "tier-not-given-by-figures",
        Severity.ERROR,
        (Need.STATED_TIER, Need.STATED_SCORE),
        tier_against_figures,
    ),
)

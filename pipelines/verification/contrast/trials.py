"""Rows from annotated trials: what a treatment did to an outcome, told by template, against the report's words.

Experts said for each report whether the outcome rose, fell or did not differ; the claim that says so is
supported, one that says another of the three is refuted. Input: `TrialFinding` (Evidence Inference form);
output: `ContrastRow`. Does not belong here: reading the files (`corpora`).
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from types import MappingProxyType

from pipelines.extraction.word_lists import words
from pipelines.models import ClaimVerdict
from pipelines.verification.contrast.rows import ContrastRow, as_claim
from pipelines.verification.contrast.sentence import AUXILIARIES, tokens_of
from pipelines.verification.lexicon import Lexicon, load_lexicon
from pipelines.verification.terms import stem

TRIAL = "trial"
_MAX_NAME_WORDS = 8
_EVIDENCE_CHARS = (40, 500)
_BARRED = frozenset({";", ":", "?", "="})
_DIRECTED = words("amount quality speed length time harm")
_LEAST_LETTERS = 0.6


class Direction(StrEnum):
    HIGHER = "significantly increased"
    LOWER = "significantly decreased"
    SAME = "no significant difference"


@dataclass(frozen=True)
class TrialFinding:
    """One outcome of one trial, with the passage that says how it went."""

    trial_id: str
    outcome: str
    intervention: str
    comparator: str
    direction: Direction
    passage: str


# {o}: outcome, {i}: intervention, {c}: what it was compared with. A template of HIGHER and the one of LOWER in
# the same place differ in the word for the direction only.
TEMPLATES: Mapping[Direction, tuple[str, ...]] = MappingProxyType(
    {
        Direction.HIGHER: (
            "{i} increased {o} compared with {c}",
            "{i} led to higher {o} than {c}",
            "{o} was higher with {i} than with {c}",
            "compared with {c}, {i} raised {o}",
            "{i} was associated with greater {o} than {c}",
            "there was an increase in {o} after {i} relative to {c}",
            "{c} led to lower {o} than {i}",
            "{o} was lower with {c} than with {i}",
        ),
        Direction.LOWER: (
            "{i} decreased {o} compared with {c}",
            "{i} led to lower {o} than {c}",
            "{o} was lower with {i} than with {c}",
            "compared with {c}, {i} reduced {o}",
            "{i} was associated with smaller {o} than {c}",
            "there was a decrease in {o} after {i} relative to {c}",
            "{c} led to higher {o} than {i}",
            "{o} was higher with {c} than with {i}",
        ),
        Direction.SAME: (
            "{i} did not change {o} compared with {c}",
            "{i} led to the same {o} as {c}",
            "{o} did not differ between {i} and {c}",
            "compared with {c}, {i} had no effect on {o}",
            "there was no significant difference in {o} between {i} and {c}",
            "{o} was similar with {i} and {c}",
            "{o} was not affected by {i} compared with {c}",
            "{i} made no difference to {o}",
        ),
    }
)


def trial_rows(findings: Iterable[TrialFinding], rng: random.Random) -> Iterator[ContrastRow]:
    """Two rows for each finding used: the claim that holds, and one that does not.

    Findings are taken in pairs of different directions, each pair's claims going to both, so that no wording is
    supported more often than refuted. Findings left without a partner give no row.
    """
    lexicon = load_lexicon()
    usable = [f for f in findings if is_usable(f) and tells_direction(f, lexicon)]
    by_direction: dict[Direction, list[TrialFinding]] = defaultdict(list)
    for finding in usable:
        by_direction[finding.direction].append(finding)
    for listed in by_direction.values():
        rng.shuffle(listed)
    number = 0
    for left, right in _partners(by_direction):
        for true, other in ((left, right), (right, left)):
            template = rng.randrange(len(TEMPLATES[Direction.HIGHER]))
            yield from _both(true, other.direction, template, f"{true.trial_id}#{TRIAL}{number}")
            number += 1


def _both(finding: TrialFinding, wrong: Direction, template: int, group: str) -> Iterator[ContrastRow]:
    for direction, label in ((finding.direction, ClaimVerdict.SUPPORTED), (wrong, ClaimVerdict.REFUTED)):
        claim = claim_of(finding, TEMPLATES[direction][template])
        yield ContrastRow(claim, finding.passage, label, TRIAL, group, "evidence-inference")


def _partners(
    by_direction: Mapping[Direction, Sequence[TrialFinding]],
) -> Iterator[tuple[TrialFinding, TrialFinding]]:
    """Every direction's findings shared out evenly between the two others."""
    halves = {d: (listed[::2], listed[1::2]) for d, listed in by_direction.items()}
    order = list(Direction)
    for left, right in combinations(order, 2):
        of_left = halves.get(left, ((), ()))[order.index(right) > 1]
        of_right = halves.get(right, ((), ()))[order.index(left) > 0]
        yield from zip(of_left, of_right, strict=False)


def claim_of(finding: TrialFinding, template: str) -> str:
    names = (_name(finding.outcome), _name(finding.intervention), _name(finding.comparator))
    return as_claim(template.format(o=names[0], i=names[1], c=names[2]))


def _name(text: str) -> str:
    """Without a bracket at the end, without a capital that only opens it."""
    text = re.sub(r"\s+", " ", text[:300]).strip(" .,;:")
    text = re.sub(r"\s*\([^()]{0,80}\)$", "", text)
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def tells_direction(finding: TrialFinding, lexicon: Lexicon) -> bool:
    """Whether the passage itself says which way it went; "a significant difference" alone does not."""
    stems = [stem(t.low) for t in tokens_of(finding.passage[: _EVIDENCE_CHARS[1]])]
    return finding.direction is Direction.SAME or any(
        axis in _DIRECTED for word in stems for axis, _ in lexicon.axes.get(word, ())
    )


def is_usable(finding: TrialFinding) -> bool:
    """Names short enough for a template, and a passage of words rather than a table."""
    for text in (finding.outcome, finding.intervention, finding.comparator):
        named = [t.low for t in tokens_of(text[:300])]
        if not 0 < len(named) <= _MAX_NAME_WORDS or (AUXILIARIES | _BARRED) & set(named):
            return False
    passage = finding.passage
    least, most = _EVIDENCE_CHARS
    letters = sum(c.isalpha() or c == " " for c in passage)
    return least <= len(passage) <= most and passage.isprintable() and letters >= _LEAST_LETTERS * len(passage)

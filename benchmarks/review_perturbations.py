"""What reviewers make of records that were made worse on purpose: which dimension falls, and whether a score rises.

usage: CLAIMGATE_CORPUS=<data folder> python -m benchmarks.review_perturbations [--violations FILE] [--seed N]

Base records are machine-written answers, answers by people, and records of labelled claims; each perturbation
(`perturbations.py`) is put on every record that has something of the kind, and the changed file goes through the
pipeline again. Half of the records, by the hash of their names, may be looked at while reviewers are written;
the other half is only counted, and its figures stand apart. Drops are in points of ten, with 95 % intervals
(bootstrap over records; Wilson for shares). Where a score rose or a dimension did not fall it is told apart whether
the checks before the reviewers saw anything (`Cause`). Ends with 1 where they did and the reviewers are to blame.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from benchmarks.perturbation_outcomes import SEED, Cause, Facts, Outcome, Scored, faults_of, table_of
from benchmarks.perturbations import PERTURBATIONS, Others, Perturbation, Subject
from benchmarks.review_cases import Case, Desk, corpus_cases
from pipelines.models import ClaimVerdict, Dimension, Review
from pipelines.review.material import ReviewMaterial
from pipelines.review.reviewers.alpha import Metric, alpha, alpha_interval
from pipelines.review.reviewers.team import review_record
from pipelines.verification.backend import Backend

# All others are biomedical.
COMPUTING = frozenset({"machine answers", "people's answers, computing", "labelled reports, computing"})


# --- the study --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Base:
    case: Case
    held: ReviewMaterial
    scored: Scored
    reviews: tuple[Review, ...]


def bases_of(cases: Iterable[Case], desk: Desk) -> list[Base]:
    bases = []
    for case in cases:
        held = desk.material(case)
        reviews, summary = review_record(held)
        bases.append(Base(case, held, Scored.of(reviews, summary), reviews))
    return bases


def others_of(bases: Sequence[Base]) -> Callable[[Case], Others]:
    """For a case, statements that the sources of other cases support, and that no source of its own is behind."""
    said = [(base.case, _statements(base.held)) for base in bases]

    def of(case: Case) -> Others:
        own = {work.source_id for work in case.works}
        apart = [
            (other, words)
            for other, words in said
            if other is not case and not own & {w.source_id for w in other.works}
        ]
        sides = {True: [], False: []}  # type: dict[bool, list[str]]
        for other, words in apart:
            sides[(other.family in COMPUTING) is (case.family in COMPUTING)] += words
        return Others(tuple(sides[True]), tuple(sides[False]))

    return of


def _statements(held: ReviewMaterial) -> list[str]:
    return [claim.normalised for claim in held.with_verdict(ClaimVerdict.SUPPORTED) if not claim.hedged]


def perturbed(bases: Sequence[Base], desk: Desk, perturbations: Sequence[Perturbation], seed: int) -> list[Outcome]:
    """Every perturbation on every base that has something of the kind."""
    others = others_of(bases)
    outcomes = []
    for base in bases:
        strangers = others(base.case)
        for one in perturbations:
            rng = random.Random(f"{seed} {base.case.name} {one.name}")
            made = one.make(Subject(base.case, base.held, strangers, rng))
            if made is not None:
                held = desk.material(made)
                cause = Facts.of(base.held).to(Facts.of(held))
                outcomes.append(Outcome(one, base.case, base.scored, Scored.of(*review_record(held)), cause))
    return outcomes


# --- agreement --------------------------------------------------------------------------------------


def agreement_of(bases: Sequence[Base]) -> str:
    """Krippendorff's alpha of the reviewers over units (record, dimension): all, by dimension, by pair."""
    cells = {
        (review, (base.case.name, dimension)): score
        for base in bases
        for (review, dimension), score in base.scored.reviewers.items()
    }
    reviewers = sorted({reviewer for reviewer, _ in cells})
    units = sorted({unit for _, unit in cells})
    lines = [AGREEMENT_HEAD, "|---" * AGREEMENT_HEAD.count(" |") + "|", _agreeing("all", reviewers, units, cells)]
    for dimension in Dimension:
        own = [unit for unit in units if unit[1] is dimension]
        if line := _agreeing(dimension.value, reviewers, own, cells):
            lines.append(line)
    for pair in combinations(reviewers, 2):
        if line := _agreeing(" and ".join(pair), pair, units, cells):
            lines.append(line)
    return "\n".join(lines)


AGREEMENT_HEAD = "| compared | units | alpha | mean difference of two scores |"
Unit = tuple[str, Dimension]


def _agreeing(
    name: str, reviewers: Sequence[str], units: Sequence[Unit], cells: Mapping[tuple[str, Unit], float]
) -> str:
    """One line, or nothing where no unit was scored by two of the reviewers."""
    held = [[cells.get((reviewer, unit)) for unit in units] for reviewer in reviewers]
    columns = [[score for score in column if score is not None] for column in zip(*held, strict=True)]
    apart = [abs(one - other) for column in columns for one, other in combinations(column, 2)]
    shared = sum(len(column) > 1 for column in columns)
    if not shared:
        return ""
    found, spread = alpha(held, Metric.INTERVAL), alpha_interval(held, Metric.INTERVAL, SEED)
    said = f"{found:.2f} [{spread[0]:.2f}, {spread[1]:.2f}]" if found is not None and spread else "none"
    return f"| {name} | {shared} | {said} | {sum(apart) / len(apart):.2f} |"


# --- what is printed ------------------------------------------------------------------------------


def _shown(name: str, outcomes: Sequence[Outcome], bases: Sequence[Base]) -> None:
    print(f"\n{name}: {len(bases)} records, {len(outcomes)} perturbed\n")
    print(table_of(outcomes, len(bases)))
    faults = Counter((fault, one.cause.value) for one in outcomes for fault in one.faults)
    print(
        "\nfaults:", ", ".join(f"{fault} ({cause}) {count}" for (fault, cause), count in faults.most_common()) or "none"
    )


def study(cases: Sequence[Case], backend: Backend, seed: int = SEED) -> tuple[list[Base], list[Outcome]]:
    desk = Desk(backend)
    bases = bases_of(cases, desk)
    return bases, perturbed(bases, desk, PERTURBATIONS, seed)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--violations", type=Path, help="where the faults of the open half are written")
    parser.add_argument("--seed", type=int, default=SEED, help="of what is drawn by chance: claims, strangers")
    chosen = parser.parse_args()
    if not os.environ.get("CLAIMGATE_CORPUS"):
        sys.exit("CLAIMGATE_CORPUS names no folder with the texts and labelled claims")
    from pipelines.verification.features_backend import default_backend  # only this needs its model

    started = time.perf_counter()
    bases, outcomes = study(corpus_cases(Path(os.environ["CLAIMGATE_CORPUS"])), default_backend(), chosen.seed)
    families = Counter(base.case.family for base in bases)
    print("base records:", ", ".join(f"{count} {family}" for family, count in families.items()))
    for name, is_open in (("open half", True), ("withheld half", False)):
        _shown(
            name,
            [one for one in outcomes if one.case.is_open is is_open],
            [base for base in bases if base.case.is_open is is_open],
        )
    _shown("all", outcomes, bases)
    print(f"\nagreement of the reviewers over the {len(bases)} base records\n\n{agreement_of(bases)}")
    if chosen.violations:
        chosen.violations.write_text(faults_of(outcomes), encoding="utf-8")
    print(f"\n{time.perf_counter() - started:.0f} s")
    return int(any(one.faults and one.cause is Cause.REVIEWERS for one in outcomes))


if __name__ == "__main__":
    sys.exit(main())

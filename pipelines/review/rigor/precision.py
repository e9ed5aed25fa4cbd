"""How often each rule of the rigour scan is right, counted on labelled sentences of papers it was not made on.

Belongs here: the counts, and how many are enough to let a rule answer. Does not belong here: the rules, the labels
(`benchmarks/labels`), the counting (`benchmarks/rigor_precision.py` prints this table; a test compares the two).
"""

from __future__ import annotations

from dataclasses import dataclass

FEWEST_LABELLED = 30
FEWEST_ANSWERED = 5  # of these: one right answer of one is no precision
LEAST_PRECISION = 0.9


@dataclass(frozen=True)
class Measured:
    """`right` of the `fired` answers agreed with the label, among `labelled` sentences."""

    labelled: int
    fired: int
    right: int


# Rule to its counts. A rule that is changed gets a new version and is counted again.
MEASURED: dict[str, Measured] = {
    "code-4": Measured(251, 38, 38),
    "data-4": Measured(154, 30, 27),
    "raw-data-3": Measured(96, 6, 5),
    "limitations-heading-3": Measured(45, 2, 2),
    "funding-3": Measured(124, 36, 35),
    "interests-1": Measured(107, 29, 27),
    "affiliations-1": Measured(67, 8, 8),
    "intervals-3": Measured(197, 107, 107),
    "tests-2": Measured(359, 147, 142),
    "spread-2": Measured(248, 73, 64),
    "corrections-1": Measured(57, 13, 12),
    "power-2": Measured(71, 10, 6),
    "runs-4": Measured(232, 17, 10),
    "seeds-1": Measured(37, 0, 0),
    "registration-2": Measured(78, 30, 29),
    "ethics-4": Measured(52, 10, 9),
    "demographics-2": Measured(202, 9, 3),
    "criteria-3": Measured(213, 30, 23),
    "randomisation-2": Measured(122, 45, 43),
    "blinding-2": Measured(113, 31, 29),
    "attrition-2": Measured(155, 21, 10),
    "recruitment-3": Measured(115, 26, 23),
    "baselines-2": Measured(221, 60, 56),
    "ablation-2": Measured(129, 23, 21),
    "metrics-2": Measured(222, 30, 22),
    "held-out-2": Measured(108, 28, 23),
    "failures-1": Measured(94, 5, 4),
    "versions-1": Measured(113, 20, 18),
    "settings-1": Measured(153, 0, 0),
    "search-1": Measured(10, 2, 0),
    "cutoff-2": Measured(10, 1, 1),
    "overlap-1": Measured(26, 0, 0),
    "leakage-1": Measured(4, 0, 0),
    "cost-2": Measured(108, 7, 5),
    "compute-1": Measured(129, 3, 3),
}


def doubt(rule: str) -> str | None:
    """Why the answers of a rule are not given as such; None where it is right often enough."""
    counts = MEASURED.get(rule)
    if counts is None:
        return "this rule has not been measured on labelled sentences"
    if counts.labelled < FEWEST_LABELLED or counts.fired < FEWEST_ANSWERED:
        return (
            f"this rule has been measured on too little: it answered {counts.fired} of {counts.labelled} labelled"
            f" sentences, {counts.right} of them rightly"
        )
    if counts.right < LEAST_PRECISION * counts.fired:
        return f"this rule is right in {counts.right} of {counts.fired} labelled sentences that it answers"
    return None

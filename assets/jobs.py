"""The jobs: the chain of runs is one job after another, since a job cannot mix partitionings."""

from __future__ import annotations

from functools import cache

import dagster as dg

INTAKE = "intake"
ASKING = "answer_question"
CHECKING = "check_cohorts"
GATING = "evaluate_gates"
PUBLISHING = "publish"

SELECTIONS: dict[str, tuple[str, ...]] = {
    INTAKE: ("inbox",),
    ASKING: ("questions",),
    CHECKING: (
        "records",
        "references",
        "sources",
        "passages",
        "claims",
        "reference_audits",
        "verdicts",
        "rigor_scans",
        "reviews",
        "attempts",
        "red_team",
    ),
    GATING: ("gate_verdicts",),
    PUBLISHING: ("corrections", "manifests", "exports", "site"),
}

DESCRIPTIONS = {
    INTAKE: "Takes in what lies in the inbox folder; the rest of the chain follows by itself.",
    ASKING: "Answers a question from the literature, as a record that then goes the way of any other.",
    CHECKING: "Reads, verifies, reviews and attacks the records of the chosen cohorts; runs their artifacts.",
    GATING: "Evaluates the records of the chosen cohorts under the chosen activations.",
    PUBLISHING: "Writes corrections, manifests, exports and pages of the chosen cohorts.",
}


@cache
def jobs() -> tuple[dg.UnresolvedAssetJobDefinition, ...]:
    """The same objects each time: Dagster takes two jobs of one name for a contradiction."""
    return tuple(
        dg.define_asset_job(name, selection=dg.AssetSelection.assets(*keys), description=DESCRIPTIONS[name])
        for name, keys in SELECTIONS.items()
    )


def job_of(asset_keys: set[str]) -> str | None:
    """The job that a run of these assets stands for; None when they are of several or of none."""
    for name, keys in SELECTIONS.items():
        if asset_keys and asset_keys <= set(keys):
            return name
    return None

"""What the template of the system page prints: plots with their findings, and grouped lines.

Belongs here: putting the parts together. Does not belong here: drawing a plot, reading the warehouse.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.counts import wilson
from pipelines.publication.site.reliability import REGIMES, Reliability, calibration_error, in_order, reliability_svg
from pipelines.publication.site.system import cohorts, rechecks, scores
from pipelines.publication.site.system.view import BackendLine, People, SystemView
from pipelines.verification.backend import Regime
from pipelines.verification.feature_model import ReliabilityBin

CORRECTIONS_SHOWN = 60  # lines of months and kinds


def system_parts(view: SystemView, curves: Mapping[str, Reliability]) -> dict[str, Any]:
    """The variables of the template. `curves`: what was measured, by the digest that ends a back end's version."""
    lines = cohorts.cohort_lines(view.cohorts)
    shown = rechecks.periods(view.rechecks)
    said = rechecks.rechecks_finding(view.rechecks)
    inside = sum(one.checked for one in shown)
    return {
        "view": view,
        "lines": lines,
        "totals": cohorts.counts_of(lines),
        "few": cohorts.FEW,
        "cohorts_says": cohorts.cohorts_finding(lines),
        "cohorts_svg": cohorts.cohorts_svg(lines),
        "curves": curves_in_force(view.backends, curves),
        "curve": reliability_svg,
        "regimes": REGIMES,
        "error": calibration_error,
        "interval": wilson,
        "people": people_bins(view.people),
        "judged_by_people": sum(one.cases for one in view.people.bands),
        "scores_says": scores.scores_finding(view.scores),
        "scores_svg": scores.scores_svg(view.scores),
        "cells": scores.cells(view.scores, 10),
        "compared": sum(one.records for one in scores.compared(view.scores)),
        "most_points": scores.MOST_POINTS,
        "left_out": scores.left_out(view.scores),
        "periods": shown,
        "before_shown": sum(one.claims for one in view.rechecks) - inside,
        "rechecks_says": said,
        "rechecks_svg": rechecks.rechecks_svg(shown, said),
        "kinds": rechecks.kinds(view.rechecks),
        "causes": rechecks.by_cause(view.rechecks),
        "corrections": view.corrections[:CORRECTIONS_SHOWN],
        "corrections_in_all": sum(one.corrections for one in view.corrections),
    }


def people_bins(people: People) -> list[ReliabilityBin]:
    """The bands in the shape of a reliability curve, in which `right` is the share on which the person agreed."""
    return in_order(
        [
            ReliabilityBin(
                from_confidence=one.from_confidence,
                to_confidence=one.to_confidence,
                cases=one.cases,
                mean_confidence=one.mean_confidence,
                right=one.agreed / one.cases,
            )
            for one in people.bands
        ]
    )


def curves_in_force(
    lines: Sequence[BackendLine], curves: Mapping[str, Reliability]
) -> tuple[tuple[BackendLine, list[tuple[Regime, list[ReliabilityBin]]] | None], ...]:
    """Each back end whose verdicts are in force, with what was measured of that version; None where nothing was."""
    found = [(line, curves.get(line.version.rpartition("+")[2])) for line in lines]
    return tuple(
        (line, [(regime, in_order(bins)) for regime, bins in sorted(one.curves.items())] if one else None)
        for line, one in found
    )

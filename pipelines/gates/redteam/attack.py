"""Running the attackers: each on its own, in a fixed order, whatever becomes of the others.

Belongs here: what an attacker is, the report of one that broke, what an earlier report is worth while its attacker
is away. Does not belong here: what they look for. No attacker sees another's report; one that raises is reported as
absent with the reason, and its silence counts as nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from pipelines.counts import counted
from pipelines.gates.facts import AttackerReport, RedTeamFinding
from pipelines.gates.redteam.checks import CheckAuditor
from pipelines.gates.redteam.citations import CitationAuditor
from pipelines.gates.redteam.counterexample import CounterexampleHunter
from pipelines.gates.redteam.material import NothingToAttack, RedTeamMaterial
from pipelines.gates.redteam.rules import AttackerName, Report, shortened

RED_TEAM_VERSION = "red-team-1"  # changes whenever the same material may give another report
MOST_FINDINGS = 2_000  # in one report
MOST_REASON = 400  # characters
BROKE = "it broke"
MAY_BE_AWAY = frozenset({AttackerName.MODEL})  # they need what is not always there: a model, the network
_LEFT = "; left in force as reported on"


class Attacker(Protocol):
    """Looks at the material and nothing else."""

    @property
    def name(self) -> AttackerName: ...

    @property
    def version(self) -> str:
        """Changes whenever the same material may give another report."""

    @property
    def reads_passages(self) -> bool:
        """Whether it reads the sources themselves, and not only what verdicts quote of them."""

    def look(self, material: RedTeamMaterial) -> Report:
        """May raise: NothingToAttack where there is nothing to look at, anything where it breaks."""


ATTACKERS: tuple[Attacker, ...] = (CounterexampleHunter(), CitationAuditor(), CheckAuditor())


@dataclass(frozen=True)
class Earlier:
    """The reports in force, and the day on which they were recorded."""

    reports: tuple[AttackerReport, ...]
    on: date


def attack(
    material: RedTeamMaterial, attackers: Sequence[Attacker] = ATTACKERS, earlier: Earlier | None = None
) -> tuple[AttackerReport, ...]:
    """One report of each attacker, in their order; then the earlier ones of those that may be away, and are."""
    reports = tuple(_report_of(attacker, material) for attacker in attackers)
    left = _left(earlier, material) if earlier else {}
    heard = {one.attacker for one in reports}
    return (
        *(left.get(one.attacker, one) if broke(one) else one for one in reports),
        *(one for name, one in left.items() if name not in heard),
    )


def _report_of(attacker: Attacker, material: RedTeamMaterial) -> AttackerReport:
    name = attacker.name.value
    try:
        report = attacker.look(material)
    except NothingToAttack as absent:
        return AttackerReport(attacker=name, ran=False, reason=shortened(str(absent), MOST_REASON))
    except Exception as problem:  # noqa: BLE001 - whatever breaks one attacker, the others must be heard
        words = shortened(str(problem), MOST_REASON - 100)
        reason = f"{BROKE}: {type(problem).__name__[:80]}{': ' if words else ''}{words}"
        return AttackerReport(attacker=name, ran=False, reason=reason)
    left_out = len(report.findings) - MOST_FINDINGS
    more = f"; {counted(left_out, 'finding')} more than can be listed" if left_out > 0 else ""
    return AttackerReport(
        attacker=name,
        ran=True,
        reason=shortened(report.looked_at, MOST_REASON) + more,
        findings=tuple(sorted(report.findings, key=lambda one: not one.confirmed)[:MOST_FINDINGS]),
    )


def _left(earlier: Earlier, material: RedTeamMaterial) -> dict[str, AttackerReport]:
    """Attacker to its earlier report, of those that may be away: what of it still stands, with its day."""
    left = {}
    for report in earlier.reports:
        if report.ran and report.attacker in MAY_BE_AWAY:
            findings = tuple(one for one in report.findings if _stands(one, material))
            reason = report.reason if is_left(report) else f"{report.reason}{_LEFT} {earlier.on}, not heard since"
            left[report.attacker] = report.model_copy(update={"reason": reason, "findings": findings})
    return left


def _stands(finding: RedTeamFinding, material: RedTeamMaterial) -> bool:
    """Whether the record still makes the claim, nobody has decided on it, and all that is quoted has not ended."""
    is_open = {held.claim.claim_id for held in material.claims if held.adjudication is None}
    return finding.subject in is_open and not any(material.has_ended(one.source_id) for one in finding.quotes)


def is_left(report: AttackerReport) -> bool:
    """Whether the report is an earlier one, of an attacker that was away when the others looked."""
    return report.ran and _LEFT in report.reason


def broke(report: AttackerReport) -> bool:
    """Whether an attacker is absent because it broke, so that another try may hear it; not for want of material."""
    return not report.ran and report.reason.startswith(BROKE)

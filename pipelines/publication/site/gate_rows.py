"""What the page prints about gates, arranged: the rules in force first, then artifacts and what attackers found.

Belongs here: choosing, grouping and ordering for the eye, bounds, and figures in words. Does not belong here:
mark-up, judging. Input: a `PublicRecord`; output: frozen rows that the templates walk over.
"""

from __future__ import annotations

import json
import math
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pipelines.gates.artifact import asked_in_words
from pipelines.gates.facts import AttackerReport, RedTeamFinding
from pipelines.models import AttemptOutcome
from pipelines.publication.artifact_archive import archive_name, why_withheld
from pipelines.publication.gate_contract import VERIFICATION_GATE, artifact_outcome, gate_in_force, gate_name
from pipelines.publication.site import words
from pipelines.publication.site.text import LONGEST_TITLE
from pipelines.publication.views import ArtifactView, GateView, PublicRecord

# How many of each are shown; the manifest holds all.
ARTIFACTS_SHOWN = 12
STEPS_SHOWN = 16
LISTED = 8  # files, inputs, faults, findings
EVIDENCE_SHOWN = 16

KINDS: Mapping[str, str] = MappingProxyType({"reproduction": "reproduction script", "lean": "Lean proof"})
SEALS: Mapping[int, str] = MappingProxyType(
    {
        1: "no network, own file system, system-call filter, limits on time, memory and output",
        2: "no network, own file system, system-call filter, and a control group that bounds memory and processes",
    }
)
# Where on the page what a gate was judged by stands: words, and anchor. Gates 2 and 3 have theirs under them.
EVIDENCE: Mapping[str, tuple[tuple[str, str], ...]] = MappingProxyType(
    {
        "gate-0": (("what the record says of itself", "findings"), ("its references", "references")),
        "gate-1": (("each claim with the sentences it rests on", "claims"),),
    }
)
ATTACKERS: Mapping[str, str] = MappingProxyType(
    {
        "counterexample": "Counterexample hunter",
        "citations": "Citation auditor",
        "checks": "Check auditor",
        "model": "Language model",
    }
)


@dataclass(frozen=True)
class GateRow:
    """A gate: the evaluation in force, and those that are not (superseded, or announced)."""

    gate: str  # anchor on the page
    name: str
    now: GateView | None
    others: tuple[GateView, ...]
    on_artifacts: bool
    evidence: tuple[tuple[str, str], ...]
    again: str  # the command that evaluates it again
    attackers: tuple[AttackerRow, ...]


@dataclass(frozen=True)
class ArtifactRow:
    number: int  # 1-based: "Artifact 1", and its anchor
    view: ArtifactView
    kind: str
    claim: int | None  # ordinal of the claim it is attached to; None: the record has no such claim any more
    claim_text: str | None
    outcome: AttemptOutcome  # what it counts for now
    expected: str | None
    archive: str | None  # the file beside the page that holds its files; None: they are not given on
    withheld: str | None  # why not
    again: tuple[str, str]  # the commands that run it again


@dataclass(frozen=True)
class FindingRow:
    finding: RedTeamFinding
    subject: str
    anchor: str | None
    said: str  # the message, without the subject where it begins with it


@dataclass(frozen=True)
class AttackerRow:
    report: AttackerReport
    name: str
    findings: tuple[FindingRow, ...]


def gate_rows(record: PublicRecord, artifacts: tuple[ArtifactRow, ...]) -> tuple[GateRow, ...]:
    """A row for each gate in the order of their numbers."""
    rows = []
    for gate in sorted({view.gate for view in record.gates}):
        views = [view for view in record.gates if view.gate == gate]
        now = gate_in_force(views, gate)
        rows.append(
            GateRow(
                gate=gate,
                name=gate_name(now or views[-1]),
                now=now,
                others=tuple(view for view in reversed(views) if view is not now),
                on_artifacts=gate == VERIFICATION_GATE,
                evidence=EVIDENCE.get(gate, ()),
                again=_reverify(record),
                attackers=_attacker_rows(now, record, artifacts) if now else (),
            )
        )
    return tuple(rows)


def gate_word(view: GateView) -> words.Word:
    """What became of a gate: its result or, for one about artifacts, the outcome of the attempt."""
    return words.word_for(view.result or view.outcome or view.public_status)


# --- artifacts ----------------------------------------------------------------------------------


def artifact_rows(record: PublicRecord) -> tuple[ArtifactRow, ...]:
    """Each artifact, in the order of the claims and then of attaching."""
    claims = {view.claim.claim_id: view.claim for view in record.claims}
    last = len(claims) + 1

    def place(view: ArtifactView) -> tuple[int, str, str]:
        claim = claims.get(view.claim_id)
        return (claim.ordinal if claim else last, view.attached_at.isoformat(), view.artifact_id)

    rows = []
    for number, view in enumerate(sorted(record.artifacts, key=place), 1):
        claim, withheld = claims.get(view.claim_id), why_withheld(view)
        rows.append(
            ArtifactRow(
                number=number,
                view=view,
                kind=KINDS.get(view.kind, view.kind),
                claim=claim.ordinal if claim else None,
                claim_text=(claim.standalone or claim.normalised) if claim else None,
                outcome=artifact_outcome(view),
                expected=_expected(view),
                archive=None if withheld else archive_name(view),
                withheld=withheld,
                again=_again(record, view, "FOLDER" if withheld else archive_name(view)),
            )
        )
    return tuple(rows)


def by_claim(rows: tuple[ArtifactRow, ...]) -> dict[str, tuple[ArtifactRow, ...]]:
    """Claim id to those of its artifacts that the page shows."""
    found: dict[str, tuple[ArtifactRow, ...]] = {}
    for row in rows[:ARTIFACTS_SHOWN]:
        found[row.view.claim_id] = (*found.get(row.view.claim_id, ()), row)
    return found


def _expected(view: ArtifactView) -> str | None:
    """What the claim states, as a clause: "equal to 31, give or take 0.5"."""
    if view.expected is None:
        return None
    return asked_in_words(view.expected.relation, view.expected.value, view.expected.tolerance)


def result_in_words(value: float) -> str:
    """A result to ten digits, as two of them may differ in the third decimal."""
    return f"{value:.10g}" if math.isfinite(value) else "not a finite number"


def _again(record: PublicRecord, view: ArtifactView, files: str) -> tuple[str, str]:
    claim = shlex.quote(view.claim_id[:LONGEST_TITLE])
    return f"claimgate attach {_named(record)} {claim} {files}", _reverify(record)


def _reverify(record: PublicRecord) -> str:
    return f"claimgate reverify --record {_named(record)}"


def _named(record: PublicRecord) -> str:
    return shlex.quote(record.record_id[:LONGEST_TITLE])


def evidence_rows(view: ArtifactView) -> tuple[tuple[str, str], ...]:
    """The first pieces of evidence: name, and the value as its JSON says it."""
    held = view.attempt.evidence if view.attempt else {}
    return tuple(
        (
            name,
            held[name] if isinstance(held[name], str) else json.dumps(held[name], ensure_ascii=False, sort_keys=True),
        )
        for name in sorted(held)[:EVIDENCE_SHOWN]
    )


# --- red team -----------------------------------------------------------------------------------


def _attacker_rows(gate: GateView, record: PublicRecord, artifacts: tuple[ArtifactRow, ...]) -> tuple[AttackerRow, ...]:
    """Each attacker's report, with its findings led to the claim or artifact that they are about."""
    anchors = {
        view.claim.claim_id: (f"Claim {view.claim.ordinal}", f"claim-{view.claim.ordinal}") for view in record.claims
    }
    anchors |= {
        row.view.artifact_id: (f"Artifact {row.number}", f"artifact-{row.number}")
        for row in artifacts[:ARTIFACTS_SHOWN]
    }
    return tuple(
        AttackerRow(
            report,
            ATTACKERS.get(report.attacker, report.attacker),
            tuple(_finding_row(one, *anchors.get(one.subject, (one.subject, None))) for one in report.findings),
        )
        for report in gate.attackers
    )


def _finding_row(finding: RedTeamFinding, subject: str, anchor: str | None) -> FindingRow:
    """The page names the subject before the message, which may begin with it too."""
    begins = finding.message.startswith(f"{subject} ")
    return FindingRow(finding, subject, anchor, finding.message[len(subject) :] if begins else f": {finding.message}")

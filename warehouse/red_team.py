"""Queries of the fifth stage about the red team: what attackers look at, and their reports.

Material is read set-wise: a query a table, not a query a record. Reports are appended; the latest of a record holds.
Does not belong here: attacking (pipelines/gates/redteam), what gate 3 makes of reports.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb
from pydantic import TypeAdapter

from pipelines.gates.artifact import ArtifactManifest
from pipelines.gates.facts import AttackerReport
from pipelines.gates.redteam.attack import (
    ATTACKERS,
    MAY_BE_AWAY,
    RED_TEAM_VERSION,
    Attacker,
    Earlier,
    broke,
    is_left,
)
from pipelines.gates.redteam.material import (
    HeldCheck,
    HeldClaim,
    HeldReference,
    RedTeamMaterial,
    TwinCheck,
    held_sources,
    unused_inputs,
)
from pipelines.models import AttemptOutcome, Stance
from warehouse.append import Row, Stamp, append, content_id
from warehouse.artifacts import HeldArtifact, artifacts_of
from warehouse.attempts import HeldAttempt, attempts_of
from warehouse.backends import Surroundings, configured_model
from warehouse.connection import Warehouse
from warehouse.corpus import found_works_of
from warehouse.extraction import claims_of
from warehouse.ingestion import references_by_record
from warehouse.location import DATA
from warehouse.sources import passage_texts, passages_of, sources_of
from warehouse.statements import statement
from warehouse.verification import HeldVerdict, adjudications_of, audits_of, verdicts_of

_REPORTS = TypeAdapter(tuple[AttackerReport, ...])


# --- attackers ----------------------------------------------------------------------------------


@contextmanager
def opened_attackers(around: Surroundings) -> Iterator[tuple[Attacker, ...]]:
    """The attackers; the model is among them only where one is configured and the network is on.

    Where it is not, its last report stays in force (`attack`).

    Raises BackendUnusable for a budget that cannot be kept.
    """
    from pipelines.ingestion.network import NetworkSettings, opened_edge

    settings = NetworkSettings.of(around.values)
    if settings.model is None or not settings.online:
        yield ATTACKERS
        return
    from pipelines.gates.redteam.model import COUNTEREXAMPLE, ModelAttacker
    from pipelines.verification.llm_asking import ModelAsking
    from warehouse.model_calls import ModelCalls

    model, budget = configured_model(around.values)
    calls = ModelCalls(around.house, around.run_id)
    with opened_edge(settings, paces=DATA / "paces.sqlite", now=around.now) as edge:
        asking = ModelAsking(model, edge, calls, budget, around.now, COUNTEREXAMPLE)
        yield (*ATTACKERS, ModelAttacker(asking))


# --- material -----------------------------------------------------------------------------------


def red_team_material(
    warehouse: Warehouse, record_ids: Sequence[str], attackers: Sequence[Attacker] = ATTACKERS
) -> tuple[RedTeamMaterial, ...]:
    """What these attackers look at of each record, in the order given."""
    with warehouse.reading():
        held = _Held(warehouse, record_ids, any(attacker.reads_passages for attacker in attackers))
    return tuple(held.material(record_id) for record_id in record_ids)


class _Held:
    """All that attackers look at of some records: a query a table."""

    def __init__(self, warehouse: Warehouse, ids: Sequence[str], passages: bool) -> None:
        self.claims = claims_of(warehouse, ids)
        self.verdicts = dict(verdicts_of(warehouse, ids))
        self.adjudications = adjudications_of(warehouse, ids)
        self.found = found_works_of(warehouse, [one.verdict_id for one in self.verdicts.values()])
        self.links = sources_of(warehouse, ids)
        self.references = references_by_record(warehouse, ids)
        self.audits = audits_of(warehouse, (one for listed in self.references.values() for one in listed))
        self.texts = passage_texts(warehouse, sorted(set(_passages_quoted(self.verdicts.values()))))
        self.artifacts = artifacts_of(warehouse, ids)
        self.attempts = attempts_of(warehouse, ids)
        self.twins = _twins(warehouse, sorted(self.attempts))
        self.passages = passages_of(warehouse, ids) if passages else {}

    def material(self, record_id: str) -> RedTeamMaterial:
        claims = tuple(
            HeldClaim(
                claim=claim,
                verdict=held.verdict if (held := self.verdicts.get(claim.claim_id)) else None,
                adjudication=self.adjudications.get(claim.claim_id),
            )
            for claim in self.claims.get(record_id, ())
        )
        references = tuple(
            HeldReference(ordinal=stored.reference.ordinal, audit=self.audits.get(stored.reference_id))
            for stored in self.references.get(record_id, ())
        )
        verdicts = [held for one in claims if (held := self.verdicts.get(one.claim.claim_id))]
        found = (work for held in verdicts for work in self.found.get(held.verdict_id, ()))
        cited = (work for _, work in self.links.get(record_id, ()))
        return RedTeamMaterial(
            record_id=record_id,
            claims=claims,
            passage_texts={one: self.texts[one] for one in _passages_quoted(verdicts) if one in self.texts},
            references=references,
            sources=held_sources((*found, *cited), references),
            checks=tuple(self._checks(record_id, {one.claim.claim_id for one in claims})),
            passages=self.passages.get(record_id, ()),
        )

    def _checks(self, record_id: str, claim_ids: set[str]) -> Iterator[HeldCheck]:
        """Those attached to a claim that the record still makes, and attempted."""
        for artifact in self.artifacts.get(record_id, ()):
            attempt = self.attempts.get(artifact.artifact_id)
            if attempt is not None and artifact.claim_id in claim_ids:
                yield _check(artifact, attempt, self.twins.get(artifact.artifact_id, ()))


def _passages_quoted(verdicts: Iterable[HeldVerdict]) -> Iterator[str]:
    """The passages with a sentence for or against; the nearest sentence of an open verdict is nobody's argument."""
    for held in verdicts:
        for one in held.verdict.evidence:
            if one.stance is not Stance.NEUTRAL:
                yield one.passage_id


def _check(artifact: HeldArtifact, held: HeldAttempt, twins: tuple[TwinCheck, ...]) -> HeldCheck:
    return HeldCheck(
        facts=held.facts,
        manifest=artifact.manifest,
        faults=held.attempt.faults,
        approver=artifact.approval.by if artifact.approval else None,
        unused_inputs=unused_inputs(held.attempt.evidence),
        twins=twins,
    )


def _twins(warehouse: Warehouse, artifact_ids: Sequence[str]) -> dict[str, tuple[TwinCheck, ...]]:
    """Artifact id to the attempts of others with the same files."""
    if not artifact_ids:
        return {}
    with warehouse.read() as connection:
        rows = connection.execute(statement("gates/red_team_twins"), {"artifact_ids": list(artifact_ids)}).fetchall()
    found: dict[str, list[TwinCheck]] = {}
    for artifact_id, twin_id, record_id, claim_id, outcome, manifest in rows:
        twin = TwinCheck(
            artifact_id=twin_id,
            record_id=record_id,
            claim_id=claim_id,
            outcome=AttemptOutcome(outcome),
            result=ArtifactManifest.model_validate_json(manifest).result,
        )
        found.setdefault(artifact_id, []).append(twin)
    return {artifact_id: tuple(twins) for artifact_id, twins in found.items()}


# --- reports ------------------------------------------------------------------------------------


def red_team_fingerprint(material: RedTeamMaterial, attackers: Sequence[Attacker] = ATTACKERS) -> str:
    """The same material before the same attackers has the same fingerprint, whenever it is looked at.

    Behind a dot stands what those that may be away are asked, so that their absence alone is no reason to look again.
    """
    always = [one for one in attackers if one.name not in MAY_BE_AWAY]
    others = [one for one in attackers if one.name in MAY_BE_AWAY]
    asked = content_id("red-team", RED_TEAM_VERSION, *map(_who, always), _seen_by(always, material))
    return f"{asked}.{content_id(asked, *map(_who, others), _seen_by(others, material))}" if others else asked


def _who(attacker: Attacker) -> str:
    return f"{attacker.name.value} {attacker.version}"


def _seen_by(attackers: Sequence[Attacker], material: RedTeamMaterial) -> str:
    reads = any(attacker.reads_passages for attacker in attackers)
    return (material if reads else material.model_copy(update={"passages": ()})).model_dump_json()


def is_attacked(held: str | None, wanted: str) -> bool:
    """Whether reports under the fingerprint `held` answer all that `wanted` asks, whoever else was asked then."""
    return held is not None and wanted in (held, held.partition(".")[0])


def red_team_fingerprints(warehouse: Warehouse, record_ids: Sequence[str]) -> dict[str, str]:
    """Record id to the fingerprint of its reports in force; none where an attacker broke: it is sent out again."""
    with warehouse.read() as connection:
        held = _in_force(connection, record_ids)
    return {
        record_id: one.fingerprint
        for record_id, one in held.items()
        if not any(map(broke, _REPORTS.validate_json(one.reports)))
    }


def save_red_team_reports(
    warehouse: Warehouse, attacked: Sequence[tuple[str, str, tuple[AttackerReport, ...]]], stamp: Stamp
) -> int:
    """Save (record id, fingerprint, reports); how many are new. A second try that came out otherwise is new.

    Under an earlier report left in force, who made it was not asked: it is asked again as soon as it is there.
    """
    with warehouse.write() as connection:
        before = _in_force(connection, [record_id for record_id, _, _ in attacked])
        rows: list[Row] = []
        for record_id, asked, reports in attacked:
            fingerprint = asked.partition(".")[0] if any(map(is_left, reports)) else asked
            held, written = before.get(record_id), _REPORTS.dump_json(reports).decode()
            if held is not None and (held.fingerprint, held.reports) == (fingerprint, written):
                continue
            previous = held.report_id if held else None
            rows.append(
                {
                    "report_id": content_id("red-team", record_id, fingerprint, written, previous),
                    "record_id": record_id,
                    "fingerprint": fingerprint,
                    "previous_id": previous,
                    "reports": written,
                    "recorded_at": stamp.recorded_at,
                    "run_id": stamp.run_id,
                }
            )
        return append(connection, "red_team_reports", rows, key="report_id")


def red_team_reports_of(warehouse: Warehouse, record_ids: Sequence[str]) -> dict[str, tuple[AttackerReport, ...]]:
    """Record id to its reports in force, in the attackers' order; nothing where the red team did not look yet."""
    with warehouse.read() as connection:
        held = _in_force(connection, record_ids)
    return {record_id: _REPORTS.validate_json(one.reports) for record_id, one in held.items()}


def earlier_reports(warehouse: Warehouse, record_ids: Sequence[str]) -> dict[str, Earlier]:
    """Record id to its reports in force and their day, for the records that have any."""
    with warehouse.read() as connection:
        held = _in_force(connection, record_ids)
    return {
        record_id: Earlier(_REPORTS.validate_json(one.reports), one.recorded_at.astimezone(UTC).date())
        for record_id, one in held.items()
    }


@dataclass(frozen=True)
class _InForce:
    report_id: str
    fingerprint: str
    reports: str
    recorded_at: datetime


def _in_force(connection: duckdb.DuckDBPyConnection, record_ids: Sequence[str]) -> dict[str, _InForce]:
    rows = connection.execute(
        "SELECT record_id, report_id, fingerprint, reports, recorded_at FROM red_team_reports "
        "WHERE record_id IN (SELECT unnest(?::VARCHAR[])) "
        "QUALIFY row_number() OVER (PARTITION BY record_id ORDER BY recorded_at DESC, report_id DESC) = 1",
        [list(record_ids)],
    ).fetchall()
    return {record_id: _InForce(*held) for record_id, *held in rows}

"""Assets of the fifth stage that look for evidence: attempts at artifacts, and the red team's reports.

Artifacts are attached by people and run here, sealed. What did not change is not run again; an artifact
that could not be run for want of a sandbox or checker is run when there is one.
"""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from assets.building import RecordsConfig, chunks, cohort_asset, counted, records_in
from assets.progress import following
from assets.resources import Clock, EnginesResource, RedTeamResource, WarehouseResource, stamp
from assets.review import reviews
from pipelines.gates.attempt import facts_of
from pipelines.gates.engines import Engines
from pipelines.gates.redteam.attack import RED_TEAM_VERSION, attack
from pipelines.models import Claim
from warehouse.append import content_id
from warehouse.artifacts import HeldArtifact, artifacts_of, load_artifact
from warehouse.attempts import MadeAttempt, attempt_fingerprints, save_attempts
from warehouse.connection import Warehouse
from warehouse.extraction import claims_of
from warehouse.red_team import red_team_fingerprint, red_team_fingerprints, red_team_material, save_red_team_reports

ATTEMPTS_VERSION = "1"


@cohort_asset(group="gates", deps=[reviews], code_version=ATTEMPTS_VERSION)
def attempts(
    context: dg.AssetExecutionContext,
    config: RecordsConfig,
    warehouse: WarehouseResource,
    clock: Clock,
    engines: EnginesResource,
) -> dg.MaterializeResult[Any]:
    """What came of running each attached artifact, sealed. An attempt that went wrong says nothing of the claim."""
    house = warehouse.open()
    opened = engines.open()
    wanted = [record.record_id for record in records_in(house, context, config)]
    held = [artifact for found in artifacts_of(house, wanted).values() for artifact in found]
    written = 0
    for made in _made(house, opened, following("attempts", held)) if held else ():
        written += save_attempts(house, [made], stamp(context, clock))
    return counted(considered=len(held), written=written)


def _made(house: Warehouse, engines: Engines, held: Iterator[HeldArtifact]) -> Iterator[MadeAttempt]:
    """An attempt at each artifact that was not run under the same conditions before."""
    for artifact in held:
        claim = _claim_of(house, artifact)
        if claim is None:
            continue  # the record no longer makes this claim, and its gates no longer look at the artifact
        loaded = load_artifact(house, artifact.artifact_id)
        approved = artifact.approval.model_dump_json() if artifact.approval else None
        version = engines.version(loaded)
        fingerprint = content_id(ATTEMPTS_VERSION, artifact.sha256, claim.model_dump_json(), approved, version)
        if attempt_fingerprints(house, [artifact.artifact_id]).get(artifact.artifact_id) == fingerprint:
            continue
        attempt, kept = engines.attempt(loaded, claim, artifact.approval)
        facts = facts_of(artifact.artifact_id, artifact.claim_id, artifact.manifest.kind.value, attempt)
        yield MadeAttempt(artifact.record_id, fingerprint, attempt, facts, kept)


def _claim_of(house: Warehouse, artifact: HeldArtifact) -> Claim | None:
    claims = claims_of(house, [artifact.record_id]).get(artifact.record_id, ())
    return next((claim for claim in claims if claim.claim_id == artifact.claim_id), None)


@cohort_asset(group="gates", deps=[attempts], code_version=RED_TEAM_VERSION)
def red_team(
    context: dg.AssetExecutionContext,
    config: RecordsConfig,
    warehouse: WarehouseResource,
    clock: Clock,
    attackers: RedTeamResource,
) -> dg.MaterializeResult[Any]:
    """What independent attackers find against claims, checks and citations. One that crashed is absent, not zero."""
    house = warehouse.open()
    considered = written = 0
    with attackers.opened(house, clock, context.run.run_id) as team:
        for chunk in chunks("red team", records_in(house, context, config)):
            ids = [record.record_id for record in chunk]
            done = red_team_fingerprints(house, ids)
            reports = []
            for material in red_team_material(house, ids, team):
                fingerprint = red_team_fingerprint(material, team)
                if done.get(material.record_id) != fingerprint:
                    reports.append((material.record_id, fingerprint, attack(material, team)))
            considered += len(chunk)
            written += save_red_team_reports(house, reports, stamp(context, clock))
    return counted(considered=considered, skipped=considered - written, attacked=written)

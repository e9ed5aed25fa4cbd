"""Assets of the fifth stage that look for evidence: attempts at artifacts, and the red team's reports.

Artifacts are attached by people and run here, sealed. What did not change is not run again, but for an attempt
that failed, which is given another try or two; an artifact that could not be run for want of a sandbox or checker
is run when there is one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import dagster as dg

from assets.building import RecordsConfig, chunks, cohort_asset, counted, in_chunks, records_in
from assets.progress import following
from assets.resources import Clock, EnginesResource, RedTeamResource, WarehouseResource, stamp
from assets.review import reviews
from pipelines.gates.attempt import facts_of, is_tried_again, of_try, unreadable
from pipelines.gates.engines import Engines
from pipelines.gates.redteam.attack import RED_TEAM_VERSION, attack
from pipelines.models import Claim
from warehouse.append import content_id
from warehouse.artifact_blobs import DamagedStore
from warehouse.artifacts import HeldArtifact, artifacts_of, load_artifact
from warehouse.attempts import LastAttempt, MadeAttempt, last_attempts, save_attempts
from warehouse.connection import Warehouse
from warehouse.extraction import claims_of
from warehouse.red_team import (
    earlier_reports,
    is_attacked,
    red_team_fingerprint,
    red_team_fingerprints,
    red_team_material,
    save_red_team_reports,
)

ATTEMPTS_VERSION = "2"


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
    with house.reading():
        wanted = [record.record_id for record in records_in(house, context, config)]
        held = [artifact for found in artifacts_of(house, wanted).values() for artifact in found]
    pending = [one for chunk in in_chunks(held) for one in _pending(house, opened, chunk)]
    written = 0
    for one in following("attempts", pending) if pending else ():
        written += save_attempts(house, [_made(house, opened, one)], stamp(context, clock))
    return counted(considered=len(held), written=written)


@dataclass(frozen=True)
class _Pending:
    """An artifact to be run; `failed` is the attempt under the same fingerprint that it is given another try after."""

    artifact: HeldArtifact
    claim: Claim
    fingerprint: str
    failed: LastAttempt | None


def _pending(house: Warehouse, engines: Engines, held: Sequence[HeldArtifact]) -> Iterator[_Pending]:
    """The artifacts that were not run under the same conditions before, or failed under them and get another try."""
    by_record = claims_of(house, sorted({artifact.record_id for artifact in held}))
    claims = {(record_id, claim.claim_id): claim for record_id, found in by_record.items() for claim in found}
    before = last_attempts(house, [artifact.artifact_id for artifact in held])
    for artifact in held:
        claim = claims.get((artifact.record_id, artifact.claim_id))
        if claim is None:
            continue  # the record no longer makes this claim, and its gates no longer look at the artifact
        approved = artifact.approval.model_dump_json() if artifact.approval else None
        version = engines.version(artifact.manifest)
        fingerprint = content_id(ATTEMPTS_VERSION, artifact.sha256, claim.model_dump_json(), approved, version)
        last = before.get(artifact.artifact_id)
        if last is None or last.fingerprint != fingerprint:
            yield _Pending(artifact, claim, fingerprint, None)
        elif is_tried_again(last.outcome, last.tries):
            yield _Pending(artifact, claim, fingerprint, last)


def _made(house: Warehouse, engines: Engines, pending: _Pending) -> MadeAttempt:
    artifact, failed = pending.artifact, pending.failed
    about = artifact.artifact_id, artifact.claim_id, artifact.manifest.kind.value
    try:
        loaded = load_artifact(house, artifact.artifact_id)
    except DamagedStore as problem:
        # Under a fingerprint of its own, so that it is looked for at every run and is run as soon as it is there.
        attempt = unreadable(str(problem), backend=f"attempts-{ATTEMPTS_VERSION}")
        fingerprint = content_id(pending.fingerprint, "damaged", problem)
        return MadeAttempt(artifact.record_id, fingerprint, attempt, facts_of(*about, attempt), {})
    attempt, kept = engines.attempt(loaded, pending.claim, artifact.approval)
    attempt = of_try(attempt, failed.tries + 1 if failed else 1)
    again = failed.attempt_id if failed else None
    return MadeAttempt(artifact.record_id, pending.fingerprint, attempt, facts_of(*about, attempt), kept, again)


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
            with house.reading():
                done, earlier = red_team_fingerprints(house, ids), earlier_reports(house, ids)
                materials = red_team_material(house, ids, team)
            reports = []
            for material in materials:
                record_id, fingerprint = material.record_id, red_team_fingerprint(material, team)
                if not is_attacked(done.get(record_id), fingerprint):
                    reports.append((record_id, fingerprint, attack(material, team, earlier.get(record_id))))
            considered += len(chunk)
            written += save_red_team_reports(house, reports, stamp(context, clock)) if reports else 0
    return counted(considered=considered, skipped=considered - written, attacked=written)

"""`claimgate attach` and `claimgate approve`: a check of a claim, and a named person's word that it is one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from claimgate.commands.run import conductor
from claimgate.commands.show import the_record
from claimgate.errors import BadInput, Failure
from claimgate.output import out, print_json, progress_shown
from claimgate.place import Place, export, gate_values, place_of
from pipelines.gates.artifact import Artifact, ArtifactKind, ArtifactManifest, InvalidArtifact, asked_in_words
from pipelines.gates.artifact_files import read_artifact
from pipelines.gates.authorship import wrote
from pipelines.gates.stated_result import Expectation, expectation_of
from pipelines.models import Claim
from pipelines.publication.site.text import shown
from warehouse.artifact_blobs import DamagedStore
from warehouse.artifacts import (
    HeldArtifact,
    approve,
    artifact_id_of,
    attach,
    find_artifacts,
    is_attached,
    load_artifact,
)
from warehouse.connection import Warehouse
from warehouse.extraction import claims_of
from warehouse.ingestion import records_of

_LISTED = 5


def attach_artifact(record: str, claim: str, folder: Path, *, demo: bool, as_json: bool) -> None:
    """Read a folder or archive, hold it against the claim, store it; say what Gate 2 will do with it."""
    place = place_of(demo=demo)
    house = place.require()
    held = the_record(house, record)
    wanted = next((view.claim for view in held.claims if view.claim.claim_id == claim), None)
    if wanted is None:
        raise BadInput(f"{held.record_id} has no current claim '{claim}'; `claimgate show RECORD` prints the ids.")
    try:
        artifact = read_artifact(folder)
        if artifact.manifest.claim != claim:
            raise BadInput(f"artifact.toml is for the claim '{artifact.manifest.claim}', not for '{claim}'.")
        expected = _expected(wanted, artifact.manifest)
    except InvalidArtifact as problem:
        raise BadInput(str(problem)) from problem
    is_new = not is_attached(house, artifact_id_of(held.record_id, claim, artifact))
    now = datetime.now(UTC)
    artifact_id = attach(house, artifact, record_id=held.record_id, claim_id=claim, recorded_at=now)
    will = list(_next(place, artifact, artifact_id, held.record_id, "claimgate --demo" if demo else "claimgate"))
    document = {
        "artifact_id": artifact_id,
        "sha256": artifact.sha256,
        "record_id": held.record_id,
        "claim_id": claim,
        "kind": artifact.manifest.kind.value,
        "new": is_new,
        "files": sorted(artifact.files),
        "expected": _numbers(expected),
        "will": will,
    }
    if as_json:
        print_json(document)
        return
    lines = [
        f"{'Attached' if is_new else 'Was attached before; nothing changed'}: {artifact_id}",
        f"sha256 {artifact.sha256}, {len(artifact.files)} files, for: {shown(wanted.normalised)}",
        *([f"Expected of it: {_in_words(expected)}"] if expected else []),
        *will,
    ]
    out().print("\n".join(lines), markup=False, highlight=False, soft_wrap=True)


def _expected(claim: Claim, manifest: ArtifactManifest) -> Expectation | None:
    """What the claim expects of the result; None for a proof."""
    return expectation_of(claim, manifest.result) if manifest.result else None


def _numbers(expected: Expectation | None) -> dict[str, Any] | None:
    if expected is None:
        return None
    return {
        "value": float(expected.value),
        "relation": expected.relation.value,
        "tolerance": float(expected.tolerance),
        "words": shown(expected.words),
    }


def _in_words(expected: Expectation) -> str:
    asked = asked_in_words(expected.relation, float(expected.value), float(expected.tolerance))
    return f'{asked}, as in "{shown(expected.words)}"'


def _next(place: Place, artifact: Artifact, artifact_id: str, record_id: str, called: str) -> Iterator[str]:
    """What Gate 2 will make of it, a sentence each."""
    manifest = artifact.manifest
    missing = _why_not_run(place, manifest.kind)
    run = f"At the next run, or with `{called} reverify --record {record_id}`,"
    if missing:
        yield f"{run} Gate 2 holds it as NOT_RUN: {missing}"
    elif manifest.kind is ArtifactKind.LEAN:
        yield f"{run} Gate 2 builds the solution sealed and has independent kernels check the export."
    else:
        yield f"{run} Gate 2 runs it sealed, twice, and again with its input changed or withheld."
        if not manifest.inputs:
            yield "It reads no input, so running it will show that its result depends on nothing: INVALID_CHECK."
    unknown = [repr(one.path) for one in manifest.inputs if not one.origin]
    if unknown:
        listed = ", ".join(unknown[:_LISTED])
        yield f"It cannot be VERIFIED until each of its inputs has an origin; {listed} gives none."
    (stored,) = find_artifacts(place.house, artifact_id)
    if stored.approval:
        yield f"{stored.approval.by} approved it."
        return
    yield (
        f"It cannot be VERIFIED until somebody other than {manifest.author} approves it: "
        f"`{called} approve {artifact_id} --by NAME --reason TEXT`."
    )


def _why_not_run(place: Place, kind: ArtifactKind) -> str | None:
    """Why nothing of this kind can be run here; None where it can."""
    from pipelines.gates.proof import CheckerUnavailable, open_checker
    from pipelines.gates.sandbox import open_sandbox
    from pipelines.gates.seal import SandboxUnavailable

    opened = open_checker if kind is ArtifactKind.LEAN else open_sandbox
    try:
        opened(gate_values(place.settings))
    except (CheckerUnavailable, SandboxUnavailable) as problem:
        return str(problem)
    return None


def approve_artifact(wanted: str, *, by: str, reason: str, withdraw: bool, demo: bool, as_json: bool) -> None:
    """Show what is approved, append the person's word, then bring the record up to date."""
    by, reason = by.strip(), reason.strip()
    for name, value in (("--reason", reason), ("--by", by)):
        if not value:
            raise BadInput(f"{name} is empty; an approval is published with its reason and name.")
    place = place_of(demo=demo)
    house = place.require()
    held = _the_artifact(house, wanted)
    if withdraw and held.approval is None:
        raise BadInput(f"{held.artifact_id} is not approved, so there is nothing to withdraw.")
    if not withdraw and wrote(by, held.manifest.author):
        raise BadInput(f"{by} wrote the artifact; somebody else must say that it checks the claim.")
    reviewed = _reviewed(house, held)
    if not as_json:
        _print_reviewed(reviewed)
    now = datetime.now(UTC)
    row = approve(house, held.artifact_id, by=by, reason=reason, approved=not withdraw, recorded_at=now)
    _bring_up_to_date(place, held.record_id, now)
    if as_json:
        spoken = {"approval_id": row, "approved": not withdraw, "by": by, "reason": reason, "recorded_at": now}
        print_json({**spoken, "recorded_at": now.isoformat(), "reviewed": reviewed})
    else:
        word = "withdrawn" if withdraw else "approved"
        out().print(f"{held.artifact_id}: {word} by {by}. What was said before stays in the history.", markup=False)


def _the_artifact(house: Warehouse, wanted: str) -> HeldArtifact:
    found = find_artifacts(house, wanted.strip()) if wanted.strip() else ()
    if not found:
        raise BadInput(f"No artifact is called '{wanted}'; `claimgate attach` prints the id.")
    if len(found) > 1:
        listed = ", ".join(one.artifact_id for one in found[:_LISTED])
        raise BadInput(f"'{wanted}' names {len(found)} artifacts: {listed}. Give more of the id.")
    return found[0]


def _reviewed(house: Warehouse, held: HeldArtifact) -> dict[str, Any]:
    """What the person puts their name to."""
    claim = next(
        (one for one in claims_of(house, [held.record_id]).get(held.record_id, ()) if one.claim_id == held.claim_id),
        None,
    )
    if claim is None:
        raise BadInput(f"{held.record_id} no longer makes the claim of {held.artifact_id}; there is nothing to check.")
    try:
        artifact = load_artifact(house, held.artifact_id)
        expected = _expected(claim, held.manifest)
    except DamagedStore as problem:
        raise Failure(str(problem)) from problem
    except InvalidArtifact as problem:
        raise BadInput(f"The artifact no longer fits the claim: {problem}") from problem
    manifest = held.manifest
    hashes = {path: sha256 for path, sha256, _ in held.files}
    statement = artifact.files[manifest.statement].decode() if manifest.statement else None
    return {
        "artifact_id": held.artifact_id,
        "sha256": held.sha256,
        "record_id": held.record_id,
        "claim_id": held.claim_id,
        "claim": claim.normalised,
        "expected": _numbers(expected),
        "author": manifest.author,
        "entry": {"path": manifest.entry, "sha256": hashes[manifest.entry]},
        "inputs": [one.model_dump(mode="json") for one in manifest.inputs],
        "constants": [one.model_dump(mode="json") for one in manifest.constants],
        "theorems": list(manifest.theorems),
        "statement": statement,
    }


def _print_reviewed(reviewed: dict[str, Any]) -> None:
    expected = reviewed["expected"]
    lines = [
        f"Artifact {reviewed['artifact_id']} by {reviewed['author']}, of {reviewed['record_id']}",
        f"  claim     {reviewed['claim']}",
    ]
    if expected:
        lines.append(f"  expected  {asked_in_words(expected['relation'], expected['value'], expected['tolerance'])}")
    lines.append(f"  runs      {reviewed['entry']['path']}  sha256 {reviewed['entry']['sha256']}")
    lines += [f"  reads     {one['path']}  from {one['origin'] or 'nowhere stated'}" for one in reviewed["inputs"]]
    lines += [f"  constant  {one['value']}: {one['why']}" for one in reviewed["constants"]]
    if reviewed["statement"] is not None:
        lines += [f"  proves    {', '.join(reviewed['theorems'])}, of the statement:", reviewed["statement"]]
    for line in lines:
        out().print(shown(line, len(line)), markup=False, highlight=False, soft_wrap=True)


def _bring_up_to_date(place: Place, record_id: str, now: datetime) -> None:
    from assets.runs import RunFailed

    cohort = records_of(place.house, record_ids=[record_id])[0].cohort
    export(place)
    try:
        with conductor(place) as lead, progress_shown():
            lead.run([cohort], today=now.date(), record_ids=[record_id])
    except RunFailed as problem:
        raise Failure(f"The approval is recorded, but the pages are not up to date: {problem}") from problem

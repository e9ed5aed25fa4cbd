"""`claimgate reverify`: the nightly job, by hand."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from datetime import time as clock_time
from typing import Any

from claimgate.commands.gates import parse_day
from claimgate.commands.judging import is_model, require_backend
from claimgate.commands.network import say_what_is_sent
from claimgate.commands.run import conductor
from claimgate.commands.show import the_record
from claimgate.errors import BadInput, Failure
from claimgate.output import out, print_json, progress_shown
from claimgate.place import export, place_of
from pipelines.ingestion.network import NetworkSettings
from warehouse.connection import Warehouse
from warehouse.ingestion import cohorts, records_of
from warehouse.overview import checked_since, claims_held
from warehouse.verification import verdicts_of

Held = tuple[str, str]  # verdict and reason


def reverify_records(wanted: str | None, *, as_of: str | None, online: bool | None, demo: bool, as_json: bool) -> None:
    """Run the chain over all cohorts, or for one record; report what changed.

    Changes are against what was held before this run or, with `as_of`, at the end of that day (UTC).
    """
    from assets.runs import RunFailed

    started = time.perf_counter()
    place = place_of(demo=demo)
    house = place.require()
    now = datetime.now(UTC)
    since = now if as_of is None else datetime.combine(parse_day(as_of), clock_time.max, UTC)
    if since > now:
        raise BadInput(f"{as_of} is not over yet; --as-of takes a day that is past.")
    record = the_record(house, wanted) if wanted else None
    concerned = [record.cohort] if record else list(cohorts(house))
    before = _verdicts(house, record.record_id if record else None, since)
    export(place, online=online)
    require_backend()
    say_what_is_sent(NetworkSettings.of(os.environ), chain=True, judged_by_model=is_model(place.settings))
    try:
        with conductor(place) as lead, progress_shown():
            lead.run(concerned, today=now.date(), record_ids=[record.record_id] if record else [])
    except RunFailed as problem:
        raise Failure(str(problem)) from problem
    after = _verdicts(house, record.record_id if record else None, None)
    checked = checked_since(house, now)
    considered = claims_held(house, record.record_id if record else None)
    document = {
        "considered": considered,
        "skipped": len(after) - checked,
        "checked": checked,
        "failed": considered - len(after),  # claims that were left without any verdict
        "changed": _changes(before, after),
        "seconds": round(time.perf_counter() - started, 2),
    }
    if as_json:
        print_json(document)
    else:
        _print(document)


def _changes(before: Mapping[str, Held], after: Mapping[str, Held]) -> list[dict[str, str]]:
    return [
        {"claim_id": claim_id, "before": before[claim_id][0], "after": verdict, "why": reason}
        for claim_id, (verdict, reason) in sorted(after.items())
        if claim_id in before and before[claim_id][0] != verdict
    ]


def _print(document: dict[str, Any]) -> None:
    changed = document["changed"]
    counts = f"{document['considered']} claims considered, {document['checked']} checked again"
    out().print(f"{counts}, {len(changed)} changed.")
    for one in changed:
        out().print(f"{one['claim_id']}: {one['before']} -> {one['after']}: {one['why']}", markup=False)


def _verdicts(house: Warehouse, record_id: str | None, as_of: datetime | None) -> dict[str, Held]:
    """Claim id to (verdict, reason) held at `as_of` (None: now)."""
    ids = [record_id] if record_id else [record.record_id for record in records_of(house)]
    held = verdicts_of(house, ids, as_of=as_of)
    return {claim_id: (one.verdict.verdict.value, one.verdict.reason) for claim_id, one in held.items()}

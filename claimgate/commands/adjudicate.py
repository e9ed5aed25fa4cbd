"""`claimgate adjudicate`: a person's verdict."""

from __future__ import annotations

from datetime import UTC, datetime

from claimgate.commands.run import conductor
from claimgate.errors import BadInput, Failure
from claimgate.output import out, print_json, progress_shown
from claimgate.place import export, place_of
from pipelines.models import ClaimVerdict
from warehouse.extraction import record_of_claim
from warehouse.ingestion import records_of
from warehouse.verification import adjudicate


def adjudicate_claim(claim: str, *, verdict: str, reason: str, by: str, demo: bool, as_json: bool) -> None:
    """Append the verdict, then bring gates and pages of the record's cohort up to date."""
    from assets.runs import RunFailed

    if verdict not in ClaimVerdict.__members__:
        raise BadInput(f"'{verdict}' is no verdict; write one of {', '.join(ClaimVerdict.__members__)}.")
    for name, value in (("--reason", reason), ("--by", by)):
        if not value.strip():
            raise BadInput(f"{name} is empty; a person's verdict is published with its reason and name.")
    place = place_of(demo=demo)
    house = place.require()
    record_id = record_of_claim(house, claim)
    if record_id is None:
        raise BadInput(f"No current claim has the id '{claim}'; `claimgate show RECORD` prints the ids.")
    now = datetime.now(UTC)
    row_id = adjudicate(house, claim_id=claim, verdict=ClaimVerdict(verdict), reason=reason, by=by, recorded_at=now)
    cohort = records_of(house, record_ids=[record_id])[0].cohort
    export(place)
    try:
        with conductor(place) as lead, progress_shown():
            lead.run([cohort], today=now.date(), record_ids=[record_id])
    except RunFailed as problem:
        raise Failure(f"The verdict is recorded, but the pages are not up to date: {problem}") from problem
    if as_json:
        row = {"adjudication_id": row_id, "claim_id": claim, "record_id": record_id, "verdict": verdict}
        print_json({**row, "reason": reason, "by": by, "recorded_at": now.isoformat()})
    else:
        out().print(f"{claim}: {verdict}, decided by {by}. The machine's verdict stays in the history.", markup=False)

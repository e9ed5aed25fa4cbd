"""The nightly: the whole chain over all cohorts, at 02:00 UTC.

It begins with the intake; the sensor of assets/sensors.py starts each further leg. Never partitioned
by date: filling yesterday today would record today's evidence under yesterday's name.
"""

import dagster as dg

from assets.chain import SCOPE
from assets.jobs import INTAKE


@dg.schedule(
    name="nightly_reverification",
    job_name=INTAKE,
    cron_schedule="0 2 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Takes in what is new and checks every record again, 02:00 UTC.",
)
def nightly(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """One request; the legs that follow are requested as each run succeeds."""
    return dg.RunRequest(
        run_key=context.scheduled_execution_time.isoformat(), tags={SCOPE: "all", "claimgate/why": "nightly"}
    )

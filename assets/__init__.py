"""What and when: Dagster assets, checks, jobs, schedules, sensors.

The only place that imports dagster (and, inside one function, Great Expectations). Does not belong
here: how a step works (pipelines/), where things are kept (warehouse/). An asset reads what is
pending, calls a pure function, appends, and returns its counts. Modules whose functions Dagster
decorates do not postpone annotations: Dagster reads them.
"""

import warnings

# Both are beta in dagster 1.13, tried and pinned; saying so at every start helps nobody. Named one by
# one, so that the next beta feature that slips in is heard.
for _feature in ("MultiToSingleDimensionPartitionMapping", "`backfill_policy`"):
    warnings.filterwarnings("ignore", message=f".*{_feature}.*is currently in beta")

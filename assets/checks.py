"""Asset checks: each invariant of the warehouse as one check with its count, query and offending rows.

Great Expectations holds the suite and gives the verdicts; the warehouse finds the rows. GX takes
seconds to import, so it is imported inside the function that needs it; it cannot read DuckDB, so it
is given frames. An exception in a check fails the run: it is a bug, not bad data.
"""

import importlib.util
import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import dagster as dg

from assets.chain import cohorts_of_run
from assets.resources import Clock, WarehouseResource
from warehouse.append import Stamp
from warehouse.connection import Warehouse
from warehouse.invariants import (
    INVARIANTS,
    ROWS_SHOWN,
    Invariant,
    Violations,
    invariants_of,
    remember_table_sizes,
    summary_frame,
    violations,
)

if TYPE_CHECKING:
    import pandas as pd

SUMMARY = "summary"
COUNTS = "counts"


class CheckFailed(RuntimeError):
    """An invariant could not be looked at; that says nothing about the data."""


def checks() -> list[dg.AssetChecksDefinition]:
    """One definition an asset, one check an invariant."""
    return [_checks_of(asset) for asset in dict.fromkeys(one.asset for one in INVARIANTS)]


def _checks_of(asset: str) -> dg.AssetChecksDefinition:
    wanted = invariants_of(asset)

    @dg.multi_asset_check(
        name=f"{asset}_invariants",
        specs=[dg.AssetCheckSpec(one.name, asset=asset, blocking=one.blocking, description=one.why) for one in wanted],
    )
    def check(
        context: dg.AssetCheckExecutionContext, warehouse: WarehouseResource, clock: Clock
    ) -> Iterable[dg.AssetCheckResult]:
        house = warehouse.open()
        now = clock.now()
        cohorts = cohorts_of_run(context.run.tags, context.instance)
        results = check_invariants(house, wanted, now=now, cohorts=cohorts)
        if asset == "corrections" and all(result.passed for result in results):
            remember_table_sizes(house, Stamp(now, context.run.run_id))
        yield from results

    return check


def check_invariants(
    house: Warehouse, wanted: Sequence[Invariant], *, now: datetime, cohorts: Sequence[str] | None
) -> list[dg.AssetCheckResult]:
    """What holds and what does not, for these invariants. Raises WarehouseMissing where there is none."""
    import pandas as pd

    frames: dict[str, pd.DataFrame] = {}
    with house.reading():
        found = {one.invariant.name: one for one in violations(house, wanted, now=now, cohorts=cohorts)}
        if any(one.expectation for one in wanted):
            frames[SUMMARY] = summary_frame(house, cohorts=cohorts)
    if found:
        frames[COUNTS] = pd.DataFrame({name: [one.count] for name, one in found.items()})
    validated = _validate(frames, wanted)
    return [_result(one, found.get(one.name), validated[one.name], frames.get(SUMMARY)) for one in wanted]


def _validate(frames: Mapping[str, "pd.DataFrame"], wanted: Sequence[Invariant]) -> dict[str, Any]:
    """Invariant name to GX's result for it."""
    gx, gxe = import_great_expectations()
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    results: dict[str, Any] = {}
    for name, frame in frames.items():
        expectations = [_expectation(gxe, one) for one in wanted if (one.expectation is not None) == (name == SUMMARY)]
        suite = gx.ExpectationSuite(name=f"warehouse-{name}", expectations=expectations)
        batch = (
            context.data_sources.add_pandas(name)
            .add_dataframe_asset(name)
            .add_batch_definition_whole_dataframe("whole")
            .get_batch({"dataframe": frame})
        )
        validated = batch.validate(suite, result_format="COMPLETE")
        for result in validated.results:
            config = result.expectation_config
            assert config is not None, "GX names the expectation that a result is of"
            assert config.meta is not None, "every expectation of ours names its invariant"
            invariant = config.meta["invariant"]
            message = _raised(result.exception_info or {})
            if message is not None:
                raise CheckFailed(f"Great Expectations could not evaluate {invariant}: {message}")
            results[invariant] = result
    return results


def import_great_expectations() -> tuple[Any, Any]:
    """GX and its expectations: with its telemetry off, and without what it imports in vain."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    _import_when_used("scipy.stats")  # a third of GX's import, for expectations that are not used here
    import great_expectations as gx
    import great_expectations.expectations as gxe

    return gx, gxe


def _import_when_used(name: str) -> None:
    """Put a module in place that runs when something of it is asked for; one that is there already is left alone."""
    spec = None if name in sys.modules else importlib.util.find_spec(name)
    if spec is None or spec.loader is None:
        return
    spec.loader = importlib.util.LazyLoader(spec.loader)
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    package, _, own = name.rpartition(".")
    setattr(sys.modules[package], own, module)  # where `from scipy import stats` looks first


def _raised(info: Mapping[str, Any]) -> str | None:
    """The message of an exception that GX caught; it files them flat, or under the id of each metric."""
    for one in (info, *info.values()):
        if isinstance(one, Mapping) and one.get("raised_exception"):
            return str(one.get("exception_message"))
    return None


def _expectation(gxe: Any, one: Invariant) -> Any:
    meta = {"invariant": one.name, "why": one.why}
    if one.expectation is None:
        return gxe.ExpectColumnMaxToBeBetween(column=one.name, max_value=0, meta=meta)
    make: Callable[..., Any] = getattr(gxe, one.expectation)
    return make(**one.arguments, meta=meta)


def _result(
    one: Invariant, found: Violations | None, validated: Any, summary: "pd.DataFrame | None"
) -> dg.AssetCheckResult:
    if found is not None:
        count, rows, query = found.count, list(found.rows), found.query
    else:
        assert summary is not None, "a native expectation is validated on the summary frame"
        offending = validated.result.get("unexpected_index_list") or []
        count = int(validated.result.get("unexpected_count") or 0)
        # Through JSON, which has no NaN: what is absent is null.
        rows = json.loads(summary.iloc[offending[:ROWS_SHOWN]].to_json(orient="records"))
        query = f"{one.expectation}({dict(one.arguments)}) on the summary frame"
    return dg.AssetCheckResult(
        asset_key=one.asset,
        check_name=one.name,
        passed=bool(validated.success),
        severity=dg.AssetCheckSeverity.ERROR if one.blocking else dg.AssetCheckSeverity.WARN,
        description=one.why if validated.success else f"{count} violating rows. {one.why}",
        metadata={
            "violations": count,
            "query": dg.MetadataValue.md(f"```sql\n{query}\n```"),
            "rows": dg.MetadataValue.json(json.loads(json.dumps(rows, default=str))),
        },
    )

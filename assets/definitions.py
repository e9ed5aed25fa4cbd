"""All of it put together. Tests build definitions of their own with other resources."""

import logging

import dagster as dg

from assets import attempts, extraction, gates, ingestion, publication, questions, review, verification
from assets.checks import checks
from assets.jobs import jobs
from assets.literature import LiteratureResource
from assets.resources import (
    Clock,
    EnginesResource,
    InboxResource,
    LibraryResource,
    RedTeamResource,
    ReviewersResource,
    SiteResource,
    VerifierResource,
    WarehouseResource,
)
from assets.schedules import nightly
from assets.sensors import chain_continues


@dg.logger(config_schema={"log_level": dg.Field(str, is_required=False, default_value="WARNING")})
def console(context: dg.InitLoggerContext) -> logging.Logger:
    """Dagster's own log on stderr: warnings, unless a run asks for more. Its history keeps everything."""
    made = logging.Logger("dagster", level=context.logger_config["log_level"])
    made.addHandler(logging.StreamHandler())
    return made


def build_definitions(
    *,
    warehouse: WarehouseResource | None = None,
    library: LibraryResource | None = None,
    inbox_folder: InboxResource | None = None,
    clock: Clock | None = None,
    verifier: VerifierResource | None = None,
    engines: EnginesResource | None = None,
) -> dg.Definitions:
    """Fresh definitions; a resource that is not given takes its settings from the environment when used."""
    return dg.Definitions(
        assets=dg.load_assets_from_modules(
            [questions, ingestion, extraction, verification, review, attempts, gates, publication]
        ),
        asset_checks=checks(),
        jobs=jobs(),
        schedules=[nightly],
        sensors=[chain_continues],
        resources={
            "warehouse": warehouse or WarehouseResource(),
            "library": library or LibraryResource(),
            "literature": LiteratureResource(),
            "inbox_folder": inbox_folder or InboxResource(),
            "clock": clock or Clock(),
            "verifier": verifier or VerifierResource(),
            "engines": engines or EnginesResource(),
            "attackers": RedTeamResource(),
            "reviewers": ReviewersResource(),
            "published_at": SiteResource(),
        },
        loggers={"console": console},
        # One file that one process writes: several processes would only wait for each other.
        executor=dg.in_process_executor,
    )


defs = build_definitions()

"""The resources that assets are given: the warehouse, the clock, the library of source texts.

Paths may be left empty: then they are read, when the resource is used and not at import, from the
settings that the command line exported to this process, else they follow the checkout.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg

from assets.chain import PROCESS
from assets.instance import this_process
from pipelines.gates.engines import Engines
from pipelines.gates.redteam.attack import Attacker
from pipelines.publication.site.address import SiteAddress, normal_address
from pipelines.review.material import Reviewer
from pipelines.verification.backend import Backend
from pipelines.verification.backend_choice import BackendChoice, BackendUnusable
from warehouse.append import Stamp
from warehouse.backends import Surroundings, opened_backend
from warehouse.connection import Warehouse
from warehouse.location import WarehouseLocation
from warehouse.red_team import opened_attackers
from warehouse.reviewers import opened_reviewers
from warehouse.scanner import Scanner, opened_scanner
from warehouse.shelf import Shelf, open_shelf

_OFF = frozenset({"false", "off", "no", "0", "f", "n"})  # as pydantic reads a setting that is not true


class Clock(dg.ConfigurableResource):  # type: ignore[type-arg]  # dagster's base is generic over a type we do not use
    """The time. `fixed` (ISO, with offset) stops it, for tests."""

    fixed: str = ""

    def now(self) -> datetime:
        return datetime.fromisoformat(self.fixed) if self.fixed else datetime.now(UTC)


class WarehouseResource(dg.ConfigurableResource):  # type: ignore[type-arg]  # as above
    """The DuckDB file. `database` empty: CLAIMGATE_WAREHOUSE, else the default of the checkout."""

    database: str = ""

    def location(self) -> WarehouseLocation:
        return WarehouseLocation.of(self.database or os.environ.get("CLAIMGATE_WAREHOUSE"))

    def open(self) -> Warehouse:
        timeout = os.environ.get("CLAIMGATE_LOCK_TIMEOUT", "")
        return Warehouse(self.location(), float(timeout)) if timeout else Warehouse(self.location())

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        """The run is told which process executes it, so that the death of a run of the UI is noticed too."""
        run, instance = context.run, context.instance
        if run is not None and instance is not None and run.tags.get(PROCESS) != this_process():
            instance.add_run_tags(run.run_id, {PROCESS: this_process()})


class LibraryResource(dg.ConfigurableResource):  # type: ignore[type-arg]  # as above
    """A folder or file of source texts that serves as an index without network.

    `search` empty: CLAIMGATE_SEARCH_LIBRARY, else on.
    """

    path: str = ""
    search: str = ""

    def configured(self) -> Path | None:
        value = self.path or os.environ.get("CLAIMGATE_LIBRARY", "")
        return Path(value) if value else None

    def searched(self) -> bool:
        """Whether the library is searched for claims that a record's own sources leave open."""
        value = self.search or os.environ.get("CLAIMGATE_SEARCH_LIBRARY", "")
        return value.strip().lower() not in _OFF

    def shelf(self, house: Warehouse, context: dg.AssetExecutionContext, clock: Clock) -> Shelf:
        """The library, indexed; what of it cannot be read is said in the run's log."""
        path = self.configured()
        return open_shelf(
            house, path, stamp(context, clock), lambda one: context.log.warning("%s: %s", one.path, one.reason)
        )


class VerifierResource(dg.ConfigurableResource):  # type: ignore[type-arg]  # as above
    """What claims of records are judged with. Which back end: CLAIMGATE_BACKEND and its neighbours, else features."""

    @contextmanager
    def backend(self, house: Warehouse, clock: Clock, run_id: str) -> Iterator[Backend]:
        """Open while claims are judged. One that cannot be used fails the run: no other takes its place."""
        try:
            choice = BackendChoice.of(os.environ)
            with opened_backend(choice, Surroundings(os.environ, house, run_id, clock.now)) as backend:
                yield backend
        except BackendUnusable as problem:
            raise dg.Failure(str(problem)) from problem


class EnginesResource(dg.ConfigurableResource):  # type: ignore[type-arg]  # as above
    """What runs artifacts, sealed: CLAIMGATE_SANDBOX_UID and its neighbours. Opened when an artifact asks for it."""

    def open(self) -> Engines:
        return Engines(dict(os.environ))


class RedTeamResource(dg.ConfigurableResource):  # type: ignore[type-arg]  # as above
    """The attackers: those without a model always, one that asks a model where one is configured."""

    @contextmanager
    def opened(self, house: Warehouse, clock: Clock, run_id: str) -> Iterator[tuple[Attacker, ...]]:
        """Open while records are attacked. A model that cannot be used fails the run."""
        try:
            with opened_attackers(Surroundings(os.environ, house, run_id, clock.now)) as team:
                yield team
        except BackendUnusable as problem:
            raise dg.Failure(str(problem)) from problem


class ReviewersResource(dg.ConfigurableResource):  # type: ignore[type-arg]  # as above
    """The reviewers and the scanner: by rules always, and by a model where one is configured."""

    @contextmanager
    def opened(self, house: Warehouse, clock: Clock, run_id: str) -> Iterator[tuple[Reviewer, ...]]:
        """Open while records are reviewed. A budget that cannot be kept fails the run."""
        try:
            with opened_reviewers(Surroundings(os.environ, house, run_id, clock.now)) as reviewers:
                yield reviewers
        except BackendUnusable as problem:
            raise dg.Failure(str(problem)) from problem

    @contextmanager
    def scanner(self, house: Warehouse, clock: Clock, run_id: str) -> Iterator[Scanner]:
        """Open while sources are scanned. Likewise."""
        try:
            with opened_scanner(Surroundings(os.environ, house, run_id, clock.now)) as scanner:
                yield scanner
        except BackendUnusable as problem:
            raise dg.Failure(str(problem)) from problem


class InboxResource(dg.ConfigurableResource):  # type: ignore[type-arg]  # as above
    """The folder that new records are put into; empty: CLAIMGATE_INBOX, else `inbox/` beside the database."""

    path: str = ""

    def folder(self, location: WarehouseLocation) -> Path:
        value = self.path or os.environ.get("CLAIMGATE_INBOX", "")
        return Path(value) if value else location.home / "inbox"


class SiteResource(dg.ConfigurableResource):  # type: ignore[type-arg]  # as above
    """Where the site is published. `url` empty: CLAIMGATE_SITE_URL, else not known."""

    url: str = ""

    def address(self) -> SiteAddress:
        """Its public address. One that is none fails the run: pages would lead astray."""
        given = self.url or os.environ.get("CLAIMGATE_SITE_URL", "")
        try:
            return SiteAddress(url=normal_address(given))
        except ValueError as problem:
            raise dg.Failure(f"CLAIMGATE_SITE_URL is not usable: {problem}.") from problem


def stamp(context: dg.AssetExecutionContext, clock: Clock) -> Stamp:
    return Stamp(clock.now(), context.run.run_id)

"""Which warehouse a command works on, and what it was given to work with."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from claimgate.errors import BadInput
from claimgate.settings import NETWORK, PREFIX, Settings, load_settings
from warehouse.connection import Warehouse
from warehouse.location import DEMO_DATABASE, SAMPLE, UnsupportedWarehouse, WarehouseLocation


@dataclass(frozen=True)
class Place:
    """A warehouse, the settings, and whether the person named the warehouse."""

    settings: Settings
    house: Warehouse
    named: bool

    @property
    def location(self) -> WarehouseLocation:
        return self.house.location

    def require(self) -> Warehouse:
        """The warehouse, which must be there. Raises BadInput with what to do."""
        if not self.house.exists():
            hint = " The demo's is opened with `claimgate --demo ...`." if DEMO_DATABASE.exists() else ""
            raise BadInput(f"There is no warehouse at {self.location.database}: `claimgate run FILE` makes it.{hint}")
        return self.house


def place_of(*, demo: bool) -> Place:
    """The warehouse that the options and settings name."""
    settings, _ = load_settings()
    try:
        location = WarehouseLocation.of(DEMO_DATABASE if demo else settings.warehouse)
    except UnsupportedWarehouse as problem:
        raise BadInput(str(problem)) from problem
    named = bool(settings.warehouse) and not demo
    return Place(settings, Warehouse(location, lock_timeout=settings.lock_timeout), named)


def export(place: Place, *, library: Path | None = None, online: bool | None = None) -> None:
    """Hand the settings to the floors below and to processes started from here."""
    os.environ.update(network_values(place.settings, online=online))
    os.environ["CLAIMGATE_WAREHOUSE"] = str(place.location.database)
    os.environ["CLAIMGATE_LOCK_TIMEOUT"] = str(place.settings.lock_timeout)
    os.environ["CLAIMGATE_SEARCH_LIBRARY"] = "true" if place.settings.search_library else "false"
    os.environ["CLAIMGATE_SITE_URL"] = place.settings.site_url
    os.environ.update(backend_values(place.settings))
    os.environ.update(gate_values(place.settings))
    chosen = str(library) if library else place.settings.library
    if not chosen and place.location.database == DEMO_DATABASE:
        chosen = str(SAMPLE / "library")
    if chosen:
        path = Path(chosen).expanduser().absolute()
        if not path.exists():
            raise BadInput(f"The library {path} does not exist; give a folder or file of source texts.")
        os.environ["CLAIMGATE_LIBRARY"] = str(path)
    if place.settings.inbox:
        os.environ["CLAIMGATE_INBOX"] = str(Path(place.settings.inbox).expanduser().absolute())
    elif place.location.database == DEMO_DATABASE:
        os.environ["CLAIMGATE_INBOX"] = str(SAMPLE / "inbox")


def backend_values(settings: Settings) -> dict[str, str]:
    """What judges claims, as environment variables. Folders are absolute: Dagster's processes stand elsewhere."""
    folders = {"NLI_MODEL": settings.nli_model, "ENCODER": settings.encoder}
    absolute = {
        PREFIX + name: str(Path(folder).expanduser().absolute()) if folder else "" for name, folder in folders.items()
    }
    return {PREFIX + "BACKEND": settings.backend, **absolute}


def gate_values(settings: Settings) -> dict[str, str]:
    """What runs artifacts, as environment variables."""
    folders = {"SANDBOX_RUNTIMES": settings.sandbox_runtimes, "LEAN_TOOLS": settings.lean_tools}
    absolute = {
        PREFIX + name: str(Path(folder).expanduser().absolute()) if folder else "" for name, folder in folders.items()
    }
    return {PREFIX + "SANDBOX_UID": settings.sandbox_uid, **absolute}


def network_values(settings: Settings, *, online: bool | None = None) -> dict[str, str]:
    """The settings of the network as environment variables; `online` overrides the setting."""
    values = {PREFIX + "ONLINE": "true" if (settings.online if online is None else online) else "false"}
    for name in NETWORK:
        value = getattr(settings, name)
        values[PREFIX + name.upper()] = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
    return values

"""Where a warehouse lies on disk, and what lies beside it.

Paths follow the checkout, never the working directory. One warehouse has one home: the
database, its lock, Dagster's storage and the published pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
DATA = CHECKOUT / "warehouse" / "data"
SAMPLE = CHECKOUT / "warehouse" / "sample"
DEFAULT_DATABASE = DATA / "claimgate.duckdb"
DEMO_DATABASE = DATA / "demo" / "claimgate.duckdb"


class UnsupportedWarehouse(ValueError):
    """The address names a kind of warehouse that this version cannot open."""


@dataclass(frozen=True)
class WarehouseLocation:
    """A database file and the places that belong to it."""

    database: Path

    @classmethod
    def of(cls, address: str | Path | None) -> WarehouseLocation:
        """The location for a path; relative paths are relative to the working directory of the caller.

        Raises UnsupportedWarehouse for a URL of a scheme that this version does not open.
        """
        if address is None or str(address) == "":
            return cls(DEFAULT_DATABASE)
        text = str(address)
        if "://" in text:
            scheme = text.split("://", 1)[0]
            raise UnsupportedWarehouse(
                f"CLAIMGATE_WAREHOUSE names a {scheme}:// warehouse; this version opens a path to a DuckDB file."
            )
        path = Path(text).expanduser().absolute()
        if path.is_dir() or path.suffix == "":
            path = path / "claimgate.duckdb"
        return cls(path)

    @property
    def home(self) -> Path:
        """The folder of the default name; another name gets a folder of its own, so that two never share."""
        if self.database.name == "claimgate.duckdb":
            return self.database.parent
        return self.database.with_suffix(".home")

    @property
    def lock_file(self) -> Path:
        return self.database.with_name(self.database.name + ".lock")

    @property
    def dagster_home(self) -> Path:
        return self.home / "dagster"

    @property
    def site(self) -> Path:
        return self.home / "site"

"""What stands where a text was taken down: that it was, when, why and by whom, and what was removed, by its hashes.

Belongs here: the shape of a tombstone and its file. Does not belong here: taking down (`warehouse.withdrawals`), the
page (`site.tombstone`). A tombstone holds no words of the text, nor its title.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Literal

from pydantic import ConfigDict, Field

from pipelines.models import Model
from pipelines.publication.manifest import manifest_bytes

LONGEST_REASON = 2_000  # characters
LONGEST_NAME = 200


class RemovedText(Model):
    """A text or file that was held. `size` is in bytes of a document, in characters of a source's text."""

    what: Literal["document", "source text"]
    id: str
    sha256: str
    size: int | None


class Tombstone(Model):
    """A withdrawal, as it is printed and published."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    contract: Literal["claimgate-tombstone-v1"] = Field("claimgate-tombstone-v1", alias="schema")
    withdrawal_id: str
    kind: Literal["record", "source"]
    subject_id: str
    names: tuple[str, ...] = ()  # of a source: all that it is called
    withdrawn_at: datetime
    reason: str
    by: str | None = None
    removed: tuple[RemovedText, ...] = ()
    overwritten: Mapping[str, int] = {}  # table to rows whose words were overwritten
    quotations: Mapping[str, int] = {}  # table to rows in which the text was quoted
    records: tuple[str, ...] = ()  # of a source: the records that drew on it

    @property
    def sentence(self) -> str:
        """What is said when it comes again."""
        return f"withdrawn on {self.withdrawn_at.astimezone(UTC).date().isoformat()}: {self.reason}"


def tombstone_bytes(tombstone: Tombstone) -> bytes:
    """The file that takes the place of a manifest, in the same form."""
    return manifest_bytes(tombstone.model_dump(mode="json", by_alias=True))

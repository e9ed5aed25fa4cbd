"""W3C PROV of a record as PROV-JSON: what was made from what, by which run, on whose behalf, and what it replaced.

Belongs here: the record's entities, activities and agents, and the relations between them. Does not belong here: facts
(`provenance`), the crate. Names are `record:` and a local part of our own; what they name bears its own identifier as an
attribute. An activity has an end where one is recorded; nothing held says when one began. Input: a `PublicRecord`;
output: the same bytes for the same record. Sources: W3C PROV-DM, PROV-JSON (https://www.w3.org/submissions/prov-json/).
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from pipelines.models import Review
from pipelines.publication.exports.provenance import (
    STATES_TOLD,
    Work,
    checks,
    moment,
    software_version,
    told,
    web_uri,
    work_uri,
    works,
)
from pipelines.publication.site.text import LONGEST_TITLE
from pipelines.publication.views import ClaimView, EvidenceView, GateView, PublicRecord

RECORD, MANIFEST, CLAIMGATE = "record:record", "record:manifest", "record:claimgate"
_EXTRACTION, _PUBLICATION = "record:extraction", "record:publication"
_SCHEMA = "http://schema.org/"
_OA = "http://www.w3.org/ns/oa#"

type_of_value = str | int | float | bool


class _Document:
    """PROV-JSON as it is put together; values that are None are left out."""

    def __init__(self, record_id: str) -> None:
        # A record has no address of its own wherever its files are copied to, so a name is made of its id.
        named = uuid.uuid5(uuid.NAMESPACE_URL, f"claimgate:{told(record_id)}")
        self.held: dict[str, dict[str, Any]] = {
            "prefix": {"record": f"urn:uuid:{named}#", "schema": _SCHEMA, "oa": _OA}
        }
        self._relations = 0

    def entity(self, name: str, kind: str | None = None, **attributes: Any) -> str:
        return self._node("entity", name, kind, attributes)

    def agent(self, name: str, kind: str, **attributes: Any) -> str:
        return self._node("agent", name, kind, attributes)

    def activity(self, name: str, label: str, ended: datetime | None = None, **attributes: Any) -> str:
        self._node("activity", name, None, {"label": label, **attributes})
        if ended is not None:
            self.held["activity"][name]["prov:endTime"] = moment(ended)
        return name

    def relate(self, relation: str, kind: str | None = None, /, **ends: str | datetime | None) -> None:
        """`ends` are the arguments of the relation by their names in PROV-JSON, without `prov:`."""
        self._relations += 1
        said: dict[str, Any] = {f"prov:{name}": _end(value) for name, value in ends.items() if value is not None}
        if kind is not None:
            said["prov:type"] = {"$": kind, "type": "prov:QUALIFIED_NAME"}
        self.held.setdefault(relation, {})[f"_:r{self._relations}"] = said

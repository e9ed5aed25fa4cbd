"""The graph of an RO-Crate as it is put together: entities by @id, flat and compacted, as RO-Crate 1.2 wants them.

Belongs here: the context and the rules of form (no @id twice, no empty value, a single value stands alone). Does not
belong here: what a record is. Source: RO-Crate 1.2, "RO-Crate JSON-LD" (https://w3id.org/ro/crate/1.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

CONTEXT = "https://w3id.org/ro/crate/1.2/context"
SPECIFICATION = "https://w3id.org/ro/crate/1.2"
ROOT = "./"
DESCRIPTOR = "ro-crate-metadata.json"
RECORD, CLAIMGATE = "#record", "#claimgate"

_PROV = "http://www.w3.org/ns/prov#"
_CITO = "http://purl.org/spar/cito/"
_OA = "http://www.w3.org/ns/oa#"
# Terms that the context of RO-Crate 1.2 does not hold (of PROV it has wasDerivedFrom): PROV-O, CiTO, Web Annotation.
TERMS: Mapping[str, str] = MappingProxyType(
    {
        "wasGeneratedBy": f"{_PROV}wasGeneratedBy",
        "wasAttributedTo": f"{_PROV}wasAttributedTo",
        "wasRevisionOf": f"{_PROV}wasRevisionOf",
        "wasInvalidatedBy": f"{_PROV}wasInvalidatedBy",
        "wasQuotedFrom": f"{_PROV}wasQuotedFrom",
        "isSupportedBy": f"{_CITO}isSupportedBy",
        "isDisputedBy": f"{_CITO}isDisputedBy",
        "TextPositionSelector": f"{_OA}TextPositionSelector",
        "start": f"{_OA}start",
        "end": f"{_OA}end",
    }
)


class Graph:
    """Entities in the order in which they were added, but the descriptor and the crate first, as readers look there."""

    def __init__(self) -> None:
        self._entities: dict[str, dict[str, Any]] = {}

    def __contains__(self, identifier: str) -> bool:
        return identifier in self._entities

    def add(self, identifier: str, kind: str | list[str], /, **properties: Any) -> str:
        """Add an entity and return its @id; None, "" and empty lists are no values. An @id taken is an error."""
        if identifier in self._entities:
            raise ValueError(f"two entities of the crate have the @id {identifier}")
        held = {name: value for name, value in properties.items() if value is not None and value not in ("", [])}
        self._entities[identifier] = {"@id": identifier, "@type": kind, **held}
        return identifier

    def document(self) -> dict[str, Any]:
        first = [self._entities[one] for one in (DESCRIPTOR, ROOT) if one in self._entities]
        others = [entity for one, entity in self._entities.items() if one not in (DESCRIPTOR, ROOT)]
        return {"@context": [CONTEXT, dict(TERMS)], "@graph": first + others}


def refs(identifiers: Iterable[str | None]) -> Any:
    """References to entities: one stands alone, none is None; the same twice is once."""
    listed = [{"@id": identifier} for identifier in dict.fromkeys(identifiers) if identifier is not None]
    return listed[0] if len(listed) == 1 else listed or None


def texts(values: Iterable[str]) -> Any:
    """Texts in order: one stands alone, none is None."""
    listed = list(values)
    return listed[0] if len(listed) == 1 else listed or None

"""Recorded answers of the DOI system: none of the eight describes a work."""

from __future__ import annotations

from pipelines.ingestion.indexes.contract import FaultKind
from tests.ingestion.indexes.recorded import Expected

EXPECTED: dict[str, Expected] = {
    "doi-negotiation/047e1463af5e.json": Expected(fault=FaultKind.NOT_WORKS),  # agency of a prefix
    "doi-negotiation/06bf403e8284.json": Expected(fault=FaultKind.NOT_WORKS),  # agency of a prefix
    "doi-negotiation/25141d47b0a9_302.html": Expected(fault=FaultKind.NOT_WORKS),  # on to the registry
    "doi-negotiation/3ab97c7046dc.json": Expected(fault=FaultKind.NOT_WORKS),  # agency of a prefix
    "doi-negotiation/6152f0c17b4f_303.html": Expected(fault=FaultKind.NOT_WORKS),  # on to the publisher
    "doi-negotiation/91faf2f41429_302.html": Expected(fault=FaultKind.NOT_WORKS),  # on to the registry
    "doi-negotiation/e39e456c381e_400.html": Expected(fault=FaultKind.BAD_REQUEST),  # "foo" is no DOI
    "doi-negotiation/e563627bede6.json": Expected(fault=FaultKind.NOT_WORKS),  # agency of a prefix
}

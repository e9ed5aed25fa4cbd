"""Recorded answers of DOAJ and what they hold, read by other means than the parser."""

from __future__ import annotations

from pipelines.ingestion.indexes.contract import FaultKind
from tests.ingestion.indexes.recorded import Expected

EXPECTED: dict[str, Expected] = {
    "doaj/0eeda9bcc66f.json": Expected(
        works=2,
        title="Brain insulin sensitivity is linked to adiposity and body fat distribution",
        year=2020,
        identifiers=("doi:10.1038/s41467-020-15686-y",),
        authors=9,
        abstract=(349, "9290bd0c26b6"),
        total=5412874,
    ),
    "doaj/3c789afc0e59.json": Expected(
        works=3,
        place=2,
        title="Research Frontiers in the Field of Agricultural Resources and the Environment",
        year=2024,
        identifiers=("doi:10.3390/app14124996",),
        authors=6,
        abstract=(1886, "bcc99a68f6ca"),
        total=33928,
    ),
    "doaj/77d9df77f9e7.json": Expected(fault=FaultKind.NOT_WORKS),  # journals
    # Made-up articles in the form of Europe PMC, with which DOAJ tests its own harvester: no answer of DOAJ.
    "doaj/85d2289267d6.json": Expected(fault=FaultKind.NOT_WORKS),
    "doaj/93246f12ac93.json": Expected(fault=FaultKind.NOT_WORKS),  # a journal
    "doaj/9c6a5e1ae438.json": Expected(fault=FaultKind.NOT_WORKS),  # journals
    "doaj/b2aeb97cf50b.json": Expected(fault=FaultKind.NOT_WORKS),  # journals
    "doaj/be9320130e7e.json": Expected(
        works=30,
        title="Community- and trophic-level responses of soil nematodes to removal of a non-native tree at different"
        " stages of invasion.",
        year=2020,
        identifiers=("doi:10.1371/journal.pone.0227130",),
        authors=4,
        abstract=(2190, "dde7a8099780"),
        total=103,
    ),
}

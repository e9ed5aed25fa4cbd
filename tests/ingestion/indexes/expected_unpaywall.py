"""Recorded answers of Unpaywall and what they hold, read by other means than the parser. It has no abstracts."""

from __future__ import annotations

from tests.ingestion.indexes.recorded import Expected

_BLACK_HOLES = Expected(
    title="Stable Characteristic Evolution of Generic Three-Dimensional Single-Black-Hole Spacetimes",
    year=1998,
    identifiers=("doi:10.1103/physrevlett.80.3915",),
    authors=44,
)
_DEVELOPMENT = Expected(
    works=50,
    place=6,
    title="Economic Development",
    year=None,
    identifiers=("doi:10.4135/9781412964289.n321",),
    authors=1,
)

EXPECTED: dict[str, Expected] = {
    "unpaywall/0364dbc32d9c.json": Expected(
        title="Measured measurement", year=2009, identifiers=("doi:10.1038/nphys1170",), authors=1
    ),
    "unpaywall/0890c0c9836c.json": Expected(
        title="Pharmacokinetics, biodistribution and cell uptake of antisense oligonucleotides",
        year=2015,
        identifiers=("doi:10.1016/j.addr.2015.01.008",),
        authors=4,
    ),
    "unpaywall/1a4cbf3e635b.json": Expected(
        title="High-throughput screening of human genetic variants by pooled prime editing",
        year=2025,
        identifiers=("doi:10.1016/j.xgen.2025.100814",),
        authors=6,
    ),
    "unpaywall/292813704657.json": _DEVELOPMENT,
    "unpaywall/4625f24df218.json": Expected(
        title="Psychotherapy integration and the need for better theories of change: A rejoinder to Alford",
        year=1997,
        identifiers=("doi:10.1016/s0962-1849(05)80014-9",),
        authors=2,
    ),
    "unpaywall/58230d396110.json": Expected(
        title="Effect of native oxide layers on copper thin-film tensile properties: A reactive molecular dynamics"
        " study",
        year=2015,
        identifiers=("doi:10.1063/1.4938384",),
        authors=2,
    ),
    "unpaywall/6b39fc3e018d.json": _BLACK_HOLES,  # states the DOI in its address alone
    "unpaywall/9ccfc448f26b_404.json": Expected(works=0),
    "unpaywall/9f072e78f1cb.json": Expected(works=0),
    "unpaywall/b9219ae7d8b9.json": _BLACK_HOLES,
    "unpaywall/ca796f5f0010.json": Expected(
        title=_BLACK_HOLES.title, year=1998, identifiers=_BLACK_HOLES.identifiers, authors=2
    ),
    "unpaywall/cbfaa54634c5.json": _BLACK_HOLES,
    "unpaywall/cd80b9be18d8.json": _DEVELOPMENT,
    "unpaywall/d5633add453d.json": _BLACK_HOLES,  # states the DOI in its address alone
    "unpaywall/e05371d091a3.json": Expected(
        title="Nanometre-scale thermometry in a living cell",
        year=2013,
        identifiers=("doi:10.1038/nature12373",),
        authors=8,
    ),
    "unpaywall/f0c46c94303b_404.json": Expected(works=0),
    "unpaywall/fe933f7f22ca.json": Expected(
        title="An essential role of active site arginine residue in iodide binding and histidine residue in electron"
        " transfer for iodide oxidation by horseradish peroxidase",
        year=2001,
        identifiers=("doi:10.1023/a:1007154515475",),
        authors=4,
    ),
}

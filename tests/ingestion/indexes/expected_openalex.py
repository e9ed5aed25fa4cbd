"""What each recorded answer of OpenAlex must be read as: facts of the recordings, read off the bodies."""

from __future__ import annotations

from pipelines.ingestion.indexes.contract import FaultKind
from tests.ingestion.indexes.recorded import Expected

EXPECTED: dict[str, Expected] = {
    "openalex/044a497f0263.json": Expected(
        title="The state of OA: a large-scale analysis of the prevalence and impact of Open Access articles",
        year=2018,
        identifiers=("doi:10.7717/peerj.4375", "openalex:W2741809807", "pmid:29456894"),
        authors=9,
        abstract=(1630, "11eb0a34cb99"),
    ),
    "openalex/06a053031d58.json": Expected(fault=FaultKind.NOT_WORKS),
    "openalex/0714aeca7e3b.json": Expected(fault=FaultKind.NOT_WORKS),
    "openalex/2341a38ac2a3.json": Expected(fault=FaultKind.NOT_WORKS),
    "openalex/2fd5f69cbd9f.json": Expected(
        title="Pharmacokinetics, biodistribution and cell uptake of antisense oligonucleotides",
        year=2015,
        identifiers=("doi:10.1016/j.addr.2015.01.008", "openalex:W2033425827", "pmid:25666165"),
        authors=4,
        abstract=(1664, "3d278dbcd169"),
    ),
    "openalex/35c5d330a78a.json": Expected(fault=FaultKind.NOT_WORKS),
    "openalex/374848d04341.json": Expected(
        title="Formal Frameworks for Modal Notions Conceived as Predicates",
        year=2002,
        identifiers=("doi:10.3030/658285", "openalex:W4312376949"),
        authors=0,
    ),
    "openalex/6c4226008780.json": Expected(
        title="The state of OA: a large-scale analysis of the prevalence and impact of Open Access articles",
        year=2018,
        identifiers=("doi:10.7717/peerj.4375", "openalex:W2741809807", "pmid:29456894"),
        authors=9,
        abstract=(1630, "11eb0a34cb99"),
    ),
    "openalex/6dcd1d691037.json": Expected(fault=FaultKind.NOT_WORKS),
    "openalex/7a29bb637a5d.json": Expected(fault=FaultKind.NOT_WORKS),
    "openalex/91fc4f14769d.json": Expected(
        title="An essential role of active site arginine residue in iodide binding and "
        "histidine residue in electron transfer for iodide oxidation by horseradish "
        "peroxidase.",
        year=2001,
        identifiers=("doi:10.1023/a:1007154515475", "openalex:W1554322594", "pmid:11330823"),
        authors=4,
    ),
    "openalex/9e26da382c72.json": Expected(fault=FaultKind.NOT_WORKS),
    "openalex/becf7ae10d42.json": Expected(
        title="Manufacturers' Literature",
        year=1992,
        identifiers=("doi:10.1021/ac00033a733", "openalex:W4206759534"),
        authors=0,
    ),
    "openalex/ccdf3414554a.json": Expected(
        works=2,
        title="Two new Later Stone Age sites from the Final Pleistocene in the Falémé Valley, eastern Senegal",
        year=2024,
        identifiers=("doi:10.3929/ethz-b-000667478", "openalex:W4392145873"),
        authors=8,
        abstract=(273, "be8a07f90e65"),
        total=10406111,
    ),
    "openalex/d52050baa41c.json": Expected(fault=FaultKind.NOT_WORKS),
    "openalex/dba1cfd9089a.json": Expected(
        title="House Architecture and Heritage in modern Crete",
        year=2007,
        identifiers=("doi:10.3030/705499", "openalex:W4312388706"),
        authors=0,
    ),
    "openalex/dfc1c0b6c41e.json": Expected(
        title="PaperQA: Retrieval-Augmented Generative Agent for Scientific Research",
        year=2023,
        identifiers=("arxiv:2312.07559", "doi:10.48550/arxiv.2312.07559", "openalex:W4389761608"),
        authors=6,
        abstract=(1182, "77f1bd6ce176"),
        total=1,
    ),
}

"""What each recorded answer of Semantic Scholar must be read as: facts of the recordings, read off the bodies."""

from __future__ import annotations

from pipelines.ingestion.indexes.contract import FaultKind
from tests.ingestion.indexes.recorded import Expected

EXPECTED: dict[str, Expected] = {
    "semanticscholar/00883373d16e.json": Expected(
        works=100,
        title="Report shows slight improvement on grantmaker diversity, but compensation lagging behind inflation",
        identifiers=("s2:3e9bc879e8ba944d3e830e4b8565dfe6f2ec4bd8",),
        authors=0,
    ),
    "semanticscholar/04cde463f57a.json": Expected(fault=FaultKind.NOT_WORKS),
    "semanticscholar/1052164eb01d.json": Expected(fault=FaultKind.NOT_WORKS),
    "semanticscholar/139aaf0dd6ab.json": Expected(fault=FaultKind.NOT_WORKS),
    "semanticscholar/1b6453e7ab93_400.json": Expected(fault=FaultKind.BAD_REQUEST),
    "semanticscholar/226864220a36_404.json": Expected(works=0),
    "semanticscholar/2bfeda0b32fb.json": Expected(
        works=1000,
        title="Kubernetes Cluster for Automating Software Production Environment",
        identifiers=("s2:0018ce3db8f9957b520d6b7e0cec84abfa230e1c",),
        authors=0,
        total=2674,
    ),
    "semanticscholar/3daabb8cad82_404.json": Expected(fault=FaultKind.NOT_WORKS),
    "semanticscholar/44d52579c456.json": Expected(fault=FaultKind.NOT_WORKS),
    "semanticscholar/4aa30e7b78c1.json": Expected(
        works=77,
        title="Lady Lovelace’s Objection: The Turing–Hartree Disputes Over the Meaning of Digital Computers, 1946–1951",
        identifiers=("s2:d4d0f5e248e9fa86f303919206037f1a8e9a93eb",),
        authors=0,
        total=77,
    ),
    "semanticscholar/56968af4f455.json": Expected(
        title="A Perspective on Explanations of Molecular Prediction Models",
        year=2023,
        identifiers=(
            "doi:10.1021/acs.jctc.2c01235",
            "pmcid:PMC10134429",
            "pmid:36972469",
            "s2:1db1bde653658ec9b30858ae14650b8f9c9d438b",
        ),
        authors=4,
    ),
    "semanticscholar/5cc57a8ea99c_404.json": Expected(works=0),
    "semanticscholar/60e8be512f63.json": Expected(
        works=100,
        title="The path sequence of a graph",
        identifiers=("s2:df02b0118f4d23c7dcdc7ef22b15bdd6302e8da2",),
        authors=0,
    ),
    "semanticscholar/646cd120538f.json": Expected(fault=FaultKind.NOT_WORKS),
    "semanticscholar/65ab993d12c5_429.json": Expected(fault=FaultKind.TOO_FAST),
    "semanticscholar/6a835d09cee4.json": Expected(
        title="16. Marketing the Maple Leaf: The Curious Case of National Flag of Canada Day",
        year=2016,
        identifiers=("doi:10.3138/9781442621534-019", "s2:2825ef76fbc2d0001226a7b98d2f7e6d28d72f7f"),
        authors=2,
    ),
    "semanticscholar/747131420cc4.json": Expected(
        works=100,
        title="Report shows slight improvement on grantmaker diversity, but compensation lagging behind inflation",
        identifiers=("s2:3e9bc879e8ba944d3e830e4b8565dfe6f2ec4bd8",),
        authors=0,
    ),
    "semanticscholar/7839d0ff87f5.json": Expected(
        works=100,
        title="SARS-CoV-2 hijacks p38β/MAPK11 to promote virus replication",
        identifiers=("s2:01063e45d9fc9635d29d8d78aa24ed8de351f36a",),
        authors=0,
    ),
    "semanticscholar/811eba3f3568.json": Expected(fault=FaultKind.NOT_WORKS),
    "semanticscholar/8a02dd6cfa88.json": Expected(
        title="Mining association rules between sets of items in large databases",
        identifiers=("s2:6fe8c5bf8dddaadf10c765133d38dfef5714347f",),
        authors=0,
    ),
    "semanticscholar/a2daae90598a.json": Expected(fault=FaultKind.NOT_WORKS),
    "semanticscholar/b7fe3fc6ac39.json": Expected(
        works=100,
        title="We’ve got you covered! The effect of public health insurance on rural entrepreneurship in China",
        identifiers=("s2:344e7fb2000d9063cbc9deb550e46946bafe3c90",),
        authors=0,
    ),
    "semanticscholar/ba29fe178e33.json": Expected(
        title="Computing Machinery and Intelligence",
        identifiers=("s2:2d5673caa9e6af3a7b82a43f19ee920992db07ad",),
        authors=0,
    ),
    "semanticscholar/dd1438953c15.json": Expected(fault=FaultKind.NOT_WORKS),
    "semanticscholar/df3a6e9628f5.json": Expected(works=0, total=0),
    "semanticscholar/e0fcd9b6b1d8.json": Expected(
        works=100,
        title="Large Language Models Pass the Turing Test",
        identifiers=("s2:66e350075a66ca5fd0c09f20d76aaad2c5c6860c",),
        authors=0,
        total=75717,
    ),
    "semanticscholar/e4a2b964879d.json": Expected(fault=FaultKind.NOT_WORKS),
    "semanticscholar/e701602030d5.json": Expected(fault=FaultKind.NOT_WORKS),
    "semanticscholar/ef36b73a40d6.json": Expected(fault=FaultKind.NOT_WORKS),
}

"""Recorded answers of arXiv's query API and what they hold: facts read from the bodies by other means than the parser.

The recordings of the words "testing" were written down with their accents encoded twice; the works described here
have none.
"""

from __future__ import annotations

from recorded import Expected

from pipelines.ingestion.indexes.contract import FaultKind

EXPECTED: dict[str, Expected] = {
    "arxiv/00f208e2b4ee.xml": Expected(
        works=10,
        place=2,
        title="Microcontroller Based Testing of Digital IP-Core",
        year=2012,
        identifiers=("doi:10.5121/vlsic.2012.3205", "arxiv:1205.1866"),
        authors=2,
        abstract=(800, "57acba4efd37"),
        total=214881,
    ),
    "arxiv/39e0708c4654.xml": Expected(
        works=15,
        place=9,
        title="Evaluating Human Trajectory Prediction with Metamorphic Testing",
        year=2024,
        identifiers=("doi:10.1145/3679006.3685071", "arxiv:2407.18756"),
        authors=4,
        abstract=(1236, "e4a1f8694f7a"),
        total=214881,
    ),
    "arxiv/4703e67365c3.xml": Expected(
        works=1,
        title="Quantum Computers and Quantum Computer Languages: Quantum Assembly Language and Quantum C Language",
        year=2002,
        identifiers=("arxiv:quant-ph/0201082",),
        authors=1,
        abstract=(296, "b3adf01a4860"),
        total=1,
    ),
    "arxiv/4dd18e6aaa89.xml": Expected(
        works=20,
        place=19,
        title="Cross-regional oil palm tree counting and detection via multi-level attention domain adaptation network",
        year=2020,
        identifiers=("doi:10.1016/j.isprsjprs.2020.07.002", "arxiv:2008.11505"),
        authors=7,
        abstract=(1892, "7757a48d0d53"),
        total=21,
    ),
    "arxiv/67ecff4afabc.xml": Expected(
        works=10,
        place=3,
        title="Metamorphic Testing for Pose Estimation Systems",
        year=2025,
        identifiers=("doi:10.1109/icst62969.2025.10988919", "arxiv:2502.09460"),
        authors=4,
        abstract=(1823, "1ff393162eab"),
        total=214881,
    ),
    "arxiv/a6078f851564.xml": Expected(
        works=3,
        place=2,
        title="Synthesis of Spherical 4R Mechanism for Path Generation using Differential Evolution",
        year=2011,
        identifiers=("doi:10.1016/j.mechmachtheory.2012.07.003", "arxiv:1112.2954"),
        authors=4,
        abstract=(695, "7f8df59ab27f"),
        total=314000,
    ),
    "arxiv/bc8009a1cadc_400.xml": Expected(fault=FaultKind.BAD_REQUEST),
    "arxiv/c9d3548de493.xml": Expected(
        works=10,
        place=2,
        title="Accelerating Test Automation through a Domain Specific Language",
        year=2018,
        identifiers=("doi:10.1109/icst.2017.52", "arxiv:1809.08100"),
        authors=5,
        abstract=(1346, "cc9f8a092899"),
        total=214881,
    ),
    "arxiv/d5901c071012.xml": Expected(
        works=1,
        title="Heat-bath random walks with Markov bases",
        year=2016,
        identifiers=("arxiv:1605.08386",),
        authors=2,
        abstract=(472, "05160c37f46a"),
        total=1,
    ),
    "arxiv/ea715aa5c3b8.xml": Expected(works=0, total=0),
    "arxiv/ebc94a6e9e33.xml": Expected(
        works=2,
        title="GLACIER and related R&D",
        year=2011,
        identifiers=("doi:10.1088/1742-6596/309/1/012012", "arxiv:1107.0825"),
        authors=1,
        abstract=(527, "39d6b0cff79a"),
        total=230,
    ),
    "arxiv/eeb0f127a4b4.xml": Expected(
        works=1,
        title="0",
        year=2021,
        identifiers=("arxiv:2104.12255",),
        authors=1,
        abstract=(547, "7783742e83a6"),
        total=1,
    ),
    "arxiv/f92fc965beb1.xml": Expected(
        works=10,
        place=4,
        title="Validating Static Warnings via Testing Code Fragments",
        year=2021,
        identifiers=("doi:10.1145/3460319.3464832", "arxiv:2106.04735"),
        authors=4,
        abstract=(1165, "297daa37def4"),
        total=214881,
    ),
    "arxiv/fd66fb5738c6.xml": Expected(
        works=100,
        place=99,
        title="Principles of Equivalence: Their Role in Gravitation Physics and Experiments that Test Them",
        year=2001,
        identifiers=("doi:10.1007/3-540-40988-2_10", "arxiv:gr-qc/0103067"),
        authors=2,
        abstract=(810, "8a6eef8d342f"),
        total=214881,
    ),
}

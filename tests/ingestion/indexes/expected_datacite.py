"""Recorded answers of DataCite and what they hold, read by other means than the parser.

Six were written down in base64 (`.txt`). As they lie there they are no JSON; `DECODED` says what they are
once the writing is undone.
"""

from __future__ import annotations

from pipelines.ingestion.indexes.contract import FaultKind
from tests.ingestion.indexes.recorded import Expected

_MALARIA = Expected(
    title="Data from: A new malaria agent in African hominids.",
    year=2011,
    identifiers=("doi:10.5061/dryad.8515",),
    authors=8,
    abstract=(1590, "04fdbfb44c89"),
)

EXPECTED: dict[str, Expected] = {
    "datacite/06324f846107.txt": Expected(fault=FaultKind.MALFORMED),
    "datacite/226160a91bc6.json": _MALARIA,
    "datacite/36bf764e5992.json": Expected(fault=FaultKind.NOT_WORKS),  # usage reports
    "datacite/3f7706c6c9dc.json": Expected(
        title="lenses-lab/LYAO_RT-2018JA026426: Original Release",
        year=2019,
        identifiers=("doi:10.5281/zenodo.2598836",),
        authors=1,
        abstract=(77, "0e997b6a6fc2"),
    ),
    "datacite/44c1a453e3f8.txt": Expected(fault=FaultKind.MALFORMED),
    "datacite/477b3df5ac7f.json": Expected(fault=FaultKind.NOT_WORKS),  # a repository
    "datacite/4da5d268e797.json": Expected(fault=FaultKind.NOT_WORKS),  # repositories
    "datacite/65f34d19edaf.txt": Expected(fault=FaultKind.MALFORMED),
    "datacite/691e129260cb.txt": Expected(fault=FaultKind.MALFORMED),
    "datacite/8371bf7b7430.json": Expected(
        title="Personality traits and decision-making styles among Swedish obstetricians and gynaecologists",
        year=2023,
        identifiers=("doi:10.5878/xyad-9f70",),
        authors=1,
        abstract=(1675, "5d8cf5f9abcc"),
    ),
    "datacite/8a2e50dd71ab.json": Expected(fault=FaultKind.NOT_WORKS),  # no repositories found
    "datacite/a388666db0a6.json": _MALARIA,
    "datacite/a9b1217fb8a6.txt": Expected(fault=FaultKind.MALFORMED),
    "datacite/afb5098a428b.json": Expected(fault=FaultKind.NOT_WORKS),  # a repository
    "datacite/bcaab3db0dfc.txt": Expected(fault=FaultKind.MALFORMED),
    "datacite/c2db364d8c9f.json": _MALARIA,
    "datacite/ca6c09fadecf.json": Expected(fault=FaultKind.NOT_WORKS),  # a page of repositories behind the last
    "datacite/f881f1702223.json": Expected(fault=FaultKind.NOT_WORKS),  # usage reports
    "datacite/f8dbc3844317.json": Expected(
        title="Eating your own Dog Food",
        year=2016,
        identifiers=("doi:10.5438/4k3m-nyvg",),
        authors=1,
        abstract=(253, "a6b860b031f5"),
    ),
    "datacite/fce27d634790.json": Expected(fault=FaultKind.NOT_WORKS),  # repositories
}

DECODED: dict[str, Expected] = {
    "datacite/06324f846107.txt": Expected(fault=FaultKind.NOT_WORKS),  # activities
    "datacite/44c1a453e3f8.txt": Expected(
        works=5,
        place=2,
        title="Między zagrodą a boiskiem. Studium aktywności wiejskich klubów sportowych",
        year=2019,
        identifiers=("doi:10.5281/zenodo.3520063",),
        authors=1,
        abstract=(931, "cf91f6bea47f"),
        total=18666188,
    ),
    "datacite/65f34d19edaf.txt": Expected(fault=FaultKind.NOT_WORKS),  # repositories
    "datacite/691e129260cb.txt": Expected(fault=FaultKind.NOT_WORKS),  # repositories
    "datacite/a9b1217fb8a6.txt": Expected(fault=FaultKind.NOT_WORKS),  # prefixes of clients
    "datacite/bcaab3db0dfc.txt": Expected(fault=FaultKind.NOT_WORKS),  # clients
}

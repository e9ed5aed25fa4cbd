"""Recorded answers of arXiv's OAI-PMH service and what they hold, read by other means than the parser."""

from __future__ import annotations

from tests.ingestion.indexes.recorded import Expected

EXPECTED: dict[str, Expected] = {
    "arxiv-oai/11716bd85b4b.xml": Expected(
        title="Polarization fraction measurement in ZZ scattering using deep learning",
        year=2019,
        identifiers=("arxiv:1908.05196",),
        authors=7,
        abstract=(734, "b6acbff146e6"),
    ),
    "arxiv-oai/21abd3b47000.xml": Expected(
        works=12,
        place=11,
        title=r"Measurements of $\pi^{\pm}$, $K^{\pm}$ and proton yields from the surface of the T2K replica target for"
        " incoming 31 GeV/c protons with the NA61/SHINE spectrometer at the CERN SPS",
        year=2018,
        identifiers=("arxiv:1808.04927",),
        authors=9,
        abstract=(835, "3e51567480ce"),
    ),
    "arxiv-oai/336846a94455.xml": Expected(
        title="Extreme Regimes in Quantum Gravity",
        year=2016,
        identifiers=("arxiv:1606.04259",),
        authors=1,
        abstract=(1903, "03ff47585e68"),
    ),
    "arxiv-oai/3598461c980f.xml": Expected(
        works=3,
        place=1,
        title="Relativistic quantum dynamics of vector bosons in an Aharonov-Bohm potential",
        year=2015,
        identifiers=("doi:10.1088/1751-8121/aa9c53", "arxiv:1507.07790"),
        authors=2,
        abstract=(516, "5d569aba8b92"),
    ),
    # States three DOIs: the paper's, and two behind it that are other works.
    "arxiv-oai/3cd678dce6ca.xml": Expected(
        title="Irreversible degradation of quantum coherence under relativistic motion",
        year=2016,
        identifiers=("doi:10.1103/physrevd.93.016005", "arxiv:1601.03238"),
        authors=5,
        abstract=(766, "4d387e029181"),
    ),
    "arxiv-oai/69f44a360b38.xml": Expected(
        title="Martingale theory for housekeeping heat",
        year=2018,
        identifiers=("doi:10.1209/0295-5075/124/60006", "arxiv:1810.09584"),
        authors=4,
        abstract=(845, "a646c29ee895"),
    ),
    "arxiv-oai/84056e68c673.xml": Expected(
        title="The Evolution of Active Galactic Nuclei in Clusters of Galaxies from the Dark Energy Survey",
        year=2016,
        identifiers=("arxiv:1606.06775",),
        authors=3,
        abstract=(1514, "ea77fbd9b797"),
    ),
    "arxiv-oai/cd0d45c11ad5.xml": Expected(
        title="Planet-Planet Occultations in TRAPPIST-1 and Other Exoplanet Systems",
        year=2017,
        identifiers=("arxiv:1711.05739",),
        authors=3,
        abstract=(1567, "850368abaae8"),
    ),
    "arxiv-oai/ce04f6f8cb0c.xml": Expected(
        title="Axial U(1) symmetry in the chiral symmetric phase of 2-flavor QCD at finite temperature",
        year=2016,
        identifiers=("arxiv:1603.00997",),
        authors=1,
        abstract=(1143, "04a72bbd9aa0"),
    ),
    "arxiv-oai/d754b2786d70.xml": Expected(
        title="Excitation energy and strength of the pygmy dipole resonance in stable tin isotopes",
        year=2009,
        identifiers=("arxiv:0901.2443",),
        authors=9,
        abstract=(667, "4f0b7d845260"),
    ),
    "arxiv-oai/f1b49d6d3a44.xml": Expected(works=0),
}

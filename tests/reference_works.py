"""Fictional works, and a record that cites them in every way that matters. Import it as `tests.reference_works`."""

from __future__ import annotations

from tests.fictional_literature import Fiction

RETRACTION = (
    ("retraction", "10.5555/bees-notice", "publisher"),
    ("retraction", "10.5555/bees-notice", "retraction-watch"),
)

WORKS = (
    Fiction(
        "Moss as a roof over wet tiles",
        ("Ada Fern", "Bo Lund"),
        2019,
        doi="10.5555/moss",
        arxiv="1901.00001",
        arxiv_version=3,
        pmid="31000001",
        abstract="We laid moss on two roofs. Moss cover kept clay tiles wet for two days after rain.",
    ),
    Fiction(
        "Bees that count to five",
        ("Carl Reed",),
        2015,
        doi="10.5555/bees",
        abstract="Bees counted to five in nine of ten trials.",
        updated_by=RETRACTION,
    ),
    Fiction(
        "Corrected tables of harbour dues",
        ("Gil Port",),
        2012,
        doi="10.5555/dues",
        abstract="Harbour dues rose in four of six towns.",
        updated_by=(("erratum", "10.5555/dues-erratum", "publisher"),),
    ),
    Fiction(
        "Withdrawn thoughts on cold glue",
        ("Dora Quill",),
        2020,
        arxiv="2001.00002",
        abstract="Cold glue holds pine and not oak.",
        withdrawn=True,
    ),
    Fiction("A table of tides at nine piers", ("Eve Sand",), 2021, doi="10.5555/tides", registry="datacite"),
)

RECORD = """---
title: Roofs, bees and glue
question: Does moss keep roof tiles wet?
date: 2026-08-02
publisher: Tests of claimgate
---

# Roofs, bees and glue

Moss cover kept clay tiles wet for two days after rain [1]. Bees counted to five in nine of ten trials [2].
Harbour dues rose in four of six towns [3]. Cold glue holds pine and not oak [4].

## References

[1] A. Fern, B. Lund (2019). Moss as a roof over wet tiles. arXiv:1901.00001v1
[2] C. Reed (2015). Bees that count to five. https://doi.org/10.5555/bees
[3] G. Port (2001). Corrected tables of harbour dues. https://doi.org/10.5555/dues
[4] D. Quill (2020). Withdrawn thoughts on cold glue. arXiv:2001.00002
[5] E. Sand (2021). A table of tides at nine piers. https://doi.org/10.5555/tides
[6] Z. Nobody (2018). Shadows of a lamp that was never lit. Journal of Invented Results. https://doi.org/10.5555/shadows
"""

# What each entry must be found to be, and the kinds of its notices.
FINDINGS = {
    "1": ("FOUND", {"SUPERSEDED"}),
    "2": ("FOUND", {"RETRACTED"}),
    "3": ("MISDESCRIBED", {"CORRECTED"}),
    "4": ("FOUND", {"WITHDRAWN"}),
    "5": ("FOUND", set()),
    "6": ("LIKELY_FABRICATED", set()),
}

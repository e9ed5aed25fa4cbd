"""No recording is left out: each stands in exactly one table of expectations."""

from __future__ import annotations

import importlib
import os
from collections import Counter

import pytest

from tests.ingestion.indexes.recorded import Expected, rows

TABLES = (
    "arxiv", "arxiv_oai", "crossref", "datacite", "doaj", "doi_negotiation", "europepmc", "openalex", "pubmed",
    "semanticscholar", "unpaywall",
)  # fmt: skip


@pytest.mark.skipif(
    "CLAIMGATE_CORPUS" not in os.environ, reason="the recordings are other people's and lie in CLAIMGATE_CORPUS"
)
def test_every_recording_has_one_expectation_with_content() -> None:
    tables = {name: importlib.import_module(f"tests.ingestion.indexes.expected_{name}").EXPECTED for name in TABLES}
    listed = Counter(file for table in tables.values() for file in table)
    assert listed == Counter(rows().keys())
    for table in tables.values():
        assert all(_says_something(expected) for expected in table.values())


def _says_something(expected: Expected) -> bool:
    """A fault by name, nothing at all, or a work with its title or at least its identifiers."""
    return expected.fault is not None or expected.works == 0 or bool(expected.title or expected.identifiers)

"""Recordings of the real services, served over loopback to the whole chain."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from pipelines.ingestion.indexes.registry import INDEXES
from pipelines.ingestion.network import setting_of
from tests.ingestion.indexes.recorded import recordings
from tests.ingestion.replay_server import Reply, Rule, serving
from tests.processes import House

pytestmark = pytest.mark.skipif(
    "CLAIMGATE_CORPUS" not in os.environ, reason="the recordings are other people's and lie in CLAIMGATE_CORPUS"
)

# index, path behind its address, recording: what our own question is answered with.
SERVED = (
    ("crossref", "/works/10.1371/journal.pone.0033693", "crossref/b1ab5c4a4563.json"),
    ("crossref", "/works/10.1038/s41586-020-2012-7", "crossref/e0fea73d1d4c.json"),
    ("openalex", "/works/W2741809807", "openalex/044a497f0263.json"),
    ("openalex", "/works/doi:10.1016/j.addr.2015.01.008", "openalex/2fd5f69cbd9f.json"),
    ("arxiv", "/api/query", "arxiv/d5901c071012.xml"),
    ("pubmed", "/efetch.fcgi", "pubmed/22d7307026de.xml"),
    ("datacite", "/dois/10.5061/dryad.8515", "datacite/226160a91bc6.json"),
)

RECORD = """---
title: Of recorded works
date: 2026-08-02
---

# Of recorded works

Walks on fibres mix [1].

## References

[1] S. Stanley, T. Windisch (2016). Heat-bath random walks with Markov bases. arXiv:1605.08386
[2] Methylphenidate in mice (2012). https://doi.org/10.1371/journal.pone.0033693
[3] (1996). Effect of fetal and neonatal growth on the occurrence of some diseases in adults. PMID: 8655018
[4] (2011). Data from: A new malaria agent in African hominids. https://doi.org/10.5061/dryad.8515
"""


@contextmanager
def recorded_services(house: House) -> Iterator[dict[str, str]]:
    """The settings that lead to the recordings; what was not recorded is answered as its service answers 'no'."""
    folder = recordings()
    assert folder is not None
    rules = [
        Rule(f"/{index}{path}", (Reply(body=(folder / file).read_bytes()),), index=index)
        for index, path, file in SERVED
    ]
    with serving(rules) as server:
        addresses = {setting_of(name, "url").upper(): f"{server.url}/{name}" for name in INDEXES}
        quick = {"SPEED": "1000", "TIMEOUT": "2", "LONGEST_WAIT": "0.1"}
        yield {**addresses, **quick, "ONLINE": "true", "PACES": str(house.folder / "paces.sqlite")}


def test_lookup_says_what_the_recorded_services_say(house: House) -> None:
    with recorded_services(house) as settings:
        ended = house.claimgate(
            "lookup",
            "--json",
            "10.1371/journal.pone.0033693",
            "10.1038/s41586-020-2012-7",
            "W2741809807",
            "arXiv:1605.08386",
            "PMID:8655018",
            "10.5061/dryad.8515",
            **settings,
        )
    assert ended.code == 0, ended.err
    found: dict[str, dict[str, Any]] = {one["identifier"]: one for one in ended.document}
    assert {typed: one["finding"] for typed, one in found.items()} == dict.fromkeys(found, "FOUND")
    years = {typed: one["source"]["year"] for typed, one in found.items()}
    assert years == {
        "10.1371/journal.pone.0033693": 2012,
        "10.1038/s41586-020-2012-7": 2020,
        "W2741809807": 2018,
        "arXiv:1605.08386": 2016,
        "PMID:8655018": 1996,
        "10.5061/dryad.8515": 2011,
    }
    kinds = {typed: {one["kind"] for one in each["source"]["notices"]} for typed, each in found.items()}
    assert kinds["PMID:8655018"] == {"RETRACTED"}
    assert "RETRACTED" not in kinds["10.1371/journal.pone.0033693"]
    assert "CORRECTED" in kinds["10.1371/journal.pone.0033693"]


def test_run_audits_a_record_by_what_the_recorded_services_say(house: House) -> None:
    record = house.folder.parent / "recorded.md"
    Path(record).write_text(RECORD)
    with recorded_services(house) as settings:
        ended = house.claimgate("run", "--json", record, **settings)
    assert ended.code == 0, ended.err
    (run,) = ended.document["records"]
    rows = house.claimgate("show", "--json", run["record_id"]).document["references"]["rows"]
    findings = {row["reference"]["mark"]: row["audit"]["finding"] for row in rows}
    assert findings == {"1": "FOUND", "2": "MISDESCRIBED", "3": "FOUND", "4": "FOUND"}
    assert run["references"]["retracted"] == 1

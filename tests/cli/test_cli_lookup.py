"""`claimgate lookup`, and `run` with the network on, against a literature over loopback."""

from __future__ import annotations

from typing import Any

import pytest

from tests.ingestion.replay_server import How, Reply, redirect, too_fast
from tests.literature_server import LiteratureServer, serving_literature
from tests.processes import House
from tests.reference_works import FINDINGS, RECORD, WORKS

QUICK = {"TIMEOUT": "0.5", "LONGEST_WAIT": "0.2"}


def settings(literature: LiteratureServer, house: House) -> dict[str, str]:
    return {**literature.settings, **QUICK, "PACES": str(house.folder / "paces.sqlite")}


def looked_up(house: House, literature: LiteratureServer, *typed: str, online: bool = True) -> dict[str, Any]:
    ended = house.claimgate(
        "lookup", "--json", *([] if online else ["--offline"]), *typed, **settings(literature, house)
    )
    assert ended.code == 0, ended.err
    return {one["identifier"]: one for one in ended.document}


def findings(house: House, literature: LiteratureServer, *arguments: str) -> dict[str, tuple[str, set[str]]]:
    """Run the record; mark of each reference to its finding and the kinds of its notices."""
    record = house.folder.parent / "roofs.md"
    record.write_text(RECORD)
    ended = house.claimgate("run", "--json", *arguments, str(record), **settings(literature, house))
    assert ended.code == 0, ended.err
    (found,) = ended.document["records"]
    rows = house.claimgate("show", "--json", found["record_id"]).document["references"]["rows"]
    return {
        row["reference"]["mark"]: (row["audit"]["finding"], {one["kind"] for one in row["audit"]["notices"]})
        for row in rows
    }


def test_each_kind_of_identifier_leads_to_the_work_with_its_notices_and_the_answers_it_rests_on(house: House) -> None:
    with serving_literature(WORKS) as literature:
        found = looked_up(
            house,
            literature,
            "https://doi.org/10.5555/MOSS",
            "1901.00001v1",
            "PMID:31000001",
            "10.5555/bees",
            "2001.00002",
            "10.5555/none",
            "Moss as a roof over wet tiles",
        )
    moss = found["https://doi.org/10.5555/MOSS"]
    assert (moss["finding"], moss["source"]["title"], moss["source"]["year"]) == (
        "FOUND",
        "Moss as a roof over wet tiles",
        2019,
    )
    for typed in ("1901.00001v1", "PMID:31000001", "Moss as a roof over wet tiles"):
        assert found[typed]["source"]["source_id"] == "doi:10.5555/moss"
    kinds = {
        typed: {one["kind"] for one in each["source"]["notices"]} for typed, each in found.items() if each["source"]
    }
    assert kinds["1901.00001v1"] == {"SUPERSEDED"}
    assert kinds["10.5555/bees"] == {"RETRACTED"}
    assert kinds["2001.00002"] == {"WITHDRAWN"}
    assert kinds["PMID:31000001"] == set()
    origins = {one["origin"] for one in found["10.5555/bees"]["source"]["notices"]}
    assert {"crossref:publisher", "crossref:retraction-watch"} <= origins
    assert found["10.5555/none"]["finding"] == "LIKELY_FABRICATED"
    assert {one["index"] for one in found["10.5555/none"]["answers"]} == {"crossref", "openalex", "datacite", "doi"}
    answer = next(one for one in moss["answers"] if one["index"] == "crossref")
    assert (answer["http_status"], len(answer["sha256"])) == (200, 64)


def test_a_second_look_asks_nobody_and_says_the_same(house: House) -> None:
    with serving_literature(WORKS) as literature:
        first = looked_up(house, literature, "10.5555/bees", "10.5555/none")
        asked = len(literature.asked())
        assert looked_up(house, literature, "10.5555/bees", "10.5555/none") == first
        assert len(literature.asked()) == asked
    assert looked_up(house, literature, "10.5555/bees", "10.5555/none", online=False) == first


def test_with_the_network_off_nothing_is_asked_and_nothing_is_said_against_a_work(house: House) -> None:
    with serving_literature(WORKS) as literature:
        found = looked_up(house, literature, "10.5555/bees", online=False)
        assert literature.asked() == []
    assert (found["10.5555/bees"]["finding"], found["10.5555/bees"]["answers"]) == ("UNREACHABLE", [])


def test_each_service_and_what_it_is_sent_is_named_before_anything_is_asked(house: House) -> None:
    with serving_literature(WORKS) as literature:
        ended = house.claimgate("lookup", "10.5555/bees", **settings(literature, house))
    assert "The network is on" in ended.err
    for name in ("Crossref", "OpenAlex", "Semantic Scholar", "arXiv", "PubMed"):
        assert name in ended.err
    assert "RETRACTED" in ended.out


@pytest.mark.parametrize("typed", ["x", "moss", "?????????????"])
def test_what_is_neither_an_identifier_nor_a_title_is_bad_input(house: House, typed: str) -> None:
    ended = house.claimgate("lookup", "--json", typed)
    assert (ended.code, ended.out) == (2, "")
    assert typed in ended.complaint


def test_a_run_audits_every_reference_of_a_record(house: House) -> None:
    with serving_literature(WORKS) as literature:
        assert findings(house, literature) == FINDINGS
        asked = len(literature.asked())
        assert findings(house, literature) == FINDINGS
        assert len(literature.asked()) == asked


FAULTS: dict[str, tuple[Reply, ...]] = {
    "crossref": (Reply(503),) * 60,
    "openalex": (too_fast(),) * 60,
    "arxiv": (too_fast("3600"),) * 60,
    "arxiv-oai": (Reply(how=How.RESET),) * 60,
    "europe-pmc": (Reply(body=b"{" * 400, how=How.DRIP, every_s=1.0),) * 60,
    "datacite": (redirect("http://169.254.169.254/latest/meta-data"),) * 60,
    "doi": (Reply(how=How.SILENT),) * 60,
    "pubmed": (Reply(body=b"<html>busy</html>"),) * 60,
    "semantic-scholar": (Reply(504),) * 60,
}


@pytest.mark.slow
def test_a_literature_that_fails_in_every_way_counts_against_nobody_and_the_next_run_makes_up_for_it(
    house: House,
) -> None:
    with serving_literature(WORKS, first=FAULTS, post_too=True) as broken:
        ill = findings(house, broken)
    assert {finding for finding, _ in ill.values()} == {"UNREACHABLE"}
    with serving_literature(WORKS) as well:
        again = findings(house, well)
        # arXiv said to come back in an hour: it is not asked before.
        assert well.asked("arxiv") == []
    assert {mark: again[mark] for mark in ("2", "3", "5", "6")} == {
        mark: FINDINGS[mark] for mark in ("2", "3", "5", "6")
    }


def test_what_one_index_could_not_say_is_the_only_thing_asked_again(house: House) -> None:
    faults = {"openalex": (Reply(503),) * 60}
    with serving_literature(WORKS, first=faults) as partly:
        findings(house, partly)
        answered = {key for key in partly.asked() if not key.startswith("GET /openalex")}
    with serving_literature(WORKS) as well:
        assert findings(house, well) == FINDINGS
        assert set(well.asked()) & answered == set()
        assert well.asked("openalex") != []

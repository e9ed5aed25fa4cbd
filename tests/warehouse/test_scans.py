"""Scans of others in the warehouse: kept once, refused with reasons, linked to sources, checked, and compared."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines.models import RigorAnswer, RigorItem, RigorScan, Work
from pipelines.review.scans.check import check_scan
from pipelines.review.scans.importing import import_scan
from pipelines.review.scans.models import ImportedScan, ScanImport
from pipelines.review.scans.papers import Origin, State
from tests.review.made_scans import PAPER, answer, changed, made_scan
from warehouse.append import Stamp
from warehouse.connection import Warehouse
from warehouse.invariants import INVARIANTS, violations
from warehouse.location import WarehouseLocation
from warehouse.review import save_rigor_scans
from warehouse.scans import (
    checks_of,
    full_texts,
    imported_scans,
    judged_scans,
    names_of,
    save_checks,
    save_imports,
    scans_of_sources,
    sources_of_scans,
)
from warehouse.sources import StoredSourceVersion, append_works, source_version_id_of

NOW = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
STAMP = Stamp(NOW, "test")


@pytest.fixture
def house(tmp_path: Path) -> Warehouse:
    """With one source that has a DOI and, as an alias, an arXiv id, and whose full text is held."""
    house = Warehouse(WarehouseLocation(tmp_path / "claimgate.duckdb"))
    moss = Work(
        source_id="doi:10.5555/moss",
        aliases=("arxiv:2401.00001",),
        title="Moss counters for wet roofs",
        text=PAPER,
        text_kind="fulltext",
        origin="library:roofs",
    )
    bees = Work(source_id="doi:10.5555/bees", title="Bees", text="Bees fly.", text_kind="abstract", origin="library:x")
    with house.write() as connection:
        append_works(connection, [moss, bees], [moss, bees], STAMP)
    return house


def read(scan: dict[str, Any]) -> ScanImport:
    return import_scan("scan.json", json.dumps(scan).encode())


def whole(scan: dict[str, Any]) -> ImportedScan:
    found = read(scan).scan
    assert found is not None
    return found


def identified(arxiv_id: str | None, doi: str | None) -> dict[str, Any]:
    return changed(changed(made_scan(), "/paper/arxiv_id", arxiv_id), "/paper/doi", doi)


def rows(house: Warehouse, table: str) -> list[tuple[Any, ...]]:
    with house.read() as connection:
        return connection.execute(f"SELECT * EXCLUDE (recorded_at) FROM {table} ORDER BY ALL").fetchall()


def test_a_scan_is_kept_once_however_often_and_in_whatever_form_it_comes(house: Warehouse) -> None:
    plain, laid_out = read(made_scan()), import_scan("a.json", json.dumps(made_scan(), indent=1).encode())
    assert save_imports(house, [("scan.json", plain)], STAMP) == (True,)
    held = rows(house, "imported_scans")
    assert save_imports(house, [("scan.json", plain), ("a.json", laid_out)], STAMP) == (False, False)
    assert rows(house, "imported_scans") == held
    assert imported_scans(house) == (plain.scan,)
    other = read(changed(made_scan(), "/paper/year", 2025))
    assert save_imports(house, [("scan.json", other)], STAMP) == (True,)
    assert len(imported_scans(house)) == 2


def test_a_refused_file_is_a_row_with_its_findings_and_the_same_again_adds_nothing(house: Warehouse) -> None:
    bad = read(changed(made_scan(), "/paper/year", "2024"))
    unreadable = import_scan("b\udcff.json", b"\xff\xfe")
    assert save_imports(house, [("scan.json", bad), ("b\udcff.json", unreadable)], STAMP) == (True, True)
    assert save_imports(house, [("again.json", bad)], STAMP) == (False,)
    with house.read() as connection:
        held = connection.execute(
            "SELECT file_name, size, body IS NULL, scan_version, findings FROM quarantined_scans ORDER BY ALL"
        ).fetchall()
    assert [row[:4] for row in held] == [("b?.json", 2, True, None), ("scan.json", bad.size, False, 3)]
    assert [(one["rule"], one["pointer"]) for one in json.loads(held[1][4])] == [("wrong_type", "/paper/year")]
    assert imported_scans(house) == ()


@pytest.mark.parametrize(
    ("arxiv_id", "doi", "source"),
    [
        ("2401.00001", None, "doi:10.5555/moss"),
        (None, "10.5555/MOSS", "doi:10.5555/moss"),
        (None, "https://doi.org/10.48550/arXiv.2401.00001", "doi:10.5555/moss"),
        ("2401.00009", "10.5555/bees", "doi:10.5555/bees"),
        ("2401.00009", None, None),
        (None, None, None),
        (None, "10.1145/nnnnnnn.nnnnnnn", None),
    ],
)
def test_a_scan_is_linked_to_the_source_that_bears_its_identifier(
    house: Warehouse, arxiv_id: str | None, doi: str | None, source: str | None
) -> None:
    scan = whole(identified(arxiv_id, doi))
    assert sources_of_scans(house, [scan]).get(scan.scan_id) == source


def test_scans_of_one_paper_are_found_by_either_identifier_and_by_way_of_the_source(house: Warehouse) -> None:
    by_arxiv, by_doi, other = (
        read(identified("2401.00001", None)),
        read(identified(None, "10.5555/moss")),
        read(identified(None, "10.5555/bees")),
    )
    for place, one in enumerate((by_arxiv, by_doi, other)):
        save_imports(house, [("scan.json", one)], Stamp(NOW + timedelta(minutes=place), "test"))
    assert by_doi.scan is not None
    found = imported_scans(house, names_of(by_doi.scan))
    assert found == (by_arxiv.scan, by_doi.scan)
    assert len(imported_scans(house)) == 3


def test_a_source_knows_the_scans_of_its_paper_by_its_id_and_by_its_aliases(house: Warehouse) -> None:
    by_arxiv, by_doi = read(identified("2401.00001", None)), read(identified(None, "10.5555/moss"))
    for place, one in enumerate((by_arxiv, by_doi, read(identified(None, None)))):
        save_imports(house, [("scan.json", one)], Stamp(NOW + timedelta(minutes=place), "test"))
    assert scans_of_sources(house, ["doi:10.5555/bees", "doi:10.5555/moss"]) == {
        "doi:10.5555/moss": (by_arxiv.scan, by_doi.scan)
    }


def test_only_a_full_text_is_given_to_check_against(house: Warehouse) -> None:
    found = full_texts(house, ["doi:10.5555/moss", "doi:10.5555/bees", "doi:10.5555/gone"])
    assert {source: held.text for source, held in found.items()} == {"doi:10.5555/moss": PAPER}


def test_a_check_is_kept_once_comes_back_as_it_was_and_breaks_no_promise(house: Warehouse) -> None:
    scan = read(made_scan(code_released=answer(justification="Table 1 says 'We count moss', and Table 9 does not.")))
    assert scan.scan is not None
    save_imports(house, [("scan.json", scan), ("bad.json", read({"paper": {}}))], STAMP)
    held = full_texts(house, ["doi:10.5555/moss"])["doi:10.5555/moss"]
    check = check_scan(scan.scan, held.text, text_name="moss", source_version_id=held.source_version_id)
    assert save_checks(house, [check], STAMP) == 1
    assert save_checks(house, [check], STAMP) == 0
    assert checks_of(house, [scan.scan.scan_id]) == (check,)
    wanted = [one for one in INVARIANTS if "scan" in one.name]
    assert [one.name for one in wanted] == [
        "imported_scans_broke_no_rule",
        "refused_scans_say_why",
        "scan_checks_stand_in_their_text",
    ]
    assert [one.count for one in violations(house, wanted, now=NOW, cohorts=None)] == [0, 0, 0]


def test_scans_made_here_stand_beside_those_imported_linked_by_their_source(house: Warehouse) -> None:
    save_imports(house, [("scan.json", read(identified("2401.00001", None)))], STAMP)
    version = StoredSourceVersion(
        source_version_id_of("doi:10.5555/moss", PAPER), "doi:10.5555/moss", PAPER, "fulltext"
    )
    item = RigorItem(item="code_released", answer=RigorAnswer.YES, rule="code-1")
    scan = RigorScan(
        source_version_id=version.source_version_id, scanned=True, reason="", scanner_version="r-1", items=(item,)
    )
    save_rigor_scans(house, [(version, scan)], "r-1", STAMP)
    imported, made = judged_scans(house)
    assert imported.paper == ("source doi:10.5555/moss", "arxiv:2401.00001")
    assert (made.paper, made.version) == (("source doi:10.5555/moss",), "r-1")
    assert made.states == {"code_released": (State.YES, Origin.RULE)}

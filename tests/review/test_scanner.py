"""The scanner with a model: what is scanned again when one is switched on, away or not heard."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from reviewing_models import Answering, Service, serving_reviews
from test_rigor_model import FAILED, TEXT, reading

from pipelines.models import RigorAnswer
from tests.ingestion.replay_server import Reply
from warehouse import scanner as scanners
from warehouse.append import Stamp
from warehouse.backends import Surroundings
from warehouse.connection import Warehouse
from warehouse.location import WarehouseLocation
from warehouse.review import rigor_scans_of
from warehouse.scanner import Scanner, opened_scanner
from warehouse.sources import StoredSourceVersion

EELS = StoredSourceVersion("doi:10.5555/eels v1", "doi:10.5555/eels", TEXT, "fulltext")
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def house(tmp_path: Path) -> Warehouse:
    return Warehouse(WarehouseLocation(tmp_path / "claimgate.duckdb"))


@contextmanager
def service(folder: Path, name: str, answering: Answering = reading) -> Iterator[Service]:
    (folder / name).mkdir()
    with serving_reviews(folder / name, answering) as opened:
        yield opened


def pending(house: Warehouse, scanner: Scanner, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the text is still to be scanned. Its record is not needed for that, and is left out."""
    monkeypatch.setattr(scanners, "source_versions_of", _versions)
    return scanner.unscanned(house, "all") == (EELS,)


def _versions(house: Warehouse, cohort: str, stage: str, fingerprint: str) -> tuple[StoredSourceVersion, ...]:
    with house.read() as connection:
        rows = connection.execute(
            "SELECT 1 FROM current_batches WHERE stage = ? AND subject_id = ? AND fingerprint = ?",
            [stage, EELS.source_version_id, fingerprint],
        ).fetchall()
    return () if rows else (EELS,)


def save(house: Warehouse, scanner: Scanner, day: int) -> int:
    return scanner.save(house, [(EELS, scanner.scan(EELS))], Stamp(NOON.replace(day=day), f"night {day}"))


def test_a_model_that_is_switched_on_scans_again_and_its_answers_stay_while_it_is_away(
    house: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = Scanner()
    assert save(house, rules, 1) == 1
    assert not pending(house, rules, monkeypatch)
    with service(tmp_path, "model") as opened:
        with_model, away = Scanner(opened.asking()), Scanner(opened.offline())
        assert pending(house, with_model, monkeypatch)
        assert not pending(house, away, monkeypatch)
        assert save(house, with_model, 2) == 1
        for one in (with_model, away, rules):
            assert not pending(house, one, monkeypatch)
    (scan,) = rigor_scans_of(house, [EELS.source_version_id]).values()
    by_model = [one for one in scan.items if one.rule == "model:scribe-1"]
    assert (by_model[0].quote, by_model[0].answer) == (FAILED, RigorAnswer.YES)


def test_where_the_model_was_not_heard_the_scan_by_rules_is_kept_and_it_is_asked_again(
    house: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with service(tmp_path, "model", lambda document: Reply(500, (), b"")) as opened:
        scanner = Scanner(opened.asking())
        assert save(house, scanner, 1) == 1
        assert pending(house, scanner, monkeypatch)
        assert not pending(house, Scanner(), monkeypatch)
        assert save(house, scanner, 2) == 0
    (scan,) = rigor_scans_of(house, [EELS.source_version_id]).values()
    assert "was not heard" in scan.reason
    assert not any(one.rule.startswith("model:") for one in scan.items)


def test_another_model_that_is_not_heard_leaves_the_answers_of_the_first(
    house: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with service(tmp_path, "first") as opened:
        assert save(house, Scanner(opened.asking()), 1) == 1
    with service(tmp_path, "second", lambda document: Reply(500, (), b"")) as opened:
        opened.settings = replace(opened.settings, model="scribe-2")
        assert save(house, Scanner(opened.asking()), 2) == 0
        assert pending(house, Scanner(opened.asking()), monkeypatch)
    (scan,) = rigor_scans_of(house, [EELS.source_version_id]).values()
    assert any(one.rule == "model:scribe-1" for one in scan.items)


def test_without_a_model_configured_only_rules_scan(house: Warehouse) -> None:
    with opened_scanner(Surroundings({}, house, "test", lambda: NOON)) as scanner:
        assert scanner == Scanner(None)

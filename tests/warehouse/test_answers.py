"""What indexes answered: kept raw, read back, and never displaced by a failure."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.ingestion.indexes.contract import By, FaultKind, Lookup, Response
from pipelines.ingestion.lookups import Asked, Known, Outcome
from pipelines.models import Notice, NoticeKind, Work
from warehouse.answers import Answers
from warehouse.connection import Warehouse
from warehouse.location import WarehouseLocation

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
MOSS = Lookup("crossref", By.DOI, "10.1/moss")
WORK = Work(
    source_id="doi:10.1/moss",
    title="Moss as a roof",
    text="It is wet.",
    notices=(Notice(kind=NoticeKind.RETRACTED, id="10.1/notice", origin="crossref:publisher"),),
    origin="crossref",
)


def store(folder: Path) -> Answers:
    return Answers(Warehouse(WarehouseLocation.of(folder)), lambda: NOON, "run-1")


def response(body: bytes = b'{"ok": true}', at: datetime = NOON) -> Response:
    return Response("https://api.example.org/works/10.1%2Fmoss", 200, {"content-type": "application/json"}, body, at)


def known(outcome: Outcome, at: datetime, *works: Work, retry_at: datetime | None = None) -> Known:
    fault, reason = (FaultKind.UNAVAILABLE, "it answered 503") if outcome is Outcome.FAILED else (None, None)
    return Known(MOSS, outcome, works, fault, reason, at, retry_at, works_sha256="w", reader_version="r")


def test_an_answer_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    answers, raw = store(tmp_path), response()
    answers.save([Asked("crossref", (known(Outcome.HELD, NOON, WORK),), raw)])
    found = answers.known([MOSS.key, "crossref:doi:10.1/other"])
    assert list(found) == [MOSS.key]
    one = found[MOSS.key]
    assert (one.outcome, one.works, one.http_status, one.sha256) == (Outcome.HELD, (WORK,), 200, raw.sha256)
    assert answers.raw_answers([MOSS.key])[MOSS.key] == raw


def test_a_later_failure_does_not_displace_an_answer_but_its_waiting_time_holds(tmp_path: Path) -> None:
    answers, later = store(tmp_path), NOON + timedelta(days=8)
    answers.save([Asked("crossref", (known(Outcome.HELD, NOON, WORK),), response())])
    until = later + timedelta(hours=1)
    answers.save([Asked("crossref", (known(Outcome.FAILED, later, retry_at=until),), None)])
    one = answers.known([MOSS.key])[MOSS.key]
    assert one.outcome is Outcome.HELD
    assert not one.is_due(later + timedelta(minutes=5), timedelta(days=7))
    assert one.is_due(until, timedelta(days=7))


def test_the_latest_answer_counts(tmp_path: Path) -> None:
    answers, later = store(tmp_path), NOON + timedelta(days=8)
    answers.save([Asked("crossref", (known(Outcome.ABSENT, NOON),), response(b"gone"))])
    answers.save([Asked("crossref", (known(Outcome.HELD, later, WORK),), response(b"there", later))])
    assert answers.known([MOSS.key])[MOSS.key].works == (WORK,)


def test_the_view_for_people_says_what_a_run_is_told(tmp_path: Path) -> None:
    answers, later, until = store(tmp_path), NOON + timedelta(days=8), NOON + timedelta(days=9)
    answers.save([Asked("crossref", (known(Outcome.ABSENT, NOON),), response(b"gone"))])
    answers.save([Asked("crossref", (known(Outcome.HELD, later, WORK),), response(b"there", later))])
    answers.save([Asked("crossref", (known(Outcome.FAILED, later, retry_at=until),), None)])
    told = answers.known([MOSS.key])[MOSS.key]
    with answers.warehouse.read() as connection:
        shown = connection.execute(
            "SELECT outcome, asked_at, retry_at, status, sha256 FROM current_lookups WHERE lookup_key = ?", [MOSS.key]
        ).fetchall()
    assert shown == [("held", told.asked_at, told.retry_at, told.http_status, told.sha256)]
    assert (told.asked_at, told.retry_at, told.http_status) == (later, until, 200)


def test_saving_the_same_twice_adds_nothing(tmp_path: Path) -> None:
    answers = store(tmp_path)
    asked = Asked("crossref", (known(Outcome.HELD, NOON, WORK),), response())
    answers.save([asked])
    assert MOSS.key in answers.known([MOSS.key])
    answers.save([asked])
    assert MOSS.key in answers.known([MOSS.key])
    with answers.warehouse.read() as connection:
        counts = connection.execute(
            "SELECT (SELECT count(*) FROM index_answers), (SELECT count(*) FROM index_lookups)"
        ).fetchone()
    assert counts == (1, 1)


def test_an_answer_is_kept_before_there_is_a_database_and_another_process_finds_it(tmp_path: Path) -> None:
    one = Asked("crossref", (known(Outcome.HELD, NOON, WORK),), response(bytes(range(256))))
    store(tmp_path).save([one])
    assert not store(tmp_path).warehouse.exists()
    assert store(tmp_path).known([MOSS.key])[MOSS.key].works == (WORK,)
    assert store(tmp_path).raw_answers([MOSS.key])[MOSS.key] == one.response
    assert journal(tmp_path) == []


def test_a_journal_that_was_taken_in_but_not_removed_adds_nothing(tmp_path: Path) -> None:
    answers = store(tmp_path)
    answers.save([Asked("crossref", (known(Outcome.HELD, NOON, WORK),), response())])
    (file,) = journal(tmp_path)
    written = file.read_bytes()
    assert MOSS.key in answers.known([MOSS.key])
    file.write_bytes(written)  # as if killed between the two
    assert MOSS.key in answers.known([MOSS.key])
    with answers.warehouse.read() as connection:
        assert connection.execute("SELECT count(*) FROM index_lookups").fetchone() == (1,)


def test_half_a_file_and_a_damaged_one_cost_their_answers_and_nothing_else(tmp_path: Path) -> None:
    answers = store(tmp_path)
    answers.save([Asked("crossref", (known(Outcome.HELD, NOON, WORK),), response())])
    (file,) = journal(tmp_path)
    file.with_name("0-half.part").write_bytes(b'{"asked": [')
    file.with_name("0-damaged.json").write_bytes(file.read_bytes()[:100])
    assert list(answers.known([MOSS.key])) == [MOSS.key]
    assert [path.name for path in journal(tmp_path)] == ["0-half.part"]
    os.utime(file.with_name("0-half.part"), (0, 0))
    answers.known([])
    assert journal(tmp_path) == []


def test_more_answers_than_are_taken_in_at_once_all_arrive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warehouse.answer_journal.MOST_FILES", 3)
    answers, lookups = store(tmp_path), [Lookup("crossref", By.DOI, f"10.1/{number}") for number in range(10)]
    for one in lookups:
        absent = Known(one, Outcome.ABSENT, (), asked_at=NOON, works_sha256="w", reader_version="r")
        answers.save([Asked("crossref", (absent,), response(one.value.encode()))])
    assert list(answers.known([one.key for one in lookups])) == [one.key for one in lookups]


def journal(folder: Path) -> list[Path]:
    return sorted((folder / "claimgate.duckdb.answers").iterdir())


def test_a_warehouse_that_is_not_there_yet_knows_nothing(tmp_path: Path) -> None:
    assert store(tmp_path / "none").known([MOSS.key]) == {}

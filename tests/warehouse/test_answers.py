"""What indexes answered: kept raw, read back, and never displaced by a failure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

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


def test_a_warehouse_that_is_not_there_yet_knows_nothing(tmp_path: Path) -> None:
    assert store(tmp_path / "none").known([MOSS.key]) == {}

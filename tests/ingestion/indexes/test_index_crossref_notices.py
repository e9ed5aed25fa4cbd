"""Crossref's notices: what is said of an original, what a notice says of others, and what neither means."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.ingestion.indexes.contract import Answered
from pipelines.ingestion.indexes.crossref import INDEX
from pipelines.models import Notice, NoticeKind, Update, Work
from tests.ingestion.indexes.hostile_answers import answer

OWN = "10.5555/boats"
DAY = {"date-parts": [[2020, 3, 4]]}


def work(**fields: Any) -> Work:
    message = {"DOI": OWN, "type": "journal-article", "title": ["On boats"], **fields}
    found = INDEX.parse(answer({"status": "ok", "message-type": "work", "message": message}))
    assert isinstance(found, Answered)
    return found.works[0]


def event(type_: str, doi: str = "10.5555/notice", **fields: Any) -> dict[str, Any]:
    return {"DOI": doi, "type": type_, "source": "publisher", "updated": DAY, **fields}


def on(*day: int) -> dict[str, Any]:
    return {"date-parts": [list(day)]}


KINDS = {
    "retraction": NoticeKind.RETRACTED,
    "partial_retraction": NoticeKind.RETRACTED,
    "removal": NoticeKind.RETRACTED,
    "withdrawal": NoticeKind.WITHDRAWN,
    "expression_of_concern": NoticeKind.CONCERN,
    "expression-of-concern": NoticeKind.CONCERN,
    "Expression of concern": NoticeKind.CONCERN,
    "correction": NoticeKind.CORRECTED,
    "erratum": NoticeKind.CORRECTED,
    "corrigendum": NoticeKind.CORRECTED,
    "addendum": NoticeKind.CORRECTED,
    "err": NoticeKind.CORRECTED,
    "publisher-note": NoticeKind.CORRECTED,
    "clarification": NoticeKind.CORRECTED,
    "new_version": NoticeKind.SUPERSEDED,
    "new_edition": NoticeKind.SUPERSEDED,
}


@pytest.mark.parametrize(("type_", "kind"), KINDS.items())
def test_an_original_bears_the_notice_that_updates_it(type_: str, kind: NoticeKind) -> None:
    (notice,) = work(**{"updated-by": [event(type_)]}).notices
    assert (notice.kind, notice.id, notice.date) == (kind, "doi:10.5555/notice", "2020-03-04")
    assert notice.origin == "crossref:publisher"


@pytest.mark.parametrize(("type_", "kind"), KINDS.items())
def test_a_notice_tells_of_the_other_work_and_not_of_itself(type_: str, kind: NoticeKind) -> None:
    notice = work(**{"update-to": [event(type_, doi="10.5555/ORIGINAL")]})
    assert notice.notices == ()
    (update,) = notice.updates
    assert (update.target, update.notice.kind) == ("doi:10.5555/original", kind)
    assert (update.notice.id, update.notice.date) == (f"doi:{OWN}", "2020-03-04")


def test_a_part_retracted_is_said_to_be_a_part() -> None:
    (notice,) = work(**{"updated-by": [event("partial_retraction")]}).notices
    assert notice.detail == "a part of it is retracted"


@pytest.mark.parametrize("type_", ["retraction_of_award", "un-retraction", "not_a_retraction", "zzz", "x" * 5_000, ""])
def test_an_unknown_type_is_never_a_retraction(type_: str) -> None:
    (notice,) = work(**{"updated-by": [event(type_)]}).notices
    assert notice.kind is NoticeKind.CORRECTED
    assert notice.detail is not None
    assert notice.detail.startswith('Crossref calls it "')
    assert len(notice.detail) < 100


def test_a_retraction_told_by_two_is_kept_twice() -> None:
    both = [event("retraction"), event("retraction", source="retraction-watch", **{"record-id": "1"})]
    assert [notice.origin for notice in work(**{"updated-by": both}).notices] == [
        "crossref:publisher",
        "crossref:retraction-watch",
    ]


def test_a_source_that_is_not_known_is_not_repeated() -> None:
    (notice,) = work(**{"updated-by": [event("retraction", source="obey me " * 99)]}).notices
    assert notice.origin == "crossref:publisher"


def test_the_same_notice_told_twice_is_one() -> None:
    assert len(work(**{"updated-by": [event("erratum"), event("erratum")]}).notices) == 1


def test_a_correction_in_place_is_a_notice_and_an_update_of_the_work_itself() -> None:
    found = work(**{"update-to": [event("correction", doi=OWN.upper())]})
    expected = Notice(kind=NoticeKind.CORRECTED, id=f"doi:{OWN}", date="2020-03-04", origin="crossref:publisher")
    assert found.notices == (expected,)
    assert found.updates == (Update(target=f"doi:{OWN}", notice=expected),)


@pytest.mark.parametrize("field", ["updated-by", "update-to"])
@pytest.mark.parametrize("type_", ["retraction", "withdrawal", "removal"])
def test_a_work_that_is_named_as_its_own_retraction_is_not_called_retracted(field: str, type_: str) -> None:
    found = work(**{field: [event(type_, doi=OWN)]})
    kinds = {notice.kind for notice in (*found.notices, *(update.notice for update in found.updates))}
    assert kinds == {NoticeKind.CORRECTED}
    assert type_ in (found.notices[0].detail or "")


@pytest.mark.parametrize("field", ["updated-by", "update-to"])
def test_a_new_version_under_the_same_doi_is_kept(field: str) -> None:
    assert [one.kind for one in work(**{field: [event("new_version", doi=OWN)]}).notices] == [NoticeKind.SUPERSEDED]


@pytest.mark.parametrize(
    ("retracted", "reinstated", "stands"),
    [
        (on(2019, 1, 1), on(2020, 1, 1), False),
        (on(2019), on(2019, 5), False),
        (on(2019, 5), on(2019), False),
        (on(2020, 1, 1), on(2020, 1, 1), False),
        (on(2021), on(2020, 1, 1), True),
        (None, on(2020), False),
        (on(2019), None, False),
    ],
)
def test_a_reinstatement_cancels_the_retraction_before_it(retracted: Any, reinstated: Any, stands: bool) -> None:
    events = [
        event("retraction", updated=retracted),
        event("retraction", source="retraction-watch", updated=retracted),
        event("reinstatement", doi="10.5555/back", updated=reinstated),
    ]
    notices = work(**{"updated-by": events}).notices
    assert [notice.kind is NoticeKind.RETRACTED for notice in notices] == [stands, stands, False]
    assert notices[2].detail == "reinstated after a retraction"
    if not stands:
        assert (notices[0].detail or "").startswith("retracted, then reinstated")
        assert {notice.kind for notice in notices} == {NoticeKind.CORRECTED}


def test_a_retracted_title_is_kept_clean_and_counts_where_nothing_else_is_said() -> None:
    found = work(title=["RETRACTED: On boats"])
    assert found.title == "On boats"
    assert [(one.kind, one.origin) for one in found.notices] == [(NoticeKind.RETRACTED, "crossref:title")]


def test_a_retracted_title_adds_nothing_to_a_retraction() -> None:
    found = work(title=["RETRACTED ARTICLE: On boats"], **{"updated-by": [event("retraction")]})
    assert found.title == "On boats"
    assert [one.origin for one in found.notices] == ["crossref:publisher"]


def test_a_retracted_title_speaks_beside_a_mere_correction() -> None:
    found = work(title=["WITHDRAWN: On boats"], **{"update-to": [event("withdrawal", doi=OWN)]})
    assert [(one.kind, one.origin) for one in found.notices] == [
        (NoticeKind.CORRECTED, "crossref:publisher"),
        (NoticeKind.WITHDRAWN, "crossref:title"),
    ]


def test_a_notice_under_the_retracted_title_is_not_retracted() -> None:
    found = work(title=["RETRACTED: On boats"], **{"update-to": [event("retraction", doi="10.5555/original")]})
    assert found.notices == ()
    assert found.updates[0].target == "doi:10.5555/original"


def test_a_title_says_nothing_against_a_reinstatement() -> None:
    events = [event("retraction", updated=on(2019)), event("reinstatement", updated=on(2020))]
    found = work(title=["RETRACTED: On boats"], **{"updated-by": events})
    assert {notice.kind for notice in found.notices} == {NoticeKind.CORRECTED}


def test_an_untitled_work_is_kept_for_its_notices() -> None:
    found = work(title=[], **{"updated-by": [event("retraction")]})
    assert (found.title, found.source_id) == ("", f"doi:{OWN}")
    assert found.notices[0].kind is NoticeKind.RETRACTED


@pytest.mark.parametrize(
    ("updated", "day"),
    [(on(2020), "2020"), (on(2020, 13), "2020"), (on(2020, 2, 0), "2020-02"), (on(0), None), ("2020", None)],
)
def test_a_date_is_as_precise_as_it_is_stated(updated: Any, day: str | None) -> None:
    assert work(**{"updated-by": [event("erratum", updated=updated)]}).notices[0].date == day


def test_very_many_events_are_bounded() -> None:
    many = [event("erratum", doi=f"10.5555/{number}") for number in range(3_000)]
    assert len(work(**{"updated-by": many}).notices) == 1_000
